//! The dissector reads every ESP packet of the captures with known keys, and of the captures in `testdata`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::path::{Path, PathBuf};

use capture::Capture;
use capture::Frame;
use conformance::{capture_files, captures};
use dissect::sinks::Counts;
use dissect::sinks::Roundtrip;
use dissect::{Dissector, Fault, Options, Protocol, Reason, Sink, Span, Value};
use keys::Keys;
use vpnwire_conformance as conformance;

/// The results for the ESP packets of a capture.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdicts {
    seen: usize,
    good: usize,
    bad: usize,
    unverified: usize,
    decrypted: usize,
    gaps: usize,
    replays: usize,
}

impl Sink for Verdicts {
    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        self.seen += usize::from(protocol.filter == "esp");
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        match (name, value) {
            ("esp.icv_good", Value::Boolean(true)) => self.good += 1,
            ("esp.icv_bad", Value::Boolean(true)) => self.bad += 1,
            ("esp.icv_unverified", Value::Boolean(true)) => self.unverified += 1,
            ("esp.contained_data", _) => self.decrypted += 1,
            _ => {}
        }
    }

    fn fault(&mut self, fault: Fault) {
        match fault.reason {
            Reason::SequenceGap { .. } => self.gaps += 1,
            Reason::Replay(_) => self.replays += 1,
            _ => {}
        }
    }

    fn leave(&mut self) {}
}

/// Reads a capture into a sink with these keys, and returns the number of its frames.
fn read(path: &Path, keys: &Keys, sink: &mut impl Sink) -> usize {
    let mut options = Options::default();
    options.keys = keys.clone();
    let mut dissector = Dissector::new(options);
    let mut octets = std::fs::read(path).unwrap();
    if octets.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*octets), &mut plain).unwrap();
        octets = plain;
    }
    let mut capture = Capture::new(&*octets).unwrap();
    let mut count = 0;
    while let Some(Ok(frame)) = capture.next_frame() {
        let frame: Frame<'_> = frame;
        dissector.frame(frame, sink);
        count += 1;
    }
    count
}

fn verdicts(path: &Path, keys: &Keys) -> Verdicts {
    let mut verdicts = Verdicts::default();
    assert_ne!(read(path, keys, &mut verdicts), 0);
    verdicts
}

fn roundtrip(path: &Path, keys: &Keys) -> Counts {
    let mut sink = Roundtrip::new(false);
    read(path, keys, &mut sink);
    assert!(!sink.any_different(), "{}", path.display());
    sink.counts().iter().find(|(protocol, _)| *protocol == "esp").unwrap().1
}

