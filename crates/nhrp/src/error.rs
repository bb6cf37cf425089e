//! The error of an NHRP packet that cannot be decoded.

use wire::LengthError;

/// The reason why octets are not an NHRP packet, or why the body of an element is not what its type requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ParseError {
    /// The octets end inside an element: an address, an entry, an extension, or a chain of extensions that lacks its
    /// end.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// `ar$op.version` is not 1 (RFC 2332 section 5.1). The octets belong to another protocol, which has a different
    /// packet format.
    #[error("the version is {version}, but NHRP has version 1: this is another protocol")]
    Version {
        /// The version that was found. 0 is MARS.
        version: u8,
    },
    /// `ar$extoff` lies inside the fixed part or beyond the packet (RFC 2332 section 5.1).
    #[error(
        "the extension offset is {found}, which is inside the fixed part or behind the {len} octets of the packet"
    )]
    ExtensionOffset {
        /// The extension offset that was found.
        found: u16,
        /// The number of octets of the packet.
        len: usize,
    },
    /// Octets follow the packet, or an element that must be the last one. The End Of Extensions must be the last
    /// extension (RFC 2332 section 5.3.0).
    #[error(
        "{count} octets follow the {element} at offset {offset} of the NHRP packet, but nothing may follow it"
    )]
    TrailingOctets {
        /// The element that they follow, by its RFC name.
        element: &'static str,
        /// The offset of the first of them, counted from the first octet of the packet.
        offset: usize,
        /// The number of octets that follow.
        count: usize,
    },
    /// A Responder Address extension has more than one entry (RFC 2332 section 5.3.1).
    #[error(
        "the Responder Address extension at offset {offset} of the NHRP packet has {count} entries, but it may have only one"
    )]
    ResponderAddressCount {
        /// The offset of the extension in the packet.
        offset: usize,
        /// The number of its entries.
        count: usize,
    },
    /// The value of a Device Capabilities extension does not have 8 octets (RFC 2735 section 4.2).
    #[error(
        "the Device Capabilities extension at offset {offset} of the NHRP packet has a value of {len} octets, but it must have 8"
    )]
    DeviceCapabilitiesLength {
        /// The offset of the extension in the packet.
        offset: usize,
        /// The number of octets of the value.
        len: usize,
    },
}
