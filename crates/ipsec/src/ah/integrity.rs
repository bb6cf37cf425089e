use crypto::algorithm::{AesKey, Authentication, Integrity};
use crypto::cipher::{Aes128, Aes192, Aes256, AesCipher};
use crypto::mac::{Mac, Pieces, equal};
use crypto::{IvRule, KeyError, NotAuthentic, Secret, ShapeError};
use wire::copy;

use super::{Covered, SealError};
use crate::suite::AnyMac;
use crate::transform::{AesGmac, MIN_ICV_LEN};

/// The length in octets of the longest ICV of AH, which is that of HMAC-SHA-512 without truncation.
pub const MAX_ICV_LEN: usize = 64;

/// Checks that an ICV of this length authenticates, and that there is room for it.
pub(crate) const fn check_icv_len(icv_len: usize) -> Result<(), SealError> {
    if icv_len < MIN_ICV_LEN {
        return Err(SealError::IcvTooShort { len: icv_len });
    }
    if icv_len > MAX_ICV_LEN {
        return Err(SealError::IcvLen { needed: icv_len, available: MAX_ICV_LEN });
    }
    Ok(())
}

/// An algorithm that computes the ICV of AH with the key of one SA, RFC 4302 section 3.2.
///
/// Like a [`Transform`](crate::transform::Transform), it belongs to one SA, which takes it by value.
pub trait IntegrityAlgorithm {
    /// Returns the length in octets of the initialization vector that stands before the ICV.
    fn iv_len(&self) -> usize;

    /// Returns the length of the ICV in octets, from [`MIN_ICV_LEN`] to [`MAX_ICV_LEN`].
    fn icv_len(&self) -> usize;

    /// Returns the rule for the initialization vector: [`IvRule::None`] or [`IvRule::NeverRepeated`].
    fn iv_rule(&self) -> IvRule;

    /// Computes the ICV of the covered octets, and of the part of the sequence number that is authenticated without
    /// being sent.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when `icv` or the initialization vector does not have the length that the algorithm
    /// needs. Do not use the octets of `icv` then.
    fn compute(
        &self,
        covered: &Covered<'_>,
        sequence_high: Option<u32>,
        icv: &mut [u8],
    ) -> Result<(), ShapeError>;

    /// Verifies the ICV, in a time that does not depend on where it differs.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when the ICV is wrong, and always when it is empty or longer than [`MAX_ICV_LEN`].
    #[inline]
    fn verify(
        &self,
        covered: &Covered<'_>,
        sequence_high: Option<u32>,
        icv: &[u8],
    ) -> Result<(), NotAuthentic> {
        let mut computed = [0; MAX_ICV_LEN];
        let computed = computed.get_mut(..self.icv_len()).ok_or(NotAuthentic)?;
        if computed.is_empty() {
            return Err(NotAuthentic);
        }
        self.compute(covered, sequence_high, computed).map_err(|_| NotAuthentic)?;
        equal(computed, icv)
    }
}

impl<M: Mac> IntegrityAlgorithm for M {
    #[inline]
    fn iv_len(&self) -> usize {
        0
    }

    #[inline]
    fn icv_len(&self) -> usize {
        M::icv_len(self)
    }

    #[inline]
    fn iv_rule(&self) -> IvRule {
        IvRule::None
    }

    #[inline]
    fn compute(
        &self,
        covered: &Covered<'_>,
        sequence_high: Option<u32>,
        icv: &mut [u8],
    ) -> Result<(), ShapeError> {
        let needed = M::icv_len(self);
        if icv.len() != needed {
            return Err(ShapeError::Icv { needed, available: icv.len() });
        }
        let mut pieces = Pieces::new(self.start());
        covered.for_each(|piece| pieces.put(piece));
        pieces.finish(sequence_high.map(u32::to_be_bytes), icv);
        Ok(())
    }
}

/// RFC 4543 section 3.4: the nonce is the salt and the initialization vector. The vector is a part of the ICV field
/// and is covered as it is.
impl<C: AesCipher> IntegrityAlgorithm for AesGmac<C> {
    #[inline]
    fn iv_len(&self) -> usize {
        8
    }

    #[inline]
    fn icv_len(&self) -> usize {
        16
    }

    #[inline]
    fn iv_rule(&self) -> IvRule {
        IvRule::NeverRepeated
    }

    #[inline]
    fn compute(
        &self,
        covered: &Covered<'_>,
        sequence_high: Option<u32>,
        icv: &mut [u8],
    ) -> Result<(), ShapeError> {
        let mut running = self.start(covered.iv())?;
        covered.for_each(|piece| running.put(piece));
        if let Some(high) = sequence_high {
            running.put(&high.to_be_bytes());
        }
        let available = icv.len();
        copy(icv, &running.finish()).map_err(|error| ShapeError::Icv { needed: error.from, available })
    }
}

