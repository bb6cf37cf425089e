use std::string::ToString;
use std::vec::Vec;

use wire::{InternetChecksum, LengthError};

use super::*;
use crate::extension::TransitNhsRecord;
use crate::extension::authentication::Authentication;
use crate::{
    Addresses, Cie, CieCode, Cies, Departure, ErrorCode, Exchange, ExtensionType, ExtensionValue, Flags,
    Indication, NbmaAddress, OtherPart, PacketType, Seconds,
};

mod damage;
mod tables;

/// A Resolution Request with one bare entry and an RFC 2332 authentication. The octets were made with Python's struct
/// and hmac.
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
    Packet::parse_ignoring_size(octets).unwrap();
    let (fixed_part, _) = FixedPart::parse_prefix(octets).unwrap();
    fixed_part.conformance(octets).collect()
}

fn emitted(packet: &Packet<'_>) -> Vec<u8> {
    let mut octets = std::vec![0xaa; packet.wire_len()];
    let len = octets.len();
    assert_eq!(packet.emit(&mut octets).map(|written| written.len()), Ok(len));
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
    assert_eq!(exchange.cies.count(), 1);
    assert_eq!(exchange.cies.elements().next().unwrap().offset, 40);
    let types: Vec<_> = packet.extensions.elements().map(|e| (e.header.extension_type.0, e.offset)).collect();
    assert_eq!(types, [(3, 52), (4, 56), (5, 60), (7, 64)]);
    assert_eq!(
        packet.extension_elements().last().map(|end| (end.header.extension_type.0, end.offset)),
        Some((0, 92))
    );
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
    // An entry, and each extension with a body, is changed in its decoded value: the octets follow.
    let packet = Packet::parse(&REQUEST).unwrap();
    let MandatoryPart::ResolutionRequest(exchange) = &packet.mandatory_part else { panic!("a request") };
    let entry = [Cie { prefix_length: 255, ..exchange.cies.iter().next().unwrap() }];
    let exchange = Exchange { cies: Cies::from(&entry), ..exchange.clone() };
    let extensions: Vec<_> = packet
        .extensions
        .iter()
        .map(|mut extension| {
            match &mut extension.value {
                ExtensionValue::Authentication(authentication) => {
                    *authentication = Authentication::password(b"x");
                }
                ExtensionValue::ForwardTransitNhsRecord(record) => record.records = Cies::from(&entry),
                _ => {}
            }
            extension
        })
        .collect();
    let changed = Packet {
        mandatory_part: MandatoryPart::ResolutionRequest(exchange),
        extensions: Extensions::from(&extensions[..]),
        ..packet.clone()
    };
    let octets = emitted(&changed);
    assert_eq!(octets.len(), 96 - 24 + 5 + 12);
    assert_eq!(octets[41], 255);
    assert_eq!(octets[56..74], [0x80, 4, 0, 12, 0, 255, 0, 0, 5, 0xea, 0x1c, 0x20, 0, 0, 0, 0, 0x80, 5]);
    assert_eq!(octets[76..89], [0x80, 7, 0, 5, 0, 0, 0, 1, b'x', 0x80, 0, 0, 0]);
    assert_eq!(departures(&octets), []);
    assert_eq!(Packet::parse(&octets), Ok(changed));
}

#[test]
fn the_end_of_extensions_is_written_last_and_once_rfc_2332_section_5_3_0() {
    let bare = Packet { extensions: Extensions::default(), ..Packet::parse(&REQUEST).unwrap() };
    let other = Extension::new(ExtensionValue::Raw {
        extension_type: ExtensionType(0x3f33),
        octets: b"x",
        missing: 0,
    });
    let own = Extension { compulsory: false, unused: true, value: ExtensionValue::End(&[]) };
    let extensions = [other.clone()];
    for (end_of_extensions, end) in [(None, [0x80, 0, 0, 0]), (Some(own.clone()), [0x40, 0, 0, 0])] {
        let packet = Packet { extensions: (&extensions).into(), end_of_extensions, ..bare.clone() };
        let octets = emitted(&packet);
        assert_eq!(octets[52..], [&[0x3f, 0x33, 0, 1, b'x'], &end[..]].concat());
        assert_eq!(Packet::parse(&octets), Ok(packet), "a derived end is not a member");
    }
    for extensions in [&[other.clone(), own.clone()][..], &[own, other.clone()]] {
        let packet = Packet { extensions: extensions.into(), ..bare.clone() };
        let error = packet.emit(&mut [0; 200]).unwrap_err();
        let reason = "it stands among the extensions, but its place is the field end_of_extensions";
        assert_eq!(error, EmitError::Contradiction { field: "End Of Extensions", reason });
    }
    let packet = Packet { end_of_extensions: Some(other), ..bare };
    assert!(matches!(packet.emit(&mut [0; 200]), Err(EmitError::Contradiction { .. })));
}

