//! The streams of TCP that are followed: what was received of a message that is not whole yet.

use std::net::IpAddr;

use crate::bounded::Bounded;
use crate::packet::{Around, Segment};

/// One direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Direction {
    addresses: (IpAddr, IpAddr),
    ports: (u16, u16),
}

impl Direction {
    /// Returns the direction of the segment that was met last.
    pub(crate) fn of(around: &Around) -> Option<Self> {
        Some(Self { addresses: around.network?, ports: around.ports? })
    }
}

/// The state of a direction.
#[derive(Debug, Default)]
struct Received {
    /// The number of the octet that comes next. `None` before the first one.
    next: Option<u32>,
    /// The octets of the message so far, with its length. They are fewer than the greatest length.
    octets: Vec<u8>,
}

/// The directions that are followed, of which the oldest are removed first.
#[derive(Debug)]
pub(crate) struct Streams {
    received: Bounded<Direction, Received>,
}

/// What the octets of a segment are to their stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// All of them came before.
    Again,
    /// They are new from this octet on. The octets of a message that is not whole yet stand before them.
    New { from: usize, held: Vec<u8> },
}

impl Streams {
    pub(crate) fn new(limit: usize) -> Self {
        Self { received: Bounded::new(limit) }
    }

    /// Takes in a segment of `len` octets.
    pub(crate) fn accept(&mut self, direction: Direction, segment: Segment, len: usize) -> Arrived {
        let known = self.received.entry_or_insert_with(direction, Received::default);
        if segment.begins {
            *known = Received::default();
        }
        // default: never taken, because a segment has fewer octets
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        let behind = known.next.map_or(0, |next| next.wrapping_sub(segment.number));
        let from = match behind {
            // Octets that came before are sent again. What is new behind them goes on.
            1..=0x7fff_ffff if behind >= len => return Arrived::Again,
            0..=0x7fff_ffff => behind,
            // Octets are missing. A message probably begins with the segment.
            _ => {
                known.octets.clear();
                0
            }
        };
        known.next = Some(segment.number.wrapping_add(len));
        // default: never taken, because a segment has fewer octets
        let from = usize::try_from(from).unwrap_or_default();
        Arrived::New { from, held: core::mem::take(&mut known.octets) }
    }

    /// Keeps the octets of a message that is not whole yet.
    pub(crate) fn hold(&mut self, direction: Direction, octets: &[u8]) {
        if let Some(known) = self.received.entry_mut(&direction) {
            known.octets.extend_from_slice(octets);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn direction() -> Direction {
        let address = |last| IpAddr::from([10, 0, 0, last]);
        Direction { addresses: (address(1), address(2)), ports: (1, 4500) }
    }

    #[test]
    fn octets_are_taken_once_and_numbers_wrap() {
        let mut streams = Streams::new(4);
        let mut accept = |number, begins, len| streams.accept(direction(), Segment { number, begins }, len);
        let new = |from| Arrived::New { from, held: Vec::new() };
        assert_eq!(accept(u32::MAX - 1, true, 4), new(0));
        assert_eq!(accept(u32::MAX - 1, false, 4), Arrived::Again);
        assert_eq!(accept(0, false, 5), new(2), "two of them came before");
        assert_eq!(accept(100, false, 5), new(0), "after a loss");
        assert_eq!(accept(7, true, 5), new(0), "a new connection");
    }

    #[test]
    fn what_is_held_comes_back_unless_octets_are_missing() {
        for (number, expected) in [(3, &b"abc"[..]), (9, b"")] {
            let mut streams = Streams::new(4);
            streams.accept(direction(), Segment { number: 0, begins: true }, 3);
            streams.hold(direction(), b"abc");
            let arrived = streams.accept(direction(), Segment { number, begins: false }, 1);
            assert_eq!(arrived, Arrived::New { from: 0, held: expected.to_vec() });
        }
    }
}
