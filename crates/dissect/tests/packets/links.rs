//! Every link type, with an HSRP Hello inside.

use vpnwire_dissect::capture::LinkType;

use crate::built::{HELLO, ethernet, hello_v2, hello_v4, hello_v6, ipv4, tag, udp};
use crate::recorder::Recorder;

const SNAP: [u8; 8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];

/// Checks the fields of the Hello, for any link type.
fn is_hello(recorder: &Recorder, protocols: &str) {
    assert_eq!(recorder.protocols(), protocols);
    assert_eq!(recorder.faults(), [""; 0], "{protocols}");
    if protocols.contains("ipv6") {
        assert_eq!(recorder.value("hsrp2.state"), "Active (6)");
        assert_eq!(recorder.value("hsrp2.virt_ip_v6"), "fe80::5:73ff:fea0:a");
        assert_eq!(recorder.octets("hsrp2.virt_ip_v6"), &hello_v2()[26..]);
        assert_eq!(recorder.octets("hsrp2.identifier"), [0, 1, 2, 3, 4, 5]);
        assert_eq!(recorder.octets("hsrp2.group_state_tlv"), hello_v2());
        assert_eq!(
            recorder.summary,
            "HSRPv2 Hello (state Active), group 10, priority 100, virtual address fe80::5:73ff:fea0:a"
        );
    } else {
        assert_eq!(recorder.value("hsrp.state"), "Active (16)");
        assert_eq!(recorder.value("hsrp.virt_ip"), "172.16.172.53");
        assert_eq!(recorder.octets("hsrp.virt_ip"), [172, 16, 172, 53]);
        assert_eq!(recorder.octets("hsrp.auth_data"), b"cisco\0\0\0");
        assert_eq!(
            recorder.summary,
            "HSRP Hello (state Active), group 1, priority 200, virtual address 172.16.172.53"
        );
    }
}

#[test]
fn ethernet_and_its_tags() {
    // These are the protocol names of tshark 4.0.17 in frame.protocols.
    for (octets, protocols) in [
        (ethernet(0x0800, &hello_v4()), "eth:ip:udp:hsrp"),
        (ethernet(0x86dd, &hello_v6()), "eth:ipv6:udp:hsrp"),
        (ethernet(0x8100, &tag(5, 0x0800, &hello_v4())), "eth:vlan:ip:udp:hsrp"),
        (ethernet(0x88a8, &tag(7, 0x8100, &tag(5, 0x0800, &hello_v4()))), "eth:ieee8021ad:vlan:ip:udp:hsrp"),
        (ethernet(0x9100, &tag(7, 0x8100, &tag(5, 0x86dd, &hello_v6()))), "eth:vlan:vlan:ipv6:udp:hsrp"),
    ] {
        is_hello(&Recorder::of(LinkType::ETHERNET, &octets), protocols);
    }
}

#[test]
fn the_fields_of_ethernet_and_of_tags() {
    let octets = ethernet(0x8100, &tag(0xe005, 0x8100, &tag(0x1fff, 0x0800, &hello_v4())));
    let recorder = Recorder::of(LinkType::ETHERNET, &octets);
    assert_eq!(recorder.value("eth.dst"), "01:00:5e:00:00:02");
    assert_eq!(recorder.value("eth.src"), "00:00:0c:07:ac:01");
    assert_eq!(recorder.value("eth.type"), "0x8100");
    assert_eq!(recorder.values("vlan.priority"), ["7", "0"]);
    assert_eq!(recorder.values("vlan.dei"), ["false", "true"]);
    assert_eq!(recorder.values("vlan.id"), ["5", "4095"]);
    assert_eq!(recorder.values("vlan.etype"), ["0x8100", "0x0800"]);
}

