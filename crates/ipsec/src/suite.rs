//! Suites: an encryption and an authentication algorithm, by all the names they go by, and the transforms they make. Of IKE's
//! numbers for them `ikev1` knows.
//!
//! A suite always authenticates: encryption alone is no suite (RFC 4303 section 1 discourages it, and an attacker on the
//! path reads what it hides).

mod any_mac;
mod any_transform;
mod ios;
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

/// `esp-des esp-md5-hmac`, the transform itself: for an SA whose suite is known when the program is compiled.
pub type DesCbcHmacMd5 = EncryptThenMac<Cbc<Des>, HmacMd5_96>;
/// `esp-3des esp-md5-hmac`.
pub type TripleDesCbcHmacMd5 = EncryptThenMac<Cbc<TripleDes>, HmacMd5_96>;
/// `esp-3des esp-sha-hmac`.
pub type TripleDesCbcHmacSha1 = EncryptThenMac<Cbc<TripleDes>, HmacSha1_96>;
/// `esp-aes esp-md5-hmac`.
pub type Aes128CbcHmacMd5 = EncryptThenMac<Cbc<Aes128>, HmacMd5_96>;
/// `esp-aes esp-sha-hmac`.
pub type Aes128CbcHmacSha1 = EncryptThenMac<Cbc<Aes128>, HmacSha1_96>;
/// `esp-aes esp-sha256-hmac`.
pub type Aes128CbcHmacSha256 = EncryptThenMac<Cbc<Aes128>, HmacSha256_128>;
/// `esp-aes 192 esp-sha-hmac`.
pub type Aes192CbcHmacSha1 = EncryptThenMac<Cbc<Aes192>, HmacSha1_96>;
/// `esp-aes 256 esp-sha256-hmac`.
pub type Aes256CbcHmacSha256 = EncryptThenMac<Cbc<Aes256>, HmacSha256_128>;
/// `esp-gcm`.
pub type Aes128Gcm = AesGcm<Aes128>;
/// `esp-gcm 256`.
pub type Aes256Gcm = AesGcm<Aes256>;

/// How the packets of an SA are encrypted and authenticated.
///
/// Its `Display`, which `FromStr` reads back, names the two: `3DES-CBC HMAC-MD5-96`; a combined mode stands alone:
/// `AES-GCM-16-128` (octets of ICV, bits of key).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Suite {
    encryption: Encryption,
    authentication: Option<Authentication>,
}

/// Why algorithms make no suite, or a text does not name one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SuiteError {
    /// Encryption without authentication, or neither.
    #[error("{encryption} needs an authentication algorithm beside it, and there is none")]
    Unauthenticated {
        /// What there is.
        encryption: Encryption,
    },
    /// A combined mode authenticates already.
    #[error("{encryption} authenticates by itself and cannot be combined with {authentication}")]
    DoublyAuthenticated {
        /// The combined mode.
        encryption: Encryption,
        /// What came with it.
        authentication: Authentication,
    },
    /// No algorithm here has this name, or two words name the same kind of algorithm.
    #[error("word {} of the name is no algorithm, or not one that can stand there", word.saturating_add(1))]
    UnknownWord {
        /// Which word, from 0.
        word: usize,
    },
    /// The text has no word.
    #[error(
        "the text is empty: a suite is named by an encryption algorithm, an authentication algorithm, or both"
    )]
    Empty,
    /// A word names an algorithm of AH, which beside ESP makes a bundle of two SAs and no suite.
    #[error("word {} of the name is of AH: AH beside ESP is a bundle of two SAs, not a suite of ESP", word.saturating_add(1))]
    Bundle {
        /// Which word, from 0. [`BundleSuite::from_ios`](crate::bundle::BundleSuite::from_ios) reads them.
        word: usize,
    },
    /// The algorithm takes no key of that many octets.
    #[error("{encryption} and its like take no key of {octets} octets")]
    KeyLen {
        /// The algorithm, with one of its key lengths.
        encryption: Encryption,
        /// Octets of key.
        octets: usize,
    },
}

impl Suite {
    /// `esp-des esp-md5-hmac`.
    pub const DES_MD5: Self = Self::separate(Encryption::DesCbc, Authentication::HmacMd5);
    /// `esp-3des esp-md5-hmac`.
    pub const TRIPLE_DES_MD5: Self = Self::separate(Encryption::TripleDesCbc, Authentication::HmacMd5);
    /// `esp-3des esp-sha-hmac`.
    pub const TRIPLE_DES_SHA1: Self = Self::separate(Encryption::TripleDesCbc, Authentication::HmacSha1);
    /// `esp-aes esp-sha-hmac`.
    pub const AES_128_SHA1: Self =
        Self::separate(Encryption::AesCbc(AesKey::Bits128), Authentication::HmacSha1);
    /// `esp-aes 256 esp-sha256-hmac`.
    pub const AES_256_SHA256: Self =
        Self::separate(Encryption::AesCbc(AesKey::Bits256), Authentication::HmacSha256);
    /// `esp-gcm`.
    pub const AES_128_GCM: Self =
        Self { encryption: Encryption::AesGcm(AesKey::Bits128, IcvLen::Octets16), authentication: None };

    pub(crate) const fn separate(encryption: Encryption, authentication: Authentication) -> Self {
        Self { encryption, authentication: Some(authentication) }
    }

    /// A suite of these algorithms.
    ///
    /// # Errors
    /// When nothing authenticates, or two do.
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

    /// All there are.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let authentications = || Authentication::ALL.map(Some).into_iter().chain([None]);
        Encryption::all()
            .flat_map(move |encryption| authentications().map(move |other| (encryption, other)))
            .filter_map(|(encryption, authentication)| Self::new(encryption, authentication).ok())
    }

    /// The encryption algorithm.
    #[must_use]
    pub const fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// The authentication algorithm; none when the encryption algorithm authenticates as well.
    #[must_use]
    pub const fn authentication(&self) -> Option<Authentication> {
        self.authentication
    }

    /// Octets of the ICV.
    #[must_use]
    pub const fn icv_len(&self) -> usize {
        match (self.encryption.icv_len(), self.authentication) {
            (Some(len), _) => len,
            (None, Some(authentication)) => authentication.icv_len(),
            (None, None) => 0,
        }
    }

    /// Octets of key material of both algorithms together: first that for encryption, then that for authentication (RFC 2409
    /// section 5.5 and RFC 4301 section 4.5.2 cut it so). [`transform`](Self::transform) takes the two apart: the first
    /// [`Encryption::key_len`] octets, a salt among them, are its first key, and the others its second.
    #[must_use]
    pub const fn key_len(&self) -> usize {
        let authentication_len = match self.authentication {
            Some(authentication) => authentication.key_len(),
            None => 0,
        };
        self.encryption.key_len().saturating_add(authentication_len)
    }

    /// The transform under these keys. Behind the key of a counter mode stands its salt.
    ///
    /// # Errors
    /// When a key has not the length its algorithm takes, or must not be used.
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
