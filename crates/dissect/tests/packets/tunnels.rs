//! GRE and its contents.

use gre::{Emit, Header, Packet, ProtocolType};
use vpnwire_dissect::Address;
use vpnwire_dissect::Reason;
use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::sinks::Roundtrip;
use vpnwire_dissect::{Dissector, Options};

use crate::built::{
    self, HELLO, ROUTERS, SENDER, ethernet, hello_v4, hello_v6, internet_checksum, ipv4, ipv6, udp,
};
use crate::recorder::Recorder;

/// Returns GRE with a header of four octets.
pub(crate) fn plain(protocol: u16, payload: &[u8]) -> Vec<u8> {
    with(Header::new(ProtocolType(protocol)), payload)
}

fn with(header: Header, payload: &[u8]) -> Vec<u8> {
    let packet = Packet { header, payload };
    let mut octets = vec![0; packet.wire_len()];
    packet.emit(&mut octets).unwrap();
    octets
}

fn of(gre: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, &ipv4(47, gre))
}

fn outside() -> Option<(Address, Address)> {
    Some((Address::Ip(SENDER.into()), Address::Ip(ROUTERS.into())))
}

#[test]
fn what_is_in_the_tunnel_is_dissected() {
    let bridged = ethernet(0x0800, &hello_v4());
    let type_ii = [&[0x10, 5, 0, 1, 0, 0, 0, 2], &bridged[..]].concat();
    let type_iii = [&[0x20, 5, 0, 1, 0, 0, 0, 2, 0, 0, 0x80, 0], &bridged[..]].concat();
    let with_subheader = {
        let mut octets = type_iii.clone();
        octets[11] = 1;
        octets.splice(12..12, [0x0c, 0, 0, 3, 0, 0, 0, 9]);
        octets
    };
    let numbered = Header { sequence_number: Some(1), ..Header::new(ProtocolType::ERSPAN) };
    let tagged = [&[8, 0, 1, 1, 0, 1, 0, 9], &hello_v4()[..]].concat();
    // These are the protocol names of tshark 4.0.17 in frame.protocols.
    for (octets, protocols) in [
        (plain(0x0800, &hello_v4()), "raw:ip:gre:ip:udp:hsrp"),
        (plain(0x86dd, &hello_v6()), "raw:ip:gre:ipv6:udp:hsrp"),
        (plain(0x6558, &bridged), "raw:ip:gre:eth:ip:udp:hsrp"),
        (plain(0x88be, &bridged), "raw:ip:gre:erspan:eth:ip:udp:hsrp"),
        (with(numbered, &type_ii), "raw:ip:gre:erspan:eth:ip:udp:hsrp"),
        (plain(0x22eb, &type_iii), "raw:ip:gre:erspan:eth:ip:udp:hsrp"),
        (plain(0x22eb, &with_subheader), "raw:ip:gre:erspan:eth:ip:udp:hsrp"),
        (plain(0x8909, &tagged), "raw:ip:gre:cmd:ip:udp:hsrp"),
        (plain(0x0800, &ipv4(47, &plain(0x0800, &hello_v4()))), "raw:ip:gre:ip:gre:ip:udp:hsrp"),
    ] {
        let recorder = of(&octets);
        assert_eq!(recorder.protocols(), protocols);
        assert_eq!(recorder.faults(), [""; 0], "{protocols}");
        assert!(recorder.summary.starts_with("HSRP"), "{}", recorder.summary);
    }
    let recorder = Recorder::of(LinkType::RAW, &ipv6(47, &plain(0x0800, &hello_v4())));
    assert_eq!(recorder.protocols(), "raw:ipv6:gre:ip:udp:hsrp");
}

