//! The dissector, and the function of each handler. No other file knows the handlers.

use std::fmt;

use crate::handlers::handlers;
use crate::ike_sa::IsakmpAssociation;
use crate::options::Options;
use crate::packet::{Octets, Packet};
use crate::sink::count;
use crate::sink::{Reason, Sink, Value};
use crate::state::State;
use crate::tables::{Handler, Table};
use crate::walk::{Next, Walk};
use crate::{
    ah_packet, arp, chdlc, cisco_meta_data, enc, erspan, esp_packet, gre_packet, ha_message, hsrp_message,
    icmp, icmpv6, ip, isakmp_message, isl, link, llc, mpls, nflog, nhrp_packet, ppp, pppoe, pseudowire,
    sctp_packet, tcp, tcp_encapsulation, udp, udp_encapsulation, wccp,
};
use capture::{Frame, LinkType};
use keys::{AssociationKeys, AssociationRow};

/// Dissects frames one after the other.
///
/// It keeps state from frame to frame, for example fragments, conversations and SAs. The state is bounded by the
/// [`Options`]: when a table is full, its oldest entry is removed.
pub struct Dissector {
    state: State,
}

/// The state may hold plaintext, so it is not shown.
impl fmt::Debug for Dissector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Dissector").field("options", &self.state.options).finish_non_exhaustive()
    }
}

impl Dissector {
    /// Makes a dissector that has seen no frame.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { state: State::new(options) }
    }

    /// Adds the keys of an SA for the packets that follow. They are tried after the keys that are there already.
    pub fn add_association(&mut self, keys: AssociationKeys) {
        self.state.known_sas.add(keys);
    }

    /// Returns the ISAKMP SAs that were seen. They are recorded only when keys for ISAKMP SAs are given or when
    /// [`Options::follow_isakmp`] is set.
    pub fn isakmp_associations(&self) -> impl Iterator<Item = IsakmpAssociation<'_>> {
        self.state.ike_sas.associations()
    }

    /// Returns the ESP and AH SAs whose keys were derived from ISAKMP SAs, in the order of their negotiation. The list
    /// is empty unless [`Options::keep_key_material`] is set. The keys are secrets: show them only to a user who asked
    /// for them.
    #[must_use]
    pub fn derived_associations(&self) -> &[AssociationRow] {
        self.state.ike_sas.kept()
    }

    /// Dissects one frame and reports it to `sink`. Every frame is accepted: what is wrong in it is reported to the
    /// sink as a fault.
    #[inline]
    pub fn frame<S: Sink>(&mut self, frame: Frame<'_>, sink: &mut S) {
        self.whole_frame(&frame, sink);
    }

    fn whole_frame<S: Sink>(&mut self, frame: &Frame<'_>, sink: &mut S) {
        sink.begin(frame);
        let mut walk = Walk::new(&mut self.state, &mut *sink, frame, dispatch::<S>);
        let octets = Octets { cut: frame.is_cut(), ..Octets::of_source(0, frame.octets) };
        frame_fields(&mut walk.packet, frame, octets);
        let LinkType(link) = frame.link;
        if !walk.next(Table::Link, link, &octets) {
            walk.packet.fault("frame", Reason::LinkType(frame.link), octets.whole());
        }
        core::mem::swap(&mut walk.state.lead, &mut walk.packet.lead);
        sink.end(frame);
    }
}

/// Reports the fields of the frame itself.
fn frame_fields<S: Sink>(packet: &mut Packet<'_, S>, frame: &Frame<'_>, octets: Octets<'_>) {
    let none = octets.span(0, 0);
    packet.field("frame.number", Value::Unsigned(frame.number), none);
    if let Some(time) = frame.time {
        packet.field("frame.time_epoch", Value::Time(time), none);
    }
    packet.field("frame.len", Value::Unsigned(count(frame.len)), none);
    packet.field("frame.cap_len", Value::Unsigned(count(frame.octets.len())), none);
}

/// Makes the calls from the table of handlers.
macro_rules! calls {
    ($(
        $(#[$doc:meta])*
        $variant:ident $name:literal [$($table:ident $key:literal),*] $round_trip:ident $module:ident::$function:ident;
    )*) => {
        fn dispatch<S: Sink>(walk: &mut Walk<'_, S>, next: Next, octets: &Octets<'_>) {
            // With one call, no handler is inlined here, and each handler takes only the stack that it needs.
            let dissect: fn(&mut Walk<'_, S>, &Octets<'_>) = match next {
                $( Next::Handler(Handler::$variant) => $module::$function, )*
                Next::IpPayload => ip::payload,
            };
            dissect(walk, octets);
        }
    };
}

handlers!(calls);
