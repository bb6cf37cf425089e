use super::*;
use std::vec;
use std::vec::Vec;
use wire::LengthError;

fn element(payload_type: u8, body: &[u8]) -> PayloadElement<'_> {
    PayloadElement {
        header: PayloadType(payload_type).into(),
        offset: 28,
        octets: body,
        value_offset: 32,
        value: body,
    }
}

fn decoded(payload_type: u8, body: &[u8]) -> Result<Payload<'_>, ParseError> {
    Payload::parse(&element(payload_type, body), &NegotiationContext::NONE)
}

#[test]
fn every_number_has_its_payload_and_its_number() {
    let body = [0; 16];
    for known in [4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 20, 132] {
        let payload = decoded(known, &body).unwrap_or_else(|error| panic!("{known}: {error}"));
        assert_eq!(payload.payload_type(), Some(PayloadType(known)));
        let mut buffer = [0xff; 16];
        assert_eq!(payload.emit(&mut buffer), Ok(16));
        assert_eq!(buffer, body);
    }
    for unknown in [0, 15, 16, 17, 18, 19, 22, 127, 129, 255] {
        let payload = decoded(unknown, &body).unwrap();
        assert_eq!((payload.payload_type(), payload), (None, Payload::Unknown(&body)));
    }
    assert!(matches!(decoded(130, &body), Ok(Payload::NatDetection(_))));
    let v4 = [1, 0, 0, 0, 10, 0, 0, 1];
    for number in [21, 131] {
        assert!(matches!(decoded(number, &v4), Ok(Payload::NatOriginalAddress(_))));
    }
}

#[test]
fn number_15_is_what_the_context_says() {
    let mut context = NegotiationContext::NONE;
    let hash = [7; 20];
    assert_eq!(Payload::parse(&element(15, &hash), &context), Ok(Payload::Unknown(&hash)));
    context.responder.drafts_04_to_08 = true;
    let payload = Payload::parse(&element(15, &hash), &context).unwrap();
    assert_eq!(payload, Payload::NatDetection(NatDetection { hash: &hash }));
}

#[test]
fn rfc_2408_section_3_2_lengths_below_four_are_errors() {
    for len in 0..4 {
        let octets = [0, 0, 0, len, 1, 2, 3, 4];
        let error = Payloads::parse(&octets, 28, PayloadFraming::first(PayloadType::NONCE)).unwrap_err();
        assert_eq!(
            error,
            LengthError::Ends {
                within: "ISAKMP message",
                element: "Nonce",
                offset: 28,
                needed: 4,
                available: usize::from(len)
            }
        );
    }
}

#[test]
fn the_chain_keeps_reserved_octets_and_what_follows_it() {
    let octets = [13, 0x80, 0, 5, 9, 0, 1, 0, 4, 0xaa, 0xbb];
    let chain = Payloads::parse(&octets, 28, PayloadFraming::first(PayloadType::HASH)).unwrap();
    let elements: Vec<_> = chain.iter().collect();
    assert_eq!(elements[0].header, PayloadHeader { payload_type: PayloadType::HASH, reserved: 0x80 });
    assert_eq!(elements[1].header, PayloadHeader { payload_type: PayloadType::VENDOR_ID, reserved: 1 });
    assert_eq!((elements[1].offset, elements[1].value_offset), (33, 37));
    assert_eq!(next_payload(&elements[0]), PayloadType::VENDOR_ID);
    assert_eq!(next_payload(&elements[1]), PayloadType::NONE);
    assert_eq!(chain.rest(), [0xaa, 0xbb]);
}

/// One proposal of ESP with an SPI and one transform, 32 octets of body.
const ASSOCIATION: [u8; 32] = [
    0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 24, 1, 3, 4, 1, 0xea, 0x8c, 0x83, 0xc1, 0, 0, 0, 12, 1, 3, 0, 0, 0x80,
    4, 0, 1,
];

fn association() -> SecurityAssociation<'static> {
    SecurityAssociation::parse_at(&ASSOCIATION, 32).unwrap()
}

#[test]
fn a_nested_association_both_ways_with_true_offsets() {
    let body = association();
    let (element, proposal) = body.decode_proposals().next().unwrap();
    let proposal = proposal.unwrap();
    assert_eq!((element.offset, element.value_offset), (40, 44));
    assert_eq!(proposal.spi, [0xea, 0x8c, 0x83, 0xc1]);
    let (element, transform) = proposal.decode_transforms().next().unwrap();
    assert_eq!((element.offset, element.value_offset), (52, 56));
    let transform = transform.unwrap();
    assert_eq!(transform.attributes.offset(), 60);
    assert_eq!(transform.decode_attributes().next().unwrap().value.number(), Some(1));
    let mut buffer = [0; 32];
    assert_eq!(body.emit(&mut buffer), Ok(32));
    assert_eq!(buffer, ASSOCIATION);
}

#[test]
fn a_changed_value_changes_what_follows_from_it() {
    let body = association();
    let mut proposal = body.decode_proposals().next().unwrap().1.unwrap();
    proposal.spi = &[];
    let mut buffer = [0xff; 32];
    let len = proposal.emit(&mut buffer).unwrap();
    assert_eq!(buffer[..len], [1, 3, 0, 1, 0, 0, 0, 12, 1, 3, 0, 0, 0x80, 4, 0, 1]);
    proposal.transforms = Payloads::default();
    let len = proposal.emit(&mut buffer).unwrap();
    assert_eq!(buffer[..len], [1, 3, 0, 0], "no transforms are counted");
    let three = [3, 0, 0, 8, 1, 2, 0, 0, 3, 0, 0, 8, 2, 3, 0, 0, 0, 0, 0, 8, 3, 12, 0, 0];
    proposal.transforms = Payloads::parse(&three, 0, PayloadFraming::first(PayloadType::TRANSFORM)).unwrap();
    proposal.emit(&mut buffer).unwrap();
    assert_eq!(buffer[3], 3);
}

