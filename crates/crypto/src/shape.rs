use thiserror::Error;

/// What an initialization vector has to be. No algorithm of IPsec has another rule, so nothing will be added: it is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum IvRule {
    /// The mode has no initialization vector.
    None,
    /// Whoever chooses the text must not be able to predict it: the modes with chained blocks.
    Unpredictable,
    /// Never the same twice under one key: the counter modes, which lose everything when it is.
    NeverRepeated,
}

/// Where the parts of a packet stand: what comes before the text is authenticated only, the text goes to the end. It is exhaustive:
/// a packet has no other parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Shape {
    /// Where the initialization vector begins, in octets from the start.
    pub iv_offset: usize,
    /// Where the text begins, in octets from the start. The whole length when nothing is to be encrypted.
    pub text_offset: usize,
}

/// A packet that a transform cannot work on; it was left as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ShapeError {
    /// The offsets of the parts are not in order, or beyond the packet's end.
    #[error(
        "a vector at offset {iv_offset} and a text at {text_offset} are not in order in a packet of {len} octets"
    )]
    Offsets {
        /// Where the initialization vector would begin.
        iv_offset: usize,
        /// Where the text would begin.
        text_offset: usize,
        /// Octets of the packet.
        len: usize,
    },
    /// What stands before the initialization vector is too short for what the transform authenticates of it.
    #[error("the header before the initialization vector needs {needed} octets and has {available}")]
    Header {
        /// Octets the transform needs.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
    /// The initialization vector is not where it should be, or not as long.
    #[error("the initialization vector needs {needed} octets and has {available}")]
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
    #[error("the ICV has {needed} octets and there is room for {available}")]
    Icv {
        /// Octets the ICV has.
        needed: usize,
        /// Octets there was room for.
        available: usize,
    },
}

/// The octets between `iv_offset` and the text: a mode takes the first of them as its initialization vector.
pub(crate) fn before_text(packet: &[u8], shape: Shape, needed: usize) -> Result<&[u8], ShapeError> {
    packet
        .get(shape.iv_offset..shape.text_offset)
        .filter(|octets| octets.len() >= needed)
        .ok_or(ShapeError::Iv { needed, available: shape.text_offset.saturating_sub(shape.iv_offset) })
}

/// The `N` octets of initialization vector that stand before the text.
pub(crate) fn iv_of<const N: usize>(packet: &[u8], shape: Shape) -> Result<[u8; N], ShapeError> {
    let octets = before_text(packet, shape, N)?;
    octets.first_chunk().copied().ok_or(ShapeError::Iv { needed: N, available: octets.len() })
}

/// Whether the text of a packet of `len` octets fills blocks of `block_len`.
pub(crate) fn check_text(len: usize, shape: Shape, block_len: usize) -> Result<(), ShapeError> {
    let error = ShapeError::Text { len: len.saturating_sub(shape.text_offset), block_len };
    let text_len = len.checked_sub(shape.text_offset).ok_or(error)?;
    if text_len.is_multiple_of(block_len) { Ok(()) } else { Err(error) }
}

/// What comes before the text of a packet, and the text.
pub(crate) fn split_text(packet: &mut [u8], shape: Shape) -> Result<(&mut [u8], &mut [u8]), ShapeError> {
    let len = packet.len();
    packet
        .split_at_mut_checked(shape.text_offset)
        .ok_or(ShapeError::Text { len: len.saturating_sub(shape.text_offset), block_len: 1 })
}
