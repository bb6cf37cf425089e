use core::fmt;

use ::cipher::array::Array;
use ::cipher::consts::U16;
use ::cipher::{BlockCipherEncBackend, BlockCipherEncClosure, BlockSizeUser};

use crate::cipher::{AesCipher, add, counter_block};
use crate::mac::{equal, put};
use crate::{KeyError, NotAuthentic, Secret, ShapeError};

/// The greatest length of associated data in octets whose length fits the short form, RFC 3610 section 2.2.
const ASSOCIATED_MAX_LEN: usize = 0xfeff;

/// AES-CCM (counter mode with CBC-MAC), RFC 3610, as RFC 4309 uses it: nonces have eleven octets and length fields
/// four.
///
/// Never seal two texts with the same key and nonce: that reveals both texts.
pub struct Ccm<C> {
    cipher: C,
}

impl<C: AesCipher> Ccm<C> {
    /// Makes the cipher from its key, without the salt.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when the key does not have the cipher's key length.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(Self { cipher: C::new(key)? })
    }

    /// Encrypts `text` in place, and writes the tag over the `associated` octets and the text.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the tag does not have 8, 12 or 16 octets, or when the text has 2^32 octets or
    /// more; the text is then unchanged.
    pub fn seal(
        &self,
        nonce: [u8; 11],
        associated: &[u8],
        text: &mut [u8],
        tag: &mut [u8],
    ) -> Result<(), ShapeError> {
        let first = first_block(nonce, associated, text.len(), tag.len())?;
        let mut code = [0; 16];
        let text = Text::Seal(text);
        let pass = Pass { prefix: prefix(nonce), first, associated, text, code: &mut code };
        self.cipher.pass(pass);
        // `first_block` has checked that the tag has one of its lengths.
        put(tag, 0, &code);
        Ok(())
    }

    /// Verifies the tag over the `associated` octets and the plaintext of `text`, and then decrypts `text` in place.
    ///
    /// The tag of CCM covers the plaintext. The plaintext is computed one block at a time, and no block is kept.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when the tag is wrong; the text is then unchanged.
    pub fn open(
        &self,
        nonce: [u8; 11],
        associated: &[u8],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), NotAuthentic> {
        let first = first_block(nonce, associated, text.len(), tag.len()).map_err(|_| NotAuthentic)?;
        let mut code = [0; 16];
        let prefix = prefix(nonce);
        let pass = Pass { prefix, first, associated, text: Text::Verify(text), code: &mut code };
        self.cipher.pass(pass);
        equal(code.get(..tag.len()).ok_or(NotAuthentic)?, tag)?;
        self.cipher.add_keystream(prefix, 1, text, None);
        Ok(())
    }
}

impl<C: fmt::Debug> fmt::Debug for Ccm<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Ccm({:?})", self.cipher)
    }
}

/// Returns the start of all counter blocks, RFC 3610 section 2.3: the number of length octets less one, and the
/// nonce.
fn prefix([n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10]: [u8; 11]) -> [u8; 12] {
    [3, n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10]
}

/// Returns the first block of the CBC-MAC, RFC 3610 section 2.2.
fn first_block(
    nonce: [u8; 11],
    associated: &[u8],
    text_len: usize,
    tag_len: usize,
) -> Result<Array<u8, U16>, ShapeError> {
    let tag_bits = match tag_len {
        8 => 3 << 3,
        12 => 5 << 3,
        16 => 7 << 3,
        _ => return Err(ShapeError::Icv { needed: 16, available: tag_len }),
    };
    let too_long = |len| ShapeError::Text { len, block_len: 1 };
    if associated.len() > ASSOCIATED_MAX_LEN {
        return Err(too_long(associated.len()));
    }
    let len = u32::try_from(text_len).map_err(|_| too_long(text_len))?;
    let mut block = counter_block(prefix(nonce), len);
    let associated_bit = if associated.is_empty() { 0 } else { 0x40 };
    if let Some(flags) = block.first_mut() {
        *flags |= associated_bit | tag_bits;
    }
    Ok(block)
}

enum Text<'a> {
    /// The plaintext, which is encrypted.
    Seal(&'a mut [u8]),
    /// The ciphertext, which is only read.
    Verify(&'a [u8]),
}

/// One pass over a text. The chain of the MAC and the keystream do not wait for each other.
pub struct Pass<'a> {
    prefix: [u8; 12],
    first: Array<u8, U16>,
    associated: &'a [u8],
    text: Text<'a>,
    code: &'a mut [u8; 16],
}

impl fmt::Debug for Pass<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pass(..)")
    }
}

impl BlockSizeUser for Pass<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Pass<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Self { prefix, first, associated, text, code } = self;
        let mut chain = first;
        backend.encrypt_block_inplace(&mut chain);
        if !associated.is_empty() {
            // default: `first_block` refuses longer data.
            let len = u16::try_from(associated.len()).unwrap_or(u16::MAX).to_be_bytes();
            // default: data that is shorter than the room goes into the first block whole.
            let (start, rest) = associated.split_at_checked(14).unwrap_or((associated, &[]));
            add(&mut chain, &len);
            // default: a block has more than two octets.
            add(chain.get_mut(2..).unwrap_or_default(), start);
            backend.encrypt_block_inplace(&mut chain);
            let (blocks, rest) = rest.as_chunks::<16>();
            for block in blocks {
                add(&mut chain, block);
                backend.encrypt_block_inplace(&mut chain);
            }
            if !rest.is_empty() {
                add(&mut chain, rest);
                backend.encrypt_block_inplace(&mut chain);
            }
        }
        let mut number = 0u32;
        let mut keystream = || {
            let mut block = counter_block(prefix, number);
            number = number.wrapping_add(1);
            backend.encrypt_block_inplace(&mut block);
            block
        };
        let mask = keystream();
        let mut chained = |plain: &[u8]| {
            add(&mut chain, plain);
            backend.encrypt_block_inplace(&mut chain);
        };
        match text {
            Text::Seal(text) => {
                let (blocks, rest) = text.as_chunks_mut::<16>();
                for block in blocks {
                    let keystream = keystream();
                    chained(block);
                    add(block, &keystream);
                }
                if !rest.is_empty() {
                    let keystream = keystream();
                    chained(rest);
                    add(rest, &keystream);
                }
            }
            Text::Verify(text) => {
                let (blocks, rest) = text.as_chunks::<16>();
                for block in blocks {
                    let mut plain = keystream();
                    add(&mut plain, block);
                    chained(&plain);
                }
                if !rest.is_empty() {
                    let mut plain = keystream();
                    add(&mut plain, rest);
                    // default: the rest is shorter than a block.
                    chained(plain.get(..rest.len()).unwrap_or_default());
                }
            }
        }
        add(&mut chain, &mask);
        *code = chain.0;
    }
}
