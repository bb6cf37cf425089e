//! Messages that are cut, contradict themselves, or carry wrong lengths.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_hsrp::authentication::{self, AuthenticationError};
use vpnwire_hsrp::v1::{Advertise, Packet};
use vpnwire_hsrp::v2::{self, GroupState, InterfaceState};
use vpnwire_hsrp::{
    ChainWriter, Emit, EmitError, Hint, Key, KeyChain, LengthError, List, Md5Authentication, Message, Opcode,
    ParseError, Parsed, Tlv, TlvFraming, TlvType, Writer, v1,
};

/// The octets of a version 2 message with these TLVs.
fn v2_octets(tlvs: &[Tlv<'_>]) -> Vec<u8> {
    let mut buffer = [0; 1024];
    Message::V2(tlvs.into()).emit(&mut buffer).unwrap().to_vec()
}

/// The octets of a default version 1 packet with these TLVs behind it.
fn v1_octets(tlvs: &[Tlv<'_>]) -> Vec<u8> {
    let mut buffer = [0; 1024];
    let message = Message::V1 { packet: Packet::default(), trailing: tlvs.into() };
    message.emit(&mut buffer).unwrap().to_vec()
}

fn group_state_message() -> Vec<u8> {
    v2_octets(&[
        Tlv::GroupState(GroupState::default()),
        Tlv::TextAuthentication(vpnwire_hsrp::AuthenticationData::default()),
    ])
}

#[test]
fn nothing_is_no_message() {
    let error = LengthError::Ends {
        within: "HSRP message",
        element: "HSRP message",
        offset: 0,
        needed: 1,
        available: 0,
    };
    assert_eq!(Message::parse(&[]), Err(error.into()));
    assert_eq!(Message::parse_hinted(&[], Hint::V2), Err(error.into()));
    assert_eq!(authentication::verify(&[], Key::new(b"k")), Err(ParseError::from(error).into()));
}

#[test]
fn a_packet_cut_anywhere_says_what_it_lacks() {
    let octets = [0; 20];
    for len in 1..20 {
        let error = LengthError::Ends {
            within: "HSRP message",
            element: "HSRP packet",
            offset: 0,
            needed: 20,
            available: len,
        };
        assert_eq!(Message::parse(&octets[..len]), Err(error.into()));
        assert_eq!(Message::parse_until_error(&octets[..len]), Err(error.into()));
    }
    let advertise = [0, 3, 0, 1, 0, 14, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for len in 2..16 {
        let error = LengthError::Ends {
            within: "HSRP message",
            element: "HSRP Advertise",
            offset: 0,
            needed: 16,
            available: len,
        };
        assert_eq!(Message::parse(&advertise[..len]), Err(error.into()));
    }
    assert!(matches!(Message::parse(&advertise), Ok(Message::V1Advertise { .. })));
}

#[test]
fn octets_after_a_packet_are_tlvs_or_an_error() {
    let mut octets = vec![0; 20];
    octets.push(4);
    assert_eq!(
        Packet::parse(&octets),
        Err(ParseError::TrailingOctets { element: "HSRP packet", offset: 20, count: 1 })
    );
    assert_eq!(Packet::parse_prefix(&octets).unwrap().1, [4]);
    let error =
        LengthError::Ends { within: "HSRP message", element: "TLV", offset: 20, needed: 2, available: 1 };
    assert_eq!(Message::parse(&octets), Err(error.into()));
    let Parsed { value, rest, fault } = Message::parse_until_error(&octets).unwrap();
    assert_eq!(fault, Some(error.into()));
    let Message::V1 { trailing, .. } = value else { panic!("the packet is kept") };
    assert_eq!((trailing.count(), rest), (0, &[4][..]));
    octets[1] = 3;
    assert_eq!(
        Advertise::parse(&octets),
        Err(ParseError::TrailingOctets { element: "HSRP Advertise", offset: 16, count: 5 })
    );
}

#[test]
fn an_opcode_of_another_layout_is_refused() {
    let mut octets = [0; 20];
    octets[1] = 3;
    assert_eq!(Packet::parse(&octets), Err(ParseError::Opcode { opcode: Opcode::ADVERTISE, offset: 1 }));
    octets[1] = 0;
    assert_eq!(
        Advertise::parse_prefix(&octets),
        Err(ParseError::Opcode { opcode: Opcode::HELLO, offset: 1 })
    );
}

#[test]
fn unknown_opcodes_keep_the_layout_of_a_hello() {
    let mut octets = [0; 20];
    for opcode in (0..=255).filter(|opcode| *opcode != 3) {
        octets[1] = opcode;
        let Ok(Message::V1 { packet, .. }) = Message::parse(&octets) else { panic!("opcode {opcode}") };
        assert_eq!(packet.opcode, Opcode(opcode));
    }
}

#[test]
fn a_tlv_cut_anywhere_is_kept_and_leaves_the_ones_before_it() {
    let octets = group_state_message();
    for len in 1..octets.len() {
        let Parsed { value, rest, fault } = Message::parse_until_error(&octets[..len]).unwrap();
        let Message::V2(List::Framed(tlvs)) = &value else { panic!("{len} octets") };
        if len == 42 {
            assert_eq!((tlvs.element_count(), fault), (1, None));
            continue;
        }
        let Some(ParseError::Length(error)) = fault else { panic!("{len} octets: {fault:?}") };
        assert_eq!(Message::parse(&octets[..len]), Err(error.into()));
        let (start, tlv_type) =
            if len > 42 { (42, TlvType::TEXT_AUTHENTICATION) } else { (0, TlvType::GROUP_STATE) };
        assert_eq!(error.offset(), start);
        if len - start == 1 {
            assert_eq!(
                (rest, tlvs.is_cut()),
                (&octets[start..len], false),
                "a type without a length is not a TLV"
            );
            continue;
        }
        let cut = tlvs.iter().last().unwrap();
        assert_eq!((cut.header, cut.value), (tlv_type, &octets[start + 2..len]));
        assert_eq!(cut.missing, usize::from(octets[start + 1]) - cut.value.len());
        assert_eq!(Tlv::parse(&cut), Err(error.into()));
        let kept = Tlv::Unknown { tlv_type, value: cut.value, missing: cut.missing };
        assert_eq!((value.tlvs().iter().last(), rest), (Some(kept), &[][..]));
        assert!(value.group_messages().count() == usize::from(len > 42), "no group is read from a cut TLV");
    }
}

#[test]
fn a_first_octet_of_neither_version_needs_a_hint() {
    let octets = [200, 2, 7, 7];
    for octet in 5..=255 {
        assert_eq!(Message::parse(&[octet, 2, 7, 7]), Err(ParseError::FirstOctet { octet }));
    }
    for octet in 1..=4 {
        assert!(
            matches!(Message::parse(&[octet, 2, 7, 7]), Ok(Message::V2(_))),
            "type {octet} begins a version 2 message"
        );
    }
    let Ok(Message::V2(tlvs)) = Message::parse_hinted(&octets, Hint::V2) else { panic!("version 2") };
    let tlv = tlvs.iter().next().unwrap();
    assert_eq!(tlv, Tlv::Unknown { tlv_type: TlvType(200), value: &[7, 7], missing: 0 });
    assert_eq!(
        Message::parse_hinted(&[0; 20], Hint::V2),
        Err(ParseError::NotVersion2 { offset: 0 }),
        "the hint says version 2, but the message is version 1"
    );
    let octets = group_state_message();
    assert_eq!(
        Message::parse_hinted(&octets, Hint::V1),
        Err(ParseError::Version { version: 1, offset: 0 }),
        "the hint says version 1, but the message is version 2"
    );
}

#[test]
fn a_malformed_tlv_does_not_hide_its_neighbours() {
    // a group state of 39 octets, an interface state, and an MD5 authentication of 0 octets
    let mut octets = vec![1, 39];
    octets.extend([9; 39]);
    octets.extend([2, 4, 0, 1, 0, 2, 4, 0]);
    let message = Message::parse(&octets).unwrap();
    let decoded: Vec<_> = message.tlvs().elements().map(|element| Tlv::parse(&element)).collect();
    let misfit =
        |tlv_type, offset, length, expected| ParseError::TlvLength { tlv_type, offset, length, expected };
    assert_eq!(
        decoded,
        [
            Err(misfit(TlvType::GROUP_STATE, 0, 39, 40)),
            Ok(Tlv::InterfaceState(InterfaceState { active_groups: 1, passive_groups: 2 })),
            Err(misfit(TlvType::MD5_AUTHENTICATION, 47, 0, 28)),
        ]
    );
    let mut emitted = vec![0; message.wire_len()];
    message.emit(&mut emitted).unwrap();
    assert_eq!(emitted, octets, "a TLV that does not decode is kept as it is");
    assert_eq!(
        authentication::verify(&octets, Key::new(b"k")),
        Err(misfit(TlvType::MD5_AUTHENTICATION, 47, 0, 28).into())
    );
}

#[test]
fn many_empty_tlvs_are_many_tlvs() {
    let octets = [[200, 0]; 30_000].concat();
    let message = Message::parse_hinted(&octets, Hint::V2).unwrap();
    assert_eq!(message.tlvs().count(), 30_000);
    let mut emitted = vec![0; octets.len()];
    assert_eq!(message.emit(&mut emitted).unwrap(), octets);
}

#[test]
fn messages_without_one_digest_are_never_authentic() {
    let key = Key::new(b"k");
    let mut plain = vec![0; 20];
    assert_eq!(authentication::verify(&plain, key), Err(AuthenticationError::NoDigest));
    assert_eq!(authentication::seal(&mut plain, key), Err(AuthenticationError::NoDigest));
    assert_eq!(plain, [0; 20]);

    let tlv = Tlv::Md5Authentication(Md5Authentication::unsealed([10, 0, 0, 1].into(), 0));
    let mut two = v1_octets(&[tlv, tlv]);
    assert_eq!(two.len(), 80);
    let error = AuthenticationError::SeveralDigests { offset: 50 };
    assert_eq!(authentication::seal(&mut two, key), Err(error));
    assert_eq!(authentication::verify(&two, key), Err(error));

    let mut other = v1_octets(&[tlv]);
    authentication::seal(&mut other, key).unwrap();
    assert_eq!(authentication::verify(&other, key), Ok(()));
    other[22] = 2;
    let Err(AuthenticationError::Algorithm { algorithm, offset: 20 }) = authentication::verify(&other, key)
    else {
        panic!("the error names the algorithm");
    };
    assert_eq!(algorithm.0, 2);
}

#[test]
fn key_chains_choose_by_key_id() {
    let (old, new) = (Key::from("old"), Key::from("new"));
    let keys = [(1, old), (2, old), (2, new)];
    let chain = KeyChain(&keys);
    let message = |key_id| {
        v2_octets(&[
            Tlv::GroupState(GroupState::default()),
            Tlv::Md5Authentication(Md5Authentication::unsealed([10, 0, 0, 1].into(), key_id)),
        ])
    };
    let mut octets = message(2);
    chain.seal(&mut octets).unwrap();
    assert_eq!(authentication::verify(&octets, old), Ok(()));
    assert_eq!(chain.verify(&octets), Ok(()));
    authentication::seal(&mut octets, new).unwrap();
    assert_eq!(chain.verify(&octets), Ok(()), "any key with that id may match");
    assert_eq!(KeyChain(&keys[..2]).verify(&octets), Err(AuthenticationError::NotAuthentic));
    let mut octets = message(3);
    assert_eq!(chain.seal(&mut octets), Err(AuthenticationError::UnknownKeyId { key_id: 3 }));
    assert_eq!(chain.verify(&octets), Err(AuthenticationError::UnknownKeyId { key_id: 3 }));
    assert_eq!(format!("{chain:?}"), "KeyChain([(1, Key(..)), (2, Key(..)), (2, Key(..))])");
}

#[test]
fn a_buffer_too_small_is_told_the_whole_need_and_a_value_too_long_leaves_no_trace() {
    let mut small = [0xaa; 19];
    let error = EmitError::BufferTooSmall { needed: 20, available: 19 };
    assert_eq!(Packet::default().emit(&mut small), Err(error));
    let tlvs = [Tlv::GroupState(GroupState::default()); 2];
    let error = EmitError::BufferTooSmall { needed: 84, available: 19 };
    assert_eq!(Message::V2((&tlvs).into()).emit(&mut small), Err(error));
    let packet = Message::V1 { packet: Packet::default(), trailing: (&tlvs).into() };
    assert_eq!(packet.emit(&mut small), Err(EmitError::BufferTooSmall { needed: 104, available: 19 }));
    assert_eq!(small, [0xaa; 19]);

    let mut buffer = [0; 600];
    let mut writer = Writer::new(&mut buffer);
    let mut tlvs = ChainWriter::new(&mut writer, TlvFraming);
    tlvs.push(&Tlv::InterfaceState(InterfaceState { active_groups: 1, passive_groups: 0 })).unwrap();
    let long = Tlv::Unknown { tlv_type: TlvType(9), value: &[7; 256], missing: 0 };
    assert_eq!(tlvs.push(&long), Err(EmitError::FieldOverflow { field: "TLV length", value: 256, max: 255 }));
    assert_eq!(writer.written(), [2, 4, 0, 1, 0, 0]);
}

#[test]
fn a_changed_field_changes_the_octets_and_the_lengths_that_follow_from_it() {
    let octets = v1_octets(&[Tlv::Unknown { tlv_type: TlvType(9), value: &[1, 2], missing: 0 }]);
    let Message::V1 { packet, trailing } = Message::parse(&octets).unwrap() else { panic!("version 1") };
    let mut tlvs = [Tlv::InterfaceState(InterfaceState::default()), trailing.iter().next().unwrap()];
    tlvs[1] = Tlv::Unknown { tlv_type: TlvType(9), value: &[1, 2, 3], missing: 0 };
    let changed = Message::V1 { packet: Packet { priority: 7, ..packet }, trailing: (&tlvs).into() };
    let mut buffer = [0; 64];
    let written = changed.emit(&mut buffer).unwrap();
    assert_eq!(written.len(), octets.len() + 1 + 6);
    assert_eq!((written[5], &written[20..]), (7, &[2, 4, 0, 0, 0, 0, 9, 3, 1, 2, 3][..]));
}

#[test]
fn times_convert_without_loss_or_not_at_all() {
    use core::time::Duration;
    assert_eq!(v1::Seconds::from_duration(Duration::from_secs(255)), Some(v1::Seconds(255)));
    assert_eq!(v1::Seconds::from_duration(Duration::from_secs(256)), None);
    assert_eq!(v1::Seconds::from_duration(Duration::from_millis(1500)), None);
    assert_eq!(Duration::from(v1::Seconds(3)), Duration::from_secs(3));
    assert_eq!(v2::Milliseconds::from_duration(Duration::from_millis(1500)), Some(v2::Milliseconds(1500)));
    assert_eq!(v2::Milliseconds::from_duration(Duration::from_micros(1500)), None);
    assert_eq!(v2::Milliseconds::from_duration(Duration::from_secs(u64::MAX)), None);
    assert_eq!(
        (v1::Seconds(3).to_string(), v2::Milliseconds(3000).to_string()),
        ("3 s".into(), "3000 ms".into())
    );
}

#[test]
fn passwords_are_printed_padded_and_compared() {
    use vpnwire_hsrp::AuthenticationData;
    assert_eq!(AuthenticationData::default().0, [0x63, 0x69, 0x73, 0x63, 0x6f, 0, 0, 0]);
    assert_eq!(AuthenticationData::from_text("12345678").unwrap().password(), b"12345678");
    assert_eq!(AuthenticationData::from_text("123456789"), None);
    assert_eq!(AuthenticationData(*b"a\0b\0\0\0\0\xff").password(), b"a\0b\0\0\0\0\xff");
    assert_eq!(AuthenticationData(*b"a\0\xffb\0\0\0\0").to_string(), "a\\x00\\xffb");
    assert_eq!(AuthenticationData::NONE.password(), b"");
    let cisco = AuthenticationData::default();
    assert!(cisco.matches(&AuthenticationData::from_text("cisco").unwrap()));
    assert!(!cisco.matches(&AuthenticationData::from_text("cisc0").unwrap()));
}
