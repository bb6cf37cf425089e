use std::string::ToString;
use std::vec::Vec;

use super::*;

/// Data and an acknowledgment, as RFC 2637 section 4.1 draws them: K, S and A, four octets of PPP.
const DATA: [u8; 20] = [0x30, 0x81, 0x88, 0x0b, 0, 4, 0, 23, 0, 0, 0, 9, 0, 0, 0, 8, 0xff, 3, 0xc0, 0x21];

fn emitted(packet: &EnhancedPacket<'_>) -> Result<Vec<u8>, EmitError> {
    let mut octets = std::vec![0xaa; packet.wire_len()];
    packet.emit(&mut octets).map(|octets| octets.to_vec())
}

fn told(octets: &[u8]) -> Vec<Departure> {
    EnhancedPacket::parse(octets).unwrap().conformance().collect()
}

#[test]
fn what_pptp_sends_is_read_and_written_and_departs_nowhere_rfc_2637_section_4_1() {
    let header = EnhancedHeader {
        sequence_number: Some(9),
        acknowledgment_number: Some(8),
        ..EnhancedHeader::new(23)
    };
    let data = EnhancedPacket { header, payload: &[0xff, 3, 0xc0, 0x21], missing: 0 };
    let unacknowledging =
        EnhancedPacket { header: EnhancedHeader { acknowledgment_number: None, ..header }, ..data };
    let acknowledgment =
        EnhancedPacket { header: EnhancedHeader { sequence_number: None, ..header }, payload: &[], ..data };
    for (octets, packet) in [
        (&DATA[..], data),
        (&[0x30, 1, 0x88, 0x0b, 0, 4, 0, 23, 0, 0, 0, 9, 0xff, 3, 0xc0, 0x21], unacknowledging),
        (&[0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 23, 0, 0, 0, 8], acknowledgment),
    ] {
        assert!(EnhancedPacket::is_enhanced(octets));
        assert_eq!(EnhancedPacket::parse(octets), Ok(packet));
        assert_eq!(EnhancedPacket::try_from(octets), Ok(packet));
        assert_eq!(emitted(&packet), Ok(octets.to_vec()));
        assert_eq!(packet.wire_len(), octets.len());
        assert_eq!(told(octets), []);
        assert_eq!(crate::Packet::parse(octets), Err(ParseError::Version { version: 1 }));
    }
    assert!(!EnhancedPacket::is_enhanced(&[0x30]) && !EnhancedPacket::is_enhanced(&[0x30, 0x82]));
    assert_eq!((EnhancedHeader::MIN_LEN, EnhancedHeader::MAX_LEN), (8, 16));
}

#[test]
fn a_packet_that_is_cut_says_where_and_keeps_what_is_there() {
    for len in 0..DATA.len() {
        let error = EnhancedPacket::parse(&DATA[..len]).unwrap_err();
        let (element, offset, needed) = match len {
            0 | 1 => ("GRE header", 0, 2),
            2..8 => ("enhanced GRE header", 0, 8),
            8..12 => ("GRE sequence number", 8, 4),
            12..16 => ("GRE acknowledgment number", 12, 4),
            _ => ("payload", 16, 4),
        };
        let available = len - offset;
        let expected = LengthError::Ends { element, within: "GRE packet", offset, needed, available };
        assert_eq!(error, ParseError::Length(expected), "{len} octets");
    }
    let Parsed { value, rest, fault } = EnhancedPacket::parse_until_error(&DATA[..18]).unwrap();
    assert_eq!((value.payload, value.missing, rest, fault.is_some()), (&[0xff, 3][..], 2, &[][..], true));
    assert_eq!(value.conformance().count(), 0);
    assert_eq!(emitted(&value), Err(EmitError::CutElement { element: "payload", missing: 2 }));
    // A payload of which nothing is there is a payload all the same.
    let headless = EnhancedPacket::parse_until_error(&DATA[..16]).unwrap().value;
    assert_eq!((headless.payload, headless.missing, headless.conformance().count()), (&[][..], 4, 0));
}

