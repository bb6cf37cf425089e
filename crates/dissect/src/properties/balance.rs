//! The property that everything that is entered is left once, for every sink and every chain of sinks.

use crate::sink::{Fault, Protocol, Sink, Span, Value};
use crate::sinks::{Decrypted, Filter, Output};
use crate::{Dissector, Options};
use capture::Frame;

/// A sink that counts the depth. It panics when more is left than was entered, or when a frame ends inside a protocol.
#[derive(Debug, Default)]
struct Depth<const FIELDS: bool> {
    depth: usize,
    protocol_count: usize,
    rebuilds: bool,
    output: Vec<u8>,
}

impl<const FIELDS: bool> Sink for Depth<FIELDS> {
    const FIELDS: bool = FIELDS;

    fn enter(&mut self, _: &'static Protocol, _: Span) {
        self.depth += 1;
        self.protocol_count += 1;
    }

    fn field(&mut self, name: &'static str, _: Value<'_>, _: Span) {
        assert!(FIELDS, "{name} is shown to a sink that looks at no field");
    }

    fn fault(&mut self, _: Fault) {}

    fn leave(&mut self) {
        assert!(self.depth > 0, "more is left than was entered");
        self.depth -= 1;
    }

    fn leave_field(&mut self) {
        assert!(FIELDS, "a sink without fields receives the end of a field");
    }

    fn begin(&mut self, _: &Frame<'_>) {
        assert_eq!(self.depth, 0, "a frame begins outside every protocol");
    }

    fn end(&mut self, frame: &Frame<'_>) {
        assert_eq!(self.depth, 0, "frame {} ends inside a protocol", frame.number);
    }

    fn wants_departures(&self) -> bool {
        self.rebuilds
    }

    fn wants_rebuilt(&self) -> bool {
        self.rebuilds
    }
}

impl<const FIELDS: bool> Output for Depth<FIELDS> {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}

/// Dissectors of the same frames, with sinks that read fields and sinks that do not: alone, behind a filter, and behind
/// a collector and a filter.
#[derive(Debug)]
pub(super) struct Balance {
    dissectors: [Dissector; 4],
    no_fields: Depth<false>,
    fields: Depth<true>,
    filtered: Filter<Depth<false>>,
    collected: Decrypted<Filter<Depth<true>>>,
}

impl Balance {
    pub(super) fn new(options: &Options) -> Self {
        let filter = || vec!["udp".to_owned()];
        Self {
            dissectors: [(); 4].map(|()| Dissector::new(options.clone())),
            // Sinks that are compared want the same things, because these count against the budget of a frame.
            no_fields: Depth { rebuilds: true, ..Depth::default() },
            fields: Depth::default(),
            filtered: Filter::new(Depth { rebuilds: true, ..Depth::default() }, filter()),
            collected: Decrypted::new(Filter::new(Depth::default(), filter()), true),
        }
    }

    pub(super) fn frame(&mut self, frame: Frame<'_>) {
        let [first, second, third, fourth] = &mut self.dissectors;
        first.frame(frame, &mut self.no_fields);
        second.frame(frame, &mut self.fields);
        third.frame(frame, &mut self.filtered);
        fourth.frame(frame, &mut self.collected);
        let counts = [self.no_fields.protocol_count, self.filtered.inner().protocol_count];
        assert_eq!(counts[0], counts[1], "a sink in front changes nothing");
        let counts = [self.fields.protocol_count, self.collected.inner().inner().protocol_count];
        assert_eq!(counts[0], counts[1], "a sink in front changes nothing");
    }
}

/// Checks that every `enter` has one `leave`, for sinks that read fields and for sinks that do not, alone and behind
/// others.
pub fn every_enter_has_one_leave(frames: &[Frame<'_>], options: &Options) {
    let mut balance = Balance::new(options);
    frames.iter().for_each(|frame| balance.frame(*frame));
}
