//! The Hello, Coup and Resign messages, RFC 2281 section 5.1.

use core::fmt;
use core::net::Ipv4Addr;
use core::time::Duration;

use wire::{Emit, EmitError, Parsed, Reader, Writer};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::VERSION;
use crate::{AuthenticationData, Opcode, ParseError};

wire::registry! {
    /// The state of the router that sends a version 1 message, RFC 2281 section 5.1. Version 2 uses other numbers
    /// for the states: [`v2::State`](crate::v2::State).
    pub struct State(u8) {
        /// HSRP does not run yet.
        INITIAL = 0 => "Initial",
        /// The router does not know the virtual IP address yet.
        LEARN = 1 => "Learn",
        /// The router is neither active nor standby.
        LISTEN = 2 => "Listen",
        /// The router takes part in the election of the active and the standby router.
        SPEAK = 4 => "Speak",
        /// The router is the next to become active.
        STANDBY = 8 => "Standby",
        /// The router forwards the packets that are sent to the virtual MAC address.
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
    /// This time as a [`Duration`].
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0))
    }

    /// Converts a duration without loss. `None` when it is not a whole number of seconds from 0 to 255.
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

/// A Hello, Coup or Resign message without the TLVs that may follow it: 20 octets, RFC 2281 section 5.1.
///
/// A message with an unknown opcode has this layout too. The version octet is not a field, because it is always 0.
///
/// The default is a Hello with priority 100, a hello time of 3 s, a hold time of 10 s, and the password `cisco`, as the
/// RFC recommends. Its group is 0, its virtual IP address is 0.0.0.0, and its state is [`State::INITIAL`], in which a
/// router sends no Hello. Set at least the state, the group and the address before you send it;
/// [`Message::conformance`](crate::Message::conformance) lists a default whose state is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet {
    /// The purpose of the message. A packet with [`Opcode::ADVERTISE`] cannot be emitted, because its octets would
    /// be read as an [`Advertise`](crate::v1::Advertise).
    pub opcode: Opcode,
    /// The sender's state at the moment of sending. Every value may occur, in Coup and Resign too.
    pub state: State,
    /// The period between the sender's Hello messages. It has a meaning in Hello messages only.
    pub hello_time: Seconds,
    /// How long this Hello message is valid. It has a meaning in Hello messages only.
    pub hold_time: Seconds,
    /// The sender's priority. The router with the greater priority becomes active; between equals, the greater IP
    /// address decides.
    pub priority: u8,
    /// The standby group, from 0 to 255. On token ring it is from 0 to 2.
    pub group: u8,
    /// A reserved octet. Routers send 0, and it is kept as it is.
    pub reserved: u8,
    /// The password in clear text. It is all zeros when an MD5 authentication TLV follows.
    pub authentication_data: AuthenticationData,
    /// The virtual IP address of the group.
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
    /// Number of octets of a packet.
    pub const LEN: usize = 20;

    /// Parses exactly one packet.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 20 octets, [`ParseError::TrailingOctets`] when
    /// there are more, [`ParseError::Version`] when the version is not 0, and [`ParseError::Opcode`] when the
    /// opcode is Advertise.
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

    /// Parses the packet at the front, and returns it with the octets after it, which are TLVs.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 20 octets, [`ParseError::Version`] when the
    /// version is not 0, and [`ParseError::Opcode`] when the opcode is Advertise.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("HSRP message", octets);
        let packet = Self::read(&mut reader)?;
        Ok((packet, reader.rest()))
    }

    /// Parses like [`parse_prefix`](Self::parse_prefix). The `fault` of the result is always `None`, because a
    /// packet of fixed length is either whole or an error.
    ///
    /// # Errors
    /// Returns the errors of [`parse_prefix`](Self::parse_prefix).
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
                reason: "Advertise has another layout, so a packet with this opcode would be read as an Advertise message",
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
