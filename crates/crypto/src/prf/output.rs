use core::fmt;

use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::HashAlgorithm;
use crate::{KeyError, Secret, mac};

/// The widest output of a hash function.
const MAX_LEN: usize = 64;

/// What a hash function or a pseudo-random function gave: a key, often, so that it is wiped when it is dropped, prints its
/// length only, and compares in a time that does not tell where it differs.
#[derive(Clone)]
pub struct Output {
    octets: [u8; MAX_LEN],
    len: usize,
}

impl Output {
    /// Octets of the longest one.
    pub const MAX_LEN: usize = MAX_LEN;

    /// Octets that this hash function, or the prf made of it, gave elsewhere: all of them, neither cut nor padded.
    ///
    /// # Errors
    /// When there are more or fewer than it gives: a key with octets missing is another key, and one of none is known to everyone.
    pub fn from_octets(hash_algorithm: HashAlgorithm, octets: Secret<'_>) -> Result<Self, KeyError> {
        let (needed, available) = (hash_algorithm.output_len(), octets.len());
        if needed != available {
            return Err(KeyError::Length { algorithm: hash_algorithm.name(), needed, available });
        }
        let mut output = Self { octets: [0; MAX_LEN], len: needed };
        mac::put(&mut output.octets, 0, octets.expose());
        Ok(output)
    }

    pub(super) fn new(octets: [u8; MAX_LEN], len: usize) -> Self {
        Self { octets, len: len.min(MAX_LEN) }
    }

    /// How many octets.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no output is empty")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The octets as a secret.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        Secret::new(self.expose())
    }

    /// The octets themselves: what reads them sees to it that they go nowhere else, where they are a key.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        // default: whoever makes an output sees to it that its length is that of the array at the most.
        self.octets.get(..self.len).unwrap_or_default()
    }
}

impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        mac::equal(self.expose(), other.expose()).is_ok()
    }
}

impl Eq for Output {}

impl Drop for Output {
    fn drop(&mut self) {
        self.octets.zeroize();
    }
}

impl ZeroizeOnDrop for Output {}

impl fmt::Debug for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Output({} octets)", self.len)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Output {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "Output({=usize} octets)", self.len);
    }
}
