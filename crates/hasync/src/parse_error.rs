//! Why octets are not an HA message, or a message is not a record.

use wire::LengthError;

use crate::AttributeCode;

/// A rule of the profile that was broken. Offsets count from the start of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end inside an element, or a length field says less than its header has.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Octets follow an element that has ended: the message, or the value of an attribute of fixed length.
    #[error("{count} octets too many after {element}, at offset {offset}")]
    TrailingOctets {
        /// What has ended.
        element: &'static str,
        /// Where the first octet behind it stands.
        offset: usize,
        /// How many octets follow.
        count: usize,
    },
    /// An address has neither 4 nor 16 octets.
    #[error(
        "{element} has an address of {available} octets at offset {offset} of the HA message, but an address has 4 or 16"
    )]
    AddressLength {
        /// The attribute that holds the address.
        element: &'static str,
        /// Where the address begins.
        offset: usize,
        /// Octets that it has.
        available: usize,
    },
    /// A record lacks an attribute that it must have.
    #[error("the record must have attribute {code}, but the message has none")]
    MissingAttribute {
        /// The attribute that is missing.
        code: AttributeCode,
    },
    /// A record has an attribute twice that it may have once.
    #[error("the record may have attribute {code} once, but a second one stands at offset {offset}")]
    DuplicateAttribute {
        /// The attribute that is there twice.
        code: AttributeCode,
        /// Where the second one begins.
        offset: usize,
    },
    /// The message was built from values: no octets are there to read a record from.
    #[error(
        "the message was built from values: emit it and parse its octets before reading a record from it"
    )]
    NotRead,
}
