//! The reassembly of IP datagrams from fragments, in bounded memory.

use std::collections::BTreeMap;
use std::net::IpAddr;

use bytes::{Bytes, BytesMut};

use crate::bounded::Bounded;
use crate::sink::Reason;
use capture::Timestamp;

/// The largest number of octets that a datagram can have.
const GREATEST_DATAGRAM: usize = 65_535;

/// How long the fragments of a datagram are collected, in nanoseconds: RFC 8200 section 4.5, RFC 1122 section 3.3.2.
const REASSEMBLY_TIME: i128 = 60_000_000_000;

/// The key that identifies a datagram: RFC 791 section 2.3, RFC 8200 section 4.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DatagramKey {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) identification: u32,
    // The protocol in IPv4; `None` in IPv6.
    pub(crate) protocol: Option<u8>,
}

/// The place of a fragment in its datagram.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fragment {
    pub(crate) offset: usize,
    pub(crate) more: bool,
    // Whether all octets of the fragment were captured.
    pub(crate) complete: bool,
}

/// The result of taking in a fragment.
#[derive(Debug)]
pub(crate) enum Outcome {
    Waiting,
    Complete { protocol: u8, octets: Bytes },
    Fault(Reason),
}

#[derive(Debug, Default)]
struct Datagram {
    octets: BytesMut,
    // The start and the end of each run of octets that was received. Runs neither overlap nor touch.
    runs: BTreeMap<usize, usize>,
    end: Option<usize>,
    // The protocol of the first fragment. In IPv6 only that one counts.
    protocol: u8,
    // The datagram was discarded, and later fragments of it are ignored.
    broken: bool,
    // The time of the fragment that came first.
    since: Option<Timestamp>,
}

impl Datagram {
    fn beginning(since: Option<Timestamp>) -> Self {
        Self { since, ..Self::default() }
    }

    /// Whether the time for this datagram is over, so that a new fragment belongs to another datagram with the same
    /// identification.
    fn is_over(&self, now: Option<Timestamp>) -> bool {
        let waited = now.zip(self.since).map(|(now, since)| now.0.saturating_sub(since.0));
        waited.is_some_and(|waited| waited > REASSEMBLY_TIME)
    }
}

/// The datagrams that are being collected.
#[derive(Debug)]
pub(crate) struct Fragments {
    datagrams: Bounded<DatagramKey, Datagram>,
}

impl Fragments {
    pub(crate) fn new(datagram_limit: usize) -> Self {
        Self { datagrams: Bounded::new(datagram_limit) }
    }

    pub(crate) fn insert(
        &mut self,
        now: Option<Timestamp>,
        key: DatagramKey,
        protocol: u8,
        fragment: Fragment,
        octets: &[u8],
    ) -> Outcome {
        if self.datagrams.entry(&key).is_some_and(|datagram| datagram.is_over(now)) {
            self.datagrams.remove(&key);
        }
        let datagram = self.datagrams.entry_or_insert_with(key, || Datagram::beginning(now));
        if datagram.broken {
            return Outcome::Waiting;
        }
        if let Err(reason) = datagram.insert(protocol, fragment, octets) {
            *datagram = Datagram { broken: true, ..Datagram::beginning(datagram.since) };
            return Outcome::Fault(reason);
        }
        let whole = datagram.end.is_some_and(|end| datagram.runs.get(&0) == Some(&end));
        match whole.then(|| self.datagrams.remove(&key)).flatten() {
            Some(datagram) => {
                Outcome::Complete { protocol: datagram.protocol, octets: datagram.octets.freeze() }
            }
            None => Outcome::Waiting,
        }
    }
}

impl Datagram {
    fn insert(&mut self, protocol: u8, fragment: Fragment, octets: &[u8]) -> Result<(), Reason> {
        let start = fragment.offset;
        let end = start.saturating_add(octets.len());
        if fragment.more && !octets.len().is_multiple_of(8) {
            return Err(Reason::FragmentLength { len: octets.len() });
        }
        let limit = self.end.unwrap_or(GREATEST_DATAGRAM);
        if end > limit {
            return Err(Reason::FragmentBeyondEnd { end, limit });
        }
        if !fragment.more {
            if self.end.is_some_and(|known| known != end) || self.octets.len() > end {
                return Err(Reason::FragmentBeyondEnd { end: self.octets.len().max(limit), limit: end });
            }
            self.end = Some(end);
        }
        if octets.is_empty() {
            // An empty fragment can set the end of the datagram, but it covers no octets.
            return Ok(());
        }
        // RFC 5722 requires that a datagram with overlapping fragments is discarded. An identical fragment that was
        // sent twice is not an overlap.
        let before = self.runs.range(..=start).next_back().map(|(start, end)| (*start, *end));
        if let Some((_, run_end)) = before.filter(|(_, run_end)| *run_end > start) {
            let same = end <= run_end && self.octets.get(start..end) == Some(octets);
            return if same { Ok(()) } else { Err(Reason::FragmentOverlap { start }) };
        }
        let after = self.runs.range(start..).next().map(|(start, end)| (*start, *end));
        if after.is_some_and(|(run_start, _)| run_start < end) {
            return Err(Reason::FragmentOverlap { start });
        }
        if self.octets.len() < end {
            self.octets.resize(end, 0);
        }
        for (to, from) in self.octets.iter_mut().skip(start).zip(octets) {
            *to = *from;
        }
        if start == 0 {
            self.protocol = protocol;
        }
        let mut run = (start, end);
        if let Some((run_start, _)) = before.filter(|(_, run_end)| *run_end == start) {
            run.0 = run_start;
        }
        if let Some((run_start, run_end)) = after.filter(|(run_start, _)| *run_start == end) {
            self.runs.remove(&run_start);
            run.1 = run_end;
        }
        self.runs.insert(run.0, run.1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::cast_possible_truncation,
        clippy::disallowed_methods,
        reason = "a test may panic: that is how it fails; its numbers are small"
    )]

    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    fn key(identification: u32) -> DatagramKey {
        DatagramKey {
            source: Ipv4Addr::LOCALHOST.into(),
            destination: Ipv4Addr::BROADCAST.into(),
            identification,
            protocol: Some(17),
        }
    }

