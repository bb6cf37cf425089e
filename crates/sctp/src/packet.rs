//! Whole packets, RFC 9260 section 3, and the rules of bundling, section 6.10.

use wire::{ChainWriter, Emit, EmitError, LengthError, Parsed, Writer};

use crate::checksum::{computed, verify};
use crate::{ChunkFraming, Chunks, CommonHeader, Departure, ParseError};

mod conformance;

/// A packet: a common header and chunks, RFC 9260 section 3. It is built by literal.
///
/// A packet has no length of its own: it takes all octets that IP or UDP carries. Lengths, padding and the `CRC32c` are
/// derived when it is emitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet<'a> {
    /// Ports and verification tag.
    pub header: CommonHeader,
    /// Its chunks. Those that were read are decoded each time they are met; [`Chunks::elements`] gives them as they are
    /// framed, with their offsets and octets.
    pub chunks: Chunks<'a>,
}

impl<'a> Packet<'a> {
    /// Reads a packet as an endpoint must: the `CRC32c` is checked first (RFC 9260 section 6.8), then all chunks
    /// are framed.
    ///
    /// # Errors
    /// When the checksum is wrong, or the octets end inside the header or a chunk.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        verify(octets)?;
        Self::parse_unverified(octets)
    }

    /// As [`parse`](Self::parse). The rest is always empty, because a packet takes all octets.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        verify(octets)?;
        Ok(Self::frame(octets)?.strict()?)
    }

    /// Reads a packet without looking at its checksum: where the network card has checked it, or both ends have agreed to
    /// send none (RFC 9653).
    ///
    /// # Errors
    /// When the octets end inside the header or a chunk.
    pub fn parse_unverified(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (packet, _) = Self::frame(octets)?.strict()?;
        Ok(packet)
    }

    /// Reads as much of a packet as there is, for a caller that shows broken and truncated packets: the chunks up to the
    /// first fault, a last one that is cut among them, and the fault. A packet without another fault whose checksum is
    /// wrong has [`ParseError::Checksum`]; [`Checksum::of`](crate::Checksum::of) tells more.
    ///
    /// # Errors
    /// When there is no whole common header.
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

    /// Fills the front of `buffer` with a packet whose chunks `push` puts there one by one, and returns its octets with the
    /// `CRC32c` in place.
    ///
    /// A chunk that does not fit leaves no trace, so a sender can fill a packet up to its path MTU: give a buffer of that
    /// length and push until [`EmitError::BufferTooSmall`]. The HMAC of an AUTH chunk is computed inside `push`, over what
    /// [`ChainWriter::writer`] has written.
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
    /// When the common header does not fit, or what `push` returns.
    pub fn fill<'b>(
        buffer: &'b mut [u8],
        header: CommonHeader,
        push: impl FnOnce(&mut ChainWriter<'_, 'b, ChunkFraming>) -> Result<(), EmitError>,
    ) -> Result<&'b mut [u8], EmitError> {
        let mut writer = Writer::new(buffer);
        sum(header, &mut writer, |writer| push(&mut ChainWriter::new(writer, ChunkFraming)))?;
        Ok(writer.into_written())
    }

    /// What in the packet departs from the RFCs: padding and counts that were wrong in the octets that it was read from,
    /// verification tags, bundling, reserved flags, chunks that are malformed or say what they must not. Its checksum is
    /// told by [`Checksum::of`](crate::Checksum::of). Of a packet that was built the offsets are those that it will have.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        conformance::departures(self)
    }
}

/// The whole packet with the `CRC32c`. Chunks are written from what they say; those of unknown type, and those whose value is
/// not what their type asks for, as they came.
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

/// Writes a header and the chunks behind it where `writer` stands, then the `CRC32c` over both.
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
        // Whoever wrote the chunks has taken the header back.
        let needed = start.saturating_add(CommonHeader::LEN);
        return Err(EmitError::BufferTooSmall { needed, available: writer.position() });
    };
    let computed = computed(header, chunks);
    writer.patch(checksum, computed.to_be_bytes())
}
