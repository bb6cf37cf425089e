//! KEYMAT: the keys of ESP and AH, RFC 2409 section 5.5.

use core::fmt;

use crypto::Secret;
use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::transform::{AhAttributes, EspAttributes};
use crate::{Nonces, Skeyid, UnsupportedAlgorithm};

/// The values of quick mode that keys come from, besides `SKEYID_d`.
#[derive(Clone, Copy, Debug)]
pub struct QuickMode<'a> {
    /// Both nonces of quick mode.
    pub nonces: Nonces<'a>,
    /// g(qm)^xy, with the length of the group. `None` when quick mode has no key exchange (no perfect forward
    /// secrecy).
    pub shared_secret: Option<Secret<'a>>,
}

impl QuickMode<'_> {
    /// Fills `keymat` with prf(`SKEYID_d`, [g(qm)^xy |] protocol | SPI | `Ni_b` | `Nr_b`), repeated as RFC 2409
    /// section 5.5 describes.
    ///
    /// The SPI is the one that the *destination* of the SA has chosen: for packets from the initiator, it is the
    /// responder's. Every protocol of a proposal has its own keys in each direction.
    pub fn fill(&self, skeyid_d: &Skeyid, protocol_id: ProtocolId, spi: &[u8], keymat: &mut [u8]) {
        // default: without a key exchange of its own, nothing stands before the protocol (RFC 2409 section 5.5)
        let shared_secret = self.shared_secret.unwrap_or_default();
        let seed =
            [shared_secret.expose(), &[protocol_id.0], spi, self.nonces.initiator, self.nonces.responder];
        skeyid_d.prf().expand_seed(&seed, keymat);
    }

    /// Computes the keys of one SA.
    #[must_use]
    pub fn keymat(
        &self,
        skeyid_d: &Skeyid,
        protocol_id: ProtocolId,
        spi: &[u8],
        lengths: KeyLengths,
    ) -> Keymat {
        let mut keymat = Keymat { octets: Zeroizing::new([0; KeyLengths::MAX]), lengths };
        // The keys are computed where they stay, so that no copy of them is left behind.
        match keymat.octets.get_mut(..lengths.total()) {
            Some(octets) => self.fill(skeyid_d, protocol_id, spi, octets),
            // This is never taken, because the lengths are bounded. A longer KEYMAT begins with the shorter one.
            None => self.fill(skeyid_d, protocol_id, spi, &mut *keymat.octets),
        }
        keymat
    }
}

/// The lengths of the keys that a transform takes, together at most [`MAX`](Self::MAX) octets. In KEYMAT the
/// encryption key comes first (RFC 2401 section 4.6.2 and RFC 4301 section 4.5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct KeyLengths {
    // The fields are private, because keys that are too long for their room would be cut or left zero.
    encryption: usize,
    authentication: usize,
}

/// The keys are longer together than the keys of any algorithm that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[error("the keys have {total} octets together, but the keys of an SA have at most {}", KeyLengths::MAX)]
pub struct KeysTooLong {
    /// The length of both keys together in octets.
    pub total: usize,
}

impl KeyLengths {
    /// The length in octets of the longest keys of one SA: AES-256 with a salt, and HMAC-SHA-512.
    pub const MAX: usize = 100;

    /// Makes the lengths from those of the encryption key, including its salt, and of the authentication key, both in
    /// octets.
    ///
    /// # Errors
    /// Returns [`KeysTooLong`] when they are more than [`MAX`](Self::MAX) together.
    pub const fn new(encryption: usize, authentication: usize) -> Result<Self, KeysTooLong> {
        let total = encryption.saturating_add(authentication);
        if total > Self::MAX { Err(KeysTooLong { total }) } else { Ok(Self { encryption, authentication }) }
    }

    /// Returns the length in octets of the encryption key, including its salt.
    #[must_use]
    pub const fn encryption(self) -> usize {
        self.encryption
    }

    /// Returns the length of the authentication key in octets.
    #[must_use]
    pub const fn authentication(self) -> usize {
        self.authentication
    }

    /// Returns the key lengths of an ESP transform with its Key Length and Authentication Algorithm, as
    /// [`EspAttributes`] reads them. A salt is the end of the encryption key.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when this crate does not know an algorithm, or when the algorithm has no
    /// key of that length.
    pub const fn esp(
        transform_id: EspTransformId,
        key_length: Option<u16>,
        authentication_algorithm: Option<AuthenticationAlgorithm>,
    ) -> Result<Self, UnsupportedAlgorithm> {
        let attributes = EspAttributes::new(transform_id, key_length, authentication_algorithm);
        let encryption = match attributes.encryption() {
            Ok(encryption) => encryption.key_len(),
            Err(error) => return Err(error),
        };
        let authentication = match attributes.authentication() {
            Ok(Some(authentication)) => authentication.key_len(),
            Ok(None) => 0,
            Err(error) => return Err(error),
        };
        Ok(Self { encryption, authentication })
    }

    /// Returns the key lengths of an AH transform.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when this crate does not know the transform.
    pub const fn ah(transform_id: AhTransformId) -> Result<Self, UnsupportedAlgorithm> {
        match AhAttributes::new(transform_id, None).of_transform() {
            Ok(integrity) => Ok(Self { encryption: 0, authentication: integrity.key_len() }),
            Err(error) => Err(error),
        }
    }

    /// Returns the length of both keys together in octets.
    #[must_use]
    pub const fn total(self) -> usize {
        self.encryption.saturating_add(self.authentication)
    }
}

/// The keys of one SA. They are wiped when they are dropped, and `Debug` shows only their lengths.
#[derive(Clone)]
pub struct Keymat {
    // The type wipes them: no code of ours that could be forgotten.
    octets: Zeroizing<[u8; KeyLengths::MAX]>,
    lengths: KeyLengths,
}

impl Keymat {
    /// Returns the encryption key, with its salt when it has one.
    #[must_use]
    pub fn encryption(&self) -> Secret<'_> {
        // default: never taken, because the lengths are bounded; no cipher takes an empty key in place of its own
        Secret::new(self.octets.get(..self.lengths.encryption).unwrap_or_default())
    }

    /// Returns the authentication key.
    #[must_use]
    pub fn authentication(&self) -> Secret<'_> {
        // default: never taken, because the lengths are bounded; no transform takes an empty key in place of its own
        Secret::new(self.octets.get(self.lengths.encryption..self.lengths.total()).unwrap_or_default())
    }
}

impl ZeroizeOnDrop for Keymat {}

impl fmt::Debug for Keymat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Keymat({} and {} octets)", self.lengths.encryption, self.lengths.authentication)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Keymat {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(
            formatter,
            "Keymat({=usize} and {=usize} octets)",
            self.lengths.encryption,
            self.lengths.authentication
        );
    }
}

#[cfg(test)]
mod tests;
