use crypto::cipher::{Aes128, Aes192, Aes256, Cbc, Ctr, Des, Null, TripleDes};
use crypto::{EncryptThenMac, IvRule, KeyError, NotAuthentic, Secret, ShapeError};

use super::{AesKey, AnyMac, Authentication, Encryption, Suite};
use crate::transform::{AesCcm, AesGcm, AesGmac, ChaCha20Poly1305, Protected, Transform};

macro_rules! any_transform {
    ($($(#[$meta:meta])* $variant:ident($transform:ty)),* $(,)?) => {
        /// The transform of any suite, chosen at run time. Use it for SAs whose suite a peer proposes.
        ///
        /// For an SA whose suite is known at compile time, use the suite's own type, for example
        /// [`Aes128CbcHmacSha1`](super::Aes128CbcHmacSha1).
        #[derive(Debug)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "without an allocator there is no box to put a key schedule in")]
        pub enum AnyTransform {
            $($(#[$meta])* $variant($transform)),*
        }

        impl Transform for AnyTransform {
            #[inline]
            fn iv_len(&self) -> usize {
                match self {
                    $(Self::$variant(transform) => transform.iv_len(),)*
                }
            }

            #[inline]
            fn block_len(&self) -> usize {
                match self {
                    $(Self::$variant(transform) => transform.block_len(),)*
                }
            }

            #[inline]
            fn icv_len(&self) -> usize {
                match self {
                    $(Self::$variant(transform) => transform.icv_len(),)*
                }
            }

            #[inline]
            fn iv_rule(&self) -> IvRule {
                match self {
                    $(Self::$variant(transform) => transform.iv_rule(),)*
                }
            }

            fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
                match self {
                    $(Self::$variant(transform) => Transform::seal(transform, protected, icv),)*
                }
            }

            fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
                match self {
                    $(Self::$variant(transform) => Transform::open(transform, protected, icv),)*
                }
            }
        }
    };
}

any_transform! {
    /// NULL.
    Null(EncryptThenMac<Null, AnyMac>),
    /// DES-CBC.
    DesCbc(EncryptThenMac<Cbc<Des>, AnyMac>),
    /// 3DES-CBC.
    TripleDesCbc(EncryptThenMac<Cbc<TripleDes>, AnyMac>),
    /// AES-CBC with a key of 128 bits.
    Aes128Cbc(EncryptThenMac<Cbc<Aes128>, AnyMac>),
    /// AES-CBC with a key of 192 bits.
    Aes192Cbc(EncryptThenMac<Cbc<Aes192>, AnyMac>),
    /// AES-CBC with a key of 256 bits.
    Aes256Cbc(EncryptThenMac<Cbc<Aes256>, AnyMac>),
    /// AES-CTR with a key of 128 bits.
    Aes128Ctr(EncryptThenMac<Ctr<Aes128>, AnyMac>),
    /// AES-CTR with a key of 192 bits.
    Aes192Ctr(EncryptThenMac<Ctr<Aes192>, AnyMac>),
    /// AES-CTR with a key of 256 bits.
    Aes256Ctr(EncryptThenMac<Ctr<Aes256>, AnyMac>),
    /// AES-GCM with a key of 128 bits.
    Aes128Gcm(AesGcm<Aes128>),
    /// AES-GCM with a key of 192 bits.
    Aes192Gcm(AesGcm<Aes192>),
    /// AES-GCM with a key of 256 bits.
    Aes256Gcm(AesGcm<Aes256>),
    /// AES-CCM with a key of 128 bits.
    Aes128Ccm(AesCcm<Aes128>),
    /// AES-CCM with a key of 192 bits.
    Aes192Ccm(AesCcm<Aes192>),
    /// AES-CCM with a key of 256 bits.
    Aes256Ccm(AesCcm<Aes256>),
    /// AES-GMAC with a key of 128 bits.
    Aes128Gmac(AesGmac<Aes128>),
    /// AES-GMAC with a key of 192 bits.
    Aes192Gmac(AesGmac<Aes192>),
    /// AES-GMAC with a key of 256 bits.
    Aes256Gmac(AesGmac<Aes256>),
    /// ChaCha20-Poly1305.
    ChaCha20Poly1305(ChaCha20Poly1305),
}

impl AnyTransform {
    pub(super) fn new(
        suite: Suite,
        encryption_key: Secret<'_>,
        authentication_key: Secret<'_>,
    ) -> Result<Self, KeyError> {
        match suite.authentication {
            Some(authentication) => {
                Self::separate(suite.encryption, encryption_key, authentication, authentication_key)
            }
            None => {
                // A combined mode has no second key.
                let _: &[u8; 0] = authentication_key.array("a combined mode's authentication key")?;
                Self::combined(suite.encryption, encryption_key)
            }
        }
    }

    fn separate(
        encryption: Encryption,
        key: Secret<'_>,
        authentication: Authentication,
        authentication_key: Secret<'_>,
    ) -> Result<Self, KeyError> {
        let mac = AnyMac::new(authentication, authentication_key)?;
        let (key_alone, nonce) = key.split_last(4);
        Ok(match encryption {
            Encryption::DesCbc => Self::DesCbc(EncryptThenMac::new(Cbc::new(key)?, mac)),
            Encryption::TripleDesCbc => Self::TripleDesCbc(EncryptThenMac::new(Cbc::new(key)?, mac)),
            Encryption::AesCbc(bits) => match bits {
                AesKey::Bits128 => Self::Aes128Cbc(EncryptThenMac::new(Cbc::new(key)?, mac)),
                AesKey::Bits192 => Self::Aes192Cbc(EncryptThenMac::new(Cbc::new(key)?, mac)),
                AesKey::Bits256 => Self::Aes256Cbc(EncryptThenMac::new(Cbc::new(key)?, mac)),
            },
            Encryption::AesCtr(bits) => match bits {
                AesKey::Bits128 => Self::Aes128Ctr(EncryptThenMac::new(Ctr::new(key_alone, nonce)?, mac)),
                AesKey::Bits192 => Self::Aes192Ctr(EncryptThenMac::new(Ctr::new(key_alone, nonce)?, mac)),
                AesKey::Bits256 => Self::Aes256Ctr(EncryptThenMac::new(Ctr::new(key_alone, nonce)?, mac)),
            },
            Encryption::Null => {
                let _: &[u8; 0] = key.array("NULL")?;
                Self::Null(EncryptThenMac::new(Null, mac))
            }
            // No suite joins a combined mode with a second algorithm.
            other => return Err(KeyError::NotImplemented { algorithm: other.name() }),
        })
    }

    fn combined(encryption: Encryption, key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(match encryption {
            Encryption::AesGcm(AesKey::Bits128, icv_len) => Self::Aes128Gcm(AesGcm::new(key, icv_len)?),
            Encryption::AesGcm(AesKey::Bits192, icv_len) => Self::Aes192Gcm(AesGcm::new(key, icv_len)?),
            Encryption::AesGcm(AesKey::Bits256, icv_len) => Self::Aes256Gcm(AesGcm::new(key, icv_len)?),
            Encryption::AesCcm(AesKey::Bits128, icv_len) => Self::Aes128Ccm(AesCcm::new(key, icv_len)?),
            Encryption::AesCcm(AesKey::Bits192, icv_len) => Self::Aes192Ccm(AesCcm::new(key, icv_len)?),
            Encryption::AesCcm(AesKey::Bits256, icv_len) => Self::Aes256Ccm(AesCcm::new(key, icv_len)?),
            Encryption::AesGmac(AesKey::Bits128) => Self::Aes128Gmac(AesGmac::new(key)?),
            Encryption::AesGmac(AesKey::Bits192) => Self::Aes192Gmac(AesGmac::new(key)?),
            Encryption::AesGmac(AesKey::Bits256) => Self::Aes256Gmac(AesGmac::new(key)?),
            Encryption::ChaCha20Poly1305 => Self::ChaCha20Poly1305(ChaCha20Poly1305::new(key)?),
            // No suite has an encryption algorithm alone, without authentication.
            other => return Err(KeyError::NotImplemented { algorithm: other.name() }),
        })
    }
}
