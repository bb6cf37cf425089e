//! Fragments of IPv4 and IPv6 datagrams: in every order, twice, overlapping, lost.

use vpnwire_dissect::capture::{Frame, LinkType, Timestamp};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, HELLO, fragment_header, fragment_v4, fragment_v6, hello_v2, ipv6, udp};
use crate::recorder::Recorder;

/// Returns a Hello followed by TLVs of an unknown type, in UDP.
fn datagram() -> Vec<u8> {
    let mut message = HELLO.to_vec();
    for _ in 0..20 {
        message.extend([9, 2, 1, 2]);
    }
    udp(1985, 1985, &message)
}

fn pieces(octets: &[u8], size: usize) -> Vec<(usize, bool, &[u8])> {
    let count = octets.len().div_ceil(size);
    octets.chunks(size).enumerate().map(|(i, piece)| (i * size, i + 1 < count, piece)).collect()
}

fn v4(identification: u16, octets: &[u8], size: usize) -> Vec<Vec<u8>> {
    pieces(octets, size)
        .iter()
        .map(|(offset, more, piece)| fragment_v4(identification, *offset, *more, piece))
        .collect()
}

fn v6(identification: u32, octets: &[u8], size: usize) -> Vec<Vec<u8>> {
    pieces(octets, size)
        .iter()
        .map(|(offset, more, piece)| fragment_v6(identification, *offset, *more, 17, piece))
        .collect()
}

fn next(dissector: &mut Dissector, octets: &[u8]) -> Recorder {
    Recorder::next(dissector, built::frame(LinkType::RAW, octets))
}

/// All frames except the last are shown as fragments. The last one shows the datagram.
fn complete(frames: &[Vec<u8>], datagram: &[u8], protocols: &str) -> Recorder {
    let mut dissector = Dissector::new(Options::default());
    let (last, before) = frames.split_last().unwrap();
    for frame in before {
        let recorder = next(&mut dissector, frame);
        assert_eq!((recorder.faults().len(), recorder.sources.len()), (0, 1));
        assert!(recorder.summary.contains("fragment of"), "{}", recorder.summary);
        assert!(!recorder.protocols().contains("udp"), "nothing of it is shown before it is complete");
    }
    let recorder = next(&mut dissector, last);
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), (protocols, 0));
    assert_eq!(recorder.sources.len(), 2);
    assert_eq!(recorder.sources[1].1, datagram, "the datagram is a source of its own");
    recorder
}

#[test]
fn in_order_and_reversed() {
    let datagram = datagram();
    for size in [8, 16, 56, 64, 104] {
        for (mut frames, protocols, name) in [
            (v4(7, &datagram, size), "raw:ip:udp:hsrp", "reassembled IPv4 datagram"),
            (v6(7, &datagram, size), "raw:ipv6:ipv6.fraghdr:udp:hsrp", "reassembled IPv6 datagram"),
        ] {
            assert!(frames.len() > 1);
            complete(&frames, &datagram, protocols);
            frames.reverse();
            let recorder = complete(&frames, &datagram, protocols);
            assert_eq!(recorder.sources[1].0, name);
            assert_eq!(recorder.value("hsrp.virt_ip"), "172.16.172.53");
        }
    }
}

#[test]
fn spans_count_in_the_datagram() {
    let datagram = datagram();
    let recorder = complete(&v4(7, &datagram, 16), &datagram, "raw:ip:udp:hsrp");
    let span = |name| recorder.fields.iter().find(|(n, ..)| *n == name).unwrap().2;
    assert_eq!((span("ip.src").source, span("udp.srcport").source, span("hsrp.virt_ip").source), (0, 1, 1));
    assert_eq!((span("hsrp.virt_ip").start, span("hsrp.virt_ip").len), (24, 4));
    assert_eq!(recorder.octets("hsrp.virt_ip"), [172, 16, 172, 53]);
}

