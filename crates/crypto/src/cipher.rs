//! The block ciphers, and the modes in which IPsec uses them, in place on the caller's packet.
//!
//! DES and 3DES use tables that are indexed by secret octets, so their time may depend on the key and the text. The
//! time of AES does not: it uses instructions of the processor, or a bit-sliced form where the processor has none.

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
    /// Returns the length in octets of the initialization vector of each packet.
    fn iv_len(&self) -> usize;

    /// Returns the block length in octets. The length of a text must be a multiple of it.
    fn block_len(&self) -> usize;

    /// Returns the rule for the initialization vector.
    fn iv_rule(&self) -> IvRule;

    /// Encrypts the text of `packet` in place. `running` may absorb whole chunks from the front of the packet as soon
    /// as they are final: any number of them, but never the last octet.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the packet does not have this shape; it is then unchanged.
    fn encrypt(&self, packet: &mut [u8], shape: Shape, running: &mut impl Running) -> Result<(), ShapeError>;

    /// Decrypts the text of `packet` in place.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the packet does not have this shape; it is then unchanged.
    fn decrypt(&self, packet: &mut [u8], shape: Shape) -> Result<(), ShapeError>;
}

#[cfg(test)]
mod tests;
