use std::format;
use std::vec::Vec;

use crypto::{HashAlgorithm, Secret};
use isakmp::doi::{Doi, ProtocolId};
use isakmp::payload::hash::Hash;
use isakmp::payload::identification::{Identification, Identity};
use isakmp::payload::nonce::Nonce;
use isakmp::payload::notification::{Notification, NotificationData, NotifyType};
use isakmp::payload::vendor_id::VendorId;
use isakmp::{
    Body, ChainWriter, Emit as _, EmitError, Encrypted, ExchangeType, Flags, FramedHeader, Header, Message,
    Payload, PayloadFraming, PayloadType, Role, UnfinishedMessage, Writer,
};

use super::*;
use crate::transcript::{IncompleteExchange, IvChain};
use crate::{Authentication, BodyError, Cookies, Covered, Nonces, Skeyid, peer};

const COOKIES: Cookies = Cookies { initiator: *b"CKY-I...", responder: *b"CKY-R..." };
const NONCES: Nonces<'_> = Nonces { initiator: b"Ni of quick mode", responder: b"Nr of quick mode, longer" };
const AUTHENTICATION: Authentication<'_> =
    Authentication { g_xi: b"g^xi", g_xr: b"g^xr", cookies: COOKIES, sa_i: b"SAi_b" };
const HASH_I: MessageHash<'_> =
    MessageHash::Phase1 { sender: Role::Initiator, authentication: AUTHENTICATION, identification: None };
const HASH_R: MessageHash<'_> =
    MessageHash::Phase1 { sender: Role::Responder, authentication: AUTHENTICATION, identification: None };
const HASH_1: MessageHash<'_> = MessageHash::Phase2(Covered::Payloads);
const HASH_2: MessageHash<'_> = MessageHash::Phase2(Covered::InitiatorNonce(NONCES.initiator));
const HASH_3: MessageHash<'_> = MessageHash::Phase2(Covered::Nonces(NONCES));

/// Both peers of one SA, and where phase 1 begins.
fn peers(hash_algorithm: HashAlgorithm, cipher: Cipher) -> (Protection, IvChain) {
    let nonces = Nonces { initiator: b"Ni", responder: b"Nr" };
    let skeyid = Skeyid::pre_shared_key(hash_algorithm, Secret::new(b"cisco123"), &nonces).unwrap();
    let keys = SkeyidFamily::derive(skeyid, Secret::new(&[7; 96]), &COOKIES).unwrap();
    (
        Protection::new(keys, cipher, COOKIES).unwrap(),
        IvChain::phase_1(hash_algorithm, cipher, &AUTHENTICATION),
    )
}

fn header(exchange_type: ExchangeType, message_id: u32) -> Header {
    Header {
        initiator_cookie: COOKIES.initiator,
        responder_cookie: COOKIES.responder,
        exchange_type,
        message_id,
        ..Header::default()
    }
}

fn message<'a>(header: Header, payloads: &'a [Payload<'a>]) -> Message<'a> {
    Message { header, body: Body::Payloads(payloads.into()), trailing: &[] }
}

fn identification(key_id: &[u8]) -> Payload<'_> {
    Identification { protocol_id: 17, port: 500, identity: Identity::KeyId(key_id) }.into()
}

fn initial_contact() -> Payload<'static> {
    Notification {
        doi: Doi::IPSEC,
        protocol_id: ProtocolId::ISAKMP,
        notify_message_type: NotifyType::INITIAL_CONTACT,
        spi: &[],
        notification_data: NotificationData::Octets(&[]),
    }
    .into()
}

fn nonce(nonce_data: &[u8]) -> Payload<'_> {
    Nonce { nonce_data }.into()
}

