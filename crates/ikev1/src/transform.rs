//! The transforms of phase 2, RFC 2407 sections 4.4.3, 4.4.4 and 4.5. This module converts isakmp's numbers into the
//! algorithms of ESP and AH, and back.
//!
//! This is the only place where a number meets an algorithm. The numbers are in [`isakmp::doi`], and the lengths of
//! keys are in [`crypto::algorithm`].

pub use crypto::algorithm::{AesKey, Authentication, Encryption, IcvLen, Integrity};

use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId};

use crate::UnsupportedAlgorithm;

/// The attributes of an ESP transform that name its algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct EspAttributes {
    /// The Transform-Id.
    pub transform_id: EspTransformId,
    /// The Key-Length in bits.
    pub key_length: Option<u16>,
    /// The Authentication-Algorithm.
    pub authentication_algorithm: Option<AuthenticationAlgorithm>,
}

impl EspAttributes {
    /// Makes a transform with these attributes.
    #[must_use]
    pub const fn new(
        transform_id: EspTransformId,
        key_length: Option<u16>,
        authentication_algorithm: Option<AuthenticationAlgorithm>,
    ) -> Self {
        Self { transform_id, key_length, authentication_algorithm }
    }

    /// Returns the attributes that name these algorithms. `None` when an algorithm has no number.
    #[must_use]
    pub const fn of(encryption: Encryption, authentication: Option<Authentication>) -> Option<Self> {
        let transform_id = match encryption {
            Encryption::Null => EspTransformId::NULL,
            Encryption::DesCbc => EspTransformId::DES,
            Encryption::TripleDesCbc => EspTransformId::TRIPLE_DES,
            Encryption::AesCbc(_) => EspTransformId::AES_CBC,
            Encryption::AesCtr(_) => EspTransformId::AES_CTR,
            Encryption::AesGcm(_, IcvLen::Octets8) => EspTransformId::AES_GCM_8,
            Encryption::AesGcm(_, IcvLen::Octets12) => EspTransformId::AES_GCM_12,
            Encryption::AesGcm(_, IcvLen::Octets16) => EspTransformId::AES_GCM_16,
            Encryption::AesCcm(_, IcvLen::Octets8) => EspTransformId::AES_CCM_8,
            Encryption::AesCcm(_, IcvLen::Octets12) => EspTransformId::AES_CCM_12,
            Encryption::AesCcm(_, IcvLen::Octets16) => EspTransformId::AES_CCM_16,
            Encryption::AesGmac(_) => EspTransformId::NULL_AUTH_AES_GMAC,
            _ => return None,
        };
        let authentication_algorithm = match authentication {
            None => None,
            Some(authentication) => match authentication_number(authentication) {
                Some(number) => Some(number),
                None => return None,
            },
        };
        Some(Self { transform_id, key_length: encryption.key_bits(), authentication_algorithm })
    }

    /// Returns the encryption algorithm.
    ///
    /// When AES has no Key-Length, or one of zero, 128 bits are assumed. RFC 3602 section 5.3 demands the attribute,
    /// but some peers leave it out.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when this crate does not know the transform, or when the algorithm has no
    /// key of that length.
    pub const fn encryption(&self) -> Result<Encryption, UnsupportedAlgorithm> {
        let aes = match self.key_length {
            None | Some(0 | 128) => Some(AesKey::Bits128),
            Some(192) => Some(AesKey::Bits192),
            Some(256) => Some(AesKey::Bits256),
            Some(_) => None,
        };
        Ok(match (self.transform_id, aes) {
            (EspTransformId::NULL, _) => Encryption::Null,
            (EspTransformId::DES, _) => Encryption::DesCbc,
            (EspTransformId::TRIPLE_DES, _) => Encryption::TripleDesCbc,
            (EspTransformId::AES_CBC, Some(key)) => Encryption::AesCbc(key),
            (EspTransformId::AES_CTR, Some(key)) => Encryption::AesCtr(key),
            (EspTransformId::AES_GCM_8, Some(key)) => Encryption::AesGcm(key, IcvLen::Octets8),
            (EspTransformId::AES_GCM_12, Some(key)) => Encryption::AesGcm(key, IcvLen::Octets12),
            (EspTransformId::AES_GCM_16, Some(key)) => Encryption::AesGcm(key, IcvLen::Octets16),
            (EspTransformId::AES_CCM_8, Some(key)) => Encryption::AesCcm(key, IcvLen::Octets8),
            (EspTransformId::AES_CCM_12, Some(key)) => Encryption::AesCcm(key, IcvLen::Octets12),
            (EspTransformId::AES_CCM_16, Some(key)) => Encryption::AesCcm(key, IcvLen::Octets16),
            (EspTransformId::NULL_AUTH_AES_GMAC, Some(key)) => Encryption::AesGmac(key),
            _ => return Err(self.unsupported()),
        })
    }

