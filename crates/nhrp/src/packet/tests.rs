use std::string::ToString;
use std::vec::Vec;

use super::*;
use crate::{
    Addresses, Authentication, CieCode, ErrorCode, Exchange, ExtensionType, ExtensionValue, Flags,
    Indication, NbmaAddress, PacketType,
};

/// A Resolution Request with one bare entry and an RFC 2332 authentication; octets made with Python's struct and hmac.
pub(crate) const REQUEST: [u8; 96] = [
    0x00, 0x01, 0x08, 0x00, 0, 0, 0, 0, 0, 0xff, 0x00, 0x60, 0xef, 0x3f, 0x00, 0x34, 0x01, 0x01, 0x04,
    0x00, //
    0x04, 0x04, 0xc8, 0x00, 0, 0, 0, 7, 209, 168, 202, 131, 192, 168, 1, 3, 192, 168, 1, 2, //
    0x00, 0x00, 0x00, 0x00, 0x05, 0xea, 0x1c, 0x20, 0, 0, 0, 0, //
    0x80, 0x03, 0, 0, 0x80, 0x04, 0, 0, 0x80, 0x05, 0, 0, //
    0x80, 0x07, 0, 24, 0, 0, 0x12, 0x34, 192, 168, 1, 3, //
    0x11, 0x70, 0x58, 0x36, 0x65, 0xbc, 0xf7, 0x13, 0x7a, 0x86, 0x4b, 0xe3, 0xdb, 0xb9, 0x37, 0xea, //
    0x80, 0, 0, 0,
];

fn departures(octets: &[u8]) -> Vec<Departure> {
    let mut found = Vec::new();
    Packet::parse_reporting(octets, &mut |departure| found.push(departure)).unwrap();
    found
}

fn emitted(packet: &Packet<'_>) -> Vec<u8> {
    let mut octets = std::vec![0xaa; packet.wire_len()];
    assert_eq!(packet.emit(&mut octets), Ok(octets.len()));
    octets
}

fn length(element: &'static str, offset: usize, needed: usize, available: usize) -> ParseError {
    LengthError::Ends { within: "NHRP packet", element, offset, needed, available }.into()
}

#[test]
fn a_packet_goes_both_ways() {
    let packet = Packet::parse(&REQUEST).unwrap();
    assert_eq!(departures(&REQUEST), []);
    assert_eq!(packet.address_family, AddressFamily::IPV4);
    assert_eq!(packet.protocol_type, ProtocolType::IPV4);
    assert_eq!(packet.hop_count, 255);
    let MandatoryPart::ResolutionRequest(exchange) = &packet.mandatory_part else { panic!("a request") };
    assert_eq!(exchange.flags, Flags::ROUTER | Flags::AUTHORITATIVE | Flags::SOURCE_STABLE);
    assert_eq!(exchange.request_id, 7);
    assert_eq!(exchange.addresses.source_nbma_address, NbmaAddress::new(&[209, 168, 202, 131]));
    assert_eq!(exchange.addresses.destination_protocol_address, [192, 168, 1, 2]);
    assert_eq!(exchange.cies.element_count(), 1);
    assert_eq!(exchange.cies.offset(), 40);
    let types: Vec<_> = packet.extensions.iter().map(|e| (e.header.extension_type.0, e.offset)).collect();
    assert_eq!(types, [(3, 52), (4, 56), (5, 60), (7, 64), (0, 92)]);
    assert_eq!(emitted(&packet), REQUEST);
}

#[test]
fn a_changed_field_changes_the_output_and_what_is_derived_from_it() {
    let mut packet = Packet::parse(&REQUEST).unwrap();
    packet.hop_count = 254;
    let octets = emitted(&packet);
    assert_eq!((octets[9], &octets[12..14]), (254, &[0xef, 0x40][..]));
    let MandatoryPart::ResolutionRequest(exchange) = &mut packet.mandatory_part else { panic!("a request") };
    exchange.addresses.source_nbma_subaddress = NbmaAddress { reserved: false, e164: true, octets: &[9, 9] };
    let octets = emitted(&packet);
    assert_eq!(octets.len(), 98);
    assert_eq!((&octets[10..12], &octets[14..16], octets[19]), (&[0, 98][..], &[0, 54][..], 0x42));
    assert_eq!(departures(&octets), []);
    packet.extensions = Extensions::default();
    let octets = emitted(&packet);
    assert_eq!((octets.len(), &octets[14..16]), (54, &[0, 0][..]));
}

