//! What phase 1 negotiates that its keys depend on: isakmp's registries turned into ciphers and hash functions.

use crypto::HashAlgorithm;
use isakmp::doi::oakley;

/// An algorithm that has a number, and no implementation here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UnsupportedAlgorithm {
    /// Not DES, 3DES or AES.
    #[error("encryption algorithm {0} is not supported")]
    Encryption(oakley::EncryptionAlgorithm),
    /// A cipher of several key lengths, and not one of them; or one of a single length, and another one.
    #[error("{encryption_algorithm} has no key of {key_length:?} bits")]
    KeyLength {
        /// The cipher.
        encryption_algorithm: oakley::EncryptionAlgorithm,
        /// The attribute, in bits.
        key_length: Option<u16>,
    },
    /// Not MD5, SHA-1 or SHA-2.
    #[error("hash algorithm {0} is not supported")]
    Hash(oakley::HashAlgorithm),
    /// A transform of ESP or AH, or an authentication algorithm, whose keys are not known here.
    #[error(
        "transform {transform_id} with authentication algorithm {authentication_algorithm:?} is not supported"
    )]
    Transform {
        /// Transform-Id.
        transform_id: u8,
        /// The attribute.
        authentication_algorithm: Option<isakmp::doi::ipsec::AuthenticationAlgorithm>,
    },
}

/// The hash function of a negotiated number, RFC 2409 appendix A: the prf is its HMAC.
///
/// # Errors
/// When it is not MD5, SHA-1 or SHA-2.
pub const fn hash_algorithm(number: oakley::HashAlgorithm) -> Result<HashAlgorithm, UnsupportedAlgorithm> {
    Ok(match number {
        oakley::HashAlgorithm::MD5 => HashAlgorithm::Md5,
        oakley::HashAlgorithm::SHA => HashAlgorithm::Sha1,
        oakley::HashAlgorithm::SHA2_256 => HashAlgorithm::Sha256,
        oakley::HashAlgorithm::SHA2_384 => HashAlgorithm::Sha384,
        oakley::HashAlgorithm::SHA2_512 => HashAlgorithm::Sha512,
        _ => return Err(UnsupportedAlgorithm::Hash(number)),
    })
}

/// A cipher that protects messages of IKE, RFC 2409 appendix B; all run in cipher block chaining mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Cipher {
    /// DES.
    Des,
    /// 3DES.
    TripleDes,
    /// AES with a key of 128 bits.
    Aes128,
    /// AES with a key of 192 bits.
    Aes192,
    /// AES with a key of 256 bits.
    Aes256,
}

impl Cipher {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Des, Self::TripleDes, Self::Aes128, Self::Aes192, Self::Aes256];

    /// The cipher of a negotiated number and Key Length.
    ///
    /// RFC 2409 appendix A forbids the attribute for ciphers of one length; one that says that length is let pass. RFC 3602
    /// section 5.3 wants it for AES.
    ///
    /// # Errors
    /// When it is not DES, 3DES or AES, or the key length is not one of its own.
    pub const fn negotiated(
        encryption_algorithm: oakley::EncryptionAlgorithm,
        key_length: Option<u16>,
    ) -> Result<Self, UnsupportedAlgorithm> {
        Ok(match (encryption_algorithm, key_length) {
            (oakley::EncryptionAlgorithm::DES_CBC, None | Some(0 | 56 | 64)) => Self::Des,
            (oakley::EncryptionAlgorithm::TRIPLE_DES_CBC, None | Some(0 | 168 | 192)) => Self::TripleDes,
            (oakley::EncryptionAlgorithm::AES_CBC, Some(128)) => Self::Aes128,
            (oakley::EncryptionAlgorithm::AES_CBC, Some(192)) => Self::Aes192,
            (oakley::EncryptionAlgorithm::AES_CBC, Some(256)) => Self::Aes256,
            (
                oakley::EncryptionAlgorithm::DES_CBC
                | oakley::EncryptionAlgorithm::TRIPLE_DES_CBC
                | oakley::EncryptionAlgorithm::AES_CBC,
                _,
            ) => return Err(UnsupportedAlgorithm::KeyLength { encryption_algorithm, key_length }),
            _ => return Err(UnsupportedAlgorithm::Encryption(encryption_algorithm)),
        })
    }

    /// Its number in isakmp's registry, and the Key Length that goes with it, in bits.
    #[must_use]
    pub const fn number(self) -> (oakley::EncryptionAlgorithm, Option<u16>) {
        match self {
            Self::Des => (oakley::EncryptionAlgorithm::DES_CBC, None),
            Self::TripleDes => (oakley::EncryptionAlgorithm::TRIPLE_DES_CBC, None),
            Self::Aes128 => (oakley::EncryptionAlgorithm::AES_CBC, Some(128)),
            Self::Aes192 => (oakley::EncryptionAlgorithm::AES_CBC, Some(192)),
            Self::Aes256 => (oakley::EncryptionAlgorithm::AES_CBC, Some(256)),
        }
    }

    /// Octets of its key.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Des => 8,
            Self::Aes128 => 16,
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// Octets of a block, and of an initialization vector.
    #[must_use]
    pub const fn block_len(self) -> usize {
        match self {
            Self::Des | Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isakmp::doi::oakley::EncryptionAlgorithm;

    #[test]
    fn every_cipher_has_a_number_and_comes_back() {
        for cipher in Cipher::ALL {
            let (number, key_length) = cipher.number();
            assert_eq!(Cipher::negotiated(number, key_length), Ok(cipher));
        }
    }

    #[test]
    fn aes_needs_a_key_length_and_des_has_one_only() {
        let aes = EncryptionAlgorithm::AES_CBC;
        for key_length in [None, Some(0), Some(64), Some(255), Some(512)] {
            assert_eq!(
                Cipher::negotiated(aes, key_length),
                Err(UnsupportedAlgorithm::KeyLength { encryption_algorithm: aes, key_length })
            );
        }
        assert_eq!(Cipher::negotiated(EncryptionAlgorithm::DES_CBC, Some(64)), Ok(Cipher::Des));
        assert!(Cipher::negotiated(EncryptionAlgorithm::DES_CBC, Some(128)).is_err());
        assert!(Cipher::negotiated(EncryptionAlgorithm::TRIPLE_DES_CBC, Some(128)).is_err());
        assert_eq!(
            Cipher::negotiated(EncryptionAlgorithm::BLOWFISH_CBC, Some(128)),
            Err(UnsupportedAlgorithm::Encryption(EncryptionAlgorithm::BLOWFISH_CBC))
        );
        assert_eq!(
            hash_algorithm(oakley::HashAlgorithm::TIGER),
            Err(UnsupportedAlgorithm::Hash(oakley::HashAlgorithm::TIGER))
        );
    }
}
