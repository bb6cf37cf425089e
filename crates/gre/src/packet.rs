//! A whole packet: header and payload, and the checksum over both.

use wire::{Emit, EmitError, Parsed, Reader, Writer};

use crate::header::{computed_checksum, write_checksum};
use crate::{Departure, Header, ParseError};

/// A GRE packet, RFC 2784 section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet<'a> {
    /// The header.
    pub header: Header,
    /// The payload packet, up to the end of the octets.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Decodes a packet. Its payload reaches to the end of the octets, so no octets can follow it.
    ///
    /// A wrong checksum is accepted; [`parse_reporting`](Self::parse_reporting) reports it.
    ///
    /// # Errors
    /// Returns [`ParseError::Version`], [`ParseError::RoutingPresent`], [`ParseError::StrictSourceRoute`] or
    /// [`ParseError::ReservedBit5`] when RFC 2784 section 2.3 requires a receiver to discard the packet, and
    /// [`ParseError::Length`] when the octets end inside the header.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_reporting(octets, &mut |_| {})
    }

    /// Decodes a packet and returns the octets after it. These are always empty, because the payload reaches to
    /// the end.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Parses like [`parse_prefix`](Self::parse_prefix). The `fault` of the result is always `None`, because
    /// nothing behind the header can be at fault.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        Self::parse(octets).map(|value| Parsed { value, rest: &[], fault: None })
    }

    /// Decodes a packet, and calls `departures` when its checksum is wrong.
    ///
    /// A tunnel endpoint should then drop the packet. A packet that a capture cut has a wrong checksum too.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_reporting(
        octets: &'a [u8],
        departures: &mut impl FnMut(Departure),
    ) -> Result<Self, ParseError> {
        let mut reader = Reader::new("GRE packet", octets);
        let (header, checksum) = Header::read(&mut reader)?;
        if let Some(found) = checksum {
            // RFC 2784 section 2.2: a compliant implementation MUST accept and process this field.
            if let Some(departure) = Departure::of_checksum(found, computed_checksum(octets)) {
                departures(departure);
            }
        }
        Ok(Self { header, payload: reader.rest() })
    }

    /// The checksum field of a packet as it was sent. `None` when the C bit is clear.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn sent_checksum(octets: &[u8]) -> Result<Option<u16>, ParseError> {
        Header::read(&mut Reader::new("GRE packet", octets)).map(|(_, checksum)| checksum)
    }
}

/// Emits header and payload. The checksum is derived when the header has one.
impl Emit for Packet<'_> {
    fn wire_len(&self) -> usize {
        self.header.wire_len().saturating_add(self.payload.len())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let start = writer.position();
        self.header.write(writer)?;
        writer.put(self.payload)?;
        if self.header.reserved1.is_some() {
            let packet = writer.written_mut().get_mut(start..);
            write_checksum(packet.ok_or(EmitError::BufferTooSmall { needed: start, available: 0 })?)?;
        }
        Ok(())
    }
}

impl<'a> TryFrom<&'a [u8]> for Packet<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

#[cfg(test)]
mod tests;
