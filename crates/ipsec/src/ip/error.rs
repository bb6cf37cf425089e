use wire::{EmitError, LengthError};

use crate::NextHeader;

/// An IP packet that IPsec does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum IpError {
    /// The octets end before an element does.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// Neither IPv4 nor IPv6.
    #[error("the packet says that it is of IP version {version}, which is neither 4 nor 6")]
    Version {
        /// What it says it is.
        version: u8,
    },
    /// The header length of IPv4 is below its 20 octets.
    #[error("an IPv4 header cannot have {header_len} octets")]
    HeaderLen {
        /// What it says.
        header_len: usize,
    },
    /// The length field is below the headers, or is zero as segmentation offload leaves it.
    #[error("an IP packet says that it has {total_len} octets, and its header has {header_len}")]
    TotalLen {
        /// What the packet says, its IPv6 header included.
        total_len: usize,
        /// What its header has.
        header_len: usize,
    },
    /// Octets follow the packet: the link's padding, which is to be cut off before.
    #[error("{len} octets follow the IP packet at offset {offset}")]
    TrailingOctets {
        /// Where they begin.
        offset: usize,
        /// How many.
        len: usize,
    },
    /// The packet would be longer than its length field can say.
    #[error("an IP packet of {len} octets is longer than its length field can say")]
    TooLong {
        /// Octets it would have.
        len: usize,
    },
    /// A jumbogram, RFC 2675, whose length is not in its header.
    #[error("the packet is a jumbogram, which IPsec does not take here")]
    Jumbogram,
    /// AH and transport mode work on whole packets: RFC 4302 sections 3.3.4 and 3.4.1.
    #[error("the packet is a fragment at offset {offset}: reassemble it first")]
    Fragment {
        /// Its offset in octets.
        offset: usize,
        /// Whether more follow.
        more: bool,
    },
    /// Another header stands where that of IPsec should.
    #[error("{found} follows the IP headers where {expected} should")]
    OtherProtocol {
        /// What should.
        expected: NextHeader,
        /// What does.
        found: NextHeader,
    },
    /// A routing header of a type whose changes on the way nobody can predict, not used up yet.
    #[error(
        "nobody can predict how a routing header of type {routing_type} with {segments_left} segments left changes on the way"
    )]
    RoutingType {
        /// The type.
        routing_type: u8,
        /// Segments left.
        segments_left: u8,
    },
    /// A routing header of type 0 with more segments left than addresses, or half an address: RFC 8200 section 4.4.
    #[error("a routing header of {len} octets has no room for {segments_left} segments")]
    RoutingHeader {
        /// Octets of the header.
        len: usize,
        /// Segments left.
        segments_left: u8,
    },
    /// The checksum of the IPv4 header is wrong.
    #[error("the IPv4 header checksum is {checksum:#06x}, which is wrong")]
    Checksum {
        /// What it is.
        checksum: u16,
    },
    /// The headers are longer than is put aside while a bundle is sealed or opened.
    #[error("there are {len} octets of headers in front of a bundle, which takes {max} at most")]
    HeadersLen {
        /// How many there are.
        len: usize,
        /// The most there may be.
        max: usize,
    },
    /// A value that its field cannot hold, or a buffer that is too small.
    #[error(transparent)]
    Emit(#[from] EmitError),
}