#[test]
fn ieee_802_3_with_llc_and_snap() {
    let llc = [&SNAP[..], &hello_v4()].concat();
    let octets = ethernet(llc.len() as u16, &llc);
    let recorder = Recorder::of(LinkType::ETHERNET, &octets);
    is_hello(&recorder, "eth:llc:ip:udp:hsrp");
    // These are the values that tshark 4.0.17 shows.
    assert_eq!(recorder.value("eth.len"), "56");
    assert_eq!((recorder.value("llc.dsap"), recorder.value("llc.dsap.sap")), ("0xaa", "85"));
    assert_eq!((recorder.value("llc.ssap"), recorder.value("llc.ssap.cr")), ("0xaa", "false"));
    assert_eq!(recorder.value("llc.control"), "0x0003");
    assert_eq!(
        (recorder.value("llc.control.u_modifier_cmd"), recorder.value("llc.control.ftype")),
        ("0x00", "0x03")
    );
    assert_eq!((recorder.value("llc.oui"), recorder.value("llc.type")), ("0", "0x0800"));

    is_hello(
        &Recorder::of(LinkType::ETHERNET, &ethernet(0x8100, &tag(5, llc.len() as u16, &llc))),
        "eth:vlan:llc:ip:udp:hsrp",
    );

    // Octets after the length do not belong to the packet.
    let padded = [&octets[..], &[0xff; 6]].concat();
    let recorder = Recorder::of(LinkType::ETHERNET, &padded);
    is_hello(&recorder, "eth:llc:ip:udp:hsrp");
    assert_eq!(recorder.value("eth.trailer"), "ffffffffffff");
}

#[test]
fn llc_without_snap_and_broken_llc() {
    // This is a bridge PDU of the spanning tree protocol.
    let recorder =
        Recorder::of(LinkType::ETHERNET, &ethernet(38, &[&[0x42, 0x42, 3][..], &[0; 35]].concat()));
    assert_eq!(
        (recorder.protocols().as_str(), recorder.summary.as_str()),
        ("eth:llc", "LLC from 0x42 to 0x42, 35 octets")
    );
    assert_eq!(recorder.faults(), [""; 0]);
    // A supervisory frame has two octets of control, the low one first.
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(4, &[0xf0, 0xf1, 0x01, 0x02]));
    assert_eq!((recorder.value("llc.control"), recorder.value("llc.ssap.cr")), ("0x0201", "true"));
    assert_eq!(recorder.faults(), [""; 0]);
    // This is Cisco's discovery protocol: SNAP with another organization code.
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(9, &[0xaa, 0xaa, 3, 0, 0, 0xc, 0x20, 0, 1]));
    assert_eq!(recorder.summary, "LLC SNAP 0x00000c, type 0x2000, 1 octets");
    assert_eq!(recorder.value("llc.cisco_pid"), "0x2000");
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(9, &[0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 9, 1]));
    assert_eq!((recorder.value("llc.oui"), recorder.value("llc.pid")), ("32962", "0x0009"));

    for (octets, fault) in [
        (
            ethernet(2, &[0xaa, 0xaa]),
            "llc: LLC header at offset 14 of the frame needs 3 octets, but only 2 are there",
        ),
        (
            ethernet(3, &[0xaa, 0xaa, 1]),
            "llc: LLC header at offset 14 of the frame needs 4 octets, but only 3 are there",
        ),
        (
            ethernet(7, &SNAP[..7]),
            "llc: SNAP header at offset 14 of the frame needs 8 octets, but only 7 are there",
        ),
    ] {
        let recorder = Recorder::of(LinkType::ETHERNET, &octets);
        assert_eq!((recorder.protocols().as_str(), recorder.fault().as_str()), ("eth:llc", fault));
    }
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(100, &[0x42, 0x42, 3]));
    assert_eq!(
        recorder.fault(),
        "eth: IEEE 802.3 frame at offset 14 of the frame needs 100 octets, but only 3 are there"
    );
    assert_eq!(recorder.protocols(), "eth:llc", "what there is is shown");
    let recorder = Recorder::of(LinkType::ETHERNET, &ethernet(0, &[0; 46]));
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("eth", 0));
    assert_eq!(recorder.value("eth.type"), "0x0000", "0 is not a length");
}

