//! A cursor over octets that knows how far into the message it stands.

use crate::{Element, LengthError};

/// Reads octets front to back; every error names the element and its absolute offset.
///
/// A failed read takes nothing: the reader stands where it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader<'a> {
    octets: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// A reader over a whole message.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self::at(octets, 0)
    }

    /// A reader over octets that stand `offset` octets into their message.
    #[must_use]
    pub const fn at(octets: &'a [u8], offset: usize) -> Self {
        Self { octets, offset }
    }

    /// Octets from the start of the message to where the next read begins.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Octets left to read.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.octets.len()
    }

    /// Whether nothing is left to read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// What is left, without taking it.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.octets
    }

    /// The error of an element that begins here and needs `needed` octets.
    #[must_use]
    pub const fn too_short(&self, element: &'static str, needed: usize) -> LengthError {
        LengthError { element, offset: self.offset, needed, available: self.octets.len() }
    }

    /// The error of an element that begins here and whose own length field, `declared` octets from its start,
    /// leaves less than the `needed` octets its kind has.
    #[must_use]
    pub const fn declared_too_short(
        &self,
        element: &'static str,
        needed: usize,
        declared: usize,
    ) -> LengthError {
        LengthError { element, offset: self.offset, needed, available: declared }
    }

    /// Takes `len` octets.
    ///
    /// # Errors
    /// When fewer are left.
    pub const fn take(&mut self, element: &'static str, len: usize) -> Result<&'a [u8], LengthError> {
        match self.octets.split_at_checked(len) {
            Some((taken, rest)) => {
                self.octets = rest;
                self.offset = self.offset.saturating_add(len);
                Ok(taken)
            }
            None => Err(self.too_short(element, len)),
        }
    }

    /// Takes `N` octets as an array.
    ///
    /// # Errors
    /// When fewer are left.
    pub const fn array<const N: usize>(&mut self, element: &'static str) -> Result<&'a [u8; N], LengthError> {
        match self.octets.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.octets = rest;
                self.offset = self.offset.saturating_add(N);
                Ok(taken)
            }
            None => Err(self.too_short(element, N)),
        }
    }

    /// Looks at the next `N` octets without taking them.
    ///
    /// # Errors
    /// When fewer are left.
    pub const fn peek<const N: usize>(&self, element: &'static str) -> Result<&'a [u8; N], LengthError> {
        match self.octets.first_chunk::<N>() {
            Some(octets) => Ok(octets),
            None => Err(self.too_short(element, N)),
        }
    }

    /// Takes one octet.
    ///
    /// # Errors
    /// When none is left.
    pub fn u8(&mut self, element: &'static str) -> Result<u8, LengthError> {
        let [octet] = *self.array(element)?;
        Ok(octet)
    }

    /// Takes two octets, most significant first.
    ///
    /// # Errors
    /// When fewer are left.
    pub fn u16(&mut self, element: &'static str) -> Result<u16, LengthError> {
        Ok(u16::from_be_bytes(*self.array(element)?))
    }

    /// Takes four octets, most significant first.
    ///
    /// # Errors
    /// When fewer are left.
    pub fn u32(&mut self, element: &'static str) -> Result<u32, LengthError> {
        Ok(u32::from_be_bytes(*self.array(element)?))
    }

    /// Takes eight octets, most significant first.
    ///
    /// # Errors
    /// When fewer are left.
    pub fn u64(&mut self, element: &'static str) -> Result<u64, LengthError> {
        Ok(u64::from_be_bytes(*self.array(element)?))
    }

    /// Takes a whole element: `header_len` octets already peeked at and decoded to `header`, `value_len` octets of
    /// value, `padding_len` octets of padding.
    ///
    /// # Errors
    /// When header, value and padding do not fit what is left.
    pub fn element<H>(
        &mut self,
        element: &'static str,
        header: H,
        header_len: usize,
        value_len: usize,
        padding_len: usize,
    ) -> Result<Element<'a, H>, LengthError> {
        let offset = self.offset;
        let len = header_len.saturating_add(value_len).saturating_add(padding_len);
        let octets = self.take(element, len)?;
        let value = octets.get(header_len..header_len.saturating_add(value_len)).ok_or(LengthError {
            element,
            offset,
            needed: len,
            available: octets.len(),
        })?;
        Ok(Element { header, offset, octets, value_offset: offset.saturating_add(header_len), value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_read_takes_nothing() {
        let mut reader = Reader::at(&[1, 2, 3], 100);
        assert_eq!(reader.u16("length"), Ok(0x0102));
        let error = reader.u32("SPI").unwrap_err();
        assert_eq!(error, LengthError { element: "SPI", offset: 102, needed: 4, available: 1 });
        assert_eq!(reader.offset(), 102);
        assert_eq!(reader.u8("flags"), Ok(3));
        assert!(reader.is_empty());
        assert_eq!(reader.peek::<1>("next").unwrap_err().available, 0);
    }

    #[test]
    fn integers_are_big_endian() {
        let mut reader = Reader::new(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(reader.u64("a"), Ok(0x0001_0203_0405_0607));
        assert_eq!(reader.u32("b"), Ok(0x0809_0a0b));
    }

    #[test]
    fn lengths_that_overflow_are_too_long_and_nothing_else() {
        let mut reader = Reader::at(&[0; 8], usize::MAX);
        let error = reader.element("chunk", (), 4, usize::MAX, 3).unwrap_err();
        assert_eq!(error.needed, usize::MAX);
        assert_eq!(reader.len(), 8);
        assert_eq!(reader.take("all", 8).unwrap().len(), 8);
    }

    #[test]
    fn an_element_covers_header_value_and_padding() {
        let mut reader = Reader::at(&[1, 3, 7, 8, 9, 0, 5], 20);
        let element = reader.element("TLV", 1u8, 2, 3, 1).unwrap();
        assert_eq!((element.header, element.offset, element.value_offset), (1, 20, 22));
        assert_eq!(element.octets, [1, 3, 7, 8, 9, 0]);
        assert_eq!(element.value, [7, 8, 9]);
        assert_eq!(reader.rest(), [5]);
    }
}