/// What is sealed with each HASH: `HDR*`, `IDii`, `HASH_I`, N and so on.
fn all() -> Vec<(Header, MessageHash<'static>, Vec<Payload<'static>>)> {
    let main_mode = header(ExchangeType::IDENTITY_PROTECTION, 0);
    let aggressive_mode = header(ExchangeType::AGGRESSIVE, 0);
    let quick_mode = header(ExchangeType::QUICK_MODE, 0x8f20_4988);
    let said = MessageHash::Phase1 {
        sender: Role::Initiator,
        authentication: AUTHENTICATION,
        identification: Some(b"\x0b\x11\x01\xf4IDii"),
    };
    std::vec![
        (main_mode, HASH_I, std::vec![identification(b"IDii"), initial_contact()]),
        (main_mode, HASH_R, std::vec![identification(b"IDir")]),
        (aggressive_mode, said, std::vec![initial_contact()]),
        (
            quick_mode,
            HASH_1,
            std::vec![nonce(NONCES.initiator), identification(b"ci"), identification(b"cr")]
        ),
        (
            quick_mode,
            HASH_2,
            std::vec![nonce(NONCES.responder), identification(b"ci"), identification(b"cr")]
        ),
        (quick_mode, HASH_3, std::vec![]),
        (header(ExchangeType::INFORMATIONAL, 7), HASH_1, std::vec![initial_contact()]),
        (
            header(ExchangeType::TRANSACTION, 8),
            HASH_1,
            std::vec![VendorId { vendor_id: b"attributes" }.into()]
        ),
    ]
}

fn sealed(
    protection: &Protection,
    chain: &mut IvChain,
    message: &Message<'_>,
    hash: &MessageHash<'_>,
) -> Vec<u8> {
    let mut buffer = std::vec![0; protection.sealed_len(message)];
    protection.seal(chain, message, hash, &mut buffer).unwrap();
    buffer
}

/// The chain of an exchange, whose first message may be one of phase 1.
fn chain_of(phase_1: &IvChain, message_id: u32) -> IvChain {
    if message_id == 0 { *phase_1 } else { phase_1.exchange(message_id).unwrap() }
}

#[test]
fn what_one_seals_the_other_opens_message_by_message() {
    let mut count = 0;
    for hash_algorithm in HashAlgorithm::ALL {
        for cipher in Cipher::ALL {
            let (protection, phase_1) = peers(hash_algorithm, cipher);
            let (mut ours, mut theirs) = (phase_1, phase_1);
            for (header, hash, payloads) in all() {
                // Each exchange after phase 1 goes on where its message before ended.
                if header.message_id != ours.message_id() {
                    let begin = |chain: IvChain| IvChain::from_last_block(hash_algorithm, chain.iv());
                    ours = chain_of(&begin(ours), header.message_id);
                    theirs = chain_of(&begin(theirs), header.message_id);
                }
                let message = message(header, &payloads);
                let mut octets = sealed(&protection, &mut ours, &message, &hash);
                assert_eq!((octets.len() - FramedHeader::LEN) % cipher.block_len(), 0);
                let framed = FramedHeader::parse_prefix(&octets).unwrap().0;
                assert_eq!(usize::try_from(framed.length).unwrap(), octets.len());
                assert_eq!(ours.iv().octets(), &octets[octets.len() - cipher.block_len()..]);
                let opened = protection.open(&mut theirs, &hash, &mut octets).unwrap();
                assert_eq!(opened.message.header, Header { flags: Flags::ENCRYPTION, ..header });
                let is_hash = |payload: &Payload<'_>| payload.payload_type() == PayloadType::HASH;
                let others: Vec<_> = opened.message.payloads().filter(|payload| !is_hash(payload)).collect();
                assert_eq!(others, payloads);
                assert!(opened.padding.iter().all(|octet| *octet == 0));
                assert_eq!(opened.message.trailing, []);
                // RFC 2409 sections 5.4 and 5.5: behind the identity, or right behind the header.
                let is_behind_identity = hash == HASH_I || hash == HASH_R;
                let place = opened.message.payloads().position(|payload| is_hash(&payload));
                assert_eq!(place, Some(usize::from(is_behind_identity)));
                assert_eq!(ours, theirs);
                count += 1;
            }
        }
    }
    assert_eq!(count, 5 * 5 * 8);
}

