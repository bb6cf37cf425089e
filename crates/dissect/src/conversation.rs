//! What is remembered from message to message: the vendor ids of a negotiation, and fragments.

use std::net::IpAddr;

use ikev1::transcript::FragmentedMessage;
use isakmp::payload::fragment::Fragment;
use isakmp::reassembly::ReassemblyError;
use isakmp::{Body, Header, Message, NegotiationContext, PayloadType, Role};

use crate::bounded::Bounded;
use crate::packet::Around;
use capture::Timestamp;

/// How long a message's fragments are waited for, in nanoseconds. No document says; as long as for IP's.
const REASSEMBLY_TIME: i128 = 60_000_000_000;

/// Between whom, and by whom, a message was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conversation {
    initiator_cookie: [u8; 8],
    responder_cookie: [u8; 8],
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    ports: Option<(u16, u16)>,
}

/// What tells negotiations apart. The responder's cookie comes with the second message, and ports change on the way.
///
/// In wide integers, because hashing a key costs by the piece and each message needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    initiator_cookie: u64,
    low: u128,
    high: u128,
}

/// An address as a number; one of IPv4 as it is mapped into IPv6, so that no two are the same.
fn number(address: Option<IpAddr>) -> u128 {
    match address {
        Some(IpAddr::V4(address)) => address.to_ipv6_mapped().to_bits(),
        Some(IpAddr::V6(address)) => address.to_bits(),
        None => 0,
    }
}

impl Conversation {
    pub(crate) fn of(header: &Header, around: &Around) -> Self {
        Self {
            initiator_cookie: header.initiator_cookie,
            responder_cookie: header.responder_cookie,
            source: around.network.map(|(source, _)| source),
            destination: around.network.map(|(_, destination)| destination),
            ports: around.ports,
        }
    }

    /// The sender, and the receiver.
    pub(super) const fn ends(&self) -> (Option<IpAddr>, Option<IpAddr>) {
        (self.source, self.destination)
    }

    /// The sender's port, and the receiver's.
    pub(super) const fn ports(&self) -> Option<(u16, u16)> {
        self.ports
    }

