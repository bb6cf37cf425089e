//! The dissector: state that lives from frame to frame, and the walk over one frame.

use std::net::IpAddr;

use crate::fragment::Fragments;
use crate::frame::Frame;
use crate::keys::Keys;
use crate::sink::{Address, Fault, Outcome, Protocol, Reason, Rebuilt, Sink, SourceId, Span, Value};
use crate::tables::{DecodeAs, Handler, Table, Tables};
use crate::{hsrp_message, ip, link, udp};

/// What a dissector does and how far it goes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Words on what octets are, over the built-in tables.
    pub decode_as: Vec<DecodeAs>,
    /// Keys to verify and decrypt with.
    pub keys: Keys,
    /// How many protocols may nest in a frame.
    pub nesting_limit: usize,
    /// How many fields of a frame are shown.
    pub field_limit: usize,
    /// How many fragmented datagrams are collected at once; each holds 65,535 octets at the most.
    pub datagram_limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            decode_as: Vec::new(),
            keys: Keys::default(),
            nesting_limit: 32,
            field_limit: 200_000,
            datagram_limit: 256,
        }
    }
}

/// Dissects frames one after the other. State is kept across frames and is bounded; the oldest goes first.
#[derive(Debug)]
pub struct Dissector {
    pub(crate) options: Options,
    pub(crate) tables: Tables,
    pub(crate) fragments: Fragments,
    // Where messages are encoded again.
    pub(crate) scratch: Vec<u8>,
}

/// The octets a dissector is called with, and where they stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Octets<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    // Whether the capture was cut inside these octets.
    pub(crate) cut: bool,
}

impl<'a> Octets<'a> {
    /// The span of `len` octets from `offset` on.
    pub(crate) const fn span(&self, offset: usize, len: usize) -> Span {
        Span { source: self.source, start: self.start.saturating_add(offset), len }
    }

    /// The span of all of them.
    pub(crate) const fn whole(&self) -> Span {
        self.span(0, self.octets.len())
    }

    /// What lies behind the first `offset` octets.
    pub(crate) fn after(&self, offset: usize) -> Octets<'a> {
        Octets {
            octets: self.octets.get(offset..).unwrap_or_default(),
            start: self.start.saturating_add(offset),
            ..*self
        }
    }

    /// The first `len` octets, which are all there when the capture was not cut before.
    pub(crate) fn first(&self, len: usize) -> Octets<'a> {
        match self.octets.get(..len) {
            Some(octets) => Octets { octets, cut: false, ..*self },
            None => *self,
        }
    }
}

/// What is known of the packet around a message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around {
    pub(crate) link_source: Option<[u8; 6]>,
    pub(crate) network: Option<(IpAddr, IpAddr)>,
    pub(crate) hop_limit: Option<u8>,
    pub(crate) ports: Option<(u16, u16)>,
}

/// The walk over one frame.
pub(crate) struct Packet<'p, S> {
    pub(crate) sink: &'p mut S,
    pub(crate) around: Around,
    next_source: SourceId,
    depth: usize,
    fields_left: usize,
    field_limit: usize,
}

impl<S: Sink> Packet<'_, S> {
    pub(crate) fn enter(&mut self, protocol: &'static Protocol, span: Span) {
        self.sink.enter(protocol, span);
    }

    pub(crate) fn leave(&mut self) {
        self.sink.leave();
    }

    pub(crate) fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        if self.may_show(span) {
            self.sink.field(name, value, span);
        }
    }

    /// A field with fields inside; `leave` follows in any case.
    pub(crate) fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.may_show(span);
        self.sink.enter_field(name, value, span);
    }

    pub(crate) fn fault(&mut self, protocol: &'static str, reason: impl Into<Reason>, span: Span) {
        self.sink.fault(Fault { protocol, reason: reason.into(), span });
    }

    /// A new source for octets that stand in no frame as they are.
    pub(crate) fn source(&mut self, name: &'static str, octets: &[u8]) -> SourceId {
        let id = self.next_source;
        self.next_source = self.next_source.saturating_add(1);
        self.sink.source(id, name, octets);
        id
    }

    pub(crate) fn endpoints(&mut self, source: Address, destination: Address) {
        self.sink.endpoints(source, destination);
    }

    fn may_show(&mut self, span: Span) -> bool {
        match self.fields_left.checked_sub(1) {
            Some(left) => {
                self.fields_left = left;
                if left == 0 {
                    self.fault("frame", Reason::Fields { limit: self.field_limit }, span);
                }
                left != 0
            }
            None => false,
        }
    }
}

