//! The two ends of an ISAKMP SA, and which of them sends a message.

use std::net::IpAddr;

use isakmp::Role;

use crate::conversation::Conversation;

/// A sender and a receiver, with their ports when they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) addresses: (Option<IpAddr>, Option<IpAddr>),
    ports: Option<(u16, u16)>,
}

impl Ends {
    pub(super) const fn of(conversation: &Conversation) -> Self {
        Self { addresses: conversation.ends(), ports: conversation.ports() }
    }

    /// Returns the role of the sender of a message between `other`. `self` are the ends of the first message of phase
    /// 1.
    ///
    /// The addresses tell the role. When both are equal (two peers behind one translated address, or a loopback), the
    /// ports tell it, as long as they differ and have not changed to 4500. Otherwise the result is `None`, and the
    /// contents of the message must tell.
    pub(super) fn role(&self, other: &Self) -> Option<Role> {
        let role = |is_initiator| if is_initiator { Role::Initiator } else { Role::Responder };
        if self.addresses.0 != self.addresses.1 {
            return Some(role(other.addresses.0 == self.addresses.0));
        }
        let ((from, to), now) = (self.ports?, other.ports?);
        (from != to && (now == (from, to) || now == (to, from))).then(|| role(now == (from, to)))
    }
}
