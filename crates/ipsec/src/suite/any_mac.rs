use crypto::mac::{
    AesXcbc, AesXcbc96, Hmac, HmacMd5_96, HmacMd5_128, HmacSha1_96, HmacSha1_160, HmacSha256_96,
    HmacSha256_128, HmacSha256_256, HmacSha384_192, HmacSha384_384, HmacSha512_256, HmacSha512_512, Mac,
    Running,
};
use crypto::{KeyError, NotAuthentic, Secret};

use super::Authentication;

macro_rules! any_mac {
    ($($(#[$meta:meta])* $variant:ident($mac:ty)),* $(,)?) => {
        /// The MAC of any authentication algorithm, chosen at run time.
        #[derive(Debug)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "without an allocator there is no box to put a key schedule in")]
        pub enum AnyMac {
            $($(#[$meta])* $variant($mac)),*
        }

        impl Mac for AnyMac {
            type Running<'m> = AnyMacRunning<'m>;

            #[inline]
            fn icv_len(&self) -> usize {
                match self {
                    $(Self::$variant(mac) => mac.icv_len(),)*
                }
            }

            #[inline]
            fn start(&self) -> AnyMacRunning<'_> {
                match self {
                    $(Self::$variant(mac) => AnyMacRunning::$variant(mac.start()),)*
                }
            }

            // The algorithm is chosen once for a message, not at every step.
            #[inline]
            fn compute(&self, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
                match self {
                    $(Self::$variant(mac) => mac.compute(octets, implied, icv),)*
                }
            }

            #[inline]
            fn verify(
                &self,
                octets: &[u8],
                implied: Option<[u8; 4]>,
                icv: &[u8],
            ) -> Result<(), NotAuthentic> {
                match self {
                    $(Self::$variant(mac) => mac.verify(octets, implied, icv),)*
                }
            }
        }

        /// A MAC of any authentication algorithm that has taken part of its message.
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum AnyMacRunning<'m> {
            $($(#[$meta])* $variant(<$mac as Mac>::Running<'m>)),*
        }

        impl Running for AnyMacRunning<'_> {
            #[inline]
            fn chunk_len(&self) -> usize {
                match self {
                    $(Self::$variant(running) => running.chunk_len(),)*
                }
            }

            #[inline]
            fn absorbed(&self) -> usize {
                match self {
                    $(Self::$variant(running) => running.absorbed(),)*
                }
            }

            #[inline]
            fn absorb(&mut self, chunks: &[u8]) {
                match self {
                    $(Self::$variant(running) => running.absorb(chunks),)*
                }
            }

            #[inline]
            fn finish(self, rest: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
                match self {
                    $(Self::$variant(running) => running.finish(rest, implied, icv),)*
                }
            }

            #[inline]
            fn finish_message(self, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
                match self {
                    $(Self::$variant(running) => running.finish_message(octets, implied, icv),)*
                }
            }
        }
    };
}

any_mac! {
    /// HMAC-MD5-96.
    HmacMd5(HmacMd5_96),
    /// HMAC-SHA-1-96.
    HmacSha1(HmacSha1_96),
    /// HMAC-SHA-256-128.
    HmacSha256(HmacSha256_128),
    /// HMAC-SHA-384-192.
    HmacSha384(HmacSha384_192),
    /// HMAC-SHA-512-256.
    HmacSha512(HmacSha512_256),
    /// AES-XCBC-MAC-96.
    AesXcbc(AesXcbc96),
    /// HMAC-MD5 with its full length.
    HmacMd5Full(HmacMd5_128),
    /// HMAC-SHA-1 with its full length.
    HmacSha1Full(HmacSha1_160),
    /// HMAC-SHA-256 truncated to 96 bits.
    HmacSha256Short(HmacSha256_96),
    /// HMAC-SHA-256 with its full length.
    HmacSha256Full(HmacSha256_256),
    /// HMAC-SHA-384 with its full length.
    HmacSha384Full(HmacSha384_384),
    /// HMAC-SHA-512 with its full length.
    HmacSha512Full(HmacSha512_512),
}

impl AnyMac {
    /// Makes the MAC of `authentication` with this key.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the key does not have the length that the algorithm's RFC demands.
    pub fn new(authentication: Authentication, key: Secret<'_>) -> Result<Self, KeyError> {
        let needed = authentication.key_len();
        if key.len() != needed {
            let algorithm = authentication.name();
            return Err(KeyError::Length { algorithm, needed, available: key.len() });
        }
        Ok(match authentication {
            Authentication::HmacMd5 => Self::HmacMd5(HmacMd5_96::new(Hmac::new(key))),
            Authentication::HmacSha1 => Self::HmacSha1(HmacSha1_96::new(Hmac::new(key))),
            Authentication::HmacSha256 => Self::HmacSha256(HmacSha256_128::new(Hmac::new(key))),
            Authentication::HmacSha384 => Self::HmacSha384(HmacSha384_192::new(Hmac::new(key))),
            Authentication::HmacSha512 => Self::HmacSha512(HmacSha512_256::new(Hmac::new(key))),
            Authentication::AesXcbc => Self::AesXcbc(AesXcbc96::new(AesXcbc::new(key)?)),
            Authentication::HmacMd5_128 => Self::HmacMd5Full(HmacMd5_128::new(Hmac::new(key))),
            Authentication::HmacSha1_160 => Self::HmacSha1Full(HmacSha1_160::new(Hmac::new(key))),
            Authentication::HmacSha256_96 => Self::HmacSha256Short(HmacSha256_96::new(Hmac::new(key))),
            Authentication::HmacSha256_256 => Self::HmacSha256Full(HmacSha256_256::new(Hmac::new(key))),
            Authentication::HmacSha384_384 => Self::HmacSha384Full(HmacSha384_384::new(Hmac::new(key))),
            Authentication::HmacSha512_512 => Self::HmacSha512Full(HmacSha512_512::new(Hmac::new(key))),
            other => return Err(KeyError::NotImplemented { algorithm: other.name() }),
        })
    }
}
