//! One element of a chain.

use core::fmt;

use crate::{Emit, EmitError, LengthError, Reader, Writer};

/// One element of a chain: where it stands and what it holds. [`Reader::element`] makes it.
///
/// `Debug` tells where it stands and how long it is, but not its octets, because they may be a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Element<'a, H> {
    /// What precedes the value.
    pub header: H,
    /// What the element is called in errors.
    pub name: &'static str,
    /// What the offsets are counted from.
    pub within: &'static str,
    /// Offset of the element's first octet.
    pub offset: usize,
    /// All its octets: header, value, padding. Hashes and digests cover these.
    pub octets: &'a [u8],
    /// Offset of the value's first octet: the base of a nested chain.
    pub value_offset: usize,
    /// The value, or what there is of it.
    pub value: &'a [u8],
    /// Octets of the value that the header promises and that are not there: 0 unless the element is cut.
    pub missing: usize,
    /// Octets of padding that are not there though the protocol asks for them.
    pub missing_padding: usize,
}

impl<'a, H> Element<'a, H> {
    /// A reader over the value that counts offsets as the element does.
    #[must_use]
    pub const fn reader(&self) -> Reader<'a> {
        Reader::at(self.within, self.value, self.value_offset)
    }

    /// Octets after the value that belong to the element.
    #[must_use]
    pub fn padding(&self) -> &'a [u8] {
        let end = self.value_offset.saturating_sub(self.offset).saturating_add(self.value.len());
        // default: never taken, the value lies inside the octets
        self.octets.get(end..).unwrap_or(&[])
    }

    /// Whether octets of the value are missing.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.missing != 0
    }

    /// The error of an element whose value is cut.
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

    /// The same element behind another header: one that takes up what only the whole element tells.
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

    /// The same element under a more exact name.
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

/// The value as it stands: how elements of unknown types are copied. An element that is cut is not written.
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
