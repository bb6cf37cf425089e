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
            H::compress_last(&mut state, key.len(), rest, None);
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
        let (blocks, rest) = if rest.len() <= H::BLOCK_LEN {
            (&[][..], rest)
        } else {
            let over = rest.len().checked_rem(H::BLOCK_LEN).unwrap_or(0);
            rest.split_at_checked(rest.len().saturating_sub(over)).unwrap_or_default()
        };
        // A call for no block is not free.
        if !blocks.is_empty() {
            self.absorb(blocks);
        }
        let message_len = self
            .absorbed
            .saturating_add(rest.len())
            .saturating_add(implied.map_or(0, |implied| implied.len()))
            .saturating_add(H::BLOCK_LEN);
        H::compress_last(&mut self.state, message_len, rest, implied);
        let mut outer = self.mac.outer;
        H::compress_digest(&mut outer, &self.state);
        put(icv, 0, H::digest(&outer).get(..H::OUTPUT_LEN).unwrap_or_default());
    }
}

impl<H: HashFunction> fmt::Debug for HmacRunning<'_, H> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HmacRunning<{}>(.., {} octets)", H::NAME, self.absorbed)
    }
}
