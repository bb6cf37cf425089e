use core::fmt;

/// An authentication algorithm of ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Authentication {
    /// HMAC-MD5-96, RFC 2403.
    HmacMd5,
    /// HMAC-SHA-1-96, RFC 2404.
    HmacSha1,
    /// HMAC-SHA-256-128, RFC 4868.
    HmacSha256,
    /// HMAC-SHA-384-192, RFC 4868.
    HmacSha384,
    /// HMAC-SHA-512-256, RFC 4868.
    HmacSha512,
    /// AES-XCBC-MAC-96, RFC 3566.
    AesXcbc,
}

impl Authentication {
    /// All authentication algorithms.
    pub const ALL: [Self; 6] =
        [Self::HmacMd5, Self::HmacSha1, Self::HmacSha256, Self::HmacSha384, Self::HmacSha512, Self::AesXcbc];

    /// Returns the length of the key in octets. Each RFC allows one length only.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::HmacMd5 | Self::AesXcbc => 16,
            Self::HmacSha1 => 20,
            Self::HmacSha256 => 32,
            Self::HmacSha384 => 48,
            Self::HmacSha512 => 64,
        }
    }

    /// Returns the length of the ICV in octets.
    #[must_use]
    pub const fn icv_len(self) -> usize {
        match self {
            Self::HmacMd5 | Self::HmacSha1 | Self::AesXcbc => 12,
            Self::HmacSha256 => 16,
            Self::HmacSha384 => 24,
            Self::HmacSha512 => 32,
        }
    }

    /// Returns the name of the algorithm.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacMd5 => "HMAC-MD5-96",
            Self::HmacSha1 => "HMAC-SHA-1-96",
            Self::HmacSha256 => "HMAC-SHA-256-128",
            Self::HmacSha384 => "HMAC-SHA-384-192",
            Self::HmacSha512 => "HMAC-SHA-512-256",
            Self::AesXcbc => "AES-XCBC-MAC-96",
        }
    }
}

impl fmt::Display for Authentication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
