//! The keepalive that a router sends into its tunnel.

use core::net::IpAddr;

use wire::{Emit, EmitError, InternetChecksum, Writer};

use super::IP_PROTOCOL_GRE;
use crate::{Header, Packet, ProtocolType};

/// Number of octets of an IPv4 header without options, RFC 791 section 3.1.
const IPV4_LEN: usize = 20;

/// Number of octets of an IPv6 header, RFC 8200 section 3.
const IPV6_LEN: usize = 40;

/// The place of the checksum in an IPv4 header.
const IPV4_CHECKSUM: core::ops::Range<usize> = 10..12;

/// The payload of a keepalive: an IP packet from the far end to the sender. It carries the GRE packet that comes
/// back. Its lengths and checksums are derived.
///
/// ```
/// use vpnwire_gre::{Emit, Header, Keepalive, KeepaliveRequest, Packet};
///
/// // The router 192.0.2.7 sends through the tunnel to 192.0.2.6, which sends the inner packet back.
/// let request = KeepaliveRequest::new([192, 0, 2, 6].into(), [192, 0, 2, 7].into(), Some(40));
/// let mut inner = [0; 64];
/// let payload = request.emit(&mut inner)?;
/// let packet = Packet { header: Header { key: Some(40), ..Header::new(request.protocol_type()) }, payload };
/// let mut buffer = [0; 64];
/// assert_eq!(packet.emit(&mut buffer)?.len(), 8 + 20 + 8);
/// assert!(matches!(Keepalive::recognise(&packet), Some(Keepalive::Request { .. })));
/// # Ok::<(), vpnwire_gre::EmitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct KeepaliveRequest<'a> {
    /// Source address of the inner packet, which is the far end of the tunnel.
    pub source: IpAddr,
    /// Destination address of the inner packet, which is the sender of the keepalive. It has the same IP version
    /// as `source`.
    pub destination: IpAddr,
    /// Type of service (IPv4) or traffic class (IPv6). IOS sends 0xc0.
    pub type_of_service: u8,
    /// Identification of the IPv4 packet.
    pub identification: u16,
    /// Time to live (IPv4) or hop limit (IPv6). IOS sends 255.
    pub time_to_live: u8,
    /// The GRE packet that comes back. Its protocol type is [`ProtocolType::KEEPALIVE`].
    pub returned: Packet<'a>,
}

impl KeepaliveRequest<'_> {
    /// A keepalive as IOS sends it, with the key of the tunnel if the tunnel has one.
    #[must_use]
    pub const fn new(source: IpAddr, destination: IpAddr, key: Option<u32>) -> Self {
        let mut header = Header::new(ProtocolType::KEEPALIVE);
        header.key = key;
        Self {
            source,
            destination,
            type_of_service: 0xc0,
            identification: 0,
            time_to_live: 255,
            returned: Packet { header, payload: &[] },
        }
    }

    /// The protocol type of the GRE packet that carries the keepalive: IPv4 or IPv6.
    #[must_use]
    pub const fn protocol_type(&self) -> ProtocolType {
        match self.source {
            IpAddr::V4(_) => ProtocolType::IPV4,
            IpAddr::V6(_) => ProtocolType::IPV6,
        }
    }
}

