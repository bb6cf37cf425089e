//! A sink that writes one JSON object per frame, each on its own line.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use crate::sink::{Fault, Protocol, Sink, Span, Value, count};
use crate::sinks::by_place::{self, ByPlace};
use crate::sinks::{Output, text};
use capture::{Frame, Timestamp};

/// Writes one JSON object per line, with the frame number, time, lengths, protocols, fields, departures and faults.
///
/// The fields have the order in which their names first occur in the frame. Each field is an array of its values in
/// their order. Octets that no handler dissected are written as `{"len":N}`, or in hexadecimal when the user asked for
/// them.
#[derive(Debug, Default)]
pub struct Json {
    output: Vec<u8>,
    octets: bool,
    // The name of the file as a JSON string, when there are several files.
    file: Option<Vec<u8>>,
    protocols: Vec<&'static str>,
    names: Names,
    // The number of frames so far. A name with this number has occurred in the current frame.
    frame: u64,
    // The fields of the frame with the first value of each, one after the other: `],"name":[value`.
    fields: Vec<Field>,
    first_values: Vec<u8>,
    // The other values of the fields, one after the other, each as `,value`; and the place of each.
    later_values: Vec<u8>,
    later: Vec<Later>,
    faults: Vec<Fault>,
    // The text of the departures.
    departures: Vec<u8>,
    reason: String,
    moment: Moment,
}

/// The time that was written last. Most frames come in the same second as the one before.
#[derive(Debug, Default)]
struct Moment {
    /// The whole seconds of a time that is written with its date; `None` of any other.
    second: Option<u64>,
    /// The time as a JSON string.
    text: Vec<u8>,
}

impl Moment {
    fn write(&mut self, out: &mut Vec<u8>, time: Timestamp) {
        let since = u64::try_from(time.0).ok().map(|since| (since / NANOSECONDS, since % NANOSECONDS));
        match since {
            Some((second, nanoseconds)) if self.second == Some(second) => {
                // The text ends with nine digits, a Z and a quotation mark.
                let places = self.text.iter_mut().rev().skip(2).take(9);
                // default: never taken, because a second has fewer nanoseconds
                text::fill_decimal(places, u32::try_from(nanoseconds).unwrap_or_default());
            }
            _ => {
                self.text.clear();
                self.text.push(b'"');
                text::rfc3339(&mut self.text, time);
                self.text.push(b'"');
                self.second = since.map(|(second, _)| second).filter(|_| self.text.ends_with(b"Z\""));
            }
        }
        out.extend_from_slice(&self.text);
    }
}

const NANOSECONDS: u64 = 1_000_000_000;

/// A field of the frame.
#[derive(Debug)]
struct Field {
    /// The place after its first value.
    end: usize,
    /// The first and the last of its other values, which form a list.
    later: Option<(usize, usize)>,
}

/// A value of a field that has an earlier value.
#[derive(Debug)]
struct Later {
    text: Range<usize>,
    next: Option<usize>,
}

/// All names that occurred in any frame.
#[derive(Debug, Default)]
struct Names {
    heads: ByPlace<Head>,
    by_text: HashMap<&'static str, Head>,
    // For each name, by its number: the last frame that had a field with it, and the index of the field in that frame.
    last: Vec<(u64, usize)>,
}

/// The length up to which a head is copied with a constant length, which is much cheaper. With it, a head and its place
/// take one line of the cache.
const HEAD_LEN: usize = 44;

/// The text `],"name":[` before the first value of a field.
#[derive(Clone, Copy, Debug)]
struct Head {
    number: u32,
    len: u32,
    // The text, followed by zeros. A name that is too long for it is written piece by piece.
    text: [u8; HEAD_LEN],
}

impl Default for Head {
    fn default() -> Self {
        Self { number: 0, len: 0, text: [0; HEAD_LEN] }
    }
}

impl Head {
    fn new(name: &str, number: u32) -> Self {
        let mut whole = Vec::new();
        Self::write_long(&mut whole, name);
        let len = by_place::number(whole.len());
        whole.resize(HEAD_LEN, 0);
        // default: never taken, because there are as many octets
        Self { number, len, text: whole.first_chunk().copied().unwrap_or([0; HEAD_LEN]) }
    }

