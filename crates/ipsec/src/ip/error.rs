use wire::{EmitError, LengthError};

use crate::NextHeader;

/// The reason why IPsec cannot process an IP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum IpError {
    /// The octets end before an element does.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The packet is neither IPv4 nor IPv6.
    #[error("the version field of the IP packet says {version}, but it must be 4 or 6")]
    Version {
        /// The value of the version field.
        version: u8,
    },
    /// The header length of IPv4 is less than its 20 octets.
    #[error("the header length field of IPv4 says {header_len} octets, but a header has at least 20")]
    HeaderLen {
        /// The length in octets that the field states.
        header_len: usize,
    },
    /// The length field is less than the length of the headers. Segmentation offload leaves it zero.
    #[error(
        "the length field of the IP packet says {total_len} octets, but its header alone has {header_len}"
    )]
    TotalLen {
        /// The length in octets that the packet states, with its IPv6 header.
        total_len: usize,
        /// The length of its header in octets.
        header_len: usize,
    },
    /// Octets follow the packet. Cut off the link's padding before the call.
    #[error(
        "{len} octets follow the end of the IP packet at offset {offset}; cut off the padding of the link first"
    )]
    TrailingOctets {
        /// The offset of the first of these octets.
        offset: usize,
        /// The number of these octets.
        len: usize,
    },
    /// The packet would be longer than its length field can state.
    #[error("the IP packet would have {len} octets, which is more than its length field can state")]
    TooLong {
        /// The length of the packet in octets.
        len: usize,
    },
    /// The packet is a jumbogram, RFC 2675. Its length is not in its header.
    #[error("the packet is a jumbogram (RFC 2675), which this library does not support")]
    Jumbogram,
    /// The packet is a fragment. AH and transport mode need whole packets: RFC 4302 sections 3.3.4 and 3.4.1.
    #[error("the packet is a fragment at offset {offset}, but a whole packet is needed; reassemble it first")]
    Fragment {
        /// The offset of the fragment in octets.
        offset: usize,
        /// Whether more fragments follow.
        more: bool,
    },
    /// Another header stands in the place of ESP, AH or UDP.
    #[error("{found} follows the IP headers, but {expected} was expected there")]
    OtherProtocol {
        /// The expected protocol.
        expected: NextHeader,
        /// The protocol that was found.
        found: NextHeader,
    },
    /// The packet has a routing header that is not used up, of a type whose changes on the way nobody can predict.
    #[error(
        "a routing header of type {routing_type} with {segments_left} segments left cannot be covered by AH, because nobody can predict how it changes on the way"
    )]
    RoutingType {
        /// The type of the routing header.
        routing_type: u8,
        /// The number of segments left.
        segments_left: u8,
    },
    /// A routing header of type 0 has more segments left than addresses, or ends within an address: RFC 8200 section
    /// 4.4.
    #[error(
        "a routing header of {len} octets has no room for the addresses of the {segments_left} segments that are left"
    )]
    RoutingHeader {
        /// The length of the routing header in octets.
        len: usize,
        /// The number of segments left.
        segments_left: u8,
    },
    /// The checksum of the IPv4 header is wrong.
    #[error("the checksum of the IPv4 header is {checksum:#06x}, which is wrong")]
    Checksum {
        /// The value of the checksum field.
        checksum: u16,
    },
    /// The headers before a bundle are too long to be put aside while the bundle is sealed or opened.
    #[error("the headers before the bundle have {len} octets, but at most {max} are supported")]
    HeadersLen {
        /// The length of the headers in octets.
        len: usize,
        /// The greatest supported length in octets.
        max: usize,
    },
    /// A value does not fit into its field, or a buffer is too small.
    #[error(transparent)]
    Emit(#[from] EmitError),
}
