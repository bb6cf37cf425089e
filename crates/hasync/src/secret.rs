//! Octets that are never printed.

use core::fmt;

use subtle::ConstantTimeEq as _;

/// Secret octets, borrowed: a key.
///
/// `Debug` tells their number and nothing else; equality takes the same time wherever they differ. Whoever owns
/// the buffer wipes it.
#[derive(Clone, Copy, Default)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    /// No octets: the key of an algorithm that has none.
    pub const EMPTY: Secret<'static> = Secret(&[]);

    /// These octets, from now on secret.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    /// The octets themselves: what reads them sees to it that they go nowhere else.
    #[must_use]
    pub const fn expose(&self) -> &'a [u8] {
        self.0
    }

    /// How many octets.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Secret<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0).into()
    }
}

impl Eq for Secret<'_> {}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Secret({} octets)", self.0.len())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Secret<'_> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "Secret({=usize} octets)", self.0.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn debug_shows_how_many_octets_and_none_of_them() {
        assert_eq!(format!("{:?}", Secret::new(b"cisco123")), "Secret(8 octets)");
        assert_eq!(Secret::new(b"a"), Secret::new(b"a"));
        assert_ne!(Secret::new(b"a"), Secret::new(b"b"));
        assert_ne!(Secret::new(b"a"), Secret::EMPTY);
    }
}
