//! Runs of records: SAs of a bundle, updates, cache entries.

use core::fmt;

use wire::EmitError;

use crate::item::{Item, Sink};
use crate::{Attributes, ParseError};

/// Records of one kind: read from a message, or the caller's own (`From<&[T]>`).
///
/// Two lists are equal when their records are.
pub struct List<'a, T>(Source<'a, T>);

enum Source<'a, T> {
    // All attributes of the item's code decode: checked when the list is made.
    Attributes(Attributes<'a>),
    Items(&'a [T]),
}

impl<'a, T> List<'a, T> {
    /// The records, front to back.
    #[must_use]
    pub fn iter(&self) -> Items<'a, T> {
        Items(match &self.0 {
            Source::Attributes(attributes) => Walk::Attributes(attributes.iter()),
            Source::Items(items) => Walk::Items(items.iter()),
        })
    }
}

impl<'a, T: Item<'a>> List<'a, T> {
    /// Those of a record's attributes that have the item's code.
    pub(crate) fn of(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        for attribute in attributes.iter().filter(|attribute| attribute.code == T::CODE) {
            T::parse_item(&attribute)?;
        }
        Ok(Self(Source::Attributes(attributes.clone())))
    }

    /// How many records there are. A list that was read counts them each time.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    pub(crate) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        self.iter().try_for_each(|item| item.put(sink))
    }
}

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Source::Attributes(attributes) => Source::Attributes(attributes.clone()),
            Source::Items(items) => Source::Items(items),
        })
    }
}

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

impl<'a, T: Item<'a> + PartialEq> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: Item<'a> + Eq> Eq for List<'a, T> {}

impl<'a, T: Item<'a> + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl<'a, T: Item<'a> + serde::Serialize> serde::Serialize for List<'a, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "defmt")]
impl<'a, T: Item<'a> + defmt::Format> defmt::Format for List<'a, T> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        for item in self.iter() {
            defmt::write!(formatter, "{} ", item);
        }
    }
}

impl<'a, T: Item<'a>> IntoIterator for &List<'a, T> {
    type Item = T;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Items<'a, T> {
        self.iter()
    }
}

/// The records of a [`List`], front to back.
pub struct Items<'a, T>(Walk<'a, T>);

enum Walk<'a, T> {
    Attributes(crate::attribute::AttributeIter<'a>),
    Items(core::slice::Iter<'a, T>),
}

impl<T> Clone for Items<'_, T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Walk::Attributes(attributes) => Walk::Attributes(attributes.clone()),
            Walk::Items(items) => Walk::Items(items.clone()),
        })
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Items").finish_non_exhaustive()
    }
}

impl<'a, T: Item<'a>> Iterator for Items<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match &mut self.0 {
            Walk::Attributes(attributes) => attributes
                .find(|attribute| attribute.code == T::CODE)
                .and_then(|attribute| T::parse_item(&attribute).ok()),
            Walk::Items(items) => items.next().copied(),
        }
    }
}

impl<'a, T: Item<'a>> core::iter::FusedIterator for Items<'a, T> {}
