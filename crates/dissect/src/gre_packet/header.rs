//! The fields of a GRE header as they were sent, in all its forms. Forms that a receiver discards are shown too.

use core::fmt;

use gre::ParseError;

use crate::packet::{Octets, Packet};
use crate::sink::{Protocol, Sink, Value};

pub(super) static GRE: Protocol = Protocol { filter: "gre", title: "Generic Routing Encapsulation" };

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const STRICT_SOURCE_ROUTE: u16 = 0x0800;
/// The flag of version 1 for an acknowledgment number, RFC 2637 section 4.1.
const ACKNOWLEDGMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

/// The number of octets of the word that each flag announces.
const WORD: usize = 4;

/// Returns the number at an offset; `None` when it is not complete.
fn number<const LEN: usize>(octets: Octets<'_>, offset: usize) -> Option<u64> {
    let octets = octets.octets.get(offset..)?.first_chunk::<LEN>()?;
    Some(octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
}

/// Shows the fields of the header that are present.
pub(super) fn fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let Some(flags) = number::<2>(octets, 0).and_then(|flags| u16::try_from(flags).ok()) else { return };
    let is_version_1 = flags & VERSION == 1;
    flag_fields(packet, octets, flags, is_version_1);
    if let Some(protocol) = number::<2>(octets, 2) {
        let name = u16::try_from(protocol).ok().and_then(|number| gre::ProtocolType(number).name());
        packet.field("gre.proto", Value::Named(protocol, name), octets.span(2, 2));
    }
    let mut offset = WORD;
    // RFC 1701 section "Checksum Present": each of the two bits adds both fields.
    if flags & (CHECKSUM | ROUTING) != 0 {
        if let Some(checksum) = number::<2>(octets, offset) {
            packet.field("gre.checksum", Value::Hexadecimal(checksum, 4), octets.span(offset, 2));
        }
        let at = offset.saturating_add(2);
        if let Some(word) = number::<2>(octets, at) {
            packet.field("gre.offset", Value::Unsigned(word), octets.span(at, 2));
        }
        offset = offset.saturating_add(WORD);
    }
    if flags & KEY != 0 {
        key_fields(packet, octets, offset, is_version_1);
        offset = offset.saturating_add(WORD);
    }
    if flags & SEQUENCE != 0 {
        if let Some(sequence) = number::<4>(octets, offset) {
            packet.field("gre.sequence_number", Value::Unsigned(sequence), octets.span(offset, 4));
        }
        offset = offset.saturating_add(WORD);
    }
    if is_version_1 && flags & ACKNOWLEDGMENT != 0 {
        if let Some(acknowledged) = number::<4>(octets, offset) {
            packet.field("gre.ack_number", Value::Unsigned(acknowledged), octets.span(offset, 4));
        }
        offset = offset.saturating_add(WORD);
    }
    if flags & ROUTING != 0 {
        routing_fields(packet, octets, offset);
    }
}

fn flag_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, flags: u16, is_version_1: bool) {
    let span = octets.span(0, 2);
    let bit = |mask: u16| Value::Boolean(flags & mask != 0);
    let bits = |mask: u16, shift: u32| Value::Unsigned(u64::from(flags & mask) >> shift);
    let packet =
        &mut *packet.enter_field("gre.flags_and_version", Value::Hexadecimal(u64::from(flags), 4), span);
    packet.field("gre.flags.checksum", bit(CHECKSUM), span);
    packet.field("gre.flags.routing", bit(ROUTING), span);
    packet.field("gre.flags.key", bit(KEY), span);
    packet.field("gre.flags.sequence_number", bit(SEQUENCE), span);
    packet.field("gre.flags.strict_source_route", bit(STRICT_SOURCE_ROUTE), span);
    packet.field("gre.flags.recursion_control", bits(0x0700, 8), span);
    if is_version_1 {
        packet.field("gre.flags.ack", bit(ACKNOWLEDGMENT), span);
        packet.field("gre.flags.reserved", bits(0x0078, 3), span);
    } else {
        packet.field("gre.flags.reserved", bits(0x00f8, 3), span);
    }
    packet.field("gre.flags.version", bits(VERSION, 0), span);
}

/// Shows the key of RFC 2890 section 2.1. In version 1 the word holds two fields, RFC 2637 section 4.1.
fn key_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, offset: usize, is_version_1: bool) {
    if is_version_1 {
        if let Some(len) = number::<2>(octets, offset) {
            packet.field("gre.key.payload_length", Value::Unsigned(len), octets.span(offset, 2));
        }
        let at = offset.saturating_add(2);
        if let Some(call) = number::<2>(octets, at) {
            packet.field("gre.key.call_id", Value::Unsigned(call), octets.span(at, 2));
        }
    } else if let Some(key) = number::<4>(octets, offset) {
        packet.field("gre.key", Value::Hexadecimal(key, 8), octets.span(offset, 4));
    }
}

/// Shows the source route entries of RFC 1701. The last entry has the address family 0 and no octets. Each entry has
/// at least 4 octets.
fn routing_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, offset: usize) {
    let mut rest = octets.after(offset);
    while !rest.octets.is_empty() {
        let len = number::<1>(rest, 3).and_then(|len| usize::try_from(len).ok());
        let entry = rest.first(len.unwrap_or_default().saturating_add(WORD));
        let mut inside = packet.enter_field("gre.routing", Value::Opaque(entry.octets), entry.whole());
        let family = number::<2>(entry, 0);
        if let Some(family) = family {
            inside.field("gre.routing.address_family", Value::Unsigned(family), entry.span(0, 2));
        }
        if let Some(offset) = number::<1>(entry, 2) {
            inside.field("gre.routing.sre_offset", Value::Unsigned(offset), entry.span(2, 1));
        }
        if let Some(len) = number::<1>(entry, 3) {
            inside.field("gre.routing.src_length", Value::Unsigned(len), entry.span(3, 1));
        }
        let information = entry.after(WORD);
        if len.is_some_and(|len| len == information.octets.len() && len != 0) {
            inside.opaque("gre.routing.information", information);
        }
        inside.leave();
        if (family, len) == (Some(0), Some(0)) {
            break;
        }
        rest = rest.after(entry.octets.len());
    }
}

/// Reports a packet that cannot be read, in either version: the fault, and the summary line. Its contents are not dissected.
pub(super) fn say_undecodable<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, error: ParseError) {
    packet.fault("gre", error, octets.whole());
    let len = octets.octets.len();
    let Some(protocol) = number::<2>(octets, 2).and_then(|protocol| u16::try_from(protocol).ok()) else {
        return packet.summary("GRE", format_args!("cut after {len} octets"));
    };
    let protocol = Named(gre::ProtocolType(protocol));
    match error {
        ParseError::Length(_) => packet.summary("GRE", format_args!("{protocol}, cut after {len} octets")),
        ParseError::Version { version } => {
            packet.summary("GRE", format_args!("{protocol}, version {version}, not looked into"));
        }
        _ => packet.summary("GRE", format_args!("{protocol}, not looked into")),
    }
}

/// The name and the number of what is in the tunnel.
pub(super) struct Named(pub(super) gre::ProtocolType);

impl fmt::Display for Named {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(protocol) = self;
        write!(out, "{} (0x{:04x})", protocol.name().unwrap_or("protocol"), protocol.0)
    }
}
