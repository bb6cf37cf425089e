//! Transport mode, RFC 4303 section 3.1.1 and RFC 4302 section 3.1.1. The payload of an IP packet is protected, and
//! its headers stay in front.
//!
//! [`Protect`] and [`Unprotect`] are what SAs and bundles do with whole IP packets. A
//! [`Tunnel`](crate::tunnel::Tunnel) uses them for packets with its own outer headers.
//!
//! A UDP datagram in transport mode, first in ESP alone, then in ESP in UDP, as behind a NAT:
//!
//! ```
//! use std::net::Ipv4Addr;
//! use vpnwire_ipsec::esp::{InboundSa, IvSource, OutboundSa};
//! use vpnwire_ipsec::ip::{Ecn, v4};
//! use vpnwire_ipsec::suite::Suite;
//! use vpnwire_ipsec::transport::{Protect, open_in_place};
//! use vpnwire_ipsec::udp_encapsulation::{Ports, UDP_HEADER_LEN, decapsulate_in_place, encapsulate_in_place};
//! use vpnwire_ipsec::{Esn, NextHeader, Secret, Spi};
//!
//! let payload = b"a UDP datagram, say";
//! let header = v4::Header {
//!     dscp: 0,
//!     ecn: Ecn::NotCapable,
//!     identification: 1,
//!     reserved: false,
//!     dont_fragment: true,
//!     more_fragments: false,
//!     fragment_offset: 0,
//!     time_to_live: 64,
//!     protocol: NextHeader::UDP,
//!     source: Ipv4Addr::new(192, 0, 2, 1),
//!     destination: Ipv4Addr::new(198, 51, 100, 2),
//!     options: &[],
//! };
//! let mut packet = vec![0; header.wire_len()];
//! header.emit(payload.len(), &mut packet)?;
//! packet.extend_from_slice(payload);
//!
//! let suite = Suite::from_ios("esp-gcm")?;
//! let transform = || suite.transform(Secret::new(b"16 of key + salt, 20"), Secret::EMPTY);
//! let mut outbound = OutboundSa::new(Spi(0x1001), transform()?, Esn::No);
//! let mut inbound = InboundSa::<_>::new(Spi(0x1001), transform()?, Esn::No);
//!
//! // Only the payload is encrypted, so its length decides how much room is needed behind the packet.
//! let mut buffer = vec![0; outbound.headroom()];
//! buffer.extend_from_slice(&packet);
//! buffer.resize(buffer.len() + outbound.tailroom(payload.len()), 0);
//! let sealed = outbound.protect(&mut buffer, packet.len(), IvSource::Counter)?;
//! assert_eq!(v4::Header::parse(sealed)?.0.protocol, NextHeader::ESP);
//! assert_eq!(open_in_place(&mut inbound, sealed)?, packet);
//!
//! // Behind a NAT. The UDP header needs eight more free octets in front; ESP begins to work behind them.
//! let mut buffer = vec![0; UDP_HEADER_LEN + outbound.headroom()];
//! buffer.extend_from_slice(&packet);
//! buffer.resize(buffer.len() + outbound.tailroom(payload.len()), 0);
//! let sealed_len = outbound.protect(&mut buffer[UDP_HEADER_LEN..], packet.len(), IvSource::Counter)?.len();
//! let datagram = encapsulate_in_place(&mut buffer, sealed_len, Ports::default())?;
//! assert_eq!(v4::Header::parse(datagram)?.0.protocol, NextHeader::UDP);
//! let (sealed, ports) = decapsulate_in_place(datagram)?;
//! assert_eq!(ports, Ports { source: 4500, destination: 4500 });
//! assert_eq!(open_in_place(&mut inbound, sealed)?, packet);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use wire::EmitError;

use crate::NextHeader;
use crate::ah::{self, IntegrityAlgorithm};
use crate::bundle::{self, BundleTransform, InboundBundle, OutboundBundle};
use crate::esp::{self, IvSource};
use crate::ip::{Headers, IpError, Version};
use crate::place::place;
use crate::transform::Transform;

/// A sending SA or bundle that protects whole IP packets.
pub trait Protect {
    /// The reason why a packet cannot be protected.
    type Error: core::error::Error + From<IpError> + 'static;

    /// Returns how many octets to leave free before a packet.
    fn headroom(&self) -> usize;

