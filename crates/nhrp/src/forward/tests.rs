use std::string::ToString;
use std::vec::Vec;

use super::*;
use crate::extension::TransitNhsRecord;
use crate::extension::authentication::{Authentication, verify};
use crate::fixed_part::write_checksum;
use crate::packet::tests::REQUEST;
use crate::{
    Addresses, Exchange, ExtensionValue, Indication, LengthError, NbmaAddress, OtherPart, ProtocolType,
    Seconds,
};

const HUB: Cie<'static> = Cie {
    code: crate::CieCode::SUCCESS,
    prefix_length: 0,
    unused: 0,
    maximum_transmission_unit: 1514,
    holding_time: Seconds(7200),
    client_nbma_address: NbmaAddress::new(&[209, 168, 202, 225]),
    client_nbma_subaddress: NbmaAddress::new(&[]),
    client_protocol_address: &[192, 168, 1, 1],
    preference: 0,
    missing: 0,
};

const NEXT_HOP: Credentials<'static> = Credentials::HmacMd5 {
    security_parameter_index: 9,
    source_address: &[192, 168, 1, 1],
    key: b"another key, for the next hop",
};

/// A packet at the front of a larger buffer.
fn buffer(octets: &[u8]) -> [u8; 512] {
    let mut buffer = [0xee; 512];
    buffer[..octets.len()].copy_from_slice(octets);
    buffer
}

fn emitted(packet: &Packet<'_>, extensions: &[Extension<'_>]) -> Vec<u8> {
    // These extensions stand behind those of the packet itself.
    let extensions: Vec<_> = packet.extensions.iter().chain(extensions.iter().cloned()).collect();
    let packet = Packet { extensions: Extensions::from(&extensions[..]), ..packet.clone() };
    packet.emit(&mut [0; 512]).unwrap().to_vec()
}

fn types(octets: &[u8]) -> Vec<u16> {
    assert_eq!(derived(octets), []);
    let packet = Packet::parse(octets).unwrap();
    packet.extension_elements().map(|element| element.header.extension_type.0).collect()
}

fn derived(octets: &[u8]) -> Vec<Departure> {
    FixedPart::parse_prefix(octets).unwrap().0.conformance(octets).collect()
}

fn only(octets: &[u8]) -> Cie<'_> {
    let cies = Cies::parse(octets, 0, CieFraming).unwrap();
    assert_eq!(cies.count(), 1);
    cies.iter().next().unwrap()
}

fn empty(extension_type: u16) -> Extension<'static> {
    let extension_type = ExtensionType(extension_type);
    Extension::new(ExtensionValue::Raw { extension_type, octets: &[], missing: 0 })
}

#[test]
fn each_server_decrements_and_zero_goes_nowhere_rfc_2332_section_5_1() {
    let mut octets = buffer(&REQUEST);
    let mut forward = Forward::new(&mut octets, 96).unwrap();
    assert_eq!(forward.decrement_hop_count(), Ok(254));
    let sent = forward.finish().unwrap().to_vec();
    assert_eq!(sent[9], 254);
    assert_eq!(types(&sent), [3, 4, 5, 7, 0]);
    let mut packet = Packet::parse(&REQUEST).unwrap();
    packet.hop_count = 0;
    let mut octets = buffer(&emitted(&packet, &[]));
    let mut forward = Forward::new(&mut octets, 96).unwrap();
    assert_eq!(forward.decrement_hop_count(), Err(ForwardError::HopCountExceeded));
    assert_eq!(forward.packet().unwrap().hop_count, 0);
}

#[test]
fn a_request_gets_a_forward_record_and_lengths_are_adjusted_rfc_2332_section_5_3_2() {
    let mut octets = buffer(&REQUEST);
    let mut forward = Forward::new(&mut octets, 96).unwrap();
    assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(TransitRecord::Appended));
    let next = Cie { client_protocol_address: &[192, 168, 1, 9], ..HUB };
    assert_eq!(forward.append_transit_nhs_record(&next), Ok(TransitRecord::Appended));
    let sent = forward.finish().unwrap();
    assert_eq!(sent.len(), 136);
    assert_eq!(sent[..12], [&REQUEST[..11], &[136]].concat());
    assert_eq!(sent[14..56], REQUEST[14..56]);
    assert_eq!(sent[56..60], [0x80, 4, 0, 40]);
    assert_eq!(only(&sent[60..80]), HUB);
    assert_eq!(only(&sent[80..100]), next);
    assert_eq!(sent[100..], REQUEST[60..]);
    assert_eq!(types(sent), [3, 4, 5, 7, 0], "the order is preserved, RFC 2332 section 5.3");
}

