use wire::registry;

use super::{AesKey, Authentication, Encryption, Suite, SuiteError};
use crate::transform::IcvLen;

registry! {
    /// ESP transform identifier of IKEv1, RFC 2407 section 4.4.4 and its registry at IANA.
    pub struct EspTransform(u8) {
        /// DES-CBC with a 64-bit IV, RFC 1829.
        DES_IV64 = 1 => "DES_IV64",
        /// DES-CBC.
        DES = 2 => "DES",
        /// 3DES-CBC.
        TRIPLE_DES = 3 => "3DES",
        /// RC5.
        RC5 = 4 => "RC5",
        /// IDEA.
        IDEA = 5 => "IDEA",
        /// CAST.
        CAST = 6 => "CAST",
        /// Blowfish.
        BLOWFISH = 7 => "BLOWFISH",
        /// Triple IDEA.
        TRIPLE_IDEA = 8 => "3IDEA",
        /// DES-CBC with a 32-bit IV, RFC 1829.
        DES_IV32 = 9 => "DES_IV32",
        /// RC4.
        RC4 = 10 => "RC4",
        /// No encryption.
        NULL = 11 => "NULL",
        /// AES-CBC.
        AES_CBC = 12 => "AES-CBC",
        /// AES-CTR.
        AES_CTR = 13 => "AES-CTR",
        /// AES-CCM with an ICV of 8 octets.
        AES_CCM_8 = 14 => "AES-CCM_8",
        /// AES-CCM with an ICV of 12 octets.
        AES_CCM_12 = 15 => "AES-CCM_12",
        /// AES-CCM with an ICV of 16 octets.
        AES_CCM_16 = 16 => "AES-CCM_16",
        /// AES-GCM with an ICV of 8 octets.
        AES_GCM_8 = 18 => "AES-GCM_8",
        /// AES-GCM with an ICV of 12 octets.
        AES_GCM_12 = 19 => "AES-GCM_12",
        /// AES-GCM with an ICV of 16 octets.
        AES_GCM_16 = 20 => "AES-GCM_16",
        /// SEED.
        SEED_CBC = 21 => "SEED_CBC",
        /// Camellia.
        CAMELLIA = 22 => "CAMELLIA",
        /// AES-GMAC.
        NULL_AUTH_AES_GMAC = 23 => "NULL_AUTH_AES-GMAC",
    }
}

registry! {
    /// Authentication algorithm, an SA attribute of IKEv1: RFC 2407 section 4.5 and its registry at IANA.
    pub struct AuthenticationAlgorithm(u16) {
        /// HMAC-MD5-96.
        HMAC_MD5 = 1 => "HMAC-MD5",
        /// HMAC-SHA-1-96.
        HMAC_SHA = 2 => "HMAC-SHA",
        /// DES-MAC.
        DES_MAC = 3 => "DES-MAC",
        /// Keyed MD5, RFC 1826.
        KPDK = 4 => "KPDK",
        /// HMAC-SHA-256-128.
        HMAC_SHA2_256 = 5 => "HMAC-SHA2-256",
        /// HMAC-SHA-384-192.
        HMAC_SHA2_384 = 6 => "HMAC-SHA2-384",
        /// HMAC-SHA-512-256.
        HMAC_SHA2_512 = 7 => "HMAC-SHA2-512",
        /// HMAC-RIPEMD-160-96.
        HMAC_RIPEMD = 8 => "HMAC-RIPEMD",
        /// AES-XCBC-MAC-96.
        AES_XCBC_MAC = 9 => "AES-XCBC-MAC",
    }
}

/// What IKEv1 negotiates about a suite, RFC 2407 section 4.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IkeAttributes {
    /// The transform identifier.
    pub transform: EspTransform,
    /// The attribute Key Length, in bits.
    pub key_length: Option<u16>,
    /// The attribute Authentication Algorithm.
    pub authentication: Option<AuthenticationAlgorithm>,
}

