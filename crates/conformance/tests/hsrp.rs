//! Every HSRP message of the captures is decoded, encoded again from its values, and its digest is verified.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use needs::needs;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use conformance::{captures, datagram, frames};
use hsrp::authentication::{self, Algorithm, AuthenticationError};
use hsrp::v1::{AdvertiseState, AdvertiseType, Seconds, State};
use hsrp::v2::{self, GroupState, InterfaceState, IpVersion, Milliseconds};
use hsrp::{
    Context, Departure, Emit, Hint, Key, Md5Authentication, Message, Opcode, Parsed, Tlv, TlvType,
    VirtualMac, v1,
};
use vpnwire_conformance as conformance;

/// The number of packets in each file: `tshark -r FILE -Y hsrp`, which here is the same as `-Y "udp.port == 1985 ||
/// udp.port == 2029"`.
const FILES: [(&str, usize); 10] = [
    ("tcpdump/HSRP_coup.pcap", 51),
    ("tcpdump/HSRP_election.pcap", 49),
    ("tcpdump/HSRP_failover.pcap", 39),
    ("cisco-ios/hsrp-v2-authentication-plaintext.pcapng", 2),
    ("cisco-ios/hsrpv2-election.pcapng", 65),
    ("cisco-ios/hsrpv2-resign-active.pcapng", 2),
    ("hsrp-ios/HSRP-auth-md5-openwall.pcap", 192),
    ("hsrp-ios/HSRPv2-md5-ios154-first500.pcap", 355),
    ("hsrp-ios/HSRPv2-md5-ios154-resign-coup.pcap", 171),
    ("hsrp-ios/Hsrp-and-ospf-in-LAN.pcap", 117),
];

/// The sum of the counts above.
const PACKETS: usize = 1043;

struct Packet {
    file: &'static str,
    octets: Vec<u8>,
    context: Context,
}

fn packets_of(folder: &Path, file: &'static str) -> Vec<Packet> {
    let mut packets = Vec::new();
    for frame in frames(&folder.join(file)) {
        let Some(datagram) = datagram(&frame) else { continue };
        if datagram.protocol != 17 || !matches!(datagram.ports.1, 1985 | 2029) {
            continue;
        }
        let address = |octets: &[u8]| {
            let four = <[u8; 4]>::try_from(octets).map(Into::into);
            four.or_else(|_| <[u8; 16]>::try_from(octets).map(Into::into)).ok()
        };
        assert_eq!(u32::from(frame.link), 1, "Ethernet");
        let context = Context {
            time_to_live: Some(datagram.hop_limit),
            source: address(&datagram.source),
            destination: address(&datagram.destination),
            source_port: Some(datagram.ports.0),
            destination_port: Some(datagram.ports.1),
            source_mac: frame.octets[6..12].try_into().ok(),
            token_ring: Some(false),
        };
        packets.push(Packet { file, octets: datagram.payload, context });
    }
    packets
}

/// Every HSRP packet of the captures.
fn packets() -> Vec<Packet> {
    let folder = captures();
    let mut packets = Vec::new();
    for (file, count) in FILES {
        let of_file = packets_of(&folder, file);
        assert_eq!(of_file.len(), count, "{file}");
        packets.extend(of_file);
    }
    assert_eq!(packets.len(), PACKETS);
    packets
}

fn emitted(message: &Message<'_>) -> Vec<u8> {
    let mut octets = vec![0xa5; message.wire_len()];
    let len = octets.len();
    assert_eq!(message.emit(&mut octets).map(|written| written.len()), Ok(len));
    octets
}

/// The same message with these TLVs, as values.
fn with_tlvs<'a>(message: &Message<'_>, tlvs: &'a [Tlv<'a>]) -> Message<'a> {
    match *message {
        Message::V1 { packet, .. } => Message::V1 { packet, trailing: tlvs.into() },
        Message::V1Advertise { advertise, .. } => Message::V1Advertise { advertise, trailing: tlvs.into() },
        Message::V2(_) => Message::V2(tlvs.into()),
    }
}

/// Encodes the message from its values: the fixed part and the TLVs are decoded to plain values first.
fn rebuilt(message: &Message<'_>) -> Vec<u8> {
    let tlvs: Vec<Tlv<'_>> = message.tlvs().elements().map(|element| Tlv::parse(&element).unwrap()).collect();
    emitted(&with_tlvs(message, &tlvs))
}

