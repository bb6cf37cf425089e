//! Why octets could not be read as an SCTP packet, or as the chunk, parameter or cause that their number says.

use wire::LengthError;

use crate::ParameterType;

/// A rule of the format that was broken. Offsets count from the start of the packet; those of a UDP header from the start of
/// the datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The octets end inside an element, or its length field says less than its header alone: a partial chunk (RFC 9260
    /// section 6.10), a chunk of less than 4 octets, a fixed field that is missing.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Octets follow an element that ends before them: a chunk, parameter or cause of fixed length has more octets than
    /// its kind (RFC 9260 section 3.3), or a UDP datagram more than its length says.
    #[error("{count} octets too many after {element}, at offset {offset}")]
    TrailingOctets {
        /// The element that ends before them.
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
}