/// RFC 2409 sections 5 and 5.5, written out: the HASH in the decrypted message is the prf of what stands there.
#[test]
fn each_hash_is_the_prf_of_what_the_rfc_says() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha256, Cipher::Aes128);
    let [skeyid, skeyid_a] =
        [&protection.keys.skeyid, &protection.keys.skeyid_a].map(|key| key.secret().expose().to_vec());
    let prf = |key: &[u8], parts: &[&[u8]]| peer::prf(HashAlgorithm::Sha256, key, parts);
    for (header, hash, payloads) in all() {
        let chain = chain_of(&phase_1, header.message_id);
        let mut octets = sealed(&protection, &mut chain.clone(), &message(header, &payloads), &hash);
        let opened = protection.open(&mut chain.clone(), &hash, &mut octets).unwrap();
        let elements: Vec<_> = opened.message.elements().collect();
        let place = elements.iter().position(|one| one.header.payload_type == PayloadType::HASH).unwrap();
        let behind: Vec<u8> = elements[place + 1..].iter().flat_map(|one| one.octets).copied().collect();
        let m_id = header.message_id.to_be_bytes();
        let expected = match hash {
            MessageHash::Phase1 { sender: Role::Initiator, .. } => {
                prf(&skeyid, &[b"g^xig^xrCKY-I...CKY-R...SAi_b\x0b\x11\x01\xf4IDii"])
            }
            MessageHash::Phase1 { .. } => {
                prf(&skeyid, &[b"g^xrg^xiCKY-R...CKY-I...SAi_b\x0b\x11\x01\xf4IDir"])
            }
            MessageHash::Phase2(Covered::Payloads) => prf(&skeyid_a, &[&m_id, &behind]),
            MessageHash::Phase2(Covered::InitiatorNonce(_)) => {
                prf(&skeyid_a, &[&m_id, b"Ni of quick mode", &behind])
            }
            MessageHash::Phase2(Covered::Nonces(_)) => {
                prf(&skeyid_a, &[&[0], &m_id, b"Ni of quick mode", b"Nr of quick mode, longer"])
            }
        };
        assert_eq!(elements[place].value, expected, "{hash:?}");
    }
}

/// A body encrypted as it is, whatever HASH it has.
fn forged(protection: &Protection, chain: &IvChain, whole: &[u8], body: &[u8]) -> Vec<u8> {
    let mut octets = [&whole[..FramedHeader::LEN], body].concat();
    protection.encryption_key.encrypt(&chain.iv, &mut octets[FramedHeader::LEN..]).unwrap();
    octets
}

#[test]
fn every_octet_that_a_hash_covers_is_found_when_it_changes() {
    let (protection, phase_1) = peers(HashAlgorithm::Md5, Cipher::TripleDes);
    let (mut found, mut not_covered) = (0, 0);
    for (header, hash, payloads) in all() {
        let chain = chain_of(&phase_1, header.message_id);
        let whole = sealed(&protection, &mut chain.clone(), &message(header, &payloads), &hash);
        let mut plain = whole.clone();
        let opened = protection.open(&mut chain.clone(), &hash, &mut plain).unwrap();
        let elements: Vec<_> = opened.message.elements().collect();
        let is_phase_1 = header.message_id == 0;
        // The octets that nothing covers: the padding, the reserved octet in front of the HASH, and in phase 1 every header
        // and the other payloads.
        let mut is_covered = std::vec![false; whole.len()];
        for (at, element) in elements.iter().enumerate() {
            let value = element.value_offset..element.value_offset + element.value.len();
            match element.header.payload_type {
                PayloadType::HASH => is_covered[value].fill(true),
                PayloadType::IDENTIFICATION if is_phase_1 => is_covered[value].fill(true),
                _ if !is_phase_1 => {
                    assert!(at > 0);
                    is_covered[element.offset..element.offset + element.octets.len()].fill(true);
                }
                _ => {}
            }
        }
        let body = plain[FramedHeader::LEN..].to_vec();
        for at in 0..body.len() {
            let mut changed = body.clone();
            changed[at] ^= 0x20;
            let mut octets = forged(&protection, &chain, &whole, &changed);
            let before = octets.clone();
            let mut after = chain;
            match protection.open(&mut after, &hash, &mut octets) {
                Err(error) => {
                    assert_eq!((error, octets, after), (OpenError::NotAuthentic, before, chain));
                    found += 1;
                }
                Ok(_) => {
                    assert!(!is_covered[FramedHeader::LEN + at], "{hash:?}: octet {at} is covered");
                    not_covered += 1;
                }
            }
        }
        assert!(is_covered.iter().filter(|covered| **covered).count() >= 16);
    }
    assert!(found > 250 && not_covered > 20, "{found} found, {not_covered} not covered");
}

