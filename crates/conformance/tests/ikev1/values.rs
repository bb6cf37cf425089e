//! Every value of every key log is computed again.

use needs::needs;
use std::collections::HashMap;

use ikev1::keymat::QuickMode;
use ikev1::{Covered, EncryptionKey, HashError, Iv, Nonces, Secret, Skeyid, SkeyidFamily};
use isakmp::doi::ipsec::AttributeType;
use isakmp::doi::oakley::AuthenticationMethod;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};
use isakmp::{ExchangeType, NegotiationContext, Payload, PayloadType};
use serde_json::Value;
use vpnwire_conformance::{captures, hex};

use crate::clear::Clear;
use crate::key_log::{field, scenarios};
use crate::opened::{Opened, open_all};
use crate::sent::{Sent, messages};
use crate::{Counts, count};

/// SKEYID, computed as the negotiated authentication method requires.
fn skeyid_of(clear: &Clear, log: &Value) -> Skeyid {
    let hash = clear.offer.hash().unwrap();
    match clear.offer.authentication_method.unwrap() {
        AuthenticationMethod::RSA_SIGNATURES => {
            Skeyid::signatures(hash, &clear.nonces(), Secret::new(&field(log, "dh").unwrap())).unwrap()
        }
        AuthenticationMethod::PRE_SHARED_KEY | AuthenticationMethod::XAUTH_INIT_PRE_SHARED => {
            Skeyid::pre_shared_key(hash, Secret::new(b"cisco123"), &clear.nonces()).unwrap()
        }
        method => panic!("{method}"),
    }
}

/// The keys of every child SA that one quick mode makes, by SPI.
fn children(
    family: &SkeyidFamily,
    first: &Opened,
    second: &Opened,
    shared_secret: Option<Secret<'_>>,
) -> Vec<(u32, Vec<u8>, Vec<u8>)> {
    let nonces = Nonces {
        initiator: first.body(PayloadType::NONCE).unwrap(),
        responder: second.body(PayloadType::NONCE).unwrap(),
    };
    let quick_mode = QuickMode { nonces, shared_secret };
    let association = |opened: &Opened, keys: &mut Vec<(u32, Vec<u8>, Vec<u8>)>, chosen: &[u8]| {
        // The responder chooses the transform, and each side its own SPI.
        let chosen = isakmp::payload::security_association::SecurityAssociation::parse_body(chosen).unwrap();
        let own = opened.body(PayloadType::SECURITY_ASSOCIATION).unwrap();
        let own = isakmp::payload::security_association::SecurityAssociation::parse_body(own).unwrap();
        for proposal in chosen.proposals {
            let proposal = proposal.decoded().unwrap();
            let transform = proposal.transforms.iter().next().unwrap().decoded().unwrap();
            let attribute = |wanted: AttributeType| {
                let found = transform.attributes.iter().find(|one| one.attribute_type == wanted.0);
                found.and_then(|found| found.value.number()).map(|number| u16::try_from(number).unwrap())
            };
            let lengths = match proposal.protocol_id {
                ProtocolId::ESP => ikev1::keymat::KeyLengths::esp(
                    EspTransformId(transform.transform_id),
                    attribute(AttributeType::KEY_LENGTH),
                    attribute(AttributeType::AUTHENTICATION_ALGORITHM)
                        .map(isakmp::doi::ipsec::AuthenticationAlgorithm),
                ),
                ProtocolId::AH => ikev1::keymat::KeyLengths::ah(AhTransformId(transform.transform_id)),
                other => panic!("{other}"),
            }
            .unwrap();
            // libreswan numbers its proposal 0, and strongSwan answers with 1.
            let of_protocol = own
                .proposals
                .iter()
                .map(|proposal| proposal.decoded().unwrap())
                .filter(|own| own.protocol_id == proposal.protocol_id);
            let own = of_protocol
                .clone()
                .find(|own| own.proposal_number == proposal.proposal_number)
                .or_else(|| of_protocol.clone().next())
                .unwrap();
            let keymat = quick_mode.keymat(&family.skeyid_d, proposal.protocol_id, own.spi, lengths);
            keys.push((
                u32::from_be_bytes(own.spi.try_into().unwrap()),
                keymat.encryption().expose().to_vec(),
                keymat.authentication().expose().to_vec(),
            ));
        }
    };
    let mut keys = Vec::new();
    let chosen = second.body(PayloadType::SECURITY_ASSOCIATION).unwrap();
    association(first, &mut keys, chosen);
    association(second, &mut keys, chosen);
    keys
}

