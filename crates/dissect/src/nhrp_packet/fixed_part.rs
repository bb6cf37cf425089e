//! The first twenty octets of an NHRP packet.

use nhrp::{Departure, FixedPart, ProtocolType, TypeLength};

use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// Shows what is present of a fixed part that ends too early.
pub(super) fn cut<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    if let Ok((fixed_part, _)) = FixedPart::parse_prefix(&octets.padded::<{ FixedPart::LEN }>()) {
        fields(packet, octets, &fixed_part);
    }
}

pub(super) fn fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, fixed_part: &FixedPart) {
    let mut part = |name, value: Value<'_>, offset, len| packet.part(name, value, &octets, offset, len);
    let named = |number: u16, name| Value::Named(u64::from(number), name);
    let unsigned = |number: u16| Value::Unsigned(u64::from(number));
    part("nhrp.hdr.afn", named(fixed_part.address_family.0, fixed_part.address_family.name()), 0, 2);
    part("nhrp.hdr.pro.type", named(fixed_part.protocol_type.0, fixed_part.protocol_type.name()), 2, 2);
    let [o0, o1, o2, p0, p1] = fixed_part.protocol_snap;
    if fixed_part.protocol_type == ProtocolType::SNAP {
        let oui = u32::from_be_bytes([0, o0, o1, o2]);
        part("nhrp.hdr.pro.snap.oui", Value::Unsigned(u64::from(oui)), 4, 3);
        let pid = u16::from_be_bytes([p0, p1]);
        part("nhrp.hdr.pro.snap.pid", Value::Hexadecimal(u64::from(pid), 4), 7, 2);
    } else {
        part("nhrp.protocol_type", Value::Octets(&fixed_part.protocol_snap), 4, 5);
    }
    part("nhrp.hdr.hopcnt", unsigned(u16::from(fixed_part.hop_count)), 9, 1);
    part("nhrp.hdr.pktsz", unsigned(fixed_part.packet_size), 10, 2);
    part("nhrp.hdr.chksum", Value::Hexadecimal(u64::from(fixed_part.checksum), 4), 12, 2);
    part("nhrp.hdr.extoff", unsigned(fixed_part.extension_offset), 14, 2);
    part("nhrp.hdr.version", unsigned(u16::from(fixed_part.version)), 16, 1);
    let packet_type = fixed_part.packet_type;
    part("nhrp.hdr.op.type", Value::Named(u64::from(packet_type.0), packet_type.name()), 17, 1);
    let address = ["nhrp.hdr.shtl", "nhrp.hdr.shtl.type", "nhrp.hdr.shtl.len"];
    type_length(packet, octets, address, fixed_part.source_address, 18);
    let subaddress = ["nhrp.hdr.sstl", "nhrp.hdr.sstl.type", "nhrp.hdr.sstl.len"];
    type_length(packet, octets, subaddress, fixed_part.source_subaddress, 19);
}

/// Shows whether the checksum of a whole packet is right, RFC 2332 section 5.1.
pub(super) fn checksum_status<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    fixed_part: &FixedPart,
) {
    let wrong = fixed_part.conformance(octets.octets).find_map(|departure| match departure {
        Departure::Checksum { found, computed } => Some((found, computed)),
        _ => None,
    });
    packet.checksum_status("nhrp", "nhrp.hdr.chksum.status", wrong, octets.span(12, 2));
    // Its receiver discards the packet.
    packet.around.is_dropped |= wrong.is_some();
}

/// Shows the octet with the type and the length of an NBMA address, RFC 2332 section 5.1, if it is present.
pub(super) fn type_length<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    [name, type_name, len_name]: [&'static str; 3],
    value: TypeLength,
    offset: usize,
) {
    if offset >= octets.octets.len() {
        return;
    }
    let span = octets.span(offset, 1);
    let [octet] = octets.after(offset).padded();
    let packet = &mut *packet.enter_field(name, Value::Unsigned(u64::from(octet)), span);
    packet.field(type_name, Value::Unsigned(u64::from(value.e164)), span);
    packet.field(len_name, Value::Unsigned(u64::from(octet & 0x3f)), span);
}
