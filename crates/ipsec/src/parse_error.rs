use wire::LengthError;

/// The reason why octets are not a packet of ESP or AH, as far as that can be told without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end before an element does.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Octets follow behind the end of the header or packet.
    #[error("{len} octets follow at offset {offset}, where the header or packet should end")]
    TrailingOctets {
        /// The offset of the first of these octets.
        offset: usize,
        /// The number of these octets.
        len: usize,
    },
    /// The payload length field of AH is too small for AH's own fixed fields, RFC 4302 section 2.2. The field counts
    /// words of 32 bits, less two.
    #[error("the payload length field of AH says {payload_len} at offset {offset}, but AH needs at least 1")]
    PayloadLength {
        /// The offset of the field.
        offset: usize,
        /// The value of the field.
        payload_len: u8,
    },
}
