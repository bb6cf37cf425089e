//! Messages whose octets are known from other sources: real captures, published vectors, and the debug output of a
//! router.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use core::net::Ipv4Addr;

use vpnwire_hsrp::authentication::{self, AuthenticationError};
use vpnwire_hsrp::v1::{Advertise, AdvertiseState, AdvertiseType, Packet, Seconds, State};
use vpnwire_hsrp::{
    AuthenticationData, Context, DebugLine, Departure, Emit, Key, Md5Authentication, Message, Opcode, Parsed,
    Tlv, v2,
};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap()).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

/// Parses a version 1 packet without TLVs behind it, and checks that emitting it gives the same octets.
fn packet(octets: &[u8]) -> Packet {
    let message = Message::parse(octets).unwrap();
    let mut emitted = vec![0; message.wire_len()];
    message.emit(&mut emitted).unwrap();
    assert_eq!(emitted, octets);
    let Message::V1 { packet, trailing } = message else { panic!("a version 1 packet") };
    assert!(trailing.is_empty());
    assert_eq!(Packet::parse(octets), Ok(packet));
    packet
}

/// A Cisco document on IPsec failover over HSRP (12.3(7)T1) shows the `debug standby` output for this message:
/// group 1, virtual address 172.16.172.53, priority 200, and times of 3 and 10 seconds.
#[test]
fn hello_of_an_active_router_and_its_debug_line() {
    let octets = hex("000010030ac80100636973636f000000ac10ac35");
    let value = Packet {
        opcode: Opcode::HELLO,
        state: State::ACTIVE,
        hello_time: Seconds(3),
        hold_time: Seconds(10),
        priority: 200,
        group: 1,
        reserved: 0,
        authentication_data: AuthenticationData::from_text("cisco").unwrap(),
        virtual_ip_address: Ipv4Addr::new(172, 16, 172, 53),
    };
    assert_eq!(packet(&octets), value);
    let mut buffer = [0; 20];
    assert_eq!(value.emit(&mut buffer).unwrap(), octets);
    let line = DebugLine::v1(&value, [172, 16, 172, 52].into(), [0x00, 0x00, 0x0c, 0x07, 0xac, 0x01]);
    assert_eq!(
        line.to_string(),
        "Hello in 172.16.172.52 Active pri 200 vIP 172.16.172.53 hel 3000 hol 10000 id 0000.0c07.ac01"
    );
    assert!(line.outgoing().to_string().starts_with("Hello out 172.16.172.52 Active pri 200"));
    let context = Context {
        time_to_live: Some(1),
        source: Some([172, 16, 172, 52].into()),
        destination: Some([224, 0, 0, 2].into()),
        source_port: Some(1985),
        destination_port: Some(1985),
        source_mac: Some([0x00, 0x00, 0x0c, 0x07, 0xac, 0x01]),
        token_ring: Some(false),
    };
    let message = Message::parse(&octets).unwrap();
    assert_eq!(message.conformance(&context).collect::<Vec<_>>(), []);
}

#[test]
fn debug_lines_print_every_state_and_unknown_ones() {
    let mut seen = Vec::new();
    for state in [0, 1, 2, 4, 8, 16, 3] {
        let packet = Packet { state: State(state), ..Packet::default() };
        let line = DebugLine::v1(&packet, [10, 0, 0, 1].into(), [0xca, 0, 0x40, 0x6b, 0, 1]).to_string();
        seen.push(line.split(' ').nth(3).unwrap().to_owned());
        assert!(line.ends_with("pri 100 vIP 0.0.0.0 hel 3000 hol 10000 id ca00.406b.0001"), "{line}");
    }
    assert_eq!(seen, ["Init", "Learn", "Listen", "Speak", "Standby", "Active", "3"]);

    let group_state = v2::GroupState {
        opcode: Opcode::RESIGN,
        state: v2::State::ACTIVE,
        ip_version: v2::IpVersion::IPV6,
        identifier: [0xaa, 0xbb, 0xcc, 0, 2, 0x10],
        virtual_ip: v2::virtual_ip("fe80::5:73ff:fea0:1".parse().unwrap()),
        ..v2::GroupState::default()
    };
    let line = DebugLine::tlv(&Tlv::GroupState(group_state), "fe80::1".parse().unwrap()).unwrap();
    assert_eq!(
        line.to_string(),
        "Resign in fe80::1 Active pri 100 vIP fe80::5:73ff:fea0:1 hel 3000 hol 10000 id aabb.cc00.0210"
    );
    let unknown = v2::GroupState { ip_version: v2::IpVersion(5), state: v2::State(9), ..group_state };
    let line = DebugLine::v2(&unknown, "fe80::1".parse().unwrap()).to_string();
    assert!(line.starts_with("Resign in fe80::1 9 pri 100 vIP unknown"), "{line}");
}

