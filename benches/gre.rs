//! Times parsing and emitting a GRE packet, and beside it etherparse, which parses the IPv4 header around it.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use etherparse::{IpNumber, Ipv4Slice, PacketBuilder};
use gre::{Emit, Header, Packet, ProtocolType};

fn bench(criterion: &mut Criterion) {
    let payload = [0x45; 100];
    let plain = Packet { header: Header::new(ProtocolType::IPV4), payload: &payload };
    let full = Packet {
        header: Header {
            reserved1: Some(0),
            key: Some(1000),
            sequence_number: Some(7),
            ..Header::new(ProtocolType::IPV4)
        },
        payload: &payload,
    };
    let mut buffer = [0; 116];
    full.emit(&mut buffer).expect("116 octets hold header and payload");
    let with_checksum = buffer;
    let mut plain_octets = [0; 104];
    plain.emit(&mut plain_octets).expect("104 octets hold header and payload");
    let mut around = Vec::new();
    PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
        .write(&mut around, IpNumber::GRE, &plain_octets)
        .expect("memory takes what is written");

    let mut group = criterion.benchmark_group("gre");
    group.throughput(Throughput::Elements(1));
    group.bench_function("parse four octets of header", |b| {
        b.iter(|| Packet::parse(black_box(&plain_octets)))
    });
    group.bench_function("parse all words, checksum over 116 octets", |b| {
        b.iter(|| Packet::parse(black_box(&with_checksum)));
    });
    group.bench_function("peer: etherparse, IPv4 around it", |b| {
        b.iter(|| Ipv4Slice::from_slice(black_box(&around)).map(|ip| ip.payload().payload.len()));
    });
    group.bench_function("emit four octets of header", |b| {
        b.iter(|| black_box(&plain).emit(black_box(&mut buffer)).map(|octets| octets.len()));
    });
    group.bench_function("emit all words, checksum over 116 octets", |b| {
        b.iter(|| black_box(&full).emit(black_box(&mut buffer)).map(|octets| octets.len()));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
