//! The captures can be opened, and those that `testdata/captures.txt` lists are there.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use std::path::Path;

use conformance::{capture_files, captures, datagrams, frames};
use needs::needs;
use vpnwire_conformance as conformance;

/// A missing capture fails this test, because the tests that use all captures of the folder would pass without it.
#[needs(captures)]
#[test]
fn every_listed_capture_is_there() {
    let folder = captures();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/captures.txt");
    let list = std::fs::read_to_string(list).unwrap();
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let listed: Vec<&str> = lines.map(|line| line.split(' ').nth(1).unwrap()).collect();
    let missing: Vec<_> = listed.iter().filter(|path| !folder.join(path).is_file()).collect();
    assert!(missing.is_empty(), "of testdata/captures.txt there are missing: {missing:?}");
    // `find -type f ! -name INDEX.md` over the folder counts 194
    assert!(listed.len() >= 194, "{} captures are listed", listed.len());
}

#[needs(captures)]
#[test]
fn every_capture_opens() {
    let folder = captures();
    let files = capture_files(&folder);
    // `find -name "*.pcap" -o -name "*.cap" -o -name "*.pcapng*"` over the folder counts 143
    assert!(files.len() >= 143, "{} captures: some are missing", files.len());
    let mut frame_count = 0;
    for file in &files {
        frame_count += frames(file).len();
    }
    assert!(frame_count > 5000, "{frame_count} frames");
}

#[needs(captures)]
#[test]
fn datagrams_of_a_known_capture() {
    let folder = captures();
    // tshark -r HSRP_coup.pcap -Y udp: 51 frames, from and to port 1985 all
    let datagrams = datagrams(&folder.join("tcpdump/HSRP_coup.pcap"));
    assert_eq!(datagrams.len(), 51);
    assert!(datagrams.iter().all(|d| d.protocol == 17 && d.ports == (1985, 1985) && d.hop_limit == 1));
}
