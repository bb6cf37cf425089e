//! ISAKMP and ESP in UDP port 4500, RFC 3948.

use ipsec::udp_encapsulation::{Datagram, NON_ESP_MARKER};

use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::tables::{Handler, Table};
use crate::walk::Walk;

static UDPENCAP: Protocol = Protocol { filter: "udpencap", title: "UDP Encapsulation of IPsec Packets" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>) {
    if octets.octets.is_empty() {
        // Cut before the first octet: it could be anything.
        walk.packet.summary("UDPENCAP", format_args!("cut"));
        return;
    }
    match Datagram::parse(octets.octets) {
        // Of one that is cut nobody knows what follows.
        Ok(Datagram::Keepalive) if !octets.cut => {
            let mut inside = walk.packet.enter(&UDPENCAP, octets.whole());
            inside.field("udpencap.nat_keepalive", Value::Octets(octets.octets), octets.whole());
            inside.leave();
            walk.packet.summary("UDPENCAP", format_args!("NAT keepalive"));
        }
        Ok(Datagram::Ike(_)) => {
            let marker = octets.span(0, NON_ESP_MARKER.len());
            let mut inside = walk.packet.enter(&UDPENCAP, marker);
            inside.field("udpencap.non_esp_marker", Value::Octets(&NON_ESP_MARKER), marker);
            inside.leave();
            walk.hand(Handler::Isakmp, octets.after(NON_ESP_MARKER.len()));
        }
        // What is too short to tell is no ESP either, which says so.
        _ => {
            walk.packet.enter(&UDPENCAP, octets.span(0, 0)).leave();
            let esp = u32::from(ipsec::esp::PROTOCOL);
            if !walk.next(Table::IpProtocol, esp, octets) {
                walk.packet.summary("ESP", format_args!("in UDP, {} octets", octets.octets.len()));
            }
        }
    }
}
