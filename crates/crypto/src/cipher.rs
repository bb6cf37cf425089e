//! Ciphers: the block ciphers, and the modes IPsec runs them in, in place on the caller's packet.
//!
//! DES and 3DES look tables up by secret octets, so their time may depend on the key and the text. AES does not where
//! the processor has instructions for it, nor in the bit-sliced form used elsewhere.

mod block;
mod cbc;
mod ctr;
mod keystream;
mod null;

#[doc(hidden)]
pub use block::raw;
pub use block::{Aes128, Aes192, Aes256, AesCipher, BlockCipher, Des, TripleDes};
pub use cbc::Cbc;
pub use ctr::Ctr;
pub(crate) use keystream::{add, apply_keystream, apply_keystream_and_mask, counter_block};
pub use null::Null;

use crate::mac::Running;

/// What an initialization vector has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum IvRule {
    /// There is none.
    None,
    /// Not to be foretold by who chooses the text: the modes with chained blocks.
    Unpredictable,
    /// Never the same twice under one key: the counter modes, which lose everything when it is.
    NeverRepeated,
}

/// Where the parts of a packet stand: what comes before the text is authenticated only, the text goes to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Where the initialization vector begins, in octets from the start.
    pub iv_offset: usize,
    /// Where the text begins, in octets from the start. The whole length when nothing is to be encrypted.
    pub text_offset: usize,
}

/// A packet that a transform cannot work on; it was left as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ShapeError {
    /// The initialization vector is not where it should be, or not as long.
    #[error("an initialization vector of {needed} octets, {available} available")]
    Iv {
        /// Octets the mode needs.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
    /// The text does not fill its last block, or begins after the packet's end.
    #[error("a text of {len} octets does not fill blocks of {block_len}")]
    Text {
        /// Octets of text.
        len: usize,
        /// Octets in a block.
        block_len: usize,
    },
    /// The room for the ICV is not as long as the ICV.
    #[error("an ICV of {needed} octets, room for {available}")]
    Icv {
        /// Octets the ICV has.
        needed: usize,
        /// Octets there was room for.
        available: usize,
    },
}

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

/// The `N` octets of initialization vector that stand before the text.
pub(crate) fn iv_of<const N: usize>(packet: &[u8], shape: Shape) -> Result<[u8; N], ShapeError> {
    let before = packet.get(..shape.text_offset).unwrap_or(packet);
    let from = before.get(shape.iv_offset..).unwrap_or_default();
    from.first_chunk().copied().ok_or(ShapeError::Iv { needed: N, available: from.len() })
}

/// Whether the text of a packet of `len` octets fills blocks of `block_len`.
pub(crate) fn check_text(len: usize, shape: Shape, block_len: usize) -> Result<(), ShapeError> {
    let error = ShapeError::Text { len: len.saturating_sub(shape.text_offset), block_len };
    let text_len = len.checked_sub(shape.text_offset).ok_or(error)?;
    if text_len.is_multiple_of(block_len) { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests;
