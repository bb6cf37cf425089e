//! The IPsec SAs that are known: their keys, and the sequence numbers that were seen.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use ipsec::{Esn, ReplayError, ReplayWindow, SequenceNumber, Spi};

use crate::bounded::Bounded;
use keys::AssociationKeys;

/// What a packet tells of its SA, RFC 4301 section 4.1, and of its sender: several senders may share an SA, each with a
/// counter of its own (RFC 4302 section 2.5, RFC 4303 section 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    sender: Sender,
    destination: u128,
}

/// A sender, with the protocol and the SPI.
///
/// It consists of wide integers, because hashing costs time for each piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Sender {
    source: u128,
    spi: u64,
}

impl Identity {
    pub(crate) fn new(protocol: u8, spi: Spi, network: Option<(IpAddr, IpAddr)>) -> Self {
        let number = |address| match address {
            IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
            IpAddr::V6(address) => address.to_bits(),
        };
        let (source, destination) =
            network.map_or((0, 0), |(source, destination)| (number(source), number(destination)));
        let spi = u64::from(protocol) << 32 | u64::from(spi.0);
        Self { sender: Sender { source, spi }, destination }
    }
}

/// The largest number of negotiated key sets that are remembered for one SPI. The latest are kept: those of SAs that
/// follow each other, and those of peers that chose the same SPI. At most as many are tried on a packet, in addition
/// to those that the user gave.
const LEARNT_OF_INDEX: usize = 8;

/// The keys of SAs, and the sequence numbers of each SA. The oldest are removed first. The keys that the user gave are
/// never removed.
#[derive(Debug)]
pub(crate) struct KnownSas {
    // The keys from negotiations, by their number. The next field has the numbers for each SPI, the oldest first.
    learnt: Bounded<u64, AssociationKeys>,
    learnt_by_spi: HashMap<Spi, VecDeque<u64>>,
    next: u64,
    keys: Vec<AssociationKeys>,
    // The places in the list of the keys for one SPI, and those of the keys for several.
    by_spi: HashMap<Spi, Vec<usize>>,
    by_pattern: Vec<usize>,
    seen: Bounded<Sender, Destinations>,
    // The authentic SAs are kept apart, so that packets of forged SAs cannot push them out.
    authentic: Bounded<Sender, Destinations>,
}

impl KnownSas {
    pub(crate) fn new(limit: usize, keys: &[AssociationKeys]) -> Self {
        let mut associations = Self {
            learnt: Bounded::new(limit),
            learnt_by_spi: HashMap::new(),
            next: 0,
            keys: Vec::new(),
            by_spi: HashMap::new(),
            by_pattern: Vec::new(),
            seen: Bounded::new(limit),
            authentic: Bounded::new(limit),
        };
        keys.iter().cloned().for_each(|keys| associations.add(keys));
        associations
    }

    pub(crate) fn add(&mut self, keys: AssociationKeys) {
        let place = self.keys.len();
        match keys.spi.single() {
            Some(spi) => self.by_spi.entry(spi).or_default().push(place),
            None => self.by_pattern.push(place),
        }
        self.keys.push(keys);
    }

    /// Adds keys that a negotiation yielded.
    pub(crate) fn learn(&mut self, keys: AssociationKeys) {
        let Some(spi) = keys.spi.single() else { return };
        if self.learnt.is_full()
            && let Some(oldest) = self.learnt.pop_oldest().and_then(|oldest| oldest.spi.single())
            && let Some(numbers) = self.learnt_by_spi.get_mut(&oldest)
        {
            // The oldest key of all is also the oldest of its SPI.
            numbers.pop_front();
            if numbers.is_empty() {
                self.learnt_by_spi.remove(&oldest);
            }
        }
        self.next = self.next.saturating_add(1);
        self.learnt.entry_or_insert_with(self.next, || keys);
        let numbers = self.learnt_by_spi.entry(spi).or_default();
        numbers.push_back(self.next);
        if numbers.len() > LEARNT_OF_INDEX
            && let Some(oldest) = numbers.pop_front()
        {
            self.learnt.remove(&oldest);
        }
    }

