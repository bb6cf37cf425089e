//! ICMP and `ICMPv6`, and the packets that they quote.

use std::net::Ipv6Addr;

use vpnwire_dissect::Dissector;
use vpnwire_dissect::Options;
use vpnwire_dissect::capture::{Frame, LinkType};

use crate::built::{self, hello_v4, internet_checksum, ipv4, ipv6, udp};
use crate::recorder::Recorder;

/// Fills in the checksum of a message.
fn summed(mut message: Vec<u8>, pseudo_header: &[u8]) -> Vec<u8> {
    let sum = internet_checksum(&[pseudo_header, &message].concat());
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    message
}

pub(crate) fn icmp(kind: u8, code: u8, rest: &[u8]) -> Vec<u8> {
    ipv4(1, &summed([&[kind, code, 0, 0], rest].concat(), &[]))
}

pub(crate) fn icmpv6(kind: u8, code: u8, rest: &[u8]) -> Vec<u8> {
    let message = [&[kind, code, 0, 0], rest].concat();
    let addresses = ["fe80::2", "ff02::66"].map(|address| address.parse::<Ipv6Addr>().unwrap().octets());
    let len = (message.len() as u32).to_be_bytes();
    let pseudo_header = [&addresses[0][..], &addresses[1], &len, &[0, 0, 0, 58]].concat();
    ipv6(58, &summed(message, &pseudo_header))
}

fn of(packet: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, packet)
}

/// ESP under SPI 0x01020304 with sequence number 5, from 10.0.0.2.
fn esp() -> Vec<u8> {
    ipv4(50, &[&[1, 2, 3, 4, 0, 0, 0, 5][..], &[0xee; 80]].concat())
}

#[test]
fn a_ping_has_identifier_sequence_and_time_to_live() {
    let ping = of(&icmp(8, 0, &[0x12, 0x34, 0, 7, 1, 2, 3]));
    assert_eq!(ping.summary, "ICMP Echo (ping) request id=0x1234 seq=7 ttl=1");
    for (name, value) in [
        ("icmp.type", "Echo (ping) request (8)"),
        ("icmp.code", "0"),
        ("icmp.checksum.status", "1"),
        ("icmp.ident", "4660"),
        ("icmp.seq", "7"),
        ("data.data", "010203"),
    ] {
        assert_eq!(ping.value(name), value, "{name}");
    }
    assert_eq!(ping.opaque, ["data.data"], "what is in a ping is nobody's business");
    let reply = of(&icmp(0, 0, &[0x12, 0x34, 0, 7]));
    assert_eq!(reply.summary, "ICMP Echo (ping) reply id=0x1234 seq=7 ttl=1");
    let v6 = of(&icmpv6(128, 0, &[0, 9, 0, 4, 0xab]));
    assert_eq!(v6.summary, "ICMPv6 Echo (ping) request id=0x0009 seq=4 hop limit=255");
    assert_eq!(v6.value("icmpv6.checksum.status"), "1");
    assert!(v6.faults.is_empty());
}

#[test]
fn a_router_that_cannot_forward_names_the_mtu_and_the_packet() {
    let quoted = &esp()[..28];
    let error = of(&icmp(3, 4, &[&[0, 0, 5, 120], quoted].concat()));
    assert_eq!(
        error.summary,
        "ICMP Destination unreachable (Fragmentation needed), MTU 1400, for ESP spi=0x01020304 seq=5, cut"
    );
    assert_eq!(error.protocols(), "raw:ip:icmp:ip:esp");
    assert_eq!((error.value("icmp.mtu"), error.value("esp.spi")), ("1400", "0x01020304"));
    assert!(error.faults.is_empty(), "a quotation ends early");
    let outside = of(&icmp(8, 0, &[0; 4])).endpoints;
    assert_eq!(error.endpoints, outside, "who says it is who stands outside");
    // RFC 4443 section 3.2.
    let too_big = of(&icmpv6(2, 0, &[&[0, 0, 5, 0][..], &ipv6(50, &[9; 100])[..48]].concat()));
    assert_eq!(too_big.summary, "ICMPv6 Packet Too Big, MTU 1280, for ESP spi=0x09090909 seq=151587081, cut");
    assert_eq!(too_big.value("icmpv6.mtu"), "1280");
}

#[test]
fn a_quoted_packet_moves_no_window_and_completes_no_datagram() {
    let mut dissector = Dissector::new(Options::default());
    let mut next = |octets: &[u8]| Recorder::next(&mut dissector, built::frame(LinkType::RAW, octets));
    let unreachable = icmp(3, 2, &[&[0; 4], &esp()[..]].concat());
    next(&esp());
    assert!(next(&unreachable).faults.is_empty(), "the packet that is quoted was sent once");
    assert!(next(&esp()).fault().contains("was accepted before"), "and this one was sent twice");
}

