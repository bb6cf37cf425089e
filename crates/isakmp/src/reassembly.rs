//! The reassembly of fragments: it takes a value and returns a value, and works in the caller's buffer.

use crate::payload::fragment::Fragment;

/// The reason why a fragment does not fit the fragments before it. The reassembly stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReassemblyError {
    /// The fragment belongs to another message. Begin a new reassembly with it, or drop it.
    #[error(
        "the fragment belongs to message {found}, but message {expected} is being put together: begin a new reassembly or drop the fragment"
    )]
    Identifier {
        /// The message that is being put together.
        expected: u16,
        /// The message that the fragment belongs to.
        found: u16,
    },
    /// The fragment has number 0, but fragments are numbered from 1 on.
    #[error("the fragment has number 0, but fragments are numbered from 1 on")]
    NumberZero,
    /// The fragment has no octets.
    #[error("fragment {number} has no octets, but it must have at least one")]
    Empty {
        /// The number of the fragment.
        number: u8,
    },
    /// A fragment with this number has already come, with other octets or another flag.
    #[error("fragment {number} has already come with other octets or another flag")]
    Conflict {
        /// The number of the fragment.
        number: u8,
    },
    /// The fragment comes after the last one, or says that it is the last one although later ones have come.
    #[error("fragment {number} comes after fragment {last}, which says that it is the last one")]
    AfterLast {
        /// The number of the later fragment.
        number: u8,
        /// The number of the last fragment.
        last: u8,
    },
    /// The message is longer than the buffer.
    #[error("the fragments have {needed} octets, but the buffer has only {available}")]
    TooLong {
        /// The number of octets of the fragments so far.
        needed: usize,
        /// The number of octets of the buffer.
        available: usize,
    },
}

/// The progress of a reassembly. The enum is exhaustive on purpose, because a message is complete or it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Progress {
    /// Fragments are missing.
    Incomplete,
    /// All fragments have come. The message is the first `len` octets of the buffer.
    Complete {
        /// The number of octets of the message.
        len: usize,
    },
}

const MAX_COUNT: usize = 255;

/// A message that is being put together from its fragments.
///
/// The state is a value of about half a kilobyte. The octets are in a buffer of the caller, and its length limits the
/// message. Fragments may come in any order and more than once. A fragment that comes in order is copied once; a
/// fragment that comes late moves those after it.
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
    // The number of octets of each fragment that has come, by its number. It is 0 for a fragment that has not come.
    lens: [u16; MAX_COUNT + 1],
}

impl Default for Reassembly {
    fn default() -> Self {
        Self::new()
    }
}

impl Reassembly {
    /// Makes an empty reassembly, to which no fragment has come.
    #[must_use]
    pub const fn new() -> Self {
        Self { identifier: None, last: None, lens: [0; MAX_COUNT + 1] }
    }

    /// Returns the number of the message that is put together. `None` until a fragment has come.
    #[must_use]
    pub const fn identifier(&self) -> Option<u16> {
        self.identifier
    }

    /// Returns the number of different fragments that have come.
    #[must_use]
    pub fn received_count(&self) -> usize {
        self.lens.iter().fold(0, |count: usize, len| count.saturating_add(usize::from(*len != 0)))
    }

    /// Returns the number of fragments of the message. `None` until the last fragment has come.
    #[must_use]
    pub const fn last(&self) -> Option<u8> {
        self.last
    }

    /// Returns the numbers of the missing fragments: up to the last one, or, until it has come, up to the highest
    /// number that has come.
    pub fn missing(&self) -> impl Iterator<Item = u8> + '_ {
        // default: until the last fragment has come, no higher number is known
        let highest = self.last.unwrap_or_else(|| self.highest());
        (1..=highest).filter(|number| self.len_of(*number) == 0)
    }

    fn highest(&self) -> u8 {
        // default: 0 when no fragment has come, because fragments are numbered from 1
        (1..=u8::MAX).rev().find(|number| self.len_of(*number) != 0).unwrap_or_default()
    }

    fn len_of(&self, number: u8) -> usize {
        // default: never taken, there is a place for every number
        self.lens.get(usize::from(number)).copied().map(usize::from).unwrap_or_default()
    }

    /// Returns the number of octets of all fragments with numbers below `number`.
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

    /// Adds a fragment. `buffer` must be the buffer of the fragments before it, unchanged since then.
    ///
    /// # Errors
    /// Returns [`ReassemblyError`] when the fragment does not fit the fragments before it, or when the buffer is too
    /// short. State and buffer are then as they were before.
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
            // The tail and the new fragment change places: all octets are reversed, and then each of the two parts is
            // reversed.
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

/// Reverses octets. `<[_]>::reverse` contains a check of its own halves that can panic.
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
