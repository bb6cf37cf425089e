//! ERSPAN: the header between GRE and a mirrored Ethernet frame. draft-foschiano-erspan describes its three types.

use gre::ProtocolType;

use crate::packet::{Octets, Packet};
use crate::sink::{Protocol, Reason, Sink, Value};
use crate::walk::Walk;

use crate::tables::Handler;

static TYPE_I: Protocol = Protocol { filter: "erspan", title: "Encapsulated Remote SPAN type I" };
static ERSPAN: Protocol = Protocol { filter: "erspan", title: "Encapsulated Remote SPAN" };

const TYPE_II: u8 = 1;
const TYPE_III: u8 = 2;
const TYPE_II_LEN: usize = 8;
const TYPE_III_LEN: usize = 12;
const SUBHEADER_LEN: usize = 8;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>) {
    // Type I has no header. It is recognized by a GRE header without a sequence number.
    let is_type_i = walk.packet.around.gre.is_some_and(|header| {
        header.protocol_type == ProtocolType::ERSPAN && header.sequence_number.is_none()
    });
    if is_type_i {
        walk.packet.enter(&TYPE_I, octets.span(0, 0)).leave();
        walk.hand(Handler::Ethernet, octets);
        return;
    }
    let version = octets.octets.first().map(|octet| octet >> 4);
    let needed = match version {
        Some(TYPE_II) | None => TYPE_II_LEN,
        Some(TYPE_III) => type_iii_len(octets),
        Some(version) => {
            let mut inside = walk.packet.enter(&ERSPAN, octets.whole());
            inside.part("erspan.version", Value::Unsigned(u64::from(version)), octets, 0, 2);
            inside.fault("erspan", Reason::Version(version), octets.whole());
            inside.leave();
            return;
        }
    };
    let mut inside = walk.packet.enter(&ERSPAN, octets.first(needed).whole());
    let is_ethernet = match version {
        Some(TYPE_III) => type_iii(&mut inside, octets),
        _ => type_ii(&mut inside, octets),
    };
    let is_cut = octets.octets.len() < needed;
    if is_cut {
        inside.fault("erspan", octets.too_short("ERSPAN header", needed), octets.whole());
    }
    inside.leave();
    let frame = octets.after(needed);
    if is_cut {
        walk.packet.summary("ERSPAN", format_args!("cut after {} octets", octets.octets.len()));
    } else if is_ethernet {
        walk.hand(Handler::Ethernet, frame);
    } else {
        walk.packet.summary("ERSPAN", format_args!("no Ethernet frame, {} octets", frame.octets.len()));
    }
}

/// Returns the length of a type III header, with the platform-specific subheader when the O bit says that it is
/// present.
fn type_iii_len(octets: Octets<'_>) -> usize {
    let has_subheader = octets.octets.get(11).is_some_and(|octet| octet & 1 != 0);
    TYPE_III_LEN.saturating_add(if has_subheader { SUBHEADER_LEN } else { 0 })
}

/// The fields of the words of a header, selected by masks. A field is shown when its word is present.
struct Words<'p, 'q, 'o, S> {
    packet: &'p mut Packet<'q, S>,
    octets: Octets<'o>,
}

impl<S: Sink> Words<'_, '_, '_, S> {
    fn word<const LEN: usize>(&self, offset: usize) -> u64 {
        let octets = self.octets.octets.get(offset..).and_then(|octets| octets.first_chunk::<LEN>());
        octets.map_or(0, |octets| octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
    }

    /// Shows the bits of a mask in the word of `LEN` octets at an offset.
    fn bits<const LEN: usize>(&mut self, name: &'static str, offset: usize, mask: u64) -> u64 {
        let value = (self.word::<LEN>(offset) & mask) >> mask.trailing_zeros();
        self.packet.part(name, Value::Unsigned(value), self.octets, offset, LEN);
        value
    }

    /// Shows the first two words, which types II and III share. Two bits of them have different names.
    fn first(&mut self, two_bits: &'static str) {
        self.bits::<2>("erspan.version", 0, 0xf000);
        self.bits::<2>("erspan.vlan", 0, 0x0fff);
        self.bits::<2>("erspan.cos", 2, 0xe000);
        self.bits::<2>(two_bits, 2, 0x1800);
        self.bits::<2>("erspan.truncated", 2, 0x0400);
        self.bits::<2>("erspan.spanid", 2, 0x03ff);
    }
}

fn type_ii<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) -> bool {
    let mut words = Words { packet, octets };
    words.first("erspan.encap");
    words.bits::<4>("erspan.reserved", 4, 0xfff0_0000);
    words.bits::<4>("erspan.index", 4, 0x000f_ffff);
    true
}

/// Shows the words of type III, and returns whether an Ethernet frame follows.
fn type_iii<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) -> bool {
    let mut words = Words { packet, octets };
    words.first("erspan.bso");
    words.bits::<4>("erspan.timestamp", 4, 0xffff_ffff);
    words.bits::<2>("erspan.sgt", 8, 0xffff);
    words.bits::<2>("erspan.p", 10, 0x8000);
    let frame_type = words.bits::<2>("erspan.ft", 10, 0x7c00);
    words.bits::<2>("erspan.hw", 10, 0x03f0);
    let direction = words.word::<2>(10) & 8 != 0;
    words.packet.part("erspan.direction", Value::Boolean(direction), octets, 10, 2);
    words.bits::<2>("erspan.gra", 10, 0x0006);
    if words.bits::<2>("erspan.o", 10, 0x0001) != 0 {
        subheader(&mut words);
    }
    frame_type == 0
}

/// Shows the platform-specific subheader, by the number of the platform.
fn subheader<S: Sink>(words: &mut Words<'_, '_, '_, S>) {
    match words.bits::<4>("erspan.platid", 12, 0xfc00_0000) {
        1 => {
            words.bits::<4>("erspan.pid1.rsvd1", 12, 0x03ff_f000);
            words.bits::<4>("erspan.pid1.vsmid", 12, 0x0000_0fff);
            words.bits::<4>("erspan.pid1.port_index", 16, 0xffff_ffff);
        }
        3 => {
            words.bits::<4>("erspan.pid3.rsvd1", 12, 0x03ff_c000);
            words.bits::<4>("erspan.pid3.port_index", 12, 0x0000_3fff);
            words.bits::<4>("erspan.pid3.timestamp", 16, 0xffff_ffff);
        }
        4 => {
            words.bits::<4>("erspan.pid4.rsvd1", 12, 0x03ff_c000);
            words.bits::<4>("erspan.pid4.rsvd2", 12, 0x0000_3fff);
            words.bits::<4>("erspan.pid4.rsvd3", 16, 0xffff_ffff);
        }
        5 | 6 => {
            words.bits::<4>("erspan.pid5.switchid", 12, 0x03ff_0000);
            words.bits::<4>("erspan.pid5.port_index", 12, 0x0000_ffff);
            words.bits::<4>("erspan.pid5.timestamp", 16, 0xffff_ffff);
        }
        0 | 7 => {
            words.bits::<4>("erspan.pid7.rsvd1", 12, 0x03f0_0000);
            words.bits::<4>("erspan.pid7.source_index", 12, 0x000f_ffff);
            words.bits::<4>("erspan.pid7.timestamp", 16, 0xffff_ffff);
        }
        _ => {
            words.bits::<8>("erspan.pid.rsvd", 12, 0x03ff_ffff_ffff_ffff);
        }
    }
}
