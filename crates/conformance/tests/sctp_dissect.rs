//! The dissector reads every SCTP packet of the captures, and the captures of `testdata`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::path::{Path, PathBuf};

use capture::Capture;
use dissect::sinks::Counts;
use dissect::sinks::{Line, Output, Roundtrip};
use dissect::{Dissector, Options, Sink, Span, Value};
use dissect::{Fault, Protocol, SourceId};
use vpnwire_conformance::{capture_files, captures};

fn read(path: &Path, sink: &mut impl Sink) {
    let mut dissector = Dissector::new(Options::default());
    let mut capture = Capture::new(std::fs::File::open(path).unwrap()).unwrap();
    // A capture that ends in the middle of a packet counts up to there.
    while let Some(Ok(frame)) = capture.next_frame() {
        dissector.frame(frame, sink);
    }
}

fn counts(path: &Path) -> [Counts; 2] {
    let mut sink = Roundtrip::new(false);
    read(path, &mut sink);
    ["sctp", "ha"].map(|name| sink.counts().iter().find(|(protocol, _)| *protocol == name).unwrap().1)
}

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}

/// The numbers that tshark 4.0.17 finds in a capture (`-Y sctp`): packets, packets with a checksum that is not a
/// `CRC32c` (`-o sctp.checksum:CRC32C -Y sctp.checksum.status==0`), and octets of the user messages that it
/// reassembles (`Reassembled SCTP Fragments`).
struct Seen {
    file: &'static str,
    packets: u64,
    not_crc32c: u64,
    reassembled: &'static [usize],
}

const fn seen(file: &'static str, packets: u64) -> Seen {
    Seen { file, packets, not_crc32c: 0, reassembled: &[] }
}

const CAPTURES: [Seen; 15] = [
    Seen { not_crc32c: 2, ..seen("arkime/arkime_synthetic.pcap", 7) },
    seen("arkime/diameter_synthetic.pcap", 12),
    Seen { reassembled: &[120], ..seen("arkime/m3ua_synthetic.pcap", 90) },
    Seen { reassembled: &[7486, 12800, 16384, 2687], ..seen("arkime/sctp-www.pcap", 84) },
    seen("suricata-verify/decode-sctp-01__input.pcap", 1),
    seen("suricata-verify/sctp-keywords__input.pcap", 19),
    seen("suricata-verify/sctp-max-chunks__sctp-max-chunks.pcap", 1),
    seen("tcpdump/forces1.pcap", 20),
    seen("tcpdump/forces2.pcap", 75),
    seen("tcpdump/forces3.pcap", 154),
    Seen { not_crc32c: 6, ..seen("tcpdump/isup.pcap", 6) },
    seen("usrsctp/echo-raw132.pcap", 41),
    seen("usrsctp/echo-udpencap.pcap", 38),
    seen("usrsctp/tsctp-loss10.pcap", 108),
    seen("zeek/testing__btest__Traces__communityid__sctp.pcap", 74),
];

#[needs(captures)]
#[test]
fn every_packet_comes_back_as_it_was() {
    let folder = captures();
    let (mut files, mut total) = (0, 0);
    for path in capture_files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        let [sctp, ha] = counts(&path);
        let listed = CAPTURES.iter().find(|capture| capture.file == name);
        files += usize::from(listed.is_some());
        // One packet is cut inside its common header, and tshark calls it malformed.
        let undecodable = u64::from(name == "suricata-verify/sctp-pkt-too-small__input.pcap");
        let packets = listed.map_or(undecodable, |capture| capture.packets);
        let not_crc32c = listed.map_or(0, |capture| capture.not_crc32c);
        assert_eq!(sctp.seen, packets, "{name}: {sctp:?}");
        assert_eq!((sctp.corrected, sctp.undecodable), (not_crc32c, undecodable), "{name}: {sctp:?}");
        assert_eq!((sctp.different, sctp.opaque, sctp.truncated), (0, 0, 0), "{name}: {sctp:?}");
        assert_eq!(ha, Counts::default(), "{name}: nobody else speaks the profile");
        total += sctp.identical;
    }
    assert_eq!(files, CAPTURES.len());
    assert_eq!(total, CAPTURES.iter().map(|capture| capture.packets - capture.not_crc32c).sum::<u64>());
    println!("{total} SCTP packets both ways");
}

/// A sink that keeps the lengths of reassembled user messages.
#[derive(Default)]
struct Lengths(Vec<usize>);

