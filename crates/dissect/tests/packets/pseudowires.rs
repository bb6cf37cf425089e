//! Pseudowires below the labels of MPLS, and security group tags on Ethernet. Each carries the same Hello.

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, ethernet, hello_v4, hello_v6, tag};
use crate::recorder::Recorder;

const SAID: &str = "HSRP Hello (state Active), group 1, priority 200, virtual address 172.16.172.53";

/// Octets below label 16.
fn below(octets: &[&[u8]]) -> Vec<u8> {
    ethernet(0x8847, &[&[0, 1, 1, 64][..], &octets.concat()].concat())
}

fn of(octets: &[&[u8]]) -> Recorder {
    Recorder::of(LinkType::ETHERNET, &below(octets))
}

/// An Ethernet frame from and to addresses that begin with these octets.
fn framed(destination: u8, source: u8, ethertype: u16, payload: &[u8]) -> Vec<u8> {
    let addresses = [destination, 0, 0, 0, 0, 1, source, 0, 0, 0, 0, 2];
    [&addresses[..], &ethertype.to_be_bytes(), payload].concat()
}

#[test]
fn a_control_word_stands_in_front_of_ethernet_rfc_4448_section_4_6() {
    let hello = hello_v4();
    for (word, number) in [([0, 0, 0, 0], "0"), ([0, 0, 0xab, 0xcd], "43981"), ([0x0a, 0xbc, 0, 1], "1")] {
        let shown = of(&[&word, &framed(0xaa, 2, 0x0800, &hello)]);
        assert_eq!(shown.protocols(), "eth:mpls:pwethcw:eth:ip:udp:hsrp");
        assert_eq!(shown.value("pweth.cw.sequence_number"), number);
        assert_eq!((shown.summary.as_str(), shown.faults().len()), (SAID, 0));
        assert_eq!(shown.values("eth.dst")[1], "aa:00:00:00:00:01");
    }
    // A length that fits tells a frame too, and so does a tag.
    let llc = of(&[&[0, 0, 0, 1], &framed(1, 2, 7, b"\x42\x42\x03abcd")]);
    assert_eq!((llc.protocols().as_str(), llc.value("eth.len")), ("eth:mpls:pwethcw:eth:llc", "7"));
    let tagged = of(&[&[0, 0, 0, 1], &framed(1, 2, 0x8100, &tag(5, 0x0800, &hello))]);
    assert_eq!(tagged.protocols(), "eth:mpls:pwethcw:eth:vlan:ip:udp:hsrp");
    // Of an unknown type, when the bits that are reserved are zero.
    let unknown = of(&[&[0, 0, 0, 1], &framed(1, 2, 0x1234, b"abcd")]);
    assert_eq!(unknown.protocols(), "eth:mpls:pwethcw:eth");
    assert_eq!(of(&[&[0, 1, 0, 1], &framed(1, 2, 0x1234, b"abcd")]).protocols(), "eth:mpls:pwmcw");
}

#[test]
fn ethernet_without_a_control_word_is_told_by_its_type() {
    let shown = of(&[&framed(2, 2, 0x0800, &hello_v4())]);
    assert_eq!((shown.protocols().as_str(), shown.summary.as_str()), ("eth:mpls:eth:ip:udp:hsrp", SAID));
    // A group does not send, and nobody has the address of zeros.
    for source in [&[1, 0, 0, 0, 0, 2], &[0; 6]] {
        let frame = [&[2, 0, 0, 0, 0, 1][..], &source[..], &[8, 0], &hello_v4()].concat();
        assert_eq!(of(&[&frame]).protocols(), "eth:mpls:pwmcw");
        assert_eq!(of(&[&[0; 4], &frame]).protocols(), "eth:mpls:pwmcw");
    }
}

#[test]
fn a_control_word_in_front_of_something_else_is_shown_rfc_4385_section_3() {
    let shown = of(&[&[0x03, 0x85, 0, 9], b"abcdefghijklmnopqrstuv"]);
    for (name, value) in [("pwmcw.flags", "14"), ("pwmcw.length", "5"), ("pwmcw.sequence_number", "9")] {
        assert_eq!(shown.value(name), value, "{name}");
    }
    assert_eq!(shown.octets("data.data"), b"abcdefghijklmnopqrstuv");
    assert_eq!(shown.summary, "PW control word, sequence number 9, 22 octets");
    assert_eq!(shown.opaque, ["data.data"]);
    // Half a word says nothing.
    let half = of(&[&[0, 0]]);
    assert_eq!((half.protocols().as_str(), half.octets("data.data")), ("eth:mpls", &[0, 0][..]));
}

