//! The numbers of groups on an interface. A version 1 Advertise says the same.

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

/// The value of an interface state TLV: 4 octets. This TLV is Cisco's, and no RFC describes it. On the wire it has the
/// number of active groups and then that of passive groups, with two octets each. The default has 0 of both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InterfaceState {
    /// Number of groups on the interface in which the router is active.
    pub active_groups: u16,
    /// Number of groups on the interface in which the router is not active.
    pub passive_groups: u16,
}

impl InterfaceState {
    /// Number of octets of the value.
    pub const LEN: usize = 4;

    /// Decodes the value of a TLV. The type of the TLV is not checked.
    ///
    /// # Errors
    /// Returns [`ParseError::TlvLength`] when the value is not 4 octets long.
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
