//! The state while a frame is dissected: its octets, the packet around them, and the connection to the sink.

use core::fmt;
use core::ops::{Deref, DerefMut};

use crate::fields;
use crate::sink::{
    Address, Cause, Fault, Part, Parts, Protocol, Reason, Rebuilt, Sink, SourceId, Span, Value,
};
use capture::{Frame, Timestamp};

mod around;
mod budget;
mod header;
mod octets;

pub(crate) use around::{Around, Quoted, Segment};
pub(crate) use budget::Budget;
use budget::{Bounded, Cost as _};
pub(crate) use header::wrong_checksum;
pub(crate) use octets::Octets;

/// A frame on its way to the sink. All reports to the sink pass through here and count against one budget.
pub(crate) struct Packet<'p, S> {
    sink: &'p mut S,
    pub(crate) around: Around,
    inside: Inside,
    pub(crate) time: Option<Timestamp>,
    pub(crate) number: u64,
    // The number of octets that were captured of a frame that was cut.
    cut_at: Option<usize>,
    next_source: SourceId,
    depth: usize,
    nesting_limit: usize,
    budget: Budget,
    // What stands before the summary of a packet in a tunnel or a quotation: the summaries of those around it. The
    // buffer is lent by `State`.
    pub(crate) lead: String,
}

/// The kind of thing that the sink was told to enter, so that it is told to leave the same.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told {
    /// What was inside before.
    Protocol(Inside),
    Field,
    /// The sink was told nothing: it reads no fields, or the budget is spent.
    Nothing,
}

/// The protocol that was entered last, and whether the sink wants its fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inside {
    filter: &'static str,
    wants_fields: bool,
}

/// The inside of a protocol or a field. When this is dropped, the sink is told to leave it, but only if it was told to
/// enter it. So a handler cannot leave what it did not enter, and cannot forget to leave what it entered.
#[must_use = "what was entered is left at once"]
pub(crate) struct Entered<'e, 'p, S: Sink> {
    packet: &'e mut Packet<'p, S>,
    told: Told,
}

impl<S: Sink> Entered<'_, '_, S> {
    /// Leaves before the end of the block.
    pub(crate) fn leave(self) {}
}

impl<'p, S: Sink> Deref for Entered<'_, 'p, S> {
    type Target = Packet<'p, S>;

    fn deref(&self) -> &Self::Target {
        self.packet
    }
}

impl<S: Sink> DerefMut for Entered<'_, '_, S> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.packet
    }
}

impl<S: Sink> Drop for Entered<'_, '_, S> {
    fn drop(&mut self) {
        self.packet.tell_left(self.told);
    }
}

impl<'p, S: Sink> Packet<'p, S> {
    /// Makes a frame about which nothing was reported yet.
    #[inline]
    pub(crate) fn new(
        sink: &'p mut S,
        frame: &Frame<'_>,
        nesting_limit: usize,
        budget: Budget,
        lead: String,
    ) -> Self {
        Self {
            sink,
            around: Around::UNKNOWN,
            inside: Inside { filter: "frame", wants_fields: S::FIELDS },
            time: frame.time,
            number: frame.number,
            cut_at: frame.is_cut().then_some(frame.octets.len()),
            next_source: 1,
            depth: 0,
            nesting_limit,
            budget,
            lead,
        }
    }

    /// Enters a protocol. It is left when the returned value is dropped.
    pub(crate) fn enter(&mut self, protocol: &'static Protocol, span: Span) -> Entered<'_, 'p, S> {
        let told = self.tell_entered(protocol, span);
        Entered { packet: self, told }
    }

    /// Reports that a protocol is entered. A call of `tell_left` with the returned value must follow.
    pub(crate) fn tell_entered(&mut self, protocol: &'static Protocol, span: Span) -> Told {
        if !self.pay(Budget::HEADING, span) {
            return Told::Nothing;
        }
        match self.around.quoted {
            Quoted::No => self.sink.enter(protocol, span),
            Quoted::Whole | Quoted::Cut => self.sink.enter_quoted(protocol, span),
        }
        let inside = Inside {
            filter: protocol.filter,
            wants_fields: S::FIELDS && self.sink.wants_fields(protocol.filter),
        };
        Told::Protocol(core::mem::replace(&mut self.inside, inside))
    }

