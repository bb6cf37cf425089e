//! Diffie-Hellman over the MODP groups of RFC 2409 section 6 and RFC 3526.
//!
//! **Secret exponents** go through `crypto-bigint`, in a time that depends on the group and on the exponent's length and on
//! nothing else. **Public values** are checked over `num-bigint`, in a time that depends on them: they were on the wire.
//! The primes are not secret either.
//!
//! Every prime here is a safe one ((p - 1) / 2 is prime too), so that a public value other than 0, 1 and p - 1 is of large
//! order, and an exponent may be as short as RFC 3526 section 8 has it.

mod power;
mod prime;

use alloc::vec::Vec;
use core::fmt;

use num_bigint::BigUint;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::{NoEntropy, Random, Secret};

/// A group, RFC 2409 section 6 and RFC 3526.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DhGroup {
    /// Group 1, 768 bits, RFC 2409 section 6.1: broken.
    Modp768,
    /// Group 2, 1024 bits, RFC 2409 section 6.2: within reach of a state.
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
    /// All of them, the shortest first.
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

    /// The group with this number in IKE's registry of groups; nothing for a number that is no group of this kind.
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

    /// Its number in IKE's registry of groups.
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

    /// Octets of a public value and of a shared secret: the prime's, zeros in front (RFC 2409 section 5).
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

    /// Octets of an exponent that [`PrivateKey::generate`] makes: twice the greater of the two strengths that RFC 3526
    /// section 8 estimates, 256 bits at least.
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

    /// The prime, most significant octet first.
    #[must_use]
    pub fn prime(self) -> Vec<u8> {
        prime::of(self).to_bytes_be()
    }

    /// Whether `public_value` may be what a peer sent: the group's length, and 1 < y < p - 1.
    ///
    /// # Errors
    /// When it may not: with 0, 1 or p - 1 the shared secret would be known to everyone.
    pub fn check_public_value(self, public_value: &[u8]) -> Result<(), PublicValueError> {
        if public_value.len() != self.public_len() {
            return Err(PublicValueError::Length {
                needed: self.public_len(),
                available: public_value.len(),
            });
        }
        let value = BigUint::from_bytes_be(public_value);
        let one = BigUint::from(1u8);
        // In a group of a known prime nothing here goes below zero.
        if value <= one || value >= prime::last(self) {
            return Err(PublicValueError::Range);
        }
        Ok(())
    }
}

/// A public value that must not be used, or has no room. It tells nothing of the value but its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PublicValueError {
    /// It has not the group's length.
    #[error("a public value of {needed} octets, not {available}")]
    Length {
        /// Octets of the group's values.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
    /// It is 0, 1, p - 1 or more.
    #[error("a public value out of range: 1 < y < p - 1")]
    Range,
}

/// Whether an exponent is zero. All octets are looked at: where the first one stands that is not zero takes no less time.
fn is_zero(exponent: &[u8]) -> bool {
    exponent.iter().fold(0, |any, octet| any | octet) == 0
}

/// A secret exponent of a group. `Debug` shows the group; the octets are wiped when it is dropped.
#[derive(Clone)]
pub struct PrivateKey {
    group: DhGroup,
    exponent: Vec<u8>,
}

impl PrivateKey {
    /// An exponent from the caller's entropy, of [`DhGroup::exponent_len`] octets.
    ///
    /// # Errors
    /// When the source has none, or gives nothing but zeros.
    pub fn generate(group: DhGroup, random: &mut impl Random) -> Result<Self, NoEntropy> {
        let mut key = Self { group, exponent: alloc::vec![0; group.exponent_len()] };
        random.fill(&mut key.exponent)?;
        if is_zero(&key.exponent) { Err(NoEntropy) } else { Ok(key) }
    }

    /// An exponent that is known already, most significant octet first: from a key log, from a standby's record. Its
    /// length is not secret; nothing when it is longer than the group's values, or zero: every secret would be 1 then.
    #[must_use]
    pub fn from_octets(group: DhGroup, exponent: Secret<'_>) -> Option<Self> {
        let exponent = exponent.expose();
        let is_one = exponent.len() <= group.public_len() && !is_zero(exponent);
        is_one.then(|| Self { group, exponent: exponent.to_vec() })
    }

    /// The group.
    #[must_use]
    pub const fn group(&self) -> DhGroup {
        self.group
    }

    /// The exponent, most significant octet first.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        Secret::new(&self.exponent)
    }

    /// g^x: what goes to the peer, of the group's length.
    #[must_use]
    pub fn public_value(&self) -> Vec<u8> {
        let mut public_value = alloc::vec![0; self.group.public_len()];
        power::of(self.group, &[DhGroup::GENERATOR], &self.exponent, &mut public_value);
        public_value
    }

    /// g^xy, from the peer's g^y: of the group's length, zeros in front.
    ///
    /// # Errors
    /// When the peer's value must not be used.
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

/// g^xy, wiped when it is dropped. `Debug` shows its length.
#[derive(Clone)]
pub struct SharedSecret(Vec<u8>);

impl SharedSecret {
    /// The octets as a secret, of the group's length.
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
