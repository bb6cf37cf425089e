use super::*;
use crate::payload::hash::Hash;
use crate::payload::nonce::Nonce;
use crate::payload::vendor_id::VendorId;
use crate::{ChainWriter, ExchangeType, NatTraversal, PayloadBody, Role, Version, vendor};
use std::string::ToString;
use std::vec::Vec;

/// An Informational message with a Nonce of 8 octets and a Vendor ID of 2 octets.
const MESSAGE: [u8; 46] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 10, 0x10, 5, 0, 0x9b, 0xb7, 0xe8, 0x3a, 0, 0, 0,
    46, //
    13, 0, 0, 12, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 6, 0xca, 0xfe,
];

fn rewritten(message: &Message<'_>) -> Vec<u8> {
    let mut buffer = std::vec![0; message.wire_len()];
    let written = message.emit(&mut buffer).unwrap().len();
    assert_eq!(written, buffer.len());
    buffer
}

fn is_decoded(message: &Message<'_>) -> Vec<bool> {
    message.payloads().map(|payload| !matches!(payload.body, PayloadBody::Malformed { .. })).collect()
}

fn count(message: &Message<'_>) -> usize {
    message.elements().count()
}

#[test]
fn a_message_both_ways() {
    let message = Message::parse(&MESSAGE).unwrap();
    assert_eq!(message.header.message_id, 0x9bb7_e83a);
    let payloads: Vec<_> = message.payloads().map(|payload| payload.body).collect();
    assert!(matches!(payloads[..], [PayloadBody::Nonce(_), PayloadBody::VendorId(_)]));
    assert_eq!(rewritten(&message), MESSAGE);
    assert_eq!(message.emit(&mut [0; 45]), Err(EmitError::BufferTooSmall { needed: 46, available: 45 }));
}

#[test]
fn a_message_of_values_is_that_of_the_octets() {
    let read = Message::parse(&MESSAGE).unwrap();
    let payloads = [
        Nonce { nonce_data: &[0, 1, 2, 3, 4, 5, 6, 7] }.into(),
        VendorId { vendor_id: &[0xca, 0xfe] }.into(),
    ];
    let built = Message { body: Body::Payloads((&payloads).into()), ..read.clone() };
    assert_eq!(built, read);
    assert_eq!(rewritten(&built), MESSAGE);
    assert_eq!((built.payloads().count(), built.elements().count()), (2, 0));
}

#[test]
fn a_changed_field_changes_the_octets_and_what_follows_from_it() {
    let read = Message::parse(&MESSAGE).unwrap();
    let mut payloads: Vec<_> = read.payloads().collect();
    payloads[0].body = Hash { hash_data: &[9; 3] }.into();
    payloads[1].reserved = 0x80;
    let built = Message { body: Body::Payloads(payloads.as_slice().into()), ..read };
    let octets = rewritten(&built);
    assert_eq!((octets[16], octets[27]), (8, 41), "the first type and the total length follow");
    assert_eq!(octets[28..], [13, 0, 0, 7, 9, 9, 9, 0, 0x80, 0, 6, 0xca, 0xfe]);
    let built = Message { body: Body::Payloads(payloads[..1].into()), ..built };
    assert_eq!(rewritten(&built)[28..], [0, 0, 0, 7, 9, 9, 9], "the last payload names none");
}

#[test]
fn a_total_length_above_the_octets_is_an_error_and_all_octets_are_shown() {
    let error = ParseError::TotalLength { declared: 46, available: 45 };
    assert_eq!(Message::parse(&MESSAGE[..45]), Err(error));
    let parsed = Message::parse_until_error(&MESSAGE[..45]).unwrap();
    assert_eq!((parsed.fault, parsed.rest), (Some(error), &[][..]));
    let last = parsed.value.elements().last().unwrap();
    assert_eq!((last.offset, last.name, last.value, last.missing), (40, "Vendor ID", &[0xca][..], 1));
    let mut octets = MESSAGE;
    octets[24] = 0xff;
    let parsed = Message::parse_until_error(&octets).unwrap();
    assert_eq!(parsed.fault, Some(ParseError::TotalLength { declared: 0xff00_002e, available: 46 }));
    assert_eq!(count(&parsed.value), 2);
}

#[test]
fn a_message_cut_anywhere_keeps_what_is_there() {
    for cut in 28..46 {
        let parsed = Message::parse_until_error(&MESSAGE[..cut]).unwrap();
        assert_eq!(parsed.fault, Some(ParseError::TotalLength { declared: 46, available: cut }));
        let last = parsed.value.elements().last();
        match cut {
            28..32 => assert_eq!((last, parsed.rest), (None, &MESSAGE[28..cut])),
            32..40 => assert_eq!(last.map(|last| (last.name, last.missing)), Some(("Nonce", 40 - cut))),
            40..44 => {
                assert_eq!(last.map(|last| (last.offset, last.missing)), Some((28, 0)));
                assert_eq!(parsed.rest, &MESSAGE[40..cut]);
            }
            _ => assert_eq!(last.map(|last| (last.name, last.missing)), Some(("Vendor ID", 46 - cut))),
        }
    }
}

