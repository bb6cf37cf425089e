//! The state while a frame is dissected: its octets, the packet around them, and the connection to the sink.

use core::fmt;
use core::ops::{Deref, DerefMut};
use std::net::IpAddr;

use wire::LengthError;

use crate::sink::{
    Address, Cause, Fault, Part, Parts, Protocol, Reason, Rebuilt, Sink, SourceId, Span, Value,
};
use capture::{Frame, Timestamp};

mod budget;
mod header;

pub(crate) use budget::Budget;
use budget::{Bounded, Cost as _};

/// The octets that a handler is called with, and their place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Octets<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    // Whether the capture ends inside these octets.
    pub(crate) cut: bool,
    // The whole IP packet that ends with these octets, if it is in one piece. The ICV of AH covers it.
    pub(crate) enclosing: Option<&'a [u8]>,
}

impl<'a> Octets<'a> {
    /// Returns all octets of a source.
    pub(crate) const fn of_source(source: SourceId, octets: &'a [u8]) -> Self {
        Self { octets, source, start: 0, cut: false, enclosing: None }
    }

    /// Returns the span of `len` octets from `offset` on.
    pub(crate) const fn span(&self, offset: usize, len: usize) -> Span {
        Span { source: self.source, start: self.start.saturating_add(offset), len }
    }

    /// Returns the span of all these octets.
    pub(crate) const fn whole(&self) -> Span {
        self.span(0, self.octets.len())
    }

    /// Returns the octets after the first `offset`. The result is empty when there are fewer.
    #[inline]
    pub(crate) fn after(&self, offset: usize) -> Octets<'a> {
        let offset = offset.min(self.octets.len());
        Octets {
            // default: never taken, because the offset is inside the octets
            octets: self.octets.get(offset..).unwrap_or_default(),
            start: self.start.saturating_add(offset),
            ..*self
        }
    }

    /// Returns the last `len` octets, or all of them when there are fewer.
    pub(crate) fn last(&self, len: usize) -> Octets<'a> {
        self.after(self.octets.len().saturating_sub(len))
    }

    /// Returns the first octets as a whole header, with zeros for those that are missing.
    pub(crate) fn padded<const LEN: usize>(&self) -> [u8; LEN] {
        let mut whole = [0; LEN];
        for (to, from) in whole.iter_mut().zip(self.octets) {
            *to = *from;
        }
        whole
    }

    /// Returns the first `len` octets. They are all present unless the capture ends before.
    #[inline]
    pub(crate) fn first(&self, len: usize) -> Octets<'a> {
        match self.octets.get(..len) {
            Some(octets) if octets.len() == self.octets.len() => Octets { cut: false, ..*self },
            Some(octets) => Octets { octets, cut: false, enclosing: None, ..*self },
            None => *self,
        }
    }

    /// Returns the error for octets that are too short for a header. Its offset counts from the start of their source.
    pub(crate) const fn too_short(&self, element: &'static str, needed: usize) -> LengthError {
        LengthError::Ends {
            within: "frame",
            element,
            offset: self.start,
            needed,
            available: self.octets.len(),
        }
    }
}

/// The layers around a message, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around {
    pub(crate) link_source: Option<[u8; 6]>,
    pub(crate) network: Option<(IpAddr, IpAddr)>,
    pub(crate) hop_limit: Option<u8>,
    // The first octets of the IP header, for building a similar header.
    pub(crate) header_start: [u8; 8],
    // The next header value of the header in front: an IP protocol or an extension header.
    pub(crate) next_header: u8,
    pub(crate) ports: Option<(u16, u16)>,
    // The TCP segment that was met last.
    pub(crate) segment: Option<Segment>,
    // The GRE header that was met last.
    pub(crate) gre: Option<gre::Header>,
    // The stream of the SCTP user message that was met last.
    pub(crate) stream: Option<u16>,
    // The number of HA messages in the frame so far.
    pub(crate) ha_message_count: u32,
    // The offset of the Ethernet frame that was entered last.
    pub(crate) link_start: usize,
    // Whether the packet is quoted by another one.
    pub(crate) quoted: Quoted,
    // Whether the AH header around the packet was verified.
    pub(crate) is_authentic: bool,
    // How many octets of the lead stand before the summary of this packet.
    pub(crate) lead_len: usize,
    // The name of the protocol that quotes the packet. It stands for the packet in a line.
    pub(crate) column: Option<&'static str>,
    // Whether an enclosing packet is dropped by its receiver because of its ICV or its sequence number, or whether
    // that is unknown although there are keys. The packet is shown, but it changes no state.
    pub(crate) is_dropped: bool,
}