    /// Reports that what was entered is left.
    pub(crate) fn tell_left(&mut self, told: Told) {
        match told {
            Told::Protocol(outer) => {
                self.inside = outer;
                self.sink.leave();
            }
            Told::Field => self.sink.leave_field(),
            Told::Nothing => {}
        }
    }

    /// Shows a protocol whose header cannot be read.
    pub(crate) fn broken(&mut self, protocol: &'static Protocol, reason: impl Into<Reason>, span: Span) {
        self.enter(protocol, span).fault(protocol.filter, reason, span);
    }

    pub(crate) fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        if self.wants_field(name) && self.pay(value.cost(self.sink.wants_octets()), span) {
            self.sink.field(name, value, span);
        }
    }

    /// Whether the sink wants the fields of the protocol that was entered last.
    #[inline]
    pub(crate) const fn wants_fields(&self) -> bool {
        S::FIELDS && self.inside.wants_fields
    }

    /// Whether the sink wants a field of the protocol that was entered last.
    #[inline]
    fn wants_field(&self, name: &str) -> bool {
        let Inside { filter, wants_fields } = self.inside;
        // When the budget is spent, nothing is entered, and nothing is told.
        debug_assert!(
            self.budget.is_spent() || fields::belongs(name, filter),
            "{name} is told in {filter}, where no sink looks for it"
        );
        S::FIELDS && wants_fields
    }

    /// Shows a field of a part that may be cut. The field is shown when all its octets are present.
    pub(crate) fn part(
        &mut self,
        name: &'static str,
        value: Value<'_>,
        octets: &Octets<'_>,
        offset: usize,
        len: usize,
    ) {
        if offset.saturating_add(len) <= octets.octets.len() {
            self.field(name, value, octets.span(offset, len));
        }
    }

    /// Shows octets that no handler dissects, if there are any. Their meaning is unknown, so they may be keys.
    pub(crate) fn opaque(&mut self, name: &'static str, octets: Octets<'_>) {
        if !octets.octets.is_empty() {
            self.field(name, Value::Opaque(octets.octets), octets.whole());
        }
    }

    /// Enters a field that contains fields. It is left when the returned value is dropped.
    pub(crate) fn enter_field(
        &mut self,
        name: &'static str,
        value: Value<'_>,
        span: Span,
    ) -> Entered<'_, 'p, S> {
        let told = if self.wants_field(name) && self.pay(value.cost(self.sink.wants_octets()), span) {
            self.sink.enter_field(name, value, span);
            Told::Field
        } else {
            Told::Nothing
        };
        Entered { packet: self, told }
    }

    pub(crate) fn fault(&mut self, protocol: &'static str, reason: impl Into<Reason>, span: Span) {
        let reason = reason.into();
        let is_bound = matches!(reason, Reason::Nesting { .. });
        if self.around.quoted == Quoted::Cut && !is_bound {
            return;
        }
        // There can be as many faults as fields, and they take as much output.
        if self.pay(Budget::LINE, span) {
            let cause = match reason {
                Reason::SequenceGap { .. } => Cause::Missing,
                _ if reason.ends_early() && self.is_where_the_frame_was_cut(span) => Cause::Cut,
                _ => Cause::Packet,
            };
            self.sink.fault(Fault { protocol, reason, span, cause });
        }
    }

    /// Whether a span reaches to where a frame was cut. Octets that were put together or decrypted were not cut.
    fn is_where_the_frame_was_cut(&self, span: Span) -> bool {
        span.source == 0 && self.cut_at.is_some_and(|end| span.start.saturating_add(span.len) >= end)
    }

    /// Whether departures are wanted. Looking for them takes time.
    pub(crate) fn wants_departures(&self) -> bool {
        self.sink.wants_departures() && !self.budget.is_spent()
    }

    /// Reports that the packet can be decoded, but departs from its RFC.
    pub(crate) fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        if self.pay(Budget::LINE, span) {
            self.sink.departure(text, reference, span);
        }
    }

    /// Whether the lines that a router would print are wanted.
    pub(crate) fn wants_debug_lines(&self) -> bool {
        self.sink.wants_debug_lines() && !self.budget.is_spent()
    }

    /// Reports the lines that a router would print for a message, as far as the budget allows.
    pub(crate) fn debug_lines(&mut self, lines: fmt::Arguments<'_>, span: Span) {
        let bounded = Bounded::new(lines, self.budget.left());
        self.sink.debug_lines(format_args!("{bounded}"));
        let _ = self.pay(bounded.written(), span);
    }

    /// Adds to what stands before the summaries that follow, up to where `around` is restored.
    pub(crate) fn lead(&mut self, text: fmt::Arguments<'_>) {
        self.lead.truncate(self.around.lead_len);
        // Appending cannot fail.
        let _ = fmt::write(&mut self.lead, text);
        self.around.lead_len = self.lead.len();
    }

    /// Sets the summary line of the packet, with the short name of a protocol.
    pub(crate) fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        if self.around.lead_len == 0 {
            return self.sink.summary(protocol, text);
        }
        // default: never taken, because the lead only grows while its length counts
        let lead = self.lead.get(..self.around.lead_len).unwrap_or_default();
        match self.around.column {
            None => self.sink.summary(protocol, format_args!("{lead}{text}")),
            Some(column) => self.sink.summary(column, format_args!("{lead}{protocol} {text}")),
        }
    }

    /// The same as `summary`, with the text in pieces.
    pub(crate) fn summary_parts(&mut self, protocol: &'static str, parts: &[Part<'_>]) {
        if self.around.lead_len == 0 {
            return self.sink.summary_parts(protocol, parts);
        }
        self.summary(protocol, format_args!("{}", Parts(parts)));
    }

    pub(crate) fn endpoints(&mut self, source: Address, destination: Address) {
        self.sink.endpoints(source, destination);
    }

    /// Reports a decrypted packet, as an IP packet of its own.
    pub(crate) fn decrypted(&mut self, parts: &[&[u8]]) {
        self.sink.decrypted(parts);
    }

    /// Whether messages are to be encoded again.
    pub(crate) fn wants_rebuilt(&self) -> bool {
        self.sink.wants_rebuilt()
    }

    /// Reports a message that was encoded again. The result is always reported, the octets only as far as the budget
    /// allows.
    pub(crate) fn rebuilt(&mut self, rebuilt: Rebuilt<'_>) {
        let len = rebuilt.expected.len().saturating_add(rebuilt.got.len());
        let is_shown = self.pay(len.saturating_add(Budget::LINE), rebuilt.span);
        self.sink.rebuilt(&if is_shown { rebuilt } else { Rebuilt { expected: &[], got: &[], ..rebuilt } });
    }

    /// Goes one protocol deeper and returns `true`, unless the limit is reached. A call of `ascend` must follow when
    /// it returns `true`.
    #[inline]
    pub(crate) fn descend(&mut self, octets: &Octets<'_>) -> bool {
        let may = self.depth < self.nesting_limit;
        if may {
            self.depth = self.depth.saturating_add(1);
        } else {
            self.too_deep(octets);
        }
        may
    }

    #[cold]
    fn too_deep(&mut self, octets: &Octets<'_>) {
        self.fault("frame", Reason::Nesting { limit: self.nesting_limit }, octets.whole());
    }

    /// Records that the octets for the next handler follow an IP header directly.
    pub(crate) fn enclose(&mut self) {
        self.around.enclosed_at = self.depth.saturating_add(1);
    }

    /// Whether the octets of this handler follow an IP header directly. Only such octets are protected together with the
    /// header.
    pub(crate) const fn is_enclosed(&self) -> bool {
        self.around.enclosed_at == self.depth
    }

    /// Returns from the level that `descend` entered.
    pub(crate) fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Adds a source for octets that are not in the frame in this form.
    pub(crate) fn source(&mut self, name: &'static str, octets: &[u8]) -> SourceId {
        let id = self.next_source;
        self.next_source = self.next_source.saturating_add(1);
        let span = Span { source: id, start: 0, len: octets.len() };
        let is_shown = self.pay(octets.len().saturating_add(Budget::HEADING), span);
        self.sink.source(id, name, if is_shown { octets } else { &[] });
        id
    }

    /// Pays for a report. After it has returned `false`, it returns `false` for the rest of the frame, so that nothing
    /// inside something hidden is shown.
    fn pay(&mut self, cost: usize, span: Span) -> bool {
        if self.budget.pay(cost) {
            return true;
        }
        if let Some(limit) = self.budget.is_spent_now() {
            let (reason, cause) = (Reason::Budget { limit }, Cause::Packet);
            self.sink.fault(Fault { protocol: "frame", reason, span, cause });
        }
        false
    }
}
