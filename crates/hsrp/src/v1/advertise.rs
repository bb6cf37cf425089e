//! Advertise: what a router tells of an interface's groups. Cisco's, in no RFC.

use wire::{Emit, EmitError, Parsed, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::VERSION;
use crate::{Departure, Opcode, ParseError};

wire::registry! {
    /// What an Advertise message tells of.
    pub struct AdvertiseType(u16) {
        /// The groups of an interface.
        INTERFACE_STATE = 1 => "Interface State",
        /// Redundancy of IP.
        IP_REDUNDANCY = 2 => "IP Redundancy",
    }
}

wire::registry! {
    /// State of an interface in an Advertise message.
    pub struct AdvertiseState(u8) {
        /// No group runs.
        DORMANT = 1 => "Dormant",
        /// No group is active.
        PASSIVE = 2 => "Passive",
        /// A group is active.
        ACTIVE = 3 => "Active",
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct AdvertiseLayout {
    version: u8,
    opcode: u8,
    advertise_type: U16,
    length: U16,
    state: u8,
    reserved: u8,
    active_groups: U16,
    passive_groups: U16,
    reserved_word: U32,
}

const _: () = assert!(size_of::<AdvertiseLayout>() == Advertise::LEN);

/// An Advertise message without what may follow it: 16 octets. Cisco's, in no RFC.
///
/// The length, which counts from the type on, is not a field: it is 14. Messages of other types than
/// [`AdvertiseType::INTERFACE_STATE`] are read by the same layout; none was ever seen.
///
/// The default is what a router without groups tells of its interface: it is dormant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Advertise {
    /// What the message tells of.
    pub advertise_type: AdvertiseType,
    /// State of the interface.
    pub state: AdvertiseState,
    /// Not assigned, kept as it is.
    pub reserved: u8,
    /// Groups on the interface in which the router is active.
    pub active_groups: u16,
    /// Groups on the interface in which it is not.
    pub passive_groups: u16,
    /// Not assigned, and whatever was in memory in messages of IOS: a field, so that it is sent as it was met.
    pub reserved_word: u32,
}

impl Default for Advertise {
    fn default() -> Self {
        Self {
            advertise_type: AdvertiseType::INTERFACE_STATE,
            state: AdvertiseState::DORMANT,
            reserved: 0,
            active_groups: 0,
            passive_groups: 0,
            reserved_word: 0,
        }
    }
}

impl Advertise {
    /// Octets of a message.
    pub const LEN: usize = 16;

    /// What the length field of a message says: it counts from the type on.
    pub const DECLARED_LEN: u16 = 14;

    /// Parses exactly one Advertise message.
    ///
    /// # Errors
    /// When there are more or fewer than 16 octets, the version is not 0, or the opcode is not Advertise.
    pub fn parse(octets: &[u8]) -> Result<Self, ParseError> {
        Self::parse_reporting(octets, &mut |_| {})
    }

    /// Parses exactly one Advertise message and reports a wrong length to `sink`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_reporting(octets: &[u8], sink: &mut impl FnMut(Departure)) -> Result<Self, ParseError> {
        let mut reader = Reader::new("HSRP message", octets);
        let advertise = Self::read(&mut reader, sink)?;
        match reader.rest() {
            [] => Ok(advertise),
            rest => Err(ParseError::TrailingOctets {
                element: "HSRP Advertise",
                offset: Self::LEN,
                count: rest.len(),
            }),
        }
    }

    /// Parses the Advertise message at the front, and returns the octets after it.
    ///
    /// # Errors
    /// When there are fewer than 16 octets, the version is not 0, or the opcode is not Advertise.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("HSRP message", octets);
        let advertise = Self::read(&mut reader, &mut |_| {})?;
        Ok((advertise, reader.rest()))
    }

    /// As [`parse_prefix`](Self::parse_prefix): a message that is returned has no fault beside it.
    ///
    /// # Errors
    /// As [`parse_prefix`](Self::parse_prefix).
    pub fn parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Self, ParseError>, ParseError> {
        Self::parse_prefix(octets).map(|(value, rest)| Parsed { value, rest, fault: None })
    }

    pub(crate) fn read(
        reader: &mut Reader<'_>,
        sink: &mut impl FnMut(Departure),
    ) -> Result<Self, ParseError> {
        let offset = reader.offset();
        let layout: AdvertiseLayout = zerocopy::transmute!(*reader.array::<{ Self::LEN }>("HSRP Advertise")?);
        if layout.version != VERSION {
            return Err(ParseError::Version { version: layout.version, offset });
        }
        let opcode = Opcode(layout.opcode);
        if opcode != Opcode::ADVERTISE {
            return Err(ParseError::Opcode { opcode, offset: offset.saturating_add(1) });
        }
        let length = layout.length.get();
        if length != Self::DECLARED_LEN {
            sink(Departure::AdvertiseLength { length, offset: offset.saturating_add(4) });
        }
        Ok(Self {
            advertise_type: AdvertiseType(layout.advertise_type.get()),
            state: AdvertiseState(layout.state),
            reserved: layout.reserved,
            active_groups: layout.active_groups.get(),
            passive_groups: layout.passive_groups.get(),
            reserved_word: layout.reserved_word.get(),
        })
    }
}

impl Emit for Advertise {
    fn wire_len(&self) -> usize {
        Self::LEN
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; Self::LEN] = zerocopy::transmute!(AdvertiseLayout {
            version: VERSION,
            opcode: Opcode::ADVERTISE.0,
            advertise_type: self.advertise_type.0.into(),
            length: Self::DECLARED_LEN.into(),
            state: self.state.0,
            reserved: self.reserved,
            active_groups: self.active_groups.into(),
            passive_groups: self.passive_groups.into(),
            reserved_word: self.reserved_word.into(),
        });
        writer.put(&octets)
    }
}

impl TryFrom<&[u8]> for Advertise {
    type Error = ParseError;

    fn try_from(octets: &[u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}