#[test]
fn what_is_sent_twice_counts_once() {
    let datagram = datagram();
    for frames in [v4(7, &datagram, 32), v6(7, &datagram, 32)] {
        let twice: Vec<_> = frames[..3].iter().chain(&frames).cloned().collect();
        let protocols =
            if frames[0][0] >> 4 == 4 { "raw:ip:udp:hsrp" } else { "raw:ipv6:ipv6.fraghdr:udp:hsrp" };
        complete(&twice, &datagram, protocols);
    }
}

#[test]
fn one_that_overlaps_gives_the_datagram_up() {
    let datagram = datagram();
    for (is_v6, fault) in [
        (
            false,
            "ip: the fragment at offset 8 overlaps one that was received before, so the datagram is not reassembled",
        ),
        (
            true,
            "ipv6: the fragment at offset 8 overlaps one that was received before, so the datagram is not reassembled",
        ),
    ] {
        let piece = |offset: usize, more, octets: &[u8]| match is_v6 {
            true => fragment_v6(7, offset, more, 17, octets),
            false => fragment_v4(7, offset, more, octets),
        };
        let mut dissector = Dissector::new(Options::default());
        next(&mut dissector, &piece(0, true, &datagram[..16]));
        let recorder = next(&mut dissector, &piece(8, true, &datagram[8..24]));
        assert_eq!(recorder.fault(), fault);
        // The remaining fragments do not complete it: RFC 5722 section 4.
        for frame in [piece(0, true, &datagram[..16]), piece(16, false, &datagram[16..])] {
            let recorder = next(&mut dissector, &frame);
            assert_eq!((recorder.faults().len(), recorder.sources.len()), (0, 1));
        }
        // Other octets at the same place overlap, too.
        let mut dissector = Dissector::new(Options::default());
        next(&mut dissector, &piece(8, true, &datagram[8..24]));
        assert_eq!(next(&mut dissector, &piece(8, true, &[0xff; 16])).fault(), fault);
    }
}

#[test]
fn beyond_65535_octets_is_a_fault() {
    let mut dissector = Dissector::new(Options::default());
    let recorder = next(&mut dissector, &fragment_v4(7, 65_528, false, &[0; 8]));
    assert_eq!(
        recorder.fault(),
        "ip: the fragment ends at offset 65536, beyond the end of the datagram at 65535, so the datagram is not reassembled"
    );
    assert_eq!(next(&mut dissector, &fragment_v4(8, 65_528, false, &[0; 7])).faults(), [""; 0]);
    let recorder = next(&mut dissector, &fragment_v6(7, 65_528, true, 17, &[0; 1400]));
    assert!(recorder.fault().starts_with("ipv6: the fragment ends at offset 66928"));
}

#[test]
fn a_length_that_is_no_multiple_of_8_with_more_to_come_is_a_fault() {
    let mut dissector = Dissector::new(Options::default());
    let recorder = next(&mut dissector, &fragment_v4(7, 0, true, &[0; 12]));
    assert_eq!(
        recorder.fault(),
        "ip: the fragment has 12 octets, but before the last fragment the length must be a multiple of 8"
    );
}

#[test]
fn an_empty_fragment_overlaps_nothing() {
    let datagram = datagram();
    let mut frames = v4(7, &datagram, 64);
    frames.insert(0, fragment_v4(7, 0, true, &[]));
    frames.insert(0, fragment_v4(7, 64, true, &[]));
    complete(&frames, &datagram, "raw:ip:udp:hsrp");
    // The last fragment determines the end: 104 octets, a multiple of 8.
    assert_eq!(datagram.len() % 8, 4);
    let whole = [&datagram[..], &[0; 4]].concat();
    let frames = [fragment_v4(7, 112, false, &[]), fragment_v4(7, 0, true, &whole)];
    complete(&frames, &whole, "raw:ip:udp:hsrp");
}

