use std::vec;
use std::vec::Vec;

use super::nat_detection::NatDetection;
use super::proposal::{Proposal, Transforms};
use super::security_association::SecurityAssociation;
use super::transform::Transform;
use super::*;
use crate::{
    Attribute, Chain, Emit, EmitError, LengthError, Member, NatTraversal, NegotiationContext, Nested,
    ParseError, Parsed, Payload, PayloadBody, PayloadElement, PayloadFraming, PayloadHeader, PayloadType,
    Payloads,
};
use wire::Reader;

/// Makes an element that is only a body, and that stands `offset` octets into its message.
pub(crate) fn element_at(payload_type: PayloadType, body: &[u8], offset: usize) -> PayloadElement<'_> {
    let mut reader = Reader::at("ISAKMP message", body, offset);
    reader.element("payload", payload_type.into(), 0, body.len(), 0).unwrap()
}

fn element(payload_type: u8, body: &[u8]) -> PayloadElement<'_> {
    element_at(PayloadType(payload_type), body, 32)
}

fn decoded(payload_type: u8, body: &[u8]) -> PayloadBody<'_> {
    let payload = Payload::parse(&element(payload_type, body), &NegotiationContext::NONE);
    payload.unwrap_or_else(|error| panic!("{payload_type}: {error}")).body
}

#[test]
fn every_number_has_its_payload_and_every_payload_its_number() {
    let body = [0; 16];
    for known in [4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 20, 130, 132] {
        let payload = decoded(known, &body);
        assert_eq!(payload.payload_type(), PayloadType(known));
        assert!(!matches!(payload, PayloadBody::Unknown { .. } | PayloadBody::Malformed { .. }));
        assert_eq!(payload.emit(&mut [0xff; 16]).unwrap(), body);
    }
    for unknown in [0, 15, 16, 17, 18, 19, 22, 127, 129, 255] {
        let payload = decoded(unknown, &body);
        assert_eq!(payload, PayloadBody::Unknown { payload_type: PayloadType(unknown), octets: &body });
        assert_eq!(payload.payload_type(), PayloadType(unknown));
    }
    let v4 = [1, 0, 0, 0, 10, 0, 0, 1];
    for number in [21, 131] {
        let payload = decoded(number, &v4);
        assert!(matches!(payload, PayloadBody::NatOriginalAddress(_)));
        assert_eq!(payload.payload_type(), PayloadType(number));
    }
}

#[test]
fn number_15_is_what_the_context_says() {
    let mut context = NegotiationContext::NONE;
    let hash = [7; 20];
    let body = |context| Payload::parse(&element(15, &hash), &context).unwrap().body;
    assert_eq!(body(context), PayloadBody::Unknown { payload_type: PayloadType(15), octets: &hash });
    context.responder.drafts_04_to_08 = true;
    let payload = body(context);
    let expected = NatDetection { generation: NatTraversal::Drafts04To08, hash: &hash };
    assert_eq!((payload.payload_type(), payload), (PayloadType(15), expected.into()));
}

#[test]
fn a_body_is_not_decoded_from_another_payload() {
    let nonce = element(10, &[0; 16]);
    let (found, offset) = (PayloadType::NONCE, 32);
    let unexpected =
        |expected| ParseError::UnexpectedPayload { expected, found, within: "ISAKMP message", offset };
    assert_eq!(hash::Hash::parse(&nonce), Err(unexpected(PayloadType::HASH)));
    assert_eq!(NatDetection::parse(&nonce), Err(unexpected(PayloadType::NAT_DETECTION)));
    assert_eq!(
        SecurityAssociation::parse_until_error(&nonce),
        Err(unexpected(PayloadType::SECURITY_ASSOCIATION))
    );
}

#[test]
fn rfc_2408_section_3_2_lengths_below_four_are_errors() {
    for len in 0..4 {
        let octets = [0, 0, 0, len, 1, 2, 3, 4];
        let error = Payloads::parse(&octets, 28, PayloadFraming::first(PayloadType::NONCE)).unwrap_err();
        let (element, within) = ("Nonce", "ISAKMP message");
        let declared = usize::from(len);
        assert_eq!(error, LengthError::Declared { element, within, offset: 28, least: 4, declared });
    }
}

#[test]
fn the_chain_keeps_reserved_octets_and_what_follows_it() {
    let octets = [13, 0x80, 0, 5, 9, 0, 1, 0, 4, 0xaa, 0xbb];
    let chain = Chain::parse(&octets, 28, PayloadFraming::first(PayloadType::HASH)).unwrap();
    let elements: Vec<_> = chain.iter().collect();
    assert_eq!(elements[0].header, PayloadHeader { payload_type: PayloadType::HASH, reserved: 0x80 });
    assert_eq!(elements[1].header, PayloadHeader { payload_type: PayloadType::VENDOR_ID, reserved: 1 });
    assert_eq!((elements[1].offset, elements[1].value_offset), (33, 37));
    assert_eq!(next_payload(&elements[0]), PayloadType::VENDOR_ID);
    assert_eq!(next_payload(&elements[1]), PayloadType::NONE);
    assert_eq!(chain.rest(), [0xaa, 0xbb]);
}

