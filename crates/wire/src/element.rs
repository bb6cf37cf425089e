//! One element of a chain.

use core::fmt;

use crate::{Emit, EmitError, LengthError, Reader, Writer};

/// One element of a chain: its header, its value, and its place in the message. [`Reader::element`] makes it.
///
/// `Debug` shows the place and the lengths, but not the octets, because they may be a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Element<'a, H> {
    /// The part before the value, as the [`Framing`](crate::Framing) decodes it.
    pub header: H,
    /// The name of the element in error messages.
    pub name: &'static str,
    /// The RFC name of the thing that offsets are counted from.
    pub within: &'static str,
    /// Offset of the element's first octet.
    pub offset: usize,
    /// All octets of the element: header, value and padding. Hashes and digests cover these.
    pub octets: &'a [u8],
    /// Offset of the value's first octet. It is the base of a nested chain.
    pub value_offset: usize,
    /// The value. When the element is cut, these are the octets that are there.
    pub value: &'a [u8],
    /// Number of octets of the value that the header announces but that are missing. It is 0 unless the element is
    /// cut.
    pub missing: usize,
    /// Number of octets of padding that the protocol requires but that are missing.
    pub missing_padding: usize,
}

impl<'a, H> Element<'a, H> {
    /// A reader over the value. It counts offsets as the element does.
    #[must_use]
    pub const fn reader(&self) -> Reader<'a> {
        Reader::at(self.within, self.value, self.value_offset)
    }

    /// The padding: the octets after the value that belong to the element.
    #[must_use]
    pub fn padding(&self) -> &'a [u8] {
        let end = self.value_offset.saturating_sub(self.offset).saturating_add(self.value.len());
        // default: never taken, because the value lies inside the octets
        self.octets.get(end..).unwrap_or(&[])
    }

    /// Whether octets of the value are missing.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.missing != 0
    }

    /// The error for an element whose value is cut. `None` when the value is whole.
    #[must_use]
    pub const fn fault(&self) -> Option<LengthError> {
        if self.missing == 0 {
            return None;
        }
        let available = self.octets.len();
        Some(LengthError::Ends {
            element: self.name,
            within: self.within,
            offset: self.offset,
            needed: available.saturating_add(self.missing),
            available,
        })
    }

    /// The same element with another header, for example one that holds more than the framing could tell.
    #[must_use]
    pub fn with_header<G>(self, header: G) -> Element<'a, G> {
        Element {
            header,
            name: self.name,
            within: self.within,
            offset: self.offset,
            octets: self.octets,
            value_offset: self.value_offset,
            value: self.value,
            missing: self.missing,
            missing_padding: self.missing_padding,
        }
    }

    /// The same element with a more exact name for error messages.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

impl<H: fmt::Debug> fmt::Debug for Element<'_, H> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Element")
            .field("header", &self.header)
            .field("name", &self.name)
            .field("offset", &self.offset)
            .field("len", &self.octets.len())
            .field("value_len", &self.value.len())
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

/// Emits the value as it is. Elements of unknown types are copied in this way. An element that is cut is refused.
impl<H> Emit for Element<'_, H> {
    fn wire_len(&self) -> usize {
        self.value.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if self.is_cut() {
            return Err(EmitError::CutElement { element: self.name, missing: self.missing });
        }
        writer.put(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn debug_shows_no_octet_of_an_element_for_it_may_be_a_key() {
        let element = Reader::new("message", &[1, 2, 0xa5, 0xa5]).element("TLV", 1u8, 2, 2, 0).unwrap();
        for shown in [format!("{element:?}"), format!("{element:#x?}")] {
            assert!(!shown.contains("165") && !shown.contains("a5"), "{shown}");
            assert!(shown.contains("TLV") && shown.contains("value_len"), "{shown}");
        }
    }
}
