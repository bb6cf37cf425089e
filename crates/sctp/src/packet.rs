//! Whole packets (RFC 9260 section 3), and the rules of bundling (section 6.10).

use wire::{ChainWriter, Emit, EmitError, LengthError, Parsed, Writer};

use crate::checksum::{computed, verify};
use crate::{ChunkFraming, Chunks, CommonHeader, Departure, ParseError};

mod conformance;

/// A packet: a common header and its chunks (RFC 9260 section 3). Build it as a struct literal.
///
/// A packet has no length field: it takes all the octets that IP or UDP carries. The lengths, the padding and the
/// `CRC32c` are derived when it is emitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet<'a> {
    /// The common header: the ports and the verification tag.
    pub header: CommonHeader,
    /// The chunks. If they were read from octets, they are decoded each time they are iterated over.
    /// [`Chunks::elements`] gives the framed chunks with their offsets and octets.
    pub chunks: Chunks<'a>,
}

impl<'a> Packet<'a> {
    /// Reads a packet as an endpoint must: it verifies the `CRC32c` first (RFC 9260 section 6.8) and then frames all
    /// chunks.
    ///
    /// It does not look into the chunks. A chunk whose value does not have the layout of its type is not an error here:
    /// it is a [`Body::Raw`](crate::chunk::Body::Raw) of a known type, [`conformance`](Self::conformance) lists it, and
    /// [`Chunk::parse`](crate::Chunk::parse) gives the reason.
    ///
    /// # Errors
    /// Returns [`ParseError::Checksum`] when the checksum is wrong, and [`ParseError::Length`] when the octets end
    /// inside the header or a chunk, or a chunk's length field is less than 4.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        verify(octets)?;
        Self::parse_unverified(octets)
    }

    /// Reads a packet as [`parse`](Self::parse) does. The rest is always empty, because a packet takes all octets.
    ///
    /// # Errors
    /// Returns the same errors as [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        verify(octets)?;
        Ok(Self::frame(octets)?.strict()?)
    }

    /// Reads a packet without verifying its checksum. Use it when the network card has verified the checksum, or when
    /// both ends have agreed to send none (RFC 9653).
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the octets end inside the header or a chunk, or a chunk's length field is
    /// less than 4.
    pub fn parse_unverified(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (packet, _) = Self::frame(octets)?.strict()?;
        Ok(packet)
    }

    /// Reads as much of a packet as there is, for a caller that shows broken and truncated packets. The result has the
    /// chunks up to the first fault, including a last chunk that is cut, and the fault. If the checksum is wrong and
    /// nothing else is, the fault is [`ParseError::Checksum`]; [`Checksum::of`](crate::Checksum::of) tells which
    /// checksum the packet carries.
    ///
    /// A fault concerns the framing of the chunks or the checksum, and nothing else. A packet without a fault can still
    /// have malformed chunks, as [`parse`](Self::parse) explains.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the common header is not complete.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let Parsed { value, rest, fault } = Self::frame(octets)?;
        let fault = fault.map(ParseError::Length).or_else(|| verify(octets).err());
        Ok(Parsed { value, rest, fault })
    }

    fn frame(octets: &'a [u8]) -> Result<Parsed<'a, Self, LengthError>, ParseError> {
        let (header, rest) = CommonHeader::parse_prefix(octets)?;
        let parsed = Chunks::parse_until_error(rest, CommonHeader::LEN, ChunkFraming);
        Ok(parsed.map(|chunks| Self { header, chunks }))
    }

    /// Writes a packet into the front of `buffer`. The closure `push` adds the chunks one by one. The result is the
    /// octets of the packet, with the `CRC32c` in place.
    ///
    /// A chunk that does not fit leaves the packet unchanged. A sender can therefore fill a packet up to its path MTU:
    /// pass a buffer of that length and push until [`EmitError::BufferTooSmall`]. The chunk that did not fit is not in
    /// the packet, so the sender must keep it for the next one. A `for` loop over an iterator loses that chunk; take
    /// chunks with [`Peekable::peek`](core::iter::Peekable::peek), as the example on the front page of this crate does.
    ///
    /// The HMAC of an AUTH chunk is computed inside `push`, over the octets that [`ChainWriter::writer`] has written.
    ///
    /// ```
    /// use vpnwire_sctp::chunk::{Body, Shutdown};
    /// use vpnwire_sctp::{Chunk, CommonHeader, EmitError, Packet, Tsn};
    ///
    /// let mut buffer = [0; 1500];
    /// let header = CommonHeader { source_port: 5000, destination_port: 5000, verification_tag: 0x1234_5678 };
    /// let octets = Packet::fill(&mut buffer, header, |chunks| {
    ///     let shutdown = Shutdown { cumulative_tsn_ack: Tsn(9) };
    ///     chunks.push(&Chunk::from(Body::Shutdown(shutdown)))?;
    ///     Ok(())
    /// })?;
    /// assert_eq!(octets.len(), 20);
    /// assert_eq!(Packet::parse(octets).unwrap().header, header);
    /// # Ok::<(), EmitError>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the common header does not fit, and any error that `push` returns.
    pub fn fill<'b>(
        buffer: &'b mut [u8],
        header: CommonHeader,
        push: impl FnOnce(&mut ChainWriter<'_, 'b, ChunkFraming>) -> Result<(), EmitError>,
    ) -> Result<&'b mut [u8], EmitError> {
        let mut writer = Writer::new(buffer);
        sum(header, &mut writer, |writer| push(&mut ChainWriter::new(writer, ChunkFraming)))?;
        Ok(writer.into_written())
    }

    /// Lists where the packet departs from the RFCs: padding and counts that were wrong in the octets, wrong
    /// verification tags, forbidden bundling, reserved flags that are set, and chunks with malformed or forbidden
    /// contents. For a packet that was built from values, the offsets are those that it will have when it is emitted.
    ///
    /// Three things are not included. A `Packet` does not hold the checksum that was read, so
    /// [`Departure::Checksum`] is left to the caller, who makes it from [`Checksum::of`](crate::Checksum::of). A chunk
    /// that is cut is the fault of [`parse_until_error`](Self::parse_until_error). A malformed parameter or error cause
    /// stays a `Raw` of a known type in its list; [`Parameter::parse`](crate::Parameter::parse) and
    /// [`ErrorCause::parse`](crate::ErrorCause::parse) give the reason.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        conformance::departures(self)
    }
}

