//! Every datagram of the captures on UDP port 4500 is classified, taken out of UDP, and put back to the same octets.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use conformance::captures;
use ipsec::ip::v4;
use ipsec::udp_encapsulation::{
    Datagram, UDP_HEADER_LEN, UdpError, decapsulate_in_place, encapsulate_in_place,
};
use needs::needs;
use vpnwire_conformance as conformance;

/// The number of datagrams of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    keepalives: usize,
    ike: usize,
    esp: usize,
}

fn count(name: &str, counts: &mut Counts) {
    let folder = captures();
    for frame in conformance::frames(&folder.join(name)) {
        let Some(packet) = frame.octets.get(14..) else { continue };
        let Ok((header, payload, rest)) = v4::Header::parse_prefix(packet) else { continue };
        let whole = &packet[..packet.len() - rest.len()];
        let is_4500 = payload.len() >= 8 && (payload[..2] == [0x11, 0x94] || payload[2..4] == [0x11, 0x94]);
        if header.protocol.0 != 17 || header.fragment_offset != 0 || header.more_fragments || !is_4500 {
            continue;
        }
        let datagram = Datagram::parse(&payload[8..]).unwrap();
        let mut written = vec![0; datagram.wire_len()];
        datagram.emit(&mut written).unwrap();
        assert_eq!(written, payload[8..], "{name}: frame {}", frame.number);
        let mut buffer = whole.to_vec();
        let taken_out = decapsulate_in_place(&mut buffer);
        match datagram {
            Datagram::Keepalive => {
                assert_eq!(taken_out, Err(UdpError::Keepalive));
                counts.keepalives += 1;
            }
            Datagram::Ike(_) => {
                assert_eq!(taken_out, Err(UdpError::Ike));
                counts.ike += 1;
            }
            Datagram::Esp(esp) => {
                let (packet, ports) = taken_out.unwrap();
                assert!(packet.ends_with(esp) && packet.len() + UDP_HEADER_LEN == whole.len());
                let mut again = vec![0; UDP_HEADER_LEN];
                again.extend_from_slice(packet);
                let again = encapsulate_in_place(&mut again, whole.len() - UDP_HEADER_LEN, ports).unwrap();
                // RFC 3948 section 2.1: the checksum should be zero. If it is not, that is the only difference.
                let checksum = header.wire_len() + 6..header.wire_len() + 8;
                let mut expected = whole.to_vec();
                expected[checksum].copy_from_slice(&[0; 2]);
                assert_eq!(*again, expected, "{name}: frame {}", frame.number);
                counts.esp += 1;
            }
        }
    }
}

/// The counts are from `tshark -Y` with `udpencap.nat_keepalive`, `udpencap.non_esp_marker` and `udp.port == 4500 &&
/// esp`.
#[needs(captures)]
#[test]
fn port_4500() {
    let mut counts = Counts::default();
    for name in FILES {
        count(name, &mut counts);
    }
    assert_eq!(counts, EXPECTED);
}

const FILES: &[&str] = &[
    "strongswan/natt-real-nat.pcap",
    "strongswan/natt-real-nat__outer-inside-nat.pcap",
    "strongswan/mm-3des-md5-modp1024.pcap",
    "strongswan/mm-rekey.pcap",
    "strongswan/xauth-modecfg-main.pcap",
    "vpnc-vs-strongswan/aggr-3des-md5-natt.pcap",
    "tcpdump/isakmp4500.pcap",
    "tcpdump/espudp1.pcap",
];

/// 1, 1, 0, 0, 0, 3, 4, 0 keepalives; 9, 9, 7, 18, 13, 12, 11, 0 messages; 10, 10, 10, 30, 10, 8, 8, 8 packets.
const EXPECTED: Counts = Counts { keepalives: 9, ike: 79, esp: 94 };
