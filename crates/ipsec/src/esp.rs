//! The Encapsulating Security Payload (ESP), RFC 4303.
//!
//! [`OutboundSa`] seals packets and [`InboundSa`] opens them, in place. [`Header`] is the part of a packet that can
//! be read without keys.

pub(crate) mod inbound;
mod opened;
pub(crate) mod outbound;
pub(crate) mod padding;

pub use inbound::{InboundSa, OpenError};
pub use opened::{Opened, open_without_replay_check};
pub use outbound::{IvSource, OutboundSa, SealError, sealed_len};
pub use padding::{MAX_LEN as MAX_PADDING_LEN, Padding, PaddingError, PaddingRule, Trailer, padding_len};

use core::mem::size_of;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{ParseError, Spi};

/// The IP protocol number of ESP.
pub const PROTOCOL: u8 = 50;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct HeaderLayout {
    spi: U32,
    sequence_number: U32,
}

const _: () = assert!(size_of::<HeaderLayout>() == Header::LEN);

/// The header of an ESP packet, RFC 4303 section 2: the two fields that are never encrypted. The RFC adds no other
/// fields, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// The security parameters index.
    pub spi: Spi,
    /// The sequence number. With extended sequence numbers, only its low half is in the packet.
    pub sequence_number: u32,
}

impl Header {
    /// The length of the header in octets.
    pub const LEN: usize = 8;

    /// Reads a header. The octets must end with it.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than eight octets, and [`ParseError::TrailingOctets`] when
    /// there are more.
    pub fn parse(octets: &[u8]) -> Result<Self, ParseError> {
        let (header, rest) = Self::parse_prefix(octets)?;
        match rest {
            [] => Ok(header),
            _ => Err(ParseError::TrailingOctets { offset: Self::LEN, len: rest.len() }),
        }
    }

    /// Reads a header, and returns it with the octets that follow: initialization vector, ciphertext and ICV. Only
    /// the SA knows their lengths.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than eight octets.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("ESP packet", octets);
        let layout: HeaderLayout = zerocopy::transmute!(*reader.array::<{ Self::LEN }>("ESP header")?);
        let header = Self { spi: Spi(layout.spi.get()), sequence_number: layout.sequence_number.get() };
        Ok((header, reader.rest()))
    }

    /// Returns how many octets [`emit`](Self::emit) writes.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        Self::LEN
    }

    /// Writes the header into the first octets of `buffer`, and returns their number, [`LEN`](Self::LEN).
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the buffer is shorter than that.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let mut writer = Writer::for_len(buffer, Self::LEN)?;
        writer.put(&self.octets())?;
        Ok(writer.position())
    }

    /// Returns the header's octets. This method needs the feature `alloc`.
    ///
    /// # Errors
    /// This method never fails; it returns a `Result` because the `to_vec` of every type does.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        Ok(self.octets().to_vec())
    }

    pub(crate) fn octets(self) -> [u8; Self::LEN] {
        zerocopy::transmute!(HeaderLayout {
            spi: self.spi.0.into(),
            sequence_number: self.sequence_number.into()
        })
    }
}

impl TryFrom<&[u8]> for Header {
    type Error = ParseError;

    fn try_from(octets: &[u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

#[cfg(test)]
mod tests;
