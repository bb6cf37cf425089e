//! Times parsing, emitting and forwarding a Resolution Request of IOS, and beside it etherparse, which parses the IPv4
//! header around it.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use etherparse::{IpNumber, Ipv4Slice, PacketBuilder};
use nhrp::extension::authentication::{Authentication, Credentials};
use nhrp::extension::{NatAddress, ResponderAddress, TransitNhsRecord};
use nhrp::{
    Addresses, Cie, Emit, Exchange, Extension, ExtensionValue, Extensions, Forward, MandatoryPart,
    NbmaAddress, Packet, Policy, ProtocolType, Seconds,
};

/// A request with the five extensions that IOS sends.
fn request() -> Vec<u8> {
    let part = MandatoryPart::ResolutionRequest(Exchange {
        request_id: 5,
        addresses: Addresses {
            source_nbma_address: NbmaAddress::new(&[192, 0, 2, 2]),
            source_protocol_address: &[10, 0, 0, 2],
            destination_protocol_address: &[10, 0, 0, 3],
            ..Addresses::default()
        },
        ..Exchange::default()
    });
    let extensions = [
        ExtensionValue::ResponderAddress(ResponderAddress::default()),
        ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord::default()),
        ExtensionValue::ReverseTransitNhsRecord(TransitNhsRecord::default()),
        ExtensionValue::Authentication(Authentication::password(b"secret")),
        ExtensionValue::NatAddress(NatAddress::default()),
    ]
    .map(Extension::new);
    let extensions = Extensions::from(&extensions);
    let packet = Packet { extensions, ..Packet::new(ProtocolType::IPV4, part) };
    packet.emit(&mut [0; 128]).expect("128 octets hold the request").to_vec()
}

fn bench(criterion: &mut Criterion) {
    let octets = request();
    let packet = Packet::parse(&octets).expect("it is well formed");
    let mut around = Vec::new();
    PacketBuilder::ipv4([192, 0, 2, 2], [192, 0, 2, 1], 64)
        .write(&mut around, IpNumber::GRE, &octets)
        .expect("memory takes what is written");
    let hub = Cie {
        prefix_length: 32,
        holding_time: Seconds(300),
        client_nbma_address: NbmaAddress::new(&[192, 0, 2, 1]),
        client_protocol_address: &[10, 0, 0, 1],
        ..Cie::default()
    };
    let mut buffer = [0; 256];

    let mut group = criterion.benchmark_group("nhrp");
    group.throughput(Throughput::Elements(1));
    group.bench_function("parse a request, its extensions framed", |b| {
        b.iter(|| Packet::parse(black_box(&octets)))
    });
    group.bench_function("parse a request, its extensions decoded", |b| {
        b.iter(|| {
            let packet = Packet::parse(black_box(&octets)).expect("it is well formed");
            packet.decoded_extensions(Policy::default()).filter(|(_, extension)| extension.is_ok()).count()
        });
    });
    group.bench_function("peer: etherparse, IPv4 around it", |b| {
        b.iter(|| Ipv4Slice::from_slice(black_box(&around)).map(|ip| ip.payload().payload.len()));
    });
    group.bench_function("emit a request", |b| {
        b.iter(|| black_box(&packet).emit(black_box(&mut buffer)).map(|octets| octets.len()))
    });
    group.bench_function("forward a request in place", |b| {
        b.iter(|| {
            for (to, from) in buffer.iter_mut().zip(&octets) {
                *to = *from;
            }
            let mut forward = Forward::new(black_box(&mut buffer), octets.len()).expect("it is well formed");
            forward.decrement_hop_count().expect("hops are left");
            forward.append_transit_nhs_record(&hub).expect("there is room");
            forward.regenerate_authentication(&Credentials::Password(b"secret")).map(|octets| octets.len())
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
