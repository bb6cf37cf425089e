//! Times parsing and emitting an HSRP message, and beside it etherparse, which parses the UDP packet around it.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use etherparse::{PacketBuilder, SlicedPacket};
use hsrp::{Emit, Key, Md5Authentication, Message, Tlv, authentication, v1, v2};
use vpnwire_benches::hello;

fn bench(criterion: &mut Criterion) {
    let octets = hello(v1::State::ACTIVE, 200);
    let mut frame = Vec::new();
    PacketBuilder::ethernet2([0, 0, 0x0c, 7, 0xac, 1], [1, 0, 0x5e, 0, 0, 2])
        .ipv4([172, 16, 172, 52], [224, 0, 0, 2], 1)
        .udp(1985, 1985)
        .write(&mut frame, &octets)
        .expect("memory takes what is written");
    let state = v2::GroupState {
        version: 2,
        opcode: hsrp::Opcode::HELLO,
        state: v2::State::ACTIVE,
        ip_version: v2::IpVersion::IPV4,
        group: 10,
        identifier: [2, 0, 0, 0, 0, 1],
        priority: 200,
        hello_time: v2::Milliseconds(3000),
        hold_time: v2::Milliseconds(10_000),
        virtual_ip: v2::virtual_ip([172, 16, 172, 53].into()),
    };
    let tlvs = [
        Tlv::GroupState(state),
        Tlv::Md5Authentication(Md5Authentication::unsealed([172, 16, 172, 52].into(), 1)),
    ];
    let mut version_2 = [0; 72];
    Message::V2((&tlvs).into()).emit(&mut version_2).expect("72 octets hold both TLVs");
    authentication::seal(&mut version_2, Key::new(b"secret")).expect("there is a digest to fill in");

    let mut group = criterion.benchmark_group("hsrp");
    group.throughput(Throughput::Elements(1));
    group.bench_function("parse version 1 Hello", |b| b.iter(|| Message::parse(black_box(&octets))));
    group.bench_function("parse version 2 with MD5", |b| {
        b.iter(|| {
            let message = Message::parse(black_box(&version_2)).expect("it is well formed");
            message.tlvs().elements().filter(|tlv| Tlv::parse(tlv).is_ok()).count()
        });
    });
    group.bench_function("peer: etherparse, Ethernet, IPv4 and UDP around the Hello", |b| {
        b.iter(|| SlicedPacket::from_ethernet(black_box(&frame)).map(|packet| packet.transport.is_some()));
    });
    let message = Message::parse(&octets).expect("it is well formed");
    let mut buffer = [0; 20];
    group.bench_function("emit version 1 Hello", |b| {
        b.iter(|| black_box(&message).emit(black_box(&mut buffer)).map(|octets| octets.len()))
    });
    group.bench_function("verify version 2 digest", |b| {
        b.iter(|| authentication::verify(black_box(&version_2), Key::new(black_box(b"secret"))));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
