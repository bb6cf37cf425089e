//! A framing in which each element carries the type of the next, like the payloads of ISAKMP.

use vpnwire_wire::{Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

/// The framing of ISAKMP's payloads: the element before carries the type of an element, and the header of the
/// message carries the type of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NextType {
    pub(crate) next: u8,
    // The place to write the type of the next element.
    pub(crate) place: Option<Reserved<1>>,
}

impl Framing for NextType {
    type Header = (u8, u8); // type, reserved
    type Open = (Reserved<1>, Reserved<2>);
    const ELEMENT: &'static str = "payload";
    const WITHIN: &'static str = "ISAKMP message";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, (u8, u8)>>, LengthError> {
        if self.next == 0 {
            return Ok(None);
        }
        let [next, reserved, high, low] = *reader.peek(Self::ELEMENT)?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let value_len = len.checked_sub(4).ok_or(reader.declared_too_short(Self::ELEMENT, 4, len))?;
        let element = reader.element(Self::ELEMENT, (self.next, reserved), 4, value_len, 0)?;
        self.next = next;
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: (u8, u8)) -> Result<Self::Open, EmitError> {
        let next = writer.reserve_u8()?;
        writer.u8(header.1)?;
        Ok((next, writer.reserve_u16()?))
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: (u8, u8),
        (next, length): Self::Open,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = EmitError::fit_u16("length", writer.position() - start)?;
        writer.patch(length, len.to_be_bytes())?;
        match self.place.replace(next) {
            Some(place) => writer.patch(place, [header.0]),
            None => {
                self.next = header.0;
                Ok(())
            }
        }
    }

    fn len_with(&self, len: usize, _: (u8, u8), value_len: usize) -> usize {
        len + 4 + value_len
    }
}
