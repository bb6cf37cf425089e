//! ISAKMP SAs as they are negotiated: what phase 1 says in the clear, the keys that fit, and the initialization
//! vectors of the messages after it.
//!
//! The author of a capture chooses how many SAs are in it and what they contain, so memory and time are bounded.
//! [`FIRST_MESSAGES`] and [`ASSOCIATIONS`] bound the octets that are remembered of all SAs, whatever the limit on
//! their number is. The time for one message is bounded by the number of key sets that are tried ([`material`]), the
//! number of initialization vectors of an SA ([`ikev1::transcript::observer`]) and the number of bodies that are
//! decrypted ([`trial`]). Only computing with private values of Diffie-Hellman is slow; the number of private values
//! that the user gave bounds it ([`private_values`]). The rules of the protocol are in [`ikev1::transcript`]. This
//! module handles the keys that the user gave.

mod body;
mod children;
mod ends;
mod given;
mod material;
mod opening;
mod outcome;
mod private_values;
mod sa;
mod trial;
mod weighed;

use std::collections::HashSet;

use ikev1::Cookies;
use ikev1::transcript::Phase1;
use isakmp::{Chain, Encrypted, FramedHeader, Message, PayloadType, Phase};

use body::body;

use crate::conversation::{Conversation, Key};
use crate::sink::Reason;
use keys::{AssociationRow, Keys};

use ends::Ends;
use given::Given;
pub(super) use opening::{Checked, Opened, Opening};
pub use outcome::IsakmpAssociation;
use private_values::PrivateValues;
use sa::{IkeSa, Received};
use weighed::{Weighed, Weight};

/// The number of octets that all first messages of phase 1 together may take. Anybody can send any number of them.
const FIRST_MESSAGES: usize = 16 << 20;

/// The number of octets that all SAs together may take: enough for some thousand with all their exchanges.
const ASSOCIATIONS: usize = 64 << 20;

/// A first message of phase 1. Any number of responders may answer it.
#[derive(Debug)]
struct FirstMessage {
    key: Key,
    // The number of this first message. Messages that are sent again are not counted.
    number: u64,
    ends: Ends,
    phase_1: Phase1,
}

impl Weight for FirstMessage {
    fn octets(&self) -> usize {
        size_of::<Self>().saturating_add(self.phase_1.octet_count())
    }
}

/// The ISAKMP SAs. The oldest are removed first.
#[derive(Debug)]
pub(crate) struct IkeSas {
    given: Given,
    values: PrivateValues,
    follows: bool,
    first_messages: Weighed<Key, FirstMessage>,
    // The SAs by both cookies. A message with another responder's cookie belongs to another SA.
    sas: Weighed<(Key, [u8; 8]), IkeSa>,
    next: u64,
    limit: usize,
    // The rows of the child SAs, with the octets of their keys, when they are to be kept.
    keeps: bool,
    kept: Vec<AssociationRow>,
}

impl IkeSas {
    pub(crate) fn new(limit: usize, keys: &Keys, follows: bool, keeps: bool) -> Self {
        let given = Given::new(keys);
        Self {
            follows: follows || !given.is_empty(),
            given,
            values: PrivateValues::default(),
            first_messages: Weighed::new(limit, FIRST_MESSAGES),
            sas: Weighed::new(limit, ASSOCIATIONS),
            next: 0,
            limit,
            keeps,
            kept: Vec::new(),
        }
    }

    /// Whether ISAKMP SAs are followed at all.
    pub(super) const fn follows(&self) -> bool {
        self.follows
    }

