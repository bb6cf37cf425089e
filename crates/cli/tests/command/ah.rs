//! The option `--ah-sa`, on the captures that `cargo xtask testdata` makes.

use std::path::{Path, PathBuf};

use crate::arguments;
use crate::run::run;

/// The key of every SA in the captures is this text, repeated.
const KEY: &str = "vpnwire-test-ah-";

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/ah").join(name)
}

fn key(algorithm: &str, len: usize) -> String {
    let digits: String = KEY.bytes().cycle().take(len).map(|octet| format!("{octet:02x}")).collect();
    format!("{algorithm}:0x{digits}")
}

/// The options for the keys of all SAs.
fn keys() -> Vec<String> {
    [("ah-md5-hmac", 16), ("ah-sha-hmac", 20), ("ah-sha256-hmac", 32), ("ah-aes-128-gmac", 20)]
        .into_iter()
        .flat_map(|(algorithm, len)| ["--ah-sa".to_owned(), key(algorithm, len)])
        .collect()
}

/// The option for the inner SA of the bundle, which is 3DES without an ICV.
const ESP: [&str; 2] = ["--esp-sa", "3des-cbc:0x0102030405060708090a0b0c0d0e0f101112131415161718"];

fn dissect(file: &str, more: &[String]) -> String {
    dissect_as("--json", file, more)
}

fn dissect_as(form: &str, file: &str, more: &[String]) -> String {
    let mut arguments = arguments!["dissect", form, testdata(file)].to_vec();
    arguments.extend(more.iter().map(Into::into));
    run(&arguments).well()
}

fn count(text: &str, pattern: &str) -> usize {
    text.matches(pattern).count()
}

/// Twenty-three packets have one AH header, one of them in fragments, and one packet has two. The ICV of the inner
/// header covers the packet as it was before the outer header was inserted.
#[test]
fn every_packet_is_verified() {
    let output = dissect("protected.pcap", &keys());
    assert_eq!(count(&output, "\"ah.icv_good\":[true]"), 23, "{output}");
    assert_eq!(count(&output, "\"ah.icv_good\":[true,true]"), 1, "{output}");
    assert_eq!(count(&output, "\"ah.icv_bad\":[true]"), 0, "{output}");
    // The four packets of GMAC have an IV. In IPv6 the ICV of GMAC and of SHA-256 is padded.
    assert_eq!(count(&output, "\"ah.iv\":"), 4, "{output}");
    assert_eq!(count(&output, "\"ah.icv_padding\":"), 2, "{output}");
    let without = dissect("protected.pcap", &[]);
    assert_eq!((count(&without, "ah.icv_good"), count(&without, "\"ah.icv\":")), (0, 24), "{without}");
    assert!(!output.contains(KEY) && !output.contains("76706e77697265"), "no key is shown");
}

/// ESP that AH authenticates is decrypted, and is not marked as unverified.
#[test]
fn bundles_are_decrypted() {
    let mut more = keys();
    more.extend(ESP.map(str::to_owned));
    let output = dissect("protected.pcap", &more);
    assert_eq!(count(&output, "\"esp.contained_data\":"), 2, "{output}");
    assert!(!output.contains("not verified"), "{output}");
    // Without the key of AH the packets are marked as unverified.
    let output = dissect("protected.pcap", &ESP.map(str::to_owned));
    assert_eq!(count(&output, "not verified"), 2, "{output}");
}

#[test]
fn roundtrips_make_every_icv_anew() {
    let mut arguments = arguments!["roundtrip", testdata("protected.pcap")].to_vec();
    arguments.extend(keys().iter().map(Into::into));
    let output = run(&arguments).well();
    // Of the 25 headers, the ICV of two is copied: the header inside another, and the one that was reassembled.
    let line = output.lines().find(|line| line.starts_with("ah: ")).unwrap();
    assert!(line.starts_with("ah: seen 25, identical 25, corrected 0, different 0, undecodable 0"), "{line}");
    assert!(line.ends_with("octets_copied 24"), "{line}");
}

#[test]
fn what_departs_is_told() {
    let output = dissect_as("--tree", "departures.pcap", &keys());
    for (text, times) in [
        ("the reserved word is 0xbeef", 1),
        ("the ICV covers the TTL", 1),
        ("the ICV is padded to 64 bits in IPv4", 1),
        ("no multiple of 8", 1),
        ("SPI 0x000000ff is reserved", 1),
        ("sequence number 2 was accepted before", 1),
        ("sequence numbers are missing before 2000 (count: 1997)", 1),
        ("sequence number 3 is too old", 1),
        ("the payload length field of AH says 0 at offset 35", 1),
        ("needs 808 octets", 1),
    ] {
        assert_eq!(count(&output, text), times, "{text}: {output}");
    }
    assert!(output.contains("the ICV matches no key that was given for the SA (keys tried: 4)"), "{output}");
}

#[test]
fn keys_that_are_none_are_refused_and_not_repeated() {
    for text in ["1 ah-md5-hmac:5ec2e7", "1 md5:5ec2e7", "ah-md5-hmac:0x5ec2e"] {
        let refused = run(&arguments!["dissect", "--ah-sa", text, testdata("cut.pcap")]);
        assert_ne!(refused.status, 0);
        assert!(!refused.errors.contains("5ec2e"), "{}", refused.errors);
    }
}
