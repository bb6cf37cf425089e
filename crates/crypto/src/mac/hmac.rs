use core::fmt;

use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::hash::{output, put, whole_blocks};
use super::{HashFunction, Mac, Running};
use crate::Secret;

/// HMAC, RFC 2104. The states after the inner and the outer key block are kept, so that a packet costs no compression
/// for the key.
pub struct Hmac<H: HashFunction> {
    inner: H::State,
    outer: H::State,
}

impl<H: HashFunction> Hmac<H> {
    /// Makes a MAC from its key, which may have any length (RFC 2104 section 2: a key longer than a block is hashed
    /// first).
    #[must_use]
    pub fn new(key: Secret<'_>) -> Self {
        let mut block = H::ZEROS;
        let pad = block.as_mut();
        if key.len() <= H::BLOCK_LEN {
            put(pad, 0, key.expose());
        } else {
            let (blocks, rest) = whole_blocks::<H>(key.expose());
            let mut state = H::INITIAL;
            H::compress(&mut state, blocks);
            let mut last = H::ZEROS;
            let end = H::write_last(&mut last, key.len(), rest, None);
            H::compress_last(&mut state, &last, end);
            // The block holds the end of the key.
            last.zeroize();
            let mut digest = H::digest(&state);
            put(pad, 0, output::<H>(&digest));
            digest.zeroize();
            state.zeroize();
        }
        let (mut inner, mut outer) = (H::INITIAL, H::INITIAL);
        for octet in pad.iter_mut() {
            *octet ^= 0x36;
        }
        H::compress(&mut inner, pad);
        for octet in pad.iter_mut() {
            *octet ^= 0x36 ^ 0x5c;
        }
        H::compress(&mut outer, pad);
        block.zeroize();
        Self { inner, outer }
    }
}

impl<H: HashFunction> Mac for Hmac<H> {
    type Running<'m> = HmacRunning<'m, H>;

    #[inline]
    fn icv_len(&self) -> usize {
        H::OUTPUT_LEN
    }

    #[inline]
    fn start(&self) -> HmacRunning<'_, H> {
        HmacRunning { mac: self, state: self.inner, absorbed: 0 }
    }
}

impl<H: HashFunction> Drop for Hmac<H> {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl<H: HashFunction> ZeroizeOnDrop for Hmac<H> {}

impl<H: HashFunction> fmt::Debug for Hmac<H> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hmac<{}>(..)", H::NAME)
    }
}

/// An HMAC that has taken part of its message.
pub struct HmacRunning<'m, H: HashFunction> {
    mac: &'m Hmac<H>,
    state: H::State,
    absorbed: usize,
}

impl<H: HashFunction> Running for HmacRunning<'_, H> {
    #[inline(always)]
    fn chunk_len(&self) -> usize {
        H::BLOCK_LEN
    }

    #[inline(always)]
    fn absorbed(&self) -> usize {
        self.absorbed
    }

    #[inline(always)]
    fn absorb(&mut self, chunks: &[u8]) {
        H::compress(&mut self.state, chunks);
        self.absorbed = self.absorbed.saturating_add(whole_blocks::<H>(chunks).0.len());
    }

    #[inline]
    fn finish(mut self, rest: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
        let (blocks, over) = whole_blocks::<H>(rest);
        // These are lengths of octets in memory, so none of the sums can wrap.
        let implied_len = if implied.is_some() { 4 } else { 0 };
        let hashed_len = H::BLOCK_LEN.wrapping_add(self.absorbed).wrapping_add(rest.len());
        let (mut last, mut digest_block) = (H::ZEROS, H::DIGEST_BLOCK);
        let end = H::write_last(&mut last, hashed_len.wrapping_add(implied_len), over, implied);
        // A call without a block would cost time.
        if !blocks.is_empty() {
            H::compress(&mut self.state, blocks);
        }
        H::compress_last(&mut self.state, &last, end);
        let mut outer = self.mac.outer;
        H::compress_digest(&mut outer, &mut digest_block, &self.state);
        let digest = H::digest(&outer);
        let digest = output::<H>(&digest);
        // The code is copied as a whole where its length is a usual one.
        match (<&mut [u8; 12]>::try_from(&mut *icv), digest.first_chunk()) {
            (Ok(icv), Some(digest)) => *icv = *digest,
            _ => put(icv, 0, digest),
        }
    }

    // Whole chunks need not be separated from the end of the message here.
    #[inline]
    fn finish_message(self, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
        // default: nothing is left of a message that was absorbed to its end.
        let rest = octets.get(self.absorbed..).unwrap_or_default();
        self.finish(rest, implied, icv);
    }
}

impl<H: HashFunction> fmt::Debug for HmacRunning<'_, H> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HmacRunning<{}>(.., {} octets)", H::NAME, self.absorbed)
    }
}
