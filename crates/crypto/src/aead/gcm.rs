use core::fmt;

use ::cipher::array::Array;
use ghash::universal_hash::UniversalHash as _;
use ghash::{Block, GHash};

use crate::cipher::{AesCipher, add, counter_block};
use crate::mac::{equal, put};
use crate::{KeyError, NotAuthentic, Secret, ShapeError};

/// AES-GCM (Galois/counter mode), NIST SP 800-38D, as RFC 4106 and RFC 4543 use it: nonces have twelve octets.
///
/// Never seal two texts with the same key and nonce: that reveals both texts and lets an attacker forge packets.
pub struct Gcm<C> {
    cipher: C,
    ghash: GHash,
}

impl<C: AesCipher> Gcm<C> {
    /// Makes the cipher from its key, without the salt.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when the key does not have the cipher's key length.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        let cipher = C::new(key)?;
        let mut hash_key = [0; 16];
        cipher.encrypt_block(&mut hash_key);
        let ghash = GHash::new((&hash_key).into());
        zeroize::Zeroize::zeroize(&mut hash_key);
        Ok(Self { cipher, ghash })
    }

    /// Encrypts `text` in place, and writes the tag over the `associated` octets (one piece after another) and the
    /// text.
    ///
    /// With an empty text, this is GMAC.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the tag does not have 8, 12 or 16 octets; the text is then unchanged.
    #[inline]
    pub fn seal(
        &self,
        nonce: [u8; 12],
        associated: &[&[u8]],
        text: &mut [u8],
        tag: &mut [u8],
    ) -> Result<(), ShapeError> {
        check_tag_len(tag.len())?;
        let mask = self.mask(nonce, text);
        let code = self.code(mask, associated, text);
        // `check_tag_len` has checked that the tag has one of its lengths.
        put(tag, 0, &code);
        Ok(())
    }

    /// Verifies the tag over the `associated` octets and `text`, and decrypts `text` in place when the tag is right.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when the tag is wrong; the text is then unchanged.
    #[inline]
    pub fn open(
        &self,
        nonce: [u8; 12],
        associated: &[&[u8]],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), NotAuthentic> {
        check_tag_len(tag.len()).map_err(|_| NotAuthentic)?;
        let mask = self.mask(nonce, &mut []);
        let code = self.code(mask, associated, text);
        equal(code.get(..tag.len()).ok_or(NotAuthentic)?, tag)?;
        self.cipher.add_keystream(nonce, 2, text, None);
        Ok(())
    }

    /// Begins a GMAC, which is a tag over octets that come in pieces and are not encrypted.
    #[inline]
    #[must_use]
    pub fn start_gmac(&self, nonce: [u8; 12]) -> GmacRunning {
        let mask = self.mask(nonce, &mut []);
        GmacRunning { mask, ghash: self.ghash.clone(), run: Run::default() }
    }

    /// Adds the keystream to `text`. Returns the first encrypted counter block, which masks the tag.
    #[inline]
    fn mask(&self, nonce: [u8; 12], text: &mut [u8]) -> [u8; 16] {
        let mut mask = counter_block(nonce, 1).0;
        self.cipher.add_keystream(nonce, 2, text, Some(&mut mask));
        mask
    }

    /// Returns the whole tag of an encrypted text.
    #[inline]
    fn code(&self, mut mask: [u8; 16], associated: &[&[u8]], text: &[u8]) -> [u8; 16] {
        let mut ghash = self.ghash.clone();
        let associated_len = absorb(&mut ghash, associated);
        let text_len = absorb(&mut ghash, &[text]);
        let mut lengths = Block::default();
        let bits = [associated_len, text_len].map(|len| len.saturating_mul(8).to_be_bytes());
        add(&mut lengths, bits.as_flattened());
        ghash.update(&[lengths]);
        add(&mut mask, &ghash.finalize());
        mask
    }
}

impl<C> zeroize::ZeroizeOnDrop for Gcm<C> {}

impl<C: fmt::Debug> fmt::Debug for Gcm<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Gcm({:?})", self.cipher)
    }
}

/// Checks that the length of a tag is one of those in RFC 4106 section 6.
fn check_tag_len(len: usize) -> Result<(), ShapeError> {
    match len {
        8 | 12 | 16 => Ok(()),
        _ => Err(ShapeError::Icv { needed: 16, available: len }),
    }
}

/// Absorbs the pieces as one run of octets, with its last block filled with zeros. Returns the number of octets.
#[inline]
fn absorb(ghash: &mut GHash, pieces: &[&[u8]]) -> u64 {
    let mut run = Run::default();
    for piece in pieces {
        run.put(ghash, piece);
    }
    run.end(ghash)
}

/// Octets in pieces on their way into GHASH, with the block that is not full yet.
#[derive(Default)]
struct Run {
    block: Block,
    filled: usize,
    len: u64,
}

impl Run {
    #[inline]
    fn put(&mut self, ghash: &mut GHash, piece: &[u8]) {
        // default: a length in memory fits into 64 bits.
        self.len = self.len.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        let mut piece = piece;
        if self.filled > 0 {
            let room = self.block.len().saturating_sub(self.filled);
            // default: a piece that is shorter than the room goes into the block whole.
            let (start, rest) = piece.split_at_checked(room).unwrap_or((piece, &[]));
            // default: never more is filled than a block.
            add(self.block.get_mut(self.filled..).unwrap_or_default(), start);
            self.filled = self.filled.saturating_add(start.len());
            piece = rest;
            if self.filled < self.block.len() {
                return;
            }
            ghash.update(&[self.block]);
            self.block = Block::default();
        }
        let (blocks, rest) = Array::slice_as_chunks(piece);
        ghash.update(blocks);
        add(&mut self.block, rest);
        self.filled = rest.len();
    }

    #[inline]
    fn end(self, ghash: &mut GHash) -> u64 {
        if self.filled > 0 {
            ghash.update(&[self.block]);
        }
        self.len
    }
}

/// A GMAC that has taken part of its octets.
pub struct GmacRunning {
    mask: [u8; 16],
    ghash: GHash,
    run: Run,
}

impl GmacRunning {
    /// Takes the next octets.
    #[inline]
    pub fn put(&mut self, piece: &[u8]) {
        self.run.put(&mut self.ghash, piece);
    }

    /// Returns the whole tag.
    #[inline]
    #[must_use]
    pub fn finish(mut self) -> [u8; 16] {
        let len = self.run.end(&mut self.ghash);
        let mut lengths = Block::default();
        add(&mut lengths, &len.saturating_mul(8).to_be_bytes());
        self.ghash.update(&[lengths]);
        add(&mut self.mask, &self.ghash.finalize());
        self.mask
    }
}

impl fmt::Debug for GmacRunning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "GmacRunning(.., {} octets)", self.run.len)
    }
}
