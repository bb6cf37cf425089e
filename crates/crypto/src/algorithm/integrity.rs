use core::fmt;

use super::{AesKey, Authentication};

/// An integrity algorithm of AH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Integrity {
    /// An algorithm that ESP has as well.
    Mac(Authentication),
    /// AES-GMAC, RFC 4543.
    AesGmac(AesKey),
}

impl Integrity {
    /// The algorithm of `ah-md5-hmac`.
    pub const HMAC_MD5: Self = Self::Mac(Authentication::HmacMd5);
    /// The algorithm of `ah-sha-hmac`.
    pub const HMAC_SHA1: Self = Self::Mac(Authentication::HmacSha1);

    /// Lists all integrity algorithms.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        Authentication::ALL.map(Self::Mac).into_iter().chain(AesKey::ALL.map(Self::AesGmac))
    }

    /// Returns the length of the key material in octets, including the salt that follows the key.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Mac(authentication) => authentication.key_len(),
            Self::AesGmac(key) => key.octets().saturating_add(4),
        }
    }

    /// Returns the length of the initialization vector in octets.
    #[must_use]
    pub const fn iv_len(self) -> usize {
        match self {
            Self::Mac(_) => 0,
            Self::AesGmac(_) => 8,
        }
    }

    /// Returns the length of the ICV in octets.
    #[must_use]
    pub const fn icv_len(self) -> usize {
        match self {
            Self::Mac(authentication) => authentication.icv_len(),
            Self::AesGmac(_) => 16,
        }
    }

    /// Returns the name of the algorithm.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mac(authentication) => authentication.name(),
            Self::AesGmac(AesKey::Bits128) => "AES-GMAC-128",
            Self::AesGmac(AesKey::Bits192) => "AES-GMAC-192",
            Self::AesGmac(AesKey::Bits256) => "AES-GMAC-256",
        }
    }
}

impl fmt::Display for Integrity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
