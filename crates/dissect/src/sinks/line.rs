//! A sink that writes one line per packet, as tshark does: number, time, source, destination, protocol, length,
//! summary.

use std::fmt;

use crate::sink::{Address, Fault, Part, Protocol, Sink, Span, Value, count};
use crate::sinks::Output;
use crate::sinks::remarks::Remarks;
use crate::sinks::text::{self, Columns};
use capture::{Frame, Timestamp};

/// Writes one line per packet. After some frames it no longer allocates, because its buffers keep their room.
#[derive(Debug, Default)]
pub struct Line {
    output: Vec<u8>,
    colour: bool,
    first: Option<Timestamp>,
    endpoints: Option<(Address, Address)>,
    column: &'static str,
    summary: Vec<u8>,
    remarks: Remarks,
    // Whether the lines that a router would print follow the line of the packet; and those lines.
    debug: bool,
    debug_lines: Vec<u8>,
}

/// The indentation of a line that a router would print.
const DEBUG_INDENT: usize = 6;

impl Line {
    /// Makes a sink. It colours faults when `colour` is true.
    #[must_use]
    pub fn new(colour: bool) -> Self {
        Self { colour, ..Self::default() }
    }

    /// Changes whether the lines that a router would print under its debug command are written below the line of each
    /// packet, indented.
    #[must_use]
    pub fn with_debug_lines(self, debug: bool) -> Self {
        Self { debug, ..self }
    }
}

impl Sink for Line {
    const FIELDS: bool = false;

    fn enter(&mut self, _: &'static Protocol, _: Span) {}

    fn field(&mut self, _: &'static str, _: Value<'_>, _: Span) {}

    fn leave(&mut self) {}

    fn begin(&mut self, frame: &Frame<'_>) {
        self.endpoints = None;
        self.column = "";
        self.summary.clear();
        self.remarks = Remarks::of(frame);
        self.debug_lines.clear();
    }

    fn fault(&mut self, fault: Fault) {
        self.remarks.fault(fault);
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.endpoints = Some((source, destination));
    }

    fn summary(&mut self, protocol: &'static str, line: fmt::Arguments<'_>) {
        self.column = protocol;
        self.summary.clear();
        text::append(&mut self.summary, line);
    }

    fn summary_parts(&mut self, protocol: &'static str, parts: &[Part<'_>]) {
        self.column = protocol;
        self.summary.clear();
        for part in parts {
            match part {
                Part::Text(text) => self.summary.extend_from_slice(text.as_bytes()),
                Part::Number(number) => text::decimal(&mut self.summary, *number),
                Part::Hexadecimal(number) => text::hexadecimal_number(&mut self.summary, *number),
                Part::Ip(address) => text::address(&mut self.summary, Address::Ip(*address)),
            }
        }
    }

    fn wants_debug_lines(&self) -> bool {
        self.debug
    }

    fn debug_lines(&mut self, lines: fmt::Arguments<'_>) {
        text::append(&mut self.debug_lines, lines);
    }

    fn end(&mut self, frame: &Frame<'_>) {
        let out = &mut self.output;
        let elapsed = frame.time.map(|time| time.0.saturating_sub(self.first.get_or_insert(time).0));
        text::columns(
            out,
            &Columns { number: frame.number, elapsed, digits: frame.time_digits, endpoints: self.endpoints },
        );
        let start = out.len();
        self.remarks.write_column(out, self.column);
        if out.len() == start {
            out.push(b'-');
        }
        out.push(b' ');
        text::decimal(out, count(frame.len));
        out.push(b' ');
        if self.summary.is_empty() {
            out.pop();
        } else {
            out.extend_from_slice(&self.summary);
        }
        self.remarks.write(out, self.colour);
        out.push(b'\n');
        if self.debug {
            for line in self.debug_lines.split_inclusive(|octet| *octet == b'\n') {
                text::spaces(out, DEBUG_INDENT);
                out.extend_from_slice(line);
            }
        }
    }
}

impl Output for Line {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}
