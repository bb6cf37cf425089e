use ::cipher::array::Array;
use ::cipher::consts::U16;
use ::cipher::typenum::Unsigned;
use ::cipher::{BlockCipherEncBackend, BlockCipherEncClosure, BlockSizeUser, ParBlocks};

/// Returns a counter block.
#[inline(always)]
pub(crate) fn counter_block(prefix: [u8; 12], number: u32) -> Array<u8, U16> {
    let [p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11] = prefix;
    let [n0, n1, n2, n3] = number.to_be_bytes();
    Array([p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, n0, n1, n2, n3])
}

/// Adds the keystream of counter mode to a text, and encrypts a block that masks a tag.
pub(super) struct Keystream<'a> {
    prefix: [u8; 12],
    number: u32,
    text: &'a mut [u8],
    mask: Option<&'a mut [u8; 16]>,
}

impl<'a> Keystream<'a> {
    #[inline(always)]
    pub(super) const fn new(
        prefix: [u8; 12],
        first: u32,
        text: &'a mut [u8],
        mask: Option<&'a mut [u8; 16]>,
    ) -> Self {
        Self { prefix, number: first, text, mask }
    }

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
            backend.encrypt_block_inplace(mask.into());
        }
        let (mut blocks, rest) = core::mem::take(&mut self.text).as_chunks_mut::<16>();
        while let Some((group, others)) = take_group::<_, B::ParBlocksSize>(&mut blocks) {
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

/// Takes as many blocks as a cipher processes at once. When there are fewer, they stay where they are.
#[inline(always)]
pub(crate) fn take_group<'a, T, N: Unsigned>(blocks: &mut &'a mut [T]) -> Option<(&'a mut [T], &'a mut [T])> {
    if blocks.len() < N::USIZE {
        return None;
    }
    core::mem::take(blocks).split_at_mut_checked(N::USIZE)
}

/// Adds `other` to the front of `octets`. One may be shorter than the other, because a mask is a whole block.
#[inline(always)]
pub(crate) fn add(octets: &mut [u8], other: &[u8]) {
    for (octet, other) in octets.iter_mut().zip(other) {
        *octet ^= other;
    }
}
