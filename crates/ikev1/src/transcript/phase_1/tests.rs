use std::format;
use std::vec::Vec;

use crypto::{HashAlgorithm, Secret};
use isakmp::doi::oakley::{AttributeType, AuthenticationMethod};
use isakmp::doi::{IsakmpTransformId, ProtocolId};
use isakmp::{Header, List, Payloads};

use super::*;
use crate::Skeyid;
use crate::offers::{self, Proposed, association};
use crate::transcript::Refusal;

const SA: PayloadType = PayloadType::SECURITY_ASSOCIATION;
const KE: PayloadType = PayloadType::KEY_EXCHANGE;
const NONCE: PayloadType = PayloadType::NONCE;
const ID: PayloadType = PayloadType::IDENTIFICATION;
const HASH: PayloadType = PayloadType::HASH;

const HEADER: Header = Header {
    initiator_cookie: *b"CKY-I...",
    responder_cookie: [0; 8],
    version: isakmp::Version::V1_0,
    exchange_type: ExchangeType::AGGRESSIVE,
    flags: isakmp::Flags::NONE,
    message_id: 0,
};

/// Makes the body of a security association with this many transforms, AES-128 and SHA-1.
fn offer(method: AuthenticationMethod, transforms: usize) -> Vec<u8> {
    let attributes = [
        (AttributeType::ENCRYPTION_ALGORITHM, 7),
        (AttributeType::KEY_LENGTH, 128),
        (AttributeType::HASH_ALGORITHM, 2),
        (AttributeType::AUTHENTICATION_METHOD, method.0),
        (AttributeType::GROUP_DESCRIPTION, 2),
    ];
    let attributes = attributes.map(|(kind, value)| (kind.0, value)).to_vec();
    let transforms = std::vec![(IsakmpTransformId::KEY_IKE.0, attributes); transforms];
    association(&[Proposed { number: 1, protocol_id: ProtocolId::ISAKMP, spi: &[], transforms }])
}