/// Compares the values of one ISAKMP SA, and returns the keys of its child SAs.
fn check_sa(name: &str, messages: &[Sent], log: &Value, counts: &mut Counts) -> Vec<(u32, Vec<u8>, Vec<u8>)> {
    let cookie = field(log, "cookie_i").map(|octets| octets.try_into().unwrap());
    let clear = Clear::of(messages, cookie).unwrap();
    if let Some(cookie) = field(log, "cookie_r") {
        assert_eq!(clear.cookies.responder.to_vec(), cookie, "{name}");
    }
    let (hash, cipher) = (clear.offer.hash().unwrap(), clear.offer.cipher().unwrap());
    let shared = field(log, "dh").unwrap();
    let authentication = clear.authentication();
    assert_eq!(
        (authentication.g_xi.len(), authentication.g_xr.len()),
        (shared.len(), shared.len()),
        "{name}"
    );
    let group = ikev1::dh::group(clear.offer.group_description.unwrap()).unwrap();
    group.check_public_value(authentication.g_xi).unwrap();
    group.check_public_value(authentication.g_xr).unwrap();
    assert_eq!(group.public_len(), shared.len());

    let mut compare = |kind, octets: &[u8]| {
        assert_eq!(Some(octets.to_vec()), field(log, kind), "{name} {kind}");
        count(counts, kind);
    };
    let family = SkeyidFamily::derive(skeyid_of(&clear, log), Secret::new(&shared), &clear.cookies).unwrap();
    compare("skeyid", family.skeyid.secret().expose());
    compare("skeyid_d", family.skeyid_d.secret().expose());
    compare("skeyid_a", family.skeyid_a.secret().expose());
    compare("skeyid_e", family.skeyid_e.secret().expose());
    let key = EncryptionKey::derive(cipher, &family.skeyid_e).unwrap();
    compare("ka", key.secret().expose());
    let iv = Iv::phase_1(hash, cipher, authentication.g_xi, authentication.g_xr);
    compare("iv0", iv.octets());

    // HASH_I and HASH_R are computed over the octets on the wire, and over the octets that the peer logged.
    let opened = open_all(messages, &clear, &key, iv);
    for (name_of, data_of, by_initiator) in
        [("hash_i", "hash_i_data", true), ("hash_r", "hash_r_data", false)]
    {
        let Some(data) = field(log, data_of) else { continue };
        assert_eq!(
            crypto::Prf::new(hash, family.skeyid.secret()).compute(&[&data]).expose(),
            field(log, name_of).unwrap(),
            "{name}"
        );
        // The identity is in clear in aggressive mode, and encrypted in main mode.
        let of_phase_1 = |one: &&Opened| one.message_id == 0 && one.by_initiator == by_initiator;
        let encrypted = opened.iter().find(of_phase_1);
        let id = match clear.body(by_initiator, PayloadType::IDENTIFICATION) {
            [] => encrypted.and_then(|one| one.body(PayloadType::IDENTIFICATION)).unwrap_or_default(),
            id => id,
        };
        let computed = match by_initiator {
            true => authentication.hash_i(&family.skeyid, id),
            false => authentication.hash_r(&family.skeyid, id),
        };
        assert_eq!(computed.expose(), field(log, name_of).unwrap(), "{name} {name_of}");
        let parts = if by_initiator {
            [authentication.g_xi, authentication.g_xr, &clear.cookies.initiator, &clear.cookies.responder]
        } else {
            [authentication.g_xr, authentication.g_xi, &clear.cookies.responder, &clear.cookies.initiator]
        };
        assert_eq!([&parts.concat(), authentication.sa_i, id].concat(), data, "{name} {data_of}");
        count(counts, name_of);
        count(counts, data_of);
        // The payload that carried it, or the signature over it, is compared too.
        let on_wire = match clear.body(by_initiator, PayloadType::HASH) {
            [] => encrypted.and_then(|one| one.body(PayloadType::HASH)),
            hash => Some(hash),
        };
        match on_wire {
            Some(on_wire) => {
                let verified = match by_initiator {
                    true => authentication.verify_hash_i(&family.skeyid, id, on_wire),
                    false => authentication.verify_hash_r(&family.skeyid, id, on_wire),
                };
                // The responder of `aggr-badpsk` has another key than the initiator, and this is the initiator's log.
                let is_bad = name == "strongswan/aggr-badpsk.pcap";
                assert_eq!(verified.is_err(), is_bad, "{name} {name_of}");
                count(counts, if is_bad { "phase 1 HASH refused" } else { "phase 1 HASH verified" });
            }
            None => {
                count(counts, "phase 1 without HASH");
            }
        }
    }
    check_messages(name, &family, &key, &opened, counts)
}