#[test]
fn every_word_of_the_header_has_its_octets() {
    let header = Header {
        reserved0: 0x41,
        protocol_type: ProtocolType::IPV4,
        reserved1: Some(0xbeef),
        key: Some(1000),
        sequence_number: Some(7),
    };
    let octets = with(header, &hello_v4());
    let recorder = of(&octets);
    assert_eq!(recorder.octets("gre.flags_and_version"), [0xb2, 0x08]);
    assert_eq!(recorder.octets("gre.proto"), [8, 0]);
    assert_eq!(recorder.octets("gre.checksum"), &octets[4..6]);
    assert_eq!(recorder.octets("gre.offset"), [0xbe, 0xef]);
    assert_eq!((recorder.octets("gre.key"), recorder.value("gre.key")), (&octets[8..12], "0x000003e8"));
    assert_eq!(recorder.octets("gre.sequence_number"), [0, 0, 0, 7]);
    assert_eq!(recorder.value("gre.flags.recursion_control"), "2");
    assert_eq!(recorder.value("gre.flags.reserved"), "1");
    assert_eq!(
        recorder.departures,
        [
            "RFC 2784 section 2.3: Reserved0 is 0x41, but it should be 0",
            "RFC 2784 section 2.6: Reserved1 is 0xbeef, but it should be 0"
        ]
    );
}

#[test]
fn what_a_receiver_must_discard_is_shown_and_not_looked_into() {
    // RFC 1701's source route, its strict bit, and the bit after it: RFC 2784 section 2.3.
    let entry = [8, 0, 4, 4, 192, 0, 2, 1, 0, 0, 0, 0];
    let routed = [&[0x40, 0, 8, 0, 0, 0, 0, 4], &entry[..], &hello_v4()].concat();
    let recorder = of(&routed);
    assert_eq!(recorder.protocols(), "raw:ip:gre");
    assert_eq!(
        recorder.fault(),
        "gre: the GRE flags 0x4000 have the routing present bit of RFC 1701 set, but RFC 2784 requires a receiver to discard such a packet"
    );
    assert_eq!(recorder.values("gre.routing.address_family"), ["2048", "0"]);
    assert_eq!(recorder.octets("gre.routing.information"), [192, 0, 2, 1]);
    assert_eq!(recorder.octets("gre.routing"), &entry[..8]);
    for (flags, fault) in [
        (
            8,
            "gre: the GRE flags 0x0800 have the strict source route bit of RFC 1701 set, but RFC 2784 requires a receiver to discard such a packet",
        ),
        (
            4,
            "gre: the GRE flags 0x0400 have reserved bit 5 set, but RFC 2784 requires a receiver to discard such a packet",
        ),
    ] {
        let recorder = of(&[&[flags, 0, 8, 0], &hello_v4()[..]].concat());
        assert_eq!((recorder.protocols().as_str(), recorder.fault().as_str()), ("raw:ip:gre", fault));
        assert_eq!(recorder.summary, "GRE IPv4 (0x0800), not looked into");
    }
    assert_eq!(of(&[0, 2, 0x88, 0x0b]).summary, "GRE PPP (0x880b), version 2, not looked into");
}

/// Data with an acknowledgment, data alone, and an acknowledgment alone.
const PPTP: [&[u8]; 3] = [
    &[0x30, 0x81, 0x88, 0x0b, 0, 4, 0, 23, 0, 0, 0, 9, 0, 0, 0, 8, 0xff, 3, 0x80, 0x99],
    &[0x30, 0x01, 0x88, 0x0b, 0, 4, 0, 23, 0, 0, 0, 10, 0xff, 3, 0x80, 0x99],
    &[0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 23, 0, 0, 0, 8],
];

#[test]
fn valid_pptp_is_no_fault_rfc_2637_section_4_1() {
    let [both, data, acknowledgment] = PPTP.map(of);
    for recorder in [&both, &data, &acknowledgment] {
        assert_eq!((recorder.faults(), &recorder.departures[..]), (vec![], &[][..]));
        assert_eq!(recorder.value("gre.key.call_id"), "23");
        assert!(recorder.protocols().starts_with("raw:ip:gre"), "{}", recorder.protocols());
    }
    assert_eq!((both.value("gre.sequence_number"), both.value("gre.ack_number")), ("9", "8"));
    assert_eq!((data.value("gre.key.payload_length"), data.values("gre.ack_number").len()), ("4", 0));
    assert_eq!(acknowledgment.summary, "GRE PPTP, call 23, acknowledges 8");
    assert_eq!(acknowledgment.values("gre.payload").len(), 0);
    for octets in PPTP {
        let mut sink = Roundtrip::new(true);
        Dissector::new(Options::default()).frame(built::frame(LinkType::RAW, &ipv4(47, octets)), &mut sink);
        let counts = sink.counts().iter().find(|(protocol, _)| *protocol == "gre").unwrap().1;
        assert_eq!((counts.seen, counts.identical), (1, 1), "{octets:x?}");
    }
}

