use std::vec::Vec;

use crypto::{HashAlgorithm, Secret};
use isakmp::Header;
use isakmp::doi::ipsec::AttributeType;

use super::*;
use crate::Nonces;
use crate::offers::{self, association};

const SA: PayloadType = PayloadType::SECURITY_ASSOCIATION;
const KE: PayloadType = PayloadType::KEY_EXCHANGE;
const NONCE: PayloadType = PayloadType::NONCE;

/// Makes a proposal of AES with a key of this many bits and HMAC-SHA-1, or of AH with SHA-1.
fn proposal(number: u8, protocol_id: ProtocolId, spi: &[u8], key_length: u16) -> offers::Proposed<'_> {
    let (id, attributes): (_, &[(AttributeType, u16)]) = match protocol_id {
        ProtocolId::AH => (AhTransformId::SHA.0, &[(AttributeType::AUTHENTICATION_ALGORITHM, 2)]),
        _ => (
            EspTransformId::AES_CBC.0,
            &[(AttributeType::KEY_LENGTH, key_length), (AttributeType::AUTHENTICATION_ALGORITHM, 2)],
        ),
    };
    let attributes = attributes.iter().map(|(kind, value)| (kind.0, *value)).collect();
    offers::Proposed { number, protocol_id, spi, transforms: std::vec![(id, attributes)] }
}

fn observe(quick_mode: &mut QuickMode, role: Role, bodies: &[(PayloadType, &[u8])]) {
    offers::read(Header::default(), bodies, |_, payloads| quick_mode.observe(role, payloads)).unwrap();
}

/// Makes a quick mode with these proposals of both sides.
fn quick_mode(proposed: &[offers::Proposed<'_>], chosen: &[offers::Proposed<'_>]) -> QuickMode {
    let mut quick_mode = QuickMode::new();
    observe(&mut quick_mode, Role::Initiator, &[(SA, &association(proposed)), (NONCE, b"Ni_b")]);
    observe(&mut quick_mode, Role::Responder, &[(SA, &association(chosen)), (NONCE, b"Nr_b")]);
    quick_mode
}

fn told(children: Result<Children<'_>, ChildrenError>) -> Vec<(ProtocolId, u32, Role)> {
    children
        .unwrap()
        .map(|child| child.unwrap())
        .map(|one| (one.protocol_id, one.spi, one.destination))
        .collect()
}

/// RFC 2409 section 5.5: KEYMAT uses the SPI that the destination chose, for the protocol that was chosen.
#[test]
fn each_protocol_has_one_sa_toward_each_side_under_the_spi_of_that_side() {
    let proposed = [
        proposal(1, ProtocolId::AH, &[0, 0, 1, 1], 0),
        proposal(1, ProtocolId::ESP, &[0, 0, 1, 2], 256),
        proposal(2, ProtocolId::ESP, &[0, 0, 1, 3], 128),
    ];
    let chosen =
        [proposal(1, ProtocolId::AH, &[0, 0, 2, 1], 0), proposal(1, ProtocolId::ESP, &[0, 0, 2, 2], 256)];
    let quick_mode = quick_mode(&proposed, &chosen);
    assert_eq!(
        told(quick_mode.children(None)),
        [
            (ProtocolId::AH, 0x101, Role::Initiator),
            (ProtocolId::AH, 0x201, Role::Responder),
            (ProtocolId::ESP, 0x102, Role::Initiator),
            (ProtocolId::ESP, 0x202, Role::Responder),
        ]
    );
    let skeyid_d = Skeyid::from_octets(HashAlgorithm::Sha1, Secret::new(&[7; 20])).unwrap();
    let expected =
        keymat::QuickMode { nonces: Nonces { initiator: b"Ni_b", responder: b"Nr_b" }, shared_secret: None };
    for child in quick_mode.children(None).unwrap().flatten() {
        let keymat = child.keymat(&skeyid_d).unwrap();
        let encryption = if child.protocol_id == ProtocolId::ESP { 32 } else { 0 };
        let lengths = KeyLengths::new(encryption, 20).unwrap();
        assert_eq!(child.key_lengths(), Ok(lengths));
        let expected = expected.keymat(&skeyid_d, child.protocol_id, &child.spi.to_be_bytes(), lengths);
        assert_eq!(keymat.encryption(), expected.encryption());
        assert_eq!(keymat.authentication(), expected.authentication());
    }
}

