//! The sink that makes records.

use core::fmt;

use capture::{Frame, Timestamp};

use super::kinds::{Ah, Chunk, Esp, Ha, Hsrp, Isakmp, Nhrp, NhrpClient, Payload, Sctp};
use super::{Departure, Kind, Record};
use crate::sink::{Address, Fault, Protocol, Sink, Span, Value};

/// A sink that makes records, and gives each to a function as soon as it is complete.
///
/// What stands inside something is given before it. A record that nothing was told of is left out: of a packet that ends before its first field there is
/// the fault alone.
pub struct Records<F> {
    receive: F,
    collector: Collector,
}

/// What is known of the records of a frame that are not complete yet.
pub(crate) struct Collector {
    frame: u64,
    time: Option<Timestamp>,
    endpoints: Option<(Address, Address)>,
    next: u32,
    // What was begun and has not ended, the innermost last.
    begun: Vec<Begun>,
}

/// A protocol or a field that has not ended.
struct Begun {
    /// The record that it is told in; `None` when it makes none.
    record: Option<Record>,
    /// Whether anything was told of the record.
    is_told: bool,
    /// Whether it stands in a quotation.
    is_quoted: bool,
}

impl<F> fmt::Debug for Records<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Records").field("frame", &self.collector.frame).finish_non_exhaustive()
    }
}

/// What is not complete yet is not shown.
impl fmt::Debug for Collector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Collector").field("frame", &self.frame).finish_non_exhaustive()
    }
}

impl<F: FnMut(Record)> Records<F> {
    /// A sink that gives its records to `receive`.
    #[must_use]
    pub const fn new(receive: F) -> Self {
        Self { receive, collector: Collector::new() }
    }

    fn give(&mut self, kind: Kind) {
        let record = self.collector.record(kind);
        (self.receive)(record);
    }
}

impl Collector {
    pub(crate) const fn new() -> Self {
        Self { frame: 0, time: None, endpoints: None, next: 0, begun: Vec::new() }
    }

    /// A frame begins.
    pub(crate) fn begin(&mut self, frame: &Frame<'_>) {
        self.frame = frame.number;
        self.time = frame.time;
        self.endpoints = None;
        self.next = 0;
        self.begun.clear();
    }

    /// A protocol begins.
    pub(crate) fn enter(&mut self, protocol: &'static Protocol, is_quoted: bool) {
        self.begin_with(Kind::of_protocol(protocol.filter), is_quoted);
    }

    /// A field begins that contains other fields.
    pub(crate) fn enter_field(&mut self, name: &'static str, value: Value<'_>) {
        let around =
            self.begun.iter().rev().find_map(|begun| begun.record.as_ref()).map(|record| &record.kind);
        self.begin_with(Kind::of_field(name, around), false);
        self.take(name, value);
    }

    /// The protocol or the field that was entered last ends, and with it its record.
    pub(crate) fn leave(&mut self) -> Option<Record> {
        self.begun.pop().filter(|begun| begun.is_told).and_then(|begun| begun.record)
    }

    /// The sender and the receiver are told.
    pub(crate) fn endpoints(&mut self, source: Address, destination: Address) {
        self.endpoints = Some((source, destination));
    }

    /// A record of the frame that is being told.
    fn record(&mut self, kind: Kind) -> Record {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let parent =
            self.begun.iter().rev().find_map(|begun| begun.record.as_ref()).map(|record| record.number);
        let is_quoted = self.begun.iter().any(|begun| begun.is_quoted);
        let (source, destination) = self.endpoints.unzip();
        Record { frame: self.frame, time: self.time, number, parent, source, destination, is_quoted, kind }
    }

    fn begin_with(&mut self, kind: Option<Kind>, is_quoted: bool) {
        let record = kind
            .map(|kind| self.record(kind))
            .map(|record| Record { is_quoted: record.is_quoted || is_quoted, ..record });
        self.begun.push(Begun { record, is_told: false, is_quoted });
    }

    /// Gives a field to the record it belongs to: the innermost, or one around it.
    pub(crate) fn take(&mut self, name: &str, value: Value<'_>) {
        for begun in self.begun.iter_mut().rev() {
            if let Some(record) = &mut begun.record
                && record.kind.take(name, value)
            {
                begun.is_told = true;
                return;
            }
        }
    }
}

impl Kind {
    /// The kind of record that a protocol makes.
    fn of_protocol(filter: &str) -> Option<Self> {
        Some(match filter {
            "hsrp" => Self::Hsrp(Hsrp::default()),
            "isakmp" => Self::Isakmp(Box::<Isakmp>::default()),
            "esp" => Self::Esp(Esp::default()),
            "ah" => Self::Ah(Ah::default()),
            "nhrp" => Self::Nhrp(Box::<Nhrp>::default()),
            "sctp" => Self::Sctp(Sctp::default()),
            "ha" => Self::Ha(Box::<Ha>::default()),
            _ => return None,
        })
    }

    /// The kind of record that a field inside of `around` makes.
    fn of_field(name: &str, around: Option<&Self>) -> Option<Self> {
        Some(match (name, around) {
            ("isakmp.typepayload", _) => Self::Payload(Box::<Payload>::default()),
            ("nhrp.cie", _) => Self::NhrpClient(NhrpClient::default()),
            ("sctp.chunk", _) => Self::Chunk(Box::<Chunk>::default()),
            // The first group of a version 2 message is told in the message's own record, with the digest over all of it.
            ("hsrp2.group_state_tlv", Some(Self::Hsrp(first))) if first.group.is_some() => {
                Self::Hsrp(Hsrp::default())
            }
            _ => return None,
        })
    }

    fn take(&mut self, name: &str, value: Value<'_>) -> bool {
        match self {
            Self::Hsrp(record) => record.take(name, value),
            Self::Isakmp(record) => record.take(name, value),
            Self::Payload(record) => record.take(name, value),
            Self::Esp(record) => record.take(name, value),
            Self::Ah(record) => record.take(name, value),
            Self::Nhrp(record) => record.take(name, value),
            Self::NhrpClient(record) => record.take(name, value),
            Self::Sctp(record) => record.take(name, value),
            Self::Chunk(record) => record.take(name, value),
            Self::Ha(record) => record.take(name, value),
            Self::Fault(_) | Self::Departure(_) => false,
        }
    }
}

impl<F: FnMut(Record)> Sink for Records<F> {
    fn begin(&mut self, frame: &Frame<'_>) {
        self.collector.begin(frame);
    }

    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        self.collector.enter(protocol, false);
    }

    fn enter_quoted(&mut self, protocol: &'static Protocol, _: Span) {
        self.collector.enter(protocol, true);
    }

    fn leave(&mut self) {
        if let Some(record) = self.collector.leave() {
            (self.receive)(record);
        }
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        self.collector.take(name, value);
    }

    fn enter_field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        self.collector.enter_field(name, value);
    }

    fn leave_field(&mut self) {
        self.leave();
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.collector.endpoints(source, destination);
    }

    fn fault(&mut self, fault: Fault) {
        let Fault { protocol, reason, span, cause } = fault;
        self.give(Kind::Fault(super::Fault { protocol, reason: reason.to_string(), span, cause }));
    }

    fn wants_departures(&self) -> bool {
        true
    }

    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        self.give(Kind::Departure(Departure { text: text.to_string(), reference, span }));
    }
}
