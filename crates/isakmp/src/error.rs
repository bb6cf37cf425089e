//! The error of an ISAKMP message or payload that cannot be decoded.

use wire::LengthError;

use crate::doi::ProtocolId;
use crate::header::Version;
use crate::payload::framing::BODY;
use crate::payload::identification::IdType;
use crate::payload::payload_type::PayloadType;

/// The reason why octets are not an ISAKMP message or payload. Offsets count from the start of the message,
/// or from that of a body that was kept apart from its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// An element is cut, or its length field is below the length of its header.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The major version is not 1 (RFC 2408 section 3.1).
    #[error(
        "the version at offset {offset} of the ISAKMP message is {version}, but ISAKMP has major version 1"
    )]
    Version {
        /// The version that was found.
        version: Version,
        /// The offset of the version.
        offset: usize,
    },
    /// The header declares more octets than there are (RFC 2408 section 3.1).
    #[error("the header declares a message of {declared} octets, but only {available} are there")]
    TotalLength {
        /// The number of octets that the header declares.
        declared: u32,
        /// The number of octets that are there.
        available: usize,
    },
    /// The header declares fewer octets than the header itself has (RFC 2408 section 3.1).
    #[error("the header declares a message of {declared} octets, but the header alone has 28")]
    TotalLengthBelowHeader {
        /// The number of octets that the header declares.
        declared: u32,
    },
    /// A chain of proposals or of transforms contains a payload of another type (RFC 2408 sections 3.5 and 3.6).
    #[error(
        "the payload at offset {offset} of the {within} has type {found}, but it must have type {expected}"
    )]
    UnexpectedPayload {
        /// The type that the payload must have.
        expected: PayloadType,
        /// The type that it has.
        found: PayloadType,
        /// The name of the thing that the offset is counted from: the message, or a body that was kept apart.
        within: &'static str,
        /// The offset of the payload.
        offset: usize,
    },
    /// A proposal has more transforms than its octet can count (RFC 2408 section 3.5).
    #[error(
        "the proposal has {count} transforms from offset {offset} of the {within} on, but it can count at most 255"
    )]
    TransformCount {
        /// The number of transforms.
        count: usize,
        /// The name of the thing that the offset is counted from: the message, or a body that was kept apart.
        within: &'static str,
        /// The offset of the first transform.
        offset: usize,
    },
    /// A delete payload does not have as many octets as the number and the size of its SPIs say (RFC 2408 section
    /// 3.15).
    #[error(
        "{count} SPIs of {size} octets were declared at offset {offset} of the {within}, but {available} octets are there"
    )]
    SpiCount {
        /// The number of SPIs that the payload declares.
        count: u16,
        /// The number of octets of each SPI.
        size: u8,
        /// The number of octets that are there.
        available: usize,
        /// The name of the thing that the offset is counted from: the message, or a body that was kept apart.
        within: &'static str,
        /// The offset of the first SPI.
        offset: usize,
    },
    /// The SPI size of a delete payload is not that of its protocol, so its SPIs cannot be told apart (RFC 2408 section
    /// 3.15).
    #[error(
        "the SPI size at offset {offset} of the {within} is {size}, but an SPI of {protocol_id} has {expected} octets"
    )]
    SpiSize {
        /// The protocol of the SPIs.
        protocol_id: ProtocolId,
        /// The SPI size that the payload declares.
        size: u8,
        /// The number of octets that an SPI of the protocol has.
        expected: usize,
        /// The name of the thing that the offset is counted from: the message, or a body that was kept apart.
        within: &'static str,
        /// The offset of the SPI size.
        offset: usize,
    },
    /// Octets follow a message or a body that has ended.
    #[error(
        "{count} octets follow the {element} at offset {offset} of the {within}, but nothing may follow it"
    )]
    TrailingOctets {
        /// The element that has ended.
        element: &'static str,
        /// The name of the thing that the offset is counted from: the message, or a body that was kept apart.
        within: &'static str,
        /// The offset of the first octet behind it.
        offset: usize,
        /// The number of octets that follow.
        count: usize,
    },
    /// The identification in a NAT-OA payload is not an address (RFC 3947 section 5.2).
    #[error(
        "the identification type at offset {offset} of the ISAKMP message is {id_type}, but NAT-OA must have an IPv4 or IPv6 address"
    )]
    NatOriginalAddressType {
        /// The identification type that was found.
        id_type: IdType,
        /// The offset of the identification type.
        offset: usize,
    },
    /// The padding of a sensitivity label has octets other than zero (RFC 2407 section 4.6.1).
    #[error(
        "the padding of a label at offset {offset} of the {within} has octets other than zero, but it must be zeros"
    )]
    LabelPadding {
        /// The name of the thing that the offset is counted from: the message, or a body that was kept apart.
        within: &'static str,
        /// The offset of the padding.
        offset: usize,
    },
    /// Split networks are neither records of 14 octets nor records of 8 octets.
    #[error("the split networks have {len} octets, but they must be records of 14 octets or records of 8")]
    SplitNetworks {
        /// The number of octets that are there.
        len: usize,
    },
}

impl ParseError {
    /// Returns the same error for a body that was kept apart from its message.
    pub(crate) const fn inside_body(self) -> Self {
        match self {
            Self::Length(error) => Self::Length(error.inside(BODY, 0)),
            Self::TransformCount { count, offset, .. } => {
                Self::TransformCount { count, within: BODY, offset }
            }
            Self::UnexpectedPayload { expected, found, offset, .. } => {
                Self::UnexpectedPayload { expected, found, within: BODY, offset }
            }
            other => other,
        }
    }
}
