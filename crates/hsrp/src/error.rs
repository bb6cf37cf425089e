//! Why octets cannot be read as an HSRP message.

use wire::LengthError;

use crate::{Opcode, TlvType};

/// Octets are not what was to be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end inside the message or inside one of its TLVs.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The first octet tells neither version: 0 begins version 1, a TLV type from 1 to 4 begins version 2.
    #[error(
        "the first octet is {octet}, which begins no HSRP message: version 1 begins with 0, version 2 with a TLV type from 1 to 4"
    )]
    FirstOctet {
        /// What stands there.
        octet: u8,
    },
    /// A version 1 message carries another version than 0, RFC 2281 section 5.1.
    #[error(
        "the version octet at offset {offset} of the HSRP message is {version}, but RFC 2281 messages carry 0"
    )]
    Version {
        /// What stands there.
        version: u8,
        /// Where, in octets from the start of the message.
        offset: usize,
    },
    /// A message that the transport calls version 2 begins with octet 0, which is no TLV type but version 1's
    /// version octet.
    #[error("the octet at offset {offset} of the HSRP message is 0, which is no type of a version 2 TLV")]
    NotVersion2 {
        /// Where, in octets from the start of the message.
        offset: usize,
    },
    /// The opcode calls for another layout than the one asked for.
    #[error(
        "the opcode at offset {offset} of the HSRP message is {opcode}, which has another layout than the one asked for"
    )]
    Opcode {
        /// What stands there.
        opcode: Opcode,
        /// Where, in octets from the start of the message.
        offset: usize,
    },
    /// A TLV of a known type holds more or fewer octets than its layout.
    #[error(
        "the {tlv_type} TLV at offset {offset} of the HSRP message holds {length} octets, but its layout has {expected}"
    )]
    TlvLength {
        /// Type of the TLV.
        tlv_type: TlvType,
        /// Where the TLV begins, in octets from the start of the message.
        offset: usize,
        /// Octets its value holds.
        length: usize,
        /// Octets the layout of its type has.
        expected: usize,
    },
    /// There are octets after what was to be parsed.
    #[error(
        "{count} octets follow the {element}, from offset {offset} of the HSRP message on, where none may stand"
    )]
    TrailingOctets {
        /// What had ended.
        element: &'static str,
        /// Where they begin, in octets from the start of the message.
        offset: usize,
        /// How many they are.
        count: usize,
    },
}