#[test]
fn the_table_is_bounded_and_the_oldest_goes() {
    let datagram = datagram();
    let mut options = Options::default();
    options.datagram_limit = 3;
    let mut dissector = Dissector::new(options);
    let halves: Vec<_> = (0..5).map(|identification| v4(identification, &datagram, 64)).collect();
    for half in &halves {
        assert!(next(&mut dissector, &half[0]).summary.contains("fragment of 64 octets at 0"));
    }
    // Five were begun, and the first two are forgotten.
    for half in &halves[2..] {
        assert_eq!(next(&mut dissector, &half[1]).protocols(), "raw:ip:udp:hsrp");
    }
    for half in &halves[..2] {
        let recorder = next(&mut dissector, &half[1]);
        assert_eq!((recorder.protocols().as_str(), recorder.sources.len()), ("raw:ip", 1));
    }
}

#[test]
fn datagrams_are_told_apart() {
    let datagram = datagram();
    let [first, second] = &v4(7, &datagram, 64)[..] else { panic!("two halves") };
    for (at, octet) in [(5, 8u8), (9, 50), (15, 99), (19, 99)] {
        let mut other = second.clone();
        other[at] = octet;
        let mut dissector = Dissector::new(Options::default());
        next(&mut dissector, first);
        assert_eq!(next(&mut dissector, &other).sources.len(), 1, "octet {at} tells datagrams apart");
        assert_eq!(next(&mut dissector, second).sources.len(), 2);
    }
    // In IPv6 the next header of the first fragment counts, and it does not identify the datagram: RFC 8200 section
    // 4.5.
    let mut dissector = Dissector::new(Options::default());
    next(&mut dissector, &fragment_v6(7, 64, false, 60, &datagram[64..]));
    let recorder = next(&mut dissector, &fragment_v6(7, 0, true, 17, &datagram[..64]));
    assert_eq!(recorder.protocols(), "raw:ipv6:ipv6.fraghdr:udp:hsrp");
    next(&mut dissector, &fragment_v6(7, 0, true, 17, &datagram[..64]));
    let recorder = next(&mut dissector, &fragment_v6(7, 64, false, 60, &datagram[64..]));
    assert_eq!(recorder.protocols(), "raw:ipv6:ipv6.fraghdr:udp:hsrp");
    // The identification of a complete datagram can be used again.
    let mut dissector = Dissector::new(Options::default());
    for _ in 0..3 {
        next(&mut dissector, first);
        assert_eq!(next(&mut dissector, second).sources.len(), 2);
    }
}

#[test]
fn what_does_not_come_within_a_minute_does_not_come() {
    // RFC 8200 section 4.5: 60 seconds from the first-arriving fragment.
    let datagram = datagram();
    let at = |dissector: &mut Dissector, nanoseconds: i128, octets: &[u8]| {
        let frame = Frame { time: Some(Timestamp(nanoseconds)), ..built::frame(LinkType::RAW, octets) };
        Recorder::next(dissector, frame).sources.len()
    };
    const MINUTE: i128 = 60_000_000_000;
    for frames in [v4(7, &datagram, 64), v6(7, &datagram, 64)] {
        for (wait, sources) in [(MINUTE, 2), (MINUTE + 1, 1), (-MINUTE * 5, 2)] {
            let mut dissector = Dissector::new(Options::default());
            at(&mut dissector, 1000, &frames[0]);
            assert_eq!(at(&mut dissector, 1000 + wait, &frames[1]), sources, "after {wait}");
        }
        // The time counts from the first fragment. A later fragment begins another datagram.
        let mut dissector = Dissector::new(Options::default());
        at(&mut dissector, 0, &frames[0]);
        at(&mut dissector, MINUTE, &frames[0]);
        assert_eq!(at(&mut dissector, MINUTE + 2, &frames[1]), 1);
        assert_eq!(at(&mut dissector, MINUTE + 3, &frames[0]), 2);
        // A datagram that was discarded does not keep its identification forever.
        let mut dissector = Dissector::new(Options::default());
        at(&mut dissector, 0, &frames[0]);
        let mut other = frames[0].clone();
        *other.last_mut().unwrap() ^= 1;
        at(&mut dissector, 1, &other);
        assert_eq!((at(&mut dissector, 2, &frames[0]), at(&mut dissector, 3, &frames[1])), (1, 1));
        at(&mut dissector, MINUTE + 1, &frames[0]);
        assert_eq!(at(&mut dissector, MINUTE + 2, &frames[1]), 2);
    }
}

