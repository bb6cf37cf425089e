//! The dissection of one frame, from handler to handler. No handler knows another one.

use std::fmt;

use crate::packet::{Budget, Octets, Packet, Quoted};
use crate::sink::{Address, Protocol, Sink, Span};
use crate::state::State;
use crate::tables::{Handler, Table};
use capture::Frame;

/// The dissection of one frame: the lasting state, the reports to the sink, and the function that calls handlers.
pub(crate) struct Walk<'w, S: Sink> {
    pub(crate) state: &'w mut State,
    pub(crate) packet: Packet<'w, S>,
    dispatch: Dispatch<S>,
}

/// The function that calls a handler. It is in the only file that knows all handlers.
pub(crate) type Dispatch<S> = fn(&mut Walk<'_, S>, Next, &Octets<'_>);

/// The next handler for some octets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Next {
    /// A handler that a table names.
    Handler(Handler),
    /// The handler for the payload of IP, which no table names: a protocol, or an extension header of IPv6.
    IpPayload,
}

impl<'w, S: Sink> Walk<'w, S> {
    /// Begins with a frame about which nothing was reported yet.
    #[inline]
    pub(crate) fn new(
        state: &'w mut State,
        sink: &'w mut S,
        frame: &Frame<'_>,
        dispatch: Dispatch<S>,
    ) -> Self {
        let lead = core::mem::take(&mut state.lead);
        let (nesting_limit, budget) = (state.options.nesting_limit, Budget::new(state.options.frame_budget));
        Self { state, packet: Packet::new(sink, frame, nesting_limit, budget, lead), dispatch }
    }

    /// Passes octets to a handler, unless protocols are nested too deeply.
    pub(crate) fn hand(&mut self, handler: Handler, octets: &Octets<'_>) {
        self.descend(handler, octets);
    }

    /// Passes octets to the handler of `key` in `table`, and returns whether there is one.
    pub(crate) fn next(&mut self, table: Table, key: u32, octets: &Octets<'_>) -> bool {
        let Some(handler) = self.state.tables.handler(table, key) else { return false };
        self.descend(handler, octets);
        true
    }

    /// Dissects what follows an IP header, or what follows a header in its place: a protocol, or an extension header
    /// of IPv6. This does not count as deeper nesting.
    pub(crate) fn next_header(&mut self, next_header: u8, octets: &Octets<'_>) {
        self.packet.around.next_header = next_header;
        (self.dispatch)(self, Next::IpPayload, octets);
    }

    /// Dissects an IP packet without a header that says so. The version field tells which it is. Returns whether it
    /// is an IP packet.
    pub(crate) fn ip(&mut self, octets: &Octets<'_>) -> bool {
        match octets.octets.first().map(|first| first >> 4) {
            Some(4) => self.next(Table::EtherType, 0x0800, octets),
            Some(6) => self.next(Table::EtherType, 0x86dd, octets),
            _ => false,
        }
    }

    /// Dissects a packet that another packet quotes. The quoted packet was sent elsewhere, so it changes no state.
    /// [`Octets::cut`] says whether it ends early, which is not a fault.
    ///
    /// Its summary follows `lead` in the summary of the packet that quotes it.
    pub(crate) fn quote(
        &mut self,
        column: &'static str,
        lead: fmt::Arguments<'_>,
        handler: Handler,
        octets: Octets<'_>,
    ) {
        let around = self.packet.around;
        self.packet.around.quoted = match (octets.cut, around.quoted) {
            // A packet inside a quotation that is cut may be cut for the same reason.
            (true, _) | (_, Quoted::Cut) => Quoted::Cut,
            _ => Quoted::Whole,
        };
        self.packet.around.column.get_or_insert(column);
        self.packet.lead(lead);
        self.hand(handler, &octets);
        // The addresses of the quoted packet are not those of the packet that quotes it.
        self.packet.around = around;
        if let Some((source, destination)) = around.network {
            self.packet.endpoints(Address::Ip(source), Address::Ip(destination));
        }
    }

    #[inline]
    fn descend(&mut self, handler: Handler, octets: &Octets<'_>) {
        if self.packet.descend(octets) {
            (self.dispatch)(self, Next::Handler(handler), octets);
            self.packet.ascend();
        }
    }

    /// Calls `inside` within a protocol, for a protocol that contains others.
    pub(crate) fn within(&mut self, protocol: &'static Protocol, span: Span, inside: impl FnOnce(&mut Self)) {
        let told = self.packet.tell_entered(protocol, span);
        inside(self);
        self.packet.tell_left(told);
    }
}