    /// Returns the authentication algorithm. `None` when the attribute is absent: then the encryption authenticates
    /// by itself, or AH around ESP does.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when this crate does not know the algorithm.
    pub const fn authentication(&self) -> Result<Option<Authentication>, UnsupportedAlgorithm> {
        Ok(match self.authentication_algorithm {
            None => None,
            Some(AuthenticationAlgorithm::HMAC_MD5) => Some(Authentication::HmacMd5),
            Some(AuthenticationAlgorithm::HMAC_SHA) => Some(Authentication::HmacSha1),
            Some(AuthenticationAlgorithm::HMAC_SHA2_256) => Some(Authentication::HmacSha256),
            Some(AuthenticationAlgorithm::HMAC_SHA2_384) => Some(Authentication::HmacSha384),
            Some(AuthenticationAlgorithm::HMAC_SHA2_512) => Some(Authentication::HmacSha512),
            Some(AuthenticationAlgorithm::AES_XCBC_MAC) => Some(Authentication::AesXcbc),
            Some(_) => return Err(self.unsupported()),
        })
    }

    const fn unsupported(&self) -> UnsupportedAlgorithm {
        UnsupportedAlgorithm::Transform {
            transform_id: self.transform_id.0,
            authentication_algorithm: self.authentication_algorithm,
        }
    }
}

/// Returns the number of an authentication algorithm, RFC 2407 section 4.5. `None` when it has no number.
const fn authentication_number(authentication: Authentication) -> Option<AuthenticationAlgorithm> {
    Some(match authentication {
        Authentication::HmacMd5 => AuthenticationAlgorithm::HMAC_MD5,
        Authentication::HmacSha1 => AuthenticationAlgorithm::HMAC_SHA,
        Authentication::HmacSha256 => AuthenticationAlgorithm::HMAC_SHA2_256,
        Authentication::HmacSha384 => AuthenticationAlgorithm::HMAC_SHA2_384,
        Authentication::HmacSha512 => AuthenticationAlgorithm::HMAC_SHA2_512,
        Authentication::AesXcbc => AuthenticationAlgorithm::AES_XCBC_MAC,
        _ => return None,
    })
}

/// The attributes of an AH transform that name its algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct AhAttributes {
    /// The Transform-Id.
    pub transform_id: AhTransformId,
    /// The Authentication-Algorithm.
    pub authentication_algorithm: Option<AuthenticationAlgorithm>,
}

impl AhAttributes {
    /// Makes a transform with these attributes.
    #[must_use]
    pub const fn new(
        transform_id: AhTransformId,
        authentication_algorithm: Option<AuthenticationAlgorithm>,
    ) -> Self {
        Self { transform_id, authentication_algorithm }
    }

