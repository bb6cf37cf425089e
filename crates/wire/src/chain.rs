//! The one engine for chains of elements: payloads, TLVs, extensions, chunks, attributes.
//!
//! A family of elements is described by a [`Framing`]: how to split the next element off the octets, and how to
//! write its header. A [`Chain`] walks over all elements once, when it is made, so that iterating it cannot fail.
//! [`ChainWriter`](crate::ChainWriter) writes elements with the same framing. Neither looks into the values, so
//! one malformed value never hides its neighbours.

use core::fmt;
use core::iter::FusedIterator;

use crate::{Element, EmitError, LengthError, Parsed, Reader, Writer};

/// Describes how the elements of one family are framed on the wire.
///
/// A framing may have state. Some state passes from one element to the next, such as the next-payload type that
/// the element before carried, or the place where to write it. Other state tells how to interpret the numbers. A
/// framing is `Clone`, and a chain keeps the state at its beginning: a change that [`split`](Self::split) or
/// [`open`](Self::open) made before it failed is forgotten.
pub trait Framing: Clone {
    /// The part of an element before its value: the type, flags and reserved octets.
    type Header: Copy + fmt::Debug;

    /// The value that [`open`](Self::open) returns for [`close`](Self::close). Mostly it is a reserved length
    /// field.
    type Open;

    /// The name of an element in error messages.
    const ELEMENT: &'static str;

    /// The RFC name of the thing that offsets are counted from, for example "ISAKMP message".
    const WITHIN: &'static str;

    /// Takes the next element, with [`Reader::element`]. `None` when the chain has ended; the octets left then are
    /// the [`rest`](Chain::rest) of the chain.
    ///
    /// # Errors
    /// Returns [`LengthError::Ends`] when the octets end inside the element's header, and
    /// [`LengthError::Declared`] when its length field is smaller than its own header. An element whose value is
    /// cut is not an error here: return it with the octets that are there, and the chain reports the error.
    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, Self::Header>>, LengthError>;

    /// Writes the header of an element whose length is not known yet.
    ///
    /// # Errors
    /// Returns an [`EmitError`] when the header does not fit into the buffer.
    fn open(&mut self, writer: &mut Writer<'_>, header: Self::Header) -> Result<Self::Open, EmitError>;

    /// Ends the element that began at position `start` of the writer. It fills in the length, pads the element and
    /// links it.
    ///
    /// # Errors
    /// Returns an [`EmitError`] when the length does not fit into its field, or the padding does not fit into the
    /// buffer.
    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: Self::Header,
        open: Self::Open,
        start: usize,
    ) -> Result<(), EmitError>;

    /// Computes the length of a chain to which an element is added. The chain had `len` octets, and the element
    /// has a value of `value_len` octets. The result counts the header and padding that [`open`](Self::open) and
    /// [`close`](Self::close) write.
    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize;
}

/// A run of elements that are framed and not yet decoded.
///
/// Two chains are equal when their octets and framings are. Their offsets do not count.
#[derive(Clone)]
pub struct Chain<'a, F: Framing> {
    // The octets of the elements; `rest` has the octets after the last one.
    framed: &'a [u8],
    rest: &'a [u8],
    base: usize,
    framing: F,
    count: usize,
    cut: bool,
}

impl<'a, F: Framing> Chain<'a, F> {
    /// Frames the elements of `octets`. Offsets are counted from the start of what [`Framing::WITHIN`] names,
    /// where `octets` begins at offset `base`.
    ///
    /// # Errors
    /// Returns the first fault as a [`LengthError`]. Parsing does not allocate and looks at each octet once.
    pub fn parse(octets: &'a [u8], base: usize, framing: F) -> Result<Self, LengthError> {
        Self::parse_until_error(octets, base, framing).strict().map(|(chain, _)| chain)
    }

