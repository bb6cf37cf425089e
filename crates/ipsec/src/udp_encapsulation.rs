//! ESP in UDP, RFC 3948. [`Datagram`] tells what arrived on port 4500. Two functions put an ESP packet into UDP and
//! take it out again, in place.

use core::mem::size_of;

use wire::{EmitError, Reader};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ip::{Headers, IpError, Version};
use crate::place::{place, put};
use crate::transport::check_len;
use crate::{LengthError, NextHeader};

/// The UDP port of IKE behind a NAT, and of ESP in UDP: RFC 3947 section 4.
pub const PORT: u16 = 4500;

/// The length of a UDP header in octets.
pub const UDP_HEADER_LEN: usize = 8;

/// The four zero octets before an IKE message on port 4500, RFC 3948 section 2.2. ESP has its SPI there, which is
/// never zero.
pub const NON_ESP_MARKER: [u8; 4] = [0; 4];

/// The payload of a keepalive, RFC 3948 section 2.3. It keeps a NAT's binding alive, and the receiver drops it.
pub const KEEPALIVE: [u8; 1] = [0xff];

/// The payload of a datagram on port 4500, RFC 3948 section 2. The RFC has only these three kinds, so the enum is
/// exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Datagram<'a> {
    /// A keepalive.
    Keepalive,
    /// An IKE message, without the non-ESP marker.
    Ike(&'a [u8]),
    /// An ESP packet, from its SPI on. Everything that is not a keepalive and does not begin with the marker is ESP;
    /// nothing else about it is checked.
    Esp(&'a [u8]),
}

impl<'a> Datagram<'a> {
    /// Tells what a datagram to or from port 4500 carries.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when the datagram is empty, or shorter than the four octets of an SPI and not a
    /// keepalive.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, LengthError> {
        if datagram == KEEPALIVE {
            return Ok(Self::Keepalive);
        }
        let mut reader = Reader::new("UDP payload", datagram);
        if *reader.peek::<4>("UDP-encapsulated packet")? == NON_ESP_MARKER {
            reader.take("non-ESP marker", NON_ESP_MARKER.len())?;
            Ok(Self::Ike(reader.rest()))
        } else {
            Ok(Self::Esp(datagram))
        }
    }

    /// Returns how many octets [`emit`](Self::emit) writes.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        match self {
            Self::Keepalive => KEEPALIVE.len(),
            Self::Ike(message) => NON_ESP_MARKER.len().saturating_add(message.len()),
            Self::Esp(packet) => packet.len(),
        }
    }

    /// Writes the payload of a datagram, and returns its length in octets.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the buffer is shorter than that.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let mut writer = wire::Writer::for_len(buffer, self.wire_len())?;
        match self {
            Self::Keepalive => writer.put(&KEEPALIVE)?,
            Self::Ike(message) => {
                writer.put(&NON_ESP_MARKER)?;
                writer.put(message)?;
            }
            Self::Esp(packet) => writer.put(packet)?,
        }
        Ok(writer.position())
    }
}

impl<'a> TryFrom<&'a [u8]> for Datagram<'a> {
    type Error = LengthError;

    fn try_from(datagram: &'a [u8]) -> Result<Self, LengthError> {
        Self::parse(datagram)
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct UdpLayout {
    source_port: U16,
    destination_port: U16,
    length: U16,
    checksum: U16,
}

const _: () = assert!(size_of::<UdpLayout>() == UDP_HEADER_LEN);

/// The UDP ports of an encapsulated packet, RFC 3948 section 2.1. Behind a NAT, one of them differs from 4500. UDP
/// has two ports, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ports {
    /// The source port.
    pub source: u16,
    /// The destination port.
    pub destination: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { source: PORT, destination: PORT }
    }
}

/// The reason why a packet cannot be put into UDP, or is not ESP in UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UdpError {
    /// The octets are not a whole IP packet that carries ESP, or UDP.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The length field of the UDP header differs from the octets that the IP packet has for UDP.
    #[error(
        "the length field of the UDP header says {length} octets, but the IP packet has {available} octets of UDP"
    )]
    Length {
        /// The value of the length field.
        length: usize,
        /// The octets of the IP packet from the UDP header on.
        available: usize,
    },
    /// The datagram carries a keepalive, or would after encapsulation.
    #[error("the datagram carries a keepalive, not an ESP packet")]
    Keepalive,
    /// The datagram carries an IKE message, or would after encapsulation: the SPI is zero, which RFC 3948 section 2.1
    /// forbids.
    #[error("the datagram carries an IKE message, or an ESP packet whose SPI is 0, which looks the same")]
    Ike,
}

