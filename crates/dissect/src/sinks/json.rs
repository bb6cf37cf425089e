//! One JSON object a line and frame.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::sink::{Fault, Protocol, Sink, Span, Value, count};
use crate::sinks::Output;
use crate::sinks::text;
use capture::Frame;

/// Writes one object a line: frame, time, lengths, protocols, fields, faults.
///
/// Fields stand in the order in which their names are met first, each as an array in order of occurrence. Octets that nobody took
/// apart are `{"len":N}`, or hexadecimal where they are asked for.
#[derive(Debug, Default)]
pub struct Json {
    output: Vec<u8>,
    octets: bool,
    // Name of the file, as a JSON string, when there are several.
    file: Option<Vec<u8>>,
    protocols: Vec<&'static str>,
    names: Names,
    fields: Vec<Field>,
    // The values of all fields, written; each occurrence is a range here, linked to the next of its name.
    values: Vec<u8>,
    occurrences: Vec<Occurrence>,
    faults: Vec<Fault>,
    reason: String,
}

/// A field of the frame, by its name's number.
#[derive(Debug)]
struct Field {
    name: usize,
    first: usize,
    last: usize,
}

#[derive(Debug)]
struct Occurrence {
    start: usize,
    end: usize,
    next: Option<usize>,
}

/// Every name that was met in any frame. A name is found by where its letters lie, which costs less than to look at them.
#[derive(Debug, Default)]
struct Names {
    by_place: HashMap<(usize, usize), usize, FixedState>,
    by_text: HashMap<&'static str, usize>,
    all: Vec<Name>,
}

#[derive(Debug)]
struct Name {
    text: &'static str,
    /// The number of its field in the last frame that had one: right where that field has this name.
    field: usize,
}

impl Names {
    fn number(&mut self, name: &'static str) -> usize {
        let place = (name.as_ptr().addr(), name.len());
        if let Some(number) = self.by_place.get(&place) {
            return *number;
        }
        // The same letters may lie in several places.
        let number = *self.by_text.entry(name).or_insert_with(|| {
            self.all.push(Name { text: name, field: 0 });
            self.all.len().saturating_sub(1)
        });
        self.by_place.insert(place, number);
        number
    }
}

impl Json {
    /// A sink for the frames of one file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same sink, that also shows octets that nobody took apart, keys among them, when told so.
    #[must_use]
    pub fn with_octets(self, octets: bool) -> Self {
        Self { octets, ..self }
    }

    /// Names the file in every object from now on.
    pub fn set_file(&mut self, name: &str) {
        let mut text = Vec::new();
        string(&mut text, name);
        self.file = Some(text);
    }

    /// Writes a value, and returns its place among the occurrences.
    fn occurrence(&mut self, value: Value<'_>) -> usize {
        let start = self.values.len();
        json_value(&mut self.values, value.shown(self.octets));
        self.occurrences.push(Occurrence { start, end: self.values.len(), next: None });
        self.occurrences.len().saturating_sub(1)
    }

    fn write_fields(&mut self) {
        let out = &mut self.output;
        for (i, field) in self.fields.iter().enumerate() {
            if i != 0 {
                out.push(b',');
            }
            plain(out, self.names.all.get(field.name).map_or("", |name| name.text));
            out.extend_from_slice(b":[");
            let mut next = Some(field.first);
            while let Some(occurrence) = next.and_then(|index| self.occurrences.get(index)) {
                if next != Some(field.first) {
                    out.push(b',');
                }
                out.extend_from_slice(self.values.get(occurrence.start..occurrence.end).unwrap_or_default());
                next = occurrence.next;
            }
            out.push(b']');
        }
    }

    fn write_faults(&mut self) {
        let out = &mut self.output;
        for (i, fault) in self.faults.iter().enumerate() {
            if i != 0 {
                out.push(b',');
            }
            let Span { source, start, len } = fault.span;
            text::append(
                out,
                format_args!(
                    "{{\"protocol\":\"{}\",\"source\":{source},\"offset\":{start},\"len\":{len},\"reason\":",
                    fault.protocol
                ),
            );
            self.reason.clear();
            // Writing to a String cannot fail.
            let _ = std::fmt::Write::write_fmt(&mut self.reason, format_args!("{}", fault.reason));
            string(out, &self.reason);
            out.push(b'}');
        }
    }
}