#[test]
fn a_reply_gets_a_reverse_record_rfc_2332_section_5_3_3() {
    let mut packet = Packet::parse(&REQUEST).unwrap();
    let MandatoryPart::ResolutionRequest(exchange) = packet.mandatory_part else { panic!("a request") };
    packet.mandatory_part = MandatoryPart::RegistrationReply(exchange);
    let mut octets = buffer(&emitted(&packet, &[]));
    let mut forward = Forward::new(&mut octets, 96).unwrap();
    assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(TransitRecord::Appended));
    let sent = forward.finish().unwrap();
    assert_eq!(sent[56..64], [0x80, 4, 0, 0, 0x80, 5, 0, 20]);
    assert_eq!(types(sent), [3, 4, 5, 7, 0]);
}

#[test]
fn nobody_asked_for_a_record() {
    let bare = Packet { extensions: Default::default(), ..Packet::parse(&REQUEST).unwrap() };
    let indication = Packet::new(ProtocolType::IPV4, MandatoryPart::TrafficIndication(Indication::default()));
    let other = OtherPart { packet_type: crate::PacketType(99), ..OtherPart::default() };
    let other = Packet::new(ProtocolType::IPV4, MandatoryPart::Other(other));
    for octets in [
        emitted(&bare, &[]),
        emitted(&bare, &[empty(3), empty(5)]),
        emitted(&indication, &[empty(4), empty(5)]),
        emitted(&other, &[empty(4), empty(5)]),
    ] {
        let mut buffer = buffer(&octets);
        let mut forward = Forward::new(&mut buffer, octets.len()).unwrap();
        assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(TransitRecord::NotRequested));
        assert_eq!(forward.finish().unwrap(), octets);
    }
}

#[test]
fn a_server_that_finds_itself_detects_a_loop_rfc_2332_sections_5_3_1_to_5_3_3() {
    let mut octets = buffer(&REQUEST);
    let mut forward = Forward::new(&mut octets, 96).unwrap();
    forward.append_transit_nhs_record(&HUB).unwrap();
    let other_nbma = Cie { client_nbma_address: NbmaAddress::new(&[1]), ..HUB };
    assert_eq!(
        forward.append_transit_nhs_record(&other_nbma),
        Err(ForwardError::LoopDetected { offset: 60 })
    );
    assert_eq!(forward.packet().unwrap().wire_len(), 116, "nothing was changed");

    let exchange = Exchange::default();
    let reply = Packet::new(ProtocolType::IPV4, MandatoryPart::ResolutionReply(exchange.clone()));
    let responder = crate::extension::ResponderAddress { responder: Some(HUB) };
    let responder = Extension::new(ExtensionValue::ResponderAddress(responder));
    let octets = emitted(&reply, slice::from_ref(&responder));
    let mut buf = buffer(&octets);
    let mut forward = Forward::new(&mut buf, octets.len()).unwrap();
    assert_eq!(forward.append_transit_nhs_record(&HUB), Err(ForwardError::LoopDetected { offset: 32 }));
    // Only a Resolution Reply is refused because of its responder.
    let reply = Packet::new(ProtocolType::IPV4, MandatoryPart::RegistrationReply(exchange));
    let octets = emitted(&reply, &[responder, empty(5)]);
    let mut buf = buffer(&octets);
    let mut forward = Forward::new(&mut buf, octets.len()).unwrap();
    assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(TransitRecord::Appended));
}