impl Sink for Lengths {
    fn enter(&mut self, _: &'static Protocol, _: Span) {}

    fn field(&mut self, _: &'static str, _: Value<'_>, _: Span) {}

    fn fault(&mut self, _: Fault) {}

    fn leave(&mut self) {}

    fn source(&mut self, _: SourceId, name: &'static str, octets: &[u8]) {
        if name == "reassembled SCTP user message" {
            self.0.push(octets.len());
        }
    }
}

#[needs(captures)]
#[test]
fn user_messages_are_put_together_as_tshark_does() {
    let folder = captures();
    for capture in &CAPTURES {
        let mut lengths = Lengths::default();
        read(&folder.join(capture.file), &mut lengths);
        assert_eq!(lengths.0, capture.reassembled, "{}", capture.file);
    }
}

#[needs(captures)]
#[test]
fn small_cases_of_broken_packets_say_which_chunk_and_what_is_wrong() {
    let folder = captures();
    let cases = folder.parent().unwrap().join("cases");
    let lines = |name: &str| {
        let mut sink = Line::new(false);
        read(&cases.join(name), &mut sink);
        let text = String::from_utf8(sink.output().clone()).unwrap();
        // The line has the frame length, the ports, and the contents of the packet.
        let sctp = text.lines().map(|line| line.split_once(" SCTP ").unwrap().1.splitn(5, ' ').nth(4));
        sctp.map(|chunks| chunks.unwrap().to_owned()).collect::<Vec<_>>()
    };
    // The value is whole, and only its padding is missing.
    assert_eq!(lines("sctp-last-chunk-unpadded.pcap"), ["DATA 1"]);
    let short = lines("03-sctp-data-short-of-padding.pcap");
    assert!(short.iter().all(|line| line.starts_with("DATA")), "{short:?}");
    let length_of_zero = "broken DATA [sctp: chunk at offset 12 of the SCTP packet has length 0, but its header alone has 4 octets]";
    assert_eq!(lines("sctp-length-zero.pcap")[0], length_of_zero);
    assert_eq!(
        lines("sctp-four-zero-octets-after.pcap"),
        [format!("DATA 1, {}", length_of_zero.replace("12", "32"))]
    );
}

#[needs(captures)]
#[test]
fn adler_32_and_no_checksum_are_named_as_what_they_are() {
    let folder = captures();
    let lines = |name: &str, end: &str| {
        let mut sink = Line::new(false);
        read(&folder.join(name), &mut sink);
        let text = String::from_utf8(sink.output().clone()).unwrap();
        let sctp = text.lines().filter(|line| line.contains(" SCTP "));
        (sctp.clone().count(), sctp.filter(|line| line.ends_with(end)).count())
    };
    assert_eq!(lines("tcpdump/isup.pcap", " (Adler-32)"), (6, 6));
    assert_eq!(lines("arkime/arkime_synthetic.pcap", " (no checksum)"), (7, 2));
}

/// The numbers of packets and messages in tshark (`-Y sctp`; `sctp.data_payload_proto_id` of whole messages, and
/// `Reassembled SCTP Fragments`).
#[test]
fn generated_packets_and_messages_come_back() {
    for (name, packets, messages) in [
        ("sctp/association.pcap", 28, 0),
        ("sctp/interleaving.pcap", 5, 0),
        ("ha/active.pcap", 26, 30),
        ("ha/standby.pcap", 23, 26),
        ("ha/in-udp.pcap", 26, 30),
        ("ha/fragments.pcap", 11, 4),
    ] {
        let [sctp, ha] = counts(&testdata(name));
        assert_eq!((sctp.seen, sctp.identical), (packets, packets), "{name}: {sctp:?}");
        assert_eq!((ha.seen, ha.identical, ha.octets_copied), (messages, messages, 0), "{name}: {ha:?}");
    }
    let [sctp, _] = counts(&testdata("sctp/departures.pcap"));
    // These are three checksums, one padding and one count; three chunks with wrong lengths, and a header that is cut.
    assert_eq!((sctp.seen, sctp.corrected, sctp.undecodable, sctp.different), (22, 5, 4, 0), "{sctp:?}");
    let [sctp, ha] = counts(&testdata("ha/departures.pcap"));
    assert_eq!((sctp.seen, sctp.identical), (12, 12), "{sctp:?}");
    // These are a length beyond the end, one before it and one below the header; an attribute beyond the end; and a
    // header that is cut.
    assert_eq!((ha.seen, ha.identical, ha.undecodable, ha.different), (12, 7, 5, 0), "{ha:?}");
}

#[test]
fn the_text_of_debug_crypto_ha_stands_below_a_messages_line() {
    let mut sink = Line::new(false).with_debug_lines(true);
    read(&testdata("ha/fragments.pcap"), &mut sink);
    let text = String::from_utf8(sink.output().clone()).unwrap();
    let first: Vec<_> = text.lines().skip(1).take(5).collect();
    assert_eq!(
        first,
        [
            "      Sending IKE Add SA Message",
            "      HA Message 0:flags=0x01 len=133 HA_IKE_MSG_ADD_SA (2)",
            "       ID:04000003",
            "       attr HA_IKE_ATT_MY_COOKIE (2) len 8",
            "       9B 1A 76 AA 99 11 1A 1F",
        ]
    );
    assert_eq!(text.matches("HA Message 0:").count(), 4);
}

#[test]
fn keys_of_the_generated_messages_are_in_no_output() {
    for name in ["ha/active.pcap", "ha/in-udp.pcap", "ha/fragments.pcap"] {
        let octets = std::fs::read(testdata(name)).unwrap();
        assert!(octets.windows(12).any(|octets| octets == b"vpnwire-test"), "{name} holds keys");
        let mut tree = dissect::sinks::Tree::new(false, false);
        let mut json = dissect::sinks::Json::new();
        let mut line = Line::new(false).with_debug_lines(true);
        read(&testdata(name), &mut tree);
        read(&testdata(name), &mut json);
        read(&testdata(name), &mut line);
        for output in [tree.output(), json.output(), line.output()] {
            let text = String::from_utf8_lossy(output).to_lowercase();
            let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
            assert!(!plain.contains("76706e776972652d74657374") && !plain.contains("vpnwire-test"), "{name}");
        }
    }
}
