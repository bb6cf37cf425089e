//! SACK (RFC 9260 section 3.3.4).

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::items::Layout;
use crate::parameter::expect_end;
use crate::{Items, ParseError, Tsn};

/// The length in octets of the value's fixed part.
const HEADER_LEN: usize = 12;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct SackLayout {
    cumulative_tsn_ack: U32,
    a_rwnd: U32,
    gap_ack_block_count: U16,
    duplicate_tsn_count: U16,
}

const _: () = assert!(size_of::<SackLayout>() == HEADER_LEN);

/// A range of TSNs that have arrived after a gap. Both ends are counted from the cumulative TSN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GapAckBlock {
    /// Gap Ack Block Start: the offset of the first TSN.
    pub start: u16,
    /// Gap Ack Block End: the offset of the last TSN.
    pub end: u16,
}

impl Layout for GapAckBlock {
    type Octets = [U16; 2];
    const NAME: &'static str = "Gap Ack Block";

    fn read([start, end]: [U16; 2]) -> Self {
        Self { start: start.get(), end: end.get() }
    }

    fn write(self) -> Result<[U16; 2], EmitError> {
        Ok([self.start.into(), self.end.into()])
    }
}

/// A SACK, which acknowledges DATA chunks that have arrived (RFC 9260 section 3.3.4). The counts of both lists are
/// derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sack<'a> {
    /// Cumulative TSN Ack: the last TSN before the first gap.
    pub cumulative_tsn_ack: Tsn,
    /// Advertised Receiver Window Credit in octets.
    pub a_rwnd: u32,
    /// The ranges of TSNs that have arrived after gaps.
    pub gap_ack_blocks: Items<'a, GapAckBlock>,
    /// The TSNs that have arrived more than once since the last SACK, with one entry for each duplicate.
    pub duplicate_tsns: Items<'a, Tsn>,
}

impl<'a> Sack<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: SackLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("SACK")?);
        let mut take = |element, count: U16| {
            let (within, offset) = (reader.within(), reader.offset());
            let len = usize::from(count.get()).saturating_mul(4);
            reader.take(element, len).map(|octets| Reader::at(within, octets, offset))
        };
        let gap_ack_blocks = Items::read(take("Gap Ack Blocks", layout.gap_ack_block_count)?)?;
        let duplicate_tsns = Items::read(take("Duplicate TSNs", layout.duplicate_tsn_count)?)?;
        expect_end("SACK", reader)?;
        Ok(Self {
            cumulative_tsn_ack: Tsn(layout.cumulative_tsn_ack.get()),
            a_rwnd: layout.a_rwnd.get(),
            gap_ack_blocks,
            duplicate_tsns,
        })
    }
}

impl Emit for Sack<'_> {
    fn wire_len(&self) -> usize {
        HEADER_LEN
            .saturating_add(self.gap_ack_blocks.wire_len())
            .saturating_add(self.duplicate_tsns.wire_len())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; HEADER_LEN] = zerocopy::transmute!(SackLayout {
            cumulative_tsn_ack: self.cumulative_tsn_ack.0.into(),
            a_rwnd: self.a_rwnd.into(),
            gap_ack_block_count: EmitError::fit_u16("Number of Gap Ack Blocks", self.gap_ack_blocks.count())?
                .into(),
            duplicate_tsn_count: EmitError::fit_u16("Number of Duplicate TSNs", self.duplicate_tsns.count())?
                .into(),
        });
        writer.put(&octets)?;
        self.gap_ack_blocks.emit_into(writer)?;
        self.duplicate_tsns.emit_into(writer)
    }
}
