//! Real negotiations go through the dissector with their key logs: every message is decrypted, every HASH is checked,
//! and the packets of the negotiated SAs are opened with the keys that the negotiation gave.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::collections::BTreeMap;
use std::path::Path;

use capture::{Frame, LinkType};
use conformance::{capture_files, captures, frames};
use dissect::sinks::Roundtrip;
use dissect::{Dissector, Fault, Options, Protocol, Reason, Sink, Span, Value};
use keys::Keys;
use serde_json::{Value as Json, json};
use vpnwire_conformance as conformance;

/// The numbers of things that were seen.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    encrypted: usize,
    right: usize,
    wrong: usize,
    not_decrypted: usize,
    esp: usize,
    icv_good: usize,
    others: BTreeMap<String, usize>,
}

impl Sink for Counts {
    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        self.esp += usize::from(protocol.filter == "esp");
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        match (name, value) {
            ("isakmp.enc.data", _) => self.encrypted += 1,
            ("isakmp.hash.verified", Value::Boolean(true)) => self.right += 1,
            ("isakmp.hash.verified", _) => self.wrong += 1,
            ("esp.icv_good", Value::Boolean(true)) => self.icv_good += 1,
            _ => {}
        }
    }

    fn fault(&mut self, fault: Fault) {
        match fault.reason {
            Reason::IsakmpKeys { .. } => self.not_decrypted += 1,
            // This is counted by its field.
            Reason::IsakmpHash { .. } => {}
            reason => *self.others.entry(reason.to_string()).or_default() += 1,
        }
    }

    fn leave(&mut self) {}
}

/// Dissects a capture with keys, and passes the result to a sink.
fn run(path: &Path, keys: &Json, sink: &mut impl Sink) {
    let mut options = Options::default();
    options.keys = Keys::default();
    options.keys.read(keys.to_string().as_bytes()).unwrap();
    let mut dissector = Dissector::new(options);
    for frame in frames(path) {
        let frame = Frame {
            number: frame.number as u64,
            time: None,
            time_digits: 0,
            link: LinkType(u32::from(frame.link)),
            len: frame.octets.len().max(frame.original_len),
            octets: &frame.octets,
        };
        dissector.frame(frame, sink);
    }
}

/// The captures that have a key log.
fn scenarios(folder: &Path) -> Vec<(String, std::path::PathBuf, Json)> {
    let with_keys = |path: std::path::PathBuf| {
        let keys = std::fs::read(path.with_extension("keys.json")).ok()?;
        let name = path.strip_prefix(folder).ok()?.display().to_string();
        Some((name, path, serde_json::from_slice(&keys).unwrap()))
    };
    capture_files(folder).into_iter().filter_map(with_keys).collect()
}

/// The part of a key log that a peer with the pre-shared key knows: the Diffie-Hellman secret, and no key that is
/// computed from it.
fn secrets_alone(keys: &Json) -> Json {
    let ike: Vec<Json> = keys["ike"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sa| {
            let kept = ["cookie_i", "cookie_r", "dh"].into_iter();
            Json::Object(
                kept.filter(|name| sa[name].is_string())
                    .map(|name| (name.into(), sa[name].clone()))
                    .collect(),
            )
        })
        .collect();
    json!({"ike": ike, "psk": "cisco123"})
}

#[needs(captures)]
#[test]
fn one_key_log_opens_everything() {
    let folder = captures();
    let (mut total, mut scenario_count) = (Counts::default(), 0);
    for (name, path, keys) in scenarios(&folder) {
        let mut whole = Counts::default();
        run(&path, &keys, &mut whole);
        // The keys of the child SAs come from the negotiation if they are not given, and so do all others.
        let mut secrets = Counts::default();
        run(&path, &secrets_alone(&keys), &mut secrets);
        if name.ends_with("-pfs.pcap") {
            // This is the one secret that no log has.
            assert_eq!((secrets.icv_good, secrets.right), (0, whole.right), "{name}");
        } else {
            assert_eq!(secrets, whole, "{name}");
        }
        assert_eq!(whole.icv_good, whole.esp, "{name}: {:?}", whole.others);
        total.encrypted += whole.encrypted;
        total.right += whole.right;
        total.wrong += whole.wrong;
        total.not_decrypted += whole.not_decrypted;
        total.esp += whole.esp;
        total.icv_good += whole.icv_good;
        scenario_count += 1;
    }
    // `tshark -Y isakmp.flag_e==1` shows 385 messages, of which two are reassembled and two repeated. There are 88
    // hashes of phase 1, 127 of quick mode, 126 of informational and 46 of transaction exchanges; two repeated
    // encrypted messages, and two repeated second messages of aggressive mode (`aggr-3des-natt`).
    assert_eq!(scenario_count, 46);
    assert_eq!((total.encrypted, total.right), (385, 88 + 127 + 126 + 46 + 2 + 2));
    // `aggr-badpsk` has a wrong HASH_R, `mm-badpsk` three messages under another key.
    assert_eq!((total.wrong, total.not_decrypted), (1, 3));
    assert_eq!((total.esp, total.icv_good), (ESP_FRAMES, ESP_FRAMES));
}

/// The number is that of `tshark -Y esp` over the captures with a key log.
const ESP_FRAMES: usize = 342;

#[needs(captures)]
#[test]
fn what_was_decrypted_encrypts_to_the_same_octets() {
    let folder = captures();
    let (mut identical, mut others) = (0, 0);
    for (_, path, keys) in scenarios(&folder) {
        let mut sink = Roundtrip::new(false);
        run(&path, &keys, &mut sink);
        let counts = sink.counts().iter().find(|(name, _)| *name == "isakmp").unwrap().1;
        identical += counts.identical;
        others += counts.seen - counts.identical;
    }
    // `tshark -Y isakmp` shows 561 messages, and two that are reassembled. All but three under another key come back.
    assert_eq!((identical, others), (561 + 2 - 3, 3));
}
