//! ISAKMP, version 1 whole and version 2 as far as its list of payloads.

use isakmp::ios::{Lines, Prefix};
use isakmp::{Body, FramedHeader, Message, NegotiationContext, ParseError, Payload, PayloadType, Payloads};

use crate::dissector::{Dissector, Octets, Packet, clear_for};
use crate::sink::{Outcome, Protocol, Reason, Sink, Value};

mod association;
mod attribute;
mod configuration;
pub(crate) mod conversation;
mod copied;
mod header;
mod identification;
pub(crate) mod ike_sa;
mod notification;
mod payload;
mod summary;
mod vendor_id;
mod version_2;

use conversation::Conversation;
use header::Registries;
use ike_sa::{Checked, Opened, Opening};
use summary::{Summary, TransformCount};

static ISAKMP: Protocol =
    Protocol { filter: "isakmp", title: "Internet Security Association and Key Management Protocol" };

/// Where the octets of a message come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Datagram,
    /// Fragments were put together. No sender fragments a fragment: those in such a message are shown, no more.
    Fragments,
}

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    any_version(dissector, packet, octets, Origin::Datagram);
}

fn any_version<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    origin: Origin,
) {
    match FramedHeader::parse_prefix(octets.octets) {
        Ok((framed, _)) => match framed.header.version.major() {
            1 => version_1(dissector, packet, octets, &framed, origin),
            2 => version_2::dissect(&mut packet.enter(&ISAKMP, octets.whole()), octets, &framed),
            _ => {
                let mut inside = packet.enter(&ISAKMP, octets.whole());
                header::fields(&mut inside, octets, &framed, Registries::Version1);
                inside.sink.summary("ISAKMP", format_args!("version {}", framed.header.version));
                inside.fault(
                    "isakmp",
                    ParseError::Version { version: framed.header.version, offset: 17 },
                    octets.span(17, 1),
                );
                inside.leave();
                Dissector::not_rebuilt(packet, "isakmp", octets, Outcome::Undecodable);
            }
        },
        // RFC 3948 section 2.3, as sent before the port was changed.
        Err(_) if octets.octets == [0xff] && !octets.cut => {
            let mut inside = packet.enter(&ISAKMP, octets.whole());
            inside.field("isakmp.ike.nat_keepalive", Value::Octets(octets.octets), octets.whole());
            inside.sink.summary("ISAKMP", format_args!("NAT keepalive"));
        }
        Err(error) => {
            let mut inside = packet.enter(&ISAKMP, octets.whole());
            header::cut(&mut inside, octets);
            let len = octets.octets.len();
            inside.sink.summary("ISAKMP", format_args!("header cut after {len} octets"));
            inside.fault("isakmp", error, octets.whole());
            inside.leave();
            Dissector::not_rebuilt(packet, "isakmp", octets, Outcome::Undecodable);
        }
    }
}

