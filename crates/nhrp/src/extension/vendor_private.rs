//! What a vendor adds, RFC 2332 section 5.3.5; Cisco's NHRP group among it.

use wire::{EmitError, Writer};

use super::ExtensionElement;
use crate::ParseError;

const CISCO_GROUP: u8 = 1;

/// A Vendor-Private extension: the only one that may come several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct VendorPrivate<'a> {
    /// The vendor's IEEE 802 identifier (OUI).
    pub vendor_id: [u8; 3],
    /// What the vendor says.
    pub data: VendorData<'a>,
}

/// Data of a Vendor-Private extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum VendorData<'a> {
    /// Cisco's NHRP group, by which a hub chooses a policy for the spoke: an octet 1, an octet of length, the name.
    CiscoGroup(&'a [u8]),
    /// Anything else.
    Other(&'a [u8]),
}

impl<'a> VendorPrivate<'a> {
    /// The vendor identifier of Cisco.
    pub const CISCO: [u8; 3] = [0, 0, 0x0c];

    /// Cisco's NHRP group of that name, 255 octets at most.
    #[must_use]
    pub const fn cisco_group(name: &'a [u8]) -> Self {
        Self { vendor_id: Self::CISCO, data: VendorData::CiscoGroup(name) }
    }

    pub(super) fn parse(element: &ExtensionElement<'a>) -> Result<Self, ParseError> {
        let mut reader = element.reader();
        let vendor_id = *reader.array("vendor ID")?;
        let data = match (vendor_id, reader.rest()) {
            (Self::CISCO, [CISCO_GROUP, len, name @ ..]) if usize::from(*len) == name.len() => {
                VendorData::CiscoGroup(name)
            }
            (_, octets) => VendorData::Other(octets),
        };
        Ok(Self { vendor_id, data })
    }

    pub(super) const fn wire_len(&self) -> usize {
        match self.data {
            VendorData::CiscoGroup(name) => name.len().saturating_add(5),
            VendorData::Other(octets) => octets.len().saturating_add(3),
        }
    }

    pub(super) fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(&self.vendor_id)?;
        match self.data {
            VendorData::CiscoGroup(name) => {
                writer.put(&[CISCO_GROUP, EmitError::fit_u8("NHRP group length", name.len())?])?;
                writer.put(name)
            }
            VendorData::Other(octets) => writer.put(octets),
        }
    }
}
