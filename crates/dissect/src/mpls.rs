//! MPLS: the labels of a stack, RFC 3032, and the IP packet or the pseudowire below it.

use crate::packet::Octets;
use crate::pseudowire;
use crate::sink::{Protocol, Sink};
use crate::tables::Handler;
use crate::walk::Walk;
use crate::words::Words;

static MPLS: Protocol = Protocol { filter: "mpls", title: "MultiProtocol Label Switching Header" };

const LEN: usize = 4;

/// Dissects one label. The next one is nested in it, so the stack is bounded as nested protocols are.
pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&MPLS, octets.first(LEN).whole());
    let mut words = Words::new(&mut entered, *octets);
    let label = words.bits::<4>("mpls.label", 0, 0xffff_f000);
    words.bits::<4>("mpls.exp", 0, 0x0000_0e00);
    let is_bottom = words.bits::<4>("mpls.bottom", 0, 0x0000_0100) != 0;
    words.bits::<4>("mpls.ttl", 0, 0x0000_00ff);
    if words.ends_in_header(&MPLS, "MPLS", "MPLS label", LEN, *octets) {
        return;
    }
    entered.leave();
    let below = octets.after(LEN);
    if !is_bottom {
        return walk.hand(Handler::Mpls, &below);
    }
    // The label alone says what is below it, and only the routers know. The first four bits of IP tell it well.
    if walk.ip(&below) {
        return;
    }
    if let Some(handler) = pseudowire::handler(walk, &below) {
        walk.hand(handler, &below);
    } else {
        walk.packet.opaque("data.data", below);
        walk.packet.summary("MPLS", format_args!("label {label}, {} octets", below.octets.len()));
    }
}
