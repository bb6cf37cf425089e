//! The links and tunnels around IP that have no crate of their own. Each carries the same Hello.

use vpnwire_dissect::capture::LinkType;

use crate::built::{HELLO, ethernet, hello_v4, hello_v6, ipv4, udp};
use crate::recorder::Recorder;

const SAID: &str = "HSRP Hello (state Active), group 1, priority 200, virtual address 172.16.172.53";

fn of(link: u32, octets: &[u8]) -> Recorder {
    Recorder::of(LinkType(link), octets)
}

fn before(header: &[u8], packet: &[u8]) -> Vec<u8> {
    [header, packet].concat()
}

#[test]
fn every_link_leads_to_the_packet() {
    let attributes = [&[8, 0, 1, 0, 8, 0, 3, 0][..], &[5, 0, 10, 0, b'x', 0, 0, 0], &[52, 0, 9, 0]].concat();
    let cases: [(u32, Vec<u8>, &str); 9] = [
        (239, [&[2, 0, 0, 7][..], &attributes].concat(), "nflog"),
        (109, vec![2, 0, 0, 0, 0, 0, 0x10, 1, 0, 0x0c, 0, 0], "enc"),
        (109, vec![0, 0, 0, 2, 0, 0, 0x10, 1, 0, 0, 0x0c, 0], "enc"),
        (9, vec![0xff, 3, 0, 0x21], "ppp"),
        (9, vec![0x21], "ppp"),
        (50, vec![0x0f, 0, 8, 0], "chdlc"),
        (104, vec![0x0f, 0, 8, 0], "chdlc"),
        (51, vec![0x11, 0, 0, 0x11, 0, 50, 0, 0x21], "pppoes:ppp"),
        (219, vec![0, 1, 0x01, 64], "mpls"),
    ];
    for (link, header, protocols) in cases {
        let recorder = of(link, &before(&header, &hello_v4()));
        assert_eq!(recorder.protocols(), format!("{protocols}:ip:udp:hsrp"), "link type {link}");
        assert_eq!(recorder.summary, SAID, "link type {link}");
        assert!(recorder.faults.is_empty(), "{:?}", recorder.faults());
        // A header that is cut is told, and nothing is made up.
        for len in 0..header.len() {
            let cut = of(link, &header[..len]);
            assert!(!cut.protocols().contains("hsrp"), "link type {link}, {len} octets");
        }
    }
}

#[test]
fn headers_of_links_show_their_fields() {
    let nflog = [
        &[2, 0, 0, 7][..],
        &[8, 0, 1, 0, 8, 0, 3, 0],
        &[5, 0, 10, 0, b'x', 0, 0, 0],
        &[8, 0, 4, 0, 0, 0, 0, 2],
        &[8, 0, 11, 0, 0, 0, 0, 33],
        &[6, 0, 99, 0, 1, 2, 0, 0],
        &[52, 0, 9, 0],
        &hello_v4(),
    ];
    let recorder = of(239, &nflog.concat());
    for (name, value) in [
        ("nflog.family", "2"),
        ("nflog.res_id", "7"),
        ("nflog.protocol", "0x0800"),
        ("nflog.hook", "3"),
        ("nflog.prefix", "x"),
        ("nflog.ifindex_indev", "2"),
        ("nflog.uid", "33"),
        ("nflog.tlv_value", "0102"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    assert_eq!(recorder.values("nflog.tlv_type"), ["1", "10", "4", "11", "99", "9"]);
    // The same attributes of a machine with the other byte order.
    let other = [&[2, 0, 0, 7][..], &[0, 8, 0, 1, 8, 0, 3, 0], &[0, 52, 0, 9], &hello_v4()].concat();
    assert_eq!(of(239, &other).summary, SAID);
    let broken = of(239, &[2, 0, 0, 0, 3, 0, 9, 0]);
    assert!(broken.fault().contains("has length 3, but its header alone has 4 octets"), "{}", broken.fault());

    let enc = of(109, &before(&[24, 0, 0, 0, 0, 0, 0x10, 1, 0, 0x0c, 0, 0], &hello_v6()));
    assert_eq!((enc.value("enc.af"), enc.value("enc.spi")), ("24", "0x00001001"));
    assert_eq!((enc.value("enc.flags"), enc.value("enc.flags.payload_enc")), ("0x00000c00", "true"));
    assert_eq!(enc.protocols(), "enc:ipv6:udp:hsrp");
}

#[test]
fn pppoe_is_found_behind_its_ethertypes() {
    let session = before(&[0x11, 0, 0x21, 0x75, 0, 50, 0, 0x21], &hello_v4());
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0x8864, &session));
    assert_eq!(recorder.protocols(), "eth:pppoes:ppp:ip:udp:hsrp");
    for (name, value) in [
        ("pppoe.version", "1"),
        ("pppoe.type", "1"),
        ("pppoe.code", "0x00"),
        ("pppoe.session_id", "0x2175"),
        ("pppoe.payload_length", "50"),
        ("ppp.protocol", "0x0021"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    let padi = [0x11, 9, 0, 0, 0, 12, 1, 1, 0, 0, 1, 3, 0, 4, 1, 2, 3, 4];
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0x8863, &padi));
    assert_eq!(recorder.summary, "PPPoED Active Discovery Initiation (PADI)");
    assert_eq!(recorder.value("pppoed.tags.host_uniq"), "01020304");
    let cut = Recorder::of(LinkType::ETHERNET, &ethernet(0x8863, &padi[..16]));
    assert!(cut.faults().iter().any(|fault| fault.starts_with("pppoed: ")), "{:?}", cut.faults());
    // What PPP negotiates is named.
    let lcp = Recorder::of(LinkType(9), &[0xff, 3, 0xc0, 0x21, 1, 1, 0, 4]);
    assert_eq!(lcp.summary, "PPP LCP Configure-Request 1, 4 octets");
    for (octets, said) in [
        (&[0xc0, 0x21, 5, 7, 0, 4][..], "PPP LCP Terminate-Request 7, 4 octets"),
        (&[0xc0, 0x21, 0, 7, 0, 4], "PPP LCP, 4 octets"),
        (&[0xc2, 0x23, 3, 2, 0, 4], "PPP CHAP Success 2, 4 octets"),
        (&[0xc0, 0x25, 1, 2], "PPP LQR, 2 octets"),
        (&[0x82, 0x81, 15, 2], "PPP MPLSCP Reset-Ack 2, 2 octets"),
        (&[0x82, 0x81, 16, 2], "PPP MPLSCP, 2 octets"),
    ] {
        let recorder = Recorder::of(LinkType(9), &[&[0xff, 3], octets].concat());
        assert_eq!(recorder.summary, said);
    }
}