#[test]
fn a_transit_server_with_an_unrecognized_compulsory_extension_only_forwards_rfc_2332_section_5_3() {
    let packet = Packet::parse(&REQUEST).unwrap();
    for (compulsory, expected) in [(true, TransitRecord::ForwardingOnly), (false, TransitRecord::Appended)] {
        let octets = emitted(&packet, &[Extension { compulsory, ..empty(0x3f33) }]);
        let mut buffer = buffer(&octets);
        let mut forward = Forward::new(&mut buffer, octets.len()).unwrap();
        assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(expected));
        assert_eq!(types(forward.finish().unwrap()), [3, 4, 5, 7, 0x3f33, 0]);
    }
}

#[test]
fn authentication_is_regenerated_at_each_hop_and_never_duplicated_rfc_2332_section_5_3_4() {
    for credentials in [NEXT_HOP, Credentials::Password(b"short"), Credentials::Password(&[b'x'; 40])] {
        let mut octets = buffer(&REQUEST);
        let mut forward = Forward::new(&mut octets, 96).unwrap();
        forward.decrement_hop_count().unwrap();
        forward.append_transit_nhs_record(&HUB).unwrap();
        let sent = forward.regenerate_authentication(&credentials).unwrap();
        assert_eq!(types(sent), [3, 4, 5, 7, 0]);
        assert_eq!(verify(sent, &credentials), Ok(()));
        assert_eq!(sent[84..86], [0x80, 7]);
    }
}

#[test]
fn a_second_authentication_extension_is_taken_out() {
    let octets = [&REQUEST[..92], &REQUEST[64..92], &REQUEST[56..60], &REQUEST[64..]].concat();
    let octets = emitted(&Packet::parse_ignoring_size(&octets).unwrap(), &[]);
    let mut buffer = buffer(&octets);
    let forward = Forward::new(&mut buffer, octets.len()).unwrap();
    let sent = forward.regenerate_authentication(&NEXT_HOP).unwrap();
    assert_eq!(types(sent), [3, 4, 5, 7, 4, 0]);
    assert_eq!(verify(sent, &NEXT_HOP), Ok(()));
}

#[test]
fn more_than_eight_authentication_extensions_are_refused() {
    for count in [8, 9] {
        let octets = [&REQUEST[..64], &REQUEST[64..92].repeat(count), &REQUEST[92..]].concat();
        let octets = emitted(&Packet::parse_ignoring_size(&octets).unwrap(), &[]);
        let mut buffer = buffer(&octets);
        let forward = Forward::new(&mut buffer, octets.len()).unwrap();
        let result = forward.regenerate_authentication(&NEXT_HOP).map(|sent| types(sent));
        if count == 8 {
            assert_eq!(result, Ok([3, 4, 5, 7, 0].to_vec()));
        } else {
            assert_eq!(result, Err(ForwardError::RepeatedAuthentication { count }));
            assert_eq!(buffer[..octets.len()], octets);
        }
    }
}

#[test]
fn authentication_is_added_where_there_was_none() {
    let packet = Packet { extensions: Default::default(), ..Packet::parse(&REQUEST).unwrap() };
    for (extensions, expected) in [(&[empty(3), empty(9)][..], &[3, 9, 7, 0][..]), (&[], &[7, 0])] {
        let octets = emitted(&packet, extensions);
        let mut buffer = buffer(&octets);
        let forward = Forward::new(&mut buffer, octets.len()).unwrap();
        let sent = forward.regenerate_authentication(&NEXT_HOP).unwrap();
        assert_eq!(types(sent), expected);
        assert_eq!(verify(sent, &NEXT_HOP), Ok(()));
    }
}

#[test]
fn no_extension_may_be_added_to_an_error_indication_rfc_2332_section_5_2_7() {
    let error_code = ErrorCode::HOP_COUNT_EXCEEDED;
    let indication = Indication { error_code, packet_in_error: &REQUEST, ..Indication::default() };
    let octets = emitted(&Packet::new(ProtocolType::IPV4, MandatoryPart::ErrorIndication(indication)), &[]);
    let mut buffer = buffer(&octets);
    let mut forward = Forward::new(&mut buffer, octets.len()).unwrap();
    assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(TransitRecord::NotRequested));
    assert_eq!(forward.regenerate_authentication(&NEXT_HOP).unwrap(), octets);
}

