//! Cisco's HDLC: an address, a control field and an ethertype.

use crate::packet::Octets;
use crate::sink::{Protocol, Sink};
use crate::tables::Table;
use crate::walk::Walk;
use crate::words::Words;

static CHDLC: Protocol = Protocol { filter: "chdlc", title: "Cisco HDLC" };

const LEN: usize = 4;

/// The protocol of Cisco's keepalives on serial lines.
const SLARP: u64 = 0x8035;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&CHDLC, octets.first(LEN).whole());
    let mut words = Words::new(&mut entered, *octets);
    words.hexadecimal::<1>("chdlc.address", 0);
    words.hexadecimal::<1>("chdlc.control", 1);
    let protocol = words.hexadecimal::<2>("chdlc.protocol", 2);
    if words.ends_in_header(&CHDLC, "CHDLC", "Cisco HDLC header", LEN, *octets) {
        return;
    }
    entered.leave();
    let payload = octets.after(LEN);
    // default: never taken, because the field has two octets
    let ethertype = u32::try_from(protocol).unwrap_or_default();
    // The number of SLARP is that of RARP elsewhere.
    if protocol != SLARP && walk.next(Table::EtherType, ethertype, &payload) {
        return;
    }
    let len = payload.octets.len();
    walk.packet.opaque("data.data", payload);
    match protocol {
        SLARP => walk.packet.summary("SLARP", format_args!("{len} octets")),
        _ => walk.packet.summary("CHDLC", format_args!("protocol 0x{protocol:04x}, {len} octets")),
    }
}
