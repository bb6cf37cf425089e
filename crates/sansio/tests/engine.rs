//! Engines behind `dyn Engine`, driven by one loop, and a parent engine over two child engines.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use core::time::Duration;
use std::collections::BTreeMap;

use vpnwire_sansio::{Engine, Instant, Output, Timers};

const INTERVAL: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Event {
    Answered { number: u8 },
    Unanswered { number: u8 },
    Malformed { len: usize },
}

/// Sends a numbered question once a second, and reports whether an answer came before the next question.
struct Ping {
    timers: Timers<()>,
    number: u8,
    is_due: bool,
    is_open: bool,
    event: Option<Event>,
    dropped: u32,
}

impl Ping {
    fn start(now: Instant) -> Self {
        let mut timers = Timers::with_capacity(1).unwrap();
        timers.set((), now).unwrap();
        let mut ping = Self { timers, number: 0, is_due: false, is_open: false, event: None, dropped: 0 };
        ping.handle_timeout(now);
        ping
    }
}

impl Engine for Ping {
    type Envelope = u8;
    type Event = Event;

    fn handle(&mut self, _: Instant, _: u8, octets: &mut [u8]) {
        if self.event.is_some() {
            self.dropped += 1;
            return;
        }
        self.event = match octets {
            [b'!', number] if self.is_open && *number == self.number => {
                self.is_open = false;
                Some(Event::Answered { number: *number })
            }
            _ => Some(Event::Malformed { len: octets.len() }),
        };
    }

    fn handle_timeout(&mut self, now: Instant) {
        while self.timers.pop_due(now).is_some() {
            if self.is_open {
                self.event = Some(Event::Unanswered { number: self.number });
            }
            self.number += 1;
            (self.is_due, self.is_open) = (true, true);
            self.timers.set((), now.saturating_add(INTERVAL)).unwrap();
        }
    }

    fn poll(&mut self, _: Instant, buffer: &mut [u8]) -> Output<u8, Event> {
        if let Some(event) = self.event.take() {
            return Output::Event(event);
        }
        if self.is_due {
            let Some(front) = buffer.first_chunk_mut() else { return Output::BufferTooSmall { needed: 2 } };
            *front = [b'?', self.number];
            self.is_due = false;
            return Output::Transmit { envelope: 1, len: 2 };
        }
        Output::Wait(self.timers.deadline())
    }
}

/// Answers each question as often as it is asked. It has no deadline.
#[derive(Default)]
struct Echo {
    answer: Option<(u8, u8)>,
    event: Option<Event>,
}

impl Engine for Echo {
    type Envelope = u8;
    type Event = Event;

    fn handle(&mut self, _: Instant, envelope: u8, octets: &mut [u8]) {
        match octets {
            [b'?', number] => self.answer = Some((envelope, *number)),
            _ => self.event = Some(Event::Malformed { len: octets.len() }),
        }
    }

    fn handle_timeout(&mut self, _: Instant) {}

    fn poll(&mut self, _: Instant, buffer: &mut [u8]) -> Output<u8, Event> {
        if let Some(event) = self.event.take() {
            return Output::Event(event);
        }
        let Some((envelope, number)) = self.answer else { return Output::Wait(None) };
        let Some(front) = buffer.first_chunk_mut() else { return Output::BufferTooSmall { needed: 2 } };
        *front = [b'!', number];
        self.answer = None;
        Output::Transmit { envelope, len: 2 }
    }
}

/// All outputs of an engine at one time.
#[derive(Debug, Default, PartialEq)]
struct Drained<E> {
    sent: Vec<Vec<u8>>,
    events: Vec<E>,
    deadline: Option<Instant>,
}

/// The loop that every caller has. It begins with an empty buffer, to test that the engine asks for a larger one.
fn drain<E: std::fmt::Debug>(engine: &mut dyn Engine<Envelope = u8, Event = E>, now: Instant) -> Drained<E> {
    let mut drained = Drained { sent: Vec::new(), events: Vec::new(), deadline: None };
    let mut buffer = Vec::new();
    loop {
        match engine.poll(now, &mut buffer) {
            Output::Transmit { len, .. } => drained.sent.push(buffer[..len].to_vec()),
            Output::Event(event) => drained.events.push(event),
            Output::BufferTooSmall { needed } => {
                assert!(needed > buffer.len() && needed <= 1500, "{needed}");
                buffer.resize(needed, 0xa5);
            }
            Output::Wait(deadline) => {
                drained.deadline = deadline;
                return drained;
            }
        }
    }
}

