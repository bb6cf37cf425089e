//! IPv4 and IPv6, their options and extension headers, UDP, and wrong lengths.

use vpnwire_dissect::Span;
use vpnwire_dissect::capture::LinkType;

use crate::built::{
    HELLO, SENDER_MAC, ethernet, hello_v2, hello_v4, hello_v6, ipv4, ipv4_of_length, ipv6, udp, udp_of_length,
};
use crate::recorder::Recorder;

fn raw(octets: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, octets)
}

#[test]
fn the_fields_of_ipv4() {
    let mut octets = hello_v4();
    octets[1] = 0xc2;
    octets[4..8].copy_from_slice(&[0x12, 0x34, 0xc0, 0]);
    octets[10..12].copy_from_slice(&[0xab, 0xcd]);
    let recorder = raw(&octets);
    for (name, value) in [
        ("ip.version", "4"),
        ("ip.hdr_len", "20"),
        ("ip.dsfield", "0xc2"),
        ("ip.dsfield.dscp", "48"),
        ("ip.dsfield.ecn", "2"),
        ("ip.len", "48"),
        ("ip.id", "0x1234"),
        ("ip.flags.rb", "true"),
        ("ip.flags.df", "true"),
        ("ip.flags.mf", "false"),
        ("ip.frag_offset", "0"),
        ("ip.ttl", "1"),
        ("ip.checksum", "0xabcd"),
        ("ip.src", "10.0.0.2"),
        ("ip.dst", "224.0.0.2"),
        ("udp.srcport", "1985"),
        ("udp.dstport", "1985"),
        ("udp.length", "28"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    assert_eq!(recorder.octets("ip.dst"), [224, 0, 0, 2]);
    assert!(recorder.value("ip.proto").ends_with("(17)"));
}

#[test]
fn ipv4_options_are_shown_and_passed() {
    for words in 1..=10usize {
        let mut octets = hello_v4();
        octets[0] = 0x45 + words as u8;
        octets[2..4].copy_from_slice(&(48 + 4 * words as u16).to_be_bytes());
        // Router alert, then no operation.
        let mut options = vec![0x94, 4, 0, 0];
        options.resize(4 * words, 1);
        octets.splice(20..20, options.clone());
        let recorder = raw(&octets);
        assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("raw:ip:udp:hsrp", 0));
        assert_eq!(recorder.octets("ip.options"), options);
        assert_eq!(recorder.value("ip.hdr_len"), (20 + 4 * words).to_string());
    }
}

#[test]
fn a_header_of_ip_that_is_cut_is_shown_as_far_as_it_goes() {
    let whole = hello_v4();
    let cut = |len: usize| raw(&whole[..len]);
    assert_eq!((cut(1).value("ip.hdr_len"), cut(1).values("ip.dsfield")), ("20", vec![]));
    assert_eq!((cut(9).octets("ip.ttl"), cut(9).values("ip.proto")), (&whole[8..9], vec![]));
    assert_eq!((cut(16).octets("ip.src"), cut(19).values("ip.dst")), (&whole[12..16], vec![]));
    assert_eq!(
        cut(19).fault(),
        "ip: IPv4 header at offset 0 of the frame needs 20 octets, but only 19 are there"
    );
    let six = [&[0x60, 0, 0, 0, 0, 8, 17, 64][..], &[0x11; 32]].concat();
    let cut = |len: usize| raw(&six[..len]);
    assert_eq!((cut(3).value("ipv6.version"), cut(3).values("ipv6.tclass")), ("6", vec![]));
    assert_eq!((cut(7).value("ipv6.nxt"), cut(7).values("ipv6.hlim")), ("UDP (17)", vec![]));
    assert_eq!((cut(24).octets("ipv6.src"), cut(39).values("ipv6.dst")), (&[0x11; 16][..], vec![]));
    assert_eq!(
        cut(39).fault(),
        "ipv6: IPv6 header at offset 0 of the frame needs 40 octets, but only 39 are there"
    );
}

#[test]
fn ipv4_headers_that_cannot_be() {
    let mut octets = hello_v4();
    octets[0] = 0x44;
    let recorder = raw(&octets);
    assert_eq!(recorder.fault(), "ip: the ip.hdr_len field says 16, but it must be at least 20");
    assert_eq!(recorder.protocols(), "raw:ip");
    octets[0] = 0x4f;
    assert_eq!(
        raw(&octets).fault(),
        "ip: IPv4 header at offset 0 of the frame needs 60 octets, but only 48 are there"
    );
}

#[test]
fn ipv4_total_length_below_the_header() {
    let recorder = raw(&ipv4_of_length(19, &udp(1985, 1985, &HELLO)));
    assert_eq!(
        (recorder.protocols().as_str(), recorder.fault().as_str()),
        ("raw:ip", "ip: the ip.len field says 19, but it must be at least 20")
    );
    assert_eq!(recorder.faults[0].span, Span { source: 0, start: 2, len: 2 });
    let mut octets = ipv4_of_length(23, &udp(1985, 1985, &HELLO));
    octets[0] = 0x46;
    assert_eq!(raw(&octets).fault(), "ip: the ip.len field says 23, but it must be at least 24");
}

#[test]
fn ipv4_total_length_beyond_the_frame() {
    let recorder = raw(&ipv4_of_length(49, &udp(1985, 1985, &HELLO)));
    assert_eq!(
        recorder.fault(),
        "ip: IPv4 packet at offset 0 of the frame needs 49 octets, but only 48 are there"
    );
    assert_eq!(recorder.protocols(), "raw:ip:udp:hsrp", "what there is is shown");
}

#[test]
fn ipv4_total_length_zero_ends_with_the_frame() {
    let recorder = raw(&ipv4_of_length(0, &udp(1985, 1985, &HELLO)));
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("raw:ip:udp:hsrp", 0));
}

