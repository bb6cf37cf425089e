//! Departures from the RFCs in a packet that can be read.

use core::fmt;

use crate::{Checksum, ChunkType, Tsn};

/// A departure from an RFC. Offsets are counted from the start of the packet.
///
/// `Display` describes the departure, and [`reference`](Self::reference) names the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// The checksum is not the `CRC32c`. A correct one is emitted.
    ///
    /// [`Packet::conformance`](crate::Packet::conformance) never lists it, because a packet does not keep its checksum.
    /// A caller that has the octets makes it, to report the checksum as it reports the other departures:
    ///
    /// ```
    /// use vpnwire_sctp::{Checksum, Departure, Packet};
    ///
    /// let octets = [0x13, 0x88, 0x13, 0x89, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 11, 0, 0, 4];
    /// let checksum = Checksum::of(&octets)?;
    /// let checksum = (checksum != Checksum::Crc32c).then_some(Departure::Checksum(checksum));
    /// let packet = Packet::parse_unverified(&octets)?;
    /// let departures: Vec<_> = checksum.into_iter().chain(packet.conformance()).collect();
    /// assert!(matches!(departures[..], [Departure::Checksum(Checksum::Zero { .. })]));
    /// # Ok::<(), vpnwire_sctp::ParseError>(())
    /// ```
    Checksum(Checksum),
    /// Padding octets are not zero. Zeros are emitted.
    Padding {
        /// The offset of the padding.
        offset: usize,
    },
    /// The last chunk has its whole value, but lacks padding that a sender must send. The padding is emitted.
    MissingPadding {
        /// The type of the chunk.
        chunk_type: ChunkType,
        /// The offset at which the missing octets should be.
        offset: usize,
        /// The number of missing octets.
        count: usize,
    },
    /// The length of the chunk includes the padding after its last parameter or cause. Receivers should accept that,
    /// and a list that was read keeps the padding.
    FinalPaddingCounted {
        /// The offset of the padding.
        offset: usize,
        /// The number of padding octets.
        count: usize,
    },
    /// The count in a Missing Mandatory Parameter cause differs from the length of its list. The correct count is
    /// emitted.
    MissingParameterCount {
        /// The offset of the cause.
        offset: usize,
        /// The count in the cause.
        count: u32,
        /// The number of parameter types in the list.
        listed: usize,
    },
    /// The packet has no chunk.
    NoChunk,
    /// The source or the destination port is 0, which must not be used.
    PortZero {
        /// The source port.
        source_port: u16,
        /// The destination port.
        destination_port: u16,
    },
    /// An INIT, INIT ACK or SHUTDOWN COMPLETE shares its packet with other chunks.
    Bundled {
        /// The type of the chunk.
        chunk_type: ChunkType,
        /// The offset of the chunk.
        offset: usize,
    },
    /// A chunk shares its packet with DATA, which its type forbids.
    BundledWithData {
        /// The type of the chunk.
        chunk_type: ChunkType,
        /// The offset of the chunk.
        offset: usize,
    },
    /// A control chunk follows DATA.
    ControlAfterData {
        /// The type of the control chunk.
        chunk_type: ChunkType,
        /// The offset of the control chunk.
        offset: usize,
    },
    /// A COOKIE ECHO follows a chunk other than AUTH.
    CookieEchoNotFirst {
        /// The offset of the COOKIE ECHO.
        offset: usize,
    },
    /// A packet with an INIT has a verification tag other than 0.
    InitTag {
        /// The verification tag.
        verification_tag: u32,
    },
    /// A packet without an INIT has the verification tag 0.
    ZeroTag,
    /// An INIT or INIT ACK has the Initiate Tag 0.
    ZeroInitiateTag {
        /// The offset of the chunk.
        offset: usize,
    },
    /// An INIT or INIT ACK advertises a receiver window of less than 1500 octets.
    SmallWindow {
        /// The offset of the chunk.
        offset: usize,
        /// The advertised window in octets.
        a_rwnd: u32,
    },
    /// An INIT or INIT ACK has no outbound or no inbound streams.
    NoStreams {
        /// The offset of the chunk.
        offset: usize,
    },
    /// An INIT ACK has no State Cookie.
    NoStateCookie {
        /// The offset of the chunk.
        offset: usize,
    },
    /// A HEARTBEAT or HEARTBEAT ACK does not have exactly one parameter of type Heartbeat Info.
    NoHeartbeatInfo {
        /// The offset of the chunk.
        offset: usize,
    },
    /// An ERROR has no cause.
    NoCause {
        /// The offset of the chunk.
        offset: usize,
    },
    /// A packet has a second AUTH.
    SecondAuth {
        /// The offset of the second AUTH.
        offset: usize,
    },
    /// No AUTH stands before an ASCONF or ASCONF-ACK, so its receiver drops it.
    NotAuthenticated {
        /// The type of the chunk.
        chunk_type: ChunkType,
        /// The offset of the chunk.
        offset: usize,
    },
    /// The parameters of a RE-CONFIG are not an allowed combination.
    ReConfigCombination {
        /// The offset of the chunk.
        offset: usize,
    },
    /// A parameter is a host name, which is deprecated.
    HostNameAddress {
        /// The offset of the parameter.
        offset: usize,
    },
    /// A DATA or I-DATA chunk has no user data.
    NoUserData {
        /// The offset of the chunk.
        offset: usize,
        /// The TSN of the chunk.
        tsn: Tsn,
    },
    /// The TSN of a DATA or I-DATA chunk does not come after that of the chunk before it in the packet.
    TsnOrder {
        /// The offset of the chunk.
        offset: usize,
        /// The TSN of the chunk before it.
        previous: Tsn,
        /// The TSN of the chunk.
        tsn: Tsn,
    },
    /// DATA or FORWARD-TSN is in the same packet as I-DATA or I-FORWARD-TSN.
    MixedInterleaving {
        /// The offset of the first I-DATA or I-FORWARD-TSN.
        offset: usize,
    },
    /// A Gap Ack Block ends before it starts, or starts at the cumulative TSN.
    GapAckBlock {
        /// The offset of the chunk.
        offset: usize,
        /// The first TSN of the block, counted from the cumulative TSN.
        start: u16,
        /// The last TSN of the block, counted from the cumulative TSN.
        end: u16,
    },
    /// Reserved flag bits are set.
    ReservedFlags {
        /// The type of the chunk.
        chunk_type: ChunkType,
        /// The offset of the chunk.
        offset: usize,
        /// The reserved bits that are set.
        bits: u8,
    },
    /// A chunk of known type does not have the layout of that type. [`Chunk::parse`](crate::Chunk::parse) gives the
    /// reason, for the element of [`Packet::chunks`](crate::Packet::chunks) that has this offset.
    Malformed {
        /// The type of the chunk.
        chunk_type: ChunkType,
        /// The offset of the chunk.
        offset: usize,
    },
}

