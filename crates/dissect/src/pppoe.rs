//! `PPPoE`, RFC 2516: sessions and their discovery.

use wire::Chain;

use crate::packet::{Octets, Packet};
use crate::sink::{Protocol, Sink, Value};
use crate::tables::Handler;
use crate::tlv::{Family, Tlvs};
use crate::walk::Walk;
use crate::words::Words;

static SESSION: Protocol = Protocol { filter: "pppoes", title: "PPP-over-Ethernet Session" };
static DISCOVERY: Protocol = Protocol { filter: "pppoed", title: "PPP-over-Ethernet Discovery" };

const HEADER_LEN: usize = 6;

pub(crate) fn session<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&SESSION, octets.first(HEADER_LEN).whole());
    let Some(payload) = header(&mut entered, *octets, "pppoes") else { return };
    entered.leave();
    walk.hand(Handler::Ppp, &payload);
}

pub(crate) fn discovery<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&DISCOVERY, octets.whole());
    let Some(payload) = header(&mut entered, *octets, "pppoed") else { return };
    let framing = Tlvs(Family::PppoeTag);
    let read = Chain::parse_until_error(payload.octets, payload.start, framing);
    for element in read.value.iter() {
        let at = element.value_offset.saturating_sub(payload.start);
        let value = payload.after(at).first(element.value.len());
        let (name, shown) = match element.header {
            0x0101 => ("pppoed.tags.service_name", Value::Text(element.value)),
            0x0102 => ("pppoed.tags.ac_name", Value::Text(element.value)),
            0x0103 => ("pppoed.tags.host_uniq", Value::Octets(element.value)),
            0x0104 => ("pppoed.tags.ac_cookie", Value::Octets(element.value)),
            0x0110 => ("pppoed.tags.relay_session_id", Value::Octets(element.value)),
            0x0201 => ("pppoed.tags.service_name_error", Value::Text(element.value)),
            0x0202 => ("pppoed.tags.ac_system_error", Value::Text(element.value)),
            0x0203 => ("pppoed.tags.generic_error", Value::Text(element.value)),
            _ => ("pppoed.tag.unknown_data", Value::Opaque(element.value)),
        };
        if !element.value.is_empty() {
            entered.field(name, shown, value.whole());
        }
    }
    if let Some(fault) = read.fault
        && !payload.cut
    {
        entered.fault("pppoed", fault, payload.whole());
    }
    let [_, code, high, low, ..] = octets.padded::<HEADER_LEN>();
    let name = match code {
        0x07 => "Active Discovery Offer (PADO)",
        0x09 => "Active Discovery Initiation (PADI)",
        0x19 => "Active Discovery Request (PADR)",
        0x65 => "Active Discovery Session-confirmation (PADS)",
        0xa7 => "Active Discovery Terminate (PADT)",
        _ => "Discovery",
    };
    match u16::from_be_bytes([high, low]) {
        0 => entered.summary("PPPoED", format_args!("{name}")),
        session => entered.summary("PPPoED", format_args!("{name}, session {session}")),
    }
}

/// Shows the header, and returns the payload of the length that it declares; `None` when the header is cut.
fn header<'o, S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'o>,
    protocol: &'static str,
) -> Option<Octets<'o>> {
    let mut words = Words::new(packet, octets);
    words.bits::<1>("pppoe.version", 0, 0xf0);
    words.bits::<1>("pppoe.type", 0, 0x0f);
    words.hexadecimal::<1>("pppoe.code", 1);
    words.hexadecimal::<2>("pppoe.session_id", 2);
    words.number::<2>("pppoe.payload_length", 4);
    let [_, _, _, _, high, low] = octets.padded::<HEADER_LEN>();
    let len = usize::from(u16::from_be_bytes([high, low])).saturating_add(HEADER_LEN);
    if octets.octets.len() < len && !octets.cut {
        packet.fault(protocol, octets.too_short("PPPoE packet", len), octets.whole());
    }
    if octets.octets.len() < HEADER_LEN {
        packet.summary("PPPoE", format_args!("cut after {} octets", octets.octets.len()));
        return None;
    }
    Some(octets.first(len).after(HEADER_LEN))
}
