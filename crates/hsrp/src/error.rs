//! The error of all parsers in this crate.

use wire::LengthError;

use crate::{Opcode, TlvType};

/// Why octets cannot be read as an HSRP message.
///
/// Every variant says what was found, and the text of the error says what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end inside the message or inside one of its TLVs.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The first octet does not tell the version: 0 begins version 1, and a TLV type from 1 to 4 begins version 2.
    #[error(
        "the first octet is {octet}, \
         but an HSRP message begins with 0 (version 1) or with a TLV type from 1 to 4 (version 2)"
    )]
    FirstOctet {
        /// The first octet.
        octet: u8,
    },
    /// The version octet of a version 1 message is not 0, as RFC 2281 section 5.1 requires.
    #[error(
        "the version octet at offset {offset} of the HSRP message is {version}, but a version 1 message carries 0"
    )]
    Version {
        /// The version octet.
        version: u8,
        /// Offset of the version octet, in octets from the start of the message.
        offset: usize,
    },
    /// The hint says version 2, but the first octet is 0. That is the version octet of version 1, and not the type
    /// of any TLV.
    #[error(
        "the octet at offset {offset} of the HSRP message is 0, but version 2 begins with a TLV type, which is not 0"
    )]
    NotVersion2 {
        /// Offset of that octet, in octets from the start of the message.
        offset: usize,
    },
    /// The opcode belongs to a message of another layout: Advertise has one, and all other opcodes have another.
    #[error(
        "the opcode at offset {offset} of the HSRP message is {opcode}, \
         but a message with this opcode has another layout than the one to be parsed"
    )]
    Opcode {
        /// The opcode that was found.
        opcode: Opcode,
        /// Offset of the opcode, in octets from the start of the message.
        offset: usize,
    },
    /// A TLV of a known type holds more or fewer octets than the layout of that type.
    #[error(
        "the {tlv_type} TLV at offset {offset} of the HSRP message holds {length} octets, but its layout has {expected}"
    )]
    TlvLength {
        /// Type of the TLV.
        tlv_type: TlvType,
        /// Offset where the TLV begins, in octets from the start of the message.
        offset: usize,
        /// Number of octets that its value holds.
        length: usize,
        /// Number of octets that the layout of its type has.
        expected: usize,
    },
    /// Octets follow where the packet or message should end.
    #[error(
        "{count} octets follow the {element} at offset {offset} of the HSRP message, but nothing may follow it here"
    )]
    TrailingOctets {
        /// Name of the packet or message that had ended.
        element: &'static str,
        /// Offset where these octets begin, in octets from the start of the message.
        offset: usize,
        /// Number of these octets.
        count: usize,
    },
}
