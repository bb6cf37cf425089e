//! Times parsing, checksums and emitting of an SCTP packet with a SACK and a kilobyte of user data, and of one with an
//! INIT. Beside them etherparse parses the IPv4 header, because no published crate exports its parser of SCTP packets.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use etherparse::{IpNumber, Ipv4Slice, PacketBuilder};
use sctp::chunk::{Body, Data, Init, PayloadProtocolIdentifier, Sack};
use sctp::{Checksum, Chunk, ChunkFlags, CommonHeader, Emit, Packet, Parameter, StreamSequenceNumber, Tsn};

const HEADER: CommonHeader =
    CommonHeader { source_port: 5000, destination_port: 5000, verification_tag: 0x0102_0304 };

fn packet(chunks: &[Chunk<'_>]) -> Vec<u8> {
    let packet = Packet { header: HEADER, chunks: chunks.into() };
    packet.emit(&mut [0; 1500]).expect("the chunks fit").to_vec()
}

fn data() -> Vec<u8> {
    let sack = Sack {
        cumulative_tsn_ack: Tsn(9),
        a_rwnd: 65_536,
        gap_ack_blocks: (&[]).into(),
        duplicate_tsns: (&[]).into(),
    };
    let data = Data {
        tsn: Tsn(7),
        stream_identifier: 1,
        stream_sequence_number: StreamSequenceNumber(3),
        payload_protocol_identifier: PayloadProtocolIdentifier::UNSPECIFIED,
        user_data: &[0x5a; 1024],
    };
    packet(&[Body::Sack(sack).into(), Chunk { flags: ChunkFlags::B | ChunkFlags::E, body: Body::Data(data) }])
}

fn init() -> Vec<u8> {
    let parameters = [
        Parameter::Ipv4Address([192, 0, 2, 1].into()),
        Parameter::Ipv4Address([198, 51, 100, 1].into()),
        Parameter::EcnCapable,
        Parameter::ForwardTsnSupported,
        Parameter::Random(&[0xa5; 32]),
    ];
    let init = Init {
        initiate_tag: 1,
        a_rwnd: 65_536,
        outbound_streams: 3,
        inbound_streams: 3,
        initial_tsn: Tsn(1),
        parameters: (&parameters).into(),
    };
    packet(&[Body::Init(init).into()])
}

/// The number of chunks and parameters that can be decoded.
fn decoded(packet: &Packet<'_>) -> usize {
    packet.chunks.iter().filter(|chunk| !matches!(chunk.body, Body::Raw { .. })).fold(0, |count, chunk| {
        let parameters = chunk.body.parameters().into_iter().flatten();
        count + 1 + parameters.filter(|parameter| !matches!(parameter, Parameter::Raw { .. })).count()
    })
}

fn bench(criterion: &mut Criterion) {
    let mut buffer = [0; 1500];
    let mut group = criterion.benchmark_group("sctp");
    group.throughput(Throughput::Elements(1));
    for (name, octets) in [("SACK and DATA", data()), ("INIT", init())] {
        let parsed = Packet::parse(&octets).expect("it is well formed");
        let mut around = Vec::new();
        PacketBuilder::ipv4([192, 0, 2, 2], [192, 0, 2, 1], 64)
            .write(&mut around, IpNumber::SCTP, &octets)
            .expect("memory takes what is written");
        group.bench_function(format!("parse {name}, decoded, not summed"), |b| {
            b.iter(|| Packet::parse_unverified(black_box(&octets)).map(|packet| decoded(&packet)));
        });
        group.bench_function(format!("parse {name}, decoded, summed"), |b| {
            b.iter(|| Packet::parse(black_box(&octets)).map(|packet| decoded(&packet)));
        });
        group.bench_function(format!("peer: etherparse, IPv4 around {name}"), |b| {
            b.iter(|| Ipv4Slice::from_slice(black_box(&around)).map(|ip| ip.payload().payload.len()));
        });
        group.bench_function(format!("tell the checksum of {name}"), |b| {
            b.iter(|| Checksum::of(black_box(&octets)));
        });
        group.bench_function(format!("emit {name}"), |b| {
            b.iter(|| black_box(&parsed).emit(black_box(&mut buffer)).map(|octets| octets.len()));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