#[test]
fn an_error_indication_of_its_own_is_dropped_quietly_rfc_2332_section_5_2_7() {
    let sent_by = |nbma: &'static [u8], protocol: &'static [u8]| {
        let addresses = Addresses {
            source_nbma_address: NbmaAddress::new(nbma),
            source_protocol_address: protocol,
            ..Addresses::default()
        };
        let indication = Indication { addresses, packet_in_error: &REQUEST, ..Indication::default() };
        let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::ErrorIndication(indication));
        let octets = emitted(&packet, &[]);
        let mut buffer = buffer(&octets);
        Forward::new(&mut buffer, octets.len()).unwrap().append_transit_nhs_record(&HUB)
    };
    let (nbma, protocol) = (HUB.client_nbma_address.octets, HUB.client_protocol_address);
    assert_eq!(sent_by(nbma, protocol), Err(ForwardError::OwnErrorIndication));
    assert_eq!(sent_by(&[1], protocol), Ok(TransitRecord::NotRequested));
    assert_eq!(sent_by(nbma, &[1]), Ok(TransitRecord::NotRequested));
}

#[test]
fn its_own_record_is_found_in_a_second_extension_too() {
    let own = Cies::Values(&[HUB]);
    let second = Extension::new(ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord { records: own }));
    let octets = emitted(&Packet::parse(&REQUEST).unwrap(), &[second]);
    let mut buffer = buffer(&octets);
    let mut forward = Forward::new(&mut buffer, octets.len()).unwrap();
    assert_eq!(forward.append_transit_nhs_record(&HUB), Err(ForwardError::LoopDetected { offset: 96 }));
}

#[test]
fn the_other_zero_of_the_checksum_is_right_too_rfc_1624_section_3() {
    // The source address is chosen so that the sum is all ones.
    let mut octets = REQUEST;
    octets[12..14].copy_from_slice(&[0, 0]);
    octets[28..30].copy_from_slice(&[0, 0]);
    let missing = wire::InternetChecksum::of(&octets);
    octets[28..30].copy_from_slice(&missing.to_be_bytes());
    assert_eq!(derived(&octets), []);
    octets[12..14].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(derived(&octets), [Departure::NegativeZeroChecksum]);
    let sent = Forward::new(&mut octets, 96).unwrap().finish().unwrap();
    assert_eq!(sent[12..14], [0, 0]);
}

#[test]
fn each_refusal_has_its_error_code_rfc_2332_section_5_2_7() {
    let code = |error: ForwardError| error.error_code();
    let emit = EmitError::BufferTooSmall { needed: 2, available: 1 };
    assert_eq!(code(ParseError::Version { version: 0 }.into()), Some(ErrorCode(7)));
    assert_eq!(code(ForwardError::Checksum { found: 0, computed: 1 }), Some(ErrorCode(7)));
    assert_eq!(code(ForwardError::HopCountExceeded), Some(ErrorCode(15)));
    assert_eq!(code(ForwardError::LoopDetected { offset: 0 }), Some(ErrorCode(3)));
    assert_eq!(code(ForwardError::RepeatedAuthentication { count: 9 }), Some(ErrorCode(9)));
    assert_eq!(code(emit.into()), Some(ErrorCode(8)));
    assert_eq!(code(ForwardError::OwnErrorIndication), None);
    let address = CredentialsError::SourceAddressLength { found: 16, needed: 4 };
    assert_eq!(code(address.into()), None);
    assert_eq!(
        address.to_string(),
        "the address in the credentials has 16 octets, but it must have 4, as the packet's source protocol address has"
    );
}

#[test]
fn authentication_before_the_record_keeps_its_place() {
    // FRR and others have another order: the authentication extension may stand anywhere.
    let packet = Packet { extensions: Default::default(), ..Packet::parse(&REQUEST).unwrap() };
    let password = Extension::new(ExtensionValue::Authentication(Authentication::password(b"secret")));
    let octets = emitted(&packet, &[password, empty(9), empty(4), empty(3)]);
    for credentials in [NEXT_HOP, Credentials::Password(b"a longer one"), Credentials::Password(b"x")] {
        let mut buffer = buffer(&octets);
        let mut forward = Forward::new(&mut buffer, octets.len()).unwrap();
        assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(TransitRecord::Appended));
        let sent = forward.regenerate_authentication(&credentials).unwrap();
        assert_eq!(types(sent), [7, 9, 4, 3, 0]);
        assert_eq!(verify(sent, &credentials), Ok(()));
        let record = Packet::parse(sent).unwrap().extensions.elements().nth(2).unwrap();
        assert_eq!(only(record.value), HUB);
    }
}

