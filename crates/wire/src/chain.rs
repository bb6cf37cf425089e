//! The one engine for chains of elements: payloads, TLVs, extensions, chunks, attributes.
//!
//! A family of elements is a [`Framing`]: how one element is told from the octets, and how its header is written.
//! [`Chain`] walks all elements once, when it is made; after that iteration cannot fail. [`ChainWriter`] is the
//! way back. Both leave bodies alone, so that one malformed body never hides its neighbours.

use core::fmt;
use core::iter::FusedIterator;

use crate::{EmitError, LengthError, Reader, Writer};

/// How the elements of one family are framed.
///
/// A framing may have state that passes from one element to the next: a next-payload type met in the element
/// before, or the place to put it. It is `Clone`, and a chain keeps the state it began with.
pub trait Framing: Clone {
    /// What precedes a value: its type, flags, reserved octets.
    type Header: Copy + fmt::Debug;

    /// What [`open`](Self::open) leaves for [`close`](Self::close) to fill in: mostly a reserved length.
    type Open;

    /// What one element is called in errors.
    const ELEMENT: &'static str;

    /// Takes the next element, or nothing when the chain has ended. Octets that are left then are the
    /// [`rest`](Chain::rest) of the chain.
    ///
    /// # Errors
    /// When the octets end inside the element, or its length field is too small for its own header. A reader is
    /// a copy: what was read before the error is not lost.
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
}

/// One element of a chain: where it stands and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Element<'a, H> {
    /// What precedes the value.
    pub header: H,
    /// Offset of the element's first octet from the start of the message.
    pub offset: usize,
    /// All its octets: header, value, padding. Hashes and digests cover these.
    pub octets: &'a [u8],
    /// Offset of the value's first octet from the start of the message: the base of a nested chain.
    pub value_offset: usize,
    /// The value.
    pub value: &'a [u8],
}

impl<'a, H> Element<'a, H> {
    /// A reader over the value that reports offsets from the start of the message.
    #[must_use]
    pub const fn reader(&self) -> Reader<'a> {
        Reader::at(self.value, self.value_offset)
    }

    /// Octets after the value that belong to the element.
    #[must_use]
    pub fn padding(&self) -> &'a [u8] {
        let end = self.value_offset.saturating_sub(self.offset).saturating_add(self.value.len());
        self.octets.get(end..).unwrap_or_default()
    }
}

/// A run of elements, all of them framed and none of them decoded.
///
/// Equality is that of octets and framing; where in its message a chain stands does not count.
#[derive(Clone)]
pub struct Chain<'a, F: Framing> {
    octets: &'a [u8],
    base: usize,
    framing: F,
    count: usize,
    len: usize,
}

impl<'a, F: Framing> Chain<'a, F> {
    /// Frames the elements of `octets`, which begin `base` octets into their message.
    ///
    /// # Errors
    /// The first fault met. Nothing is allocated and each octet is looked at once.
    pub fn parse(octets: &'a [u8], base: usize, framing: F) -> Result<Self, LengthError> {
        match Self::parse_until_error(octets, base, framing) {
            (chain, None) => Ok(chain),
            (_, Some(error)) => Err(error),
        }
    }

    /// Frames the elements up to the first fault, and returns the fault beside them: for those who look at
    /// broken packets. The octets from the faulty element on are the chain's [`rest`](Self::rest).
    pub fn parse_until_error(octets: &'a [u8], base: usize, framing: F) -> (Self, Option<LengthError>) {
        let mut chain = Self { octets, base, framing, count: 0, len: 0 };
        let mut framing = chain.framing.clone();
        let mut reader = Reader::at(octets, base);
        loop {
            let left = reader.len();
            match framing.split(&mut reader) {
                Ok(Some(_)) if reader.len() < left => {
                    chain.count = chain.count.saturating_add(1);
                    chain.len = octets.len().saturating_sub(reader.len());
                }
                // An element without octets would be met again for ever.
                Ok(Some(element)) => {
                    let offset = element.offset;
                    return (
                        chain,
                        Some(LengthError { element: F::ELEMENT, offset, needed: 1, available: 0 }),
                    );
                }
                Ok(None) => return (chain, None),
                Err(error) => return (chain, Some(error)),
            }
        }
    }

