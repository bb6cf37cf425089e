//! UDP.

use etherparse::UdpHeaderSlice;

use crate::dissector::{Dissector, Octets, Packet};
use crate::hsrp_message;
use crate::link::{count, length_field, too_short};
use crate::sctp_packet::within::may_carry_sctp_in;
use crate::sink::{Part, Protocol, Sink, Value};
use crate::tables::{Handler, Table};

static UDP: Protocol = Protocol { filter: "udp", title: "User Datagram Protocol" };

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let Ok(header) = UdpHeaderSlice::from_slice(octets.octets) else {
        packet.broken(&UDP, too_short("UDP header", octets, 8), octets.whole());
        return;
    };
    let (source, destination) = (header.source_port(), header.destination_port());
    packet.around.ports = Some((source, destination));
    let mut inside = packet.enter(&UDP, octets.span(0, 8));
    inside.field("udp.srcport", Value::Unsigned(u64::from(source)), octets.span(0, 2));
    inside.field("udp.dstport", Value::Unsigned(u64::from(destination)), octets.span(2, 2));
    let len = usize::from(header.length());
    inside.field("udp.length", Value::Unsigned(u64::from(header.length())), octets.span(4, 2));
    inside.field("udp.checksum", Value::Hexadecimal(u64::from(header.checksum()), 4), octets.span(6, 2));
    // RFC 2675: in IPv6, 0 stands for a jumbogram; the datagram ends with the packet.
    let is_jumbogram = len == 0 && inside.around.network.is_some_and(|(source, _)| source.is_ipv6());
    let is_too_small = len < 8 && !is_jumbogram;
    let payload = if is_jumbogram { octets.after(8) } else { octets.first(len).after(8) };
    if is_too_small {
        inside.fault("udp", length_field("udp.length", len, 8), octets.span(4, 2));
    } else if octets.octets.len() < len && !octets.cut {
        inside.fault("udp", too_short("UDP datagram", octets, len), octets.whole());
    }
    // SCTP can carry keys, which its own fields do not show.
    if S::FIELDS
        && !payload.octets.is_empty()
        && !is_too_small
        && !may_carry_sctp_in(dissector, Handler::Udp, octets.octets)
    {
        inside.field("udp.payload", Value::Octets(payload.octets), payload.whole());
    }
    inside.leave();
    if is_too_small {
        return;
    }
    if !payload.octets.is_empty() || payload.cut {
        // What the user said goes first; then the lower port: well-known ports are low.
        let is_users = |dissector: &Dissector, port| dissector.is_users(Table::UdpPort, u32::from(port));
        let (lower, higher) =
            if source < destination { (source, destination) } else { (destination, source) };
        let (first, second) = if is_users(dissector, higher) && !is_users(dissector, lower) {
            (higher, lower)
        } else {
            (lower, higher)
        };
        for port in [first, second] {
            let Some(handler) = dissector.tables.handler(Table::UdpPort, u32::from(port)) else { continue };
            // A client's port can be HSRP's by chance; what the user says is meant.
            let by_chance = handler == Handler::Hsrp
                && !hsrp_message::is_sent_so(&packet.around)
                && !is_users(dissector, port);
            if !by_chance {
                return dissector.call(handler, packet, payload);
            }
        }
    }
    let (source, destination) = (Part::Number(source.into()), Part::Number(destination.into()));
    let len = Part::Number(count(payload.octets.len()));
    packet.sink.summary_parts("UDP", &[source, Part::Text(" → "), destination, Part::Text(" len "), len]);
}
