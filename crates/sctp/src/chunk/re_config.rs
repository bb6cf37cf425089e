//! RE-CONFIG (RFC 6525 section 3.1).

use wire::{Emit, EmitError, Reader, Writer};

use crate::parameters::parse_parameters;
use crate::{Parameters, ParseError, tlv};

/// A RE-CONFIG, which resets or adds streams (RFC 6525 section 3.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReConfig<'a> {
    /// One or two requests or responses, in a combination that RFC 6525 section 3.1 allows.
    pub parameters: Parameters<'a>,
}

impl<'a> ReConfig<'a> {
    pub(super) fn read(reader: Reader<'a>) -> Result<Self, ParseError> {
        Ok(Self { parameters: parse_parameters(reader)? })
    }
}

impl Emit for ReConfig<'_> {
    fn wire_len(&self) -> usize {
        tlv::run_len(&self.parameters)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        tlv::emit_run(&self.parameters, writer)
    }
}
