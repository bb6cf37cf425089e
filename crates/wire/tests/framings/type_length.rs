//! A framing with a type octet and a length octet, like the TLVs of HSRP.

use vpnwire_wire::{Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

/// The framing of HSRP's TLVs: a type octet, then a length octet for the value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TypeLength;

impl Framing for TypeLength {
    type Header = u8;
    type Open = Reserved<1>;
    const ELEMENT: &'static str = "TLV";
    const WITHIN: &'static str = "HSRP message";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, u8>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [kind, length] = *reader.peek(Self::ELEMENT)?;
        reader.element(Self::ELEMENT, kind, 2, usize::from(length), 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, kind: u8) -> Result<Reserved<1>, EmitError> {
        writer.u8(kind)?;
        writer.reserve_u8()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: u8,
        length: Reserved<1>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = writer.position() - start - 2;
        writer.patch(length, [EmitError::fit_u8("length", value_len)?])
    }

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        len + 2 + value_len
    }
}
