//! ERSPAN: the header between GRE and a mirrored Ethernet frame. draft-foschiano-erspan describes its three types.

use gre::ProtocolType;

use crate::packet::{Octets, Packet};
use crate::sink::{Protocol, Reason, Sink, Value};
use crate::tables::Handler;
use crate::walk::Walk;
use crate::words::Words;

static TYPE_I: Protocol = Protocol { filter: "erspan", title: "Encapsulated Remote SPAN type I" };
static ERSPAN: Protocol = Protocol { filter: "erspan", title: "Encapsulated Remote SPAN" };

const TYPE_II: u8 = 1;
const TYPE_III: u8 = 2;
const TYPE_II_LEN: usize = 8;
const TYPE_III_LEN: usize = 12;
const SUBHEADER_LEN: usize = 8;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
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
        Some(TYPE_III) => type_iii_len(*octets),
        Some(version) => {
            let mut inside = walk.packet.enter(&ERSPAN, octets.whole());
            inside.part("erspan.version", Value::Unsigned(u64::from(version)), octets, 0, 2);
            inside.fault("erspan", Reason::Version(version), octets.whole());
            inside.leave();
            walk.packet.summary("ERSPAN", format_args!("version {version}, not looked into"));
            return;
        }
    };
    let mut inside = walk.packet.enter(&ERSPAN, octets.first(needed).whole());
    let contents = match version {
        Some(TYPE_III) => type_iii(&mut inside, *octets),
        _ => type_ii(&mut inside, *octets),
    };
    let is_cut = octets.octets.len() < needed;
    if is_cut {
        inside.fault("erspan", octets.too_short("ERSPAN header", needed), octets.whole());
    }
    inside.leave();
    let frame = octets.after(needed);
    if is_cut {
        walk.packet.summary("ERSPAN", format_args!("cut after {} octets", octets.octets.len()));
        return;
    }
    match contents {
        Contents::Ethernet => walk.hand(Handler::Ethernet, &frame),
        Contents::Ip if walk.ip(&frame) => {}
        Contents::Ip => walk.packet.summary("ERSPAN", format_args!("IP, {} octets", frame.octets.len())),
        Contents::Other(kind) => {
            walk.packet.summary("ERSPAN", format_args!("frame type {kind}, {} octets", frame.octets.len()));
        }
    }
}

/// Returns the length of a type III header, with the platform-specific subheader when the O bit says that it is
/// present.
fn type_iii_len(octets: Octets<'_>) -> usize {
    let has_subheader = octets.octets.get(11).is_some_and(|octet| octet & 1 != 0);
    TYPE_III_LEN.saturating_add(if has_subheader { SUBHEADER_LEN } else { 0 })
}

/// Shows the first two words, which types II and III share. Two bits of them have different names.
fn first<S: Sink>(words: &mut Words<'_, '_, '_, S>, two_bits: &'static str) {
    words.bits::<2>("erspan.version", 0, 0xf000);
    words.bits::<2>("erspan.vlan", 0, 0x0fff);
    words.bits::<2>("erspan.cos", 2, 0xe000);
    words.bits::<2>(two_bits, 2, 0x1800);
    words.bits::<2>("erspan.truncated", 2, 0x0400);
    words.bits::<2>("erspan.spanid", 2, 0x03ff);
}

fn type_ii<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) -> Contents {
    let mut words = Words::new(packet, octets);
    first(&mut words, "erspan.encap");
    words.bits::<4>("erspan.reserved", 4, 0xfff0_0000);
    words.bits::<4>("erspan.index", 4, 0x000f_ffff);
    Contents::Ethernet
}

/// What follows a header, by the frame type of type III.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contents {
    Ethernet,
    Ip,
    Other(u64),
}

/// Shows the words of type III.
fn type_iii<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) -> Contents {
    let mut words = Words::new(packet, octets);
    first(&mut words, "erspan.bso");
    words.bits::<4>("erspan.timestamp", 4, 0xffff_ffff);
    words.bits::<2>("erspan.sgt", 8, 0xffff);
    words.bits::<2>("erspan.p", 10, 0x8000);
    let frame_type = words.bits::<2>("erspan.ft", 10, 0x7c00);
    words.bits::<2>("erspan.hw", 10, 0x03f0);
    words.flag::<2>("erspan.direction", 10, 8);
    words.bits::<2>("erspan.gra", 10, 0x0006);
    if words.bits::<2>("erspan.o", 10, 0x0001) != 0 {
        subheader(&mut words);
    }
    match frame_type {
        0 => Contents::Ethernet,
        2 => Contents::Ip,
        other => Contents::Other(other),
    }
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