#[test]
fn the_line_of_pppoe_names_the_session_the_concentrator_the_service_and_an_error() {
    let said = |code: u8, session: u8, tags: &[u8]| {
        let len = u8::try_from(tags.len()).unwrap();
        let octets = [&[0x11, code, 0, session, 0, len], tags].concat();
        Recorder::of(LinkType::ETHERNET, &ethernet(0x8863, &octets)).summary
    };
    assert_eq!(
        said(7, 0, &[1, 1, 0, 2, b'i', b'p', 1, 2, 0, 3, b'B', b'R', 0x1b]),
        "PPPoED Active Discovery Offer (PADO), AC-Name 'BR\\u{1b}', Service-Name 'ip'",
        "what a terminal would obey is escaped"
    );
    assert_eq!(
        said(0xa7, 17, &[2, 3, 0, 2, b'n', b'o']),
        "PPPoED Active Discovery Terminate (PADT), session 17, Generic-Error 'no'"
    );
    assert_eq!(
        said(0x65, 0, &[2, 1, 0, 0]),
        "PPPoED Active Discovery Session-confirmation (PADS), Service-Name-Error"
    );
}

#[test]
fn labels_of_mpls_are_a_stack() {
    let stack = [0, 1, 0x0a, 64, 0, 1, 0x11, 63];
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0x8847, &before(&stack, &hello_v4())));
    assert_eq!(recorder.protocols(), "eth:mpls:mpls:ip:udp:hsrp");
    assert_eq!(recorder.values("mpls.label"), ["16", "17"]);
    assert_eq!(
        (recorder.values("mpls.exp"), recorder.values("mpls.bottom")),
        (vec!["5", "0"], vec!["0", "1"])
    );
    assert_eq!(recorder.values("mpls.ttl"), ["64", "63"]);
    let other = Recorder::of(LinkType::ETHERNET, &ethernet(0x8847, &[0, 1, 0x01, 64, 0x20, 0, 0, 0]));
    assert_eq!((other.summary.as_str(), other.opaque), ("MPLS label 16, 4 octets", vec!["data.data"]));
    for (protocol, ports) in [(137, None), (17, Some(6635))] {
        let labelled = before(&stack[4..], &hello_v4());
        let payload = ports.map_or_else(|| labelled.clone(), |port| udp(50_000, port, &labelled));
        let recorder = Recorder::of(LinkType::RAW, &ipv4(protocol, &payload));
        assert_eq!(recorder.summary, SAID, "IP protocol {protocol}");
    }
    // A stack without a bottom ends at the nesting limit.
    let endless = Recorder::of(LinkType::ETHERNET, &ethernet(0x8847, &[0; 4000]));
    assert!(endless.fault().contains("protocols are nested"), "{}", endless.fault());
}

