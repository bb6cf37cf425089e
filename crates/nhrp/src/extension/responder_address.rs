//! The Responder Address extension, which names the station that answered (RFC 2332 section 5.3.1).

use wire::{Emit, EmitError, Writer};

use crate::{Cie, CieFraming, Cies, ExtensionElement, ParseError};

/// The Responder Address extension (RFC 2332 section 5.3.1). It is empty in a request and holds the responder in the
/// reply. The struct is exhaustive, because the RFC gives the extension one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ResponderAddress<'a> {
    /// The responder. `None` when the extension is empty, as in a request.
    pub responder: Option<Cie<'a>>,
}

impl<'a> ResponderAddress<'a> {
    pub(super) fn parse(element: &ExtensionElement<'a>) -> Result<Self, ParseError> {
        let cies = Cies::parse(element.value, element.value_offset, CieFraming)?;
        let count = cies.count();
        if count > 1 {
            // RFC 2332 section 5.3.1: this extension uses a single CIE.
            return Err(ParseError::ResponderAddressCount { offset: element.offset, count });
        }
        Ok(Self { responder: cies.iter().next() })
    }

    fn cies(&self) -> Cies<'_> {
        Cies::Values(self.responder.as_slice())
    }
}

impl Emit for ResponderAddress<'_> {
    fn wire_len(&self) -> usize {
        self.cies().wire_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.cies().emit_into(writer)
    }
}
