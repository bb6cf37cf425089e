//! The one engine for chains of elements: payloads, TLVs, extensions, chunks, attributes.
//!
//! A family of elements is a [`Framing`]: how one element is told from the octets, and how its header is written.
//! [`Chain`] walks all elements once, when it is made; after that iteration cannot fail. [`ChainWriter`](crate::ChainWriter)
//! is the way back. Both leave bodies alone, so that one malformed body never hides its neighbours.

use core::fmt;
use core::iter::FusedIterator;

use crate::{Element, EmitError, LengthError, Parsed, Reader, Writer};

/// How the elements of one family are framed.
///
/// A framing may have state that passes from one element to the next: a next-payload type met in the element
/// before, or the place to put it; or context that gives numbers their meaning. It is `Clone`, and a chain keeps the
/// state it began with: what [`split`](Self::split) or [`open`](Self::open) changed before they failed is forgotten.
pub trait Framing: Clone {
    /// What precedes a value: its type, flags, reserved octets.
    type Header: Copy + fmt::Debug;

    /// What [`open`](Self::open) leaves for [`close`](Self::close) to fill in: mostly a reserved length.
    type Open;

    /// What one element is called in errors.
    const ELEMENT: &'static str;

    /// What the offsets of elements are counted from, by its RFC name: "ISAKMP message".
    const WITHIN: &'static str;

    /// Takes the next element with [`Reader::element`], or nothing when the chain has ended. Octets that are left then
    /// are the [`rest`](Chain::rest) of the chain.
    ///
    /// # Errors
    /// When the octets end inside the element's header, or its length field is too small for its own header. An element
    /// whose value is cut is no error here: it is returned with what there is of it, and the chain tells.
    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, Self::Header>>, LengthError>;

    /// Writes what precedes a value whose length is not known yet.
    ///
    /// # Errors
    /// When it does not fit.
    fn open(&mut self, writer: &mut Writer<'_>, header: Self::Header) -> Result<Self::Open, EmitError>;

    /// Ends the element that began at position `start` of the writer: fills in its length, pads it, links it.
    ///
    /// # Errors
    /// When the length does not fit its field, or the padding the buffer.
    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: Self::Header,
        open: Self::Open,
        start: usize,
    ) -> Result<(), EmitError>;

    /// Octets of a chain of `len` octets after an element with a value of `value_len` octets was written behind it:
    /// header, value and padding, as [`open`](Self::open) and [`close`](Self::close) write them.
    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize;
}

/// A run of elements, all of them framed and none of them decoded.
///
/// Equality is that of octets and framing; where in its message a chain stands does not count.
#[derive(Clone)]
pub struct Chain<'a, F: Framing> {
    // The elements, and what stands after the last one.
    framed: &'a [u8],
    rest: &'a [u8],
    base: usize,
    framing: F,
    count: usize,
    cut: bool,
}

impl<'a, F: Framing> Chain<'a, F> {
    /// Frames the elements of `octets`, which begin `base` octets into what [`Framing::WITHIN`] names.
    ///
    /// # Errors
    /// The first fault met. Nothing is allocated and each octet is looked at once.
    pub fn parse(octets: &'a [u8], base: usize, framing: F) -> Result<Self, LengthError> {
        Self::parse_until_error(octets, base, framing).strict().map(|(chain, _)| chain)
    }

    /// Frames the elements up to the first fault, and returns the fault beside them: for a caller that shows broken
    /// packets.
    ///
    /// A last element whose value is cut is kept, with what there is of it and the count of what is
    /// [`missing`](Element::missing). Of an element whose header is cut or whose length field is too small nothing is
    /// kept: its octets are the chain's [`rest`](Self::rest).
    pub fn parse_until_error(octets: &'a [u8], base: usize, framing: F) -> Parsed<'a, Self, LengthError> {
        let mut chain = Self { framed: &[], rest: octets, base, framing, count: 0, cut: false };
        let mut framing = chain.framing.clone();
        let mut reader = Reader::at(F::WITHIN, octets, base);
        let fault = loop {
            let left = reader.len();
            match framing.split(&mut reader) {
                Ok(Some(element)) if reader.len() < left => {
                    let len = octets.len().saturating_sub(reader.len());
                    if let Some((framed, rest)) = octets.split_at_checked(len) {
                        (chain.framed, chain.rest) = (framed, rest);
                        chain.count = chain.count.saturating_add(1);
                    }
                    if let Some(fault) = element.fault() {
                        chain.cut = true;
                        break Some(fault);
                    }
                }
                // An element without octets would be met again for ever.
                Ok(Some(element)) => {
                    break Some(Reader::at(F::WITHIN, &[], element.offset).declared_too_short(
                        F::ELEMENT,
                        1,
                        0,
                    ));
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        Parsed { rest: chain.rest, value: chain, fault }
    }

    /// A chain without elements, for a message that ends where its chain would begin.
    pub const fn empty(framing: F) -> Self {
        Self { framed: &[], rest: &[], base: 0, framing, count: 0, cut: false }
    }

    /// The same elements under another framing: one that knows more of what their numbers mean. Nothing when that framing
    /// does not split the octets into the same elements.
    ///
    /// The octets are walked again; what stands after the last element stays the rest.
    #[must_use]
    pub fn with_framing(&self, framing: F) -> Option<Self> {
        let again = Self::parse_until_error(self.framed, self.base, framing).value;
        let is_same = again.count == self.count && again.cut == self.cut && again.rest.is_empty();
        is_same.then_some(Self { rest: self.rest, ..again })
    }

    /// The elements, in the order they stand in.
    pub fn iter(&self) -> Elements<'a, F> {
        let reader = Reader::at(F::WITHIN, self.framed, self.base);
        Elements { reader, framing: self.framing.clone(), left: self.count }
    }

    /// How many elements there are.
    pub const fn element_count(&self) -> usize {
        self.count
    }

    /// Whether there is no element.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether the last element lacks octets of its value. Only [`parse_until_error`](Self::parse_until_error) makes
    /// such a chain.
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// The framing as it stood before the first element.
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
        // Its octets may be a key.
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

/// The elements of a chain, front to back.
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
        // These octets were framed when the chain was made: the same steps give the same elements.
        self.framing.split(&mut self.reader).ok().flatten()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<F: Framing> ExactSizeIterator for Elements<'_, F> {}
impl<F: Framing> FusedIterator for Elements<'_, F> {}