#[test]
fn the_payload_ends_where_its_length_says() {
    let longer = [&DATA[..], &[0; 3]].concat();
    let (packet, rest) = EnhancedPacket::parse_prefix(&longer).unwrap();
    assert_eq!((packet.payload.len(), rest), (4, &[0; 3][..]));
    assert_eq!(
        EnhancedPacket::parse(&longer).unwrap_err().to_string(),
        "3 octets follow the payload at offset 20 of the GRE packet, but nothing may follow it here"
    );
}

#[test]
fn flags_that_move_the_words_are_errors_and_others_are_kept() {
    for (flags, is_read) in [(0x30, true), (0x20, true), (0xb0, false), (0x70, false), (0x10, false)] {
        let octets = [&[flags][..], &DATA[1..]].concat();
        let read = EnhancedPacket::parse_prefix(&octets);
        assert_eq!(read.is_ok(), is_read, "{flags:#x}");
        if !is_read {
            assert_eq!(
                read.unwrap_err().to_string(),
                std::format!(
                    "the flags {flags:#04x}81 of a GRE packet of version 1 must have the key present bit, and \
                     neither the checksum present bit nor the routing present bit"
                )
            );
        }
    }
    for version in [0, 2, 7] {
        let octets = [&[0x30, 0x80 | version], &DATA[2..]].concat();
        assert_eq!(EnhancedPacket::parse(&octets), Err(ParseError::EnhancedVersion { version }));
    }
    // Each reserved bit alone, and then a field with a bit that is not reserved.
    for bit in (0..16).map(|shift| 1u16 << shift) {
        let header = EnhancedHeader { reserved: bit, sequence_number: Some(1), ..EnhancedHeader::new(1) };
        let packet = EnhancedPacket { header, payload: b"x", missing: 0 };
        match emitted(&packet) {
            Ok(octets) => {
                assert!(bit & 0x0f78 != 0, "{bit:#06x}");
                assert_eq!(EnhancedPacket::parse(&octets), Ok(packet));
                assert_eq!(told(&octets), [Departure::EnhancedReserved { bits: bit }]);
            }
            Err(error) => {
                assert!(bit & 0x0f78 == 0, "{bit:#06x}");
                assert!(matches!(error, EmitError::Contradiction { field: "Flags", .. }), "{error}");
            }
        }
    }
}

#[test]
fn what_departs_from_rfc_2637_section_4_1_is_told() {
    // A payload without the S bit; the S bit without a payload; another type than PPP.
    let without = [0x20, 0x81, 0x88, 0x0b, 0, 1, 0, 23, 0, 0, 0, 8, 0xff];
    let empty = [0x30, 1, 0x88, 0x0b, 0, 0, 0, 23, 0, 0, 0, 9];
    let other = [0x20, 0x81, 8, 0, 0, 0, 0, 23, 0, 0, 0, 8];
    for (octets, text) in [
        (&without[..], "a payload of 1 octets has no sequence number, but a packet with a payload has one"),
        (&empty, "the packet has a sequence number, but no payload that it could number"),
        (&other, "the protocol type of enhanced GRE is IPv4 (0x0800), but it should be PPP (0x880b)"),
    ] {
        let departures: Vec<_> = told(octets).iter().map(|it| (it.to_string(), it.reference())).collect();
        assert_eq!(departures, [(text.to_string(), "RFC 2637 section 4.1")]);
        assert_eq!(emitted(&EnhancedPacket::parse(octets).unwrap()), Ok(octets.to_vec()));
    }
}

#[test]
fn a_payload_is_as_long_as_its_field_can_say() {
    let payload = std::vec![0; 0x1_0000];
    let header = EnhancedHeader { sequence_number: Some(0), ..EnhancedHeader::new(1) };
    let packet = |len: usize| EnhancedPacket { header, payload: &payload[..len], missing: 0 };
    assert_eq!(&emitted(&packet(0xffff)).unwrap()[4..6], &[0xff, 0xff]);
    let error = EmitError::FieldOverflow { field: "Payload Length", value: 0x1_0000, max: 0xffff };
    assert_eq!(emitted(&packet(0x1_0000)), Err(error));
}