#[test]
fn everything_that_a_hash_covers_besides_the_message_is_found_when_it_differs() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes256);
    let refused = |chain: IvChain, hash: &MessageHash<'_>, octets: &[u8]| {
        let (mut after, mut opened) = (chain, octets.to_vec());
        let error = protection.open(&mut after, hash, &mut opened).unwrap_err();
        assert_eq!((after, &opened[..]), (chain, octets));
        error
    };
    for (header, hash, payloads) in all() {
        let chain = chain_of(&phase_1, header.message_id);
        let octets = sealed(&protection, &mut chain.clone(), &message(header, &payloads), &hash);
        let others: Vec<MessageHash<'_>> = match hash {
            MessageHash::Phase1 { sender, authentication, identification } => {
                let with = |authentication| MessageHash::Phase1 { sender, authentication, identification };
                let other = |id| MessageHash::Phase1 { sender, authentication, identification: Some(id) };
                let back = match sender {
                    Role::Initiator => Role::Responder,
                    Role::Responder => Role::Initiator,
                };
                std::vec![
                    with(Authentication { g_xi: b"g^xj", ..authentication }),
                    with(Authentication { g_xr: b"g^xs", ..authentication }),
                    with(Authentication { sa_i: b"SAi_c", ..authentication }),
                    with(Authentication {
                        cookies: Cookies { initiator: *b"CKY-J...", ..COOKIES },
                        ..authentication
                    }),
                    with(Authentication {
                        cookies: Cookies { responder: *b"CKY-S...", ..COOKIES },
                        ..authentication
                    }),
                    with(Authentication { g_xi: b"", ..authentication }),
                    other(b"another identity than the one before"),
                    MessageHash::Phase1 { sender: back, authentication, identification },
                ]
            }
            MessageHash::Phase2(covered) => {
                let other = Nonces { responder: b"another nonce", ..NONCES };
                // A message of another place in the exchange is not taken for this one.
                let all = [
                    Covered::Payloads,
                    Covered::InitiatorNonce(NONCES.initiator),
                    Covered::InitiatorNonce(b"another nonce"),
                    Covered::Nonces(NONCES),
                    Covered::Nonces(Nonces { initiator: b"another nonce", ..NONCES }),
                    Covered::Nonces(other),
                ];
                all.into_iter().filter(|other| *other != covered).map(MessageHash::from).collect()
            }
        };
        assert!(others.len() >= 5);
        for other in &others {
            assert_eq!(refused(chain, other, &octets), OpenError::NotAuthentic, "{hash:?}");
        }
        if header.message_id != 0 {
            // The message id, under the vector that decrypts.
            let mut under = octets.clone();
            under[20..24].copy_from_slice(&1u32.to_be_bytes());
            let mut other = phase_1.exchange(1).unwrap();
            other.iv = chain.iv;
            assert_eq!(refused(other, &hash, &under), OpenError::NotAuthentic);
        }
        // And the keys.
        let other = {
            let skeyid = Skeyid::from_octets(HashAlgorithm::Sha1, Secret::new(&[1; 20])).unwrap();
            let keys = SkeyidFamily::derive(skeyid, Secret::new(&[7; 96]), &COOKIES).unwrap();
            Protection { keys, ..peers(HashAlgorithm::Sha1, Cipher::Aes256).0 }
        };
        let mut octets = octets;
        let error = other.open(&mut chain.clone(), &hash, &mut octets).unwrap_err();
        assert_eq!(error, OpenError::NotAuthentic);
    }
}

/// Quick mode in order; a message that is lost, repeated or out of turn changes nothing.
#[test]
fn a_message_opens_in_its_turn_only() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    let quick_mode = header(ExchangeType::QUICK_MODE, 0x8f20_4988);
    let (mut ours, mut theirs) = (chain_of(&phase_1, 0x8f20_4988), chain_of(&phase_1, 0x8f20_4988));
    let payloads = [nonce(NONCES.initiator)];
    let first = sealed(&protection, &mut ours, &message(quick_mode, &payloads), &HASH_1);
    let payloads = [nonce(NONCES.responder)];
    let second = sealed(&protection, &mut ours, &message(quick_mode, &payloads), &HASH_2);
    let third = sealed(&protection, &mut ours, &message(quick_mode, &[]), &HASH_3);
    let turns = [(&first, HASH_1), (&second, HASH_2), (&third, HASH_3)];
    for (turn, (octets, hash)) in turns.iter().enumerate() {
        for (other, (octets, hash)) in turns.iter().enumerate() {
            if other != turn {
                let before = theirs;
                let mut octets = octets.to_vec();
                let error = protection.open(&mut theirs, hash, &mut octets).unwrap_err();
                assert_eq!((error, theirs), (OpenError::NotAuthentic, before));
            }
        }
        protection.open(&mut theirs, hash, &mut octets.to_vec()).unwrap();
    }
    assert_eq!(theirs, ours);
}

