//! Counts with octets and times, and the places of frames.

use capture::Timestamp;

/// How many there are, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// The number of frames, packets or messages.
    pub count: u64,
    /// The octets of the frames that hold them, as they were on the wire.
    pub octets: u64,
    /// The earliest time; `None` when the capture has no times.
    pub first: Option<Timestamp>,
    /// The latest time.
    pub last: Option<Timestamp>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.octets = self.octets.saturating_add(other.octets);
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
    }
}

/// A frame of one of the captures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Place {
    /// The number that was given to [`Counter::set_file`](super::Counter::set_file); 0 when none was.
    pub file: usize,
    /// The number of the frame in its capture, from 1.
    pub frame: u64,
}
