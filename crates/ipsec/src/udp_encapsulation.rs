//! ESP in UDP, RFC 3948: what comes to port 4500, and ESP packets put into UDP and taken out, in place.

use core::mem::size_of;

use wire::{EmitError, Reader};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ip::{Headers, IpError, Version};
use crate::place::{place, put};
use crate::transport::check_len;
use crate::{LengthError, NextHeader};

/// The UDP port of IKE behind NAT, and of ESP with it: RFC 3947 section 4.
pub const PORT: u16 = 4500;

/// Octets of a UDP header.
pub const UDP_HEADER_LEN: usize = 8;

/// What stands before an IKE message on port 4500, where ESP has an SPI that is never zero: RFC 3948 section 2.2.
pub const NON_ESP_MARKER: [u8; 4] = [0; 4];

/// A keepalive, RFC 3948 section 2.3: it keeps a NAT's binding alive, and is dropped.
pub const KEEPALIVE: [u8; 1] = [0xff];

/// What came to port 4500, RFC 3948 section 2, which has these three: it is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Datagram<'a> {
    /// A keepalive.
    Keepalive,
    /// An IKE message, without the marker.
    Ike(&'a [u8]),
    /// An ESP packet, from its SPI on. It may be any octets: what is no keepalive and has no marker.
    Esp(&'a [u8]),
}

impl<'a> Datagram<'a> {
    /// What a datagram to or from port 4500 is.
    ///
    /// # Errors
    /// When it is empty, or too short to tell: no SPI has fewer than four octets.
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

    /// Octets [`emit`](Self::emit) writes.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        match self {
            Self::Keepalive => KEEPALIVE.len(),
            Self::Ike(message) => NON_ESP_MARKER.len().saturating_add(message.len()),
            Self::Esp(packet) => packet.len(),
        }
    }

    /// Writes what a datagram carries, and returns how many octets it has.
    ///
    /// # Errors
    /// When the buffer is shorter.
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

/// The ports of an encapsulation, RFC 3948 section 2.1: behind a NAT, not both are 4500. UDP has two, so it is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ports {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { source: PORT, destination: PORT }
    }
}

/// Why a packet was not encapsulated, or is none that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UdpError {
    /// What is around it is no IP packet that has ESP, or UDP.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The UDP header says more octets than there are, or fewer than it has itself.
    #[error("the UDP header says {length} octets, and the IP packet has {available} of it")]
    Length {
        /// What it says.
        length: usize,
        /// Octets there are.
        available: usize,
    },
    /// It carries a keepalive, or would.
    #[error("the datagram is a keepalive, not ESP")]
    Keepalive,
    /// It carries an IKE message, or would: of ESP with an SPI of zero, which RFC 3948 section 2.1 forbids.
    #[error("the datagram is an IKE message, or ESP whose SPI is zero")]
    Ike,
}

/// Puts the ESP packet in IP of `packet_len` octets, which stands in `buffer` behind [`UDP_HEADER_LEN`] free octets, into UDP: RFC
/// 3948 sections 3.2 and 3.4. The IP header moves to the front, the UDP header comes behind it, with a checksum of zero.
///
/// # Errors
/// When there is no room, or the octets are no ESP in a whole IP packet, or would be taken for something else at the other end. The
/// packet is as it was.
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

/// Takes an ESP packet in IP out of UDP: the IP header moves up to ESP, and says that it follows. The checksum is not looked at (RFC
/// 3948 section 2.1), and the ports are returned: behind a NAT, they say where to answer.
///
/// # Errors
/// When the octets are no UDP in a whole IP packet, or carry no ESP.
pub fn decapsulate_in_place(packet: &mut [u8]) -> Result<(&mut [u8], Ports), UdpError> {
    let headers = Headers::before(NextHeader::UDP, packet)?;
    let mut reader = Reader::new("UDP payload", headers.split(packet).1);
    let layout: UdpLayout =
        zerocopy::transmute!(*reader.array::<UDP_HEADER_LEN>("UDP header").map_err(IpError::from)?);
    let (length, available) = (usize::from(layout.length.get()), reader.len().saturating_add(UDP_HEADER_LEN));
    // What UDP leaves out of IP's length would become part of ESP.
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

/// Whether a datagram of these octets is ESP.
fn check_esp(datagram: &[u8]) -> Result<(), UdpError> {
    match Datagram::parse(datagram).map_err(IpError::from)? {
        Datagram::Keepalive => Err(UdpError::Keepalive),
        Datagram::Ike(_) => Err(UdpError::Ike),
        Datagram::Esp(_) => Ok(()),
    }
}

/// Octets of an IP header in which ESP in UDP stands.
#[must_use]
pub const fn overhead(version: Version) -> usize {
    version.header_len().saturating_add(UDP_HEADER_LEN)
}

#[cfg(test)]
mod tests;
