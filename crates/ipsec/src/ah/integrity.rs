//! Integrity algorithms of AH, by all the names they go by.

use core::fmt;
use core::str::FromStr;

use crypto::cipher::{Aes128, Aes192, Aes256, AesCipher};
use crypto::mac::{Mac, Pieces, equal};
use crypto::{IvRule, KeyError, NotAuthentic, Secret};
use wire::registry;

use super::{Covered, SealError};
use crate::suite::{AesKey, AnyMac, Authentication, AuthenticationAlgorithm, SuiteError};
use crate::transform::AesGmac;

/// The longest ICV of AH, that of HMAC-SHA-512-256.
pub const MAX_ICV_LEN: usize = 32;

/// Whether there is room for an ICV of so many octets.
pub(crate) const fn check_icv_len(icv_len: usize) -> Result<(), SealError> {
    if icv_len > MAX_ICV_LEN {
        return Err(SealError::IcvLen { needed: icv_len, available: MAX_ICV_LEN });
    }
    Ok(())
}

/// What computes the ICV of AH, under the key of one SA: RFC 4302 section 3.2.
pub trait IntegrityAlgorithm {
    /// Octets of the initialization vector in front of the ICV.
    fn iv_len(&self) -> usize;

    /// Octets of the ICV, [`MAX_ICV_LEN`] at most.
    fn icv_len(&self) -> usize;

    /// What the initialization vector has to be: [`IvRule::None`] or [`IvRule::NeverRepeated`].
    fn iv_rule(&self) -> IvRule;

