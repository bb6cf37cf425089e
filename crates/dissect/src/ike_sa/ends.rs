//! The two ends of an ISAKMP SA, and which of them sends a message.

use std::net::IpAddr;

use isakmp::Role;

use crate::conversation::Conversation;

/// A sender and a receiver, the ports too where they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) addresses: (Option<IpAddr>, Option<IpAddr>),
    ports: Option<(u16, u16)>,
}

impl Ends {
    pub(super) const fn of(conversation: &Conversation) -> Self {
        Self { addresses: conversation.ends(), ports: conversation.ports() }
    }

    /// Who sends a message between `other`, where `self` is between whom the first message of phase 1 went.
    ///
    /// Addresses tell. Where both are the same (two peers behind one translated address, a loopback) ports do, as long as they
    /// differ and have not changed to 4500; else nothing does, and what the message says has to.
    pub(super) fn role(&self, other: &Self) -> Option<Role> {
        let role = |is_initiator| if is_initiator { Role::Initiator } else { Role::Responder };
        if self.addresses.0 != self.addresses.1 {
            return Some(role(other.addresses.0 == self.addresses.0));
        }
        let ((from, to), now) = (self.ports?, other.ports?);
        (from != to && (now == (from, to) || now == (to, from))).then(|| role(now == (from, to)))
    }
}
