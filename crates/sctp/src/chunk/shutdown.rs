//! SHUTDOWN (RFC 9260 section 3.3.8). SHUTDOWN ACK and SHUTDOWN COMPLETE have no value.

use wire::{Emit, EmitError, Reader, Writer};

use crate::parameter::expect_end;
use crate::{ParseError, Tsn};

/// A SHUTDOWN: its sender has no more data to send (RFC 9260 section 3.3.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Shutdown {
    /// Cumulative TSN Ack: the last TSN before the first gap in the data that the sender has received.
    pub cumulative_tsn_ack: Tsn,
}

impl Shutdown {
    pub(super) fn read(mut reader: Reader<'_>) -> Result<Self, ParseError> {
        let cumulative_tsn_ack = Tsn(reader.u32("Cumulative TSN Ack")?);
        expect_end("SHUTDOWN", reader)?;
        Ok(Self { cumulative_tsn_ack })
    }
}

impl Emit for Shutdown {
    fn wire_len(&self) -> usize {
        4
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.cumulative_tsn_ack.0)
    }
}
