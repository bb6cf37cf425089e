//! Message authentication: HMAC with kept inner and outer states, and AES-XCBC.
//!
//! A MAC is made once for each key and used for any number of packets. What depends only on the key is computed then.

mod hash;
mod hmac;
mod pieces;
mod xcbc;

pub use hash::{HashFunction, Md5, Sha1, Sha256, Sha384, Sha512};
pub(crate) use hash::{HashRunning, put};
pub use hmac::{Hmac, HmacRunning};
pub use pieces::{MAX_CHUNK_LEN, Pieces};
pub(crate) use xcbc::CbcMac;
pub use xcbc::{AesXcbc, AesXcbcRunning};

use subtle::{Choice, ConstantTimeEq as _};

use crate::NotAuthentic;

/// The length in octets of the longest ICV, which is that of HMAC-SHA-512 without truncation.
pub const MAX_ICV_LEN: usize = 64;

/// A message authentication code with its key.
pub trait Mac {
    /// A computation that has taken part of its message.
    type Running<'m>: Running
    where
        Self: 'm;

    /// Returns the length of the ICV in octets.
    fn icv_len(&self) -> usize;

    /// Begins a computation.
    fn start(&self) -> Self::Running<'_>;

    /// Computes the ICV over `octets` and the `implied` octets that follow without being sent (the high half of an
    /// extended sequence number, RFC 4303 section 2.2.1). An `icv` that is shorter than the code gets its first
    /// octets.
    #[inline]
    fn compute(&self, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
        self.start().finish_message(octets, implied, icv);
    }

    /// Verifies an ICV over `octets` and the `implied` octets that follow without being sent, in a time that does not
    /// depend on where it differs.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when the ICV differs, or does not have this MAC's length. It does so always when that
    /// length is zero or greater than [`MAX_ICV_LEN`].
    #[inline]
    fn verify(&self, octets: &[u8], implied: Option<[u8; 4]>, icv: &[u8]) -> Result<(), NotAuthentic> {
        let mut computed = [0; MAX_ICV_LEN];
        let computed = computed.get_mut(..self.icv_len()).ok_or(NotAuthentic)?;
        if computed.is_empty() {
            return Err(NotAuthentic);
        }
        self.compute(octets, implied, computed);
        equal(computed, icv)
    }
}

/// A computation of a MAC that has taken part of its message.
pub trait Running {
    /// Returns how many octets are best absorbed at a time, which is at most [`MAX_CHUNK_LEN`].
    fn chunk_len(&self) -> usize;

    /// Returns how many octets were absorbed so far.
    fn absorbed(&self) -> usize;

    /// Absorbs whole chunks of the octets that come next. Octets after the last whole chunk are not absorbed.
    ///
    /// At least one octet of the message must be left for [`finish`](Self::finish).
    fn absorb(&mut self, chunks: &[u8]);

    /// Takes the rest of the message, which is at most a chunk, and the `implied` octets after it. Writes the first
    /// octets of the code into `icv`.
    fn finish(self, rest: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]);

    /// Takes everything of the whole message `octets` that is not absorbed yet, and the `implied` octets after it.
    /// Writes the first octets of the code into `icv`.
    #[inline]
    fn finish_message(mut self, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8])
    where
        Self: Sized,
    {
        // default: nothing is left of a message that was absorbed to its end.
        let rest = octets.get(self.absorbed()..).unwrap_or_default();
        // All whole chunks are absorbed, except one that ends the message.
        // default: when a chunk has no octets, all octets are left for the end.
        let over = rest.len().saturating_sub(1).checked_rem(self.chunk_len()).unwrap_or(0);
        let chunks_len = rest.len().saturating_sub(1).saturating_sub(over);
        // default: the chunks are not longer than the rest they are cut from.
        let (chunks, rest) = rest.split_at_checked(chunks_len).unwrap_or((&[], rest));
        if !chunks.is_empty() {
            self.absorb(chunks);
        }
        self.finish(rest, implied, icv);
    }
}

