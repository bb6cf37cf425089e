//! Which servers forwarded a packet, RFC 2332 sections 5.3.2 and 5.3.3.

use wire::{Emit, EmitError, Writer};

use crate::cie::entries_len;
use crate::{CieFraming, Cies, ExtensionElement, ParseError};

/// The Forward or Reverse Transit NHS Record extension: empty at first, then each server that forwards a request appends
/// its entry to the forward one, each that forwards a reply to the reverse one. All it holds is entries, so the struct is
/// exhaustive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TransitNhsRecord<'a> {
    /// The servers, in the order the packet met them.
    pub records: Cies<'a>,
}

impl<'a> TransitNhsRecord<'a> {
    pub(super) fn parse(element: &ExtensionElement<'a>) -> Result<Self, ParseError> {
        Ok(Self { records: Cies::parse(element.value, element.value_offset, CieFraming)? })
    }
}

impl Emit for TransitNhsRecord<'_> {
    fn wire_len(&self) -> usize {
        entries_len(&self.records)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.records.emit_into(writer)
    }
}