/// Checks every encrypted message of one SA: its payloads, its HASH, and that it encrypts to the same octets.
fn check_messages(
    name: &str,
    family: &SkeyidFamily,
    key: &EncryptionKey,
    opened: &[Opened],
    counts: &mut Counts,
) -> Vec<(u32, Vec<u8>, Vec<u8>)> {
    let mut keys = Vec::new();
    let mut quick_modes: HashMap<u32, Vec<&Opened>> = HashMap::new();
    for one in opened {
        count(counts, "encrypted");
        let mut again = one.octets.clone();
        key.encrypt(&one.iv, &mut again).unwrap();
        assert_eq!(again, one.ciphertext, "{name}");
        let Ok(payloads) = one.payloads() else {
            count(counts, "makes no sense");
            continue;
        };
        let makes_sense = payloads.elements().all(|element| {
            element.octets[1] == 0 && Payload::parse(&element, &NegotiationContext::NONE).is_ok()
        });
        if !makes_sense {
            count(counts, "makes no sense");
            continue;
        }
        count(counts, "decrypted");
        if one.message_id == 0 {
            continue;
        }
        let covered = match one.exchange_type {
            ExchangeType::QUICK_MODE => {
                let before = quick_modes.entry(one.message_id).or_default();
                before.push(one);
                let nonce = |index: usize| before.get(index).and_then(|one| one.body(PayloadType::NONCE));
                match before.len() {
                    1 => Covered::Payloads,
                    2 => Covered::InitiatorNonce(nonce(0).unwrap()),
                    _ => {
                        Covered::Nonces(Nonces { initiator: nonce(0).unwrap(), responder: nonce(1).unwrap() })
                    }
                }
            }
            ExchangeType::INFORMATIONAL | ExchangeType::TRANSACTION => Covered::Payloads,
            other => panic!("{name}: {other}"),
        };
        let checked = covered.check(&family.skeyid_a, one.message_id, &payloads);
        assert_eq!(checked, Ok(()), "{name}: {} {:#x}", one.exchange_type, one.message_id);
        // With another message ID, another key or a changed octet, the message is not authentic.
        let wrong = Err(HashError::NotAuthentic);
        assert_eq!(covered.check(&family.skeyid_a, one.message_id ^ 1, &payloads), wrong);
        assert_eq!(covered.check(&family.skeyid_d, one.message_id, &payloads), wrong);
        count(
            counts,
            match (one.exchange_type, covered) {
                (ExchangeType::INFORMATIONAL, _) => "HASH informational",
                (ExchangeType::TRANSACTION, _) => "HASH transaction",
                (_, Covered::Payloads) => "HASH(1)",
                (_, Covered::InitiatorNonce(_)) => "HASH(2)",
                (_, Covered::Nonces(_)) => "HASH(3)",
            },
        );
    }
    for messages in quick_modes.into_values() {
        let [first, second, ..] = &messages[..] else { continue };
        if second.body(PayloadType::KEY_EXCHANGE).is_none() {
            keys.extend(children(family, first, second, None));
        } else {
            count(counts, "quick mode with PFS");
        }
    }
    keys
}

#[needs(captures)]
#[test]
fn every_value_of_every_key_log() {
    let folder = captures();
    let mut counts = Counts::new();
    for (path, keys) in scenarios(&folder) {
        count(&mut counts, "scenarios");
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let messages = messages(&path);
        let mut children = Vec::new();
        for log in keys["ike"].as_array().unwrap() {
            children.extend(check_sa(&name, &messages, log, &mut counts));
        }
        // Rows of Wireshark's table give each SPI its keys. `enc_i` and `spi_out` of a child do not belong together if
        // the log is a responder's.
        for row in keys["tshark_esp_sa"].as_array().unwrap() {
            let row: Vec<&str> =
                row.as_str().unwrap().split(',').map(|cell| cell.trim_matches('"')).collect();
            let spi = u32::from_str_radix(row[3].trim_start_matches("0x"), 16).unwrap();
            let Some(found) = children.iter().find(|(own, ..)| *own == spi) else {
                count(&mut counts, "child not computed");
                continue;
            };
            assert_eq!(found.1, hex(row[5].trim_start_matches("0x")), "{name} {spi:#x}");
            assert_eq!(found.2, hex(row[7].trim_start_matches("0x")), "{name} {spi:#x}");
            count(&mut counts, "authentication key");
            if !found.1.is_empty() {
                count(&mut counts, "encryption key");
            }
        }
    }
    let expected = [
        // The numbers of messages with the encryption flag, and of each exchange, are from `tshark -Y
        // isakmp.flag_e==1`. Repeated messages count once, and so do the two that come in fragments: 73 main mode, 8
        // aggressive, 127 quick, 46 transaction, 129 informational.
        ("encrypted", 383),
        // These are all but the responder's three notifications in `mm-badpsk`, which are under another key.
        ("decrypted", 380),
        ("makes no sense", 3),
        ("HASH informational", 126),
        ("HASH transaction", 46),
        // There are 127 messages of quick mode: three exchanges lack the third message, and one lacks the second too.
        ("HASH(1)", 44),
        ("HASH(2)", 43),
        ("HASH(3)", 40),
        // These are the numbers of values in the key logs, counted with a JSON reader in another language.
        ("scenarios", 46),
        ("skeyid", 47),
        ("skeyid_d", 47),
        ("skeyid_a", 47),
        ("skeyid_e", 47),
        ("ka", 47),
        ("iv0", 47),
        ("hash_i", 45),
        ("hash_i_data", 45),
        ("hash_r", 46),
        ("hash_r_data", 46),
        // There are 91 hashes, of which two are signed and not sent (`mm-rsa-frag`).
        ("phase 1 HASH verified", 88),
        ("phase 1 HASH refused", 1),
        ("phase 1 without HASH", 2),
        // There are 86 rows of SAs. The two of `…-pfs` need a secret that no log has. 12 have no encryption key: AH
        // and NULL.
        ("authentication key", 84),
        ("encryption key", 72),
        ("child not computed", 2),
        ("quick mode with PFS", 1),
    ];
    assert_eq!(counts, Counts::from(expected));
}
