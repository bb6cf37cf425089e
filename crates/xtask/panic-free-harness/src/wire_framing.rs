//! Two framings and a member, for the wrappers of chains and lists.

use wire::{Element, Emit, EmitError, Framing, LengthError, Member, Reader, Reserved, Writer};

/// Octets with a header, which are the elements in chains of both framings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Octets<'a>(pub u8, pub &'a [u8]);

impl Emit for Octets<'_> {
    fn wire_len(&self) -> usize {
        self.1.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.1)
    }
}

impl<'a, F: Framing<Header = u8>> Member<'a, F> for Octets<'a> {
    fn header(&self) -> u8 {
        self.0
    }

    fn decode(element: &Element<'a, u8>, _: &F) -> Self {
        Self(element.header, element.value)
    }
}

/// A framing with a type octet, followed by the length of the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tlv;

impl Framing for Tlv {
    type Header = u8;
    type Open = Reserved<1>;
    const ELEMENT: &'static str = "TLV";
    const WITHIN: &'static str = "message";

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
        let len = writer.position().saturating_sub(start).saturating_sub(2);
        writer.patch(length, [EmitError::fit_u8("length", len)?])
    }

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        len.saturating_add(value_len).saturating_add(2)
    }
}

/// A framing with the type in the element before. The length counts the header, and elements are padded to four
/// octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Next {
    pub next: u8,
    pub place: Option<Reserved<1>>,
}

impl Framing for Next {
    type Header = u8;
    type Open = (Reserved<1>, Reserved<2>);
    const ELEMENT: &'static str = "payload";
    const WITHIN: &'static str = "message";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, u8>>, LengthError> {
        if self.next == 0 {
            return Ok(None);
        }
        let [next, _, high, low] = *reader.peek(Self::ELEMENT)?;
        let declared = usize::from(u16::from_be_bytes([high, low]));
        let value_len =
            declared.checked_sub(4).ok_or(reader.declared_too_short(Self::ELEMENT, 4, declared))?;
        let padding_len = declared.wrapping_neg() & 3;
        let element = reader.element(Self::ELEMENT, self.next, 4, value_len, padding_len)?;
        self.next = next;
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, kind: u8) -> Result<Self::Open, EmitError> {
        match self.place {
            Some(place) => writer.patch(place, [kind])?,
            None => self.next = kind,
        }
        let next = writer.reserve_u8()?;
        writer.u8(0)?;
        Ok((next, writer.reserve_u16()?))
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: u8,
        open: Self::Open,
        start: usize,
    ) -> Result<(), EmitError> {
        let (next, length) = open;
        let len = writer.position().saturating_sub(start);
        writer.patch(length, EmitError::fit_u16("length", len)?.to_be_bytes())?;
        self.place = Some(next);
        writer.pad(start, 4, 0)
    }

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        let element = value_len.saturating_add(4);
        len.saturating_add(element.checked_next_multiple_of(4).unwrap_or(element))
    }
}