macro_rules! any_integrity {
    ($($(#[$meta:meta])* $variant:ident($algorithm:ty)),* $(,)?) => {
        /// Any integrity algorithm of AH, chosen at run time. Use it for SAs whose algorithm a peer proposes.
        #[derive(Debug)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "without an allocator there is no box to put a key schedule in")]
        pub enum AnyIntegrity {
            $($(#[$meta])* $variant($algorithm)),*
        }

        impl IntegrityAlgorithm for AnyIntegrity {
            #[inline]
            fn iv_len(&self) -> usize {
                match self {
                    $(Self::$variant(algorithm) => IntegrityAlgorithm::iv_len(algorithm),)*
                }
            }

            #[inline]
            fn icv_len(&self) -> usize {
                match self {
                    $(Self::$variant(algorithm) => IntegrityAlgorithm::icv_len(algorithm),)*
                }
            }

            #[inline]
            fn iv_rule(&self) -> IvRule {
                match self {
                    $(Self::$variant(algorithm) => IntegrityAlgorithm::iv_rule(algorithm),)*
                }
            }

            fn compute(
                &self,
                covered: &Covered<'_>,
                sequence_high: Option<u32>,
                icv: &mut [u8],
            ) -> Result<(), ShapeError> {
                match self {
                    $(Self::$variant(algorithm) => {
                        IntegrityAlgorithm::compute(algorithm, covered, sequence_high, icv)
                    })*
                }
            }

            fn verify(
                &self,
                covered: &Covered<'_>,
                sequence_high: Option<u32>,
                icv: &[u8],
            ) -> Result<(), NotAuthentic> {
                match self {
                    $(Self::$variant(algorithm) => {
                        IntegrityAlgorithm::verify(algorithm, covered, sequence_high, icv)
                    })*
                }
            }
        }
    };
}

any_integrity! {
    /// HMAC-MD5-96.
    HmacMd5(crypto::mac::HmacMd5_96),
    /// HMAC-SHA-1-96.
    HmacSha1(crypto::mac::HmacSha1_96),
    /// HMAC-SHA-256-128.
    HmacSha256(crypto::mac::HmacSha256_128),
    /// HMAC-SHA-384-192.
    HmacSha384(crypto::mac::HmacSha384_192),
    /// HMAC-SHA-512-256.
    HmacSha512(crypto::mac::HmacSha512_256),
    /// AES-XCBC-MAC-96.
    AesXcbc(crypto::mac::AesXcbc96),
    /// HMAC-MD5 with its full length.
    HmacMd5Full(crypto::mac::HmacMd5_128),
    /// HMAC-SHA-1 with its full length.
    HmacSha1Full(crypto::mac::HmacSha1_160),
    /// HMAC-SHA-256 truncated to 96 bits.
    HmacSha256Short(crypto::mac::HmacSha256_96),
    /// HMAC-SHA-256 with its full length.
    HmacSha256Full(crypto::mac::HmacSha256_256),
    /// HMAC-SHA-384 with its full length.
    HmacSha384Full(crypto::mac::HmacSha384_384),
    /// HMAC-SHA-512 with its full length.
    HmacSha512Full(crypto::mac::HmacSha512_512),
    /// AES-GMAC with a key of 128 bits.
    Aes128Gmac(AesGmac<Aes128>),
    /// AES-GMAC with a key of 192 bits.
    Aes192Gmac(AesGmac<Aes192>),
    /// AES-GMAC with a key of 256 bits.
    Aes256Gmac(AesGmac<Aes256>),
}

/// Returns the word for an integrity algorithm in a transform set of Cisco IOS. `None` when IOS has no word for it.
#[must_use]
pub const fn ios_of_integrity(integrity: Integrity) -> Option<&'static str> {
    match integrity {
        Integrity::Mac(Authentication::HmacMd5) => Some("ah-md5-hmac"),
        Integrity::Mac(Authentication::HmacSha1) => Some("ah-sha-hmac"),
        Integrity::Mac(Authentication::HmacSha256) => Some("ah-sha256-hmac"),
        Integrity::Mac(Authentication::HmacSha384) => Some("ah-sha384-hmac"),
        Integrity::Mac(Authentication::HmacSha512) => Some("ah-sha512-hmac"),
        _ => None,
    }
}

/// Returns the integrity algorithm that a word of Cisco IOS names. `None` when the word names none.
#[must_use]
pub fn integrity_of_ios(word: &str) -> Option<Integrity> {
    Integrity::all().find(|integrity| {
        ios_of_integrity(*integrity).is_some_and(|spelling| spelling.eq_ignore_ascii_case(word))
    })
}

impl AnyIntegrity {
    /// Makes the algorithm with this key. With GMAC, the salt follows the key.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the key does not have the length that the algorithm takes.
    pub fn new(integrity: Integrity, key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(match integrity {
            Integrity::Mac(authentication) => match AnyMac::new(authentication, key)? {
                AnyMac::HmacMd5(mac) => Self::HmacMd5(mac),
                AnyMac::HmacSha1(mac) => Self::HmacSha1(mac),
                AnyMac::HmacSha256(mac) => Self::HmacSha256(mac),
                AnyMac::HmacSha384(mac) => Self::HmacSha384(mac),
                AnyMac::HmacSha512(mac) => Self::HmacSha512(mac),
                AnyMac::AesXcbc(mac) => Self::AesXcbc(mac),
                AnyMac::HmacMd5Full(mac) => Self::HmacMd5Full(mac),
                AnyMac::HmacSha1Full(mac) => Self::HmacSha1Full(mac),
                AnyMac::HmacSha256Short(mac) => Self::HmacSha256Short(mac),
                AnyMac::HmacSha256Full(mac) => Self::HmacSha256Full(mac),
                AnyMac::HmacSha384Full(mac) => Self::HmacSha384Full(mac),
                AnyMac::HmacSha512Full(mac) => Self::HmacSha512Full(mac),
            },
            Integrity::AesGmac(AesKey::Bits128) => Self::Aes128Gmac(AesGmac::new(key)?),
            Integrity::AesGmac(AesKey::Bits192) => Self::Aes192Gmac(AesGmac::new(key)?),
            Integrity::AesGmac(AesKey::Bits256) => Self::Aes256Gmac(AesGmac::new(key)?),
            other => return Err(KeyError::NotImplemented { algorithm: other.name() }),
        })
    }
}
