//! The state of a router in a group. A version 1 packet says the same.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use wire::{Element, Emit, EmitError, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::tlv::body;
use crate::{Opcode, ParseError, TlvType};

wire::registry! {
    /// The state of the router that sends a group state TLV. Version 1 uses other numbers for the states:
    /// [`v1::State`](crate::v1::State).
    pub struct State(u8) {
        /// HSRP is switched off.
        DISABLED = 0 => "Disabled",
        /// HSRP does not run yet.
        INIT = 1 => "Init",
        /// The router does not know the virtual IP address yet.
        LEARN = 2 => "Learn",
        /// The router is neither active nor standby.
        LISTEN = 3 => "Listen",
        /// The router takes part in the election of the active and the standby router.
        SPEAK = 4 => "Speak",
        /// The router is the next to become active.
        STANDBY = 5 => "Standby",
        /// The router forwards the packets that are sent to the virtual MAC address.
        ACTIVE = 6 => "Active",
    }
}

wire::registry! {
    /// The kind of address that a group's virtual IP address is.
    pub struct IpVersion(u8) {
        /// The address is in the first four of the sixteen octets.
        IPV4 = 4 => "IPv4",
        /// The address takes all sixteen octets.
        IPV6 = 6 => "IPv6",
    }
}

impl IpVersion {
    /// The IP version of `address`.
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::IPV4,
            IpAddr::V6(_) => Self::IPV6,
        }
    }
}

/// A time as version 2 carries it: milliseconds in four octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Milliseconds(pub u32);

impl Milliseconds {
    /// This time as a [`Duration`].
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_millis(u64::from(self.0))
    }

    /// Converts a duration without loss. `None` when it is not a whole number of milliseconds that fits into 32
    /// bits.
    #[must_use]
    pub fn from_duration(duration: Duration) -> Option<Self> {
        let milliseconds = Self(u32::try_from(duration.as_millis()).ok()?);
        (milliseconds.duration() == duration).then_some(milliseconds)
    }
}

impl From<Milliseconds> for Duration {
    fn from(milliseconds: Milliseconds) -> Self {
        milliseconds.duration()
    }
}

impl fmt::Display for Milliseconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ms", self.0)
    }
}

/// The octets that carry `address` in a group state TLV. An IPv4 address is in the first four, and zeros follow
/// it.
#[must_use]
pub const fn virtual_ip(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        }
        IpAddr::V6(address) => address.octets(),
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct GroupStateLayout {
    version: u8,
    opcode: u8,
    state: u8,
    ip_version: u8,
    group: U16,
    identifier: [u8; 6],
    priority: U32,
    hello_time: U32,
    hold_time: U32,
    virtual_ip: [u8; 16],
}

const _: () = assert!(size_of::<GroupStateLayout>() == GroupState::LEN);

/// The value of a group state TLV: 40 octets. This TLV is Cisco's, and no RFC describes it.
///
/// On the wire it has, in this order: version, opcode, state and IP version with one octet each, the group with two, the
/// identifier with six, the priority, the hello time and the hold time with four each, and the virtual address with 16.
///
/// The default is a Hello for an IPv4 group with priority 100, a hello time of 3000 ms and a hold time of 10,000 ms, as
/// RFC 2281 recommends. Its group is 0, the identifier and the virtual IP address are zeros, and its state is
/// [`State::INIT`], in which a router sends no Hello. Set at least the state, the group, the identifier and the address
/// before you send it; [`Message::conformance`](crate::Message::conformance) lists a default whose state is left as it
/// is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GroupState {
    /// The version of HSRP, which is 2.
    pub version: u8,
    /// The purpose of the message.
    pub opcode: Opcode,
    /// The sender's state at the moment of sending.
    pub state: State,
    /// The kind of the virtual IP address.
    pub ip_version: IpVersion,
    /// The standby group, from 0 to 4095.
    pub group: u16,
    /// The MAC address of the sender's interface. It identifies the sender even when the frame comes from the
    /// virtual MAC address.
    pub identifier: [u8; 6],
    /// The sender's priority. The router with the greater priority becomes active; between equals, the greater IP
    /// address decides.
    pub priority: u32,
    /// The period between the sender's Hello messages.
    pub hello_time: Milliseconds,
    /// How long this Hello message is valid.
    pub hold_time: Milliseconds,
    /// The virtual IP address of the group. Twelve octets without a meaning follow an IPv4 address; IOS does not
    /// always send zeros there.
    pub virtual_ip: [u8; 16],
}

