//! ECNE and CWR (RFC 4960 appendix A). RFC 9260 only reserves their types.

use wire::{Emit, EmitError, Reader, Writer};

use crate::parameter::expect_end;
use crate::{ParseError, Tsn};

/// An ECNE or a CWR. Its TSN is that of the earliest packet marked for congestion in an ECNE, and the one for which the
/// window was reduced in a CWR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CongestionPoint {
    /// Lowest TSN Number.
    pub lowest_tsn: Tsn,
}

impl CongestionPoint {
    pub(super) fn read(mut reader: Reader<'_>) -> Result<Self, ParseError> {
        let lowest_tsn = Tsn(reader.u32("Lowest TSN Number")?);
        expect_end("ECNE or CWR", reader)?;
        Ok(Self { lowest_tsn })
    }
}

impl Emit for CongestionPoint {
    fn wire_len(&self) -> usize {
        4
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.lowest_tsn.0)
    }
}
