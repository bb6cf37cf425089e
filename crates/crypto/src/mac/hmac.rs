use core::fmt;

use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::hash::put;
use super::{HashFunction, Mac, Running};
use crate::Secret;

/// The widest block of a hash function.
const MAX_BLOCK_LEN: usize = 128;

/// HMAC, RFC 2104, with the states after the inner and the outer key block kept: a packet costs no compression for the
/// key.
pub struct Hmac<H: HashFunction> {
    inner: H::State,
    outer: H::State,
}

impl<H: HashFunction> Hmac<H> {
    /// A MAC from its key, of any length (RFC 2104 section 2: a key longer than a block is hashed first).
    #[must_use]
    pub fn new(key: Secret<'_>) -> Self {
        let mut pad = [0; MAX_BLOCK_LEN];
        let pad = pad.get_mut(..H::BLOCK_LEN).unwrap_or_default();
        if key.len() <= H::BLOCK_LEN {
            put(pad, 0, key.expose());
        } else {
            let over = key.len().checked_rem(H::BLOCK_LEN).unwrap_or(0);
            let (blocks, rest) =
                key.expose().split_at_checked(key.len().saturating_sub(over)).unwrap_or_default();
            let mut state = H::INITIAL;
            H::compress(&mut state, blocks);
            let mut last = H::ZEROS;
            let end = H::write_last(&mut last, key.len(), rest, None);
            H::compress_last(&mut state, &last, end);
            // The end of the key stands in it.
            last.zeroize();
            let mut digest = H::digest(&state);
            put(pad, 0, digest.get(..H::OUTPUT_LEN).unwrap_or_default());
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
        pad.zeroize();
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

/// An HMAC under way.
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
        let over = chunks.len().checked_rem(H::BLOCK_LEN).unwrap_or(0);
        self.absorbed = self.absorbed.saturating_add(chunks.len()).saturating_sub(over);
    }

    #[inline]
    fn finish(mut self, rest: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
        let over = rest.len().checked_rem(H::BLOCK_LEN).unwrap_or(0);
        // Lengths of what is in memory: none of the sums can wrap.
        let (blocks, over) = rest.split_at_checked(rest.len().wrapping_sub(over)).unwrap_or_default();
        let implied_len = if implied.is_some() { 4 } else { 0 };
        let hashed_len = H::BLOCK_LEN.wrapping_add(self.absorbed).wrapping_add(rest.len());
        let (mut last, mut digest_block) = (H::ZEROS, H::DIGEST_BLOCK);
        let end = H::write_last(&mut last, hashed_len.wrapping_add(implied_len), over, implied);
        // A call for no block is not free.
        if !blocks.is_empty() {
            H::compress(&mut self.state, blocks);
        }
        H::compress_last(&mut self.state, &last, end);
        let mut outer = self.mac.outer;
        H::compress_digest(&mut outer, &mut digest_block, &self.state);
        let digest = H::digest(&outer);
        let digest = digest.get(..H::OUTPUT_LEN).unwrap_or_default();
        // Copied as a whole where the length is one of those in use.
        match (<&mut [u8; 12]>::try_from(&mut *icv), digest.first_chunk()) {
            (Ok(icv), Some(digest)) => *icv = *digest,
            _ => put(icv, 0, digest),
        }
    }

    // Whole chunks need not be told apart from what ends the message.
    #[inline]
    fn finish_message(self, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
        let rest = octets.get(self.absorbed..).unwrap_or_default();
        self.finish(rest, implied, icv);
    }
}

impl<H: HashFunction> fmt::Debug for HmacRunning<'_, H> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HmacRunning<{}>(.., {} octets)", H::NAME, self.absorbed)
    }
}