    /// The elements, in the order they stand in.
    pub fn iter(&self) -> Elements<'a, F> {
        let framed = self.octets.get(..self.len).unwrap_or_default();
        Elements { reader: Reader::at(framed, self.base), framing: self.framing.clone(), left: self.count }
    }

    /// How many elements there are.
    pub const fn element_count(&self) -> usize {
        self.count
    }

    /// Whether there is no element.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The framing as it stood before the first element.
    pub const fn framing(&self) -> &F {
        &self.framing
    }

    /// Offset of the chain's first octet from the start of the message.
    pub const fn offset(&self) -> usize {
        self.base
    }

    /// The octets of the elements, without the rest.
    pub fn octets(&self) -> &'a [u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }

    /// The octets after the last element.
    pub fn rest(&self) -> &'a [u8] {
        self.octets.get(self.len..).unwrap_or_default()
    }

    /// Offset of the first octet after the last element from the start of the message.
    pub const fn rest_offset(&self) -> usize {
        self.base.saturating_add(self.len)
    }
}

impl<F: Framing + Default> Default for Chain<'_, F> {
    fn default() -> Self {
        Self { octets: &[], base: 0, framing: F::default(), count: 0, len: 0 }
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
        self.octets == other.octets && self.len == other.len && self.framing == other.framing
    }
}

impl<F: Framing + Eq> Eq for Chain<'_, F> {}

impl<F: Framing + core::hash::Hash> core::hash::Hash for Chain<'_, F> {
    fn hash<S: core::hash::Hasher>(&self, state: &mut S) {
        self.octets.hash(state);
        self.len.hash(state);
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
        defmt::write!(formatter, "{=[u8]:x}", self.octets);
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

/// Writes elements one after the other and links them.
///
/// An element that does not fit leaves no trace: the writer and the framing stand as before it.
#[derive(Debug)]
pub struct ChainWriter<'w, 'b, F> {
    writer: &'w mut Writer<'b>,
    framing: F,
}

impl<'w, 'b, F: Framing> ChainWriter<'w, 'b, F> {
    /// Elements are written where `writer` stands.
    pub const fn new(writer: &'w mut Writer<'b>, framing: F) -> Self {
        Self { writer, framing }
    }

    /// Writes an element whose value is already in octets.
    ///
    /// # Errors
    /// When it does not fit the buffer, or its length its field.
    pub fn push(&mut self, header: F::Header, value: &[u8]) -> Result<(), EmitError> {
        self.push_with(header, |writer| writer.put(value))
    }

    /// Writes an element whose value `value` writes: a nested chain, say.
    ///
    /// # Errors
    /// When it does not fit the buffer, or its length its field; whatever `value` returns.
    pub fn push_with(
        &mut self,
        header: F::Header,
        value: impl FnOnce(&mut Writer<'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let start = self.writer.position();
        let before = self.framing.clone();
        let result = self.element(header, start, value);
        if result.is_err() {
            self.writer.truncate(start);
            self.framing = before;
        }
        result
    }

    fn element(
        &mut self,
        header: F::Header,
        start: usize,
        value: impl FnOnce(&mut Writer<'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let open = self.framing.open(self.writer, header)?;
        value(self.writer)?;
        self.framing.close(self.writer, header, open, start)
    }

    /// The writer, to put octets between or after elements.
    pub const fn writer(&mut self) -> &mut Writer<'b> {
        self.writer
    }

    /// The framing as the last element left it.
    pub fn finish(self) -> F {
        self.framing
    }
}
