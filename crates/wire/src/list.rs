//! The list of elements in a message: read from octets, or the caller's own values.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;

use crate::{Chain, ChainWriter, Element, Elements, Emit, EmitError, Framing, LengthError, Parsed, Writer};

/// A member of chains that `F` frames. It knows its own header, and [`Emit`] writes its value without the header.
pub trait Member<'a, F: Framing>: Emit + Clone {
    /// The part before the value, such as its type, reserved bits and flags.
    fn header(&self) -> F::Header;

    /// Decodes a framed element. It cannot fail: a member that is malformed or of an unknown type keeps its type
    /// and its octets.
    fn decode(element: &Element<'a, F::Header>, framing: &F) -> Self;
}

/// An undecoded element is a member too. It is written as it was read.
impl<'a, F: Framing> Member<'a, F> for Element<'a, F::Header> {
    fn header(&self) -> F::Header {
        self.header
    }

    fn decode(element: &Self, _: &F) -> Self {
        *element
    }
}

/// The elements that a message holds: framed octets from which it was read, or values from which it is built.
///
/// Both are one type, so that a message that was read can be emitted. Two lists are equal when their members are.
#[derive(Clone)]
pub enum List<'a, F: Framing, M> {
    /// The elements of a message that was read. A member is decoded each time the iteration reaches it.
    Framed(Chain<'a, F>),
    /// The members of a message that is built.
    Values(&'a [M]),
}

impl<'a, F: Framing, M> List<'a, F, M> {
    /// Frames the elements of `octets`. Offsets are counted from the start of what [`Framing::WITHIN`] names,
    /// where `octets` begins at offset `base`.
    ///
    /// # Errors
    /// Returns the first fault as a [`LengthError`].
    pub fn parse(octets: &'a [u8], base: usize, framing: F) -> Result<Self, LengthError> {
        Chain::parse(octets, base, framing).map(Self::Framed)
    }

    /// Frames the elements up to the first fault, as [`Chain::parse_until_error`] does.
    pub fn parse_until_error(octets: &'a [u8], base: usize, framing: F) -> Parsed<'a, Self, LengthError> {
        Chain::parse_until_error(octets, base, framing).map(Self::Framed)
    }

    /// The chain of framed elements when the list was read. `None` when it was built from values.
    pub const fn chain(&self) -> Option<&Chain<'a, F>> {
        match self {
            Self::Framed(chain) => Some(chain),
            Self::Values(_) => None,
        }
    }

    /// The last element, when it was cut. `None` when it is whole.
    fn cut_element(&self) -> Option<Element<'a, F::Header>> {
        self.chain().filter(|chain| chain.is_cut())?.iter().last()
    }

    /// Iterates over the framed elements when the list was read. The iterator is empty when the list was built
    /// from values.
    pub fn elements(&self) -> Elements<'a, F>
    where
        F: Default,
    {
        match self {
            Self::Framed(chain) => chain.iter(),
            Self::Values(_) => Chain::default().iter(),
        }
    }

    /// The number of members.
    pub const fn count(&self) -> usize {
        match self {
            Self::Framed(chain) => chain.element_count(),
            Self::Values(values) => values.len(),
        }
    }

    /// Whether the list has no members.
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

impl<'a, F: Framing, M: Member<'a, F>> List<'a, F, M> {
    /// Iterates over the members in their order on the wire, decoding those that were read.
    pub fn iter(&self) -> Members<'a, F, M> {
        Members(match self {
            Self::Framed(chain) => Source::Framed(chain.iter(), chain.framing().clone()),
            Self::Values(values) => Source::Values(values.iter()),
        })
    }

    /// The number of octets of all members, as `framing` writes them.
    pub fn chain_len(&self, framing: &F) -> usize {
        self.iter().fold(0, |len, member| framing.len_with(len, member.header(), member.wire_len()))
    }

    /// Writes all members at the position of `writer`, and returns the framing in its state after the last one.
    ///
    /// # Errors
    /// Returns an [`EmitError`] when a member does not fit into the buffer, when a length does not fit into its
    /// field, or when the last member was cut when it was read.
    pub fn emit_chain(&self, writer: &mut Writer<'_>, framing: F) -> Result<F, EmitError> {
        if let Some(cut) = self.cut_element() {
            return Err(EmitError::CutElement { element: cut.name, missing: cut.missing });
        }
        let mut chain = ChainWriter::new(writer, framing);
        for member in self.iter() {
            chain.push(&member)?;
        }
        Ok(chain.finish())
    }
}

