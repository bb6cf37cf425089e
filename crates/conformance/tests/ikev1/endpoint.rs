//! Follows every negotiation with a key log in the same way as its endpoints.

use needs::needs;
use std::collections::HashMap;

use ikev1::transcript::{IvChain, Phase1, QuickMode as QuickModeTranscript};
use ikev1::{AuthenticationKind, Covered, MessageHash, OpenError, Protection, Secret, Skeyid, SkeyidFamily};
use isakmp::{ExchangeType, Message, PayloadType, Role};
use serde_json::Value;
use vpnwire_conformance::{captures, hex};

use crate::key_log::{field, scenarios};
use crate::sent::messages;
use crate::{Counts, count};

/// The keys of an SA of ESP or AH, by SPI: encryption and authentication.
type ChildKeys = (u32, Vec<u8>, Vec<u8>);

/// One ISAKMP SA as an endpoint sees it. Every message is added to the transcript, and each encrypted message is
/// opened in its order, with the only possible initialization vector and HASH.
struct AsEndpoint {
    phase_1: Phase1,
    protection: Option<Protection>,
    main: Option<IvChain>,
    exchanges: HashMap<u32, (IvChain, QuickModeTranscript, usize)>,
    children: Vec<ChildKeys>,
}

impl AsEndpoint {
    /// The protection of the messages. `None` until enough messages were exchanged.
    fn derive(&mut self, log: &Value) {
        let offer = self.phase_1.offer().unwrap();
        let (hash, cipher) = (offer.hash().unwrap(), offer.cipher().unwrap());
        let (nonces, cookies) = (self.phase_1.nonces().unwrap(), self.phase_1.cookies());
        let shared = field(log, "dh").unwrap();
        let skeyid = match AuthenticationKind::of(offer.authentication_method.unwrap()) {
            AuthenticationKind::PreSharedKey => {
                Skeyid::pre_shared_key(hash, Secret::new(b"cisco123"), &nonces).unwrap()
            }
            AuthenticationKind::Signatures => {
                Skeyid::signatures(hash, &nonces, Secret::new(&shared)).unwrap()
            }
            other => panic!("{other:?}"),
        };
        let family = SkeyidFamily::derive(skeyid, Secret::new(&shared), &cookies).unwrap();
        let authentication = self.phase_1.authentication().unwrap();
        self.main = Some(IvChain::phase_1(hash, cipher, &authentication));
        self.protection = Some(Protection::new(family, cipher, cookies).unwrap());
    }

    /// Opens an encrypted message, and adds it to the transcript. Returns the name of its HASH.
    fn open(&mut self, name: &str, role: Role, octets: &[u8], counts: &mut Counts) -> Option<&'static str> {
        let header = Message::parse(octets).unwrap().header;
        let protection = self.protection.as_ref().unwrap();
        let main = self.main.as_mut().unwrap();
        let mut received = octets.to_vec();
        let opened = if header.message_id == 0 {
            let transcript = self.phase_1.clone();
            let hash = MessageHash::Phase1 {
                sender: role,
                authentication: transcript.authentication().unwrap(),
                identification: transcript.side(role).said(PayloadType::IDENTIFICATION),
            };
            let before = *main;
            let Ok(opened) = protection.open(main, &hash, &mut received) else {
                // Signatures replace the HASH, so the message is not taken for one with a HASH.
                assert_eq!(name, "strongswan/mm-rsa-frag.pcap");
                let mut body = octets[28..].to_vec();
                let next = protection.encryption_key().decrypt(&before.iv(), &mut body).unwrap();
                *main = IvChain::from_last_block(protection.keys().skeyid.hash_algorithm(), next);
                count(counts, "signed");
                return None;
            };
            self.phase_1.extend(role, opened.message.body.payloads().unwrap()).unwrap();
            seal_again(protection, before, &opened, &hash, octets, counts);
            hash.name()
        } else {
            let begin = || (main.exchange(header.message_id).unwrap(), QuickModeTranscript::new(), 0);
            let entry = self.exchanges.entry(header.message_id).or_insert_with(begin);
            let (chain, quick_mode, position) = entry;
            let transcript = quick_mode.clone();
            let hash: MessageHash<'_> = match header.exchange_type {
                ExchangeType::QUICK_MODE => transcript.covered(*position).unwrap(),
                _ => Covered::Payloads,
            }
            .into();
            let before = *chain;
            let opened = match protection.open(chain, &hash, &mut received) {
                Ok(opened) => opened,
                Err(error) => {
                    // These are the notifications of a responder that has another key.
                    assert_eq!((error, name), (OpenError::NotAuthentic, "strongswan/mm-badpsk.pcap"));
                    assert_eq!((*chain, &received[..]), (before, octets));
                    count(counts, "refused");
                    return None;
                }
            };
            let payloads = opened.message.body.payloads().unwrap();
            if header.exchange_type == ExchangeType::QUICK_MODE && *position < 2 {
                let role = if *position == 0 { Role::Initiator } else { Role::Responder };
                quick_mode.extend(role, payloads).unwrap();
                if *position == 1 && quick_mode.key_exchange(Role::Initiator).is_none() {
                    self.children.extend(quick_mode.children(None).unwrap().map(|child| {
                        let child = child.unwrap();
                        let keymat = child.keymat(&protection.keys().skeyid_d).unwrap();
                        let octets = |secret: Secret<'_>| secret.expose().to_vec();
                        (child.spi, octets(keymat.encryption()), octets(keymat.authentication()))
                    }));
                }
            }
            *position += 1;
            seal_again(protection, before, &opened, &hash, octets, counts);
            match header.exchange_type {
                ExchangeType::QUICK_MODE => hash.name(),
                ExchangeType::INFORMATIONAL => "informational",
                _ => "transaction",
            }
        };
        Some(opened)
    }
}

