//! The captures can be opened, and the ones that the index lists are there.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use conformance::{capture_files, captures, datagrams, frames};
use vpnwire_conformance as conformance;

#[test]
fn every_listed_capture_opens() {
    let Some(folder) = captures() else { return };
    let files = capture_files(&folder);
    // `find -name "*.pcap" -o -name "*.cap" -o -name "*.pcapng*"` over the folder counts 143
    assert!(files.len() >= 143, "{} captures: some are missing", files.len());
    let mut frame_count = 0;
    for file in &files {
        frame_count += frames(file).len();
    }
    assert!(frame_count > 5000, "{frame_count} frames");
}

#[test]
fn datagrams_of_a_known_capture() {
    let Some(folder) = captures() else { return };
    // tshark -r HSRP_coup.pcap -Y udp: 51 frames, from and to port 1985 all
    let datagrams = datagrams(&folder.join("tcpdump/HSRP_coup.pcap"));
    assert_eq!(datagrams.len(), 51);
    assert!(datagrams.iter().all(|d| d.protocol == 17 && d.ports == (1985, 1985) && d.hop_limit == 1));
}
