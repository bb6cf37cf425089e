//! AH around ESP: a bundle of two SAs, RFC 2401 section 4.3 (RFC 4301 section 4.3 leaves it to who configures it).
//!
//! `ah-md5-hmac esp-3des` is such a bundle. ESP encrypts and has no ICV of its own; AH authenticates it, with all around it.
//! Encryption without authentication exists nowhere else here: a [`BundleSuite`] makes one transform of ESP's cipher and AH's
//! MAC, and the MAC takes each part of the packet as soon as the cipher has written it, as within ESP. ESP that has its own ICV needs
//! no bundle of this kind: what an SA of [`esp`](crate::esp) sealed, one of [`ah`](crate::ah) seals again.
//!
//! Two SAs share nothing but the packet: each has its index, its counter or window, and its lifetime.

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

/// One of a bundle's two SAs: what it has besides its key, its counter or window, and its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct BundledSa {
    /// Its index.
    pub spi: Spi,
    /// Whether its sequence numbers are extended.
    pub esn: Esn,
}

impl BundledSa {
    /// The SA of this index.
    #[must_use]
    pub const fn new(spi: Spi, esn: Esn) -> Self {
        Self { spi, esn }
    }
}

/// ESP's cipher and AH's MAC: a transform whose ICV is over all octets in the order they stand in, as that of AH has to be.
///
/// The combined modes are none.
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

/// How the packets of a bundle are encrypted by ESP and authenticated by AH.
///
/// Its `Display` names the two: `AH HMAC-MD5-96, ESP 3DES-CBC`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BundleSuite {
    authentication: Authentication,
    encryption: Encryption,
}

impl BundleSuite {
    /// `ah-md5-hmac esp-3des`.
    pub const MD5_TRIPLE_DES: Self =
        Self { authentication: Authentication::HmacMd5, encryption: Encryption::TripleDesCbc };
    /// `ah-md5-hmac esp-aes`.
    pub const MD5_AES_128: Self = Self {
        authentication: Authentication::HmacMd5,
        encryption: Encryption::AesCbc(crate::suite::AesKey::Bits128),
    };

    /// A bundle of these algorithms.
    ///
    /// # Errors
    /// When the encryption algorithm authenticates by itself.
    pub const fn new(authentication: Authentication, encryption: Encryption) -> Result<Self, SuiteError> {
        match encryption.icv_len() {
            None => Ok(Self { authentication, encryption }),
            Some(_) => Err(SuiteError::DoublyAuthenticated { encryption, authentication }),
        }
    }

    /// All there are.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        Encryption::all().flat_map(|encryption| {
            Authentication::ALL
                .into_iter()
                .filter_map(move |authentication| Self::new(authentication, encryption).ok())
        })
    }

    /// The integrity algorithm of AH.
    #[must_use]
    pub const fn integrity(&self) -> Integrity {
        Integrity::Mac(self.authentication)
    }

    /// The encryption algorithm of ESP.
    #[must_use]
    pub const fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// The bundle that these words of Cisco IOS name, in any order.
    ///
    /// # Errors
    /// When a word names nothing, no word is of AH, none of ESP encrypts, or ESP authenticates by itself.
    pub fn from_ios(words: &str) -> Result<Self, SuiteError> {
        let words = Words::parse(words)?;
        // default: an error names the cipher that is missing so.
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

    /// The bundle in the words of Cisco IOS; nothing where it has none.
    #[must_use]
    pub fn ios(&self) -> Option<IosBundle> {
        let has_words =
            ios_of_integrity(self.integrity()).is_some() && encryption_word(self.encryption).is_some();
        has_words.then_some(IosBundle(*self))
    }

    /// The transform under the key of ESP and that of AH. Behind the key of a counter mode stands its salt.
    ///
    /// # Errors
    /// When a key has not the length its algorithm takes, or must not be used.
    pub fn transform(
        &self,
        encryption_key: Secret<'_>,
        integrity_key: Secret<'_>,
    ) -> Result<AnyBundle, KeyError> {
        // It has an authentication algorithm beside its encryption: a suite of the same two is none of the combined modes.
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

/// A bundle as Cisco IOS writes it in a transform set: `ah-md5-hmac esp-3des`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IosBundle(BundleSuite);

impl fmt::Display for IosBundle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // default: a spelling is made of what has words alone.
        write!(formatter, "{} ", ios_of_integrity(self.0.integrity()).unwrap_or_default())?;
        write_encryption(formatter, self.0.encryption)
    }
}

#[cfg(test)]
mod tests;