#[test]
fn ipv4_total_length_ends_the_packet_before_the_frame() {
    let mut octets = hello_v4();
    octets.extend([0xee; 9]);
    let recorder = raw(&octets);
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("raw:ip:udp:hsrp", 0));
    let recorder = raw(&ipv4_of_length(40, &udp(1985, 1985, &HELLO)));
    assert_eq!(
        recorder.faults()[0],
        "udp: UDP datagram at offset 20 of the frame needs 28 octets, but only 20 are there"
    );
}

#[test]
fn the_fields_of_ipv6() {
    let mut octets = hello_v6();
    octets[..4].copy_from_slice(&[0x6c, 0x21, 0x23, 0x45]);
    let recorder = raw(&octets);
    for (name, value) in [
        ("ipv6.version", "6"),
        ("ipv6.tclass", "0x000000c2"),
        ("ipv6.tclass.dscp", "48"),
        ("ipv6.tclass.ecn", "2"),
        ("ipv6.flow", "0x012345"),
        ("ipv6.plen", "50"),
        ("ipv6.hlim", "255"),
        ("ipv6.src", "fe80::2"),
        ("ipv6.dst", "ff02::66"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    assert!(recorder.value("ipv6.nxt").ends_with("(17)"));
}

#[test]
fn ipv6_extension_headers_down_to_version_2() {
    let datagram = udp(2029, 2029, &hello_v2());
    // Hop-by-hop options; routing of type 0 without addresses; destination options of 16 octets; a whole fragment.
    let destination = [[17, 1, 1, 12].as_slice(), &[0; 12], &datagram].concat();
    let atomic = [[60, 0, 0, 0, 0, 0, 0, 9].as_slice(), &destination].concat();
    let routing = [[44, 0, 4, 2, 0, 0, 0, 0].as_slice(), &atomic].concat();
    let hop_by_hop = [[43, 0, 5, 2, 0, 0, 1, 0].as_slice(), &routing].concat();
    for (octets, protocols) in [
        (ipv6(60, &destination), "raw:ipv6:ipv6.dstopts:udp:hsrp"),
        (ipv6(44, &atomic), "raw:ipv6:ipv6.fraghdr:ipv6.dstopts:udp:hsrp"),
        (ipv6(43, &routing), "raw:ipv6:ipv6.routing:ipv6.fraghdr:ipv6.dstopts:udp:hsrp"),
        (ipv6(0, &hop_by_hop), "raw:ipv6:ipv6.hopopts:ipv6.routing:ipv6.fraghdr:ipv6.dstopts:udp:hsrp"),
    ] {
        let recorder = raw(&octets);
        assert_eq!(recorder.protocols(), protocols);
        assert_eq!(recorder.faults(), [""; 0]);
        assert_eq!(recorder.value("hsrp2.group"), "10");
        assert_eq!(recorder.value("ipv6.dstopts.len"), "1");
    }
    let recorder = raw(&ipv6(0, &hop_by_hop));
    assert_eq!(recorder.value("ipv6.hopopts.nxt"), "43");
    assert_eq!(recorder.value("ipv6.routing.nxt"), "44");
    assert_eq!((recorder.value("ipv6.routing.type"), recorder.value("ipv6.routing.segleft")), ("4", "2"));
    assert_eq!(recorder.value("ipv6.fraghdr.nxt"), "60");
    assert_eq!(recorder.value("ipv6.fraghdr.ident"), "0x00000009");
    assert_eq!(recorder.value("ipv6.fraghdr.more"), "false");
}

#[test]
fn ipv6_extension_headers_that_are_cut() {
    for (next, title) in [
        (0, "IPv6 Hop-by-Hop Options"),
        (43, "IPv6 Routing Header"),
        (60, "IPv6 Destination Options"),
        (44, "IPv6 Fragment Header"),
    ] {
        let recorder = raw(&ipv6(next, &[17, 0, 0, 0, 0, 0, 0]));
        assert!(
            recorder.fault().ends_with(&format!(
                "{title} at offset 40 of the frame needs 8 octets, but only 7 are there"
            )),
            "{}",
            recorder.fault()
        );
        let recorder = raw(&ipv6(next, &[]));
        assert!(recorder.fault().ends_with("needs 8 octets, but only 0 are there"));
    }
    let recorder = raw(&ipv6(60, &[17, 1, 0, 0, 0, 0, 0, 0]));
    assert_eq!(
        recorder.fault(),
        "ipv6.dstopts: IPv6 Destination Options at offset 40 of the frame needs 16 octets, but only 8 are there"
    );
}

#[test]
fn ipv6_payload_length_beyond_the_frame_and_zero() {
    let mut octets = hello_v6();
    octets[5] = 51;
    let recorder = raw(&octets);
    assert_eq!(
        recorder.fault(),
        "ipv6: IPv6 packet at offset 0 of the frame needs 91 octets, but only 90 are there"
    );
    assert_eq!(recorder.protocols(), "raw:ipv6:udp:hsrp");
    octets[5] = 0;
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0x86dd, &octets));
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("eth:ipv6:udp:hsrp", 0));
    assert_eq!(recorder.values("eth.trailer"), [""; 0], "the payload is not a trailer");
}

