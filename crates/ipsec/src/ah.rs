//! The Authentication Header (AH), RFC 4302.
//!
//! [`OutboundSa`] seals whole IP packets, and [`InboundSa`] opens them. [`Header`] is AH itself. [`Covered`] has the
//! octets of a packet that the ICV covers.

mod conformance;
pub(crate) mod covered;
pub(crate) mod inbound;
pub(crate) mod integrity;
mod opened;
pub(crate) mod outbound;

pub use conformance::Departure;
pub use covered::Covered;
pub use crypto::algorithm::Integrity;
pub use inbound::{InboundSa, OpenError};
pub use integrity::{AnyIntegrity, IntegrityAlgorithm, MAX_ICV_LEN, integrity_of_ios, ios_of_integrity};
pub(crate) use opened::headers_again;
pub use opened::{Opened, open_without_replay_check, strip_in_place};
pub use outbound::{OutboundSa, SealError};

use core::mem::size_of;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ip::Version;
use crate::{NextHeader, ParseError, Spi};

/// The IP protocol number of AH.
pub const PROTOCOL: u8 = 51;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct HeaderLayout {
    next_header: u8,
    payload_len: u8,
    reserved: U16,
    spi: U32,
    sequence_number: U32,
}

const _: () = assert!(size_of::<HeaderLayout>() == Header::FIXED_LEN);

const PAYLOAD_LEN_OFFSET: usize = core::mem::offset_of!(HeaderLayout, payload_len);

/// The Authentication Header, RFC 4302 section 2. `emit` derives the payload length. These are the fields of the
/// RFC's figure, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header<'a> {
    /// The protocol of what follows the header.
    pub next_header: NextHeader,
    /// The reserved word, which is zero by RFC 4302 section 2.3. The ICV covers it, whatever it is.
    pub reserved: u16,
    /// The security parameters index.
    pub spi: Spi,
    /// The sequence number. With extended sequence numbers, only its low half is in the packet.
    pub sequence_number: u32,
    /// The ICV field: the ICV, then padding to whole words of 32 bits. With AES-GMAC, an initialization vector comes
    /// before the ICV. `emit` refuses a field that is not whole words.
    pub icv: &'a [u8],
}

impl<'a> Header<'a> {
    /// The length in octets of the header before the ICV field.
    pub const FIXED_LEN: usize = 12;

    /// The greatest length of a header in octets: its length field cannot count more.
    pub const MAX_LEN: usize = 1028;