impl Default for GroupState {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            opcode: Opcode::HELLO,
            state: State::INIT,
            ip_version: IpVersion::IPV4,
            group: 0,
            identifier: [0; 6],
            priority: 100,
            hello_time: Milliseconds(3000),
            hold_time: Milliseconds(10_000),
            virtual_ip: [0; 16],
        }
    }
}

impl GroupState {
    /// Number of octets of the value.
    pub const LEN: usize = 40;
    /// The version that a group state TLV carries.
    pub const VERSION: u8 = 2;
    /// The greatest group that has a virtual MAC address.
    pub const MAX_GROUP: u16 = 4095;

    /// Decodes the value of a TLV. The type of the TLV is not checked.
    ///
    /// # Errors
    /// Returns [`ParseError::TlvLength`] when the value is not 40 octets long.
    pub fn parse(element: &Element<'_, TlvType>) -> Result<Self, ParseError> {
        let layout: GroupStateLayout = zerocopy::transmute!(*body::<{ Self::LEN }>(element)?);
        Ok(Self {
            version: layout.version,
            opcode: Opcode(layout.opcode),
            state: State(layout.state),
            ip_version: IpVersion(layout.ip_version),
            group: layout.group.get(),
            identifier: layout.identifier,
            priority: layout.priority.get(),
            hello_time: Milliseconds(layout.hello_time.get()),
            hold_time: Milliseconds(layout.hold_time.get()),
            virtual_ip: layout.virtual_ip,
        })
    }

    /// The virtual IP address of the group. `None` when the IP version is neither 4 nor 6.
    #[must_use]
    pub fn virtual_address(&self) -> Option<IpAddr> {
        match self.ip_version {
            IpVersion::IPV4 => {
                let [a, b, c, d, ..] = self.virtual_ip;
                Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
            }
            IpVersion::IPV6 => Some(IpAddr::V6(Ipv6Addr::from(self.virtual_ip))),
            _ => None,
        }
    }
}

impl Emit for GroupState {
    fn wire_len(&self) -> usize {
        Self::LEN
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; Self::LEN] = zerocopy::transmute!(GroupStateLayout {
            version: self.version,
            opcode: self.opcode.0,
            state: self.state.0,
            ip_version: self.ip_version.0,
            group: self.group.into(),
            identifier: self.identifier,
            priority: self.priority.into(),
            hello_time: self.hello_time.0.into(),
            hold_time: self.hold_time.0.into(),
            virtual_ip: self.virtual_ip,
        });
        writer.put(&octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_address_stands_in_the_first_octets_and_is_read_back() {
        for address in [IpAddr::from([10, 1, 2, 3]), IpAddr::from([0xfe80, 0, 0, 0, 5, 6, 7, 0xa0])] {
            let octets = virtual_ip(address);
            let group = GroupState {
                ip_version: IpVersion::of(address),
                virtual_ip: octets,
                ..GroupState::default()
            };
            assert_eq!(group.virtual_address(), Some(address));
        }
        assert_eq!(virtual_ip([10, 1, 2, 3].into()), [10, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let neither = GroupState { ip_version: IpVersion(5), ..GroupState::default() };
        assert_eq!(neither.virtual_address(), None);
    }

    #[test]
    fn times_that_milliseconds_cannot_hold_are_none() {
        assert_eq!(Milliseconds::from_duration(Duration::from_millis(1500)), Some(Milliseconds(1500)));
        assert_eq!(Milliseconds::from_duration(Duration::from_micros(1500)), None);
        assert_eq!(Milliseconds::from_duration(Duration::from_secs(1 << 32)), None);
    }
}
