//! What an NHRP packet is about.

use nhrp::{AddressFamily, Addresses, ErrorCode, FixedPart, Flags, MandatoryPart, PacketType};

use super::entry;
use crate::dissector::{Octets, Packet};
use crate::sink::{Sink, Value};

/// Where the mandatory part begins.
const START: usize = FixedPart::LEN;

/// Octets of the mandatory part before its addresses.
const HEADER_LEN: usize = 8;

pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    fixed_part: &FixedPart,
    part: &MandatoryPart<'_>,
) {
    if !S::FIELDS {
        return;
    }
    if let MandatoryPart::Other(other) = part {
        let span = octets.span(START, other.octets.len());
        packet.field("nhrp.mandatory_part", Value::Octets(other.octets), span);
        return;
    }
    header(packet, octets, fixed_part.packet_type);
    let Some(addresses) = part.addresses() else { return };
    self::addresses(packet, octets, fixed_part.address_family, addresses);
    if let Some(exchange) = part.exchange() {
        entry::fields(packet, octets, fixed_part.address_family, &exchange.cies);
    }
}

/// Shows what there is of a mandatory part that ends too early.
pub(super) fn cut<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, fixed_part: &FixedPart) {
    if S::FIELDS && fixed_part.version == FixedPart::VERSION {
        header(packet, octets, fixed_part.packet_type);
    }
}

/// The first eight octets, as they were sent.
fn header<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, packet_type: PacketType) {
    let mut whole = [0; HEADER_LEN];
    for (to, from) in whole.iter_mut().zip(octets.after(START).octets) {
        *to = *from;
    }
    let [source_len, destination_len, high, low, w0, w1, w2, w3] = whole;
    packet.part("nhrp.src.prot.len", Value::Unsigned(u64::from(source_len)), octets, START, 1);
    packet.part("nhrp.dst.prot.len", Value::Unsigned(u64::from(destination_len)), octets, 21, 1);
    match packet_type {
        PacketType::ERROR_INDICATION => {
            let code = ErrorCode(u16::from_be_bytes([w0, w1]));
            packet.part("nhrp.err.code", Value::Named(u64::from(code.0), code.name()), octets, 24, 2);
            let offset = u16::from_be_bytes([w2, w3]);
            packet.part("nhrp.err.offset", Value::Unsigned(u64::from(offset)), octets, 26, 2);
        }
        PacketType::TRAFFIC_INDICATION => {}
        _ => {
            if octets.octets.len() >= 24 {
                flags(packet, octets, packet_type, Flags(u16::from_be_bytes([high, low])));
            }
            let request_id = u32::from_be_bytes([w0, w1, w2, w3]);
            packet.part("nhrp.reqid", Value::Hexadecimal(u64::from(request_id), 8), octets, 24, 4);
        }
    }
}

/// Which bit means what depends on the packet type.
fn flags<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, packet_type: PacketType, flags: Flags) {
    let span = octets.span(22, 2);
    packet.enter_field("nhrp.flags", Value::Hexadecimal(u64::from(flags.0), 4), span);
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
    packet.leave();
}

fn addresses<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    family: AddressFamily,
    addresses: &Addresses<'_>,
) {
    let mut offset = START.saturating_add(HEADER_LEN);
    let mut next = |[name, octets_name]: [&'static str; 2], is_ip, address: &[u8]| {
        entry::address(packet, octets, [name, octets_name], is_ip, address, offset);
        offset = offset.saturating_add(address.len());
    };
    let is_ip = family == AddressFamily::IPV4;
    next(["nhrp.src.nbma.addr", "nhrp.src.nbma.addr_bytes"], is_ip, addresses.source_nbma_address.octets);
    next(["nhrp.src.nbma.saddr"; 2], false, addresses.source_nbma_subaddress.octets);
    next(["nhrp.src.prot.addr", "nhrp.src.prot.addr_bytes"], true, addresses.source_protocol_address);
    // The odd letters are Wireshark's.
    next(["nhrp.dst.prot.addr", "nhrp.dst.prot.addr_byets"], true, addresses.destination_protocol_address);
}
