//! What the line of a packet says although a part of the packet is not there, and what it says of packets before it.

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::{Dissector, Options};

use sctp::ChunkFlags;

use crate::built::{self, HELLO, fragment_v4, hello_v2, ipv4, ipv6, udp};
use crate::dmvpn;
use crate::recorder::Recorder;
use crate::sctp::{data, packet};

/// The line of a packet of raw IP, of which `missing` octets were not captured.
fn said(octets: &[u8], missing: usize) -> String {
    let frame = Frame { len: octets.len() + missing, ..built::frame(LinkType::RAW, octets) };
    Recorder::next(&mut Dissector::new(Options::default()), frame).summary
}

/// The lines of the first octets of a packet in IP, from `from` octets of it on.
fn cut(whole: &[u8], header_len: usize, ends: &[(usize, &str)]) {
    for (len, expected) in ends {
        let end = header_len + len;
        assert_eq!(said(&whole[..end], whole.len() - end), *expected, "{len} octets");
    }
}

#[test]
fn a_hello_that_is_cut_says_what_is_there_of_it() {
    cut(
        &ipv4(17, &udp(1985, 1985, &HELLO)),
        28,
        &[
            (1, "HSRP cut after 1 octets"),
            (2, "HSRP Hello, cut after 2 octets"),
            (5, "HSRP Hello (state Active), cut after 5 octets"),
            (6, "HSRP Hello (state Active), priority 200, cut after 6 octets"),
            (19, "HSRP Hello (state Active), group 1, priority 200, cut after 19 octets"),
            (20, "HSRP Hello (state Active), group 1, priority 200, virtual address 172.16.172.53"),
        ],
    );
    cut(
        &ipv6(17, &udp(2029, 2029, &hello_v2())),
        48,
        &[
            (3, "HSRPv2 cut after 1 octets"),
            (5, "HSRPv2 Hello (state Active), cut after 3 octets"),
            (8, "HSRPv2 Hello (state Active), group 10, cut after 6 octets"),
            (18, "HSRPv2 Hello (state Active), group 10, priority 100, cut after 16 octets"),
            (42, "HSRPv2 Hello (state Active), group 10, priority 100, virtual address fe80::5:73ff:fea0:a"),
        ],
    );
}

#[test]
fn an_advertise_that_is_cut_is_an_advertise() {
    let advertise = [0, 3, 0, 1, 0, 10, 1, 0, 0, 1, 0, 2, 0, 0, 0, 0];
    let whole = ipv4(17, &udp(1985, 1985, &advertise));
    cut(
        &whole,
        28,
        &[(2, "HSRP Advertise, cut after 2 octets"), (15, "HSRP Advertise, cut after 15 octets")],
    );
}

#[test]
fn an_interface_state_that_is_cut_is_an_interface_state() {
    let whole = ipv6(17, &udp(2029, 2029, &[2, 4, 0, 1, 0, 2]));
    cut(
        &whole,
        48,
        &[
            (5, "HSRPv2 Interface State TLV, cut after 3 octets"),
            (6, "HSRPv2 Interface State TLV (Act=1 Pass=2)"),
        ],
    );
}

