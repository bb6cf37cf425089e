//! A framing whose length includes the header, with padding, like the chunks of SCTP.

use vpnwire_wire::{Chain, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

/// The framing of SCTP's chunks: the length includes the header, elements are padded to four octets, and the
/// padding is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Padded;

impl Framing for Padded {
    type Header = (u8, u8, [u8; 3]); // type, flags, padding
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "chunk";
    const WITHIN: &'static str = "SCTP packet";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, Self::Header>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [kind, flags, high, low] = *reader.peek(Self::ELEMENT)?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let value_len = len.checked_sub(4).ok_or(reader.declared_too_short(Self::ELEMENT, 4, len))?;
        let padding_len = len.next_multiple_of(4) - len;
        let element = reader.element(Self::ELEMENT, (kind, flags, [0; 3]), 4, value_len, padding_len)?;
        let mut header = element.header;
        let padding = element.padding();
        vpnwire_wire::copy(&mut header.2[..padding.len()], padding).unwrap();
        Ok(Some(element.with_header(header)))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: Self::Header) -> Result<Reserved<2>, EmitError> {
        writer.put(&[header.0, header.1])?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: Self::Header,
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = writer.position() - start;
        writer.patch(length, EmitError::fit_u16("length", len)?.to_be_bytes())?;
        writer.put(&header.2[..len.next_multiple_of(4) - len])
    }

    fn len_with(&self, len: usize, _: Self::Header, value_len: usize) -> usize {
        len + (4 + value_len).next_multiple_of(4)
    }
}

#[test]
fn a_last_element_without_its_padding_is_whole() {
    let chain = Chain::<Padded>::try_from(&[7, 0, 0, 5, 0xaa, 0][..]).unwrap();
    let element = chain.iter().next().unwrap();
    assert_eq!((element.value, element.padding(), element.missing_padding), (&[0xaa][..], &[0][..], 2));
    assert!(!element.is_cut());
}
