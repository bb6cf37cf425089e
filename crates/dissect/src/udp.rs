//! UDP.

use etherparse::UdpHeaderSlice;

use crate::dissector::{Dissector, Octets, Packet};
use crate::link::{length_field, too_short};
use crate::sink::{Protocol, Sink, Value};
use crate::tables::Table;

static UDP: Protocol = Protocol { filter: "udp", title: "User Datagram Protocol" };

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let Ok(header) = UdpHeaderSlice::from_slice(octets.octets) else {
        packet.fault("udp", too_short("UDP header", octets, 8), octets.whole());
        return;
    };
    let (source, destination) = (header.source_port(), header.destination_port());
    packet.around.ports = Some((source, destination));
    packet.enter(&UDP, octets.span(0, 8));
    packet.field("udp.srcport", Value::Unsigned(u64::from(source)), octets.span(0, 2));
    packet.field("udp.dstport", Value::Unsigned(u64::from(destination)), octets.span(2, 2));
    let len = usize::from(header.length());
    packet.field("udp.length", Value::Unsigned(u64::from(header.length())), octets.span(4, 2));
    packet.field("udp.checksum", Value::Hexadecimal(u64::from(header.checksum()), 4), octets.span(6, 2));
    // RFC 2675: 0 stands for a jumbogram; the datagram ends with the packet.
    let whole = if len == 0 { octets } else { octets.first(len) };
    let payload = whole.after(8);
    if !payload.octets.is_empty() {
        packet.field("udp.payload", Value::Octets(payload.octets), payload.whole());
    }
    packet.leave();
    if len != 0 && len < 8 {
        packet.fault("udp", length_field("udp.length", len, 8), octets.span(4, 2));
        return;
    }
    if octets.octets.len() < len && !octets.cut {
        packet.fault("udp", too_short("UDP datagram", octets, len), octets.whole());
    }
    packet.sink.summary("UDP", format_args!("{source} → {destination} len {}", payload.octets.len()));
    // The lower port is asked first: well-known ports are low.
    let (first, second) = if source < destination { (source, destination) } else { (destination, source) };
    if !dissector.call_by(Table::UdpPort, u32::from(first), packet, payload) {
        dissector.call_by(Table::UdpPort, u32::from(second), packet, payload);
    }
}
