use std::vec::Vec;

use ::isakmp::doi::ipsec::AttributeType as Ipsec;
use ::isakmp::doi::oakley::AttributeType as Oakley;
use ::isakmp::doi::{EspTransformId, IsakmpTransformId};
use ::isakmp::payload::security_association::SecurityAssociation;
use ::isakmp::{Attribute, Emit};

use super::*;
use crate::Cipher;

fn association(proposals: &[Nested<'_, Proposal<'_>>]) -> Vec<u8> {
    let association = SecurityAssociation { proposals: proposals.into(), ..SecurityAssociation::default() };
    let mut octets = std::vec![0; association.wire_len()];
    association.emit(&mut octets).unwrap();
    octets
}

fn list<T: Copy + Into<u16>>(attributes: &[(T, u16)]) -> Vec<Attribute<'static>> {
    attributes.iter().map(|(kind, value)| Attribute::basic(*kind, *value)).collect()
}

/// The attributes of one transform of phase 1, and their values.
type Attributes<'a> = &'a [(Oakley, u16)];

fn phase_1(transforms: &[Attributes<'_>]) -> Vec<u8> {
    let lists: Vec<_> = transforms.iter().map(|attributes| list(attributes)).collect();
    let transforms: Vec<_> = (1..)
        .zip(&lists)
        .map(|(transform_number, list)| {
            let attributes = list.as_slice().into();
            let transform_id = IsakmpTransformId::KEY_IKE.0;
            Transform { transform_number, transform_id, reserved: 0, attributes }.into()
        })
        .collect();
    let proposal = Proposal {
        proposal_number: 1,
        protocol_id: ProtocolId::ISAKMP,
        transforms: transforms.as_slice().into(),
        ..Proposal::default()
    };
    association(&[proposal.into()])
}

const POLICY: isakmp::Policy = isakmp::Policy {
    cipher: Cipher::Aes256,
    hash_algorithm: HashAlgorithm::SHA2_256,
    authentication_method: AuthenticationMethod::PRE_SHARED_KEY,
    group_description: GroupDescription::MODP_2048,
    life: Life { seconds: Some(86_400), kilobytes: None },
};

const GOOD: [(Oakley, u16); 7] = [
    (Oakley::ENCRYPTION_ALGORITHM, 7),
    (Oakley::KEY_LENGTH, 256),
    (Oakley::HASH_ALGORITHM, 4),
    (Oakley::GROUP_DESCRIPTION, 14),
    (Oakley::AUTHENTICATION_METHOD, 1),
    (Oakley::LIFE_TYPE, 1),
    (Oakley::LIFE_DURATION, 28_800),
];

fn with(kind: Oakley, value: u16) -> Vec<(Oakley, u16)> {
    GOOD.iter().map(|(other, old)| (*other, if *other == kind { value } else { *old })).collect()
}

fn without(kind: Oakley) -> Vec<(Oakley, u16)> {
    GOOD.into_iter().filter(|(other, _)| *other != kind).collect()
}

/// Chooses from one association. Returns the transform and the policy, and every reason on the way.
fn choose(octets: &[u8], policies: &[isakmp::Policy]) -> (Option<(u8, usize)>, Vec<Reason>) {
    let association = SecurityAssociation::parse_body(octets).unwrap();
    let mut reasons = Vec::new();
    let chosen = isakmp::choose(&association, policies, &mut |refused| reasons.push(refused.reason));
    (chosen.map(|chosen| (chosen.transform.transform_number, chosen.policy)), reasons)
}

#[test]
fn the_first_acceptable_transform_is_taken_and_the_others_have_a_reason() {
    let des = with(Oakley::ENCRYPTION_ALGORITHM, 1);
    let octets = phase_1(&[&des, &GOOD, &GOOD]);
    let other = isakmp::Policy { group_description: GroupDescription::MODP_1536, ..POLICY };
    let (chosen, reasons) = choose(&octets, &[other, POLICY]);
    assert_eq!(chosen, Some((2, 1)));
    let wanted = EncryptionAlgorithm::AES_CBC;
    let cipher = Reason::EncryptionAlgorithm { offered: Some(EncryptionAlgorithm::DES_CBC), wanted };
    let group = Reason::GroupDescription {
        offered: Some(GroupDescription::MODP_2048),
        wanted: Some(GroupDescription::MODP_1536),
    };
    assert_eq!(reasons, [cipher, cipher, group]);
}

#[test]
fn a_refused_offer_is_a_line_for_a_log() {
    let lines = |octets: &[u8], policies: &[isakmp::Policy]| {
        let association = SecurityAssociation::parse_body(octets).unwrap();
        let mut lines = Vec::new();
        isakmp::choose(&association, policies, &mut |refused| lines.push(std::format!("{refused}")));
        lines
    };
    let des = with(Oakley::ENCRYPTION_ALGORITHM, 1);
    let other = isakmp::Policy { group_description: GroupDescription::MODP_1536, ..POLICY };
    assert_eq!(
        lines(&phase_1(&[&GOOD, &des]), &[other])[1],
        "policy 0 does not accept transform 2 of proposal 1: \
         the encryption algorithm of the offer is DES-CBC, but the policy wants AES-CBC"
    );
    let mut octets = phase_1(&[&GOOD]);
    // The protocol of the proposal stands behind the DOI, the situation, and five octets of the proposal.
    octets[13] = ProtocolId::ESP.0;
    assert_eq!(
        lines(&octets, &[POLICY]),
        ["policy 0 does not accept proposal 1: \
          the proposal is for protocol PROTO_IPSEC_ESP, which the policy does not want"]
    );
    octets[13] = ProtocolId::ISAKMP.0;
    // The transform, which begins behind the proposal's eight octets, declares 99 octets.
    octets[19] = 99;
    let [line] = &lines(&octets, &[POLICY])[..] else { panic!("one line") };
    assert!(line.starts_with("no policy accepts proposal 1: Transform "), "{line}");
}

#[test]
fn every_attribute_counts() {
    let wanted = EncryptionAlgorithm::AES_CBC;
    for (attributes, reason) in [
        (
            with(Oakley::ENCRYPTION_ALGORITHM, 5),
            Reason::EncryptionAlgorithm { offered: Some(EncryptionAlgorithm::TRIPLE_DES_CBC), wanted },
        ),
        (without(Oakley::ENCRYPTION_ALGORITHM), Reason::EncryptionAlgorithm { offered: None, wanted }),
        (with(Oakley::KEY_LENGTH, 128), Reason::KeyLength { offered: Some(128), wanted: Some(256) }),
        (without(Oakley::KEY_LENGTH), Reason::KeyLength { offered: None, wanted: Some(256) }),
        (
            with(Oakley::HASH_ALGORITHM, 2),
            Reason::HashAlgorithm { offered: Some(HashAlgorithm::SHA), wanted: HashAlgorithm::SHA2_256 },
        ),
        (
            with(Oakley::AUTHENTICATION_METHOD, 3),
            Reason::AuthenticationMethod {
                offered: Some(AuthenticationMethod::RSA_SIGNATURES),
                wanted: AuthenticationMethod::PRE_SHARED_KEY,
            },
        ),
        (
            without(Oakley::GROUP_DESCRIPTION),
            Reason::GroupDescription { offered: None, wanted: Some(GroupDescription::MODP_2048) },
        ),
        (with(Oakley::LIFE_TYPE, 9), Reason::Attribute(Oakley::LIFE_DURATION.0)),
        (
            with(Oakley::KEY_LENGTH, 256).into_iter().chain([(Oakley::PRF, 1)]).collect(),
            Reason::Attribute(13),
        ),
    ] {
        assert_eq!(choose(&phase_1(&[&attributes]), &[POLICY]), (None, std::vec![reason]));
    }
    // The policy chooses the attributes that the offer does not state.
    let silent: Vec<_> =
        without(Oakley::LIFE_TYPE).into_iter().filter(|(kind, _)| *kind != Oakley::LIFE_DURATION).collect();
    assert_eq!(choose(&phase_1(&[&silent]), &[POLICY]).0, Some((1, 0)));
    let strict = isakmp::Policy { life: Life { seconds: Some(28_799), kilobytes: None }, ..POLICY };
    let reason = Reason::LifeSeconds { offered: 28_800, allowed: 28_799 };
    assert_eq!(choose(&phase_1(&[&GOOD]), &[strict]), (None, std::vec![reason]));
}

/// RFC 2407 section 4.5.2: contradicting attributes end the negotiation. An attribute that is repeated with the same
/// value does not contradict itself.
#[test]
fn attributes_in_conflict_are_refused() {
    for (at, (kind, value)) in
        GOOD.into_iter().enumerate().filter(|(_, (kind, _))| *kind != Oakley::LIFE_TYPE)
    {
        let again = |value| {
            let mut attributes = GOOD.to_vec();
            attributes.push((kind, value));
            choose(&phase_1(&[&attributes]), &[POLICY])
        };
        assert_eq!(again(value).0, Some((1, 0)), "{kind} said twice");
        assert_eq!(again(value - 1), (None, std::vec![Reason::Attribute(kind.0)]), "{kind} says another");
        // The policy's own value is the last.
        let mut attributes = with(kind, value - 1);
        attributes.insert(at + 1, GOOD[at]);
        assert_eq!(choose(&phase_1(&[&attributes]), &[POLICY]).1, [Reason::Attribute(kind.0)]);
    }
    let lives = [(Ipsec::SA_LIFE_TYPE, 1), (Ipsec::SA_LIFE_DURATION, 60)];
    let kilobytes = [(Ipsec::SA_LIFE_TYPE, 2), (Ipsec::SA_LIFE_DURATION, 100)];
    for (more, is_taken) in [
        (&[lives, kilobytes].concat()[..], true),
        (&[lives, lives].concat(), true),
        (&[lives[0], lives[1], (Ipsec::SA_LIFE_DURATION, 61)], false),
        (&[(Ipsec::AUTHENTICATION_ALGORITHM, 2)], true),
        (&[(Ipsec::AUTHENTICATION_ALGORITHM, 1)], false),
        (&[(Ipsec::ENCAPSULATION_MODE, 2)], false),
    ] {
        let attributes = [&TUNNEL_SHA, more].concat();
        let octets = phase_2(&[(1, ProtocolId::ESP, &[1; 4], &attributes)]);
        let (chosen, reasons) = choose_ipsec(&octets, &[policy(&[ESP])]);
        assert_eq!(chosen.is_some(), is_taken, "{more:?}");
        if let Some((kind, _)) = more.last().filter(|_| !is_taken) {
            assert_eq!(reasons, [Reason::Attribute(kind.0)]);
        }
    }
}

#[test]
fn proposals_of_another_protocol_are_no_offer() {
    let protocol_id = ProtocolId::ESP;
    let proposal = Proposal { proposal_number: 1, protocol_id, spi: &[1, 2, 3, 4], ..Proposal::default() };
    let octets = association(&[proposal.into()]);
    assert_eq!(choose(&octets, &[POLICY]), (None, std::vec![Reason::Protocol(ProtocolId::ESP)]));
}

/// The proposal number, the protocol, the SPI, and the attributes of one transform.
type Proposed<'a> = (u8, ProtocolId, &'a [u8], &'a [(Ipsec, u16)]);

/// Makes an association of AH and ESP, with these proposals.
fn phase_2(proposals: &[Proposed<'_>]) -> Vec<u8> {
    let transforms: Vec<_> = proposals.iter().map(|(.., attributes)| list(attributes)).collect();
    let transforms: Vec<[_; 1]> = proposals
        .iter()
        .zip(&transforms)
        .map(|((_, protocol_id, ..), list)| {
            let transform_id = if *protocol_id == ProtocolId::AH { 3 } else { EspTransformId::TRIPLE_DES.0 };
            let attributes = list.as_slice().into();
            [Transform { transform_number: 1, transform_id, reserved: 0, attributes }.into()]
        })
        .collect();
    let proposals: Vec<_> = proposals
        .iter()
        .zip(&transforms)
        .map(|((proposal_number, protocol_id, spi, _), transforms)| {
            let (proposal_number, protocol_id) = (*proposal_number, *protocol_id);
            Proposal { proposal_number, protocol_id, spi, transforms: transforms.into(), trailing: &[] }
                .into()
        })
        .collect();
    association(&proposals)
}

const TUNNEL_SHA: [(Ipsec, u16); 2] = [(Ipsec::ENCAPSULATION_MODE, 1), (Ipsec::AUTHENTICATION_ALGORITHM, 2)];
const ESP: ipsec::Protocol = ipsec::Protocol {
    protocol_id: ProtocolId::ESP,
    transform_id: 3,
    key_length: None,
    authentication_algorithm: Some(AuthenticationAlgorithm::HMAC_SHA),
};
const AH: ipsec::Protocol = ipsec::Protocol { protocol_id: ProtocolId::AH, ..ESP };

const fn policy(protocols: &[ipsec::Protocol]) -> ipsec::Policy<'_> {
    ipsec::Policy {
        protocols,
        encapsulation_mode: EncapsulationMode::TUNNEL,
        group_description: None,
        extended_sequence_number: false,
        life: Life { seconds: None, kilobytes: None },
    }
}

/// The number of the proposal, the policy, and the SPIs one after another.
type Taken = (u8, usize, Vec<u8>);

fn choose_ipsec(octets: &[u8], policies: &[ipsec::Policy<'_>]) -> (Option<Taken>, Vec<Reason>) {
    let association = SecurityAssociation::parse_body(octets).unwrap();
    let mut reasons = Vec::new();
    let chosen = ipsec::choose(&association, policies, &mut |refused| reasons.push(refused.reason));
    let chosen = chosen.map(|chosen| {
        let spis = chosen.protocols.iter().flatten().flat_map(|protocol| protocol.proposal.spi).copied();
        (chosen.proposal_number, chosen.policy, spis.collect())
    });
    (chosen, reasons)
}

/// RFC 2408 section 4.2: the proposals with one number are accepted together or not at all.
#[test]
fn protocols_are_taken_together() {
    let octets = phase_2(&[
        (1, ProtocolId::AH, &[1; 4], &TUNNEL_SHA),
        (1, ProtocolId::ESP, &[2; 4], &TUNNEL_SHA),
        (2, ProtocolId::ESP, &[3; 4], &TUNNEL_SHA),
    ]);
    let together = [ESP, AH];
    // The result is in the policy's order, whatever the order of the proposal is.
    let (chosen, reasons) = choose_ipsec(&octets, &[policy(&together)]);
    assert_eq!((chosen, reasons), (Some((1, 0, [[2; 4], [1; 4]].concat())), std::vec![]));
    let (chosen, reasons) = choose_ipsec(&octets, &[policy(&together[..1])]);
    assert_eq!(chosen, Some((2, 0, std::vec![3; 4])));
    assert_eq!(reasons, [Reason::ProtocolCount { offered: 2, wanted: 1 }]);
    let twice =
        phase_2(&[(1, ProtocolId::ESP, &[1; 4], &TUNNEL_SHA), (1, ProtocolId::ESP, &[2; 4], &TUNNEL_SHA)]);
    let expected = (None, std::vec![Reason::Protocol(ProtocolId::ESP)]);
    assert_eq!(choose_ipsec(&twice, &[policy(&together)]), expected);
    let four = [ESP, AH, ESP, AH];
    let reason = Reason::ProtocolCount { offered: 2, wanted: 4 };
    assert_eq!(choose_ipsec(&twice, &[policy(&four)]), (None, std::vec![reason]));
}

#[test]
fn every_attribute_of_phase_2_counts() {
    let offer = |more: &[(Ipsec, u16)]| {
        // The attributes replace those that are offered otherwise.
        let said = TUNNEL_SHA.into_iter().filter(|(kind, _)| more.iter().all(|(other, _)| other != kind));
        let attributes: Vec<_> = said.chain(more.iter().copied()).collect();
        phase_2(&[(1, ProtocolId::ESP, &[1; 4], &attributes)])
    };
    let esp = [ESP];
    for (more, reason) in [
        (
            (Ipsec::ENCAPSULATION_MODE, 2),
            Reason::EncapsulationMode {
                offered: Some(EncapsulationMode::TRANSPORT),
                wanted: EncapsulationMode::TUNNEL,
            },
        ),
        (
            (Ipsec::AUTHENTICATION_ALGORITHM, 1),
            Reason::AuthenticationAlgorithm {
                offered: Some(AuthenticationAlgorithm::HMAC_MD5),
                wanted: Some(AuthenticationAlgorithm::HMAC_SHA),
            },
        ),
        ((Ipsec::KEY_LENGTH, 128), Reason::KeyLength { offered: Some(128), wanted: None }),
        (
            (Ipsec::GROUP_DESCRIPTION, 5),
            Reason::GroupDescription { offered: Some(GroupDescription::MODP_1536), wanted: None },
        ),
        (
            (Ipsec::EXTENDED_SEQUENCE_NUMBER, 1),
            Reason::ExtendedSequenceNumber { offered: true, wanted: false },
        ),
        ((Ipsec::EXTENDED_SEQUENCE_NUMBER, 2), Reason::Attribute(11)),
        ((Ipsec::ECN_TUNNEL, 1), Reason::Attribute(10)),
    ] {
        assert_eq!(choose_ipsec(&offer(&[more]), &[policy(&esp)]), (None, std::vec![reason]));
    }
    let strict = ipsec::Policy { life: Life { seconds: None, kilobytes: Some(100) }, ..policy(&esp) };
    let long = offer(&[(Ipsec::SA_LIFE_TYPE, 2), (Ipsec::SA_LIFE_DURATION, 101)]);
    let reason = Reason::LifeKilobytes { offered: 101, allowed: 100 };
    assert_eq!(choose_ipsec(&long, &[strict]), (None, std::vec![reason]));
    assert_eq!(choose_ipsec(&long, &[policy(&esp)]).0, Some((1, 0, std::vec![1; 4])));
    let short = phase_2(&[(1, ProtocolId::ESP, &[1; 3], &TUNNEL_SHA)]);
    assert_eq!(choose_ipsec(&short, &[policy(&esp)]), (None, std::vec![Reason::SpiLength(3)]));
}
