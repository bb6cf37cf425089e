//! ABORT (RFC 9260 section 3.3.7).

use wire::{Emit, EmitError, Reader, Writer};

use crate::error_cause::parse_causes;
use crate::{ErrorCauses, ParseError, tlv};

/// An ABORT, which ends the association at once (RFC 9260 section 3.3.7). Its flag is [`T`](crate::ChunkFlags::T).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Abort<'a> {
    /// The reasons for the abort. The list may be empty.
    pub causes: ErrorCauses<'a>,
}

impl<'a> Abort<'a> {
    pub(super) fn read(reader: Reader<'a>) -> Result<Self, ParseError> {
        Ok(Self { causes: parse_causes(reader)? })
    }
}

impl Emit for Abort<'_> {
    fn wire_len(&self) -> usize {
        tlv::run_len(&self.causes)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        tlv::emit_run(&self.causes, writer)
    }
}