    /// Returns the attributes that name this algorithm. `None` when the algorithm has no number. GMAC has no
    /// Authentication-Algorithm.
    #[must_use]
    pub const fn of(integrity: Integrity) -> Option<Self> {
        let transform_id = match integrity {
            Integrity::Mac(Authentication::HmacMd5) => AhTransformId::MD5,
            Integrity::Mac(Authentication::HmacSha1) => AhTransformId::SHA,
            Integrity::Mac(Authentication::HmacSha256) => AhTransformId::SHA2_256,
            Integrity::Mac(Authentication::HmacSha384) => AhTransformId::SHA2_384,
            Integrity::Mac(Authentication::HmacSha512) => AhTransformId::SHA2_512,
            Integrity::Mac(Authentication::AesXcbc) => AhTransformId::AES_XCBC_MAC,
            Integrity::AesGmac(AesKey::Bits128) => AhTransformId::AES_128_GMAC,
            Integrity::AesGmac(AesKey::Bits192) => AhTransformId::AES_192_GMAC,
            Integrity::AesGmac(AesKey::Bits256) => AhTransformId::AES_256_GMAC,
            _ => return None,
        };
        let authentication_algorithm = match integrity {
            Integrity::Mac(authentication) => authentication_number(authentication),
            _ => None,
        };
        Some(Self { transform_id, authentication_algorithm })
    }

    /// Returns the integrity algorithm of the Transform-Id, whatever the Authentication-Algorithm says.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when this crate does not know the transform.
    pub const fn of_transform(&self) -> Result<Integrity, UnsupportedAlgorithm> {
        Ok(match self.transform_id {
            AhTransformId::MD5 => Integrity::Mac(Authentication::HmacMd5),
            AhTransformId::SHA => Integrity::Mac(Authentication::HmacSha1),
            AhTransformId::SHA2_256 => Integrity::Mac(Authentication::HmacSha256),
            AhTransformId::SHA2_384 => Integrity::Mac(Authentication::HmacSha384),
            AhTransformId::SHA2_512 => Integrity::Mac(Authentication::HmacSha512),
            AhTransformId::AES_XCBC_MAC => Integrity::Mac(Authentication::AesXcbc),
            AhTransformId::AES_128_GMAC => Integrity::AesGmac(AesKey::Bits128),
            AhTransformId::AES_192_GMAC => Integrity::AesGmac(AesKey::Bits192),
            AhTransformId::AES_256_GMAC => Integrity::AesGmac(AesKey::Bits256),
            _ => return Err(self.unsupported()),
        })
    }

    /// Returns the integrity algorithm. The Authentication-Algorithm must be the one that belongs to the
    /// Transform-Id, where there is one: MD5 alone could also be keyed MD5 (RFC 2407 section 4.4.3.1).
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when this crate does not know the transform, or when the attribute names
    /// another algorithm.
    pub fn integrity(&self) -> Result<Integrity, UnsupportedAlgorithm> {
        let integrity = self.of_transform()?;
        let fits = match (integrity, self.authentication_algorithm) {
            (Integrity::Mac(authentication), Some(attribute)) => {
                authentication_number(authentication) == Some(attribute)
            }
            (_, None) => self.transform_id != AhTransformId::MD5,
            (_, Some(_)) => true,
        };
        if fits { Ok(integrity) } else { Err(self.unsupported()) }
    }

