//! UDP datagrams.

use etherparse::UdpHeaderSlice;
use hsrp::transport;

use crate::packet::{Around, Octets, Quoted};
use crate::sink::count;
use crate::sink::{Part, Protocol, Reason, Sink, Value};
use crate::tables::{Handler, Table};
use crate::walk::Walk;

static UDP: Protocol = Protocol { filter: "udp", title: "User Datagram Protocol" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let Ok(header) = UdpHeaderSlice::from_slice(octets.octets) else {
        walk.packet.broken(&UDP, octets.too_short("UDP header", 8), octets.whole());
        walk.packet.cut_ports("UDP", *octets);
        return;
    };
    let (source, destination) = (header.source_port(), header.destination_port());
    walk.packet.around.ports = Some((source, destination));
    let mut inside = walk.packet.enter(&UDP, octets.span(0, 8));
    inside.field("udp.srcport", Value::Unsigned(u64::from(source)), octets.span(0, 2));
    inside.field("udp.dstport", Value::Unsigned(u64::from(destination)), octets.span(2, 2));
    let len = usize::from(header.length());
    inside.field("udp.length", Value::Unsigned(u64::from(header.length())), octets.span(4, 2));
    inside.field("udp.checksum", Value::Hexadecimal(u64::from(header.checksum()), 4), octets.span(6, 2));
    // RFC 2675: in IPv6, 0 means a jumbogram, and the datagram ends where the packet ends.
    let is_jumbogram = len == 0 && inside.around.network.is_some_and(|(source, _)| source.is_ipv6());
    let is_too_small = len < 8 && !is_jumbogram;
    let payload = if is_jumbogram { octets.after(8) } else { octets.first(len).after(8) };
    if is_too_small {
        inside.fault(
            "udp",
            Reason::LengthField { field: "udp.length", value: len, least: 8 },
            octets.span(4, 2),
        );
    } else if octets.octets.len() < len && !octets.cut {
        inside.fault("udp", octets.too_short("UDP datagram", len), octets.whole());
    }
    if !is_too_small {
        inside.opaque("udp.payload", payload);
    }
    inside.leave();
    if is_too_small {
        let text = format_args!("{source} → {destination} length field {len}");
        return walk.packet.summary("UDP", text);
    }
    // A quotation often ends with the header, and then the ports are all that it tells.
    let is_quoted_header = payload.octets.is_empty() && walk.packet.around.quoted != Quoted::No;
    if !is_quoted_header && (!payload.octets.is_empty() || payload.cut) {
        // A rule of the user takes precedence. Then comes the lower port, because well-known ports are low.
        let is_users = |walk: &Walk<'_, S>, port| walk.state.is_users(Table::UdpPort, u32::from(port));
        let (lower, higher) =
            if source < destination { (source, destination) } else { (destination, source) };
        let (first, second) =
            if is_users(walk, higher) && !is_users(walk, lower) { (higher, lower) } else { (lower, higher) };
        for port in [first, second] {
            let Some(handler) = walk.state.tables.handler(Table::UdpPort, u32::from(port)) else { continue };
            // A client may use HSRP's port by chance. But a rule of the user is intended.
            let by_chance =
                handler == Handler::Hsrp && !is_sent_as_hsrp(&walk.packet.around) && !is_users(walk, port);
            if !by_chance {
                return walk.hand(handler, &payload);
            }
        }
    }
    let (source, destination) = (Part::Number(source.into()), Part::Number(destination.into()));
    let len = Part::Number(count(payload.octets.len()));
    walk.packet.summary_parts("UDP", &[source, Part::Text(" → "), destination, Part::Text(" len "), len]);
}

/// Whether a datagram on one of HSRP's ports is sent as HSRP sends it: to a multicast address and HSRP's port, or from
/// the port to the same port, RFC 2281 section 5.1.
fn is_sent_as_hsrp(around: &Around) -> bool {
    let Some((source, destination)) = around.ports else { return true };
    let is_multicast = around.network.is_none_or(|(_, destination)| destination.is_multicast());
    source == destination || (is_multicast && [transport::PORT, transport::PORT_IPV6].contains(&destination))
}
