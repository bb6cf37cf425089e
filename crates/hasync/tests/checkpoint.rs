//! A model of two gateways: a million packets for each seed, random failovers, updates and acknowledgements that are
//! lost, late or out of order, and an attacker who replays packets.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_hasync::checkpoint::{self, Checkpoint, Esn};

const PACKETS: u64 = 1_000_000;
/// The width of the model's anti-replay window.
const WINDOW: u64 = 64;

/// A seeded generator of random numbers, Xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }

    fn one_in(&mut self, n: u64) -> bool {
        n != 0 && self.below(n) == 0
    }
}

/// A set of numbers above a base.
struct Marks {
    base: u64,
    marks: Vec<u32>,
}

impl Marks {
    fn entry(&mut self, sequence: u64) -> &mut u32 {
        let index = usize::try_from(sequence.checked_sub(self.base).unwrap()).unwrap();
        if index >= self.marks.len() {
            self.marks.resize((index + 1).next_power_of_two(), 0);
        }
        &mut self.marks[index]
    }
}

/// The conditions under which the pair runs.
#[derive(Clone, Copy, Debug)]
struct Conditions {
    seed: u64,
    checkpoint: Checkpoint,
    space: Esn,
    /// The first sequence number of the SA.
    start: u64,
    /// One in this many updates and acknowledgements is lost, or none when it is 0.
    loss: u64,
    /// The longest delay of an update or acknowledgement, counted in packets.
    delay: u64,
    /// One in this many packets is the active's last, or none when it is 0.
    failover: u64,
    /// At one in this many packets the link between the gateways fails for a while, in one or both directions, or never
    /// when it is 0. The active then reaches the end of its lease, and the numbers come as close as they can.
    outage: u64,
}

#[derive(Debug, Default)]
struct Outcome {
    sent: u64,
    accepted: u64,
    stalls: u64,
    takeovers: u64,
    replayed: u64,
    used_up: u64,
}

#[derive(Clone, Copy)]
enum Flight {
    /// An update for the standby.
    Outbound(u64),
    Inbound(u64),
    /// The end of a bulk sync, with both numbers.
    Bulk(u64, u64),
    /// An acknowledgement for the active.
    Acknowledged(u64),
}

/// An anti-replay window: the highest accepted number, and the accepted numbers just below it.
#[derive(Clone, Copy)]
struct Window {
    highest: u64,
    seen: u64,
}

impl Window {
    /// Makes a window that refuses all numbers up to `start`.
    fn starting_at(start: u64) -> Self {
        Self { highest: start, seen: u64::MAX }
    }

    fn accept(&mut self, sequence: u64) -> bool {
        if sequence > self.highest {
            let ahead = sequence - self.highest;
            self.seen = if ahead >= WINDOW { 0 } else { self.seen << ahead };
            self.seen |= 1;
            self.highest = sequence;
            return true;
        }
        let behind = self.highest - sequence;
        if behind >= WINDOW || self.seen >> behind & 1 == 1 {
            return false;
        }
        self.seen |= 1 << behind;
        true
    }
}

/// The standby: the numbers that it has stored, and whether it may take over.
#[derive(Clone, Copy, Default)]
struct Standby {
    outbound: u64,
    inbound: u64,
    hot: bool,
}

struct Takeover {
    stored: u64,
    highest: u64,
}

struct Pair {
    conditions: Conditions,
    random: Random,
    now: u64,
    flights: Vec<(u64, Flight)>,
    /// The times from which updates and acknowledgements get through again.
    up_again: [u64; 2],
    // These fields belong to the active.
    /// The highest outbound number sent.
    sent: u64,
    last_sent: u64,
    acknowledged: u64,
    leased: bool,
    window: Window,
    inbound_last_sent: u64,
    standby: Option<Standby>,
    // These fields belong to the outside world.
    /// The highest number that the peer has sent.
    remote_sent: u64,
    used: Marks,
    accepted: Marks,
    recent: Vec<u64>,
    takeovers: Vec<Takeover>,
    outcome: Outcome,
}

