//! NHRP packets.

mod entry;
mod extension;
mod fixed_part;
mod mandatory_part;
mod summary;

use nhrp::{Departure, Emit, FixedPart, MandatoryPart, PacketType, ParseError, Policy, ProtocolType};

use crate::declared_len;
use crate::packet::{Octets, Packet, Quoted};
use crate::sink::{Outcome, Protocol, Sink};
use crate::tables::{Handler, Table};
use crate::walk::Walk;

static NHRP: Protocol = Protocol { filter: "nhrp", title: "Next Hop Resolution Protocol" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let form = walk.state.options.nhrp_authentication;
    let policy = Policy::new(form, Policy::default().extension_nine);
    let (octets, trailer) = within_packet_size(*octets);
    walk.within(&NHRP, octets.whole(), |walk| parts(walk, octets, trailer, policy));
    rebuild(walk, octets, policy);
}

/// Shows a packet, and the octets after it.
fn parts<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>, trailer: Octets<'_>, policy: Policy) {
    let packet = &mut walk.packet;
    let fixed_part = match FixedPart::parse_prefix(octets.octets) {
        Ok((fixed_part, _)) => fixed_part,
        Err(error) => {
            fixed_part::cut(packet, octets);
            packet.fault("nhrp", ParseError::Length(error), octets.whole());
            packet.summary("NHRP", format_args!("cut after {} octets", octets.octets.len()));
            return;
        }
    };
    fixed_part::fields(packet, octets, &fixed_part);
    let is_uncut = !octets.cut && packet.around.quoted != Quoted::Cut;
    if is_uncut && usize::from(fixed_part.packet_size) == octets.octets.len() {
        fixed_part::checksum_status(packet, octets, &fixed_part);
    }
    match nhrp::Packet::parse_until_error(octets.octets) {
        Ok(parsed) => {
            mandatory_part::fields(packet, octets, &fixed_part, &parsed.value);
            summary::say(packet, octets, &fixed_part, &parsed.value);
            quoted(walk, octets, &fixed_part, &parsed.value);
            let packet = &mut walk.packet;
            extension::fields(packet, octets, &parsed.value, policy);
            if let Some(fault) = parsed.fault.filter(|_| !is_whole(octets)) {
                packet.fault("nhrp", fault, octets.whole());
            }
        }
        Err(fault) => {
            packet.fault("nhrp", fault, octets.whole());
            summary::say_undecodable(packet, octets, &fixed_part);
        }
    }
    let packet = &mut walk.packet;
    packet.opaque("nhrp.trailer", trailer);
    if packet.wants_departures() && !octets.cut {
        departures(packet, octets, policy);
    }
}

/// Returns the packet with the length of its packet size field, and the octets after it, which are padding of an outer
/// layer.
fn within_packet_size(octets: Octets<'_>) -> (Octets<'_>, Octets<'_>) {
    let len = octets.octets.len();
    let declared = FixedPart::parse_prefix(octets.octets)
        // default: octets without a fixed part have no packet size
        .ok()
        .filter(|(fixed_part, _)| fixed_part.version == FixedPart::VERSION)
        .map(|(fixed_part, _)| usize::from(fixed_part.packet_size))
        // A size that is not valid, or that is larger than the octets, is ignored.
        .filter(|declared| (FixedPart::LEN..=len).contains(declared));
    match declared {
        Some(declared) => (octets.first(declared), octets.after(declared)),
        None => (octets, octets.after(len)),
    }
}

/// Whether the packet is complete although its packet size is not valid, which is reported as a departure.
fn is_whole(octets: Octets<'_>) -> bool {
    !octets.cut && nhrp::Packet::parse_ignoring_size(octets.octets).is_ok()
}

