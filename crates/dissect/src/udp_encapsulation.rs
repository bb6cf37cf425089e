//! ISAKMP and ESP in UDP port 4500, RFC 3948.

use isakmp::header::{NON_ESP_MARKER, strip_non_esp_marker};

use crate::dissector::{Dissector, Octets, Packet};
use crate::sink::{Protocol, Sink, Value};
use crate::tables::{Handler, Table};

static UDPENCAP: Protocol = Protocol { filter: "udpencap", title: "UDP Encapsulation of IPsec Packets" };

/// IP protocol number of ESP.
const ESP: u32 = 50;

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    if octets.octets.is_empty() {
        // Cut before the first octet: it could be anything.
        packet.sink.summary("UDPENCAP", format_args!("cut"));
        return;
    }
    // RFC 3948 section 2.3.
    if octets.octets == [0xff] && !octets.cut {
        packet.enter(&UDPENCAP, octets.whole());
        packet.field("udpencap.nat_keepalive", Value::Octets(octets.octets), octets.whole());
        packet.leave();
        packet.sink.summary("UDPENCAP", format_args!("NAT keepalive"));
        return;
    }
    // RFC 3948 section 2.2: an SPI is never 0.
    if strip_non_esp_marker(octets.octets).is_some() {
        let marker = octets.span(0, NON_ESP_MARKER.len());
        packet.enter(&UDPENCAP, marker);
        packet.field("udpencap.non_esp_marker", Value::Octets(&NON_ESP_MARKER), marker);
        packet.leave();
        dissector.call(Handler::Isakmp, packet, octets.after(NON_ESP_MARKER.len()));
        return;
    }
    packet.enter(&UDPENCAP, octets.span(0, 0));
    packet.leave();
    if !dissector.call_by(Table::IpProtocol, ESP, packet, octets) {
        packet.sink.summary("ESP", format_args!("in UDP, {} octets", octets.octets.len()));
    }
}