    /// Returns the keys for a packet: first those that the user gave for its SPI alone, in their order; then those
    /// from negotiations, the latest first; then those that the user gave for several SPIs.
    pub(crate) fn keys(
        &self,
        protocol: u8,
        spi: Spi,
        network: Option<(IpAddr, IpAddr)>,
    ) -> impl Iterator<Item = &AssociationKeys> {
        self.keys_of(spi).filter(move |keys| keys.fit(protocol, spi, network))
    }

    /// Returns the keys whose SPI may be this one, for any protocol and addresses.
    fn keys_of(&self, spi: Spi) -> impl Iterator<Item = &AssociationKeys> {
        let places = self.by_spi.get(&spi).map(Vec::as_slice).unwrap_or_default();
        let given = |place: &usize| self.keys.get(*place);
        let learnt = self.learnt_by_spi.get(&spi).into_iter().flat_map(|numbers| numbers.iter().rev());
        let learnt = learnt.filter_map(|number| self.learnt.entry(number));
        let keys = places.iter().filter_map(given).chain(learnt);
        keys.chain(self.by_pattern.iter().filter_map(given))
    }

    /// Returns the high halves that the sequence number of a packet may have under these keys. Each is returned once,
    /// the most likely first.
    pub(crate) fn high_halves(
        &self,
        identity: Identity,
        keys: &AssociationKeys,
        low: u32,
    ) -> impl Iterator<Item = Option<u32>> + use<> {
        let unseen = Seen::default();
        let destinations = self.authentic.entry(&identity.sender);
        let seen = destinations.and_then(|all| all.to(identity.destination)).unwrap_or(&unseen);
        let halves = match keys.esn {
            Esn::No => [None; 4],
            Esn::Yes => seen.high_halves(low, keys.sequence_high).map(Some),
        };
        let is_new = move |(at, half): &(usize, Option<u32>)| {
            halves.get(..*at).is_some_and(|before| !before.contains(half))
        };
        halves.into_iter().enumerate().filter(is_new).map(|(_, half)| half)
    }

    /// Records a packet, authentic or not. See [`Seen::note`].
    pub(crate) fn note(&mut self, identity: Identity, number: u32, frame: u64) -> Noted<'_> {
        let destinations = self.seen.entry_or_insert_with(identity.sender, Destinations::default);
        let before = destinations.to_mut(identity.destination).note(number, frame);
        Noted { before, destinations, destination: identity.destination }
    }

    /// Accepts the number of a packet that nothing verified.
    pub(crate) fn accept(&mut self, identity: Identity, number: SequenceNumber) -> Verdict {
        let destinations = self.seen.entry_or_insert_with(identity.sender, Destinations::default);
        destinations.accept(identity.destination, number)
    }

    /// Accepts the number of an authentic packet. Only such packets change this state of an SA.
    pub(crate) fn accept_authentic(&mut self, identity: Identity, number: SequenceNumber) -> Verdict {
        let destinations = self.authentic.entry_or_insert_with(identity.sender, Destinations::default);
        destinations.accept(identity.destination, number)
    }
}

/// A packet that was recorded.
pub(crate) struct Noted<'k> {
    pub(crate) before: Option<Before>,
    destinations: &'k mut Destinations,
    destination: u128,
}

impl Noted<'_> {
    /// Does the same as [`KnownSas::accept`], without looking for the SA again.
    pub(crate) fn accept(self, number: SequenceNumber) -> Verdict {
        self.destinations.accept(self.destination, number)
    }
}

/// The largest number of destinations that are remembered of one sender and SPI. Most have one.
const DESTINATIONS: usize = 16;

/// The destinations to which a sender sends under an SPI, in a group of which all have one SA.
#[derive(Debug, Default)]
struct Destinations {
    first: Option<(u128, Seen)>,
    others: VecDeque<(u128, Seen)>,
}

