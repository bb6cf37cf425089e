//! The Device Capabilities extension: whether source and target know of VPNs (RFC 2735 section 4.2).

use core::mem::size_of;

use wire::{Emit, EmitError, Writer};
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{ExtensionElement, ParseError};

/// The value of the extension (RFC 2735 section 4.2).
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct DeviceCapabilitiesLayout {
    source_capabilities: U32,
    target_capabilities: U32,
}

const _: () = assert!(size_of::<DeviceCapabilitiesLayout>() == DeviceCapabilities::LEN);

/// The Device Capabilities extension (RFC 2735 section 4.2). It has number 9, which Cisco uses otherwise. The struct
/// is exhaustive, because the RFC fixes its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DeviceCapabilities {
    /// The capabilities of the source. Only [`VPN_AWARE`](Self::VPN_AWARE) is defined, but all bits are kept.
    pub source_capabilities: u32,
    /// The capabilities of the target.
    pub target_capabilities: u32,
}

impl DeviceCapabilities {
    /// The V bit: the device is aware of VPNs.
    pub const VPN_AWARE: u32 = 1;
    /// The number of octets of the value.
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