    /// Returns how many octets to leave free behind a packet of which `payload_len` octets are protected. In transport
    /// mode, that is the length of the packet without the IP headers that stay in front
    /// ([`Headers::to_insert_behind`] tells their length). In tunnel mode, it is the length of the whole inner packet
    /// ([`Tunnel::tailroom`](crate::tunnel::Tunnel::tailroom)). A shorter payload may need more padding, so do not give
    /// the length of the whole packet in transport mode.
    ///
    /// AH needs nothing behind a packet and returns 0. A bundle returns the most that any packet needs, whatever
    /// `payload_len` is, as its own `tailroom()` does.
    fn tailroom(&self, payload_len: usize) -> usize;

    /// Protects an IP packet in place. The packet of `packet_len` octets stands in `buffer` behind
    /// [`headroom`](Self::headroom) free octets, and [`tailroom`](Self::tailroom) free octets follow it. Returns the
    /// protected packet, whose length, protocol and checksum fields are set.
    ///
    /// # Errors
    /// Returns an error when the buffer has no room, when the octets are not a whole IP packet, or when the SA is at
    /// its end. Packet and SA are then unchanged, but an initialization vector may have been written to the free
    /// octets before the packet. When a transform refuses the packet, its octets are zeros and its sequence number is
    /// used up.
    fn protect<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], Self::Error>;
}

/// A receiving SA or bundle that opens whole IP packets.
pub trait Unprotect {
    /// The reason why a packet was dropped.
    type Error: core::error::Error + From<IpError> + 'static;

    /// The protocol behind the IP headers of its packets: ESP or AH.
    const PROTOCOL: NextHeader;

    /// Verifies and decrypts an IP packet in place. Returns what it protects and where that stands.
    ///
    /// # Errors
    /// Returns an error that says why the packet was dropped.
    fn unprotect(&mut self, packet: &mut [u8]) -> Result<Unprotected, Self::Error>;
}

/// The payload that was protected, and its place in the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Unprotected {
    /// The headers before ESP or AH.
    pub headers: Headers,
    /// The protocol of the payload.
    pub next_header: NextHeader,
    /// The offset of the payload in the packet.
    pub offset: usize,
    /// The length of the payload in octets.
    pub len: usize,
}

impl Unprotected {
    /// Makes the value for a payload of `len` octets from `offset` on, whose protocol is `next_header`.
    #[must_use]
    pub const fn new(headers: Headers, next_header: NextHeader, offset: usize, len: usize) -> Self {
        Self { headers, next_header, offset, len }
    }
}

/// The reason why an IP packet with ESP was not sealed, or was dropped. `E` is the error of ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EspError<E: core::error::Error + 'static> {
    /// The octets are not a whole IP packet that carries ESP, or that ESP can protect.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// ESP refused the packet.
    #[error("ESP: {0}")]
    Esp(E),
}

impl<T: Transform> Protect for esp::OutboundSa<T> {
    type Error = EspError<esp::SealError>;

    fn headroom(&self) -> usize {
        Self::headroom(self)
    }

    fn tailroom(&self, payload_len: usize) -> usize {
        Self::tailroom(self, payload_len)
    }

    fn protect<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], Self::Error> {
        let (headroom, available) = (Self::headroom(self), buffer.len());
        let needed = headroom.saturating_add(packet_len);
        let too_small = |needed| IpError::Emit(EmitError::BufferTooSmall { needed, available });
        let packet = buffer.get(headroom..needed).ok_or(too_small(needed))?;
        let headers = Headers::to_insert_behind(packet)?;
        let payload_len = packet_len.saturating_sub(headers.len);
        let needed = needed.saturating_add(Self::tailroom(self, payload_len));
        check_len(headers.version, needed)?;
        let packet = buffer.get_mut(..needed).ok_or(too_small(needed))?;

        headers.shift(packet, headroom, 0).map_err(IpError::from)?;
        let room = packet.get_mut(headers.len..).ok_or(too_small(needed))?;
        if let Err(error) = self.seal_in_place(room, payload_len, headers.next_header, iv) {
            headers.shift(packet, 0, headroom).map_err(IpError::from)?;
            return Err(EspError::Esp(error));
        }
        headers.rewrite(packet, NextHeader::ESP)?;
        Ok(packet)
    }
}