#[test]
fn what_does_not_belong_together_is_not_sealed_and_leaves_no_plaintext() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Des);
    let quick_mode = header(ExchangeType::QUICK_MODE, 9);
    let main_mode = header(ExchangeType::IDENTITY_PROTECTION, 0);
    let exchange = phase_1.exchange(9).unwrap();
    let (said, hash_said) = (identification(b"IDii"), Payload::from(Hash { hash_data: &[1; 20] }));
    let nonces = [nonce(NONCES.initiator)];
    let two_hashes = [hash_said.clone(), nonces[0].clone(), hash_said];
    let two_identities = [said.clone(), said.clone()];
    let too_long = std::vec![7; 65_536];
    let too_long = [nonce(NONCES.initiator), nonce(&too_long)];
    let other = MessageHash::Phase1 {
        sender: Role::Initiator,
        authentication: AUTHENTICATION,
        identification: Some(b"another"),
    };
    let nothing_said = MessageHash::Phase1 {
        sender: Role::Responder,
        authentication: Authentication { g_xr: &[], ..AUTHENTICATION },
        identification: None,
    };
    let missing = |payload_type, role| SealError::Incomplete(IncompleteExchange::new(payload_type, role));
    let of_aes = IvChain::phase_1(HashAlgorithm::Sha1, Cipher::Aes128, &AUTHENTICATION).exchange(9).unwrap();
    let block = BodyError::Iv { needed: 8, available: 16 };
    let overflow = EmitError::FieldOverflow { field: "Payload Length", value: 65_540, max: 65_535 };
    let cases: [(_, _, &[Payload<'_>], _, _); 10] = [
        (phase_1, quick_mode, &nonces, HASH_1, SealError::Exchange { message_id: 9, chain: 0 }),
        (exchange, main_mode, &nonces, HASH_I, SealError::Exchange { message_id: 0, chain: 9 }),
        (phase_1, main_mode, &nonces, HASH_1, SealError::Hash { message_id: 0, hash: "HASH(1)" }),
        (exchange, quick_mode, &nonces, HASH_R, SealError::Hash { message_id: 9, hash: "HASH_R" }),
        (exchange, quick_mode, &two_hashes, HASH_1, SealError::SecondHash),
        (exchange, quick_mode, &nonces, HASH_3, SealError::NotCovered { hash: "HASH(3)" }),
        (phase_1, main_mode, &two_identities, HASH_I, SealError::Identity),
        (phase_1, main_mode, &two_identities[..1], other, SealError::Identity),
        (exchange, quick_mode, &too_long, HASH_1, SealError::Emit(overflow)),
        (of_aes, quick_mode, &nonces, HASH_1, SealError::Body(block)),
    ];
    let refused = |chain: IvChain, message: &Message<'_>, hash: &MessageHash<'_>| {
        let mut buffer = std::vec![0x5a; 131_200];
        let mut after = chain;
        let error = protection.seal(&mut after, message, hash, &mut buffer).unwrap_err();
        assert_eq!(after, chain);
        let is_shown = buffer.array_windows::<8>().any(|octets| NONCES.initiator.starts_with(octets));
        assert!(!is_shown, "{error}");
        error
    };
    for (chain, header, payloads, hash, expected) in cases {
        assert_eq!(refused(chain, &message(header, payloads), &hash), expected);
    }
    let error = refused(phase_1, &message(main_mode, &nonces), &HASH_I);
    assert_eq!(error, missing(PayloadType::IDENTIFICATION, Role::Initiator));
    let error = refused(phase_1, &message(main_mode, &two_identities[..1]), &nothing_said);
    assert_eq!(error, missing(PayloadType::KEY_EXCHANGE, Role::Responder));
    let body = Body::Encrypted(Encrypted { next_payload: PayloadType::HASH, octets: &[1; 8] });
    let encrypted = Message { header: quick_mode, body, trailing: &[] };
    assert_eq!(refused(exchange, &encrypted, &HASH_1), SealError::Encrypted);
}

#[test]
fn a_message_that_was_cut_is_not_sealed() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    let quick_mode = header(ExchangeType::QUICK_MODE, 9);
    let payloads = [initial_contact(), nonce(&[8; 20])];
    let whole = message(quick_mode, &payloads);
    let mut octets = std::vec![0; whole.wire_len()];
    whole.emit(&mut octets).unwrap();
    for missing in 1..=20 {
        let cut = Message::parse_until_error(&octets[..octets.len() - missing]).unwrap().value;
        let mut chain = phase_1.exchange(9).unwrap();
        let mut buffer = [0x5a; 256];
        let refused = protection.seal(&mut chain, &cut, &HASH_1, &mut buffer).err();
        let error = EmitError::CutElement { element: "Nonce", missing };
        assert_eq!((refused, chain), (Some(SealError::Emit(error)), phase_1.exchange(9).unwrap()));
        assert!(!buffer.contains(&8), "nothing of it is left in the buffer");
    }
}