#[test]
fn udp_length_below_its_header() {
    for length in 1..8 {
        let recorder = raw(&ipv4(17, &udp_of_length(1985, 1985, length, &HELLO)));
        assert_eq!(
            recorder.fault(),
            format!("udp: the udp.length field says {length}, but it must be at least 8")
        );
        assert_eq!(recorder.protocols(), "raw:ip:udp");
        assert_eq!(recorder.values("udp.payload"), [""; 0]);
    }
}

#[test]
fn udp_length_beyond_its_packet() {
    let recorder = raw(&ipv4(17, &udp_of_length(1985, 1985, 29, &HELLO)));
    assert_eq!(
        recorder.fault(),
        "udp: UDP datagram at offset 20 of the frame needs 29 octets, but only 28 are there"
    );
    assert_eq!(recorder.protocols(), "raw:ip:udp:hsrp");
}

#[test]
fn udp_length_zero_is_a_jumbogram_in_ipv6_only() {
    let recorder = raw(&ipv4(17, &udp_of_length(1985, 1985, 0, &HELLO)));
    assert_eq!(recorder.fault(), "udp: the udp.length field says 0, but it must be at least 8");
    assert_eq!(recorder.protocols(), "raw:ip:udp");
    // RFC 2675 section 4.
    let recorder = raw(&ipv6(17, &udp_of_length(2029, 2029, 0, &hello_v2())));
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("raw:ipv6:udp:hsrp", 0));
}

#[test]
fn udp_length_ends_the_datagram_before_its_packet() {
    let octets = [&udp(1985, 1985, &HELLO)[..], &[0xee; 5]].concat();
    let recorder = raw(&ipv4(17, &octets));
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("raw:ip:udp:hsrp", 0));
    assert_eq!(recorder.value("udp.payload").len(), 40);
}

#[test]
fn udp_headers_that_are_cut() {
    for len in 0..8 {
        let recorder = raw(&ipv4(17, &udp(1985, 1985, &[])[..len]));
        assert_eq!(
            recorder.fault(),
            format!("udp: UDP header at offset 20 of the frame needs 8 octets, but only {len} are there")
        );
    }
}

#[test]
fn an_empty_datagram_holds_no_message() {
    let recorder = raw(&ipv4(17, &udp(1985, 1985, &[])));
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("raw:ip:udp", 0));
    assert_eq!(recorder.summary, "UDP 1985 → 1985 len 0");
}

