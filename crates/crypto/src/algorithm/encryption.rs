use core::fmt;

use super::{AesKey, IcvLen};
use crate::IvRule;

/// An encryption algorithm of ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Encryption {
    /// No encryption, RFC 2410.
    Null,
    /// DES-CBC, RFC 2405.
    DesCbc,
    /// 3DES-CBC, RFC 2451.
    TripleDesCbc,
    /// AES-CBC, RFC 3602.
    AesCbc(AesKey),
    /// AES-CTR, RFC 3686.
    AesCtr(AesKey),
    /// AES-GCM, RFC 4106, which also authenticates.
    AesGcm(AesKey, IcvLen),
    /// AES-CCM, RFC 4309, which also authenticates.
    AesCcm(AesKey, IcvLen),
    /// AES-GMAC, RFC 4543, which authenticates and does not encrypt.
    AesGmac(AesKey),
    /// ChaCha20-Poly1305, RFC 7634, which also authenticates. Its ICV has 16 octets.
    ChaCha20Poly1305,
}

impl Encryption {
    /// Lists all encryption algorithms, with each of their key and ICV lengths.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let combined = || AesKey::ALL.into_iter().flat_map(|key| IcvLen::ALL.map(|icv_len| (key, icv_len)));
        [Self::Null, Self::DesCbc, Self::TripleDesCbc]
            .into_iter()
            .chain(AesKey::ALL.map(Self::AesCbc))
            .chain(AesKey::ALL.map(Self::AesCtr))
            .chain(combined().map(|(key, icv_len)| Self::AesGcm(key, icv_len)))
            .chain(combined().map(|(key, icv_len)| Self::AesCcm(key, icv_len)))
            .chain(AesKey::ALL.map(Self::AesGmac))
            .chain([Self::ChaCha20Poly1305])
    }

    /// Returns the length of the key material in octets, including the salt that follows the key.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Null => 0,
            Self::DesCbc => 8,
            Self::TripleDesCbc => 24,
            Self::AesCbc(key) => key.octets(),
            Self::AesCtr(key) | Self::AesGcm(key, _) | Self::AesGmac(key) => key.octets().saturating_add(4),
            Self::AesCcm(key, _) => key.octets().saturating_add(3),
            Self::ChaCha20Poly1305 => 36,
        }
    }

    /// Returns the length of the initialization vector in octets.
    #[must_use]
    pub const fn iv_len(self) -> usize {
        match self {
            Self::Null => 0,
            Self::AesCbc(_) => 16,
            _ => 8,
        }
    }

    /// Returns the block length in octets. The length of the text must be a multiple of it.
    #[must_use]
    pub const fn block_len(self) -> usize {
        match self {
            Self::DesCbc | Self::TripleDesCbc => 8,
            Self::AesCbc(_) => 16,
            _ => 1,
        }
    }

    /// Returns the rule for the initialization vector.
    #[must_use]
    pub const fn iv_rule(self) -> IvRule {
        match self {
            Self::Null => IvRule::None,
            Self::DesCbc | Self::TripleDesCbc | Self::AesCbc(_) => IvRule::Unpredictable,
            _ => IvRule::NeverRepeated,
        }
    }

    /// Returns the name of the algorithm: its mode, the octets of the ICV where the mode authenticates, and the bits
    /// of the key.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::DesCbc => "DES-CBC",
            Self::TripleDesCbc => "3DES-CBC",
            Self::AesCbc(AesKey::Bits128) => "AES-CBC-128",
            Self::AesCbc(AesKey::Bits192) => "AES-CBC-192",
            Self::AesCbc(AesKey::Bits256) => "AES-CBC-256",
            Self::AesCtr(AesKey::Bits128) => "AES-CTR-128",
            Self::AesCtr(AesKey::Bits192) => "AES-CTR-192",
            Self::AesCtr(AesKey::Bits256) => "AES-CTR-256",
            Self::ChaCha20Poly1305 => "ChaCha20-Poly1305",
            Self::AesGmac(AesKey::Bits128) => "AES-GMAC-128",
            Self::AesGmac(AesKey::Bits192) => "AES-GMAC-192",
            Self::AesGmac(AesKey::Bits256) => "AES-GMAC-256",
            Self::AesGcm(AesKey::Bits128, IcvLen::Octets8) => "AES-GCM-8-128",
            Self::AesGcm(AesKey::Bits192, IcvLen::Octets8) => "AES-GCM-8-192",
            Self::AesGcm(AesKey::Bits256, IcvLen::Octets8) => "AES-GCM-8-256",
            Self::AesGcm(AesKey::Bits128, IcvLen::Octets12) => "AES-GCM-12-128",
            Self::AesGcm(AesKey::Bits192, IcvLen::Octets12) => "AES-GCM-12-192",
            Self::AesGcm(AesKey::Bits256, IcvLen::Octets12) => "AES-GCM-12-256",
            Self::AesGcm(AesKey::Bits128, IcvLen::Octets16) => "AES-GCM-16-128",
            Self::AesGcm(AesKey::Bits192, IcvLen::Octets16) => "AES-GCM-16-192",
            Self::AesGcm(AesKey::Bits256, IcvLen::Octets16) => "AES-GCM-16-256",
            Self::AesCcm(AesKey::Bits128, IcvLen::Octets8) => "AES-CCM-8-128",
            Self::AesCcm(AesKey::Bits192, IcvLen::Octets8) => "AES-CCM-8-192",
            Self::AesCcm(AesKey::Bits256, IcvLen::Octets8) => "AES-CCM-8-256",
            Self::AesCcm(AesKey::Bits128, IcvLen::Octets12) => "AES-CCM-12-128",
            Self::AesCcm(AesKey::Bits192, IcvLen::Octets12) => "AES-CCM-12-192",
            Self::AesCcm(AesKey::Bits256, IcvLen::Octets12) => "AES-CCM-12-256",
            Self::AesCcm(AesKey::Bits128, IcvLen::Octets16) => "AES-CCM-16-128",
            Self::AesCcm(AesKey::Bits192, IcvLen::Octets16) => "AES-CCM-16-192",
            Self::AesCcm(AesKey::Bits256, IcvLen::Octets16) => "AES-CCM-16-256",
        }
    }

    /// Returns the length of the key in bits, without the salt. `None` when the algorithm has only one key length.
    #[must_use]
    pub const fn key_bits(self) -> Option<u16> {
        match self {
            Self::Null | Self::DesCbc | Self::TripleDesCbc | Self::ChaCha20Poly1305 => None,
            Self::AesCbc(key)
            | Self::AesCtr(key)
            | Self::AesGcm(key, _)
            | Self::AesCcm(key, _)
            | Self::AesGmac(key) => Some(key.bits()),
        }
    }

    /// Returns the length of the ICV in octets. `None` when the algorithm does not authenticate.
    #[must_use]
    pub const fn icv_len(self) -> Option<usize> {
        match self {
            Self::AesGcm(_, icv_len) | Self::AesCcm(_, icv_len) => Some(icv_len.octets()),
            Self::AesGmac(_) | Self::ChaCha20Poly1305 => Some(16),
            _ => None,
        }
    }
}

impl fmt::Display for Encryption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
