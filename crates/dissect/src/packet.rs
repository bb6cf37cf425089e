//! A frame while it is walked: its octets, what stands around them, and what the sink is told of them.

use core::fmt;
use core::ops::{Deref, DerefMut};
use std::net::IpAddr;

use wire::LengthError;

use crate::sink::{Address, Fault, Part, Protocol, Reason, Rebuilt, Sink, SourceId, Span, Value};
use capture::Timestamp;

mod budget;

pub(crate) use budget::Budget;
use budget::{Bounded, Cost as _};

/// The octets a handler is called with, and where they stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Octets<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    // Whether the capture was cut inside these octets.
    pub(crate) cut: bool,
    // The whole IP packet that ends with these octets, where it stands in one piece: the ICV of AH covers it.
    pub(crate) enclosing: Option<&'a [u8]>,
}

impl<'a> Octets<'a> {
    /// All octets of a source.
    pub(crate) const fn of_source(source: SourceId, octets: &'a [u8]) -> Self {
        Self { octets, source, start: 0, cut: false, enclosing: None }
    }

    /// The span of `len` octets from `offset` on.
    pub(crate) const fn span(&self, offset: usize, len: usize) -> Span {
        Span { source: self.source, start: self.start.saturating_add(offset), len }
    }

    /// The span of all of them.
    pub(crate) const fn whole(&self) -> Span {
        self.span(0, self.octets.len())
    }

    /// What lies behind the first `offset` octets; nothing, at their end, where there are fewer.
    #[inline]
    pub(crate) fn after(&self, offset: usize) -> Octets<'a> {
        let offset = offset.min(self.octets.len());
        Octets {
            // default: never taken, the offset lies inside
            octets: self.octets.get(offset..).unwrap_or_default(),
            start: self.start.saturating_add(offset),
            ..*self
        }
    }

    /// The last `len` octets; all, where there are fewer.
    pub(crate) fn last(&self, len: usize) -> Octets<'a> {
        self.after(self.octets.len().saturating_sub(len))
    }

    /// The first octets as a whole header, zeros in the place of those that are missing.
    pub(crate) fn padded<const LEN: usize>(&self) -> [u8; LEN] {
        let mut whole = [0; LEN];
        for (to, from) in whole.iter_mut().zip(self.octets) {
            *to = *from;
        }
        whole
    }

    /// The first `len` octets, which are all there when the capture was not cut before.
    #[inline]
    pub(crate) fn first(&self, len: usize) -> Octets<'a> {
        match self.octets.get(..len) {
            Some(octets) if octets.len() == self.octets.len() => Octets { cut: false, ..*self },
            Some(octets) => Octets { octets, cut: false, enclosing: None, ..*self },
            None => *self,
        }
    }

    /// The error of a header that the octets are too short for, its offset counted in their source.
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

/// What is known of the packet around a message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around {
    pub(crate) link_source: Option<[u8; 6]>,
    pub(crate) network: Option<(IpAddr, IpAddr)>,
    pub(crate) hop_limit: Option<u8>,
    // What the IP header begins with, to make one like it.
    pub(crate) header_start: [u8; 8],
    // What the header in front says that follows: a protocol of IP, or an extension header.
    pub(crate) next_header: u8,
    pub(crate) ports: Option<(u16, u16)>,
    // The GRE header that was met last.
    pub(crate) gre: Option<gre::Header>,
    // The stream of the SCTP user message that was met last.
    pub(crate) stream: Option<u16>,
    // HA messages that were met in the frame.
    pub(crate) ha_message_count: u32,
    // Where the Ethernet frame begins that was entered last.
    pub(crate) link_start: usize,
    // Whether it is quoted by a message about it, and how.
    pub(crate) quoted: Quoted,
    // Whether AH around it was verified.
    pub(crate) is_authentic: bool,
    // Whether it is in a packet that its receiver drops, for its ICV or its number, or of which that cannot be told though there are
    // keys: it is shown, and moves no state.
    pub(crate) is_dropped: bool,
}

