//! ARP, and the announcements of virtual addresses in it.

use vpnwire_dissect::capture::LinkType;

use crate::built::ethernet;
use crate::recorder::Recorder;

const VIRTUAL: [u8; 6] = [0, 0, 0x0c, 0x07, 0xac, 0x0a];
const HOST: [u8; 6] = [2, 0, 0, 0, 0, 1];
const NOBODY: [u8; 6] = [0; 6];

/// RFC 826: Ethernet and IPv4, an operation, and two addresses of each side.
fn arp(operation: u8, sender: ([u8; 6], [u8; 4]), target: ([u8; 6], [u8; 4])) -> Vec<u8> {
    [&[0, 1, 8, 0, 6, 4, 0, operation][..], &sender.0, &sender.1, &target.0, &target.1].concat()
}

fn of(packet: &[u8]) -> Recorder {
    Recorder::of(LinkType::ETHERNET, &ethernet(0x0806, packet))
}

#[test]
fn a_router_that_takes_over_announces_its_virtual_address() {
    let (virtual_ip, broadcast) = ([10, 0, 0, 1], [0xff; 6]);
    let reply = of(&arp(2, (VIRTUAL, virtual_ip), (broadcast, virtual_ip)));
    assert_eq!(reply.summary, "ARP Gratuitous ARP for 10.0.0.1 (Reply) [HSRP version 1, group 10]");
    assert_eq!(reply.value("arp.isgratuitous"), "true");
    assert!(reply.values("arp.isannouncement").is_empty());
    for (name, value) in [
        ("arp.hw.type", "1"),
        ("arp.proto.type", "0x0800"),
        ("arp.hw.size", "6"),
        ("arp.proto.size", "4"),
        ("arp.opcode", "reply (2)"),
        ("arp.src.hw_mac", "00:00:0c:07:ac:0a"),
        ("arp.src.proto_ipv4", "10.0.0.1"),
        ("arp.dst.hw_mac", "ff:ff:ff:ff:ff:ff"),
        ("arp.dst.proto_ipv4", "10.0.0.1"),
    ] {
        assert_eq!(reply.value(name), value, "{name}");
    }
    let request = of(&arp(1, (VIRTUAL, virtual_ip), (broadcast, virtual_ip)));
    assert_eq!(request.summary, "ARP Gratuitous ARP for 10.0.0.1 (Request) [HSRP version 1, group 10]");
    // RFC 5227 section 2.3: an announcement is a request whose target has no MAC address.
    let announcement = of(&arp(1, (VIRTUAL, virtual_ip), (NOBODY, virtual_ip)));
    assert_eq!(announcement.summary, "ARP ARP Announcement for 10.0.0.1 [HSRP version 1, group 10]");
    assert_eq!(announcement.value("arp.isannouncement"), "true");
}

#[test]
fn questions_answers_and_probes_are_told_apart() {
    let (asking, asked) = ([10, 0, 0, 2], [10, 0, 0, 9]);
    let said = |packet: &[u8]| of(packet).summary;
    assert_eq!(said(&arp(1, (HOST, asking), (NOBODY, asked))), "ARP Who has 10.0.0.9? Tell 10.0.0.2");
    assert_eq!(said(&arp(2, (HOST, asked), (VIRTUAL, asking))), "ARP 10.0.0.9 is at 02:00:00:00:00:01");
    let probe = of(&arp(1, (HOST, [0; 4]), (NOBODY, asked)));
    assert_eq!(probe.summary, "ARP Who has 10.0.0.9? (ARP Probe)");
    assert_eq!(probe.value("arp.isprobe"), "true");
    // RFC 903: a station that knows only its hardware asks for its address.
    assert_eq!(
        said(&arp(3, (HOST, [0; 4]), (HOST, [0; 4]))),
        "ARP reverse request, 02:00:00:00:00:01 (0.0.0.0) to 0.0.0.0"
    );
    assert!(said(&arp(77, (HOST, asked), (NOBODY, asking))).starts_with("ARP operation 77, 02:00"));
}

#[test]
fn other_hardware_and_cut_packets_keep_what_is_there() {
    // InfiniBand has 20 octets of hardware address.
    let other =
        [&[0, 32, 8, 0, 20, 4, 0, 1][..], &[7; 20], &[10, 0, 0, 1], &[8; 20], &[10, 0, 0, 2]].concat();
    let recorder = of(&other);
    assert_eq!(recorder.octets("arp.src.hw"), [7; 20]);
    assert_eq!(recorder.value("arp.dst.proto_ipv4"), "10.0.0.2");
    assert_eq!(recorder.summary, "ARP request, 56 octets");
    assert!(recorder.faults.is_empty());
    let whole = arp(1, (HOST, [10, 0, 0, 2]), (NOBODY, [10, 0, 0, 9]));
    for len in 0..whole.len() {
        let recorder = of(&whole[..len]);
        assert_eq!(recorder.protocols(), "eth:arp", "{len}");
        assert!(recorder.fault().starts_with("arp: ARP packet at offset 14 of the frame needs "), "{len}");
    }
    assert_eq!(of(&whole[..20]).value("arp.src.proto_ipv4"), "10.0.0.2");
}