#[test]
fn a_total_length_below_the_header_is_an_error() {
    for declared in [0, 27] {
        let mut octets = MESSAGE;
        octets[27] = declared;
        let error = ParseError::TotalLengthBelowHeader { declared: u32::from(declared) };
        assert_eq!(Message::parse(&octets), Err(error));
        let parsed = Message::parse_until_error(&octets).unwrap();
        assert_eq!((parsed.fault, count(&parsed.value)), (Some(error), 2));
    }
}

#[test]
fn octets_after_the_message_are_an_error_and_the_rest() {
    let octets: Vec<u8> = MESSAGE.iter().copied().chain([0xde, 0xad, 0xbe]).collect();
    let element = "ISAKMP message";
    assert_eq!(
        Message::parse(&octets),
        Err(ParseError::TrailingOctets { element, within: element, offset: 46, count: 3 })
    );
    let (message, rest) = Message::parse_prefix(&octets).unwrap();
    assert_eq!(rest, [0xde, 0xad, 0xbe]);
    assert_eq!(Message::parse_until_error(&octets), Ok(Parsed { value: message.clone(), rest, fault: None }));
    assert_eq!(rewritten(&message), MESSAGE);
}

#[test]
fn octets_after_the_last_payload_are_kept() {
    let mut octets: Vec<u8> = MESSAGE.iter().copied().chain([0xde, 0xad]).collect();
    octets[27] = 48;
    let message = Message::parse(&octets).unwrap();
    assert_eq!(message.trailing, [0xde, 0xad]);
    assert_eq!(rewritten(&message), octets);
}

#[test]
fn a_chain_that_ends_in_the_middle_is_an_error_with_its_offset() {
    let mut octets = MESSAGE;
    octets[40] = 8;
    assert_eq!(
        Message::parse(&octets).unwrap_err().to_string(),
        "Hash at offset 46 of the ISAKMP message needs 4 octets, but only 0 are there"
    );
    octets[40] = 0;
    octets[43] = 7;
    assert_eq!(
        Message::parse(&octets).unwrap_err().to_string(),
        "Vendor ID at offset 40 of the ISAKMP message needs 7 octets, but only 6 are there"
    );
    octets[43] = 3;
    assert_eq!(
        Message::parse(&octets).unwrap_err().to_string(),
        "Vendor ID at offset 40 of the ISAKMP message has length 3, but its header alone has 4 octets"
    );
    let parsed = Message::parse_until_error(&octets).unwrap();
    assert_eq!((count(&parsed.value), parsed.rest), (1, &octets[40..]));
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
    assert_eq!((message.payloads().count(), message.elements().count()), (0, 0));
    assert_eq!(rewritten(&message), octets);
}

#[test]
fn a_decrypted_body_has_the_offsets_of_the_message_and_its_padding_is_the_rest() {
    let body = Encrypted { next_payload: PayloadType::HASH, octets: &[9; 8] };
    let context = NegotiationContext::NONE;
    let (payloads, padding) = body.payloads(&[0, 0, 0, 6, 1, 2, 0, 0], context).unwrap();
    let offsets: Vec<_> = payloads.elements().map(|element| element.offset).collect();
    assert_eq!((offsets, padding), (std::vec![28], &[0, 0][..]));
    assert_eq!(payloads.iter().next(), Some(Hash { hash_data: &[1, 2] }.into()));
    assert!(body.payloads(&[0, 0, 0, 9, 1, 2, 0, 0], context).is_err());
    let parsed = body.payloads_until_error(&[0, 0, 0, 9, 7], context);
    assert_eq!(parsed.value.elements().next().unwrap().missing, 4);
    assert!(parsed.fault.is_some());
}

#[test]
fn one_malformed_body_hides_no_neighbour_and_is_written_as_it_was() {
    let mut octets = MESSAGE;
    octets[16] = 5;
    octets[32] = 1; // An IPv4 address of four octets fits; one of type 6 does not.
    octets[33] = 0;
    assert_eq!(is_decoded(&Message::parse(&octets).unwrap()), [true, true]);
    octets[32] = 6;
    let message = Message::parse(&octets).unwrap();
    assert_eq!(is_decoded(&message), [false, true]);
    assert_eq!(rewritten(&message), octets);
}

