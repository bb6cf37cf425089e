//! Errors of reading an HA message, or of reading a record from a message.

use wire::LengthError;

use crate::AttributeCode;

/// The rule of the profile that the octets break. Offsets are counted from the start of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end inside an element, or a length field is less than the header.
    ///
    /// For an attribute, [`LengthError::Ends`] has one of two forms. Compare `offset` with the `offset` of the
    /// [`AttributeElement`](crate::AttributeElement) to tell them apart:
    ///
    /// * The attribute reaches beyond the end of the message, or of the attribute that holds it. `offset` is that of
    ///   the attribute's code, and `needed` and `available` include the four octets of code and length.
    ///   [`Message::parse`](crate::Message::parse) returns only this form.
    /// * The attribute is whole, but its value is too short for its code. `offset` is that of the value, or of the
    ///   field in the value that is not complete, and `needed` and `available` count from there. It is an error of
    ///   [`Attribute::parse`](crate::Attribute::parse) and [`Envelope::from_message`](crate::Envelope::from_message).
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Octets follow where an element must end: after the message, or in an attribute of fixed length.
    #[error("{count} octets follow {element} at offset {offset} of the HA message, but it must end there")]
    TrailingOctets {
        /// The element that must end here.
        element: &'static str,
        /// The offset of the first octet that is too many.
        offset: usize,
        /// The number of octets that are too many.
        count: usize,
    },
    /// An address does not have 4 or 16 octets.
    #[error(
        "{element} has an address of {available} octets at offset {offset} of the HA message, but an address has 4 or 16"
    )]
    AddressLength {
        /// The attribute that holds the address.
        element: &'static str,
        /// The offset of the address.
        offset: usize,
        /// The number of octets that the address has.
        available: usize,
    },
    /// A record lacks a mandatory attribute.
    #[error("the record must have attribute {code}, but the message does not have it")]
    MissingAttribute {
        /// The attribute that is missing.
        code: AttributeCode,
    },
    /// A record has an attribute twice, but may have it only once.
    #[error(
        "the record may have attribute {code} only once, but a second one is at offset {offset} of the HA message"
    )]
    DuplicateAttribute {
        /// The attribute that is there twice.
        code: AttributeCode,
        /// The offset of the second one.
        offset: usize,
    },
    /// The message was built from values, so there are no octets to read a record from.
    #[error(
        "the message was built from values: emit it and parse its octets before reading a record from it"
    )]
    NotRead,
}
