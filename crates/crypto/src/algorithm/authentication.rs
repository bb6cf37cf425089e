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
    /// HMAC-MD5 with its full length of 128 bits, RFC 4595 section 3. strongSwan and Linux can use it.
    HmacMd5_128,
    /// HMAC-SHA-1 with its full length of 160 bits, RFC 4595 section 3. strongSwan and Linux can use it.
    HmacSha1_160,
    /// HMAC-SHA-256 truncated to 96 bits, draft-ietf-ipsec-ciph-sha-256-00. Linux uses it when no length is given, and so
    /// do the devices that kept to the draft.
    HmacSha256_96,
    /// HMAC-SHA-256 with its full length of 256 bits, which no RFC defines for ESP.
    HmacSha256_256,
    /// HMAC-SHA-384 with its full length of 384 bits, which no RFC defines for ESP.
    HmacSha384_384,
    /// HMAC-SHA-512 with its full length of 512 bits, which no RFC defines for ESP.
    HmacSha512_512,
}

impl Authentication {
    /// All authentication algorithms. Those that RFC 2403, 2404, 3566 and 4868 define come first.
    pub const ALL: [Self; 12] = [
        Self::HmacMd5,
        Self::HmacSha1,
        Self::HmacSha256,
        Self::HmacSha384,
        Self::HmacSha512,
        Self::AesXcbc,
        Self::HmacMd5_128,
        Self::HmacSha1_160,
        Self::HmacSha256_96,
        Self::HmacSha256_256,
        Self::HmacSha384_384,
        Self::HmacSha512_512,
    ];

    /// Returns the algorithm of the same MAC with the length of ICV that its RFC defines for IPsec. It is the algorithm
    /// itself when it has that length.
    #[must_use]
    pub const fn of_rfc(self) -> Self {
        match self {
            Self::HmacMd5_128 => Self::HmacMd5,
            Self::HmacSha1_160 => Self::HmacSha1,
            Self::HmacSha256_96 | Self::HmacSha256_256 => Self::HmacSha256,
            Self::HmacSha384_384 => Self::HmacSha384,
            Self::HmacSha512_512 => Self::HmacSha512,
            other => other,
        }
    }

    /// Lists the algorithms of the same MAC, which differ in the length of the ICV alone. The algorithm itself is one of
    /// them.
    pub fn truncations(self) -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().filter(move |other| other.of_rfc() == self.of_rfc())
    }

    /// Returns the algorithm of the same MAC whose ICV has `icv_len` octets. `None` when none is known.
    #[must_use]
    pub fn truncated(self, icv_len: usize) -> Option<Self> {
        self.truncations().find(|other| other.icv_len() == icv_len)
    }

    /// Returns the length of the key in octets. Each RFC allows one length only.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::HmacMd5 | Self::HmacMd5_128 | Self::AesXcbc => 16,
            Self::HmacSha1 | Self::HmacSha1_160 => 20,
            Self::HmacSha256 | Self::HmacSha256_96 | Self::HmacSha256_256 => 32,
            Self::HmacSha384 | Self::HmacSha384_384 => 48,
            Self::HmacSha512 | Self::HmacSha512_512 => 64,
        }
    }

    /// Returns the length of the ICV in octets.
    #[must_use]
    pub const fn icv_len(self) -> usize {
        match self {
            Self::HmacMd5 | Self::HmacSha1 | Self::HmacSha256_96 | Self::AesXcbc => 12,
            Self::HmacSha256 | Self::HmacMd5_128 => 16,
            Self::HmacSha1_160 => 20,
            Self::HmacSha384 => 24,
            Self::HmacSha512 | Self::HmacSha256_256 => 32,
            Self::HmacSha384_384 => 48,
            Self::HmacSha512_512 => 64,
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
            Self::HmacMd5_128 => "HMAC-MD5-128",
            Self::HmacSha1_160 => "HMAC-SHA-1-160",
            Self::HmacSha256_96 => "HMAC-SHA-256-96",
            Self::HmacSha256_256 => "HMAC-SHA-256-256",
            Self::HmacSha384_384 => "HMAC-SHA-384-384",
            Self::HmacSha512_512 => "HMAC-SHA-512-512",
        }
    }
}

impl fmt::Display for Authentication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
