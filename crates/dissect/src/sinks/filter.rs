//! Keeps the packets that hold one of certain protocols.

use std::fmt;

use crate::frame::Frame;
use crate::sink::{Address, Fault, Part, Protocol, Rebuilt, Sink, SourceId, Span, Value};
use crate::sinks::Output;

/// Passes everything on, and drops the frames that hold none of the wanted protocols.
#[derive(Debug)]
pub struct Filter<S> {
    inner: S,
    protocols: Vec<String>,
    found: bool,
    kept_len: usize,
}

impl<S: Output> Filter<S> {
    /// Keeps the frames that hold one of `protocols`, by filter name; all of them when there is none.
    #[must_use]
    pub const fn new(inner: S, protocols: Vec<String>) -> Self {
        Self { inner, protocols, found: false, kept_len: 0 }
    }

    /// The sink behind the filter.
    pub const fn inner(&mut self) -> &mut S {
        &mut self.inner
    }
}

impl<S: Output> Sink for Filter<S> {
    const FIELDS: bool = S::FIELDS;

    fn enter(&mut self, protocol: &'static Protocol, span: Span) {
        self.found = self.found || self.protocols.iter().any(|wanted| wanted == protocol.filter);
        self.inner.enter(protocol, span);
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.inner.field(name, value, span);
    }

    fn fault(&mut self, fault: Fault) {
        self.inner.fault(fault);
    }

    fn leave(&mut self) {
        self.inner.leave();
    }

    fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.inner.enter_field(name, value, span);
    }

    fn begin(&mut self, frame: &Frame<'_>) {
        self.found = self.protocols.is_empty();
        self.kept_len = self.inner.output().len();
        self.inner.begin(frame);
    }

    fn end(&mut self, frame: &Frame<'_>) {
        self.inner.end(frame);
        if !self.found {
            self.inner.output().truncate(self.kept_len);
        }
    }

    fn source(&mut self, id: SourceId, name: &'static str, octets: &[u8]) {
        self.inner.source(id, name, octets);
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.inner.endpoints(source, destination);
    }

    fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        self.inner.summary(protocol, text);
    }

    fn summary_parts(&mut self, protocol: &'static str, parts: &[Part<'_>]) {
        self.inner.summary_parts(protocol, parts);
    }

    fn wants_debug_lines(&self) -> bool {
        self.inner.wants_debug_lines()
    }

    fn debug_lines(&mut self, lines: fmt::Arguments<'_>) {
        self.inner.debug_lines(lines);
    }

    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        self.inner.departure(text, reference, span);
    }

    fn wants_departures(&self) -> bool {
        self.inner.wants_departures()
    }

    fn decrypted(&mut self, parts: &[&[u8]]) {
        self.inner.decrypted(parts);
    }

    fn wants_rebuilt(&self) -> bool {
        self.inner.wants_rebuilt()
    }

    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        self.inner.rebuilt(rebuilt);
    }
}

impl<S: Output> Output for Filter<S> {
    fn output(&mut self) -> &mut Vec<u8> {
        self.inner.output()
    }
}