#[test]
fn the_context_gives_the_payloads_of_a_message_their_meaning() {
    let vendor_id = VendorId { vendor_id: vendor::NAT_T_07.octets };
    let number_15 = PayloadBody::Unknown { payload_type: PayloadType(15), octets: &[7; 20] };
    let payloads = [vendor_id.into(), number_15.into()];
    let built = Message { body: Body::Payloads((&payloads).into()), trailing: &[1], ..Message::default() };
    let octets = rewritten(&built);
    let read = Message::parse(&octets).unwrap();
    assert_eq!(read, built);
    for message in [&read, &built] {
        let mut context = NegotiationContext::NONE;
        context.learn_from(Role::Initiator, message.body.payloads().unwrap());
        assert!(context.initiator.drafts_04_to_08, "vendor ids are met in octets and in values");
    }
    let mut context = NegotiationContext::NONE;
    context.learn(Role::Responder, &vendor_id);
    let meant = read.clone().in_context(context);
    match meant.payloads().nth(1).unwrap().body {
        PayloadBody::NatDetection(body) => assert_eq!(body.generation, NatTraversal::Drafts04To08),
        other => panic!("{other:?}"),
    }
    assert_ne!(meant, read);
    assert_eq!(rewritten(&meant), octets);
    assert_eq!(meant.in_context(NegotiationContext::NONE), read);
    assert_eq!(built.clone().in_context(context), built);
}

#[test]
fn a_message_that_is_cut_can_be_given_a_context() {
    let mut context = NegotiationContext::NONE;
    context.responder.drafts_04_to_08 = true;
    for cut in 28..46 {
        let cut = Message::parse_until_error(&MESSAGE[..cut]).unwrap().value;
        let meant = cut.clone().in_context(context);
        assert_eq!(meant, cut);
        assert_eq!(meant.body.payloads().unwrap().chain().unwrap().framing().context(), &context);
    }
}

#[test]
fn a_message_is_filled_payload_by_payload_where_the_writer_stands() {
    let header =
        Header { exchange_type: ExchangeType::AGGRESSIVE, initiator_cookie: [7; 8], ..Header::default() };
    let mut buffer = [0xee; 64];
    let mut writer = Writer::new(&mut buffer);
    writer.put(&crate::NON_ESP_MARKER).unwrap();
    let (message, framing) = UnfinishedMessage::begin(&mut writer, &header).unwrap();
    let mut chain = ChainWriter::new(&mut writer, framing);
    assert_eq!(chain.push(&Payload::from(Nonce { nonce_data: &[1, 2] })), Ok(36..38));
    let odd = PayloadBody::Unknown { payload_type: PayloadType(200), octets: &[] };
    chain.push(&Payload { reserved: 9, body: odd }).unwrap();
    let too_long = chain.push(&Payload::from(Nonce { nonce_data: &[3; 64] }));
    assert!(matches!(too_long, Err(EmitError::BufferTooSmall { .. })), "it leaves no trace");
    writer.put(&[0xde, 0xad]).unwrap();
    message.finish(&mut writer).unwrap();
    let written = writer.into_written();
    assert_eq!(written[4 + 16], 10, "the first type stands in the header");
    assert_eq!(written[4 + 24..4 + 28], [0, 0, 0, 40]);
    assert_eq!(written[4 + 28..], [200, 0, 0, 6, 1, 2, 0, 9, 0, 4, 0xde, 0xad]);
    let message = Message::parse(crate::strip_non_esp_marker(written).unwrap()).unwrap();
    assert_eq!((message.header, message.trailing), (header, &[0xde, 0xad][..]));
}

#[test]
fn a_message_without_payloads_is_its_header() {
    let octets = rewritten(&Message::default());
    assert_eq!((octets.len(), octets[16], octets[27]), (28, 0, 28));
    assert_eq!(Message::parse(&octets), Ok(Message::default()));
    let mut small = [0; 27];
    let mut writer = Writer::new(&mut small);
    assert!(UnfinishedMessage::begin(&mut writer, &Header::default()).is_err());
    assert_eq!(writer.position(), 0);
}

#[test]
fn rfc_2409_appendix_b_padding_counts_in_the_length() {
    let header = Header { flags: Flags::ENCRYPTION, ..Header::default() };
    let mut buffer = [0xee; 64];
    let mut writer = Writer::new(&mut buffer);
    let (message, framing) = UnfinishedMessage::begin(&mut writer, &header).unwrap();
    ChainWriter::new(&mut writer, framing).push(&Payload::from(Hash { hash_data: &[5; 16] })).unwrap();
    message.finish_padded(&mut writer, 8).unwrap();
    let written = writer.into_written();
    assert_eq!((written.len(), written[27]), (28 + 24, 52));
    assert_eq!(written[48..], [0; 4]);
}
