//! Whole packets, RFC 9260 section 3, and the rules of bundling, section 6.10.

use wire::{EmitError, LengthError, Reserved, Writer};

use crate::checksum::{computed, received};
use crate::chunk::report_chunk_padding;
use crate::{Checksum, Chunk, ChunkFraming, Chunks, CommonHeader, Departure, ParseError};

mod conformance;

/// A packet: a common header and chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet<'a> {
    /// Ports and verification tag.
    pub header: CommonHeader,
    /// Its chunks, framed: [`Chunk::parse`] decodes each.
    pub chunks: Chunks<'a>,
}

impl<'a> Packet<'a> {
    /// Takes a packet as an endpoint must: the `CRC32c` is checked first (RFC 9260 section 6.8), then all chunks
    /// are framed.
    ///
    /// # Errors
    /// When the checksum is wrong, or the octets end inside the header or a chunk.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (received, computed) = (received(octets)?, computed(octets));
        if received != computed {
            return Err(ParseError::Checksum { received, computed });
        }
        Self::parse_unverified(octets)
    }

    /// Takes a packet without looking at its checksum: where the network card has checked it, or fills it in.
    ///
    /// # Errors
    /// When the octets end inside the header or a chunk.
    pub fn parse_unverified(octets: &'a [u8]) -> Result<Self, ParseError> {
        match Self::parse_until_error(octets)? {
            (packet, None) => Ok(packet),
            (_, Some(fault)) => Err(fault.into()),
        }
    }

    /// As [`parse_unverified`](Self::parse_unverified); also reports what is not emitted again as it came: a
    /// checksum that is not the `CRC32c`, padding that is not zero, a wrong count.
    ///
    /// # Errors
    /// As [`parse_unverified`](Self::parse_unverified).
    pub fn parse_reporting(octets: &'a [u8], report: &mut impl FnMut(Departure)) -> Result<Self, ParseError> {
        let packet = Self::parse_unverified(octets)?;
        match Checksum::of(octets)? {
            Checksum::Crc32c => {}
            checksum => report(Departure::Checksum(checksum)),
        }
        for element in &packet.chunks {
            // Of a malformed chunk only the padding can change.
            if Chunk::parse_reporting(&element, report).is_err() {
                report_chunk_padding(&element, report);
            }
        }
        Ok(packet)
    }

    /// Takes as much of a packet as there is, without looking at its checksum: the chunks before the first fault,
    /// and the fault. For those who look at broken and truncated packets; `chunks.rest()` are the octets from
    /// the fault on.
    ///
    /// # Errors
    /// When there is no whole common header.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<(Self, Option<LengthError>), ParseError> {
        let (header, rest) = CommonHeader::parse_prefix(octets)?;
        let wire::Parsed { value: chunks, fault, .. } =
            Chunks::parse_until_error(rest, CommonHeader::LEN, ChunkFraming);
        Ok((Self { header, chunks }, fault))
    }

    /// Octets that [`emit`](Self::emit) writes.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.chunks
            .iter()
            .map(|element| Chunk::parse_or_raw(&element).wire_len())
            .fold(CommonHeader::LEN, usize::saturating_add)
    }

    /// Writes the packet from what its chunks say, those that say nothing of their type as they came, with
    /// lengths, padding and the `CRC32c`; returns the octets written.
    ///
    /// # Errors
    /// When the buffer is too small.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let writer = Writer::for_len(buffer, self.wire_len())?;
        let mut packet = PacketWriter::over(writer, self.header)?;
        self.chunks.iter().try_for_each(|element| packet.push(&Chunk::parse_or_raw(&element)))?;
        Ok(packet.finish()?.len())
    }

    /// The packet as octets.
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        self.emit(&mut octets)?;
        Ok(octets)
    }

    /// What in the packet's values departs from the RFCs: verification tags, bundling, reserved flags, chunks
    /// that are malformed or say what they must not.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        conformance::departures(self)
    }
}

impl<'a> TryFrom<&'a [u8]> for Packet<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

/// Writes a packet chunk by chunk.
///
/// A chunk that does not fit leaves no trace, so a sender can fill a packet up to its path MTU: give the writer a
/// buffer of that length and push until [`EmitError::BufferTooSmall`].
///
/// ```
/// use vpnwire_sctp::chunk::{Body, Shutdown};
/// use vpnwire_sctp::{CommonHeader, Packet, PacketWriter, Tsn};
///
/// let mut buffer = [0; 1500];
/// let header = CommonHeader { source_port: 5000, destination_port: 5000, verification_tag: 0x1234_5678 };
/// let mut writer = PacketWriter::new(&mut buffer, header)?;
/// writer.push(&Body::Shutdown(Shutdown { cumulative_tsn_ack: Tsn(9) }).into())?;
/// let octets = writer.finish()?;
/// assert_eq!(octets.len(), 20);
/// assert_eq!(Packet::parse(octets).unwrap().header, header);
/// # Ok::<(), vpnwire_sctp::EmitError>(())
/// ```
#[derive(Debug)]
pub struct PacketWriter<'b> {
    writer: Writer<'b>,
    checksum: Reserved<4>,
}

impl<'b> PacketWriter<'b> {
    /// Begins a packet at the front of `buffer`.
    ///
    /// # Errors
    /// When the common header does not fit.
    pub fn new(buffer: &'b mut [u8], header: CommonHeader) -> Result<Self, EmitError> {
        Self::over(Writer::new(buffer), header)
    }

    fn over(mut writer: Writer<'b>, header: CommonHeader) -> Result<Self, EmitError> {
        let checksum = header.emit_into(&mut writer)?;
        Ok(Self { writer, checksum })
    }

    /// Appends a chunk.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field.
    pub fn push(&mut self, chunk: &Chunk<'_>) -> Result<(), EmitError> {
        chunk.emit_into(&mut self.writer)
    }

    /// Octets written so far.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.writer.position()
    }

    /// Whether there is no chunk yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() <= CommonHeader::LEN
    }

    /// What was written so far, with zeros for a checksum: what the HMAC of an AUTH chunk is computed over.
    #[must_use]
    pub fn written_mut(&mut self) -> &mut [u8] {
        self.writer.written_mut()
    }

    /// Puts the `CRC32c` in its place and gives the packet back.
    ///
    /// # Errors
    /// None that the caller could cause: the place was reserved when the packet was begun.
    pub fn finish(mut self) -> Result<&'b mut [u8], EmitError> {
        let checksum = computed(self.writer.written());
        self.writer.patch(self.checksum, checksum.to_be_bytes())?;
        Ok(self.writer.into_written())
    }
}
