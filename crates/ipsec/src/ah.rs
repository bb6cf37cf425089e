//! The Authentication Header, RFC 4302: the header, what its ICV covers, SAs that seal and that open packets.

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

/// IP protocol number of AH.
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

/// The Authentication Header, RFC 4302 section 2. The payload length is derived. It is a figure of the RFC, so it is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header<'a> {
    /// What follows.
    pub next_header: NextHeader,
    /// Zero by RFC 4302 section 2.3; whatever it is, the ICV covers it.
    pub reserved: u16,
    /// The security parameters index.
    pub spi: Spi,
    /// The sequence number, or its low half.
    pub sequence_number: u32,
    /// The ICV field: with AES-GMAC an initialization vector, then the ICV, then padding to whole words of 32 bits. A field that
    /// does not fill its last word is not written.
    pub icv: &'a [u8],
}

impl<'a> Header<'a> {
    /// Octets before the ICV field.
    pub const FIXED_LEN: usize = 12;

    /// The most octets of a header: its length field counts no further.
    pub const MAX_LEN: usize = 1028;

    /// Reads a header and nothing after it.
    ///
    /// # Errors
    /// When there are fewer octets than it says, or more.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (header, rest) = Self::parse_prefix(octets)?;
        match rest {
            [] => Ok(header),
            _ => Err(ParseError::TrailingOctets { offset: header.wire_len(), len: rest.len() }),
        }
    }

    /// Reads a header, and returns what follows it.
    ///
    /// # Errors
    /// When there are fewer octets than it says, or it says fewer than its fixed part has.
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

    /// Octets [`emit`](Self::emit) writes.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        Self::FIXED_LEN.saturating_add(self.icv.len())
    }

    /// Writes the header and returns how many octets it has.
    ///
    /// # Errors
    /// When the buffer is shorter, or the ICV field is longer than the payload length can count or does not fill its last word.
    /// Filled with zeros it would be another ICV.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        if !self.icv.len().is_multiple_of(4) {
            let reason = "it counts words of 32 bits, but the ICV field does not fill its last one";
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

    /// The header's octets.
    ///
    /// # Errors
    /// When the ICV field is longer than the payload length can count, or does not fill its last word.
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

/// What senders do that RFC 4302 does not have; all of it off by default. A receiver turns on what its peer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Quirks {
    /// The TTL of IPv4 is covered as it stands, where RFC 4302 section 3.3.3.1.1.1 has it count as zero: keepalived does so
    /// with what it sends to a multicast address, whose TTL of 255 nothing changes.
    pub covers_time_to_live: bool,
    /// The header fills 64 bits in IPv4 as well, where RFC 4302 section 3.3.3.2.1 forbids padding beyond 32: Linux does so for
    /// SAs without its flag `align4`, and it shows with ICVs of 128 bits.
    pub pads_to_64_bits: bool,
}

impl Quirks {
    /// RFC 4302 as it is written.
    pub const NONE: Self = Self { covers_time_to_live: false, pads_to_64_bits: false };

    /// These, with [`covers_time_to_live`](Self::covers_time_to_live).
    #[must_use]
    pub const fn with_time_to_live(mut self) -> Self {
        self.covers_time_to_live = true;
        self
    }

    /// These, with [`pads_to_64_bits`](Self::pads_to_64_bits).
    #[must_use]
    pub const fn with_64_bits(mut self) -> Self {
        self.pads_to_64_bits = true;
        self
    }

    /// Octets of a header in a packet of this version, whose initialization vector and ICV have so many octets: RFC 4302 section
    /// 3.3.3.2.1.
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