#[test]
fn a_transform_count_that_lies_is_reported_and_corrected() {
    for declared in [0, 2, 255] {
        let mut octets = ASSOCIATION;
        octets[15] = declared;
        let mut told = Vec::new();
        let body = &octets[12..];
        let proposal = Proposal::parse_reporting(body, 0, &mut |departure| told.push(departure)).unwrap();
        assert_eq!(told, [crate::Departure::TransformCount { declared, counted: 1 }]);
        assert_eq!(Proposal::declared_transform_count(body), Some(declared));
        let mut buffer = [0; 20];
        proposal.emit(&mut buffer).unwrap();
        assert_eq!(buffer, ASSOCIATION[12..]);
    }
}

#[test]
fn rfc_2408_section_3_5_a_proposal_is_followed_by_proposals_only() {
    let mut octets = ASSOCIATION;
    octets[8] = 3;
    let longer: Vec<u8> = octets.iter().chain(&ASSOCIATION[20..]).copied().collect();
    assert_eq!(
        SecurityAssociation::parse_at(&longer, 32),
        Err(ParseError::UnexpectedPayload {
            expected: PayloadType::PROPOSAL,
            found: PayloadType::TRANSFORM,
            offset: 64
        })
    );
    let (body, fault) = SecurityAssociation::parse_until_error(&longer, 32).unwrap();
    assert_eq!((body.proposals.element_count(), fault), (2, None));
}

#[test]
fn rfc_2408_section_3_6_a_transform_is_followed_by_transforms_only() {
    let octets = [1, 3, 0, 2, 2, 0, 0, 8, 1, 3, 0, 0, 0, 0, 0, 8, 1, 3, 0, 0];
    assert!(matches!(
        Proposal::parse_at(&octets, 44),
        Err(ParseError::UnexpectedPayload { expected: PayloadType::TRANSFORM, offset: 56, .. })
    ));
}

#[test]
fn a_malformed_transform_is_written_as_it_was_and_hides_no_neighbour() {
    // The attribute of the first transform says it has nine octets.
    let octets = [1, 3, 0, 2, 3, 0, 0, 12, 1, 3, 0, 0, 0, 4, 0, 9, 0, 0, 0, 12, 2, 3, 0, 0, 0x80, 4, 0, 1];
    let proposal = Proposal::parse(&octets).unwrap();
    let transforms: Vec<_> = proposal.decode_transforms().map(|(_, transform)| transform.is_ok()).collect();
    assert_eq!(transforms, [false, true]);
    let mut buffer = [0; 28];
    proposal.emit(&mut buffer).unwrap();
    assert_eq!(buffer, octets);
}

#[test]
fn more_transforms_than_an_octet_counts_are_an_error() {
    let mut octets = vec![1, 3, 0, 255];
    for number in 0..256u16 {
        octets.extend([if number == 255 { 0 } else { 3 }, 0, 0, 8, 1, 3, 0, 0]);
    }
    assert_eq!(Proposal::parse_at(&octets, 44), Err(ParseError::TransformCount { count: 256, offset: 48 }));
    octets.truncate(4 + 255 * 8);
    let last = octets.len() - 8;
    octets[last] = 0;
    assert_eq!(Proposal::parse(&octets).unwrap().transforms.element_count(), 255);
}

#[test]
fn another_doi_keeps_its_body() {
    let body = [0, 0, 0, 2, 1, 2, 3, 4, 5];
    let value = SecurityAssociation::parse(&body).unwrap();
    assert_eq!(value.situation, situation::Situation::Other(&[1, 2, 3, 4, 5]));
    let mut buffer = [0; 9];
    assert_eq!(value.emit(&mut buffer), Ok(9));
    assert_eq!(buffer, body);
}

#[test]
fn rfc_2407_section_4_6_1_labels_both_ways() {
    let mut body = vec![0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 9];
    body.extend([0, 3, 0, 0, 0xa, 0xb, 0xc, 0, 0, 9, 0, 7, 0xff, 0x80, 0, 0]);
    body.extend([0, 0, 0, 1, 0, 0, 0, 0]);
    body.extend_from_slice(&ASSOCIATION[8..]);
    let value = SecurityAssociation::parse(&body).unwrap();
    match value.situation {
        situation::Situation::Labeled { secrecy: Some(secrecy), integrity: Some(integrity), .. } => {
            assert_eq!((secrecy.level, secrecy.category_bits), (&[0xa, 0xb, 0xc][..], 9));
            assert_eq!((secrecy.categories, secrecy.category_reserved), (&[0xff, 0x80][..], 7));
            assert_eq!(integrity.level_reserved, 1);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(value.proposals.offset(), 36);
    let mut buffer = vec![0; value.wire_len()];
    value.emit(&mut buffer).unwrap();
    assert_eq!(buffer, body);
    body[19] = 1;
    assert_eq!(SecurityAssociation::parse(&body), Err(ParseError::LabelPadding { offset: 19 }));
    let label = situation::Label { category_bits: 3, categories: &[1, 2], ..Default::default() };
    let labeled = situation::Situation::Labeled {
        flags: situation::SituationFlags::SECRECY,
        labeled_domain_identifier: 0,
        secrecy: Some(label),
        integrity: None,
    };
    let mut buffer = [0; 20];
    let mut writer = Writer::new(&mut buffer);
    labeled.emit_into(&mut writer).unwrap();
    assert_eq!(writer.position(), labeled.wire_len());
    assert_eq!(buffer[12..], [0, 16, 0, 0, 1, 2, 0, 0], "bits that the octets do not have are not told");
}
