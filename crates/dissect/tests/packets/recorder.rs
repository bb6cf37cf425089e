//! A sink that keeps every report, and panics when a report is not valid.

use std::fmt;

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::sinks::text;
use vpnwire_dissect::{Address, Outcome, Rebuilt};
use vpnwire_dissect::{Dissector, Fault, Options, Protocol, Sink, SourceId, Span, Value};

use crate::built;

/// The reports about one frame.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) protocols: Vec<&'static str>,
    /// The name, the value as text, the octets from which it was read, and the enclosing protocol.
    pub(crate) fields: Vec<(&'static str, String, Span)>,
    /// The names of the fields whose octets no handler dissected.
    pub(crate) opaque: Vec<&'static str>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) sources: Vec<(&'static str, Vec<u8>)>,
    pub(crate) summary: String,
    pub(crate) endpoints: Option<(Address, Address)>,
    pub(crate) departures: Vec<String>,
    /// The decrypted packets, each as an IP packet.
    pub(crate) decrypted: Vec<Vec<u8>>,
    /// The results of encoding messages again, and their protocols.
    pub(crate) rebuilt: Vec<(&'static str, Outcome)>,
    depth: usize,
}

impl Recorder {
    /// Dissects one frame of a capture with a new dissector.
    pub(crate) fn of(link: LinkType, octets: &[u8]) -> Self {
        Self::with(Options::default(), link, octets)
    }

    pub(crate) fn with(options: Options, link: LinkType, octets: &[u8]) -> Self {
        Self::next(&mut Dissector::new(options), built::frame(link, octets))
    }

    /// Dissects the next frame.
    pub(crate) fn next(dissector: &mut Dissector, frame: Frame<'_>) -> Self {
        let mut recorder = Self::default();
        dissector.frame(frame, &mut recorder);
        recorder
    }

    pub(crate) fn protocols(&self) -> String {
        self.protocols.join(":")
    }

    /// Returns the values of a field, in their order.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(n, ..)| *n == name).map(|(_, value, _)| value.as_str()).collect()
    }

    /// Returns the only value of a field.
    pub(crate) fn value(&self, name: &str) -> &str {
        match self.values(name)[..] {
            [value] => value,
            ref values => panic!("{name}: {values:?}"),
        }
    }

    /// Returns the octets from which a field was read.
    pub(crate) fn octets(&self, name: &str) -> &[u8] {
        let (_, _, span) = self.fields.iter().find(|(n, ..)| *n == name).unwrap();
        &self.sources[usize::from(span.source)].1[span.start..span.start + span.len]
    }

    pub(crate) fn faults(&self) -> Vec<String> {
        self.faults.iter().map(ToString::to_string).collect()
    }

    /// Returns the only fault.
    pub(crate) fn fault(&self) -> String {
        match &self.faults()[..] {
            [fault] => fault.clone(),
            faults => panic!("{faults:?}"),
        }
    }

    fn check(&self, span: Span) {
        let (_, octets) = self.sources.get(usize::from(span.source)).unwrap();
        assert!(span.start + span.len <= octets.len(), "{span:?} of {}", octets.len());
    }
}

impl Sink for Recorder {
    fn enter(&mut self, protocol: &'static Protocol, span: Span) {
        self.check(span);
        self.depth += 1;
        self.protocols.push(protocol.filter);
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.check(span);
        let mut text = Vec::new();
        let value = match value {
            Value::Opaque(octets) => {
                self.opaque.push(name);
                Value::Octets(octets)
            }
            value => value,
        };
        text::value(&mut text, value);
        self.fields.push((name, String::from_utf8(text).unwrap(), span));
    }

    fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.field(name, value, span);
        self.depth += 1;
    }

    fn fault(&mut self, fault: Fault) {
        self.check(fault.span);
        self.faults.push(fault);
    }

    fn leave(&mut self) {
        self.depth = self.depth.checked_sub(1).unwrap();
    }

    fn leave_field(&mut self) {
        self.depth = self.depth.checked_sub(1).unwrap();
    }

    fn begin(&mut self, frame: &Frame<'_>) {
        *self = Self { sources: vec![("frame", frame.octets.to_vec())], ..Self::default() };
    }

    fn end(&mut self, _: &Frame<'_>) {
        assert_eq!(self.depth, 0, "everything that is entered is left");
    }

    fn source(&mut self, id: SourceId, name: &'static str, octets: &[u8]) {
        assert_eq!(usize::from(id), self.sources.len());
        self.sources.push((name, octets.to_vec()));
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.endpoints = Some((source, destination));
    }

    fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        self.summary = format!("{protocol} {text}");
    }

    fn wants_departures(&self) -> bool {
        true
    }

    fn wants_octets(&self) -> bool {
        true
    }

    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        self.check(span);
        self.departures.push(format!("{reference}: {text}"));
    }

    fn wants_rebuilt(&self) -> bool {
        true
    }

    fn decrypted(&mut self, parts: &[&[u8]]) {
        self.decrypted.push(parts.concat());
    }

    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        if rebuilt.got.len() <= rebuilt.expected.len() && !rebuilt.expected.is_empty() {
            self.check(rebuilt.span);
        }
        self.rebuilt.push((rebuilt.protocol, rebuilt.outcome));
    }
}