fn departures<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, policy: Policy) {
    let (Ok(parsed), Ok((fixed_part, _))) =
        (nhrp::Packet::parse_ignoring_size(octets.octets), FixedPart::parse_prefix(octets.octets))
    else {
        return;
    };
    // A malformed extension is a fault of its own, and told there.
    let is_fault = |it: &Departure| matches!(it, Departure::MalformedExtension { .. });
    let parsed = parsed.conformance(policy).filter(|it| !is_fault(it));
    // A wrong checksum of a whole packet is a fault too.
    let is_whole = usize::from(fixed_part.packet_size) == octets.octets.len();
    let is_told = |it: &Departure| is_whole && matches!(it, Departure::Checksum { .. });
    for departure in fixed_part.conformance(octets.octets).filter(|it| !is_told(it)).chain(parsed) {
        packet.departure(format_args!("{departure}"), departure.reference(), octets.whole());
    }
}

fn rebuild<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>, policy: Policy) {
    if !walk.packet.wants_rebuilt() {
        return;
    }
    match nhrp::Packet::parse_ignoring_size(octets.octets) {
        Ok(parsed) => {
            let corrected = !is_right(octets.octets);
            let extensions_len = extension::copied_len(&parsed, policy);
            let copied_len = extensions_len.saturating_add(match &parsed.mandatory_part {
                MandatoryPart::Other(other) => other.octets.len(),
                part => part.indication().map_or(0, |indication| indication.packet_in_error.len()),
            });
            walk.rebuild("nhrp", octets, corrected, |buffer| {
                let written = parsed.emit(buffer)?;
                // A corrected packet must be read back as the same packet, with nothing left to correct.
                let is_same = nhrp::Packet::parse(written).as_ref() == Ok(&parsed) && is_right(written);
                Ok(is_same.then_some((written.len(), copied_len)))
            });
        }
        Err(_) => walk.packet.not_rebuilt("nhrp", octets, Outcome::Undecodable),
    }
}

/// Whether all values that a sender derives are right.
fn is_right(packet: &[u8]) -> bool {
    FixedPart::parse_prefix(packet)
        .is_ok_and(|(fixed_part, _)| fixed_part.conformance(packet).next().is_none())
}

/// Shows the packet in an indication: an NHRP packet in an Error Indication, or a packet of the protocol in Cisco's
/// Traffic Indication. Its sender usually cuts it, which is not a fault.
fn quoted<S: Sink>(
    walk: &mut Walk<'_, S>,
    octets: Octets<'_>,
    fixed_part: &FixedPart,
    parsed: &nhrp::Packet<'_>,
) {
    let Some(indication) = parsed.mandatory_part.indication() else { return };
    let quoted = indication.packet_in_error;
    let (handler, declared_len) = if fixed_part.packet_type == PacketType::ERROR_INDICATION {
        let inner = FixedPart::parse_prefix(quoted).ok();
        (Some(Handler::Nhrp), inner.map(|(inner, _)| usize::from(inner.packet_size)))
    } else {
        let handler = ethertype(fixed_part).and_then(|key| walk.state.tables.handler(Table::EtherType, key));
        (handler, declared_len::of_ip(quoted))
    };
    let Some(handler) = handler.filter(|_| !quoted.is_empty()) else { return };
    // The quoted packet ends where the mandatory part ends.
    let end = mandatory_part::end(octets, fixed_part);
    let mut inner = octets.after(end.saturating_sub(quoted.len()));
    inner.octets = quoted;
    inner.cut =
        declared_len.is_none_or(|len| len > quoted.len()) || (octets.cut && end == octets.octets.len());
    let line = summary::Indicated { fixed_part, part: &parsed.mandatory_part, indication };
    walk.quote("NHRP", format_args!("{line}, for "), handler, inner);
}

/// Returns the ethertype for the packet's protocol type, RFC 2332 section 5.1.
fn ethertype(fixed_part: &FixedPart) -> Option<u32> {
    match fixed_part.protocol_type {
        ProtocolType::SNAP => match fixed_part.protocol_snap {
            [0, 0, 0, high, low] => Some(u32::from(u16::from_be_bytes([high, low]))),
            _ => None,
        },
        ProtocolType(number) => (number >= 0x600).then_some(u32::from(number)),
    }
}
