//! Chosen fields of each frame: a line of columns, or a JSON object.

use crate::fields;
use crate::sink::{Address, Fault, Protocol, Sink, Span, Value};
use crate::sinks::by_place::{self, ByPlace};
use crate::sinks::frame_fields::FrameFields;
use crate::sinks::{Output, json, text};
use capture::Frame;
use core::fmt;

/// Writes the values of chosen fields, a frame a line: the columns in the order in which they were asked for.
///
/// As text, several values of one field stand in their column with commas between them, as `tshark -T fields` has it, and a field that
/// the frame does not have is an empty column. A bit is 1 or 0, a number is decimal or hexadecimal as the tree shows it, and has no name. As JSON,
/// each field is an array of its values, and one that the frame does not have is left out.
#[derive(Debug)]
pub struct Columns {
    output: Vec<u8>,
    columns: Vec<Column>,
    separator: String,
    json: bool,
    octets: bool,
    // Name of the file, as a JSON string, when there are several.
    file: Option<Vec<u8>>,
    frame: FrameFields,
    // The columns of each name, by its number. Number 0 is that of the names that are in no column.
    by_place: ByPlace<u32>,
    wanted: Vec<Vec<usize>>,
    // Whether a column has fields of a protocol.
    protocols: ByPlace<bool>,
}

#[derive(Debug)]
struct Column {
    name: &'static str,
    /// The names of the fields whose values stand in it.
    parts: Vec<&'static str>,
    /// The values, written, with commas between them.
    values: Vec<u8>,
}

/// A name that no field has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no field {name}{hint}")]
pub struct UnknownField {
    name: String,
    hint: String,
}

impl Columns {
    /// A sink for these fields, with a tab between columns.
    ///
    /// # Errors
    /// Returns [`UnknownField`] for the first name that no field has.
    pub fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Result<Self, UnknownField> {
        let column = |name: N| {
            let name = name.as_ref();
            let field = fields::find(name).ok_or_else(|| UnknownField {
                name: name.to_owned(),
                hint: format!(": {}", fields::advice(name)),
            })?;
            Ok(Column { name: field.name, parts: field.told_as(), values: Vec::new() })
        };
        let columns: Vec<Column> = names.into_iter().map(column).collect::<Result<_, _>>()?;
        let frame = FrameFields::for_names(columns.iter().map(|column| column.name));
        Ok(Self {
            output: Vec::new(),
            columns,
            separator: "\t".to_owned(),
            json: false,
            octets: false,
            file: None,
            frame,
            by_place: ByPlace::default(),
            wanted: vec![Vec::new()],
            protocols: ByPlace::default(),
        })
    }

    /// The same sink with other text between columns.
    #[must_use]
    pub fn with_separator(self, separator: &str) -> Self {
        Self { separator: separator.to_owned(), ..self }
    }

    /// The same sink, that writes a JSON object for each frame when told so.
    #[must_use]
    pub fn with_json(self, json: bool) -> Self {
        Self { json, ..self }
    }

    /// The same sink, that also shows octets which no dissector took apart, keys among them, when told so.
    #[must_use]
    pub fn with_octets(self, octets: bool) -> Self {
        Self { octets, ..self }
    }

    /// Names the file in every JSON object from now on.
    pub fn set_file(&mut self, name: &str) {
        let mut text = Vec::new();
        json::string(&mut text, name);
        self.file = Some(text);
    }

    fn see(&mut self, name: &'static str, value: Value<'_>) {
        let Self { columns, by_place, wanted, .. } = self;
        let number = by_place.of(name, || {
            let has = |column: &Column| column.parts.contains(&name);
            let list: Vec<_> =
                columns.iter().enumerate().filter(|(_, column)| has(column)).map(|(at, _)| at).collect();
            by_place::enter(wanted, list)
        });
        let Some(number @ 1..) = number.copied() else { return };
        for at in wanted.get(by_place::index(number)).into_iter().flatten() {
            if let Some(column) = columns.get_mut(*at) {
                if !column.values.is_empty() {
                    column.values.push(b',');
                }
                let value = value.shown(self.octets);
                if self.json {
                    json::json_value(&mut column.values, value)
                } else {
                    plain(&mut column.values, value)
                }
            }
        }
    }

    fn write_line(&mut self) {
        for (i, column) in self.columns.iter().enumerate() {
            if i != 0 {
                self.output.extend_from_slice(self.separator.as_bytes());
            }
            self.output.extend_from_slice(&column.values);
        }
        self.output.push(b'\n');
    }

    fn write_object(&mut self) {
        let out = &mut self.output;
        json::begin_object(out, self.file.as_deref());
        out.extend_from_slice(b"\"fields\":{");
        let mut is_first = true;
        for column in self.columns.iter().filter(|column| !column.values.is_empty()) {
            if !core::mem::take(&mut is_first) {
                out.push(b',');
            }
            out.push(b'"');
            out.extend_from_slice(column.name.as_bytes());
            out.extend_from_slice(b"\":[");
            out.extend_from_slice(&column.values);
            out.push(b']');
        }
        out.extend_from_slice(b"}}\n");
    }
}

/// Appends a value as a table has it.
fn plain(buffer: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Boolean(bit) => buffer.push(if bit { b'1' } else { b'0' }),
        Value::Named(number, _) => text::decimal(buffer, number),
        Value::Time(time) => text::seconds(buffer, time.0, 9, 0),
        value => text::value(buffer, value),
    }
}

impl Sink for Columns {
    fn begin(&mut self, frame: &Frame<'_>) {
        for column in &mut self.columns {
            column.values.clear();
        }
        self.frame.begin(frame);
    }

    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        self.frame.protocol(protocol.filter);
        self.see(protocol.filter, Value::Boolean(true));
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        self.see(name, value);
    }

    fn leave(&mut self) {}

    fn fault(&mut self, fault: Fault) {
        self.frame.fault(fault);
    }

    fn wants_fields(&mut self, protocol: &'static str) -> bool {
        let Self { columns, protocols, .. } = self;
        let mut names = columns.iter().flat_map(|column| &column.parts);
        protocols.of(protocol, || names.any(|name| fields::belongs(name, protocol))) == Some(&true)
    }

    fn wants_octets(&self) -> bool {
        self.octets
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.frame.endpoints(source, destination);
    }

    fn summary(&mut self, protocol: &'static str, line: fmt::Arguments<'_>) {
        self.frame.summary(protocol, line);
    }

    fn end(&mut self, _: &Frame<'_>) {
        let mut frame = core::mem::take(&mut self.frame);
        frame.tell(|name, value| self.see(name, value));
        self.frame = frame;
        if self.json { self.write_object() } else { self.write_line() }
    }
}

impl Output for Columns {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}
