use std::vec::Vec;

use super::*;
use crate::extension::authentication::{Authentication, AuthenticationError, verify};
use crate::packet::tests::REQUEST;
use crate::{
    Addresses, ErrorCode, ExtensionType, ExtensionValue, Extensions, FixedPart, Forward, Indication,
    ProtocolType,
};

const KEY: Credentials<'static> = Credentials::HmacMd5 {
    security_parameter_index: 0x1234,
    source_address: &[192, 168, 1, 3],
    key: b"cisco123",
};

fn sent(packet: &Packet<'_>, credentials: &Credentials<'_>) -> Vec<u8> {
    let packet = packet.authenticated(credentials).unwrap();
    let mut octets = std::vec![0xaa; packet.wire_len()];
    let len = octets.len();
    assert_eq!(packet.emit(&mut octets).map(|written| written.len()), Ok(len));
    octets
}

fn types(octets: &[u8]) -> Vec<u16> {
    let (fixed_part, _) = FixedPart::parse_prefix(octets).unwrap();
    assert_eq!(fixed_part.conformance(octets).count(), 0);
    let packet = Packet::parse(octets).unwrap();
    packet.extension_elements().map(|element| element.header.extension_type.0).collect()
}

fn empty(extension_type: u16) -> Extension<'static> {
    let extension_type = ExtensionType(extension_type);
    Extension::new(ExtensionValue::Raw { extension_type, octets: &[], missing: 0 })
}

#[test]
fn the_digest_is_derived_like_a_checksum() {
    let mut packet = Packet::parse(&REQUEST).unwrap();
    assert_eq!(sent(&packet, &KEY), REQUEST, "Python's hmac made the same digest");
    packet.hop_count = 254;
    let mut stale = [0; 96];
    let stale = packet.emit(&mut stale).unwrap();
    assert_eq!(verify(stale, &KEY), Err(AuthenticationError::NotAuthentic));
    let octets = sent(&packet, &KEY);
    assert_eq!(verify(&octets, &KEY), Ok(()));
    assert_ne!(octets[76..92], REQUEST[76..92]);
    assert_eq!(octets[..9], REQUEST[..9]);
}

#[test]
fn it_is_what_forwarding_in_place_sends() {
    let bare = Packet { extensions: Extensions::default(), ..Packet::parse(&REQUEST).unwrap() };
    let password = empty(7);
    for (extensions, expected) in [
        (&[][..], &[7, 0][..]),
        (&[empty(3), empty(9)], &[3, 9, 7, 0]),
        (&[empty(3), password.clone(), empty(9)], &[3, 7, 9, 0]),
        (&[password.clone(), empty(4), password], &[7, 4, 0]),
    ] {
        let packet = Packet { extensions: Extensions::from(extensions), ..bare.clone() };
        for credentials in [KEY, Credentials::Password(b"short"), Credentials::Password(&[b'x'; 40])] {
            let octets = sent(&packet, &credentials);
            assert_eq!(types(&octets), expected);
            assert_eq!(verify(&octets, &credentials), Ok(()));
            let mut buffer = [0; 256];
            let len = packet.emit(&mut buffer).unwrap().len();
            let forward = Forward::new(&mut buffer, len).unwrap();
            assert_eq!(forward.regenerate_authentication(&credentials).unwrap(), octets);
        }
    }
}

#[test]
fn it_is_written_where_the_writer_stands() {
    let packet = Packet::parse(&REQUEST).unwrap();
    let authenticated = packet.authenticated(&KEY).unwrap();
    let mut buffer = [0xee; 200];
    let mut writer = Writer::new(&mut buffer);
    writer.put(&[1, 2, 3]).unwrap();
    authenticated.emit_into(&mut writer).unwrap();
    assert_eq!(writer.written(), [&[1, 2, 3], &REQUEST[..]].concat());
    let error = EmitError::BufferTooSmall { needed: 96, available: 95 };
    assert_eq!(authenticated.emit(&mut [0; 95]), Err(error));
}

#[test]
fn an_error_indication_has_no_extensions_and_gets_none_rfc_2332_section_5_2_7() {
    let indication = Indication {
        error_code: ErrorCode::HOP_COUNT_EXCEEDED,
        addresses: Addresses { source_protocol_address: &[10, 0, 0, 1], ..Addresses::default() },
        packet_in_error: &REQUEST,
        ..Indication::default()
    };
    let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::ErrorIndication(indication));
    assert_eq!(types(&sent(&packet, &KEY)), []);
}

#[test]
fn credentials_of_another_protocol_are_refused_rfc_2332_section_5_3_4_1() {
    let packet = Packet::parse(&REQUEST).unwrap();
    let credentials =
        Credentials::HmacMd5 { security_parameter_index: 2, source_address: &[1; 16], key: b"k" };
    let error = packet.authenticated(&credentials).unwrap_err();
    assert_eq!(error, CredentialsError::SourceAddressLength { found: 16, needed: 4 });
}

#[test]
fn a_hash_is_not_sent_under_the_index_that_receivers_take_for_a_password() {
    let packet = Packet::parse(&REQUEST).unwrap();
    let credentials = Credentials::HmacMd5 {
        security_parameter_index: Authentication::CISCO_SPI,
        source_address: &[192, 168, 1, 3],
        key: b"k",
    };
    assert_eq!(packet.authenticated(&credentials).unwrap_err(), CredentialsError::CiscoSpi);
    let mut octets = REQUEST;
    let forward = Forward::new(&mut octets, 96).unwrap();
    assert_eq!(forward.regenerate_authentication(&credentials), Err(CredentialsError::CiscoSpi.into()));
    assert_eq!(octets, REQUEST);
}

#[test]
fn a_packet_that_is_cut_is_not_authenticated_as_a_whole_one() {
    for len in 20..REQUEST.len() {
        let cut = Packet::parse_until_error(&REQUEST[..len]).unwrap().value;
        // When the mandatory part is cut, its source protocol address is not as long as the address in the
        // credentials.
        let Ok(packet) = cut.authenticated(&KEY) else { continue };
        let error = packet.emit(&mut [0; 256]).unwrap_err();
        assert!(matches!(error, EmitError::CutElement { .. }), "{len}: {error}");
    }
}

#[test]
fn a_password_that_does_not_fit_is_refused() {
    let packet = Packet::parse(&REQUEST).unwrap();
    let password = std::vec![b'x'; 65_532];
    let packet = packet.authenticated(&Credentials::Password(&password)).map(|packet| {
        let mut buffer = std::vec![0; 70_000];
        packet.emit(&mut buffer).map(|written| written.len())
    });
    assert!(matches!(packet, Ok(Err(EmitError::FieldOverflow { field: "extension length", .. }))));
}