#[test]
fn a_fragment_in_a_fragment() {
    // The datagram is a fragment header and the first half of a datagram. The other half follows outside.
    let inner = udp(2029, 2029, &hello_v2());
    let outer = fragment_header(9, 0, true, 17, &inner[..24]);
    let mut dissector = Dissector::new(Options::default());
    next(&mut dissector, &fragment_v6(7, 0, true, 44, &outer[..16]));
    let recorder = next(&mut dissector, &fragment_v6(7, 16, false, 44, &outer[16..]));
    assert_eq!(
        (recorder.protocols().as_str(), recorder.sources.len()),
        ("raw:ipv6:ipv6.fraghdr:ipv6.fraghdr", 2)
    );
    let recorder = next(&mut dissector, &fragment_v6(9, 24, false, 17, &inner[24..]));
    assert_eq!(
        (recorder.protocols().as_str(), recorder.sources.len()),
        ("raw:ipv6:ipv6.fraghdr:udp:hsrp", 2)
    );
    assert_eq!(recorder.value("hsrp2.group"), "10");
}

#[test]
fn two_datagrams_complete_in_one_frame() {
    let inner = udp(2029, 2029, &hello_v2());
    let outer = fragment_header(9, 0, true, 17, &inner[..24]);
    let mut dissector = Dissector::new(Options::default());
    next(&mut dissector, &fragment_v6(9, 24, false, 17, &inner[24..]));
    next(&mut dissector, &fragment_v6(7, 0, true, 44, &outer[..16]));
    let recorder = next(&mut dissector, &fragment_v6(7, 16, false, 44, &outer[16..]));
    assert_eq!(recorder.protocols(), "raw:ipv6:ipv6.fraghdr:ipv6.fraghdr:udp:hsrp");
    let sources: Vec<_> = recorder.sources[1..].iter().map(|(_, octets)| octets).collect();
    assert_eq!(sources, [&outer, &inner]);
    let span = |name| recorder.fields.iter().rfind(|(n, ..)| *n == name).unwrap().2;
    assert_eq!((span("ipv6.fraghdr.ident").source, span("hsrp2.group").source), (1, 2));
}

#[test]
fn extension_headers_behind_a_reassembled_one() {
    let inner = [[17, 0, 1, 4, 0, 0, 0, 0].as_slice(), &udp(2029, 2029, &hello_v2())].concat();
    let frames: Vec<_> = pieces(&inner, 24)
        .iter()
        .map(|(offset, more, piece)| ipv6(44, &fragment_header(3, *offset, *more, 60, piece)))
        .collect();
    complete(&frames, &inner, "raw:ipv6:ipv6.fraghdr:ipv6.dstopts:udp:hsrp");
}

#[test]
fn one_that_the_capture_cut_is_not_put_together() {
    let datagram = datagram();
    for frames in [v4(7, &datagram, 64), v6(7, &datagram, 64)] {
        let mut dissector = Dissector::new(Options::default());
        for frame in &frames {
            let cut = Frame { len: frame.len(), ..built::frame(LinkType::RAW, &frame[..frame.len() - 4]) };
            let recorder = Recorder::next(&mut dissector, cut);
            assert_eq!(recorder.sources.len(), 1);
        }
        // The complete ones can still be put together.
        next(&mut dissector, &frames[0]);
        assert_eq!(next(&mut dissector, &frames[1]).sources.len(), 2);
    }
    // This holds also when the length is left to the frame.
    let mut dissector = Dissector::new(Options::default());
    let mut first = v4(7, &datagram, 64)[0].clone();
    first[2..4].fill(0);
    let cut = Frame { len: first.len(), ..built::frame(LinkType::RAW, &first[..first.len() - 8]) };
    Recorder::next(&mut dissector, cut);
    let recorder = next(&mut dissector, &fragment_v4(7, 56, false, &datagram[56..]));
    assert_eq!(recorder.sources.len(), 1, "a cut fragment is not a fragment of 56 octets");
}
