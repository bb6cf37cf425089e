//! Properties that must hold for any octets. The tests of this crate and the fuzz targets call them.
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a property may panic: that is how it fails"
)]

extern crate std;

use std::vec::Vec;

use crypto::{HashAlgorithm, Secret};
use isakmp::doi::ipsec::{AuthenticationAlgorithm, EncapsulationMode};
use isakmp::doi::oakley::{AuthenticationMethod, GroupDescription};
use isakmp::doi::{EspTransformId, ProtocolId, oakley};
use isakmp::payload::hash::Hash;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{
    Body, Chain, ChainWriter, Emit as _, EmitError, Flags, FramedHeader, Header, List, Member as _, Message,
    Payload, PayloadBody, PayloadFraming, PayloadHeader, PayloadType, Payloads, UnfinishedMessage, Writer,
};

use crate::keymat::QuickMode;
use crate::proposal::{Life, ipsec, isakmp as phase_1};
use crate::transcript::IvChain;
use crate::{
    Authentication, BodyError, Cipher, Cookies, Covered, EncryptionKey, HashError, Iv, MessageHash, Nonces,
    OpenError, Protection, SealError, Skeyid, SkeyidFamily,
};

/// Makes the keys of an invented SA.
fn family(hash_algorithm: HashAlgorithm) -> SkeyidFamily {
    let nonces = Nonces { initiator: b"the initiator's", responder: b"the responder's" };
    let skeyid = Skeyid::pre_shared_key(hash_algorithm, Secret::new(b"cisco123"), &nonces).unwrap();
    SkeyidFamily::derive(skeyid, Secret::new(&[7; 96]), &Cookies::default()).unwrap()
}

fn hash_algorithm(which: u8) -> HashAlgorithm {
    HashAlgorithm::ALL[usize::from(which) % HashAlgorithm::ALL.len()]
}

/// Any body is either decrypted or refused as a whole. A decrypted body encrypts to the same octets again, and both
/// give the same vector for the next message. The result of a wrong key is framed and its HASH checked without harm.
pub fn decrypt_is_total(which: u8, message_id: u32, octets: &[u8]) {
    let family = family(hash_algorithm(which));
    let cipher = Cipher::ALL[usize::from(which) / 8 % Cipher::ALL.len()];
    let key = EncryptionKey::derive(cipher, &family.skeyid_e).unwrap();
    let hash_algorithm = family.skeyid.hash_algorithm();
    let iv = Iv::phase_1(hash_algorithm, cipher, b"one", b"other").exchange(hash_algorithm, message_id);
    let mut body = octets.to_vec();
    let next = key.decrypt(&iv, &mut body);
    let fills = !octets.is_empty() && octets.len().is_multiple_of(cipher.block_len());
    assert_eq!(next.is_ok(), fills);
    let Ok(next) = next else {
        assert_eq!(body, octets);
        assert!(matches!(next, Err(BodyError::Empty | BodyError::Blocks { .. })));
        return;
    };
    assert_eq!(next.octets(), &octets[octets.len() - cipher.block_len()..]);
    for first in [PayloadType::HASH, PayloadType::IDENTIFICATION, PayloadType(octets[0])] {
        let framing = PayloadFraming::first(first);
        let payloads = Payloads::parse_until_error(&body, FramedHeader::LEN, framing).value;
        let _ = Covered::Payloads.check(&family.skeyid_a, message_id, &payloads);
    }
    assert_eq!(key.encrypt(&iv, &mut body), Ok(next));
    assert_eq!(body, octets);
}

