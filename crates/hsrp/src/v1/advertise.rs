//! The Advertise message, in which a router tells of the groups on its interface. It is Cisco's, and no RFC
//! describes it.

use wire::{Emit, EmitError, Parsed, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::VERSION;
use crate::{Departure, Opcode, ParseError};

wire::registry! {
    /// The subject of an Advertise message.
    pub struct AdvertiseType(u16) {
        /// The message tells of the groups on an interface.
        INTERFACE_STATE = 1 => "Interface State",
        /// The message tells of the redundancy of IP.
        IP_REDUNDANCY = 2 => "IP Redundancy",
    }
}

wire::registry! {
    /// The state of an interface in an Advertise message.
    pub struct AdvertiseState(u8) {
        /// No group runs on the interface.
        DORMANT = 1 => "Dormant",
        /// Groups run on the interface, but the router is not active in any of them.
        PASSIVE = 2 => "Passive",
        /// The router is active in at least one group.
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

/// An Advertise message without the TLVs that may follow it: 16 octets. It is Cisco's, and no RFC describes it.
///
/// On the wire it has, in this order: version 0 and opcode 3 with one octet each, the type and the length with two each,
/// the state and a reserved octet, the numbers of active and of passive groups with two each, and a reserved word of
/// four octets.
///
/// The length on the wire is not a field, because it is always 14: it counts the octets from the type on. Messages
/// of other types than [`AdvertiseType::INTERFACE_STATE`] are read with the same layout, but no such message has
/// been seen.
///
/// The default is the message of a router without groups: the type is [`AdvertiseType::INTERFACE_STATE`], the state is
/// [`AdvertiseState::DORMANT`], and all numbers are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Advertise {
    /// The subject of the message.
    pub advertise_type: AdvertiseType,
    /// The state of the interface.
    pub state: AdvertiseState,
    /// A reserved octet without a meaning. It is kept as it is.
    pub reserved: u8,
    /// Number of groups on the interface in which the router is active.
    pub active_groups: u16,
    /// Number of groups on the interface in which the router is not active.
    pub passive_groups: u16,
    /// Four reserved octets without a meaning. IOS sends whatever was in its memory there, so they are a field and
    /// are emitted as they were read.
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
    /// Number of octets of a message.
    pub const LEN: usize = 16;

    /// The value of the length field on the wire. It counts the octets from the type on.
    pub const DECLARED_LEN: u16 = 14;

    /// Parses exactly one Advertise message.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 16 octets, [`ParseError::TrailingOctets`] when
    /// there are more, [`ParseError::Version`] when the version is not 0, and [`ParseError::Opcode`] when the
    /// opcode is not Advertise.
    pub fn parse(octets: &[u8]) -> Result<Self, ParseError> {
        Self::parse_reporting(octets, &mut |_| {})
    }

    /// Parses exactly one Advertise message, and reports a wrong length field to `sink`.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
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

    /// Parses the Advertise message at the front, and returns it with the octets after it.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 16 octets, [`ParseError::Version`] when the
    /// version is not 0, and [`ParseError::Opcode`] when the opcode is not Advertise.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("HSRP message", octets);
        let advertise = Self::read(&mut reader, &mut |_| {})?;
        Ok((advertise, reader.rest()))
    }

    /// Parses like [`parse_prefix`](Self::parse_prefix). The `fault` of the result is always `None`, because a
    /// message of fixed length is either whole or an error.
    ///
    /// # Errors
    /// Returns the errors of [`parse_prefix`](Self::parse_prefix).
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