    const fn unsupported(&self) -> UnsupportedAlgorithm {
        UnsupportedAlgorithm::Transform {
            transform_id: self.transform_id.0,
            authentication_algorithm: self.authentication_algorithm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// RFC 2407 sections 4.4.4 and 4.5.
    #[test]
    fn every_algorithm_of_esp_has_a_number_and_comes_back() {
        let authentications = || Authentication::ALL.map(Some).into_iter().chain([None]);
        let mut count = 0;
        for encryption in Encryption::all() {
            for authentication in authentications() {
                // IKEv1 has no numbers for ChaCha20-Poly1305 (RFC 7634 section 4), nor for ICVs of other lengths.
                let Some(attributes) = EspAttributes::of(encryption, authentication) else {
                    let is_of_rfc = authentication.is_none_or(|other| other.of_rfc() == other);
                    assert!(encryption == Encryption::ChaCha20Poly1305 || !is_of_rfc);
                    continue;
                };
                assert_eq!(attributes.encryption(), Ok(encryption));
                assert_eq!(attributes.authentication(), Ok(authentication));
                count += 1;
            }
        }
        assert_eq!(count, 30 * 7);
        // Transform 3 and authentication 1 are ESP_3DES and HMAC-MD5.
        let attributes = EspAttributes::of(Encryption::TripleDesCbc, Some(Authentication::HmacMd5)).unwrap();
        assert_eq!(attributes, EspAttributes::new(EspTransformId(3), None, Some(AuthenticationAlgorithm(1))));
    }

    /// RFC 3602 section 5.3 demands the attribute, but some peers leave it out.
    #[test]
    fn aes_without_a_key_length_has_128_bits() {
        let of = |key_length| EspAttributes::new(EspTransformId::AES_CBC, key_length, None).encryption();
        assert_eq!(of(None), Ok(Encryption::AesCbc(AesKey::Bits128)));
        assert_eq!(of(Some(0)), of(Some(128)));
        assert_eq!(of(Some(192)), Ok(Encryption::AesCbc(AesKey::Bits192)));
        let error = UnsupportedAlgorithm::Transform { transform_id: 12, authentication_algorithm: None };
        assert_eq!(of(Some(127)), Err(error));
    }

    #[test]
    fn what_is_not_implemented_is_refused() {
        let error = |transform_id, authentication_algorithm| UnsupportedAlgorithm::Transform {
            transform_id,
            authentication_algorithm,
        };
        let cast = EspAttributes::new(EspTransformId::CAST, None, None);
        assert_eq!(cast.encryption(), Err(error(6, None)));
        let other = Some(AuthenticationAlgorithm(99));
        assert_eq!(
            EspAttributes::new(EspTransformId::DES, None, other).authentication(),
            Err(error(2, other))
        );
    }

    #[test]
    fn every_algorithm_of_ah_has_a_number_and_comes_back() {
        for integrity in Integrity::all() {
            // IKEv1 has no numbers for ICVs of other lengths than those of the RFCs.
            if matches!(integrity, Integrity::Mac(mac) if mac.of_rfc() != mac) {
                assert_eq!(AhAttributes::of(integrity), None);
                continue;
            }
            assert_eq!(AhAttributes::of(integrity).unwrap().integrity(), Ok(integrity));
        }
        // IANA has the numbers 2, 3, 5 to 7, 9, 11 to 13.
        let numbers: Vec<u8> = Integrity::all()
            .filter_map(AhAttributes::of)
            .map(|attributes| attributes.transform_id.0)
            .collect();
        assert_eq!(numbers, [2, 3, 5, 6, 7, 9, 11, 12, 13]);
    }

    /// RFC 2407 section 4.4.3.1: MD5 without the attribute does not say which form is meant, and keyed MD5 is not
    /// supported here.
    #[test]
    fn md5_has_to_say_that_it_is_an_hmac() {
        let of = |transform_id, attribute| AhAttributes::new(transform_id, attribute).integrity().ok();
        assert_eq!(of(AhTransformId::MD5, None), None);
        assert_eq!(of(AhTransformId::MD5, Some(AuthenticationAlgorithm::KPDK)), None);
        assert_eq!(
            of(AhTransformId::MD5, Some(AuthenticationAlgorithm::HMAC_MD5)),
            Some(Integrity::HMAC_MD5)
        );
        assert_eq!(of(AhTransformId::SHA, None), Some(Integrity::HMAC_SHA1));
        assert_eq!(of(AhTransformId::SHA, Some(AuthenticationAlgorithm::HMAC_MD5)), None);
        assert_eq!(of(AhTransformId::DES, None), None);
    }
}
