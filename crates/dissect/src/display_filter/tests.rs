use core::str::FromStr as _;

use super::*;
use crate::sinks::{Line, Output as _};
use crate::{Dissector, Options};
use capture::{Frame, LinkType, Timestamp};

/// IPv4, UDP, and the HSRP Hello of an active router with priority 200.
const HELLO: [u8; 48] = [
    0x45, 0xc0, 0, 48, 0, 0, 0x40, 0, 1, 17, 0x59, 0x2e, 172, 16, 172, 52, 224, 0, 0, 2, //
    0x07, 0xc1, 0x07, 0xc1, 0, 28, 0, 0, //
    0, 0, 16, 3, 10, 200, 1, 0, b'c', b'i', b's', b'c', b'o', 0, 0, 0, 172, 16, 172, 53,
];

fn matches(filter: &str) -> bool {
    let filter = DisplayFilter::from_str(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
    let mut sink = Matching::new(Line::new(false), filter);
    let frame = Frame {
        number: 7,
        time: Some(Timestamp(1_500_000_000)),
        time_digits: 9,
        link: LinkType::RAW,
        len: 48,
        octets: &HELLO,
    };
    Dissector::new(Options::default()).frame(frame, &mut sink);
    !sink.output().is_empty()
}

fn error(filter: &str) -> String {
    DisplayFilter::from_str(filter).unwrap_err().to_string()
}

#[test]
fn what_a_frame_has_is_matched() {
    for filter in [
        "hsrp",
        "hsrp.state",
        "hsrp.state == 16",
        "hsrp.state == 0x10",
        "hsrp.state eq \"Active\"",
        "hsrp.opcode == Hello",
        "hsrp.priority > 199 and hsrp.priority le 200",
        "hsrp.priority in {1..10, 150..250}",
        "hsrp.group in {1}",
        "hsrp.auth_data == \"cisco\"",
        "hsrp.auth_data contains isc",
        "hsrp.auth_data matches \"^CIS\"",
        "ip.addr == 172.16.0.0/12",
        "ip.addr == 224.0.0.2 && ip.src != 224.0.0.2",
        "ip.dst >= 224.0.0.0",
        "not esp and !(ah or nhrp)",
        "ip.flags.df == true",
        "ip.flags.mf == 0",
        "frame.number == 7",
        "frame.len < 49",
        "frame.time_epoch == 1.5",
        "frame.time_epoch < \"1970-01-01T00:00:02Z\"",
        "frame.time_relative == 0",
        "frame.protocols contains udp",
        "_ws.col.info contains \"state Active\"",
        "udp.port == 1985",
        "esp || hsrp",
    ] {
        assert!(matches(filter), "{filter}");
    }
}

#[test]
fn what_it_does_not_have_is_not() {
    for filter in [
        "esp",
        "not hsrp",
        "hsrp.state == 8",
        "hsrp.state == \"Standby\"",
        "hsrp2.group == 1",
        "hsrp2.group != 1",
        "not hsrp.state",
        "ip.addr == 10.0.0.0/8",
        "ip.addr != 224.0.0.2",
        "udp.port != 1985",
        "hsrp.auth_data matches \"^isc\"",
        "hsrp and esp",
        "frame.len > 48",
    ] {
        assert!(!matches(filter), "{filter}");
    }
    assert!(matches("ip.addr ~= 224.0.0.2"), "one of two differs");
}

#[test]
fn fields_are_compared_with_fields() {
    for filter in [
        "udp.srcport == udp.dstport",
        "ip.src < ip.dst",
        "ip.src != ip.dst",
        "ip.addr == ip.addr",
        "frame.len >= frame.cap_len",
        "hsrp.virt_ip != ip.addr",
        "ip.addr ~= ip.src",
        "udp.length > hsrp.hellotime",
    ] {
        assert!(matches(filter), "{filter}");
    }
    for filter in [
        "udp.srcport != udp.dstport",
        "ip.src == ip.dst",
        "ip.src != ip.addr",
        "frame.len != frame.cap_len",
        "esp.sequence == udp.srcport",
        "esp.sequence != udp.srcport",
    ] {
        assert!(!matches(filter), "{filter}");
    }
    assert_eq!(
        error("udp.srcport == udp.dsport"),
        "there is no field udp.dsport, at column 16 of the filter; did you mean udp.dstport?"
    );
    assert_eq!(
        error("udp.srcport == ip.src"),
        "udp.srcport holds a value of kind number, and ip.src one of kind IPv4 address: they cannot be compared, at column \
         16 of the filter"
    );
}

#[test]
fn a_filter_that_is_wrong_says_what_and_where() {
    for (filter, expected) in [
        ("", "the filter ends where the name of a field was expected, at column 1 of the filter"),
        (
            "hsrp.stat == 16",
            "there is no field hsrp.stat, at column 1 of the filter; did you mean hsrp.state?",
        ),
        (
            "hsrp hsrp",
            "`hsrp` follows a filter that is complete, at column 6 of the filter; join two conditions with `and` or `or`",
        ),
        ("(hsrp", "the filter ends where `)` was expected, at column 6 of the filter"),
        (
            "ip.src == 10.0.0.256",
            "the value is not an IPv4 address, with or without a prefix length: 10.0.0.0/8, at column 11 of the filter",
        ),
        (
            "hsrp.auth_data == \"x",
            "the text that begins here has no quotation mark at its end, at column 19 of the filter",
        ),
        (
            "hsrp == 1",
            "hsrp is a protocol, which has no value to compare, at column 6 of the filter; its name alone asks whether it is there",
        ),
        ("hsrp.auth_data matches \"(\"", "the text is not a regular expression, at column 24 of the filter"),
        (
            "ip.src contains x",
            "ip.src holds a value of kind IPv4 address, which has no text to search, at column 8 of the filter; compare it with `==`",
        ),
        ("hsrp @", "'@' has no meaning, at column 6 of the filter"),
    ] {
        assert_eq!(error(filter), expected, "{filter}");
    }
}

#[test]
fn a_filter_is_not_deeper_than_it_may_be_and_may_be_long() {
    assert!(error(&format!("{}hsrp", "not ".repeat(100_000))).contains("more than 64 deep"));
    assert!(error(&"(".repeat(100_000)).contains("more than 64 deep"));
    assert!(matches(&vec!["hsrp"; 10_000].join(" and ")));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[ -~]{0,60}") {
        let _ = DisplayFilter::from_str(&text);
    }

    #[test]
    fn no_words_make_it_panic(words in proptest::collection::vec(
        proptest::sample::select(vec!["hsrp.state", "==", "!=", "(", ")", "in", "{", "}", "..", "not", "and", "16", "\"x\"", "matches", "contains", "ip.addr", "10.0.0.0/8"]), 0..12)
    ) {
        let _ = DisplayFilter::from_str(&words.join(" "));
    }
}
