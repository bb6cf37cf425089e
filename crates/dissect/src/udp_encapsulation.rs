//! ISAKMP and ESP in UDP port 4500, RFC 3948.

use ipsec::udp_encapsulation::{Datagram, NON_ESP_MARKER};

use crate::non_ike_marker::{self, NON_IKE_MARKER};
use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::tables::{Handler, Table};
use crate::walk::Walk;

static UDPENCAP: Protocol = Protocol { filter: "udpencap", title: "UDP Encapsulation of IPsec Packets" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    if octets.octets.is_empty() {
        // The datagram is cut before its first octet, so its contents are unknown.
        walk.packet.summary("UDPENCAP", format_args!("cut"));
        return;
    }
    if non_ike_marker::stands_before_esp(octets.octets, &walk.packet.around) {
        let marker = octets.first(NON_IKE_MARKER.len());
        let mut inside = walk.packet.enter(&UDPENCAP, marker.whole());
        inside.field("udpencap.non_ike_marker", Value::Octets(marker.octets), marker.whole());
        inside.leave();
        return esp(walk, octets.after(NON_IKE_MARKER.len()));
    }
    match Datagram::parse(octets.octets) {
        // In a datagram that is cut, more octets may follow the first one.
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
            walk.hand(Handler::Isakmp, &octets.after(NON_ESP_MARKER.len()));
        }
        // A datagram that is too short for either is not valid ESP, and its dissector reports that.
        _ => {
            walk.packet.enter(&UDPENCAP, octets.span(0, 0)).leave();
            esp(walk, *octets);
        }
    }
}

fn esp<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>) {
    if !walk.next(Table::IpProtocol, ipsec::esp::PROTOCOL.into(), &octets) {
        walk.packet.summary("ESP", format_args!("in UDP, {} octets", octets.octets.len()));
    }
}
