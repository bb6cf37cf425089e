//! The elements that a message holds: read from octets, or the caller's own values.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;

use crate::{Chain, ChainWriter, Element, Elements, Emit, EmitError, Framing, LengthError, Parsed, Writer};

/// What stands in chains of `F`: it knows its own header, and [`Emit`] writes its value without the header.
pub trait Member<'a, F: Framing>: Emit + Clone {
    /// What precedes the value: its number, reserved bits, flags.
    fn header(&self) -> F::Header;

    /// The value of an element that was framed. Total: what is malformed or unknown is kept as octets under its number.
    fn decode(element: &Element<'a, F::Header>, framing: &F) -> Self;
}

/// An element stands for itself: it is written as it was read.
impl<'a, F: Framing> Member<'a, F> for Element<'a, F::Header> {
    fn header(&self) -> F::Header {
        self.header
    }

    fn decode(element: &Self, _: &F) -> Self {
        *element
    }
}

/// The elements that a message holds: framed octets that it was read from, or values that it is built from.
///
/// Both are one type, so that a message that was read is a message that can be written. Two lists are equal when their
/// members are.
#[derive(Clone)]
pub enum List<'a, F: Framing, M> {
    /// Elements of a message that was read. A member is decoded each time it is met.
    Framed(Chain<'a, F>),
    /// Members of a message that is built.
    Values(&'a [M]),
}

impl<'a, F: Framing, M> List<'a, F, M> {
    /// Frames the elements of `octets`, which begin `base` octets into what [`Framing::WITHIN`] names.
    ///
    /// # Errors
    /// The first fault met.
    pub fn parse(octets: &'a [u8], base: usize, framing: F) -> Result<Self, LengthError> {
        Chain::parse(octets, base, framing).map(Self::Framed)
    }

    /// Frames the elements up to the first fault, as [`Chain::parse_until_error`] does.
    pub fn parse_until_error(octets: &'a [u8], base: usize, framing: F) -> Parsed<'a, Self, LengthError> {
        Chain::parse_until_error(octets, base, framing).map(Self::Framed)
    }

    /// The framed elements with their offsets and octets, when the list was read.
    pub const fn chain(&self) -> Option<&Chain<'a, F>> {
        match self {
            Self::Framed(chain) => Some(chain),
            Self::Values(_) => None,
        }
    }

    /// The last element, when it was cut.
    fn cut_element(&self) -> Option<Element<'a, F::Header>> {
        self.chain().filter(|chain| chain.is_cut())?.iter().last()
    }

    /// The framed elements, when the list was read; without elements, when it was built.
    pub fn elements(&self) -> Elements<'a, F>
    where
        F: Default,
    {
        match self {
            Self::Framed(chain) => chain.iter(),
            Self::Values(_) => Chain::default().iter(),
        }
    }

    /// How many members there are.
    pub const fn count(&self) -> usize {
        match self {
            Self::Framed(chain) => chain.element_count(),
            Self::Values(values) => values.len(),
        }
    }

    /// Whether there is no member.
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

impl<'a, F: Framing, M: Member<'a, F>> List<'a, F, M> {
    /// The members, in the order they stand in.
    pub fn iter(&self) -> Members<'a, F, M> {
        Members(match self {
            Self::Framed(chain) => Source::Framed(chain.iter(), chain.framing().clone()),
            Self::Values(values) => Source::Values(values.iter()),
        })
    }

    /// Octets of all members as `framing` writes them.
    pub fn chain_len(&self, framing: &F) -> usize {
        self.iter().fold(0, |len, member| framing.len_with(len, member.header(), member.wire_len()))
    }

    /// Writes all members where `writer` stands, and returns the framing as the last one left it.
    ///
    /// # Errors
    /// When the writer has no room, a length does not fit its field, or the last member was cut when it was read.
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

/// The members of a list, front to back.
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