    fn at(offset: usize, more: bool) -> Fragment {
        Fragment { offset, more, complete: true }
    }

    fn complete(outcome: Outcome) -> Vec<u8> {
        match outcome {
            Outcome::Complete { octets, .. } => octets.to_vec(),
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn fragments_in_any_order_and_twice_make_the_datagram(
            octets in prop::collection::vec(any::<u8>(), 9..600),
            order in Just((0..80usize).collect::<Vec<_>>()).prop_shuffle(),
            twice: bool,
        ) {
            let pieces: Vec<_> = octets.chunks(8).collect();
            let mut fragments = Fragments::new(4);
            let mut result = Vec::new();
            let order: Vec<_> = order.into_iter().filter(|i| *i < pieces.len()).collect();
            for (n, i) in order.iter().enumerate() {
                let fragment = at(i * 8, i + 1 < pieces.len());
                if twice && n > 0 {
                    let again = order[n - 1];
                    let outcome = fragments.insert(None, key(1), 17, at(again * 8, again + 1 < pieces.len()), pieces[again]);
                    prop_assert!(matches!(outcome, Outcome::Waiting));
                }
                match fragments.insert(None, key(1), 17, fragment, pieces[*i]) {
                    Outcome::Waiting => prop_assert!(n + 1 < pieces.len()),
                    outcome => result = complete(outcome),
                }
            }
            prop_assert_eq!(result, octets);
            prop_assert_eq!(fragments.datagrams.entry_count(), 0);
        }

        #[test]
        fn no_fragment_makes_it_panic_or_grow(pieces in prop::collection::vec((0..9000usize, any::<bool>(), 0..3000usize), 0..40)) {
            let mut fragments = Fragments::new(2);
            for (n, (offset, more, len)) in pieces.into_iter().enumerate() {
                let outcome = fragments.insert(None, key(n as u32 % 3), 17, at(offset * 8, more), &vec![n as u8; len]);
                if let Outcome::Complete { octets, .. } = outcome {
                    prop_assert!(octets.len() <= GREATEST_DATAGRAM);
                }
                prop_assert!(fragments.datagrams.entry_count() <= 2);
            }
        }
    }

    #[test]
    fn an_overlap_gives_the_datagram_up() {
        let mut fragments = Fragments::new(4);
        fragments.insert(None, key(1), 17, at(0, true), &[1; 16]);
        let outcome = fragments.insert(None, key(1), 17, at(8, true), &[2; 16]);
        assert!(matches!(outcome, Outcome::Fault(Reason::FragmentOverlap { start: 8 })));
        assert!(matches!(fragments.insert(None, key(1), 17, at(16, false), &[3; 8]), Outcome::Waiting));
        fragments.insert(None, key(2), 17, at(8, true), &[1; 16]);
        let outcome = fragments.insert(None, key(2), 17, at(0, true), &[1; 16]);
        assert!(matches!(outcome, Outcome::Fault(Reason::FragmentOverlap { start: 0 })));
    }

    #[test]
    fn an_end_is_an_end() {
        let mut fragments = Fragments::new(4);
        fragments.insert(None, key(1), 17, at(16, false), &[1; 3]);
        let outcome = fragments.insert(None, key(1), 17, at(24, true), &[1; 8]);
        assert!(matches!(outcome, Outcome::Fault(Reason::FragmentBeyondEnd { end: 32, limit: 19 })));
        fragments.insert(None, key(2), 17, at(16, true), &[1; 8]);
        let outcome = fragments.insert(None, key(2), 17, at(8, false), &[1; 8]);
        assert!(matches!(outcome, Outcome::Fault(Reason::FragmentBeyondEnd { limit: 16, .. })));
        let outcome = fragments.insert(None, key(3), 17, at(65_528, true), &[1; 8]);
        assert!(matches!(outcome, Outcome::Fault(Reason::FragmentBeyondEnd { .. })));
        let outcome = fragments.insert(None, key(4), 17, at(0, true), &[1; 7]);
        assert!(matches!(outcome, Outcome::Fault(Reason::FragmentLength { len: 7 })));
    }
}