#[test]
fn isl_is_told_by_its_destination() {
    let inner = ethernet(0x0800, &hello_v4());
    let len = (12 + inner.len() + 4) as u16;
    let mut header = vec![1, 0, 0x0c, 0, 0, 0x40, 0, 0x15, 0x62, 0x91, 0xc7, 0xa7];
    header.extend(len.to_be_bytes());
    header.extend([0xaa, 0xaa, 3, 0, 0, 0x0c, 0, 200, 0, 9, 0, 0]);
    // The frame check sequence of the frame inside, and then that of ISL.
    let frame = [&header[..], &inner, &[0xde, 0xad, 0xbe, 0xef], &[1, 2, 3, 4]].concat();
    let recorder = Recorder::of(LinkType::ETHERNET, &frame);
    assert_eq!(recorder.protocols(), "isl:eth:ip:udp:hsrp");
    assert_eq!(recorder.summary, SAID);
    for (name, value) in [
        ("isl.type", "4"),
        ("isl.src", "00:15:62:91:c7:a7"),
        ("isl.hsa", "0x00000c"),
        ("isl.vlan_id", "100"),
        ("isl.bpdu", "false"),
        ("isl.index", "9"),
        ("isl.trailer", "01020304"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    let cut = Recorder::of(LinkType::ETHERNET, &frame[..20]);
    assert_eq!(
        cut.fault(),
        "isl: ISL header at offset 0 of the frame needs 26 octets, but only 20 are there"
    );
}

#[test]
fn gre_carries_redirected_packets_and_is_carried_in_udp() {
    let gre = |protocol: [u8; 2], payload: &[u8]| [&[0, 0][..], &protocol, payload].concat();
    // RFC 8086 section 3.
    let in_udp = Recorder::of(LinkType::RAW, &ipv4(17, &udp(50_000, 4754, &gre([8, 0], &hello_v4()))));
    assert_eq!(in_udp.protocols(), "raw:ip:udp:gre:ip:udp:hsrp");
    let redirected = gre([0x88, 0x3e], &before(&[0x80, 0x33, 1, 2], &hello_v4()));
    let recorder = Recorder::of(LinkType::RAW, &ipv4(47, &redirected));
    assert_eq!(recorder.protocols(), "raw:ip:gre:gre:ip:udp:hsrp");
    assert_eq!(recorder.value("gre.wccp.dynamic_service"), "true");
    assert_eq!(recorder.value("gre.wccp.service_id"), "51");
    assert_eq!(
        (recorder.value("gre.wccp.alternative_bucket"), recorder.value("gre.wccp.primary_bucket")),
        ("1", "2")
    );
    // Version 1 has no header of its own.
    let first = Recorder::of(LinkType::RAW, &ipv4(47, &gre([0x88, 0x3e], &hello_v4())));
    assert_eq!(first.protocols(), "raw:ip:gre:ip:udp:hsrp");
    // RFC 2637 section 4.1: PPTP carries PPP in enhanced GRE.
    let ppp = before(&[0xff, 3, 0, 0x21], &hello_v4());
    let mut pptp = vec![0x30, 1, 0x88, 0x0b, 0, ppp.len() as u8, 0, 5, 0, 0, 0, 1];
    pptp.extend(&ppp);
    let recorder = Recorder::of(LinkType::RAW, &ipv4(47, &pptp));
    assert_eq!(recorder.protocols(), "raw:ip:gre:ppp:ip:udp:hsrp");
    assert!(recorder.faults.is_empty());
}

#[test]
fn esp_behind_the_marker_of_the_drafts_is_no_broken_isakmp() {
    let datagram = [&[0; 8][..], &[0xa1, 0xa2, 0xa3, 0xa4, 0, 0, 0, 1], &[0xee; 40]].concat();
    let recorder = Recorder::of(LinkType::RAW, &ipv4(17, &udp(500, 500, &datagram)));
    assert_eq!(recorder.protocols(), "raw:ip:udp:udpencap:esp");
    assert_eq!(recorder.value("udpencap.non_ike_marker"), "0000000000000000");
    assert_eq!(recorder.value("esp.spi"), "0xa1a2a3a4");
    assert!(recorder.faults.is_empty());
    // Without an SPI, it is ISAKMP whose cookies are missing.
    let recorder = Recorder::of(LinkType::RAW, &ipv4(17, &udp(500, 500, &[0; 28])));
    assert_eq!(recorder.protocols(), "raw:ip:udp:isakmp");
    // On port 4500, zeros are the marker of RFC 3948 and the first half of a cookie.
    let recorder = Recorder::of(LinkType::RAW, &ipv4(17, &udp(4500, 4500, &datagram)));
    assert_eq!(recorder.protocols(), "raw:ip:udp:udpencap:isakmp");
}

#[test]
fn the_hello_in_all_these_tests_is_one_that_decodes() {
    let plain = Recorder::of(LinkType::RAW, &ipv4(17, &udp(1985, 1985, &HELLO)));
    assert_eq!(plain.summary, SAID);
}
