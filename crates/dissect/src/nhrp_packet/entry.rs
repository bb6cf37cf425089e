//! Client information entries, and the addresses of NHRP.

use std::net::Ipv4Addr;

use nhrp::{AddressFamily, Chain, CieFraming, CieHeader};

use super::fixed_part::type_length;
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// Shows entries at their offsets in `octets`. An entry that is cut is shown as far as it goes.
pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    family: AddressFamily,
    entries: &Chain<'_, CieFraming>,
) {
    let whole = entries.iter().map(|element| (element.offset, element.octets.len()));
    let cut = (!entries.rest().is_empty()).then(|| (entries.rest_offset(), entries.rest().len()));
    for (number, (offset, len)) in (1u64..).zip(whole.chain(cut)) {
        let octets = octets.after(offset).first(len);
        let packet = &mut *packet.enter_field("nhrp.cie", Value::Unsigned(number), octets.whole());
        entry(packet, octets, family);
    }
}

/// Shows what is present of one entry, which takes all of `octets`.
fn entry<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, family: AddressFamily) {
    let start = octets.padded::<{ CieHeader::LEN }>();
    let [.., protocol_len, _] = start;
    let Ok((header, _)) = CieHeader::parse_prefix(&start) else { return };
    let unsigned = |number: u16| Value::Unsigned(u64::from(number));
    let code = Value::Named(u64::from(header.code.0), header.code.name());
    packet.part("nhrp.code", code, &octets, 0, 1);
    packet.part("nhrp.prefix", unsigned(u16::from(header.prefix_length)), &octets, 1, 1);
    packet.part("nhrp.unused", unsigned(header.unused), &octets, 2, 2);
    packet.part("nhrp.mtu", unsigned(header.maximum_transmission_unit), &octets, 4, 2);
    packet.part("nhrp.htime", unsigned(header.holding_time.0), &octets, 6, 2);
    let names = ["nhrp.cli.addr_tl", "nhrp.cli.addr_tl.type", "nhrp.cli.addr_tl.len"];
    type_length(packet, octets, names, header.client_address, 8);
    let names = ["nhrp.cli.saddr_tl", "nhrp.cli.saddr_tl.type", "nhrp.cli.saddr_tl.len"];
    type_length(packet, octets, names, header.client_subaddress, 9);
    packet.part("nhrp.prot.len", unsigned(u16::from(protocol_len)), &octets, 10, 1);
    packet.part("nhrp.pref", unsigned(u16::from(header.preference)), &octets, 11, 1);
    let nbma = if family == AddressFamily::IPV4 { Form::Ipv4 } else { Form::Octets };
    let all = [
        (["nhrp.client.nbma.addr", "nhrp.client.nbma.addr_bytes"], nbma, header.client_address.address_len),
        (["nhrp.client.nbma.saddr"; 2], Form::Octets, header.client_subaddress.address_len),
        (["nhrp.client.prot.addr", "nhrp.client.prot.addr_bytes"], Form::Ipv4, header.client_protocol_len),
    ];
    addresses(packet, octets.after(CieHeader::LEN), all);
}

/// The way in which an address of four octets is shown.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Ipv4,
    Octets,
}

/// Shows addresses that follow each other, as far as they are present. Each has names, a form and a length.
pub(super) fn addresses<S: Sink, const COUNT: usize>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    all: [([&'static str; 2], Form, usize); COUNT],
) {
    let mut rest = octets;
    for (names, form, len) in all {
        if rest.octets.len() < len {
            return;
        }
        address(packet, rest.first(len), names, form);
        rest = rest.after(len);
    }
}

/// Shows an address: as an IPv4 address if it can be one, or else as octets in another field. An empty address is not
/// shown.
pub(super) fn address<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    [name, octets_name]: [&'static str; 2],
    form: Form,
) {
    let span = octets.whole();
    match (form, <[u8; 4]>::try_from(octets.octets)) {
        (Form::Ipv4, Ok(address)) => packet.field(name, Value::Ipv4(Ipv4Addr::from(address)), span),
        _ if octets.octets.is_empty() => {}
        _ => packet.field(octets_name, Value::Opaque(octets.octets), span),
    }
}
