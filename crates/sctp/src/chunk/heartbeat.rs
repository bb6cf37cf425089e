//! HEARTBEAT and HEARTBEAT ACK (RFC 9260 sections 3.3.5 and 3.3.6).

use wire::{Emit, EmitError, Reader, Writer};

use crate::parameters::parse_parameters;
use crate::{Parameters, ParseError, tlv};

/// A HEARTBEAT, which probes a path, or the HEARTBEAT ACK that answers it (RFC 9260 sections 3.3.5 and 3.3.6).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Heartbeat<'a> {
    /// One Heartbeat Info parameter. The answer returns it unchanged.
    pub parameters: Parameters<'a>,
}

impl<'a> Heartbeat<'a> {
    pub(super) fn read(reader: Reader<'a>) -> Result<Self, ParseError> {
        Ok(Self { parameters: parse_parameters(reader)? })
    }
}

impl Emit for Heartbeat<'_> {
    fn wire_len(&self) -> usize {
        tlv::run_len(&self.parameters)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        tlv::emit_run(&self.parameters, writer)
    }
}
