//! Every GRE and NHRP packet of the captures goes through the dissector and back to octets.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use needs::needs;
use std::path::Path;

use capture::Capture;
use dissect::sinks::Counts;
use dissect::sinks::Roundtrip;
use dissect::{Dissector, Options};
use vpnwire_conformance::{capture_files, captures};

/// The numbers that tshark 4.0.17 finds in a capture: `frame.protocols` for GRE, the values of `cmd.type`, and the
/// values of `nhrp.hdr.op.type`, with those of packets in Error Indications.
struct Seen {
    file: &'static str,
    gre: u64,
    cmd: u64,
    nhrp: u64,
}

const fn seen(file: &'static str, gre: u64, cmd: u64, nhrp: u64) -> Seen {
    Seen { file, gre, cmd, nhrp }
}

const CAPTURES: [Seen; 26] = [
    seen("arkime/arkime_synthetic.pcap", 3, 0, 0),
    seen("arkime/gre-sample.pcap", 40, 0, 0),
    seen("cisco-ios/dmvpn-ipv6-over-ipv4-nhrp-registrations.pcap", 8, 0, 8),
    seen("cisco-ios/dmvpn-phase-3-traffic-indication.pcap", 4, 0, 4),
    seen("cisco-ios/dmvpn-qos-nhrp-registrations.pcap", 12, 0, 12),
    seen("cisco-ios/gre-tunnel-with-key.pcapng", 2, 0, 0),
    seen("frr-nhrpd/auth-mismatch-10.pcap", 10, 0, 19),
    seen("frr-nhrpd/key100-noauth.pcap", 2, 0, 2),
    seen("frr-nhrpd/phase3-auth-secret.pcap", 24, 0, 24),
    seen("frr-nhrpd/probe-replies.pcap", 16, 0, 18),
    seen("suricata-verify/bug-5633-gre-01__gre-udp.pcap", 3, 0, 0),
    seen("suricata-verify/bug-5633-gre-02__gre-sample.pcap", 40, 0, 0),
    seen("suricata-verify/decode-too-small__test.pcap", 2, 0, 0),
    seen("suricata-verify/security-8550__input.pcap", 1, 0, 0),
    seen("tcpdump/NHRP-responder-address.pcap", 2, 0, 2),
    seen("tcpdump/NHRP_registration.pcap", 4, 0, 4),
    seen("tcpdump/erspan-type-i-1.pcap", 2, 0, 0),
    seen("tcpdump/gre-heapoverflow-2.pcap", 1, 0, 0),
    seen("tcpdump/ios_nhrp.pcap", 1, 0, 1),
    seen("tcpdump/nhrp-trace.pcap", 4, 0, 4),
    seen("tcpdump/nhrp.pcapng", 25, 0, 25),
    seen("tcpdump/pb_nhrp_1.pcap", 0, 0, 1),
    seen("tcpdump/various_gre.pcap", 38, 20, 0),
    seen("zeek/testing__btest__Traces__tunnels__gre-erspan3-dot1q.pcap", 2, 0, 0),
    seen("zeek/testing__btest__Traces__tunnels__gre-sample.pcap", 40, 0, 0),
    seen("zeek/testing__btest__Traces__tunnels__gre-within-gre.pcap", 1256, 0, 0),
];

fn roundtrip(path: &Path) -> [Counts; 3] {
    let mut sink = Roundtrip::new(false);
    let mut dissector = Dissector::new(Options::default());
    let mut capture = Capture::new(std::fs::File::open(path).unwrap()).unwrap();
    // A capture that ends in the middle of a packet counts up to there.
    while let Some(Ok(frame)) = capture.next_frame() {
        dissector.frame(frame, &mut sink);
    }
    ["gre", "cmd", "nhrp"].map(|name| sink.counts().iter().find(|(protocol, _)| *protocol == name).unwrap().1)
}

/// The messages of a capture that do not come back as they were: corrected, undecodable, truncated.
fn expected(file: &str) -> [[u64; 3]; 3] {
    let none = [0; 3];
    match file {
        // In tshark, nhrp.hdr.chksum.status is 0 in frame 15. Two Error Indications quote 40 octets of 81 and of 68.
        "frr-nhrpd/probe-replies.pcap" => [none, none, [1, 0, 2]],
        // Nine Error Indications quote 40 octets of 106 and of 80.
        "frr-nhrpd/auth-mismatch-10.pcap" => [none, none, [0, 0, 9]],
        // tshark calls it malformed.
        "tcpdump/pb_nhrp_1.pcap" => [none, none, [0, 1, 0]],
        // Two headers have two octets, and tshark calls them malformed.
        "suricata-verify/decode-too-small__test.pcap" => [[0, 2, 0], none, none],
        // The capture has 48 octets of a frame of 262,144. Its GRE has the routing bit.
        "tcpdump/gre-heapoverflow-2.pcap" => [[0, 0, 1], none, none],
        _ => [none; 3],
    }
}

#[needs(captures)]
#[test]
fn every_packet_of_gre_and_nhrp_comes_back_as_it_was() {
    let folder = captures();
    let mut total = [0u64; 3];
    let mut files = 0;
    for path in capture_files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        let counts = roundtrip(&path);
        let listed = CAPTURES.iter().find(|capture| capture.file == name);
        let seen = listed.map_or([0; 3], |capture| [capture.gre, capture.cmd, capture.nhrp]);
        files += usize::from(listed.is_some());
        for ((counts, seen), total) in counts.iter().zip(seen).zip(&mut total) {
            assert_eq!(counts.seen + counts.truncated, seen, "{name}: {counts:?}");
            assert_eq!((counts.different, counts.opaque), (0, 0), "{name}: {counts:?}");
            *total += counts.identical;
        }
        let odd = counts.map(|counts| [counts.corrected, counts.undecodable, counts.truncated]);
        assert_eq!(odd, expected(&name), "{name}");
    }
    assert_eq!(files, CAPTURES.len());
    // These are 1542 less two that are undecodable and one that is cut, and 124 less one, one and eleven.
    assert_eq!(total, [1539, 20, 111]);
    println!("{} GRE, {} Cisco MetaData and {} NHRP packets both ways", total[0], total[1], total[2]);
}
