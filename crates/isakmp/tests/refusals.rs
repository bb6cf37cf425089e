//! A value that a reader would take for another value is not written, and neither is a value that was cut.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_isakmp::doi::{Doi, ProtocolId};
use vpnwire_isakmp::payload::nonce::Nonce;
use vpnwire_isakmp::payload::notification::{Notification, NotificationData, NotifyType};
use vpnwire_isakmp::payload::proposal::Proposal;
use vpnwire_isakmp::payload::security_association::SecurityAssociation;
use vpnwire_isakmp::payload::situation::{Label, Situation, SituationFlags};
use vpnwire_isakmp::payload::transform::Transform;
use vpnwire_isakmp::payload::vendor_id::VendorId;
use vpnwire_isakmp::{
    Attribute, AttributeFraming, Attributes, Body, ChainWriter, Emit, EmitError, Encrypted, Flags, Header,
    Message, Nested, ParseError, Payload, PayloadBody, PayloadType, UnfinishedMessage, Writer,
};

fn message<'a>(payloads: &'a [Payload<'a>]) -> Message<'a> {
    Message { body: Body::Payloads(payloads.into()), ..Message::default() }
}

fn octets(emit: &impl Emit) -> Result<Vec<u8>, EmitError> {
    let mut octets = vec![0; emit.wire_len()];
    emit.emit(&mut octets)?;
    Ok(octets)
}

/// Returns the field that contradicts the value beside it.
fn contradiction(emit: &impl Emit) -> &'static str {
    match octets(emit) {
        Err(EmitError::Contradiction { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

fn of_one<'a>(body: impl Into<Payload<'a>>) -> [Payload<'a>; 1] {
    [body.into()]
}

fn nonce(nonce_data: &[u8]) -> Payload<'_> {
    Nonce { nonce_data }.into()
}

#[test]
fn a_member_of_a_message_that_was_cut_is_not_written_by_any_way() {
    let payloads = [nonce(&[1; 8]), VendorId { vendor_id: &[2; 16] }.into()];
    let whole = octets(&message(&payloads)).unwrap();
    for missing in 1..16 {
        let cut = Message::parse_until_error(&whole[..whole.len() - missing]).unwrap().value;
        let error = EmitError::CutElement { element: "Vendor ID", missing };
        assert_eq!(octets(&cut), Err(error));
        let members: Vec<_> = cut.payloads().collect();
        assert_eq!(octets(&message(&members)), Err(error));
        let shorter = [nonce(&[1; 8]), VendorId { vendor_id: &[2; 16][missing..] }.into()];
        assert_ne!(cut, message(&shorter), "what was cut is not what was shorter");
        let mut buffer = [0; 128];
        let mut writer = Writer::new(&mut buffer);
        let (_, framing) = UnfinishedMessage::begin(&mut writer, &cut.header).unwrap();
        let mut chain = ChainWriter::new(&mut writer, framing);
        assert!(chain.push(&members[0]).is_ok());
        assert_eq!(chain.push(&members[1]), Err(error));
    }
}

#[test]
fn a_nested_member_or_an_attribute_that_was_cut_is_not_written_by_any_way() {
    let attributes = [Attribute::basic(1u16, 1u16), Attribute::variable(2u16, &[1, 2, 3, 4])];
    let transforms = [Transform { attributes: (&attributes).into(), ..Transform::default() }.into()];
    let proposals = [Proposal { transforms: (&transforms).into(), ..Proposal::default() }.into()];
    let payloads =
        of_one(SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() });
    let whole = octets(&message(&payloads)).unwrap();
    let cut = Message::parse_until_error(&whole[..whole.len() - 2]).unwrap().value;
    let element = cut.elements().next().unwrap();
    let association = SecurityAssociation::parse_until_error(&element).unwrap().value;
    let proposals: Vec<_> = association.proposals.iter().collect();
    let built =
        SecurityAssociation { proposals: proposals.as_slice().into(), ..SecurityAssociation::default() };
    assert_eq!(octets(&built), Err(EmitError::CutElement { element: "Proposal", missing: 2 }));
    let proposal = association.proposals.elements().next().unwrap();
    let proposal = Proposal::parse_until_error(&proposal).unwrap().value;
    let transforms: Vec<_> = proposal.transforms.iter().collect();
    let built = Proposal { transforms: transforms.as_slice().into(), ..Proposal::default() };
    assert_eq!(octets(&built), Err(EmitError::CutElement { element: "Transform", missing: 2 }));
    let transform = proposal.transforms.elements().next().unwrap();
    let transform = Transform::parse_until_error(&transform).unwrap().value;
    let attributes: Vec<_> = transform.attributes.iter().collect();
    let built = Attributes::from(attributes.as_slice());
    assert_eq!(octets(&built), Err(EmitError::CutElement { element: "data attribute", missing: 2 }));
    let shorter = Attributes::parse(&[0x80, 1, 0, 1, 0, 2, 0, 2, 1, 2], 0, AttributeFraming).unwrap();
    assert_ne!(built, shorter);
}

#[test]
fn the_encryption_flag_says_what_the_body_is_rfc_2408_section_3_1() {
    let encryption = Header { flags: Flags::ENCRYPTION, ..Header::default() };
    let payloads = [nonce(&[1; 8])];
    assert_eq!(contradiction(&Message { header: encryption, ..message(&payloads) }), "Flags");
    let encrypted = Encrypted { next_payload: PayloadType::NONCE, octets: &[9; 16] };
    let in_clear = Message { body: Body::Encrypted(encrypted), ..Message::default() };
    assert_eq!(contradiction(&in_clear), "Flags");
    for body in [in_clear.body, Body::default()] {
        let header = if body.payloads().is_none() { encryption } else { Header::default() };
        let whole = Message { header, body, trailing: &[] };
        assert_eq!(Message::parse(&octets(&whole).unwrap()), Ok(whole));
    }
}

#[test]
fn no_payload_hides_those_behind_it_and_none_is_read_as_another() {
    let unknown = |payload_type| Payload::from(PayloadBody::Unknown { payload_type, octets: &[1, 2] });
    for number in 0..=255 {
        let payloads = [unknown(PayloadType(number)), nonce(&[7; 8])];
        match octets(&message(&payloads)) {
            Ok(octets) => assert_eq!(Message::parse(&octets), Ok(message(&payloads)), "{number}"),
            Err(error) => assert!(
                matches!(error, EmitError::Contradiction { field: "Next Payload", .. }),
                "{number}: {error}"
            ),
        }
    }
    let written = (0..=255).filter(|number| octets(&message(&of_one(unknown(PayloadType(*number))))).is_ok());
    assert_eq!(written.count(), 256 - 1 - 14 - 5, "NONE, 1 to 14, and 20, 21, 130, 131, 132 are refused");
    let error = ParseError::LabelPadding { within: "payload body", offset: 0 };
    let octets = &[1, 2];
    let none = PayloadBody::Malformed { payload_type: PayloadType::NONE, octets, missing: 0, error };
    assert_eq!(contradiction(&message(&of_one(none))), "Next Payload");
}

#[test]
fn the_first_payload_inside_another_keeps_its_number() {
    let error = ParseError::LabelPadding { within: "payload body", offset: 0 };
    for payload_type in [PayloadType::NONE, PayloadType::NONCE] {
        let malformed: [Nested<'_, Proposal<'_>>; 1] =
            [Nested::Malformed { header: payload_type.into(), octets: &[1], missing: 0, error }];
        let association =
            SecurityAssociation { proposals: (&malformed).into(), ..SecurityAssociation::default() };
        assert_eq!(contradiction(&association), "Next Payload");
        let malformed: [Nested<'_, Transform<'_>>; 1] =
            [Nested::Malformed { header: payload_type.into(), octets: &[1], missing: 0, error }];
        assert_eq!(
            contradiction(&Proposal { transforms: (&malformed).into(), ..Proposal::default() }),
            "Next Payload"
        );
    }
    // Behind the first payload, the payload before it tells every number but NONE.
    let behind = Nested::Malformed { header: PayloadType::NONCE.into(), octets: &[1], missing: 0, error };
    let proposals = [Proposal::default().into(), behind];
    assert!(
        octets(&SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() })
            .is_ok()
    );
}