impl Emit for KeepaliveRequest<'_> {
    fn wire_len(&self) -> usize {
        let header_len = match self.source {
            IpAddr::V4(_) => IPV4_LEN,
            IpAddr::V6(_) => IPV6_LEN,
        };
        self.returned.wire_len().saturating_add(header_len)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if self.returned.header.protocol_type != ProtocolType::KEEPALIVE {
            return Err(EmitError::Contradiction {
                field: "Protocol Type",
                reason: "the packet that comes back would not be read as a keepalive",
            });
        }
        match (self.source, self.destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                let total_len = EmitError::fit_u16("Total Length", self.wire_len())?.to_be_bytes();
                let start = writer.position();
                writer.put(&[0x45, self.type_of_service])?;
                writer.put(&total_len)?;
                writer.u16(self.identification)?;
                writer.put(&[0, 0, self.time_to_live, IP_PROTOCOL_GRE, 0, 0])?;
                writer.put(&source.octets())?;
                writer.put(&destination.octets())?;
                let lost = EmitError::BufferTooSmall { needed: writer.position(), available: start };
                let header = writer.written_mut().get_mut(start..).ok_or(lost)?;
                let checksum = InternetChecksum::of(header).to_be_bytes();
                wire::copy(header.get_mut(IPV4_CHECKSUM).ok_or(lost)?, &checksum)?;
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                let payload_len = EmitError::fit_u16("Payload Length", self.returned.wire_len())?;
                writer.u32(0x6000_0000 | u32::from(self.type_of_service).wrapping_shl(20))?;
                writer.u16(payload_len)?;
                writer.put(&[IP_PROTOCOL_GRE, self.time_to_live])?;
                writer.put(&source.octets())?;
                writer.put(&destination.octets())?;
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => {
                return Err(EmitError::Contradiction {
                    field: "Destination Address",
                    reason: "it has another IP version than the source address",
                });
            }
        }
        self.returned.emit_into(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Keepalive;
    use std::vec::Vec;

    fn octets(request: &KeepaliveRequest<'_>) -> Result<Vec<u8>, EmitError> {
        let mut octets = std::vec![0xaa; request.wire_len()];
        request.emit(&mut octets)?;
        Ok(octets)
    }

    /// The tests of `Keepalive` read the same octets of IOS, with a tag before them.
    #[test]
    fn a_keepalive_is_built_as_ios_sends_it() {
        let mut request = KeepaliveRequest::new([192, 0, 2, 6].into(), [192, 0, 2, 7].into(), Some(40));
        request.identification = 0xa3;
        assert_eq!(
            octets(&request).unwrap(),
            [
                0x45, 0xc0, 0x00, 0x1c, 0x00, 0xa3, 0x00, 0x00, 0xff, 0x2f, 0x36, 0x42, 192, 0, 2, 6, 192, 0,
                2, 7, 0x20, 0x00, 0x00, 0x00, 0, 0, 0, 0x28
            ]
        );
    }

    #[test]
    fn what_is_built_is_recognised_in_both_versions_of_ip() {
        for (source, destination) in
            [([192, 0, 2, 6].into(), [192, 0, 2, 7].into()), ([0x11; 16].into(), [0x22; 16].into())]
        {
            for key in [None, Some(40)] {
                let request = KeepaliveRequest::new(source, destination, key);
                let payload = octets(&request).unwrap();
                let packet = Packet { header: Header::new(request.protocol_type()), payload: &payload };
                let returned = request.returned;
                assert_eq!(
                    Keepalive::recognise(&packet),
                    Some(Keepalive::Request { source, destination, returned })
                );
            }
        }
    }

    #[test]
    fn what_would_not_come_back_as_a_keepalive_is_refused() {
        let (four, six) = (IpAddr::from([192, 0, 2, 6]), IpAddr::from([0x11; 16]));
        for (source, destination) in [(four, six), (six, four)] {
            let mixed = KeepaliveRequest::new(source, destination, None);
            let error = octets(&mixed).unwrap_err();
            assert!(
                matches!(error, EmitError::Contradiction { field: "Destination Address", .. }),
                "{error}"
            );
        }
        let mut other = KeepaliveRequest::new(four, four, None);
        other.returned.header.protocol_type = ProtocolType::IPV4;
        let error = octets(&other).unwrap_err();
        assert!(matches!(error, EmitError::Contradiction { field: "Protocol Type", .. }), "{error}");
        let mut long = KeepaliveRequest::new(four, four, None);
        long.returned.payload = &[0; 65_536];
        assert!(matches!(octets(&long), Err(EmitError::FieldOverflow { field: "Total Length", .. })));
    }
}
