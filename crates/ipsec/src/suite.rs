//! A suite is an encryption algorithm with an authentication algorithm. This module knows all the names of suites and
//! makes their transforms. IKE's numbers for the algorithms are in `ikev1`.
//!
//! A suite always authenticates. Encryption alone is not a suite: RFC 4303 section 1 discourages it, because an
//! attacker on the path can then read what the encryption should hide.

mod any_mac;
mod any_transform;
mod ios;
mod truncation;
mod wireshark;

pub use any_mac::{AnyMac, AnyMacRunning};
pub use any_transform::AnyTransform;
pub use crypto::algorithm::{AesKey, Authentication, Encryption, IcvLen};
pub use ios::IosSpelling;
pub use wireshark::{wireshark_authentication, wireshark_encryption};

pub(crate) use ios::{Words, encryption_word, write_encryption};

use core::fmt;
use core::str::FromStr;

use crypto::cipher::{Aes128, Aes192, Aes256, Cbc, Des, TripleDes};
use crypto::mac::{HmacMd5_96, HmacSha1_96, HmacSha256_128};
use crypto::{EncryptThenMac, KeyError, Secret};

use crate::transform::AesGcm;

/// The transform of `esp-des esp-md5-hmac`, for an SA whose suite is known at compile time.
pub type DesCbcHmacMd5 = EncryptThenMac<Cbc<Des>, HmacMd5_96>;
/// The transform of `esp-3des esp-md5-hmac`.
pub type TripleDesCbcHmacMd5 = EncryptThenMac<Cbc<TripleDes>, HmacMd5_96>;
/// The transform of `esp-3des esp-sha-hmac`.
pub type TripleDesCbcHmacSha1 = EncryptThenMac<Cbc<TripleDes>, HmacSha1_96>;
/// The transform of `esp-aes esp-md5-hmac`.
pub type Aes128CbcHmacMd5 = EncryptThenMac<Cbc<Aes128>, HmacMd5_96>;
/// The transform of `esp-aes esp-sha-hmac`.
pub type Aes128CbcHmacSha1 = EncryptThenMac<Cbc<Aes128>, HmacSha1_96>;
/// The transform of `esp-aes esp-sha256-hmac`.
pub type Aes128CbcHmacSha256 = EncryptThenMac<Cbc<Aes128>, HmacSha256_128>;
/// The transform of `esp-aes 192 esp-sha-hmac`.
pub type Aes192CbcHmacSha1 = EncryptThenMac<Cbc<Aes192>, HmacSha1_96>;
/// The transform of `esp-aes 256 esp-sha256-hmac`.
pub type Aes256CbcHmacSha256 = EncryptThenMac<Cbc<Aes256>, HmacSha256_128>;
/// The transform of `esp-gcm`.
pub type Aes128Gcm = AesGcm<Aes128>;
/// The transform of `esp-gcm 256`.
pub type Aes256Gcm = AesGcm<Aes256>;

/// The algorithms that encrypt and authenticate the packets of an SA.
///
/// `Display` writes the names of both algorithms, for example `3DES-CBC HMAC-MD5-96`. A combined mode is one name,
/// for example `AES-GCM-16-128` (16 octets of ICV, 128 bits of key). `FromStr` reads the same names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Suite {
    encryption: Encryption,
    authentication: Option<Authentication>,
}

/// The reason why two algorithms do not make a suite, or why a text does not name one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SuiteError {
    /// The encryption algorithm does not authenticate, and no authentication algorithm was given.
    #[error("{encryption} does not authenticate by itself: name an authentication algorithm beside it")]
    Unauthenticated {
        /// The encryption algorithm that was given.
        encryption: Encryption,
    },
    /// The encryption algorithm is a combined mode, which already authenticates, and a second algorithm was given.
    #[error("{encryption} authenticates by itself and cannot be combined with {authentication}")]
    DoublyAuthenticated {
        /// The combined mode.
        encryption: Encryption,
        /// The authentication algorithm that was given with it.
        authentication: Authentication,
    },
    /// A word of the text is not the name of an algorithm, or names a second algorithm of the same kind.
    #[error("word {} of the name is not an algorithm, or is an algorithm that cannot stand there", word.saturating_add(1))]
    UnknownWord {
        /// The position of the word, counted from 0.
        word: usize,
    },
    /// The text has no words.
    #[error(
        "the text is empty, but a suite needs an encryption algorithm, an authentication algorithm, or both"
    )]
    Empty,
    /// A word names an algorithm of AH. AH beside ESP is a bundle of two SAs, not a suite.
    /// [`BundleSuite::from_ios`](crate::bundle::BundleSuite::from_ios) reads such texts.
    #[error("word {} of the name is an algorithm of AH, but AH beside ESP is a bundle of two SAs, not a suite of ESP", word.saturating_add(1))]
    Bundle {
        /// The position of the word, counted from 0.
        word: usize,
    },
    /// The algorithm does not take a key of this length.
    #[error("{encryption} and the algorithms of its kind do not take a key of {octets} octets")]
    KeyLen {
        /// The algorithm, with one of the key lengths it takes.
        encryption: Encryption,
        /// The length of the key in octets.
        octets: usize,
    },
}

