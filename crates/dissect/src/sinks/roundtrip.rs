//! What became of messages that were decoded and encoded again, counted by protocol.

use crate::sink::{Fault, Outcome, Protocol, Rebuilt, Sink, Span, Value, count};
use crate::sinks::Output;
use crate::sinks::text;
use crate::tables::Handler;
use capture::Frame;

/// Counts of one protocol. `seen` is the sum of the five counts that follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages looked at.
    pub seen: u64,
    /// Encoded to the same octets.
    pub identical: u64,
    /// Encoded to other octets only where a derived value was wrong on the wire.
    pub corrected: u64,
    /// Encoded to other octets.
    pub different: u64,
    /// Not decoded.
    pub undecodable: u64,
    /// Ciphertext without a key.
    pub opaque: u64,
    /// Cut by the capture, and so not seen.
    pub truncated: u64,
    /// Octets made from values.
    pub octets_rebuilt: u64,
    /// Octets copied because their type is unknown.
    pub octets_copied: u64,
}

/// Counts what became of messages, and writes about those that did not come back as they were.
#[derive(Debug)]
pub struct Roundtrip {
    output: Vec<u8>,
    details: bool,
    octets: bool,
    file: String,
    frame: u64,
    counts: Vec<(&'static str, Counts)>,
}

impl Roundtrip {
    /// A sink that has counted nothing. With `details` it also writes about each message that did not come back as it
    /// was: where it stands, how many octets were expected, how many came out.
    #[must_use]
    pub fn new(details: bool) -> Self {
        Self {
            output: Vec::new(),
            details,
            octets: false,
            file: String::new(),
            frame: 0,
            counts: Handler::round_trips().map(|protocol| (protocol, Counts::default())).collect(),
        }
    }

    /// The same sink, that also writes which octets were expected and came out, keys among them, when told so.
    #[must_use]
    pub fn with_octets(self, octets: bool) -> Self {
        Self { octets, ..self }
    }

    /// The file that messages are said to stand in from now on.
    pub fn set_file(&mut self, name: &str) {
        name.clone_into(&mut self.file);
    }

    /// The counts, a protocol each.
    #[must_use]
    pub fn counts(&self) -> &[(&'static str, Counts)] {
        &self.counts
    }

    /// Whether any message came back different.
    #[must_use]
    pub fn any_different(&self) -> bool {
        self.counts.iter().any(|(_, counts)| counts.different != 0)
    }
}

impl Sink for Roundtrip {
    const FIELDS: bool = false;

    fn enter(&mut self, _: &'static Protocol, _: Span) {}

    fn field(&mut self, _: &'static str, _: Value<'_>, _: Span) {}

    fn fault(&mut self, _: Fault) {}

    fn leave(&mut self) {}

    fn begin(&mut self, frame: &Frame<'_>) {
        self.frame = frame.number;
    }

    fn wants_rebuilt(&self) -> bool {
        true
    }

    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        let at = match self.counts.iter().position(|(protocol, _)| *protocol == rebuilt.protocol) {
            Some(at) => at,
            None => {
                self.counts.push((rebuilt.protocol, Counts::default()));
                self.counts.len().saturating_sub(1)
            }
        };
        let Some((_, counts)) = self.counts.get_mut(at) else { return };
        let became = match rebuilt.outcome {
            Outcome::Identical => &mut counts.identical,
            Outcome::Corrected => &mut counts.corrected,
            Outcome::Different => &mut counts.different,
            Outcome::Undecodable => &mut counts.undecodable,
            Outcome::Opaque => &mut counts.opaque,
            Outcome::Truncated => &mut counts.truncated,
        };
        *became = became.saturating_add(1);
        if rebuilt.outcome != Outcome::Truncated {
            counts.seen = counts.seen.saturating_add(1);
        }
        counts.octets_rebuilt = counts.octets_rebuilt.saturating_add(count(rebuilt.octets_rebuilt));
        counts.octets_copied = counts.octets_copied.saturating_add(count(rebuilt.octets_copied));
        let word = match rebuilt.outcome {
            Outcome::Different => "different",
            Outcome::Corrected => "corrected",
            Outcome::Undecodable => "undecodable",
            Outcome::Identical | Outcome::Opaque | Outcome::Truncated => return,
        };
        if !self.details {
            return;
        }
        let out = &mut self.output;
        let Span { source, start, .. } = rebuilt.span;
        text::append(
            out,
            format_args!(
                "{}: frame {}, source {source}, offset {start}: {} {word}\n",
                self.file, self.frame, rebuilt.protocol
            ),
        );
        if rebuilt.outcome == Outcome::Undecodable {
            return;
        }
        for (word, octets) in [("expected", rebuilt.expected), ("got     ", rebuilt.got)] {
            text::append(out, format_args!("  {word} "));
            text::value(out, Value::Opaque(octets).shown(self.octets));
            out.push(b'\n');
        }
    }
}

impl Output for Roundtrip {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}