#[test]
fn a_packet_that_is_broken_is_not_made_right_by_forwarding() {
    let mut octets = REQUEST;
    octets[40] = 1;
    let error = Forward::new(&mut octets, 96).unwrap_err();
    assert_eq!(error, ForwardError::Checksum { found: 0xef3f, computed: 0xee3f });
    let error = Forward::new(&mut octets, 90).unwrap_err();
    let fault = LengthError::Ends {
        within: "NHRP packet",
        element: "Authentication extension",
        offset: 64,
        needed: 28,
        available: 26,
    };
    assert_eq!(error, ForwardError::Parse(fault.into()));
    let error = Forward::new(&mut octets, 97).unwrap_err();
    assert_eq!(error, EmitError::BufferTooSmall { needed: 97, available: 96 }.into());
}

#[test]
fn an_extension_offset_that_lied_is_put_right_and_a_packet_size_that_lied_is_refused() {
    let mut octets = REQUEST[..52].to_vec();
    octets[11] = 52; // the extension offset stays at 52, the end
    write_checksum(&mut octets).unwrap();
    let sent = Forward::new(&mut octets, 52).unwrap().finish().unwrap();
    assert_eq!((&sent[10..12], &sent[14..16]), (&[0, 52][..], &[0, 0][..]));
    assert_eq!(types(sent), []);
    for size in [51, 53] {
        octets[11] = size;
        write_checksum(&mut octets).unwrap();
        let error = Forward::new(&mut octets, 52).unwrap_err();
        assert_eq!(error.error_code(), Some(ErrorCode::PROTOCOL_ERROR), "a packet size of {size}");
    }
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut octets = [0; 115];
    octets[..96].copy_from_slice(&REQUEST);
    let before = octets;
    let mut forward = Forward::new(&mut octets, 96).unwrap();
    let error = ForwardError::Emit(EmitError::BufferTooSmall { needed: 116, available: 115 });
    assert_eq!(forward.append_transit_nhs_record(&HUB), Err(error));
    let error = forward.regenerate_authentication(&Credentials::Password(&[b'x'; 40])).unwrap_err();
    assert_eq!(error, EmitError::BufferTooSmall { needed: 116, available: 115 }.into());
    assert_eq!(octets, before);
    let address = Credentials::HmacMd5 { security_parameter_index: 2, source_address: &[1; 16], key: b"k" };
    let error = Forward::new(&mut octets, 96).unwrap().regenerate_authentication(&address).unwrap_err();
    assert_eq!(error, CredentialsError::SourceAddressLength { found: 16, needed: 4 }.into());
    let huge = std::vec![b'x'; 65_532];
    let mut buffer = std::vec![0; 70_000];
    buffer[..96].copy_from_slice(&REQUEST);
    let forward = Forward::new(&mut buffer, 96).unwrap();
    assert!(matches!(
        forward.regenerate_authentication(&Credentials::Password(&huge)),
        Err(ForwardError::Emit(EmitError::FieldOverflow { .. }))
    ));
    assert_eq!(buffer[..96], REQUEST);
}

#[test]
fn a_record_that_cannot_be_written_changes_nothing() {
    let mut octets = buffer(&REQUEST);
    let before = octets;
    let long = Cie { client_nbma_address: NbmaAddress::new(&[0; 64]), ..HUB };
    let mut forward = Forward::new(&mut octets, 96).unwrap();
    assert!(matches!(
        forward.append_transit_nhs_record(&long),
        Err(ForwardError::Emit(EmitError::FieldOverflow { value: 64, .. }))
    ));
    assert_eq!(octets, before);
}

#[test]
fn rotation_moves_the_end_to_the_front() {
    for count in 0..=7 {
        let mut octets = [1, 2, 3, 4, 5, 6, 7];
        rotate_right(&mut octets, count);
        let mut expected = [1, 2, 3, 4, 5, 6, 7];
        expected.rotate_right(count);
        assert_eq!(octets, expected);
    }
}
