use thiserror::Error;

/// The rule that an initialization vector must follow. The algorithms of IPsec have no other rules, so the enum is
/// exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum IvRule {
    /// The mode has no initialization vector.
    None,
    /// The vector must be unpredictable for whoever chooses the text. The CBC modes need this.
    Unpredictable,
    /// The vector must never occur twice with one key. The counter modes need this; they lose all protection when a
    /// vector repeats.
    NeverRepeated,
}

/// The places of the parts of a packet. The octets before the text are authenticated only, and the text reaches to
/// the end of the packet. A packet has no other parts, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Shape {
    /// The offset of the initialization vector in octets.
    pub iv_offset: usize,
    /// The offset of the text in octets. It is the length of the packet when nothing is encrypted.
    pub text_offset: usize,
}

/// The reason why an algorithm cannot process a packet. The packet is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ShapeError {
    /// The offsets of the parts are not in order, or lie beyond the end of the packet.
    #[error(
        "the initialization vector at offset {iv_offset} and the text at offset {text_offset} do not fit, in this order, into a packet of {len} octets"
    )]
    Offsets {
        /// The offset of the initialization vector.
        iv_offset: usize,
        /// The offset of the text.
        text_offset: usize,
        /// The length of the packet in octets.
        len: usize,
    },
    /// The octets before the initialization vector are fewer than the transform authenticates.
    #[error(
        "the header before the initialization vector has {available} octets, but the transform needs {needed}"
    )]
    Header {
        /// The length in octets that the transform needs.
        needed: usize,
        /// The length in octets that there is.
        available: usize,
    },
    /// The initialization vector does not have the length that the mode needs.
    #[error("the initialization vector has {available} octets, but the mode needs {needed}")]
    Iv {
        /// The length in octets that the mode needs.
        needed: usize,
        /// The length in octets that there is.
        available: usize,
    },
    /// The text is not whole blocks, or begins after the end of the packet.
    #[error("the text has {len} octets, which is not a multiple of the block length of {block_len} octets")]
    Text {
        /// The length of the text in octets.
        len: usize,
        /// The block length in octets.
        block_len: usize,
    },
    /// The place for the ICV does not have the length of the ICV.
    #[error("the place for the ICV has {available} octets, but the ICV has {needed}")]
    Icv {
        /// The length of the ICV in octets.
        needed: usize,
        /// The length of the place in octets.
        available: usize,
    },
}

/// Returns the octets from `iv_offset` to the text. A mode takes the first of them as its initialization vector.
/// There must be at least `needed`.
pub(crate) fn before_text(packet: &[u8], shape: Shape, needed: usize) -> Result<&[u8], ShapeError> {
    packet
        .get(shape.iv_offset..shape.text_offset)
        .filter(|octets| octets.len() >= needed)
        .ok_or(ShapeError::Iv { needed, available: shape.text_offset.saturating_sub(shape.iv_offset) })
}

/// Returns the `N` octets of initialization vector before the text.
pub(crate) fn iv_of<const N: usize>(packet: &[u8], shape: Shape) -> Result<[u8; N], ShapeError> {
    let octets = before_text(packet, shape, N)?;
    octets.first_chunk().copied().ok_or(ShapeError::Iv { needed: N, available: octets.len() })
}

/// Checks that the text of a packet of `len` octets is whole blocks of `block_len`.
pub(crate) fn check_text(len: usize, shape: Shape, block_len: usize) -> Result<(), ShapeError> {
    let error = ShapeError::Text { len: len.saturating_sub(shape.text_offset), block_len };
    let text_len = len.checked_sub(shape.text_offset).ok_or(error)?;
    if text_len.is_multiple_of(block_len) { Ok(()) } else { Err(error) }
}

/// Splits a packet into the octets before the text, and the text.
pub(crate) fn split_text(packet: &mut [u8], shape: Shape) -> Result<(&mut [u8], &mut [u8]), ShapeError> {
    let len = packet.len();
    packet
        .split_at_mut_checked(shape.text_offset)
        .ok_or(ShapeError::Text { len: len.saturating_sub(shape.text_offset), block_len: 1 })
}