    /// Computes the ICV, and with it what is authenticated of the sequence number without being sent.
    fn compute(&self, covered: &Covered<'_>, sequence_high: Option<u32>, icv: &mut [u8]);

    /// Verifies the ICV, in a time that does not tell where it differs.
    ///
    /// # Errors
    /// When it is wrong; always when it has no octets, or more than [`MAX_ICV_LEN`].
    #[inline]
    fn verify(
        &self,
        covered: &Covered<'_>,
        sequence_high: Option<u32>,
        icv: &[u8],
    ) -> Result<(), NotAuthentic> {
        let mut computed = [0; MAX_ICV_LEN];
        let computed = computed.get_mut(..self.icv_len()).unwrap_or_default();
        if computed.is_empty() {
            return Err(NotAuthentic);
        }
        self.compute(covered, sequence_high, computed);
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
    fn compute(&self, covered: &Covered<'_>, sequence_high: Option<u32>, icv: &mut [u8]) {
        let mut pieces = Pieces::new(self.start());
        covered.for_each(|piece| pieces.put(piece));
        pieces.finish(sequence_high.map(u32::to_be_bytes), icv);
    }
}

/// RFC 4543 section 3.4: the nonce is salt and initialization vector; that vector is part of the ICV field, and covered as it is.
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
    fn compute(&self, covered: &Covered<'_>, sequence_high: Option<u32>, icv: &mut [u8]) {
        // An SA makes the vector as long as it has to be.
        let Some(mut running) = self.start(covered.iv()) else {
            icv.fill(0);
            return;
        };
        covered.for_each(|piece| running.put(piece));
        if let Some(high) = sequence_high {
            running.put(&high.to_be_bytes());
        }
        for (to, from) in icv.iter_mut().zip(running.finish()) {
            *to = from;
        }
    }

    #[inline]
    fn verify(
        &self,
        covered: &Covered<'_>,
        sequence_high: Option<u32>,
        icv: &[u8],
    ) -> Result<(), NotAuthentic> {
        if covered.iv().len() != 8 {
            return Err(NotAuthentic);
        }
        let mut computed = [0; 16];
        self.compute(covered, sequence_high, &mut computed);
        equal(&computed, icv)
    }
}

macro_rules! any_integrity {
    ($($(#[$meta:meta])* $variant:ident($algorithm:ty)),* $(,)?) => {
        /// Any integrity algorithm, chosen at run time: for SAs that a peer proposes.
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

            fn compute(&self, covered: &Covered<'_>, sequence_high: Option<u32>, icv: &mut [u8]) {
                match self {
                    $(Self::$variant(algorithm) => {
                        IntegrityAlgorithm::compute(algorithm, covered, sequence_high, icv);
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
    /// AES-GMAC with a key of 128 bits.
    Aes128Gmac(AesGmac<Aes128>),
    /// AES-GMAC with a key of 192 bits.
    Aes192Gmac(AesGmac<Aes192>),
    /// AES-GMAC with a key of 256 bits.
    Aes256Gmac(AesGmac<Aes256>),
}

registry! {
    /// AH transform identifier of IKEv1, RFC 2407 section 4.4.3 and its registry at IANA.
    pub struct AhTransform(u8) {
        /// MD5, by its attribute HMAC or keyed.
        MD5 = 2 => "MD5",
        /// SHA-1.
        SHA = 3 => "SHA",
        /// DES.
        DES = 4 => "DES",
        /// SHA-256.
        SHA2_256 = 5 => "SHA2-256",
        /// SHA-384.
        SHA2_384 = 6 => "SHA2-384",
        /// SHA-512.
        SHA2_512 = 7 => "SHA2-512",
        /// RIPEMD-160.
        RIPEMD = 8 => "RIPEMD",
        /// AES-XCBC-MAC.
        AES_XCBC_MAC = 9 => "AES-XCBC-MAC",
        /// AES-GMAC with a key of 128 bits.
        AES_128_GMAC = 11 => "AES-128-GMAC",
        /// AES-GMAC with a key of 192 bits.
        AES_192_GMAC = 12 => "AES-192-GMAC",
        /// AES-GMAC with a key of 256 bits.
        AES_256_GMAC = 13 => "AES-256-GMAC",
    }
}

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
    /// `ah-md5-hmac`.
    pub const HMAC_MD5: Self = Self::Mac(Authentication::HmacMd5);
    /// `ah-sha-hmac`.
    pub const HMAC_SHA1: Self = Self::Mac(Authentication::HmacSha1);

    /// All there are.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        Authentication::ALL.map(Self::Mac).into_iter().chain(AesKey::ALL.map(Self::AesGmac))
    }

    /// Octets of key material, the salt behind the key included.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Mac(authentication) => authentication.key_len(),
            Self::AesGmac(key) => key.octets().saturating_add(4),
        }
    }

    /// Octets of the initialization vector.
    #[must_use]
    pub const fn iv_len(self) -> usize {
        match self {
            Self::Mac(_) => 0,
            Self::AesGmac(_) => 8,
        }
    }

    /// Octets of the ICV.
    #[must_use]
    pub const fn icv_len(self) -> usize {
        match self {
            Self::Mac(authentication) => authentication.icv_len(),
            Self::AesGmac(_) => 16,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mac(authentication) => authentication.name(),
            Self::AesGmac(AesKey::Bits128) => "AES-GMAC-128",
            Self::AesGmac(AesKey::Bits192) => "AES-GMAC-192",
            Self::AesGmac(AesKey::Bits256) => "AES-GMAC-256",
        }
    }

    /// Its word in a transform set of Cisco IOS; nothing where it has none.
    #[must_use]
    pub const fn ios(self) -> Option<&'static str> {
        match self {
            Self::Mac(Authentication::HmacMd5) => Some("ah-md5-hmac"),
            Self::Mac(Authentication::HmacSha1) => Some("ah-sha-hmac"),
            Self::Mac(Authentication::HmacSha256) => Some("ah-sha256-hmac"),
            Self::Mac(Authentication::HmacSha384) => Some("ah-sha384-hmac"),
            Self::Mac(Authentication::HmacSha512) => Some("ah-sha512-hmac"),
            Self::Mac(Authentication::AesXcbc) | Self::AesGmac(_) => None,
        }
    }

    /// The algorithm that a word of Cisco IOS names.
    #[must_use]
    pub fn from_ios(word: &str) -> Option<Self> {
        Self::all()
            .find(|integrity| integrity.ios().is_some_and(|spelling| spelling.eq_ignore_ascii_case(word)))
    }

    /// The AH transform identifier of IKEv1.
    #[must_use]
    pub const fn transform(self) -> AhTransform {
        match self {
            Self::Mac(Authentication::HmacMd5) => AhTransform::MD5,
            Self::Mac(Authentication::HmacSha1) => AhTransform::SHA,
            Self::Mac(Authentication::HmacSha256) => AhTransform::SHA2_256,
            Self::Mac(Authentication::HmacSha384) => AhTransform::SHA2_384,
            Self::Mac(Authentication::HmacSha512) => AhTransform::SHA2_512,
            Self::Mac(Authentication::AesXcbc) => AhTransform::AES_XCBC_MAC,
            Self::AesGmac(AesKey::Bits128) => AhTransform::AES_128_GMAC,
            Self::AesGmac(AesKey::Bits192) => AhTransform::AES_192_GMAC,
            Self::AesGmac(AesKey::Bits256) => AhTransform::AES_256_GMAC,
        }
    }

    /// The number of the SA attribute that IKEv1 sends with the transform (RFC 2407 section 4.5); GMAC has none here.
    #[must_use]
    pub const fn attribute(self) -> Option<AuthenticationAlgorithm> {
        match self {
            Self::Mac(authentication) => Some(authentication.algorithm()),
            Self::AesGmac(_) => None,
        }
    }

    /// The algorithm that IKEv1 negotiates with this transform. The attribute has to be the one that goes with it, where there is
    /// one: MD5 alone could be keyed MD5 as well (RFC 2407 section 4.4.3.1).
    #[must_use]
    pub fn from_ike(transform: AhTransform, attribute: Option<AuthenticationAlgorithm>) -> Option<Self> {
        Self::all().find(|integrity| {
            integrity.transform() == transform
                && (attribute.is_none()
                    || integrity.attribute().is_none()
                    || integrity.attribute() == attribute)
                && (attribute.is_some() || transform != AhTransform::MD5)
        })
    }

    /// The algorithm under this key. Behind the key of GMAC stands its salt.
    ///
    /// # Errors
    /// When the key has not the length that the algorithm takes.
    pub fn under(self, key: Secret<'_>) -> Result<AnyIntegrity, KeyError> {
        Ok(match self {
            Self::Mac(authentication) => match AnyMac::new(authentication, key)? {
                AnyMac::HmacMd5(mac) => AnyIntegrity::HmacMd5(mac),
                AnyMac::HmacSha1(mac) => AnyIntegrity::HmacSha1(mac),
                AnyMac::HmacSha256(mac) => AnyIntegrity::HmacSha256(mac),
                AnyMac::HmacSha384(mac) => AnyIntegrity::HmacSha384(mac),
                AnyMac::HmacSha512(mac) => AnyIntegrity::HmacSha512(mac),
                AnyMac::AesXcbc(mac) => AnyIntegrity::AesXcbc(mac),
            },
            Self::AesGmac(AesKey::Bits128) => AnyIntegrity::Aes128Gmac(AesGmac::new(key)?),
            Self::AesGmac(AesKey::Bits192) => AnyIntegrity::Aes192Gmac(AesGmac::new(key)?),
            Self::AesGmac(AesKey::Bits256) => AnyIntegrity::Aes256Gmac(AesGmac::new(key)?),
        })
    }
}

impl fmt::Display for Integrity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Integrity {
    type Err = SuiteError;

    fn from_str(name: &str) -> Result<Self, SuiteError> {
        Self::all()
            .find(|integrity| integrity.name().eq_ignore_ascii_case(name.trim()))
            .ok_or(SuiteError::UnknownWord { word: 0 })
    }
}
