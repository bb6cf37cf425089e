//! The keys of real negotiations, computed again: every value of every key log, every encrypted message, every HASH.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use conformance::{Datagram, captures, datagrams, hex};
use ikev1::keymat::QuickMode;
use ikev1::proposal::isakmp::Offer;
use ikev1::transcript::{IvChain, Phase1, QuickMode as QuickModeTranscript};
use ikev1::{
    AggressiveMode, Authentication, AuthenticationKind, Cookies, Covered, EncryptionKey, HashError, Iv,
    MessageHash, Nonces, OpenError, Protection, Secret, Skeyid, SkeyidFamily,
};
use isakmp::doi::ipsec::AttributeType;
use isakmp::doi::oakley::AuthenticationMethod;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};
use isakmp::reassembly::{Progress, Reassembly};
use isakmp::{
    Body, ExchangeType, Message, NegotiationContext, Payload, PayloadBody, PayloadFraming, PayloadType,
    Payloads, Role,
};
use serde_json::Value;
use vpnwire_conformance as conformance;

/// The key log beside a capture, and the capture.
fn scenarios(folder: &Path) -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for path in conformance::capture_files(folder) {
        let keys = path.with_extension("keys.json");
        if let Ok(octets) = std::fs::read(keys) {
            found.push((path, serde_json::from_slice(&octets).unwrap()));
        }
    }
    found
}

fn field(value: &Value, name: &str) -> Option<Vec<u8>> {
    value[name].as_str().map(hex)
}

/// One message, put together from its fragments, and who sent it.
struct Sent {
    octets: Vec<u8>,
    source: Vec<u8>,
}

/// The ISAKMP message in a datagram: on port 500, or after the marker on port 4500.
fn isakmp_octets(datagram: &Datagram) -> Option<&[u8]> {
    let on = |port| datagram.protocol == 17 && (datagram.ports.0 == port || datagram.ports.1 == port);
    if on(500) {
        Some(&datagram.payload)
    } else if on(4500) {
        datagram.payload.strip_prefix(&[0; 4])
    } else {
        None
    }
}

/// All messages of a capture, each once: a peer that sends one again sends the same octets.
fn messages(path: &Path) -> Vec<Sent> {
    let mut fragments: HashMap<(Vec<u8>, u16), (Reassembly, Vec<u8>)> = HashMap::new();
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    for datagram in datagrams(path) {
        let Some(octets) = isakmp_octets(&datagram) else { continue };
        let Ok(message) = Message::parse(octets) else { continue };
        let mut octets = octets.to_vec();
        if let Some(Payload { body: PayloadBody::Fragment(fragment), .. }) = message.payloads().next() {
            let key = (datagram.source.clone(), fragment.identifier);
            let (state, buffer) =
                fragments.entry(key).or_insert_with(|| (Reassembly::new(), vec![0; 65_535]));
            let (next, progress) = state.accept(&fragment, buffer).unwrap();
            *state = next;
            match progress {
                Progress::Complete { len } => octets = buffer[..len].to_vec(),
                Progress::Incomplete => continue,
            }
        }
        if seen.insert((datagram.source.clone(), octets.clone())) {
            all.push(Sent { octets, source: datagram.source });
        }
    }
    all
}

/// What the messages in the clear of one negotiation say.
#[derive(Default)]
struct Clear {
    initiator: Vec<u8>,
    cookies: Cookies,
    sa_i: Vec<u8>,
    offer: Offer,
    /// Of the initiator and of the responder: key exchange, nonce, identification, hash.
    bodies: HashMap<(bool, PayloadType), Vec<u8>>,
}

