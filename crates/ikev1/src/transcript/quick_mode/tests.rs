use std::format;
use std::vec::Vec;

use isakmp::Header;

use super::*;
use crate::offers::{self, association};

const SA: PayloadType = PayloadType::SECURITY_ASSOCIATION;
const KE: PayloadType = PayloadType::KEY_EXCHANGE;
const NONCE: PayloadType = PayloadType::NONCE;
const ID: PayloadType = PayloadType::IDENTIFICATION;

fn extend(quick_mode: &mut QuickMode, role: Role, bodies: &[(PayloadType, &[u8])]) -> Result<(), Refusal> {
    offers::read(Header::default(), bodies, |_, payloads| quick_mode.extend(role, payloads))
}

/// RFC 2409 section 5.5.
#[test]
fn each_message_has_the_hash_of_its_place() {
    let mut quick_mode = QuickMode::new();
    let missing = |role| Err(IncompleteExchange::new(NONCE, role));
    assert_eq!(quick_mode.covered(0), Ok(Covered::Payloads));
    assert_eq!(quick_mode.covered(1), missing(Role::Initiator));
    assert_eq!(quick_mode.covered(3), missing(Role::Initiator));
    extend(&mut quick_mode, Role::Initiator, &[(SA, &association(&[])), (NONCE, b"Ni_b")]).unwrap();
    assert_eq!(quick_mode.covered(1), Ok(Covered::InitiatorNonce(b"Ni_b")));
    assert_eq!(quick_mode.covered(2), missing(Role::Responder));
    extend(&mut quick_mode, Role::Responder, &[(SA, &association(&[])), (NONCE, b"Nr_b")]).unwrap();
    let nonces = Nonces { initiator: b"Ni_b", responder: b"Nr_b" };
    assert_eq!((quick_mode.covered(2), quick_mode.nonces()), (Ok(Covered::Nonces(nonces)), Ok(nonces)));
    assert_eq!(quick_mode.covered(3), Ok(Covered::Payloads));
    assert_eq!(quick_mode.key_exchange(Role::Initiator), None);
}

#[test]
fn a_message_is_whole_or_is_not_taken_in() {
    let sa: &[u8] = &association(&[]);
    let long = std::vec![1; 257];
    let all: [(PayloadType, &[u8]); 5] = [(SA, sa), (NONCE, b"Ni"), (KE, b"g^x"), (ID, b"ci"), (ID, b"cr")];
    let without =
        |payload_type| -> Vec<_> { all.into_iter().filter(|(kind, _)| *kind != payload_type).collect() };
    let with = |payload_type, body| -> Vec<_> { all.into_iter().chain([(payload_type, body)]).collect() };
    let too_long = Refusal::TooLong { payload_type: NONCE, len: 257, longest: 256 };
    for (bodies, expected) in [
        (without(SA), Refusal::Missing { payload_type: SA }),
        (without(NONCE), Refusal::Missing { payload_type: NONCE }),
        (all[..4].to_vec(), Refusal::Missing { payload_type: ID }),
        (with(SA, sa), Refusal::Repeated { payload_type: SA }),
        (with(NONCE, b"other"), Refusal::Repeated { payload_type: NONCE }),
        (with(KE, b"other"), Refusal::Repeated { payload_type: KE }),
        (with(ID, b"other"), Refusal::Repeated { payload_type: ID }),
        (std::vec![(SA, sa), (NONCE, &long[..])], too_long),
    ] {
        let mut quick_mode = QuickMode::new();
        assert_eq!(extend(&mut quick_mode, Role::Initiator, &bodies), Err(expected));
        assert_eq!(quick_mode.octet_count(), 0);
    }
    let mut quick_mode = QuickMode::new();
    extend(&mut quick_mode, Role::Initiator, &all).unwrap();
    assert_eq!(quick_mode.key_exchange(Role::Initiator), Some(&b"g^x"[..]));
    assert_eq!(quick_mode.identities(Role::Initiator), Some((&b"ci"[..], &b"cr"[..])));
    let again = extend(&mut quick_mode, Role::Initiator, &all);
    assert_eq!(again, Err(Refusal::Contradiction { payload_type: NONCE }), "a side sends one message");
    assert_eq!(format!("{quick_mode:?}"), "QuickMode(Some(Said(0 proposals, 9 octets)), None)");
}
