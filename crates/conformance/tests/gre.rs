//! Every GRE packet of the captures is read and written back.

use etherparse::LaxSlicedPacket;
use gre::{Arrival, Departure, Emit, Header, Keepalive, Packet, ParseError, ProtocolType, Receiver};
use needs::needs;
use vpnwire_conformance::{Frame, capture_files, captures, datagrams, frames};

/// The numbers of frames with GRE, and of GRE headers in them, from tshark 4.0.17: `-Y gre -T fields -e gre.proto`.
///
/// Two more captures have one packet each, and tests of their own: a link type with further bits in it, and a
/// fragmented packet.
const CAPTURES: [(&str, usize, usize); 22] = [
    ("arkime/arkime_synthetic.pcap", 3, 3),
    ("arkime/gre-sample.pcap", 40, 40),
    ("cisco-ios/dmvpn-ipv6-over-ipv4-nhrp-registrations.pcap", 8, 8),
    ("cisco-ios/dmvpn-phase-3-traffic-indication.pcap", 4, 4),
    ("cisco-ios/dmvpn-qos-nhrp-registrations.pcap", 12, 12),
    ("cisco-ios/gre-tunnel-with-key.pcapng", 2, 2),
    ("frr-nhrpd/auth-mismatch-10.pcap", 10, 10),
    ("frr-nhrpd/key100-noauth.pcap", 2, 2),
    ("frr-nhrpd/phase3-auth-secret.pcap", 24, 24),
    ("frr-nhrpd/probe-replies.pcap", 16, 16),
    ("suricata-verify/bug-5633-gre-01__gre-udp.pcap", 3, 3),
    ("suricata-verify/bug-5633-gre-02__gre-sample.pcap", 40, 40),
    ("tcpdump/NHRP-responder-address.pcap", 2, 2),
    ("tcpdump/NHRP_registration.pcap", 4, 4),
    ("tcpdump/erspan-type-i-1.pcap", 2, 2),
    ("tcpdump/ios_nhrp.pcap", 1, 1),
    ("tcpdump/nhrp-trace.pcap", 4, 4),
    ("tcpdump/nhrp.pcapng", 25, 25),
    ("tcpdump/various_gre.pcap", 30, 38),
    ("zeek/testing__btest__Traces__tunnels__gre-erspan3-dot1q.pcap", 2, 2),
    ("zeek/testing__btest__Traces__tunnels__gre-sample.pcap", 40, 40),
    ("zeek/testing__btest__Traces__tunnels__gre-within-gre.pcap", 628, 1256),
];

/// The payload of an IP packet inside a GRE packet, if that is GRE again.
fn inner<'a>(packet: &Packet<'a>) -> Option<&'a [u8]> {
    let payload = match packet.header.protocol_type {
        ProtocolType::CISCO_META_DATA => gre::CiscoMetaData::parse(packet.payload).expect("a tag").payload,
        ProtocolType::IPV4 | ProtocolType::IPV6 => packet.payload,
        _ => return None,
    };
    let sliced = LaxSlicedPacket::from_ip(payload).ok()?;
    let ip = sliced.net.as_ref()?.ip_payload_ref()?;
    if ip.ip_number.0 != 47 || ip.fragmented {
        return None;
    }
    // The slice that etherparse returns lives as long as the payload, so it is found there.
    let start = ip.payload.as_ptr().addr() - payload.as_ptr().addr();
    payload.get(start..start + ip.payload.len())
}

#[needs(captures)]
#[test]
fn every_packet_is_read_and_written_back_to_the_octet() {
    let folder = captures();
    let (mut packets, mut too_short) = (0, 0);
    let mut seen = Vec::new();
    for path in capture_files(&folder) {
        let name = path.strip_prefix(&folder).expect("below the folder").to_string_lossy().into_owned();
        let (mut frames, mut headers) = (0, 0);
        for datagram in datagrams(&path).iter().filter(|datagram| datagram.protocol == 47) {
            if name == "suricata-verify/decode-too-small__test.pcap" {
                // tshark: `ip.proto == 47 && !gre`, the header is cut.
                let error = Packet::parse(&datagram.payload).expect_err("a header of 4 octets needs more");
                assert!(matches!(error, ParseError::Length(gre::LengthError::Ends { needed: 4, .. })));
                too_short += 1;
                continue;
            }
            frames += 1;
            let mut next = Some(&*datagram.payload);
            while let Some(octets) = next {
                headers += 1;
                let mut departures = Vec::new();
                let parsed = Packet::parse_reporting(octets, &mut |departure| departures.push(departure));
                let packet =
                    parsed.unwrap_or_else(|error| panic!("{name} frame {}: {error}", datagram.frame));
                let mut written = vec![0; octets.len()];
                let written = &*packet.emit(&mut written).expect("it fits");
                assert_eq!(written, octets, "{name} frame {}", datagram.frame);
                assert_eq!(departures, [], "no capture has a GRE checksum");
                assert_eq!(packet.conformance().count(), 0);
                packets += 1;
                next = inner(&packet);
            }
        }
        if frames != 0 {
            seen.push((name, frames, headers));
        }
    }
    let seen: Vec<_> = seen.iter().map(|(name, frames, headers)| (&**name, *frames, *headers)).collect();
    assert_eq!(seen, CAPTURES);
    assert_eq!(too_short, 2);
    println!("{packets} GRE packets both ways, {too_short} too short refused");
    assert_eq!(packets, CAPTURES.iter().map(|capture| capture.2).sum::<usize>());
}