/// Payloads in any order: only a message that begins with its HASH can be authentic. The computed HASH verifies. A
/// change of any covered octet is found, and a change of the padding is not.
pub fn hash_over_any_payloads(which: u8, message_id: u32, change: usize, octets: &[u8]) {
    let family = family(hash_algorithm(which));
    let skeyid_a = &family.skeyid_a;
    let nonces = Nonces { initiator: b"one", responder: b"other" };
    let covered = match which / 8 % 3 {
        0 => Covered::Payloads,
        1 => Covered::InitiatorNonce(nonces.initiator),
        _ => Covered::Nonces(nonces),
    };
    let first = PayloadType(octets.first().copied().unwrap_or_default() % 16);
    let framing = PayloadFraming::first(first);
    let after = octets.get(1..).unwrap_or_default();
    let payloads = Payloads::parse_until_error(after, FramedHeader::LEN, framing).value;
    let begins = payloads.elements().next().map_or(PayloadType::NONE, |first| first.header.payload_type);
    if begins != PayloadType::HASH {
        assert_eq!(covered.check(skeyid_a, message_id, &payloads), Err(HashError::Missing { first: begins }));
    }
    if which & 0x80 != 0 {
        // The octets are checked as they came, which are nearly never authentic.
        let _ = covered.check(skeyid_a, message_id, &payloads);
        return;
    }

    // The same payloads follow a right HASH, as a sender writes them.
    let mut buffer = std::vec![0; after.len() + 256];
    let mut writer = Writer::new(&mut buffer);
    let (unfinished, framing) =
        UnfinishedMessage::begin(&mut writer, &Header { message_id, ..Header::default() }).unwrap();
    let mut chain = ChainWriter::new(&mut writer, framing);
    let zeros = std::vec![0; skeyid_a.hash_algorithm().output_len()];
    let place = chain.push(&Payload::from(Hash { hash_data: &zeros })).unwrap();
    let (following_at, mut covered_end) = (place.end, place.end);
    for payload in &payloads {
        match chain.push(&payload) {
            Ok(place) => covered_end = place.end,
            Err(error) => assert!(matches!(error, EmitError::CutElement { .. }), "{error}"),
        }
    }
    // The HASH payload names the type of the next one in its own header, which is not covered.
    let hash = covered.hash(skeyid_a, message_id, &writer.written()[following_at..covered_end]).unwrap();
    writer.written_mut()[place].copy_from_slice(hash.expose());
    unfinished.finish_padded(&mut writer, 16).unwrap();
    let mut octets = writer.written().to_vec();
    let check = |octets: &[u8], message_id| {
        let message = Message::parse_until_error(octets).unwrap().value;
        let payloads = message.body.payloads().unwrap();
        covered.check(skeyid_a, message_id, payloads)
    };
    assert_eq!(check(&octets, message_id), Ok(()));
    assert_eq!(check(&octets, message_id ^ 1), Err(HashError::NotAuthentic));
    if let Some(padding) = octets.get_mut(covered_end..) {
        padding.fill(0x55);
    }
    assert_eq!(check(&octets, message_id), Ok(()), "padding is not covered");
    let is_covered = |at: usize| {
        (FramedHeader::LEN + 4..following_at).contains(&at)
            || (!matches!(covered, Covered::Nonces(_)) && (following_at..covered_end).contains(&at))
    };
    let at = FramedHeader::LEN + 4 + change % (covered_end - FramedHeader::LEN - 4);
    octets[at] ^= 0x10;
    if is_covered(at) {
        assert_ne!(check(&octets, message_id), Ok(()), "octet {at}");
    }
}

/// Makes the protection of an invented SA, the chain of phase 1, and the values of phase 1.
fn protection(which: u8) -> (Protection, IvChain, Authentication<'static>) {
    let keys = family(hash_algorithm(which));
    let cipher = Cipher::ALL[usize::from(which) / 8 % Cipher::ALL.len()];
    let hash_algorithm = keys.skeyid.hash_algorithm();
    let authentication =
        Authentication { g_xi: b"g^xi", g_xr: b"g^xr", cookies: Cookies::default(), sa_i: b"SAi_b" };
    let chain = IvChain::phase_1(hash_algorithm, cipher, &authentication);
    (Protection::new(keys, cipher, Cookies::default()).unwrap(), chain, authentication)
}

/// Any octets are opened, or refused with the octets and the chain of vectors unchanged.
pub fn open_is_total(which: u8, octets: &[u8]) {
    let (protection, phase_1, authentication) = protection(which);
    let sender = isakmp::Role::Responder;
    let hash_r = MessageHash::Phase1 { sender, authentication, identification: Some(b"id") };
    let message_id = Message::parse(octets).map_or(7, |message| message.header.message_id);
    for chain in [phase_1].into_iter().chain(phase_1.exchange(message_id)) {
        for hash in [hash_r, Covered::Payloads.into()] {
            let (mut chain_after, mut octets_after) = (chain, octets.to_vec());
            if protection.open(&mut chain_after, &hash, &mut octets_after).is_err() {
                assert_eq!((chain_after, &octets_after[..]), (chain, octets));
            }
        }
    }
}

