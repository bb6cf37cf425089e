//! Why octets are no HSRP message.

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
    #[error("first octet {octet} begins neither a version 1 nor a version 2 message")]
    FirstOctet {
        /// What stands there.
        octet: u8,
    },
    /// A version 1 message carries another version than 0, RFC 2281 section 5.1.
    #[error("version {version} at offset {offset}, RFC 2281 messages carry 0")]
    Version {
        /// What stands there.
        version: u8,
        /// Where, in octets from the start of the message.
        offset: usize,
    },
    /// A message that the transport calls version 2 begins with octet 0, which is no TLV type but version 1's
    /// version octet.
    #[error("octet 0 at offset {offset} where a version 2 TLV begins")]
    NotVersion2 {
        /// Where, in octets from the start of the message.
        offset: usize,
    },
    /// The opcode calls for another layout than the one asked for.
    #[error("opcode {opcode} at offset {offset} has another layout")]
    Opcode {
        /// What stands there.
        opcode: Opcode,
        /// Where, in octets from the start of the message.
        offset: usize,
    },
    /// A TLV of a known type holds more or fewer octets than its layout.
    #[error("{tlv_type} TLV at offset {offset} holds {length} octets, not {expected}")]
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
    #[error("{len} octets too many at offset {offset}")]
    TrailingOctets {
        /// Where they begin, in octets from the start of the message.
        offset: usize,
        /// How many they are.
        len: usize,
    },
}