/// The octets after the Ethernet and IPv4 headers (without options) of a frame.
fn after_ipv4(frame: &Frame) -> &[u8] {
    frame.octets.get(34..).expect("Ethernet and IPv4 headers")
}

#[needs(captures)]
#[test]
fn routing_present_is_a_typed_error() {
    let folder = captures();
    let frames = frames(&folder.join("tcpdump/gre-heapoverflow-2.pcap"));
    assert_eq!(frames.len(), 2);
    assert_eq!(Packet::parse(after_ipv4(&frames[1])), Err(ParseError::RoutingPresent { flags: 0xc030 }));
}

#[needs(captures)]
#[test]
fn a_packet_in_two_fragments() {
    let folder = captures();
    let frames = frames(&folder.join("suricata-verify/security-8550__input.pcap"));
    let octets = [after_ipv4(&frames[0]), after_ipv4(&frames[1])].concat();
    let packet = Packet::parse(&octets).expect("GRE");
    assert_eq!(packet.header, Header::new(ProtocolType::IPV4));
    let mut written = vec![0; octets.len()];
    assert_eq!(packet.emit(&mut written).expect("it fits"), octets);
}

#[needs(captures)]
#[test]
fn keepalives_are_recognised() {
    let folder = captures();
    let (mut requests, mut returned, mut others) = (0, 0, 0);
    for datagram in datagrams(&folder.join("tcpdump/various_gre.pcap")) {
        let packet = Packet::parse(&datagram.payload).expect("GRE");
        match Keepalive::recognise(&packet) {
            Some(Keepalive::Request { destination, returned, .. }) => {
                requests += 1;
                let sender: [u8; 4] = datagram.source.try_into().expect("IPv4");
                assert_eq!(destination, std::net::IpAddr::from(sender), "it goes back to its sender");
                assert_eq!((returned.wire_len(), returned.header.key), (8, Some(40)));
            }
            Some(_) => {
                returned += 1;
                assert_eq!((packet.wire_len(), packet.header.key), (8, Some(40)));
            }
            None => others += 1,
        }
    }
    // tshark: 8 frames with 0x8909 and 0x0000, 8 with 0x0000, 12 with 0x8909 alone, 2 of CDP.
    assert_eq!((requests, returned, others), (8, 8, 14));
}

#[needs(captures)]
#[test]
fn sequence_numbers_of_erspan_are_in_order() {
    let folder = captures();
    let mut receiver = Receiver::default();
    let mut numbers = 0;
    for datagram in datagrams(&folder.join("arkime/arkime_synthetic.pcap")) {
        if datagram.protocol != 47 {
            continue;
        }
        let packet = Packet::parse(&datagram.payload).expect("GRE");
        let number = packet.header.sequence_number;
        if packet.header.protocol_type == ProtocolType::ERSPAN {
            // tshark: one packet, number 1; the receiver has seen none, so number 0 is missing.
            assert_eq!((number, receiver.check(number)), (Some(1), Arrival::Gap { missing: 1 }));
            receiver.accept(number);
            assert_eq!(receiver.check(number), Arrival::OutOfSequence);
            numbers += 1;
        }
    }
    assert_eq!(numbers, 1);
}

#[needs(captures)]
#[test]
fn a_checksum_put_on_a_real_packet_is_right_and_a_damaged_one_is_told() {
    let folder = captures();
    let mut changed = 0;
    for datagram in datagrams(&folder.join("cisco-ios/gre-tunnel-with-key.pcapng")) {
        if datagram.protocol != 47 {
            continue;
        }
        let mut packet = Packet::parse(&datagram.payload).expect("GRE");
        packet.header.reserved1 = Some(0);
        let mut octets = vec![0; packet.wire_len()];
        packet.emit(&mut octets).expect("it fits");
        let mut departures: Vec<Departure> = Vec::new();
        let read = Packet::parse_reporting(&octets, &mut |departure| departures.push(departure));
        assert_eq!((read, &*departures), (Ok(packet), &[][..]));
        *octets.last_mut().expect("octets") ^= 0x80;
        Packet::parse_reporting(&octets, &mut |departure| departures.push(departure))
            .expect("still a packet");
        assert!(matches!(departures[..], [Departure::Checksum { .. }]));
        changed += 1;
    }
    assert_eq!(changed, 2);
}