#[test]
fn what_was_cut_is_not_written_member_by_member_either() {
    let cut = Packet::parse_until_error(&REQUEST[..90]).unwrap().value;
    let members: Vec<_> = cut.extensions.iter().collect();
    let again = Packet { extensions: (&members[..]).into(), ..Packet::parse(&REQUEST).unwrap() };
    let element = "Authentication extension";
    assert_eq!(again.emit(&mut [0; 200]), Err(EmitError::CutElement { element, missing: 2 }));
    assert_ne!(again, Packet::parse(&REQUEST).unwrap());
}

#[test]
fn a_packet_that_was_cut_anywhere_is_not_written_as_a_whole_one() {
    // The packet is cut with an extension offset and without one.
    let mut bare = Packet::parse(&REQUEST).unwrap();
    bare.extensions = Extensions::default();
    for octets in [&REQUEST[..], &emitted(&bare)] {
        for len in 20..octets.len() {
            let cut = Packet::parse_until_error(&octets[..len]).unwrap().value;
            let error = cut.emit(&mut [0; 200]).unwrap_err();
            assert!(matches!(error, EmitError::CutElement { .. }), "{len}: {error}");
        }
    }
}

#[test]
fn octets_are_not_written_under_a_packet_type_that_has_a_form_of_its_own() {
    for packet_type in 0..=255 {
        let other =
            OtherPart { packet_type: PacketType(packet_type), octets: &[1, 2, 3], ..OtherPart::default() };
        let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::Other(other));
        let mut buffer = [0; 64];
        match packet.emit(&mut buffer) {
            Ok(octets) => assert_eq!(Packet::parse(octets), Ok(packet), "{packet_type}"),
            Err(error) => {
                assert!((1..=8).contains(&packet_type));
                assert!(matches!(error, EmitError::Contradiction { field: "packet type", .. }));
            }
        }
    }
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
    assert_eq!(departure.to_string(), "the checksum is 0xef3e, but it should be 0xef3f");
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
    assert_eq!(emitted(&Packet::parse_ignoring_size(&octets).unwrap()), REQUEST);
    for read in [Packet::parse(&octets), Packet::parse_prefix(&octets).map(|(packet, _)| packet)] {
        assert_eq!(read, Err(length("NHRP packet", 0, 200, 96)));
    }
    octets[11] = 19;
    let declared = LengthError::Declared {
        element: "NHRP packet",
        within: "NHRP packet",
        offset: 0,
        least: 20,
        declared: 19,
    };
    assert_eq!(Packet::parse_prefix(&octets), Err(declared.into()));
    for size in [19, 200] {
        octets[11] = size;
        let read = Packet::parse_until_error(&octets).unwrap();
        assert_eq!((read.value, read.rest), (Packet::parse(&REQUEST).unwrap(), &[][..]));
        assert!(matches!(read.fault, Some(ParseError::Length(error)) if error.element() == "NHRP packet"));
    }
}

#[test]
fn what_follows_the_packet_size_is_the_rest() {
    let octets = [&REQUEST[..], &[1, 2, 3]].concat();
    let (packet, rest) = Packet::parse_prefix(&octets).unwrap();
    assert_eq!(rest, [1, 2, 3]);
    assert_eq!(Packet::parse(&REQUEST), Ok(packet));
    let read = Packet::parse_until_error(&octets).unwrap();
    assert_eq!((Ok(read.value), read.rest, read.fault), (Packet::parse(&REQUEST), rest, None));
    let error = |element| ParseError::TrailingOctets { element, offset: 96, count: 3 };
    assert_eq!(Packet::parse(&octets), Err(error("NHRP packet")));
    assert_eq!(Packet::parse_ignoring_size(&octets), Err(error("End Of Extensions")));
    assert_eq!(
        error("End Of Extensions").to_string(),
        "3 octets follow the End Of Extensions at offset 96 of the NHRP packet, but nothing may follow it"
    );
}