/// This is frame 27 of `HSRP_coup.pcap`, one of tcpdump's test captures.
#[test]
fn hello_of_a_real_router() {
    let packet = packet(&hex("000010030ac80100636973636f000000c0a80001"));
    assert_eq!((packet.state, packet.priority), (State::ACTIVE, 200));
    assert_eq!(packet.virtual_ip_address, Ipv4Addr::new(192, 168, 0, 1));
}

/// In `HSRP_coup.pcap`, a router preempts. Its Coup carries the state that it had, Listen.
#[test]
fn coup_and_resign_carry_any_state() {
    let coup = packet(&hex("000102030ac80100636973636f000000c0a80001"));
    assert_eq!((coup.opcode, coup.state), (Opcode::COUP, State::LISTEN));
    for opcode in [Opcode::COUP, Opcode::RESIGN] {
        for state in 0..=255 {
            let value = Packet { opcode, state: State(state), ..coup };
            let mut octets = [0; 20];
            value.emit(&mut octets).unwrap();
            assert_eq!(packet(&octets), value);
            let departures: Vec<_> =
                Message::parse(&octets).unwrap().conformance(&Context::default()).collect();
            let unknown = State(state).name().is_none();
            assert_eq!(departures, Vec::from_iter(unknown.then_some(Departure::State { state, offset: 2 })));
        }
    }
}

/// The Advertise messages in `HSRP_coup.pcap` are passive and active, have length 14, and carry arbitrary octets
/// in the reserved word.
#[test]
fn advertises_have_length_14_and_garbage_in_reserved_words() {
    let passive = hex("00030001000e0200000000016f000000");
    let active = hex("00030001000e0300000100026f000000");
    for (octets, state, active_groups, passive_groups) in
        [(&passive, AdvertiseState::PASSIVE, 0, 1), (&active, AdvertiseState::ACTIVE, 1, 2)]
    {
        let mut departures = Vec::new();
        let message = Message::parse_reporting(octets, None, &mut |d| departures.push(d));
        let (message, _) = message.and_then(Parsed::strict).unwrap();
        let Message::V1Advertise { advertise, ref trailing } = message else { panic!("an Advertise") };
        assert!(trailing.is_empty() && departures.is_empty());
        assert_eq!(
            advertise,
            Advertise {
                advertise_type: AdvertiseType::INTERFACE_STATE,
                state,
                reserved: 0,
                active_groups,
                passive_groups,
                reserved_word: 0x6f00_0000,
            }
        );
        assert_eq!(message.conformance(&Context::default()).count(), 0);
        let mut emitted = [0; 16];
        assert_eq!(message.emit(&mut emitted).unwrap(), octets.as_slice());
        assert_eq!(Advertise::parse(octets), Ok(advertise));
    }
}

#[test]
fn a_lying_length_of_an_advertise_is_reported_and_emitted_right() {
    let mut octets = hex("00030001000e0200000000016f000000");
    octets[5] = 99;
    let mut departures = Vec::new();
    let message = Message::parse_reporting(&octets, None, &mut |d| departures.push(d));
    let (message, _) = message.and_then(Parsed::strict).unwrap();
    assert_eq!(departures, [Departure::AdvertiseLength { length: 99, offset: 4 }]);
    assert_eq!(Message::parse(&octets), Ok(message.clone()));
    let mut emitted = [0; 16];
    message.emit(&mut emitted).unwrap();
    assert_eq!(emitted.as_slice(), hex("00030001000e0200000000016f000000"));
}

/// Published digests of IOS packets, from John the Ripper's HSRP format: the key, the 34 octets before the digest,
/// and the digest.
const VECTORS: [(&str, &str, &str); 3] = [
    (
        "openwall",
        "000004030a5a01000000000000000000ac102801041c01000000ac10281400000000",
        "f15dfa631a0679e0801f8e6b0c0c17ac",
    ),
    (
        "password12345",
        "000004030a64010000000000000000000a000064041c010000000a00001400000000",
        "52e1db09d18d695b8fefb3730ff8d9d6",
    ),
    (
        "openwall12345",
        "000010030a64010000000000000000000a000064041c010000000a00001400000000",
        "f02fc41b1b516e2d1261d8800d39ccea",
    ),
];

