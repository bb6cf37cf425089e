//! ISAKMP SAs as they are negotiated: what phase 1 says in the clear, the keys that fit it, and the chains of vectors after it.
//!
//! Whoever made a capture chooses how many SAs are in it and what they say. What is remembered of them is bounded in all by
//! [`FIRST_MESSAGES`] and [`ASSOCIATIONS`] octets, whatever the limit on their number is; what is computed for a message by the
//! sets of keys tried ([`material`]), the vectors of an SA ([`ikev1::transcript::observer`]) and the bodies decrypted ([`trial`]); and
//! what is computed in all with private values, the only thing that is slow, by how many of those the user gave
//! ([`private_values`]). What the messages say of the protocol is in [`ikev1::transcript`]; here stand the keys that the user gave.

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

/// How many octets first messages of phase 1 may take, all together. Whoever wants to can send any number of those.
const FIRST_MESSAGES: usize = 16 << 20;

/// How many octets SAs may take, all together: some thousand with all their exchanges.
const ASSOCIATIONS: usize = 64 << 20;

/// A first message of phase 1, which any number of responders may answer.
#[derive(Debug)]
struct FirstMessage {
    key: Key,
    // Counts first messages that say something new.
    number: u64,
    ends: Ends,
    phase_1: Phase1,
}

impl Weight for FirstMessage {
    fn octets(&self) -> usize {
        size_of::<Self>().saturating_add(self.phase_1.octet_count())
    }
}

/// The SAs, the oldest forgotten first.
#[derive(Debug)]
pub(crate) struct IkeSas {
    given: Given,
    values: PrivateValues,
    follows: bool,
    first_messages: Weighed<Key, FirstMessage>,
    // By both cookies: what somebody else says under one of them is of another SA.
    sas: Weighed<(Key, [u8; 8]), IkeSa>,
    next: u64,
    limit: usize,
    // Rows of the children, with the octets of their keys, where they are to be kept.
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

    /// Whether anything is remembered at all.
    pub(super) const fn follows(&self) -> bool {
        self.follows
    }

    /// Takes a message in that is in the clear, and checks the HASH it may have.
    pub(super) fn learn(&mut self, conversation: &Conversation, message: &Message<'_>) -> Option<Checked> {
        let header = &message.header;
        // Half a payload says nothing that later messages build on.
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
            // Sent again it says the same; a cookie used again begins anew.
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
            // Only the responder's choice says that it answers another first message, and only before anybody has proved anything.
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
            // The latest are kept, at twice the limit the older half goes: each row is moved once.
            if self.kept.len() > self.limit.saturating_mul(2) {
                let older = self.kept.len().saturating_sub(self.limit);
                self.kept.drain(..older);
            }
        }
        opening
    }

    /// The children whose keys were made, where they are kept.
    pub(crate) fn kept(&self) -> &[AssociationRow] {
        &self.kept
    }

    /// The SAs in the order of their first messages, those of which nobody has answered among them.
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