/// Compares two codes, in a time that does not depend on where they differ.
///
/// # Errors
/// Returns [`NotAuthentic`] when they differ in an octet or in length.
#[inline]
pub fn equal(one: &[u8], other: &[u8]) -> Result<(), NotAuthentic> {
    if one.len() != other.len() {
        return Err(NotAuthentic);
    }
    let mut difference = 0;
    let (ones, one) = one.as_chunks();
    let (others, other) = other.as_chunks();
    for (one, other) in ones.iter().zip(others) {
        difference |= u64::from_ne_bytes(*one) ^ u64::from_ne_bytes(*other);
    }
    let (ones, one) = one.as_chunks();
    let (others, other) = other.as_chunks();
    for (one, other) in ones.iter().zip(others) {
        difference |= u64::from(u32::from_ne_bytes(*one) ^ u32::from_ne_bytes(*other));
    }
    for (one, other) in one.iter().zip(other) {
        difference |= u64::from(one ^ other);
    }
    let same: Choice = difference.ct_eq(&0);
    if same.into() { Ok(()) } else { Err(NotAuthentic) }
}

/// A MAC that is truncated to its first `N` octets. `N` must be at least 10, which are the 80 bits of RFC 2104
/// section 5.
///
/// ```compile_fail
/// use vpnwire_crypto::mac::{Hmac, Sha1, Truncated};
///
/// let mac = Truncated::<_, 0>::new(Hmac::<Sha1>::new(b"a code of no octets authenticates nothing".into()));
/// ```
#[derive(Debug)]
pub struct Truncated<M, const N: usize>(M);

/// HMAC-MD5-96, RFC 2403.
pub type HmacMd5_96 = Truncated<Hmac<Md5>, 12>;
/// HMAC-SHA-1-96, RFC 2404.
pub type HmacSha1_96 = Truncated<Hmac<Sha1>, 12>;
/// HMAC-SHA-256-128, RFC 4868.
pub type HmacSha256_128 = Truncated<Hmac<Sha256>, 16>;
/// HMAC-SHA-384-192, RFC 4868.
pub type HmacSha384_192 = Truncated<Hmac<Sha384>, 24>;
/// HMAC-SHA-512-256, RFC 4868.
pub type HmacSha512_256 = Truncated<Hmac<Sha512>, 32>;
/// AES-XCBC-MAC-96, RFC 3566.
pub type AesXcbc96 = Truncated<AesXcbc, 12>;

/// HMAC-MD5 with its full length, RFC 4595.
pub type HmacMd5_128 = Truncated<Hmac<Md5>, 16>;
/// HMAC-SHA-1 with its full length, RFC 4595.
pub type HmacSha1_160 = Truncated<Hmac<Sha1>, 20>;
/// HMAC-SHA-256 truncated to 96 bits, draft-ietf-ipsec-ciph-sha-256-00.
pub type HmacSha256_96 = Truncated<Hmac<Sha256>, 12>;
/// HMAC-SHA-256 with its full length.
pub type HmacSha256_256 = Truncated<Hmac<Sha256>, 32>;
/// HMAC-SHA-384 with its full length.
pub type HmacSha384_384 = Truncated<Hmac<Sha384>, 48>;
/// HMAC-SHA-512 with its full length.
pub type HmacSha512_512 = Truncated<Hmac<Sha512>, 64>;

impl<M: Mac, const N: usize> Truncated<M, N> {
    /// Truncates `mac`.
    pub const fn new(mac: M) -> Self {
        const { assert!(N >= 10, "RFC 2104 section 5: at least 80 bits") }
        Self(mac)
    }
}

impl<M: Mac, const N: usize> Mac for Truncated<M, N> {
    type Running<'m>
        = M::Running<'m>
    where
        Self: 'm;

    #[inline]
    fn icv_len(&self) -> usize {
        N.min(self.0.icv_len())
    }

    #[inline]
    fn start(&self) -> Self::Running<'_> {
        self.0.start()
    }
}

#[cfg(test)]
mod tests;
