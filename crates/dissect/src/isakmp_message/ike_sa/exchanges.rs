//! The exchanges of one ISAKMP SA after phase 1.

use ikev1::Iv;

use super::chain::{Candidate, Chain};
use super::quick_mode::QuickModeMessages;
use crate::bounded::Bounded;

/// How many exchanges are remembered of which a message was read.
const READ: usize = 64;

/// How many are of which none was: noise under message ids of its own pushes out nothing else.
const UNREAD: usize = 16;

/// An exchange after phase 1.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    pub(super) chain: Chain,
    pub(super) quick_mode: QuickModeMessages,
}

impl Exchange {
    fn octets(&self) -> usize {
        size_of::<Self>().saturating_add(self.chain.octets()).saturating_add(self.quick_mode.octets())
    }
}

/// Exchanges by message id, the oldest forgotten first.
#[derive(Debug)]
pub(super) struct Exchanges {
    read: Bounded<u32, Exchange>,
    unread: Bounded<u32, Chain>,
}

impl Exchanges {
    pub(super) fn new() -> Self {
        Self { read: Bounded::new(READ), unread: Bounded::new(UNREAD) }
    }

    /// An exchange of which a message was read.
    pub(super) fn entry(&self, message_id: u32) -> Option<&Exchange> {
        self.read.entry(&message_id)
    }

    pub(super) fn entry_mut(&mut self, message_id: u32) -> Option<&mut Exchange> {
        self.read.entry_mut(&message_id)
    }

    /// As [`Chain::candidates`], of the exchange with this message id.
    pub(super) fn candidates(&self, message_id: u32, first: &[Iv], ciphertext: &[u8]) -> Vec<Candidate> {
        let read = self.read.entry(&message_id).map(|exchange| &exchange.chain);
        match read.or_else(|| self.unread.entry(&message_id)) {
            Some(chain) => chain.candidates(first, ciphertext),
            None => Chain::default().candidates(first, ciphertext),
        }
    }

    /// As [`Chain::take`], of the exchange with this message id.
    pub(super) fn take(
        &mut self,
        message_id: u32,
        candidate: Option<Candidate>,
        like: Iv,
        ciphertext: &[u8],
    ) {
        let chain = if candidate.is_some() || self.read.entry(&message_id).is_some() {
            let before = self.unread.remove(&message_id);
            let exchange = || Exchange { chain: before.unwrap_or_default(), ..Exchange::default() };
            &mut self.read.entry_or_insert_with(message_id, exchange).chain
        } else {
            self.unread.entry_or_insert_with(message_id, Chain::default)
        };
        chain.take(candidate, like, ciphertext);
    }

    /// Octets that the exchanges take.
    pub(super) fn octets(&self) -> usize {
        let read = self.read.values().map(Exchange::octets);
        let unread = self.unread.values().map(|chain| size_of::<Chain>().saturating_add(chain.octets()));
        read.chain(unread).fold(0, usize::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchanges_are_bounded_and_noise_pushes_none_out_that_was_read() {
        let iv = Iv::from_octets(&[0; 8]).unwrap();
        let read = Candidate { iv, position: 0, is_repeated: false };
        let mut exchanges = Exchanges::new();
        for number in 0..100u32 {
            exchanges.take(number, Some(read), iv, &number.to_be_bytes().repeat(2));
        }
        for number in 1000..2000u32 {
            exchanges.take(number, None, iv, &number.to_be_bytes().repeat(2));
        }
        assert_eq!((exchanges.read.entry_count(), exchanges.unread.entry_count()), (READ, UNREAD));
        assert!(exchanges.entry(99).is_some() && exchanges.entry(36).is_some(), "the last 64");
        // What was not read first is read later, with what is known of it.
        exchanges.take(1999, Some(read), iv, &[1; 8]);
        let chain = &exchanges.entry(1999).unwrap().chain;
        assert_eq!((chain.lasts().count(), exchanges.unread.entry_count()), (2, UNREAD - 1));
    }
}
