//! Ciphers: the block ciphers, and the modes IPsec runs them in, in place on the caller's packet.
//!
//! DES and 3DES look tables up by secret octets, so their time may depend on the key and the text. AES does not where
//! the processor has instructions for it, nor in the bit-sliced form used elsewhere.

mod block;
mod cbc;
mod ctr;
mod keystream;
mod null;

pub(crate) use block::Blocks16;
pub use block::{Aes128, Aes192, Aes256, AesCipher, BlockCipher, Des, TripleDes};
pub use cbc::Cbc;
pub use ctr::Ctr;
pub(crate) use keystream::{add, counter_block};
pub use null::Null;

use crate::mac::Running;
use crate::{IvRule, Shape, ShapeError};

/// A cipher in its mode, with its key.
pub trait Cipher {
    /// Octets of the initialization vector that goes with each packet.
    fn iv_len(&self) -> usize;

    /// What the length of a text has to be a multiple of.
    fn block_len(&self) -> usize;

    /// What the initialization vector has to be.
    fn iv_rule(&self) -> IvRule;

    /// Encrypts the text of `packet` in place, and lets `running` absorb whole chunks from the front of the packet as
    /// they become final: any number of them, but never the last octet.
    ///
    /// # Errors
    /// When the packet is not of this shape; it is left as it came.
    fn encrypt(&self, packet: &mut [u8], shape: Shape, running: &mut impl Running) -> Result<(), ShapeError>;

    /// Decrypts the text of `packet` in place.
    ///
    /// # Errors
    /// When the packet is not of this shape; it is left as it came.
    fn decrypt(&self, packet: &mut [u8], shape: Shape) -> Result<(), ShapeError>;
}

#[cfg(test)]
mod tests;
