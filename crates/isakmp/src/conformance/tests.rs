use super::association::basic_as_variable;
use super::*;
use crate::doi::Doi;
use crate::payload::attribute::Attribute;
use crate::payload::attribute::{AttributeValue, AttributesWriter};
use crate::payload::certificate::Certificate;
use crate::payload::delete::Delete;
use crate::payload::delete::Spis;
use crate::payload::identification::Identification;
use crate::payload::identification::Identity;
use crate::payload::nonce::Nonce;
use crate::payload::notification::Notification;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::situation::Situation;
use crate::payload::vendor_id::VendorId;
use crate::writer::{ProposalsWriter, TransformsWriter};
use crate::{Body, ExchangeType, Header, Message, NegotiationContext, Payload, Payloads};
use crate::{EmitError, MessageWriter, Version, Writer};
use std::collections::BTreeSet;
use std::string::ToString;
use std::vec::Vec;

fn header(exchange_type: ExchangeType) -> Header {
    Header { exchange_type, ..Header::default() }
}

/// Departures of a message that `write` writes.
fn departures(
    header: &Header,
    write: impl FnOnce(&mut MessageWriter<'_, '_>) -> Result<(), EmitError>,
) -> Vec<Departure> {
    let mut buffer = [0; 2048];
    let mut writer = Writer::new(&mut buffer);
    let mut message = MessageWriter::new(&mut writer, header).unwrap();
    write(&mut message).unwrap();
    message.finish().unwrap();
    Message::parse(writer.written()).unwrap().conformance(NegotiationContext::NONE).collect()
}

fn association(
    exchange_type: ExchangeType,
    write: impl FnOnce(&mut ProposalsWriter<'_, '_>) -> Result<(), EmitError>,
) -> Vec<Departure> {
    departures(&header(exchange_type), |message| {
        message.security_association(PayloadType(1), Doi::IPSEC, &Situation::IDENTITY_ONLY, |out| write(out))
    })
}

fn transform(
    protocol_id: ProtocolId,
    spi: &[u8],
    write: impl FnOnce(&mut AttributesWriter<'_, '_>) -> Result<(), EmitError>,
) -> Vec<Departure> {
    association(ExchangeType::IDENTITY_PROTECTION, |proposals| {
        proposals.proposal(1, protocol_id, spi, |transforms| transforms.transform(1, 2, |out| write(out)))
    })
}

const MAIN: ExchangeType = ExchangeType::IDENTITY_PROTECTION;

#[test]
fn what_the_rfcs_say_departs_from_nothing() {
    assert_eq!(
        transform(ProtocolId::ISAKMP, &[], |attributes| {
            attributes.basic(oakley::AttributeType::LIFE_TYPE, 1u16)?;
            attributes.variable(oakley::AttributeType::LIFE_DURATION, &[0, 1, 0x51, 0x80])
        }),
        []
    );
    let identification =
        Identification { protocol_id: 17, port: 500, identity: Identity::Ipv4Address([10, 0, 0, 1].into()) };
    assert_eq!(identification.conformance(Phase::One).count(), 0);
    assert_eq!(Payload::Nonce(Nonce { nonce_data: &[0; 20] }).conformance(Phase::One).count(), 0);
}

#[test]
fn rfc_2407_section_4_6_2_ports_of_both_phases() {
    let of = |protocol_id, port, phase| {
        let identity = Identity::Ipv4Address([10, 0, 0, 1].into());
        Identification { protocol_id, port, identity }.conformance(phase).collect::<Vec<_>>()
    };
    assert_eq!(of(0, 0, Phase::One), []);
    assert_eq!(
        of(17, 0, Phase::One),
        [Departure::IdentificationPort { phase: Phase::One, protocol_id: 17, port: 0 }]
    );
    assert_eq!(of(0, 500, Phase::One).len(), 1);
    assert_eq!(of(6, 80, Phase::One).len(), 1);
    assert_eq!(of(47, 0, Phase::Two), []);
    assert_eq!(of(6, 80, Phase::Two), []);
    assert_eq!(of(0, 80, Phase::Two).len(), 1);
}

