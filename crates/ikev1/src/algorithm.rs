//! The ciphers and hash functions of phase 1, made from the numbers in isakmp's registries.

use core::fmt;

use crypto::HashAlgorithm;
use isakmp::doi::oakley;

/// The reason why a negotiated algorithm cannot be used: this crate does not implement it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UnsupportedAlgorithm {
    /// The encryption algorithm is not DES, 3DES or AES.
    #[error("encryption algorithm {0} is not supported; DES, 3DES and AES are")]
    Encryption(oakley::EncryptionAlgorithm),
    /// The cipher does not have keys of this length.
    #[error("{encryption_algorithm} does not have keys of this length: the Key Length attribute is {}", OrAbsent(*key_length))]
    KeyLength {
        /// The cipher.
        encryption_algorithm: oakley::EncryptionAlgorithm,
        /// The Key Length attribute, in bits. `None` when the attribute is absent.
        key_length: Option<u16>,
    },
    /// The hash algorithm is not MD5, SHA-1 or SHA-2.
    #[error("hash algorithm {0} is not supported; MD5, SHA-1 and SHA-2 are")]
    Hash(oakley::HashAlgorithm),
    /// The transform of ESP or AH, or its authentication algorithm, is not known to this crate.
    #[error(
        "transform {transform_id} is not supported with this authentication algorithm: the attribute is {}",
        OrAbsent(*authentication_algorithm)
    )]
    Transform {
        /// The Transform-Id.
        transform_id: u8,
        /// The Authentication-Algorithm attribute. `None` when the attribute is absent.
        authentication_algorithm: Option<isakmp::doi::ipsec::AuthenticationAlgorithm>,
    },
}

/// Writes the value of an attribute for an error message, or says that the attribute is absent.
pub(crate) struct OrAbsent<T>(pub(crate) Option<T>);

impl<T: fmt::Display> fmt::Display for OrAbsent<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(formatter),
            None => formatter.write_str("absent"),
        }
    }
}

/// Returns the hash function of a negotiated number, RFC 2409 appendix A. Its HMAC is the prf.
///
/// # Errors
/// Returns [`UnsupportedAlgorithm::Hash`] when the number is not MD5, SHA-1 or SHA-2.
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

/// A cipher that protects the messages of IKE, RFC 2409 appendix B. All of them run in CBC mode.
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
    /// All ciphers.
    pub const ALL: [Self; 5] = [Self::Des, Self::TripleDes, Self::Aes128, Self::Aes192, Self::Aes256];

    /// Returns the cipher of a negotiated number and Key Length.
    ///
    /// RFC 2409 appendix A forbids the Key Length for ciphers of one key length, but the right length is accepted.
    /// RFC 3602 section 5.3 demands it for AES.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when the number is not DES, 3DES or AES, or when the cipher has no keys of
    /// this length.
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

    /// Returns the cipher's number in isakmp's registry, and the Key Length in bits that goes with it. The length is
    /// `None` for ciphers of one key length.
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

    /// Returns the length of the key in octets.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Des => 8,
            Self::Aes128 => 16,
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// Returns the length in octets of a block, which is also the length of an initialization vector.
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