    /// Frames the elements up to the first fault, and returns that fault beside them. It is meant for a program
    /// that shows broken packets.
    ///
    /// When the value of the last element is cut, the element is kept with the octets that are there, and
    /// [`missing`](Element::missing) has the number of the others. When its header is cut, or its length field is
    /// too small, the element is not kept: its octets become the [`rest`](Self::rest) of the chain.
    pub fn parse_until_error(octets: &'a [u8], base: usize, framing: F) -> Parsed<'a, Self, LengthError> {
        let (mut steps, mut reader) = (framing.clone(), Reader::at(F::WITHIN, octets, base));
        let (mut count, mut len, mut cut) = (0usize, 0, false);
        let fault = loop {
            let left = reader.len();
            match steps.split(&mut reader) {
                Ok(Some(element)) if reader.len() < left => {
                    count = count.saturating_add(1);
                    len = octets.len().saturating_sub(reader.len());
                    cut = element.is_cut();
                    if cut {
                        break None;
                    }
                }
                // A framing that takes no octets would return the same element for ever.
                Ok(Some(element)) => {
                    let here = Reader::at(F::WITHIN, &[], element.offset);
                    break Some(here.declared_too_short(F::ELEMENT, 1, 0));
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        // default: never taken, because the elements lie inside the octets
        let (framed, rest) = octets.split_at_checked(len).unwrap_or((octets, &[]));
        let elements = || {
            let reader = Reader::at(F::WITHIN, framed, base);
            Elements { reader, framing: framing.clone(), left: count }
        };
        // An element is rarely cut, so it is cheaper to walk again than to keep all of each element.
        let fault = if cut { elements().last().and_then(|element| element.fault()) } else { fault };
        Parsed { value: Self { framed, rest, base, framing, count, cut }, rest, fault }
    }

    /// A chain without elements, for a message that ends where its chain would begin.
    pub const fn empty(framing: F) -> Self {
        Self { framed: &[], rest: &[], base: 0, framing, count: 0, cut: false }
    }

    /// The same elements under another framing, for example one that knows more about the meaning of their
    /// numbers. `None` when that framing does not split the octets into the same elements.
    ///
    /// The octets are walked again. The octets after the last element remain the rest.
    #[must_use]
    pub fn with_framing(&self, framing: F) -> Option<Self> {
        let again = Self::parse_until_error(self.framed, self.base, framing).value;
        let is_same = again.count == self.count && again.cut == self.cut && again.rest.is_empty();
        is_same.then_some(Self { rest: self.rest, ..again })
    }

    /// Iterates over the elements in their order on the wire.
    pub fn iter(&self) -> Elements<'a, F> {
        let reader = Reader::at(F::WITHIN, self.framed, self.base);
        Elements { reader, framing: self.framing.clone(), left: self.count }
    }

    /// The number of elements.
    pub const fn element_count(&self) -> usize {
        self.count
    }

    /// Whether the chain has no elements.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether octets of the last element's value are missing. Only [`parse_until_error`](Self::parse_until_error)
    /// returns such a chain.
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// The framing in its state before the first element.
    pub const fn framing(&self) -> &F {
        &self.framing
    }

    /// Offset of the chain's first octet.
    pub const fn offset(&self) -> usize {
        self.base
    }

    /// The octets of the elements, without the rest.
    pub const fn octets(&self) -> &'a [u8] {
        self.framed
    }

    /// The octets after the last element.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Offset of the first octet after the last element.
    pub const fn rest_offset(&self) -> usize {
        self.base.saturating_add(self.framed.len())
    }
}

impl<F: Framing + Default> Default for Chain<'_, F> {
    fn default() -> Self {
        Self::empty(F::default())
    }
}

impl<'a, F: Framing + Default> TryFrom<&'a [u8]> for Chain<'a, F> {
    type Error = LengthError;

    fn try_from(octets: &'a [u8]) -> Result<Self, LengthError> {
        Self::parse(octets, 0, F::default())
    }
}

impl<F: Framing + PartialEq> PartialEq for Chain<'_, F> {
    fn eq(&self, other: &Self) -> bool {
        self.framed == other.framed && self.rest == other.rest && self.framing == other.framing
    }
}

impl<F: Framing + Eq> Eq for Chain<'_, F> {}

impl<F: Framing + core::hash::Hash> core::hash::Hash for Chain<'_, F> {
    fn hash<S: core::hash::Hasher>(&self, state: &mut S) {
        self.framed.hash(state);
        self.rest.hash(state);
        self.framing.hash(state);
    }
}

impl<F: Framing> fmt::Debug for Chain<'_, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl<F: Framing<Header: serde::Serialize>> serde::Serialize for Chain<'_, F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

#[cfg(feature = "defmt")]
impl<F: Framing> defmt::Format for Chain<'_, F> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        // The octets are not shown, because they may be a key.
        defmt::write!(formatter, "{=usize} elements in {=usize} octets", self.count, self.framed.len());
    }
}

impl<'a, F: Framing> IntoIterator for Chain<'a, F> {
    type Item = Element<'a, F::Header>;
    type IntoIter = Elements<'a, F>;

    fn into_iter(self) -> Elements<'a, F> {
        self.iter()
    }
}

impl<'a, F: Framing> IntoIterator for &Chain<'a, F> {
    type Item = Element<'a, F::Header>;
    type IntoIter = Elements<'a, F>;

    fn into_iter(self) -> Elements<'a, F> {
        self.iter()
    }
}

/// An iterator over the elements of a chain, from front to back.
#[derive(Clone, Debug)]
pub struct Elements<'a, F> {
    reader: Reader<'a>,
    framing: F,
    left: usize,
}

impl<'a, F: Framing> Iterator for Elements<'a, F> {
    type Item = Element<'a, F::Header>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        // This cannot fail: the same steps framed these octets when the chain was made.
        self.framing.split(&mut self.reader).ok().flatten()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<F: Framing> ExactSizeIterator for Elements<'_, F> {}
impl<F: Framing> FusedIterator for Elements<'_, F> {}
