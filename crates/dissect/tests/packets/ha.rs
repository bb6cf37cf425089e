//! HA messages.

use std::time::Duration;

use hasync::record::{
    Counters, Direction, EncapsulationMode, Identity, IpsecSa, Keepalive, Lifetime, SaBundle, SaFlags,
    SaIdentifier, Transform,
};
use hasync::{Attribute, Emit as _, Envelope, Header, Message, MessageType, Record, Secret, profile};
use sctp::ChunkFlags;
use sctp::chunk::Body;
use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::sinks::{Line, Output};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, ipv4};
use crate::recorder::Recorder;
use crate::sctp::{data, packet};

/// The seventeen attributes of the document on stateful failover, with their values.
const CISCOS: &str = "0102008504000003000200089b1a76aa99111a1f00030008e2a2a35f531dea150004000404000005000500040400\
    00030006000201f4000700010000080001000009000102002600010100270001110028000201f40029000404000005002a00040000\
    0000002c000400000000000b00040000077f000c00040000077f000d0004000027ff";

fn ciscos() -> Vec<u8> {
    let digits: Vec<_> = CISCOS.chars().filter(char::is_ascii_hexdigit).collect();
    let pairs = digits.as_chunks::<2>().0.iter();
    pairs.map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

fn emitted(record: Record<'_>) -> Vec<u8> {
    let envelope = Envelope::new([4, 0, 0, 3].into(), Some(7), record);
    let mut octets = vec![0; envelope.wire_len()];
    envelope.emit(&mut octets).unwrap();
    octets
}

/// Returns a bundle of one SA with this encryption key.
pub(crate) fn bundle(key: &[u8]) -> Vec<u8> {
    let mut sa = IpsecSa::default();
    sa.identifier = SaIdentifier {
        direction: Direction::OUTBOUND,
        protocol: 50,
        spi: 0xd429_04f0,
        destination: [4, 0, 0, 5].into(),
    };
    sa.source = [4, 0, 0, 3].into();
    sa.mode = EncapsulationMode::TUNNEL;
    sa.transform = Transform { identifier: 3, key_length: 0, authentication_algorithm: 1, group: 0 };
    sa.encryption_key = Secret::new(key);
    sa.authentication_key = Secret::new(key);
    sa.local_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[10, 0, 0, 1] };
    sa.remote_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[10, 0, 0, 2] };
    sa.lifetime = Lifetime {
        duration: Duration::from_secs(3_600),
        duration_left: Duration::from_secs(2_949),
        kilobytes: 4_608_000,
        kilobytes_left: 4_504_144,
    };
    sa.counters = Counters { packets: 1, octets: 2, authentication_failures: 3, replays: u64::MAX };
    sa.sequence = 1 << 40;
    sa.replay_window = 64;
    sa.flags = SaFlags::EXTENDED_SEQUENCE_NUMBERS;
    sa.path_mtu = 1_400;
    sa.crypto_map = b"vpn";
    emitted(Record::AddSas(SaBundle::new(9, [1; 8], [2; 8], (&[sa.into()]).into())))
}

fn of(messages: &[&[u8]]) -> Vec<u8> {
    on(profile::Stream::RECORDS, messages)
}

fn on(stream: profile::Stream, messages: &[&[u8]]) -> Vec<u8> {
    let whole = ChunkFlags::B | ChunkFlags::E;
    let chunks: Vec<_> = (1..)
        .zip(messages)
        .map(|(tsn, octets)| {
            let mut chunk = data(tsn, profile::PAYLOAD_PROTOCOL_IDENTIFIER, whole, octets);
            if let Body::Data(data) = &mut chunk.body {
                data.stream_identifier = stream.0;
            }
            chunk
        })
        .collect();
    ipv4(132, &packet(1, &chunks))
}

fn one(message: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, &of(&[message]))
}

