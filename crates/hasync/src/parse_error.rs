//! Why octets are no HA message, or a message no record.

use wire::LengthError;

use crate::AttributeCode;

/// A rule of the profile that was broken. Offsets count from the start of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end inside an element, or a length field leaves it too little room.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// There are octets behind the length of the message, or behind a value of fixed length.
    #[error("{count} octets too many at offset {offset}")]
    TrailingOctets {
        /// Where the first of them stands.
        offset: usize,
        /// How many there are.
        count: usize,
    },
    /// An address has neither 4 nor 16 octets.
    #[error("an address of {available} octets at offset {offset}")]
    AddressLength {
        /// Where it begins.
        offset: usize,
        /// Octets it has.
        available: usize,
    },
    /// A record lacks an attribute.
    #[error("attribute {code} is missing")]
    MissingAttribute {
        /// Which one.
        code: AttributeCode,
    },
    /// A record has an attribute twice that it has once.
    #[error("attribute {code} at offset {offset} is there twice")]
    DuplicateAttribute {
        /// Which one.
        code: AttributeCode,
        /// Where the second begins.
        offset: usize,
    },
}
