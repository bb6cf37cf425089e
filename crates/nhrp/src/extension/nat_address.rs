//! Cisco's NAT address extension, number 9. RFC 2735 has another use for the number.

use wire::{Emit, EmitError, Writer};

use crate::cie::entries_len;
use crate::{CieFraming, Cies, ExtensionElement, ParseError};

/// Cisco's NAT Address extension. It holds bindings as they are outside of a NAT. It is empty when a sender only says
/// that it understands the extension. The struct is exhaustive, because the extension holds nothing but entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NatAddress<'a> {
    /// The bindings outside of the NAT.
    pub cies: Cies<'a>,
}

impl<'a> NatAddress<'a> {
    pub(super) fn parse(element: &ExtensionElement<'a>) -> Result<Self, ParseError> {
        Ok(Self { cies: Cies::parse(element.value, element.value_offset, CieFraming)? })
    }
}

impl Emit for NatAddress<'_> {
    fn wire_len(&self) -> usize {
        entries_len(&self.cies)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.cies.emit_into(writer)
    }
}
