use core::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

/// Borrowed secret octets: a key or a shared secret.
///
/// `Debug` shows only their number. Two secrets are compared in a time that does not depend on where they differ. The
/// owner of the octets must wipe them.
#[derive(Clone, Copy, Default)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    /// An empty secret: the key of an algorithm that has no key.
    pub const EMPTY: Secret<'static> = Secret(&[]);

    /// Makes a secret of these octets.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    /// Returns the octets. The caller must not let them go anywhere else.
    #[must_use]
    pub const fn expose(&self) -> &'a [u8] {
        self.0
    }

    /// Returns the number of octets.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether the secret is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the octets as an array of `N` octets. `algorithm` is the name for the error.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when there are more or fewer octets.
    pub fn array<const N: usize>(&self, algorithm: &'static str) -> Result<&'a [u8; N], KeyError> {
        self.0.try_into().map_err(|_| KeyError::Length { algorithm, needed: N, available: self.0.len() })
    }

    /// Splits off the last `len` octets. RFC 3686, 4106, 4309 and 4543 put a salt of this kind behind the key.
    /// Returns the octets before, and the last ones. With fewer than `len` octets, all of them are in the second
    /// part.
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

/// The octets that come with the key of a counter mode and begin every nonce: the nonce of RFC 3686, or the salt of
/// RFC 4106, 4309 and 4543. They are wiped when they are dropped, and `Debug` does not show them.
pub struct Salt<const N: usize>([u8; N]);

impl<const N: usize> Salt<N> {
    /// Takes the octets of `salt`. `algorithm` is the name for the error.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when there are more or fewer than `N` octets.
    pub fn new(salt: Secret<'_>, algorithm: &'static str) -> Result<Self, KeyError> {
        salt.array(algorithm).copied().map(Self)
    }

    /// Returns the octets, to make a nonce of them.
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

/// The reason why an algorithm cannot use a key. It shows nothing of the key except its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum KeyError {
    /// The key does not have the length that the algorithm takes.
    #[error("the key has {available} octets, but {algorithm} takes a key of {needed}")]
    Length {
        /// The RFC name of the algorithm.
        algorithm: &'static str,
        /// The length in octets that the algorithm takes.
        needed: usize,
        /// The length of the key in octets.
        available: usize,
    },
    /// This crate does not implement the algorithm.
    #[error("{algorithm} is not implemented")]
    NotImplemented {
        /// The RFC name of the algorithm.
        algorithm: &'static str,
    },
    /// The key is one of the four weak DES keys, with which encrypting twice gives the plaintext again. RFC 2405
    /// section 2 rejects it.
    #[error("the key is one of the four weak DES keys; choose another key")]
    WeakDes,
    /// The key is one of the twelve semi-weak DES keys, each of which undoes another. RFC 2405 section 2 rejects it.
    #[error("the key is one of the twelve semi-weak DES keys; choose another key")]
    SemiWeakDes,
    /// Two neighbouring parts of a 3DES key are equal, which makes it single DES. RFC 2451 section 2.3 rejects it.
    #[error(
        "the first two or the last two parts of the 3DES key are equal, which makes it single DES; choose another key"
    )]
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