fn key_file(path: &Path) -> Keys {
    let mut keys = Keys::default();
    keys.read(&std::fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    keys
}

fn rows(rows: &[&str]) -> Keys {
    let mut keys = Keys::default();
    keys.associations = rows.iter().map(|row| row.parse().unwrap()).collect();
    keys
}

/// The captures with a key file, and the number of ESP packets in which tshark 4.0.17 finds a good ICV with the keys
/// of that file (`-Y 'esp.icv_good==1'`), which are all packets.
const KEYED: &[(&str, usize)] = &[
    ("strongswan-raw-esp/aggr-3des-sha1-modp1024", 10),
    ("strongswan-raw-esp/mm-3des-md5-modp1024", 10),
    ("strongswan-raw-esp/mm-aes128-sha1-modp1024", 10),
    ("strongswan-raw-esp/mm-aes192-sha1-modp1024-null", 10),
    ("strongswan-raw-esp/mm-aes256-sha256-modp2048", 10),
    ("strongswan-raw-esp/mm-des-md5-modp768", 10),
    ("strongswan-raw-esp/mm-dpd", 10),
    ("strongswan-raw-esp/mm-rekey", 30),
    ("strongswan-raw-esp/xauth-modecfg-main", 10),
    ("strongswan/aggr-3des-sha1-modp1024", 10),
    ("strongswan/aggr-des-md5-modp768-fqdn", 10),
    ("strongswan/mm-3des-md5-modp1024", 10),
    ("strongswan/mm-3des-sha1-modp1024", 10),
    ("strongswan/mm-aes128-sha1-modp1024", 10),
    ("strongswan/mm-aes128-sha1-modp1536-pfs", 10),
    ("strongswan/mm-aes192-sha1-modp1024-null", 10),
    ("strongswan/mm-aes256-sha256-modp2048", 10),
    ("strongswan/mm-des-md5-modp768", 10),
    ("strongswan/mm-dpd-peerdead", 10),
    ("strongswan/mm-dpd", 10),
    ("strongswan/mm-lifetimes", 10),
    ("strongswan/mm-multiprop", 10),
    ("strongswan/mm-rekey", 30),
    ("strongswan/mm-rsa-frag", 10),
    ("strongswan/natt-real-nat", 10),
    ("strongswan/xauth-modecfg-aggr", 10),
    ("strongswan/xauth-modecfg-main", 10),
    ("vpnc-vs-strongswan/aggr-3des-md5-natt", 8),
    ("vpnc-vs-strongswan/aggr-3des-sha1-rawesp", 8),
    ("vpnc-vs-strongswan/aggr-aes128-sha1-natt", 8),
    ("vpnc-vs-strongswan/aggr-des-md5-natt", 8),
];

#[needs(captures)]
#[test]
fn every_packet_with_a_key_file_is_verified_decrypted_and_sealed_back() {
    let folder = captures();
    for (name, expected) in KEYED {
        let keys = key_file(&folder.join(format!("{name}.keys.json")));
        let path = folder.join(format!("{name}.pcap"));
        let expected_verdicts =
            Verdicts { seen: *expected, good: *expected, decrypted: *expected, ..Verdicts::default() };
        assert_eq!(verdicts(&path, &keys), expected_verdicts, "{name}");
        let counts = roundtrip(&path, &keys);
        let count = u64::try_from(*expected).unwrap();
        assert_eq!((counts.seen, counts.identical), (count, count), "{name}: {counts:?}");
        assert_eq!(counts.octets_copied, 0, "{name}");
        // Without keys no packet is verified.
        let counts = roundtrip(&path, &Keys::default());
        assert_eq!((counts.seen, counts.opaque), (count, count), "{name}: {counts:?}");
    }
    // This is the other side of the same NAT: the same packets and keys with other addresses.
    let keys = key_file(&folder.join("strongswan/natt-real-nat.keys.json"));
    let outer = verdicts(&folder.join("strongswan/natt-real-nat__outer-inside-nat.pcap"), &keys);
    assert_eq!((outer.seen, outer.good), (10, 10));
}

/// All key files can be read, and each has two SAs of ESP or AH for each child.
#[needs(captures)]
#[test]
fn every_key_file_is_read() {
    let folder = captures();
    let mut count = 0;
    for path in capture_files(&folder) {
        let path = path.with_extension("keys.json");
        let Ok(text) = std::fs::read(&path) else { continue };
        let file: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let of = |proto: &str| {
            let children = file["child"].as_array().into_iter().flatten();
            children.filter(|child| child["proto"] == proto).count()
        };
        // There is no table for AH, so each SPI has the keys of both sides.
        assert_eq!(key_file(&path).associations.len(), 2 * of("ESP") + 4 * of("AH"), "{}", path.display());
        count += 1;
    }
    // The index says that each capture of these laboratories has a key file beside it.
    assert_eq!(count, 46);
}

/// With the keys of the index, 6 of 6 ICVs are good.
#[needs(captures)]
#[test]
fn a_capture_with_rows_of_wireshark() {
    let folder = captures();
    let sa = |spi: &str, key: &str, mac_key: &str| {
        format!("IPv4,*,*,{spi},AES-CBC [RFC3602],0x{key},HMAC-SHA-1-96 [RFC2404],0x{mac_key}")
    };
    let keys = rows(&[
        &sa("0x070883c2", "5de1a4c2c72662c9fda7a7c78cd25623", "51c9213c18232f8f26c70c4dee6e0e6d56e31e8a"),
        &sa("0xc254fe64", "88e1dad7140af03b8d4f3d734d21be4b", "3e00d517c1220d4b7d2950fcc02edd4b6023d278"),
    ]);
    let path = folder.join("wireshark/esp-bug-12671.pcapng.gz");
    let expected = Verdicts { seen: 6, good: 6, decrypted: 6, ..Verdicts::default() };
    assert_eq!(verdicts(&path, &keys), expected);
    assert_eq!(roundtrip(&path, &keys).identical, 6);
}

/// With the keys of the index (A for SPI 256, B for 257, and one for AES-GCM) all ICVs verify: two packets each
/// (tshark -Y esp).
#[needs(captures)]
#[test]
fn captures_of_linux() {
    let folder = captures();
    let sa = |spi: u32, key: &str| {
        format!("IPv4,*,*,{spi},AES-GCM with 16 octet ICV [RFC4106],0x{},NULL,", key.repeat(4))
    };
    let keys = rows(&[&sa(256, "0123456789"), &sa(257, "9876543210")]);
    for name in ["esp-tunnel-policy__ping__veth2", "esp-transport__ping__veth2"] {
        let path = folder.join("linux-kernel").join(format!("{name}.pcap"));
        let expected = Verdicts { seen: 2, good: 2, decrypted: 2, ..Verdicts::default() };
        assert_eq!(verdicts(&path, &keys), expected, "{name}");
        assert_eq!(roundtrip(&path, &keys).identical, 2, "{name}");
    }
}

/// tcpdump's own captures and secrets: the packets are decrypted, and cannot be verified. In the second capture each
/// of the eight packets holds another (tshark -Y esp finds eight frames, and with the first key an ESP header in
/// each).
#[needs(captures)]
#[test]
fn captures_of_tcpdump_are_decrypted_and_not_verified() {
    let folder = captures();
    let folder = folder.join("tcpdump");
    let mut secrets = key_file(&folder.join("esp-secrets.txt"));
    // This is the key of the first capture, which the file does not have, for the same SPI and address.
    let first = "0x12345678@192.1.2.45 3des-cbc-hmac96:0x4043434545464649494a4a4c4c4f4f515152525454575758";
    secrets.associations.push(first.parse().unwrap());
    for (name, expected) in
        [("02-sunrise-sunset-esp", 8), ("08-sunrise-sunset-esp2", 16), ("08-sunrise-sunset-aes", 8)]
    {
        let path = folder.join(format!("{name}.pcap"));
        let verdicts = verdicts(&path, &secrets);
        let unverified =
            Verdicts { seen: expected, unverified: expected, decrypted: expected, ..Verdicts::default() };
        assert_eq!(verdicts, unverified, "{name}");
        let counts = roundtrip(&path, &secrets);
        let count = u64::try_from(expected).unwrap();
        assert_eq!((counts.seen, counts.identical), (count, count), "{name}: {counts:?}");
        assert_eq!(counts.octets_copied, 12 * count, "the ICV has no key: {name}");
    }
}

/// Without keys every ESP packet of the captures is ciphertext: 1086 packets (tshark -T fields -e esp.spi), of which
/// the one of esp_truncated is cut. Those inside AH are left out.
#[needs(captures)]
#[test]
fn without_keys_everything_is_opaque() {
    let folder = captures();
    let mut sink = Roundtrip::new(false);
    let name = |path: &Path| path.to_string_lossy().into_owned();
    let is_behind_ah = |path: &PathBuf| name(path).contains("ah-esp") || name(path).contains("ESP-AH");
    for path in capture_files(&folder).into_iter().filter(|path| !is_behind_ah(path)) {
        read(&path, &Keys::default(), &mut sink);
    }
    let counts = sink.counts().iter().find(|(protocol, _)| *protocol == "esp").unwrap().1;
    let expected = Counts { seen: 1085, opaque: 1085, truncated: 1, ..Counts::default() };
    assert_eq!(counts, expected);
}

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/esp").join(name)
}