impl Clear {
    /// The negotiation of `cookie`, or of the first cookie there is.
    fn of(messages: &[Sent], cookie: Option<[u8; 8]>) -> Option<Self> {
        let mut clear = Self::default();
        for sent in messages {
            let message = Message::parse(&sent.octets).ok()?;
            let header = message.header;
            let wanted = cookie.unwrap_or(clear.cookies.initiator);
            if clear.initiator.is_empty() && cookie.is_none() || header.initiator_cookie == wanted {
                if clear.initiator.is_empty() {
                    clear.initiator.clone_from(&sent.source);
                    clear.cookies.initiator = header.initiator_cookie;
                }
                if header.responder_cookie != [0; 8] {
                    clear.cookies.responder = header.responder_cookie;
                }
                let by_initiator = sent.source == clear.initiator;
                for (element, payload) in message.elements().zip(message.payloads()) {
                    match payload.body {
                        PayloadBody::SecurityAssociation(_) if by_initiator => {
                            clear.sa_i = element.value.to_vec();
                        }
                        PayloadBody::SecurityAssociation(association) => {
                            let proposal = association.proposals.iter().next()?.decoded().ok()?;
                            let transform = proposal.transforms.iter().next()?.decoded().ok()?;
                            clear.offer = Offer::from_transform(&transform);
                        }
                        _ => {}
                    }
                    let key = (by_initiator, element.header.payload_type);
                    clear.bodies.entry(key).or_insert_with(|| element.value.to_vec());
                }
            }
        }
        Some(clear)
    }

    fn body(&self, by_initiator: bool, payload_type: PayloadType) -> &[u8] {
        self.bodies.get(&(by_initiator, payload_type)).map(Vec::as_slice).unwrap_or_default()
    }

    fn nonces(&self) -> Nonces<'_> {
        Nonces {
            initiator: self.body(true, PayloadType::NONCE),
            responder: self.body(false, PayloadType::NONCE),
        }
    }

    fn authentication(&self) -> Authentication<'_> {
        Authentication {
            g_xi: self.body(true, PayloadType::KEY_EXCHANGE),
            g_xr: self.body(false, PayloadType::KEY_EXCHANGE),
            cookies: self.cookies,
            sa_i: &self.sa_i,
        }
    }
}

/// How many values were compared, by kind.
type Counts = BTreeMap<&'static str, usize>;

fn count(counts: &mut Counts, kind: &'static str) {
    *counts.entry(kind).or_default() += 1;
}

/// SKEYID as the negotiated method has it.
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

/// A decrypted message of one ISAKMP SA.
struct Opened {
    exchange_type: ExchangeType,
    message_id: u32,
    by_initiator: bool,
    next_payload: PayloadType,
    octets: Vec<u8>,
    ciphertext: Vec<u8>,
    iv: Iv,
}

impl Opened {
    fn payloads(&self) -> Result<Payloads<'_>, isakmp::LengthError> {
        Payloads::parse(&self.octets, 28, PayloadFraming::first(self.next_payload))
    }

    fn body(&self, payload_type: PayloadType) -> Option<&[u8]> {
        let payloads = self.payloads().ok()?;
        payloads
            .elements()
            .find(|element| element.header.payload_type == payload_type)
            .map(|found| found.value)
    }
}

/// Decrypts every message of the negotiation with its chain: one for phase 1, one per message id.
fn open_all(messages: &[Sent], clear: &Clear, key: &EncryptionKey, iv: Iv) -> Vec<Opened> {
    let hash = clear.offer.hash().unwrap();
    let (mut last_of_phase_1, mut chains) = (iv, HashMap::new());
    let mut opened = Vec::new();
    for sent in messages {
        let message = Message::parse(&sent.octets).unwrap();
        let header = message.header;
        let Body::Encrypted(encrypted) = message.body else { continue };
        if header.initiator_cookie != clear.cookies.initiator {
            continue;
        }
        let chain = match header.message_id {
            0 => &mut last_of_phase_1,
            id => chains.entry(id).or_insert_with(|| last_of_phase_1.exchange(hash, id)),
        };
        let iv = *chain;
        let mut octets = encrypted.octets.to_vec();
        *chain = key.decrypt(&iv, &mut octets).unwrap();
        opened.push(Opened {
            exchange_type: header.exchange_type,
            message_id: header.message_id,
            by_initiator: sent.source == clear.initiator,
            next_payload: encrypted.next_payload,
            octets,
            ciphertext: encrypted.octets.to_vec(),
            iv,
        });
    }
    opened
}

/// The keys of every child SA that one quick mode makes: by SPI, and what they are.
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
        // The transform is the responder's choice; the SPI each side's own.
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

/// Compares the values of one ISAKMP SA; returns the keys of its children.
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

    // HASH_I and HASH_R over what was on the wire, and over what the peer logged of it.
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
        // The identity is in the clear in aggressive mode, and encrypted in main mode.
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
        // And the payload that carried it, or the signature over it.
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
                // The responder of `aggr-badpsk` has another key than the initiator, whose log this is.
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

