//! Errors of reading an SCTP packet, chunk, parameter or error cause.

use wire::LengthError;

use crate::ParameterType;

/// The rule of the format that the octets break. Offsets are counted from the start of the packet or, in a UDP header,
/// from the start of the datagram.
///
/// [`Packet::parse`](crate::Packet::parse) returns only `Length` and `Checksum`, because it does not look into chunks.
/// What is wrong inside a chunk is the error of [`Chunk::parse`](crate::Chunk::parse),
/// [`Parameter::parse`](crate::Parameter::parse) or [`ErrorCause::parse`](crate::ErrorCause::parse).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end inside an element, or a length field is less than the element's header. Examples are a partial
    /// chunk (RFC 9260 section 6.10), a chunk length below 4, and a fixed field that is missing.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Octets follow where an element must end. A chunk, parameter or cause of fixed length has more octets than its
    /// type allows (RFC 9260 section 3.3), or a UDP datagram has more than its length field says.
    #[error("{count} octets follow {element} at offset {offset} of the {within}, but it must end there")]
    TrailingOctets {
        /// The RFC name of the thing that the offset is counted from.
        within: &'static str,
        /// The element that must end here.
        element: &'static str,
        /// The offset of the first octet that is too many.
        offset: usize,
        /// The number of octets that are too many.
        count: usize,
    },
    /// The checksum is not the `CRC32c` of the packet. A receiver discards such a packet (RFC 9260 section 6.8).
    #[error("the checksum is {received:#010x}, but the CRC32c of the packet is {computed:#010x}")]
    Checksum {
        /// The checksum field. Its first octet is the most significant one.
        received: u32,
        /// The `CRC32c`, as it would stand in the field.
        computed: u32,
    },
    /// A parameter of another type stands where RFC 5061 section 4.1.1 asks for an IPv4 Address or IPv6 Address
    /// parameter.
    #[error(
        "the parameter at offset {offset} of the SCTP packet is {parameter_type}, but it must be an IPv4 Address or IPv6 Address"
    )]
    AddressExpected {
        /// The type of the parameter that is there.
        parameter_type: ParameterType,
        /// The offset of that parameter.
        offset: usize,
    },
}