/// Whether octets are a quotation: a packet that was sent elsewhere, mostly cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// They are what was sent.
    #[default]
    No,
    /// All of the packet is there.
    Whole,
    /// It ends early, which is no fault.
    Cut,
}

impl Around {
    /// Whether its receiver gets it, so that it moves what is known.
    pub(crate) fn is_live(&self) -> bool {
        self.quoted == Quoted::No && !self.is_dropped
    }

    /// Whether the packet is of IPv6.
    pub(crate) fn is_v6(&self) -> bool {
        self.network.is_some_and(|(source, _)| source.is_ipv6())
    }

    /// What is around the payload of an IP packet.
    #[inline]
    pub(crate) fn enter_network(
        &mut self,
        source: IpAddr,
        destination: IpAddr,
        hop_limit: u8,
        header: &[u8],
    ) {
        if self.network.is_some() {
            // The link's sender is not the sender of a packet in a tunnel.
            self.link_source = None;
        }
        self.network = Some((source, destination));
        self.hop_limit = Some(hop_limit);
        // default: never taken, a header of IP has more octets
        self.header_start = header.first_chunk().copied().unwrap_or_default();
        self.ports = None;
    }
}

/// One frame on its way to the sink: all that the sink is told goes through here, and counts against one budget.
pub(crate) struct Packet<'p, S> {
    sink: &'p mut S,
    pub(crate) around: Around,
    pub(crate) time: Option<Timestamp>,
    pub(crate) number: u64,
    next_source: SourceId,
    depth: usize,
    nesting_limit: usize,
    budget: Budget,
}

/// What the sink was told of entering, so that it is told of leaving the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Protocol,
    Field,
    /// The sink looks at no field, or the budget is spent.
    Nothing,
}

