use core::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

/// Secret octets, borrowed: a key, a shared secret.
///
/// `Debug` tells their number and nothing else; equality takes the same time wherever they differ. Whoever owns the
/// octets wipes them.
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

    /// The octets as an array, when there are `N`.
    ///
    /// # Errors
    /// [`KeyError::Length`] when there are more or fewer.
    pub fn array<const N: usize>(&self, algorithm: &'static str) -> Result<&'a [u8; N], KeyError> {
        self.0.try_into().map_err(|_| KeyError::Length { algorithm, needed: N, available: self.0.len() })
    }

    /// The octets in two, the second part with the last `len` of them: RFC 3686, 4106, 4309 and 4543 put a salt behind
    /// the key. With fewer than `len`, all are the second part.
    #[must_use]
    pub fn split_last(&self, len: usize) -> (Self, Self) {
        match self.0.split_at_checked(self.0.len().saturating_sub(len)) {
            Some((first, last)) => (Self(first), Self(last)),
            None => (Self(&[]), *self),
        }
    }
}

impl<'a> From<&'a [u8]> for Secret<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self::new(octets)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Secret<'a> {
    fn from(octets: &'a [u8; N]) -> Self {
        Self::new(octets)
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

/// Octets that come with the key of a counter mode and stand at the front of every nonce: the nonce of RFC 3686, the salt of RFC
/// 4106, 4309 and 4543. They are wiped when they are dropped, and do not print.
pub struct Salt<const N: usize>([u8; N]);

impl<const N: usize> Salt<N> {
    /// The octets of `salt`, when there are `N`.
    ///
    /// # Errors
    /// [`KeyError::Length`] when there are more or fewer.
    pub fn new(salt: Secret<'_>, algorithm: &'static str) -> Result<Self, KeyError> {
        salt.array(algorithm).copied().map(Self)
    }

    /// The octets themselves, to make a nonce of.
    #[inline]
    #[must_use]
    pub const fn expose(&self) -> [u8; N] {
        self.0
    }
}

impl<const N: usize> Drop for Salt<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Salt<N> {}

impl<const N: usize> fmt::Debug for Salt<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Salt({N} octets)")
    }
}

/// A key that an algorithm cannot or must not be used with. It tells nothing of the key's octets but their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum KeyError {
    /// The algorithm's keys have another length.
    #[error("{algorithm} takes a key of {needed} octets, not {available}")]
    Length {
        /// The algorithm, by its RFC name.
        algorithm: &'static str,
        /// Octets its keys have.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
    /// The algorithm is named, and nothing here implements it.
    #[error("{algorithm} is not implemented")]
    NotImplemented {
        /// The algorithm, by its RFC name.
        algorithm: &'static str,
    },
    /// One of the four weak DES keys, under which encrypting twice gives the plaintext: RFC 2405 section 2 says that it
    /// should be rejected.
    #[error("a weak DES key")]
    WeakDes,
    /// One of the twelve semi-weak DES keys, each of which undoes another: RFC 2405 section 2 says that it should be
    /// rejected.
    #[error("a semi-weak DES key")]
    SemiWeakDes,
    /// Two neighbouring keys of 3DES are equal, which makes it single DES: RFC 2451 section 2.3 says that it must be
    /// rejected.
    #[error("a 3DES key whose first or last two keys are equal is a DES key")]
    DegenerateTripleDes,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn debug_shows_how_many_octets_and_none_of_them() {
        assert_eq!(format!("{:?}", Secret::new(b"cisco123")), "Secret(8 octets)");
        assert_eq!(format!("{:#x?}", Secret::new(&[0xaa; 3])), "Secret(3 octets)");
    }

    #[test]
    fn equality_is_that_of_octets() {
        assert_eq!(Secret::new(b"abc"), Secret::from(b"abc"));
        assert_ne!(Secret::new(b"abc"), Secret::from(b"abd"));
        assert_ne!(Secret::new(b"abc"), Secret::from(b"ab"));
        assert_eq!(Secret::EMPTY, Secret::default());
    }

    #[test]
    fn a_salt_is_the_end_of_the_key() {
        let (key, salt) = Secret::new(b"0123456789abcdefSALT").split_last(4);
        assert_eq!((key.expose(), salt.expose()), (&b"0123456789abcdef"[..], &b"SALT"[..]));
        let (key, salt) = Secret::new(b"abc").split_last(4);
        assert_eq!((key.len(), salt.len()), (0, 3));
        assert_eq!(
            salt.array::<4>("salt"),
            Err(KeyError::Length { algorithm: "salt", needed: 4, available: 3 })
        );
    }

    #[test]
    fn errors_are_send_sync_static() {
        fn check<T: core::error::Error + Send + Sync + 'static>() {}
        check::<KeyError>();
    }
}
