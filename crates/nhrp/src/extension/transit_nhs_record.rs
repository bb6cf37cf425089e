//! The Transit NHS Record extensions, which name the servers that forwarded a packet (RFC 2332 sections 5.3.2 and
//! 5.3.3).

use wire::{Emit, EmitError, Writer};

use crate::cie::entries_len;
use crate::{CieFraming, Cies, ExtensionElement, ParseError};

/// The Forward or Reverse Transit NHS Record extension (RFC 2332 sections 5.3.2 and 5.3.3). It is empty at first. Each
/// server that forwards a request appends its entry to the forward record, and each server that forwards a reply
/// appends its entry to the reverse record. The struct is exhaustive, because the extension holds nothing but entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TransitNhsRecord<'a> {
    /// The entries of the servers, in the order in which the packet met them.
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