/// A message of major version 1.
fn version_1<S: Sink>(
    dissector: &mut Dissector,
    outer: &mut Packet<'_, S>,
    octets: Octets<'_>,
    framed: &FramedHeader,
    origin: Origin,
) {
    let mut entered = outer.enter(&ISAKMP, octets.whole());
    let packet = &mut *entered;
    header::fields(packet, octets, framed, Registries::Version1);
    let Ok((message, faults)) = Message::parse_until_error(octets.octets) else {
        // Header and version have been read.
        return;
    };
    let conversation = Conversation::of(&framed.header, &packet.around);
    let (opened, checked) = follow(dissector, packet, octets, framed, &conversation, &message, faults);
    if let Some(fault) = faults.length {
        packet.fault("isakmp", fault, octets.span(24, 4));
    }
    if let Body::Encrypted(body) = &message.body {
        let span = octets.span(FramedHeader::LEN, body.octets.len());
        packet.field("isakmp.enc.data", Value::Octets(body.octets), span);
    }
    // What was decrypted is shown as if it had come so, in octets of its own.
    let (received, as_received) = (&message, octets);
    let decrypted;
    let (message, octets, chain_fault) = match (&opened, &message.body) {
        (Some(opened), Body::Encrypted(body)) => {
            let source = packet.source("Decrypted ISAKMP", &opened.plain);
            let octets = Octets { octets: &opened.plain, source, start: 0, cut: false };
            let (payloads, fault) = body.payloads_until_error(octets.after(FramedHeader::LEN).octets);
            decrypted = Message { header: message.header, body: Body::Payloads(payloads) };
            (&decrypted, octets, fault)
        }
        _ => (&message, octets, faults.chain),
    };
    let context = dissector.isakmp.context(&conversation, message);
    let mut seen = Seen::default();
    if let Body::Payloads(payloads) = &message.body {
        seen = show_payloads(packet, octets, payloads, context, message.header.phase());
        match chain_fault {
            Some(fault) => {
                let next = following(framed.next_payload, payloads);
                payload::broken(packet, octets, next, payloads.rest_offset(), payloads.rest());
                let broken = octets.span(payloads.rest_offset(), payloads.rest().len());
                packet.fault("isakmp", ParseError::Length(fault), broken);
            }
            None if !payloads.rest().is_empty() => {
                let rest = payloads.rest();
                let span = octets.span(payloads.rest_offset(), rest.len());
                packet.field("isakmp.extradata", Value::Octets(rest), span);
            }
            None => {}
        }
        if let Some(checked) = checked {
            show_checked(packet, octets, payloads, checked);
        }
    }
    if faults.length.is_none() {
        // What stands behind the total length is no part of the message.
        let behind = as_received.after(message_len(framed));
        if !behind.octets.is_empty() {
            packet.field("isakmp.extradata", Value::Octets(behind.octets), behind.whole());
        }
    }
    let summary = Summary { message, context, transforms: seen.transforms };
    packet.sink.summary("ISAKMP", format_args!("{summary}"));
    if packet.sink.wants_departures() && !as_received.cut {
        match &opened {
            Some(_) => {
                let mut report = |departure: isakmp::Departure| {
                    packet.sink.departure(format_args!("{departure}"), departure.reference(), octets.whole());
                };
                message.derived(&mut report);
                message.conformance(context).for_each(report);
            }
            None => departures(packet, octets, message, context),
        }
    }
    if packet.sink.wants_debug_lines() {
        let lines = Lines { message, context, prefix: Prefix::default() };
        packet.sink.debug_lines(format_args!("{lines}"));
    }
    entered.leave();
    let packet = outer;
    match &opened {
        Some(opened) => rebuild_encrypted(dissector, packet, as_received, message, context, opened),
        None => rebuild(dissector, packet, as_received, context),
    }
    if seen.fragments && origin == Origin::Datagram && !as_received.cut {
        reassemble(dissector, packet, as_received, &conversation, received, context);
    }
}

/// Takes a message into what is known of its SA: returns what was decrypted, and the HASH that was checked.
fn follow<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    framed: &FramedHeader,
    conversation: &Conversation,
    message: &Message<'_>,
    faults: isakmp::Faults,
) -> (Option<Box<Opened>>, Option<Checked>) {
    let is_whole = faults.first().is_none() && !octets.cut && packet.around.is_live();
    if !is_whole || !dissector.ike_sas.follows() {
        return (None, None);
    }
    let Body::Encrypted(body) = &message.body else {
        return (None, dissector.ike_sas.learn(conversation, message));
    };
    match dissector.ike_sas.open(conversation, framed, *body, octets.octets) {
        Opening::NoKeys => (None, None),
        Opening::Failed(reason) => {
            packet.fault("isakmp", reason, octets.span(FramedHeader::LEN, body.octets.len()));
            (None, None)
        }
        Opening::Opened(mut opened) => {
            for row in core::mem::take(&mut opened.children) {
                dissector.associations.learn(row.keys);
            }
            let checked = opened.hash;
            (Some(opened), checked)
        }
    }
}

/// Says whether a HASH is right.
fn show_checked<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    payloads: &Payloads<'_>,
    checked: Checked,
) {
    let hash = payloads.iter().find(|element| element.header.payload_type == PayloadType::HASH);
    let span = hash.map_or_else(|| octets.whole(), |hash| octets.span(hash.offset, hash.octets.len()));
    packet.field("isakmp.hash.verified", Value::Boolean(checked.is_right), span);
    if !checked.is_right {
        packet.fault("isakmp", Reason::IsakmpHash { hash: checked.name }, span);
    }
}

/// Tells what breaks a rule.
fn departures<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    message: &Message<'_>,
    context: NegotiationContext,
) {
    let mut report = |departure: isakmp::Departure| {
        packet.sink.departure(format_args!("{departure}"), departure.reference(), octets.whole());
    };
    let _ = Message::parse_reporting(octets.octets, &mut report);
    for departure in message.conformance(context) {
        report(departure);
    }
}

/// What was met when payloads were shown.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The transforms of the last association, where they were counted.
    transforms: Option<TransformCount>,
    /// Whether there is a fragment.
    fragments: bool,
}

/// Shows payloads.
fn show_payloads<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    payloads: &Payloads<'_>,
    context: NegotiationContext,
    phase: isakmp::Phase,
) -> Seen {
    let mut seen = Seen::default();
    for element in payloads {
        seen.fragments |= element.header.payload_type == PayloadType::FRAGMENT;
        // A sink that looks at no field is told of faults alone: what is known to have none is passed over.
        match element.header.payload_type {
            PayloadType::VENDOR_ID if !S::FIELDS => {}
            PayloadType::SECURITY_ASSOCIATION if !S::FIELDS => match association::transform_count(&element) {
                Some(count) => seen.transforms = Some(TransformCount { offset: element.offset, count }),
                None => payload::fields(packet, octets, &element, context, phase),
            },
            _ => payload::fields(packet, octets, &element, context, phase),
        }
    }
    seen
}