/// Checks that an IP packet can have this length.
pub(crate) fn check_len(version: Version, len: usize) -> Result<(), IpError> {
    let beyond = match version {
        Version::V4 => 0,
        Version::V6 => version.header_len(),
    };
    if len.saturating_sub(beyond) > usize::from(u16::MAX) { Err(IpError::TooLong { len }) } else { Ok(()) }
}

impl<T: Transform, const BLOCKS: usize> Unprotect for esp::InboundSa<T, BLOCKS> {
    type Error = EspError<esp::OpenError>;

    const PROTOCOL: NextHeader = NextHeader::ESP;

    fn unprotect(&mut self, packet: &mut [u8]) -> Result<Unprotected, Self::Error> {
        let headers = Headers::before(NextHeader::ESP, packet)?;
        let esp_len = packet.len().saturating_sub(headers.len);
        let octets = place(packet, headers.len, esp_len).map_err(IpError::from)?;
        let opened = self.open_in_place(octets).map_err(EspError::Esp)?;
        let offset = headers.len.saturating_add(opened.payload_range().start);
        Ok(Unprotected { headers, next_header: opened.next_header, offset, len: opened.payload.len() })
    }
}

impl<I: IntegrityAlgorithm> Protect for ah::OutboundSa<I> {
    type Error = ah::SealError;

    fn headroom(&self) -> usize {
        Self::headroom(self)
    }

    fn tailroom(&self, _: usize) -> usize {
        0
    }

    /// AH makes its own initialization vector where it has one, so it does not use the source.
    fn protect<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
        _: IvSource<'_>,
    ) -> Result<&'b mut [u8], Self::Error> {
        self.seal_in_place(buffer, packet_len)
    }
}

impl<I: IntegrityAlgorithm, const BLOCKS: usize> Unprotect for ah::InboundSa<I, BLOCKS> {
    type Error = ah::OpenError;

    const PROTOCOL: NextHeader = NextHeader::AH;

    fn unprotect(&mut self, packet: &mut [u8]) -> Result<Unprotected, Self::Error> {
        let opened = self.open(packet)?;
        let (next_header, len) = (opened.next_header, opened.payload.len());
        let offset = opened.payload_range(packet.len()).start;
        let headers = Headers::before(NextHeader::AH, packet)?;
        Ok(Unprotected { headers, next_header, offset, len })
    }
}

impl<T: BundleTransform> Protect for OutboundBundle<T> {
    type Error = bundle::SealError;

    fn headroom(&self) -> usize {
        Self::headroom(self)
    }

    fn tailroom(&self, _: usize) -> usize {
        Self::tailroom(self)
    }

    fn protect<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], Self::Error> {
        self.seal_in_place(buffer, packet_len, iv)
    }
}

impl<T: BundleTransform, const BLOCKS: usize> Unprotect for InboundBundle<T, BLOCKS> {
    type Error = bundle::OpenError;

    const PROTOCOL: NextHeader = NextHeader::AH;

    fn unprotect(&mut self, packet: &mut [u8]) -> Result<Unprotected, Self::Error> {
        let opened = self.open_in_place(packet)?;
        let (next_header, len) = (opened.esp.next_header, opened.esp.payload.len());
        let from_end = opened.esp.trailer_len().saturating_add(len);
        let offset = packet.len().saturating_sub(from_end);
        let headers = Headers::before(NextHeader::AH, packet)?;
        Ok(Unprotected { headers, next_header, offset, len })
    }
}

/// Opens a packet of transport mode in place, and returns the IP packet that its sender had. The headers move up to the
/// payload, and their length, protocol and checksum fields are set to those of the packet without ESP or AH. What
/// routers changed on the way, such as the TTL, stays changed.
///
/// # Errors
/// Returns an error that says why the packet was dropped.
pub fn open_in_place<'a, U: Unprotect>(sa: &mut U, packet: &'a mut [u8]) -> Result<&'a mut [u8], U::Error> {
    let Unprotected { headers, next_header, offset, len } = sa.unprotect(packet)?;
    let start = offset.saturating_sub(headers.len);
    headers.shift(packet, 0, start).map_err(IpError::from)?;
    let packet = place(packet, start, headers.len.saturating_add(len)).map_err(IpError::from)?;
    headers.rewrite(packet, next_header)?;
    Ok(packet)
}

#[cfg(test)]
mod tests;
