use wire::LengthError;

/// Octets that are no packet of IPsec, as far as can be told without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end before an element does.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Octets follow where none should.
    #[error("{len} octets follow at offset {offset}")]
    TrailingOctets {
        /// Where they begin.
        offset: usize,
        /// How many.
        len: usize,
    },
    /// The payload length of AH leaves no room for its own fixed part, RFC 4302 section 2.2: it counts words of 32 bits, less two.
    #[error("a payload length of {payload_len} at offset {offset}")]
    PayloadLength {
        /// Where it stands.
        offset: usize,
        /// What it is.
        payload_len: u8,
    },
}
