//! The TSNs that were seen, so that a line says which chunks were sent again: RFC 9260 section 6.3.3.

use crate::bounded::Bounded;
use crate::user_message::Direction;

/// How many TSNs a word says of.
const WORD: u32 = u128::BITS;

/// The number of words of a direction. The oldest TSN that is known of is about a thousand behind the highest.
const WORDS: u32 = 8;

/// The number of words in the whole circle of TSNs.
const CIRCLE: u32 = u32::MAX / WORD;

/// The TSNs of one direction of an association, in a ring of words.
#[derive(Clone, Copy, Debug)]
struct Seen {
    highest: u32,
    words: [u128; 8],
}

impl Seen {
    const fn new(tsn: u32) -> Self {
        Self { highest: tsn, words: [0; 8] }
    }

    fn word(&mut self, number: u32) -> Option<&mut u128> {
        usize::try_from(number % WORDS).ok().and_then(|index| self.words.get_mut(index))
    }

    /// Takes in a TSN. Returns whether it was there before.
    fn see(&mut self, tsn: u32) -> bool {
        let (word, highest_word) = (tsn / WORD, self.highest / WORD);
        // Half of the circle is ahead of a TSN and half behind it, RFC 9260 section 1.6.
        if tsn.wrapping_sub(self.highest) <= u32::MAX / 2 {
            let passed = word.wrapping_sub(highest_word) & CIRCLE;
            for step in 1..=passed.min(WORDS) {
                if let Some(word) = self.word(highest_word.wrapping_add(step)) {
                    *word = 0;
                }
            }
            self.highest = tsn;
        } else if highest_word.wrapping_sub(word) & CIRCLE >= WORDS {
            // Nothing is known of it any more.
            return false;
        }
        let bit = 1 << (tsn % WORD);
        self.word(word).is_some_and(|word| {
            let was_seen = *word & bit != 0;
            *word |= bit;
            was_seen
        })
    }
}

/// The TSNs of all directions. There is a bounded number, and the oldest direction is removed first.
pub(crate) struct SentTsns {
    directions: Bounded<Direction, Seen>,
}

impl SentTsns {
    pub(crate) fn new(limit: usize) -> Self {
        Self { directions: Bounded::new(limit) }
    }

    /// Takes in a TSN. Returns whether the chunk was sent before.
    pub(crate) fn see(&mut self, direction: Direction, tsn: u32) -> bool {
        self.directions.entry_or_insert_with(direction, || Seen::new(tsn)).see(tsn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tsn_is_sent_again_when_it_was_seen() {
        let mut seen = Seen::new(u32::MAX - 1);
        for tsn in [u32::MAX - 1, 0, u32::MAX, 300, 2] {
            assert!(!seen.see(tsn), "{tsn} is new");
            assert!(seen.see(tsn), "{tsn} was seen");
        }
        assert!(!seen.see(1), "nothing was seen in the gap");
        assert!(seen.see(0) && seen.see(u32::MAX));
    }

    #[test]
    fn a_leap_forgets_what_is_far_behind() {
        let mut seen = Seen::new(5);
        assert!(!seen.see(5));
        assert!(!seen.see(5 + 1024 * 1024));
        assert!(!seen.see(5) && !seen.see(5), "nothing is known of it any more");
        assert!(!seen.see(5 + 1024 * 1024 - 128), "its word was cleared");
        assert!(seen.see(5 + 1024 * 1024));
    }
}
