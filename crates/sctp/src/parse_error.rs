//! Why octets are no SCTP packet, or no value of the chunk, parameter or cause they claim to be.

use wire::LengthError;

use crate::ParameterType;

/// A rule of the format that was broken. Offsets count from the start of the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end inside an element, or its length field leaves it too little room: a chunk of less than 4
    /// octets, a partial chunk (RFC 9260 section 6.10), a fixed field that is missing.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// A chunk, parameter or cause of fixed length has more octets than its kind (RFC 9260 section 3.3).
    #[error("{count} octets too many after {element}, at offset {offset}")]
    TrailingOctets {
        /// What has them.
        element: &'static str,
        /// Where the first of them stands.
        offset: usize,
        /// How many there are.
        count: usize,
    },
    /// The checksum is not the `CRC32c` of the packet, which is to be discarded (RFC 9260 section 6.8).
    #[error("checksum {received:#010x} where the CRC32c is {computed:#010x}")]
    Checksum {
        /// The checksum field, its first octet most significant.
        received: u32,
        /// The `CRC32c`, as it would stand in the field.
        computed: u32,
    },
    /// A parameter stands where an IPv4 Address or IPv6 Address parameter must (RFC 5061 section 4.1.1).
    #[error("an address parameter is needed at offset {offset}, parameter {parameter_type} stands there")]
    AddressExpected {
        /// What stands there instead.
        parameter_type: ParameterType,
        /// Where it stands.
        offset: usize,
    },
    /// The length in a UDP header is not that of the datagram (RFC 6951 section 5.3).
    #[error("UDP length {declared} in a datagram of {available} octets")]
    UdpLength {
        /// What the header says.
        declared: usize,
        /// The octets there are.
        available: usize,
    },
}
