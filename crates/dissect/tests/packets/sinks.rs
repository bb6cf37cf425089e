//! The output of the sinks.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use vpnwire_dissect::Address;
use vpnwire_dissect::capture::{Frame, LinkType, Timestamp};
use vpnwire_dissect::sinks::{Filter, Json, Line, Output, Tree};
use vpnwire_dissect::{Cause, Dissector, Fault, Options, Protocol, Reason, Sink, Span, Value};

use crate::built::{self, HELLO, ethernet, fragment_v4, hello_v4, hello_v6, ipv4, udp};

static ONE: Protocol = Protocol { filter: "one", title: "The First" };
static TWO: Protocol = Protocol { filter: "two", title: "The Second" };
const AT: Span = Span { source: 0, start: 0, len: 1 };

/// A JSON object with its keys in their order.
#[derive(Debug, PartialEq)]
struct Ordered(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Ordered;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl Ordered {
    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(key, _)| key.as_str()).collect()
    }
}

fn taken(sink: &mut impl Output) -> String {
    String::from_utf8(std::mem::take(sink.output())).unwrap()
}

fn dissected(mut sink: impl Output, frames: &[Frame<'_>]) -> String {
    let mut dissector = Dissector::new(Options::default());
    for frame in frames {
        dissector.frame(*frame, &mut sink);
    }
    taken(&mut sink)
}

/// Returns the output of a sink for a frame of one octet and these reports.
fn told(mut sink: impl Output, tell: impl FnOnce(&mut dyn FnMut(&'static str, Value<'_>))) -> String {
    let frame = built::frame(LinkType::RAW, &[0]);
    sink.begin(&frame);
    sink.enter(&ONE, AT);
    tell(&mut |name, value| sink.field(name, value, AT));
    sink.leave();
    sink.end(&frame);
    taken(&mut sink)
}

#[test]
fn json_has_its_keys_in_their_order() {
    let octets = ethernet(0x0800, &hello_v4());
    let frame = Frame {
        number: 7,
        time: Some(Timestamp(1_388_476_833_029_499_001)),
        ..built::frame(LinkType::ETHERNET, &octets)
    };
    let line = dissected(Json::new(), &[frame]);
    assert!(line.ends_with("}\n") && line.matches('\n').count() == 1);
    let object: Ordered = serde_json::from_str(&line).unwrap();
    assert_eq!(
        object.keys(),
        ["frame", "time", "len", "captured_len", "protocols", "fields", "faults", "departures"]
    );
    assert!(
        line.starts_with(
            r#"{"frame":7,"time":"2013-12-31T08:00:33.029499001Z","len":62,"captured_len":62,"protocols":["eth","ip","udp","hsrp"],"fields":{"#
        ),
        "{line}"
    );
    assert!(
        line.contains(r#""hsrp.opcode":[0]"#) && line.ends_with("},\"faults\":[],\"departures\":[]}\n"),
        "{line}"
    );

    let mut json = Json::new();
    json.set_file("a \"b\"\n.pcap");
    let mut dissector = Dissector::new(Options::default());
    dissector.frame(Frame { time: None, ..frame }, &mut json);
    let object: Ordered = serde_json::from_str(&taken(&mut json)).unwrap();
    assert_eq!(
        object.keys(),
        ["file", "frame", "time", "len", "captured_len", "protocols", "fields", "faults", "departures"],
        "the file comes first"
    );
    assert_eq!((&object.0[0].1, &object.0[2].1), (&"a \"b\"\n.pcap".into(), &serde_json::Value::Null));
}

#[test]
fn json_fields_stand_in_wire_order() {
    let octets = ethernet(0x0800, &ipv4(4, &hello_v4()));
    let line = dissected(Json::new(), &[built::frame(LinkType::ETHERNET, &octets)]);
    let object: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(object["protocols"], serde_json::json!(["eth", "ip", "ip", "udp", "hsrp"]));
    assert_eq!(object["fields"]["ip.len"], serde_json::json!([68, 48]));
    assert_eq!(object["fields"]["ip.src"], serde_json::json!(["10.0.0.2", "10.0.0.2"]));
    let position = |name: &str| line.find(&format!("\"{name}\":[")).unwrap();
    let names = [
        "frame.number",
        "eth.dst",
        "eth.src",
        "eth.type",
        "ip.version",
        "ip.src",
        "ip.dst",
        "udp.srcport",
        "hsrp.version",
        "hsrp.opcode",
        "hsrp.auth_data",
        "hsrp.virt_ip",
    ];
    assert!(names.windows(2).all(|pair| position(pair[0]) < position(pair[1])), "{line}");
}

#[test]
fn json_names_stand_where_they_are_met_first() {
    let line = told(Json::new(), |field| {
        field("one.b", Value::Unsigned(1));
        field("one.a", Value::Unsigned(2));
        field("one.b", Value::Unsigned(3));
        field("one.c", Value::Unsigned(4));
        field("one.a", Value::Unsigned(5));
        field("one.b", Value::Unsigned(u64::MAX));
    });
    assert!(
        line.contains(r#""fields":{"one.b":[1,3,18446744073709551615],"one.a":[2,5],"one.c":[4]}"#),
        "{line}"
    );
}

#[test]
fn json_values_of_every_kind() {
    for (value, json) in [
        (Value::Unsigned(0), "0"),
        (Value::Hexadecimal(0x0800, 4), "2048"),
        (Value::Named(16, Some("Active")), "16"),
        (Value::Named(17, None), "17"),
        (Value::Signed(-5), "-5"),
        (Value::Boolean(true), "true"),
        (Value::Boolean(false), "false"),
        (Value::Ipv4([10, 0, 0, 1].into()), "\"10.0.0.1\""),
        (Value::Ipv6("fe80::1".parse().unwrap()), "\"fe80::1\""),
        (Value::Mac([0, 0, 12, 7, 0xac, 1]), "\"00:00:0c:07:ac:01\""),
        (Value::Text(b"cisco\0\0\0"), "\"cisco\""),
        (Value::Text(b"\0\0"), "\"\""),
        (Value::Text(b"a\0b\0"), "\"a\\u0000b\""),
        (Value::Text(b"say \"a\\b\"\n\x1b"), "\"say \\\"a\\\\b\\\"\\n\\u001b\""),
        (Value::Text("gr\u{fc}n".as_bytes()), "\"gr\u{fc}n\""),
        (Value::Text(&[0xff, b'a', 0]), "\"ff6100\""),
        (Value::Octets(&[0, 0xab]), "\"00ab\""),
        (Value::Octets(&[]), "\"\""),
        (Value::Time(Timestamp(1_500_000_000)), "\"1.500000000\""),
    ] {
        let line = told(Json::new(), |field| field("one.a", value));
        assert!(line.contains(&format!("\"one.a\":[{json}]")), "{line}");
        serde_json::from_str::<serde_json::Value>(&line).unwrap();
    }
}

#[test]
fn json_names_faults_with_their_octets() {
    let octets = ethernet(0x0800, &ipv4(17, &udp(1985, 1985, &HELLO[..19])));
    let line = dissected(Json::new(), &[built::frame(LinkType::ETHERNET, &octets)]);
    let object: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        object["faults"],
        serde_json::json!([{"protocol": "hsrp", "cause": "packet", "source": 0, "offset": 42, "len": 19,
            "reason": "HSRP packet at offset 0 of the HSRP message needs 20 octets, but only 19 are there"}])
    );
    assert!(line.contains(
        r#""faults":[{"protocol":"hsrp","cause":"packet","source":0,"offset":42,"len":19,"reason":"#
    ));
}

#[test]
fn nothing_of_a_frame_is_left_in_the_next() {
    let broken = ethernet(0x86dd, &hello_v4());
    let whole = ethernet(0x0800, &hello_v4());
    let whole = built::frame(LinkType::ETHERNET, &whole);
    let empty = built::frame(LinkType(147), &[]);
    for frames in [[whole, built::frame(LinkType::ETHERNET, &broken)], [whole, empty], [empty, whole]] {
        assert_eq!(
            dissected(Json::new(), &frames),
            frames.map(|frame| dissected(Json::new(), &[frame])).concat()
        );
        assert_eq!(
            dissected(Line::new(false), &frames),
            frames.map(|frame| dissected(Line::new(false), &[frame])).concat()
        );
        assert_eq!(
            dissected(Tree::new(false, true), &frames),
            frames.map(|frame| dissected(Tree::new(false, true), &[frame])).concat()
        );
    }
}

#[test]
fn a_line_says_what_tshark_would() {
    let first = ethernet(0x0800, &hello_v4());
    let second = ethernet(0x86dd, &hello_v6());
    let text = dissected(
        Line::new(false),
        &[
            Frame { time: Some(Timestamp(5_000_000_000)), ..built::frame(LinkType::ETHERNET, &first) },
            Frame {
                number: 2,
                time: Some(Timestamp(6_234_567_899)),
                ..built::frame(LinkType::ETHERNET, &second)
            },
            Frame {
                number: 123_456,
                time: Some(Timestamp(4_000_000_000)),
                ..built::frame(LinkType::ETHERNET, &first)
            },
            Frame { number: 4, time: None, ..built::frame(LinkType::ETHERNET, &[1, 2]) },
        ],
    );
    let expected = [
        "    1    0.000000     10.0.0.2 → 224.0.0.2    HSRP 62 Hello (state Active), group 1, priority 200, virtual address 172.16.172.53",
        "    2    1.234567      fe80::2 → ff02::66     HSRPv2 104 Hello (state Active), group 10, priority 100, virtual address fe80::5:73ff:fea0:a",
        "123456   -1.000000     10.0.0.2 → 224.0.0.2    HSRP 62 Hello (state Active), group 1, priority 200, virtual address 172.16.172.53",
        "    4             ETH 2 [eth: Ethernet header at offset 0 of the frame needs 14 octets, but only 2 are there]",
        "",
    ];
    assert_eq!(text, expected.join("\n"));
}

#[test]
fn a_line_names_the_first_fault_and_counts_the_others() {
    let mut sink = Line::new(false);
    let frame = built::frame(LinkType::RAW, &[0]);
    sink.begin(&frame);
    sink.endpoints(Address::Mac([0, 1, 2, 3, 4, 5]), Address::Mac([6; 6]));
    sink.summary("X", format_args!("gone"));
    sink.summary("ONE", format_args!("said"));
    for version in [7, 8, 9] {
        sink.fault(Fault {
            protocol: "one",
            reason: Reason::Version(version),
            span: AT,
            cause: Cause::Packet,
        });
    }
    sink.end(&frame);
    assert!(
        taken(&mut sink)
            .ends_with("00:01:02:03:04:05 → 06:06:06:06:06:06 ONE 1 said [one: the version field says 7, which this protocol does not have; 2 more]\n")
    );
}

#[test]
fn a_filter_keeps_the_frames_that_hold_a_protocol() {
    let hello = ethernet(0x0800, &hello_v4());
    let other = ethernet(0x0800, &ipv4(17, &udp(5000, 5001, &[1])));
    let arp = ethernet(0x0806, &[0; 28]);
    let frames: Vec<_> = [&hello, &other, &arp, &hello]
        .into_iter()
        .zip(1..)
        .map(|(octets, number)| Frame { number, ..built::frame(LinkType::ETHERNET, octets) })
        .collect();
    let numbers = |protocols: &[&str]| {
        let protocols = protocols.iter().map(|name| (*name).to_owned()).collect();
        let text = dissected(Filter::new(Json::new(), protocols), &frames);
        let number =
            |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["frame"].as_u64().unwrap();
        text.lines().map(number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&[]), [1, 2, 3, 4], "no protocol keeps all");
    assert_eq!(numbers(&["hsrp"]), [1, 4]);
    assert_eq!(numbers(&["udp"]), [1, 2, 4]);
    assert_eq!(numbers(&["hsrp", "eth"]), [1, 2, 3, 4]);
    assert_eq!(numbers(&["sll"]), [0; 0]);
    assert_eq!(numbers(&["hsr"]), [0; 0], "a name counts as a whole");
    // The kept lines are those that would be written without the filter. The time counts from the first frame, kept or
    // not.
    let lines = dissected(Line::new(false), &frames);
    let kept = dissected(Filter::new(Line::new(false), vec!["hsrp".to_owned()]), &frames);
    let expected: Vec<_> = lines.lines().filter(|line| line.contains("HSRP")).collect();
    assert_eq!(kept.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_tree_shows_every_field_under_its_protocol() {
    let octets = ethernet(0x0800, &hello_v4());
    let text = dissected(Tree::new(false, false), &[built::frame(LinkType::ETHERNET, &octets)]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "Frame 1: 62 octets, 62 captured (Ethernet)");
    for line in [
        "    frame.number: 1",
        "    Ethernet II",
        "        eth.dst: 01:00:5e:00:00:02",
        "    Internet Protocol Version 4",
        "        ip.dsfield: 0x00",
        "            ip.dsfield.dscp: 0",
        "        ip.len: 48",
        "        hsrp.state: Active (16)",
    ] {
        assert_eq!(lines.iter().filter(|l| **l == line).count(), 1, "{line:?} in {text}");
    }
    assert!(!text.contains("0000  "), "octets only when asked");
    assert!(text.ends_with("\n\n"));
}

#[test]
fn a_tree_with_the_octets_of_every_source() {
    let datagram = udp(1985, 1985, &HELLO);
    let halves = [fragment_v4(1, 16, false, &datagram[16..]), fragment_v4(1, 0, true, &datagram[..16])];
    let frames = [0, 1].map(|i| built::frame(LinkType::RAW, &halves[i]));
    let text = dissected(Tree::new(false, true), &frames);
    assert!(text.contains("[source 1: reassembled IPv4 datagram, 28 octets]\n"), "{text}");
    let dump = "\nSource 1: reassembled IPv4 datagram\n\
                0000  07 c1 07 c1 00 1c 00 00 00 00 10 03 0a c8 01 00  ................\n\
                0010  63 69 73 63 6f 00 00 00 ac 10 ac 35              cisco......5\n\n";
    assert!(text.ends_with(dump), "{text}");
    assert!(text.contains("\n0000  45 00 00 24 "), "{text}");
    // The next frame does not show them again.
    let next = hello_v4();
    let text = dissected(Tree::new(false, true), &[frames[0], frames[1], built::frame(LinkType::RAW, &next)]);
    assert_eq!(text.matches("\nSource 1: ").count(), 1, "{text}");
    // A fault names the source.
    let broken = fragment_v4(2, 16, false, &[0]);
    let first = fragment_v4(2, 0, true, &datagram[..16]);
    let frames = [built::frame(LinkType::RAW, &broken), built::frame(LinkType::RAW, &first)];
    let text = dissected(Tree::new(false, false), &frames);
    assert!(text.contains("are there; octets 0..17 of source 1]"), "{text}");
}

#[test]
fn text_cannot_change_the_terminal() {
    let mut message = HELLO;
    message[8..16].copy_from_slice(b"\x1b[31m\n\"\\");
    let octets = ethernet(0x0800, &ipv4(17, &udp(1985, 1985, &message)));
    let frame = built::frame(LinkType::ETHERNET, &octets);
    let tree = dissected(Tree::new(false, false), &[frame]);
    assert!(tree.contains("hsrp.auth_data: \\u{1b}[31m\\n\"\\\\\n"), "{tree}");
    for text in [tree, dissected(Line::new(false), &[frame]), dissected(Json::new(), &[frame])] {
        assert!(!text.contains('\x1b'));
    }
}

#[test]
fn colour_only_when_asked() {
    let broken = ethernet(0x0800, &ipv4(17, &udp(1985, 1985, &HELLO[..19])));
    // A hold time below the hello time departs from RFC 2281.
    let mut departing = HELLO;
    departing[4] = 1;
    let departing = ethernet(0x0800, &ipv4(17, &udp(1985, 1985, &departing)));
    let frames = [built::frame(LinkType::ETHERNET, &broken), built::frame(LinkType::ETHERNET, &departing)];
    for (plain, coloured) in [
        (dissected(Line::new(false), &frames), dissected(Line::new(true), &frames)),
        (dissected(Tree::new(false, true), &frames), dissected(Tree::new(true, true), &frames)),
    ] {
        assert!(!plain.contains('\x1b'));
        assert!(coloured.contains("\x1b[31m"), "faults are red");
        let mut stripped = coloured.clone();
        for code in ["\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[33m"] {
            stripped = stripped.replace(code, "");
        }
        assert_eq!(stripped, plain, "colour adds nothing but colour");
        assert_eq!(
            coloured.matches("\x1b[0m").count() * 2,
            coloured.matches('\x1b').count(),
            "every colour ends"
        );
    }
    let tree = dissected(Tree::new(true, false), &frames);
    assert!(tree.contains("\x1b[33m[departs from RFC 2281"), "{tree}");
}

#[test]
fn nested_protocols_are_named_again() {
    let mut json = Json::new();
    let frame = built::frame(LinkType::RAW, &[0]);
    json.begin(&frame);
    for protocol in [&ONE, &TWO, &ONE] {
        json.enter(protocol, AT);
    }
    (0..3).for_each(|_| json.leave());
    json.end(&frame);
    assert!(taken(&mut json).contains(r#""protocols":["one","two","one"]"#));
}
