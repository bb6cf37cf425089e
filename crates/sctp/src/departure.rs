//! What in a packet that can be read departs from the RFCs.

use core::fmt;

use crate::{Checksum, ChunkType, Tsn};

/// A departure. Offsets count from the start of the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// The checksum is not the `CRC32c`; it is emitted right.
    Checksum(Checksum),
    /// Padding octets that are not zero; they are emitted as zeros.
    Padding {
        /// Where the padding begins.
        offset: usize,
    },
    /// The last chunk has its whole value and lacks padding, which a sender must send; it is emitted with its padding.
    MissingPadding {
        /// The chunk's type.
        chunk_type: ChunkType,
        /// Where the octets that are missing would begin.
        offset: usize,
        /// Octets that are missing.
        count: usize,
    },
    /// Padding after the last parameter or cause counts in the length of the chunk. Receivers are to accept it; a list
    /// of parameters or causes that was read keeps it.
    FinalPaddingCounted {
        /// Where the padding begins.
        offset: usize,
        /// Octets of it.
        count: usize,
    },
    /// The count in a Missing Mandatory Parameter cause is not that of its list; it is emitted right.
    MissingParameterCount {
        /// Where the cause begins.
        offset: usize,
        /// What it says.
        count: u32,
        /// What it lists.
        listed: usize,
    },
    /// A packet without a chunk.
    NoChunk,
    /// An INIT, INIT ACK or SHUTDOWN COMPLETE with other chunks in its packet.
    Bundled {
        /// Which of them.
        chunk_type: ChunkType,
        /// Where it begins.
        offset: usize,
    },
    /// A chunk that must not share a packet with DATA does.
    BundledWithData {
        /// Which it is.
        chunk_type: ChunkType,
        /// Where it begins.
        offset: usize,
    },
    /// A control chunk behind DATA.
    ControlAfterData {
        /// Its type.
        chunk_type: ChunkType,
        /// Where it begins.
        offset: usize,
    },
    /// A COOKIE ECHO that is not the first chunk but for authentication.
    CookieEchoNotFirst {
        /// Where it begins.
        offset: usize,
    },
    /// An INIT in a packet whose verification tag is not 0.
    InitTag {
        /// The tag.
        verification_tag: u32,
    },
    /// A verification tag of 0 in a packet without an INIT.
    ZeroTag,
    /// An Initiate Tag of 0.
    ZeroInitiateTag {
        /// Where the chunk begins.
        offset: usize,
    },
    /// An advertised window below 1500 octets at the start of an association.
    SmallWindow {
        /// Where the chunk begins.
        offset: usize,
        /// The window.
        a_rwnd: u32,
    },
    /// No outbound or no inbound streams.
    NoStreams {
        /// Where the chunk begins.
        offset: usize,
    },
    /// An INIT ACK without a State Cookie.
    NoStateCookie {
        /// Where the chunk begins.
        offset: usize,
    },
    /// A HEARTBEAT or HEARTBEAT ACK whose parameters are other than one Heartbeat Info.
    NoHeartbeatInfo {
        /// Where the chunk begins.
        offset: usize,
    },
    /// An ERROR without a cause.
    NoCause {
        /// Where the chunk begins.
        offset: usize,
    },
    /// A second AUTH in a packet.
    SecondAuth {
        /// Where it begins.
        offset: usize,
    },
    /// An ASCONF or ASCONF-ACK that no AUTH stands before: its receiver drops it.
    NotAuthenticated {
        /// Which of them.
        chunk_type: ChunkType,
        /// Where it begins.
        offset: usize,
    },
    /// A RE-CONFIG whose parameters are none of the combinations that are allowed.
    ReConfigCombination {
        /// Where the chunk begins.
        offset: usize,
    },
    /// A host name, which is deprecated.
    HostNameAddress {
        /// Where the parameter begins.
        offset: usize,
    },
    /// A DATA or I-DATA chunk without user data.
    NoUserData {
        /// Where the chunk begins.
        offset: usize,
        /// Its TSN.
        tsn: Tsn,
    },
    /// A DATA chunk whose TSN does not come after that of the one before it in the packet.
    TsnOrder {
        /// Where the chunk begins.
        offset: usize,
        /// The TSN before.
        previous: Tsn,
        /// Its TSN.
        tsn: Tsn,
    },
    /// DATA or FORWARD-TSN beside I-DATA or I-FORWARD-TSN.
    MixedInterleaving {
        /// Where the second kind begins.
        offset: usize,
    },
    /// A gap block that ends before it starts, or starts at the cumulative TSN.
    GapAckBlock {
        /// Where the chunk begins.
        offset: usize,
        /// First TSN of the block, counted from the cumulative one.
        start: u16,
        /// Last TSN of the block.
        end: u16,
    },
    /// Flag bits that are reserved.
    ReservedFlags {
        /// Type of the chunk.
        chunk_type: ChunkType,
        /// Where it begins.
        offset: usize,
        /// The reserved bits that are set.
        bits: u8,
    },
    /// A chunk of known type whose value is none of that type.
    Malformed {
        /// Its type.
        chunk_type: ChunkType,
        /// Where it begins.
        offset: usize,
    },
}

