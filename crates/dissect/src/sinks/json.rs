//! One JSON object a line and frame.

use std::collections::HashMap;

use crate::sink::{Fault, Protocol, Sink, Span, Value};
use crate::sinks::Output;
use crate::sinks::text;
use capture::Frame;

/// Writes one object a line: frame, time, lengths, protocols, fields, faults.
///
/// Fields stand in the order in which their names are met first, each as an array in order of occurrence.
#[derive(Debug, Default)]
pub struct Json {
    output: Vec<u8>,
    // Name of the file, as a JSON string, when there are several.
    file: Option<Vec<u8>>,
    protocols: Vec<&'static str>,
    names: HashMap<&'static str, usize>,
    fields: Vec<Field>,
    // The values of all fields, written; each occurrence is a range here, linked to the next of its name.
    values: Vec<u8>,
    occurrences: Vec<Occurrence>,
    faults: Vec<Fault>,
}

#[derive(Debug)]
struct Field {
    name: &'static str,
    first: usize,
    last: usize,
}

#[derive(Debug)]
struct Occurrence {
    start: usize,
    end: usize,
    next: Option<usize>,
}

impl Json {
    /// A sink for the frames of one file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the file in every object from now on.
    pub fn set_file(&mut self, name: &str) {
        let mut text = Vec::new();
        string(&mut text, name);
        self.file = Some(text);
    }

    fn clear(&mut self) {
        self.protocols.clear();
        self.names.clear();
        self.fields.clear();
        self.values.clear();
        self.occurrences.clear();
        self.faults.clear();
    }
}

impl Sink for Json {
    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        if !protocol.filter.is_empty() {
            self.protocols.push(protocol.filter);
        }
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        let start = self.values.len();
        json_value(&mut self.values, value);
        let index = self.occurrences.len();
        self.occurrences.push(Occurrence { start, end: self.values.len(), next: None });
        match self.names.get(name).copied() {
            Some(at) => {
                if let Some(field) = self.fields.get_mut(at) {
                    if let Some(last) = self.occurrences.get_mut(field.last) {
                        last.next = Some(index);
                    }
                    field.last = index;
                }
            }
            None => {
                self.names.insert(name, self.fields.len());
                self.fields.push(Field { name, first: index, last: index });
            }
        }
    }

    fn leave(&mut self) {}

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn begin(&mut self, _: &Frame<'_>) {
        self.clear();
    }

    fn end(&mut self, frame: &Frame<'_>) {
        let out = &mut self.output;
        out.push(b'{');
        if let Some(file) = &self.file {
            out.extend_from_slice(b"\"file\":");
            out.extend_from_slice(file);
            out.push(b',');
        }
        text::append(out, format_args!("\"frame\":{},\"time\":", frame.number));
        match frame.time {
            Some(time) => {
                out.push(b'"');
                text::rfc3339(out, time);
                out.push(b'"');
            }
            None => out.extend_from_slice(b"null"),
        }
        text::append(out, format_args!(",\"len\":{},\"captured_len\":{}", frame.len, frame.octets.len()));
        out.extend_from_slice(b",\"protocols\":[");
        for (i, protocol) in self.protocols.iter().enumerate() {
            if i != 0 {
                out.push(b',');
            }
            string(out, protocol);
        }
        out.extend_from_slice(b"],\"fields\":{");
        for (i, field) in self.fields.iter().enumerate() {
            if i != 0 {
                out.push(b',');
            }
            string(out, field.name);
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
        out.extend_from_slice(b"},\"faults\":[");
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
            self.values.clear();
            text::append(&mut self.values, format_args!("{}", fault.reason));
            string(out, core::str::from_utf8(&self.values).unwrap_or_default());
            out.push(b'}');
        }
        out.extend_from_slice(b"]}\n");
    }
}

impl Output for Json {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}

/// Appends a JSON string.
pub(crate) fn string(buffer: &mut Vec<u8>, text: &str) {
    // Writing a string to a Vec cannot fail.
    let _ = serde_json::to_writer(buffer, text);
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
        Value::Ipv4(_) | Value::Ipv6(_) | Value::Mac(_) | Value::Octets(_) => quoted(buffer, value),
    }
}

fn quoted(buffer: &mut Vec<u8>, value: Value<'_>) {
    buffer.push(b'"');
    text::value(buffer, value);
    buffer.push(b'"');
}
