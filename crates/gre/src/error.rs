//! The error of all parsers in this crate but that of Cisco `MetaData`.

use wire::LengthError;

/// Why octets cannot be read as a GRE packet of RFC 2784 and RFC 2890, or of RFC 2637.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end before a word that the flags announce.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The routing present bit of RFC 1701 is set. RFC 2784 section 2.3 requires a receiver to discard such a
    /// packet.
    #[error(
        "the GRE flags {flags:#06x} have the routing present bit of RFC 1701 set, \
         but RFC 2784 requires a receiver to discard such a packet"
    )]
    RoutingPresent {
        /// Flags and version, the first two octets of the packet.
        flags: u16,
    },
    /// The strict source route bit of RFC 1701 is set. RFC 2784 section 2.3 requires a receiver to discard such a
    /// packet.
    #[error(
        "the GRE flags {flags:#06x} have the strict source route bit of RFC 1701 set, \
         but RFC 2784 requires a receiver to discard such a packet"
    )]
    StrictSourceRoute {
        /// Flags and version, the first two octets of the packet.
        flags: u16,
    },
    /// Bit 5 is set. It is the last of the bits that a receiver must not ignore, RFC 2784 section 2.3.
    #[error(
        "the GRE flags {flags:#06x} have reserved bit 5 set, but RFC 2784 requires a receiver to discard such a packet"
    )]
    ReservedBit5 {
        /// Flags and version, the first two octets of the packet.
        flags: u16,
    },
    /// The version is not 0, as RFC 2784 section 2.3.1 requires. Version 1 is that of PPTP and has another header:
    /// [`EnhancedPacket`](crate::EnhancedPacket) reads it.
    #[error("the GRE version is {version}, but RFC 2784 requires version 0")]
    Version {
        /// The version that was found.
        version: u8,
    },
    /// The version is not 1, as RFC 2637 section 4.1 requires of enhanced GRE.
    #[error("the GRE version is {version}, but enhanced GRE (RFC 2637) has version 1")]
    EnhancedVersion {
        /// The version that was found.
        version: u8,
    },
    /// The flags of enhanced GRE announce no key, or they announce a checksum or routing, so that the words of the
    /// header stand elsewhere than RFC 2637 section 4.1 has them.
    #[error(
        "the flags {flags:#06x} of a GRE packet of version 1 must have the key present bit, \
         and neither the checksum present bit nor the routing present bit"
    )]
    EnhancedFlags {
        /// Flags and version, the first two octets of the packet.
        flags: u16,
    },
    /// Octets follow where the header should end.
    #[error(
        "{count} octets follow the {element} at offset {offset} of the GRE packet, but nothing may follow it here"
    )]
    TrailingOctets {
        /// Name of the part that had ended.
        element: &'static str,
        /// Offset where these octets begin, in octets from the start of the packet.
        offset: usize,
        /// Number of these octets.
        count: usize,
    },
}
