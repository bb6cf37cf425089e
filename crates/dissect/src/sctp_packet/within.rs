//! Whether a packet carries SCTP, as far as the headers before it say: what decrypts it shows no octets then, for there may be
//! keys among them.

use etherparse::{Ipv4HeaderSlice, Ipv6HeaderSlice, UdpHeaderSlice};

use crate::tables::{Handler, Table, Tables};

/// Headers that are looked into: IP and UDP or GRE in a tunnel, and one more.
const DEPTH: usize = 8;

/// Whether the payload of an IP packet is SCTP, or carries it.
pub(crate) fn carries_sctp(tables: &Tables, protocol: u8, payload: &[u8]) -> bool {
    let mut handler = tables.handler(Table::IpProtocol, u32::from(protocol));
    let mut octets = payload;
    for _ in 0..DEPTH {
        let ip = |protocol: u8| tables.handler(Table::IpProtocol, u32::from(protocol));
        let (next, len) = match handler {
            Some(Handler::Sctp) => return true,
            Some(Handler::Ipv4) => match Ipv4HeaderSlice::from_slice(octets) {
                Ok(header) => (ip(header.protocol().0), header.slice().len()),
                Err(_) => return false,
            },
            Some(Handler::Ipv6) => match Ipv6HeaderSlice::from_slice(octets) {
                Ok(header) => (ip(header.next_header().0), header.slice().len()),
                Err(_) => return false,
            },
            Some(Handler::Udp) => match UdpHeaderSlice::from_slice(octets) {
                Ok(header) => {
                    let ports = [header.source_port(), header.destination_port()];
                    let mut handlers =
                        ports.map(|port| tables.handler(Table::UdpPort, u32::from(port))).into_iter();
                    return handlers.any(|handler| handler == Some(Handler::Sctp));
                }
                Err(_) => return false,
            },
            Some(Handler::Gre) => match gre::Packet::parse(octets) {
                Ok(packet) => {
                    let protocol = u32::from(packet.header.protocol_type.0);
                    let len = octets.len().saturating_sub(packet.payload.len());
                    (tables.handler(Table::GreProtocol, protocol), len)
                }
                Err(_) => return false,
            },
            _ => return false,
        };
        handler = next;
        octets = octets.get(len..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::{IpNumber, PacketBuilder};

    fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
        let mut octets = Vec::new();
        let builder = PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
        builder.write(&mut octets, IpNumber(protocol), payload).unwrap();
        octets
    }

    #[test]
    fn sctp_is_found_behind_what_can_be_before_it() {
        let tables = Tables::default();
        let packet = [0; 12];
        let in_udp = [0x26, 0xab, 0x26, 0xab, 0, 20, 0, 0];
        let in_gre = [&[0, 0, 8, 0], &ipv4(132, &packet)[..]].concat();
        for (protocol, payload, expected) in [
            (132, packet.to_vec(), true),
            (4, ipv4(132, &packet), true),
            (17, in_udp.to_vec(), true),
            (4, ipv4(17, &in_udp), true),
            (47, in_gre.clone(), true),
            (4, ipv4(47, &in_gre), true),
            (4, ipv4(6, &packet), false),
            (6, packet.to_vec(), false),
            (4, packet.to_vec(), false),
            (17, vec![0, 1, 0, 2, 0, 8, 0, 0], false),
        ] {
            assert_eq!(carries_sctp(&tables, protocol, &payload), expected, "{protocol} {payload:x?}");
        }
    }
}