impl Suite {
    /// The suite `esp-des esp-md5-hmac`.
    pub const DES_MD5: Self = Self::separate(Encryption::DesCbc, Authentication::HmacMd5);
    /// The suite `esp-3des esp-md5-hmac`.
    pub const TRIPLE_DES_MD5: Self = Self::separate(Encryption::TripleDesCbc, Authentication::HmacMd5);
    /// The suite `esp-3des esp-sha-hmac`.
    pub const TRIPLE_DES_SHA1: Self = Self::separate(Encryption::TripleDesCbc, Authentication::HmacSha1);
    /// The suite `esp-aes esp-sha-hmac`.
    pub const AES_128_SHA1: Self =
        Self::separate(Encryption::AesCbc(AesKey::Bits128), Authentication::HmacSha1);
    /// The suite `esp-aes 256 esp-sha256-hmac`.
    pub const AES_256_SHA256: Self =
        Self::separate(Encryption::AesCbc(AesKey::Bits256), Authentication::HmacSha256);
    /// The suite `esp-gcm`.
    pub const AES_128_GCM: Self =
        Self { encryption: Encryption::AesGcm(AesKey::Bits128, IcvLen::Octets16), authentication: None };

    pub(crate) const fn separate(encryption: Encryption, authentication: Authentication) -> Self {
        Self { encryption, authentication: Some(authentication) }
    }

    /// Makes the suite of these two algorithms.
    ///
    /// # Errors
    /// Returns [`SuiteError::Unauthenticated`] when neither algorithm authenticates, and
    /// [`SuiteError::DoublyAuthenticated`] when both do.
    pub const fn new(
        encryption: Encryption,
        authentication: Option<Authentication>,
    ) -> Result<Self, SuiteError> {
        match (encryption.icv_len(), authentication) {
            (None, None) => Err(SuiteError::Unauthenticated { encryption }),
            (Some(_), Some(authentication)) => {
                Err(SuiteError::DoublyAuthenticated { encryption, authentication })
            }
            _ => Ok(Self { encryption, authentication }),
        }
    }

    /// Lists all suites that this crate implements.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let authentications = || Authentication::ALL.map(Some).into_iter().chain([None]);
        Encryption::all()
            .flat_map(move |encryption| authentications().map(move |other| (encryption, other)))
            .filter_map(|(encryption, authentication)| Self::new(encryption, authentication).ok())
    }

    /// Returns the encryption algorithm.
    #[must_use]
    pub const fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// Returns the authentication algorithm. `None` when the encryption algorithm is a combined mode, which
    /// authenticates by itself.
    #[must_use]
    pub const fn authentication(&self) -> Option<Authentication> {
        self.authentication
    }

    /// Returns the length of the ICV in octets.
    #[must_use]
    pub const fn icv_len(&self) -> usize {
        match (self.encryption.icv_len(), self.authentication) {
            (Some(len), _) => len,
            (None, Some(authentication)) => authentication.icv_len(),
            (None, None) => 0,
        }
    }

    /// Returns the length in octets of the key material of both algorithms together. The key for encryption comes
    /// first, then the key for authentication (RFC 2409 section 5.5, RFC 4301 section 4.5.2).
    /// [`transform`](Self::transform) takes them as two keys: the first [`Encryption::key_len`] octets, which include
    /// the salt of a counter mode, and the rest.
    #[must_use]
    pub const fn key_len(&self) -> usize {
        let authentication_len = match self.authentication {
            Some(authentication) => authentication.key_len(),
            None => 0,
        };
        self.encryption.key_len().saturating_add(authentication_len)
    }

    /// Makes the transform of this suite with these keys. In a counter mode, the salt follows the encryption key in
    /// `encryption_key`. In a combined mode, `authentication_key` is empty.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when a key does not have the length that its algorithm takes, or when it is a weak key
    /// of DES or 3DES.
    pub fn transform(
        &self,
        encryption_key: Secret<'_>,
        authentication_key: Secret<'_>,
    ) -> Result<AnyTransform, KeyError> {
        AnyTransform::new(*self, encryption_key, authentication_key)
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.authentication {
            Some(authentication) => write!(formatter, "{} {authentication}", self.encryption),
            None => formatter.pad(self.encryption.name()),
        }
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Suite {
    type Err = SuiteError;

    fn from_str(name: &str) -> Result<Self, SuiteError> {
        let mut words = name.split_whitespace();
        let first = words.next().ok_or(SuiteError::UnknownWord { word: 0 })?;
        let encryption = Encryption::all()
            .find(|encryption| encryption.name().eq_ignore_ascii_case(first))
            .ok_or(SuiteError::UnknownWord { word: 0 })?;
        let authentication = match words.next() {
            None => None,
            Some(second) => Some(
                Authentication::ALL
                    .into_iter()
                    .find(|authentication| authentication.name().eq_ignore_ascii_case(second))
                    .ok_or(SuiteError::UnknownWord { word: 1 })?,
            ),
        };
        if words.next().is_some() {
            return Err(SuiteError::UnknownWord { word: 2 });
        }
        Self::new(encryption, authentication)
    }
}

#[cfg(test)]
mod tests;