#[test]
fn padding_and_trailers() {
    // 14 + 20 + 8 + 4 octets and 14 octets of padding make the shortest frame.
    let short = ethernet(0x0800, &ipv4(17, &udp(5000, 5001, &[1, 2, 3, 4])));
    let padded = [&short[..], &[0; 14]].concat();
    let recorder = Recorder::of(LinkType::ETHERNET, &padded);
    assert_eq!(recorder.value("eth.padding"), "00".repeat(14));
    assert_eq!(recorder.value("udp.payload"), "01020304", "padding is not payload");
    assert_eq!(recorder.values("eth.trailer"), [""; 0]);
    let with_check_sequence = [&padded[..], &[1, 2, 3, 4]].concat();
    let recorder = Recorder::of(LinkType::ETHERNET, &with_check_sequence);
    assert_eq!((recorder.value("eth.padding").len(), recorder.value("eth.trailer")), (28, "01020304"));
    // This is IPv6 without a next header: RFC 8200 section 4.7.
    let mut nothing = ethernet(0x86dd, &crate::built::ipv6(59, &[]));
    nothing.extend([0; 6]);
    let recorder = Recorder::of(LinkType::ETHERNET, &nothing);
    assert_eq!((recorder.value("eth.padding"), recorder.faults().len()), ("000000000000", 0));
}

