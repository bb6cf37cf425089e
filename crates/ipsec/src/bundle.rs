//! A bundle of two SAs: AH around ESP, RFC 2401 section 4.3. RFC 4301 section 4.3 leaves bundles to the
//! administrator.
//!
//! `ah-md5-hmac esp-3des` is such a bundle. ESP encrypts and has no ICV of its own. AH authenticates ESP together
//! with the headers around it. Encryption without authentication exists nowhere else in this crate: a [`BundleSuite`]
//! makes one transform of ESP's cipher and AH's MAC. The MAC reads each part of the packet as soon as the cipher has
//! written it.
//!
//! ESP with its own ICV does not need this module. An SA of [`esp`](crate::esp) seals the packet, and an SA of
//! [`ah`](crate::ah) seals the result.
//!
//! The two SAs share only the packet. Each has its own SPI, its own counter or window, and its own lifetime.

mod inbound;
mod opened;
mod outbound;

pub use inbound::{InboundBundle, OpenError};
pub use opened::Opened;
pub use outbound::{OutboundBundle, SealError};

use core::fmt;

use crypto::cipher::Cipher;
use crypto::mac::Mac;
use crypto::{EncryptThenMac, IvRule, KeyError, NotAuthentic, Secret, ShapeError};

use crate::ah::{Integrity, ios_of_integrity};
use crate::suite::{
    AnyTransform, Authentication, Encryption, Suite, SuiteError, Words, encryption_word, write_encryption,
};
use crate::transform::{Protected, Transform};
use crate::{Esn, Spi};

/// The SPI and sequence number width of one of the two SAs in a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct BundledSa {
    /// The security parameters index.
    pub spi: Spi,
    /// Whether its sequence numbers are extended.
    pub esn: Esn,
}

impl BundledSa {
    /// Makes an SA with this SPI.
    #[must_use]
    pub const fn new(spi: Spi, esn: Esn) -> Self {
        Self { spi, esn }
    }
}

/// A transform of ESP's cipher and AH's MAC. Its ICV covers all octets in the order in which they stand, as AH
/// demands.
///
/// The combined modes do not implement this trait.
pub trait BundleTransform: Transform {}

impl<E: Cipher, M: Mac> BundleTransform for EncryptThenMac<E, M> {}

/// The transform of any bundle, chosen at run time.
#[derive(Debug)]
pub struct AnyBundle(AnyTransform);

impl BundleTransform for AnyBundle {}

impl Transform for AnyBundle {
    #[inline]
    fn iv_len(&self) -> usize {
        self.0.iv_len()
    }

    #[inline]
    fn block_len(&self) -> usize {
        self.0.block_len()
    }

    #[inline]
    fn icv_len(&self) -> usize {
        self.0.icv_len()
    }

    #[inline]
    fn iv_rule(&self) -> IvRule {
        self.0.iv_rule()
    }

    #[inline]
    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        self.0.seal(protected, icv)
    }

    #[inline]
    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        self.0.open(protected, icv)
    }
}

/// The algorithms of a bundle: ESP encrypts, and AH authenticates.
///
/// `Display` writes the names of both algorithms, for example `AH HMAC-MD5-96, ESP 3DES-CBC`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BundleSuite {
    authentication: Authentication,
    encryption: Encryption,
}

impl BundleSuite {
    /// The bundle `ah-md5-hmac esp-3des`.
    pub const MD5_TRIPLE_DES: Self =
        Self { authentication: Authentication::HmacMd5, encryption: Encryption::TripleDesCbc };
    /// The bundle `ah-md5-hmac esp-aes`.
    pub const MD5_AES_128: Self = Self {
        authentication: Authentication::HmacMd5,
        encryption: Encryption::AesCbc(crate::suite::AesKey::Bits128),
    };

    /// Makes the bundle of these two algorithms.
    ///
    /// # Errors
    /// Returns [`SuiteError::DoublyAuthenticated`] when the encryption algorithm authenticates by itself.
    pub const fn new(authentication: Authentication, encryption: Encryption) -> Result<Self, SuiteError> {
        match encryption.icv_len() {
            None => Ok(Self { authentication, encryption }),
            Some(_) => Err(SuiteError::DoublyAuthenticated { encryption, authentication }),
        }
    }

    /// Lists all bundles that this crate implements.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        Encryption::all().flat_map(|encryption| {
            Authentication::ALL
                .into_iter()
                .filter_map(move |authentication| Self::new(authentication, encryption).ok())
        })
    }

    /// Returns the integrity algorithm of AH.
    #[must_use]
    pub const fn integrity(&self) -> Integrity {
        Integrity::Mac(self.authentication)
    }

    /// Returns the encryption algorithm of ESP.
    #[must_use]
    pub const fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// Reads a bundle from the words of Cisco IOS. The words may stand in any order.
    ///
    /// # Errors
    /// Returns a [`SuiteError`] when a word is unknown, when no word is an algorithm of AH, when no word encrypts
    /// with ESP, or when ESP authenticates by itself.
    pub fn from_ios(words: &str) -> Result<Self, SuiteError> {
        let words = Words::parse(words)?;
        // default: the error then names NULL, because a cipher is missing.
        let encryption = words.encryption.unwrap_or(Encryption::Null);
        if let Some(authentication) = words.authentication {
            return Err(SuiteError::DoublyAuthenticated { encryption, authentication });
        }
        match (words.integrity, words.encryption) {
            (Some((_, Integrity::Mac(authentication))), Some(encryption)) => {
                Self::new(authentication, encryption)
            }
            (Some((word, _)), _) => Err(SuiteError::UnknownWord { word }),
            (None, _) => Err(SuiteError::Unauthenticated { encryption }),
        }
    }

    /// Returns the bundle in the words of Cisco IOS. `None` when IOS has no words for this bundle.
    #[must_use]
    pub fn ios(&self) -> Option<IosBundle> {
        let has_words =
            ios_of_integrity(self.integrity()).is_some() && encryption_word(self.encryption).is_some();
        has_words.then_some(IosBundle(*self))
    }

    /// Makes the transform with the key of ESP and the key of AH. In a counter mode, the salt follows the key of ESP.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when a key does not have the length that its algorithm takes, or when it is a weak key
    /// of DES or 3DES.
    pub fn transform(
        &self,
        encryption_key: Secret<'_>,
        integrity_key: Secret<'_>,
    ) -> Result<AnyBundle, KeyError> {
        // A bundle has both an encryption and an authentication algorithm, so a suite of the two is never a combined
        // mode.
        Suite::separate(self.encryption, self.authentication)
            .transform(encryption_key, integrity_key)
            .map(AnyBundle)
    }
}

impl fmt::Display for BundleSuite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AH {}, ESP {}", self.authentication, self.encryption)
    }
}

impl fmt::Debug for BundleSuite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A bundle as Cisco IOS writes it in a transform set, for example `ah-md5-hmac esp-3des`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IosBundle(BundleSuite);

impl fmt::Display for IosBundle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // default: a spelling is made only of algorithms that IOS has words for.
        write!(formatter, "{} ", ios_of_integrity(self.0.integrity()).unwrap_or_default())?;
        write_encryption(formatter, self.0.encryption)
    }
}

#[cfg(test)]
mod tests;
