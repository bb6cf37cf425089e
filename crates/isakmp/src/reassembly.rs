//! Fragments put together: a value in, a value out, over the caller's buffer.

use crate::payload::fragment::Fragment;

/// Why a fragment does not go with those before it. The reassembly stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReassemblyError {
    /// It is of another message: begin a new reassembly with it, or drop it.
    #[error("fragment of message {found} among those of message {expected}")]
    Identifier {
        /// The message being put together.
        expected: u16,
        /// The fragment's.
        found: u16,
    },
    /// Fragments are numbered from 1.
    #[error("fragment number 0")]
    NumberZero,
    /// It has no octets.
    #[error("fragment {number} is empty")]
    Empty {
        /// Its number.
        number: u8,
    },
    /// One with this number has come, with other octets or another flag.
    #[error("fragment {number} has come twice and differs")]
    Conflict {
        /// Its number.
        number: u8,
    },
    /// It comes after the last one, or is a last one before others.
    #[error("fragment {number}, and fragment {last} is the last")]
    AfterLast {
        /// The number of the one that comes after.
        number: u8,
        /// The last one's number.
        last: u8,
    },
    /// The message is longer than the buffer.
    #[error("the fragments have {needed} octets, the buffer {available}")]
    TooLong {
        /// Octets of the fragments so far.
        needed: usize,
        /// Octets of the buffer.
        available: usize,
    },
}

/// What has come of a message. Exhaustive on purpose: all of it, or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Progress {
    /// Fragments are missing.
    Incomplete,
    /// All have come: the message is the first `len` octets of the buffer.
    Complete {
        /// Octets of the message.
        len: usize,
    },
}

const MAX_COUNT: usize = 255;

/// A message being put together from its fragments.
///
/// The state is a value of about half a kilobyte; the octets are in a buffer of the caller, whose length is the limit
/// of the message. Fragments may come in any order and more than once. One that comes in order is copied once; one that
/// comes late moves those after it.
///
/// ```
/// use vpnwire_isakmp::payload::fragment::Fragment;
/// use vpnwire_isakmp::reassembly::{Progress, Reassembly};
///
/// let mut buffer = [0; 1500];
/// let mut reassembly = Reassembly::new();
/// let last = Fragment { identifier: 1, number: 2, flags: Fragment::LAST, data: b"fragment" };
/// let first = Fragment { identifier: 1, number: 1, flags: 0, data: b"a " };
/// let progress;
/// (reassembly, _) = reassembly.accept(&last, &mut buffer)?;
/// (reassembly, progress) = reassembly.accept(&first, &mut buffer)?;
/// assert_eq!(progress, Progress::Complete { len: 10 });
/// assert_eq!(&buffer[..10], b"a fragment");
/// # assert_eq!(reassembly.received_count(), 2);
/// # Ok::<(), vpnwire_isakmp::reassembly::ReassemblyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reassembly {
    identifier: Option<u16>,
    last: Option<u8>,
    // Octets of each fragment that has come, by number; 0 where it has not.
    lens: [u16; MAX_COUNT + 1],
}

impl Default for Reassembly {
    fn default() -> Self {
        Self::new()
    }
}

impl Reassembly {
    /// Nothing has come.
    #[must_use]
    pub const fn new() -> Self {
        Self { identifier: None, last: None, lens: [0; MAX_COUNT + 1] }
    }

    /// Which message is put together, as soon as a fragment has come.
    #[must_use]
    pub const fn identifier(&self) -> Option<u16> {
        self.identifier
    }

    /// How many different fragments have come.
    #[must_use]
    pub fn received_count(&self) -> usize {
        self.lens.iter().fold(0, |count: usize, len| count.saturating_add(usize::from(*len != 0)))
    }

    /// How many fragments the message has, as soon as the last one has come.
    #[must_use]
    pub const fn last(&self) -> Option<u8> {
        self.last
    }