/// One proposal of ESP with an SPI and one transform, in a body of 32 octets.
const ASSOCIATION: [u8; 32] = [
    0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 24, 1, 3, 4, 1, 0xea, 0x8c, 0x83, 0xc1, 0, 0, 0, 12, 1, 3, 0, 0, 0x80,
    4, 0, 1,
];

fn association() -> SecurityAssociation<'static> {
    SecurityAssociation::parse(&element(1, &ASSOCIATION)).unwrap()
}

fn first_proposal<'a>(body: &SecurityAssociation<'a>) -> Proposal<'a> {
    body.proposals.iter().next().unwrap().decoded().unwrap()
}

#[test]
fn a_nested_association_both_ways_with_true_offsets() {
    let body = association();
    let element = body.proposals.elements().next().unwrap();
    assert_eq!((element.offset, element.value_offset), (40, 44));
    let proposal = first_proposal(&body);
    assert_eq!(proposal.spi, [0xea, 0x8c, 0x83, 0xc1]);
    let element = proposal.transforms.elements().next().unwrap();
    assert_eq!((element.offset, element.value_offset), (52, 56));
    let transform = proposal.transforms.iter().next().unwrap().decoded().unwrap();
    assert_eq!(transform.attributes.chain().unwrap().offset(), 60);
    assert_eq!(transform.attributes.iter().next().unwrap().value.number(), Some(1));
    assert_eq!(body.emit(&mut [0; 32]).unwrap(), ASSOCIATION);
}

#[test]
fn an_association_of_values_is_that_of_the_octets() {
    let attributes = [Attribute::basic(4u16, 1u16)];
    let transform = Transform {
        transform_number: 1,
        transform_id: 3,
        attributes: (&attributes).into(),
        ..Default::default()
    };
    let transforms = [transform.into()];
    let proposals = [Proposal {
        proposal_number: 1,
        protocol_id: crate::doi::ProtocolId::ESP,
        spi: &[0xea, 0x8c, 0x83, 0xc1],
        transforms: (&transforms).into(),
        trailing: &[],
    }
    .into()];
    let body = SecurityAssociation { proposals: (&proposals).into(), ..Default::default() };
    assert_eq!(body, association());
    assert_eq!(body.emit(&mut [0; 32]).unwrap(), ASSOCIATION);
    assert_eq!(body.wire_len(), 32);
}

#[test]
fn a_changed_value_changes_what_follows_from_it() {
    let mut proposal = first_proposal(&association());
    proposal.spi = &[];
    let mut buffer = [0xff; 32];
    let written = proposal.emit(&mut buffer).unwrap();
    assert_eq!(written, [1, 3, 0, 1, 0, 0, 0, 12, 1, 3, 0, 0, 0x80, 4, 0, 1]);
    proposal.transforms = Transforms::default();
    assert_eq!(proposal.emit(&mut buffer).unwrap(), [1, 3, 0, 0], "no transforms are counted");
    let transform = |transform_number| Transform { transform_number, ..Default::default() };
    let three = [1, 2, 3].map(|number| Nested::from(transform(number)));
    proposal.transforms = (&three).into();
    assert_eq!(proposal.emit(&mut buffer).unwrap()[3], 3);
    let many = [0; 256].map(|number| Nested::from(transform(number)));
    proposal.transforms = many.as_slice().into();
    assert_eq!(
        proposal.emit(&mut [0; 4096]),
        Err(EmitError::FieldOverflow { field: "# of Transforms", value: 256, max: 255 })
    );
}

#[test]
fn a_transform_count_that_lies_is_reported_and_corrected() {
    for declared in [0, 2, 255] {
        let mut octets = ASSOCIATION;
        octets[15] = declared;
        let body = SecurityAssociation::parse(&element(1, &octets)).unwrap();
        let told: Vec<_> = body.conformance(crate::Phase::Two).collect();
        assert_eq!(told, [crate::Departure::TransformCount { declared, counted: 1 }]);
        assert!(told[0].is_corrected());
        let framed = body.proposals.elements().next().unwrap();
        assert_eq!(Proposal::declared_transform_count(&framed), Some(declared));
        assert_eq!(body.emit(&mut [0; 32]).unwrap(), ASSOCIATION);
    }
}