    #[inline]
    fn write(&self, buffer: &mut Vec<u8>, name: &str) {
        let len = by_place::index(self.len);
        if len > HEAD_LEN {
            return Self::write_long(buffer, name);
        }
        let end = buffer.len().saturating_add(len);
        buffer.extend_from_slice(&self.text);
        buffer.truncate(end);
    }

    fn write_long(buffer: &mut Vec<u8>, name: &str) {
        buffer.extend_from_slice(b"],");
        plain(buffer, name);
        buffer.extend_from_slice(b":[");
    }
}

impl Names {
    /// Returns the head of a name, and where it occurred last.
    #[inline]
    fn of(&mut self, name: &'static str) -> Option<(&Head, &mut (u64, usize))> {
        let Self { heads, by_text, last } = self;
        // The same letters may be in several places.
        let head = heads.of(name, || {
            *by_text.entry(name).or_insert_with(|| {
                let head = Head::new(name, by_place::number(last.len()));
                last.push((0, 0));
                head
            })
        })?;
        Some((head, last.get_mut(by_place::index(head.number))?))
    }
}

impl Json {
    /// Makes a sink for the frames of one file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes whether octets that no handler dissected are shown. They may be keys.
    #[must_use]
    pub fn with_octets(self, octets: bool) -> Self {
        Self { octets, ..self }
    }

    /// Sets the name of the file, which every following object contains.
    pub fn set_file(&mut self, name: &str) {
        let mut text = Vec::new();
        string(&mut text, name);
        self.file = Some(text);
    }

    /// Writes the fields. The later values of each follow its first one.
    fn write_fields(&mut self) {
        let out = &mut self.output;
        // No field is before the first one, so what would end it is left out.
        let mut written = 2;
        let fields = if self.later.is_empty() { &[] } else { self.fields.as_slice() };
        for field in fields {
            let Some((first, _)) = field.later else { continue };
            out.extend_from_slice(self.first_values.get(written..field.end).unwrap_or_default());
            written = field.end;
            let mut next = Some(first);
            while let Some(later) = next.and_then(|index| self.later.get(index)) {
                out.extend_from_slice(self.later_values.get(later.text.clone()).unwrap_or_default());
                next = later.next;
            }
        }
        out.extend_from_slice(self.first_values.get(written..).unwrap_or_default());
        if !self.fields.is_empty() {
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
                    "{{\"protocol\":\"{}\",\"cause\":\"{}\",\"source\":{source},\"offset\":{start},\"len\":{len},\"reason\":",
                    fault.protocol,
                    fault.cause.name()
                ),
            );
            self.reason.clear();
            // Writing to a String cannot fail.
            let _ = fmt::write(&mut self.reason, format_args!("{}", fault.reason));
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
        let Some((head, last)) = self.names.of(name) else { return };
        let value = if self.octets { value.shown(true) } else { value };
        if last.0 != self.frame {
            *last = (self.frame, self.fields.len());
            head.write(&mut self.first_values, name);
            json_value(&mut self.first_values, value);
            self.fields.push(Field { end: self.first_values.len(), later: None });
        } else if let Some(field) = self.fields.get_mut(last.1) {
            let start = self.later_values.len();
            self.later_values.push(b',');
            json_value(&mut self.later_values, value);
            let this = self.later.len();
            self.later.push(Later { text: start..self.later_values.len(), next: None });
            let (first, last) = field.later.unwrap_or((this, this));
            if let Some(last) = self.later.get_mut(last).filter(|_| last != this) {
                last.next = Some(this);
            }
            field.later = Some((first, this));
        }
    }

    fn leave(&mut self) {}

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        let out = &mut self.departures;
        if !out.is_empty() {
            out.push(b',');
        }
        let Span { source, start, len } = span;
        text::append(
            out,
            format_args!(
                "{{\"reference\":\"{reference}\",\"source\":{source},\"offset\":{start},\"len\":{len},\"text\":"
            ),
        );
        self.reason.clear();
        // Writing to a String cannot fail.
        let _ = fmt::write(&mut self.reason, text);
        string(out, &self.reason);
        out.push(b'}');
    }

    fn wants_departures(&self) -> bool {
        true
    }

    fn wants_octets(&self) -> bool {
        self.octets
    }

    fn begin(&mut self, _: &Frame<'_>) {
        self.frame = self.frame.saturating_add(1);
        self.protocols.clear();
        self.fields.clear();
        self.first_values.clear();
        self.later_values.clear();
        self.later.clear();
        self.faults.clear();
        self.departures.clear();
    }

    fn end(&mut self, frame: &Frame<'_>) {
        let out = &mut self.output;
        begin_object(out, self.file.as_deref());
        out.extend_from_slice(b"\"frame\":");
        text::decimal(out, frame.number);
        out.extend_from_slice(b",\"time\":");
        match frame.time {
            Some(time) => self.moment.write(out, time),
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
        self.output.extend_from_slice(b"],\"departures\":[");
        self.output.append(&mut self.departures);
        self.output.extend_from_slice(b"]}\n");
    }
}

