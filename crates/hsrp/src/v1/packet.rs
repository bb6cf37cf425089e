//! Hello, Coup and Resign, RFC 2281 section 5.1.

use core::fmt;
use core::net::Ipv4Addr;
use core::time::Duration;

use wire::{Emit, EmitError, Parsed, Reader, Writer};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::VERSION;
use crate::{AuthenticationData, Opcode, ParseError};

wire::registry! {
    /// State of the router that sends a version 1 message, RFC 2281 section 5.1. Version 2 numbers states otherwise:
    /// [`v2::State`](crate::v2::State).
    pub struct State(u8) {
        /// HSRP does not run yet.
        INITIAL = 0 => "Initial",
        /// The virtual IP address is not known yet.
        LEARN = 1 => "Learn",
        /// Neither active nor standby.
        LISTEN = 2 => "Listen",
        /// Takes part in the election.
        SPEAK = 4 => "Speak",
        /// Next to become active.
        STANDBY = 8 => "Standby",
        /// Forwards what is sent to the virtual MAC address.
        ACTIVE = 16 => "Active",
    }
}

/// A time as version 1 carries it: whole seconds in one octet, RFC 2281 section 5.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Seconds(pub u8);

impl Seconds {
    /// The time it stands for.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0))
    }

    /// The value that stands for exactly `duration`; nothing where there is none.
    #[must_use]
    pub fn from_duration(duration: Duration) -> Option<Self> {
        let seconds = Self(u8::try_from(duration.as_secs()).ok()?);
        (seconds.duration() == duration).then_some(seconds)
    }
}

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        seconds.duration()
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} s", self.0)
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct PacketLayout {
    version: u8,
    opcode: u8,
    state: u8,
    hello_time: u8,
    hold_time: u8,
    priority: u8,
    group: u8,
    reserved: u8,
    authentication_data: [u8; 8],
    virtual_ip_address: [u8; 4],
}

const _: () = assert!(size_of::<PacketLayout>() == Packet::LEN);

/// A Hello, Coup or Resign message without what may follow it: 20 octets, RFC 2281 section 5.1.
///
/// Messages of unknown opcode have this layout too. The version octet is not a field: it is 0.
///
/// The default is a Hello with the times and the authentication data that the RFC recommends, and priority 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet {
    /// What the message is for. A packet with [`Opcode::ADVERTISE`] is not written: its octets would be read as another
    /// message.
    pub opcode: Opcode,
    /// State of the sender at the moment of sending: of any value, also in Coup and Resign.
    pub state: State,
    /// Period between the sender's Hello messages. Means something in Hello messages only.
    pub hello_time: Seconds,
    /// How long this Hello message is valid. Means something in Hello messages only.
    pub hold_time: Seconds,
    /// The greater wins; of equal ones the greater IP address.
    pub priority: u8,
    /// The standby group: 0 to 255, on token ring 0 to 2.
    pub group: u8,
    /// Not assigned. Sent as 0, kept as it is.
    pub reserved: u8,
    /// Password in clear text; zeros where an MD5 authentication TLV follows.
    pub authentication_data: AuthenticationData,
    /// The group's virtual IP address.
    pub virtual_ip_address: Ipv4Addr,
}

impl Default for Packet {
    fn default() -> Self {
        Self {
            opcode: Opcode::HELLO,
            state: State::INITIAL,
            hello_time: Seconds(3),
            hold_time: Seconds(10),
            priority: 100,
            group: 0,
            reserved: 0,
            authentication_data: AuthenticationData::default(),
            virtual_ip_address: Ipv4Addr::UNSPECIFIED,
        }
    }
}

impl Packet {
    /// Octets of a packet.
    pub const LEN: usize = 20;

    /// Parses exactly one packet.
    ///
    /// # Errors
    /// When there are more or fewer than 20 octets, the version is not 0, or the opcode is Advertise.
    pub fn parse(octets: &[u8]) -> Result<Self, ParseError> {
        match Self::parse_prefix(octets)? {
            (packet, []) => Ok(packet),
            (_, rest) => Err(ParseError::TrailingOctets {
                element: "HSRP packet",
                offset: Self::LEN,
                count: rest.len(),
            }),
        }
    }

    /// Parses the packet at the front, and returns the octets after it: TLVs.
    ///
    /// # Errors
    /// When there are fewer than 20 octets, the version is not 0, or the opcode is Advertise.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("HSRP message", octets);
        let packet = Self::read(&mut reader)?;
        Ok((packet, reader.rest()))
    }

    /// As [`parse_prefix`](Self::parse_prefix): a packet that is returned has no fault beside it.
    ///
    /// # Errors
    /// As [`parse_prefix`](Self::parse_prefix).
    pub fn parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Self, ParseError>, ParseError> {
        Self::parse_prefix(octets).map(|(value, rest)| Parsed { value, rest, fault: None })
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let offset = reader.offset();
        let layout: PacketLayout = zerocopy::transmute!(*reader.array::<{ Self::LEN }>("HSRP packet")?);
        if layout.version != VERSION {
            return Err(ParseError::Version { version: layout.version, offset });
        }
        let opcode = Opcode(layout.opcode);
        if opcode == Opcode::ADVERTISE {
            return Err(ParseError::Opcode { opcode, offset: offset.saturating_add(1) });
        }
        Ok(Self {
            opcode,
            state: State(layout.state),
            hello_time: Seconds(layout.hello_time),
            hold_time: Seconds(layout.hold_time),
            priority: layout.priority,
            group: layout.group,
            reserved: layout.reserved,
            authentication_data: AuthenticationData(layout.authentication_data),
            virtual_ip_address: Ipv4Addr::from(layout.virtual_ip_address),
        })
    }
}

impl Emit for Packet {
    fn wire_len(&self) -> usize {
        Self::LEN
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if self.opcode == Opcode::ADVERTISE {
            return Err(EmitError::Contradiction {
                field: "opcode",
                reason: "Advertise has another layout, so that a packet under it is read as something else",
            });
        }
        let octets: [u8; Self::LEN] = zerocopy::transmute!(PacketLayout {
            version: VERSION,
            opcode: self.opcode.0,
            state: self.state.0,
            hello_time: self.hello_time.0,
            hold_time: self.hold_time.0,
            priority: self.priority,
            group: self.group,
            reserved: self.reserved,
            authentication_data: self.authentication_data.0,
            virtual_ip_address: self.virtual_ip_address.octets(),
        });
        writer.put(&octets)
    }
}

impl TryFrom<&[u8]> for Packet {
    type Error = ParseError;

    fn try_from(octets: &[u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}