#[test]
fn octets_that_no_hash_covers_are_not_sealed() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    let payloads = [nonce(NONCES.initiator)];
    let message = Message { trailing: b"lost?", ..message(header(ExchangeType::QUICK_MODE, 9), &payloads) };
    let mut chain = phase_1.exchange(9).unwrap();
    let refused = protection.seal(&mut chain, &message, &HASH_1, &mut [0; 256]).err();
    assert_eq!((refused, chain), (Some(SealError::Trailing { count: 5 }), phase_1.exchange(9).unwrap()));
}

#[test]
fn a_message_with_the_cookies_of_another_sa_is_neither_sealed_nor_opened() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    let chain = phase_1.exchange(9).unwrap();
    let payloads = [nonce(NONCES.initiator)];
    let ours = header(ExchangeType::QUICK_MODE, 9);
    let octets = sealed(&protection, &mut chain.clone(), &message(ours, &payloads), &HASH_1);
    for at in 0..16 {
        let mut changed = octets.clone();
        changed[at] ^= 1;
        let header = FramedHeader::parse_prefix(&changed).unwrap().0.header;
        let (initiator, responder) = (header.initiator_cookie, header.responder_cookie);
        let (mut after, before) = (chain, changed.clone());
        let error = protection.open(&mut after, &HASH_1, &mut changed).unwrap_err();
        assert_eq!((error, after, changed), (OpenError::Cookies { initiator, responder }, chain, before));
        let other = message(header, &payloads);
        let error = protection.seal(&mut after, &other, &HASH_1, &mut [0; 256]).unwrap_err();
        assert_eq!((error, after), (SealError::Cookies { initiator, responder }, chain));
    }
}

#[test]
fn a_buffer_of_one_octet_too_few_is_refused_with_what_is_needed() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    let payloads = [nonce(NONCES.initiator)];
    let message = message(header(ExchangeType::QUICK_MODE, 9), &payloads);
    // HASH of 24 octets, nonce of 20, padded to 48.
    assert_eq!(protection.sealed_len(&message), 28 + 48);
    let mut chain = phase_1.exchange(9).unwrap();
    let error = protection.seal(&mut chain, &message, &HASH_1, &mut [0; 75]).unwrap_err();
    assert_eq!(error, SealError::Emit(EmitError::BufferTooSmall { needed: 76, available: 75 }));
    assert_eq!(chain, phase_1.exchange(9).unwrap());
    assert_eq!(protection.seal(&mut chain, &message, &HASH_1, &mut [0; 100]).unwrap().len(), 76);
}

