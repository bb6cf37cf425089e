//! ISL, Cisco's way to carry the frames of several VLANs on one line before IEEE 802.1Q.

use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::tables::Handler;
use crate::walk::Walk;
use crate::words::Words;

static ISL: Protocol = Protocol { filter: "isl", title: "ISL" };

const LEN: usize = 26;

/// The offset from which on the length counts.
const COUNTED_FROM: usize = 14;

/// The frame check sequence at the end of the frame inside.
const CHECK_SEQUENCE_LEN: usize = 4;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&ISL, octets.first(LEN).whole());
    let mut words = Words::new(&mut entered, *octets);
    if let Some(destination) = octets.octets.first_chunk::<6>() {
        let mut inside = words.enter_field("isl.dst", Value::Mac(*destination), octets.span(0, 6));
        let mut words = Words::new(&mut inside, *octets);
        words.bits::<1>("isl.type", 5, 0xf0);
        words.bits::<1>("isl.user_eth", 5, 0x03);
    }
    words.mac("isl.src", 6);
    let len = words.number::<2>("isl.len", 12);
    words.hexadecimal::<1>("isl.dsap", 14);
    words.hexadecimal::<1>("isl.ssap", 15);
    words.hexadecimal::<1>("isl.control", 16);
    words.hexadecimal::<3>("isl.hsa", 17);
    let vlan = words.bits::<2>("isl.vlan_id", 20, 0xfffe);
    words.flag::<2>("isl.bpdu", 20, 0x0001);
    words.number::<2>("isl.index", 22);
    words.hexadecimal::<2>("isl.reserved", 24);
    if words.ends_in_header(&ISL, "ISL", "ISL header", LEN, *octets) {
        return;
    }
    // default: never taken, because the field has two octets
    let end = usize::try_from(len).unwrap_or_default().saturating_add(COUNTED_FROM);
    let inner = octets.first(end).after(LEN);
    words.opaque("isl.trailer", octets.after(end));
    words.summary("ISL", format_args!("VLAN {vlan}, {} octets", inner.octets.len()));
    entered.leave();
    let frame_len = inner.octets.len().saturating_sub(CHECK_SEQUENCE_LEN);
    walk.hand(Handler::Ethernet, &if inner.cut { inner } else { inner.first(frame_len) });
}