/// Every encrypted message of one SA: its payloads, its HASH, and that it encrypts to what it was.
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
        // Another message id, another key, a changed octet: not authentic.
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
        // Rows as Wireshark has them, which give each SPI its keys: `enc_i` and `spi_out` of a child do not go together where
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
        // Messages with the encryption flag and how many of each exchange, from `tshark -Y isakmp.flag_e==1`, repeated
        // ones once, the two that come in fragments too: 73 main mode, 8 aggressive, 127 quick, 46 transaction, 129
        // informational.
        ("encrypted", 383),
        // All but the responder's three notifications in `mm-badpsk`, which are under another key.
        ("decrypted", 380),
        ("makes no sense", 3),
        ("HASH informational", 126),
        ("HASH transaction", 46),
        // 127 messages of quick mode: three without an answer's answer, one without an answer.
        ("HASH(1)", 44),
        ("HASH(2)", 43),
        ("HASH(3)", 40),
        // What the key logs hold, counted with a JSON reader of another language.
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
        // 91 hashes, two of which are signed and not sent (`mm-rsa-frag`).
        ("phase 1 HASH verified", 88),
        ("phase 1 HASH refused", 1),
        ("phase 1 without HASH", 2),
        // 86 rows of SAs; the two of `…-pfs` need a secret that no log has. 12 have no encryption key: AH and NULL.
        ("authentication key", 84),
        ("encryption key", 72),
        ("child not computed", 2),
        ("quick mode with PFS", 1),
    ];
    assert_eq!(counts, Counts::from(expected));
}

/// The octets of the keys of an SA of ESP or AH under its SPI: encryption and authentication.
type ChildKeys = (u32, Vec<u8>, Vec<u8>);

/// One ISAKMP SA as an endpoint goes through it: whatever is sent is taken into the transcript, and each message is opened in
/// its turn, with the one vector and the one HASH that it can have.
struct AsEndpoint {
    phase_1: Phase1,
    protection: Option<Protection>,
    main: Option<IvChain>,
    exchanges: HashMap<u32, (IvChain, QuickModeTranscript, usize)>,
    children: Vec<ChildKeys>,
}

impl AsEndpoint {
    /// What protects the messages, once enough was said.
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

    /// Opens an encrypted message, and takes it in. Tells the name of its HASH.
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
                // Signatures stand in place of the HASH: the message is not taken for one that has it.
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
                    // The notifications of a responder that has another key.
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

/// Whatever was opened seals to the octets that it was.
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
    // Some peers pad a message that needs no padding with one more block: RFC 2409 appendix B asks for none, and ours has none.
    let more = octets.len().saturating_sub(sealed.len());
    let kind = match (sealed == octets, more, opened.padding.len()) {
        (true, ..) => "sealed as it was",
        (false, 8 | 16, padding) if padding == more => "padded by a block less",
        _ => "sealed otherwise",
    };
    count(counts, kind);
}

/// Every negotiation with a key log, as its endpoints go through it.
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
    // The numbers of `every_value_of_every_key_log`, which come from tshark. Of 73 messages of main mode and 8 of aggressive
    // mode two are signed.
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

/// ACVP's case for pre-shared keys, whose inputs and outputs stand in two files.
#[needs(captures)]
#[test]
fn acvp() {
    let folder = captures();
    let read = |name| -> Value {
        serde_json::from_slice(&std::fs::read(folder.join("vectors").join(name)).unwrap()).unwrap()
    };
    let outputs = read("test.acvp.ikev1_psk.json");
    let vectors = read("rfc_vectors.json");
    let mut cases = 0;
    for case in vectors["ikev1_kdf"]["cases"].as_array().unwrap() {
        let of = |name| field(case, name).unwrap();
        assert_eq!(case["hash"], "sha1");
        let cookies = Cookies {
            initiator: of("cky_i").try_into().unwrap(),
            responder: of("cky_r").try_into().unwrap(),
        };
        let (ni, nr) = (of("ni"), of("nr"));
        let nonces = Nonces { initiator: &ni, responder: &nr };
        let skeyid =
            Skeyid::pre_shared_key(crypto::HashAlgorithm::Sha1, Secret::new(&of("psk")), &nonces).unwrap();
        let family = SkeyidFamily::derive(skeyid, Secret::new(&of("g_xy")), &cookies).unwrap();
        for (name, output, key) in [
            ("skeyid", "sKeyId", &family.skeyid),
            ("skeyid_d", "sKeyIdD", &family.skeyid_d),
            ("skeyid_a", "sKeyIdA", &family.skeyid_a),
            ("skeyid_e", "sKeyIdE", &family.skeyid_e),
        ] {
            assert_eq!(key.secret().expose(), of(name));
            assert_eq!(key.secret().expose(), field(&outputs, output).unwrap());
        }
        cases += 1;
    }
    assert_eq!(cases, 1);
}