impl Departure {
    /// Whether a packet that is emitted again is without it: a derived value was wrong, and is emitted right.
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

    /// The rule that is departed from.
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
                Checksum::Crc32c => formatter.write_str("the checksum is right"),
                Checksum::Adler32 => formatter.write_str("the checksum is the Adler-32 of RFC 2960"),
                Checksum::Zero { computed } => {
                    write!(formatter, "no checksum, the CRC32c is {computed:#010x}")
                }
                Checksum::Wrong { received, computed } => {
                    write!(formatter, "checksum {received:#010x}, the CRC32c is {computed:#010x}")
                }
            },
            Self::Padding { offset } => write!(formatter, "padding at offset {offset} is not zero"),
            Self::MissingPadding { chunk_type, offset, count } => write!(
                formatter,
                "{count} octets of padding are missing after {chunk_type}, at offset {offset}"
            ),
            Self::FinalPaddingCounted { offset, count } => {
                write!(formatter, "a length counts {count} octets of padding at offset {offset}")
            }
            Self::MissingParameterCount { offset, count, listed } => write!(
                formatter,
                "the cause at offset {offset} counts {count} missing parameters and lists {listed}"
            ),
            Self::NoChunk => formatter.write_str("a packet without a chunk"),
            Self::Bundled { chunk_type, offset } => {
                write!(formatter, "{chunk_type} at offset {offset} is not alone in its packet")
            }
            Self::BundledWithData { chunk_type, offset } => {
                write!(formatter, "{chunk_type} at offset {offset} is bundled with DATA")
            }
            Self::ControlAfterData { chunk_type, offset } => {
                write!(formatter, "{chunk_type} at offset {offset} stands behind DATA")
            }
            Self::CookieEchoNotFirst { offset } => {
                write!(formatter, "COOKIE ECHO at offset {offset} is not the first chunk")
            }
            Self::InitTag { verification_tag } => {
                write!(formatter, "INIT with verification tag {verification_tag:#010x}")
            }
            Self::ZeroTag => formatter.write_str("verification tag 0 without INIT"),
            Self::ZeroInitiateTag { offset } => write!(formatter, "initiate tag 0 at offset {offset}"),
            Self::SmallWindow { offset, a_rwnd } => {
                write!(formatter, "window of {a_rwnd} octets at offset {offset}")
            }
            Self::NoStreams { offset } => write!(formatter, "no streams at offset {offset}"),
            Self::NoStateCookie { offset } => {
                write!(formatter, "INIT ACK at offset {offset} has no State Cookie")
            }
            Self::NoHeartbeatInfo { offset } => {
                write!(formatter, "HEARTBEAT at offset {offset} has other than one Heartbeat Info")
            }
            Self::NoCause { offset } => write!(formatter, "ERROR at offset {offset} has no cause"),
            Self::SecondAuth { offset } => write!(formatter, "AUTH at offset {offset} is not the only one"),
            Self::NotAuthenticated { chunk_type, offset } => {
                write!(formatter, "{chunk_type} at offset {offset} is not authenticated")
            }
            Self::ReConfigCombination { offset } => {
                write!(formatter, "RE-CONFIG at offset {offset} combines what must not be combined")
            }
            Self::HostNameAddress { offset } => write!(formatter, "host name at offset {offset}"),
            Self::NoUserData { offset, tsn } => {
                write!(formatter, "DATA at offset {offset}, TSN {tsn}, has no user data")
            }
            Self::TsnOrder { offset, previous, tsn } => {
                write!(formatter, "DATA at offset {offset} has TSN {tsn} behind {previous}")
            }
            Self::MixedInterleaving { offset } => {
                write!(formatter, "chunk at offset {offset}: DATA beside I-DATA")
            }
            Self::GapAckBlock { offset, start, end } => {
                write!(formatter, "SACK at offset {offset} has gap block {start} to {end}")
            }
            Self::ReservedFlags { chunk_type, offset, bits } => {
                write!(formatter, "{chunk_type} at offset {offset} has reserved flags {bits:#04x}")
            }
            Self::Malformed { chunk_type, offset } => {
                write!(formatter, "{chunk_type} at offset {offset} is malformed")
            }
        }
    }
}
