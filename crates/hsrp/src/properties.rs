//! Properties that hold for every input. The tests of this crate and the fuzz targets call them.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "a property panics when it does not hold, and these functions are not part of the interface"
)]

use std::string::ToString;
use std::vec::Vec;
use std::{format, vec};

use ::md5::{Digest, Md5};

use crate::authentication::{self, AuthenticationError, DIGEST_LEN};
use crate::{
    Context, DebugLine, Emit, EmitError, Hint, Key, KeyChain, List, Md5Authentication, Member, Message,
    Parsed, Tlv, TlvFraming, TlvType, v1, v2,
};

const HINTS: [Option<Hint>; 3] = [None, Some(Hint::V1), Some(Hint::V2)];

fn parse(octets: &[u8], hint: Option<Hint>) -> Option<Message<'_>> {
    match hint {
        None => Message::parse(octets).ok(),
        Some(hint) => Message::parse_hinted(octets, hint).ok(),
    }
}

fn emitted(message: &Message<'_>) -> Vec<u8> {
    let len = message.wire_len();
    let mut buffer = vec![0xa5; len + 3];
    assert_eq!(
        message.emit(&mut buffer).map(|octets| octets.len()),
        Ok(len),
        "a parsed message can be emitted"
    );
    assert_eq!(buffer[len..], [0xa5; 3], "nothing is written behind the message");
    if len > 0 {
        let error = message.emit(&mut buffer[..len - 1]).unwrap_err();
        assert_eq!(error, EmitError::BufferTooSmall { needed: len, available: len - 1 });
    }
    buffer.truncate(len);
    buffer
}

/// No input makes a parser panic, strict and lenient parsing agree, and everything that was parsed can be printed.
pub fn parse_is_total(octets: &[u8]) {
    for hint in HINTS {
        let read = Message::parse_reporting(octets, hint, &mut |departure| {
            assert!(!departure.to_string().is_empty() && !departure.reference().is_empty());
        });
        if hint.is_none() {
            assert_eq!(read, Message::parse_until_error(octets));
            let prefix = read.clone().and_then(Parsed::strict);
            assert_eq!(prefix, Message::parse_prefix(octets));
            assert!(prefix.is_ok_and(|(_, rest)| rest.is_empty()) || Message::parse(octets).is_err());
        }
        let strict = read.clone().and_then(|read| read.strict().map(|(message, _)| message));
        assert_eq!(strict.as_ref().ok(), parse(octets, hint).as_ref());
        let _ = strict.map_err(|error| assert!(!error.to_string().is_empty()));
        if let Ok(read) = &read {
            look_at(&read.value, octets);
        }
    }
    let _ = v1::Packet::parse(octets);
    let _ = v1::Advertise::parse(octets);
    if let Ok((packet, rest)) = v1::Packet::parse_prefix(octets) {
        assert_eq!(octets.len(), packet.wire_len() + rest.len());
    }
    if let Ok((advertise, rest)) = v1::Advertise::parse_prefix(octets) {
        assert_eq!(octets.len(), advertise.wire_len() + rest.len());
    }
    let _ = authentication::verify(octets, Key::new(octets)).map_err(|error| error.to_string());
}

fn look_at(message: &Message<'_>, octets: &[u8]) {
    assert!(!format!("{message:?}").is_empty());
    let mut six = octets.iter().copied().chain([0; 6]);
    let mac = core::array::from_fn(|_| six.next().unwrap_or_default());
    let context = Context {
        time_to_live: octets.first().copied(),
        source: Some([0; 4].into()),
        destination: Some([0; 16].into()),
        source_port: Some(1),
        destination_port: Some(1985),
        source_mac: Some(mac),
        token_ring: Some(octets.len() & 1 == 1),
    };
    for departure in message.conformance(&context).chain(message.conformance(&Context::default())) {
        assert!(!departure.to_string().is_empty() && !departure.reference().is_empty());
    }
    if let Message::V1 { packet, .. } = message {
        assert!(!DebugLine::v1(packet, [0; 4].into(), mac).to_string().is_empty());
    }
    let (mut groups, _) = (message.group_messages(), (message.interface_message(), message.authentication()));
    assert!(groups.all(|group| [group.to_v1().map(drop), group.to_v2().map(drop)].iter().any(Result::is_ok)
        || group.state.is_none()
        || group.virtual_address.is_none()
        || group.group > 4095));
    for element in message.tlvs().elements() {
        let parsed = Tlv::parse(&element);
        assert!(!element.is_cut() || parsed.is_err(), "a cut TLV does not decode");
        let _ = parsed.map_err(|error| error.to_string());
        let tlv = Tlv::decode(&element, &TlvFraming);
        assert_eq!(tlv.tlv_type(), element.header);
        assert_eq!(tlv.wire_len(), element.value.len());
        let _ = DebugLine::tlv(&tlv, [0; 16].into()).map(|line| line.to_string());
    }
}