#[test]
fn rfc_2408_section_3_5_a_proposal_is_followed_by_proposals_only() {
    let mut octets = ASSOCIATION;
    octets[8] = 3;
    let longer: Vec<u8> = octets.iter().chain(&ASSOCIATION[20..]).copied().collect();
    let error = ParseError::UnexpectedPayload {
        expected: PayloadType::PROPOSAL,
        found: PayloadType::TRANSFORM,
        within: "ISAKMP message",
        offset: 64,
    };
    let element = element(1, &longer);
    assert_eq!(SecurityAssociation::parse(&element), Err(error));
    let Parsed { value, fault, .. } = SecurityAssociation::parse_until_error(&element).unwrap();
    assert_eq!((value.proposals.count(), fault), (2, None));
    let second = value.proposals.iter().nth(1).unwrap();
    assert_eq!(second.header().payload_type, PayloadType::TRANSFORM);
    assert_eq!(second.decoded(), Err(error));
}

#[test]
fn rfc_2408_section_3_6_a_transform_is_followed_by_transforms_only() {
    let octets = [1, 3, 0, 2, 2, 0, 0, 8, 1, 3, 0, 0, 0, 0, 0, 8, 1, 3, 0, 0];
    assert!(matches!(
        Proposal::parse(&element_at(PayloadType::PROPOSAL, &octets, 44)),
        Err(ParseError::UnexpectedPayload { expected: PayloadType::TRANSFORM, offset: 56, .. })
    ));
}

#[test]
fn a_malformed_transform_is_written_as_it_was_and_hides_no_neighbour() {
    // The attribute of the first transform says that it has nine octets.
    let octets = [1, 3, 0, 2, 3, 0, 0, 12, 1, 3, 0, 0, 0, 4, 0, 9, 0, 0, 0, 12, 2, 3, 0, 0, 0x80, 4, 0, 1];
    let proposal = Proposal::parse_body(&octets).unwrap();
    let transforms: Vec<_> = proposal.transforms.iter().map(|transform| transform.body().is_some()).collect();
    assert_eq!(transforms, [false, true]);
    assert_eq!(proposal.emit(&mut [0; 28]).unwrap(), octets);
}

#[test]
fn more_transforms_than_an_octet_counts_are_an_error() {
    let mut octets = vec![1, 3, 0, 255];
    for number in 0..256u16 {
        octets.extend([if number == 255 { 0 } else { 3 }, 0, 0, 8, 1, 3, 0, 0]);
    }
    let error = Proposal::parse(&element_at(PayloadType::PROPOSAL, &octets, 44)).unwrap_err();
    assert_eq!(error, ParseError::TransformCount { count: 256, within: "ISAKMP message", offset: 48 });
    octets.truncate(4 + 255 * 8);
    let last = octets.len() - 8;
    octets[last] = 0;
    assert_eq!(Proposal::parse_body(&octets).unwrap().transforms.count(), 255);
}

#[test]
fn a_body_kept_apart_counts_its_offsets_from_its_own_start() {
    let (element, within) = ("Proposal", "payload body");
    let error = SecurityAssociation::parse_body(&ASSOCIATION[..30]).unwrap_err();
    assert_eq!(error, LengthError::Ends { element, within, offset: 8, needed: 24, available: 22 }.into());
    assert_eq!(SecurityAssociation::parse_body(&ASSOCIATION).unwrap(), association());
}

#[test]
fn octets_after_the_last_nested_payload_are_kept_apart() {
    let mut body = association();
    let mut proposal = first_proposal(&body);
    proposal.trailing = &[7, 8];
    let proposals = [proposal.into()];
    body.proposals = (&proposals).into();
    body.trailing = &[9];
    let written = body.emit(&mut [0; 64]).unwrap().to_vec();
    assert_eq!((written.len(), written[11]), (35, 26));
    let again = SecurityAssociation::parse_body(&written).unwrap();
    assert_eq!((again.trailing, first_proposal(&again).trailing), (&[9][..], &[7, 8][..]));
    assert_eq!(again, body);
}