impl Dissector {
    /// A dissector without state.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let mut tables = Tables::default();
        for word in &options.decode_as {
            tables.insert(word.table, word.key, word.handler);
        }
        let fragments = Fragments::new(options.datagram_limit);
        Self { options, tables, fragments, scratch: Vec::new() }
    }

    /// Dissects one frame into `sink`. Nothing in it can make this fail: what is wrong is a fault in the sink.
    pub fn frame(&mut self, frame: Frame<'_>, sink: &mut impl Sink) {
        sink.begin(&frame);
        let mut packet = Packet {
            sink,
            around: Around::default(),
            next_source: 1,
            depth: 0,
            fields_left: self.options.field_limit.saturating_add(1),
            field_limit: self.options.field_limit,
        };
        let octets = Octets { octets: frame.octets, source: 0, start: 0, cut: frame.is_cut() };
        link::frame_fields(&mut packet, &frame, octets);
        match self.tables.handler(Table::Link, frame.link.0) {
            Some(handler) => self.call(handler, &mut packet, octets),
            None => packet.fault("frame", Reason::LinkType(frame.link), octets.whole()),
        }
        sink.end(&frame);
    }

    /// Hands octets to a dissector, unless protocols nest too deep by now.
    pub(crate) fn call<S: Sink>(&mut self, handler: Handler, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
        if packet.depth >= self.options.nesting_limit {
            packet.fault("frame", Reason::Nesting { limit: self.options.nesting_limit }, octets.whole());
            return;
        }
        packet.depth = packet.depth.saturating_add(1);
        match handler {
            Handler::Ethernet => link::ethernet(self, packet, octets),
            Handler::Null => link::null(self, packet, octets),
            Handler::LinuxSll => link::linux_sll(self, packet, octets),
            Handler::LinuxSll2 => link::linux_sll2(self, packet, octets),
            Handler::Vlan => link::vlan(self, packet, octets),
            Handler::ProviderTag => link::provider_tag(self, packet, octets),
            Handler::Ip => ip::either(self, packet, octets),
            Handler::Ipv4 => ip::v4(self, packet, octets),
            Handler::Ipv6 => ip::v6(self, packet, octets),
            Handler::Udp => udp::dissect(self, packet, octets),
            Handler::Hsrp => hsrp_message::dissect(self, packet, octets),
        }
        packet.depth = packet.depth.saturating_sub(1);
    }

    /// Hands octets to the dissector that `table` has for `key`, and says whether there is one.
    pub(crate) fn call_by<S: Sink>(
        &mut self,
        table: Table,
        key: u32,
        packet: &mut Packet<'_, S>,
        octets: Octets<'_>,
    ) -> bool {
        match self.tables.handler(table, key) {
            Some(handler) => {
                self.call(handler, packet, octets);
                true
            }
            None => false,
        }
    }

    /// Reports what encoding a decoded message again gives.
    ///
    /// `emit` gets a buffer of the message's length and returns how many octets it wrote, and how many of them it
    /// copied because their type is unknown. `corrected` says that derived values were wrong on the wire, so that
    /// other octets are right.
    pub(crate) fn rebuild<S: Sink>(
        &mut self,
        packet: &mut Packet<'_, S>,
        protocol: &'static str,
        octets: Octets<'_>,
        corrected: bool,
        emit: impl FnOnce(&mut [u8]) -> Result<(usize, usize), wire::EmitError>,
    ) {
        if !packet.sink.wants_rebuilt() {
            return;
        }
        self.scratch.clear();
        // A corrected length can be longer than what was received, by no more than a header or two.
        self.scratch.resize(octets.octets.len().saturating_add(64), 0);
        let (got, copied) = match emit(&mut self.scratch) {
            Ok((len, copied)) => (self.scratch.get(..len).unwrap_or_default(), copied),
            Err(_) => (&[][..], 0),
        };
        let outcome = if got == octets.octets {
            Outcome::Identical
        } else if corrected {
            Outcome::Corrected
        } else {
            Outcome::Different
        };
        packet.sink.rebuilt(&Rebuilt {
            protocol,
            span: octets.whole(),
            outcome,
            octets_rebuilt: got.len().saturating_sub(copied),
            octets_copied: copied,
            expected: octets.octets,
            got,
        });
    }

    /// Reports a message that was not encoded again: it is broken, cut or ciphertext.
    pub(crate) fn not_rebuilt<S: Sink>(
        packet: &mut Packet<'_, S>,
        protocol: &'static str,
        octets: Octets<'_>,
        outcome: Outcome,
    ) {
        if packet.sink.wants_rebuilt() {
            packet.sink.rebuilt(&Rebuilt {
                protocol,
                span: octets.whole(),
                outcome: if octets.cut { Outcome::Truncated } else { outcome },
                octets_rebuilt: 0,
                octets_copied: 0,
                expected: octets.octets,
                got: &[],
            });
        }
    }
}
