//! KEYMAT: the keys of ESP and AH, RFC 2409 section 5.5.

use core::fmt;

use crypto::Secret;
use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::transform::{AhAttributes, EspAttributes};
use crate::{Nonces, Skeyid, UnsupportedAlgorithm};

/// What quick mode adds to `SKEYID_d`.
#[derive(Clone, Copy, Debug)]
pub struct QuickMode<'a> {
    /// Both nonces of quick mode.
    pub nonces: Nonces<'a>,
    /// g(qm)^xy, of the group's length, where there was a key exchange (perfect forward secrecy).
    pub shared_secret: Option<Secret<'a>>,
}

impl QuickMode<'_> {
    /// Fills `keymat` with prf(`SKEYID_d`, [g(qm)^xy |] protocol | SPI | `Ni_b` | `Nr_b`), as often as it takes.
    ///
    /// The SPI is the one that the *destination* of the SA has chosen: the responder's for what the initiator sends. Every
    /// protocol of a proposal, and either direction, has its own.
    pub fn fill(&self, skeyid_d: &Skeyid, protocol_id: ProtocolId, spi: &[u8], keymat: &mut [u8]) {
        // default: without a key exchange of its own nothing stands before the protocol (RFC 2409 section 5.5)
        let shared_secret = self.shared_secret.unwrap_or_default();
        let seed =
            [shared_secret.expose(), &[protocol_id.0], spi, self.nonces.initiator, self.nonces.responder];
        skeyid_d.prf().expand_seed(&seed, keymat);
    }

    /// The keys of one SA.
    #[must_use]
    pub fn keymat(
        &self,
        skeyid_d: &Skeyid,
        protocol_id: ProtocolId,
        spi: &[u8],
        lengths: KeyLengths,
    ) -> Keymat {
        let mut keymat = Keymat { octets: [0; KeyLengths::MAX], lengths };
        // Where the keys are to stay, so that no copy of them is left behind.
        match keymat.octets.get_mut(..lengths.total()) {
            Some(octets) => self.fill(skeyid_d, protocol_id, spi, octets),
            // Never taken, because the lengths are bounded. A longer KEYMAT begins with the shorter one.
            None => self.fill(skeyid_d, protocol_id, spi, &mut keymat.octets),
        }
        keymat
    }
}

/// Octets of the keys that a transform takes, [`MAX`](Self::MAX) together at the most. Of KEYMAT the encryption key comes first
/// (RFC 2401 section 4.6.2 and RFC 4301 section 4.5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct KeyLengths {
    // Not public: what is longer than there is room for would be cut, or left zero.
    encryption: usize,
    authentication: usize,
}

/// Keys that are longer than those of any algorithm here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[error("keys of {total} octets together: no SA has more than {}", KeyLengths::MAX)]
pub struct KeysTooLong {
    /// Octets of both keys.
    pub total: usize,
}

impl KeyLengths {
    /// Octets of the longest keys of one SA that the algorithms here take: AES-256 with a salt, and HMAC-SHA-512.
    pub const MAX: usize = 100;

    /// So many octets of the encryption key, its salt among them, and of the authentication key.
    ///
    /// # Errors
    /// When together they are more than [`MAX`](Self::MAX).
    pub const fn new(encryption: usize, authentication: usize) -> Result<Self, KeysTooLong> {
        let total = encryption.saturating_add(authentication);
        if total > Self::MAX { Err(KeysTooLong { total }) } else { Ok(Self { encryption, authentication }) }
    }

    /// Octets of the encryption key, with its salt.
    #[must_use]
    pub const fn encryption(self) -> usize {
        self.encryption
    }

    /// Octets of the authentication key.
    #[must_use]
    pub const fn authentication(self) -> usize {
        self.authentication
    }

    /// Of an ESP transform with its Key Length and Authentication Algorithm, as [`EspAttributes`] reads them; a salt is the end of the
    /// encryption key.
    ///
    /// # Errors
    /// When an algorithm is not known here, or has no key of that length.
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

    /// Of an AH transform.
    ///
    /// # Errors
    /// When it is not known here.
    pub const fn ah(transform_id: AhTransformId) -> Result<Self, UnsupportedAlgorithm> {
        match AhAttributes::new(transform_id, None).of_transform() {
            Ok(integrity) => Ok(Self { encryption: 0, authentication: integrity.key_len() }),
            Err(error) => Err(error),
        }
    }

    /// Octets of both.
    #[must_use]
    pub const fn total(self) -> usize {
        self.encryption.saturating_add(self.authentication)
    }
}

/// The keys of one SA, wiped when they are dropped. `Debug` shows their lengths.
#[derive(Clone)]
pub struct Keymat {
    octets: [u8; KeyLengths::MAX],
    lengths: KeyLengths,
}

impl Keymat {
    /// The encryption key, with its salt where it has one.
    #[must_use]
    pub fn encryption(&self) -> Secret<'_> {
        // default: never taken, the lengths are bounded; no cipher takes an empty key in place of its own
        Secret::new(self.octets.get(..self.lengths.encryption).unwrap_or_default())
    }

    /// The authentication key.
    #[must_use]
    pub fn authentication(&self) -> Secret<'_> {
        // default: never taken, the lengths are bounded; no transform takes an empty key in place of its own
        Secret::new(self.octets.get(self.lengths.encryption..self.lengths.total()).unwrap_or_default())
    }
}

impl Drop for Keymat {
    fn drop(&mut self) {
        self.octets.zeroize();
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
