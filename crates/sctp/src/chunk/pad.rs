//! PAD (RFC 4820 section 3).

use wire::{Emit, EmitError, Writer};

/// A PAD, which makes a packet longer and is skipped by the receiver (RFC 4820 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Pad<'a> {
    /// Padding Data.
    pub padding_data: &'a [u8],
}

impl Emit for Pad<'_> {
    fn wire_len(&self) -> usize {
        self.padding_data.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.padding_data)
    }
}
