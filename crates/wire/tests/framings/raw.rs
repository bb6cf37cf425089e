//! A member that consists of octets only and has a header of any framing.

use vpnwire_wire::{Element, Emit, EmitError, Framing, Member, Writer};

/// Octets with a header. It is a member of every framing that has this type of header.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Raw<'a, H>(pub(crate) H, pub(crate) &'a [u8]);

impl<H> Emit for Raw<'_, H> {
    fn wire_len(&self) -> usize {
        self.1.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.1)
    }
}

impl<'a, H: Copy, F: Framing<Header = H>> Member<'a, F> for Raw<'a, H> {
    fn header(&self) -> H {
        self.0
    }

    fn decode(element: &Element<'a, H>, _: &F) -> Self {
        Self(element.header, element.value)
    }
}
