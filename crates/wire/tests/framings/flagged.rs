//! A framing with a flag and a type before the length, like the extensions of NHRP.

use vpnwire_wire::{Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

/// The framing of NHRP's extensions: flags in the upper bits of a 16-bit type, then a 16-bit length of the value.
/// Type 0 ends the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Flagged {
    ended: bool,
}

impl Framing for Flagged {
    type Header = (bool, u16); // compulsory, type
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "extension";
    const WITHIN: &'static str = "NHRP packet";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, (bool, u16)>>, LengthError> {
        if self.ended {
            return Ok(None);
        }
        let [a, b, c, d] = *reader.peek(Self::ELEMENT)?;
        let word = u16::from_be_bytes([a, b]);
        let header = (word & 0x8000 != 0, word & 0x3fff);
        let value_len = usize::from(u16::from_be_bytes([c, d]));
        let element = reader.element(Self::ELEMENT, header, 4, value_len, 0)?;
        self.ended = header.1 == 0;
        Ok(Some(element))
    }

    fn open(
        &mut self,
        writer: &mut Writer<'_>,
        (compulsory, kind): (bool, u16),
    ) -> Result<Reserved<2>, EmitError> {
        writer.u16(if compulsory { 0x8000 | kind } else { kind })?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: (bool, u16),
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = EmitError::fit_u16("length", writer.position() - start - 4)?;
        writer.patch(length, value_len.to_be_bytes())
    }

    fn len_with(&self, len: usize, _: (bool, u16), value_len: usize) -> usize {
        len + 4 + value_len
    }
}