fn with<R>(bodies: &[(PayloadType, &[u8])], take: impl FnOnce(&Header, &Payloads<'_>) -> R) -> R {
    offers::read(HEADER, bodies, take)
}

fn begin(bodies: &[(PayloadType, &[u8])]) -> Result<Phase1, Refusal> {
    with(bodies, Phase1::begin)
}

fn extend(phase_1: &mut Phase1, role: Role, bodies: &[(PayloadType, &[u8])]) -> Result<(), Refusal> {
    with(bodies, |_, payloads| phase_1.extend(role, payloads))
}

fn observe(phase_1: &mut Phase1, role: Role, bodies: &[(PayloadType, &[u8])]) -> Result<bool, Refusal> {
    with(bodies, |_, payloads| phase_1.observe(role, payloads))
}

/// Makes an aggressive mode up to its second message.
fn aggressive_mode() -> Phase1 {
    let (sa_i, chosen) =
        (offer(AuthenticationMethod::PRE_SHARED_KEY, 2), offer(AuthenticationMethod::PRE_SHARED_KEY, 1));
    let first = begin(&[(SA, &sa_i), (KE, b"g^xi"), (NONCE, b"Ni"), (ID, b"IDii")]).unwrap();
    let mut phase_1 = first.answer(*b"CKY-R...");
    let second: [(PayloadType, &[u8]); 5] =
        [(SA, &chosen), (KE, b"g^xr"), (NONCE, b"Nr"), (ID, b"IDir"), (HASH, &[9; 20])];
    extend(&mut phase_1, Role::Responder, &second).unwrap();
    phase_1
}

fn skeyid() -> Skeyid {
    Skeyid::from_octets(HashAlgorithm::Sha1, Secret::new(&[7; 20])).unwrap()
}

#[test]
fn what_both_sides_say_is_what_keys_and_hashes_come_from() {
    let phase_1 = aggressive_mode();
    let cookies = Cookies { initiator: *b"CKY-I...", responder: *b"CKY-R..." };
    assert_eq!((phase_1.cookies(), phase_1.exchange_type()), (cookies, ExchangeType::AGGRESSIVE));
    assert_eq!(phase_1.nonces(), Ok(Nonces { initiator: b"Ni", responder: b"Nr" }));
    let sa_i = offer(AuthenticationMethod::PRE_SHARED_KEY, 2);
    let authentication = Authentication { g_xi: b"g^xi", g_xr: b"g^xr", cookies, sa_i: &sa_i };
    assert_eq!(
        phase_1.authentication(),
        Ok(authentication),
        "the offer of the initiator, and not the choice"
    );
    assert_eq!(phase_1.offer().unwrap().cipher(), Ok(crate::Cipher::Aes128));
    let iv = Iv::phase_1(HashAlgorithm::Sha1, crate::Cipher::Aes128, b"g^xi", b"g^xr");
    assert_eq!(phase_1.first_iv(), Some(iv));
    let skeyid = skeyid();
    let hash_i = phase_1.hash(&skeyid, Role::Initiator, b"IDii").unwrap();
    assert_eq!(hash_i, authentication.hash_i(&skeyid, b"IDii"));
    let hash_r = phase_1.hash(&skeyid, Role::Responder, b"IDir").unwrap();
    assert_eq!(hash_r, authentication.hash_r(&skeyid, b"IDir"));
    phase_1.verify_hash(&skeyid, Role::Responder, b"IDir", hash_r.expose()).unwrap();
    for (sender, id, hash) in [
        (Role::Initiator, &b"IDir"[..], hash_r.expose()),
        (Role::Responder, b"IDii", hash_r.expose()),
        (Role::Responder, b"IDir", hash_i.expose()),
        (Role::Responder, b"IDir", &[]),
    ] {
        assert_eq!(phase_1.verify_hash(&skeyid, sender, id, hash), Err(Phase1HashError::NotAuthentic));
    }
    assert!(phase_1.aggressive_mode().unwrap().is_ok());
}

#[test]
fn a_side_cannot_take_back_what_it_has_said() {
    let before = aggressive_mode();
    let (other, chosen) =
        (offer(AuthenticationMethod::RSA_SIGNATURES, 1), offer(AuthenticationMethod::PRE_SHARED_KEY, 1));
    let sa_i = offer(AuthenticationMethod::PRE_SHARED_KEY, 2);
    for (role, payload_type, body) in [
        (Role::Initiator, SA, &chosen[..]),
        (Role::Initiator, KE, b"g^xj"),
        (Role::Initiator, NONCE, b"Nj"),
        (Role::Initiator, ID, b"other"),
        (Role::Responder, SA, &other),
        (Role::Responder, KE, b"g^xi"),
        (Role::Responder, NONCE, b"N"),
        (Role::Responder, ID, b"IDii"),
        (Role::Responder, HASH, &[8; 20]),
    ] {
        let mut phase_1 = before.clone();
        // The other payloads of the message are not taken either.
        let more: [(PayloadType, &[u8]); 2] = [(payload_type, body), (HASH, &[1; 20])];
        let bodies = if payload_type == HASH || role == Role::Responder { &more[..1] } else { &more };
        assert_eq!(extend(&mut phase_1, role, bodies), Err(Refusal::Contradiction { payload_type }));
        assert_eq!(phase_1, before);
    }
    // A payload that is repeated changes nothing, and a new one is taken.
    let mut phase_1 = before.clone();
    let again: [(PayloadType, &[u8]); 4] = [(SA, &sa_i), (KE, b"g^xi"), (NONCE, b"Ni"), (ID, b"IDii")];
    extend(&mut phase_1, Role::Initiator, &again).unwrap();
    assert_eq!(phase_1, before);
    extend(&mut phase_1, Role::Initiator, &[(HASH, &[1; 20])]).unwrap();
    assert_eq!(phase_1.side(Role::Initiator).said(HASH), Some(&[1; 20][..]));
}

#[test]
fn two_payloads_of_a_type_are_refused_by_an_endpoint_and_an_observer_takes_the_first() {
    let sa_i = offer(AuthenticationMethod::PRE_SHARED_KEY, 1);
    for payload_type in [SA, KE, NONCE, ID, HASH] {
        let repeated = Err(Refusal::Repeated { payload_type });
        let bodies: [(PayloadType, &[u8]); 3] = [(SA, &sa_i), (payload_type, b"one"), (payload_type, b"two")];
        let bodies = if payload_type == SA { &bodies[..2] } else { &bodies };
        assert_eq!(begin(bodies), repeated);
        assert!(with(bodies, Phase1::observe_first).is_ok());
        if payload_type != SA {
            let mut phase_1 = aggressive_mode();
            let before = phase_1.clone();
            assert_eq!(
                extend(&mut phase_1, Role::Initiator, &bodies[1..]),
                Err(Refusal::Repeated { payload_type })
            );
            assert_eq!(phase_1, before);
            observe(&mut phase_1, Role::Initiator, &bodies[1..]).unwrap();
            assert_eq!(phase_1.side(Role::Initiator).said(payload_type), Some(&b"one"[..]));
        }
    }
    assert_eq!(begin(&[(KE, b"g^xi")]), Err(Refusal::Missing { payload_type: SA }));
}

/// RFC 2409 section 5: the responder chooses one transform of one proposal.
#[test]
fn a_responder_chooses_one_transform() {
    let one = offer(AuthenticationMethod::PRE_SHARED_KEY, 1);
    let first = begin(&[(SA, &one)]).unwrap();
    let proposal = |number| Proposed {
        number,
        protocol_id: ProtocolId::ISAKMP,
        spi: &[],
        transforms: std::vec![(1, std::vec![])],
    };
    for (chosen, expected) in [
        (offer(AuthenticationMethod::PRE_SHARED_KEY, 2), Err(Refusal::Choice)),
        (offer(AuthenticationMethod::PRE_SHARED_KEY, 0), Err(Refusal::Choice)),
        (association(&[proposal(1), proposal(2)]), Err(Refusal::Choice)),
        (association(&[]), Err(Refusal::Choice)),
        (one.clone(), Ok(())),
    ] {
        let mut phase_1 = first.clone();
        assert_eq!(extend(&mut phase_1, Role::Responder, &[(SA, &chosen)]), expected);
        assert_eq!(phase_1.offer().is_some(), expected.is_ok());
    }
    let mut phase_1 = first;
    let malformed = extend(&mut phase_1, Role::Responder, &[(SA, &one[..7])]);
    assert!(matches!(malformed, Err(Refusal::Malformed(_))), "{malformed:?}");
}

#[test]
fn what_is_too_long_cut_or_not_read_is_not_taken_in() {
    let sa_i = offer(AuthenticationMethod::PRE_SHARED_KEY, 1);
    for (payload_type, longest) in [(SA, 16_384), (KE, 1024), (NONCE, 256), (ID, 2048), (HASH, 64)] {
        let long = std::vec![1; longest + 1];
        let bodies: [(PayloadType, &[u8]); 2] = [(SA, &sa_i), (payload_type, &long)];
        let bodies = if payload_type == SA { &bodies[1..] } else { &bodies };
        let refusal = Refusal::TooLong { payload_type, len: longest + 1, longest };
        assert_eq!(begin(bodies), Err(refusal));
        assert_eq!(with(bodies, Phase1::observe_first), Err(refusal));
        let mut phase_1 = aggressive_mode();
        let before = phase_1.clone();
        let bodies: [(PayloadType, &[u8]); 2] = [(KE, b"another"), (payload_type, &long)];
        let bodies = if payload_type == KE { &bodies[1..] } else { &bodies };
        assert_eq!(observe(&mut phase_1, Role::Initiator, bodies), Err(refusal));
        assert_eq!(phase_1, before);
    }
    let built = Payloads::Values(&[]);
    assert_eq!(Phase1::begin(&HEADER, &built), Err(Refusal::NotRead));
    assert_eq!(aggressive_mode().extend(Role::Initiator, &built), Err(Refusal::NotRead));
    let framing = isakmp::PayloadFraming::first(KE);
    let cut = Payloads::parse_until_error(&[0, 0, 0, 9, 1, 2, 3, 4], 28, framing).value;
    assert!(matches!(&cut, List::Framed(chain) if chain.is_cut()));
    assert_eq!(aggressive_mode().extend(Role::Initiator, &cut), Err(Refusal::NotRead));
    assert_eq!(aggressive_mode().observe(Role::Initiator, &cut), Err(Refusal::NotRead));
}

#[test]
fn an_observer_takes_the_latest_and_tells_whether_other_keys_come_from_it() {
    let mut phase_1 = aggressive_mode();
    for (payload_type, gives_keys) in [(KE, true), (NONCE, true), (ID, false), (HASH, false)] {
        let said: [(PayloadType, &[u8]); 1] = [(payload_type, b"another")];
        let says_again = |phase_1: &Phase1| with(&said, |_, all| phase_1.says_again(Role::Responder, all));
        assert_eq!(says_again(&phase_1), payload_type == HASH, "no HASH covers a HASH");
        assert_eq!(observe(&mut phase_1, Role::Responder, &said), Ok(gives_keys));
        assert!(says_again(&phase_1));
        assert_eq!(observe(&mut phase_1, Role::Responder, &said), Ok(false), "said again");
    }
    let other = offer(AuthenticationMethod::RSA_SIGNATURES, 1);
    assert_eq!(observe(&mut phase_1, Role::Responder, &[(SA, &other)]), Ok(true));
    let long = std::vec![1; 2049];
    let too_long = with(&[(ID, &long)], |_, all| phase_1.observe_identification(Role::Initiator, all));
    assert_eq!(too_long, Err(Refusal::TooLong { payload_type: ID, len: 2049, longest: 2048 }));
    assert_eq!(phase_1.side(Role::Initiator).said(ID), Some(&b"IDii"[..]));
}

/// The error names the missing value, and nothing is computed without it.
#[test]
fn what_was_not_said_is_told() {
    let sa_i = offer(AuthenticationMethod::PRE_SHARED_KEY, 1);
    let mut phase_1 = begin(&[(SA, &sa_i)]).unwrap();
    let missing = IncompleteExchange::new;
    let (initiator, responder) = (Role::Initiator, Role::Responder);
    assert_eq!(phase_1.nonces(), Err(missing(NONCE, initiator)));
    assert_eq!(phase_1.authentication(), Err(missing(KE, initiator)));
    assert_eq!(phase_1.first_iv(), None);
    extend(&mut phase_1, initiator, &[(KE, b"g^xi"), (NONCE, b"Ni")]).unwrap();
    assert_eq!(phase_1.nonces(), Err(missing(NONCE, responder)));
    assert_eq!(phase_1.authentication(), Err(missing(KE, responder)));
    let hash = phase_1.hash(&skeyid(), initiator, b"IDii");
    assert_eq!(hash, Err(missing(KE, responder).into()));
    // An empty body counts as missing.
    extend(&mut phase_1, responder, &[(SA, &sa_i), (KE, b""), (NONCE, b"")]).unwrap();
    assert_eq!(phase_1.nonces(), Err(missing(NONCE, responder)));
    extend(&mut phase_1, responder, &[(KE, b"g^xr"), (NONCE, b"Nr")]).unwrap();
    let verified = phase_1.verify_hash(&skeyid(), responder, b"", &[0; 20]);
    assert_eq!(verified, Err(missing(ID, responder).into()));
    assert_eq!(Phase1::default().authentication(), Err(missing(SA, initiator)));
}

/// RFC 2409 section 5.2: an observer sees the ciphertext of the identity, but the HASH covers the plaintext.
#[test]
fn a_hash_over_what_was_encrypted_with_public_keys_is_not_checked() {
    for (method, is_hidden) in [
        (AuthenticationMethod::RSA_SIGNATURES, false),
        (AuthenticationMethod::RSA_ENCRYPTION, true),
        (AuthenticationMethod::RSA_REVISED_ENCRYPTION, true),
        (AuthenticationMethod::XAUTH_INIT_RSA_ENCRYPTION, true),
    ] {
        let chosen = offer(method, 1);
        let mut phase_1 = begin(&[(SA, &chosen), (KE, b"g^xi")]).unwrap();
        extend(&mut phase_1, Role::Responder, &[(SA, &chosen), (KE, b"g^xr")]).unwrap();
        let error = phase_1.verify_hash(&skeyid(), Role::Initiator, b"id", &[0; 20]).unwrap_err();
        let expected =
            if is_hidden { Phase1HashError::EncryptedIdentities } else { Phase1HashError::NotAuthentic };
        assert_eq!((phase_1.has_encrypted_identities(), error), (is_hidden, expected), "{method}");
    }
}

#[test]
fn debug_shows_no_octet_of_a_body() {
    let shown = format!("{:?}", aggressive_mode().side(Role::Responder));
    assert_eq!(shown, "Side(30 octets)");
}