/// Puts an ESP packet into UDP, RFC 3948 sections 3.2 and 3.4. In `buffer`, [`UDP_HEADER_LEN`] free octets come
/// first, then the IP packet of `packet_len` octets. The IP header moves to the front of the buffer, and a UDP header
/// with a checksum of zero follows it. The module [`transport`](crate::transport) has an example.
///
/// # Errors
/// Returns [`UdpError::Ip`] when the buffer is too short or the octets are not a whole IP packet that carries ESP,
/// and another [`UdpError`] when the receiver would take the packet for a keepalive or for IKE. The packet is then
/// unchanged.
pub fn encapsulate_in_place(
    buffer: &mut [u8],
    packet_len: usize,
    ports: Ports,
) -> Result<&mut [u8], UdpError> {
    let available = buffer.len();
    let needed = packet_len.saturating_add(UDP_HEADER_LEN);
    let too_small = IpError::Emit(EmitError::BufferTooSmall { needed, available });
    let packet = buffer.get_mut(..needed).ok_or(too_small)?;
    let inner = packet.get(UDP_HEADER_LEN..).ok_or(too_small)?;
    let headers = Headers::before(NextHeader::ESP, inner)?;
    check_esp(headers.split(inner).1)?;
    check_len(headers.version, needed)?;
    let length = needed.saturating_sub(headers.len);
    let length = u16::try_from(length).map_err(|_| IpError::TooLong { len: needed })?;
    headers.shift(packet, UDP_HEADER_LEN, 0).map_err(IpError::from)?;
    headers.rewrite(packet, NextHeader::UDP)?;
    let octets: [u8; UDP_HEADER_LEN] = zerocopy::transmute!(UdpLayout {
        source_port: ports.source.into(),
        destination_port: ports.destination.into(),
        length: length.into(),
        checksum: 0.into(),
    });
    put(packet, headers.len, &octets).map_err(IpError::from)?;
    Ok(packet)
}

/// Takes an ESP packet out of UDP. The IP header moves up to ESP and names it as the next protocol. The UDP checksum
/// is not checked (RFC 3948 section 2.1). The ports are returned, because behind a NAT they say where to answer.
///
/// # Errors
/// Returns [`UdpError::Ip`] when the octets are not UDP in a whole IP packet, and another [`UdpError`] when the UDP
/// length is wrong or UDP does not carry ESP.
pub fn decapsulate_in_place(packet: &mut [u8]) -> Result<(&mut [u8], Ports), UdpError> {
    let headers = Headers::before(NextHeader::UDP, packet)?;
    let mut reader = Reader::new("UDP payload", headers.split(packet).1);
    let layout: UdpLayout =
        zerocopy::transmute!(*reader.array::<UDP_HEADER_LEN>("UDP header").map_err(IpError::from)?);
    let (length, available) = (usize::from(layout.length.get()), reader.len().saturating_add(UDP_HEADER_LEN));
    // Octets that IP counts and UDP does not would become a part of ESP.
    if length != available {
        return Err(UdpError::Length { length, available });
    }
    check_esp(reader.rest())?;
    let ports = Ports { source: layout.source_port.get(), destination: layout.destination_port.get() };
    headers.shift(packet, 0, UDP_HEADER_LEN).map_err(IpError::from)?;
    let len = packet.len().saturating_sub(UDP_HEADER_LEN);
    let packet = place(packet, UDP_HEADER_LEN, len).map_err(IpError::from)?;
    headers.rewrite(packet, NextHeader::ESP)?;
    Ok((packet, ports))
}

/// Checks that a datagram with these octets is ESP.
fn check_esp(datagram: &[u8]) -> Result<(), UdpError> {
    match Datagram::parse(datagram).map_err(IpError::from)? {
        Datagram::Keepalive => Err(UdpError::Keepalive),
        Datagram::Ike(_) => Err(UdpError::Ike),
        Datagram::Esp(_) => Ok(()),
    }
}

/// Returns the length in octets of the IP header and UDP header around an encapsulated ESP packet.
#[must_use]
pub const fn overhead(version: Version) -> usize {
    version.header_len().saturating_add(UDP_HEADER_LEN)
}

#[cfg(test)]
mod tests;
