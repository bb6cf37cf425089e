use std::string::ToString;
use std::vec::Vec;

use super::*;
use crate::{LengthError, ProtocolType};

fn departures(octets: &[u8]) -> Vec<Departure> {
    let mut found = Vec::new();
    Packet::parse_reporting(octets, &mut |departure| found.push(departure)).unwrap();
    found
}

fn emitted(packet: &Packet<'_>) -> Vec<u8> {
    let mut octets = std::vec![0xaa; packet.wire_len()];
    let len = octets.len();
    assert_eq!(packet.emit(&mut octets).map(|octets| octets.len()), Ok(len));
    octets
}

/// The sum of RFC 1071, computed by hand over this packet: 0x8000 + 0x0800 + 0x4500 = 0xcd00, with the complement
/// 0x32ff.
const WITH_CHECKSUM: [u8; 10] = [0x80, 0, 8, 0, 0x32, 0xff, 0, 0, 0x45, 0];

#[test]
fn a_header_is_written_alone_unless_a_checksum_has_to_cover_the_payload() {
    let header = Header { key: Some(7), ..Header::new(ProtocolType::IPV4) };
    let mut buffer = [0xaa; 16];
    assert_eq!(header.emit(&mut buffer).unwrap(), [0x20, 0, 8, 0, 0, 0, 0, 7]);
    let header = Header { reserved1: Some(0), ..header };
    let error = header.emit(&mut buffer).unwrap_err();
    assert!(matches!(error, EmitError::Contradiction { field: "Checksum", .. }), "{error}");
}

#[test]
fn the_flags_announce_the_words() {
    for flags in 0..8u8 {
        let header = Header {
            reserved1: (flags & 4 != 0).then_some(0),
            key: (flags & 2 != 0).then_some(0x0102_0304),
            sequence_number: (flags & 1 != 0).then_some(0x0506_0708),
            ..Header::new(ProtocolType::IPV6)
        };
        let packet = Packet { header, payload: b"x" };
        let octets = emitted(&packet);
        assert_eq!(header.wire_len(), 4 + 4 * flags.count_ones() as usize);
        assert_eq!(octets[0], (flags & 4) << 5 | (flags & 2) << 4 | (flags & 1) << 4);
        assert_eq!(Packet::parse(&octets), Ok(packet));
        assert_eq!(Header::parse_prefix(&octets), Ok((header, &b"x"[..])));
        assert_eq!(departures(&octets), []);
    }
}

#[test]
fn checksum_covers_header_and_payload_rfc_2784_section_2_5() {
    assert_eq!(departures(&WITH_CHECKSUM), []);
    assert_eq!(Packet::sent_checksum(&WITH_CHECKSUM), Ok(Some(0x32ff)));
    let packet = Packet::parse(&WITH_CHECKSUM).unwrap();
    assert_eq!(packet.header.reserved1, Some(0));
    assert_eq!(emitted(&packet), WITH_CHECKSUM);
    for changed in 0..WITH_CHECKSUM.len() {
        let mut octets = WITH_CHECKSUM;
        octets[changed] ^= 1;
        if changed == 0 || changed == 1 {
            continue; // other flags announce other words
        }
        assert_eq!(departures(&octets).len(), 1, "octet {changed}");
    }
}

#[test]
fn a_wrong_checksum_is_reported_and_written_right() {
    let mut octets = WITH_CHECKSUM;
    octets[5] = 0;
    let departure = Departure::Checksum { found: 0x3200, computed: 0x32ff };
    assert_eq!(departures(&octets), [departure]);
    assert_eq!(departure.to_string(), "the checksum is 0x3200, but it should be 0x32ff");
    assert_eq!(departure.reference(), "RFC 2784 section 2.5");
    assert_eq!(emitted(&Packet::parse(&octets).unwrap()), WITH_CHECKSUM);
}

#[test]
fn the_other_zero_of_the_checksum_is_right_too_rfc_1624_section_3() {
    // The sum 0x8000 + 0x0800 + 0x77ff is all ones, and its complement is 0.
    let octets = [0x80, 0, 8, 0, 0, 0, 0, 0, 0x77, 0xff];
    assert_eq!(departures(&octets), []);
    let mut other = octets;
    other[4..6].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(departures(&other), [Departure::NegativeZeroChecksum]);
    assert_eq!(
        Departure::NegativeZeroChecksum.to_string(),
        "the checksum is 0xffff, but it should be 0x0000"
    );
    assert_eq!(emitted(&Packet::parse(&other).unwrap()), octets);
}