#[test]
fn what_is_not_encrypted_or_no_message_is_refused() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    let chain = phase_1.exchange(9).unwrap();
    let payloads = [nonce(NONCES.initiator)];
    let octets = sealed(
        &protection,
        &mut chain.clone(),
        &message(header(ExchangeType::QUICK_MODE, 9), &payloads),
        &HASH_1,
    );
    let refused = |octets: &[u8], chain: IvChain, hash: &MessageHash<'_>| {
        let (mut after, mut opened) = (chain, octets.to_vec());
        let error = protection.open(&mut after, hash, &mut opened).unwrap_err();
        assert_eq!((after, &opened[..]), (chain, octets));
        error
    };
    let mut clear = octets.clone();
    clear[19] = 0;
    // As payloads it makes no sense either.
    assert!(matches!(refused(&clear, chain, &HASH_1), OpenError::Message(_) | OpenError::NotEncrypted));
    let nothing = [&clear[..16], &[0], &clear[17..24], &28u32.to_be_bytes()].concat();
    assert_eq!(refused(&nothing, chain, &HASH_1), OpenError::NotEncrypted);
    for len in 0..octets.len() {
        assert!(matches!(refused(&octets[..len], chain, &HASH_1), OpenError::Message(_)), "{len} octets");
    }
    let longer = [&octets[..], &[0]].concat();
    assert!(matches!(refused(&longer, chain, &HASH_1), OpenError::Message(_)));
    let exchange = OpenError::Exchange { message_id: 9, chain: 0 };
    assert_eq!(refused(&octets, phase_1, &HASH_1), exchange);
    assert_eq!(refused(&octets, chain, &HASH_I), OpenError::Hash { message_id: 9, hash: "HASH_I" });
    let mut ragged = [&octets[..24], &[0, 0, 0, 75], &octets[28..75]].concat();
    assert_eq!(
        refused(&ragged, chain, &HASH_1),
        OpenError::Body(BodyError::Blocks { len: 47, block_len: 16 })
    );
    ragged.truncate(28);
    ragged[27] = 28;
    assert_eq!(refused(&ragged, chain, &HASH_1), OpenError::Body(BodyError::Empty));
}

/// A message of any payloads, encrypted with the HASH that `hash` computes over what stands behind the first Hash payload.
fn with_hash_at(
    protection: &Protection,
    chain: &IvChain,
    header: Header,
    payloads: &[Payload<'_>],
    hash: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let mut buffer = [0; 512];
    let mut writer = Writer::new(&mut buffer);
    let header = Header { flags: Flags::ENCRYPTION, ..header };
    let (unfinished, framing): (_, PayloadFraming) = UnfinishedMessage::begin(&mut writer, &header).unwrap();
    let mut out = ChainWriter::new(&mut writer, framing);
    let (mut places, mut end) = (Vec::new(), 0);
    for payload in payloads {
        let place = out.push(payload).unwrap();
        end = place.end;
        if payload.payload_type() == PayloadType::HASH {
            places.push(place);
        }
    }
    for place in places {
        let value = hash(&writer.written()[place.end..end]);
        writer.written_mut()[place].copy_from_slice(&value);
    }
    unfinished.finish_padded(&mut writer, protection.encryption_key.cipher().block_len()).unwrap();
    let written = writer.written().to_vec();
    forged(protection, chain, &written, &written[FramedHeader::LEN..])
}

/// What a peer with the right keys sends, and no HASH authenticates.
#[test]
fn a_hash_in_the_wrong_place_or_with_something_it_does_not_cover_is_refused() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    let quick_mode = header(ExchangeType::QUICK_MODE, 9);
    let exchange = phase_1.exchange(9).unwrap();
    let place = Payload::from(Hash { hash_data: &[0; 20] });
    let open = |chain: &IvChain, hash: &MessageHash<'_>, mut octets: Vec<u8>| {
        protection.open(&mut chain.clone(), hash, &mut octets).map(|opened| opened.message.payloads().len())
    };
    let hash_1 = |behind: &[u8]| {
        Covered::Payloads.hash(&protection.keys.skeyid_a, 9, behind).unwrap().expose().to_vec()
    };
    let of = |payloads: &[Payload<'_>]| {
        open(&exchange, &HASH_1, with_hash_at(&protection, &exchange, quick_mode, payloads, hash_1))
    };
    assert_eq!(of(&[place.clone(), nonce(b"Ni")]), Ok(2));
    assert_eq!(of(&[nonce(b"Ni"), place.clone()]), Err(OpenError::NotAuthentic), "not first");
    assert_eq!(of(&[nonce(b"Ni")]), Err(OpenError::NotAuthentic), "no HASH");
    let hash_3 =
        |_: &[u8]| Covered::Nonces(NONCES).hash(&protection.keys.skeyid_a, 9, &[]).unwrap().expose().to_vec();
    let of = |payloads: &[Payload<'_>]| {
        open(&exchange, &HASH_3, with_hash_at(&protection, &exchange, quick_mode, payloads, hash_3))
    };
    assert_eq!(of(std::slice::from_ref(&place)), Ok(1));
    let more = [place.clone(), initial_contact()];
    assert_eq!(of(&more), Err(OpenError::NotAuthentic), "HASH(3) covers no payload");

    let main_mode = header(ExchangeType::IDENTITY_PROTECTION, 0);
    let hash_i =
        |_: &[u8]| AUTHENTICATION.hash_i(&protection.keys.skeyid, b"\x0b\x11\x01\xf4IDii").expose().to_vec();
    let of = |hash: &MessageHash<'_>, payloads: &[Payload<'_>]| {
        open(&phase_1, hash, with_hash_at(&protection, &phase_1, main_mode, payloads, hash_i))
    };
    let said = identification(b"IDii");
    assert_eq!(of(&HASH_I, &[said.clone(), place.clone()]), Ok(2));
    assert_eq!(of(&HASH_I, &[initial_contact(), place.clone(), said.clone()]), Ok(3), "in any order");
    for payloads in [
        &[said.clone(), place.clone(), place.clone()][..],
        &[said.clone(), place.clone(), identification(b"other")],
        &[identification(b"other"), place.clone(), said.clone()],
        std::slice::from_ref(&place),
        std::slice::from_ref(&said),
    ] {
        assert_eq!(of(&HASH_I, payloads), Err(OpenError::NotAuthentic), "{} payloads", payloads.len());
    }
    // In aggressive mode the identity was said before: the HASH alone is enough, and another identity is one too many.
    let before = MessageHash::Phase1 {
        sender: Role::Initiator,
        authentication: AUTHENTICATION,
        identification: Some(b"\x0b\x11\x01\xf4IDii"),
    };
    assert_eq!(of(&before, std::slice::from_ref(&place)), Ok(1));
    assert_eq!(of(&before, &[said.clone(), place.clone()]), Ok(2));
    let other = MessageHash::Phase1 {
        sender: Role::Initiator,
        authentication: AUTHENTICATION,
        identification: Some(b"\x0b\x11\x01\xf4other"),
    };
    assert_eq!(of(&other, &[said, place]), Err(OpenError::NotAuthentic), "another identity than before");
}