#[test]
fn the_data_of_one_notification_are_not_written_under_the_type_of_another() {
    let lifetime = [Attribute::basic(1u16, 1u16)];
    let forms = [
        (NotificationData::SequenceNumber(5), &[NotifyType::R_U_THERE, NotifyType::R_U_THERE_ACK][..]),
        (NotificationData::ReplayStatus(1), &[NotifyType::REPLAY_STATUS]),
        (NotificationData::Lifetime((&lifetime).into()), &[NotifyType::RESPONDER_LIFETIME]),
        (NotificationData::Gateway([192, 0, 2, 1].into()), &[NotifyType::LOAD_BALANCE]),
        (NotificationData::Octets(&[1, 2, 3]), NotifyType::NAMED),
    ];
    for (data, types) in forms {
        for notify_message_type in NotifyType::NAMED {
            let notification = Notification {
                doi: Doi::IPSEC,
                protocol_id: ProtocolId::ISAKMP,
                notify_message_type: *notify_message_type,
                spi: &[],
                notification_data: data.clone(),
            };
            match types.contains(notify_message_type) {
                true => {
                    let octets = octets(&notification).unwrap();
                    assert_eq!(Notification::try_from(&octets[..]), Ok(notification));
                }
                false => {
                    assert_eq!(contradiction(&notification), "Notify Message Type", "{notify_message_type}")
                }
            }
        }
    }
}