#[test]
fn every_part_that_is_known_is_written_from_its_value() {
    // An entry, and each extension with a body, changed in its decoded value: the octets follow.
    let packet = Packet::parse(&REQUEST).unwrap();
    let MandatoryPart::ResolutionRequest(exchange) = &packet.mandatory_part else { panic!("a request") };
    let entry = Cie { prefix_length: 255, ..Cie::all(&exchange.cies).next().unwrap() };
    let exchange = Exchange { cies: Default::default(), ..exchange.clone() };
    let bare = Packet {
        mandatory_part: MandatoryPart::ResolutionRequest(exchange),
        extensions: Extensions::default(),
        ..packet.clone()
    };
    let extensions = packet.decoded_extensions(Policy::default()).map(|(_, extension)| {
        let mut extension = extension.unwrap();
        if let ExtensionValue::Authentication(authentication) = &mut extension.value {
            *authentication = Authentication::password(b"x");
        }
        extension
    });
    let mut buffer = [0; 128];
    let len = bare.emit_with(&mut buffer, [entry], extensions).unwrap();
    assert_eq!(len, 96 - 24 + 5);
    assert_eq!(buffer[41], 255);
    assert_eq!(buffer[64..77], [0x80, 7, 0, 5, 0, 0, 0, 1, b'x', 0x80, 0, 0, 0]);
}

#[test]
fn the_checksum_covers_a_packet_of_odd_length_as_if_a_zero_followed_rfc_2332_section_5_1() {
    let mut packet = Packet::parse(&REQUEST).unwrap();
    let MandatoryPart::ResolutionRequest(exchange) = &mut packet.mandatory_part else { panic!("a request") };
    exchange.addresses.destination_protocol_address = &[192, 168, 1];
    let octets = emitted(&packet);
    assert_eq!(octets.len(), 95);
    let padded = [&octets[..], &[0]].concat();
    assert_eq!(InternetChecksum::of(&padded), 0);
    assert_eq!(departures(&octets), []);
}

#[test]
fn a_wrong_checksum_is_reported_and_written_right() {
    let mut octets = REQUEST;
    octets[13] ^= 1;
    let departure = Departure::Checksum { found: 0xef3e, computed: 0xef3f };
    assert_eq!(departures(&octets), [departure]);
    assert_eq!(departure.to_string(), "checksum 0xef3e, should be 0xef3f");
    assert_eq!(emitted(&Packet::parse(&octets).unwrap()), REQUEST);
}

#[test]
fn a_wrong_packet_size_is_reported_and_written_right() {
    let mut octets = REQUEST;
    octets[11] = 200;
    assert_eq!(
        departures(&octets),
        [
            Departure::PacketSize { found: 200, actual: 96 },
            Departure::Checksum { found: 0xef3f, computed: 0xeed7 }
        ]
    );
    assert_eq!(emitted(&Packet::parse(&octets).unwrap()), REQUEST);
    assert_eq!(Packet::parse_prefix(&octets), Err(length("NHRP packet", 0, 200, 96)));
    octets[11] = 19;
    assert_eq!(Packet::parse_prefix(&octets), Err(length("NHRP packet", 0, 20, 19)));
}

#[test]
fn what_follows_the_packet_size_is_the_rest() {
    let octets = [&REQUEST[..], &[1, 2, 3]].concat();
    let (packet, rest) = Packet::parse_prefix(&octets).unwrap();
    assert_eq!(rest, [1, 2, 3]);
    assert_eq!(Packet::parse(&REQUEST), Ok(packet));
    assert_eq!(Packet::parse(&octets), Err(ParseError::TrailingOctets { offset: 96, count: 3 }));
}

#[test]
fn an_extension_offset_at_the_end_is_reported_and_written_as_zero() {
    let mut octets = REQUEST[..52].to_vec();
    octets[11] = 52;
    assert!(departures(&octets).contains(&Departure::ExtensionOffset { found: 52 }));
    let packet = Packet::parse(&octets).unwrap();
    assert!(packet.extensions.is_empty());
    assert_eq!(emitted(&packet)[14..16], [0, 0]);
}