#[needs(captures)]
#[test]
fn every_packet_decodes_and_encodes_to_the_same_octets() {
    let packets = packets();
    // tshark -Y over all files: hsrp.opcode < 3, hsrp.opcode == 3, hsrp2.group_state_tlv, hsrp2.interface_state_tlv,
    // hsrp2.text_auth_tlv, hsrp2.md5_auth_tlv
    let mut kinds = BTreeMap::<&str, usize>::new();
    for Packet { file, octets, context } in &packets {
        let mut departures = Vec::new();
        let message = Message::parse_reporting(octets, None, &mut |departure| departures.push(departure));
        let message = message.and_then(Parsed::strict);
        let (message, _) = message.unwrap_or_else(|error| panic!("{file}: {error}: {octets:02x?}"));
        assert_eq!(departures, []);
        assert_eq!(emitted(&message), *octets, "{file}");
        assert_eq!(rebuilt(&message), *octets, "{file}");
        let hint = Hint::from_destination(context.destination.unwrap(), 1985).unwrap();
        assert_eq!(Message::parse_hinted(octets, hint), Ok(message.clone()));
        assert_eq!(hint == Hint::V2, matches!(message, Message::V2(_)));
        assert_eq!(
            Message::parse_until_error(octets).and_then(Parsed::strict),
            Ok((message.clone(), &[][..]))
        );
        match &message {
            Message::V1 { .. } => *kinds.entry("version 1 packet").or_default() += 1,
            Message::V1Advertise { advertise, trailing } => {
                assert_eq!(advertise.advertise_type, AdvertiseType::INTERFACE_STATE);
                assert!(trailing.is_empty());
                *kinds.entry("version 1 Advertise").or_default() += 1;
            }
            Message::V2(_) => {}
        }
        for element in message.tlvs().elements() {
            *kinds.entry(element.header.name().unwrap()).or_default() += 1;
        }
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        [
            ("Group State", 570),
            ("Interface State", 25),
            ("MD5 Authentication", 578),
            ("Text Authentication", 62),
            ("version 1 Advertise", 31),
            ("version 1 packet", 417),
        ]
    );
}

/// The only departure in all captures is a TTL of 2. The rules about virtual MAC addresses, identifiers, and the
/// sender's address in digests hold for every packet.
#[needs(captures)]
#[test]
fn real_routers_depart_in_nothing_but_the_ttl() {
    let packets = packets();
    let mut ttl = 0;
    for Packet { file, octets, context } in &packets {
        let message = Message::parse(octets).unwrap();
        for departure in message.conformance(context) {
            assert_eq!(departure, Departure::TimeToLive { time_to_live: 2 }, "{file}");
            assert_eq!(*file, "hsrp-ios/Hsrp-and-ospf-in-LAN.pcap");
            ttl += 1;
        }
    }
    // tshark -r Hsrp-and-ospf-in-LAN.pcap -Y "hsrp && ip.ttl == 2"
    assert_eq!(ttl, 117);
}

/// The numbers are from `tshark -Y "eth.src[0:5] == 00:00:0c:07:ac"`, and a similar filter for version 2.
#[needs(captures)]
#[test]
fn virtual_mac_addresses_name_the_group() {
    let packets = packets();
    let (mut version_1, mut version_2) = (0, 0);
    for Packet { octets, context, .. } in &packets {
        let Some(virtual_mac) = VirtualMac::from_mac(context.source_mac.unwrap()) else { continue };
        assert_eq!(virtual_mac.to_mac(), context.source_mac);
        match (Message::parse(octets).unwrap(), virtual_mac) {
            (Message::V1 { packet, .. }, VirtualMac::V1 { group }) => {
                assert_eq!((packet.group, packet.state), (group, State::ACTIVE));
                version_1 += 1;
            }
            (Message::V2(tlvs), VirtualMac::V2Ipv4 { group }) => {
                let Tlv::GroupState(state) = tlvs.iter().next().unwrap() else {
                    panic!("a group state");
                };
                assert_eq!((state.group, state.state), (group, v2::State::ACTIVE));
                version_2 += 1;
            }
            (message, virtual_mac) => panic!("{virtual_mac:?} sends {message:?}"),
        }
    }
    assert_eq!((version_1, version_2), (249, 407));
}

/// The keys, each with the number of packets that it verifies.
type Keys = &'static [(&'static str, usize)];

/// The file, the number of MD5 TLVs, and the keys, from INDEX.md.
const KEYS: [(&str, usize, Keys); 3] = [
    ("hsrp-ios/HSRP-auth-md5-openwall.pcap", 70, &[("openwall", 70)]),
    ("hsrp-ios/HSRPv2-md5-ios154-first500.pcap", 340, &[("password12345", 321), ("password", 19)]),
    (
        "hsrp-ios/HSRPv2-md5-ios154-resign-coup.pcap",
        168,
        &[("password12345", 100), ("password", 47), ("password123", 21)],
    ),
];

