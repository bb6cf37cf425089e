//! Lists of items of a fixed size, such as Gap Ack Blocks, TSNs, chunk types and stream numbers.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;

use wire::{Emit, EmitError, LengthError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The octets of an item. The trait is public only because [`Item`] names it, and cannot be reached from outside the
/// crate.
pub trait Layout: Sized {
    /// The octets of one item, as in the RFC's figure.
    type Octets: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned + Copy;

    /// The name of an item in errors.
    const NAME: &'static str;

    /// Decodes an item.
    fn read(octets: Self::Octets) -> Self;

    /// Encodes the item.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when a value does not fit into its bits.
    fn write(self) -> Result<Self::Octets, EmitError>;
}

/// A type that [`Items`] can hold: Gap Ack Blocks, skipped streams and messages, TSNs, stream numbers, chunk types,
/// parameter types and HMAC identifiers. The trait is sealed.
pub trait Item: Layout + Copy + fmt::Debug + PartialEq {}

impl<T: Layout + Copy + fmt::Debug + PartialEq> Item for T {}

/// A list of items of one fixed size, which follow each other without framing. It is read from a packet, or made from a
/// slice of the caller's with `From<&[T]>`.
///
/// Two lists are equal when their items are equal.
pub struct Items<'a, T: Item>(Source<'a, T>);

enum Source<'a, T: Item> {
    Octets(&'a [T::Octets]),
    Values(&'a [T]),
}

impl<'a, T: Item> Items<'a, T> {
    /// Reads all that `reader` has left as items.
    pub(crate) fn read(mut reader: Reader<'a>) -> Result<Self, LengthError> {
        let item_len = size_of::<T::Octets>();
        if let Ok(octets) = <[T::Octets]>::ref_from_bytes(reader.rest()) {
            return Ok(Self(Source::Octets(octets)));
        }
        // default: this is never used, because every item has at least one octet
        let over = reader.len().checked_rem(item_len).unwrap_or_default();
        reader.take(T::NAME, reader.len().saturating_sub(over))?;
        Err(reader.too_short(T::NAME, item_len))
    }

    /// The items from first to last.
    #[must_use]
    pub const fn iter(&self) -> ItemsIter<'a, T> {
        ItemsIter(*self)
    }

    /// The number of items.
    #[must_use]
    pub const fn count(&self) -> usize {
        match self.0 {
            Source::Octets(octets) => octets.len(),
            Source::Values(values) => values.len(),
        }
    }

    /// Whether the list is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

impl<T: Item> Emit for Items<'_, T> {
    fn wire_len(&self) -> usize {
        self.count().saturating_mul(size_of::<T::Octets>())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.iter().try_for_each(|item| writer.put(item.write()?.as_bytes()))
    }
}

impl<T: Item> Clone for Items<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Item> Copy for Items<'_, T> {}

impl<T: Item> Clone for Source<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Item> Copy for Source<'_, T> {}

impl<T: Item> Default for Items<'_, T> {
    fn default() -> Self {
        Self(Source::Values(&[]))
    }
}

impl<'a, T: Item> From<&'a [T]> for Items<'a, T> {
    fn from(items: &'a [T]) -> Self {
        Self(Source::Values(items))
    }
}

impl<'a, T: Item, const N: usize> From<&'a [T; N]> for Items<'a, T> {
    fn from(items: &'a [T; N]) -> Self {
        Self(Source::Values(items))
    }
}

impl<T: Item> PartialEq for Items<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Item + Eq> Eq for Items<'_, T> {}

impl<T: Item + Hash> Hash for Items<'_, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.count().hash(state);
        self.iter().for_each(|item| item.hash(state));
    }
}

impl<T: Item> fmt::Debug for Items<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl<T: Item + serde::Serialize> serde::Serialize for Items<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "defmt")]
impl<T: Item + defmt::Format> defmt::Format for Items<'_, T> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "[");
        for item in self.iter() {
            defmt::write!(formatter, "{} ", item);
        }
        defmt::write!(formatter, "]");
    }
}