    /// Numbers of fragments that are missing: up to the last one, or to the highest that has come.
    pub fn missing(&self) -> impl Iterator<Item = u8> + '_ {
        // default: until the last one has come, nobody knows of more
        let highest = self.last.unwrap_or_else(|| self.highest());
        (1..=highest).filter(|number| self.len_of(*number) == 0)
    }

    fn highest(&self) -> u8 {
        // default: 0 where none has come, because fragments are numbered from 1
        (1..=u8::MAX).rev().find(|number| self.len_of(*number) != 0).unwrap_or_default()
    }

    fn len_of(&self, number: u8) -> usize {
        // default: never taken, there is a place for every octet
        self.lens.get(usize::from(number)).copied().map(usize::from).unwrap_or_default()
    }

    /// Octets of the fragments with numbers below `number`.
    fn start_of(&self, number: u8) -> usize {
        self.lens
            .iter()
            .take(usize::from(number))
            .fold(0, |sum: usize, len| sum.saturating_add(usize::from(*len)))
    }

    fn total_len(&self) -> usize {
        self.lens.iter().fold(0, |sum: usize, len| sum.saturating_add(usize::from(*len)))
    }

    fn progress(&self) -> Progress {
        match self.last {
            Some(last) if (1..=last).all(|number| self.len_of(number) != 0) => {
                Progress::Complete { len: self.total_len() }
            }
            _ => Progress::Incomplete,
        }
    }

    /// Takes in a fragment. `buffer` is the one given with the fragments before, untouched since.
    ///
    /// # Errors
    /// When the fragment does not go with those before it, or the buffer is too short; state and buffer are then as
    /// before.
    pub fn accept(
        mut self,
        fragment: &Fragment<'_>,
        buffer: &mut [u8],
    ) -> Result<(Self, Progress), ReassemblyError> {
        let number = fragment.number;
        if number == 0 {
            return Err(ReassemblyError::NumberZero);
        }
        if let Some(expected) = self.identifier
            && expected != fragment.identifier
        {
            return Err(ReassemblyError::Identifier { expected, found: fragment.identifier });
        }
        let len = u16::try_from(fragment.data.len())
            .map_err(|_| ReassemblyError::TooLong { needed: fragment.data.len(), available: buffer.len() })?;
        if len == 0 {
            return Err(ReassemblyError::Empty { number });
        }
        let start = self.start_of(number);
        let present = self.len_of(number);
        if present != 0 {
            let same = buffer.get(start..start.saturating_add(present)) == Some(fragment.data)
                && fragment.is_last() == (self.last == Some(number));
            return match same {
                true => Ok((self, self.progress())),
                false => Err(ReassemblyError::Conflict { number }),
            };
        }
        match self.last {
            Some(last) if number > last || fragment.is_last() => {
                return Err(ReassemblyError::AfterLast { number: number.max(last), last: number.min(last) });
            }
            None if fragment.is_last() && self.highest() > number => {
                return Err(ReassemblyError::AfterLast { number: self.highest(), last: number });
            }
            _ => {}
        }
        let used = self.total_len();
        let needed = used.saturating_add(usize::from(len));
        let available = buffer.len();
        let too_long = ReassemblyError::TooLong { needed, available };
        wire::copy(buffer.get_mut(used..needed).ok_or(too_long)?, fragment.data).map_err(|_| too_long)?;
        if start < used {
            // Turned as a whole and in its two parts, the tail and the new fragment change places.
            let tail = buffer.get_mut(start..needed).ok_or(too_long)?;
            reverse(tail);
            if let Some((new, old)) = tail.split_at_mut_checked(usize::from(len)) {
                reverse(new);
                reverse(old);
            }
        }
        if let Some(place) = self.lens.get_mut(usize::from(number)) {
            *place = len;
        }
        self.identifier = Some(fragment.identifier);
        if fragment.is_last() {
            self.last = Some(number);
        }
        Ok((self, self.progress()))
    }
}