/// Writes a payload. A malformed payload would also compare its offset, which differs in another message.
fn octets_of(payload: &Payload<'_>) -> (PayloadHeader, Vec<u8>) {
    let mut body = std::vec![0; payload.wire_len()];
    payload.emit(&mut body).unwrap();
    (payload.header(), body)
}

/// Payloads in any order are sealed to the predicted length, open to the same payloads, and can be sealed again to
/// the same octets. A message that was changed, or that came too early, is refused and changes nothing.
pub fn seal_then_open(which: u8, message_id: u32, change: usize, octets: &[u8]) {
    let (protection, phase_1, _) = protection(which);
    let Ok(mut ours) = phase_1.exchange(message_id) else { return };
    let mut theirs = ours;
    let first = PayloadType(octets.first().copied().unwrap_or_default() % 16);
    let framing = PayloadFraming::first(first);
    let chain =
        Chain::parse_until_error(octets.get(1..).unwrap_or_default(), FramedHeader::LEN, framing).value;
    let mut list: Vec<Payload<'_>> = List::from(chain)
        .iter()
        .filter(|payload: &Payload<'_>| payload.payload_type() != PayloadType::HASH)
        .collect();
    let header = Header { message_id, ..Header::default() };
    if let Some(PayloadBody::Malformed { missing: 1.., .. }) = list.last().map(|last| &last.body) {
        let cut = Message { header, body: Body::Payloads(list.as_slice().into()), trailing: &[] };
        let mut buffer = std::vec![0; protection.sealed_len(&cut)];
        let refused = protection.seal(&mut ours, &cut, &Covered::Payloads.into(), &mut buffer).err();
        assert!(matches!(refused, Some(SealError::Emit(EmitError::CutElement { .. }))), "{refused:?}");
        assert!(buffer.iter().all(|octet| *octet == 0));
        list.pop();
    }
    let message = Message { header, body: Body::Payloads(list.as_slice().into()), trailing: &[] };
    let hash = match which / 128 {
        0 => Covered::Payloads.into(),
        _ => MessageHash::Phase2(Covered::InitiatorNonce(b"Ni_b")),
    };
    let len = protection.sealed_len(&message);
    let mut buffer = std::vec![0x5a; len + 1];
    let before = ours;
    let short = protection.seal(&mut ours, &message, &hash, &mut buffer[..len - 1]);
    let too_small = EmitError::BufferTooSmall { needed: len, available: len - 1 };
    assert_eq!((short.err(), ours), (Some(SealError::Emit(too_small)), before));
    assert_eq!(protection.seal(&mut ours, &message, &hash, &mut buffer).unwrap().len(), len);
    assert_eq!(buffer.pop(), Some(0x5a), "nothing is written behind the message");
    assert_ne!(ours, before);

    let mut changed = buffer.clone();
    let at = change % len;
    changed[at] ^= 1 << (change / len % 8);
    let damaged = changed.clone();
    match protection.open(&mut theirs, &hash, &mut changed) {
        // No HASH covers the minor version, the exchange type, the other flags, and the padding.
        Ok(opened) => {
            let is_in_header = (17..20).contains(&at);
            assert!(is_in_header || at + 16 >= len, "octet {at} of {len}");
            // Another exchange type gives numbers another meaning, but the octets are the same.
            let bodies =
                opened.message.elements().skip(1).map(|element| (element.header, element.value.to_vec()));
            assert!(bodies.eq(list.iter().map(octets_of)));
        }
        Err(_) => assert_eq!((theirs, changed), (before, damaged)),
    }
    theirs = before;
    let mut again = buffer.clone();
    let mut sealed = std::vec![0; len];
    let opened = protection.open(&mut theirs, &hash, &mut again).unwrap();
    assert_eq!(theirs, ours);
    assert_eq!(opened.message.header, Header { flags: Flags::ENCRYPTION, ..header });
    assert!(opened.message.payloads().skip(1).map(|one| octets_of(&one)).eq(list.iter().map(octets_of)));
    let mut chain = before;
    protection.seal(&mut chain, &opened.message, &hash, &mut sealed).unwrap();
    assert_eq!(sealed, buffer);
    // The same octets come too early, or a second time.
    let refused = protection.open(&mut theirs, &hash, &mut sealed).err();
    assert_eq!((refused, theirs, sealed), (Some(OpenError::NotAuthentic), ours, buffer));
}

/// Any payloads are taken into a transcript, or refused with nothing changed. What an endpoint has taken once can be
/// taken again without a change, and an observer takes it too.
#[cfg(feature = "alloc")]
pub fn transcript_is_total(by_initiator: bool, first: &[u8], second: &[u8]) {
    use crate::transcript::{Phase1, QuickMode, Refusal};

    let role = if by_initiator { isakmp::Role::Initiator } else { isakmp::Role::Responder };
    let framed =
        |octets: &[u8]| PayloadFraming::first(PayloadType(octets.first().copied().unwrap_or_default() % 16));
    let [first, second] = [first, second].map(|octets| {
        let after = octets.get(1..).unwrap_or_default();
        Payloads::parse_until_error(after, FramedHeader::LEN, framed(octets)).value
    });
    let header = Header::default();
    if let Ok(begun) = Phase1::begin(&header, &first) {
        assert_eq!(Phase1::observe_first(&header, &first).as_ref(), Ok(&begun));
        let mut phase_1 = begun.clone();
        match phase_1.extend(role, &second) {
            Ok(()) => {
                let after = phase_1.clone();
                assert_eq!((phase_1.extend(role, &second), &phase_1), (Ok(()), &after));
                assert!(after.says_again(role, &second));
                let mut observed = begun.clone();
                observed.observe(role, &second).unwrap();
                assert_eq!(observed, after);
            }
            Err(_) => assert_eq!(phase_1, begun),
        }
        let _ = (phase_1.first_iv(), phase_1.likely_sender(&second), phase_1.aggressive_mode().is_some());
        let _ = phase_1.observe(role, &second);
    }
    let mut quick_mode = QuickMode::new();
    let _ = quick_mode.observe(isakmp::Role::Initiator, &first);
    let before = quick_mode.octet_count();
    match quick_mode.extend(isakmp::Role::Responder, &second) {
        Ok(()) => {
            let again = quick_mode.extend(isakmp::Role::Responder, &second);
            assert_eq!(again, Err(Refusal::Contradiction { payload_type: PayloadType::NONCE }));
        }
        Err(_) => assert_eq!(quick_mode.octet_count(), before),
    }
    if let Ok(children) = quick_mode.children(None) {
        // There are at most eight protocols, with one SA in each direction.
        assert!(children.flatten().filter(|child| child.key_lengths().is_ok()).count() <= 16);
    }
}

/// Any security association is handled without harm. What is chosen is what its policy accepts, and every offer
/// before it was refused with a reason for every policy.
pub fn choose_is_total(octets: &[u8]) {
    let Ok(association) = SecurityAssociation::parse_body(octets) else { return };
    let policies = [Cipher::Aes256, Cipher::TripleDes, Cipher::Des].map(|cipher| phase_1::Policy {
        cipher,
        hash_algorithm: oakley::HashAlgorithm::SHA,
        authentication_method: AuthenticationMethod::PRE_SHARED_KEY,
        group_description: GroupDescription::MODP_1024,
        life: Life { seconds: Some(86_400), kilobytes: None },
    });
    let mut refused = 0;
    let chosen = phase_1::choose(&association, &policies, &mut |refusal| {
        assert!(refusal.policy < policies.len());
        refused += 1;
    });
    if let Some(chosen) = chosen {
        assert_eq!(policies[chosen.policy].check(&chosen.offer), Ok(()));
        assert_eq!(phase_1::Offer::from_transform(&chosen.transform), chosen.offer);
        assert_eq!(chosen.offer.cipher(), Ok(policies[chosen.policy].cipher));
    } else {
        assert!(refused > 0 || association.proposals.is_empty() || !has_transforms(&association));
    }

    let protocols = [
        ipsec::Protocol {
            protocol_id: ProtocolId::ESP,
            transform_id: EspTransformId::AES_CBC.0,
            key_length: Some(128),
            authentication_algorithm: Some(AuthenticationAlgorithm::HMAC_SHA),
        },
        ipsec::Protocol {
            protocol_id: ProtocolId::AH,
            transform_id: 2,
            key_length: None,
            authentication_algorithm: Some(AuthenticationAlgorithm::HMAC_MD5),
        },
    ];
    let policy = ipsec::Policy {
        protocols: &protocols,
        encapsulation_mode: EncapsulationMode::TUNNEL,
        group_description: None,
        extended_sequence_number: false,
        life: Life { seconds: Some(28_800), kilobytes: None },
    };
    let policies = [policy, ipsec::Policy { protocols: &protocols[..1], ..policy }];
    if let Some(chosen) = ipsec::choose(&association, &policies, &mut |_| {}) {
        let policy = policies[chosen.policy];
        for (wanted, protocol) in policy.protocols.iter().zip(&chosen.protocols) {
            let protocol = protocol.as_ref().unwrap();
            assert_eq!(policy.check(wanted, &protocol.offer), Ok(()));
            assert_eq!(protocol.proposal.proposal_number, chosen.proposal_number);
            assert_eq!(protocol.proposal.protocol_id, wanted.protocol_id);
        }
        assert!(chosen.protocols[policy.protocols.len()..].iter().all(Option::is_none));
    }
}

fn has_transforms(association: &SecurityAssociation<'_>) -> bool {
    association
        .proposals
        .iter()
        .any(|proposal| proposal.decoded().map_or(true, |proposal| !proposal.transforms.is_empty()))
}

/// A longer KEYMAT begins with the shorter one, and another SPI, protocol or secret gives another KEYMAT.
pub fn keymat_is_one_stream(which: u8, spi: u32, octets: &[u8]) {
    let family = family(hash_algorithm(which));
    let (initiator, responder) = octets.split_at(octets.len() / 2);
    let quick_mode = QuickMode { nonces: Nonces { initiator, responder }, shared_secret: None };
    let fill = |quick_mode: &QuickMode<'_>, protocol_id, spi: u32, len| {
        let mut keymat = std::vec![0; len];
        quick_mode.fill(&family.skeyid_d, protocol_id, &spi.to_be_bytes(), &mut keymat);
        keymat
    };
    let long: Vec<u8> = fill(&quick_mode, ProtocolId::ESP, spi, 100);
    for len in [0, 1, 16, 20, 36, 64, 99] {
        assert_eq!(fill(&quick_mode, ProtocolId::ESP, spi, len), long[..len]);
    }
    assert_ne!(fill(&quick_mode, ProtocolId::AH, spi, 16), long[..16]);
    assert_ne!(fill(&quick_mode, ProtocolId::ESP, spi ^ 1, 16), long[..16]);
    let pfs = QuickMode { shared_secret: Some(Secret::new(&[9; 96])), ..quick_mode };
    assert_ne!(fill(&pfs, ProtocolId::ESP, spi, 16), long[..16]);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Found by the fuzz target: when a header was changed, the payloads must not be compared by their meaning.
    #[test]
    fn a_changed_header_may_give_payloads_another_meaning() {
        let octets = [2, 0xff, 3, 0xf6, 1, 0, 0, 0, 0xff, 0, 0, 0, 4, 1, 0xb1, 0x29];
        for change in 0..=u16::MAX {
            seal_then_open(0xff, 0x0499_ffff, change.into(), &octets);
        }
    }

    /// Makes chains of payload types and short bodies, most of which can be framed.
    fn chain() -> impl Strategy<Value = Vec<u8>> {
        vec((0u8..20, vec(any::<u8>(), 0..24)), 1..6).prop_map(|payloads| {
            let mut octets = std::vec![payloads[0].0];
            for (index, (_, body)) in payloads.iter().enumerate() {
                let next = payloads.get(index + 1).map_or(0, |(next, _)| *next);
                octets.extend([next, 0, 0, body.len() as u8 + 4]);
                octets.extend(body);
            }
            octets
        })
    }

    /// Makes a security association with a few proposals of attributes that policies check.
    fn association() -> impl Strategy<Value = Vec<u8>> {
        let attribute = (1u8..13, prop_oneof![0u16..8, Just(128), Just(256)]).prop_map(|(kind, value)| {
            let [high, low] = value.to_be_bytes();
            [0x80, kind, high, low]
        });
        let transform = (prop_oneof![Just(1u8), Just(2), Just(12)], vec(attribute, 0..7));
        let proposal = (1u8..3, 1u8..4, vec(transform, 1..4));
        vec(proposal, 1..4).prop_map(|proposals| {
            let mut octets = std::vec![0, 0, 0, 1, 0, 0, 0, 1];
            for (index, (number, protocol, transforms)) in proposals.iter().enumerate() {
                let spi_len = if *protocol == 1 { 0 } else { 4 };
                let mut body = std::vec![*number, *protocol, spi_len, transforms.len() as u8];
                body.extend(std::iter::repeat_n(7, usize::from(spi_len)));
                for (at, (id, attributes)) in transforms.iter().enumerate() {
                    let next = if at + 1 < transforms.len() { 3 } else { 0 };
                    let len = 8 + attributes.len() as u8 * 4;
                    body.extend([next, 0, 0, len, at as u8 + 1, *id, 0, 0]);
                    body.extend(attributes.concat());
                }
                let next = if index + 1 < proposals.len() { 2 } else { 0 };
                let [high, low] = (body.len() as u16 + 4).to_be_bytes();
                octets.extend([next, 0, high, low]);
                octets.extend(body);
            }
            octets
        })
    }

    proptest! {
        #[test]
        fn any_body(which: u8, message_id: u32, octets in vec(any::<u8>(), 0..600), whole: bool) {
            let len = if whole { octets.len() / 16 * 16 } else { octets.len() };
            decrypt_is_total(which, message_id, &octets[..len]);
        }

        #[test]
        fn any_payloads(which: u8, message_id: u32, change: usize, octets in chain()) {
            hash_over_any_payloads(which, message_id, change, &octets);
        }

        #[test]
        fn any_octets_as_payloads(which: u8, message_id: u32, change: usize, octets in vec(any::<u8>(), 0..300)) {
            hash_over_any_payloads(which, message_id, change, &octets);
        }

        #[test]
        fn any_octets_as_message(which: u8, octets in vec(any::<u8>(), 0..200), is_framed: bool) {
            let mut octets = octets;
            if let (true, Some(length)) = (is_framed, octets.get_mut(24..28)) {
                length.fill(0);
                let len = octets.len();
                (octets[17], octets[19], octets[27]) = (0x10, 1, len as u8);
            }
            open_is_total(which, &octets);
        }

        #[test]
        fn any_payloads_sealed(which: u8, message_id: u32, change: usize, octets in chain()) {
            seal_then_open(which, message_id, change, &octets);
        }

        #[cfg(feature = "alloc")]
        #[test]
        fn any_payloads_said(by_initiator: bool, first in chain(), second in chain(), offer in association()) {
            transcript_is_total(by_initiator, &first, &second);
            // A security association comes first, as in a first message.
            let [high, low] = (offer.len() as u16 + 4).to_be_bytes();
            let with_offer = |chain: &[u8]| [&[1, chain[0], 0, high, low][..], &offer, &chain[1..]].concat();
            transcript_is_total(by_initiator, &with_offer(&first), &second);
            transcript_is_total(by_initiator, &with_offer(&first), &with_offer(&second));
        }

        #[test]
        fn any_association(octets in association()) {
            choose_is_total(&octets);
        }

        #[test]
        fn any_octets_as_association(octets in vec(any::<u8>(), 0..200)) {
            choose_is_total(&octets);
        }

        #[test]
        fn any_keymat(which: u8, spi: u32, octets in vec(any::<u8>(), 0..128)) {
            keymat_is_one_stream(which, spi, &octets);
        }
    }
}
