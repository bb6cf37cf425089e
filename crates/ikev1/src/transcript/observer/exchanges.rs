//! The exchanges of one ISAKMP SA after phase 1, by message id.

use alloc::vec::Vec;

use super::latest::Latest;
use super::{Candidate, Vectors};
use crate::Iv;
use crate::transcript::QuickMode;

/// The number of exchanges that are kept of which a message was read.
const READ: usize = 64;

/// The number of exchanges that are kept of which no message was read. They are counted separately, so that noise
/// does not displace the others.
const UNREAD: usize = 16;

/// An exchange after phase 1 of which a message was read.
#[derive(Debug, Default)]
struct Exchange {
    vectors: Vectors,
    quick_mode: QuickMode,
}

impl Exchange {
    fn octet_count(&self) -> usize {
        size_of::<Self>()
            .saturating_add(self.vectors.octet_count())
            .saturating_add(self.quick_mode.octet_count())
    }
}

/// The latest exchanges of one ISAKMP SA by message id: 64 of which a message was read, and 16 others.
#[derive(Debug)]
pub struct Exchanges {
    read: Latest<Exchange>,
    unread: Latest<Vectors>,
}

impl Default for Exchanges {
    fn default() -> Self {
        Self::new()
    }
}

impl Exchanges {
    /// Makes an empty table.
    #[must_use]
    pub const fn new() -> Self {
        Self { read: Latest::new(READ), unread: Latest::new(UNREAD) }
    }

    /// Returns the transcript of the exchange with this message id. `None` when no message of it was read.
    #[must_use]
    pub fn quick_mode(&self, message_id: u32) -> Option<&QuickMode> {
        self.read.entry(message_id).map(|exchange| &exchange.quick_mode)
    }

    /// Returns the same as [`quick_mode`](Self::quick_mode), to take a message.
    pub fn quick_mode_mut(&mut self, message_id: u32) -> Option<&mut QuickMode> {
        self.read.entry_mut(message_id).map(|exchange| &mut exchange.quick_mode)
    }

    /// Returns the vectors that a message of this exchange may have, like [`Vectors::candidates`].
    #[must_use]
    pub fn candidates(&self, message_id: u32, first: &[Iv], ciphertext: &[u8]) -> Vec<Candidate> {
        let read = self.read.entry(message_id).map(|exchange| &exchange.vectors);
        match read.or_else(|| self.unread.entry(message_id)) {
            Some(vectors) => vectors.candidates(first, ciphertext),
            None => Vectors::new().candidates(first, ciphertext),
        }
    }

    /// Takes a message of this exchange, like [`Vectors::take`]. When there are too many exchanges, the oldest is
    /// forgotten.
    pub fn take(&mut self, message_id: u32, candidate: Option<Candidate>, like: Iv, ciphertext: &[u8]) {
        let vectors = if candidate.is_some() || self.read.entry(message_id).is_some() {
            // default: no message of the exchange has come yet
            let vectors = self.unread.remove(message_id).unwrap_or_default();
            let exchange = || Exchange { vectors, ..Exchange::default() };
            self.read.entry_or_insert_with(message_id, exchange).map(|exchange| &mut exchange.vectors)
        } else {
            self.unread.entry_or_insert_with(message_id, Vectors::new)
        };
        if let Some(vectors) = vectors {
            vectors.take(candidate, like, ciphertext);
        }
    }

    /// Returns how many octets of memory the exchanges take.
    #[must_use]
    pub fn octet_count(&self) -> usize {
        let read = self.read.values().map(Exchange::octet_count);
        let unread =
            self.unread.values().map(|vectors| size_of::<Vectors>().saturating_add(vectors.octet_count()));
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
        assert_eq!((exchanges.read.values().count(), exchanges.unread.values().count()), (READ, UNREAD));
        assert!(
            exchanges.quick_mode(99).is_some() && exchanges.quick_mode(36).is_some(),
            "the last 64 are kept"
        );
        // An exchange that was not read at first is read later, with what is known of it.
        exchanges.take(1999, Some(read), iv, &[1; 8]);
        let vectors = &exchanges.read.entry(1999).unwrap().vectors;
        assert_eq!((vectors.lasts().count(), exchanges.unread.values().count()), (2, UNREAD - 1));
    }
}
