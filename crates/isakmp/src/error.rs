//! Why octets are not an ISAKMP message or payload.

use wire::LengthError;

use crate::header::Version;
use crate::payload::framing::BODY;
use crate::payload::identification::IdType;
use crate::payload::payload_type::PayloadType;

/// A rule that the octets break. Offsets count from the start of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// An element is cut, or its own length field says less than its header has.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The major version is not 1 (RFC 2408 section 3.1).
    #[error("version {version} at offset {offset} is not ISAKMP, whose major version is 1")]
    Version {
        /// The version met.
        version: Version,
        /// Where it stands.
        offset: usize,
    },
    /// The header declares more octets than there are (RFC 2408 section 3.1).
    #[error("the header declares a message of {declared} octets, but only {available} are there")]
    TotalLength {
        /// Octets declared.
        declared: u32,
        /// Octets there are.
        available: usize,
    },
    /// The header declares fewer octets than it has itself (RFC 2408 section 3.1).
    #[error("the header declares a message of {declared} octets, but the header alone has 28")]
    TotalLengthBelowHeader {
        /// Octets declared.
        declared: u32,
    },
    /// A chain of proposals or transforms holds something else (RFC 2408 sections 3.5 and 3.6).
    #[error("payload type {found} stands at offset {offset}, where {expected} was expected")]
    UnexpectedPayload {
        /// What may stand there.
        expected: PayloadType,
        /// What does.
        found: PayloadType,
        /// Where the payload begins.
        offset: usize,
    },
    /// A proposal holds more transforms than its octet can count (RFC 2408 section 3.5).
    #[error("{count} transforms stand at offset {offset}, but a proposal counts 255 at most")]
    TransformCount {
        /// Transforms there are.
        count: usize,
        /// Where the first one begins.
        offset: usize,
    },
    /// Number and size of the SPIs in a delete payload are not its octets (RFC 2408 section 3.15).
    #[error("{count} SPIs of {size} octets were declared at offset {offset}, where {available} octets stand")]
    SpiCount {
        /// Number of SPIs declared.
        count: u16,
        /// Octets of each.
        size: u8,
        /// Octets there are.
        available: usize,
        /// Where the SPIs begin.
        offset: usize,
    },
    /// Octets follow where a message or a body has ended.
    #[error("{count} octets follow at offset {offset}, where the {element} has ended")]
    TrailingOctets {
        /// What had ended.
        element: &'static str,
        /// Where the first octet too many stands.
        offset: usize,
        /// How many there are.
        count: usize,
    },
    /// A NAT-OA payload with an identification that is no address (RFC 3947 section 5.2).
    #[error("identification type {id_type} at offset {offset} is not that of an address")]
    NatOriginalAddressType {
        /// The type met.
        id_type: IdType,
        /// Where it stands.
        offset: usize,
    },
    /// A sensitivity label is padded with octets other than zero (RFC 2407 section 4.6.1).
    #[error("the padding of a label at offset {offset} holds octets other than zero")]
    LabelPadding {
        /// Where the padding begins.
        offset: usize,
    },
    /// Split networks that are neither records of 14 octets nor of 8.
    #[error("{len} octets of split networks are neither records of 14 octets nor records of 8")]
    SplitNetworks {
        /// Octets there are.
        len: usize,
    },
}

impl ParseError {
    /// The same error of a body that was kept apart from its message.
    pub(crate) const fn inside_body(self) -> Self {
        match self {
            Self::Length(error) => Self::Length(error.inside(BODY, 0)),
            other => other,
        }
    }
}