impl Departure {
    /// Whether emitting the packet again corrects this departure, because it concerns a derived value.
    #[must_use]
    pub const fn is_corrected(&self) -> bool {
        matches!(
            self,
            Self::Checksum(_)
                | Self::Padding { .. }
                | Self::MissingPadding { .. }
                | Self::MissingParameterCount { .. }
        )
    }

    /// The section of the RFC that has the rule.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::Checksum(_) => "RFC 9260 section 6.8",
            Self::Padding { .. }
            | Self::MissingPadding { .. }
            | Self::FinalPaddingCounted { .. }
            | Self::ReservedFlags { .. } => "RFC 9260 section 3.2",
            Self::MissingParameterCount { .. } => "RFC 9260 section 3.3.10.2",
            Self::NoChunk => "RFC 9260 section 3",
            Self::PortZero { .. } => "RFC 9260 section 3.1",
            Self::Bundled { .. } | Self::ControlAfterData { .. } | Self::TsnOrder { .. } => {
                "RFC 9260 section 6.10"
            }
            Self::BundledWithData { chunk_type: ChunkType::ABORT, .. } => "RFC 9260 section 3.3.7",
            Self::BundledWithData { .. } => "RFC 9260 section 6.10",
            Self::CookieEchoNotFirst { .. } => "RFC 9260 section 5.1",
            Self::InitTag { .. } | Self::ZeroTag => "RFC 9260 section 8.5.1",
            Self::ZeroInitiateTag { .. } | Self::SmallWindow { .. } | Self::NoStreams { .. } => {
                "RFC 9260 section 3.3.2"
            }
            Self::NoStateCookie { .. } => "RFC 9260 section 3.3.3",
            Self::NoHeartbeatInfo { .. } => "RFC 9260 section 3.3.5",
            Self::NoCause { .. } => "RFC 9260 section 3.3.10",
            Self::SecondAuth { .. } => "RFC 4895 section 5.1",
            Self::NotAuthenticated { .. } => "RFC 5061 section 4.1",
            Self::ReConfigCombination { .. } => "RFC 6525 section 3.1",
            Self::HostNameAddress { .. } => "RFC 9260 section 3.3.2.1.4",
            Self::NoUserData { .. } => "RFC 9260 section 3.3.1",
            Self::MixedInterleaving { .. } => "RFC 8260 section 2.3.1",
            Self::GapAckBlock { .. } => "RFC 9260 section 3.3.4",
            Self::Malformed { .. } => "RFC 9260 section 3.3",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum(checksum) => match checksum {
                Checksum::Crc32c => formatter.write_str("the checksum is the CRC32c of the packet"),
                Checksum::Adler32 => {
                    formatter.write_str("the checksum is the Adler-32 of RFC 2960, but it must be the CRC32c")
                }
                Checksum::Zero { computed } => {
                    write!(formatter, "the checksum is 0, but the CRC32c of the packet is {computed:#010x}")
                }
                Checksum::Wrong { received, computed } => {
                    write!(
                        formatter,
                        "the checksum is {received:#010x}, but the CRC32c of the packet is {computed:#010x}"
                    )
                }
            },
            Self::Padding { offset } => {
                write!(formatter, "the padding at offset {offset} of the SCTP packet is not zero")
            }
            Self::MissingPadding { chunk_type, offset, count } => write!(
                formatter,
                "{count} octets of padding are missing after {chunk_type}, at offset {offset} of the SCTP packet"
            ),
            Self::FinalPaddingCounted { offset, count } => {
                write!(
                    formatter,
                    "the length of the chunk includes {count} octets of padding at offset {offset} of the SCTP packet"
                )
            }
            Self::MissingParameterCount { offset, count, listed } => write!(
                formatter,
                "the cause at offset {offset} of the SCTP packet has a count of {count} missing parameters, but it lists {listed}"
            ),
            Self::NoChunk => formatter.write_str("the packet has no chunk, but it must have at least one"),
            Self::PortZero { source_port, destination_port } => write!(
                formatter,
                "the packet goes from port {source_port} to port {destination_port}, but port 0 must not be used"
            ),
            Self::Bundled { chunk_type, offset } => {
                write!(
                    formatter,
                    "{chunk_type} at offset {offset} of the SCTP packet shares its packet with other chunks, but it must be alone"
                )
            }
            Self::BundledWithData { chunk_type, offset } => {
                write!(
                    formatter,
                    "{chunk_type} at offset {offset} of the SCTP packet must not be bundled with DATA"
                )
            }
            Self::ControlAfterData { chunk_type, offset } => {
                write!(
                    formatter,
                    "{chunk_type} at offset {offset} of the SCTP packet follows DATA, but it must stand before it"
                )
            }
            Self::CookieEchoNotFirst { offset } => {
                write!(
                    formatter,
                    "COOKIE ECHO at offset {offset} of the SCTP packet must be the first chunk, except for AUTH before it"
                )
            }
            Self::InitTag { verification_tag } => {
                write!(
                    formatter,
                    "the packet with INIT has verification tag {verification_tag:#010x}, but it must be 0"
                )
            }
            Self::ZeroTag => formatter.write_str("the verification tag is 0, but the packet has no INIT"),
            Self::ZeroInitiateTag { offset } => {
                write!(
                    formatter,
                    "the chunk at offset {offset} of the SCTP packet has the Initiate Tag 0, which is not allowed"
                )
            }
            Self::SmallWindow { offset, a_rwnd } => {
                write!(
                    formatter,
                    "the chunk at offset {offset} of the SCTP packet advertises a window of {a_rwnd} octets, but it must be at least 1500"
                )
            }
            Self::NoStreams { offset } => {
                write!(
                    formatter,
                    "the chunk at offset {offset} of the SCTP packet has no outbound or no inbound streams"
                )
            }
            Self::NoStateCookie { offset } => {
                write!(formatter, "INIT ACK at offset {offset} of the SCTP packet has no State Cookie")
            }
            Self::NoHeartbeatInfo { offset } => {
                write!(
                    formatter,
                    "HEARTBEAT at offset {offset} of the SCTP packet must have exactly one parameter, Heartbeat Info"
                )
            }
            Self::NoCause { offset } => {
                write!(formatter, "ERROR at offset {offset} of the SCTP packet has no cause")
            }
            Self::SecondAuth { offset } => write!(
                formatter,
                "AUTH at offset {offset} of the SCTP packet is the second in its packet, but only one is allowed"
            ),
            Self::NotAuthenticated { chunk_type, offset } => {
                write!(
                    formatter,
                    "{chunk_type} at offset {offset} of the SCTP packet is not authenticated: no AUTH stands before it"
                )
            }
            Self::ReConfigCombination { offset } => {
                write!(
                    formatter,
                    "RE-CONFIG at offset {offset} of the SCTP packet has a combination of parameters that is not allowed"
                )
            }
            Self::HostNameAddress { offset } => {
                write!(
                    formatter,
                    "the parameter at offset {offset} of the SCTP packet is a host name, which is deprecated"
                )
            }
            Self::NoUserData { offset, tsn } => {
                write!(
                    formatter,
                    "DATA at offset {offset} of the SCTP packet with TSN {tsn} has no user data"
                )
            }
            Self::TsnOrder { offset, previous, tsn } => {
                write!(
                    formatter,
                    "DATA at offset {offset} of the SCTP packet has TSN {tsn}, which does not come after TSN {previous} before it"
                )
            }
            Self::MixedInterleaving { offset } => {
                write!(
                    formatter,
                    "the chunk at offset {offset} of the SCTP packet is interleaved, but the packet also has chunks that are not"
                )
            }
            Self::GapAckBlock { offset, start, end } => {
                write!(
                    formatter,
                    "SACK at offset {offset} of the SCTP packet has an invalid Gap Ack Block from {start} to {end}"
                )
            }
            Self::ReservedFlags { chunk_type, offset, bits } => {
                write!(
                    formatter,
                    "{chunk_type} at offset {offset} of the SCTP packet has the reserved flags {bits:#04x} set"
                )
            }
            Self::Malformed { chunk_type, offset } => {
                write!(
                    formatter,
                    "{chunk_type} at offset {offset} of the SCTP packet does not have the layout of its type"
                )
            }
        }
    }
}