#[test]
fn an_extensions_part_with_its_end_alone_stays() {
    let mut octets = [&REQUEST[..52], &[0x80, 0, 0, 0]].concat();
    octets[11] = 56;
    assert_eq!(emitted(&Packet::parse(&octets).unwrap())[..12], octets[..12]);
    assert_eq!(emitted(&Packet::parse(&octets).unwrap())[14..], octets[14..]);
}

#[test]
fn a_lying_extension_offset_is_refused() {
    for found in [1, 19, 97, 0xffff] {
        let mut octets = REQUEST;
        octets[14..16].copy_from_slice(&u16::to_be_bytes(found));
        assert_eq!(Packet::parse(&octets), Err(ParseError::ExtensionOffset { found, len: 96 }));
        let parts = Parts::parse(&octets).unwrap();
        assert_eq!(parts.mandatory_part.is_ok(), found >= 97, "{found}");
    }
    // Inside the mandatory part: its addresses, its entry are cut.
    let offset = |found: u8| {
        let mut octets = REQUEST;
        octets[15] = found;
        Packet::parse(&octets).unwrap_err()
    };
    assert_eq!(offset(20), length("common header", 20, 8, 0));
    assert_eq!(offset(30), length("source NBMA address", 28, 4, 2));
    assert_eq!(offset(39), length("destination protocol address", 36, 4, 3));
    assert_eq!(offset(51), length("client information entry", 40, 12, 11));
    // 40 makes the entry an extension of type 0 with a value: what follows that is too much.
    assert_eq!(offset(40), ParseError::TrailingOctets { offset: 44, count: 52 });
}

#[test]
fn address_lengths_beyond_the_packet_are_refused() {
    for (at, value, error) in [
        (18, 63, length("source NBMA address", 28, 63, 24)),
        (19, 63, length("source NBMA subaddress", 32, 63, 20)),
        (20, 255, length("source protocol address", 32, 255, 20)),
        (21, 255, length("destination protocol address", 36, 255, 16)),
        (48, 63, length("client information entry", 40, 75, 12)),
        (50, 255, length("client information entry", 40, 267, 12)),
    ] {
        let mut octets = REQUEST;
        octets[at] = value;
        assert_eq!(Packet::parse(&octets), Err(error), "octet {at}");
    }
}

#[test]
fn an_extension_chain_without_end_is_refused_rfc_2332_section_5_3() {
    assert_eq!(Packet::parse(&REQUEST[..92]), Err(length("extension", 92, 4, 0)));
    assert_eq!(Packet::parse(&REQUEST[..94]), Err(length("extension", 92, 4, 2)));
    let parts = Parts::parse(&REQUEST[..92]).unwrap();
    assert_eq!(parts.extensions.element_count(), 4);
    let mut octets = REQUEST;
    octets[66..68].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(Packet::parse(&octets), Err(length("extension", 64, 65_539, 32)));
    // 16,000 extensions of no octets, and no end: framed once, refused.
    let octets = [&REQUEST[..52], &[0x3f, 0x33, 0, 0].repeat(16_000)].concat();
    assert_eq!(Packet::parse(&octets), Err(length("extension", 64_052, 4, 0)));
}

#[test]
fn a_zero_length_authentication_hides_nothing() {
    let mut octets = [&REQUEST[..68], &REQUEST[92..]].concat();
    octets[66..68].copy_from_slice(&[0, 0]);
    let packet = Packet::parse(&octets).unwrap();
    let decoded: Vec<_> = packet.decoded_extensions(Policy::default()).map(|(_, e)| e).collect();
    assert_eq!(decoded[3], Err(length("Authentication extension", 68, 4, 0)));
    assert!(decoded[4].is_ok());
    assert_eq!(emitted(&packet)[14..], octets[14..]);
}

#[test]
fn every_cut_is_an_error_and_its_parts_are_told() {
    for len in 0..REQUEST.len() {
        let cut = &REQUEST[..len];
        assert!(Packet::parse(cut).is_err(), "{len} octets");
        assert_eq!(Parts::parse(cut).is_ok(), len >= 20);
        if len >= 52 {
            let parts = Parts::parse(cut).unwrap();
            assert!(parts.mandatory_part.is_ok());
        }
    }
}

#[test]
fn a_version_other_than_1_is_another_protocol_rfc_2332_section_5_1() {
    let mut octets = REQUEST;
    octets[16] = 0;
    assert_eq!(Packet::parse(&octets), Err(ParseError::Version { version: 0 }));
    let parts = Parts::parse(&octets).unwrap();
    assert_eq!(parts.fixed_part.packet_type, PacketType::RESOLUTION_REQUEST);
    assert!(parts.extensions.is_empty());
}

