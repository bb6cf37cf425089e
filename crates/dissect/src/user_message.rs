//! User messages of SCTP that came in fragments, put together in bounded memory.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use zeroize::Zeroizing;

use crate::plaintext::Plaintext;

/// The cost of a fragment in addition to its octets, so that many small fragments are bounded too. It covers a piece,
/// its allocation, the growth of the queue, and an entry in each of two trees whose nodes are half full.
const OVERHEAD: usize = 320;

/// One direction of an association. The receiver chose the verification tag for this association (RFC 9260 section
/// 8.5). The addresses do not belong to it, because they may change on the way and each end can have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Direction {
    pub(super) source_port: u16,
    pub(super) destination_port: u16,
    pub(super) verification_tag: u32,
}

/// The numbering by which fragments follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Numbering {
    /// TSNs, in DATA: RFC 9260 section 6.9.
    Tsn,
    /// Fragment sequence numbers of one message, in I-DATA: RFC 8260 section 2.2.3.
    Message { stream_identifier: u16, unordered: bool, message_identifier: u32 },
}

type Sequence = (Direction, Numbering);

/// The fields of a fragment that identify its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) stream_identifier: u16,
    /// `None` when the field has no meaning.
    pub(super) stream_sequence_number: Option<u16>,
}

/// A fragment of a user message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragment<'a> {
    pub(super) number: u32,
    pub(super) beginning: bool,
    pub(super) ending: bool,
    pub(super) identity: Identity,
    /// In I-DATA only the first fragment has it.
    pub(super) payload_protocol: Option<u32>,
    pub(super) octets: &'a [u8],
}

/// The result of taking in a fragment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Waiting,
    /// The fragment was received before: it was sent again or captured twice.
    Duplicate,
    Complete {
        payload_protocol: u32,
        octets: Plaintext,
    },
}

struct Piece {
    beginning: bool,
    ending: bool,
    identity: Identity,
    payload_protocol: Option<u32>,
    octets: Zeroizing<Box<[u8]>>,
}

impl Piece {
    fn of(fragment: &Fragment<'_>) -> Self {
        Self {
            beginning: fragment.beginning,
            ending: fragment.ending,
            identity: fragment.identity,
            payload_protocol: fragment.payload_protocol,
            octets: Zeroizing::new(fragment.octets.into()),
        }
    }

    fn is(&self, fragment: &Fragment<'_>) -> bool {
        (self.beginning, self.ending, self.identity)
            == (fragment.beginning, fragment.ending, fragment.identity)
            && **self.octets == *fragment.octets
    }

    /// Whether `next`, which has the next number, belongs to the same message.
    fn is_followed_by(&self, next: &Self) -> bool {
        !self.ending && !next.beginning && self.identity == next.identity
    }
}

/// Fragments of one message with consecutive numbers. There is at least one.
struct Run {
    pieces: VecDeque<Piece>,
    // The key of this run in the order of age.
    age: u64,
    cost: usize,
}

impl Run {
    fn len(&self) -> u32 {
        u32::try_from(self.pieces.len()).unwrap_or(u32::MAX)
    }

    fn is_complete(&self) -> bool {
        self.pieces.front().is_some_and(|first| first.beginning)
            && self.pieces.back().is_some_and(|last| last.ending)
    }

    /// Appends `next`. The shorter of the two is moved.
    fn join(mut self, mut next: Self) -> Self {
        if self.pieces.len() >= next.pieces.len() {
            self.pieces.append(&mut next.pieces);
        } else {
            while let Some(piece) = self.pieces.pop_back() {
                next.pieces.push_front(piece);
            }
            self.pieces = next.pieces;
        }
        Self { age: self.age.min(next.age), cost: self.cost.saturating_add(next.cost), ..self }
    }
}

/// The messages that are being collected. All together have a bounded size, and the oldest are removed first.
pub(crate) struct UserMessages {
    // The runs, by the number of their first fragment. Runs do not overlap, and adjacent runs that fit together are
    // joined.
    runs: BTreeMap<(Sequence, u32), Run>,
    ages: BTreeMap<u64, (Sequence, u32)>,
    next_age: u64,
    used: usize,
    limit: usize,
}