#[test]
fn octets_do_not_stand_where_a_proposal_or_a_transform_would_be_read() {
    let proposal = Proposal { trailing: &[1, 2, 3, 4], ..Proposal::default() };
    assert_eq!(contradiction(&proposal), "# of Transforms");
    let association = SecurityAssociation { trailing: &[1; 8], ..SecurityAssociation::default() };
    assert_eq!(contradiction(&association), "Situation");
}

#[test]
fn a_situation_has_the_form_of_its_doi_rfc_2407_section_4_2() {
    let of = |doi, situation| SecurityAssociation { doi, situation, ..SecurityAssociation::default() };
    assert_eq!(contradiction(&of(Doi::IPSEC, Situation::Other(&[9]))), "Situation");
    assert_eq!(contradiction(&of(Doi(0x77), Situation::IDENTITY_ONLY)), "Situation");
    let proposals = [Proposal::default().into()];
    let other = of(Doi(0x77), Situation::Other(&[9]));
    assert!(octets(&other).is_ok());
    assert_eq!(contradiction(&SecurityAssociation { proposals: (&proposals).into(), ..other }), "Situation");
}

#[test]
fn the_bits_of_a_label_fill_its_categories_rfc_2407_section_4_6_1() {
    let label = |category_bits, categories| Situation::Labeled {
        flags: SituationFlags::SECRECY,
        labeled_domain_identifier: 1,
        secrecy: Some(Label { category_bits, categories, ..Label::default() }),
        integrity: None,
    };
    for (bits, categories) in [(9, &[1][..]), (0, &[1]), (8, &[1, 2]), (17, &[1, 2]), (1, &[])] {
        assert_eq!(contradiction(&label(bits, categories)), "category length", "{bits}");
    }
    for (bits, categories) in [(0, &[][..]), (1, &[1]), (8, &[1]), (9, &[1, 2])] {
        assert!(octets(&label(bits, categories)).is_ok(), "{bits}");
    }
}