impl Sink for Json {
    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        if !protocol.filter.is_empty() {
            self.protocols.push(protocol.filter);
        }
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        let index = self.occurrence(value);
        let number = self.names.number(name);
        let Some(name) = self.names.all.get_mut(number) else { return };
        match self.fields.get_mut(name.field).filter(|field| field.name == number) {
            Some(field) => {
                if let Some(last) = self.occurrences.get_mut(field.last) {
                    last.next = Some(index);
                }
                field.last = index;
            }
            None => {
                name.field = self.fields.len();
                self.fields.push(Field { name: number, first: index, last: index });
            }
        }
    }

    fn leave(&mut self) {}

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn wants_octets(&self) -> bool {
        self.octets
    }

    fn begin(&mut self, _: &Frame<'_>) {
        self.protocols.clear();
        self.fields.clear();
        self.values.clear();
        self.occurrences.clear();
        self.faults.clear();
    }

    fn end(&mut self, frame: &Frame<'_>) {
        let out = &mut self.output;
        out.push(b'{');
        if let Some(file) = &self.file {
            out.extend_from_slice(b"\"file\":");
            out.extend_from_slice(file);
            out.push(b',');
        }
        out.extend_from_slice(b"\"frame\":");
        text::decimal(out, frame.number);
        out.extend_from_slice(b",\"time\":");
        match frame.time {
            Some(time) => {
                out.push(b'"');
                text::rfc3339(out, time);
                out.push(b'"');
            }
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"len\":");
        text::decimal(out, count(frame.len));
        out.extend_from_slice(b",\"captured_len\":");
        text::decimal(out, count(frame.octets.len()));
        out.extend_from_slice(b",\"protocols\":[");
        for (i, protocol) in self.protocols.iter().enumerate() {
            if i != 0 {
                out.push(b',');
            }
            plain(out, protocol);
        }
        out.extend_from_slice(b"],\"fields\":{");
        self.write_fields();
        self.output.extend_from_slice(b"},\"faults\":[");
        self.write_faults();
        self.output.extend_from_slice(b"]}\n");
    }
}

impl Output for Json {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}

/// Appends a name of our own as a JSON string: letters, digits, dots and the like, of which nothing is escaped.
fn plain(buffer: &mut Vec<u8>, name: &str) {
    buffer.push(b'"');
    buffer.extend_from_slice(name.as_bytes());
    buffer.push(b'"');
}

/// Appends a JSON string. What is not plain is escaped, though JSON would let it stand: the text may end on a terminal.
pub(crate) fn string(buffer: &mut Vec<u8>, text: &str) {
    buffer.push(b'"');
    for character in text.chars() {
        match character {
            '"' => buffer.extend_from_slice(b"\\\""),
            '\\' => buffer.extend_from_slice(b"\\\\"),
            '\n' => buffer.extend_from_slice(b"\\n"),
            '\r' => buffer.extend_from_slice(b"\\r"),
            '\t' => buffer.extend_from_slice(b"\\t"),
            ' '..='~' => buffer.extend(u8::try_from(character)),
            character if text::is_plain(character) => {
                buffer.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            // JSON escapes the units of UTF-16.
            character => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    text::append(buffer, format_args!("\\u{unit:04x}"));
                }
            }
        }
    }
    buffer.push(b'"');
}

fn json_value(buffer: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Unsigned(value) | Value::Hexadecimal(value, _) | Value::Named(value, _) => {
            text::decimal(buffer, value);
        }
        Value::Signed(_) | Value::Boolean(_) => text::value(buffer, value),
        Value::Text(octets) => match text::utf8(octets) {
            Some(text) => string(buffer, text),
            None => quoted(buffer, Value::Octets(octets)),
        },
        Value::Name(name) => string(buffer, name),
        Value::Time(time) => {
            buffer.push(b'"');
            text::seconds(buffer, time.0, 9, 0);
            buffer.push(b'"');
        }
        Value::Opaque(octets) => {
            buffer.extend_from_slice(b"{\"len\":");
            text::decimal(buffer, count(octets.len()));
            buffer.push(b'}');
        }
        Value::Ipv4(_) | Value::Ipv6(_) | Value::Mac(_) | Value::Octets(_) => quoted(buffer, value),
    }
}

fn quoted(buffer: &mut Vec<u8>, value: Value<'_>) {
    buffer.push(b'"');
    text::value(buffer, value);
    buffer.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut buffer = Vec::new();
        write(&mut buffer);
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn a_string_reads_back_and_holds_nothing_that_moves_a_terminal() {
        let hostile = "a\"\\\n\t\x1b[2J\u{7f}\u{85}\u{9b}\u{2028}\u{202e}\u{200b}\u{feff}\u{e0001}é漢";
        let written = text(|b| string(b, hostile));
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
        assert!(written.chars().all(text::is_plain), "{written:?}");
        assert!(written.contains("é漢"), "what is plain stands as it is");
    }

    #[test]
    fn octets_that_nobody_took_apart_are_told_by_their_number() {
        assert_eq!(text(|b| json_value(b, Value::Opaque(&[1, 2, 3]))), "{\"len\":3}");
    }

    #[test]
    fn names_are_the_same_wherever_their_letters_lie() {
        let mut names = Names::default();
        let one: &'static str = String::from("hsrp.state").leak();
        let other: &'static str = String::from("hsrp.state").leak();
        assert_eq!(names.number(one), names.number(other));
        assert_ne!(names.number(one), names.number("hsrp.group"));
    }
}