#[test]
fn published_digests_verify_and_are_computed() {
    for (key, data, digest) in VECTORS {
        let octets = hex(&format!("{data}{digest}"));
        assert_eq!(octets.len(), 50);
        assert_eq!(authentication::verify(&octets, key.into()), Ok(()));
        assert_eq!(authentication::digest(&octets, key.into()).unwrap().as_slice(), hex(digest));
        for (other, ..) in VECTORS.iter().filter(|(other, ..)| *other != key) {
            assert_eq!(
                authentication::verify(&octets, Key::from(*other)),
                Err(AuthenticationError::NotAuthentic)
            );
        }

        // The same message, built from values and sealed.
        let Message::V1 { packet, trailing } = Message::parse(&octets).unwrap() else { panic!("version 1") };
        assert_eq!(packet.authentication_data, AuthenticationData::NONE);
        let Some(Tlv::Md5Authentication(tlv)) = trailing.iter().next() else {
            panic!("an MD5 authentication");
        };
        let unsealed = Md5Authentication::unsealed(tlv.ip_address, tlv.key_id);
        assert_eq!(Md5Authentication { digest: tlv.digest, ..unsealed }, tlv);
        let mut buffer = [0; 50];
        let trailing = [Tlv::Md5Authentication(unsealed)];
        let message = Message::V1 { packet, trailing: (&trailing).into() };
        assert_eq!(message.emit(&mut buffer).unwrap().len(), 50);
        authentication::seal(&mut buffer, key.into()).unwrap();
        assert_eq!(buffer.as_slice(), octets);

        // Every octet of the message is covered by the digest.
        for at in 0..octets.len() {
            let mut changed = octets.clone();
            changed[at] ^= 0x40;
            assert!(authentication::verify(&changed, key.into()).is_err(), "octet {at}");
        }
    }
}

/// Each field has the place that Wireshark's dissector gives it. The octets are all different, to tell the fields
/// apart.
#[test]
fn a_group_state_has_its_fields_where_they_belong() {
    let octets = hex(concat!(
        "0128",
        "02",           // version
        "01",           // Coup
        "06",           // Active
        "04",           // IPv4
        "0abc",         // group
        "aabbcc000210", // identifier
        "000000c8",     // priority
        "00000bb8",     // hello time
        "00002710",     // hold time
        "c0a80c01910102ee0500000000000000",
        "0308636973636f000000",
    ));
    let Message::V2(tlvs) = Message::parse(&octets).unwrap() else { panic!("version 2") };
    let decoded: Vec<_> = tlvs.iter().collect();
    let Tlv::GroupState(group_state) = decoded[0] else { panic!("a group state") };
    assert_eq!((group_state.version, group_state.opcode), (2, Opcode::COUP));
    assert_eq!((group_state.state, group_state.ip_version), (v2::State::ACTIVE, v2::IpVersion::IPV4));
    assert_eq!((group_state.group, group_state.priority), (0xabc, 200));
    assert_eq!(group_state.identifier, [0xaa, 0xbb, 0xcc, 0, 2, 0x10]);
    assert_eq!(group_state.hello_time, v2::Milliseconds(3000));
    assert_eq!(group_state.hold_time, v2::Milliseconds(10_000));
    assert_eq!(group_state.virtual_address(), Some([192, 168, 12, 1].into()));
    assert_eq!(group_state.virtual_ip[4..9], [0x91, 0x01, 0x02, 0xee, 0x05]);
    assert_eq!(decoded[1], Tlv::TextAuthentication(AuthenticationData::default()));
    let mut buffer = [0; 52];
    assert_eq!(Message::V2(decoded.as_slice().into()).emit(&mut buffer).unwrap(), octets);

    let interface_state = hex("020400010203");
    let Message::V2(tlvs) = Message::parse(&interface_state).unwrap() else { panic!("version 2") };
    let tlv = tlvs.iter().next().unwrap();
    assert_eq!(tlv, Tlv::InterfaceState(v2::InterfaceState { active_groups: 1, passive_groups: 0x0203 }));
    let mut buffer = [0; 6];
    assert_eq!(Message::V2((&[tlv]).into()).emit(&mut buffer).unwrap(), interface_state);
}
