use core::marker::PhantomData;

use ::cipher::array::{Array, ArraySize};
use ::cipher::{
    BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherEncBackend, BlockCipherEncClosure,
    BlockSizeUser, ParBlocks,
};

use super::keystream::take_group;
use super::{BlockCipher, Cipher, add};
use crate::mac::Running;
use crate::shape::{before_text, check_text, split_text};
use crate::{IvRule, KeyError, Secret, Shape, ShapeError};

/// A block cipher in cipher block chaining (CBC) mode: RFC 2405 (DES), RFC 2451 (3DES), RFC 3602 (AES).
#[derive(Debug)]
pub struct Cbc<C> {
    cipher: C,
}

impl<C: BlockCipher> Cbc<C> {
    /// Makes the cipher from its key.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the key does not have the cipher's key length, or when it is a weak key.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(Self { cipher: C::new(key)? })
    }

    /// Encrypts `text` in place with the initialization vector `iv`.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when `iv` is not one block, or when `text` is not whole blocks; the text is then
    /// unchanged.
    pub fn encrypt_text(&self, iv: &[u8], text: &mut [u8]) -> Result<(), ShapeError> {
        check_text(text.len(), Shape { iv_offset: 0, text_offset: 0 }, C::BLOCK_LEN)?;
        check_iv(iv, C::BLOCK_LEN)?;
        self.cipher.chain(iv, text);
        Ok(())
    }

    /// Decrypts `text` in place with the initialization vector `iv`.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when `iv` is not one block, or when `text` is not whole blocks; the text is then
    /// unchanged.
    pub fn decrypt_text(&self, iv: &[u8], text: &mut [u8]) -> Result<(), ShapeError> {
        check_text(text.len(), Shape { iv_offset: 0, text_offset: 0 }, C::BLOCK_LEN)?;
        check_iv(iv, C::BLOCK_LEN)?;
        self.cipher.unchain(iv, text);
        Ok(())
    }
}

impl<C: BlockCipher> Cipher for Cbc<C> {
    fn iv_len(&self) -> usize {
        C::BLOCK_LEN
    }

    fn block_len(&self) -> usize {
        C::BLOCK_LEN
    }

    fn iv_rule(&self) -> IvRule {
        IvRule::Unpredictable
    }

    #[inline]
    fn encrypt(&self, packet: &mut [u8], shape: Shape, running: &mut impl Running) -> Result<(), ShapeError> {
        check_text(packet.len(), shape, C::BLOCK_LEN)?;
        before_text(packet, shape, C::BLOCK_LEN)?;
        self.cipher.chain_and_absorb(packet, shape, running);
        Ok(())
    }

    #[inline]
    fn decrypt(&self, packet: &mut [u8], shape: Shape) -> Result<(), ShapeError> {
        check_text(packet.len(), shape, C::BLOCK_LEN)?;
        let (before, text) = split_text(packet, shape)?;
        let iv_shape = Shape { text_offset: before.len(), ..shape };
        let iv = before_text(before, iv_shape, C::BLOCK_LEN)?;
        self.cipher.unchain(iv, text);
        Ok(())
    }
}

fn check_iv(iv: &[u8], block_len: usize) -> Result<(), ShapeError> {
    if iv.len() == block_len {
        Ok(())
    } else {
        Err(ShapeError::Iv { needed: block_len, available: iv.len() })
    }
}

/// Returns the first block of `octets`. It is read in one piece where it is used, because a copy that is made in
/// parts would be read late.
#[inline(always)]
fn first_block<N: ArraySize>(octets: &[u8]) -> Array<u8, N> {
    // default: `before_text` or `check_iv` has already found a block.
    Array::<u8, N>::slice_as_chunks(octets).0.first().cloned().unwrap_or_default()
}

/// Decrypts blocks, as many at once as the cipher can process, and adds the ciphertext before each.
pub(super) struct Unchained<'a, N> {
    /// One block, or more blocks of which the first is used.
    iv: &'a [u8],
    text: &'a mut [u8],
    block: PhantomData<N>,
}

impl<'a, N> Unchained<'a, N> {
    #[inline(always)]
    pub(super) const fn new(iv: &'a [u8], text: &'a mut [u8]) -> Self {
        Self { iv, text, block: PhantomData }
    }
}

impl<N: ArraySize> BlockSizeUser for Unchained<'_, N> {
    type BlockSize = N;
}

