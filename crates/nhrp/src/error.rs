//! Why octets are not an NHRP packet.

use wire::LengthError;

/// Octets are not an NHRP packet, or the body of an element is not what its type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end inside an element: an address, an entry, an extension, a chain of extensions without its end.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// `ar$op.version` is not 1, RFC 2332 section 5.1: another protocol, whose packet looks otherwise.
    #[error("the version is {version}, but NHRP has version 1: this is another protocol")]
    Version {
        /// The version: 0 is MARS.
        version: u8,
    },
    /// `ar$extoff` lies inside the fixed part or beyond the packet, RFC 2332 section 5.1.
    #[error(
        "the extension offset is {found}, which is inside the fixed part or behind the {len} octets of the packet"
    )]
    ExtensionOffset {
        /// The offset.
        found: u16,
        /// Octets of the packet.
        len: usize,
    },
    /// Octets follow what should be the last element: the End Of Extensions, RFC 2332 section 5.3.0.
    #[error("{count} octets follow the {element}, from offset {offset} of the NHRP packet on")]
    TrailingOctets {
        /// What they follow, by its RFC name.
        element: &'static str,
        /// Where they begin, counted from the first octet of the packet.
        offset: usize,
        /// How many there are.
        count: usize,
    },
    /// A Responder Address extension holds more than its one entry, RFC 2332 section 5.3.1.
    #[error("the Responder Address extension at offset {offset} has {count} entries, but it may have one")]
    ResponderAddressCount {
        /// Where the extension begins.
        offset: usize,
        /// How many entries it has.
        count: usize,
    },
    /// A Device Capabilities extension whose value is not of 8 octets, RFC 2735 section 4.2.
    #[error("the Device Capabilities extension at offset {offset} has a value of {len} octets, but it has 8")]
    DeviceCapabilitiesLength {
        /// Where the extension begins.
        offset: usize,
        /// Octets of the value.
        len: usize,
    },
}
