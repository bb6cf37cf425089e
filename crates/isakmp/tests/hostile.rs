//! Octets that are made to do harm. Each case has a test with its name.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_isakmp::payload::configuration::Configuration;
use vpnwire_isakmp::payload::proposal::Proposal;
use vpnwire_isakmp::payload::security_association::SecurityAssociation;
use vpnwire_isakmp::{
    AttributeFraming, Attributes, Body, Emit, Encrypted, Flags, Header, LengthError, Message, ParseError,
    PayloadBody, PayloadElement, PayloadFraming, PayloadType, Payloads, Writer, ios,
};

fn put_len(octets: &mut [u8], len: u32) {
    for (place, octet) in octets[24..28].iter_mut().zip(len.to_be_bytes()) {
        *place = octet;
    }
}

/// Makes a message of version 1 with this first payload and this body.
fn message(first: u8, body: &[u8]) -> Vec<u8> {
    let mut octets = vec![0; 28];
    (octets[16], octets[17], octets[18]) = (first, 0x10, 2);
    let len = u32::try_from(28 + body.len()).unwrap();
    put_len(&mut octets, len);
    octets.extend_from_slice(body);
    octets
}

/// Makes the octets of a payload: next payload, RESERVED, length and body.
fn payload(next: u8, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(4 + body.len()).unwrap().to_be_bytes();
    [&[next, 0, len[0], len[1]], body].concat()
}

/// Makes the only payload of a message, with this type and a body at offset 32.
fn framed(payload_type: PayloadType, body: &[u8]) -> PayloadElement<'_> {
    let header = payload(0, body);
    let framing = PayloadFraming::first(payload_type);
    let element = Payloads::parse(Vec::leak(header), 28, framing).unwrap().elements().next().unwrap();
    assert_eq!(element.value_offset, 32);
    element
}

fn written<'b>(value: &impl Emit, buffer: &'b mut Vec<u8>) -> &'b [u8] {
    buffer.resize(value.wire_len(), 0);
    value.emit(buffer).unwrap()
}

#[test]
fn a_payload_length_of_zero_is_no_loop() {
    let octets = message(13, &[13, 0, 0, 0, 13, 0, 0, 0]);
    assert_eq!(
        Message::parse(&octets),
        Err(ParseError::Length(LengthError::Declared {
            within: "ISAKMP message",
            element: "Vendor ID",
            offset: 28,
            least: 4,
            declared: 0
        }))
    );
}

#[test]
fn payload_lengths_below_four() {
    for len in 1..4 {
        let octets = message(10, &[0, 0, 0, len]);
        assert!(matches!(
            Message::parse(&octets),
            Err(ParseError::Length(LengthError::Declared {
                within: "ISAKMP message",
                offset: 28,
                least: 4,
                ..
            }))
        ));
    }
}

#[test]
fn a_payload_that_ends_after_the_message() {
    let octets = message(10, &[0, 0, 0xff, 0xff, 1, 2, 3, 4]);
    assert_eq!(
        Message::parse(&octets),
        Err(ParseError::Length(LengthError::Ends {
            within: "ISAKMP message",
            element: "Nonce",
            offset: 28,
            needed: 65_535,
            available: 8
        }))
    );
}

#[test]
fn a_chain_that_ends_in_the_middle() {
    for left in 0..4 {
        let mut body = payload(10, &[1; 8]);
        body.extend(vec![0; left]);
        let error = Message::parse(&message(13, &body)).unwrap_err();
        assert_eq!(
            error,
            ParseError::Length(LengthError::Ends {
                within: "ISAKMP message",
                element: "Nonce",
                offset: 40,
                needed: 4,
                available: left
            })
        );
    }
}

