//! Times parsing and emitting HA messages: an IKE SA as in Cisco's debug output, and a bundle of two IPsec SAs. Beside
//! them etherparse parses the UDP header that could be around them, because no other program has such messages.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use etherparse::{PacketBuilder, UdpSlice};
use hasync::checkpoint::{Checkpoint, Esn};
use hasync::record::{
    Direction, EncapsulationMode, Identity, IkeSa, InitOrResp, IpsecSa, Lifetime, PeerIdentity, SaBundle,
    SaFlags, SaIdentifier, Transform,
};
use hasync::{Attribute, Emit as _, Envelope, Message, Record, Secret};

fn ike_sa() -> Record<'static> {
    let mut identity = PeerIdentity::default();
    identity.id_type = 1;
    identity.protocol = 17;
    identity.port = 500;
    identity.address = [4, 0, 0, 5].into();
    identity.id_str = &[0; 4];
    let mut sa = IkeSa::default();
    sa.my_cookie = [1; 8];
    sa.his_cookie = [2; 8];
    sa.source = [4, 0, 0, 5].into();
    sa.destination = [4, 0, 0, 3].into();
    sa.peer_port = 500;
    sa.init_or_resp = InitOrResp::RESPONDER;
    sa.nat_discovery = 2;
    sa.peer_identity = identity;
    sa.peers_capabilities = 0x77f;
    sa.my_capabilities = 0x77f;
    sa.state_mask = 0x27ff;
    Record::AddIkeSa(sa)
}

fn ipsec_sa(direction: Direction, spi: u32) -> IpsecSa<'static> {
    let mut sa = IpsecSa::default();
    sa.identifier = SaIdentifier { direction, protocol: 50, spi, destination: [4, 0, 0, 3].into() };
    sa.source = [4, 0, 0, 5].into();
    sa.mode = EncapsulationMode::TUNNEL;
    sa.transform = Transform { identifier: 20, key_length: 256, authentication_algorithm: 0, group: 14 };
    sa.encryption_key = Secret::new(&[7; 36]);
    sa.local_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[10, 0, 0, 1] };
    sa.remote_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[10, 0, 0, 2] };
    sa.lifetime = Lifetime {
        duration: Duration::from_secs(3600),
        duration_left: Duration::from_secs(3000),
        kilobytes: 4_608_000,
        kilobytes_left: 4_000_000,
    };
    sa.sequence = 1000;
    sa.replay_window = 64;
    sa.flags = SaFlags::EXTENDED_SEQUENCE_NUMBERS;
    sa.path_mtu = 1500;
    sa.crypto_map = b"vpn";
    sa
}

fn bench(criterion: &mut Criterion) {
    let sas = [ipsec_sa(Direction::INBOUND, 300).into(), ipsec_sa(Direction::OUTBOUND, 301).into()];
    let bundle = Record::AddSas(SaBundle::new(1, [1; 8], [2; 8], (&sas).into()));
    let mut buffer = [0; 1500];
    let mut group = criterion.benchmark_group("hasync");
    group.throughput(Throughput::Elements(1));
    for (name, record) in [("an IKE SA", ike_sa()), ("a bundle of two", bundle)] {
        let envelope = Envelope::new([4, 0, 0, 3].into(), Some(1), record);
        let mut octets = vec![0; envelope.wire_len()];
        envelope.emit(&mut octets).expect("it fits");
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
                message.attributes.elements().filter(|element| Attribute::parse(element).is_ok()).count()
            });
        });
        group.bench_function(format!("parse {name} to a record"), |b| {
            b.iter(|| {
                let message = Message::parse(black_box(&octets)).expect("it is well formed");
                Envelope::from_message(&message).is_ok()
            });
        });
        group.bench_function(format!("peer: etherparse, UDP around {name}"), |b| {
            let udp = around.get(20..).unwrap_or_default();
            b.iter(|| UdpSlice::from_slice(black_box(udp)).map(|udp| udp.payload().len()));
        });
        group.bench_function(format!("emit the record of {name}"), |b| {
            b.iter(|| black_box(&envelope).emit(black_box(&mut buffer)).map(|octets| octets.len()));
        });
        group.bench_function(format!("emit the message of {name}"), |b| {
            b.iter(|| black_box(&message).emit(black_box(&mut buffer)).map(|octets| octets.len()));
        });
    }
    group.bench_function("may a packet go out, and is an update due", |b| {
        let checkpoint = Checkpoint::default();
        b.iter(|| {
            let (sequence, acknowledged) = black_box((150_000, 100_000));
            checkpoint.may_send(sequence, acknowledged, Esn::No)
                && checkpoint.outbound_update_is_due(sequence, acknowledged, acknowledged)
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
