//! Client information entries, and the addresses of NHRP.

use std::net::Ipv4Addr;

use nhrp::{AddressFamily, Cie, Cies};

use super::fixed_part::type_length;
use crate::dissector::{Octets, Packet};
use crate::sink::{Sink, Value};

/// Shows entries, each where it stands.
pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    family: AddressFamily,
    entries: &Cies<'_>,
) {
    if !S::FIELDS {
        return;
    }
    for (number, element) in (1u64..).zip(entries) {
        let whole = octets.after(element.offset).first(element.octets.len());
        packet.enter_field("nhrp.cie", Value::Unsigned(number), whole.whole());
        entry(packet, whole, family, &element);
        packet.leave();
    }
}

/// Shows one entry, which is all of `octets`.
fn entry<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    family: AddressFamily,
    element: &nhrp::Element<'_, nhrp::cie::CieHeader>,
) {
    let header = element.header;
    let unsigned = |number: u16| Value::Unsigned(u64::from(number));
    let code = Value::Named(u64::from(header.code.0), header.code.name());
    packet.field("nhrp.code", code, octets.span(0, 1));
    packet.field("nhrp.prefix", unsigned(u16::from(header.prefix_length)), octets.span(1, 1));
    packet.field("nhrp.unused", unsigned(header.unused), octets.span(2, 2));
    packet.field("nhrp.mtu", unsigned(header.maximum_transmission_unit), octets.span(4, 2));
    packet.field("nhrp.htime", unsigned(header.holding_time), octets.span(6, 2));
    let names = ["nhrp.cli.addr_tl", "nhrp.cli.addr_tl.type", "nhrp.cli.addr_tl.len"];
    type_length(packet, octets, names, header.client_address, 8);
    let names = ["nhrp.cli.saddr_tl", "nhrp.cli.saddr_tl.type", "nhrp.cli.saddr_tl.len"];
    type_length(packet, octets, names, header.client_subaddress, 9);
    packet.field("nhrp.prot.len", unsigned(u16::from(header.client_protocol_len)), octets.span(10, 1));
    packet.field("nhrp.pref", unsigned(u16::from(header.preference)), octets.span(11, 1));
    let cie = Cie::from(*element);
    let mut offset = 12usize;
    let mut next = |names, is_ip, octets_of: &[u8]| {
        address(packet, octets, names, is_ip, octets_of, offset);
        offset = offset.saturating_add(octets_of.len());
    };
    let is_ip = family == AddressFamily::IPV4;
    next(["nhrp.client.nbma.addr", "nhrp.client.nbma.addr_bytes"], is_ip, cie.client_nbma_address.octets);
    next(["nhrp.client.nbma.saddr"; 2], false, cie.client_nbma_subaddress.octets);
    next(["nhrp.client.prot.addr", "nhrp.client.prot.addr_bytes"], true, cie.client_protocol_address);
}

/// Shows an address: as one of IPv4 where it can be, else as octets under a name of its own; nothing where there is none.
pub(super) fn address<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    [name, octets_name]: [&'static str; 2],
    is_ip: bool,
    address: &[u8],
    offset: usize,
) {
    if address.is_empty() {
        return;
    }
    let span = octets.span(offset, address.len());
    match <[u8; 4]>::try_from(address) {
        Ok(octets) if is_ip => packet.field(name, Value::Ipv4(Ipv4Addr::from(octets)), span),
        _ => packet.field(octets_name, Value::Octets(address), span),
    }
}
