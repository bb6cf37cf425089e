//! SCTP packets in UDP datagrams (RFC 6951).

use core::net::{Ipv4Addr, Ipv6Addr};

use wire::{Emit, EmitError, InternetChecksum, Parsed, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ParseError;

/// The UDP port that IANA assigned to SCTP in UDP (`sctp-tunneling`, RFC 6951 section 5.1).
pub const PORT: u16 = 9899;

const WITHIN: &str = "UDP datagram";
const HEADER_LEN: usize = 8;
/// UDP's protocol number, which stands in the pseudo-header (RFC 768).
const UDP: u8 = 17;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct UdpHeaderLayout {
    source_port: U16,
    destination_port: U16,
    length: U16,
    checksum: U16,
}

const _: () = assert!(size_of::<UdpHeaderLayout>() == HEADER_LEN);

/// A UDP datagram that carries an SCTP packet (RFC 6951 section 5.2). Build it as a struct literal.
///
/// The length and the checksum are derived. The checksum covers the addresses, so a datagram is emitted through
/// [`over_ipv4`](Self::over_ipv4), [`over_ipv6`](Self::over_ipv6) or [`without_checksum`](Self::without_checksum). When
/// a datagram is read, its checksum is not verified, because the SCTP packet has its own `CRC32c`. The UDP header takes
/// 8 octets, so the path MTU of an encapsulated path is smaller by 8 octets (section 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Datagram<'a> {
    /// The sender's encapsulation port. The receiver sends to this port from now on (section 5.4).
    pub source_port: u16,
    /// The receiver's encapsulation port.
    pub destination_port: u16,
    /// The octets of the SCTP packet.
    pub packet: &'a [u8],
}

impl<'a> Datagram<'a> {
    /// Reads a datagram that fills all of `octets`.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the octets end inside the datagram or the length field is less than the
    /// header, and [`ParseError::TrailingOctets`] when octets follow the datagram.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (datagram, rest) = Self::parse_prefix(octets)?;
        if rest.is_empty() {
            return Ok(datagram);
        }
        let offset = octets.len().saturating_sub(rest.len());
        Err(ParseError::TrailingOctets { element: WITHIN, within: WITHIN, offset, count: rest.len() })
    }

    /// Reads a datagram from the front of `octets`, and returns it with the octets that follow it.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the octets end inside the datagram, or the length field is less than the
    /// header.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Reads as much of a datagram as there is, for a caller that shows broken datagrams. When the octets end early,
    /// `packet` holds the part of the SCTP packet that is there, and the fault says how much is missing.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the header is not complete, or the length field is less than the header.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let whole = Reader::new(WITHIN, octets);
        let mut reader = whole;
        let layout: UdpHeaderLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("UDP header")?);
        let len = usize::from(layout.length.get());
        let packet_len =
            len.checked_sub(HEADER_LEN).ok_or(whole.declared_too_short(WITHIN, HEADER_LEN, len))?;
        let (packet, rest, fault) = match reader.rest().split_at_checked(packet_len) {
            Some((packet, rest)) => (packet, rest, None),
            None => (reader.rest(), &[][..], Some(whole.too_short(WITHIN, len).into())),
        };
        let value = Self {
            source_port: layout.source_port.get(),
            destination_port: layout.destination_port.get(),
            packet,
        };
        Ok(Parsed { value, rest, fault })
    }

    /// The datagram as it is sent between two IPv4 addresses, with the checksum that RFC 6951 section 5.3 asks for.
    #[must_use]
    pub const fn over_ipv4(self, source: Ipv4Addr, destination: Ipv4Addr) -> Sent<'a> {
        Sent { datagram: self, addresses: Addresses::V4([source, destination]) }
    }

    /// The datagram as it is sent between two IPv6 addresses, with its checksum.
    #[must_use]
    pub const fn over_ipv6(self, source: Ipv6Addr, destination: Ipv6Addr) -> Sent<'a> {
        Sent { datagram: self, addresses: Addresses::V6([source, destination]) }
    }

    /// The datagram with a checksum of zero, which means that it has no checksum. Only IPv4 allows that.
    #[must_use]
    pub const fn without_checksum(self) -> Sent<'a> {
        Sent { datagram: self, addresses: Addresses::NotSummed }
    }
}

impl<'a> TryFrom<&'a [u8]> for Datagram<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

/// A datagram together with the addresses for its checksum. [`Emit`] writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sent<'a> {
    datagram: Datagram<'a>,
    addresses: Addresses,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Addresses {
    V4([Ipv4Addr; 2]),
    V6([Ipv6Addr; 2]),
    NotSummed,
}

impl Addresses {
    /// The sum over the addresses of the pseudo-header (RFC 768, RFC 8200 section 8.1). `None` when no checksum is
    /// wanted.
    fn sum(self) -> Option<InternetChecksum> {
        let mut sum = InternetChecksum::new();
        match self {
            Self::V4(addresses) => addresses.iter().for_each(|address| sum.add(&address.octets())),
            Self::V6(addresses) => addresses.iter().for_each(|address| sum.add(&address.octets())),
            Self::NotSummed => return None,
        }
        Some(sum)
    }
}

/// Emitting fails when the datagram would be longer than 65,535 octets, or does not fit into the buffer.
impl Emit for Sent<'_> {
    fn wire_len(&self) -> usize {
        self.datagram.packet.len().saturating_add(HEADER_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let length = EmitError::fit_u16("UDP length", self.wire_len())?;
        let mut layout = UdpHeaderLayout {
            source_port: self.datagram.source_port.into(),
            destination_port: self.datagram.destination_port.into(),
            length: length.into(),
            checksum: U16::ZERO,
        };
        if let Some(mut sum) = self.addresses.sum() {
            sum.add(&[0, UDP]);
            sum.add(&length.to_be_bytes());
            sum.add(layout.as_bytes());
            sum.add(self.datagram.packet);
            // A sum of zero is sent as all ones, because zero means that there is no checksum (RFC 768).
            layout.checksum = match sum.finish() {
                0 => U16::MAX_VALUE,
                sum => sum.into(),
            };
        }
        writer.put(layout.as_bytes())?;
        writer.put(self.datagram.packet)
    }
}