impl<N: ArraySize> BlockCipherDecClosure for Unchained<'_, N> {
    #[inline(always)]
    fn call<B: BlockCipherDecBackend<BlockSize = N>>(self, backend: &B) {
        let Self { iv, text, .. } = self;
        let mut chain = first_block::<N>(iv);
        let (mut blocks, _) = Array::<u8, N>::slice_as_chunks_mut(text);
        while let Some((group, others)) = take_group::<_, B::ParBlocksSize>(&mut blocks) {
            let mut plain: ParBlocks<B> = Array::default();
            for (plain, block) in plain.iter_mut().zip(&*group) {
                plain.clone_from(block);
            }
            backend.decrypt_par_blocks_inplace(&mut plain);
            for (block, plain) in group.iter_mut().zip(&mut plain) {
                add(plain, &chain);
                chain.clone_from(block);
                block.clone_from(plain);
            }
            blocks = others;
        }
        for block in blocks {
            let ciphertext = block.clone();
            backend.decrypt_block_inplace(block);
            add(block, &chain);
            chain = ciphertext;
        }
    }
}

/// Encrypts one block after another.
pub(super) struct Chain<'a, N> {
    /// One block.
    iv: &'a [u8],
    text: &'a mut [u8],
    block: PhantomData<N>,
}

impl<'a, N> Chain<'a, N> {
    #[inline(always)]
    pub(super) const fn new(iv: &'a [u8], text: &'a mut [u8]) -> Self {
        Self { iv, text, block: PhantomData }
    }
}

impl<N: ArraySize> BlockSizeUser for Chain<'_, N> {
    type BlockSize = N;
}

impl<N: ArraySize> BlockCipherEncClosure for Chain<'_, N> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = N>>(self, backend: &B) {
        let Self { iv, text, .. } = self;
        let mut chain = first_block::<N>(iv);
        for block in Array::<u8, N>::slice_as_chunks_mut(text).0 {
            add(&mut chain, block);
            backend.encrypt_block_inplace(&mut chain);
            block.clone_from(&chain);
        }
    }
}

/// Encrypts one block after another, and lets a hash absorb the chunk that was finished before. Neither waits for the
/// other, so the processor does both at once.
pub(super) struct Chained<'a, N, R> {
    packet: &'a mut [u8],
    /// The shape of a packet that has an initialization vector and whole blocks.
    shape: Shape,
    running: &'a mut R,
    block: PhantomData<N>,
}

impl<'a, N, R> Chained<'a, N, R> {
    #[inline(always)]
    pub(super) const fn new(packet: &'a mut [u8], shape: Shape, running: &'a mut R) -> Self {
        Self { packet, shape, running, block: PhantomData }
    }
}

impl<N: ArraySize, R> BlockSizeUser for Chained<'_, N, R> {
    type BlockSize = N;
}

impl<N: ArraySize, R: Running> BlockCipherEncClosure for Chained<'_, N, R> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = N>>(self, backend: &B) {
        let Self { packet, shape: Shape { iv_offset, text_offset }, running, .. } = self;
        // default: `before_text` has found the vector.
        let iv = packet.get(iv_offset..text_offset).unwrap_or_default();
        let mut chain = first_block::<N>(iv);
        let chunk_len = running.chunk_len();
        let mut encrypted = text_offset;
        let mut absorbed = 0usize;
        while encrypted < packet.len() {
            // The cipher runs ahead so far that most of another chunk is final beyond the one that is absorbed next.
            // That is enough work for the time of the hash, and no more than the processor looks ahead.
            let ahead =
                absorbed.saturating_add(chunk_len).saturating_add(chunk_len.saturating_sub(chunk_len / 4));
            let wanted = ahead.saturating_sub(encrypted).max(1).checked_next_multiple_of(N::USIZE);
            // default: a sum beyond all memory means the end of the packet.
            let end = encrypted.saturating_add(wanted.unwrap_or(usize::MAX)).min(packet.len());
            // default: the start is before the end, and the end is within the packet.
            let octets = packet.get_mut(encrypted..end).unwrap_or_default();
            let (blocks, _) = Array::<u8, N>::slice_as_chunks_mut(octets);
            for block in blocks {
                add(&mut chain, block);
                backend.encrypt_block_inplace(&mut chain);
                block.clone_from(&chain);
            }
            encrypted = end;
            let next = absorbed.saturating_add(chunk_len);
            if next < encrypted {
                // default: the encrypted part is within the packet, and the chunk is before its end.
                running.absorb(packet.get(absorbed..next).unwrap_or_default());
                absorbed = next;
            }
        }
    }
}
