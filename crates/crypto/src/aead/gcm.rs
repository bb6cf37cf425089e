use core::fmt;

use ::cipher::BlockCipherEncrypt as _;
use ::cipher::array::Array;
use ghash::universal_hash::UniversalHash as _;
use ghash::{Block, GHash};

use crate::cipher::{AesCipher, ShapeError, add, apply_keystream, apply_keystream_and_mask};
use crate::mac::{NotAuthentic, equal};
use crate::{KeyError, Secret};

/// AES in Galois/counter mode, NIST SP 800-38D, with nonces of twelve octets; as RFC 4106 and RFC 4543 use it.
///
/// Two texts under the same key and nonce give both away, and the key to forge with.
pub struct Gcm<C> {
    cipher: C,
    ghash: GHash,
}

impl<C: AesCipher> Gcm<C> {
    /// A cipher from its key, without salt.
    ///
    /// # Errors
    /// When the key has another length.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        let cipher = C::new(key)?;
        let mut hash_key = ghash::Key::default();
        cipher.raw().encrypt_block(&mut hash_key);
        let ghash = GHash::new(&hash_key);
        zeroize::Zeroize::zeroize(&mut hash_key.0);
        Ok(Self { cipher, ghash })
    }

    /// Encrypts `text` in place and writes the tag over the `associated` octets, piece after piece, and the text.
    ///
    /// Without a text this is GMAC.
    ///
    /// # Errors
    /// When the tag is not 8, 12 or 16 octets long; the text is left as it came.
    #[inline]
    pub fn seal(
        &self,
        nonce: [u8; 12],
        associated: &[&[u8]],
        text: &mut [u8],
        tag: &mut [u8],
    ) -> Result<(), ShapeError> {
        check_tag_len(tag.len())?;
        let mask = apply_keystream_and_mask(&self.cipher, nonce, 1, 2, text);
        let code = self.code(mask, associated, text);
        for (to, from) in tag.iter_mut().zip(code) {
            *to = from;
        }
        Ok(())
    }

    /// Verifies the tag over the `associated` octets and `text`, and decrypts `text` in place when it is good.
    ///
    /// # Errors
    /// When it is not; the text is left as it came.
    #[inline]
    pub fn open(
        &self,
        nonce: [u8; 12],
        associated: &[&[u8]],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), NotAuthentic> {
        check_tag_len(tag.len()).map_err(|_| NotAuthentic)?;
        let mask = apply_keystream_and_mask(&self.cipher, nonce, 1, 2, &mut []);
        let code = self.code(mask, associated, text);
        equal(code.get(..tag.len()).unwrap_or_default(), tag)?;
        apply_keystream(&self.cipher, nonce, 2, text);
        Ok(())
    }

    /// The whole tag of an encrypted text.
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

/// Whether a tag is as long as RFC 4106 section 6 has it.
fn check_tag_len(len: usize) -> Result<(), ShapeError> {
    match len {
        8 | 12 | 16 => Ok(()),
        _ => Err(ShapeError::Icv { needed: 16, available: len }),
    }
}

/// Absorbs the pieces as one run of octets, its last block filled with zeros; returns how many octets they were.
#[inline]
fn absorb(ghash: &mut GHash, pieces: &[&[u8]]) -> u64 {
    let mut len = 0u64;
    let mut block = Block::default();
    let mut filled = 0usize;
    for piece in pieces {
        len = len.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        let mut piece = *piece;
        if filled > 0 {
            let (start, rest) =
                piece.split_at_checked(block.len().saturating_sub(filled)).unwrap_or((piece, &[]));
            add(block.get_mut(filled..).unwrap_or_default(), start);
            filled = filled.saturating_add(start.len());
            piece = rest;
            if filled < block.len() {
                continue;
            }
            ghash.update(&[block]);
            block = Block::default();
        }
        let (blocks, rest) = Array::slice_as_chunks(piece);
        ghash.update(blocks);
        add(&mut block, rest);
        filled = rest.len();
    }
    if filled > 0 {
        ghash.update(&[block]);
    }
    len
}
