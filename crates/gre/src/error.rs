//! Why octets are no GRE packet.

use wire::LengthError;

/// Octets that are no GRE packet of RFC 2784 and RFC 2890.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end before a word that the flags announce.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The routing present bit is set: a packet of RFC 1701, which RFC 2784 section 2.3 has a receiver discard.
    #[error("routing present (RFC 1701) in the GRE flags {flags:#06x}")]
    RoutingPresent {
        /// Flags and version.
        flags: u16,
    },
    /// The strict source route bit of RFC 1701 is set; to be discarded too, RFC 2784 section 2.3.
    #[error("strict source route (RFC 1701) in the GRE flags {flags:#06x}")]
    StrictSourceRoute {
        /// Flags and version.
        flags: u16,
    },
    /// Bit 5 is set, the last of those that a receiver must not ignore, RFC 2784 section 2.3.
    #[error("reserved bit 5 set in the GRE flags {flags:#06x}")]
    ReservedBit5 {
        /// Flags and version.
        flags: u16,
    },
    /// The version is not 0, RFC 2784 section 2.3.1. Version 1 is PPTP's, with another header.
    #[error("GRE version {version}")]
    Version {
        /// The version.
        version: u8,
    },
}
