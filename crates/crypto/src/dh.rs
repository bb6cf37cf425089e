//! Diffie-Hellman with the MODP groups of RFC 2409 section 6 and RFC 3526. [`PrivateKey`] is the start.
//!
//! **Secret exponents** go through `crypto-bigint`, in a time that depends only on the group and on the length of the
//! exponent. **Public values** are checked with `num-bigint`, in a time that depends on them, because they were on
//! the wire. The primes are not secret either.
//!
//! Every prime here is a safe prime: (p - 1) / 2 is prime too. Therefore every public value except 0, 1 and p - 1 has
//! a large order, and an exponent may be as short as RFC 3526 section 8 allows.

mod power;
mod prime;

use alloc::vec::Vec;
use core::fmt;

use num_bigint::BigUint;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::{NoEntropy, Random, Secret};

/// A Diffie-Hellman group, RFC 2409 section 6 and RFC 3526.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DhGroup {
    /// Group 1, 768 bits, RFC 2409 section 6.1. It is broken.
    Modp768,
    /// Group 2, 1024 bits, RFC 2409 section 6.2. A state may be able to break it.
    Modp1024,
    /// Group 5, 1536 bits, RFC 3526 section 2.
    Modp1536,
    /// Group 14, 2048 bits, RFC 3526 section 3.
    Modp2048,
    /// Group 15, 3072 bits, RFC 3526 section 4.
    Modp3072,
    /// Group 16, 4096 bits, RFC 3526 section 5.
    Modp4096,
    /// Group 17, 6144 bits, RFC 3526 section 6.
    Modp6144,
    /// Group 18, 8192 bits, RFC 3526 section 7.
    Modp8192,
}

impl DhGroup {
    /// All groups, the shortest first.
    pub const ALL: [Self; 8] = [
        Self::Modp768,
        Self::Modp1024,
        Self::Modp1536,
        Self::Modp2048,
        Self::Modp3072,
        Self::Modp4096,
        Self::Modp6144,
        Self::Modp8192,
    ];

    /// The generator of every group.
    pub const GENERATOR: u8 = 2;

    /// Returns the group with this number in IKE's registry of groups. `None` when the number is not one of these
    /// groups.
    #[must_use]
    pub const fn from_number(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Modp768,
            2 => Self::Modp1024,
            5 => Self::Modp1536,
            14 => Self::Modp2048,
            15 => Self::Modp3072,
            16 => Self::Modp4096,
            17 => Self::Modp6144,
            18 => Self::Modp8192,
            _ => return None,
        })
    }

    /// Returns the number of the group in IKE's registry of groups.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Modp768 => 1,
            Self::Modp1024 => 2,
            Self::Modp1536 => 5,
            Self::Modp2048 => 14,
            Self::Modp3072 => 15,
            Self::Modp4096 => 16,
            Self::Modp6144 => 17,
            Self::Modp8192 => 18,
        }
    }

    /// Returns the length in octets of a public value and of a shared secret. It is the length of the prime: shorter
    /// values have zeros in front (RFC 2409 section 5).
    #[must_use]
    pub const fn public_len(self) -> usize {
        match self {
            Self::Modp768 => 96,
            Self::Modp1024 => 128,
            Self::Modp1536 => 192,
            Self::Modp2048 => 256,
            Self::Modp3072 => 384,
            Self::Modp4096 => 512,
            Self::Modp6144 => 768,
            Self::Modp8192 => 1024,
        }
    }

    /// Returns the length in octets of an exponent that [`PrivateKey::generate`] makes. It is twice the greater of
    /// the two strengths that RFC 3526 section 8 estimates, and at least 256 bits.
    #[must_use]
    pub const fn exponent_len(self) -> usize {
        match self {
            Self::Modp768 | Self::Modp1024 | Self::Modp1536 => 32,
            Self::Modp2048 => 40,
            Self::Modp3072 => 53,
            Self::Modp4096 => 60,
            Self::Modp6144 => 68,
            Self::Modp8192 => 78,
        }
    }

    /// Returns the prime, most significant octet first.
    #[must_use]
    pub fn prime(self) -> Vec<u8> {
        prime::of(self).to_bytes_be()
    }

    /// Checks a public value from a peer: it must have the length of the group, and 1 < y < p - 1.
    ///
    /// # Errors
    /// Returns a [`PublicValueError`] when the value must not be used. With 0, 1 or p - 1, everyone would know the
    /// shared secret.
    pub fn check_public_value(self, public_value: &[u8]) -> Result<(), PublicValueError> {
        if public_value.len() != self.public_len() {
            return Err(PublicValueError::Length {
                needed: self.public_len(),
                available: public_value.len(),
            });
        }
        let value = BigUint::from_bytes_be(public_value);
        let one = BigUint::from(1u8);
        // The prime is one of ours, so nothing here goes below zero.
        if value <= one || value >= prime::last(self) {
            return Err(PublicValueError::Range);
        }
        Ok(())
    }
}