#[needs(captures)]
#[test]
fn every_digest_with_a_known_key_verifies_and_no_wrong_key_does() {
    let packets = packets();
    let all_keys = ["openwall", "password12345", "password", "password123"];
    let wrong_keys = ["", "Openwall", "password1", "password1234", "cisco", "password12345\0"];
    for (file, digests, keys) in KEYS {
        let mut verified = BTreeMap::<&str, usize>::new();
        let mut seen = 0;
        for Packet { octets, .. } in packets.iter().filter(|packet| packet.file == file) {
            let matching: Vec<&str> = all_keys
                .into_iter()
                .filter(|key| match authentication::verify(octets, Key::from(*key)) {
                    Ok(()) => true,
                    Err(AuthenticationError::NotAuthentic) => false,
                    Err(AuthenticationError::NoDigest) => {
                        assert!(octets.len() < 50);
                        false
                    }
                    Err(error) => panic!("{error}"),
                })
                .collect();
            for key in wrong_keys {
                assert!(authentication::verify(octets, Key::from(key)).is_err());
            }
            let digest = octets.len().saturating_sub(16);
            let has_digest = matches!(octets.len(), 50 | 72);
            assert_eq!(matching.len(), usize::from(has_digest), "exactly one key matches each digest");
            seen += matching.len();
            for key in matching {
                *verified.entry(key).or_default() += 1;
                let computed = authentication::digest(octets, Key::from(key)).unwrap();
                assert_eq!(computed, octets[digest..]);

                // The message that is emitted from its values without the digest and then sealed equals the original.
                let mut sealed = octets.clone();
                sealed[digest..].fill(0xff);
                authentication::seal(&mut sealed, Key::from(key)).unwrap();
                assert_eq!(sealed, *octets);
                for at in [1, 5, digest - 1, digest] {
                    let mut changed = octets.clone();
                    changed[at] ^= 1;
                    assert!(authentication::verify(&changed, Key::from(key)).is_err());
                }
            }
        }
        assert_eq!(seen, digests, "{file}");
        assert_eq!(verified, keys.iter().copied().collect(), "{file}");
    }
}

type Change<T> = (fn(&mut T), Range<usize>);

/// Changes each field in turn. The octets of the field change, and no others.
fn changes<T: Copy>(
    value: &T,
    base: usize,
    octets: &[u8],
    changes: &[Change<T>],
    emit: impl Fn(&T) -> Vec<u8>,
) {
    for (at, (change, range)) in changes.iter().enumerate() {
        let mut changed = *value;
        change(&mut changed);
        let emitted = emit(&changed);
        assert_eq!(emitted.len(), octets.len());
        let range = base + range.start..base + range.end;
        assert_ne!(emitted[range.clone()], octets[range.clone()], "field {at}");
        assert_eq!(emitted[..range.start], octets[..range.start], "field {at}");
        assert_eq!(emitted[range.end..], octets[range.end..], "field {at}");
    }
}

const PACKET_FIELDS: &[Change<v1::Packet>] = &[
    (|packet| packet.opcode = Opcode(packet.opcode.0 ^ 0x80), 1..2),
    (|packet| packet.state = State(!packet.state.0), 2..3),
    (|packet| packet.hello_time = Seconds(!packet.hello_time.0), 3..4),
    (|packet| packet.hold_time = Seconds(!packet.hold_time.0), 4..5),
    (|packet| packet.priority = !packet.priority, 5..6),
    (|packet| packet.group = !packet.group, 6..7),
    (|packet| packet.reserved = !packet.reserved, 7..8),
    (|packet| packet.authentication_data.0[7] ^= 1, 8..16),
    (|packet| packet.virtual_ip_address = (!packet.virtual_ip_address.to_bits()).into(), 16..20),
];

const ADVERTISE_FIELDS: &[Change<v1::Advertise>] = &[
    (|advertise| advertise.advertise_type = AdvertiseType(!advertise.advertise_type.0), 2..4),
    (|advertise| advertise.state = AdvertiseState(!advertise.state.0), 6..7),
    (|advertise| advertise.reserved = !advertise.reserved, 7..8),
    (|advertise| advertise.active_groups = !advertise.active_groups, 8..10),
    (|advertise| advertise.passive_groups = !advertise.passive_groups, 10..12),
    (|advertise| advertise.reserved_word = !advertise.reserved_word, 12..16),
];