/// As `testdata/README.md` says, the capture has 20 packets. Two of them are changed on the way, one is of an SA
/// without a key, and two are too short. What frame 14 skips went to another destination in frame 13.
#[test]
fn the_tunnel_of_testdata() {
    let keys = key_file(&testdata("tunnel.esp_sa"));
    let expected = Verdicts { seen: 20, good: 15, bad: 2, unverified: 0, decrypted: 15, gaps: 3, replays: 2 };
    assert_eq!(verdicts(&testdata("tunnel.pcap"), &keys), expected);
    let counts = roundtrip(&testdata("tunnel.pcap"), &keys);
    assert_eq!((counts.identical, counts.undecodable, counts.opaque), (15, 4, 1), "{counts:?}");
}

#[test]
fn transport_mode_every_suite_and_extended_numbers_of_testdata() {
    // The packets are in UDP, in IPv6, in fragments, and one inside another.
    let keys = key_file(&testdata("transport.esp_sa"));
    let expected = Verdicts { seen: 8, good: 8, decrypted: 8, ..Verdicts::default() };
    assert_eq!(verdicts(&testdata("transport.pcap"), &keys), expected);
    assert_eq!(roundtrip(&testdata("transport.pcap"), &keys).identical, 8);
    // These are nine ciphers with twelve MACs, nine forms of GCM and of CCM, three of GMAC, and ChaCha20-Poly1305.
    let keys = key_file(&testdata("suites.xfrm"));
    let expected = Verdicts { seen: 130, good: 130, decrypted: 130, ..Verdicts::default() };
    assert_eq!(verdicts(&testdata("suites.pcap"), &keys), expected);
    assert_eq!(roundtrip(&testdata("suites.pcap"), &keys).identical, 130);
    // The low half wraps. The third packet comes before the second.
    let keys = key_file(&testdata("extended.xfrm"));
    let expected = Verdicts { seen: 5, good: 5, decrypted: 5, gaps: 1, ..Verdicts::default() };
    assert_eq!(verdicts(&testdata("extended.pcap"), &keys), expected);
    assert_eq!(roundtrip(&testdata("extended.pcap"), &keys).identical, 5);
    // A high half that is greater by one is found from the first packet on, but not one that is far away.
    assert_eq!(roundtrip(&testdata("extended.pcap"), &with_hint(&keys, 0)).identical, 5);
    assert_eq!(roundtrip(&testdata("extended.pcap"), &with_hint(&keys, 7)).undecodable, 5);
}

/// The keys of the file, with this high half.
fn with_hint(keys: &Keys, high: u32) -> Keys {
    let mut keys = keys.clone();
    keys.associations.iter_mut().for_each(|association| association.sequence_high = high);
    keys
}