#[test]
fn what_is_wrong_with_pptp_is_told_rfc_2637_section_4_1() {
    // A payload that is cut, octets behind it, flags that move the words, a type that nobody takes apart.
    let [whole, ..] = PPTP;
    let cut = of(&whole[..18]);
    assert_eq!(
        cut.fault(),
        "gre: payload at offset 16 of the GRE packet needs 4 octets, but only 2 are there"
    );
    assert_eq!(cut.value("gre.key.call_id"), "23");
    let longer = of(&[whole, &[1, 2]].concat());
    assert_eq!(
        longer.fault(),
        "gre: 2 octets follow the payload at offset 20 of the GRE packet, but nothing may follow it here"
    );
    assert_eq!(longer.octets("gre.trailer"), [1, 2]);
    let moved = of(&[&[0xb0][..], &whole[1..]].concat());
    assert!(
        moved.fault().starts_with("gre: the flags 0xb081 of a GRE packet of version 1"),
        "{}",
        moved.fault()
    );
    let header = of(&[0x30, 0x81, 0x88, 0x0b]);
    assert_eq!(
        header.fault(),
        "gre: enhanced GRE header at offset 0 of the GRE packet needs 8 octets, but only 4 are there"
    );
    let other = of(&[&whole[..2], &[0x12, 0x34], &whole[4..]].concat());
    assert_eq!(other.octets("gre.payload"), [0xff, 3, 0x80, 0x99]);
    assert_eq!(other.summary, "GRE PPTP, call 23, sequence 9, acknowledges 8, 4 octets");
    assert_eq!(
        other.departures,
        [
            "RFC 2637 section 4.1: the protocol type of enhanced GRE is 4660 (0x1234), but it should be PPP (0x880b)"
        ]
    );
}

#[test]
fn a_header_that_ends_early_is_shown_as_far_as_it_goes() {
    let whole = [0xb0, 0, 8, 0, 1, 2, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6];
    for (len, last) in [(2, "gre.flags.version"), (4, "gre.proto"), (8, "gre.offset"), (12, "gre.key")] {
        let recorder = of(&whole[..len]);
        assert_eq!(recorder.fields.last().unwrap().0, last, "{len} octets");
        assert!(matches!(recorder.faults[0].reason, Reason::Gre(_)), "{:?}", recorder.faults);
    }
    assert_eq!(of(&whole).fault(), "gre: the checksum is 0x0102, but it should be 0x47f4");
}

#[test]
fn a_checksum_is_judged_rfc_2784_section_2_5() {
    // The sum stands where zeros were when it was computed.
    let mut packet = [&[0x80, 0, 8, 0, 0, 0, 0, 0][..], &hello_v4()].concat();
    let sum = internet_checksum(&packet);
    packet[4..6].copy_from_slice(&sum.to_be_bytes());
    let right = of(&packet);
    assert_eq!((right.value("gre.checksum.status"), right.faults.len()), ("1", 0));
    packet[5] ^= 1;
    let wrong = of(&packet);
    assert_eq!(wrong.value("gre.checksum.status"), "0");
    let found = sum ^ 1;
    assert_eq!(wrong.fault(), format!("gre: the checksum is {found:#06x}, but it should be {sum:#06x}"));
    assert_eq!(wrong.departures, [""; 0], "a fault is not told twice");
    assert!(of(&packet[..packet.len() - 1]).values("gre.checksum.status").len() <= 1);
}

#[test]
fn gre_in_gre_nests_up_to_the_bound_and_a_fault_says_so() {
    let octets = (0..10_000usize).fold(hello_v4(), |inner, _| {
        if inner.len() < 60_000 { ipv4(47, &plain(0x0800, &inner)) } else { inner }
    });
    let recorder = Recorder::of(LinkType::RAW, &octets);
    assert_eq!(
        recorder.fault(),
        "frame: more than 32 protocols are nested, so the octets inside the innermost one are not dissected"
    );
    assert_eq!(recorder.protocols.len(), 33, "raw IP does not count");
}

