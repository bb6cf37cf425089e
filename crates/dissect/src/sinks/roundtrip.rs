//! A sink that counts the results of decoding messages and encoding them again, for each protocol.

use crate::sink::{Fault, Outcome, Protocol, Rebuilt, Sink, Span, Value, count};
use crate::sinks::Output;
use crate::sinks::text;
use crate::tables::Handler;
use capture::Frame;

/// The counts of one protocol. `seen` is the sum of the five counts after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The messages in total.
    pub seen: u64,
    /// The messages that were encoded to the same octets.
    pub identical: u64,
    /// The messages that were encoded to other octets only because a derived value was wrong in the packet.
    pub corrected: u64,
    /// The messages that were encoded to other octets.
    pub different: u64,
    /// The messages that could not be decoded.
    pub undecodable: u64,
    /// The encrypted messages without a key.
    pub opaque: u64,
    /// The messages that the capture cuts, which are not counted in `seen`.
    pub truncated: u64,
    /// The octets that were made from values.
    pub octets_rebuilt: u64,
    /// The octets that were copied because their type is unknown.
    pub octets_copied: u64,
}

/// Counts the results of encoding messages again, and writes about those that changed.
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
    /// Makes a sink with all counts at zero. If `details` is true, it also writes about each message that changed: its
    /// place, how many octets were expected and how many were encoded.
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

    /// Changes whether the expected and the encoded octets are written. They may be keys.
    #[must_use]
    pub fn with_octets(self, octets: bool) -> Self {
        Self { octets, ..self }
    }

    /// Sets the name of the file that the following messages are in.
    pub fn set_file(&mut self, name: &str) {
        name.clone_into(&mut self.file);
    }

    /// Returns the counts of each protocol.
    #[must_use]
    pub fn counts(&self) -> &[(&'static str, Counts)] {
        &self.counts
    }

    /// Whether any message was encoded to other octets without a reason.
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
