//! Cisco's tunnel keepalive. The far end forwards it back like any packet and need not know keepalives. No RFC
//! describes it.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use wire::Reader;

use crate::{CiscoMetaData, Packet, ProtocolType};

mod request;

pub use request::KeepaliveRequest;

const IP_PROTOCOL_GRE: u8 = 47;

/// A keepalive on its way out or back.
///
/// The sender puts an IP packet into the tunnel that is addressed to itself and carries a GRE packet with protocol
/// type 0. The far end removes the outer header and forwards the inner packet like any other. When it arrives at
/// the sender, the tunnel works in both directions. [`KeepaliveRequest`] builds a keepalive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Keepalive<'a> {
    /// The keepalive is on its way out. The packet that comes back is inside.
    Request {
        /// Source address of the inner packet, which is the far end.
        source: IpAddr,
        /// Destination address of the inner packet, which is the sender of the keepalive.
        destination: IpAddr,
        /// The inner GRE packet, with protocol type 0.
        returned: Packet<'a>,
    },
    /// The keepalive is on its way back. The packet has protocol type 0.
    Returned,
}

impl<'a> Keepalive<'a> {
    /// Recognises a keepalive, with or without a tag of Cisco `MetaData` before the inner packet. `None` when the
    /// packet is not a keepalive.
    #[must_use]
    pub fn recognise(packet: &Packet<'a>) -> Option<Self> {
        let (protocol_type, payload) = match packet.header.protocol_type {
            ProtocolType::KEEPALIVE => return Some(Self::Returned),
            ProtocolType::CISCO_META_DATA => {
                let tagged = CiscoMetaData::parse(packet.payload).ok()?;
                (tagged.protocol_type, tagged.payload)
            }
            protocol_type => (protocol_type, packet.payload),
        };
        let (source, destination, inner) = match protocol_type {
            ProtocolType::IPV4 => gre_in_ipv4(payload)?,
            ProtocolType::IPV6 => gre_in_ipv6(payload)?,
            _ => return None,
        };
        let returned = Packet::parse(inner).ok()?;
        (returned.header.protocol_type == ProtocolType::KEEPALIVE).then_some(Self::Request {
            source,
            destination,
            returned,
        })
    }
}

/// Returns the addresses and the payload of an IPv4 packet that carries GRE, RFC 791 section 3.1. `None` for a
/// fragment.
fn gre_in_ipv4(octets: &[u8]) -> Option<(IpAddr, IpAddr, &[u8])> {
    let mut reader = Reader::new("GRE packet", octets);
    let [version, _, len_high, len_low, _, _, fragment_high, fragment_low, _, protocol, _, _] =
        *reader.array("IPv4 header").ok()?;
    let header_len = usize::from(version & 0x0f).saturating_mul(4);
    let total_len = usize::from(u16::from_be_bytes([len_high, len_low]));
    let fragment = u16::from_be_bytes([fragment_high, fragment_low]) & 0x3fff;
    if version & 0xf0 != 0x40 || header_len < 20 || protocol != IP_PROTOCOL_GRE || fragment != 0 {
        return None;
    }
    let source = Ipv4Addr::from(*reader.array("source address").ok()?);
    let destination = Ipv4Addr::from(*reader.array("destination address").ok()?);
    Some((source.into(), destination.into(), octets.get(header_len..total_len)?))
}

