//! Frames that end too early, because the capture was cut or because a length is wrong.

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::sinks::Counts;
use vpnwire_dissect::sinks::{Json, Line, Output, Roundtrip, Tree};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, ethernet, hello_v2, ipv4, ipv6, sealed, tag, udp};
use crate::recorder::Recorder;

/// Frames, and the offset at which the message in each begins.
fn frames() -> Vec<(Vec<u8>, usize)> {
    let sealed = udp(1985, 1985, &sealed(5, "letmein"));
    let version_2 = [[17, 0, 1, 4, 0, 0, 0, 0].as_slice(), &udp(2029, 2029, &hello_v2())].concat();
    vec![
        (ethernet(0x0800, &ipv4(17, &sealed)), 42),
        (ethernet(0x88a8, &tag(7, 0x8100, &tag(5, 0x0800, &ipv4(17, &sealed)))), 50),
        (ethernet(0x86dd, &ipv6(0, &version_2)), 70),
        (ethernet(0x0800, &ipv4(4, &ipv4(17, &sealed))), 62),
    ]
}

fn output(mut sink: impl Output, frame: Frame<'_>) -> String {
    Dissector::new(Options::default()).frame(frame, &mut sink);
    String::from_utf8(std::mem::take(sink.output())).unwrap()
}

fn roundtrip(frame: Frame<'_>) -> Counts {
    let mut sink = Roundtrip::new(true);
    Dissector::new(Options::default()).frame(frame, &mut sink);
    sink.counts().iter().find(|(protocol, _)| *protocol == "hsrp").unwrap().1
}

#[test]
fn a_capture_cut_at_every_octet() {
    for (octets, message) in frames() {
        for cut in 0..=octets.len() {
            let frame = Frame { len: octets.len(), ..built::frame(LinkType::ETHERNET, &octets[..cut]) };
            let is_cut = cut < octets.len();
            Recorder::next(&mut Dissector::new(Options::default()), frame);

            let line = output(Line::new(false), frame);
            assert_eq!(line.contains(&format!("[cut at {cut} octets]")), is_cut, "{line}");
            assert!(line.contains(&format!(" {} ", octets.len())), "the length is that on the wire: {line}");
            let json: serde_json::Value = serde_json::from_str(&output(Json::new(), frame)).unwrap();
            assert_eq!((&json["len"], &json["captured_len"]), (&octets.len().into(), &cut.into()));
            let tree = output(Tree::new(false, true), frame);
            assert!(tree.contains(&format!("{} octets, {cut} captured", octets.len())));

            let counts = roundtrip(frame);
            let expected = match (cut >= message, is_cut) {
                (_, false) => Counts {
                    seen: 1,
                    identical: 1,
                    octets_rebuilt: counts.octets_rebuilt,
                    ..Counts::default()
                },
                (true, true) => Counts { truncated: 1, ..Counts::default() },
                (false, true) => Counts::default(),
            };
            assert_eq!(counts, expected, "cut at {cut} of {}", octets.len());
            assert_eq!(counts.octets_rebuilt != 0, !is_cut);
        }
    }
}

#[test]
fn what_a_cut_capture_shows_is_what_the_whole_one_shows() {
    for (octets, _) in frames() {
        let whole = Recorder::of(LinkType::ETHERNET, &octets);
        let mut shown = 0;
        for cut in 0..=octets.len() {
            let frame = Frame { len: octets.len(), ..built::frame(LinkType::ETHERNET, &octets[..cut]) };
            let recorder = Recorder::next(&mut Dissector::new(Options::default()), frame);
            // The fields for the octets up to the end of the frame have fewer octets.
            let fields =
                recorder.fields.iter().filter(|(name, ..)| !["frame.cap_len", "udp.payload"].contains(name));
            for (name, value, span) in fields {
                let same = whole.fields.iter().any(|(n, v, s)| (n, v, s.start) == (name, value, span.start));
                assert!(same, "cut at {cut}: {name} is {value} at {span:?}");
            }
            assert!(recorder.fields.len() >= shown, "cut at {cut}: fewer fields than of fewer octets");
            shown = recorder.fields.len();
        }
        assert_eq!(shown, whole.fields.len());
    }
}

#[test]
fn a_cut_in_what_stands_behind_the_packet_cuts_nothing() {
    let (mut octets, _) = frames().remove(0);
    let len = octets.len();
    octets.extend([0; 20]);
    for cut in len..octets.len() {
        let frame = Frame { len: octets.len(), ..built::frame(LinkType::ETHERNET, &octets[..cut]) };
        assert_eq!(Recorder::next(&mut Dissector::new(Options::default()), frame).faults(), [""; 0]);
        assert_eq!(roundtrip(frame).identical, 1);
    }
}

#[test]
fn a_frame_that_ends_too_early_has_a_fault_wherever_it_ends() {
    for (octets, message) in frames() {
        for end in 0..octets.len() {
            let frame = built::frame(LinkType::ETHERNET, &octets[..end]);
            let recorder = Recorder::next(&mut Dissector::new(Options::default()), frame);
            assert!(!recorder.faults.is_empty(), "ends at {end} of {}", octets.len());
            let counts = roundtrip(frame);
            assert_eq!((counts.truncated, counts.different), (0, 0), "the capture was not cut");
            assert!(
                counts.seen == counts.identical + counts.undecodable
                    && counts.seen <= u64::from(end > message)
            );
        }
    }
}