#[test]
fn the_rest_of_a_packet_with_a_fault_goes_to_the_end_of_the_octets() {
    let mut octets = [&REQUEST[..], &[1, 2, 3]].concat();
    // An extension goes beyond the packet: its octets are kept, and the octets behind the packet are the rest.
    octets[67] = 25;
    let read = Packet::parse_until_error(&octets).unwrap();
    assert_eq!(read.fault, Some(length("extension", 93, 4, 3)));
    assert_eq!(read.rest, &octets[93..]);
    // The packet now has half an entry, and half an extension behind it.
    octets[15] = 51;
    let read = Packet::parse_until_error(&octets).unwrap();
    assert_eq!(read.fault, Some(length("client information entry", 40, 12, 11)));
    assert_eq!(read.rest, &octets[40..]);
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
fn a_version_other_than_1_is_another_protocol_rfc_2332_section_5_1() {
    let mut octets = REQUEST;
    octets[16] = 0;
    assert_eq!(Packet::parse(&octets), Err(ParseError::Version { version: 0 }));
    assert_eq!(Packet::parse_until_error(&octets), Err(ParseError::Version { version: 0 }));
    assert_eq!(FixedPart::parse_prefix(&octets).unwrap().0.packet_type, PacketType::RESOLUTION_REQUEST);
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
        let value = ExtensionValue::Raw { extension_type: extension_type.into(), octets: b"abc", missing: 0 };
        let mut extensions: Vec<_> = packet.extensions.iter().collect();
        extensions.insert(4, Extension { compulsory, unused: false, value });
        let built = Packet { extensions: Extensions::from(&extensions[..]), ..packet.clone() };
        let octets = emitted(&built);
        let packet = Packet::parse(&octets).unwrap();
        assert_eq!(packet.extensions.count(), 5);
        assert_eq!(packet.unrecognized_compulsory(), built.unrecognized_compulsory(), "read or built");
        packet.unrecognized_compulsory().map(|(offset, extension)| (offset, extension.extension_type()))
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
    let mut buffer = std::vec![0; 140_000];
    let mut field = |value: ExtensionValue<'_>, times| {
        let extensions = std::vec![Extension::new(value); times];
        Packet { extensions: Extensions::from(&extensions[..]), ..packet.clone() }
            .emit(&mut buffer)
            .unwrap_err()
    };
    let octets = std::vec![0; 65_536];
    let raw = |extension_type, len| ExtensionValue::Raw {
        extension_type: ExtensionType(extension_type),
        octets: &octets[..len],
        missing: 0,
    };
    let overflow = EmitError::FieldOverflow { field: "extension length", value: 65_536, max: 65_535 };
    assert_eq!(field(raw(0x3f33, 65_536), 1), overflow);
    let overflow = EmitError::FieldOverflow { field: "packet size", value: 80_064, max: 65_535 };
    assert_eq!(field(raw(0x3f33, 40_000), 2), overflow);
    let overflow = EmitError::FieldOverflow { field: "extension type", value: 0x4000, max: 0x3fff };
    assert_eq!(field(raw(0x4000, 0), 1), overflow);
    let records = TransitNhsRecord { records: Cies::Values(&[LONG]) };
    let overflow = EmitError::FieldOverflow { field: "NBMA address length", value: 64, max: 63 };
    assert_eq!(field(ExtensionValue::ForwardTransitNhsRecord(records), 1), overflow);
}

/// An entry with an address that cannot be sent.
const LONG: Cie<'static> = Cie {
    code: CieCode::SUCCESS,
    prefix_length: 0,
    unused: 0,
    maximum_transmission_unit: 0,
    holding_time: Seconds::ZERO,
    client_nbma_address: NbmaAddress::new(&[0; 64]),
    client_nbma_subaddress: NbmaAddress::new(&[]),
    client_protocol_address: &[],
    preference: 0,
    missing: 0,
};

#[test]
fn a_policy_changes_what_extensions_are_and_not_what_is_written() {
    use crate::extension::authentication::{AuthenticationData, AuthenticationForm};
    let packet = Packet::parse(&REQUEST).unwrap();
    let data = |packet: &Packet<'_>| {
        let value = packet.extensions.iter().nth(3).unwrap().value;
        let ExtensionValue::Authentication(value) = value else { panic!("{value:?}") };
        matches!(value.data, AuthenticationData::Hash { digest, .. } if *digest == REQUEST[76..92])
    };
    assert!(!data(&packet));
    let read = packet.read_under(Policy::new(AuthenticationForm::Rfc, Default::default()));
    assert!(data(&read));
    assert_eq!((emitted(&read), emitted(&packet)), (REQUEST.to_vec(), REQUEST.to_vec()));
    let built =
        Packet { extensions: Extensions::default(), end_of_extensions: Some(Extension::END), ..packet };
    assert_eq!(built.read_under(Policy::default()), built);
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