#[test]
fn cooked_captures() {
    // LINKTYPE_LINUX_SLL: packet type, hardware type, address length, address, protocol.
    let header = |protocol: u16| {
        let mut header = vec![0, 4, 0, 1, 0, 6, 0, 1, 2, 3, 4, 5, 0xa, 0xb];
        header.extend(protocol.to_be_bytes());
        header
    };
    let octets = [header(0x0800), hello_v4()].concat();
    let recorder = Recorder::of(LinkType::LINUX_SLL, &octets);
    is_hello(&recorder, "sll:ip:udp:hsrp");
    for (name, value) in [
        ("sll.pkttype", "4"),
        ("sll.hatype", "1"),
        ("sll.halen", "6"),
        ("sll.src.eth", "00:01:02:03:04:05"),
        ("sll.unused", "0a0b"),
        ("sll.etype", "0x0800"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    is_hello(&Recorder::of(LinkType::LINUX_SLL, &[header(0x86dd), hello_v6()].concat()), "sll:ipv6:udp:hsrp");
    is_hello(
        &Recorder::of(LinkType::LINUX_SLL, &[header(0x8100), tag(5, 0x0800, &hello_v4())].concat()),
        "sll:vlan:ip:udp:hsrp",
    );
    // 4 is not a length here. It is Linux's number of 802.2.
    let recorder = Recorder::of(LinkType::LINUX_SLL, &[header(4), SNAP.to_vec(), hello_v4()].concat());
    is_hello(&recorder, "sll:llc:ip:udp:hsrp");
    assert_eq!((recorder.value("sll.ltype"), recorder.values("sll.etype").len()), ("0x0004", 0));
    assert_eq!(recorder.values("sll.trailer"), [""; 0]);
    let recorder = Recorder::of(LinkType::LINUX_SLL, &[header(1), hello_v4()].concat());
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("sll", 0));
    // The hardware type is unknown to etherparse, and the address has another length.
    let mut octets = octets;
    octets[2..6].copy_from_slice(&[0xff, 0xff, 0, 4]);
    let recorder = Recorder::of(LinkType::LINUX_SLL, &octets);
    is_hello(&recorder, "sll:ip:udp:hsrp");
    assert_eq!(recorder.values("sll.src.eth"), [""; 0]);

    // LINKTYPE_LINUX_SLL2: protocol, reserved, interface, hardware type, packet type, address length, address.
    let mut octets = vec![8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 0, 1, 2, 3, 4, 5, 0xa, 0xb];
    octets.extend(hello_v4());
    let recorder = Recorder::of(LinkType::LINUX_SLL2, &octets);
    is_hello(&recorder, "sll:ip:udp:hsrp");
    for (name, value) in [
        ("sll.ifindex", "3"),
        ("sll.pkttype", "4"),
        ("sll.src.eth", "00:01:02:03:04:05"),
        ("sll.unused", "0a0b"),
        ("sll.etype", "0x0800"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
}

#[test]
fn raw_ip() {
    for link in [LinkType::RAW_12, LinkType::RAW_14, LinkType::RAW] {
        is_hello(&Recorder::of(link, &hello_v4()), "raw:ip:udp:hsrp");
        is_hello(&Recorder::of(link, &hello_v6()), "raw:ipv6:udp:hsrp");
    }
    is_hello(&Recorder::of(LinkType::IPV4, &hello_v4()), "ip:udp:hsrp");
    is_hello(&Recorder::of(LinkType::IPV6, &hello_v6()), "ipv6:udp:hsrp");
    assert_eq!(
        Recorder::of(LinkType::IPV4, &hello_v6()).fault(),
        "ip: the version field says 6, which this protocol does not have"
    );
    assert_eq!(
        Recorder::of(LinkType::IPV6, &hello_v4()).fault(),
        "ipv6: the version field says 4, which this protocol does not have"
    );
    assert_eq!(
        Recorder::of(LinkType::RAW, &[0x70; 60]).fault(),
        "ip: the version field says 7, which this protocol does not have"
    );
}

#[test]
fn null_and_loopback_in_either_byte_order() {
    for link in [LinkType::NULL, LinkType::LOOP] {
        for header in [2u32.to_le_bytes(), 2u32.to_be_bytes()] {
            let recorder = Recorder::of(link, &[&header[..], &hello_v4()].concat());
            is_hello(&recorder, "null:ip:udp:hsrp");
            assert_eq!(recorder.value("null.family"), "2");
        }
        for family in [10u32, 24, 28, 30] {
            for header in [family.to_le_bytes(), family.to_be_bytes()] {
                is_hello(&Recorder::of(link, &[&header[..], &hello_v6()].concat()), "null:ipv6:udp:hsrp");
            }
        }
    }
    let recorder = Recorder::of(LinkType::NULL, &[&7u32.to_le_bytes()[..], &HELLO].concat());
    assert_eq!((recorder.protocols().as_str(), recorder.faults().len()), ("null", 0));
    assert_eq!(recorder.summary, "Null address family 7, 20 octets");
}

#[test]
fn a_link_type_that_is_not_known_is_a_fault() {
    let recorder = Recorder::of(LinkType(147), &hello_v4());
    assert_eq!(recorder.protocols(), "");
    assert!(
        recorder.fault().starts_with("frame: the link type 147 is not supported"),
        "{}",
        recorder.fault()
    );
    assert_eq!(recorder.value("frame.len"), "48");
}

#[test]
fn an_empty_frame_is_a_fault_on_every_link() {
    for (link, fault) in [
        (
            LinkType::ETHERNET,
            "eth: Ethernet header at offset 0 of the frame needs 14 octets, but only 0 are there",
        ),
        (
            LinkType::NULL,
            "null: loopback header at offset 0 of the frame needs 4 octets, but only 0 are there",
        ),
        (
            LinkType::LOOP,
            "null: loopback header at offset 0 of the frame needs 4 octets, but only 0 are there",
        ),
        (
            LinkType::LINUX_SLL,
            "sll: Linux cooked header at offset 0 of the frame needs 16 octets, but only 0 are there",
        ),
        (
            LinkType::LINUX_SLL2,
            "sll: Linux cooked v2 header at offset 0 of the frame needs 20 octets, but only 0 are there",
        ),
        (LinkType::RAW, "ip: IPv4 header at offset 0 of the frame needs 20 octets, but only 0 are there"),
        (LinkType::IPV4, "ip: IPv4 header at offset 0 of the frame needs 20 octets, but only 0 are there"),
        (LinkType::IPV6, "ipv6: IPv6 header at offset 0 of the frame needs 40 octets, but only 0 are there"),
    ] {
        let recorder = Recorder::of(link, &[]);
        assert_eq!(recorder.fault(), fault);
        let protocol = fault.split(':').next().unwrap();
        assert!(recorder.protocols().ends_with(protocol), "a broken header belongs to its protocol");
    }
}
