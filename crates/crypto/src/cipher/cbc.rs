use core::marker::PhantomData;

use ::cipher::array::{Array, ArraySize};
use ::cipher::typenum::Unsigned as _;
use ::cipher::{
    BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherDecrypt as _, BlockCipherEncBackend,
    BlockCipherEncClosure, BlockCipherEncrypt as _, BlockSizeUser, ParBlocks,
};

use super::{BlockCipher, Cipher, IvRule, Shape, ShapeError, add, check_text};
use crate::mac::Running;
use crate::{KeyError, Secret};

/// A block cipher in cipher block chaining mode: RFC 2405 (DES), RFC 2451 (3DES), RFC 3602 (AES).
#[derive(Debug)]
pub struct Cbc<C> {
    cipher: C,
}

impl<C: BlockCipher> Cbc<C> {
    /// A cipher from its key.
    ///
    /// # Errors
    /// When the key has another length, or must not be used.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(Self { cipher: C::new(key)? })
    }

    /// Encrypts `text` in place after the initialization vector `iv`.
    ///
    /// # Errors
    /// When `iv` is not one block, or `text` does not fill its last block; it is left as it came.
    pub fn encrypt_text(&self, iv: &[u8], text: &mut [u8]) -> Result<(), ShapeError> {
        check_text(text.len(), Shape { iv_offset: 0, text_offset: 0 }, C::BLOCK_LEN)?;
        check_iv(iv, C::BLOCK_LEN)?;
        self.cipher.raw().encrypt_with_backend(Chain { iv, text, block: PhantomData });
        Ok(())
    }

    /// Decrypts `text` in place after the initialization vector `iv`.
    ///
    /// # Errors
    /// When `iv` is not one block, or `text` does not fill its last block; it is left as it came.
    pub fn decrypt_text(&self, iv: &[u8], text: &mut [u8]) -> Result<(), ShapeError> {
        check_text(text.len(), Shape { iv_offset: 0, text_offset: 0 }, C::BLOCK_LEN)?;
        check_iv(iv, C::BLOCK_LEN)?;
        self.cipher.raw().decrypt_with_backend(Unchained { iv, text, block: PhantomData });
        Ok(())
    }

    /// The initialization vector that stands before the text.
    fn iv_of<'a>(&self, packet: &'a [u8], shape: Shape) -> Result<&'a [u8], ShapeError> {
        let before = packet.get(..shape.text_offset).unwrap_or(packet);
        let from = before.get(shape.iv_offset..).unwrap_or_default();
        from.get(..C::BLOCK_LEN).ok_or(ShapeError::Iv { needed: C::BLOCK_LEN, available: from.len() })
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
        self.iv_of(packet, shape)?;
        self.cipher.raw().encrypt_with_backend(Chained { packet, shape, running, block: PhantomData });
        Ok(())
    }

    #[inline]
    fn decrypt(&self, packet: &mut [u8], shape: Shape) -> Result<(), ShapeError> {
        check_text(packet.len(), shape, C::BLOCK_LEN)?;
        self.iv_of(packet, shape)?;
        let (before, text) = packet.split_at_mut_checked(shape.text_offset).unwrap_or_default();
        let iv = before.get(shape.iv_offset..).and_then(|from| from.get(..C::BLOCK_LEN)).unwrap_or_default();
        self.decrypt_text(iv, text)
    }
}

fn check_iv(iv: &[u8], block_len: usize) -> Result<(), ShapeError> {
    if iv.len() == block_len {
        Ok(())
    } else {
        Err(ShapeError::Iv { needed: block_len, available: iv.len() })
    }
}

/// The first block of `octets`. It is read where it is used, in one piece: a copy made in parts is read late.
#[inline(always)]
fn first_block<N: ArraySize>(octets: &[u8]) -> Array<u8, N> {
    Array::<u8, N>::slice_as_chunks(octets).0.first().cloned().unwrap_or_default()
}

/// Decrypts blocks, as many at once as the cipher takes, and adds the ciphertext before each.
struct Unchained<'a, N> {
    /// One block.
    iv: &'a [u8],
    text: &'a mut [u8],
    block: PhantomData<N>,
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
        while blocks.len() >= B::ParBlocksSize::USIZE {
            let (group, others) = core::mem::take(&mut blocks)
                .split_at_mut_checked(B::ParBlocksSize::USIZE)
                .unwrap_or_default();
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

/// Encrypts block after block.
struct Chain<'a, N> {
    /// One block.
    iv: &'a [u8],
    text: &'a mut [u8],
    block: PhantomData<N>,
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

/// Encrypts block after block, and lets a hash absorb the chunk that was finished before: neither waits for the other,
/// so the processor does both at once.
struct Chained<'a, N, R> {
    packet: &'a mut [u8],
    /// Of a packet that has an initialization vector and whole blocks.
    shape: Shape,
    running: &'a mut R,
    block: PhantomData<N>,
}

impl<N: ArraySize, R> BlockSizeUser for Chained<'_, N, R> {
    type BlockSize = N;
}

impl<N: ArraySize, R: Running> BlockCipherEncClosure for Chained<'_, N, R> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = N>>(self, backend: &B) {
        let Self { packet, shape: Shape { iv_offset, text_offset }, running, .. } = self;
        let iv = packet.get(iv_offset..text_offset).unwrap_or_default();
        let mut chain = first_block::<N>(iv);
        let chunk_len = running.chunk_len();
        let mut encrypted = text_offset;
        let mut absorbed = 0usize;
        while encrypted < packet.len() {
            // So far that most of another chunk is final beyond the one that is absorbed next: enough to be at work on while
            // the hash is, and no more than the processor looks ahead.
            let ahead =
                absorbed.saturating_add(chunk_len).saturating_add(chunk_len.saturating_sub(chunk_len / 4));
            let wanted = ahead.saturating_sub(encrypted).max(1).checked_next_multiple_of(N::USIZE);
            let end = encrypted.saturating_add(wanted.unwrap_or(usize::MAX)).min(packet.len());
            let (blocks, _) =
                Array::<u8, N>::slice_as_chunks_mut(packet.get_mut(encrypted..end).unwrap_or_default());
            for block in blocks {
                add(&mut chain, block);
                backend.encrypt_block_inplace(&mut chain);
                block.clone_from(&chain);
            }
            encrypted = end;
            let next = absorbed.saturating_add(chunk_len);
            if next < encrypted {
                running.absorb(packet.get(absorbed..next).unwrap_or_default());
                absorbed = next;
            }
        }
    }
}
