use ::cipher::array::Array;
use ::cipher::consts::U16;
use ::cipher::typenum::Unsigned as _;
use ::cipher::{
    BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt as _, BlockSizeUser, ParBlocks,
};

use super::AesCipher;

/// Adds the keystream of counter mode to `text`: block number `first` is for its first sixteen octets.
///
/// A counter block is `prefix` and the number in 32 bits, which wraps: CTR, GCM and CCM as IPsec uses them all count so.
pub(crate) fn apply_keystream<C: AesCipher>(cipher: &C, prefix: [u8; 12], first: u32, text: &mut [u8]) {
    cipher.raw().encrypt_with_backend(Keystream { prefix, number: first, text, mask: None });
}

/// As [`apply_keystream`], and the encrypted block number `mask_number` besides: it masks the tag of GCM and CCM.
#[inline]
pub(crate) fn apply_keystream_and_mask<C: AesCipher>(
    cipher: &C,
    prefix: [u8; 12],
    mask_number: u32,
    first: u32,
    text: &mut [u8],
) -> [u8; 16] {
    let mut mask = counter_block(prefix, mask_number);
    cipher.raw().encrypt_with_backend(Keystream { prefix, number: first, text, mask: Some(&mut mask) });
    mask.0
}

/// A counter block.
#[inline(always)]
pub(crate) fn counter_block(prefix: [u8; 12], number: u32) -> Array<u8, U16> {
    let [p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11] = prefix;
    let [n0, n1, n2, n3] = number.to_be_bytes();
    Array([p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, n0, n1, n2, n3])
}

struct Keystream<'a> {
    prefix: [u8; 12],
    number: u32,
    text: &'a mut [u8],
    mask: Option<&'a mut Array<u8, U16>>,
}

impl Keystream<'_> {
    #[inline(always)]
    fn next_block(&mut self) -> Array<u8, U16> {
        let block = counter_block(self.prefix, self.number);
        self.number = self.number.wrapping_add(1);
        block
    }
}

impl BlockSizeUser for Keystream<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Keystream<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(mut self, backend: &B) {
        if let Some(mask) = self.mask.take() {
            backend.encrypt_block_inplace(mask);
        }
        let (mut blocks, rest) = core::mem::take(&mut self.text).as_chunks_mut::<16>();
        while blocks.len() >= B::ParBlocksSize::USIZE {
            let (group, others) = core::mem::take(&mut blocks)
                .split_at_mut_checked(B::ParBlocksSize::USIZE)
                .unwrap_or_default();
            let mut keystream: ParBlocks<B> = Array::from_fn(|_| self.next_block());
            backend.encrypt_par_blocks_inplace(&mut keystream);
            for (block, keystream) in group.iter_mut().zip(&keystream) {
                add(block, keystream);
            }
            blocks = others;
        }
        for block in blocks {
            let mut keystream = self.next_block();
            backend.encrypt_block_inplace(&mut keystream);
            add(block, &keystream);
        }
        if !rest.is_empty() {
            let mut keystream = self.next_block();
            backend.encrypt_block_inplace(&mut keystream);
            add(rest, &keystream);
        }
    }
}

/// Adds `other` to `octets`, as long as both last.
#[inline(always)]
pub(crate) fn add(octets: &mut [u8], other: &[u8]) {
    for (octet, other) in octets.iter_mut().zip(other) {
        *octet ^= other;
    }
}