impl Pair {
    fn new(conditions: Conditions) -> Self {
        let start = conditions.start;
        Self {
            conditions,
            random: Random(conditions.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            now: 0,
            flights: Vec::new(),
            up_again: [0; 2],
            sent: start,
            last_sent: start,
            acknowledged: start,
            leased: true,
            window: Window::starting_at(start),
            inbound_last_sent: start,
            standby: Some(Standby { outbound: start, inbound: start, hot: true }),
            remote_sent: start,
            used: Marks { base: start, marks: Vec::new() },
            accepted: Marks { base: start, marks: Vec::new() },
            recent: Vec::new(),
            takeovers: Vec::new(),
            outcome: Outcome::default(),
        }
    }

    fn fly(&mut self, flight: Flight) {
        let [updates, acknowledgements] = self.up_again;
        let up_again = if matches!(flight, Flight::Acknowledged(_)) { acknowledgements } else { updates };
        let is_lost = self.now < up_again || self.random.one_in(self.conditions.loss);
        // A bulk sync that is lost is repeated until it gets through.
        if matches!(flight, Flight::Bulk(..)) || !is_lost {
            let delay = self.random.below(self.conditions.delay + 1);
            self.flights.push((self.now + delay, flight));
        }
    }

    fn land(&mut self) {
        let mut index = 0;
        while let Some((due, flight)) = self.flights.get(index).copied() {
            if due > self.now {
                index += 1;
                continue;
            }
            self.flights.swap_remove(index);
            match flight {
                Flight::Acknowledged(sequence) => {
                    self.acknowledged = checkpoint::stored(self.acknowledged, sequence);
                }
                Flight::Outbound(sequence) => {
                    if let Some(standby) = &mut self.standby {
                        standby.outbound = checkpoint::stored(standby.outbound, sequence);
                        self.fly(Flight::Acknowledged(sequence));
                    }
                }
                Flight::Inbound(sequence) => {
                    if let Some(standby) = &mut self.standby {
                        standby.inbound = checkpoint::stored(standby.inbound, sequence);
                    }
                }
                Flight::Bulk(outbound, inbound) => {
                    if let Some(standby) = &mut self.standby {
                        standby.outbound = checkpoint::stored(standby.outbound, outbound);
                        standby.inbound = checkpoint::stored(standby.inbound, inbound);
                        standby.hot = true;
                    }
                }
            }
        }
    }

    fn send_update(&mut self) {
        self.last_sent = self.sent;
        self.fly(Flight::Outbound(self.sent));
    }

    /// The active wants to send a packet.
    fn outbound(&mut self) {
        let Conditions { checkpoint, space, .. } = self.conditions;
        if self.sent == space.last() {
            self.renegotiate();
        }
        let sequence = self.sent + 1;
        if self.leased && !checkpoint.may_send(sequence, self.acknowledged, space) {
            self.outcome.stalls += 1;
            // The active stops only when no update was acknowledged for the whole slack.
            let first_due = self.acknowledged + u64::from(checkpoint.outbound_interval);
            assert!(self.last_sent >= first_due, "{:?}: no update was sent in time", self.conditions);
            assert!(
                sequence - first_due > u64::from(checkpoint.slack),
                "{:?}: the active stalled too early",
                self.conditions
            );
            // An active that waits sends its update again after a time, and no longer after a number of packets.
            if self.random.one_in(8) {
                self.send_update();
            }
            return;
        }
        let used = self.used.entry(sequence);
        assert_eq!(*used, 0, "{:?}: outbound number {sequence} is used twice", self.conditions);
        *used = 1;
        self.outcome.sent += 1;
        self.sent = sequence;
        if checkpoint.outbound_update_is_due(sequence, self.last_sent, self.acknowledged) {
            self.send_update();
        }
    }

    /// A packet arrives. It is new, late or replayed.
    fn inbound(&mut self) {
        let sequence = if self.random.one_in(4) && !self.recent.is_empty() {
            let index =
                usize::try_from(self.random.below(u64::try_from(self.recent.len()).unwrap())).unwrap();
            self.recent[index]
        } else if self.random.one_in(8) {
            self.remote_sent.saturating_sub(self.random.below(WINDOW + 20)).max(self.conditions.start + 1)
        } else {
            let step = 1 + if self.random.one_in(50) { self.random.below(30) } else { 0 };
            // A peer that has used up its numbers sends nothing more.
            let Some(sequence) =
                self.remote_sent.checked_add(step).filter(|next| *next <= self.conditions.space.last())
            else {
                return;
            };
            self.remote_sent = sequence;
            sequence
        };
        if !self.window.accept(sequence) {
            return;
        }
        self.outcome.accepted += 1;
        let epoch = u32::try_from(self.takeovers.len()).unwrap() + 1;
        let before = std::mem::replace(self.accepted.entry(sequence), epoch);
        if before != 0 {
            self.outcome.replayed += 1;
            let since = &self.takeovers[usize::try_from(before).unwrap() - 1..];
            assert!(
                since.iter().any(|takeover| takeover.stored < sequence && sequence <= takeover.highest),
                "{:?}: inbound number {sequence} is accepted twice, beyond the exposure",
                self.conditions
            );
        }
        if self.recent.len() < 4_096 {
            self.recent.push(sequence);
        } else {
            let index = usize::try_from(self.random.below(4_096)).unwrap();
            self.recent[index] = sequence;
        }
        let checkpoint = self.conditions.checkpoint;
        if checkpoint.inbound_update_is_due(self.window.highest, self.inbound_last_sent) {
            self.inbound_last_sent = self.window.highest;
            self.fly(Flight::Inbound(self.window.highest));
        }
        let ahead = checkpoint::inbound_exposure(self.inbound_last_sent, self.window.highest);
        assert!(
            ahead < u64::from(checkpoint.inbound_interval),
            "fewer packets than the interval have no update"
        );
    }

    /// Makes the link between the gateways fail.
    fn fail_link(&mut self) {
        let until = self.now + self.random.below(8_000);
        match self.random.below(3) {
            0 => self.up_again = [until; 2],
            1 => self.up_again[0] = until,
            _ => self.up_again[1] = until,
        }
    }

    /// The active fails. The standby takes over if it is hot.
    fn fail_over(&mut self) {
        if self.random.one_in(2) {
            // The active's last messages still arrive, or are lost with it.
            self.now += self.conditions.delay;
            self.land();
        }
        let Some(standby) = self.standby.filter(|standby| standby.hot) else { return };
        let Conditions { checkpoint, space, .. } = self.conditions;
        self.flights.clear();
        self.standby = None;
        self.leased = false;
        self.outcome.takeovers += 1;
        let start = checkpoint::inbound_window_start(standby.inbound);
        self.takeovers.push(Takeover { stored: standby.inbound, highest: self.window.highest });
        self.window = Window::starting_at(start);
        self.inbound_last_sent = start;
        match checkpoint.first_after_takeover(standby.outbound, space) {
            Some(first) => {
                assert!(first > self.sent, "{:?}: a sent number is reused", self.conditions);
                let skipped = first - 1 - self.sent;
                let lease = u64::from(checkpoint.outbound_interval) + u64::from(checkpoint.slack);
                assert!(skipped <= lease, "more than a lease is skipped");
                self.sent = first - 1;
                self.last_sent = first - 1;
            }
            None => self.renegotiate(),
        }
    }

    /// Another gateway starts and receives everything.
    fn join(&mut self) {
        if self.standby.is_none() {
            self.standby = Some(Standby { hot: false, ..Standby::default() });
            let (outbound, inbound) = (self.sent, self.window.highest);
            // The lease begins here, because from now on the standby may take over with this number.
            self.leased = true;
            self.acknowledged = outbound;
            self.last_sent = outbound;
            self.inbound_last_sent = inbound;
            self.fly(Flight::Bulk(outbound, inbound));
        }
    }

    /// The numbers are used up, so there is a new SA. The standby is told of it before it is used.
    fn renegotiate(&mut self) {
        self.outcome.used_up += 1;
        let start = self.conditions.start;
        self.flights.clear();
        self.used = Marks { base: start, marks: Vec::new() };
        self.accepted = Marks { base: start, marks: Vec::new() };
        self.recent.clear();
        self.takeovers.clear();
        self.sent = start;
        self.remote_sent = start;
        self.last_sent = start;
        self.acknowledged = start;
        self.window = Window::starting_at(start);
        self.inbound_last_sent = start;
        if let Some(standby) = &mut self.standby {
            *standby = Standby { outbound: start, inbound: start, hot: true };
            self.leased = true;
        }
    }

    fn run(mut self) -> Outcome {
        for now in 0..PACKETS {
            self.now = now;
            if !self.flights.is_empty() {
                self.land();
            }
            if self.random.next() >> 63 == 0 {
                self.outbound();
            } else {
                self.inbound();
            }
            if self.random.one_in(self.conditions.outage) {
                self.fail_link();
            }
            if self.random.one_in(self.conditions.failover) {
                self.fail_over();
            } else if self.standby.is_none() && self.random.one_in(200) {
                self.join();
            }
        }
        self.outcome
    }
}

fn conditions(seed: u64) -> Conditions {
    Conditions {
        seed,
        checkpoint: Checkpoint { inbound_interval: 1_000, outbound_interval: 400, slack: 300 },
        space: Esn::No,
        start: 0,
        loss: 4,
        delay: 100,
        failover: 3_000,
        outage: 0,
    }
}

#[test]
fn no_number_is_used_twice_and_replays_stay_within_the_exposure() {
    for seed in 1..=4 {
        let mut conditions = conditions(seed);
        let mut random = Random(seed ^ 0x5555_aaaa);
        conditions.checkpoint = Checkpoint {
            inbound_interval: u32::try_from(1 + random.below(1_500)).unwrap(),
            outbound_interval: u32::try_from(1 + random.below(1_000)).unwrap(),
            slack: u32::try_from(random.below(1_000)).unwrap(),
        };
        conditions.delay = 1 + random.below(600);
        conditions.outage = 6_000;
        let outcome = Pair::new(conditions).run();

        assert!(outcome.sent > 50_000 && outcome.accepted > 300_000, "{outcome:?}");
        assert!(outcome.takeovers > 200, "{outcome:?}");
        assert!(outcome.stalls > 10_000, "leases are used up to their end: {outcome:?}");
        assert!(outcome.replayed > 0, "the attacker replays exposed packets: {outcome:?}");
    }
}

#[test]
fn the_active_never_stalls_while_acknowledgements_arrive() {
    // An update and its answer take at most 2 * 70 packets of both directions, which is less than the slack.
    for seed in 1..=2 {
        let outcome = Pair::new(Conditions { loss: 0, delay: 70, ..conditions(seed) }).run();
        assert_eq!(outcome.stalls, 0, "{outcome:?}");
        assert!(outcome.sent > 400_000 && outcome.takeovers > 200, "{outcome:?}");
    }
    // With losses, a slack of one interval and the repetitions are still enough, except in runs of many losses.
    let outcome = Pair::new(Conditions { loss: 10, delay: 20, ..conditions(9) }).run();
    assert!(outcome.stalls < 50, "{outcome:?}");
    // Without any answers the active does stall. It continues when answers arrive again; here one in two is lost.
    let outcome = Pair::new(Conditions { loss: 2, delay: 300, ..conditions(10) }).run();
    assert!(outcome.stalls > 0 && outcome.sent > 200_000, "{outcome:?}");
}

#[test]
fn numbers_end_without_wrapping_and_extended_ones_pass_the_32_bits() {
    let near = |space: Esn| space.last() - 150_000;
    for space in [Esn::No, Esn::Yes] {
        let outcome = Pair::new(Conditions { space, start: near(space), ..conditions(21) }).run();
        assert!(outcome.used_up > 0 && outcome.takeovers > 200, "{outcome:?}");
    }
    let start = near(Esn::No);
    let outcome = Pair::new(Conditions { space: Esn::Yes, start, ..conditions(22) }).run();
    assert!(outcome.used_up == 0 && outcome.sent > 150_000, "the numbers pass 2^32: {outcome:?}");
}

#[test]
fn the_model_finds_a_standby_that_starts_too_low() {
    // The test can detect an error: if the start lacks the slack, a number is used twice.
    let result = std::panic::catch_unwind(|| {
        let mut pair = Pair::new(Conditions { loss: 2, delay: 300, ..conditions(31) });
        for now in 0..PACKETS {
            pair.now = now;
            pair.land();
            pair.outbound();
            if pair.random.one_in(1_000) && pair.standby.is_some_and(|standby| standby.hot) {
                pair.sent = pair.standby.unwrap().outbound;
            }
        }
    });
    assert!(result.is_err());
}