#[test]
fn rfc_2407_section_4_5_basic_attributes_are_not_sent_variable() {
    let encryption = oakley::AttributeType::ENCRYPTION_ALGORITHM;
    let told = transform(ProtocolId::ISAKMP, &[], |attributes| attributes.variable(encryption, &[0, 5]));
    let expected = Departure::BasicAttributeVariable { phase: Phase::One, attribute_type: 1 };
    assert_eq!(told, [expected]);
    assert_eq!(expected.reference(), "RFC 2409 appendix A");
    let told = transform(ProtocolId::ESP, &[0; 4], |attributes| {
        attributes.variable(ipsec::AttributeType::ENCAPSULATION_MODE, &[0, 1])?;
        attributes.variable(ipsec::AttributeType::COMPRESS_PRIVATE_ALGORITHM, &[0, 1])
    });
    let expected = Departure::BasicAttributeVariable { phase: Phase::Two, attribute_type: 4 };
    assert_eq!(told, [expected]);
    assert_eq!(expected.reference(), "RFC 2407 section 4.5");
}

#[test]
fn rfc_2407_section_4_5_a_life_duration_follows_a_life_type() {
    let told = transform(ProtocolId::ESP, &[0; 4], |attributes| {
        attributes.basic(2u16, 100u16)?;
        attributes.basic(1u16, 1u16)?;
        attributes.basic(2u16, 100u16)
    });
    assert_eq!(told, [Departure::LifeDurationWithoutType]);
    assert_eq!(transform(ProtocolId::ISAKMP, &[], |attributes| attributes.basic(2u16, 1u16)), []);
}

#[test]
fn rfc_2407_section_4_4_3_ah_has_an_authentication_algorithm() {
    assert_eq!(transform(ProtocolId::AH, &[0; 4], |_| Ok(())), [Departure::AuthenticationAlgorithmMissing]);
    assert_eq!(transform(ProtocolId::AH, &[0; 4], |attributes| attributes.basic(5u16, 1u16)), []);
}

#[test]
fn rfc_2408_section_3_5_spis_have_the_length_of_their_protocol() {
    for (protocol_id, size, departs) in [
        (ProtocolId::ISAKMP, 16, false),
        (ProtocolId::ISAKMP, 17, true),
        (ProtocolId::ESP, 4, false),
        (ProtocolId::ESP, 8, true),
        (ProtocolId::IPCOMP, 2, false),
    ] {
        let told = transform(protocol_id, &[0; 20][..size], |_| Ok(()));
        let expected = departs.then_some(Departure::SpiSize { protocol_id, size });
        assert_eq!(told, Vec::from_iter(expected));
    }
}

#[test]
fn rfc_2408_section_4_2_proposals_and_transforms_are_numbered_upwards() {
    let none = |_: &mut TransformsWriter<'_, '_>| Ok(());
    let told = association(ExchangeType::INFORMATIONAL, |proposals| {
        for number in [1, 1, 2, 1] {
            proposals.proposal(number, ProtocolId::ESP, &[0; 4], none)?;
        }
        Ok(())
    });
    assert_eq!(told, [Departure::ProposalOrder { previous: 2, number: 1 }]);
    let told = association(MAIN, |proposals| {
        proposals.proposal(1, ProtocolId::ISAKMP, &[], |transforms| {
            [1, 2, 2, 1].into_iter().try_for_each(|number| transforms.transform(number, 1, |_| Ok(())))
        })
    });
    assert_eq!(
        told,
        [
            Departure::TransformOrder { previous: 2, number: 2 },
            Departure::TransformOrder { previous: 2, number: 1 }
        ]
    );
}

#[test]
fn rfc_2409_section_5_one_association_of_one_proposal_comes_first_in_phase_1() {
    let told = departures(&header(MAIN), |message| {
        message.push(PayloadType::VENDOR_ID, &[1])?;
        for _ in 0..2 {
            message.security_association(
                PayloadType(1),
                Doi::IPSEC,
                &Situation::IDENTITY_ONLY,
                |proposals| {
                    proposals.proposal(1, ProtocolId::ISAKMP, &[], |_| Ok(()))?;
                    proposals.proposal(2, ProtocolId::ISAKMP, &[], |_| Ok(()))
                },
            )?;
        }
        Ok(())
    });
    let several = Departure::SeveralProposals { count: 2 };
    assert_eq!(
        told,
        [
            Departure::SecurityAssociationNotFirst,
            Departure::SeveralSecurityAssociations { count: 2 },
            several,
            several
        ]
    );
}

#[test]
fn rfc_2408_section_4_2_an_association_proposes_something() {
    assert_eq!(association(MAIN, |_| Ok(())), [Departure::NoProposal]);
    let other = SecurityAssociation::parse(&[0, 0, 0, 2, 1, 2]).unwrap();
    assert_eq!(other.conformance(Phase::One).count(), 0);
}

#[test]
fn rfc_2409_section_5_5_a_hash_comes_first_in_quick_mode() {
    let quick = header(ExchangeType::QUICK_MODE);
    assert_eq!(departures(&quick, |out| out.push(PayloadType::NONCE, &[0; 16])), [Departure::HashNotFirst]);
    assert_eq!(departures(&quick, |out| out.push(PayloadType::HASH, &[0; 16])), []);
}

