//! A sink that writes the whole tree of a packet: every protocol, field and fault, and optionally the octets of every
//! source.

use std::fmt;

use crate::sink::{Cause, Fault, Protocol, Sink, SourceId, Span, Value};
use crate::sinks::Output;
use crate::sinks::text;
use capture::Frame;

/// Writes the tree of every packet.
#[derive(Debug, Default)]
pub struct Tree {
    output: Vec<u8>,
    colour: bool,
    octets: bool,
    // The number of protocols and fields that are entered, including the frame.
    depth: usize,
    // The octets of sources other than the frame. They are written when the frame ends.
    dumps: Vec<u8>,
}

const BOLD: &[u8] = b"\x1b[1m";
const RED: &[u8] = b"\x1b[31m";
const YELLOW: &[u8] = b"\x1b[33m";
const PLAIN: &[u8] = b"\x1b[0m";

impl Tree {
    /// Makes a sink. It colours its output when `colour` is true, and shows the octets of every source, keys included,
    /// when `octets` is true.
    #[must_use]
    pub fn new(colour: bool, octets: bool) -> Self {
        Self { colour, octets, ..Self::default() }
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.output.extend_from_slice(b"    ");
        }
    }

    fn coloured(&mut self, colour: &[u8], line: fmt::Arguments<'_>) {
        if self.colour {
            self.output.extend_from_slice(colour);
        }
        text::append(&mut self.output, line);
        if self.colour {
            self.output.extend_from_slice(PLAIN);
        }
        self.output.push(b'\n');
    }
}

impl Sink for Tree {
    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        self.indent();
        self.coloured(BOLD, format_args!("{}", protocol.title));
        self.depth = self.depth.saturating_add(1);
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        self.indent();
        self.output.extend_from_slice(name.as_bytes());
        self.output.extend_from_slice(b": ");
        text::value(&mut self.output, value.shown(self.octets));
        self.output.push(b'\n');
    }

    fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.field(name, value, span);
        self.depth = self.depth.saturating_add(1);
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn leave_field(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn fault(&mut self, fault: Fault) {
        self.indent();
        let Span { source, start, len } = fault.span;
        let cause = match fault.cause {
            Cause::Packet => "fault in",
            Cause::Cut => "the capture ends inside the packet:",
            Cause::Missing => "packets are missing:",
        };
        self.coloured(
            RED,
            format_args!(
                "[{cause} {fault}; octets {start}..{} of source {source}]",
                start.saturating_add(len)
            ),
        );
    }

    fn departure(&mut self, line: fmt::Arguments<'_>, reference: &'static str, _: Span) {
        self.indent();
        self.coloured(YELLOW, format_args!("[departs from {reference}: {line}]"));
    }

    fn wants_departures(&self) -> bool {
        true
    }

    fn wants_octets(&self) -> bool {
        self.octets
    }

    fn source(&mut self, id: SourceId, name: &'static str, octets: &[u8]) {
        self.indent();
        text::append(&mut self.output, format_args!("[source {id}: {name}, {} octets]\n", octets.len()));
        if self.octets {
            text::append(&mut self.dumps, format_args!("\nSource {id}: {name}\n"));
            dump(&mut self.dumps, octets);
        }
    }

    fn begin(&mut self, frame: &Frame<'_>) {
        self.depth = 0;
        self.dumps.clear();
        let cut = frame.octets.len();
        self.coloured(
            BOLD,
            format_args!("Frame {}: {} octets, {cut} captured ({})", frame.number, frame.len, frame.link),
        );
        self.depth = 1;
    }

    fn end(&mut self, frame: &Frame<'_>) {
        if self.octets {
            self.output.push(b'\n');
            dump(&mut self.output, frame.octets);
            self.output.extend_from_slice(&self.dumps);
        }
        self.output.push(b'\n');
    }
}

impl Output for Tree {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}

/// Appends octets, sixteen per line, in hexadecimal and as ASCII characters.
fn dump(buffer: &mut Vec<u8>, octets: &[u8]) {
    let (rows, rest) = octets.as_chunks::<16>();
    for (i, row) in
        rows.iter().map(|row| &row[..]).chain([rest]).enumerate().filter(|(_, row)| !row.is_empty())
    {
        text::append(buffer, format_args!("{:04x}  ", i.saturating_mul(16)));
        let start = buffer.len();
        text::separated(buffer, row, b' ');
        text::pad_right(buffer, start, 49);
        buffer.extend(
            row.iter().map(|octet| if octet.is_ascii_graphic() || *octet == b' ' { *octet } else { b'.' }),
        );
        buffer.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_dumped_sixteen_a_line() {
        let mut buffer = Vec::new();
        let octets: Vec<u8> = (0x38..0x4a).collect();
        dump(&mut buffer, &octets);
        let expected = "0000  38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 44 45 46 47  89:;<=>?@ABCDEFG\n\
                        0010  48 49                                            HI\n";
        assert_eq!(String::from_utf8(buffer).unwrap(), expected);
    }
}