#[test]
fn a_last_payload_that_says_another_follows() {
    // There are two notifications, and the second one names a third: an Informational message of 84 octets.
    let notification = payload(11, &[0, 0, 0, 1, 1, 0, 0, 5]);
    let octets = message(11, &[notification.clone(), notification].concat());
    let error = Message::parse(&octets).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Notification at offset 52 of the ISAKMP message needs 4 octets, but only 0 are there"
    );
    let parsed = Message::parse_until_error(&octets).unwrap();
    assert_eq!(parsed.fault, Some(error));
    let is_notification = |body| matches!(body, PayloadBody::Notification(_));
    assert_eq!(parsed.value.payloads().filter(|payload| is_notification(payload.body.clone())).count(), 2);
}

#[test]
fn a_transform_count_that_lies() {
    let transform = payload(0, &[1, 3, 0, 0]);
    for count in [0, 2, 255] {
        let octets = message(2, &payload(0, &[&[1, 3, 0, count][..], &transform].concat()));
        let message = Message::parse(&octets).unwrap();
        assert_eq!(message.conformance().filter(|departure| departure.is_corrected()).count(), 1);
    }
    let error = Proposal::parse(&framed(PayloadType::PROPOSAL, &[1, 3, 0, 1])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Transform at offset 36 of the ISAKMP message needs 4 octets, but only 0 are there"
    );
}

#[test]
fn a_proposal_length_that_lies() {
    let proposal = payload(0, &[1, 3, 0, 0]);
    let mut body = [&[0, 0, 0, 1, 0, 0, 0, 1][..], &proposal].concat();
    assert!(SecurityAssociation::parse_body(&body).is_ok());
    for (len, kept) in [(0, 0), (3, 0), (9, 1), (255, 1)] {
        body[11] = len;
        let element = framed(PayloadType::SECURITY_ASSOCIATION, &body);
        let error = SecurityAssociation::parse(&element).unwrap_err();
        let parsed = SecurityAssociation::parse_until_error(&element).unwrap();
        assert_eq!((parsed.value.proposals.count(), parsed.fault), (kept, Some(error)));
        assert!(matches!(error, ParseError::Length(error) if error.offset() == 40));
    }
    body[11] = 4;
    let value = SecurityAssociation::parse_body(&body).unwrap();
    let error = value.proposals.iter().next().unwrap().decoded().unwrap_err();
    assert!(error.to_string().starts_with("Proposal at offset 12 of"), "{error}");
}

#[test]
fn an_spi_size_that_lies() {
    let error = Proposal::parse(&framed(PayloadType::PROPOSAL, &[1, 3, 200, 0, 1, 2])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "SPI at offset 36 of the ISAKMP message needs 200 octets, but only 2 are there"
    );
}

#[test]
fn an_association_without_proposals() {
    let value = SecurityAssociation::parse_body(&[0, 0, 0, 1, 0, 0, 0, 1]).unwrap();
    assert!(value.proposals.is_empty());
    let element = framed(PayloadType::SECURITY_ASSOCIATION, &[0, 0, 0, 1, 0, 0, 0, 1, 0]);
    let error = SecurityAssociation::parse(&element).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Proposal at offset 40 of the ISAKMP message needs 4 octets, but only 1 are there"
    );
    assert!(SecurityAssociation::parse_body(&[0, 0, 0, 1, 0, 0, 0]).is_err());
}

#[test]
fn attribute_lengths_that_lie() {
    let error = Attributes::parse(&[0, 12, 0xff, 0xff, 1], 60, AttributeFraming).unwrap_err();
    assert_eq!(
        error,
        LengthError::Ends {
            within: "ISAKMP message",
            element: "data attribute",
            offset: 60,
            needed: 65_539,
            available: 5
        }
    );
    let octets = [1, 0, 0, 0, 0, 1, 0, 5, 1, 2, 3, 4];
    let error = Configuration::parse(&framed(PayloadType::CONFIGURATION, &octets)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "data attribute at offset 36 of the ISAKMP message needs 9 octets, but only 8 are there"
    );
}

#[test]
fn attributes_of_no_octets() {
    // There are sixteen thousand variable attributes without a value. Each has four octets, so the loop ends.
    let octets = vec![0; 65_532];
    let list = Attributes::parse(&octets, 0, AttributeFraming).unwrap();
    assert_eq!(list.iter().count(), 16_383);
}