#[test]
fn rfc_2408_section_3_1_header_fields() {
    let mut odd = header(MAIN);
    odd.version = Version(0x13);
    odd.flags = Flags(0x40);
    odd.message_id = 5;
    assert_eq!(
        departures(&odd, |_| Ok(())),
        [
            Departure::MinorVersion { minor: 3 },
            Departure::ReservedFlags { flags: Flags(0x40) },
            Departure::MessageIdInPhase1 { message_id: 5 }
        ]
    );
    odd = Header { message_id: 5, ..header(ExchangeType::INFORMATIONAL) };
    assert_eq!(departures(&odd, |_| Ok(())), []);
}

#[test]
fn reserved_fields_are_zero() {
    let told = departures(&header(MAIN), |message| {
        message.security_association(
            crate::PayloadHeader { payload_type: PayloadType(1), reserved: 1 },
            Doi::IPSEC,
            &Situation::IDENTITY_ONLY,
            |proposals| {
                proposals.proposal_with(2, 1, ProtocolId::ISAKMP, &[], |transforms| {
                    transforms.transform_with(3, 1, 1, 4, |_| Ok(()))
                })
            },
        )?;
        message.push(PayloadType::NAT_ORIGINAL_ADDRESS, &[1, 0, 0, 5, 10, 0, 0, 1])
    });
    let octet = |number, reserved| Departure::ReservedOctet { payload_type: PayloadType(number), reserved };
    assert_eq!(
        told,
        [
            octet(1, 1),
            octet(2, 2),
            octet(3, 3),
            Departure::TransformReserved { reserved: 4 },
            Departure::NatOriginalAddressReserved { reserved: [0, 0, 5] }
        ]
    );
}

#[test]
fn rfc_2409_section_5_nonces_have_8_to_256_octets() {
    for (len, departs) in [(7, true), (8, false), (256, false), (257, true)] {
        let octets = [0; 257];
        let told: Vec<_> =
            Payload::Nonce(Nonce { nonce_data: &octets[..len] }).conformance(Phase::Two).collect();
        assert_eq!(told, Vec::from_iter(departs.then_some(Departure::NonceLength { len })));
    }
}

#[test]
fn rfc_3706_section_5_3_and_rfc_2407_section_4_6_3_forms_of_notifications() {
    let told = |body: &[u8]| Notification::parse(body).unwrap().conformance().collect::<Vec<_>>();
    let r_u_there = NotifyType::R_U_THERE;
    assert_eq!(
        told(&[0, 0, 0, 1, 1, 0, 0x8d, 0x28, 0, 0, 0]),
        [
            Departure::NotificationDataForm { notify_message_type: r_u_there, len: 3 },
            Departure::NotificationSpi { notify_message_type: r_u_there, size: 0 }
        ]
    );
    let initial_contact = NotifyType::INITIAL_CONTACT;
    assert_eq!(
        told(&[0, 0, 0, 1, 1, 0, 0x60, 2]),
        [Departure::NotificationSpi { notify_message_type: initial_contact, size: 0 }]
    );
    assert_eq!(told(&[0, 0, 0, 1, 3, 4, 0x60, 1, 0, 0, 0, 0, 0, 0, 0, 1]), []);
    assert_eq!(told(&[0, 0, 0, 1, 3, 4, 0x60, 1, 0, 0, 0, 0, 1]).len(), 1);
    let body = [0, 0, 0, 1, 3, 4, 0x60, 1, 0, 0, 0, 0, 0, 0, 0, 1];
    let mut informational = header(ExchangeType::INFORMATIONAL);
    let notify_message_type = NotifyType::REPLAY_STATUS;
    assert_eq!(
        departures(&informational, |out| out.push(PayloadType::NOTIFICATION, &body)),
        [Departure::NotificationUnprotected { notify_message_type }]
    );
    // A decrypted message keeps its flag.
    informational.flags = Flags::ENCRYPTION;
    let mut chain = std::vec![0, 0, 0, 20];
    chain.extend(body);
    let framing = crate::PayloadFraming::first(PayloadType::NOTIFICATION);
    let payloads = Payloads::parse(&chain, 28, framing).unwrap();
    let message = Message { header: informational, body: Body::Payloads(payloads) };
    assert_eq!(message.conformance(NegotiationContext::NONE).count(), 0);
}

