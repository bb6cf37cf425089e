//! Whether octets may carry SCTP, and so keys: who shows octets that hold packets asks here first.
//!
//! The answer is no only where every header up to a protocol that carries no packet could be read. ESP whose keys are not given is
//! taken for ciphertext.

use etherparse::{
    Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice, UdpHeaderSlice,
};
use ipsec::Spi;
use ipsec::udp_encapsulation::Datagram;

use crate::dissector::Dissector;
use crate::esp_packet::known_sas::KnownSas;
use crate::link;
use crate::tables::{Handler, Table, Tables};

/// Headers that are looked into.
const DEPTH: usize = 16;

const HOP_BY_HOP: u8 = 0;
const ICMP: u8 = 1;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const ICMPV6: u8 = 58;
const DESTINATION: u8 = 60;
/// Mobility, HIP and Shim6: extension headers that are not looked into.
const OTHER_EXTENSIONS: [u8; 3] = [135, 139, 140];

/// Octets of ICMP in front of the packet that an error quotes: RFC 792, RFC 4443.
const ICMP_ERROR_LEN: usize = 8;

/// Where a walk over the headers stands.
enum At<'a> {
    /// At an IP protocol, or an extension header.
    Ip(u8, &'a [u8]),
    /// At what a dissector is for; at what none is for.
    Handler(Option<Handler>, &'a [u8]),
    /// At the end: what is here carries no packet.
    Nothing,
    /// At SCTP, or at what cannot be told.
    Secret,
}

struct Walk<'d> {
    tables: &'d Tables,
    associations: &'d KnownSas,
}

/// Whether the payload of an IP packet may be SCTP, or carry it.
pub(crate) fn may_carry_sctp(dissector: &Dissector, protocol: u8, payload: &[u8]) -> bool {
    Walk::of(dissector).finds_secret(At::Ip(protocol, payload))
}

/// Whether these octets, which are for that dissector, may.
pub(crate) fn may_carry_sctp_in(dissector: &Dissector, handler: Handler, octets: &[u8]) -> bool {
    Walk::of(dissector).finds_secret(At::Handler(Some(handler), octets))
}

impl<'d> Walk<'d> {
    const fn of(dissector: &'d Dissector) -> Self {
        Self { tables: &dissector.tables, associations: &dissector.associations }
    }

    fn finds_secret(&self, mut at: At<'_>) -> bool {
        for _ in 0..DEPTH {
            at = match at {
                At::Ip(protocol, octets) => self.behind_ip(protocol, octets),
                At::Handler(Some(handler), octets) => self.behind(handler, octets).unwrap_or(At::Secret),
                At::Handler(None, _) | At::Nothing => return false,
                At::Secret => return true,
            };
        }
        true
    }

