//! HA messages: parsing and emitting an IKE SA as Cisco's debug output has it and a bundle of two IPsec SAs, beside etherparse
//! taking apart the UDP header that could be around them. Nobody else has such messages.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use etherparse::{PacketBuilder, UdpSlice};
use hasync::record::{
    Counters, Direction, EncapsulationMode, Identity, IkeSa, InitOrResp, IpsecSa, Lifetime, PeerIdentity,
    SaBundle, SaFlags, SaIdentifier, Transform,
};
use hasync::{Checkpoint, Envelope, Header, Message, Record, Secret, SequenceSpace, Value};

const ENVELOPE: Envelope =
    Envelope { flags: Header::FLAGS, id: std::net::Ipv4Addr::new(4, 0, 0, 3), serial: Some(1) };

fn ike_sa() -> Record<'static> {
    Record::AddIkeSa(IkeSa {
        my_cookie: [1; 8],
        his_cookie: [2; 8],
        source: [4, 0, 0, 5].into(),
        destination: [4, 0, 0, 3].into(),
        peer_port: 500,
        front_vrf: 0,
        init_or_resp: InitOrResp::RESPONDER,
        nat_discovery: 2,
        peer_identity: PeerIdentity {
            id_type: 1,
            protocol: 17,
            port: 500,
            address: [4, 0, 0, 5].into(),
            mask: [0; 4].into(),
            id_str: &[0; 4],
        },
        peers_capabilities: 0x77f,
        my_capabilities: 0x77f,
        state_mask: 0x27ff,
        takeover: None,
    })
}

fn ipsec_sa(direction: Direction, spi: u32) -> IpsecSa<'static> {
    IpsecSa {
        identifier: SaIdentifier { direction, protocol: 50, spi, destination: [4, 0, 0, 3].into() },
        source: [4, 0, 0, 5].into(),
        mode: EncapsulationMode::TUNNEL,
        encapsulation_ports: None,
        nat_original_peer: None,
        nat_original_local: None,
        transform: Transform { identifier: 20, key_length: 256, authentication_algorithm: 0, group: 14 },
        encryption_key: Secret::new(&[7; 36]),
        authentication_key: Secret::EMPTY,
        local_selector: Identity { id_type: 1, protocol: 0, port: 0, data: &[10, 0, 0, 1] },
        remote_selector: Identity { id_type: 1, protocol: 0, port: 0, data: &[10, 0, 0, 2] },
        lifetime: Lifetime {
            duration: Duration::from_secs(3600),
            duration_left: Duration::from_secs(3000),
            kilobytes: 4_608_000,
            kilobytes_left: 4_000_000,
        },
        last_kilobytes_sent: 0,
        counters: Counters { packets: 0, octets: 0, authentication_failures: 0, replays: 0 },
        sequence: 1000,
        replay_window: 64,
        flags: SaFlags::EXTENDED_SEQUENCE_NUMBERS,
        path_mtu: 1500,
        inside_vrf: 0,
        crypto_map: b"vpn",
    }
}

fn bench(criterion: &mut Criterion) {
    let sas = [ipsec_sa(Direction::INBOUND, 300), ipsec_sa(Direction::OUTBOUND, 301)];
    let bundle =
        Record::AddSas(SaBundle { bundle_id: 1, my_cookie: [1; 8], his_cookie: [2; 8], sas: (&sas).into() });
    let mut buffer = [0; 1500];
    let mut group = criterion.benchmark_group("hasync");
    group.throughput(Throughput::Elements(1));
    for (name, record) in [("an IKE SA", ike_sa()), ("a bundle of two", bundle)] {
        let mut octets = vec![0; record.wire_len(&ENVELOPE)];
        record.emit(&ENVELOPE, &mut octets).expect("it fits");
        let mut around = Vec::new();
        PacketBuilder::ipv4([4, 0, 0, 1], [4, 0, 0, 2], 64)
            .udp(5000, 5000)
            .write(&mut around, &octets)
            .expect("memory takes what is written");
        let message = Message::parse(&octets).expect("it is well formed");
        group.bench_function(format!("parse {name}, attributes framed"), |b| {
            b.iter(|| Message::parse(black_box(&octets)));
        });
        group.bench_function(format!("parse {name}, attributes decoded"), |b| {
            b.iter(|| {
                let message = Message::parse(black_box(&octets)).expect("it is well formed");
                message.attributes.iter().filter(|attribute| Value::parse(attribute).is_ok()).count()
            });
        });
        group.bench_function(format!("parse {name} to a record"), |b| {
            b.iter(|| {
                let message = Message::parse(black_box(&octets)).expect("it is well formed");
                Record::parse(&message).is_ok()
            });
        });
        group.bench_function(format!("peer: etherparse, UDP around {name}"), |b| {
            let udp = around.get(20..).unwrap_or_default();
            b.iter(|| UdpSlice::from_slice(black_box(udp)).map(|udp| udp.payload().len()));
        });
        group.bench_function(format!("emit the record of {name}"), |b| {
            b.iter(|| black_box(&record).emit(&ENVELOPE, black_box(&mut buffer)));
        });
        group.bench_function(format!("emit the message of {name}"), |b| {
            b.iter(|| black_box(&message).emit(black_box(&mut buffer)));
        });
    }
    group.bench_function("may a packet go out, and is an update due", |b| {
        let checkpoint = Checkpoint::default();
        b.iter(|| {
            let (sequence, acknowledged) = black_box((150_000, 100_000));
            checkpoint.may_send(sequence, acknowledged, SequenceSpace::Short)
                && checkpoint.outbound_update_is_due(sequence, acknowledged, acknowledged)
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