const GROUP_STATE_FIELDS: &[Change<GroupState>] = &[
    (|state| state.version = !state.version, 2..3),
    (|state| state.opcode = Opcode(!state.opcode.0), 3..4),
    (|state| state.state = v2::State(!state.state.0), 4..5),
    (|state| state.ip_version = IpVersion(!state.ip_version.0), 5..6),
    (|state| state.group = !state.group, 6..8),
    (|state| state.identifier[5] ^= 1, 8..14),
    (|state| state.priority = !state.priority, 14..18),
    (|state| state.hello_time = Milliseconds(!state.hello_time.0), 18..22),
    (|state| state.hold_time = Milliseconds(!state.hold_time.0), 22..26),
    (|state| state.virtual_ip[15] ^= 1, 26..42),
];

const INTERFACE_STATE_FIELDS: &[Change<InterfaceState>] = &[
    (|state| state.active_groups = !state.active_groups, 2..4),
    (|state| state.passive_groups = !state.passive_groups, 4..6),
];

const MD5_FIELDS: &[Change<Md5Authentication>] = &[
    (|md5| md5.algorithm = Algorithm(!md5.algorithm.0), 2..3),
    (|md5| md5.padding = !md5.padding, 3..4),
    (|md5| md5.flags = !md5.flags, 4..6),
    (|md5| md5.ip_address = (!md5.ip_address.to_bits()).into(), 6..10),
    (|md5| md5.key_id = !md5.key_id, 10..14),
    (|md5| md5.digest[15] ^= 1, 14..30),
];

#[needs(captures)]
#[test]
fn a_changed_field_changes_its_octets_and_no_others() {
    let packets = packets();
    let mut changed = 0;
    for Packet { octets, .. } in &packets {
        let message = Message::parse(octets).unwrap();
        let tlvs: Vec<Tlv<'_>> = message.tlvs().iter().collect();
        match &message {
            Message::V1 { packet, .. } => changes(packet, 0, octets, PACKET_FIELDS, |packet| {
                emitted(&Message::V1 { packet: *packet, trailing: tlvs.as_slice().into() })
            }),
            Message::V1Advertise { advertise, .. } => {
                changes(advertise, 0, octets, ADVERTISE_FIELDS, |advertise| {
                    let mut buffer = vec![0; octets.len()];
                    advertise.emit(&mut buffer).unwrap();
                    buffer
                })
            }
            Message::V2(_) => {}
        }
        for (at, element) in message.tlvs().elements().enumerate() {
            let with = |tlv: Tlv<'static>| {
                let mut tlvs = tlvs.clone();
                tlvs[at] = tlv;
                emitted(&with_tlvs(&message, &tlvs))
            };
            let base = element.offset;
            match tlvs[at] {
                Tlv::GroupState(value) => {
                    changes(&value, base, octets, GROUP_STATE_FIELDS, |value| with(Tlv::GroupState(*value)));
                }
                Tlv::InterfaceState(value) => {
                    changes(&value, base, octets, INTERFACE_STATE_FIELDS, |value| {
                        with(Tlv::InterfaceState(*value))
                    })
                }
                Tlv::TextAuthentication(value) => {
                    changes(&value, base, octets, &[(|data| data.0[0] ^= 1, 2..10)], |value| {
                        with(Tlv::TextAuthentication(*value))
                    });
                }
                Tlv::Md5Authentication(value) => {
                    changes(&value, base, octets, MD5_FIELDS, |value| with(Tlv::Md5Authentication(*value)));
                }
                tlv => panic!("{tlv:?}"),
            }
        }
        changed += 1;
    }
    assert_eq!(changed, PACKETS);
}

/// Adding a TLV of another length changes the derived values, which are the lengths.
#[needs(captures)]
#[test]
fn a_longer_value_changes_the_derived_length() {
    let packets = packets();
    let packet = packets.iter().find(|packet| packet.octets.len() == 72).unwrap();
    let message = Message::parse(&packet.octets).unwrap();
    let mut tlvs: Vec<Tlv<'_>> = message.tlvs().iter().collect();
    for len in [0, 1, 255] {
        tlvs.insert(1, Tlv::Unknown { tlv_type: TlvType(99), value: &[7; 255][..len], missing: 0 });
        let buffer = emitted(&Message::V2(tlvs.as_slice().into()));
        assert_eq!((buffer.len(), usize::from(buffer[43])), (72 + 2 + len, len));
        let tlvs_again: Vec<Tlv<'_>> = Message::parse(&buffer).unwrap().tlvs().iter().collect();
        assert_eq!(tlvs_again, tlvs);
        tlvs.remove(1);
    }
}
