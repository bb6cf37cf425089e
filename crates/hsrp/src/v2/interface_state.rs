//! The groups of an interface: what a version 1 Advertise says.

use wire::{Element, Emit, EmitError, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::tlv::body;
use crate::{ParseError, TlvType};

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct InterfaceStateLayout {
    active_groups: U16,
    passive_groups: U16,
}

const _: () = assert!(size_of::<InterfaceStateLayout>() == InterfaceState::LEN);

/// The value of an interface state TLV: 4 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InterfaceState {
    /// Groups on the interface in which the router is active.
    pub active_groups: u16,
    /// Groups on the interface in which it is not.
    pub passive_groups: u16,
}

impl InterfaceState {
    /// Octets of the value.
    pub const LEN: usize = 4;

    /// Decodes the value of a TLV, whatever its type.
    ///
    /// # Errors
    /// [`ParseError::TlvLength`] when it is not 4 octets long.
    pub fn parse(element: &Element<'_, TlvType>) -> Result<Self, ParseError> {
        let layout: InterfaceStateLayout = zerocopy::transmute!(*body::<{ Self::LEN }>(element)?);
        Ok(Self { active_groups: layout.active_groups.get(), passive_groups: layout.passive_groups.get() })
    }
}

impl Emit for InterfaceState {
    fn wire_len(&self) -> usize {
        Self::LEN
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; Self::LEN] = zerocopy::transmute!(InterfaceStateLayout {
            active_groups: self.active_groups.into(),
            passive_groups: self.passive_groups.into(),
        });
        writer.put(&octets)
    }
}
