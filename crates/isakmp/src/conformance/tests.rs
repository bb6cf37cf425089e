use super::security_association::basic_as_variable;
use super::*;
use crate::doi::Doi;
use crate::payload::certificate::Certificate;
use crate::payload::configuration::{Configuration, ConfigurationAttributeType, ConfigurationType};
use crate::payload::delete::{Delete, Spis};
use crate::payload::hash::Hash;
use crate::payload::identification::{IdType, Identification, Identity};
use crate::payload::nat_original_address::NatOriginalAddress;
use crate::payload::nonce::Nonce;
use crate::payload::notification::Notification;
use crate::payload::proposal::Proposal;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::transform::Transform;
use crate::payload::vendor_id::VendorId;
use crate::{Attribute, AttributeValue, Body, Emit, ExchangeType, Header, Message, Nested, Payload, Version};
use std::collections::BTreeSet;
use std::string::ToString;
use std::vec::Vec;

fn header(exchange_type: ExchangeType) -> Header {
    Header { exchange_type, ..Header::default() }
}

/// Returns the departures of a message of these payloads. The values and their octets have the same departures.
fn departures(header: &Header, payloads: &[Payload<'_>]) -> Vec<Departure> {
    let message = Message { header: *header, body: Body::Payloads(payloads.into()), ..Message::default() };
    let told: Vec<_> = message.conformance().collect();
    let mut buffer = [0; 2048];
    let read = Message::parse(message.emit(&mut buffer).unwrap()).unwrap();
    assert_eq!(read.conformance().collect::<Vec<_>>(), told);
    told
}

fn association(exchange_type: ExchangeType, proposals: &[Nested<'_, Proposal<'_>>]) -> Vec<Departure> {
    let association = SecurityAssociation { proposals: proposals.into(), ..SecurityAssociation::default() };
    departures(&header(exchange_type), &[association.into()])
}

fn transform(protocol_id: ProtocolId, spi: &[u8], attributes: &[Attribute<'_>]) -> Vec<Departure> {
    let transform = Transform {
        transform_number: 1,
        transform_id: 2,
        attributes: attributes.into(),
        ..Transform::default()
    };
    let transforms = [transform.into()];
    let proposal =
        Proposal { proposal_number: 1, protocol_id, spi, transforms: (&transforms).into(), trailing: &[] };
    association(MAIN, &[proposal.into()])
}

/// A proposal of phase 1 without transforms.
fn proposal(proposal_number: u8) -> Proposal<'static> {
    Proposal { proposal_number, protocol_id: ProtocolId::ISAKMP, ..Proposal::default() }
}

const MAIN: ExchangeType = ExchangeType::IDENTITY_PROTECTION;

#[test]
fn what_the_rfcs_say_departs_from_nothing() {
    let attributes = [
        Attribute::basic(oakley::AttributeType::LIFE_TYPE, 1u16),
        Attribute::variable(oakley::AttributeType::LIFE_DURATION, &[0, 1, 0x51, 0x80]),
    ];
    assert_eq!(transform(ProtocolId::ISAKMP, &[], &attributes), []);
    let identification =
        Identification { protocol_id: 17, port: 500, identity: Identity::Ipv4Address([10, 0, 0, 1].into()) };
    assert_eq!(identification.conformance(Phase::One).count(), 0);
    assert_eq!(Payload::from(Nonce { nonce_data: &[0; 20] }).conformance(Phase::One).count(), 0);
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
fn rfc_2407_section_4_6_2_3_names_have_no_terminator() {
    let told = |identity| {
        let identification = Identification { protocol_id: 0, port: 0, identity };
        departures(&header(MAIN), &[identification.into()])
    };
    for (identity, id_type, section) in [
        (Identity::Fqdn(b"gw.example\0"), IdType::FQDN, "RFC 2407 section 4.6.2.3"),
        (Identity::UserFqdn(b"\0"), IdType::USER_FQDN, "RFC 2407 section 4.6.2.4"),
    ] {
        let departure = Departure::IdentificationTerminator { id_type };
        assert_eq!((told(identity), departure.reference()), (Vec::from([departure]), section));
    }
    for identity in [
        Identity::Fqdn(b"gw.example"),
        Identity::Fqdn(b""),
        Identity::UserFqdn(b"a@gw.example"),
        Identity::KeyId(b"a group\0"),
    ] {
        assert_eq!(told(identity), []);
    }
}

#[test]
fn rfc_2407_section_4_5_basic_attributes_are_not_sent_variable() {
    let encryption = oakley::AttributeType::ENCRYPTION_ALGORITHM;
    let told = transform(ProtocolId::ISAKMP, &[], &[Attribute::variable(encryption, &[0, 5])]);
    let expected = Departure::BasicAttributeVariable { phase: Phase::One, attribute_type: 1 };
    assert_eq!(told, [expected]);
    assert_eq!(expected.reference(), "RFC 2409 appendix A");
    let attributes = [
        Attribute::variable(ipsec::AttributeType::ENCAPSULATION_MODE, &[0, 1]),
        Attribute::variable(ipsec::AttributeType::COMPRESS_PRIVATE_ALGORITHM, &[0, 1]),
    ];
    let told = transform(ProtocolId::ESP, &[0; 4], &attributes);
    let expected = Departure::BasicAttributeVariable { phase: Phase::Two, attribute_type: 4 };
    assert_eq!(told, [expected]);
    assert_eq!(expected.reference(), "RFC 2407 section 4.5");
}

#[test]
fn rfc_2407_section_4_5_a_life_duration_follows_a_life_type() {
    let (life_type, duration) = (Attribute::basic(1u16, 1u16), Attribute::basic(2u16, 100u16));
    let told = transform(ProtocolId::ESP, &[0; 4], &[duration, life_type, duration]);
    assert_eq!(told, [Departure::LifeDurationWithoutType]);
    assert_eq!(transform(ProtocolId::ISAKMP, &[], &[Attribute::basic(2u16, 1u16)]), []);
}

#[test]
fn rfc_2407_section_4_4_3_ah_has_an_authentication_algorithm() {
    assert_eq!(transform(ProtocolId::AH, &[0; 4], &[]), [Departure::AuthenticationAlgorithmMissing]);
    assert_eq!(transform(ProtocolId::AH, &[0; 4], &[Attribute::basic(5u16, 1u16)]), []);
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
        let told = transform(protocol_id, &[0; 20][..size], &[]);
        let expected = departs.then_some(Departure::SpiSize { protocol_id, size });
        assert_eq!(told, Vec::from_iter(expected));
    }
}

#[test]
fn rfc_2408_section_4_2_proposals_and_transforms_are_numbered_upwards() {
    let proposals = [1, 1, 2, 1]
        .map(|number| Proposal { protocol_id: ProtocolId::ESP, spi: &[0; 4], ..proposal(number) }.into());
    let told = association(ExchangeType::INFORMATIONAL, &proposals);
    assert_eq!(told, [Departure::ProposalOrder { previous: 2, number: 1 }]);
    let transforms = [1, 2, 2, 1].map(|transform_number| {
        Transform { transform_number, transform_id: 1, ..Transform::default() }.into()
    });
    let told = association(MAIN, &[Proposal { transforms: (&transforms).into(), ..proposal(1) }.into()]);
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
    let proposals = [1, 2].map(|number| proposal(number).into());
    let association =
        SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    let payloads = [VendorId { vendor_id: &[1] }.into(), association.clone().into(), association.into()];
    let several = Departure::SeveralProposals { count: 2 };
    assert_eq!(
        departures(&header(MAIN), &payloads),
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
    assert_eq!(association(MAIN, &[]), [Departure::NoProposal]);
    let other = SecurityAssociation::parse_body(&[0, 0, 0, 2, 1, 2]).unwrap();
    assert_eq!(other.conformance(Phase::One).count(), 0);
}

#[test]
fn rfc_2409_section_5_5_a_hash_comes_first_in_quick_mode() {
    let quick = header(ExchangeType::QUICK_MODE);
    let (hash, nonce) = (Hash { hash_data: &[0; 16] }.into(), Nonce { nonce_data: &[0; 16] }.into());
    assert_eq!(departures(&quick, &[nonce]), [Departure::HashNotFirst]);
    assert_eq!(departures(&quick, &[hash]), []);
}

#[test]
fn what_cannot_be_framed_is_a_fault_and_does_not_count_as_absent() {
    // The hash comes first, but its length field is below its header.
    let hash = [Payload::from(Hash { hash_data: &[1; 16] })];
    let message = Message {
        header: header(ExchangeType::QUICK_MODE),
        body: Body::Payloads((&hash).into()),
        trailing: &[],
    };
    let mut buffer = [0; 128];
    let octets = message.emit(&mut buffer).unwrap();
    for len in 0..4 {
        octets[31] = len;
        let read = Message::parse_until_error(octets).unwrap();
        assert!(read.fault.is_some());
        assert_eq!(read.value.conformance().collect::<Vec<_>>(), []);
    }
    // So is a proposal.
    let proposals = [proposal(1).into()];
    let association =
        SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    let payloads = [association.into()];
    let message = Message { header: header(MAIN), body: Body::Payloads((&payloads).into()), trailing: &[] };
    let octets = message.emit(&mut buffer).unwrap();
    octets[43] = 3;
    let read = Message::parse(octets).unwrap();
    let element = read.elements().next().unwrap();
    let read = SecurityAssociation::parse_until_error(&element).unwrap();
    assert!(read.fault.is_some() && read.value.proposals.is_empty());
    assert_eq!(read.value.conformance(Phase::Two).collect::<Vec<_>>(), []);
}

#[test]
fn rfc_2408_section_3_1_header_fields() {
    let mut odd = header(MAIN);
    odd.version = Version(0x13);
    odd.flags = Flags(0x40);
    odd.message_id = 5;
    assert_eq!(
        departures(&odd, &[]),
        [
            Departure::MinorVersion { minor: 3 },
            Departure::ReservedFlags { flags: Flags(0x40) },
            Departure::MessageIdInPhase1 { message_id: 5 }
        ]
    );
    odd = Header { message_id: 5, ..header(ExchangeType::INFORMATIONAL) };
    assert_eq!(departures(&odd, &[]), []);
}

#[test]
fn reserved_fields_are_zero() {
    let body = Transform { transform_number: 1, transform_id: 1, reserved: 4, ..Transform::default() };
    let transforms = [Nested::Decoded { reserved: 3, body }];
    let body = Proposal { transforms: (&transforms).into(), ..proposal(1) };
    let proposals = [Nested::Decoded { reserved: 2, body }];
    let body = SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    let address = NatOriginalAddress {
        generation: crate::NatTraversal::Rfc3947,
        reserved: [0, 0, 5],
        address: [10, 0, 0, 1].into(),
    };
    let payloads = [Payload { reserved: 1, body: body.into() }, address.into()];
    let octet = |number, reserved| Departure::ReservedOctet { payload_type: PayloadType(number), reserved };
    assert_eq!(
        departures(&header(MAIN), &payloads),
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
fn mode_config_addresses_have_the_length_of_their_family_or_none() {
    use ConfigurationAttributeType as Type;
    let told = |attribute: Attribute<'_>| {
        let attributes = [attribute];
        let configuration = Configuration {
            configuration_type: ConfigurationType::REPLY,
            attributes: (&attributes).into(),
            ..Configuration::default()
        };
        departures(&header(ExchangeType::TRANSACTION), &[configuration.into()])
    };
    let octets = [0; 34];
    for (types, lengths, text) in [
        (&[1, 2, 3, 4, 5, 6][..], &[0, 4][..], "0 or 4"),
        (&[8], &[0, 16, 17], "0, 16 or 17"),
        (&[9, 10, 11, 12], &[0, 16], "0 or 16"),
        (&[13], &[0, 8], "0 or 8"),
        (&[15], &[0, 17], "0 or 17"),
        (&[14], &[0, 2, 4, 8, 16, 18], "a multiple of 2"),
    ] {
        for attribute_type in types.iter().map(|number| Type(*number)) {
            for len in [0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 18] {
                let told = told(Attribute::variable(attribute_type, &octets[..len]));
                let departure = Departure::ConfigurationLength { attribute_type, len };
                let expected: &[_] = if lengths.contains(&len) { &[] } else { &[departure] };
                assert_eq!(told, expected, "{attribute_type} of {len} octets");
                if let [departure] = told[..] {
                    let name = attribute_type.name().unwrap();
                    let text = std::format!("{name} has a value of {len} octets, but it should have {text}");
                    assert_eq!(departure.to_string(), text);
                }
            }
        }
    }
    // In the basic format the address has two octets. Both were told to be right.
    let attribute_type = Type::INTERNAL_IP4_ADDRESS;
    let departure = Departure::ConfigurationLength { attribute_type, len: 2 };
    assert_eq!(told(Attribute::basic(attribute_type, 0x0a09u16)), [departure]);
    assert_eq!(departure.reference(), "draft-ietf-ipsec-isakmp-mode-cfg section 3.4");
    // Values without a length of their own.
    for attribute_type in [Type::APPLICATION_VERSION, Type::XAUTH_USER_NAME, Type(77)] {
        assert_eq!(told(Attribute::variable(attribute_type, &octets[..3])), []);
    }
    // What is cut is a fault, and its length is not known to be wrong.
    let cut = [Attribute { attribute_type: 1, value: AttributeValue::Cut { octets: &[10, 0], missing: 2 } }];
    let configuration = Configuration { attributes: (&cut).into(), ..Configuration::default() };
    assert_eq!(configuration.conformance().count(), 0);
    let reserved = Configuration { reserved: 1, ..Configuration::default() };
    let told = departures(&header(ExchangeType::TRANSACTION), &[reserved.into()]);
    assert_eq!(told, [Departure::ConfigurationReserved { reserved: 1 }]);
}

#[test]
fn rfc_2409_section_5_nonces_have_8_to_256_octets() {
    for (len, departs) in [(7, true), (8, false), (256, false), (257, true)] {
        let octets = [0; 257];
        let told: Vec<_> =
            Payload::from(Nonce { nonce_data: &octets[..len] }).conformance(Phase::Two).collect();
        assert_eq!(told, Vec::from_iter(departs.then_some(Departure::NonceLength { len })));
    }
}

#[test]
fn rfc_3706_section_5_3_and_rfc_2407_section_4_6_3_forms_of_notifications() {
    let told = |body: &[u8]| Notification::parse_body(body).unwrap().conformance().collect::<Vec<_>>();
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
    let body = Notification::parse_body(&[0, 0, 0, 1, 3, 4, 0x60, 1, 0, 0, 0, 0, 0, 0, 0, 1]).unwrap();
    let mut informational = header(ExchangeType::INFORMATIONAL);
    let notify_message_type = NotifyType::REPLAY_STATUS;
    let payloads = [Payload::from(body)];
    assert_eq!(
        departures(&informational, &payloads),
        [Departure::NotificationUnprotected { notify_message_type }]
    );
    // A decrypted message keeps its encryption flag.
    informational.flags = Flags::ENCRYPTION;
    let message =
        Message { header: informational, body: Body::Payloads((&payloads).into()), ..Message::default() };
    assert_eq!(message.conformance().count(), 0);
}

#[test]
fn deletes_vendor_ids_and_what_stands_after_the_payloads() {
    let delete =
        Delete { doi: Doi::IPSEC, protocol_id: ProtocolId::ISAKMP, spis: Spis::new(4, &[0; 4]).unwrap() };
    assert_eq!(
        delete.conformance().collect::<Vec<_>>(),
        [Departure::SpiSize { protocol_id: ProtocolId::ISAKMP, size: 4 }]
    );
    let vendor_id = Payload::from(VendorId { vendor_id: &[1] });
    assert_eq!(vendor_id.conformance(Phase::Two).collect::<Vec<_>>(), [Departure::VendorIdInPhase2]);
    assert_eq!(vendor_id.conformance(Phase::One).count(), 0);
    assert_eq!(Payload::from(Certificate::default()).conformance(Phase::One).count(), 0);
    for (trailing, departs) in [(&[0, 0, 0][..], false), (&[0; 4], true), (&[1], true)] {
        let message = Message { header: header(MAIN), trailing, ..Message::default() };
        let told: Vec<_> = message.conformance().collect();
        let expected = departs.then_some(Departure::OctetsAfterPayloads { count: trailing.len() });
        assert_eq!(told, Vec::from_iter(expected));
    }
}

#[test]
fn a_transform_count_that_lies_departs_once_wherever_the_proposal_stands() {
    let transforms = [Transform { transform_number: 1, ..Transform::default() }.into()];
    let proposal = Proposal { transforms: (&transforms).into(), ..proposal(1) };
    let proposals = [proposal.clone().into()];
    let association =
        SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    for (payload, place) in [(Payload::from(association), 28 + 12 + 7), (proposal.into(), 28 + 7)] {
        let payloads = [payload];
        let message =
            Message { header: header(MAIN), body: Body::Payloads((&payloads).into()), trailing: &[] };
        assert!(!message.conformance().any(|departure| departure.is_corrected()));
        let mut buffer = [0; 128];
        let octets = message.emit(&mut buffer).unwrap();
        octets[place] = 9;
        let read = Message::parse(octets).unwrap();
        let derived: Vec<_> = read.conformance().filter(Departure::is_corrected).collect();
        assert_eq!(derived, [Departure::TransformCount { declared: 9, counted: 1 }]);
        assert_eq!(read, message, "the value has no number of transforms");
    }
}

#[test]
fn every_departure_prints_and_knows_its_rfc() {
    let attribute = Attribute::variable(1u16, &[]);
    assert_eq!(
        basic_as_variable(&attribute, Phase::Two).unwrap().to_string(),
        "the attribute SA-Life-Type is encoded as variable, but it should be basic"
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