/// libreswan numbers its proposal 0, and strongSwan answers with 1.
#[test]
fn a_proposal_that_comes_back_under_another_number_is_found_by_its_protocol() {
    let proposed = [proposal(0, ProtocolId::ESP, &[0, 0, 1, 1], 128)];
    let quick_mode = quick_mode(&proposed, &[proposal(1, ProtocolId::ESP, &[0, 0, 2, 1], 128)]);
    let expected = [(ProtocolId::ESP, 0x101, Role::Initiator), (ProtocolId::ESP, 0x201, Role::Responder)];
    assert_eq!(told(quick_mode.children(None)), expected);
}

#[test]
fn an_sa_that_cannot_be_made_is_an_error_and_hides_no_other() {
    let proposed = [proposal(1, ProtocolId::ESP, &[0, 0, 1, 1], 128)];
    let other =
        offers::Proposed { transforms: std::vec![], ..proposal(2, ProtocolId::ESP, &[0, 0, 2, 2], 128) };
    let chosen = [
        proposal(1, ProtocolId::AH, &[0, 0, 2, 1], 0),
        other,
        proposal(1, ProtocolId::ESP, &[0, 2, 3], 128),
        proposal(1, ProtocolId::IPCOMP, &[0, 0, 2, 4], 128),
    ];
    let quick_mode = quick_mode(&proposed, &chosen);
    let children: Vec<_> = quick_mode.children(None).unwrap().map(|child| child.map(|one| one.spi)).collect();
    let no_spi = |proposal_number, destination| Err(ChildError::NoSpi { proposal_number, destination });
    let no_transform = Err(ChildError::NoTransform { proposal_number: 2 });
    assert_eq!(
        children,
        [
            no_spi(1, Role::Initiator),
            Ok(0x201),
            no_transform,
            no_transform,
            Ok(0x101),
            no_spi(1, Role::Responder),
            no_spi(1, Role::Initiator),
            Ok(0x204),
        ]
    );
    let skeyid_d = Skeyid::from_octets(HashAlgorithm::Sha1, Secret::new(&[7; 20])).unwrap();
    let compressed = quick_mode.children(None).unwrap().flatten().last().unwrap();
    assert!(compressed.keymat(&skeyid_d).is_err(), "IPCOMP has no keys");
}

#[test]
fn perfect_forward_secrecy_takes_the_secret_of_its_own_key_exchange_and_nothing_else() {
    let all = [proposal(1, ProtocolId::ESP, &[0, 0, 1, 1], 128)];
    let mut quick_mode = quick_mode(&all, &all);
    let secret = Secret::new(&[5; 128]);
    assert_eq!(quick_mode.children(Some(secret)).err(), Some(ChildrenError::NoKeyExchange));
    let said: [(PayloadType, &[u8]); 3] = [(SA, &association(&all)), (NONCE, b"Ni_b"), (KE, b"g^xy")];
    let one_side = |role| Some(ChildrenError::Incomplete(IncompleteExchange::new(KE, role)));
    let mut half = quick_mode.clone();
    observe(&mut half, Role::Responder, &said);
    assert_eq!(half.children(Some(secret)).err(), one_side(Role::Initiator));
    observe(&mut quick_mode, Role::Initiator, &said);
    assert_eq!(quick_mode.children(Some(secret)).err(), one_side(Role::Responder));
    assert_eq!(quick_mode.children(None).err(), one_side(Role::Responder));
    observe(&mut quick_mode, Role::Responder, &said);
    assert_eq!(quick_mode.children(None).err(), Some(ChildrenError::NoSharedSecret));
    let skeyid_d = Skeyid::from_octets(HashAlgorithm::Sha1, Secret::new(&[7; 20])).unwrap();
    let keymat = |secret| {
        let child = quick_mode.children(Some(secret)).unwrap().next().unwrap().unwrap();
        child.keymat(&skeyid_d).unwrap().encryption().expose().to_vec()
    };
    assert_ne!(keymat(secret), keymat(Secret::new(&[6; 128])));
    let nothing = QuickMode::new().children(None).err();
    let expected = IncompleteExchange::new(NONCE, Role::Initiator);
    assert_eq!(nothing, Some(ChildrenError::Incomplete(expected)));
}
