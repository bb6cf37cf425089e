//! The state of ISAKMP conversations: the vendor ids of each negotiation, and the fragments of messages.

use std::net::IpAddr;

use ikev1::transcript::FragmentedMessage;
use isakmp::payload::fragment::Fragment;
use isakmp::reassembly::ReassemblyError;
use isakmp::{Body, Header, Message, NegotiationContext, PayloadType, Role};

use crate::bounded::Bounded;
use crate::packet::Around;
use capture::Timestamp;

/// How long the fragments of a message are collected, in nanoseconds. No document gives a time; this is the time for
/// IP fragments.
const REASSEMBLY_TIME: i128 = 60_000_000_000;

/// The cookies, addresses and ports of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conversation {
    initiator_cookie: [u8; 8],
    responder_cookie: [u8; 8],
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    ports: Option<(u16, u16)>,
}

/// The key that identifies a negotiation. The responder's cookie is not in it, because the first message lacks it, and
/// ports are not in it, because they can change.
///
/// It consists of wide integers, because hashing costs time for each piece and every message needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    initiator_cookie: u64,
    low: u128,
    high: u128,
}

/// Converts an address to a number. An IPv4 address is mapped into IPv6, so that no two addresses are equal.
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

    /// Returns the sender and the receiver.
    pub(super) const fn ends(&self) -> (Option<IpAddr>, Option<IpAddr>) {
        (self.source, self.destination)
    }

    /// Returns the port of the sender and the port of the receiver.
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
    // The sender of the message that had no responder's cookie.
    initiator: Option<IpAddr>,
}

/// The negotiations and the fragments. The oldest are removed first.
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

    /// Returns the meaning of the payload numbers of a message. The message's own vendor ids are taken into account.
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
            // Most vendor ids are not about NAT traversal. A negotiation is remembered only when one is.
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

/// The key that identifies a fragmented message.
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

/// The fragmented messages that are being collected.
#[derive(Debug)]
pub(super) struct FragmentedMessages {
    messages: Bounded<FragmentKey, Collected>,
}

impl FragmentedMessages {
    /// Takes in a fragment, and returns the message if the fragment completes it.
    ///
    /// Senders number their messages alike. So a fragment that does not fit the earlier ones begins a new message.
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
            // The fragment is the first one of a new message.
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
