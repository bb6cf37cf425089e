use super::*;
use crate::Version;
use std::string::ToString;
use std::vec::Vec;

/// An Informational message with a Nonce of 8 octets and a Vendor ID of 2.
const MESSAGE: [u8; 46] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 10, 0x10, 5, 0, 0x9b, 0xb7, 0xe8, 0x3a, 0, 0, 0,
    46, //
    13, 0, 0, 12, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 6, 0xca, 0xfe,
];

fn rewritten(message: &Message<'_>) -> Vec<u8> {
    let mut buffer = std::vec![0; message.wire_len()];
    assert_eq!(message.emit(&mut buffer), Ok(buffer.len()));
    buffer
}

#[test]
fn a_message_both_ways() {
    let message = Message::parse(&MESSAGE).unwrap();
    assert_eq!(message.header.message_id, 0x9bb7_e83a);
    let payloads: Vec<_> = message.payloads(NegotiationContext::NONE).map(|(_, p)| p.unwrap()).collect();
    assert!(matches!(payloads[..], [Payload::Nonce(_), Payload::VendorId(_)]));
    assert_eq!(rewritten(&message), MESSAGE);
    assert_eq!(message.emit(&mut [0; 45]), Err(EmitError::BufferTooSmall { needed: 46, available: 45 }));
}

#[test]
fn a_total_length_above_the_octets_is_an_error_and_is_cut_for_those_who_look() {
    let error = ParseError::TotalLength { declared: 46, available: 45 };
    assert_eq!(Message::parse(&MESSAGE[..45]), Err(error));
    let (message, faults) = Message::parse_until_error(&MESSAGE[..45]).unwrap();
    assert_eq!(faults.length, Some(error));
    assert_eq!(faults.chain.unwrap().offset, 40);
    assert_eq!(message.body.payloads().unwrap().element_count(), 1);
    let mut octets = MESSAGE;
    octets[24] = 0xff;
    let (message, faults) = Message::parse_until_error(&octets).unwrap();
    assert_eq!(faults.first(), Some(ParseError::TotalLength { declared: 0xff00_002e, available: 46 }));
    assert_eq!(message.body.payloads().unwrap().element_count(), 2);
}

#[test]
fn a_total_length_below_the_header_is_an_error() {
    for declared in [0, 27] {
        let mut octets = MESSAGE;
        octets[27] = declared;
        let error = ParseError::TotalLengthBelowHeader { declared: u32::from(declared) };
        assert_eq!(Message::parse(&octets), Err(error));
        let (message, faults) = Message::parse_until_error(&octets).unwrap();
        assert_eq!((faults.length, faults.chain), (Some(error), None));
        assert_eq!(message.body.payloads().unwrap().element_count(), 2);
    }
}

#[test]
fn octets_after_the_total_length_are_reported_and_left_out() {
    let octets: Vec<u8> = MESSAGE.iter().copied().chain([0xde, 0xad, 0xbe]).collect();
    let mut told = Vec::new();
    let message = Message::parse_reporting(&octets, &mut |departure| told.push(departure)).unwrap();
    assert_eq!(told, [Departure::OctetsAfterMessage { count: 3 }]);
    assert_eq!(rewritten(&message), MESSAGE);
    assert_eq!(Message::parse_prefix(&octets).unwrap().1, [0xde, 0xad, 0xbe]);
    assert_eq!(Message::parse(&octets), Message::parse(&MESSAGE));
}

#[test]
fn octets_after_the_last_payload_are_kept() {
    let mut octets: Vec<u8> = MESSAGE.iter().copied().chain([0xde, 0xad]).collect();
    octets[27] = 48;
    let message = Message::parse(&octets).unwrap();
    assert_eq!(message.body.payloads().unwrap().rest(), [0xde, 0xad]);
    assert_eq!(rewritten(&message), octets);
}

#[test]
fn a_chain_that_ends_in_the_middle_is_an_error_with_its_offset() {
    let mut octets = MESSAGE;
    octets[40] = 8;
    assert_eq!(
        Message::parse(&octets).unwrap_err().to_string(),
        "Hash at offset 46 needs 4 octets, 0 available"
    );
    octets[40] = 0;
    octets[43] = 7;
    assert_eq!(
        Message::parse(&octets).unwrap_err().to_string(),
        "Vendor ID at offset 40 needs 7 octets, 6 available"
    );
}

#[test]
fn rfc_2408_section_3_1_another_major_version_is_an_error() {
    for version in [0x00, 0x20, 0xbe] {
        let mut octets = MESSAGE;
        octets[17] = version;
        let error = ParseError::Version { version: Version(version), offset: 17 };
        assert_eq!(Message::parse(&octets), Err(error));
        assert_eq!(Message::parse_until_error(&octets), Err(error));
    }
    let mut octets = MESSAGE;
    octets[17] = 0x11;
    assert_eq!(rewritten(&Message::parse(&octets).unwrap()), octets, "a minor version is read");
}

#[test]
fn an_encrypted_body_is_not_looked_into() {
    let mut octets = MESSAGE;
    octets[19] = 1;
    octets[28..].fill(0xff);
    let message = Message::parse(&octets).unwrap();
    assert_eq!(
        message.body,
        Body::Encrypted(Encrypted { next_payload: PayloadType::NONCE, octets: &[0xff; 18] })
    );
    assert_eq!(message.payloads(NegotiationContext::NONE).count(), 0);
    assert_eq!(rewritten(&message), octets);
}

#[test]
fn one_malformed_body_hides_no_neighbour_and_is_written_as_it_was() {
    let mut octets = MESSAGE;
    octets[16] = 5;
    octets[32] = 1; // An IPv4 address of four octets fits; one of type 6 does not.
    octets[33] = 0;
    assert!(Message::parse(&octets).unwrap().payloads(NegotiationContext::NONE).all(|(_, p)| p.is_ok()));
    octets[32] = 6;
    let message = Message::parse(&octets).unwrap();
    let decoded: Vec<_> = message.payloads(NegotiationContext::NONE).map(|(_, p)| p.is_ok()).collect();
    assert_eq!(decoded, [false, true]);
    assert_eq!(rewritten(&message), octets);
}
