//! Why octets cannot be read as a GRE packet.

use wire::LengthError;

/// Octets cannot be read as a GRE packet of RFC 2784 and RFC 2890.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end before a word that the flags announce.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The routing present bit is set: a packet of RFC 1701, which RFC 2784 section 2.3 has a receiver discard.
    #[error(
        "the GRE flags {flags:#06x} have the routing present bit of RFC 1701, which RFC 2784 has a receiver discard"
    )]
    RoutingPresent {
        /// Flags and version.
        flags: u16,
    },
    /// The strict source route bit of RFC 1701 is set; to be discarded too, RFC 2784 section 2.3.
    #[error(
        "the GRE flags {flags:#06x} have the strict source route bit of RFC 1701, which RFC 2784 has a receiver discard"
    )]
    StrictSourceRoute {
        /// Flags and version.
        flags: u16,
    },
    /// Bit 5 is set, the last of those that a receiver must not ignore, RFC 2784 section 2.3.
    #[error("the GRE flags {flags:#06x} have reserved bit 5, which RFC 2784 has a receiver discard")]
    ReservedBit5 {
        /// Flags and version.
        flags: u16,
    },
    /// The version is not 0, RFC 2784 section 2.3.1. Version 1 is PPTP's, with another header.
    #[error("the GRE version is {version}, but RFC 2784 has version 0")]
    Version {
        /// The version.
        version: u8,
    },
    /// There are octets after what was to be parsed.
    #[error(
        "{count} octets follow the {element}, from offset {offset} of the GRE packet on, where none may stand"
    )]
    TrailingOctets {
        /// What had ended.
        element: &'static str,
        /// Where they begin, in octets from the start of the packet.
        offset: usize,
        /// How many they are.
        count: usize,
    },
}
