//! Tests of what a HASH covers, and that a change of it is found.

use std::vec::Vec;

use crypto::{HashAlgorithm, Secret};
use isakmp::{FramedHeader, PayloadType, Role};

use super::*;
use crate::transcript::IvChain;
use crate::{Authentication, Cookies, Covered, Nonces, Skeyid, peer};

/// RFC 2409 sections 5 and 5.5, written out: the HASH in the decrypted message is the prf of the octets there.
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
        // No HASH covers the padding, the reserved octet of the HASH payload and, in phase 1, all headers and the
        // other payloads.
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
                // A message of another place in the exchange is refused.
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
            // The message id is changed, with the vector that decrypts.
            let mut under = octets.clone();
            under[20..24].copy_from_slice(&1u32.to_be_bytes());
            let mut other = phase_1.exchange(1).unwrap();
            other.iv = chain.iv;
            assert_eq!(refused(other, &hash, &under), OpenError::NotAuthentic);
        }
        // The keys are changed.
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
