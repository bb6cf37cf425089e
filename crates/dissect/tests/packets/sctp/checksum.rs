//! The checksum: right, wrong, unknown, corrected.

use sctp::chunk::Body;
use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::sinks::Roundtrip;

use super::{PPID, WHOLE, data, dissector, one, packet};
use crate::built::{self, HELLO, ipv4};
use crate::recorder::Recorder;

#[test]
fn checksums_are_told_apart() {
    let right = packet(1, &[data(1, 0, WHOLE, b"hello")]);
    let with = |sum: [u8; 4]| [&right[..8], &sum, &right[12..]].concat();
    // This is RFC 1950 section 8.2, over the packet with zeros in the field.
    let (mut a, mut b) = (1u32, 0u32);
    for octet in with([0; 4]) {
        a = (a + u32::from(octet)) % 65_521;
        b = (b + a) % 65_521;
    }
    for (octets, status, departures, faults) in [
        (right.clone(), "Good (1)", 0, 0),
        (with((b << 16 | a).to_be_bytes()), "Bad (0)", 1, 0),
        (with([0; 4]), "Not present (3)", 1, 0),
        (with([1, 2, 3, 4]), "Bad (0)", 1, 1),
    ] {
        let recorder = one(&octets);
        assert_eq!(recorder.value("sctp.checksum.status"), status);
        assert_eq!((recorder.departures.len(), recorder.faults().len()), (departures, faults), "{status}");
    }
    let adler = one(&with((b << 16 | a).to_be_bytes()));
    assert_eq!(adler.value("sctp.checksum.algorithm"), "Adler-32 (RFC 2960)");
    assert!(adler.summary.ends_with("DATA 1 (Adler-32)"), "{}", adler.summary);
    let wrong = one(&with([1, 2, 3, 4]));
    let sum = u32::from_str_radix(wrong.value("sctp.checksum_calculated").trim_start_matches("0x"), 16);
    assert_eq!(sum.unwrap().to_be_bytes(), right[8..12], "the sum that would be right");
    assert!(
        wrong.fault().starts_with("sctp: the checksum is 0x01020304, but the CRC32c of the packet is "),
        "{}",
        wrong.fault()
    );
}

#[test]
fn a_capture_that_is_cut_says_nothing_of_the_sum() {
    let octets = ipv4(132, &packet(1, &[Body::CookieAck.into(), data(1, PPID, WHOLE, &HELLO)]));
    for cut in 20..octets.len() {
        let frame = Frame {
            number: 1,
            time: None,
            time_digits: 9,
            link: LinkType::RAW,
            len: octets.len(),
            octets: &octets[..cut],
        };
        let recorder = Recorder::next(&mut dissector(), frame);
        if cut >= 32 {
            assert_eq!(recorder.value("sctp.checksum.status"), "Unverified (2)");
        }
        assert_eq!(recorder.protocols(), "raw:ip:sctp", "an incomplete message is not dissected further");
        let chunk_types = recorder.values("sctp.chunk_type").len();
        assert_eq!(chunk_types, usize::from(cut > 32) + usize::from(cut > 36));
    }
}

#[test]
fn a_packet_comes_back_and_wrong_sums_are_corrected() {
    let right = packet(1, &[data(1, 0, WHOLE, b"hello"), Body::CookieAck.into()]);
    let mut wrong = right.clone();
    wrong[8] ^= 1;
    let mut padded = right.clone();
    let at = 12 + 16 + 5;
    padded[at] = 0xee;
    let mut sink = Roundtrip::new(true);
    for octets in [&right[..], &wrong, &padded, &right[..20], &right[..9]] {
        let octets = ipv4(132, octets);
        dissector().frame(built::frame(LinkType::RAW, &octets), &mut sink);
    }
    let counts = sink.counts().iter().find(|(protocol, _)| *protocol == "sctp").unwrap().1;
    assert_eq!((counts.seen, counts.identical, counts.corrected), (5, 1, 2));
    assert_eq!((counts.undecodable, counts.different), (2, 0));
    assert_eq!(counts.octets_copied, 3 * 5, "user data is not made from values");
}