#[test]
fn deletes_vendor_ids_and_what_stands_after_the_payloads() {
    let delete =
        Delete { doi: Doi::IPSEC, protocol_id: ProtocolId::ISAKMP, spis: Spis::new(4, &[0; 4]).unwrap() };
    assert_eq!(
        delete.conformance().collect::<Vec<_>>(),
        [Departure::SpiSize { protocol_id: ProtocolId::ISAKMP, size: 4 }]
    );
    let vendor_id = Payload::VendorId(VendorId { vendor_id: &[1] });
    assert_eq!(vendor_id.conformance(Phase::Two).collect::<Vec<_>>(), [Departure::VendorIdInPhase2]);
    assert_eq!(vendor_id.conformance(Phase::One).count(), 0);
    assert_eq!(Payload::Certificate(Certificate::default()).conformance(Phase::One).count(), 0);
    for (rest, departs) in [(&[0, 0, 0][..], false), (&[0; 4], true), (&[1], true)] {
        let mut buffer = [0; 40];
        let mut writer = Writer::new(&mut buffer);
        MessageWriter::new(&mut writer, &header(MAIN)).unwrap().finish_with(rest).unwrap();
        let message = Message::parse(writer.written()).unwrap();
        let told: Vec<_> = message.conformance(NegotiationContext::NONE).collect();
        let expected = departs.then_some(Departure::OctetsAfterPayloads { count: rest.len() });
        assert_eq!(told, Vec::from_iter(expected));
    }
}

#[test]
fn a_transform_count_that_lies_departs_wherever_the_proposal_stands() {
    let mut buffer = [0; 128];
    let mut writer = Writer::new(&mut buffer);
    let mut message = MessageWriter::new(&mut writer, &header(MAIN)).unwrap();
    message
        .security_association(PayloadType(1), Doi::IPSEC, &Situation::IDENTITY_ONLY, |proposals| {
            proposals
                .proposal(1, ProtocolId::ISAKMP, &[], |transforms| transforms.transform(1, 1, |_| Ok(())))
        })
        .unwrap();
    message.finish().unwrap();
    writer.written_mut()[28 + 12 + 7] = 9;
    let mut told = Vec::new();
    let message = Message::parse_reporting(writer.written(), &mut |departure| told.push(departure)).unwrap();
    let expected = Departure::TransformCount { declared: 9, counted: 1 };
    assert_eq!(told, [expected]);
    assert!(message.conformance(NegotiationContext::NONE).any(|departure| departure == expected));
}

#[test]
fn every_departure_prints_and_knows_its_rfc() {
    let attribute = Attribute { attribute_type: 1, value: AttributeValue::Variable(&[]) };
    assert_eq!(
        basic_as_variable(&attribute, Phase::Two).unwrap().to_string(),
        "basic attribute SA-Life-Type encoded as variable"
    );
    let all = [
        Departure::OctetsAfterMessage { count: 1 },
        Departure::OctetsAfterPayloads { count: 1 },
        Departure::TransformCount { declared: 2, counted: 1 },
        Departure::MinorVersion { minor: 1 },
        Departure::ReservedFlags { flags: Flags(0x80) },
        Departure::MessageIdInPhase1 { message_id: 1 },
        Departure::ReservedOctet { payload_type: PayloadType::HASH, reserved: 1 },
        Departure::TransformReserved { reserved: 1 },
        Departure::NatOriginalAddressReserved { reserved: [1; 3] },
        Departure::SecurityAssociationNotFirst,
        Departure::SeveralSecurityAssociations { count: 2 },
        Departure::HashNotFirst,
        Departure::NoProposal,
        Departure::SeveralProposals { count: 2 },
        Departure::ProposalOrder { previous: 2, number: 1 },
        Departure::TransformOrder { previous: 2, number: 1 },
        Departure::SpiSize { protocol_id: ProtocolId::ESP, size: 1 },
        Departure::BasicAttributeVariable { phase: Phase::One, attribute_type: 1 },
        Departure::LifeDurationWithoutType,
        Departure::AuthenticationAlgorithmMissing,
        Departure::IdentificationPort { phase: Phase::One, protocol_id: 17, port: 0 },
        Departure::NonceLength { len: 1 },
        Departure::NotificationDataForm { notify_message_type: NotifyType::R_U_THERE, len: 1 },
        Departure::NotificationSpi { notify_message_type: NotifyType::INITIAL_CONTACT, size: 1 },
        Departure::NotificationUnprotected { notify_message_type: NotifyType::INITIAL_CONTACT },
        Departure::VendorIdInPhase2,
    ];
    let texts: BTreeSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), all.len());
    assert!(all.iter().all(|departure| departure.reference().starts_with("RFC ")));
}