/// Carries each datagram between two engines without delay, and loses those that `is_lost` selects.
fn run<E: std::fmt::Debug>(
    engines: [&mut dyn Engine<Envelope = u8, Event = E>; 2],
    seconds: u64,
    mut is_lost: impl FnMut(&[u8]) -> bool,
) -> Vec<(Instant, E)> {
    let mut engines = engines;
    let mut told = Vec::new();
    let mut now = Instant::START;
    let end = now.saturating_add(Duration::from_secs(seconds));
    loop {
        let mut deadlines = [None; 2];
        let mut is_quiet = false;
        while !is_quiet {
            is_quiet = true;
            for at in 0..2 {
                let drained = drain(engines[at], now);
                deadlines[at] = drained.deadline;
                told.extend(drained.events.into_iter().map(|event| (now, event)));
                for mut octets in drained.sent {
                    is_quiet = false;
                    if !is_lost(&octets) {
                        engines[1 - at].handle(now, 0, &mut octets);
                    }
                }
            }
        }
        match Instant::earliest(deadlines[0], deadlines[1]) {
            Some(next) if next <= end => now = next,
            _ => return told,
        }
        for engine in &mut engines {
            engine.handle_timeout(now);
        }
    }
}

fn at(seconds: u64) -> Instant {
    Instant::START.saturating_add(Duration::from_secs(seconds))
}

#[test]
fn two_engines_behind_one_trait_object_type_are_driven_by_one_loop() {
    let mut ping: Box<dyn Engine<Envelope = u8, Event = Event>> = Box::new(Ping::start(Instant::START));
    let mut echo = Echo::default();
    let told = run([&mut ping, &mut echo], 3, |octets| octets == [b'!', 3]);
    let expected = [
        (at(0), Event::Answered { number: 1 }),
        (at(1), Event::Answered { number: 2 }),
        (at(3), Event::Unanswered { number: 3 }),
        (at(3), Event::Answered { number: 4 }),
    ];
    assert_eq!(told, expected);
}

#[test]
fn early_and_repeated_timeouts_are_harmless() {
    let mut ping = Ping::start(at(5));
    let first = drain(&mut ping, at(5));
    assert_eq!((first.sent, first.deadline), (vec![vec![b'?', 1]], Some(at(6))));
    for now in [at(5), at(5), at(4)] {
        ping.handle_timeout(now);
        let nothing = Drained { deadline: Some(at(6)), sent: vec![], events: vec![] };
        assert_eq!(drain(&mut ping, now), nothing);
    }
    ping.handle_timeout(at(6));
    ping.handle_timeout(at(6));
    assert_eq!(drain(&mut ping, at(6)).sent, [[b'?', 2]]);
}

#[test]
fn bad_input_is_an_event_and_an_engine_that_is_not_drained_counts_what_it_drops() {
    let mut ping = Ping::start(at(0));
    drain(&mut ping, at(0));
    ping.handle(at(0), 0, &mut [1, 2, 3]);
    ping.handle(at(0), 0, &mut [b'!', 1]);
    assert_eq!(ping.dropped, 1);
    assert_eq!(drain(&mut ping, at(0)).events, [Event::Malformed { len: 3 }]);
    ping.handle(at(0), 0, &mut [b'!', 1]);
    assert_eq!(drain(&mut ping, at(0)).events, [Event::Answered { number: 1 }]);
}

/// Names one of a parent's children. It is the first octet of the parent's header.
type Child = u8;

const HEADROOM: usize = 3;

/// A parent engine over two children. It writes a header before their datagrams, numbers them, and counts the
/// answers.
struct Parent<A, B> {
    first: A,
    second: B,
    sent: u16,
    answers: BTreeMap<Child, u32>,
    malformed: Option<usize>,
}