#[test]
fn an_opened_message_is_sealed_again_as_it_is() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha512, Cipher::Aes192);
    for (header, hash, payloads) in all() {
        let chain = chain_of(&phase_1, header.message_id);
        let octets = sealed(&protection, &mut chain.clone(), &message(header, &payloads), &hash);
        let mut opened = octets.clone();
        let opened = protection.open(&mut chain.clone(), &hash, &mut opened).unwrap();
        assert_eq!(sealed(&protection, &mut chain.clone(), &opened.message, &hash), octets);
        // A change of one field changes the HASH too.
        let mut list: Vec<_> = opened.message.payloads().collect();
        list.iter_mut().for_each(|payload| payload.reserved = 1);
        let changed = sealed(&protection, &mut chain.clone(), &message(header, &list), &hash);
        assert_eq!(changed == octets, payloads.is_empty(), "the reserved octet of the HASH is derived");
        protection.open(&mut chain.clone(), &hash, &mut changed.clone()).unwrap();
    }
}

#[test]
fn debug_shows_no_octet_of_what_was_encrypted() {
    let (protection, phase_1) = peers(HashAlgorithm::Sha1, Cipher::Aes128);
    assert_eq!(format!("{protection:?}"), "Protection(Aes128, SHA-1, ..)");
    let (header, hash, payloads) = all().swap_remove(4);
    assert_eq!(format!("{hash:?}"), "HASH(2)");
    let chain = chain_of(&phase_1, header.message_id);
    let mut octets = sealed(&protection, &mut chain.clone(), &message(header, &payloads), &hash);
    let opened = protection.open(&mut chain.clone(), &hash, &mut octets).unwrap();
    assert_eq!(format!("{opened:?}"), "Opened(Quick Mode, message id 0x8f204988, 4 payloads)");
    let MessageHash::Phase2(covered) = hash else { panic!("of phase 2") };
    assert_eq!(format!("{covered:?}"), "HASH(2)");
}