    pub(super) fn key(&self) -> Key {
        let (source, destination) = (number(self.source), number(self.destination));
        Key {
            initiator_cookie: u64::from_be_bytes(self.initiator_cookie),
            low: source.min(destination),
            high: source.max(destination),
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Negotiation {
    context: NegotiationContext,
    // Who sent the message that had no responder's cookie.
    initiator: Option<IpAddr>,
}

/// Negotiations and fragments, the oldest forgotten first.
#[derive(Debug)]
pub(crate) struct Conversations {
    negotiations: Bounded<Key, Negotiation>,
    pub(super) fragments: FragmentedMessages,
}

impl Conversations {
    pub(crate) fn new(conversation_limit: usize, fragment_limit: usize) -> Self {
        Self {
            negotiations: Bounded::new(conversation_limit),
            fragments: FragmentedMessages { messages: Bounded::new(fragment_limit) },
        }
    }

    /// What the payload numbers of a message mean, once its own vendor ids are taken in.
    pub(super) fn context(
        &mut self,
        conversation: &Conversation,
        message: &Message<'_>,
    ) -> NegotiationContext {
        let mut own = NegotiationContext::default();
        if let Body::Payloads(payloads) = &message.body {
            own.learn_from(Role::Initiator, payloads);
        }
        let is_first = conversation.responder_cookie == [0; 8];
        let payloads = match &message.body {
            Body::Payloads(payloads) if own != NegotiationContext::default() => payloads,
            // Most vendor ids say nothing of NAT traversal: a negotiation is remembered once one does.
            _ if self.negotiations.entry_count() == 0 => return own,
            _ => {
                let Some(known) = self.negotiations.entry_mut(&conversation.key()) else { return own };
                let is_vendor_id = |kind| kind == PayloadType::VENDOR_ID;
                if is_first && message.elements().any(|element| is_vendor_id(element.header.payload_type)) {
                    known.initiator = conversation.source;
                }
                return known.context;
            }
        };
        let known = self.negotiations.entry_or_insert_with(conversation.key(), Negotiation::default);
        if is_first {
            known.initiator = conversation.source;
        }
        let is_initiator = is_first || known.initiator.is_some() && known.initiator == conversation.source;
        let role = if is_initiator { Role::Initiator } else { Role::Responder };
        known.context.learn_from(role, payloads);
        known.context
    }
}

/// What tells fragmented messages apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct FragmentKey {
    initiator_cookie: [u8; 8],
    responder_cookie: [u8; 8],
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    identifier: u16,
}

#[derive(Debug, Default)]
struct Collected {
    message: FragmentedMessage,
    since: Option<Timestamp>,
}

/// The fragmented messages being collected.
#[derive(Debug)]
pub(super) struct FragmentedMessages {
    messages: Bounded<FragmentKey, Collected>,
}

impl FragmentedMessages {
    /// Takes a fragment in, and hands the message out that it completes.
    ///
    /// Senders number every message alike, so that a fragment that does not go with those before it begins anew.
    pub(super) fn accept(
        &mut self,
        conversation: &Conversation,
        fragment: &Fragment<'_>,
        now: Option<Timestamp>,
    ) -> Result<Option<Vec<u8>>, ReassemblyError> {
        let key = FragmentKey {
            initiator_cookie: conversation.initiator_cookie,
            responder_cookie: conversation.responder_cookie,
            source: conversation.source,
            destination: conversation.destination,
            identifier: fragment.identifier,
        };
        let is_over = self.messages.entry(&key).is_some_and(|collected| {
            let waited = now.zip(collected.since).map(|(now, since)| now.0.saturating_sub(since.0));
            waited.is_some_and(|waited| waited > REASSEMBLY_TIME)
        });
        if is_over {
            self.messages.remove(&key);
        }
        let begin = || Collected { since: now, ..Collected::default() };
        let collected = self.messages.entry_or_insert_with(key, begin);
        let accepted = collected.message.accept(fragment);
        match &accepted {
            Ok(Some(_)) => {
                self.messages.remove(&key);
            }
            Ok(None) => {}
            // The fragment is the first of a new message.
            Err(_) => collected.since = now,
        }
        accepted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONVERSATION: Conversation = Conversation {
        initiator_cookie: [1; 8],
        responder_cookie: [2; 8],
        source: None,
        destination: None,
        ports: None,
    };

    fn fragment(number: u8, flags: u8, data: &'static [u8]) -> Fragment<'static> {
        Fragment { identifier: 1, number, flags, data }
    }

    fn messages(limit: usize) -> FragmentedMessages {
        FragmentedMessages { messages: Bounded::new(limit) }
    }

    #[test]
    fn the_second_message_of_the_same_number_is_collected_like_the_first() {
        let mut messages = messages(4);
        for text in [b"one", b"two"] {
            assert_eq!(messages.accept(&CONVERSATION, &fragment(2, 1, b"!"), None), Ok(None));
            assert_eq!(messages.accept(&CONVERSATION, &fragment(2, 1, b"!"), None), Ok(None));
            let whole = messages.accept(&CONVERSATION, &fragment(1, 0, text), None).unwrap();
            assert_eq!(whole, Some([&text[..], b"!"].concat()));
        }
        assert_eq!(messages.messages.entry_count(), 0);
    }

    #[test]
    fn a_fragment_that_contradicts_begins_anew() {
        let mut messages = messages(4);
        messages.accept(&CONVERSATION, &fragment(1, 0, b"lost"), None).unwrap();
        let error = messages.accept(&CONVERSATION, &fragment(1, 0, b"new "), None);
        assert_eq!(error, Err(ReassemblyError::Conflict { number: 1 }));
        let whole = messages.accept(&CONVERSATION, &fragment(2, 1, b"one"), None);
        assert_eq!(whole, Ok(Some(b"new one".to_vec())));
    }

    #[test]
    fn fragments_wait_a_minute_and_are_bounded() {
        let mut messages = messages(2);
        let at = |seconds: i128| Some(Timestamp(seconds * 1_000_000_000));
        messages.accept(&CONVERSATION, &fragment(1, 0, b"old"), at(0)).unwrap();
        assert_eq!(messages.accept(&CONVERSATION, &fragment(2, 1, b"new"), at(61)), Ok(None));
        for identifier in 2..100 {
            let other = Fragment { identifier, ..fragment(1, 0, b"x") };
            assert_eq!(messages.accept(&CONVERSATION, &other, None), Ok(None));
            assert!(messages.messages.entry_count() <= 2);
        }
        let long = vec![0; 40_000];
        let first = Fragment { identifier: 7, number: 1, flags: 0, data: &long };
        messages.accept(&CONVERSATION, &first, None).unwrap();
        let error = messages.accept(&CONVERSATION, &Fragment { number: 2, ..first }, None).unwrap_err();
        assert_eq!(error, ReassemblyError::TooLong { needed: 80_000, available: 65_535 });
    }
}