#[test]
fn an_unknown_packet_type_is_kept() {
    let mut octets = REQUEST;
    octets[17] = 200;
    octets[18..20].copy_from_slice(&[0xff, 0xfe]);
    let packet = Packet::parse(&octets).unwrap();
    let MandatoryPart::Other(other) = &packet.mandatory_part else { panic!("unknown") };
    assert_eq!((other.packet_type, other.octets), (PacketType(200), &REQUEST[20..52]));
    assert_eq!(packet.mandatory_part.addresses(), None);
    let written = emitted(&packet);
    assert_eq!((&written[..12], &written[14..]), (&octets[..12], &octets[14..]));
}

#[test]
fn an_unrecognized_compulsory_extension_is_found_rfc_2332_section_5_3() {
    let packet = Packet::parse(&REQUEST).unwrap();
    assert_eq!(packet.unrecognized_compulsory(), None);
    let more = |compulsory, extension_type: u16| {
        let value = ExtensionValue::Raw { extension_type: extension_type.into(), octets: b"abc" };
        let mut buffer = [0; 128];
        let len =
            packet.emit_with(&mut buffer, [], [Extension { compulsory, unused: false, value }]).unwrap();
        let packet = Packet::parse(&buffer[..len]).unwrap();
        assert_eq!(packet.extensions.element_count(), 6);
        packet.unrecognized_compulsory().map(|element| (element.offset, element.header.extension_type))
    };
    assert_eq!(more(true, 0x3f33), Some((92, ExtensionType(0x3f33))));
    assert_eq!(more(false, 0x3f33), None);
    assert_eq!(more(true, 9), None);
}

#[test]
fn an_error_indication_carries_the_packet_in_error_rfc_2332_section_5_2_7() {
    let indication = Indication {
        error_code: ErrorCode::AUTHENTICATION_FAILURE,
        error_offset: 64,
        addresses: Addresses {
            source_nbma_address: NbmaAddress::new(&[192, 0, 2, 1]),
            source_protocol_address: &[10, 0, 0, 1],
            destination_protocol_address: &[10, 0, 0, 2],
            ..Addresses::default()
        },
        packet_in_error: &REQUEST[..40],
        ..Indication::default()
    };
    let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::ErrorIndication(indication));
    let octets = emitted(&packet);
    assert_eq!(octets.len(), 80);
    assert_eq!(octets[14..16], [0, 0], "no extensions may be added");
    assert_eq!(octets[22..28], [0, 0, 0, 11, 0, 64]);
    assert_eq!(Packet::parse(&octets), Ok(packet));
}

#[test]
fn values_that_do_not_fit_are_refused() {
    let packet = Packet::parse(&REQUEST).unwrap();
    assert_eq!(packet.emit(&mut [0; 95]), Err(EmitError::BufferTooSmall { needed: 96, available: 95 }));
    let octets = std::vec![0; 65_536];
    let value = ExtensionValue::Raw { extension_type: ExtensionType(0x3f33), octets: &octets };
    let mut buffer = std::vec![0; 70_000];
    let overflow = EmitError::FieldOverflow { field: "packet size", value: 65_636, max: 65_535 };
    assert_eq!(packet.emit_with(&mut buffer, [], [Extension::new(value)]), Err(overflow));
    let value = ExtensionValue::Raw { extension_type: ExtensionType(0x4000), octets: &[] };
    let overflow = EmitError::FieldOverflow { field: "extension type", value: 0x4000, max: 0x3fff };
    assert_eq!(packet.emit_with(&mut buffer, [], [Extension::new(value)]), Err(overflow));
}

#[test]
fn codes_are_named_as_the_rfc_numbers_them_and_as_frr_does() {
    assert_eq!(ErrorCode(3), ErrorCode::LOOP_DETECTED);
    assert_eq!(ErrorCode(2).to_string(), "NHRP Loop Detected (FRR)");
    assert_eq!(CieCode(12), CieCode::NO_BINDING);
    assert_eq!(CieCode(11).to_string(), "No Binding Exists (FRR)");
}

#[cfg(feature = "alloc")]
#[test]
fn to_vec_is_emit() {
    assert_eq!(Packet::parse(&REQUEST).unwrap().to_vec().unwrap(), REQUEST);
}
