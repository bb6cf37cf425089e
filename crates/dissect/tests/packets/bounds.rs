//! What hostile frames may cost: nesting, fields, memory.

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
        // As many as a packet holds: without a bound, whole fragments in one another would use up the stack.
        is_nesting(&Recorder::of(LinkType::IPV6, &chain(next, 8_187)), 32);
    }
    // What was entered is left again: the next frame nests as deep.
    let mut dissector = Dissector::new(Options::default());
    for _ in 0..40 {
        let octets = chain(60, 29);
        assert_eq!(Recorder::next(&mut dissector, built::frame(LinkType::IPV6, &octets)).faults(), [""; 0]);
    }
}

/// A message of this many TLVs of unknown types.
fn tlvs(count: usize) -> Vec<u8> {
    ipv4(17, &udp(1985, 1985, &[&HELLO[..], &[9, 0].repeat(count)].concat()))
}

/// Everything of a frame that is shown: protocols, fields, faults.
fn shown(recorder: &Recorder) -> usize {
    recorder.protocols.len() + recorder.fields.len() + recorder.faults.len()
}

#[test]
fn fields_are_shown_up_to_the_budget() {
    let octets = tlvs(1000);
    let all = shown(&Recorder::of(LinkType::RAW, &octets));
    assert!(all > 2000, "two fields each: {all}");
    let mut options = Options::default();
    for limit in (0..60).chain([all - 2, all - 1]) {
        options.field_limit = limit;
        let recorder = Recorder::with(options.clone(), LinkType::RAW, &octets);
        assert_eq!(shown(&recorder), limit + 1, "so many, and the fault");
        assert_eq!(recorder.fault(), format!("frame: more than {limit} fields: not shown further"));
    }
    options.field_limit = all;
    assert_eq!(Recorder::with(options, LinkType::RAW, &octets).faults(), [""; 0]);
}

#[test]
fn faults_count_against_the_budget() {
    // Group states without a value: each a fault.
    let octets = ipv4(17, &udp(1985, 1985, &[1, 0].repeat(1000)));
    let mut options = Options::default();
    options.field_limit = 100;
    let recorder = Recorder::with(options, LinkType::RAW, &octets);
    assert_eq!(shown(&recorder), 101);
    let faults = recorder.faults();
    assert!(
        faults.len() > 10 && faults.last().unwrap().starts_with("frame: more than 100 fields"),
        "{faults:?}"
    );
}

#[test]
fn the_budget_is_a_frames_own() {
    let mut options = Options::default();
    options.field_limit = 60;
    let mut dissector = Dissector::new(options);
    for _ in 0..10 {
        let octets = hello_v4();
        assert_eq!(Recorder::next(&mut dissector, built::frame(LinkType::RAW, &octets)).faults(), [""; 0]);
        let octets = tlvs(100);
        assert_eq!(Recorder::next(&mut dissector, built::frame(LinkType::RAW, &octets)).faults.len(), 1);
    }
}