#[test]
fn checksum_over_an_odd_payload() {
    let packet = Packet {
        header: Header { reserved1: Some(0), ..Header::new(ProtocolType::IPV4) },
        payload: &[1, 2, 3],
    };
    // The sum is 0x8000 + 0x0800 + 0x0102 + 0x0300 = 0x8c02, with the complement 0x73fd.
    assert_eq!(emitted(&packet)[4..6], [0x73, 0xfd]);
}

#[test]
fn a_changed_field_changes_the_checksum() {
    let mut packet = Packet::parse(&WITH_CHECKSUM).unwrap();
    packet.header.key = Some(1);
    let octets = emitted(&packet);
    assert_eq!(octets[..12], [0xa0, 0, 8, 0, 0x12, 0xfe, 0, 0, 0, 0, 0, 1]);
    packet.payload = &[];
    assert_eq!(emitted(&packet)[4..6], [0x57, 0xfe]);
}

#[test]
fn a_receiver_discards_where_bits_1_4_or_5_are_set_rfc_2784_section_2_3() {
    assert_eq!(Packet::parse(&[0x40, 0, 8, 0]), Err(ParseError::RoutingPresent { flags: 0x4000 }));
    assert_eq!(Packet::parse(&[0xf8, 0, 8, 0]), Err(ParseError::RoutingPresent { flags: 0xf800 }));
    assert_eq!(Packet::parse(&[0x08, 0, 8, 0]), Err(ParseError::StrictSourceRoute { flags: 0x0800 }));
    assert_eq!(Packet::parse(&[0x04, 0, 8, 0]), Err(ParseError::ReservedBit5 { flags: 0x0400 }));
}

#[test]
fn bits_6_to_12_are_ignored_on_receipt_and_kept_rfc_2784_section_2_3() {
    let octets = [0x03, 0xf8, 8, 0];
    let packet = Packet::parse(&octets).unwrap();
    assert_eq!(packet.header.reserved0, 0x7f);
    assert_eq!(emitted(&packet), octets);
    let header = Header { reserved0: 0x80, ..packet.header };
    assert_eq!(
        Packet { header, payload: &[] }.emit(&mut [0; 4]),
        Err(EmitError::FieldOverflow { field: "Reserved0", value: 128, max: 127 })
    );
}

#[test]
fn the_version_must_be_zero_rfc_2784_section_2_3_1() {
    for version in 1..8u8 {
        assert_eq!(Packet::parse(&[0x30, version, 0x88, 0x0b]), Err(ParseError::Version { version }));
    }
}

#[test]
fn flags_with_missing_words() {
    let length = |element, offset, available| {
        Err(ParseError::Length(LengthError::Ends {
            within: "GRE packet",
            element,
            offset,
            needed: 4,
            available,
        }))
    };
    assert_eq!(Packet::parse(&[0x80, 0, 8]), length("GRE header", 0, 3));
    assert_eq!(Packet::parse(&[0x80, 0, 8, 0, 0, 0, 0]), length("GRE checksum and Reserved1", 4, 3));
    assert_eq!(Packet::parse(&[0x20, 0, 8, 0]), length("GRE key", 4, 0));
    assert_eq!(Packet::parse(&[0x10, 0, 8, 0, 1]), length("GRE sequence number", 4, 1));
    assert_eq!(Packet::parse(&[0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]), length("GRE sequence number", 12, 0));
}

#[test]
fn gre_inside_gre_to_any_depth_is_one_level_at_a_time() {
    // 10,000 headers, each of which says that GRE follows. The registry has no number for that, so any number
    // serves here.
    let octets: Vec<u8> = [0, 0, 0x2f, 0x2f].repeat(10_000);
    let mut payload = &*octets;
    let mut depth = 0;
    while let Ok(packet) = Packet::parse(payload) {
        payload = packet.payload;
        depth += 1;
    }
    assert_eq!(depth, 10_000);
}

#[test]
fn a_short_buffer_is_told_the_whole_need() {
    let packet = Packet::parse(&WITH_CHECKSUM).unwrap();
    assert_eq!(packet.emit(&mut [0; 9]), Err(EmitError::BufferTooSmall { needed: 10, available: 9 }));
}

#[test]
fn a_header_goes_in_front_of_a_payload_that_is_there() {
    let mut packet = [9, 9, 9, 9, 9, 9, 9, 9, 0x45, 0];
    Header { reserved1: Some(0), ..Header::new(ProtocolType::IPV4) }.encapsulate(&mut packet).unwrap();
    assert_eq!(packet, WITH_CHECKSUM);
}

#[cfg(feature = "alloc")]
#[test]
fn to_vec_is_emit() {
    assert_eq!(Packet::parse(&WITH_CHECKSUM).unwrap().to_vec().unwrap(), WITH_CHECKSUM);
}