/// A message that was parsed and emitted parses to the same message again.
pub fn emit_then_parse(octets: &[u8]) {
    for hint in HINTS {
        let Some(message) = parse(octets, hint) else { continue };
        let emitted = emitted(&message);
        assert_eq!(parse(&emitted, hint), Some(message));
    }
}

/// A message that parses without a departure is emitted with the same octets. With a departure, only the derived
/// length differs.
pub fn parse_then_emit(octets: &[u8]) {
    for hint in HINTS {
        let mut departures = 0;
        let read = Message::parse_reporting(octets, hint, &mut |_| departures += 1);
        let Ok((message, _)) = read.and_then(Parsed::strict) else { continue };
        let mut expected = octets.to_vec();
        if departures > 0 {
            assert!(matches!(message, Message::V1Advertise { .. }));
            expected[4..6].copy_from_slice(&v1::Advertise::DECLARED_LEN.to_be_bytes());
            assert_ne!(expected, octets);
        }
        assert_eq!(emitted(&message), expected);
    }
}

/// Every TLV is at the offset that it names, and the TLVs follow one another up to the end or the fault.
pub fn chain_offsets_are_true(octets: &[u8]) {
    for hint in HINTS {
        let Ok(read) = Message::parse_reporting(octets, hint, &mut |_| {}) else { continue };
        let Parsed { value: message, rest, fault } = read;
        let List::Framed(tlvs) = message.tlvs() else { panic!("the TLVs of a parsed message are framed") };
        let mut at = tlvs.offset();
        let mut count = 0;
        for element in tlvs {
            assert_eq!(element.offset, at);
            at += element.octets.len();
            assert_eq!(element.octets, &octets[element.offset..at]);
            assert_eq!(element.value, &octets[element.value_offset..at]);
            assert_eq!(element.header, TlvType(octets[element.offset]));
            count += 1;
        }
        assert_eq!(count, tlvs.element_count());
        assert_eq!(tlvs.rest_offset(), at);
        assert_eq!((tlvs.rest(), rest), (&octets[at..], &octets[at..]));
        assert_eq!(fault.is_none(), rest.is_empty() && !tlvs.is_cut());
    }
}