    /// Takes in a message in the clear, and checks its HASH if it has one.
    pub(super) fn learn(&mut self, conversation: &Conversation, message: &Message<'_>) -> Option<Checked> {
        let header = &message.header;
        // Later messages cannot build on a payload that is cut.
        let payloads = message.body.payloads()?;
        if payloads.chain().is_none_or(Chain::is_cut) {
            return None;
        }
        if header.phase() != Phase::One || header.message_id != 0 {
            return None;
        }
        let (key, ends) = (conversation.key(), Ends::of(conversation));
        if header.responder_cookie == [0; 8] {
            let phase_1 = Phase1::observe_first(header, payloads).ok()?;
            let known = self.first_messages.entry(&key);
            // A message that is sent again has the same contents. A cookie that is used again begins a new
            // negotiation.
            if known.is_none_or(|known| known.phase_1 != phase_1 || known.ends.addresses != ends.addresses) {
                self.next = self.next.saturating_add(1);
                self.first_messages.insert(key, FirstMessage { key, number: self.next, ends, phase_1 });
            }
            return None;
        }
        let pair = (key, header.responder_cookie);
        let first = self.first_messages.entry(&key);
        let begins = match (self.sas.entry(&pair), first) {
            (None, _) => true,
            // Only a message with the responder's choice shows that another first message is answered, and only before
            // a HASH was right.
            (Some(sa), Some(first)) => {
                sa.number != first.number
                    && !sa.is_established()
                    && body(payloads, PayloadType::SECURITY_ASSOCIATION).is_some()
            }
            (Some(_), None) => false,
        };
        if begins {
            let FirstMessage { number, ends, phase_1, .. } = first?;
            let phase_1 = phase_1.answer(header.responder_cookie);
            self.sas.insert(pair, IkeSa::new(key, *number, *ends, phase_1));
        }
        let (given, values) = (&self.given, &mut self.values);
        self.sas.change(&pair, |sa| sa.learn((given, values), &ends, payloads))?
    }

    /// Decrypts a message.
    pub(super) fn open(
        &mut self,
        conversation: &Conversation,
        framed: &FramedHeader,
        encrypted: Encrypted<'_>,
        whole: &[u8],
    ) -> Opening {
        if !self.follows {
            return Opening::NoKeys;
        }
        let header = &framed.header;
        let cookies = Cookies { initiator: header.initiator_cookie, responder: header.responder_cookie };
        let has_keys = self.given.of(&cookies).next().is_some();
        let received = Received { ends: Ends::of(conversation), header, encrypted, whole };
        let (given, values) = (&self.given, &mut self.values);
        let opening = self.sas.change(&(conversation.key(), header.responder_cookie), |sa| {
            sa.encrypted = sa.encrypted.saturating_add(1);
            if has_keys { sa.open(given, values, &received) } else { Opening::NoKeys }
        });
        let Some(opening) = opening else {
            return if has_keys { Opening::Failed(Reason::IsakmpPhase1) } else { Opening::NoKeys };
        };
        if let Opening::Opened(opened) = &opening
            && self.keeps
        {
            self.kept.extend_from_slice(&opened.children);
            // The latest rows are kept. At twice the limit the older half is removed, so that each row is moved only
            // once.
            if self.kept.len() > self.limit.saturating_mul(2) {
                let older = self.kept.len().saturating_sub(self.limit);
                self.kept.drain(..older);
            }
        }
        opening
    }

    /// Returns the child SAs whose keys were derived, if they are kept.
    pub(crate) fn kept(&self) -> &[AssociationRow] {
        &self.kept
    }

    /// Returns the SAs in the order of their first messages, including those that nobody answered.
    pub(crate) fn associations(&self) -> impl Iterator<Item = IsakmpAssociation<'_>> {
        let answered: HashSet<Key> = self.sas.values().map(|sa| sa.key).collect();
        let sas = self.sas.values().map(|sa| {
            let IkeSa { ends, phase_1, .. } = sa;
            (sa.number, IsakmpAssociation { ends: *ends, phase_1, sa: Some(sa) })
        });
        let unanswered =
            self.first_messages.values().filter(move |first| !answered.contains(&first.key)).map(
                |FirstMessage { number, ends, phase_1, .. }| {
                    (*number, IsakmpAssociation { ends: *ends, phase_1, sa: None })
                },
            );
        let mut all: Vec<_> = sas.chain(unanswered).collect();
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, association)| association)
    }
}

#[cfg(test)]
mod tests;
