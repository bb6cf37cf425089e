//! Who answered, RFC 2332 section 5.3.1.

use wire::{EmitError, Writer};

use super::ExtensionElement;
use crate::cie::CieFraming;
use crate::{Cie, Cies, ParseError};

/// The Responder Address extension: empty in a request, the responder in its reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ResponderAddress<'a> {
    /// The responder.
    pub responder: Option<Cie<'a>>,
}

impl<'a> ResponderAddress<'a> {
    pub(super) fn parse(element: &ExtensionElement<'a>) -> Result<Self, ParseError> {
        let cies = Cies::parse(element.value, element.value_offset, CieFraming)?;
        let count = cies.element_count();
        if count > 1 {
            // RFC 2332 section 5.3.1: this extension uses a single CIE.
            return Err(ParseError::ResponderAddressCount { offset: element.offset, count });
        }
        Ok(Self { responder: Cie::all(&cies).next() })
    }

    pub(super) fn wire_len(&self) -> usize {
        self.responder.map_or(0, |responder| responder.wire_len())
    }

    pub(super) fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.responder.map_or(Ok(()), |responder| responder.emit_into(writer))
    }
}