impl<'a, T: Item> IntoIterator for Items<'a, T> {
    type Item = T;
    type IntoIter = ItemsIter<'a, T>;

    fn into_iter(self) -> ItemsIter<'a, T> {
        self.iter()
    }
}

impl<'a, T: Item> IntoIterator for &Items<'a, T> {
    type Item = T;
    type IntoIter = ItemsIter<'a, T>;

    fn into_iter(self) -> ItemsIter<'a, T> {
        self.iter()
    }
}

/// An iterator over the items of [`Items`], from first to last.
#[derive(Clone, Debug)]
pub struct ItemsIter<'a, T: Item>(Items<'a, T>);

impl<T: Item> Iterator for ItemsIter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self.0.0 {
            Source::Octets(octets) => {
                let (item, rest) = octets.split_first()?;
                self.0 = Items(Source::Octets(rest));
                Some(T::read(*item))
            }
            Source::Values(values) => {
                let (item, rest) = values.split_first()?;
                self.0 = Items(Source::Values(rest));
                Some(*item)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.count(), Some(self.0.count()))
    }
}

impl<T: Item> ExactSizeIterator for ItemsIter<'_, T> {}
impl<T: Item> FusedIterator for ItemsIter<'_, T> {}

macro_rules! numbers {
    ($($name:literal: $item:ty = $octets:ty;)*) => { $(
        impl Layout for $item {
            type Octets = $octets;
            const NAME: &'static str = $name;

            fn read(octets: $octets) -> Self {
                Self::from(<$octets as Number>::number(octets))
            }

            fn write(self) -> Result<$octets, EmitError> {
                Ok(<$octets as Number>::octets(self.into()))
            }
        }
    )* };
}

/// A number in network byte order.
trait Number {
    type Integer;

    fn number(self) -> Self::Integer;
    fn octets(number: Self::Integer) -> Self;
}

impl Number for u8 {
    type Integer = Self;

    fn number(self) -> Self {
        self
    }

    fn octets(number: Self) -> Self {
        number
    }
}

impl Number for U16 {
    type Integer = u16;

    fn number(self) -> u16 {
        self.get()
    }

    fn octets(number: u16) -> Self {
        Self::new(number)
    }
}

impl Number for U32 {
    type Integer = u32;

    fn number(self) -> u32 {
        self.get()
    }

    fn octets(number: u32) -> Self {
        Self::new(number)
    }
}

numbers! {
    "TSN": crate::Tsn = U32;
    "stream number": u16 = U16;
    "chunk type": crate::ChunkType = u8;
    "parameter type": crate::ParameterType = U16;
    "HMAC identifier": crate::parameter::HmacIdentifier = U16;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tsn;
    use std::format;
    use std::vec::Vec;

    #[test]
    fn items_from_octets_equal_items_of_values() {
        let octets = [0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff];
        let read = Items::<Tsn>::read(Reader::new("SCTP packet", &octets)).unwrap();
        let own = Items::from(&[Tsn(7), Tsn(u32::MAX)]);
        assert_eq!(read, own);
        assert_eq!((read.count(), own.count(), read.wire_len()), (2, 2, 8));
        assert_eq!(format!("{read:?}"), format!("{own:?}"));
        let mut buffer = [0; 8];
        assert_eq!(own.emit(&mut buffer).unwrap(), octets);
        let mut items = read.iter();
        assert_eq!(items.len(), 2);
        assert_eq!(items.by_ref().collect::<Vec<_>>(), [Tsn(7), Tsn(u32::MAX)]);
        assert_eq!((items.next(), items.len()), (None, 0));
        assert!(Items::<u16>::default().is_empty());
    }

    #[test]
    fn items_that_end_inside_one_say_where() {
        let error = Items::<Tsn>::read(Reader::at("SCTP packet", &[0; 6], 20)).unwrap_err();
        assert_eq!(
            error,
            LengthError::Ends { within: "SCTP packet", element: "TSN", offset: 24, needed: 4, available: 2 }
        );
    }
}