/// Real IOS in aggressive mode: the pre-shared key is found from what was said in the clear, and no other one is taken for it.
#[needs(captures)]
#[test]
fn an_ios_router_gives_its_pre_shared_key_away() {
    let folder = captures();
    let path = folder.join("zeek-spicy-ipsec/traces__ipsec-ikev1-isakmp-aggressive-mode.pcap");
    let messages = messages(&path);
    let clear = Clear::of(&messages, None).unwrap();
    let exchange = AggressiveMode {
        hash_algorithm: clear.offer.hash().unwrap(),
        nonces: clear.nonces(),
        authentication: clear.authentication(),
        id_ir: clear.body(false, PayloadType::IDENTIFICATION),
        hash_r: clear.body(false, PayloadType::HASH),
    };
    // The index of the captures.
    assert_eq!(
        exchange.hash_r_of(Secret::new(b"MYPASSWORD")).unwrap().expose(),
        hex("8585d037d9b48b7cd17e235549e023f137c7ce26")
    );
    assert_eq!(exchange.id_ir, hex("01000000c0a80c02"));
    let words = "cisco cisco123 password MYPASSWOR MYPASSWORD MYPASSWORD1 mypassword secret \0 PASSWORDMY";
    let found: Vec<&str> =
        words.split(' ').filter(|word| exchange.is_pre_shared_key(Secret::new(word.as_bytes()))).collect();
    assert_eq!(found, ["MYPASSWORD"]);
    assert!(!exchange.is_pre_shared_key(Secret::EMPTY));
}

/// Main mode with XAUTH, mode-config and quick mode: the encryption key alone is known, as Wireshark's own test has it.
#[needs(captures)]
#[test]
fn wireshark_s_own_capture_decrypts_with_its_key() {
    let folder = captures();
    let messages = messages(&folder.join("wireshark/ikev1-bug-12610.pcapng.gz"));
    let clear = Clear::of(&messages, Some(0xab3e_0f1f_8bc3_be8eu64.to_be_bytes())).unwrap();
    let key = hex("928392441e00ece5e8af3bc545416e86afa1291e7c013271514738b70ef25d22");
    let (hash, cipher) = (clear.offer.hash().unwrap(), clear.offer.cipher().unwrap());
    assert_eq!((hash, cipher), (crypto::HashAlgorithm::Sha256, ikev1::Cipher::Aes256));
    let key = EncryptionKey::from_octets(cipher, Secret::new(&key)).unwrap();
    let authentication = clear.authentication();
    let iv = Iv::phase_1(hash, cipher, authentication.g_xi, authentication.g_xr);
    let opened = open_all(&messages, &clear, &key, iv);
    // tshark 4.0.17 with the same key, `-T fields -e isakmp.typepayload`, frames 5 to 16; proposals and transforms, which
    // stand inside the first payload of their kind, left out.
    let expected: [&[u8]; 12] = [
        &[5, 8],
        &[5, 8],
        &[8, 14],
        &[8, 11],
        &[8, 14],
        &[8, 14],
        &[8, 14],
        &[8, 14],
        &[8, 14],
        &[8, 1, 10, 5, 5],
        &[8, 1, 10, 5, 5],
        &[8],
    ];
    let mut not_zero = 0;
    let types: Vec<Vec<u8>> = opened
        .iter()
        .map(|one| {
            let payloads = one.payloads().unwrap();
            let rest = payloads.chain().unwrap().rest();
            not_zero += usize::from(rest.len() == 32 && rest.iter().all(|octet| *octet != 0));
            payloads.elements().map(|element| element.header.payload_type.0).collect()
        })
        .collect();
    assert_eq!(types, expected);
    assert!(not_zero > 0, "octets after the last payload are not always zeros");
}