/// The octets may hold keys, so they are not shown.
impl fmt::Debug for UserMessages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("UserMessages").finish_non_exhaustive()
    }
}

impl UserMessages {
    pub(crate) const fn new(limit: usize) -> Self {
        Self { runs: BTreeMap::new(), ages: BTreeMap::new(), next_age: 0, used: 0, limit }
    }

    /// Takes in a fragment. The first result says whether another fragment with its number was there; that one and
    /// those around it are then discarded. The time grows with the logarithm of the number of fragments that are held.
    pub(super) fn insert(
        &mut self,
        direction: Direction,
        numbering: Numbering,
        fragment: &Fragment<'_>,
    ) -> (bool, Outcome) {
        let sequence = (direction, numbering);
        let mut before = self.run_at_or_before(sequence, fragment.number);
        let mut is_conflict = false;
        if let Some((start, run)) = before.and_then(|start| Some((start, self.runs.get(&(sequence, start))?)))
        {
            let offset = fragment.number.wrapping_sub(start);
            if offset < run.len() {
                let piece = usize::try_from(offset).ok().and_then(|offset| run.pieces.get(offset));
                if piece.is_some_and(|piece| piece.is(fragment)) {
                    return (false, Outcome::Duplicate);
                }
                self.remove(sequence, start);
                (before, is_conflict) = (None, true);
            } else if offset > run.len() {
                before = None;
            }
        }

        let age = self.next_age;
        self.next_age = self.next_age.wrapping_add(1);
        let cost = fragment.octets.len().saturating_add(OVERHEAD);
        let (mut start, mut run) = (fragment.number, Run { pieces: [Piece::of(fragment)].into(), age, cost });
        let fits = |run: &Run, next: &Run| match (run.pieces.back(), next.pieces.front()) {
            (Some(last), Some(first)) => last.is_followed_by(first),
            _ => false,
        };
        if let Some(before) = before
            && self.runs.get(&(sequence, before)).is_some_and(|earlier| fits(earlier, &run))
            && let Some(earlier) = self.remove(sequence, before)
        {
            (start, run) = (before, earlier.join(run));
        }
        let following = fragment.number.wrapping_add(1);
        if self.runs.get(&(sequence, following)).is_some_and(|later| fits(&run, later))
            && let Some(later) = self.remove(sequence, following)
        {
            run = run.join(later);
        }
        if run.is_complete() {
            let payload_protocol = run.pieces.front().and_then(|first| first.payload_protocol);
            let len = run.pieces.iter().fold(0usize, |sum, piece| sum.saturating_add(piece.octets.len()));
            let mut octets = Zeroizing::new(Vec::with_capacity(len));
            run.pieces.iter().for_each(|piece| octets.extend_from_slice(&piece.octets));
            let payload_protocol = payload_protocol.unwrap_or_default();
            return (is_conflict, Outcome::Complete { payload_protocol, octets });
        }
        self.used = self.used.saturating_add(run.cost);
        self.ages.insert(run.age, (sequence, start));
        self.runs.insert((sequence, start), run);
        while self.used > self.limit {
            let Some((_, (sequence, start))) = self.ages.first_key_value().map(|(age, key)| (*age, *key))
            else {
                break;
            };
            self.remove(sequence, start);
        }
        (is_conflict, Outcome::Waiting)
    }

    /// Returns the start of the run that contains a number, or else of the run that ends closest before it. Numbers
    /// wrap.
    fn run_at_or_before(&self, sequence: Sequence, number: u32) -> Option<u32> {
        let last = |end: u32| {
            let range = self.runs.range((sequence, 0)..=(sequence, end));
            range.map(|((_, start), _)| *start).next_back()
        };
        last(number).or_else(|| last(u32::MAX))
    }

    fn remove(&mut self, sequence: Sequence, start: u32) -> Option<Run> {
        let run = self.runs.remove(&(sequence, start))?;
        self.ages.remove(&run.age);
        self.used = self.used.saturating_sub(run.cost);
        Some(run)
    }
}

#[cfg(test)]
mod tests;
