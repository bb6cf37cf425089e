//! The sequence numbers of an SA: which were seen, which are missing, and which came again.

use std::collections::VecDeque;

/// The sequence numbers that the packets of an SA had.
///
/// Numbers count on beyond 32 bits when they wrap, as extended ones do (RFC 4304). The packet does not tell the upper half,
/// so it counts from 0 here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SequenceNumbers {
    /// The number of the first packet, as the packet has it.
    pub first: u32,
    /// The number of the last packet, as the packet has it.
    pub last: u32,
    /// The lowest number.
    pub lowest: u64,
    /// The highest number.
    pub highest: u64,
    /// How many numbers between the lowest and the highest no packet had: packets were lost, or they were not captured.
    /// A packet that comes late is not missing.
    pub missing: u64,
    /// The packets that came so late that it is no longer known whether their number was missing or came again. If they
    /// fill gaps, that many fewer are missing.
    pub unjudged: u64,
}

/// The relation of a number to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occurrence {
    First,
    Again,
    /// The number is lower than those that are remembered.
    Unknown,
}

/// The numbers that were seen, as ranges, the lowest first.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    ranges: VecDeque<(i64, i64)>,
    limit: usize,
    // The highest number whose range was forgotten.
    forgotten: Option<i64>,
    lowest: i64,
    highest: i64,
    distinct: u64,
    unjudged: u64,
    first: u32,
    last: u32,
    // The number of the packet with the highest number.
    highest_low: u32,
}

impl Numbers {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            ranges: VecDeque::new(),
            limit: limit.max(1),
            forgotten: None,
            lowest: 0,
            highest: 0,
            distinct: 0,
            unjudged: 0,
            first: 0,
            last: 0,
            highest_low: 0,
        }
    }

    /// Notes the number of a packet.
    pub(super) fn note(&mut self, number: u32) -> Occurrence {
        self.last = number;
        if self.distinct == 0 {
            let place = i64::from(number);
            (self.first, self.highest_low) = (number, number);
            (self.lowest, self.highest, self.distinct) = (place, place, 1);
            self.ranges.push_back((place, place));
            return Occurrence::First;
        }
        // Of the numbers with this lower half, it is the one closest to the highest.
        let ahead = i64::from(number.wrapping_sub(self.highest_low).cast_signed());
        let place = self.highest.saturating_add(ahead);
        if place >= self.lowest && self.forgotten.is_some_and(|forgotten| place <= forgotten) {
            self.unjudged = self.unjudged.saturating_add(1);
            return Occurrence::Unknown;
        }
        if !self.insert(place) {
            return Occurrence::Again;
        }
        self.distinct = self.distinct.saturating_add(1);
        self.lowest = self.lowest.min(place);
        if place > self.highest {
            (self.highest, self.highest_low) = (place, number);
        }
        Occurrence::First
    }

    /// Adds a number to the ranges, and says whether it was not in them.
    fn insert(&mut self, place: i64) -> bool {
        let after = self.ranges.partition_point(|(start, _)| *start <= place);
        let before = after.checked_sub(1);
        let next_start = self.ranges.get(after).map(|(start, _)| *start);
        let joins_next = next_start == Some(place.saturating_add(1));
        if let Some((_, end)) = before.and_then(|before| self.ranges.get_mut(before)) {
            if place <= *end {
                return false;
            }
            if *end == place.saturating_sub(1) {
                *end = place;
                if joins_next && let Some((_, next_end)) = self.ranges.remove(after) {
                    self.extend(after, next_end);
                }
                return true;
            }
        }
        if joins_next && let Some((start, _)) = self.ranges.get_mut(after) {
            *start = place;
            return true;
        }
        self.ranges.insert(after, (place, place));
        if self.ranges.len() > self.limit
            && let Some((_, end)) = self.ranges.pop_front()
        {
            self.forgotten = self.forgotten.max(Some(end));
        }
        true
    }

    /// Extends the range before a place to another end.
    fn extend(&mut self, after: usize, to: i64) {
        if let Some((_, end)) = after.checked_sub(1).and_then(|before| self.ranges.get_mut(before)) {
            *end = to;
        }
    }

    /// What is known; `None` when no number was noted.
    pub(super) fn known(&self) -> Option<SequenceNumbers> {
        let span = self.highest.abs_diff(self.lowest).saturating_add(1);
        // The first number may be one that wrapped already.
        let upper = if self.lowest < 0 { 1 << 32 } else { 0 };
        let extended = |place: i64| place.saturating_add(upper).cast_unsigned();
        (self.distinct != 0).then(|| SequenceNumbers {
            first: self.first,
            last: self.last,
            lowest: extended(self.lowest),
            highest: extended(self.highest),
            missing: span.saturating_sub(self.distinct),
            unjudged: self.unjudged,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn noted(limit: usize, numbers: &[u32]) -> (Vec<Occurrence>, SequenceNumbers) {
        let mut all = Numbers::new(limit);
        let occurrences = numbers.iter().map(|number| all.note(*number)).collect();
        (occurrences, all.known().unwrap())
    }

    #[test]
    fn a_late_packet_is_not_missing_and_the_same_number_comes_again() {
        use Occurrence::{Again, First};
        assert_eq!(Numbers::new(4).known(), None);
        let (occurrences, known) = noted(4, &[10, 11, 15, 13, 11, 9, 13]);
        assert_eq!(occurrences, [First, First, First, First, Again, First, Again]);
        let expected =
            SequenceNumbers { first: 10, last: 13, lowest: 9, highest: 15, missing: 2, unjudged: 0 };
        assert_eq!(known, expected, "12 and 14 are missing");
        assert_eq!(noted(4, &[1, 3, 2]).1.missing, 0);
    }

    #[test]
    fn numbers_count_on_when_they_wrap() {
        let (_, known) = noted(4, &[u32::MAX - 1, u32::MAX, 1]);
        assert_eq!((known.lowest, known.highest, known.missing), (0xffff_fffe, 0x1_0000_0001, 1));
        let (_, known) = noted(4, &[1, u32::MAX]);
        assert_eq!((known.lowest, known.highest, known.missing), (0xffff_ffff, 0x1_0000_0001, 1));
        assert_eq!((known.first, known.last), (1, u32::MAX));
    }

    #[test]
    fn what_was_forgotten_is_not_judged() {
        // Each second number is missing, and two ranges are remembered: those of 5 and 7.
        let (occurrences, known) = noted(2, &[1, 3, 5, 7, 2, 3, 6]);
        assert_eq!(occurrences[4..], [Occurrence::Unknown, Occurrence::Unknown, Occurrence::First]);
        assert_eq!((known.missing, known.unjudged), (2, 2), "2 and 4, and 2 may have come");
        let mut many = Numbers::new(8);
        (0..10_000).for_each(|number| {
            many.note(number * 2);
        });
        assert_eq!((many.ranges.len(), many.known().unwrap().missing), (8, 9999));
    }

    /// Compares with a set of all numbers.
    #[test]
    fn ranges_know_what_a_set_knows() {
        let (mut numbers, mut set, mut state) = (Numbers::new(4096), BTreeSet::new(), 1u32);
        for _ in 0..5000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = 5000 + (state >> 20);
            let is_new = set.insert(number);
            assert_eq!(numbers.note(number) == Occurrence::First, is_new);
        }
        let known = numbers.known().unwrap();
        let span = u64::from(set.last().unwrap() - set.first().unwrap()) + 1;
        assert_eq!(known.missing, span - u64::try_from(set.len()).unwrap());
        assert_eq!(known.unjudged, 0);
    }
}
