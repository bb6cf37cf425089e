//! `PPPoE`, RFC 2516: sessions and their discovery.

use std::fmt;

use wire::Chain;

use crate::packet::{Octets, Packet};
use crate::read_only::ReadOnly;
use crate::sink::{Protocol, Sink, Value};
use crate::sinks::text::{Plain, utf8};
use crate::tables::Handler;
use crate::tlv::Family;
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
    let framing = ReadOnly(Family::PppoeTag);
    let mut line = Line::default();
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
        line.see(element.header, element.value);
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
    (line.code, line.session) = (code, u16::from_be_bytes([high, low]));
    entered.summary("PPPoED", format_args!("{line}"));
}

/// What a message of the discovery says in a line.
#[derive(Clone, Copy, Debug, Default)]
struct Line<'o> {
    code: u8,
    session: u16,
    service_name: &'o [u8],
    ac_name: &'o [u8],
    /// An error, with the name of its tag.
    error: Option<(&'static str, &'o [u8])>,
}

impl<'o> Line<'o> {
    /// Takes in a tag.
    fn see(&mut self, tag: u16, value: &'o [u8]) {
        match tag {
            0x0101 => self.service_name = value,
            0x0102 => self.ac_name = value,
            0x0201 => self.error = Some(("Service-Name-Error", value)),
            0x0202 => self.error = Some(("AC-System-Error", value)),
            0x0203 => self.error = Some(("Generic-Error", value)),
            _ => {}
        }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.code {
            0x07 => "Active Discovery Offer (PADO)",
            0x09 => "Active Discovery Initiation (PADI)",
            0x19 => "Active Discovery Request (PADR)",
            0x65 => "Active Discovery Session-confirmation (PADS)",
            0xa7 => "Active Discovery Terminate (PADT)",
            _ => "Discovery",
        })?;
        if self.session != 0 {
            write!(out, ", session {}", self.session)?;
        }
        for (name, text) in [("AC-Name", self.ac_name), ("Service-Name", self.service_name)] {
            if !text.is_empty() {
                write!(out, ", {name} '{}'", Plain(utf8(text).unwrap_or("not text")))?;
            }
        }
        match self.error {
            Some((name, [])) => write!(out, ", {name}"),
            Some((name, text)) => write!(out, ", {name} '{}'", Plain(utf8(text).unwrap_or("not text"))),
            None => Ok(()),
        }
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