#[test]
fn keepalives_are_recognised_out_and_back() {
    // The inner header is for the way back, from the far end to the sender.
    let back = with(Header { key: Some(40), ..Header::new(ProtocolType::KEEPALIVE) }, &[]);
    let mut inner = ipv4(47, &back);
    let (source, destination) = (SENDER.octets(), ROUTERS.octets());
    inner[12..16].copy_from_slice(&destination);
    inner[16..20].copy_from_slice(&source);
    let out = with(Header { key: Some(40), ..Header::new(ProtocolType::IPV4) }, &inner);
    let recorder = of(&out);
    assert_eq!(recorder.summary, "GRE keepalive, key 40, to come back to 10.0.0.2");
    assert_eq!(recorder.endpoints, outside(), "who sent it is who stands outside");
    assert_eq!(recorder.values("gre.proto"), ["IPv4 (2048)", "keepalive (0)"]);
    assert_eq!(of(&back).summary, "GRE keepalive returned, key 40");
    assert_eq!(of(&plain(0, &[])).summary, "GRE keepalive returned");
}

#[test]
fn a_bridged_frame_is_filled_up_from_its_own_start() {
    let frame = |payload: &[u8]| {
        let mut octets = ethernet(0x0800, &ipv4(17, &udp(50_000, 50_001, payload)));
        octets.resize(octets.len().max(60), 0);
        octets
    };
    let recorder = of(&plain(0x6558, &frame(b"short")));
    assert_eq!(recorder.octets("eth.padding"), [0; 13]);
    let long = [&frame(&[1; 30])[..], &[9, 9]].concat();
    assert_eq!(of(&plain(0x6558, &long)).value("eth.trailer"), "0909");
}

#[test]
fn erspan_says_its_words_and_what_it_cannot_read() {
    let bridged = ethernet(0x0800, &hello_v4());
    let numbered = Header { sequence_number: Some(1), ..Header::new(ProtocolType::ERSPAN) };
    let recorder = of(&with(numbered, &[&[0x10, 0x64, 0xac, 0x21, 0, 1, 0x23, 0x45], &bridged[..]].concat()));
    for (name, value) in [
        ("erspan.version", "1"),
        ("erspan.vlan", "100"),
        ("erspan.cos", "5"),
        ("erspan.encap", "1"),
        ("erspan.truncated", "1"),
        ("erspan.spanid", "33"),
        ("erspan.index", "74565"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    assert_eq!(recorder.octets("erspan.index"), [0, 1, 0x23, 0x45]);
    assert_eq!(
        of(&with(numbered, &[0x70, 0, 0, 0])).fault(),
        "erspan: the version field says 7, which this protocol does not have"
    );
    let cut = of(&plain(0x22eb, &[0x20, 5, 0, 1]));
    assert_eq!(
        cut.fault(),
        "erspan: ERSPAN header at offset 24 of the frame needs 12 octets, but only 4 are there"
    );
    assert_eq!(cut.value("erspan.vlan"), "5");
    // Frame type 2 is IP without Ethernet.
    let bare = of(&plain(0x22eb, &[&[0x20, 5, 0, 1, 0, 0, 0, 2, 0, 0, 8, 0], &hello_v4()[..]].concat()));
    assert_eq!((bare.protocols().as_str(), bare.faults.len()), ("raw:ip:gre:erspan:ip:udp:hsrp", 0));
}

#[test]
fn an_empty_tunnel_and_an_unknown_protocol_are_said_in_a_line() {
    assert_eq!(of(&plain(0x0800, &[])).summary, "GRE IPv4 (0x0800), 0 octets");
    assert_eq!(of(&plain(0x7777, &HELLO)).summary, "GRE protocol (0x7777), 20 octets");
    let cut = of(&plain(0x8909, &[8, 0, 1]));
    assert_eq!(
        cut.fault(),
        "cmd: Cisco MetaData at offset 0 of the Cisco MetaData needs 8 octets, but only 3 are there"
    );
    assert_eq!((cut.octets("cmd.type"), cut.octets("cmd.version")), (&[8, 0][..], &[1][..]));
    assert_eq!((cut.values("cmd.length"), cut.summary.as_str()), (vec![], "CMD cut after 3 octets"));
}
