//! The groups of HSRP, and who sends for them.

use std::net::IpAddr;

use super::limits::Limits;
use super::table::Table;
use super::tally::Tally;
use crate::record::{Hsrp, Number, Record};
use crate::sink::Address;

/// A group of HSRP: the messages with its number and its virtual address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HsrpGroup {
    /// Version of the protocol: 1 or 2.
    pub version: u8,
    /// Number of the group.
    pub group: u32,
    /// The virtual address; `None` when the messages end before it.
    pub virtual_address: Option<IpAddr>,
    /// Its messages.
    pub messages: Tally,
    /// Who sent them, in the order of their first messages.
    pub senders: Vec<HsrpSender>,
    /// The messages of senders that exceed the limit.
    pub other_senders: Tally,
}

/// A router that sends for a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HsrpSender {
    /// Its address.
    pub address: Option<Address>,
    /// The state in the last of its messages.
    pub state: Option<Number>,
    /// The priority in the last of its messages.
    pub priority: Option<u32>,
    /// Its messages.
    pub messages: Tally,
}

#[derive(Debug)]
pub(super) struct Groups {
    groups: Table<(u8, u32, Option<IpAddr>), HsrpGroup>,
    sender_limit: usize,
    others: Tally,
}

impl Groups {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            groups: Table::new(limits.hsrp_groups),
            sender_limit: limits.hsrp_senders,
            others: Tally::default(),
        }
    }

    /// Counts a message. An Advertise and an Interface State belong to no group.
    pub(super) fn count(&mut self, record: &Record, message: &Hsrp, frame: Tally) {
        let (Some(version), Some(group)) = (message.version, message.group) else { return };
        // RFC 2281 section 5.1: the version field of version 1 holds 0.
        let version = if version == 0 { 1 } else { version };
        let virtual_address = message.virtual_address;
        let made = || HsrpGroup {
            version,
            group,
            virtual_address,
            messages: Tally::default(),
            senders: Vec::new(),
            other_senders: Tally::default(),
        };
        let Some(found) = self.groups.of((version, group, virtual_address), made) else {
            return self.others.add(frame);
        };
        found.messages.add(frame);
        let is_known = found.senders.iter().any(|sender| sender.address == record.source);
        if !is_known && found.senders.len() < self.sender_limit {
            let (state, priority, messages) = (None, None, Tally::default());
            found.senders.push(HsrpSender { address: record.source, state, priority, messages });
        }
        let mut senders = found.senders.iter_mut();
        let Some(sender) = senders.find(|sender| sender.address == record.source) else {
            return found.other_senders.add(frame);
        };
        sender.state = message.state;
        sender.priority = message.priority;
        sender.messages.add(frame);
    }

    pub(super) fn list(&self) -> Vec<HsrpGroup> {
        self.groups.values().to_vec()
    }

    pub(super) const fn others(&self) -> Tally {
        self.others
    }
}
