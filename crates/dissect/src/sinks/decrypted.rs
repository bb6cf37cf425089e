//! Collects the packets that were decrypted, as records of a capture.

use std::fmt;

use crate::frame::{Frame, Timestamp};
use crate::sink::{Address, Fault, Part, Protocol, Rebuilt, Sink, SourceId, Span, Value};
use crate::sinks::Output;

/// Passes everything on, and collects the IP packets that were decrypted, in the format of pcap: raw IP, with the times of the
/// frames they came in. Of packets in one another, the innermost is collected.
#[derive(Debug)]
pub struct Decrypted<S> {
    inner: S,
    // Records; none are collected when there is nowhere to.
    records: Option<Vec<u8>>,
    // How much there was when the frame began, and the time of the frame.
    kept_len: usize,
    time: Option<Timestamp>,
}

/// Octets of a packet at the most, as the file's header says: more than any IP packet has.
const SNAP_LEN: u32 = 262_144;

/// The link type of raw IP.
const RAW: u32 = 101;

impl<S> Decrypted<S> {
    /// The header of a file of such records: nanoseconds, raw IP.
    pub const FILE_HEADER: [u8; 24] = {
        let ([a, b, c, d], [e, f, g, h], [i, j, k, l]) =
            (0xa1b2_3c4d_u32.to_le_bytes(), SNAP_LEN.to_le_bytes(), RAW.to_le_bytes());
        [a, b, c, d, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, e, f, g, h, i, j, k, l]
    };

    /// A sink that collects when told so.
    #[must_use]
    pub const fn new(inner: S, collect: bool) -> Self {
        let records = if collect { Some(Vec::new()) } else { None };
        Self { inner, records, kept_len: 0, time: None }
    }

    /// The sink behind.
    pub const fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The records collected since they were last cleared; nothing when none are collected.
    pub const fn records(&mut self) -> Option<&mut Vec<u8>> {
        self.records.as_mut()
    }
}

impl<S: Sink> Sink for Decrypted<S> {
    const FIELDS: bool = S::FIELDS;

    fn enter(&mut self, protocol: &'static Protocol, span: Span) {
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
        self.kept_len = self.records.as_ref().map_or(0, Vec::len);
        self.time = frame.time;
        self.inner.begin(frame);
    }

    fn end(&mut self, frame: &Frame<'_>) {
        self.inner.end(frame);
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
        if let Some(records) = &mut self.records {
            // The one around this one.
            records.truncate(self.kept_len);
            let nanoseconds = self.time.map_or(0, |time| time.0.max(0));
            let seconds = nanoseconds.checked_div(1_000_000_000).unwrap_or_default();
            let nanoseconds = nanoseconds.checked_rem(1_000_000_000).unwrap_or_default();
            let len = parts.iter().fold(0usize, |len, part| len.saturating_add(part.len()));
            let len = u32::try_from(len).unwrap_or(u32::MAX);
            for word in [
                u32::try_from(seconds).unwrap_or(u32::MAX),
                u32::try_from(nanoseconds).unwrap_or_default(),
                len,
                len,
            ] {
                records.extend_from_slice(&word.to_le_bytes());
            }
            for part in parts {
                records.extend_from_slice(part);
            }
        }
        self.inner.decrypted(parts);
    }

    fn wants_rebuilt(&self) -> bool {
        self.inner.wants_rebuilt()
    }

    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        self.inner.rebuilt(rebuilt);
    }
}

impl<S: Output> Output for Decrypted<S> {
    fn output(&mut self) -> &mut Vec<u8> {
        self.inner.output()
    }
}
