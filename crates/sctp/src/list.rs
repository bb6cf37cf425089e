//! Runs of fixed-size items: gap blocks, TSNs, chunk types, stream numbers.

use core::fmt;
use core::hash::{Hash, Hasher};

use wire::{EmitError, LengthError, Reader, Writer};

/// What stands in a [`List`].
pub trait Item: Copy + fmt::Debug + PartialEq {
    /// Octets of one item.
    const LEN: usize;

    /// What an item is called in errors.
    const NAME: &'static str;

    /// Reads one item.
    ///
    /// # Errors
    /// When fewer octets than [`LEN`](Self::LEN) are left.
    fn read(reader: &mut Reader<'_>) -> Result<Self, LengthError>;

    /// Writes the item.
    ///
    /// # Errors
    /// When it does not fit.
    fn write(self, writer: &mut Writer<'_>) -> Result<(), EmitError>;
}

/// Items of one fixed size, one after the other: read from a packet, or the caller's own (`From<&[T]>`).
///
/// Two lists are equal when their items are.
pub struct List<'a, T>(Source<'a, T>);

enum Source<'a, T> {
    // A whole number of items: checked when the list is made.
    Octets(&'a [u8]),
    Items(&'a [T]),
}

impl<'a, T: Item> List<'a, T> {
    /// All that `reader` has left, as items.
    ///
    /// # Errors
    /// When the octets end inside an item.
    pub fn parse(reader: Reader<'a>) -> Result<Self, LengthError> {
        let over = reader.len().checked_rem(T::LEN).unwrap_or_default();
        if over != 0 {
            let offset = reader.offset().saturating_add(reader.len().saturating_sub(over));
            return Err(LengthError::Ends {
                within: "SCTP packet",
                element: T::NAME,
                offset,
                needed: T::LEN,
                available: over,
            });
        }
        Ok(Self(Source::Octets(reader.rest())))
    }

    /// The items, front to back.
    #[must_use]
    pub fn iter(&self) -> Items<'a, T> {
        Items(match self.0 {
            Source::Octets(octets) => Source::Octets(octets),
            Source::Items(items) => Source::Items(items),
        })
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.0 {
            Source::Octets(octets) => octets.len().checked_div(T::LEN).unwrap_or_default(),
            Source::Items(items) => items.len(),
        }
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Octets of all items.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.len().saturating_mul(T::LEN)
    }

    /// Writes the items.
    ///
    /// # Errors
    /// When they do not fit.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.iter().try_for_each(|item| item.write(writer))
    }
}

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<'_, T> {}

impl<T> Clone for Source<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Source<'_, T> {}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        Self(Source::Items(&[]))
    }
}

impl<'a, T> From<&'a [T]> for List<'a, T> {
    fn from(items: &'a [T]) -> Self {
        Self(Source::Items(items))
    }
}

impl<'a, T, const N: usize> From<&'a [T; N]> for List<'a, T> {
    fn from(items: &'a [T; N]) -> Self {
        Self(Source::Items(items))
    }
}

impl<T: Item> PartialEq for List<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Item + Eq> Eq for List<'_, T> {}

impl<T: Item + Hash> Hash for List<'_, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|item| item.hash(state));
    }
}

impl<T: Item> fmt::Debug for List<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl<T: Item + serde::Serialize> serde::Serialize for List<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "defmt")]
impl<T: Item + defmt::Format> defmt::Format for List<'_, T> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "[");
        for item in self.iter() {
            defmt::write!(formatter, "{} ", item);
        }
        defmt::write!(formatter, "]");
    }
}

impl<'a, T: Item> IntoIterator for List<'a, T> {
    type Item = T;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Items<'a, T> {
        self.iter()
    }
}

impl<'a, T: Item> IntoIterator for &List<'a, T> {
    type Item = T;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Items<'a, T> {
        self.iter()
    }
}

/// The items of a [`List`], front to back.
pub struct Items<'a, T>(Source<'a, T>);

impl<T> Clone for Items<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<T: Item> fmt::Debug for Items<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.clone()).finish()
    }
}

impl<T: Item> Iterator for Items<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self.0 {
            Source::Octets(octets) => {
                let mut reader = Reader::new("SCTP packet", octets);
                let item = T::read(&mut reader).ok()?;
                self.0 = Source::Octets(reader.rest());
                Some(item)
            }
            Source::Items(items) => {
                let (item, rest) = items.split_first()?;
                self.0 = Source::Items(rest);
                Some(*item)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = List(self.0).len();
        (len, Some(len))
    }
}

impl<T: Item> ExactSizeIterator for Items<'_, T> {}
impl<T: Item> core::iter::FusedIterator for Items<'_, T> {}

macro_rules! items {
    ($($name:literal: $item:ty = $integer:ty, $read:ident, |$value:ident| $number:expr;)*) => { $(
        impl Item for $item {
            const LEN: usize = size_of::<$integer>();
            const NAME: &'static str = $name;

            fn read(reader: &mut Reader<'_>) -> Result<Self, LengthError> {
                Ok(Self::from(reader.$read($name)?))
            }

            fn write(self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
                let $value = self;
                writer.$read($number)
            }
        }
    )* };
}

items! {
    "TSN": crate::Tsn = u32, u32, |tsn| tsn.0;
    "stream number": u16 = u16, u16, |number| number;
    "chunk type": crate::ChunkType = u8, u8, |chunk_type| chunk_type.0;
    "parameter type": crate::ParameterType = u16, u16, |parameter_type| parameter_type.0;
    "HMAC identifier": crate::parameter::HmacIdentifier = u16, u16, |identifier| identifier.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tsn;
    use std::format;
    use std::vec::Vec;

    #[test]
    fn a_list_from_octets_equals_a_list_of_values() {
        let octets = [0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff];
        let read = List::<Tsn>::parse(Reader::new("SCTP packet", &octets)).unwrap();
        let own = List::from(&[Tsn(7), Tsn(u32::MAX)]);
        assert_eq!(read, own);
        assert_eq!((read.len(), own.len(), read.wire_len()), (2, 2, 8));
        assert_eq!(format!("{read:?}"), format!("{own:?}"));
        let mut buffer = [0; 8];
        own.emit_into(&mut Writer::new(&mut buffer)).unwrap();
        assert_eq!(buffer, octets);
        let mut items = read.iter();
        assert_eq!(items.len(), 2);
        assert_eq!(items.by_ref().collect::<Vec<_>>(), [Tsn(7), Tsn(u32::MAX)]);
        assert_eq!((items.next(), items.len()), (None, 0));
        assert!(List::<u16>::default().is_empty());
    }

    #[test]
    fn a_list_that_ends_inside_an_item_says_where() {
        let error = List::<Tsn>::parse(Reader::at("SCTP packet", &[0; 6], 20)).unwrap_err();
        assert_eq!(
            error,
            LengthError::Ends { within: "SCTP packet", element: "TSN", offset: 24, needed: 4, available: 2 }
        );
    }
}
