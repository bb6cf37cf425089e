//! The dissector reads every ISAKMP message of the captures, and of those in `testdata`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::path::{Path, PathBuf};

use capture::Capture;
use conformance::{capture_files, captures};
use dissect::sinks::Counts;
use dissect::sinks::{Line, Output, Roundtrip};
use dissect::{Dissector, Options};
use vpnwire_conformance as conformance;

fn read(path: &Path, sink: &mut impl Output) {
    let mut dissector = Dissector::new(Options::default());
    let mut capture = Capture::new(std::fs::File::open(path).unwrap()).unwrap();
    while let Some(Ok(frame)) = capture.next_frame() {
        dissector.frame(frame, sink);
    }
}

fn counts(files: impl IntoIterator<Item = PathBuf>) -> Counts {
    let mut sink = Roundtrip::new(false);
    for path in files {
        read(&path, &mut sink);
    }
    sink.counts().iter().find(|(protocol, _)| *protocol == "isakmp").unwrap().1
}

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/isakmp").join(name)
}

fn lines(path: &Path) -> Vec<String> {
    let mut sink = Line::new(false);
    read(path, &mut sink);
    let text = String::from_utf8(sink.output().clone()).unwrap();
    text.lines().map(|line| line.split_once(" ISAKMP ").map_or("", |(_, rest)| rest).to_owned()).collect()
}

/// tshark 4.0.17 (`-Y isakmp`) shows 237 messages of version 1 in clear, 453 encrypted ones, and two more encrypted
/// ones that are reassembled from the six fragments of mm-rsa-frag.pcap. It calls two messages, of version 11 and of
/// length 0, no ISAKMP or malformed. Three more are cut by the snap length.
#[needs(captures)]
#[test]
fn every_message_comes_back_or_is_ciphertext() {
    let folder = captures();
    let counts = counts(capture_files(&folder));
    assert_eq!(counts.different, 0);
    assert_eq!(counts.corrected, 0, "no capture holds a derived value that is wrong");
    assert_eq!(counts.opaque, 453 + 2);
    // These are isakmp-delete-segfault (version 11), isakmp-no-none-np and payload-bad-length (chains that end too
    // early), isakmp-pointer-loop and zero-length (a total length of 0).
    assert_eq!(counts.undecodable, 5);
    // These are ikev1_id_ipv6_addr_subnet-oobr, isakmp-various-oobr, isakmpv1-attr-oobr.
    assert_eq!(counts.truncated, 3);
    assert_eq!(counts.identical, 237 - 2 - 3);
    assert_eq!(counts.seen, counts.identical + counts.opaque + counts.undecodable);
    assert!(counts.octets_copied < 200, "{} octets of unknown payloads", counts.octets_copied);
}

#[test]
fn generated_messages_come_back() {
    let names = ["main-mode.pcap", "payloads.pcap", "fragments.pcap"];
    let counts = counts(names.map(testdata));
    assert_eq!((counts.different, counts.undecodable, counts.corrected), (0, 0, 0));
    // Main mode has four messages in clear and six of ciphertext. There are eleven messages with payloads, and five
    // fragments with the message that three of them make.
    assert_eq!((counts.identical, counts.opaque), (4 + 11 + 5 + 1, 6));
}

#[test]
fn a_wrong_number_of_transforms_is_corrected_and_broken_messages_are_not_decoded() {
    let counts = counts([testdata("broken.pcap")]);
    assert_eq!((counts.seen, counts.corrected, counts.different), (13, 1, 0));
    // These are two total lengths, the length of a payload, a payload of three octets, a version and a header.
    assert_eq!(counts.undecodable, 6);
}

#[test]
fn lines_say_what_one_who_runs_a_vpn_would() {
    let lines = lines(&testdata("main-mode.pcap"));
    for (index, text) in [
        (
            0,
            "Main Mode, SA, 4 transforms, VID: NAT-T RFC 3947, NAT-T draft 07, NAT-T draft 03, NAT-T draft 02",
        ),
        (2, "Main Mode, KE, NONCE, 2 NAT-D, VID: Unity, DPD, Cisco IOS, XAUTH"),
        (4, "Main Mode, encrypted"),
        (6, "Quick Mode, encrypted"),
        (11, "Informational, encrypted"),
    ] {
        assert_eq!(lines[index].split_once(' ').unwrap().1, text);
    }
    let lines = self::lines(&testdata("payloads.pcap"));
    assert!(
        lines[3].contains("Informational, NOTIFY R-U-THERE seq 5, NOTIFY R-U-THERE-ACK seq 5"),
        "{}",
        lines[3]
    );
    assert!(lines[4].contains("DELETE PROTO_IPSEC_ESP, 2 SPIs"), "{}", lines[4]);
}

/// tshark reads NAT-D of draft 07 as GDOI's SA KEK here, and calls the packets malformed.
#[needs(captures)]
#[test]
fn nat_d_of_draft_07_is_nat_d() {
    let folder = captures();
    let lines = lines(&folder.join("tcpdump/ISAKMP_sa_setup.pcap"));
    for line in &lines[2..4] {
        assert!(line.contains("KE, NONCE, 2 NAT-D") && !line.contains('['), "{line}");
    }
}

#[test]
fn debug_lines_stand_below_a_packets_line() {
    let mut sink = Line::new(false).with_debug_lines(true);
    read(&testdata("main-mode.pcap"), &mut sink);
    let text = String::from_utf8(sink.output().clone()).unwrap();
    for line in [
        "      ISAKMP: processing SA payload. message ID = 0\n      ISAKMP: Checking ISAKMP transform 1\n",
        "      ISAKMP: life duration (VPI) of 0x0 0x1 0x51 0x80\n",
        "      ISAKMP: vendor ID seems Unity/DPD but major 157 mismatch\n      ISAKMP: vendor ID is NAT-T v3\n",
        "      ISAKMP: speaking to another IOS box!\n",
    ] {
        assert!(text.contains(line), "{line}");
    }
    let packets = text.lines().filter(|line| !line.starts_with("      ISAKMP")).count();
    assert_eq!(packets, 13);
}