#[test]
fn an_associated_channel_has_a_type_rfc_4385_section_5() {
    let shown = of(&[&[0x15, 0xab, 0, 0x27], b"what OAM says"]);
    for (name, value) in
        [("pwach.ver", "5"), ("pwach.res", "0xab"), ("pwach.channel_type", "Pseudo-Wire OAM (39)")]
    {
        assert_eq!(shown.value(name), value, "{name}");
    }
    assert_eq!(shown.octets("data.data"), b"what OAM says");
    assert_eq!(shown.summary, "PW-ACH Pseudo-Wire OAM, 13 octets");
    let unknown = of(&[&[0x10, 0, 0x7f, 0xff], b"x"]);
    assert_eq!(unknown.summary, "PW-ACH channel type 0x7fff, 1 octets");
    let v4 = of(&[&[0x10, 0, 0, 0x21], &hello_v4()]);
    assert_eq!((v4.protocols().as_str(), v4.summary.as_str()), ("eth:mpls:pwach:ip:udp:hsrp", SAID));
    let v6 = of(&[&[0x10, 0, 0, 0x57], &hello_v6()]);
    assert_eq!(v6.protocols(), "eth:mpls:pwach:ipv6:udp:hsrp");
    // The channel says IPv6, and there is something else.
    let other = of(&[&[0x10, 0, 0, 0x57], &hello_v4()]);
    assert_eq!((other.protocols().as_str(), other.opaque), ("eth:mpls:pwach", vec!["data.data"]));
    let cut = of(&[&[0x15, 7]]);
    assert_eq!(
        cut.fault(),
        "pwach: PW associated channel header at offset 18 of the frame needs 4 octets, but only 2 are there"
    );
    assert_eq!((cut.value("pwach.ver"), cut.value("pwach.res")), ("5", "0x07"));
}

#[test]
fn pseudowires_in_pseudowires_nest_up_to_the_bound() {
    let mut octets = hello_v4();
    for _ in 0..200 {
        octets = [&[0, 0, 0, 1][..], &framed(2, 2, 0x8847, &[&[0, 1, 1, 64][..], &octets].concat())].concat();
    }
    let shown = of(&[&octets]);
    assert!(shown.fault().contains("protocols are nested"), "{}", shown.fault());
}

#[test]
fn a_frame_that_is_cut_in_a_pseudowire_tells_no_fault() {
    let whole = below(&[&[0, 0, 0, 1], &framed(2, 2, 0x0800, &hello_v4())]);
    let channel = below(&[&[0x10, 0, 0, 0x21], &hello_v4()]);
    for octets in [whole, channel] {
        for len in 18..23 {
            let frame = Frame { len: octets.len(), ..built::frame(LinkType::ETHERNET, &octets[..len]) };
            let shown = Recorder::next(&mut Dissector::new(Options::default()), frame);
            assert!(shown.faults.is_empty(), "{len}: {:?}", shown.faults());
        }
    }
}

#[test]
fn a_security_group_tag_leads_to_its_packet() {
    let tagged = |payload: &[u8]| ethernet(0x8909, &[&[1, 1, 0, 1, 0, 100][..], payload].concat());
    let of = |octets: &[u8]| Recorder::of(LinkType::ETHERNET, octets);
    let shown = of(&tagged(&[&[8, 0][..], &hello_v4(), b"end"].concat()));
    assert_eq!((shown.protocols().as_str(), shown.summary.as_str()), ("eth:cmd:ip:udp:hsrp", SAID));
    for (name, value) in [
        ("cmd.version", "1"),
        ("cmd.length", "1"),
        ("cmd.options", "0x0001"),
        ("cmd.sgt", "100"),
        ("cmd.type", "IPv4 (2048)"),
        ("cmd.trailer", "656e64"),
    ] {
        assert_eq!(shown.value(name), value, "{name}");
    }
    assert_eq!(shown.faults(), [""; 0]);
    let inner = of(&tagged(&tag(0x8100, 5, &[&[8, 0][..], &hello_v4()].concat())));
    assert_eq!(inner.protocols(), "eth:cmd:vlan:ip:udp:hsrp");
    let outer =
        of(&ethernet(0x8100, &tag(5, 0x8909, &[&[1, 1, 0, 1, 0, 100, 8, 0][..], &hello_v4()].concat())));
    assert_eq!(outer.protocols(), "eth:vlan:cmd:ip:udp:hsrp");
    let unknown = of(&tagged(&[0x12, 0x34, 1, 2]));
    assert_eq!(unknown.summary, "CMD tag 100, type 0x1234, 2 octets");
    // The shortest frame is filled up with zeros, which are not a trailer.
    let short =
        [&[8, 0][..], &[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 59, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], &[0; 18]];
    let filled = of(&tagged(&short.concat()));
    assert_eq!((filled.octets("eth.padding").len(), filled.values("cmd.trailer").len()), (18, 0));
    for len in 0..8 {
        let cut = of(&ethernet(0x8909, &[1, 1, 0, 1, 0, 100, 8, 0][..len]));
        assert_eq!(
            cut.fault(),
            format!("cmd: Cisco MetaData at offset 14 of the frame needs 8 octets, but only {len} are there")
        );
        assert_eq!(cut.values("cmd.sgt").len(), usize::from(len >= 6));
    }
}