/// Checks that an opened message is sealed to the same octets again.
fn seal_again(
    protection: &Protection,
    mut chain: IvChain,
    opened: &ikev1::Opened<'_>,
    hash: &MessageHash<'_>,
    octets: &[u8],
    counts: &mut Counts,
) {
    let mut sealed = vec![0; protection.sealed_len(&opened.message)];
    protection.seal(&mut chain, &opened.message, hash, &mut sealed).unwrap();
    // Some peers add one block of padding to a message that needs no padding. RFC 2409 appendix B does not ask for it,
    // and ours does not add it.
    let more = octets.len().saturating_sub(sealed.len());
    let kind = match (sealed == octets, more, opened.padding.len()) {
        (true, ..) => "sealed as it was",
        (false, 8 | 16, padding) if padding == more => "padded by a block less",
        _ => "sealed otherwise",
    };
    count(counts, kind);
}

/// Follows every negotiation with a key log in the same way as its endpoints.
#[needs(captures)]
#[test]
fn every_message_opens_in_its_turn_and_seals_to_what_it_was() {
    let folder = captures();
    let mut counts = Counts::new();
    for (path, keys) in scenarios(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let messages = messages(&path);
        let mut children: Vec<ChildKeys> = Vec::new();
        for log in keys["ike"].as_array().unwrap() {
            let cookie = field(log, "cookie_i");
            let mut endpoint: Option<(AsEndpoint, &[u8])> = None;
            for sent in &messages {
                let message = Message::parse(&sent.octets).unwrap();
                let header = message.header;
                if cookie.as_ref().is_some_and(|cookie| header.initiator_cookie[..] != cookie[..]) {
                    continue;
                }
                let Some((endpoint, initiator)) = &mut endpoint else {
                    let phase_1 = Phase1::begin(&header, message.body.payloads().unwrap()).unwrap();
                    let (protection, main) = (None, None);
                    let exchanges = HashMap::new();
                    let begun = AsEndpoint { phase_1, protection, main, exchanges, children: Vec::new() };
                    endpoint = Some((begun, &sent.source));
                    continue;
                };
                if header.initiator_cookie != endpoint.phase_1.cookies().initiator {
                    continue;
                }
                let role = if sent.source == *initiator { Role::Initiator } else { Role::Responder };
                match message.body.payloads() {
                    Some(payloads) => {
                        if header.exchange_type != endpoint.phase_1.exchange_type() {
                            continue;
                        }
                        if endpoint.phase_1.cookies().responder == [0; 8] {
                            endpoint.phase_1 = endpoint.phase_1.answer(header.responder_cookie);
                        }
                        endpoint.phase_1.extend(role, payloads).unwrap();
                        count(&mut counts, "in the clear");
                    }
                    None => {
                        if endpoint.protection.is_none() {
                            endpoint.derive(log);
                        }
                        if let Some(hash) = endpoint.open(&name, role, &sent.octets, &mut counts) {
                            count(&mut counts, hash);
                        }
                    }
                }
            }
            children.extend(endpoint.unwrap().0.children);
        }
        for row in keys["tshark_esp_sa"].as_array().unwrap() {
            let row: Vec<&str> =
                row.as_str().unwrap().split(',').map(|cell| cell.trim_matches('"')).collect();
            let spi = u32::from_str_radix(row[3].trim_start_matches("0x"), 16).unwrap();
            let Some((_, encryption, authentication)) = children.iter().find(|(own, ..)| *own == spi) else {
                count(&mut counts, "child not computed");
                continue;
            };
            let [expected, authentication_key] =
                [row[5], row[7]].map(|digits| hex(digits.trim_start_matches("0x")));
            assert_eq!((encryption, authentication), (&expected, &authentication_key), "{name} {spi:#x}");
            count(&mut counts, "child");
        }
    }
    // The numbers are those of `every_value_of_every_key_log`, which come from tshark. Of 73 messages of main mode and
    // 8 of aggressive mode, two are signed.
    let expected = [
        ("HASH(1)", 44),
        ("HASH(2)", 43),
        ("HASH(3)", 40),
        ("informational", 126),
        ("transaction", 46),
        ("signed", 2),
        ("refused", 3),
        ("child", 84),
        ("child not computed", 2),
    ];
    for (kind, expected) in expected {
        assert_eq!(counts.get(kind), Some(&expected), "{kind} in {counts:?}");
    }
    assert_eq!(counts["HASH_I"] + counts["HASH_R"], 73 + 8 - 2, "{counts:?}");
    assert_eq!(counts["sealed as it was"] + counts["padded by a block less"], 383 - 3 - 2, "{counts:?}");
    assert_eq!(counts.get("sealed otherwise"), None, "{counts:?}");
}