impl Output for Json {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}

/// Begins the object of a frame, with the name of the file, which is a JSON string, when there are several files.
pub(super) fn begin_object(buffer: &mut Vec<u8>, file: Option<&[u8]>) {
    buffer.push(b'{');
    if let Some(file) = file {
        buffer.extend_from_slice(b"\"file\":");
        buffer.extend_from_slice(file);
        buffer.push(b',');
    }
}

/// Appends a field name as a JSON string. Field names are letters, digits, dots and the like, so nothing needs to be
/// escaped.
fn plain(buffer: &mut Vec<u8>, name: &str) {
    buffer.push(b'"');
    buffer.extend_from_slice(name.as_bytes());
    buffer.push(b'"');
}

/// Appends a JSON string. More is escaped than JSON requires, because the text may be shown on a terminal.
pub(crate) fn string(buffer: &mut Vec<u8>, text: &str) {
    buffer.push(b'"');
    // Most text contains nothing to escape.
    if text.bytes().all(|octet| matches!(octet, b' '..=b'~') && octet != b'"' && octet != b'\\') {
        buffer.extend_from_slice(text.as_bytes());
        buffer.push(b'"');
        return;
    }
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
            // JSON escapes are units of UTF-16.
            character => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    text::append(buffer, format_args!("\\u{unit:04x}"));
                }
            }
        }
    }
    buffer.push(b'"');
}

pub(crate) fn json_value(buffer: &mut Vec<u8>, value: Value<'_>) {
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
        assert!(written.contains("é漢"), "plain characters are not escaped");
    }

    #[test]
    fn octets_that_nobody_took_apart_are_told_by_their_number() {
        assert_eq!(text(|b| json_value(b, Value::Opaque(&[1, 2, 3]))), "{\"len\":3}");
    }

    #[test]
    fn each_moment_is_written_as_it_would_be_alone() {
        let mut moment = Moment::default();
        let second = 1_388_476_833_000_000_000;
        for time in [
            second,
            second + 7,
            second + 999_999_999,
            second - 1,
            second + 1_000_000_000,
            -1,
            -2,
            1 << 100,
            5,
            0,
        ] {
            let alone = text(|b| text::rfc3339(b, Timestamp(time)));
            assert_eq!(text(|b| moment.write(b, Timestamp(time))), format!("\"{alone}\""));
        }
    }

    #[test]
    fn names_are_the_same_wherever_their_letters_lie() {
        let mut names = Names::default();
        let one: &'static str = String::from("hsrp.state").leak();
        let other: &'static str = String::from("hsrp.state").leak();
        names.of(one).unwrap().1.1 = 7;
        assert_eq!(names.of(other).unwrap().1.1, 7);
        assert_eq!(names.of("hsrp.group").unwrap().1.1, 0);
    }

    #[test]
    fn heads_of_any_length_are_whole() {
        let mut names = Names::default();
        for len in [1, HEAD_LEN - 7, HEAD_LEN - 6, HEAD_LEN - 5, HEAD_LEN, 200] {
            let name: &'static str = "n".repeat(len).leak();
            let head = *names.of(name).unwrap().0;
            assert_eq!(text(|b| head.write(b, name)), format!("],\"{name}\":["));
        }
    }
}
