//! The line that IOS prints for a message under `debug standby`.

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;

use crate::v1::Packet;
use crate::v2::{self, GroupState};
use crate::virtual_mac::Dotted;
use crate::{Opcode, State, Tlv};

/// Prints a message as IOS does under `debug standby`, through `Display`. An example is `Hello in 172.16.172.52
/// Active pri 200 vIP 172.16.172.53 hel 3000 hol 10000 id 0000.0c07.ac01`.
///
/// Times are in milliseconds for both versions. The id is the source MAC address of a version 1 packet, or the
/// identifier in a version 2 group state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DebugLine {
    opcode: Opcode,
    source: IpAddr,
    state: v2::State,
    // A state number of version 1 that RFC 2281 does not assign. It is printed as a number.
    unknown_state: Option<u8>,
    priority: u32,
    virtual_address: Option<IpAddr>,
    hello_time: Duration,
    hold_time: Duration,
    id: [u8; 6],
    outgoing: bool,
}

impl DebugLine {
    /// The line for a version 1 packet that came from the IP address `source` and the MAC address `source_mac`.
    #[must_use]
    pub fn v1(packet: &Packet, source: IpAddr, source_mac: [u8; 6]) -> Self {
        let state = State::from_v1(packet.state);
        Self {
            opcode: packet.opcode,
            source,
            // default: not shown, because `unknown_state` is shown in its place
            state: state.map(State::to_v2).unwrap_or_default(),
            unknown_state: if state.is_none() { Some(packet.state.0) } else { None },
            priority: packet.priority.into(),
            virtual_address: Some(packet.virtual_ip_address.into()),
            hello_time: packet.hello_time.duration(),
            hold_time: packet.hold_time.duration(),
            id: source_mac,
            outgoing: false,
        }
    }

    /// The line for a version 2 group state that came from the IP address `source`.
    #[must_use]
    pub fn v2(group_state: &GroupState, source: IpAddr) -> Self {
        Self {
            opcode: group_state.opcode,
            source,
            state: group_state.state,
            unknown_state: None,
            priority: group_state.priority,
            virtual_address: group_state.virtual_address(),
            hello_time: group_state.hello_time.duration(),
            hold_time: group_state.hold_time.duration(),
            id: group_state.identifier,
            outgoing: false,
        }
    }

    /// The line for a TLV that came from the IP address `source`. `None` when the TLV is not a group state.
    #[must_use]
    pub fn tlv(tlv: &Tlv<'_>, source: IpAddr) -> Option<Self> {
        match tlv {
            Tlv::GroupState(group_state) => Some(Self::v2(group_state, source)),
            _ => None,
        }
    }

    /// Changes the line to one for a message that is sent: it says `out` instead of `in`.
    #[must_use]
    pub const fn outgoing(self) -> Self {
        Self { outgoing: true, ..self }
    }
}

impl fmt::Display for DebugLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.outgoing { "out" } else { "in" };
        write!(formatter, "{} {direction} {} ", self.opcode, self.source)?;
        match self.unknown_state {
            Some(state) => write!(formatter, "{state}")?,
            None => write!(formatter, "{}", self.state)?,
        }
        write!(formatter, " pri {} vIP ", self.priority)?;
        match self.virtual_address {
            Some(address) => write!(formatter, "{address}")?,
            None => formatter.write_str("unknown")?,
        }
        let (hello_time, hold_time) = (self.hello_time.as_millis(), self.hold_time.as_millis());
        write!(formatter, " hel {hello_time} hol {hold_time} id {}", Dotted(self.id))
    }
}