    fn behind_ip<'a>(&self, protocol: u8, octets: &'a [u8]) -> At<'a> {
        match (protocol, octets.first()) {
            (HOP_BY_HOP | ROUTING | DESTINATION, _) => match Ipv6RawExtHeaderSlice::from_slice(octets) {
                Ok(header) => At::Ip(header.next_header().0, behind(octets, header.slice().len())),
                Err(_) => At::Secret,
            },
            (FRAGMENT, _) => match Ipv6FragmentHeaderSlice::from_slice(octets) {
                Ok(header) => {
                    let rest = behind(octets, header.slice().len());
                    self.in_fragment(header.fragment_offset().value(), header.next_header().0, rest)
                }
                Err(_) => At::Secret,
            },
            (protocol, _) if OTHER_EXTENSIONS.contains(&protocol) => At::Secret,
            (ICMP, Some(3 | 4 | 5 | 11 | 12)) | (ICMPV6, Some(0..128)) => {
                At::Handler(Some(Handler::Ip), behind(octets, ICMP_ERROR_LEN))
            }
            _ => At::Handler(self.tables.handler(Table::IpProtocol, protocol.into()), octets),
        }
    }

    /// The first fragment begins as the packet does; of another, only that its protocol carries none tells.
    fn in_fragment<'a>(&self, offset: u16, protocol: u8, octets: &'a [u8]) -> At<'a> {
        let is_extension = matches!(protocol, HOP_BY_HOP | ROUTING | FRAGMENT | DESTINATION)
            || OTHER_EXTENSIONS.contains(&protocol);
        let is_known = self.tables.handler(Table::IpProtocol, protocol.into()).is_some();
        match offset {
            0 => At::Ip(protocol, octets),
            _ if is_extension || is_known || matches!(protocol, ICMP | ICMPV6) => At::Secret,
            _ => At::Nothing,
        }
    }

    /// What stands behind a header; nothing where it cannot be read.
    fn behind<'a>(&self, handler: Handler, octets: &'a [u8]) -> Option<At<'a>> {
        let ethertype = |number: u16, octets| match number {
            number if link::is_length(number) => At::Secret,
            number => At::Handler(self.tables.handler(Table::EtherType, number.into()), octets),
        };
        Some(match handler {
            Handler::Ip => match octets.first()? >> 4 {
                6 => At::Handler(Some(Handler::Ipv6), octets),
                _ => At::Handler(Some(Handler::Ipv4), octets),
            },
            Handler::Ipv4 => {
                let header = Ipv4HeaderSlice::from_slice(octets).ok()?;
                let rest = behind(octets, header.slice().len());
                self.in_fragment(header.fragments_offset().value(), header.protocol().0, rest)
            }
            Handler::Ipv6 => {
                let header = Ipv6HeaderSlice::from_slice(octets).ok()?;
                At::Ip(header.next_header().0, behind(octets, header.slice().len()))
            }
            Handler::Udp => {
                let header = UdpHeaderSlice::from_slice(octets).ok()?;
                let ports = [header.source_port(), header.destination_port()];
                self.behind_udp(ports, behind(octets, header.slice().len()))
            }
            Handler::UdpEncapsulation => match Datagram::parse(octets).ok()? {
                Datagram::Keepalive | Datagram::Ike(_) => At::Nothing,
                Datagram::Esp(packet) => At::Handler(Some(Handler::Esp), packet),
            },
            Handler::Esp => {
                let spi = Spi(u32::from_be_bytes(*octets.first_chunk()?));
                if self.associations.may_be_in_clear(spi) { At::Secret } else { At::Nothing }
            }
            Handler::Ah => {
                let (header, rest) = ipsec::ah::Header::parse_prefix(octets).ok()?;
                At::Ip(header.next_header.0, rest)
            }
            Handler::Gre => {
                let packet = gre::Packet::parse(octets).ok()?;
                let protocol = packet.header.protocol_type.0;
                At::Handler(self.tables.handler(Table::GreProtocol, protocol.into()), packet.payload)
            }
            Handler::CiscoMetaData => {
                let tagged = gre::CiscoMetaData::parse(octets).ok()?;
                ethertype(tagged.protocol_type.0, tagged.payload)
            }
            Handler::Ethernet => {
                ethertype(u16::from_be_bytes(*octets.get(12..)?.first_chunk()?), behind(octets, 14))
            }
            Handler::Vlan | Handler::ProviderTag => {
                ethertype(u16::from_be_bytes(*octets.get(2..)?.first_chunk()?), behind(octets, 4))
            }
            // Requests and replies quote nothing; indications do.
            Handler::Nhrp => match nhrp::FixedPart::parse_prefix(octets).ok()?.0.packet_type.0 {
                1..=6 => At::Nothing,
                _ => At::Secret,
            },
            Handler::Isakmp | Handler::Hsrp => At::Nothing,
            Handler::Sctp
            | Handler::Ha
            | Handler::Erspan
            | Handler::Llc
            | Handler::Null
            | Handler::LinuxSll
            | Handler::LinuxSll2 => At::Secret,
        })
    }

    /// Either port may say what a datagram holds.
    fn behind_udp<'a>(&self, ports: [u16; 2], payload: &'a [u8]) -> At<'a> {
        let [source, destination] = ports.map(|port| self.tables.handler(Table::UdpPort, port.into()));
        match (source, destination) {
            (Some(one), Some(other)) if one != other => At::Secret,
            (handler, None) | (_, handler) => At::Handler(handler, payload),
        }
    }
}

/// What stands behind this many octets.
fn behind(octets: &[u8], len: usize) -> &[u8] {
    octets.get(len..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