/// Turns octets round. `<[_]>::reverse` keeps a check of its own halves that can panic.
fn reverse(octets: &mut [u8]) {
    if let Some((front, back)) = octets.split_at_mut_checked(octets.len() / 2) {
        for (one, other) in front.iter_mut().zip(back.iter_mut().rev()) {
            core::mem::swap(one, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    const PIECES: [&[u8]; 4] = [b"one ", b"two, ", b"three; ", b"four"];

    fn fragment(number: u8) -> Fragment<'static> {
        let data = PIECES[usize::from(number) - 1];
        Fragment { identifier: 7, number, flags: u8::from(number == 4), data }
    }

    fn all(order: &[u8]) -> (Reassembly, Progress, Vec<u8>) {
        let mut buffer = std::vec![0; 64];
        let mut state = (Reassembly::new(), Progress::Incomplete);
        for number in order {
            state = state.0.accept(&fragment(*number), &mut buffer).unwrap();
        }
        (state.0, state.1, buffer)
    }

    #[test]
    fn fragments_in_every_order() {
        let mut count = 0;
        for a in 1..=4 {
            for b in (1..=4).filter(|b| *b != a) {
                for c in (1..=4).filter(|c| ![a, b].contains(c)) {
                    let d = 10 - a - b - c;
                    let (_, progress, buffer) = all(&[a, b, c, d]);
                    assert_eq!(progress, Progress::Complete { len: 20 });
                    assert_eq!(&buffer[..20], PIECES.concat());
                    count += 1;
                }
            }
        }
        assert_eq!(count, 24);
    }

    #[test]
    fn duplicates_change_nothing() {
        let (state, progress, buffer) = all(&[4, 2, 2, 4, 1, 2, 3, 3]);
        assert_eq!(progress, Progress::Complete { len: 20 });
        assert_eq!((&buffer[..20], state.received_count()), (&*PIECES.concat(), 4));
    }

    #[test]
    fn gaps_are_told() {
        let (state, progress, _) = all(&[4, 2]);
        assert_eq!(progress, Progress::Incomplete);
        assert_eq!(state.missing().collect::<Vec<_>>(), [1, 3]);
        assert_eq!((state.last(), state.identifier()), (Some(4), Some(7)));
        assert_eq!(all(&[3]).0.missing().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(Reassembly::new().missing().count(), 0);
    }

    #[test]
    fn a_message_longer_than_the_buffer_is_an_error_and_leaves_it_as_it_was() {
        let mut buffer = [9; 8];
        let (state, _) = Reassembly::new().accept(&fragment(2), &mut buffer).unwrap();
        assert_eq!(
            state.accept(&fragment(1), &mut buffer).unwrap_err(),
            ReassemblyError::TooLong { needed: 9, available: 8 }
        );
        assert_eq!(&buffer, b"two, \x09\x09\x09");
    }

    #[test]
    fn fragments_that_do_not_go_together_are_errors() {
        let mut buffer = [0; 64];
        let (state, _) = Reassembly::new().accept(&fragment(2), &mut buffer).unwrap();
        let other = Fragment { identifier: 8, ..fragment(1) };
        assert_eq!(
            state.accept(&other, &mut buffer).unwrap_err(),
            ReassemblyError::Identifier { expected: 7, found: 8 }
        );
        let zero = Fragment { number: 0, ..fragment(1) };
        assert_eq!(state.accept(&zero, &mut buffer).unwrap_err(), ReassemblyError::NumberZero);
        let empty = Fragment { data: &[], ..fragment(1) };
        assert_eq!(state.accept(&empty, &mut buffer).unwrap_err(), ReassemblyError::Empty { number: 1 });
        let differs = Fragment { data: b"TWO, ", ..fragment(2) };
        assert_eq!(state.accept(&differs, &mut buffer).unwrap_err(), ReassemblyError::Conflict { number: 2 });
        let last = Fragment { flags: 1, ..fragment(2) };
        assert_eq!(state.accept(&last, &mut buffer).unwrap_err(), ReassemblyError::Conflict { number: 2 });
        let last = Fragment { flags: 1, ..fragment(1) };
        assert_eq!(
            state.accept(&last, &mut buffer).unwrap_err(),
            ReassemblyError::AfterLast { number: 2, last: 1 }
        );
        let (state, _) = state.accept(&fragment(4), &mut buffer).unwrap();
        let after = Fragment { number: 5, ..fragment(3) };
        assert_eq!(
            state.accept(&after, &mut buffer).unwrap_err(),
            ReassemblyError::AfterLast { number: 5, last: 4 }
        );
    }
}
