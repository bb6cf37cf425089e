//! The costs that hostile frames can cause: nesting, fields, memory.

use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::{Dissector, Options, Reason};

use crate::built::{self, HELLO, ethernet, hello_v4, ipv4, ipv6, tag, udp};
use crate::recorder::Recorder;

fn is_nesting(recorder: &Recorder, limit: usize) {
    assert!(
        matches!(recorder.faults[..], [fault] if fault.reason == Reason::Nesting { limit }),
        "{:?}",
        recorder.faults()
    );
}

#[test]
fn tags_nest_up_to_the_bound() {
    let tagged =
        |count| (0..count).fold(hello_v4(), |inner, n| tag(5, if n == 0 { 0x0800 } else { 0x8100 }, &inner));
    // Ethernet, the tags, IP, UDP, HSRP.
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0x8100, &tagged(28)));
    assert_eq!((recorder.protocols.len(), recorder.faults.len()), (32, 0));
    assert_eq!(recorder.protocols.last(), Some(&"hsrp"));
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0x8100, &tagged(29)));
    is_nesting(&recorder, 32);
    assert_eq!((recorder.protocols.len(), recorder.protocols.last()), (32, Some(&"udp")));
    assert_eq!(recorder.faults[0].span.len, HELLO.len(), "the fault says what was not looked into");
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0x8100, &tagged(10_000)));
    is_nesting(&recorder, 32);

    let mut options = Options::default();
    options.nesting_limit = 2;
    is_nesting(&Recorder::with(options.clone(), LinkType::IPV4, &hello_v4()), 2);
    options.nesting_limit = 3;
    assert_eq!(Recorder::with(options.clone(), LinkType::IPV4, &hello_v4()).faults(), [""; 0]);
    options.nesting_limit = 0;
    let recorder = Recorder::with(options, LinkType::RAW, &hello_v4());
    is_nesting(&recorder, 0);
    assert_eq!(recorder.protocols(), "");
}

#[test]
fn ip_in_ip_nests_up_to_the_bound() {
    let octets = (0..1000).fold(hello_v4(), |inner, _| ipv4(4, &inner));
    is_nesting(&Recorder::of(LinkType::RAW, &octets), 32);
}

#[test]
fn ipv6_extension_headers_nest_up_to_the_bound() {
    let chain = |next, count: usize| {
        let mut octets = Vec::new();
        for n in 0..count {
            octets.extend([if n + 1 < count { next } else { 17 }, 0, 0, 0, 0, 0, 0, 0]);
        }
        octets.extend(udp(1985, 1985, &HELLO));
        ipv6(next, &octets)
    };
    for next in [0, 43, 44, 60] {
        let recorder = Recorder::of(LinkType::IPV6, &chain(next, 29));
        assert_eq!((recorder.protocols.len(), recorder.faults.len()), (32, 0), "header {next}");
        is_nesting(&Recorder::of(LinkType::IPV6, &chain(next, 30)), 32);
        // A packet holds this many. Without a limit, whole fragments inside one another would overflow the stack.
        is_nesting(&Recorder::of(LinkType::IPV6, &chain(next, 8_187)), 32);
    }
    // Everything that was entered was left again, so the next frame can nest as deeply.
    let mut dissector = Dissector::new(Options::default());
    for _ in 0..40 {
        let octets = chain(60, 29);
        assert_eq!(Recorder::next(&mut dissector, built::frame(LinkType::IPV6, &octets)).faults(), [""; 0]);
    }
}

/// Returns a message of this many TLVs of unknown types.
fn tlvs(count: usize) -> Vec<u8> {
    ipv4(17, &udp(1985, 1985, &[&HELLO[..], &[9, 0].repeat(count)].concat()))
}

/// Returns the budget that a frame needs, to the octet.
fn cost(octets: &[u8]) -> usize {
    let is_enough = |budget: usize| {
        let mut options = Options::default();
        options.frame_budget = budget;
        Recorder::with(options, LinkType::RAW, octets).faults().is_empty()
    };
    let (mut low, mut high) = (0usize, 1 << 20);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if is_enough(middle) { high = middle } else { low = middle }
    }
    high
}

#[test]
fn a_frame_is_told_up_to_the_budget() {
    let octets = tlvs(1000);
    let whole = Recorder::of(LinkType::RAW, &octets);
    let cost = cost(&octets);
    assert!((128_000..512_000).contains(&cost), "two fields for each of a thousand: {cost}");
    let mut before = 0;
    for budget in [0, 63, 64, 1000, 10_000, cost - 1] {
        let mut options = Options::default();
        options.frame_budget = budget;
        let recorder = Recorder::with(options, LinkType::RAW, &octets);
        assert_eq!(recorder.faults.len(), 1);
        assert!(recorder.fault().contains(&format!("limited to about {budget} octets")), "{budget}");
        assert!(
            (before..whole.fields.len() + 1).contains(&recorder.fields.len()),
            "more budget, more fields"
        );
        before = recorder.fields.len();
        assert!(whole.fields.starts_with(&recorder.fields), "the first fields are reported");
    }
}

#[test]
fn faults_departures_and_octets_count_against_the_budget() {
    let told = |octets: &[u8]| {
        let mut options = Options::default();
        options.frame_budget = 20_000;
        Recorder::with(options, LinkType::RAW, octets)
    };
    // These are group states without a value. Each is a fault.
    let recorder = told(&ipv4(17, &udp(1985, 1985, &[1, 0].repeat(1000))));
    let faults = recorder.faults();
    assert!((10..79).contains(&faults.len()), "{} faults of 256 octets", faults.len());
    assert!(
        faults.last().unwrap().starts_with("frame: the output for one frame is limited to"),
        "{faults:?}"
    );
    // These are SCTP chunks that do not belong to an association. Each is a departure.
    let mut sctp = vec![0x13, 0x88, 0x13, 0x88, 0, 0, 0, 1, 0, 0, 0, 0];
    sctp.extend([0x3f, 0, 0, 4].repeat(1000));
    let recorder = told(&ipv4(132, &sctp));
    assert!(recorder.departures.len() < 79, "{} departures", recorder.departures.len());
    // This is one payload that alone costs more.
    let recorder = told(&ipv4(17, &udp(5000, 5001, &[7; 20_000])));
    assert_eq!((recorder.values("udp.payload").len(), recorder.faults.len()), (0, 1));
}

#[test]
fn the_budget_is_a_frames_own() {
    let octets = hello_v4();
    let mut options = Options::default();
    options.frame_budget = cost(&octets);
    let mut dissector = Dissector::new(options);
    for _ in 0..10 {
        assert_eq!(Recorder::next(&mut dissector, built::frame(LinkType::RAW, &octets)).faults(), [""; 0]);
        let octets = tlvs(100);
        assert_eq!(Recorder::next(&mut dissector, built::frame(LinkType::RAW, &octets)).faults.len(), 1);
    }
}
