//! The dissector, and which function each handler is. No other file knows handlers.

use std::fmt;

use crate::handlers::handlers;
use crate::ike_sa::IsakmpAssociation;
use crate::options::Options;
use crate::packet::{Budget, Octets, Packet};
use crate::sink::count;
use crate::sink::{Reason, Sink, Value};
use crate::state::State;
use crate::tables::{Handler, Table};
use crate::walk::{Next, Walk};
use crate::{
    ah_packet, cisco_meta_data, erspan, esp_packet, gre_packet, ha_message, hsrp_message, ip, isakmp_message,
    link, llc, nhrp_packet, sctp_packet, udp, udp_encapsulation,
};
use capture::{Frame, LinkType};
use keys::{AssociationKeys, AssociationRow};

/// Dissects frames one after the other. State is kept across frames and is bounded; the oldest goes first.
pub struct Dissector {
    state: State,
}

/// What is kept may be plaintext.
impl fmt::Debug for Dissector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Dissector").field("options", &self.state.options).finish_non_exhaustive()
    }
}

impl Dissector {
    /// A dissector without state.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { state: State::new(options) }
    }

    /// Adds the keys of an SA, for packets from now on: behind those that there are.
    pub fn add_association(&mut self, keys: AssociationKeys) {
        self.state.known_sas.add(keys);
    }

    /// The ISAKMP SAs that were seen, where keys of any are given or [`Options::follow_isakmp`] is set.
    pub fn isakmp_associations(&self) -> impl Iterator<Item = IsakmpAssociation<'_>> {
        self.state.ike_sas.associations()
    }

    /// The SAs of ESP and AH whose keys were made from those of ISAKMP SAs, in the order of their negotiation: where
    /// [`Options::keep_key_material`] is set. Their keys are secrets, to be given out only where they are asked for.
    #[must_use]
    pub fn derived_associations(&self) -> &[AssociationRow] {
        self.state.ike_sas.kept()
    }

    /// Dissects one frame into `sink`. Nothing in it can make this fail: what is wrong is a fault in the sink.
    pub fn frame<S: Sink>(&mut self, frame: Frame<'_>, sink: &mut S) {
        sink.begin(&frame);
        let budget = Budget::new(self.state.options.frame_budget);
        let nesting_limit = self.state.options.nesting_limit;
        let packet = Packet::new(&mut *sink, frame.time, frame.number, nesting_limit, budget);
        let mut walk = Walk::new(&mut self.state, packet, dispatch::<S>);
        let octets = Octets { cut: frame.is_cut(), ..Octets::of_source(0, frame.octets) };
        frame_fields(&mut walk.packet, &frame, octets);
        let LinkType(link) = frame.link;
        if !walk.next(Table::Link, link, octets) {
            walk.packet.fault("frame", Reason::LinkType(frame.link), octets.whole());
        }
        sink.end(&frame);
    }
}

/// What is known of the frame itself.
fn frame_fields<S: Sink>(packet: &mut Packet<'_, S>, frame: &Frame<'_>, octets: Octets<'_>) {
    let none = octets.span(0, 0);
    packet.field("frame.number", Value::Unsigned(frame.number), none);
    if let Some(time) = frame.time {
        packet.field("frame.time_epoch", Value::Time(time), none);
    }
    packet.field("frame.len", Value::Unsigned(count(frame.len)), none);
    packet.field("frame.cap_len", Value::Unsigned(count(frame.octets.len())), none);
}

/// Makes the calls of the table of handlers.
macro_rules! calls {
    ($(
        $(#[$doc:meta])*
        $variant:ident $name:literal [$($table:ident $key:literal),*] $round_trip:ident $module:ident::$function:ident;
    )*) => {
        fn dispatch<S: Sink>(walk: &mut Walk<'_, S>, next: Next, octets: Octets<'_>) {
            match next {
                $( Next::Handler(Handler::$variant) => $module::$function(walk, octets), )*
                Next::IpPayload => ip::payload(walk, octets),
            }
        }
    };
}

handlers!(calls);
