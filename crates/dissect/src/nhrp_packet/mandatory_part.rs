//! The mandatory part of an NHRP packet.

use nhrp::{
    AddressFamily, ErrorCode, FixedPart, Flags, MandatoryPart, OtherPart, Packet as Nhrp, PacketType,
};

use super::entry::{self, Form};
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// The offset at which the mandatory part begins.
const START: usize = FixedPart::LEN;

/// The number of octets of the mandatory part before its addresses.
const HEADER_LEN: usize = 8;

/// Shows what is present of a mandatory part, up to its end.
pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    fixed_part: &FixedPart,
    parsed: &Nhrp<'_>,
) {
    if !packet.wants_fields() {
        return;
    }
    let octets = octets.first(end(octets, fixed_part));
    if let Some(other) = unknown(&parsed.mandatory_part) {
        let span = octets.span(START, other.octets.len());
        packet.field("nhrp.mandatory_part", Value::Opaque(other.octets), span);
        return;
    }
    let [source_len, destination_len, word @ ..] = octets.after(START).padded::<HEADER_LEN>();
    packet.part("nhrp.src.prot.len", Value::Unsigned(u64::from(source_len)), &octets, START, 1);
    packet.part("nhrp.dst.prot.len", Value::Unsigned(u64::from(destination_len)), &octets, 21, 1);
    words(packet, octets, fixed_part.packet_type, word);
    let nbma = if fixed_part.address_family == AddressFamily::IPV4 { Form::Ipv4 } else { Form::Octets };
    let all = [
        (["nhrp.src.nbma.addr", "nhrp.src.nbma.addr_bytes"], nbma, fixed_part.source_address.address_len),
        (["nhrp.src.nbma.saddr"; 2], Form::Octets, fixed_part.source_subaddress.address_len),
        (["nhrp.src.prot.addr", "nhrp.src.prot.addr_bytes"], Form::Ipv4, usize::from(source_len)),
        // The misspelling is in Wireshark's name.
        (["nhrp.dst.prot.addr", "nhrp.dst.prot.addr_byets"], Form::Ipv4, usize::from(destination_len)),
    ];
    entry::addresses(packet, octets.after(START.saturating_add(HEADER_LEN)), all);
    if let Some(entries) = parsed.mandatory_part.exchange().and_then(|exchange| exchange.cies.chain()) {
        entry::fields(packet, octets, fixed_part.address_family, entries);
    }
}

/// Returns the mandatory part of a packet of an unknown type. A packet of a known type that is not decoded ends before
/// its entries, so the result is `None`.
pub(super) fn unknown<'p, 'a>(part: &'p MandatoryPart<'a>) -> Option<&'p OtherPart<'a>> {
    match part {
        MandatoryPart::Other(other) if other.packet_type.name().is_none() => Some(other),
        _ => None,
    }
}

/// Returns the offset at which the mandatory part ends: the extension offset if there is one.
pub(super) fn end(octets: Octets<'_>, fixed_part: &FixedPart) -> usize {
    let len = octets.octets.len();
    match usize::from(fixed_part.extension_offset) {
        0 => len,
        offset => offset.clamp(START, len.max(START)),
    }
}

/// Shows the fields between the lengths and the addresses: flags and request ID, or an error.
fn words<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    packet_type: PacketType,
    [high, low, w0, w1, w2, w3]: [u8; 6],
) {
    match packet_type {
        PacketType::ERROR_INDICATION => {
            let code = ErrorCode(u16::from_be_bytes([w0, w1]));
            packet.part("nhrp.err.code", Value::Named(u64::from(code.0), code.name()), &octets, 24, 2);
            let offset = u16::from_be_bytes([w2, w3]);
            packet.part("nhrp.err.offset", Value::Unsigned(u64::from(offset)), &octets, 26, 2);
        }
        PacketType::TRAFFIC_INDICATION => {}
        _ => {
            if octets.octets.len() >= 24 {
                flags(packet, octets, packet_type, Flags(u16::from_be_bytes([high, low])));
            }
            let request_id = u32::from_be_bytes([w0, w1, w2, w3]);
            packet.part("nhrp.reqid", Value::Hexadecimal(u64::from(request_id), 8), &octets, 24, 4);
        }
    }
}

/// Shows the flags. Their meaning depends on the packet type.
fn flags<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, packet_type: PacketType, flags: Flags) {
    let span = octets.span(22, 2);
    let packet = &mut *packet.enter_field("nhrp.flags", Value::Hexadecimal(u64::from(flags.0), 4), span);
    let known: &[(&'static str, Flags)] = match packet_type {
        PacketType::RESOLUTION_REQUEST | PacketType::RESOLUTION_REPLY => &[
            ("nhrp.flag.q", Flags::ROUTER),
            ("nhrp.flag.a", Flags::AUTHORITATIVE),
            ("nhrp.flag.d", Flags::DESTINATION_STABLE),
            ("nhrp.flag.u", Flags::UNIQUE),
            ("nhrp.flag.s", Flags::SOURCE_STABLE),
        ],
        PacketType::REGISTRATION_REQUEST | PacketType::REGISTRATION_REPLY => {
            &[("nhrp.flag.u", Flags::REGISTRATION_UNIQUE)]
        }
        PacketType::PURGE_REQUEST | PacketType::PURGE_REPLY => &[("nhrp.flag.n", Flags::NO_REPLY)],
        _ => &[],
    };
    for (name, flag) in known.iter().chain(&[("nhrp.flag.nat", Flags::CISCO_NAT)]) {
        packet.field(name, Value::Boolean(flags.contains(*flag)), span);
    }
}