/// A sealed message verifies under its own key only, and no longer when one of its bits is changed.
///
/// The first octet of the input is the length of the key, and the second chooses the bit to change. The key
/// follows. The rest is a message, or becomes the value of a TLV in one.
pub fn md5(octets: &[u8]) {
    let [key_len, bit, rest @ ..] = octets else { return };
    let (key, rest) = rest.split_at_checked(usize::from(*key_len)).unwrap_or((rest, &[]));
    let mut message = rest.to_vec();
    if authentication::digest(rest, Key::new(key)).is_err() {
        let unknown =
            Tlv::Unknown { tlv_type: TlvType(200), value: &rest[..rest.len().min(255)], missing: 0 };
        let unsealed = Tlv::Md5Authentication(Md5Authentication::unsealed([10, 0, 0, 1].into(), 7));
        let group_state = Tlv::GroupState(v2::GroupState::default());
        message = emitted(&Message::V2((&[group_state, unknown, unsealed]).into()));
    }
    let key = key.to_vec();
    let before = message.clone();
    authentication::seal(&mut message, Key::new(&key)).unwrap();
    assert_eq!(authentication::verify(&message, Key::new(&key)), Ok(()));

    // Only the digest was written, and it is the MD5 of `P`, `M` and `K` in one buffer.
    let hint = if message[0] == 0 { Hint::V1 } else { Hint::V2 };
    let parsed = Message::parse_hinted(&message, hint).unwrap();
    let tlv = parsed.tlvs().elements().find(|tlv| tlv.header == TlvType::MD5_AUTHENTICATION).unwrap();
    let place = tlv.value_offset + 12..tlv.value_offset + 12 + DIGEST_LEN;
    let authentication = Md5Authentication::parse(&tlv).unwrap();
    let mut expected = before.clone();
    expected[place.clone()].copy_from_slice(&authentication.digest);
    assert_eq!(message, expected);
    let mut hashed = key.clone();
    hashed.push(0x80);
    while hashed.len() % 64 != 56 {
        hashed.push(0);
    }
    hashed.extend((u64::try_from(key.len()).unwrap() * 8).to_le_bytes());
    hashed.extend_from_slice(&before[..place.start]);
    hashed.extend([0; DIGEST_LEN]);
    hashed.extend_from_slice(&before[place.end..]);
    hashed.extend_from_slice(&key);
    assert_eq!(<[u8; DIGEST_LEN]>::from(Md5::digest(&hashed)), authentication.digest);
    assert_eq!(authentication::digest(&before, Key::new(&key)), Ok(authentication.digest));

    let mut longer = key.clone();
    longer.push(0);
    let wrong = authentication::verify(&message, Key::new(&longer));
    assert_eq!(wrong, Err(AuthenticationError::NotAuthentic));
    let key_id = authentication.key_id;
    let keys = [(!key_id, Key::new(&longer)), (key_id, Key::new(&longer)), (key_id, Key::new(&key))];
    assert_eq!(KeyChain(&keys).verify(&message), Ok(()));
    assert_eq!(KeyChain(&keys[..2]).verify(&message), Err(AuthenticationError::NotAuthentic));
    assert_eq!(KeyChain(&keys[..1]).verify(&message), Err(AuthenticationError::UnknownKeyId { key_id }));

    let at = (usize::from(*bit) * 31 + usize::from(*key_len)) % message.len();
    message[at] ^= 1 << (bit & 7);
    assert!(authentication::verify(&message, Key::new(&key)).is_err(), "octet {at} is not covered");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::authentication::Algorithm;
    use crate::v2::{InterfaceState, IpVersion, Milliseconds, State};
    use crate::{AuthenticationData, Opcode};

    /// Octets that are often messages: fixed parts, and TLVs of right and wrong lengths.
    fn octets() -> impl Strategy<Value = Vec<u8>> {
        let fixed = prop_oneof![
            Just(Vec::new()),
            proptest::collection::vec(any::<u8>(), 18).prop_map(|mut octets| {
                octets.splice(0..0, [0, 0]);
                octets
            }),
            proptest::collection::vec(any::<u8>(), 12).prop_map(|mut octets| {
                octets.splice(0..0, [0, 3, 0, 1]);
                octets
            }),
            proptest::collection::vec(any::<u8>(), 10).prop_map(|mut octets| {
                octets.splice(0..0, [0, 3, 0, 1, 0, 14]);
                octets
            }),
        ];
        let value_len = prop_oneof![Just(40usize), Just(4), Just(8), Just(28), 0..50usize];
        let tlv = (prop_oneof![1..=4u8, any::<u8>()], value_len)
            .prop_flat_map(|(kind, len)| (Just(kind), proptest::collection::vec(any::<u8>(), len)));
        let cut = prop_oneof![4 => Just(0usize), 1 => 0..20usize];
        (fixed, proptest::collection::vec(tlv, 0..4), cut).prop_map(|(mut octets, tlvs, cut)| {
            for (kind, value) in tlvs {
                octets.extend([kind, u8::try_from(value.len()).unwrap()]);
                octets.extend(value);
            }
            octets.truncate(octets.len().saturating_sub(cut));
            octets
        })
    }

    fn packet() -> impl Strategy<Value = v1::Packet> {
        let opcode = any::<u8>().prop_filter("Advertise has another layout", |opcode| *opcode != 3);
        ((opcode, any::<[u8; 6]>()), any::<[u8; 8]>(), any::<[u8; 4]>()).prop_map(
            |((opcode, [state, hello, hold, priority, group, reserved]), data, address)| v1::Packet {
                opcode: Opcode(opcode),
                state: v1::State(state),
                hello_time: v1::Seconds(hello),
                hold_time: v1::Seconds(hold),
                priority,
                group,
                reserved,
                authentication_data: AuthenticationData(data),
                virtual_ip_address: address.into(),
            },
        )
    }

    fn tlv() -> impl Strategy<Value = Tlv<'static>> {
        prop_oneof![
            (any::<[u8; 4]>(), any::<u16>(), any::<[u8; 6]>(), any::<[u32; 3]>(), any::<[u8; 16]>())
                .prop_map(
                    |(
                        [version, opcode, state, ip],
                        group,
                        identifier,
                        [priority, hello, hold],
                        virtual_ip,
                    )| {
                        Tlv::GroupState(v2::GroupState {
                            version,
                            opcode: Opcode(opcode),
                            state: State(state),
                            ip_version: IpVersion(ip),
                            group,
                            identifier,
                            priority,
                            hello_time: Milliseconds(hello),
                            hold_time: Milliseconds(hold),
                            virtual_ip,
                        })
                    }
                ),
            any::<(u16, u16)>().prop_map(|(active_groups, passive_groups)| Tlv::InterfaceState(
                InterfaceState { active_groups, passive_groups }
            )),
            any::<[u8; 8]>().prop_map(|data| Tlv::TextAuthentication(AuthenticationData(data))),
            (any::<(u8, u8, u16, [u8; 4])>(), any::<u32>(), any::<[u8; 16]>()).prop_map(
                |((algorithm, padding, flags, address), key_id, digest)| {
                    Tlv::Md5Authentication(Md5Authentication {
                        algorithm: Algorithm(algorithm),
                        padding,
                        flags,
                        ip_address: address.into(),
                        key_id,
                        digest,
                    })
                }
            ),
            (5..=255u8, 0..=255usize).prop_map(|(kind, len)| Tlv::Unknown {
                tlv_type: TlvType(kind),
                value: &[0x5a; 255][..len],
                missing: 0
            }),
        ]
    }

    proptest! {
        #[test]
        fn parsing_is_total(octets in octets()) {
            parse_is_total(&octets);
        }

        #[test]
        fn parsing_noise_is_total(octets in proptest::collection::vec(any::<u8>(), 0..80)) {
            parse_is_total(&octets);
        }

        #[test]
        fn emitted_messages_parse(octets in octets()) {
            emit_then_parse(&octets);
        }

        #[test]
        fn parsed_messages_are_emitted(octets in octets()) {
            parse_then_emit(&octets);
        }

        #[test]
        fn offsets_are_true(octets in octets()) {
            chain_offsets_are_true(&octets);
        }

        #[test]
        fn digests_verify(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            md5(&octets);
        }

        #[test]
        fn version_1_values_round_trip(packet in packet(), tlvs in proptest::collection::vec(tlv(), 0..3)) {
            let built = Message::V1 { packet, trailing: tlvs.as_slice().into() };
            let octets = emitted(&built);
            assert_eq!(Message::parse(&octets).as_ref(), Ok(&built));
            assert_eq!(built.tlvs().iter().collect::<Vec<_>>(), tlvs);
            parse_then_emit(&octets);
        }

        #[test]
        fn version_2_values_round_trip(tlvs in proptest::collection::vec(tlv(), 1..4)) {
            let built = Message::V2(tlvs.as_slice().into());
            let octets = emitted(&built);
            let read = Message::parse_hinted(&octets, Hint::V2).unwrap();
            assert_eq!(read, built);
            assert_eq!(read.tlvs().iter().collect::<Vec<_>>(), tlvs);
            let context = Context { source: Some([10, 0, 0, 2].into()), ..Context::default() };
            assert!(
                read.conformance(&context).eq(built.conformance(&context)),
                "a message that is built has the same departures"
            );
            parse_then_emit(&octets);
        }

        #[test]
        fn advertises_round_trip(numbers in any::<(u16, u16, u16, u32)>(), octets in any::<[u8; 2]>()) {
            let advertise = v1::Advertise {
                advertise_type: v1::AdvertiseType(numbers.0),
                state: v1::AdvertiseState(octets[0]),
                reserved: octets[1],
                active_groups: numbers.1,
                passive_groups: numbers.2,
                reserved_word: numbers.3,
            };
            let mut buffer = [0; 16];
            assert_eq!(advertise.emit(&mut buffer).map(|octets| octets.len()), Ok(16));
            assert_eq!(v1::Advertise::parse(&buffer), Ok(advertise));
        }
    }
}
