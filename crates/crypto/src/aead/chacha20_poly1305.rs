use core::fmt;

use chacha20::cipher::{Block, KeyIvInit as _, StreamCipherCore as _};
use chacha20::variants::Ietf;
use chacha20::{ChaChaCore, R20};
use poly1305::Poly1305;
use poly1305::universal_hash::{KeyInit as _, UniversalHash as _};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::cipher::add;
use crate::mac::{equal, put};
use crate::{KeyError, NotAuthentic, Secret, ShapeError};

/// ChaCha20-Poly1305, RFC 8439, as RFC 7634 uses it: nonces have twelve octets and tags sixteen.
///
/// Never seal two texts with the same key and nonce: that reveals both texts and lets an attacker forge packets.
pub struct ChaCha20Poly1305 {
    key: [u8; Self::KEY_LEN],
}

type Core = ChaChaCore<R20, Ietf>;

impl ChaCha20Poly1305 {
    /// The length of the key in octets, without the salt.
    pub const KEY_LEN: usize = 32;

    /// Makes the cipher from its key, without the salt.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when the key does not have 32 octets.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(Self { key: *key.array("ChaCha20")? })
    }

    /// Encrypts `text` in place, and writes the tag over the `associated` octets and the text.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the tag does not have 16 octets; the text is then unchanged.
    pub fn seal(
        &self,
        nonce: [u8; 12],
        associated: &[u8],
        text: &mut [u8],
        tag: &mut [u8],
    ) -> Result<(), ShapeError> {
        let available = tag.len();
        let tag: &mut [u8; 16] = tag.try_into().map_err(|_| ShapeError::Icv { needed: 16, available })?;
        let (mut cipher, hash) = self.start(nonce);
        apply(&mut cipher, text);
        *tag = code(hash, associated, text);
        Ok(())
    }

    /// Verifies the tag over the `associated` octets and `text`, and decrypts `text` in place when the tag is right.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when the tag is wrong; the text is then unchanged.
    pub fn open(
        &self,
        nonce: [u8; 12],
        associated: &[u8],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), NotAuthentic> {
        let (mut cipher, hash) = self.start(nonce);
        equal(&code(hash, associated, text), tag)?;
        apply(&mut cipher, text);
        Ok(())
    }

    /// Begins with a nonce. Block 0 of the keystream is the key of Poly1305 (RFC 8439 section 2.6), and the text is
    /// encrypted from block 1 on.
    fn start(&self, nonce: [u8; 12]) -> (Core, Poly1305) {
        let mut cipher = Core::new((&self.key).into(), (&nonce).into());
        let mut block = Block::<Core>::default();
        cipher.write_keystream_block(&mut block);
        let mut key = poly1305::Key::default();
        put(&mut key, 0, &block);
        let hash = Poly1305::new(&key);
        key.zeroize();
        block.zeroize();
        (cipher, hash)
    }
}

/// Adds the keystream that comes next to `text`.
fn apply(cipher: &mut Core, text: &mut [u8]) {
    let (blocks, rest) = Block::<Core>::slice_as_chunks_mut(text);
    cipher.apply_keystream_blocks(blocks);
    if !rest.is_empty() {
        let mut block = Block::<Core>::default();
        cipher.write_keystream_block(&mut block);
        add(rest, &block);
        block.zeroize();
    }
}

/// Returns the tag over the associated octets and the encrypted text, each filled up with zeros to whole blocks, and
/// their lengths (RFC 8439 section 2.8).
fn code(mut hash: Poly1305, associated: &[u8], text: &[u8]) -> [u8; 16] {
    for octets in [associated, text] {
        let (blocks, rest) = poly1305::Block::slice_as_chunks(octets);
        hash.update(blocks);
        if !rest.is_empty() {
            let mut block = poly1305::Block::default();
            put(&mut block, 0, rest);
            hash.update(&[block]);
        }
    }
    let mut lengths = poly1305::Block::default();
    let lens = [associated, text].map(|octets| {
        // default: a length in memory fits into 64 bits.
        u64::try_from(octets.len()).unwrap_or(u64::MAX).to_le_bytes()
    });
    put(&mut lengths, 0, lens.as_flattened());
    hash.update(&[lengths]);
    hash.finalize().into()
}

impl Drop for ChaCha20Poly1305 {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl ZeroizeOnDrop for ChaCha20Poly1305 {}

impl fmt::Debug for ChaCha20Poly1305 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ChaCha20Poly1305(..)")
    }
}