#[test]
fn ip_in_ip_shows_both() {
    let recorder = raw(&ipv4(4, &hello_v4()));
    assert_eq!(recorder.protocols(), "raw:ip:ip:udp:hsrp");
    assert_eq!(recorder.values("ip.len"), ["68", "48"]);
    let recorder = raw(&ipv4(41, &hello_v6()));
    assert_eq!(recorder.protocols(), "raw:ip:ipv6:udp:hsrp");
    assert_eq!(recorder.value("hsrp2.group"), "10");
    let recorder = raw(&ipv6(4, &hello_v4()));
    assert_eq!(recorder.protocols(), "raw:ipv6:ip:udp:hsrp");
}

#[test]
fn the_links_sender_is_not_that_of_a_packet_in_a_tunnel() {
    // The active router of group 1 sends from 0000.0c07.ac01. Any other source is a departure. In a tunnel the MAC
    // address belongs to the tunnel.
    let mac = |octets: &[u8]| {
        Recorder::of(LinkType::ETHERNET, octets)
            .departures
            .iter()
            .filter(|text| text.contains("but its Hello came from"))
            .count()
    };
    let mut octets = ethernet(0x0800, &hello_v4());
    assert_eq!(octets[6..12], SENDER_MAC);
    assert_eq!(mac(&octets), 0);
    octets[11] = 9;
    assert_eq!(mac(&octets), 1);
    let mut octets = ethernet(0x0800, &ipv4(4, &hello_v4()));
    octets[11] = 9;
    assert_eq!(mac(&octets), 0);
}

#[test]
fn protocols_that_are_not_known_are_named() {
    assert_eq!(raw(&ipv4(89, &[0; 24])).summary, "OSPFIGP 24 octets");
    assert_eq!(raw(&ipv4(253, &[0; 24])).faults(), [""; 0]);
}

#[test]
fn a_port_that_is_hsrps_by_chance_is_none() {
    let to = |destination: [u8; 4], datagram: &[u8]| {
        let mut octets = ipv4(17, datagram);
        octets[16..20].copy_from_slice(&destination);
        let recorder = raw(&octets);
        (recorder.protocols(), recorder.faults().len())
    };
    // A DNS client may use that port. Then the first octet belongs to the identification of the query.
    let query = [&[0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], b"\x03www\0\0\x01\0\x01"].concat();
    for port in [1985, 2029] {
        assert_eq!(to([8, 8, 8, 8], &udp(port, 53, &query)), ("raw:ip:udp".to_owned(), 0));
        assert_eq!(to([10, 0, 0, 2], &udp(53, port, &query)), ("raw:ip:udp".to_owned(), 0));
        assert_eq!(to([239, 255, 255, 250], &udp(port, 1900, &HELLO)), ("raw:ip:udp".to_owned(), 0));
    }
    // HSRP is sent from any port to the routers' group address, or from the port to the same port of one router.
    assert_eq!(to([224, 0, 0, 2], &udp(40_000, 1985, &HELLO)), ("raw:ip:udp:hsrp".to_owned(), 0));
    assert_eq!(to([10, 0, 0, 3], &udp(1985, 1985, &HELLO)), ("raw:ip:udp:hsrp".to_owned(), 0));
}

#[test]
fn version_1_of_another_version_is_shown_all_the_same() {
    // RFC 2281 section 5.1: the version of the message is 0. The numbers 1 to 4 are TLV types of version 2, but this
    // is not a version 2 message.
    for version in [1, 4, 5, 255] {
        let mut message = HELLO;
        message[0] = version;
        let recorder = raw(&ipv4(17, &udp(1985, 1985, &message)));
        assert_eq!(
            recorder.fault(),
            format!(
                "hsrp: the version octet at offset 0 of the HSRP message is {version}, but a version 1 message carries 0"
            )
        );
        for (name, value) in [
            ("hsrp.version", version.to_string()),
            ("hsrp.state", "Active (16)".to_owned()),
            ("hsrp.virt_ip", "172.16.172.53".to_owned()),
        ] {
            assert_eq!(recorder.value(name), value, "{name}");
        }
        assert_eq!(recorder.values("hsrp2.group_state_tlv"), [""; 0]);
    }
    // A version 2 message that was sent there is nevertheless one.
    let recorder = raw(&ipv4(17, &udp(1985, 1985, &hello_v2())));
    assert_eq!((recorder.faults().len(), recorder.value("hsrp2.group")), (0, "10"));
}