#[test]
fn the_seventeen_attributes_stand_under_their_names() {
    let octets = ciscos();
    assert_eq!(octets.len(), 133);
    let recorder = one(&octets);
    assert_eq!(recorder.protocols(), "raw:ip:sctp:ha");
    assert_eq!(recorder.summary, "HA 5000 → 5001 DATA 1: HA_IKE_MSG_ADD_SA, ID 4.0.0.3, 17 attributes");
    assert_eq!(recorder.faults(), [""; 0]);
    for (name, value) in [
        ("ha.flags", "0x01"),
        ("ha.type", "HA_IKE_MSG_ADD_SA (2)"),
        ("ha.len", "133"),
        ("ha.id", "4.0.0.3"),
        ("ha.my_cookie", "9b1a76aa99111a1f"),
        ("ha.his_cookie", "e2a2a35f531dea15"),
        ("ha.src", "4.0.0.5"),
        ("ha.dst", "4.0.0.3"),
        ("ha.peer_port", "500"),
        ("ha.f_vrf", "0"),
        ("ha.init_or_resp", "responder (0)"),
        ("ha.nat_discovery", "2"),
        ("ha.idtype", "1"),
        ("ha.protocol", "17"),
        ("ha.port", "500"),
        ("ha.addr", "4.0.0.5"),
        ("ha.mask", "0.0.0.0"),
        ("ha.id_str", "00000000"),
        ("ha.peers_capabilities", "0x0000077f"),
        ("ha.my_capabilities", "0x0000077f"),
        ("ha.state_mask", "0x000027ff"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    assert_eq!(recorder.octets("ha.state_mask"), [0, 0, 0x27, 0xff]);
    let codes = recorder.values("ha.attribute.code");
    assert_eq!(codes.len(), 17);
    assert_eq!(codes[16], "HA_IKE_ATT_STATE_MASK (13)");
    assert_eq!(
        recorder.departures,
        ["HA profile, records: the IKE SA lacks the attributes that a standby needs to take it over"]
    );
}

#[test]
fn a_bundle_is_shown_and_its_keys_are_lengths() {
    let recorder = one(&bundle(&[0xa5; 24]));
    for (name, value) in [
        ("ha.serial", "7"),
        ("ha.bundle_id", "9"),
        ("ha.sa.direction", "outbound (1)"),
        ("ha.sa.spi", "0xd42904f0"),
        ("ha.sa.destination", "4.0.0.5"),
        ("ha.sa.mode", "tunnel (1)"),
        ("ha.transform.identifier", "3"),
        ("ha.local_selector.data", "0a000001"),
        ("ha.lifetime.kilobytes_left", "4504144"),
        ("ha.counters.replays", "18446744073709551615"),
        ("ha.sa.sequence", "1099511627776"),
        ("ha.sa.path_mtu", "1400"),
        ("ha.sa.crypto_map", "vpn"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    assert_eq!(recorder.values("ha.secret.len"), ["24", "24"]);
    assert!(!recorder.fields.iter().any(|(_, value, _)| value.contains("a5a5")));
    assert_eq!(recorder.departures, [""; 0]);
}

#[test]
fn bundled_messages_are_counted_and_printed_as_a_router_does() {
    let keepalive = emitted(Record::Keepalive(Keepalive::new(3)));
    let octets = of(&[&ciscos(), &keepalive]);
    let frame = built::frame(LinkType::RAW, &octets);
    let recorder = Recorder::next(&mut Dissector::new(Options::default()), frame);
    assert_eq!(recorder.protocols(), "raw:ip:sctp:ha:ha");
    assert_eq!(
        recorder.summary,
        "HA 5000 → 5001 DATA 1, DATA 2: VPNWIRE_MSG_KEEPALIVE, ID 4.0.0.3, 2 attributes (message 2 of this frame)"
    );
    let mut line = Line::new(false).with_debug_lines(true);
    Dissector::new(Options::default()).frame(frame, &mut line);
    let text = String::from_utf8(line.output().clone()).unwrap();
    for expected in [
        "      Sending IKE Add SA Message\n      HA Message 0:flags=0x01 len=133 HA_IKE_MSG_ADD_SA (2)\n",
        "       ID:04000003\n       attr HA_IKE_ATT_MY_COOKIE (2) len 8\n       9B 1A 76 AA 99 11 1A 1F\n",
        "      HA Message 1:flags=0x01 len=24 VPNWIRE_MSG_KEEPALIVE (153)\n",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_message_on_another_stream_than_its_own_departs() {
    let keepalive = emitted(Record::Keepalive(Keepalive::new(3)));
    let departures = |stream| Recorder::of(LinkType::RAW, &on(stream, &[&keepalive])).departures;
    assert_eq!(departures(profile::Stream::CONTROL), [""; 0]);
    let departure =
        "HA profile, streams: the message is on stream 2, but its stream in the profile is control";
    assert_eq!(departures(profile::Stream::UPDATES), [departure]);
}

#[test]
fn what_breaks_the_profile_is_a_fault_and_the_rest_is_shown() {
    let keepalive = emitted(Record::Keepalive(Keepalive::new(3)));
    let changed = |at: usize, to: u8| {
        let mut octets = keepalive.clone();
        octets[at] = to;
        octets
    };
    let ends = |what: &str, offset: usize, needed: usize, available: usize| {
        format!(
            "ha: {what} at offset {offset} of the HA message needs {needed} octets, but only {available} are there"
        )
    };
    for (octets, fault) in [
        (changed(3, 40), ends("HA message", 0, 40, 24)),
        (
            changed(3, 5),
            "ha: HA message at offset 0 of the HA message has length 5, but its header alone has 8 octets"
                .to_owned(),
        ),
        (changed(11, 200), ends("VPNWIRE_ATT_SERIAL", 8, 204, 16)),
        (keepalive[..6].to_vec(), ends("HA message header", 0, 8, 6)),
        (
            [&keepalive[..], &[1]].concat(),
            "ha: 1 octets follow HA message at offset 24 of the HA message, but it must end there".to_owned(),
        ),
        (vec![1, 0x99, 0, 13, 4, 0, 0, 3, 0, 6, 0, 1, 9], ends("HA_IKE_ATT_PEER_PORT", 12, 2, 1)),
    ] {
        let recorder = one(&octets);
        assert_eq!(recorder.fault(), fault);
        assert_eq!(recorder.value("ha.flags"), "0x01");
    }
}

#[test]
fn an_attribute_that_is_cut_is_shown_by_its_name_with_what_there_is_of_it() {
    let inside = [Attribute::PathMtu(1_400), Attribute::EncryptionKey(Secret::new(&[0xa5; 24]))];
    let attributes = [
        Attribute::Source([4, 0, 0, 5].into()),
        Attribute::CryptoMap(b"to-peer"),
        Attribute::IpsecSa((&inside).into()),
        Attribute::BundleId(9),
    ];
    let header = Header { flags: 1, message_type: MessageType::ADD_SAS, id: [4, 0, 0, 3].into() };
    let message = Message { header, attributes: (&attributes).into() };
    let mut octets = vec![0; message.wire_len()];
    message.emit(&mut octets).unwrap();
    let cut = |end: usize| one(&octets[..end]);
    // The cuts are in the address, the name, the key inside, and the number. What is present of each is shown.
    for (end, name, there) in [
        (14, "ha.src", "0400"),
        (23, "ha.sa.crypto_map", "to-"),
        (36, "ha.sa.path_mtu", "05"),
        (50, "ha.secret.len", "9"),
        (octets.len() - 1, "ha.bundle_id", "000000"),
    ] {
        let recorder = cut(end);
        assert_eq!(recorder.value(name), there, "{end}");
        let faults = recorder.faults();
        assert!(faults.iter().any(|fault| fault.contains("octets, but only")), "{end}: {faults:?}");
    }
    // An attribute with a wrong length takes the following octets for its value. They may be a key, so only the length
    // is shown.
    let head = [1, 0x88, 0, 20, 4, 0, 0, 3, 0, 4, 1, 0];
    let recorder = one(&[&head[..], &[0x80, 0x46, 0, 4, 0xa5, 0xa5, 0xa5, 0xa5]].concat());
    assert_eq!(recorder.values("ha.attribute.code"), ["HA_IKE_ATT_SRC (4)"]);
    assert_eq!(recorder.values("ha.secret.len"), ["8"]);
    assert!(!recorder.fields.iter().any(|(_, value, _)| value.contains("a5a5")));
    for end in 8..octets.len() {
        let recorder = cut(end);
        assert!(!recorder.faults().is_empty(), "{end}");
        assert!(!recorder.fields.iter().any(|(_, value, _)| value.contains("a5a5")), "{end}");
        // Each attribute whose code and length are present is shown.
        let starts = [(12, "SRC (4)"), (20, "CRYPTO_MAP"), (31, "IPSEC_SA"), (69, "BUNDLE_ID")];
        let shown = starts.iter().filter(|(start, _)| *start <= end);
        let codes = recorder.values("ha.attribute.code").join(" ");
        assert!(shown.clone().all(|(_, name)| codes.contains(name)), "{end}: {codes}");
    }
}

#[test]
fn attributes_in_attributes_go_no_deeper_than_protocols() {
    let mut value = vec![0x80, 0x4e, 0, 2, 5, 0xdc];
    for _ in 0..1_000 {
        let len = u16::try_from(value.len()).unwrap().to_be_bytes();
        value.splice(0..0, [0x80, 0x40, len[0], len[1]]);
    }
    let len = u16::try_from(value.len() + 8).unwrap().to_be_bytes();
    let octets = [&[1, 0x88, len[0], len[1], 4, 0, 0, 3], &value[..]].concat();
    let recorder = one(&octets);
    assert!(recorder.values("ha.attribute").len() < 40);
    assert!(recorder.faults().iter().any(|fault| fault.contains("protocols are nested")));
}