impl<A, B> Parent<A, B>
where
    A: Engine<Envelope = u8, Event = Event>,
    B: Engine<Envelope = u8, Event = Event>,
{
    fn new(first: A, second: B) -> Self {
        Self { first, second, sent: 0, answers: BTreeMap::new(), malformed: None }
    }

    /// Converts the output of a child to an output of the parent. `None` when the parent keeps an event to itself.
    fn output(
        &mut self,
        child: Child,
        output: Output<u8, Event>,
        buffer: &mut [u8],
    ) -> Option<Output<u8, (Child, Event)>> {
        Some(match output {
            Output::Transmit { envelope, len } => {
                self.sent += 1;
                let [high, low] = self.sent.to_be_bytes();
                *buffer.first_chunk_mut().unwrap() = [child, high, low];
                Output::Transmit { envelope, len: len + HEADROOM }
            }
            Output::Event(Event::Answered { .. }) => {
                *self.answers.entry(child).or_default() += 1;
                return None;
            }
            Output::Event(event) => Output::Event((child, event)),
            Output::BufferTooSmall { needed } => Output::BufferTooSmall { needed: needed + HEADROOM },
            Output::Wait(deadline) => Output::Wait(deadline),
        })
    }
}

impl<A, B> Engine for Parent<A, B>
where
    A: Engine<Envelope = u8, Event = Event>,
    B: Engine<Envelope = u8, Event = Event>,
{
    type Envelope = u8;
    type Event = (Child, Event);

    fn handle(&mut self, now: Instant, envelope: u8, octets: &mut [u8]) {
        match octets {
            [0, _, _, octets @ ..] => self.first.handle(now, envelope, octets),
            [1, _, _, octets @ ..] => self.second.handle(now, envelope, octets),
            _ => self.malformed = Some(octets.len()),
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.first.handle_timeout(now);
        self.second.handle_timeout(now);
    }

    fn poll(&mut self, now: Instant, buffer: &mut [u8]) -> Output<u8, (Child, Event)> {
        if let Some(len) = self.malformed.take() {
            return Output::Event((u8::MAX, Event::Malformed { len }));
        }
        loop {
            // A child that has a datagram but no room for it reports that itself. It may also have an event, which
            // needs no room.
            let output = self.first.poll(now, buffer.get_mut(HEADROOM..).unwrap_or_default());
            let deadline = match self.output(0, output, buffer) {
                None => continue,
                Some(Output::Wait(deadline)) => deadline,
                Some(output) => return output,
            };
            let output = self.second.poll(now, buffer.get_mut(HEADROOM..).unwrap_or_default());
            match self.output(1, output, buffer) {
                None => {}
                Some(Output::Wait(other)) => return Output::Wait(Instant::earliest(deadline, other)),
                Some(output) => return output,
            }
        }
    }
}

#[test]
fn a_parent_polls_its_children_into_the_buffer_behind_its_header() {
    let mut left = Parent::new(Ping::start(at(0)), Ping::start(at(0)));
    let drained = drain(&mut left, at(0));
    assert_eq!(drained.sent, [[0, 0, 1, b'?', 1], [1, 0, 2, b'?', 1]]);
    assert_eq!((drained.events, drained.deadline), (vec![], Some(at(1))));

    let mut too_small = Parent::new(Ping::start(at(0)), Echo::default());
    assert_eq!(too_small.poll(at(0), &mut []), Output::BufferTooSmall { needed: 5 });
    assert_eq!(too_small.poll(at(0), &mut [0; 4]), Output::BufferTooSmall { needed: 5 });
    assert_eq!(
        too_small.poll(at(0), &mut [0; 5]),
        Output::Transmit { envelope: 1, len: 5 },
        "no datagram was lost"
    );
    assert_eq!(
        too_small.poll(at(0), &mut []),
        Output::Wait(Some(at(1))),
        "a child without a deadline does not hide the deadline of the other"
    );
}

#[test]
fn parents_over_borrowed_and_boxed_children_speak_with_each_other() {
    let mut borrowed = Ping::start(at(0));
    let boxed: Box<dyn Engine<Envelope = u8, Event = Event>> = Box::new(Ping::start(at(0)));
    let mut left = Parent::new(&mut borrowed, boxed);
    let mut right = Parent::new(Echo::default(), Echo::default());
    let told = run([&mut left, &mut right], 2, |octets| octets == [1, 0, 4, b'?', 2]);
    assert_eq!(told, [(at(2), (1, Event::Unanswered { number: 2 }))]);
    assert_eq!(left.answers, BTreeMap::from([(0, 3), (1, 2)]));
    left.handle(at(2), 0, &mut [7]);
    assert_eq!(drain(&mut left, at(2)).events, [(u8::MAX, Event::Malformed { len: 1 })]);
}
