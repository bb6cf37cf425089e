//! A sink that writes one line per packet, as tshark does: number, time, source, destination, protocol, length,
//! summary.

use std::fmt;

use crate::sink::{Address, Cause, Fault, Part, Protocol, Sink, Span, Value, count};
use crate::sinks::Output;
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
    // The first fault of the packet itself, and their number.
    fault: Option<Fault>,
    fault_count: u64,
    // The protocol of the first fault of any cause.
    fault_in: &'static str,
    // The packets before this one that are not in the capture.
    missing: Option<Fault>,
    // Whether the lines that a router would print follow the line of the packet; and those lines.
    debug: bool,
    debug_lines: Vec<u8>,
}

/// The indentation of a line that a router would print.
const DEBUG_INDENT: usize = 6;

const RED: &[u8] = b"\x1b[31m";
const PLAIN: &[u8] = b"\x1b[0m";

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

    fn begin(&mut self, _: &Frame<'_>) {
        self.endpoints = None;
        self.column = "";
        self.summary.clear();
        self.fault = None;
        self.fault_count = 0;
        self.fault_in = "";
        self.missing = None;
        self.debug_lines.clear();
    }

    fn fault(&mut self, fault: Fault) {
        if self.fault_in.is_empty() {
            self.fault_in = fault.protocol;
        }
        match fault.cause {
            Cause::Packet => {
                self.fault.get_or_insert(fault);
                self.fault_count = self.fault_count.saturating_add(1);
            }
            Cause::Missing => {
                self.missing.get_or_insert(fault);
            }
            // The line says that the frame was cut.
            Cause::Cut => {}
        }
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
        match (self.column, self.fault_in) {
            ("", "") => out.push(b'-'),
            // There is no summary, so the line names the protocol with the fault.
            ("", protocol) => out.extend(protocol.bytes().map(|octet| octet.to_ascii_uppercase())),
            (column, _) => out.extend_from_slice(column.as_bytes()),
        }
        out.push(b' ');
        text::decimal(out, count(frame.len));
        out.push(b' ');
        if self.summary.is_empty() {
            out.pop();
        } else {
            out.extend_from_slice(&self.summary);
        }
        if frame.is_cut() {
            text::append(out, format_args!(" [cut at {} octets]", frame.octets.len()));
        }
        if let Some(Fault { reason, .. }) = self.missing {
            text::append(out, format_args!(" ({reason})"));
        }
        if let Some(fault) = self.fault {
            out.push(b' ');
            if self.colour {
                out.extend_from_slice(RED);
            }
            text::append(out, format_args!("[{fault}"));
            if let Some(more) = self.fault_count.checked_sub(1).filter(|more| *more > 0) {
                text::append(out, format_args!("; {more} more"));
            }
            out.push(b']');
            if self.colour {
                out.extend_from_slice(PLAIN);
            }
        }
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
