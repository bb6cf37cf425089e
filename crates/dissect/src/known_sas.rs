//! The IPsec SAs that are known: their keys, and the sequence numbers that were seen.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use ipsec::{Esn, ReplayError, ReplayWindow, SequenceNumber, Spi};

use crate::bounded::Bounded;
use crate::packet::Around;
use keys::AssociationKeys;

/// What a packet tells of its SA, RFC 4301 section 4.1, and of its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Protocol, SPI and destination; and the source, because several senders may share an SA, each with a counter of
    /// its own (RFC 4302 section 2.5, RFC 4303 section 2.2).
    sa: Key,
    /// The sender and its SPI, for any destination.
    sender: Key,
}

/// It consists of wide integers, because hashing costs time for each piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    destination: u128,
    source: u128,
    spi: u64,
}

impl Identity {
    pub(crate) fn new(protocol: u8, spi: Spi, around: &Around) -> Self {
        let number = |address| match address {
            IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
            IpAddr::V6(address) => address.to_bits(),
        };
        let (source, destination) =
            around.network.map_or((0, 0), |(source, destination)| (number(source), number(destination)));
        let spi = u64::from(protocol) << 32 | u64::from(spi.0);
        let sender = Key { destination: 0, source, spi };
        // A peer behind NAT may come from another address at any time, and such an SA has one sender.
        let source = if around.ports.is_some() { 0 } else { source };
        Self { sa: Key { destination, source, spi }, sender }
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
    seen: Bounded<Key, Seen>,
    // The authentic SAs are kept apart, so that packets of forged SAs cannot push them out.
    authentic: Bounded<Key, Seen>,
    // The numbers that each sender used under an SPI, for any destination.
    sent: Bounded<Key, ReplayWindow<SENT_BLOCKS>>,
}

/// The blocks of the window of what a sender sent: 1024 numbers.
const SENT_BLOCKS: usize = 17;

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
            sent: Bounded::new(limit),
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
        let seen = self.authentic.entry(&identity.sa).unwrap_or(&unseen);
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
    pub(crate) fn note(&mut self, identity: Identity, number: u32, frame: u64) -> Option<Before> {
        self.seen.entry_or_insert_with(identity.sa, Seen::default).note(number, frame)
    }

    /// Accepts the number of a packet that nothing verified.
    pub(crate) fn accept(&mut self, identity: Identity, number: SequenceNumber) -> Verdict {
        let verdict = self.seen.entry_or_insert_with(identity.sa, Seen::default).accept(number);
        self.without_other_destinations(identity, number, verdict)
    }

    /// Accepts the number of an authentic packet. Only such packets change this state of an SA.
    pub(crate) fn accept_authentic(&mut self, identity: Identity, number: SequenceNumber) -> Verdict {
        let verdict = self.authentic.entry_or_insert_with(identity.sa, Seen::default).accept(number);
        self.without_other_destinations(identity, number, verdict)
    }

    /// Takes the numbers that went to other destinations of the same SA from a gap.
    fn without_other_destinations(
        &mut self,
        identity: Identity,
        number: SequenceNumber,
        verdict: Verdict,
    ) -> Verdict {
        let sent = self.sent.entry_or_insert_with(identity.sender, ReplayWindow::default);
        let verdict = match verdict {
            Verdict::Gap { missing } => {
                // Numbers that have left the window are not looked up, so this is bounded.
                let looked_up = missing.min(ReplayWindow::<SENT_BLOCKS>::WIDTH);
                let before = (1..=looked_up).map(|back| SequenceNumber(number.0.saturating_sub(back)));
                let is_sent = |number| matches!(sent.check(number), Err(ReplayError::Replayed { .. }));
                let elsewhere = before.filter(|number| is_sent(*number)).count();
                // default: never taken, because at most 1024 numbers are looked up
                match missing.saturating_sub(u64::try_from(elsewhere).unwrap_or_default()) {
                    0 => Verdict::New,
                    missing => Verdict::Gap { missing },
                }
            }
            verdict => verdict,
        };
        // A number that is too old for this window says nothing of the packet.
        let _ = sent.accept(number);
        verdict
    }
}

/// The state of an SA: its last packet and its replay window.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    // The last packet, authentic or not: its sequence number and the number of its frame.
    last: Option<(u32, u64)>,
    // The window of the packets that were accepted.
    window: ReplayWindow<17>,
    has_accepted: bool,
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

    /// Accepts the number of a packet as its receiver does, RFC 4303 section 3.4.3.
    pub(crate) fn accept(&mut self, number: SequenceNumber) -> Verdict {
        let highest = self.window.highest();
        let has_accepted = self.has_accepted;
        if let Err(error) = self.window.accept(number) {
            return Verdict::Dropped(error);
        }
        self.has_accepted = true;
        let ahead = number.0.saturating_sub(highest.0);
        match ahead.checked_sub(1).filter(|missing| has_accepted && *missing != 0) {
            Some(missing) => Verdict::Gap { missing },
            None => Verdict::New,
        }
    }

    /// Returns the high halves that an extended sequence number may have, the most likely first. `hint` is the high
    /// half from the time when the keys were written to their file, because a capture can begin at any number.
    fn high_halves(&self, low: u32, hint: u32) -> [u32; 4] {
        let inferred = match self.window.infer(Esn::Yes, low) {
            Ok(number) if self.has_accepted => number.high(),
            _ => hint,
        };
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
    fn between(source: u8, destination: u8, ports: Option<(u16, u16)>) -> Identity {
        let network = Some(([10, 0, 0, source].into(), [10, 0, 0, destination].into()));
        Identity::new(50, Spi(0x99), &Around { network, ports, ..Around::default() })
    }

    #[test]
    fn each_sender_of_an_sa_counts_for_itself_rfc_4302_section_2_5() {
        let mut sas = KnownSas::new(8, &[]);
        for number in 1..=3 {
            for sender in [1, 2] {
                let verdict = sas.accept(between(sender, 9, None), SequenceNumber(number));
                assert_eq!(verdict, Verdict::New, "{number} from {sender}");
            }
        }
        let again = ReplayError::Replayed { number: SequenceNumber(2) };
        assert_eq!(sas.accept(between(1, 9, None), SequenceNumber(2)), Verdict::Dropped(again));
        // A peer behind NAT has one counter, wherever it comes from.
        let natted = |sender| between(sender, 9, Some((4500, 4500)));
        assert_eq!(sas.accept(natted(1), SequenceNumber(1)), Verdict::New);
        let again = ReplayError::Replayed { number: SequenceNumber(1) };
        assert_eq!(sas.accept(natted(2), SequenceNumber(1)), Verdict::Dropped(again));
    }

    #[test]
    fn what_a_sender_sent_elsewhere_is_not_missing() {
        let mut sas = KnownSas::new(8, &[]);
        let mut accept =
            |destination, number| sas.accept(between(1, destination, None), SequenceNumber(number));
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
        let identity = Identity::new(50, Spi(0x99), &Around::default());
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
