//! The Vendor-Private extension (RFC 2332 section 5.3.5), and Cisco's NHRP group in it.

use wire::{Emit, EmitError, Writer};

use crate::{ExtensionElement, ParseError};

const CISCO_GROUP: u8 = 1;

/// A Vendor-Private extension (RFC 2332 section 5.3.5), the only type that may come several times. Data of further
/// vendors may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum VendorPrivate<'a> {
    /// Cisco's NHRP group, by which a hub chooses a policy for the spoke. On the wire it is an octet 1, an octet of
    /// length, and the name of at most 255 octets.
    CiscoGroup(&'a [u8]),
    /// Data that are not decoded.
    Other {
        /// The vendor's IEEE 802 identifier (OUI).
        vendor_id: [u8; 3],
        /// The data behind the vendor identifier.
        data: &'a [u8],
    },
}

impl<'a> VendorPrivate<'a> {
    /// The vendor identifier of Cisco.
    pub const CISCO: [u8; 3] = [0, 0, 0x0c];

    /// Returns the vendor's IEEE 802 identifier (OUI).
    #[must_use]
    pub const fn vendor_id(&self) -> [u8; 3] {
        match self {
            Self::CiscoGroup(_) => Self::CISCO,
            Self::Other { vendor_id, .. } => *vendor_id,
        }
    }

    pub(super) fn parse(element: &ExtensionElement<'a>) -> Result<Self, ParseError> {
        let mut reader = element.reader();
        let vendor_id = *reader.array("vendor ID")?;
        Ok(match (vendor_id, reader.rest()) {
            (Self::CISCO, [CISCO_GROUP, len, name @ ..]) if usize::from(*len) == name.len() => {
                Self::CiscoGroup(name)
            }
            (_, data) => Self::Other { vendor_id, data },
        })
    }
}

impl Emit for VendorPrivate<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::CiscoGroup(name) => name.len().saturating_add(5),
            Self::Other { data, .. } => data.len().saturating_add(3),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(&self.vendor_id())?;
        match self {
            Self::CiscoGroup(name) => {
                writer.put(&[CISCO_GROUP, EmitError::fit_u8("NHRP group length", name.len())?])?;
                writer.put(name)
            }
            Self::Other { data, .. } => writer.put(data),
        }
    }
}