impl Destinations {
    fn all(&self) -> impl Iterator<Item = &(u128, Seen)> {
        self.first.iter().chain(&self.others)
    }

    fn to(&self, destination: u128) -> Option<&Seen> {
        self.all().find(|(address, _)| *address == destination).map(|(_, seen)| seen)
    }

    /// Returns the state for a destination. A new one may push out the oldest but the first.
    fn to_mut(&mut self, destination: u128) -> &mut Seen {
        let (address, seen) = self.first.get_or_insert_with(|| (destination, Seen::default()));
        if *address == destination {
            return seen;
        }
        let at = match self.others.iter().position(|(address, _)| *address == destination) {
            Some(at) => at,
            None => {
                if self.others.len() >= DESTINATIONS {
                    self.others.pop_front();
                }
                if self.others.is_empty() {
                    // Most have one more destination, if any.
                    self.others.reserve_exact(1);
                }
                self.others.push_back((destination, Seen::default()));
                self.others.len().saturating_sub(1)
            }
        };
        // The place is one of those that are there.
        self.others.get_mut(at).map_or(seen, |(_, seen)| seen)
    }

    /// Accepts the number of a packet. A number that went to another destination is not missing here.
    fn accept(&mut self, destination: u128, number: SequenceNumber) -> Verdict {
        let missing = match self.to_mut(destination).accept(number) {
            Verdict::Gap { missing } => missing,
            verdict => return verdict,
        };
        let is_sent = |number| {
            let mut others = self.all().filter(|(address, _)| *address != destination);
            others.any(|(_, seen)| seen.accepted(number))
        };
        // Numbers that have left the windows are not looked up, so this is bounded.
        let looked_up = if self.others.is_empty() { 0 } else { missing.min(ReplayWindow::<BLOCKS>::WIDTH) };
        let before = (1..=looked_up).map(|back| SequenceNumber(number.0.saturating_sub(back)));
        let elsewhere = before.filter(|number| is_sent(*number)).count();
        // default: never taken, because at most 1024 numbers are looked up
        match missing.saturating_sub(u64::try_from(elsewhere).unwrap_or_default()) {
            0 => Verdict::New,
            missing => Verdict::Gap { missing },
        }
    }
}

/// The blocks of a replay window: 1024 numbers.
const BLOCKS: usize = 17;

/// The state of an SA: its last packet and its replay window.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    // The last packet, authentic or not: its sequence number and the number of its frame.
    last: Option<(u32, u64)>,
    // The first number that was accepted.
    first: Option<SequenceNumber>,
    // The window of the packets that were accepted. One packet needs none, and a flood of SAs has one packet each.
    window: Option<Box<ReplayWindow<BLOCKS>>>,
}

/// The frame of the previous packet, and the sequence number that should have followed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Before {
    pub(crate) expected: u32,
    pub(crate) frame: u64,
}

/// The relation of a sequence number to those that were accepted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The number is the next one, the first one, or one that comes late.
    New,
    /// The number comes after numbers that are missing.
    Gap {
        missing: u64,
    },
    Dropped(ReplayError),
}

impl Seen {
    /// Records a packet, authentic or not, as tshark does. Returns the previous packet if another number should have
    /// followed it.
    pub(crate) fn note(&mut self, number: u32, frame: u64) -> Option<Before> {
        let before = self.last.replace((number, frame));
        let before = before.map(|(last, frame)| Before { expected: last.wrapping_add(1), frame });
        before.filter(|before| before.expected != number)
    }

    /// Whether this number was accepted, as far as the window knows.
    fn accepted(&self, number: SequenceNumber) -> bool {
        match &self.window {
            Some(window) => matches!(window.check(number), Err(ReplayError::Replayed { .. })),
            None => self.first == Some(number),
        }
    }

