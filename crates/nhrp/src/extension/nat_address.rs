//! Cisco's NAT address extension, number 9. RFC 2735 has another use for the number.

use wire::{EmitError, Writer};

use super::ExtensionElement;
use crate::cie::{CieFraming, emit_all};
use crate::{Cies, ParseError};

/// Bindings as they are outside of a NAT; empty where a sender only says that it understands the extension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NatAddress<'a> {
    /// The bindings.
    pub cies: Cies<'a>,
}

impl<'a> NatAddress<'a> {
    pub(super) fn parse(element: &ExtensionElement<'a>) -> Result<Self, ParseError> {
        Ok(Self { cies: Cies::parse(element.value, element.value_offset, CieFraming)? })
    }

    pub(super) fn wire_len(&self) -> usize {
        self.cies.octets().len()
    }

    pub(super) fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        emit_all(&self.cies, writer)
    }
}
