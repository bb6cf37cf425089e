//! A whole packet: header and payload, and the checksum over both.

use wire::{Emit, EmitError, Parsed, Reader, Writer};

use crate::header::{computed_checksum, write_checksum};
use crate::{Departure, Header, ParseError};

/// A GRE packet, RFC 2784 section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet<'a> {
    /// What stands before the payload.
    pub header: Header,
    /// The payload packet, to the end.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Decodes a packet. The payload reaches to the end of the octets, so there is no rest.
    ///
    /// A wrong checksum is accepted: [`parse_reporting`](Self::parse_reporting) tells.
    ///
    /// # Errors
    /// What RFC 2784 section 2.3 has a receiver discard, and octets that end too early.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_reporting(octets, &mut |_| {})
    }

    /// Decodes a packet and returns the octets after it: the payload reaches to the end, so there never are any.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// As [`parse_prefix`](Self::parse_prefix): nothing behind the header can be at fault, so a packet that is returned
    /// has no fault beside it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        Self::parse(octets).map(|value| Parsed { value, rest: &[], fault: None })
    }

    /// Decodes a packet, and reports a wrong checksum to `departures`.
    ///
    /// A tunnel endpoint should drop the packet then; a capture that was cut has a wrong checksum too.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
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

    /// The checksum field of a packet as it was sent; nothing where the C bit is clear.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn sent_checksum(octets: &[u8]) -> Result<Option<u16>, ParseError> {
        Header::read(&mut Reader::new("GRE packet", octets)).map(|(_, checksum)| checksum)
    }
}

/// The checksum is derived where the header has one.
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
