//! The summary lines of HSRP messages.

use std::fmt;
use std::net::IpAddr;

use hsrp::{v1, v2};

use crate::packet::Packet;
use crate::sink::{Part, Reason, Sink};

/// What a message of a group says in a line.
pub(super) struct Said {
    opcode: (Option<&'static str>, u8),
    state: (Option<&'static str>, u8),
    group: u16,
    priority: u32,
    virtual_address: Option<IpAddr>,
}

impl Said {
    pub(super) fn of_v1(message: &v1::Packet) -> Self {
        Self {
            opcode: (message.opcode.name(), message.opcode.0),
            state: (message.state.name(), message.state.0),
            group: message.group.into(),
            priority: message.priority.into(),
            virtual_address: Some(message.virtual_ip_address.into()),
        }
    }

    pub(super) fn of_v2(group: &v2::GroupState) -> Self {
        Self {
            opcode: (group.opcode.name(), group.opcode.0),
            state: (group.state.name(), group.state.0),
            group: group.group,
            priority: group.priority,
            virtual_address: group.virtual_address(),
        }
    }
}

/// Writes a summary line. An opcode or a state without a name is shown as a number.
pub(super) fn say<S: Sink>(
    packet: &mut Packet<'_, S>,
    protocol: &'static str,
    said: &Said,
    verdict: Verdict,
) {
    let what = Part::Text(if said.opcode.0.is_some() { "" } else { "opcode " });
    let opcode = name_or_number(said.opcode);
    let state = name_or_number(said.state);
    let (group, priority) = (Part::Number(said.group.into()), Part::Number(said.priority.into()));
    let (virtual_address, address) = match said.virtual_address {
        Some(address) => (Part::Text(", virtual address "), Part::Ip(address)),
        None => (Part::Text(""), Part::Text("")),
    };
    let (by, key) = match verdict {
        Verdict::Matches { key } => (Part::Text(DIGEST_BY), Part::Number(key)),
        Verdict::Unchecked | Verdict::Refused(_) => (Part::Text(""), Part::Text("")),
    };
    let text = Part::Text;
    packet.summary_parts(
        protocol,
        &[
            what,
            opcode,
            text(" (state "),
            state,
            text("), group "),
            group,
            text(", priority "),
            priority,
            virtual_address,
            address,
            by,
            key,
        ],
    );
}

/// Up to which octet a message must be there for each thing that its line says.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) opcode: usize,
    state: usize,
    priority: usize,
    group: usize,
}

impl Ends {
    /// The fixed part of version 1, RFC 2281 section 5.1.
    pub(super) const V1: Self = Self { opcode: 2, state: 3, priority: 6, group: 7 };
    /// The value of a Group State TLV of version 2.
    pub(super) const V2: Self = Self { opcode: 2, state: 3, priority: 16, group: 6 };
}

/// What is there of a message that ends before its virtual address.
pub(super) struct Ended {
    pub(super) said: Said,
    pub(super) ends: Ends,
    pub(super) len: usize,
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { said, ends, len } = self;
        match said.opcode {
            _ if *len < ends.opcode => {}
            (Some(name), _) => write!(out, "{name}")?,
            (None, number) => write!(out, "opcode {number}")?,
        }
        match said.state {
            _ if *len < ends.state => {}
            (Some(name), _) => write!(out, " (state {name})")?,
            (None, number) => write!(out, " (state {number})")?,
        }
        if *len >= ends.group {
            write!(out, ", group {}", said.group)?;
        }
        if *len >= ends.priority {
            write!(out, ", priority {}", said.priority)?;
        }
        let separator = if *len < ends.opcode { "" } else { ", " };
        write!(out, "{separator}cut after {len} octets")
    }
}

/// What an Advertise says in a line.
pub(super) struct Advertised<'m>(pub(super) &'m v1::Advertise);

impl fmt::Display for Advertised<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v1::Advertise { state, active_groups, passive_groups, .. } = self.0;
        write!(formatter, "Advertise (state {state}), Act={active_groups} Pass={passive_groups}")
    }
}

const DIGEST_BY: &str = ", MD5 digest by key ";

fn name_or_number((name, number): (Option<&'static str>, u8)) -> Part<'static> {
    name.map_or(Part::Number(number.into()), Part::Text)
}

/// The result of checking the digest of a message.
#[derive(Clone, Copy)]
pub(super) enum Verdict {
    /// The message has no digest, or there is no key for its group.
    Unchecked,
    /// The digest is right under the key with this number.
    Matches { key: u64 },
    /// The digest is right under none of the keys, or it cannot be checked.
    Refused(Reason),
}

/// Writes the part of the summary line that names the key. A wrong digest is reported as a fault instead.
impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matches { key } => write!(formatter, "{DIGEST_BY}{key}"),
            Self::Unchecked | Self::Refused(_) => Ok(()),
        }
    }
}