/// Writes the whole packet with its `CRC32c`. Chunks are written from their values. Chunks of unknown type and
/// malformed chunks are written with the octets that they were read from.
impl Emit for Packet<'_> {
    fn wire_len(&self) -> usize {
        self.chunks.wire_len().saturating_add(CommonHeader::LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        sum(self.header, writer, |writer| self.chunks.emit_into(writer))
    }
}

impl<'a> TryFrom<&'a [u8]> for Packet<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

/// Writes a header and the chunks after it at the position of `writer`, and then the `CRC32c` over both.
fn sum<'b>(
    header: CommonHeader,
    writer: &mut Writer<'b>,
    chunks: impl FnOnce(&mut Writer<'b>) -> Result<(), EmitError>,
) -> Result<(), EmitError> {
    let start = writer.position();
    let checksum = header.emit_into(writer)?;
    chunks(writer)?;
    let packet = writer.written().get(start..).and_then(<[u8]>::split_first_chunk);
    let Some((header, chunks)) = packet else {
        // The closure that wrote the chunks has truncated the writer to before the header.
        let needed = start.saturating_add(CommonHeader::LEN);
        return Err(EmitError::BufferTooSmall { needed, available: writer.position() });
    };
    let computed = computed(header, chunks);
    writer.patch(checksum, computed.to_be_bytes())
}