/// The inside of a protocol or a field. The sink is told once that it is left, when this goes, and only where it was told that it
/// was entered: no handler can leave what it did not enter, or enter what it does not leave.
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
    /// A frame of which nothing was told yet.
    pub(crate) fn new(
        sink: &'p mut S,
        time: Option<Timestamp>,
        number: u64,
        nesting_limit: usize,
        budget: Budget,
    ) -> Self {
        let around = Around::default();
        Self { sink, around, time, number, next_source: 1, depth: 0, nesting_limit, budget }
    }

    /// Enters a protocol; it is left when what this returns goes.
    pub(crate) fn enter(&mut self, protocol: &'static Protocol, span: Span) -> Entered<'_, 'p, S> {
        let told = self.tell_entered(protocol, span);
        Entered { packet: self, told }
    }

    /// Tells that a protocol is entered; `tell_left` follows with what this returns.
    pub(crate) fn tell_entered(&mut self, protocol: &'static Protocol, span: Span) -> Told {
        if !self.pay(Budget::HEADING, span) {
            return Told::Nothing;
        }
        self.sink.enter(protocol, span);
        Told::Protocol
    }

    /// Tells that what was entered is left.
    pub(crate) fn tell_left(&mut self, told: Told) {
        match told {
            Told::Protocol => self.sink.leave(),
            Told::Field => self.sink.leave_field(),
            Told::Nothing => {}
        }
    }

    /// A protocol whose header cannot be read.
    pub(crate) fn broken(&mut self, protocol: &'static Protocol, reason: impl Into<Reason>, span: Span) {
        self.enter(protocol, span).fault(protocol.filter, reason, span);
    }

    pub(crate) fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        if S::FIELDS && self.pay(value.cost(self.sink.wants_octets()), span) {
            self.sink.field(name, value, span);
        }
    }

    /// A field of a part that may be cut: it is shown where all its octets are there.
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

    /// Octets that nobody took apart, where there are any: what is in them is not known, so that it may be keys.
    pub(crate) fn opaque(&mut self, name: &'static str, octets: Octets<'_>) {
        if !octets.octets.is_empty() {
            self.field(name, Value::Opaque(octets.octets), octets.whole());
        }
    }

    /// Enters a field with fields inside; it is left when what this returns goes.
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
        // Broken parts can be as many as fields, and cost as much to show.
        if self.pay(Budget::LINE, span) {
            self.sink.fault(Fault { protocol, reason, span });
        }
    }

    /// Whether departures are wanted: looking for them costs time.
    pub(crate) fn wants_departures(&self) -> bool {
        self.sink.wants_departures() && !self.budget.is_spent()
    }

    /// The packet decodes, but departs from its RFC.
    pub(crate) fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        if self.pay(Budget::LINE, span) {
            self.sink.departure(text, reference, span);
        }
    }

    /// Whether the lines are wanted that a router would print.
    pub(crate) fn wants_debug_lines(&self) -> bool {
        self.sink.wants_debug_lines() && !self.budget.is_spent()
    }

    /// Lines that a router would print of a message, as far as the budget goes.
    pub(crate) fn debug_lines(&mut self, lines: fmt::Arguments<'_>, span: Span) {
        let bounded = Bounded::new(lines, self.budget.left());
        self.sink.debug_lines(format_args!("{bounded}"));
        let _ = self.pay(bounded.written(), span);
    }

    /// What the packet says in a line, under a protocol's short name.
    pub(crate) fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        self.sink.summary(protocol, text);
    }

    /// As `summary`, with the text in pieces.
    pub(crate) fn summary_parts(&mut self, protocol: &'static str, parts: &[Part<'_>]) {
        self.sink.summary_parts(protocol, parts);
    }

    pub(crate) fn endpoints(&mut self, source: Address, destination: Address) {
        self.sink.endpoints(source, destination);
    }

    /// A packet that was decrypted, as an IP packet of its own.
    pub(crate) fn decrypted(&mut self, parts: &[&[u8]]) {
        self.sink.decrypted(parts);
    }

    /// Whether messages are to be encoded again.
    pub(crate) fn wants_rebuilt(&self) -> bool {
        self.sink.wants_rebuilt()
    }

    /// A message was encoded again. What became of it is always told; its octets, as far as the budget goes.
    pub(crate) fn rebuilt(&mut self, rebuilt: Rebuilt<'_>) {
        let len = rebuilt.expected.len().saturating_add(rebuilt.got.len());
        let is_shown = self.pay(len.saturating_add(Budget::LINE), rebuilt.span);
        self.sink.rebuilt(&if is_shown { rebuilt } else { Rebuilt { expected: &[], got: &[], ..rebuilt } });
    }

    /// Goes one protocol deeper, unless that is too deep; `ascend` follows when it went.
    pub(crate) fn descend(&mut self, span: Span) -> bool {
        let may = self.depth < self.nesting_limit;
        if may {
            self.depth = self.depth.saturating_add(1);
        } else {
            self.fault("frame", Reason::Nesting { limit: self.nesting_limit }, span);
        }
        may
    }

    /// Comes back from where `descend` went.
    pub(crate) fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// A new source for octets that stand in no frame as they are.
    pub(crate) fn source(&mut self, name: &'static str, octets: &[u8]) -> SourceId {
        let id = self.next_source;
        self.next_source = self.next_source.saturating_add(1);
        let span = Span { source: id, start: 0, len: octets.len() };
        let is_shown = self.pay(octets.len().saturating_add(Budget::HEADING), span);
        self.sink.source(id, name, if is_shown { octets } else { &[] });
        id
    }

    /// Pays for what is told. Once this says no it says so for the rest of the frame: what stands inside something that is not
    /// shown is not shown either.
    fn pay(&mut self, cost: usize, span: Span) -> bool {
        if self.budget.pay(cost) {
            return true;
        }
        if let Some(limit) = self.budget.is_spent_now() {
            self.sink.fault(Fault { protocol: "frame", reason: Reason::Budget { limit }, span });
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