/// The reason why a public value must not be used. It shows nothing of the value except its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PublicValueError {
    /// The value does not have the length of the group.
    #[error("the public value has {available} octets, but this group needs {needed}")]
    Length {
        /// The length in octets of this group's values.
        needed: usize,
        /// The length of the value in octets.
        available: usize,
    },
    /// The value is 0, 1, p - 1 or greater.
    #[error("the public value y is out of range: it must be 1 < y < p - 1")]
    Range,
}

/// Tells whether an exponent is zero. All octets are read, so the time does not depend on the position of the first
/// one that is not zero.
fn is_zero(exponent: &[u8]) -> bool {
    exponent.iter().fold(0, |any, octet| any | octet) == 0
}

/// The secret exponent of one side. `Debug` shows only the group. The octets are wiped when it is dropped.
#[derive(Clone)]
pub struct PrivateKey {
    group: DhGroup,
    exponent: Vec<u8>,
}

impl PrivateKey {
    /// Makes an exponent of [`DhGroup::exponent_len`] octets from the caller's random source.
    ///
    /// # Errors
    /// Returns [`NoEntropy`] when the source fails, or gives only zeros.
    pub fn generate(group: DhGroup, random: &mut impl Random) -> Result<Self, NoEntropy> {
        let mut key = Self { group, exponent: alloc::vec![0; group.exponent_len()] };
        random.fill(&mut key.exponent)?;
        if is_zero(&key.exponent) { Err(NoEntropy) } else { Ok(key) }
    }

    /// Makes the key from an exponent that is known already, most significant octet first, for example from a key log
    /// or a standby's record. Its length is not secret. `None` when it is longer than the group's values, or zero,
    /// because then every shared secret would be 1.
    #[must_use]
    pub fn from_octets(group: DhGroup, exponent: Secret<'_>) -> Option<Self> {
        let exponent = exponent.expose();
        let is_one = exponent.len() <= group.public_len() && !is_zero(exponent);
        is_one.then(|| Self { group, exponent: exponent.to_vec() })
    }

    /// Returns the group.
    #[must_use]
    pub const fn group(&self) -> DhGroup {
        self.group
    }

    /// Returns the exponent, most significant octet first.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        Secret::new(&self.exponent)
    }

    /// Returns g^x, the public value that is sent to the peer. It has the length of the group.
    #[must_use]
    pub fn public_value(&self) -> Vec<u8> {
        let mut public_value = alloc::vec![0; self.group.public_len()];
        power::of(self.group, &[DhGroup::GENERATOR], &self.exponent, &mut public_value);
        public_value
    }

    /// Returns g^xy, computed from the peer's public value g^y. It has the length of the group, with zeros in front.
    ///
    /// # Errors
    /// Returns a [`PublicValueError`] when the peer's value must not be used.
    pub fn shared_secret(&self, peer: &[u8]) -> Result<SharedSecret, PublicValueError> {
        self.group.check_public_value(peer)?;
        let mut octets = alloc::vec![0; self.group.public_len()];
        power::of(self.group, peer, &self.exponent, &mut octets);
        Ok(SharedSecret(octets))
    }
}

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.exponent.zeroize();
    }
}

impl ZeroizeOnDrop for PrivateKey {}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PrivateKey({:?}, ..)", self.group)
    }
}

/// The shared secret g^xy, which is wiped when it is dropped. `Debug` shows only its length.
#[derive(Clone)]
pub struct SharedSecret(Vec<u8>);

impl SharedSecret {
    /// Returns the octets as a secret, with the length of the group.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        Secret::new(&self.0)
    }
}

impl Drop for SharedSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for SharedSecret {}

impl PartialEq for SharedSecret {
    fn eq(&self, other: &Self) -> bool {
        self.secret() == other.secret()
    }
}

impl Eq for SharedSecret {}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SharedSecret({} octets)", self.0.len())
    }
}

#[cfg(test)]
mod tests;