    /// Reads a header. The octets must end with it.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the octets end before the header does, [`ParseError::PayloadLength`] when
    /// its length field is too small for its fixed part, and [`ParseError::TrailingOctets`] when octets follow.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (header, rest) = Self::parse_prefix(octets)?;
        match rest {
            [] => Ok(header),
            _ => Err(ParseError::TrailingOctets { offset: header.wire_len(), len: rest.len() }),
        }
    }

    /// Reads a header, and returns it with the octets that follow.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the octets end before the header does, and [`ParseError::PayloadLength`]
    /// when its length field is too small for its fixed part.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        const WHOLE: &str = "AH";
        let mut reader = Reader::new("AH packet", octets);
        let layout: HeaderLayout = zerocopy::transmute!(*reader.array::<{ Header::FIXED_LEN }>(WHOLE)?);
        let payload_len = layout.payload_len;
        let icv_len = usize::from(payload_len)
            .checked_sub(1)
            .ok_or(ParseError::PayloadLength { offset: PAYLOAD_LEN_OFFSET, payload_len })?
            .saturating_mul(4);
        if reader.len() < icv_len {
            return Err(Reader::new("AH packet", octets)
                .too_short(WHOLE, Self::FIXED_LEN.saturating_add(icv_len))
                .into());
        }
        let icv = reader.take(WHOLE, icv_len)?;
        let header = Self {
            next_header: NextHeader(layout.next_header),
            reserved: layout.reserved.get(),
            spi: Spi(layout.spi.get()),
            sequence_number: layout.sequence_number.get(),
            icv,
        };
        Ok((header, reader.rest()))
    }

    /// Returns how many octets [`emit`](Self::emit) writes.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        Self::FIXED_LEN.saturating_add(self.icv.len())
    }

    /// Writes the header into the first octets of `buffer`, and returns their number, [`wire_len`](Self::wire_len).
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the buffer is shorter, [`EmitError::FieldOverflow`] when the ICV
    /// field is longer than the payload length can count, and [`EmitError::Contradiction`] when the ICV field is not
    /// whole words of 32 bits. It is not filled up with zeros, because that would make another ICV.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        if !self.icv.len().is_multiple_of(4) {
            let reason = "it counts words of 32 bits, but the ICV field is not whole words";
            return Err(EmitError::Contradiction { field: "AH payload length", reason });
        }
        let len = self.wire_len();
        let layout = self.layout(len)?;
        let octets: [u8; Header::FIXED_LEN] = zerocopy::transmute!(layout);
        let mut writer = Writer::for_len(buffer, len)?;
        writer.put(&octets)?;
        writer.put(self.icv)?;
        Ok(writer.position())
    }

    /// Returns the header's octets. This method needs the feature `alloc`.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when the ICV field is longer than the payload length can count, and
    /// [`EmitError::Contradiction`] when it is not whole words of 32 bits.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        self.emit(&mut octets)?;
        Ok(octets)
    }

    fn layout(&self, len: usize) -> Result<HeaderLayout, EmitError> {
        let words = (len / 4).saturating_sub(2);
        let payload_len = u8::try_from(words).map_err(|_| EmitError::FieldOverflow {
            field: "AH payload length",
            value: words,
            max: usize::from(u8::MAX),
        })?;
        Ok(HeaderLayout {
            next_header: self.next_header.0,
            payload_len,
            reserved: self.reserved.into(),
            spi: self.spi.0.into(),
            sequence_number: self.sequence_number.into(),
        })
    }
}

impl<'a> TryFrom<&'a [u8]> for Header<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

/// Two habits of senders that differ from RFC 4302. Both are off by default. Set those of the peer on the SA that
/// receives from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Quirks {
    /// The ICV covers the TTL of IPv4 as it stands, although RFC 4302 section 3.3.3.1.1.1 covers it as zero.
    /// keepalived does so for its packets to a multicast address, whose TTL of 255 never changes.
    pub covers_time_to_live: bool,
    /// The header is padded to 64 bits in IPv4 as well, although RFC 4302 section 3.3.3.2.1 allows only 32. Linux
    /// does so for SAs without the flag `align4`; only ICVs of 128 bits show it.
    pub pads_to_64_bits: bool,
}

impl Quirks {
    /// No quirks: AH as RFC 4302 describes it.
    pub const NONE: Self = Self { covers_time_to_live: false, pads_to_64_bits: false };

    /// Adds [`covers_time_to_live`](Self::covers_time_to_live).
    #[must_use]
    pub const fn with_time_to_live(mut self) -> Self {
        self.covers_time_to_live = true;
        self
    }

    /// Adds [`pads_to_64_bits`](Self::pads_to_64_bits).
    #[must_use]
    pub const fn with_64_bits(mut self) -> Self {
        self.pads_to_64_bits = true;
        self
    }

    /// Returns the length in octets of a header in a packet of this IP version, RFC 4302 section 3.3.3.2.1.
    /// `iv_and_icv_len` is the length in octets of initialization vector and ICV together.
    #[must_use]
    pub const fn header_len(&self, version: Version, iv_and_icv_len: usize) -> usize {
        let alignment = match version {
            Version::V4 if !self.pads_to_64_bits => 4,
            _ => 8,
        };
        let len = Header::FIXED_LEN.saturating_add(iv_and_icv_len);
        match len.checked_next_multiple_of(alignment) {
            Some(len) => len,
            None => usize::MAX,
        }
    }
}

#[cfg(test)]
mod tests;