impl<'a, F: Framing + Default, M: Member<'a, F>> Emit for List<'a, F, M> {
    fn wire_len(&self) -> usize {
        self.chain_len(&F::default())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.emit_chain(writer, F::default()).map(drop)
    }
}

impl<F: Framing, M> Default for List<'_, F, M> {
    fn default() -> Self {
        Self::Values(&[])
    }
}

impl<'a, F: Framing, M> From<Chain<'a, F>> for List<'a, F, M> {
    fn from(chain: Chain<'a, F>) -> Self {
        Self::Framed(chain)
    }
}

impl<'a, F: Framing, M> From<&'a [M]> for List<'a, F, M> {
    fn from(values: &'a [M]) -> Self {
        Self::Values(values)
    }
}

impl<'a, F: Framing, M, const N: usize> From<&'a [M; N]> for List<'a, F, M> {
    fn from(values: &'a [M; N]) -> Self {
        Self::Values(values)
    }
}

impl<'a, F: Framing, M: Member<'a, F> + PartialEq> PartialEq for List<'a, F, M> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, F: Framing, M: Member<'a, F> + Eq> Eq for List<'a, F, M> {}

impl<'a, F: Framing, M: Member<'a, F> + Hash> Hash for List<'a, F, M> {
    fn hash<S: Hasher>(&self, state: &mut S) {
        self.count().hash(state);
        self.iter().for_each(|member| member.hash(state));
    }
}

impl<'a, F: Framing, M: Member<'a, F> + fmt::Debug> fmt::Debug for List<'a, F, M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl<'a, F: Framing, M: Member<'a, F> + serde::Serialize> serde::Serialize for List<'a, F, M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "defmt")]
impl<'a, F: Framing, M: Member<'a, F> + defmt::Format> defmt::Format for List<'a, F, M> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "[");
        for member in self.iter() {
            defmt::write!(formatter, "{} ", member);
        }
        defmt::write!(formatter, "]");
    }
}

impl<'a, F: Framing, M: Member<'a, F>> IntoIterator for List<'a, F, M> {
    type Item = M;
    type IntoIter = Members<'a, F, M>;

    fn into_iter(self) -> Members<'a, F, M> {
        self.iter()
    }
}

impl<'a, F: Framing, M: Member<'a, F>> IntoIterator for &List<'a, F, M> {
    type Item = M;
    type IntoIter = Members<'a, F, M>;

    fn into_iter(self) -> Members<'a, F, M> {
        self.iter()
    }
}

/// An iterator over the members of a list, from front to back.
#[derive(Clone, Debug)]
pub struct Members<'a, F, M>(Source<'a, F, M>);

#[derive(Clone, Debug)]
enum Source<'a, F, M> {
    Framed(Elements<'a, F>, F),
    Values(core::slice::Iter<'a, M>),
}

impl<'a, F: Framing, M: Member<'a, F>> Iterator for Members<'a, F, M> {
    type Item = M;

    fn next(&mut self) -> Option<M> {
        match &mut self.0 {
            Source::Framed(elements, framing) => elements.next().map(|element| M::decode(&element, framing)),
            Source::Values(values) => values.next().cloned(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Source::Framed(elements, _) => elements.size_hint(),
            Source::Values(values) => values.size_hint(),
        }
    }
}

impl<'a, F: Framing, M: Member<'a, F>> ExactSizeIterator for Members<'a, F, M> {}
impl<'a, F: Framing, M: Member<'a, F>> FusedIterator for Members<'a, F, M> {}
