//! Whether source and target know of VPNs, RFC 2735 section 4.2.

use core::mem::size_of;

use wire::{Emit, EmitError, Writer};
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{ExtensionElement, ParseError};

/// RFC 2735 section 4.2, the value.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct DeviceCapabilitiesLayout {
    source_capabilities: U32,
    target_capabilities: U32,
}

const _: () = assert!(size_of::<DeviceCapabilitiesLayout>() == DeviceCapabilities::LEN);

/// The Device Capabilities extension, RFC 2735 section 4.2: number 9, which Cisco has another use for.
/// The RFC fixes the fields, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DeviceCapabilities {
    /// Of the source; only [`VPN_AWARE`](Self::VPN_AWARE) is defined, all bits are kept.
    pub source_capabilities: u32,
    /// Of the target.
    pub target_capabilities: u32,
}

impl DeviceCapabilities {
    /// The V bit: the device is aware of VPNs.
    pub const VPN_AWARE: u32 = 1;
    /// Octets of the value.
    pub const LEN: usize = 8;

    pub(super) fn parse(element: &ExtensionElement<'_>) -> Result<Self, ParseError> {
        let octets = <[u8; Self::LEN]>::try_from(element.value).map_err(|_| {
            ParseError::DeviceCapabilitiesLength { offset: element.offset, len: element.value.len() }
        })?;
        let layout: DeviceCapabilitiesLayout = zerocopy::transmute!(octets);
        Ok(Self {
            source_capabilities: layout.source_capabilities.get(),
            target_capabilities: layout.target_capabilities.get(),
        })
    }
}

impl Emit for DeviceCapabilities {
    fn wire_len(&self) -> usize {
        Self::LEN
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let layout = DeviceCapabilitiesLayout {
            source_capabilities: U32::new(self.source_capabilities),
            target_capabilities: U32::new(self.target_capabilities),
        };
        writer.put(layout.as_bytes())
    }
}
