//! Fields of a frame that no handler tells: times since other frames, its protocols, and the columns of its line.

use core::fmt;

use crate::sink::{Address, Fault, Value};
use crate::sinks::remarks::Remarks;
use crate::sinks::text;
use capture::{Frame, Timestamp};

/// What is known of a frame, as far as it is asked for.
#[derive(Debug, Default)]
pub(crate) struct FrameFields {
    wants_protocols: bool,
    wants_columns: bool,
    first: Option<Timestamp>,
    before: Option<Timestamp>,
    time: Option<Timestamp>,
    protocols: Vec<u8>,
    column: &'static str,
    protocol: Vec<u8>,
    summary: Vec<u8>,
    remarks: Remarks,
    source: Vec<u8>,
    destination: Vec<u8>,
}

impl FrameFields {
    /// What these names ask for.
    pub(crate) fn for_names(names: impl Iterator<Item = &'static str>) -> Self {
        names.fold(Self::default(), |fields, name| Self {
            wants_protocols: fields.wants_protocols || name == "frame.protocols",
            wants_columns: fields.wants_columns || name.starts_with("_ws.col."),
            ..fields
        })
    }

    /// A frame begins.
    pub(crate) fn begin(&mut self, frame: &Frame<'_>) {
        self.before = self.time.or(frame.time);
        self.time = frame.time;
        self.first = self.first.or(frame.time);
        self.protocols.clear();
        self.column = "";
        self.summary.clear();
        self.protocol.clear();
        self.remarks = Remarks::of(frame);
        self.source.clear();
        self.destination.clear();
    }

    /// A protocol begins.
    pub(crate) fn protocol(&mut self, filter: &'static str) {
        if self.wants_protocols && !filter.is_empty() {
            if !self.protocols.is_empty() {
                self.protocols.push(b':');
            }
            self.protocols.extend_from_slice(filter.as_bytes());
        }
    }

    /// Who sent the packet to whom.
    pub(crate) fn endpoints(&mut self, source: Address, destination: Address) {
        if self.wants_columns {
            for (column, address) in [(&mut self.source, source), (&mut self.destination, destination)] {
                column.clear();
                text::address(column, address);
            }
        }
    }

    /// Something is wrong in the packet, or missing before it.
    pub(crate) fn fault(&mut self, fault: Fault) {
        self.remarks.fault(fault);
    }

    /// What the packet says in a line.
    pub(crate) fn summary(&mut self, protocol: &'static str, line: fmt::Arguments<'_>) {
        if self.wants_columns {
            self.column = protocol;
            self.summary.clear();
            text::append(&mut self.summary, line);
        }
    }

    /// Tells the fields when the frame has ended.
    pub(crate) fn tell(&mut self, mut field: impl FnMut(&'static str, Value<'_>)) {
        if self.wants_columns {
            self.remarks.write_column(&mut self.protocol, self.column);
            self.remarks.write(&mut self.summary, false);
        }
        let since = |earlier: Option<Timestamp>| {
            Some(Value::Time(Timestamp(self.time?.0.saturating_sub(earlier?.0))))
        };
        let texts = [
            ("frame.protocols", &self.protocols[..]),
            ("_ws.col.info", self.summary.trim_ascii_start()),
            ("_ws.col.protocol", &self.protocol),
            ("_ws.col.source", &self.source),
            ("_ws.col.destination", &self.destination),
        ];
        let times = [("frame.time_relative", since(self.first)), ("frame.time_delta", since(self.before))];
        for (name, time) in times {
            if let Some(time) = time {
                field(name, time);
            }
        }
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            field(name, Value::Text(text));
        }
    }
}
