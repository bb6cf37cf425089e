//! The walk over one frame, from handler to handler: no handler knows another.

use crate::packet::{Octets, Packet};
use crate::sink::{Protocol, Sink, Span};
use crate::state::State;
use crate::tables::{Handler, Table};

/// The walk over one frame: what lives beyond it, what is told of it, and who takes octets on.
pub(crate) struct Walk<'w, S: Sink> {
    pub(crate) state: &'w mut State,
    pub(crate) packet: Packet<'w, S>,
    dispatch: Dispatch<S>,
}

/// Calls the function that takes octets on. The one file that knows them all gives it.
pub(crate) type Dispatch<S> = fn(&mut Walk<'_, S>, Next, Octets<'_>);

/// Who takes octets on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Next {
    /// A handler that a table points to.
    Handler(Handler),
    /// What takes a payload of IP, which no table points to: a protocol, or an extension header of IPv6.
    IpPayload,
}

impl<'w, S: Sink> Walk<'w, S> {
    pub(crate) const fn new(state: &'w mut State, packet: Packet<'w, S>, dispatch: Dispatch<S>) -> Self {
        Self { state, packet, dispatch }
    }

    /// Hands octets to a handler, unless protocols nest too deep by now.
    pub(crate) fn hand(&mut self, handler: Handler, octets: Octets<'_>) {
        self.descend(handler, Octets { enclosing: None, ..octets });
    }

    /// Hands octets to the handler that `table` has for `key`, and says whether there is one.
    pub(crate) fn next(&mut self, table: Table, key: u32, octets: Octets<'_>) -> bool {
        let Some(handler) = self.state.tables.handler(table, key) else { return false };
        // Only what follows an IP header directly is covered together with it.
        let enclosing = octets.enclosing.filter(|_| table == Table::IpProtocol);
        self.descend(handler, Octets { enclosing, ..octets });
        true
    }

    /// Hands on what stands behind an IP header or something that took its payload's place: a protocol, or an extension header of
    /// IPv6. It nests no deeper than what it stands in.
    pub(crate) fn next_header(&mut self, next_header: u8, octets: Octets<'_>) {
        self.packet.around.next_header = next_header;
        (self.dispatch)(self, Next::IpPayload, octets);
    }

    fn descend(&mut self, handler: Handler, octets: Octets<'_>) {
        if self.packet.descend(octets.whole()) {
            (self.dispatch)(self, Next::Handler(handler), octets);
            self.packet.ascend();
        }
    }

    /// Does what is in `inside` within a protocol: for one that has others inside of it.
    pub(crate) fn within(&mut self, protocol: &'static Protocol, span: Span, inside: impl FnOnce(&mut Self)) {
        let told = self.packet.tell_entered(protocol, span);
        inside(self);
        self.packet.tell_left(told);
    }
}