/// A chain of one payload of each kind is cut everywhere. The octets that are there are kept under the number of the
/// payload, and the payload is never taken for whole.
#[test]
fn a_payload_that_is_cut_is_kept_and_never_taken_for_whole() {
    let bodies: [(PayloadType, &[u8]); 6] = [
        (PayloadType::SECURITY_ASSOCIATION, &ASSOCIATION),
        (PayloadType::SECURITY_ASSOCIATION, &[0, 0, 0, 2, 1, 2, 3, 4]),
        (PayloadType::NONCE, &[5; 12]),
        (PayloadType::NOTIFICATION, &[0, 0, 0, 1, 1, 0, 0x60, 2]),
        (PayloadType::CONFIGURATION, &[1, 0, 0, 7, 0x80, 1, 0, 1, 0, 2, 0, 2, 9, 9]),
        (PayloadType(200), &[1, 2, 3]),
    ];
    for (payload_type, body) in bodies {
        let len = u8::try_from(body.len() + 4).unwrap();
        let octets = [&[0, 0, 0, len], body].concat();
        for cut in 0..octets.len() {
            let framing = PayloadFraming::first(payload_type);
            let Parsed { value, rest, fault } = Payloads::parse_until_error(&octets[..cut], 28, framing);
            assert!(fault.is_some());
            let name = payload_type.name().unwrap_or("payload");
            assert_eq!(fault.unwrap().element(), name);
            if cut < 4 {
                assert_eq!((value.count(), rest), (0, &octets[..cut]));
                continue;
            }
            let element = value.elements().next().unwrap();
            assert_eq!((element.name, element.missing), (name, octets.len() - cut));
            let there = &octets[4..cut];
            let payload = value.iter().next().unwrap();
            let error = fault.unwrap().into();
            let missing = octets.len() - cut;
            assert_eq!(payload.body, PayloadBody::Malformed { payload_type, octets: there, missing, error });
            // A caller that shows broken packets never gets such a payload without a fault.
            for fault in [
                SecurityAssociation::parse_until_error(&element).map(|parsed| parsed.fault),
                configuration::Configuration::parse_until_error(&element).map(|parsed| parsed.fault),
            ] {
                assert_ne!(fault, Ok(None), "{payload_type} cut to {cut} octets");
            }
        }
    }
}

#[test]
fn an_association_that_is_cut_shows_the_proposals_that_are_there() {
    let octets = [&[0, 0, 0, 36], &ASSOCIATION[..]].concat();
    let framing = PayloadFraming::first(PayloadType::SECURITY_ASSOCIATION);
    for cut in 16..36 {
        let chain = Payloads::parse_until_error(&octets[..cut], 28, framing).value;
        let element = chain.elements().next().unwrap();
        let Parsed { value, fault, .. } = SecurityAssociation::parse_until_error(&element).unwrap();
        let proposal = value.proposals.elements().next().unwrap();
        assert_eq!((value.proposals.count(), proposal.missing), (1, 36 - cut));
        assert_eq!(fault, proposal.fault().map(ParseError::Length));
        assert_eq!(value.trailing, []);
    }
}

#[test]
fn another_doi_keeps_its_body() {
    let body = [0, 0, 0, 2, 1, 2, 3, 4, 5];
    let value = SecurityAssociation::parse_body(&body).unwrap();
    assert_eq!(value.situation, situation::Situation::Other(&[1, 2, 3, 4, 5]));
    assert_eq!(value.emit(&mut [0; 9]).unwrap(), body);
}

#[test]
fn rfc_2407_section_4_6_1_labels_both_ways() {
    let mut body = vec![0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 9];
    body.extend([0, 3, 0, 0, 0xa, 0xb, 0xc, 0, 0, 9, 0, 7, 0xff, 0x80, 0, 0]);
    body.extend([0, 0, 0, 1, 0, 0, 0, 0]);
    body.extend_from_slice(&ASSOCIATION[8..]);
    let value = SecurityAssociation::parse_body(&body).unwrap();
    match value.situation {
        situation::Situation::Labeled { secrecy: Some(secrecy), integrity: Some(integrity), .. } => {
            assert_eq!((secrecy.level, secrecy.category_bits), (&[0xa, 0xb, 0xc][..], 9));
            assert_eq!((secrecy.categories, secrecy.category_reserved), (&[0xff, 0x80][..], 7));
            assert_eq!(integrity.level_reserved, 1);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(value.proposals.chain().unwrap().offset(), 36);
    let mut buffer = vec![0; value.wire_len()];
    value.emit(&mut buffer).unwrap();
    assert_eq!(buffer, body);
    body[19] = 1;
    assert_eq!(
        SecurityAssociation::parse_body(&body),
        Err(ParseError::LabelPadding { within: "payload body", offset: 19 })
    );
    let label = situation::Label { category_bits: 3, categories: &[1, 2], ..Default::default() };
    let labeled = situation::Situation::Labeled {
        flags: situation::SituationFlags::SECRECY,
        labeled_domain_identifier: 0,
        secrecy: Some(label),
        integrity: None,
    };
    assert!(matches!(
        labeled.emit(&mut [0; 20]),
        Err(EmitError::Contradiction { field: "category length", .. })
    ));
    let label = situation::Label { category_bits: 9, ..label };
    let labeled = situation::Situation::Labeled {
        flags: situation::SituationFlags::SECRECY,
        labeled_domain_identifier: 0,
        secrecy: Some(label),
        integrity: None,
    };
    assert_eq!(labeled.emit(&mut [0; 20]).unwrap()[12..], [0, 9, 0, 0, 1, 2, 0, 0]);
}