impl Encryption {
    /// The ESP transform identifier of IKEv1.
    #[must_use]
    pub const fn transform(self) -> EspTransform {
        match self {
            Self::Null => EspTransform::NULL,
            Self::DesCbc => EspTransform::DES,
            Self::TripleDesCbc => EspTransform::TRIPLE_DES,
            Self::AesCbc(_) => EspTransform::AES_CBC,
            Self::AesCtr(_) => EspTransform::AES_CTR,
            Self::AesGcm(_, IcvLen::Octets8) => EspTransform::AES_GCM_8,
            Self::AesGcm(_, IcvLen::Octets12) => EspTransform::AES_GCM_12,
            Self::AesGcm(_, IcvLen::Octets16) => EspTransform::AES_GCM_16,
            Self::AesCcm(_, IcvLen::Octets8) => EspTransform::AES_CCM_8,
            Self::AesCcm(_, IcvLen::Octets12) => EspTransform::AES_CCM_12,
            Self::AesCcm(_, IcvLen::Octets16) => EspTransform::AES_CCM_16,
            Self::AesGmac(_) => EspTransform::NULL_AUTH_AES_GMAC,
        }
    }

    /// Bits of key that IKE has to say, for what takes keys of several lengths; without the salt.
    #[must_use]
    pub const fn key_bits(self) -> Option<u16> {
        match self {
            Self::Null | Self::DesCbc | Self::TripleDesCbc => None,
            Self::AesCbc(key)
            | Self::AesCtr(key)
            | Self::AesGcm(key, _)
            | Self::AesCcm(key, _)
            | Self::AesGmac(key) => Some(key.bits()),
        }
    }
}

impl Authentication {
    /// The number of the SA attribute of IKEv1.
    #[must_use]
    pub const fn algorithm(self) -> AuthenticationAlgorithm {
        match self {
            Self::HmacMd5 => AuthenticationAlgorithm::HMAC_MD5,
            Self::HmacSha1 => AuthenticationAlgorithm::HMAC_SHA,
            Self::HmacSha256 => AuthenticationAlgorithm::HMAC_SHA2_256,
            Self::HmacSha384 => AuthenticationAlgorithm::HMAC_SHA2_384,
            Self::HmacSha512 => AuthenticationAlgorithm::HMAC_SHA2_512,
            Self::AesXcbc => AuthenticationAlgorithm::AES_XCBC_MAC,
        }
    }
}

impl Suite {
    /// What IKEv1 says of this suite.
    #[must_use]
    pub fn ike_attributes(&self) -> IkeAttributes {
        IkeAttributes {
            transform: self.encryption.transform(),
            key_length: self.encryption.key_bits(),
            authentication: self.authentication.map(Authentication::algorithm),
        }
    }

    /// The suite that IKEv1 says this of.
    ///
    /// # Errors
    /// When the algorithms are not known, the key length does not fit or is absent where it must not be (RFC 3602 section
    /// 5.3), or nothing authenticates.
    pub fn from_ike(attributes: IkeAttributes) -> Result<Self, SuiteError> {
        let IkeAttributes { transform, key_length, authentication } = attributes;
        let aes = || {
            let bits = key_length.unwrap_or(0);
            AesKey::from_bits(bits).ok_or(SuiteError::KeyBits { transform, bits })
        };
        let encryption = match transform {
            EspTransform::NULL => Encryption::Null,
            EspTransform::DES => Encryption::DesCbc,
            EspTransform::TRIPLE_DES => Encryption::TripleDesCbc,
            EspTransform::AES_CBC => Encryption::AesCbc(aes()?),
            EspTransform::AES_CTR => Encryption::AesCtr(aes()?),
            EspTransform::AES_GCM_8 => Encryption::AesGcm(aes()?, IcvLen::Octets8),
            EspTransform::AES_GCM_12 => Encryption::AesGcm(aes()?, IcvLen::Octets12),
            EspTransform::AES_GCM_16 => Encryption::AesGcm(aes()?, IcvLen::Octets16),
            EspTransform::AES_CCM_8 => Encryption::AesCcm(aes()?, IcvLen::Octets8),
            EspTransform::AES_CCM_12 => Encryption::AesCcm(aes()?, IcvLen::Octets12),
            EspTransform::AES_CCM_16 => Encryption::AesCcm(aes()?, IcvLen::Octets16),
            EspTransform::NULL_AUTH_AES_GMAC => Encryption::AesGmac(aes()?),
            transform => return Err(SuiteError::UnknownTransform { transform }),
        };
        let authentication = match authentication {
            None => None,
            Some(algorithm) => Some(
                Authentication::ALL
                    .into_iter()
                    .find(|authentication| authentication.algorithm() == algorithm)
                    .ok_or(SuiteError::UnknownAuthentication { algorithm })?,
            ),
        };
        Self::new(encryption, authentication)
    }
}
