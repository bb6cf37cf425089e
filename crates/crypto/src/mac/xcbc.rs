use core::fmt;

use ::cipher::array::Array;
use ::cipher::consts::U16;
use ::cipher::{BlockCipherEncBackend, BlockCipherEncClosure, BlockSizeUser};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::{Mac, Running, put};
use crate::cipher::{Aes128, BlockCipher as _, Blocks16 as _, add};
use crate::{KeyError, Secret};

/// AES-XCBC-MAC, RFC 3566: CBC-MAC with a first derived key, and a last block that is masked with a second or third.
pub struct AesXcbc {
    cipher: Aes128,
    full_mask: [u8; 16],
    padded_mask: [u8; 16],
}

impl AesXcbc {
    /// Makes a MAC from its key of sixteen octets, RFC 3566 section 4.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when the key has another length.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        let key: &[u8; 16] = key.array("AES-XCBC-MAC")?;
        let derive = Aes128::new(key.into())?;
        let mut keys = [[1; 16], [2; 16], [3; 16]];
        for key in &mut keys {
            derive.encrypt_block(key);
        }
        let [mut first, full_mask, padded_mask] = keys;
        let cipher = Aes128::new(Secret::new(&first))?;
        first.zeroize();
        keys.zeroize();
        Ok(Self { cipher, full_mask, padded_mask })
    }
}

impl Mac for AesXcbc {
    type Running<'m> = AesXcbcRunning<'m>;

    fn icv_len(&self) -> usize {
        16
    }

    fn start(&self) -> AesXcbcRunning<'_> {
        AesXcbcRunning { mac: self, state: [0; 16], absorbed: 0 }
    }
}

impl Drop for AesXcbc {
    fn drop(&mut self) {
        self.full_mask.zeroize();
        self.padded_mask.zeroize();
    }
}

impl ZeroizeOnDrop for AesXcbc {}

impl fmt::Debug for AesXcbc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AesXcbc(..)")
    }
}

/// An AES-XCBC-MAC that has taken part of its message.
pub struct AesXcbcRunning<'m> {
    mac: &'m AesXcbc,
    state: [u8; 16],
    absorbed: usize,
}

impl Running for AesXcbcRunning<'_> {
    fn chunk_len(&self) -> usize {
        64
    }

    fn absorbed(&self) -> usize {
        self.absorbed
    }

    fn absorb(&mut self, chunks: &[u8]) {
        let (blocks, rest) = chunks.as_chunks::<16>();
        self.mac.cipher.chain_into(&mut self.state, blocks);
        self.absorbed = self.absorbed.saturating_add(chunks.len()).saturating_sub(rest.len());
    }

    fn finish(mut self, rest: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) {
        let over = rest.len().saturating_sub(1) % 16;
        let blocks_len = rest.len().saturating_sub(1).saturating_sub(over);
        // default: the blocks are not longer than the rest they are cut from.
        let (blocks, rest) = rest.split_at_checked(blocks_len).unwrap_or((&[], rest));
        self.absorb(blocks);
        // The rest is at most a block, and the implied octets may begin another.
        let mut last = [[0; 16]; 2];
        let octets = last.as_flattened_mut();
        let implied = implied.as_ref().map_or(&[][..], |implied| implied);
        let left = rest.len().saturating_add(implied.len());
        put(octets, 0, rest);
        put(octets, rest.len(), implied);
        put(octets, left, &[0x80]);
        let [first, second] = &mut last;
        let block = if left > 16 {
            self.absorb(first);
            second
        } else {
            first
        };
        let full = left == 16 || left == 32;
        add(block, if full { &self.mac.full_mask } else { &self.mac.padded_mask });
        add(block, &self.state);
        self.mac.cipher.encrypt_block(block);
        put(icv, 0, block);
    }
}

impl fmt::Debug for AesXcbcRunning<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AesXcbcRunning(.., {} octets)", self.absorbed)
    }
}

/// Chains whole blocks into a state.
pub(crate) struct CbcMac<'a> {
    pub(crate) state: &'a mut [u8; 16],
    pub(crate) blocks: &'a [[u8; 16]],
}

impl BlockSizeUser for CbcMac<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for CbcMac<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let mut state = Array(*self.state);
        for block in self.blocks {
            add(&mut state, block);
            backend.encrypt_block_inplace(&mut state);
        }
        *self.state = state.0;
    }
}
