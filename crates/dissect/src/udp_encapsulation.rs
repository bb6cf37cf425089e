//! ISAKMP and ESP in UDP port 4500, RFC 3948.

use ipsec::udp_encapsulation::{Datagram, NON_ESP_MARKER};

use crate::dissector::{Dissector, Octets, Packet};
use crate::sink::{Protocol, Sink, Value};
use crate::tables::{Handler, Table};

static UDPENCAP: Protocol = Protocol { filter: "udpencap", title: "UDP Encapsulation of IPsec Packets" };

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    if octets.octets.is_empty() {
        // Cut before the first octet: it could be anything.
        packet.sink.summary("UDPENCAP", format_args!("cut"));
        return;
    }
    match Datagram::parse(octets.octets) {
        // Of one that is cut nobody knows what follows.
        Ok(Datagram::Keepalive) if !octets.cut => {
            let mut inside = packet.enter(&UDPENCAP, octets.whole());
            inside.field("udpencap.nat_keepalive", Value::Octets(octets.octets), octets.whole());
            inside.leave();
            packet.sink.summary("UDPENCAP", format_args!("NAT keepalive"));
        }
        Ok(Datagram::Ike(_)) => {
            let marker = octets.span(0, NON_ESP_MARKER.len());
            let mut inside = packet.enter(&UDPENCAP, marker);
            inside.field("udpencap.non_esp_marker", Value::Octets(&NON_ESP_MARKER), marker);
            inside.leave();
            dissector.call(Handler::Isakmp, packet, octets.after(NON_ESP_MARKER.len()));
        }
        // What is too short to tell is no ESP either, which says so.
        _ => {
            packet.enter(&UDPENCAP, octets.span(0, 0)).leave();
            let esp = u32::from(ipsec::esp::PROTOCOL);
            if !dissector.call_by(Table::IpProtocol, esp, packet, octets) {
                packet.sink.summary("ESP", format_args!("in UDP, {} octets", octets.octets.len()));
            }
        }
    }
}
