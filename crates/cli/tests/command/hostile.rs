//! Captures that were made to do harm: their cost is bounded, and they show no keys and no control characters.

use std::path::Path;

use needs::needs;

use crate::captures::{HELLO, file};
use crate::secrets::run_within;

/// A pcap of one frame, which may have any length.
fn one_frame(link: u32, octets: &[u8]) -> Vec<u8> {
    let len = u32::try_from(octets.len()).unwrap();
    let words = [0xa1b2_c3d4, 0x0002_0004, 0, 0, len, link, 1_600_000_000, 0, len, len];
    [&words.map(u32::to_be_bytes).concat()[..], octets].concat()
}

/// An IPv4 header with a length of 0, so that the length of the frame counts and more than 65,535 octets may follow.
fn ipv4(protocol: u8) -> Vec<u8> {
    vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
}

/// libpcap's number of the link type raw IP.
const RAW: u32 = 101;

/// One frame may hold millions of chunks that each depart from the RFC, or nested tunnels with wrong checksums. The
/// memory and the output for one frame are bounded.
#[cfg(target_os = "linux")]
#[test]
fn one_frame_costs_no_more_memory_than_its_octets_and_a_bound() {
    // The packet has empty chunks of an unknown type.
    let mut sctp = ipv4(132);
    sctp.extend([0x13, 0x88, 0x13, 0x88, 0, 0, 0, 1, 0, 0, 0, 0]);
    sctp.extend([0x3f, 0, 0, 4].repeat(1 << 20));
    let chunks = file("hostile-chunks.pcap", &one_frame(RAW, &sctp));
    // The packet has GRE in GRE, each with a wrong checksum.
    let mut gre = ipv4(47);
    for _ in 0..15 {
        gre.extend([0x80, 0, 8, 0, 1, 2, 0, 0]);
        gre.extend(ipv4(47));
    }
    gre.extend(vec![7; 1 << 22]);
    let tunnels = file("hostile-tunnels.pcap", &one_frame(RAW, &gre));
    for path in [chunks.to_str().unwrap(), tunnels.to_str().unwrap()] {
        for arguments in [
            &["dissect", "-V"][..],
            &["dissect", "--json"],
            &["dissect", "-x"],
            &["roundtrip", "-x"],
            &["dissect"],
        ] {
            let run = run_within(1 << 18, &[arguments, &[path]].concat());
            assert_eq!((run.status, run.errors.as_str()), (0, ""), "{arguments:?} {path}");
            assert!(run.output.len() < 200 << 20, "{arguments:?} {path}: {}", run.output.len());
        }
    }
    let told = run_within(1 << 18, &["dissect", "-V", chunks.to_str().unwrap()]).output;
    assert!(told.contains("[fault in frame: the output for one frame is limited to about"));
}

/// The name of a file comes from outside, as the contents of a frame do.
#[test]
fn no_output_holds_what_a_terminal_obeys() {
    let mut hostile = HELLO;
    // The authentication data hold a control sequence in either form, and a bell.
    hostile[50..58].copy_from_slice(b"\xc2\x9b2J\x1b[A\x07");
    let path = file("na\u{1b}[2Jme\u{202e}.pcap", &crate::captures::pcap(&[&hostile]));
    let path = path.to_str().unwrap();
    for arguments in [
        &["dissect", path, path][..],
        &["dissect", "-V", path, path],
        &["dissect", "--json", path, path],
        &["roundtrip", path],
        &["keys", path],
        &["dissect", "--keys", path, path],
        &["dissect", "na\u{1b}[2J\u{85}\u{7f}\u{2028}me"],
    ] {
        let run = run_within(1 << 22, arguments);
        for text in [run.output, run.errors] {
            let is_obeyed = |c: char| c != '\n' && (c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c));
            assert!(!text.chars().any(is_obeyed), "{arguments:?}: {text:?}");
        }
    }
}

/// The octets with which the keys of `testdata/ha` begin, as text and as digits.
const KEY: [&str; 2] = ["vpnwire-", "76706e776972652d"];

#[needs(captures)]
#[test]
fn inputs_that_got_through_once_show_no_key_and_no_control_character() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/hostile");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "pcap") {
            continue;
        }
        let path = path.to_str().unwrap();
        for arguments in [
            &["dissect"][..],
            &["dissect", "-V"],
            &["dissect", "--json"],
            &["dissect", "--ios"],
            &["roundtrip"],
        ] {
            let run = run_within(1 << 19, &[arguments, &[path]].concat());
            assert!(run.status < 2, "{path}: {}", run.errors);
            let shown = run.output.replace(path, "");
            assert!(KEY.iter().all(|key| !shown.contains(key)), "{arguments:?} {path}");
            assert!(!shown.chars().any(|c| c != '\n' && c.is_control()), "{arguments:?} {path}");
            count += 1;
        }
    }
    assert!(count >= 25, "{count}");
}
