//! HA synchronisation messages, the profile of `vpnwire-hasync`. Of keys only the lengths are shown.

mod attribute;
mod summary;

use hasync::{Attribute, DebugCryptoHa, Emit as _, Header, Message, MessageType, ParseError, Parsed};

use crate::numbers::{self, Form};
use crate::packet::{Octets, Packet};
use crate::sink::{Outcome, Protocol, Sink};
use crate::walk::Walk;
use summary::Summary;

static HA: Protocol = Protocol { filter: "ha", title: "IPsec High Availability Synchronisation" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&HA, octets.whole());
    let packet = &mut *entered;
    header_fields(packet, *octets);
    packet.around.ha_message_count = packet.around.ha_message_count.saturating_add(1);
    let number = packet.around.ha_message_count;
    let read = Message::parse_until_error(octets.octets);
    let (Parsed { value: message, fault, .. }, declared_len) =
        match (read, Header::declared_len(octets.octets)) {
            (Ok(parsed), Ok(declared_len)) => (parsed, declared_len),
            (Err(error), _) | (_, Err(error)) => {
                packet.fault("ha", error, octets.whole());
                packet.summary("HA", format_args!("no message in {} octets", octets.octets.len()));
                entered.leave();
                walk.packet.not_rebuilt("ha", *octets, Outcome::Undecodable);
                return;
            }
        };
    let is_cut = octets.octets.len() < declared_len;
    for element in message.attributes.elements() {
        attribute::fields(packet, *octets, &element, is_cut);
    }
    let behind = octets.after(declared_len);
    let chain = message.attributes.chain();
    if let Some(fault) = fault {
        // The fault for an attribute that is cut was reported already.
        if let Some(chain) = chain.filter(|chain| !chain.is_cut()) {
            packet.fault("ha", fault, octets.after(chain.rest_offset()).whole());
        }
    } else if !behind.octets.is_empty() {
        let (element, offset, count) = ("HA message", declared_len, behind.octets.len());
        packet.fault("ha", ParseError::TrailingOctets { element, offset, count }, behind.whole());
    }
    packet.summary("HA", format_args!("{}", Summary { message: &message, number }));
    if packet.wants_departures() && !octets.cut {
        for departure in message.conformance() {
            packet.departure(format_args!("{departure}"), departure.reference(), octets.whole());
        }
        let right = hasync::profile::stream(message.header.message_type);
        if let Some(stream) = packet.around.stream.filter(|stream| *stream != right.0) {
            let line =
                format_args!("the message is on stream {stream}, but its stream in the profile is {right}");
            packet.departure(line, "HA profile, streams", octets.whole());
        }
    }
    if packet.wants_debug_lines() {
        let number = number.saturating_sub(1);
        let lines = DebugCryptoHa { message: &message, number, declared_len, prefix: "" };
        packet.debug_lines(format_args!("{lines}"), octets.whole());
    }
    entered.leave();
    rebuild(walk, *octets);
}

/// Shows the fields of the header that are present.
fn header_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let type_name = |number| u8::try_from(number).ok().and_then(|number| MessageType(number).name());
    numbers::show(
        packet,
        octets,
        &[
            ("ha.flags", 0, Form::Hexadecimal(1)),
            ("ha.type", 1, Form::Named(1, type_name)),
            ("ha.len", 2, Form::Decimal(2)),
        ],
    );
    attribute::address(packet, octets.after(4).first(4), "ha.id");
}

/// Encodes the message again. Only lengths are derived values, and a message with a wrong length is not accepted.
fn rebuild<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>) {
    if !walk.packet.wants_rebuilt() {
        return;
    }
    let Ok(message) = Message::parse(octets.octets) else {
        return walk.packet.not_rebuilt("ha", octets, Outcome::Undecodable);
    };
    let copied_len =
        message.attributes.elements().fold(0usize, |sum, element| match Attribute::parse(&element) {
            Ok(Attribute::Raw { .. }) | Err(_) => sum.saturating_add(element.octets.len()),
            Ok(_) => sum,
        });
    walk.rebuild("ha", octets, false, |buffer| Ok(Some((message.emit(buffer)?.len(), copied_len))));
}