#[test]
fn a_tunnel_that_is_cut_says_its_numbers() {
    let ah = [4, 4, 0, 0, 0, 0, 1, 2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    cut(
        &ipv4(51, &ah),
        20,
        &[
            (7, "AH cut"),
            (8, "AH spi=0x00000102, cut"),
            (11, "AH spi=0x00000102, cut"),
            (12, "AH spi=0x00000102 seq=7, cut"),
        ],
    );
    let mut short = ah;
    short[1] = 0;
    assert_eq!(said(&ipv4(51, &short), 0), "AH spi=0x00000102 seq=7, broken");
    let esp = [0, 0, 1, 2, 0, 0, 0, 7];
    cut(&ipv4(50, &esp), 20, &[(3, "ESP cut"), (7, "ESP spi=0x00000102, cut")]);
    assert_eq!(said(&ipv4(50, &esp[..7]), 0), "ESP spi=0x00000102, too short");
    let gre = [0xb0, 0, 0x08, 0, 1, 2, 0, 0, 0, 0, 0, 40, 0, 0, 0, 9];
    cut(
        &ipv4(47, &gre),
        20,
        &[
            (3, "GRE cut after 3 octets"),
            (4, "GRE IPv4 (0x0800), cut after 4 octets"),
            (15, "GRE IPv4 (0x0800), cut after 15 octets"),
        ],
    );
}

#[test]
fn a_header_that_is_cut_says_its_ports_or_its_name() {
    let datagram = ipv4(17, &udp(53, 4000, &[1, 2]));
    cut(&datagram, 0, &[(19, "IPv4 header, cut after 19 octets")]);
    cut(&datagram, 20, &[(3, "UDP cut after 3 octets"), (7, "UDP 53 → 4000, cut after 7 octets")]);
    let segment = [0x11, 0x94, 0x9c, 0x40, 0, 0, 0, 7, 0, 0, 0, 1, 0x50, 2, 0x20, 0, 0, 0, 0, 0];
    let segment = ipv4(6, &segment);
    cut(&segment, 20, &[(3, "TCP cut after 3 octets"), (19, "TCP 4500 → 40000, cut after 19 octets")]);
    let options = ipv6(0, &[17, 0, 1, 4, 0, 0, 0, 0]);
    cut(&options, 0, &[(39, "IPv6 header, cut after 39 octets")]);
    cut(&options, 40, &[(7, "IPv6 IPv6 Hop-by-Hop Options, cut after 7 octets")]);
    let fragment = ipv6(44, &[17, 0, 0, 1, 0, 0, 0, 1]);
    cut(&fragment, 40, &[(7, "IPv6 IPv6 Fragment Header, cut after 7 octets")]);
    let mut short = udp(53, 4000, &[]);
    short[5] = 7;
    assert_eq!(said(&ipv4(17, &short), 0), "UDP 53 → 4000 length field 7");
}

#[test]
fn a_fragment_says_its_datagram_and_its_protocol() {
    let fragment = fragment_v4(0xbeef, 64, true, &[0; 16]);
    assert_eq!(said(&fragment, 0), "IPv4 fragment of 16 octets at 64 of datagram 0xbeef, UDP (17)");
    assert_eq!(said(&fragment[..30], 6), "IPv4 fragment at 64 of datagram 0xbeef, UDP (17), cut");
}

#[test]
fn the_line_of_a_syn_has_its_options() {
    let said = |options: &[u8]| {
        let words = u8::try_from(options.len() / 4).unwrap() + 5;
        let header = [
            &[0x11, 0x94, 0x9c, 0x40, 0, 0, 0, 7, 0, 0, 0, 1, words << 4, 0x12, 0x20, 0, 0, 0, 0, 0],
            options,
        ];
        said(&ipv4(6, &header.concat()), 0)
    };
    assert_eq!(
        said(&[2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7]),
        "TCP 4500 → 40000 [SYN, ACK] seq=7 ack=1 win=8192 len 0 MSS=1460 SACK_PERM TSval=1 TSecr=2 WS=128"
    );
    assert_eq!(
        said(&[1, 1, 5, 10, 0, 0, 0, 10, 0, 0, 0, 20]),
        "TCP 4500 → 40000 [SYN, ACK] seq=7 ack=1 win=8192 len 0 SLE=10 SRE=20"
    );
    let shift = said(&[3, 3, 255, 0]);
    assert!(shift.ends_with(" len 0 WS=16384"), "no receiver shifts by more than 14: {shift}");
    let malformed = said(&[2, 0, 5, 0xb4]);
    assert!(malformed.ends_with(" len 0"), "nothing is known of a malformed option: {malformed}");
}

#[test]
fn a_reply_names_the_frame_of_its_request() {
    let echo = |kind: u8, number: u8| [kind, 0, 0, 0, 0x12, 0x34, 0, number];
    let (to, from) = (ipv4(1, &echo(8, 7)), |number| {
        let mut packet = ipv4(1, &echo(0, number));
        let (source, destination) = ([10, 0, 0, 2], [224, 0, 0, 2]);
        packet[12..16].copy_from_slice(&destination);
        packet[16..20].copy_from_slice(&source);
        packet
    });
    let mut dissector = Dissector::new(Options::default());
    let mut next = |number, octets: &[u8]| {
        let frame = Frame { number, ..built::frame(LinkType::RAW, octets) };
        Recorder::next(&mut dissector, frame).summary
    };
    assert_eq!(next(1, &from(7)), "ICMP Echo (ping) reply id=0x1234 seq=7 ttl=1");
    assert_eq!(next(2, &to), "ICMP Echo (ping) request id=0x1234 seq=7 ttl=1");
    assert_eq!(next(3, &from(7)), "ICMP Echo (ping) reply id=0x1234 seq=7 ttl=1 (request in 2)");
    assert_eq!(next(4, &from(8)), "ICMP Echo (ping) reply id=0x1234 seq=8 ttl=1", "of another request");
    assert_eq!(next(5, &to), "ICMP Echo (ping) request id=0x1234 seq=7 ttl=1");
    assert_eq!(next(6, &from(7)), "ICMP Echo (ping) reply id=0x1234 seq=7 ttl=1 (request in 5)");
    let quoted = ipv4(1, &[&[3, 1, 0, 0, 0, 0, 0, 0], &to[..]].concat());
    next(7, &quoted);
    assert!(next(8, &from(7)).ends_with("(request in 5)"), "what is quoted was sent before");
    let v6 = |kind, swapped: bool| {
        let mut packet = ipv6(58, &echo(kind, 9));
        if swapped {
            let (source, destination) = (packet[8..24].to_vec(), packet[24..40].to_vec());
            packet[8..24].copy_from_slice(&destination);
            packet[24..40].copy_from_slice(&source);
        }
        packet
    };
    next(9, &v6(128, false));
    let reply = next(10, &v6(129, true));
    assert_eq!(reply, "ICMPv6 Echo (ping) reply id=0x1234 seq=9 hop limit=255 (request in 9)");
}

#[test]
fn a_chunk_says_which_part_of_a_message_it_has_and_whether_it_was_sent_before() {
    const WHOLE: ChunkFlags = ChunkFlags(ChunkFlags::B.0 | ChunkFlags::E.0);
    let mut dissector = Dissector::new(Options::default());
    let mut next = |octets: &[u8]| {
        let octets = ipv4(132, octets);
        Recorder::next(&mut dissector, built::frame(LinkType::RAW, &octets)).summary
    };
    let parts = [
        data(7, 3, ChunkFlags::B, b"abcd"),
        data(8, 3, ChunkFlags(0), b"abcd"),
        data(9, 3, ChunkFlags::E, b"abcd"),
        data(10, 0, WHOLE, b"abcd"),
    ];
    assert_eq!(
        next(&packet(1, &parts)),
        "SCTP 5000 → 5001 DATA 7 (M3UA, first fragment), DATA 8 (M3UA, middle fragment), \
         DATA 9 (M3UA, last fragment), DATA 10"
    );
    assert_eq!(next(&packet(1, &parts[3..])), "SCTP 5000 → 5001 DATA 10 (retransmission)");
    assert_eq!(next(&packet(2, &parts[3..])), "SCTP 5000 → 5001 DATA 10", "another association");
    let mut damaged = packet(2, &[data(11, 0, WHOLE, b"abcd")]);
    damaged[11] ^= 1;
    next(&damaged);
    let again = packet(2, &[data(11, 0, WHOLE, b"abcd")]);
    assert_eq!(next(&again), "SCTP 5000 → 5001 DATA 11", "its receiver dropped the first one");
}

#[test]
fn a_chunk_that_is_cut_says_what_is_there_of_it() {
    let init = [1, 0, 0, 20, 0, 0, 0, 9, 0, 0, 16, 0, 0, 3, 0, 4, 0, 0, 0, 5];
    let whole = ipv4(132, &[&[19, 136, 19, 137, 0, 0, 0, 0, 0, 0, 0, 0], &init[..]].concat());
    cut(
        &whole,
        20,
        &[
            (31, "SCTP 5000 → 5001 INIT"),
            (32, "SCTP 5000 → 5001 INIT 5 (tag 0x00000009, window 4096, streams 3 out, 4 in) (no checksum)"),
            (14, "SCTP 5000 → 5001 broken INIT"),
        ],
    );
    let sent = ipv4(132, &packet(1, &[data(7, 3, ChunkFlags::B, b"abcd")]));
    cut(&sent, 20, &[(20, "SCTP 5000 → 5001 DATA 7 (first fragment)"), (19, "SCTP 5000 → 5001 DATA")]);
}

#[test]
fn an_nhrp_packet_that_is_cut_says_its_request() {
    let request = dmvpn::request(&[]);
    cut(
        &ipv4(54, &request),
        20,
        &[
            (19, "NHRP cut after 19 octets"),
            (27, "NHRP Registration Request, cut after 27 octets"),
            (30, "NHRP Registration Request 7, cut after 30 octets"),
        ],
    );
    let mut other = request;
    other[16] = 2;
    assert_eq!(said(&ipv4(54, &other), 0), "NHRP Registration Request 7, version 2");
}

#[test]
fn a_reply_names_its_codes_and_its_networks() {
    use nhrp::{Cie, CieCode, MandatoryPart};
    let cie = |code, network: &'static [u8], prefix_length| Cie {
        code,
        prefix_length,
        client_protocol_address: network,
        client_nbma_address: nhrp::NbmaAddress::new(&[192, 0, 2, 9]),
        ..Cie::default()
    };
    let cies = [
        cie(CieCode::SUCCESS, &[10, 1, 2, 0], 24),
        cie(CieCode::SUCCESS, &[10, 1, 3, 1], 32),
        cie(CieCode::NO_BINDING, &[], 0),
        cie(CieCode::SUCCESS, &[], 0),
    ];
    let reply = dmvpn::exchange(MandatoryPart::ResolutionReply, &cies);
    assert_eq!(
        said(&ipv4(54, &reply), 0),
        "NHRP Resolution Reply 7: 10.0.0.2 (192.0.2.2) → 10.0.0.1: Success, 10.1.2.0/24 at 192.0.2.9; \
         Success, 10.1.3.1 at 192.0.2.9; No Internetworking Layer Address to NBMA Address Binding Exists, \
         at 192.0.2.9; 1 more"
    );
    let purge = dmvpn::exchange(MandatoryPart::PurgeRequest, &cies[..1]);
    assert_eq!(
        said(&ipv4(54, &purge), 0),
        "NHRP Purge Request 7: 10.0.0.2 (192.0.2.2) → 10.0.0.1: 10.1.2.0/24 at 192.0.2.9"
    );
}

#[test]
fn a_packet_of_ospf_is_named_by_its_type() {
    assert_eq!(said(&ipv4(89, &[2, 1, 0, 4]), 0), "OSPF Hello, 4 octets");
    assert_eq!(said(&ipv4(89, &[3, 5, 0, 4]), 0), "OSPF Link State Acknowledgment, 4 octets");
    assert_eq!(said(&ipv4(89, &[2, 6, 0, 4]), 0), "OSPFIGP 4 octets");
    assert_eq!(said(&ipv4(89, &[2]), 0), "OSPFIGP 1 octets");
}