#[test]
fn a_thousand_payloads() {
    let body: Vec<u8> = (0..1000).flat_map(|index| payload(if index == 999 { 0 } else { 13 }, &[])).collect();
    let octets = message(13, &body);
    let message = Message::parse(&octets).unwrap();
    assert_eq!(message.payloads().count(), 1000);
    assert_eq!(written(&message, &mut vec![]), octets);
}

#[test]
fn a_thousand_proposals() {
    let mut body = vec![0, 0, 0, 1, 0, 0, 0, 1];
    body.extend((0..1000).flat_map(|index| payload(if index == 999 { 0 } else { 2 }, &[1, 3, 0, 0])));
    let octets = message(1, &payload(0, &body));
    let message = Message::parse(&octets).unwrap();
    match message.payloads().next().unwrap().body {
        PayloadBody::SecurityAssociation(value) => {
            assert_eq!(value.proposals.iter().filter(|proposal| proposal.body().is_some()).count(), 1000);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(written(&message, &mut vec![]), octets);
    assert!(message.conformance().count() >= 1);
}

#[test]
fn a_thousand_levels_are_one() {
    // Each body is an association, and its proposals are one payload around the next one. Decoding does not go deeper
    // than attributes.
    let mut body = vec![];
    for _ in 0..1000 {
        if body.len() > 60_000 {
            break;
        }
        body = [&[0, 0, 0, 1, 0, 0, 0, 1][..], &payload(0, &body)].concat();
    }
    let octets = message(1, &payload(0, &body));
    let message = Message::parse(&octets).unwrap();
    assert_eq!(written(&message, &mut vec![]), octets);
    let lines = ios::Lines { message: &message, prefix: ios::Prefix::default() };
    assert!(lines.to_string().len() < 4096);
}

#[test]
fn transforms_among_the_payloads_of_a_message() {
    let body = [payload(2, &[1, 1, 0, 0]), payload(0, &[9])].concat();
    let octets = message(3, &body);
    let message = Message::parse(&octets).unwrap();
    let bodies: Vec<_> = message.payloads().map(|payload| payload.body).collect();
    assert!(matches!(bodies[0], PayloadBody::Transform(_)));
    assert!(matches!(bodies[1], PayloadBody::Malformed { payload_type: PayloadType::PROPOSAL, .. }));
}

#[test]
fn the_longest_message_there_is() {
    let body = payload(0, &vec![0x41; 65_531]);
    let octets = message(8, &body);
    let message = Message::parse(&octets).unwrap();
    assert_eq!(written(&message, &mut vec![]), octets);
}

#[test]
fn total_lengths_at_the_edges() {
    let mut octets = message(0, &[]);
    assert!(Message::parse(&octets).is_ok());
    octets.push(0);
    assert!(matches!(Message::parse(&octets), Err(ParseError::TrailingOctets { offset: 28, count: 1, .. })));
    octets.truncate(28);
    put_len(&mut octets, u32::MAX);
    assert_eq!(Message::parse(&octets), Err(ParseError::TotalLength { declared: u32::MAX, available: 28 }));
    put_len(&mut octets, 0);
    assert_eq!(Message::parse(&octets), Err(ParseError::TotalLengthBelowHeader { declared: 0 }));
    assert!(Message::parse(&octets[..27]).is_err());
    assert!(Message::parse(&[]).is_err());
}

#[test]
fn payloads_of_another_type_among_proposals_and_transforms() {
    // There is a proposal, and a transform. If the octets of the transform were taken for a proposal, it would have a
    // number of transforms to correct.
    let proposal = [&[1, 1, 0, 1][..], &payload(0, &[1, 1, 0, 0])].concat();
    let stray = [1, 1, 0, 9, 0, 0, 0, 8, 1, 1, 0, 0];
    let association = [&[0, 0, 0, 1, 0, 0, 0, 1][..], &payload(3, &proposal), &payload(0, &stray)].concat();
    let element = framed(PayloadType::SECURITY_ASSOCIATION, &association);
    let error = SecurityAssociation::parse(&element).unwrap_err();
    let expected = ParseError::UnexpectedPayload {
        expected: PayloadType::PROPOSAL,
        found: PayloadType::TRANSFORM,
        within: "ISAKMP message",
        offset: 32 + 8 + 16,
    };
    assert_eq!(error, expected);
    let parsed = SecurityAssociation::parse_until_error(&element).unwrap();
    assert_eq!(parsed.fault, None);
    let decoded: Vec<_> = parsed.value.proposals.iter().map(|proposal| proposal.decoded().err()).collect();
    assert_eq!(decoded, [None, Some(expected)]);
    assert_eq!(written(&parsed.value, &mut vec![]), association);

    let body = [&[1, 1, 0, 2][..], &payload(13, &[1, 1, 0, 0]), &payload(0, &[2, 1, 0, 0])].concat();
    let parsed = Proposal::parse_until_error(&framed(PayloadType::PROPOSAL, &body)).unwrap();
    let decoded: Vec<_> =
        parsed.value.transforms.iter().map(|transform| transform.body().is_some()).collect();
    assert_eq!(decoded, [true, false]);
    assert_eq!(written(&parsed.value, &mut vec![]), body);
}

#[test]
fn an_encrypted_body_that_does_not_fit_is_an_error() {
    let mut buffer = [0; 40];
    let mut writer = Writer::new(&mut buffer);
    writer.u8(9).unwrap();
    let message = |octets| Message {
        header: Header { flags: Flags::ENCRYPTION, ..Header::default() },
        body: Body::Encrypted(Encrypted { next_payload: PayloadType::HASH, octets }),
        trailing: &[],
    };
    assert!(message(&[1; 12]).emit_into(&mut writer).is_err());
    writer.truncate(1);
    message(&[1; 11]).emit_into(&mut writer).unwrap();
    assert_eq!(writer.position(), 40);
}

/// Decodes a message to the last attribute, checks its conformance, and writes it again. Returns the number of
/// departures and attributes.
fn work(octets: &[u8]) -> usize {
    let message = Message::parse(octets).unwrap();
    let mut met = message.conformance().count();
    for payload in message.payloads() {
        let PayloadBody::SecurityAssociation(association) = payload.body else { continue };
        for proposal in association.proposals {
            for transform in proposal.decoded().unwrap().transforms {
                met += transform.decoded().unwrap().attributes.count();
            }
        }
    }
    assert_eq!(written(&message, &mut vec![]), octets);
    met
}

#[test]
fn every_level_full() {
    // A payload holds as many proposals of 255 transforms as fit, then one transform with as many attributes as fit.
    let transform = |next: u8| payload(next, &[1, 1, 0, 0]);
    let transforms: Vec<u8> =
        (0..255).flat_map(|index| transform(if index == 254 { 0 } else { 3 })).collect();
    let body = [&[1, 1, 0, 255][..], &transforms].concat();
    let proposals: Vec<u8> =
        (0..31).flat_map(|index| payload(if index == 30 { 0 } else { 2 }, &body)).collect();
    let octets = message(1, &payload(0, &[&[0, 0, 0, 1, 0, 0, 0, 1][..], &proposals].concat()));
    // Each transform but the first of its proposal has the number of the one before, and there are several proposals.
    assert_eq!(work(&octets), 31 * 254 + 1);

    let attributes = [0x80, 1, 0, 1].repeat(16_000);
    let transform = payload(0, &[&[1, 1, 0, 0][..], &attributes].concat());
    let proposal = payload(0, &[&[1, 1, 0, 1][..], &transform].concat());
    let octets = message(1, &payload(0, &[&[0, 0, 0, 1, 0, 0, 0, 1][..], &proposal].concat()));
    assert_eq!(work(&octets), 16_000);
}
