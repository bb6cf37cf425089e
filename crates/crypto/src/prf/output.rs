use core::fmt;

use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::HashAlgorithm;
use crate::{KeyError, Secret, mac};

/// The length of the longest output in octets.
const MAX_LEN: usize = 64;

/// The output of a hash function or a pseudo-random function. It is often a key, so it is wiped when it is dropped,
/// `Debug` shows only its length, and two outputs are compared in a time that does not depend on where they differ.
#[derive(Clone)]
pub struct Output {
    octets: [u8; MAX_LEN],
    len: usize,
}

impl Output {
    /// The length of the longest output in octets.
    pub const MAX_LEN: usize = MAX_LEN;

    /// Takes the octets of an output of this hash function, or of a prf made of it, that was computed elsewhere.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when there are more or fewer octets than the hash function gives. A key with
    /// missing octets is another key, and everyone knows an empty one.
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

    /// Returns the length in octets.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no output is empty")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns the octets as a secret.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        Secret::new(self.expose())
    }

    /// Returns the octets. Where they are a key, the caller must not let them go anywhere else.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        // default: the length of an output is never greater than the array.
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
