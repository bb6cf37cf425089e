//! The common header (RFC 9260 section 3.1).

use wire::{EmitError, Reader, Reserved, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ParseError;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct CommonHeaderLayout {
    source_port: U16,
    destination_port: U16,
    verification_tag: U32,
    checksum: U32,
}

const _: () = assert!(size_of::<CommonHeaderLayout>() == CommonHeader::LEN);

/// The offset of the checksum in the packet.
const CHECKSUM_OFFSET: usize = 8;

/// The name of the unit that offsets are counted from.
pub(crate) const WITHIN: &str = "SCTP packet";

/// The header at the front of every SCTP packet, 12 octets long (RFC 9260 section 3.1).
///
/// The checksum is not a field here, because it is derived from the whole packet: see [`Checksum`](crate::Checksum).
/// Build the header as a struct literal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CommonHeader {
    /// The port of the sender.
    pub source_port: u16,
    /// The port of the receiver.
    pub destination_port: u16,
    /// The tag that the receiver chose in its INIT or INIT ACK. It is 0 in a packet that carries an INIT.
    pub verification_tag: u32,
}

impl CommonHeader {
    /// The length of the common header in octets, including the checksum.
    pub const LEN: usize = 12;

    /// Reads a common header from the front of a packet, and returns it with the octets of the chunks. The checksum is
    /// not verified.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 12 octets.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new(WITHIN, octets);
        let layout: CommonHeaderLayout = zerocopy::transmute!(*reader.array::<12>("common header")?);
        let header = Self {
            source_port: layout.source_port.get(),
            destination_port: layout.destination_port.get(),
            verification_tag: layout.verification_tag.get(),
        };
        Ok((header, reader.rest()))
    }

    /// Writes the header and returns the place of the checksum, which is filled in after the chunks.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the header does not fit.
    pub(crate) fn emit_into(self, writer: &mut Writer<'_>) -> Result<Reserved<4>, EmitError> {
        let layout = CommonHeaderLayout {
            source_port: self.source_port.into(),
            destination_port: self.destination_port.into(),
            verification_tag: self.verification_tag.into(),
            checksum: U32::ZERO,
        };
        let octets: [u8; Self::LEN] = zerocopy::transmute!(layout);
        let start = writer.position();
        writer.put(&octets)?;
        writer.truncate(start.saturating_add(CHECKSUM_OFFSET));
        writer.reserve_u32()
    }
}
