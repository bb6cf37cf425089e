//! KEYMAT: the keys of ESP and AH, RFC 2409 section 5.5.

use core::fmt;

use crypto::Secret;
use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

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
        // Where the keys are to stay, so that no copy of them is left behind. The lengths are within.
        self.fill(skeyid_d, protocol_id, spi, keymat.octets.get_mut(..lengths.total()).unwrap_or_default());
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

    /// Of an ESP transform with its Key Length and Authentication Algorithm; a salt is the end of the encryption key.
    ///
    /// Where AES has no Key Length, 128 bits are taken: RFC 3602 section 5.3 wants the attribute, and peers leave it out.
    ///
    /// # Errors
    /// When an algorithm is not known here, or has no key of that length.
    pub const fn esp(
        transform_id: EspTransformId,
        key_length: Option<u16>,
        authentication_algorithm: Option<AuthenticationAlgorithm>,
    ) -> Result<Self, UnsupportedAlgorithm> {
        let unsupported =
            UnsupportedAlgorithm::Transform { transform_id: transform_id.0, authentication_algorithm };
        let aes = match key_length {
            None | Some(0 | 128) => 16usize,
            Some(192) => 24,
            Some(256) => 32,
            Some(_) => 0,
        };
        let encryption = match transform_id {
            EspTransformId::NULL => 0,
            EspTransformId::DES | EspTransformId::DES_IV64 => 8,
            EspTransformId::TRIPLE_DES => 24,
            _ if aes == 0 => return Err(unsupported),
            EspTransformId::AES_CBC => aes,
            EspTransformId::AES_CTR
            | EspTransformId::AES_GCM_8
            | EspTransformId::AES_GCM_12
            | EspTransformId::AES_GCM_16
            | EspTransformId::NULL_AUTH_AES_GMAC => aes.saturating_add(4),
            EspTransformId::AES_CCM_8 | EspTransformId::AES_CCM_12 | EspTransformId::AES_CCM_16 => {
                aes.saturating_add(3)
            }
            _ => return Err(unsupported),
        };
        let authentication = match authentication_algorithm {
            None => 0,
            Some(algorithm) => match authentication_key_len(algorithm) {
                Some(len) => len,
                None => return Err(unsupported),
            },
        };
        Ok(Self { encryption, authentication })
    }

    /// Of an AH transform.
    ///
    /// # Errors
    /// When it is not known here.
    pub const fn ah(transform_id: AhTransformId) -> Result<Self, UnsupportedAlgorithm> {
        let authentication = match transform_id {
            AhTransformId::MD5 | AhTransformId::AES_XCBC_MAC => 16,
            AhTransformId::SHA => 20,
            AhTransformId::SHA2_256 => 32,
            AhTransformId::SHA2_384 => 48,
            AhTransformId::SHA2_512 => 64,
            AhTransformId::AES_128_GMAC => 20,
            AhTransformId::AES_192_GMAC => 28,
            AhTransformId::AES_256_GMAC => 36,
            _ => {
                return Err(UnsupportedAlgorithm::Transform {
                    transform_id: transform_id.0,
                    authentication_algorithm: None,
                });
            }
        };
        Ok(Self { encryption: 0, authentication })
    }

    /// Octets of both.
    #[must_use]
    pub const fn total(self) -> usize {
        self.encryption.saturating_add(self.authentication)
    }
}

/// RFC 2403, 2404, 4868 and 3566: an HMAC's key is as long as its hash.
const fn authentication_key_len(algorithm: AuthenticationAlgorithm) -> Option<usize> {
    Some(match algorithm {
        AuthenticationAlgorithm::HMAC_MD5 | AuthenticationAlgorithm::AES_XCBC_MAC => 16,
        AuthenticationAlgorithm::HMAC_SHA => 20,
        AuthenticationAlgorithm::HMAC_SHA2_256 => 32,
        AuthenticationAlgorithm::HMAC_SHA2_384 => 48,
        AuthenticationAlgorithm::HMAC_SHA2_512 => 64,
        _ => return None,
    })
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
        Secret::new(self.octets.get(..self.lengths.encryption).unwrap_or_default())
    }

    /// The authentication key.
    #[must_use]
    pub fn authentication(&self) -> Secret<'_> {
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