#[test]
fn other_errors_quote_too_and_say_what_they_have() {
    let packet = ipv4(17, &udp(1000, 2000, b"data"));
    let quote = |word: [u8; 4]| [&word[..], &packet[..28]].concat();
    for (kind, code, word, line, field) in [
        (3, 1, [0; 4], "Destination unreachable (Host unreachable)", ("icmp.unused", "00000000")),
        (5, 1, [10, 0, 0, 3], "Redirect (Redirect for host)", ("icmp.redir_gw", "10.0.0.3")),
        (
            11,
            0,
            [0; 4],
            "Time-to-live exceeded (Time to live exceeded in transit)",
            ("icmp.unused", "00000000"),
        ),
        (12, 0, [9, 0, 0, 0], "Parameter problem (Pointer indicates the error)", ("icmp.pointer", "9")),
    ] {
        let error = of(&icmp(kind, code, &quote(word)));
        assert_eq!(error.summary, format!("ICMP {line}, for UDP 1000 → 2000 len 0"));
        assert_eq!(error.values(field.0)[0], field.1, "{line}");
    }
    // RFC 4884 section 4.1: the quotation has a length in words, and extensions stand behind it.
    let quotation = [&packet[..], &vec![0; 128 - packet.len()]].concat();
    let extended = of(&icmp(11, 0, &[&[0, 32, 0, 0][..], &quotation, &[0x20, 0, 0, 0]].concat()));
    assert_eq!(extended.value("icmp.length"), "32");
    assert_eq!(extended.value("icmp.ext.version"), "2");
    assert_eq!(extended.value("udp.payload"), "64617461");
    assert!(extended.faults.is_empty());
    // The HSRP packet in it is shown, and changes nothing.
    let hsrp = of(&icmp(3, 3, &[&[0; 4], &hello_v4()[..]].concat()));
    assert_eq!(hsrp.protocols(), "raw:ip:icmp:ip:udp:hsrp");
    assert!(
        hsrp.summary
            .starts_with("ICMP Destination unreachable (Port unreachable), for HSRP Hello (state Active)")
    );
}

#[test]
fn a_wrong_checksum_is_a_fault_and_a_cut_message_has_none() {
    let mut packet = icmp(8, 0, &[0, 1, 0, 2, 3]);
    let last = packet.len() - 1;
    packet[last] ^= 1;
    let wrong = of(&packet);
    assert!(wrong.fault().starts_with("icmp: the checksum is 0x"), "{}", wrong.fault());
    assert_eq!(wrong.value("icmp.checksum.status"), "0");
    let mut packet = icmpv6(129, 0, &[0, 1, 0, 2]);
    packet[40 + 4] ^= 0x80;
    assert!(of(&packet).fault().starts_with("icmpv6: the checksum is 0x"));
    let frame = built::frame(LinkType::RAW, &packet[..packet.len() - 1]);
    let cut = Frame { len: packet.len(), ..frame };
    let shown = Recorder::next(&mut Dissector::new(Options::default()), cut);
    assert!(shown.faults.is_empty() && shown.values("icmpv6.checksum.status").is_empty());
    assert_eq!(
        of(&ipv4(1, &[8, 0])).fault(),
        "icmp: ICMP header at offset 20 of the frame needs 8 octets, but only 2 are there"
    );
}

#[test]
fn neighbours_announce_virtual_addresses_rfc_4861() {
    let target = "fe80::5:73ff:fea0:1".parse::<Ipv6Addr>().unwrap().octets();
    let option = [2, 1, 0, 5, 0x73, 0xa0, 0, 1];
    let advertisement = of(&icmpv6(136, 0, &[&[0xa0, 0, 0, 0][..], &target, &option].concat()));
    assert_eq!(
        advertisement.summary,
        "ICMPv6 Neighbor Advertisement fe80::5:73ff:fea0:1 (rtr, ovr) is at 00:05:73:a0:00:01 [HSRP version 2 for IPv6, \
         group 1]"
    );
    assert_eq!(advertisement.value("icmpv6.nd.na.flag.s"), "false");
    assert_eq!(advertisement.octets("icmpv6.opt.linkaddr"), &option[2..]);
    let question = of(&icmpv6(135, 0, &[&[0; 4][..], &target, &[1, 1, 2, 0, 0, 0, 0, 9]].concat()));
    assert_eq!(
        question.summary,
        "ICMPv6 Neighbor Solicitation for fe80::5:73ff:fea0:1 from 02:00:00:00:00:09"
    );
    let prefix = [&[3, 4, 64, 0xc0][..], &[0xff; 4], &[0, 0, 0, 9], &[0; 4], &target].concat();
    let router = of(&icmpv6(
        134,
        0,
        &[&[64, 8, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1][..], &prefix, &[5, 1, 0, 0, 0, 0, 5, 0xdc]].concat(),
    ));
    assert_eq!(router.value("icmpv6.nd.ra.router_lifetime"), "1800");
    assert_eq!(router.value("icmpv6.opt.prefix.valid_lifetime"), "4294967295");
    assert_eq!(router.value("icmpv6.opt.mtu"), "1500");
    // An option of length 0 would go on for ever.
    let broken = of(&icmpv6(136, 0, &[&[0; 4][..], &target, &[2, 0, 1, 1, 1, 1, 1, 1]].concat()));
    assert!(broken.fault().contains("has length 0, but its header alone has 8 octets"), "{}", broken.fault());
}