fn message_len(framed: &FramedHeader) -> usize {
    usize::try_from(framed.length).unwrap_or(usize::MAX)
}

/// Type of the payload that follows the last one of a chain.
fn following(first: PayloadType, payloads: &Payloads<'_>) -> PayloadType {
    payloads.iter().last().map_or(first, |element| isakmp::payload::next_payload(&element))
}

/// Encodes the message again. Ciphertext stays ciphertext; that its header comes back is looked at all the same.
fn rebuild<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    context: NegotiationContext,
) {
    if !packet.sink.wants_rebuilt() {
        return;
    }
    let mut corrected = false;
    match Message::parse_reporting(octets.octets, &mut |_| corrected = true) {
        Err(_) => Dissector::not_rebuilt(packet, "isakmp", octets, Outcome::Undecodable),
        Ok(message) => {
            if matches!(message.body, Body::Encrypted(_)) {
                clear_for(&mut dissector.scratch, octets.octets.len());
                dissector.scratch.resize(octets.octets.len(), 0);
                let len = message.emit(&mut dissector.scratch).unwrap_or_default();
                if corrected || dissector.scratch.get(..len) == Some(octets.octets) {
                    return Dissector::not_rebuilt(packet, "isakmp", octets, Outcome::Opaque);
                }
            }
            dissector.rebuild(packet, "isakmp", octets, corrected, |buffer| {
                let len = message.emit_as(&context, buffer)?;
                let again = buffer.get(..len).unwrap_or_default();
                Ok(reads_back(&message, again).then(|| (len, copied::octets_copied(&message, context))))
            });
        }
    }
}

/// Encodes a decrypted message again, and encrypts it.
fn rebuild_encrypted<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    message: &Message<'_>,
    context: NegotiationContext,
    opened: &Opened,
) {
    if !packet.sink.wants_rebuilt() {
        return;
    }
    let mut corrected = message.wire_len() != octets.octets.len();
    message.derived(&mut |_| corrected = true);
    dissector.rebuild(packet, "isakmp", octets, corrected, |buffer| {
        let len = message.emit_as(&context, buffer)?;
        let body = buffer.get_mut(FramedHeader::LEN..len).unwrap_or_default();
        Ok(opened.encrypt(body).is_ok().then(|| (len, copied::octets_copied(message, context))))
    });
}

/// Whether octets read as the message, with nothing left to correct: what was corrected stands in associations.
fn reads_back(message: &Message<'_>, octets: &[u8]) -> bool {
    let mut is_right = true;
    let again = Message::parse_reporting(octets, &mut |_| is_right = false);
    let Ok(again) = again else { return false };
    let (Body::Payloads(ours), Body::Payloads(theirs)) = (&message.body, &again.body) else {
        return is_right && again == *message;
    };
    let holds_proposals = |kind| matches!(kind, PayloadType::SECURITY_ASSOCIATION | PayloadType::PROPOSAL);
    is_right
        && again.header == message.header
        && ours.element_count() == theirs.element_count()
        && ours.rest() == theirs.rest()
        && ours.iter().zip(theirs).all(|(ours, theirs)| {
            ours.header == theirs.header
                && ours.octets.len() == theirs.octets.len()
                && (ours.value == theirs.value || holds_proposals(ours.header.payload_type))
        })
}

/// Takes in the fragments in a message, and dissects what they complete.
fn reassemble<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    conversation: &Conversation,
    message: &Message<'_>,
    context: NegotiationContext,
) {
    let Body::Payloads(payloads) = &message.body else { return };
    for element in payloads {
        if element.header.payload_type != PayloadType::FRAGMENT {
            continue;
        }
        let Ok(Payload::Fragment(fragment)) = Payload::parse(&element, &context) else { continue };
        match dissector.isakmp.fragments.accept(conversation, &fragment, packet.time) {
            Ok(None) => {}
            Ok(Some(whole)) => {
                let source = packet.source("Reassembled ISAKMP", &whole);
                let whole = Octets { octets: &whole, source, start: 0, cut: false };
                if packet.descend(whole.whole()) {
                    any_version(dissector, packet, whole, Origin::Fragments);
                    packet.ascend();
                }
            }
            Err(error) => {
                let span = octets.span(element.offset, element.octets.len());
                packet.fault("isakmp", error, span);
            }
        }
    }
}
