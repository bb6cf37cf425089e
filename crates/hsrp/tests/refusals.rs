//! A value that a reader would take for something else is not emitted, and neither is a TLV that was cut.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_hsrp::{
    Authentication, ChainWriter, Emit, EmitError, Hint, LengthError, Md5Authentication, Message, Opcode,
    ParseError, Tlv, TlvFraming, TlvType, Writer, v1, v2,
};

fn octets(emit: &impl Emit) -> Result<Vec<u8>, EmitError> {
    let mut octets = vec![0; emit.wire_len()];
    emit.emit(&mut octets)?;
    Ok(octets)
}

fn contradiction(emit: &impl Emit) -> &'static str {
    match octets(emit) {
        Err(EmitError::Contradiction { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

fn unknown(number: u8, value: &[u8]) -> Tlv<'_> {
    Tlv::Unknown { tlv_type: TlvType(number), value, missing: 0 }
}

#[test]
fn a_tlv_that_was_cut_is_not_written_by_any_way_and_has_its_name() {
    let whole = [2, 4, 0, 1, 0, 2, 3, 8, b'c', b'i', b's', b'c', b'o', 0, 0, 0];
    for missing in 1..=8 {
        let cut = Message::parse_until_error(&whole[..16 - missing]).unwrap();
        let Some(ParseError::Length(LengthError::Ends { element, .. })) = cut.fault else {
            panic!("the message is cut")
        };
        assert_eq!(element, "Text Authentication");
        let error = EmitError::CutElement { element: "Text Authentication", missing };
        assert_eq!(octets(&cut.value), Err(error));
        let tlvs: Vec<_> = cut.value.tlvs().iter().collect();
        assert_eq!(octets(&Message::V2(tlvs.as_slice().into())), Err(error));
        let shorter = [tlvs[0], unknown(3, &whole[8..16 - missing])];
        assert_ne!(cut.value, Message::V2((&shorter).into()), "a cut TLV differs from a TLV that is shorter");
        let mut buffer = [0; 32];
        let mut writer = Writer::new(&mut buffer);
        assert_eq!(ChainWriter::new(&mut writer, TlvFraming).push(&tlvs[1]), Err(error));
        assert_eq!(writer.position(), 0);
    }
}

#[test]
fn a_packet_is_not_written_under_the_opcode_of_another_layout() {
    let packet = v1::Packet { opcode: Opcode::ADVERTISE, ..v1::Packet::default() };
    assert_eq!(contradiction(&packet), "opcode");
    assert_eq!(contradiction(&Message::V1 { packet, trailing: (&[]).into() }), "opcode");
    assert!(octets(&v1::Packet::default()).is_ok());
}

#[test]
fn a_message_of_version_2_begins_with_a_tlv_that_is_not_version_1() {
    let none = Message::V2((&[]).into());
    assert_eq!(octets(&none), Err(EmitError::MissingElement { element: "TLV" }));
    for hint in [Hint::V1, Hint::V2] {
        assert!(Message::parse_hinted(&[], hint).is_err(), "no receiver accepts an empty message");
    }
    for number in 0..=255 {
        let tlvs = [unknown(number, &[7; 18]), Tlv::GroupState(v2::GroupState::default())];
        let message = Message::V2((&tlvs).into());
        if number == v1::VERSION {
            assert_eq!(contradiction(&message), "TLV type");
            continue;
        }
        // The destination of the datagram tells the version when the type does not.
        assert_eq!(Message::parse_hinted(&octets(&message).unwrap(), Hint::V2), Ok(message));
    }
    let second = [Tlv::GroupState(v2::GroupState::default()), unknown(0, &[7; 18])];
    assert!(octets(&Message::V2((&second).into())).is_ok());
}

#[test]
fn an_authentication_that_is_malformed_is_not_none() {
    let md5 = Tlv::Md5Authentication(Md5Authentication::unsealed([10, 0, 0, 1].into(), 0));
    let broken = Authentication::Malformed { tlv_type: TlvType::MD5_AUTHENTICATION };
    for len in [0, 27, 29] {
        let malformed = unknown(4, &[1; 29][..len]);
        for tlvs in [[malformed, md5], [Tlv::TextAuthentication(Default::default()), malformed]] {
            assert_eq!(Message::V2((&tlvs).into()).authentication(), broken);
            let packet = v1::Packet::default();
            assert_eq!(Message::V1 { packet, trailing: (&tlvs).into() }.authentication(), broken);
        }
    }
    let octets = octets(&Message::V2((&[md5]).into())).unwrap();
    let cut = Message::parse_until_error(&octets[..20]).unwrap().value;
    assert_eq!(cut.authentication(), broken);
    let broken = Authentication::Malformed { tlv_type: TlvType::TEXT_AUTHENTICATION };
    assert_eq!(Message::V2((&[unknown(3, b"cisco")]).into()).authentication(), broken);
    assert_eq!(Message::V2((&[unknown(9, b"cisco")]).into()).authentication(), Authentication::None);
}

#[test]
fn a_fixed_part_is_read_in_the_same_three_ways_as_a_message() {
    let packet = octets(&v1::Packet::default()).unwrap();
    let advertise = octets(&v1::Advertise::default()).unwrap();
    for len in 0..=21 {
        let longer = [&packet[..], &[7]].concat();
        let read = v1::Packet::parse_until_error(&longer[..len]);
        assert_eq!(read.and_then(|read| read.strict()), v1::Packet::parse_prefix(&longer[..len]));
        assert_eq!(read.is_ok_and(|read| read.rest.is_empty()), len == 20);
    }
    for len in 0..=17 {
        let longer = [&advertise[..], &[7]].concat();
        let read = v1::Advertise::parse_until_error(&longer[..len]);
        assert_eq!(read.and_then(|read| read.strict()), v1::Advertise::parse_prefix(&longer[..len]));
        assert_eq!(read.is_ok_and(|read| read.rest.is_empty()), len == 16);
    }
    assert_eq!(v1::Advertise::parse(&advertise), Ok(v1::Advertise::default()));
}
