//! ERROR (RFC 9260 section 3.3.10).

use wire::{Emit, EmitError, Reader, Writer};

use crate::error_cause::parse_causes;
use crate::{ErrorCauses, ParseError, tlv};

/// An ERROR, which reports errors that do not end the association (RFC 9260 section 3.3.10).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OperationError<'a> {
    /// The errors, at least one.
    pub causes: ErrorCauses<'a>,
}

impl<'a> OperationError<'a> {
    pub(super) fn read(reader: Reader<'a>) -> Result<Self, ParseError> {
        Ok(Self { causes: parse_causes(reader)? })
    }
}

impl Emit for OperationError<'_> {
    fn wire_len(&self) -> usize {
        tlv::run_len(&self.causes)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        tlv::emit_run(&self.causes, writer)
    }
}