/// The place of a TCP segment's octets in their stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    /// The number of its first octet.
    pub(crate) number: u32,
    /// Whether the connection begins with it.
    pub(crate) begins: bool,
}

/// Whether octets are a quotation: a packet that was sent elsewhere, usually cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// The octets are not quoted.
    #[default]
    No,
    /// The quoted packet is complete.
    Whole,
    /// The quoted packet ends early, which is not a fault.
    Cut,
}

impl Around {
    /// Whether the receiver accepts the packet, so that it changes the state.
    pub(crate) fn is_live(&self) -> bool {
        self.quoted == Quoted::No && !self.is_dropped
    }

    /// Whether the packet is an IPv6 packet.
    pub(crate) fn is_v6(&self) -> bool {
        self.network.is_some_and(|(source, _)| source.is_ipv6())
    }

    /// Records the IP header around a payload.
    #[inline]
    pub(crate) fn enter_network(
        &mut self,
        source: IpAddr,
        destination: IpAddr,
        hop_limit: u8,
        header: &[u8],
    ) {
        if self.network.is_some() {
            // In a tunnel, the sender on the link is not the sender of the inner packet.
            self.link_source = None;
        }
        self.network = Some((source, destination));
        self.hop_limit = Some(hop_limit);
        // default: never taken, because an IP header is longer
        self.header_start = header.first_chunk().copied().unwrap_or_default();
        self.ports = None;
    }
}

/// A frame on its way to the sink. All reports to the sink pass through here and count against one budget.
pub(crate) struct Packet<'p, S> {
    sink: &'p mut S,
    pub(crate) around: Around,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Protocol,
    Field,
    /// The sink was told nothing: it reads no fields, or the budget is spent.
    Nothing,
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
    pub(crate) fn new(
        sink: &'p mut S,
        frame: &Frame<'_>,
        nesting_limit: usize,
        budget: Budget,
        lead: String,
    ) -> Self {
        let Frame { time, number, .. } = *frame;
        let cut_at = frame.is_cut().then_some(frame.octets.len());
        let around = Around::default();
        Self { sink, around, time, number, cut_at, next_source: 1, depth: 0, nesting_limit, budget, lead }
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
        Told::Protocol
    }

    /// Reports that what was entered is left.
    pub(crate) fn tell_left(&mut self, told: Told) {
        match told {
            Told::Protocol => self.sink.leave(),
            Told::Field => self.sink.leave_field(),
            Told::Nothing => {}
        }
    }

    /// Shows a protocol whose header cannot be read.
    pub(crate) fn broken(&mut self, protocol: &'static Protocol, reason: impl Into<Reason>, span: Span) {
        self.enter(protocol, span).fault(protocol.filter, reason, span);
    }

    pub(crate) fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        if S::FIELDS && self.pay(value.cost(self.sink.wants_octets()), span) {
            self.sink.field(name, value, span);
        }
    }

    /// Shows a field of a part that may be cut. The field is shown when all its octets are present.
    pub(crate) fn part(
        &mut self,
        name: &'static str,
        value: Value<'_>,
        octets: Octets<'_>,
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
        let told = if S::FIELDS && self.pay(value.cost(self.sink.wants_octets()), span) {
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
    pub(crate) fn descend(&mut self, span: Span) -> bool {
        let may = self.depth < self.nesting_limit;
        if may {
            self.depth = self.depth.saturating_add(1);
        } else {
            self.fault("frame", Reason::Nesting { limit: self.nesting_limit }, span);
        }
        may
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_the_end_lies_at_the_end() {
        let octets = Octets { octets: &[1, 2, 3], source: 0, start: 10, cut: true, enclosing: None };
        assert_eq!((octets.after(1).octets, octets.after(1).start), (&[2, 3][..], 11));
        for offset in [3, 4, usize::MAX] {
            let after = octets.after(offset);
            assert_eq!((after.octets, after.whole()), (&[][..], Span { source: 0, start: 13, len: 0 }));
            assert!(after.cut, "what would be there was cut");
        }
        assert_eq!(
            (octets.first(3).cut, octets.first(4).cut, octets.first(4).octets.len()),
            (false, true, 3)
        );
    }

    #[test]
    fn an_enclosing_packet_ends_with_the_octets_or_is_forgotten() {
        let packet = [1, 2, 3, 4];
        let octets = Octets { enclosing: Some(&packet), ..Octets::of_source(0, &packet) };
        assert_eq!(octets.after(2).enclosing, Some(&packet[..]));
        assert_eq!(octets.first(4).enclosing, Some(&packet[..]));
        assert_eq!(octets.first(3).enclosing, None);
    }
}
