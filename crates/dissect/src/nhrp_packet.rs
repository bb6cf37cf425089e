//! NHRP.

mod entry;
mod extension;
mod fixed_part;
mod mandatory_part;
mod summary;

use nhrp::{FixedPart, MandatoryPart, PacketType, ParseError, Parts, Policy, ProtocolType};

use crate::dissector::{Dissector, Octets, Packet, Quoted};
use crate::ip;
use crate::sink::{Address, Outcome, Protocol, Sink, Value};
use crate::tables::{Handler, Table};

static NHRP: Protocol = Protocol { filter: "nhrp", title: "Next Hop Resolution Protocol" };

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, outer: &mut Packet<'_, S>, octets: Octets<'_>) {
    let policy = Policy { authentication: dissector.options.nhrp_authentication, ..Policy::default() };
    let (octets, trailer) = within_packet_size(octets);
    let mut entered = outer.enter(&NHRP, octets.whole());
    let packet = &mut *entered;
    let parts = match Parts::parse(octets.octets) {
        Ok(parts) => parts,
        Err(error) => {
            fixed_part::cut(packet, octets);
            packet.fault("nhrp", ParseError::Length(error), octets.whole());
            packet.sink.summary("NHRP", format_args!("cut after {} octets", octets.octets.len()));
            entered.leave();
            Dissector::not_rebuilt(outer, "nhrp", octets, Outcome::Undecodable);
            return;
        }
    };
    let fixed_part = &parts.fixed_part;
    fixed_part::fields(packet, octets, fixed_part);
    mandatory_part::fields(packet, octets, &parts);
    quoted(dissector, packet, octets, &parts);
    extension::fields(packet, octets, &parts, policy);
    if let Some(fault) = parts.fault {
        packet.fault("nhrp", fault, octets.whole());
    }
    if !trailer.octets.is_empty() {
        packet.field("nhrp.trailer", Value::Octets(trailer.octets), trailer.whole());
    }
    summary::say(packet, &parts);
    if packet.sink.wants_departures() && !octets.cut {
        departures(packet, octets, policy);
    }
    entered.leave();
    rebuild(dissector, outer, octets, policy);
}

/// The packet as long as its packet size says, and what follows it: padding that something around it left there.
fn within_packet_size(octets: Octets<'_>) -> (Octets<'_>, Octets<'_>) {
    let len = octets.octets.len();
    let declared = FixedPart::parse_prefix(octets.octets)
        .ok()
        .filter(|(fixed_part, _)| fixed_part.version == FixedPart::VERSION)
        .map(|(fixed_part, _)| usize::from(fixed_part.packet_size))
        // A size that is none, or that the octets do not reach, says nothing.
        .filter(|declared| (FixedPart::LEN..=len).contains(declared));
    match declared {
        Some(declared) => (octets.first(declared), octets.after(declared)),
        None => (octets, octets.after(len)),
    }
}

fn departures<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, policy: Policy) {
    let mut report = |departure: nhrp::Departure| {
        packet.sink.departure(format_args!("{departure}"), departure.reference(), octets.whole());
    };
    if let Ok(parsed) = nhrp::Packet::parse_reporting(octets.octets, &mut report) {
        parsed.conformance(policy).for_each(report);
    }
}

fn rebuild<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    policy: Policy,
) {
    if !packet.sink.wants_rebuilt() {
        return;
    }
    let mut corrected = false;
    match nhrp::Packet::parse_reporting(octets.octets, &mut |_| corrected = true) {
        Ok(parsed) => {
            let extensions_len = extension::copied_len(&parsed, policy);
            let copied_len = extensions_len.saturating_add(match &parsed.mandatory_part {
                MandatoryPart::Other(other) => other.octets.len(),
                part => part.indication().map_or(0, |indication| indication.packet_in_error.len()),
            });
            dissector.rebuild(packet, "nhrp", octets, corrected, |buffer| {
                let len = parsed.emit(buffer)?;
                // What was corrected must read back as the same packet, with nothing left to correct.
                let mut is_right = true;
                let written = buffer.get(..len).unwrap_or_default();
                let again = nhrp::Packet::parse_reporting(written, &mut |_| is_right = false);
                Ok((again.as_ref() == Ok(&parsed) && is_right).then_some((len, copied_len)))
            });
        }
        Err(_) => Dissector::not_rebuilt(packet, "nhrp", octets, Outcome::Undecodable),
    }
}

/// Shows the packet that an indication is about: of NHRP in an Error Indication, of the protocol in Cisco's Traffic
/// Indication. It is mostly cut short by the sender, which is no fault of it.
fn quoted<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    parts: &Parts<'_>,
) {
    let Some(indication) = parts.mandatory_part.as_ref().ok().and_then(MandatoryPart::indication) else {
        return;
    };
    let quoted = indication.packet_in_error;
    let fixed_part = &parts.fixed_part;
    let (handler, declared_len) = if fixed_part.packet_type == PacketType::ERROR_INDICATION {
        let inner = FixedPart::parse_prefix(quoted).ok();
        (Some(Handler::Nhrp), inner.map(|(inner, _)| usize::from(inner.packet_size)))
    } else {
        let handler = ethertype(fixed_part).and_then(|key| dissector.tables.handler(Table::EtherType, key));
        (handler, ip::declared_len(quoted))
    };
    let Some(handler) = handler.filter(|_| !quoted.is_empty()) else { return };
    // The quotation ends where the mandatory part does.
    let end = mandatory_part::end(octets, fixed_part);
    let mut inner = octets.after(end.saturating_sub(quoted.len()));
    inner.octets = quoted;
    inner.cut =
        declared_len.is_none_or(|len| len > quoted.len()) || (octets.cut && end == octets.octets.len());
    let around = packet.around;
    packet.around.quoted = match (inner.cut, around.quoted) {
        // In a quotation that is cut, this one may be cut by the same.
        (true, _) | (_, Quoted::Cut) => Quoted::Cut,
        _ => Quoted::Whole,
    };
    dissector.call(handler, packet, inner);
    // What is quoted is not what is sent.
    packet.around = around;
    if let Some((source, destination)) = around.network {
        packet.endpoints(Address::Ip(source), Address::Ip(destination));
    }
}

/// The ethertype that the packet's protocol type stands for, RFC 2332 section 5.1.
fn ethertype(fixed_part: &FixedPart) -> Option<u32> {
    match fixed_part.protocol_type {
        ProtocolType::SNAP => match fixed_part.protocol_snap {
            [0, 0, 0, high, low] => Some(u32::from(u16::from_be_bytes([high, low]))),
            _ => None,
        },
        ProtocolType(number) => (number >= 0x600).then_some(u32::from(number)),
    }
}
