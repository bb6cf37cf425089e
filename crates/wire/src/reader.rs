//! A cursor over octets that knows its offset in the message.

use core::fmt;

use crate::{Element, LengthError};

/// Reads octets from front to back. Every error names the element and its absolute offset.
///
/// A read that fails takes nothing, and the position stays the same. `Debug` shows the number of octets left, but
/// not the octets, because they may be a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reader<'a> {
    octets: &'a [u8],
    offset: usize,
    within: &'static str,
}

impl<'a> Reader<'a> {
    /// A reader over all octets of what `within` names, for example "ISAKMP message".
    #[must_use]
    pub const fn new(within: &'static str, octets: &'a [u8]) -> Self {
        Self::at(within, octets, 0)
    }

    /// A reader over octets that begin at offset `offset` of what `within` names.
    #[must_use]
    pub const fn at(within: &'static str, octets: &'a [u8], offset: usize) -> Self {
        Self { octets, offset, within }
    }

    /// The RFC name of the thing that offsets are counted from.
    #[must_use]
    pub const fn within(&self) -> &'static str {
        self.within
    }

    /// The offset of the next read, in octets from the start of [`within`](Self::within).
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The number of octets left to read.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.octets.len()
    }

    /// Whether no octets are left to read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The octets left to read. This does not take them.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.octets
    }

    /// The error for an element that begins here and needs `needed` octets, counted from here.
    #[must_use]
    pub const fn too_short(&self, element: &'static str, needed: usize) -> LengthError {
        LengthError::Ends {
            element,
            within: self.within,
            offset: self.offset,
            needed,
            available: self.octets.len(),
        }
    }

    /// The error for an element that begins here and whose length field says `declared` octets, when the shortest
    /// such element has `least` octets.
    #[must_use]
    pub const fn declared_too_short(
        &self,
        element: &'static str,
        least: usize,
        declared: usize,
    ) -> LengthError {
        LengthError::Declared { element, within: self.within, offset: self.offset, least, declared }
    }

    /// Takes `len` octets.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when fewer octets are left.
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
    /// Returns [`LengthError::Ends`] when fewer octets are left.
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

    /// Returns the next `N` octets without taking them.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when fewer octets are left.
    pub const fn peek<const N: usize>(&self, element: &'static str) -> Result<&'a [u8; N], LengthError> {
        match self.octets.first_chunk::<N>() {
            Some(octets) => Ok(octets),
            None => Err(self.too_short(element, N)),
        }
    }

    /// Takes one octet.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when no octets are left.
    pub fn u8(&mut self, element: &'static str) -> Result<u8, LengthError> {
        let [octet] = *self.array(element)?;
        Ok(octet)
    }

    /// Takes two octets as a number, the most significant octet first.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when fewer octets are left.
    pub fn u16(&mut self, element: &'static str) -> Result<u16, LengthError> {
        Ok(u16::from_be_bytes(*self.array(element)?))
    }

    /// Takes four octets as a number, the most significant octet first.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when fewer octets are left.
    pub fn u32(&mut self, element: &'static str) -> Result<u32, LengthError> {
        Ok(u32::from_be_bytes(*self.array(element)?))
    }

    /// Takes eight octets as a number, the most significant octet first.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when fewer octets are left.
    pub fn u64(&mut self, element: &'static str) -> Result<u64, LengthError> {
        Ok(u64::from_be_bytes(*self.array(element)?))
    }

    /// Takes an element: `header_len` octets that the caller has already peeked at and decoded to `header`, then
    /// `value_len` octets of value and `padding_len` octets of padding.
    ///
    /// When the octets end inside the value or the padding, the element has the octets that are there and the
    /// number of those that are missing. A [`Chain`](crate::Chain) reports missing octets of the value as an
    /// error, and leaves missing padding to the protocol.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when the octets end inside the header.
    pub fn element<H>(
        &mut self,
        name: &'static str,
        header: H,
        header_len: usize,
        value_len: usize,
        padding_len: usize,
    ) -> Result<Element<'a, H>, LengthError> {
        let (offset, within, left) = (self.offset, self.within, self.octets.len());
        let after_header = left
            .checked_sub(header_len)
            .ok_or_else(|| self.too_short(name, header_len.saturating_add(value_len)))?;
        let present = value_len.min(after_header);
        let padding = padding_len.min(after_header.saturating_sub(present));
        let value_end = header_len.saturating_add(present);
        let octets = self.take(name, value_end.saturating_add(padding))?;
        let value = octets.get(header_len..value_end).ok_or_else(|| self.too_short(name, value_end))?;
        Ok(Element {
            header,
            name,
            within,
            offset,
            octets,
            value_offset: offset.saturating_add(header_len),
            value,
            missing: value_len.saturating_sub(present),
            missing_padding: padding_len.saturating_sub(padding),
        })
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("within", &self.within)
            .field("offset", &self.offset)
            .field("len", &self.octets.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_read_takes_nothing() {
        let mut reader = Reader::at("UDP payload", &[1, 2, 3], 100);
        assert_eq!(reader.u16("length"), Ok(0x0102));
        let error = reader.u32("SPI").unwrap_err();
        assert_eq!(
            error,
            LengthError::Ends { element: "SPI", within: "UDP payload", offset: 102, needed: 4, available: 1 }
        );
        assert_eq!(reader.offset(), 102);
        assert_eq!(reader.u8("flags"), Ok(3));
        assert!(reader.is_empty());
        assert_eq!(reader.peek::<1>("next").unwrap_err(), reader.too_short("next", 1));
    }

    #[test]
    fn debug_shows_no_octet_for_it_may_be_a_key() {
        let shown = std::format!("{:?}", Reader::at("packet", &[0xa5; 3], 7));
        assert_eq!(shown, "Reader { within: \"packet\", offset: 7, len: 3 }");
    }

    #[test]
    fn integers_are_big_endian() {
        let mut reader = Reader::new("packet", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(reader.u64("a"), Ok(0x0001_0203_0405_0607));
        assert_eq!(reader.u32("b"), Ok(0x0809_0a0b));
    }

    #[test]
    fn lengths_that_overflow_are_too_long_and_nothing_else() {
        let mut reader = Reader::at("packet", &[0; 8], usize::MAX);
        let element = reader.element("chunk", (), 4, usize::MAX, usize::MAX).unwrap();
        assert_eq!(
            (element.value.len(), element.missing, element.missing_padding),
            (4, usize::MAX - 4, usize::MAX)
        );
        assert!(matches!(element.fault(), Some(LengthError::Ends { needed: usize::MAX, available: 8, .. })));
        assert!(reader.is_empty());
        let mut reader = Reader::new("packet", &[0; 3]);
        let error = reader.element("chunk", (), 4, usize::MAX, 3).unwrap_err();
        assert_eq!(error, reader.too_short("chunk", usize::MAX));
        assert_eq!(reader.take("all", 3).unwrap().len(), 3);
    }

    #[test]
    fn a_cut_element_has_what_is_there_and_says_what_is_missing() {
        let cut = Reader::at("packet", &[1, 5, 7, 8], 20).element("TLV", 1u8, 2, 5, 1).unwrap();
        assert_eq!(
            (cut.value, cut.padding(), cut.missing, cut.missing_padding),
            (&[7, 8][..], &[][..], 3, 1)
        );
        assert!(cut.is_cut());
        let error =
            LengthError::Ends { element: "TLV", within: "packet", offset: 20, needed: 7, available: 4 };
        assert_eq!(cut.fault(), Some(error));
        let unpadded = Reader::at("packet", &[1, 1, 7, 0], 20).element("TLV", 1u8, 2, 1, 5).unwrap();
        assert_eq!((unpadded.value, unpadded.padding(), unpadded.missing_padding), (&[7][..], &[0][..], 4));
        assert!(!unpadded.is_cut() && unpadded.fault().is_none());
    }

    #[test]
    fn an_element_covers_header_value_and_padding() {
        let mut reader = Reader::at("packet", &[1, 3, 7, 8, 9, 0, 5], 20);
        let element = reader.element("TLV", 1u8, 2, 3, 1).unwrap();
        assert_eq!((element.header, element.offset, element.value_offset), (1, 20, 22));
        assert_eq!(element.octets, [1, 3, 7, 8, 9, 0]);
        assert_eq!(element.value, [7, 8, 9]);
        assert_eq!((element.missing, element.missing_padding), (0, 0));
        assert_eq!(reader.rest(), [5]);
    }
}
