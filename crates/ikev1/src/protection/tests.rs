use std::format;
use std::vec::Vec;

use crypto::{HashAlgorithm, Secret};
use isakmp::doi::{Doi, ProtocolId};
use isakmp::payload::identification::{Identification, Identity};
use isakmp::payload::nonce::Nonce;
use isakmp::payload::notification::{Notification, NotificationData, NotifyType};
use isakmp::payload::vendor_id::VendorId;
use isakmp::{Body, ExchangeType, Flags, FramedHeader, Header, Message, Payload, PayloadType, Role};

use super::*;
use crate::transcript::IvChain;
use crate::{Authentication, Cookies, Covered, Nonces, Skeyid};

mod covered;
mod refused;

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

/// Makes both peers of one SA, and the chain of phase 1.
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

/// Lists messages with each HASH: `HDR*`, `IDii`, `HASH_I`, N and so on.
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

/// Returns the chain of an exchange. Its first message may belong to phase 1.
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
                // Each exchange after phase 1 continues where its last message ended.
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
                // RFC 2409 sections 5.4 and 5.5: the HASH stands behind the identity, or right behind the header.
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

/// Encrypts a body as it is, whatever HASH it has.
fn forged(protection: &Protection, chain: &IvChain, whole: &[u8], body: &[u8]) -> Vec<u8> {
    let mut octets = [&whole[..FramedHeader::LEN], body].concat();
    protection.encryption_key.encrypt(&chain.iv, &mut octets[FramedHeader::LEN..]).unwrap();
    octets
}

/// A quick mode in order. A message that is lost, repeated or out of turn changes nothing.
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
    let MessageHash::Phase2(covered) = hash else { panic!("the HASH is not of phase 2") };
    assert_eq!(format!("{covered:?}"), "HASH(2)");
}