/// Returns the same for an IPv6 packet without extension headers, RFC 8200 section 3.
fn gre_in_ipv6(octets: &[u8]) -> Option<(IpAddr, IpAddr, &[u8])> {
    let mut reader = Reader::new("GRE packet", octets);
    let [version, _, _, _, len_high, len_low, next_header, _] = *reader.array("IPv6 header").ok()?;
    if version & 0xf0 != 0x60 || next_header != IP_PROTOCOL_GRE {
        return None;
    }
    let source = Ipv6Addr::from(*reader.array("source address").ok()?);
    let destination = Ipv6Addr::from(*reader.array("destination address").ok()?);
    let len = usize::from(u16::from_be_bytes([len_high, len_low]));
    Some((source.into(), destination.into(), reader.take("payload", len).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;
    use wire::Emit;

    /// A keepalive as IOS sends it: key 40, a `MetaData` tag, and the inner packet.
    const TAGGED_REQUEST: [u8; 44] = [
        0x20, 0x00, 0x89, 0x09, 0, 0, 0, 0x28, 8, 0, 1, 1, 0, 1, 0, 0, //
        0x45, 0xc0, 0x00, 0x1c, 0x00, 0xa3, 0x00, 0x00, 0xff, 0x2f, 0x36, 0x42, 192, 0, 2, 6, 192, 0, 2, 7,
        0x20, 0x00, 0x00, 0x00, 0, 0, 0, 0x28,
    ];

    #[test]
    fn a_request_is_seen_through_its_wrapping_and_what_returns_is_eight_octets_with_a_key() {
        let request = Packet::parse(&TAGGED_REQUEST).unwrap();
        let Some(Keepalive::Request { source, destination, returned }) = Keepalive::recognise(&request)
        else {
            panic!("the packet is a keepalive");
        };
        assert_eq!((source, destination), ([192, 0, 2, 6].into(), [192, 0, 2, 7].into()));
        assert_eq!((returned.wire_len(), returned.header.key), (8, Some(40)));
        assert_eq!(Keepalive::recognise(&returned), Some(Keepalive::Returned));
        let untagged: Vec<u8> = [&[0, 0, 8, 0], &TAGGED_REQUEST[16..]].concat();
        let packet = Packet::parse(&untagged).unwrap();
        assert_eq!(Keepalive::recognise(&packet), Keepalive::recognise(&request));
        // Octets that follow the inner packet do not belong to it.
        let padded = [&TAGGED_REQUEST[..], &[0; 6]].concat();
        let packet = Packet::parse(&padded).unwrap();
        assert_eq!(Keepalive::recognise(&packet), Keepalive::recognise(&request));
    }

    #[test]
    fn in_ipv6_too() {
        let mut octets = Vec::from([0, 0, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 4, 47, 64]);
        octets.extend([0x11; 16]);
        octets.extend([0x22; 16]);
        octets.extend([0, 0, 0, 0]);
        let packet = Packet::parse(&octets).unwrap();
        let Some(Keepalive::Request { source, destination, .. }) = Keepalive::recognise(&packet) else {
            panic!("the packet is a keepalive");
        };
        assert_eq!((source, destination), ([0x11; 16].into(), [0x22; 16].into()));
        for len in 0..octets.len() {
            let cut = Packet::parse(&octets[..len]);
            assert_eq!(cut.ok().and_then(|packet| Keepalive::recognise(&packet)), None, "{len} octets");
        }
        octets[4 + 6] = 17; // UDP
        assert_eq!(Keepalive::recognise(&Packet::parse(&octets).unwrap()), None);
        octets[4 + 6] = 47;
        octets[4] = 0x50; // another version of IP
        assert_eq!(Keepalive::recognise(&Packet::parse(&octets).unwrap()), None);
    }

    #[test]
    fn other_packets_are_none() {
        let mut octets = TAGGED_REQUEST;
        octets[16 + 9] = 1; // ICMP
        assert_eq!(Keepalive::recognise(&Packet::parse(&octets).unwrap()), None);
        let mut octets = TAGGED_REQUEST;
        octets[16 + 6] = 0x20; // a fragment
        assert_eq!(Keepalive::recognise(&Packet::parse(&octets).unwrap()), None);
        let mut octets = TAGGED_REQUEST;
        octets[16] = 0x44; // a header of 16 octets
        assert_eq!(Keepalive::recognise(&Packet::parse(&octets).unwrap()), None);
        let mut octets = TAGGED_REQUEST;
        octets[39] = 1; // the inner packet carries something
        assert_eq!(Keepalive::recognise(&Packet::parse(&octets).unwrap()), None);
        for len in 0..TAGGED_REQUEST.len() {
            let cut = Packet::parse(&TAGGED_REQUEST[..len]);
            assert_eq!(cut.ok().and_then(|packet| Keepalive::recognise(&packet)), None, "{len} octets");
        }
    }
}
