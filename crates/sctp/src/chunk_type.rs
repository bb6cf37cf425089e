//! Chunk types and flags (RFC 9260 section 3.2).

use core::ops::{BitOr, BitOrAssign};

use crate::UnrecognizedAction;

wire::registry! {
    /// Chunk types (RFC 9260 section 3.2).
    pub struct ChunkType(u8) {
        /// Payload data (RFC 9260 section 3.3.1).
        DATA = 0 => "DATA",
        /// Initiation (RFC 9260 section 3.3.2).
        INIT = 1 => "INIT",
        /// Initiation acknowledgement (RFC 9260 section 3.3.3).
        INIT_ACK = 2 => "INIT ACK",
        /// Selective acknowledgement (RFC 9260 section 3.3.4).
        SACK = 3 => "SACK",
        /// Heartbeat request (RFC 9260 section 3.3.5).
        HEARTBEAT = 4 => "HEARTBEAT",
        /// Heartbeat acknowledgement (RFC 9260 section 3.3.6).
        HEARTBEAT_ACK = 5 => "HEARTBEAT ACK",
        /// Abort (RFC 9260 section 3.3.7).
        ABORT = 6 => "ABORT",
        /// Shutdown (RFC 9260 section 3.3.8).
        SHUTDOWN = 7 => "SHUTDOWN",
        /// Shutdown acknowledgement (RFC 9260 section 3.3.9).
        SHUTDOWN_ACK = 8 => "SHUTDOWN ACK",
        /// Operation error (RFC 9260 section 3.3.10).
        ERROR = 9 => "ERROR",
        /// State cookie (RFC 9260 section 3.3.11).
        COOKIE_ECHO = 10 => "COOKIE ECHO",
        /// Cookie acknowledgement (RFC 9260 section 3.3.12).
        COOKIE_ACK = 11 => "COOKIE ACK",
        /// Explicit congestion notification echo (RFC 4960 appendix A).
        ECNE = 12 => "ECNE",
        /// Congestion window reduced (RFC 4960 appendix A).
        CWR = 13 => "CWR",
        /// Shutdown complete (RFC 9260 section 3.3.13).
        SHUTDOWN_COMPLETE = 14 => "SHUTDOWN COMPLETE",
        /// Authentication (RFC 4895 section 5).
        AUTH = 15 => "AUTH",
        /// Payload data with interleaving (RFC 8260 section 2.1).
        I_DATA = 64 => "I-DATA",
        /// Address configuration acknowledgement (RFC 5061 section 4.1.2).
        ASCONF_ACK = 0x80 => "ASCONF-ACK",
        /// Re-configuration (RFC 6525 section 3.1).
        RE_CONFIG = 0x82 => "RE-CONFIG",
        /// Padding (RFC 4820 section 3).
        PAD = 0x84 => "PAD",
        /// Forward cumulative TSN (RFC 3758 section 3.2).
        FORWARD_TSN = 0xc0 => "FORWARD-TSN",
        /// Address configuration change (RFC 5061 section 4.1.1).
        ASCONF = 0xc1 => "ASCONF",
        /// Forward cumulative TSN with interleaving (RFC 8260 section 2.3.1).
        I_FORWARD_TSN = 0xc2 => "I-FORWARD-TSN",
    }
}

impl ChunkType {
    /// The action of a receiver that does not know the type (RFC 9260 section 3.2).
    #[must_use]
    pub const fn unrecognized_action(self) -> UnrecognizedAction {
        UnrecognizedAction::of(self.0)
    }

    /// Whether chunks of this type carry user data. Control chunks must stand before them.
    #[must_use]
    pub const fn carries_user_data(self) -> bool {
        matches!(self, Self::DATA | Self::I_DATA)
    }

    /// The flag bits that are defined for chunks of this type. All bits count as defined when the type is unknown.
    #[must_use]
    pub const fn defined_flags(self) -> ChunkFlags {
        match self {
            Self::DATA | Self::I_DATA => ChunkFlags(0x0f),
            Self::ABORT | Self::SHUTDOWN_COMPLETE => ChunkFlags::T,
            // For an unknown type it is not known which bits are reserved.
            _ if self.name().is_some() => ChunkFlags(0),
            _ => ChunkFlags(0xff),
        }
    }
}

/// The flags octet of a chunk (RFC 9260 section 3.2). The meaning of a bit depends on the chunk's type. Reserved bits
/// are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ChunkFlags(pub u8);

impl ChunkFlags {
    /// No flag is set.
    pub const NONE: Self = Self(0);
    /// In DATA and I-DATA: this is the last fragment of a message (RFC 9260 section 3.3.1).
    pub const E: Self = Self(0x01);
    /// In DATA and I-DATA: this is the first fragment of a message (RFC 9260 section 3.3.1).
    pub const B: Self = Self(0x02);
    /// In DATA and I-DATA: the message is unordered (RFC 9260 section 3.3.1).
    pub const U: Self = Self(0x04);
    /// In DATA and I-DATA: the receiver should acknowledge without delay (RFC 9260 section 3.3.1).
    pub const I: Self = Self(0x08);
    /// In ABORT and SHUTDOWN COMPLETE: the verification tag is reflected (RFC 9260 sections 3.3.7 and 3.3.13).
    pub const T: Self = Self(0x01);

    /// Whether all bits of `flags` are set.
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl BitOr for ChunkFlags {
    type Output = Self;

    fn bitor(self, flags: Self) -> Self {
        Self(self.0 | flags.0)
    }
}

impl BitOrAssign for ChunkFlags {
    fn bitor_assign(&mut self, flags: Self) {
        self.0 |= flags.0;
    }
}
