//! Tests of messages that are refused when they are sealed or opened.

use std::vec::Vec;

use crypto::HashAlgorithm;
use isakmp::payload::hash::Hash;
use isakmp::{
    Body, ChainWriter, Emit as _, EmitError, Encrypted, ExchangeType, Flags, FramedHeader, Header, Message,
    Payload, PayloadFraming, PayloadType, Role, UnfinishedMessage, Writer,
};

use super::*;
use crate::transcript::{IncompleteExchange, IvChain};
use crate::{Authentication, BodyError, Covered};

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
        assert!(!buffer.contains(&8), "nothing of the message is left in the buffer");
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
    // A HASH of 24 octets and a nonce of 20 are padded to 48.
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
    // The octets do not make sense as payloads either.
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

/// Encrypts a message of any payloads. The HASH is what `hash` computes over the octets behind the first Hash
/// payload.
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

/// Messages from a peer with the right keys that no HASH authenticates.
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
    assert_eq!(
        of(&HASH_I, &[initial_contact(), place.clone(), said.clone()]),
        Ok(3),
        "the payloads are in any order"
    );
    for payloads in [
        &[said.clone(), place.clone(), place.clone()][..],
        &[said.clone(), place.clone(), identification(b"other")],
        &[identification(b"other"), place.clone(), said.clone()],
        std::slice::from_ref(&place),
        std::slice::from_ref(&said),
    ] {
        assert_eq!(of(&HASH_I, payloads), Err(OpenError::NotAuthentic), "{} payloads", payloads.len());
    }
    // In aggressive mode the identity came before: the HASH alone is enough, and another identity is refused.
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
    assert_eq!(
        of(&other, &[said, place]),
        Err(OpenError::NotAuthentic),
        "the identity differs from the one before"
    );
}