    /// Accepts the number of a packet as its receiver does, RFC 4303 section 3.4.3.
    pub(crate) fn accept(&mut self, number: SequenceNumber) -> Verdict {
        let Some(first) = self.first else {
            if let Err(error) = ReplayWindow::<BLOCKS>::default().check(number) {
                return Verdict::Dropped(error);
            }
            self.first = Some(number);
            return Verdict::New;
        };
        let window = self.window.get_or_insert_with(|| {
            let mut window = Box::<ReplayWindow<BLOCKS>>::default();
            // The first number was accepted already.
            let _ = window.accept(first);
            window
        });
        let highest = window.highest();
        if let Err(error) = window.accept(number) {
            return Verdict::Dropped(error);
        }
        let ahead = number.0.saturating_sub(highest.0);
        match ahead.checked_sub(1).filter(|missing| *missing != 0) {
            Some(missing) => Verdict::Gap { missing },
            None => Verdict::New,
        }
    }

    /// Returns the high halves that an extended sequence number may have, the most likely first. `hint` is the high
    /// half from the time when the keys were written to their file, because a capture can begin at any number.
    fn high_halves(&self, low: u32, hint: u32) -> [u32; 4] {
        let inferred = match (&self.window, self.first) {
            (Some(window), _) => window.infer(Esn::Yes, low).ok(),
            (None, Some(first)) => {
                let mut window = ReplayWindow::<BLOCKS>::default();
                window.accept(first).and_then(|()| window.infer(Esn::Yes, low)).ok()
            }
            (None, None) => None,
        };
        let inferred = inferred.map_or(hint, SequenceNumber::high);
        [inferred, hint, inferred.wrapping_add(1), 0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_keys_of_negotiations_are_kept_and_those_given_for_ever() {
        let keys = |spi: u32, key: u8| -> AssociationKeys {
            let digits = format!("{key:02x}").repeat(16);
            format!("IPv4,*,*,0x{spi:08x},AES-CBC [RFC3602],0x{digits},NULL,").parse().unwrap()
        };
        let mut associations = KnownSas::new(100, &[keys(1, 0)]);
        let network = Some(([10, 0, 0, 1].into(), [10, 0, 0, 2].into()));
        let count = |associations: &KnownSas, spi| associations.keys(50, Spi(spi), network).count();
        for spi in 1000..11_000 {
            associations.learn(keys(spi, 1));
        }
        assert_eq!((count(&associations, 10_900), count(&associations, 10_899)), (1, 0), "the last hundred");
        assert_eq!((count(&associations, 10_999), count(&associations, 1)), (1, 1));
        assert_eq!((associations.learnt.entry_count(), associations.learnt_by_spi.len()), (100, 100));
        for key in 0..=255 {
            associations.learn(keys(1, key));
        }
        assert_eq!(count(&associations, 1), 1 + LEARNT_OF_INDEX);
        assert_eq!(count(&associations, 10_999), 1, "who begins anew under one index pushes out no other");
    }

    #[test]
    fn gaps_duplicates_and_late_ones_are_told_apart() {
        let mut seen = Seen::default();
        let mut accept = |number: u64| seen.accept(SequenceNumber(number));
        let number = SequenceNumber;
        assert_eq!(accept(5000), Verdict::New, "a capture begins anywhere");
        assert_eq!(accept(5001), Verdict::New);
        assert_eq!(accept(5004), Verdict::Gap { missing: 2 });
        assert_eq!(accept(5003), Verdict::New, "it comes late, and it comes");
        assert_eq!(accept(5003), Verdict::Dropped(ReplayError::Replayed { number: number(5003) }));
        assert_eq!(accept(4999), Verdict::New);
        let error = ReplayError::TooOld { number: number(3980), highest: number(5004) };
        assert_eq!(accept(3980), Verdict::Dropped(error));
        assert_eq!(accept(0), Verdict::Dropped(ReplayError::Zero));
    }

    #[test]
    fn what_should_follow_is_told_with_the_frame_before() {
        let mut seen = Seen::default();
        assert_eq!(seen.note(u32::MAX, 1), None);
        assert_eq!(seen.note(0, 2), None);
        assert_eq!(seen.note(0, 7), Some(Before { expected: 1, frame: 2 }));
        assert_eq!(seen.note(3, 9), Some(Before { expected: 1, frame: 7 }));
    }

    /// Where a packet from one address to another stands.
    fn between(source: u8, destination: u8) -> Identity {
        let network = Some(([10, 0, 0, source].into(), [10, 0, 0, destination].into()));
        Identity::new(50, Spi(0x99), network)
    }

    #[test]
    fn each_sender_of_an_sa_counts_for_itself_rfc_4302_section_2_5() {
        let mut sas = KnownSas::new(8, &[]);
        for number in 1..=3 {
            for sender in [1, 2] {
                let verdict = sas.accept(between(sender, 9), SequenceNumber(number));
                assert_eq!(verdict, Verdict::New, "{number} from {sender}");
            }
        }
        let again = ReplayError::Replayed { number: SequenceNumber(2) };
        assert_eq!(sas.accept(between(1, 9), SequenceNumber(2)), Verdict::Dropped(again));
    }

    #[test]
    fn destinations_are_bounded_and_the_oldest_goes() {
        let mut sas = KnownSas::new(8, &[]);
        let again = Verdict::Dropped(ReplayError::Replayed { number: SequenceNumber(1) });
        for destination in 0..100 {
            assert_eq!(sas.accept(between(1, destination), SequenceNumber(1)), Verdict::New);
        }
        assert_eq!(sas.accept(between(1, 0), SequenceNumber(1)), again, "the first is kept");
        assert_eq!(sas.accept(between(1, 99), SequenceNumber(1)), again);
        assert_eq!(sas.accept(between(1, 50), SequenceNumber(1)), Verdict::New, "this one was pushed out");
    }

    #[test]
    fn what_a_sender_sent_elsewhere_is_not_missing() {
        let mut sas = KnownSas::new(8, &[]);
        let mut accept = |destination, number| sas.accept(between(1, destination), SequenceNumber(number));
        assert_eq!(accept(8, 1), Verdict::New);
        assert_eq!((accept(9, 2), accept(9, 3)), (Verdict::New, Verdict::New));
        assert_eq!(accept(8, 4), Verdict::New, "2 and 3 went to another destination");
        assert_eq!(accept(8, 7), Verdict::Gap { missing: 2 });
        assert_eq!(
            accept(9, 9),
            Verdict::Gap { missing: 3 },
            "4 and 7 went to another destination, and 5, 6 and 8 did not"
        );
    }

    #[test]
    fn every_high_half_is_tried_once() {
        let keys: AssociationKeys = "0x99@10.0.0.1 none:".parse().unwrap();
        let mut extended = keys.clone().numbered(Esn::Yes);
        extended.sequence_high = 3;
        let identity = Identity::new(50, Spi(0x99), None);
        let mut associations = KnownSas::new(4, &[]);
        let halves =
            |associations: &KnownSas, keys| associations.high_halves(identity, keys, 7).collect::<Vec<_>>();
        assert_eq!(halves(&associations, &keys), [None]);
        assert_eq!(halves(&associations, &extended), [Some(3), Some(4), Some(0)]);
        associations.accept_authentic(identity, SequenceNumber::from_halves(9, 1));
        assert_eq!(halves(&associations, &extended), [Some(9), Some(3), Some(10), Some(0)]);
    }

    #[test]
    fn high_halves_follow_the_window_or_the_hint() {
        let mut seen = Seen::default();
        assert_eq!(seen.high_halves(7, 3), [3, 3, 4, 0]);
        seen.accept(SequenceNumber::from_halves(3, u32::MAX - 1));
        assert_eq!(seen.high_halves(2, 3), [4, 3, 5, 0]);
        assert_eq!(seen.high_halves(u32::MAX, 3)[0], 3);
    }
}
