//! Why octets are no NHRP packet.

use wire::LengthError;

/// Octets that are no NHRP packet, or a body that is not what its type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end inside an element: an address, an entry, an extension, a chain of extensions without its end.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// `ar$op.version` is not 1, RFC 2332 section 5.1: another protocol, whose packet looks otherwise.
    #[error("version {version}, NHRP is 1")]
    Version {
        /// The version: 0 is MARS.
        version: u8,
    },
    /// `ar$extoff` lies inside the fixed part or beyond the packet, RFC 2332 section 5.1.
    #[error("extension offset {found} in a packet of {len} octets")]
    ExtensionOffset {
        /// The offset.
        found: u16,
        /// Octets of the packet.
        len: usize,
    },
    /// Octets after the End Of Extensions, RFC 2332 section 5.3.0.
    #[error("{count} octets after the end of extensions, at offset {offset}")]
    TrailingOctets {
        /// Where they begin.
        offset: usize,
        /// How many there are.
        count: usize,
    },
    /// A Responder Address extension holds more than its one entry, RFC 2332 section 5.3.1.
    #[error("Responder Address extension at offset {offset} has {count} entries")]
    ResponderAddressCount {
        /// Where the extension begins.
        offset: usize,
        /// How many entries it has.
        count: usize,
    },
    /// A Device Capabilities extension whose value is not of 8 octets, RFC 2735 section 4.2.
    #[error("Device Capabilities extension at offset {offset} has {len} octets, not 8")]
    DeviceCapabilitiesLength {
        /// Where the extension begins.
        offset: usize,
        /// Octets of the value.
        len: usize,
    },
}
