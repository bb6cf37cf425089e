//! ISAKMP messages: all of version 1, and the header and payload list of version 2.

use isakmp::ios::{Lines, Prefix};
use isakmp::{
    Body, Departure, Emit, Flags, FramedHeader, Header, LengthError, Message, NegotiationContext, ParseError,
    Parsed, Payload, PayloadBody, PayloadElement, PayloadFraming, PayloadType, Payloads,
};

use crate::conversation::Conversation;
use crate::ike_sa::{Checked, Opened, Opening};
use crate::non_ike_marker;
use crate::packet::{Octets, Packet};
use crate::plaintext::clear_for;
use crate::sink::{Outcome, Protocol, Reason, Sink, Value};
use crate::state::State;
use crate::tables::Handler;
use crate::walk::Walk;

mod attribute;
mod body;
mod configuration;
mod copied;
mod header;
mod identification;
mod notification;
mod payload;
mod security_association;
mod summary;
mod vendor_id;
mod version_2;

use header::Registries;
use summary::{Summary, TransformCount};

static ISAKMP: Protocol =
    Protocol { filter: "isakmp", title: "Internet Security Association and Key Management Protocol" };

/// The origin of the octets of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Datagram,
    /// The message was put together from fragments. No sender fragments a fragment, so fragments inside it are only
    /// shown.
    Fragments,
}

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    if non_ike_marker::stands_before_esp(octets.octets, &walk.packet.around) {
        return walk.hand(Handler::UdpEncapsulation, octets);
    }
    any_version(walk, octets, Origin::Datagram);
}

fn any_version<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>, origin: Origin) {
    match FramedHeader::parse_prefix(octets.octets) {
        Ok((framed, _)) => match framed.header.version.major() {
            1 => version_1(walk, octets, &framed, origin),
            2 => version_2::dissect(&mut walk.packet.enter(&ISAKMP, octets.whole()), *octets, &framed),
            _ => {
                let mut inside = walk.packet.enter(&ISAKMP, octets.whole());
                header::fields(&mut inside, *octets, &framed, Registries::Version1);
                inside.summary("ISAKMP", format_args!("version {}", framed.header.version));
                inside.fault(
                    "isakmp",
                    ParseError::Version { version: framed.header.version, offset: 17 },
                    octets.span(17, 1),
                );
                inside.leave();
                walk.packet.not_rebuilt("isakmp", *octets, Outcome::Undecodable);
            }
        },
        // The keepalive of RFC 3948 section 2.3, as it is sent before the port changes.
        Err(_) if octets.octets == [0xff] && !octets.cut => {
            let mut inside = walk.packet.enter(&ISAKMP, octets.whole());
            inside.field("isakmp.ike.nat_keepalive", Value::Octets(octets.octets), octets.whole());
            inside.summary("ISAKMP", format_args!("NAT keepalive"));
        }
        Err(error) => {
            let mut inside = walk.packet.enter(&ISAKMP, octets.whole());
            header::cut(&mut inside, *octets);
            let len = octets.octets.len();
            inside.summary("ISAKMP", format_args!("header cut after {len} octets"));
            inside.fault("isakmp", error, octets.whole());
            inside.leave();
            walk.packet.not_rebuilt("isakmp", *octets, Outcome::Undecodable);
        }
    }
}

/// Dissects a message of major version 1.
fn version_1<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>, framed: &FramedHeader, origin: Origin) {
    let mut entered = walk.packet.enter(&ISAKMP, octets.whole());
    let packet = &mut *entered;
    header::fields(packet, *octets, framed, Registries::Version1);
    let Ok(Parsed { value: message, fault, rest }) = Message::parse_until_error(octets.octets) else {
        // The header and its version were read already.
        return;
    };
    let conversation = Conversation::of(&framed.header, &packet.around);
    let is_whole = fault.is_none() && !octets.cut && packet.around.is_live();
    let (opened, checked) = match is_whole {
        true => follow(walk.state, packet, *octets, framed, &conversation, &message),
        false => (None, None),
    };
    let (length_fault, chain_fault) = match fault {
        Some(ParseError::Length(fault)) => (None, Some(fault)),
        Some(error) => (Some(error), chain_fault(*octets, framed, &message)),
        None => (None, None),
    };
    if let Some(fault) = length_fault {
        packet.fault("isakmp", fault, header::length_span(*octets));
    }
    if let Body::Encrypted(body) = &message.body {
        let span = octets.span(FramedHeader::LEN, body.octets.len());
        packet.field("isakmp.enc.data", Value::Opaque(body.octets), span);
    }
    // Decrypted octets are shown like octets in the clear, in a source of their own.
    let as_received = octets;
    let (message, octets, chain_fault) = match (&opened, message.body) {
        (Some(opened), Body::Encrypted(body)) => {
            let source = packet.source("Decrypted ISAKMP", &opened.plain);
            let octets = Octets::of_source(source, &opened.plain);
            let plain = octets.after(FramedHeader::LEN).octets;
            let Parsed { value: payloads, rest, fault } =
                body.payloads_until_error(plain, NegotiationContext::NONE);
            let trailing = if fault.is_none() { rest } else { &[] };
            let body = Body::Payloads(payloads);
            (Message { header: message.header, body, trailing }, octets, fault)
        }
        (_, body) => (Message { body, ..message }, *octets, chain_fault),
    };
    let context = walk.state.isakmp.context(&conversation, &message);
    let message = message.in_context(context);
    let mut seen = Seen::default();
    if let Some(chain) = message.body.payloads().and_then(Payloads::chain) {
        seen = show_payloads(packet, octets, &message, context);
        if let Some(fault) = chain_fault {
            let next = following(framed.next_payload, &message);
            body::broken(packet, octets, next, chain.rest_offset(), chain.rest());
            let span = security_association::fault_span(octets, chain);
            packet.fault("isakmp", ParseError::Length(fault), span);
        } else if !message.trailing.is_empty() {
            packet
                .opaque("isakmp.extradata", octets.after(chain.rest_offset()).first(message.trailing.len()));
        }
        if let Some(checked) = checked {
            show_checked(packet, octets, &message, checked);
        }
    }
    if length_fault.is_none() {
        // Octets after the total length do not belong to the message.
        let behind = as_received.after(message_len(framed));
        packet.opaque("isakmp.extradata", behind);
    }
    let summary = Summary { message: &message, context, transforms: seen.transforms };
    packet.summary("ISAKMP", format_args!("{summary}"));
    if packet.wants_departures() && !as_received.cut {
        let mut report = |departure: Departure| {
            packet.departure(format_args!("{departure}"), departure.reference(), octets.whole());
        };
        if opened.is_none() && fault.is_none() && !rest.is_empty() {
            report(Departure::OctetsAfterMessage { count: rest.len() });
        }
        message.conformance().for_each(report);
    }
    if packet.wants_debug_lines() {
        let lines = Lines { message: &message, prefix: Prefix::default() };
        packet.debug_lines(format_args!("{lines}"), octets.whole());
    }
    entered.leave();
    match &opened {
        Some(opened) => rebuild_encrypted(walk, *as_received, &message, opened),
        None => rebuild(walk, *as_received, context),
    }
    if seen.fragments && opened.is_none() && origin == Origin::Datagram && !as_received.cut {
        reassemble(walk, *as_received, &conversation, &message);
    }
}

/// Returns what is wrong in the payload chain of a message whose total length is wrong. The first fault of a message
/// hides it.
fn chain_fault(octets: Octets<'_>, framed: &FramedHeader, message: &Message<'_>) -> Option<LengthError> {
    message.body.payloads()?;
    let framing = PayloadFraming::first(framed.next_payload);
    Payloads::parse_until_error(octets.after(FramedHeader::LEN).octets, FramedHeader::LEN, framing).fault
}

/// Takes a message into the state of its SA. Returns the decrypted message, and the HASH that was checked.
fn follow<S: Sink>(
    state: &mut State,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    framed: &FramedHeader,
    conversation: &Conversation,
    message: &Message<'_>,
) -> (Option<Box<Opened>>, Option<Checked>) {
    if !state.ike_sas.follows() {
        return (None, None);
    }
    let Body::Encrypted(body) = &message.body else {
        return (None, state.ike_sas.learn(conversation, message));
    };
    match state.ike_sas.open(conversation, framed, *body, octets.octets) {
        Opening::NoKeys => (None, None),
        Opening::Failed(reason) => {
            packet.fault("isakmp", reason, octets.span(FramedHeader::LEN, body.octets.len()));
            (None, None)
        }
        Opening::Opened(mut opened) => {
            for row in core::mem::take(&mut opened.children) {
                state.known_sas.learn(row.keys);
            }
            if opened.lacks_secret {
                packet.fault("isakmp", Reason::QuickModeSecret, octets.whole());
            }
            let checked = opened.hash;
            (Some(opened), checked)
        }
    }
}

/// Reports whether a HASH is right.
fn show_checked<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    message: &Message<'_>,
    checked: Checked,
) {
    let hash = message.elements().find(|element| element.header.payload_type == PayloadType::HASH);
    let span = hash.map_or_else(|| octets.whole(), |hash| octets.span(hash.offset, hash.octets.len()));
    packet.field("isakmp.hash.verified", Value::Boolean(checked.is_right), span);
    if !checked.is_right {
        packet.fault("isakmp", Reason::IsakmpHash { hash: checked.name }, span);
    }
}

/// The results of showing the payloads.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The number of transforms in the last association, if they were counted.
    transforms: Option<TransformCount>,
    /// Whether the message contains a fragment.
    fragments: bool,
}

/// Shows the payloads.
fn show_payloads<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    message: &Message<'_>,
    context: NegotiationContext,
) -> Seen {
    let mut seen = Seen::default();
    let show = |packet: &mut Packet<'_, S>, element: PayloadElement<'_>| {
        payload::fields(packet, octets, element, &context, message.header.phase());
    };
    for element in message.elements() {
        seen.fragments |= element.header.payload_type == PayloadType::FRAGMENT;
        // Without fields, only faults are needed. So a payload that is known to have none is skipped.
        match element.header.payload_type {
            PayloadType::VENDOR_ID if !packet.wants_fields() => {}
            PayloadType::SECURITY_ASSOCIATION if !packet.wants_fields() => {
                match security_association::transform_count(&element) {
                    Some(count) => seen.transforms = Some(TransformCount { offset: element.offset, count }),
                    None => show(packet, element),
                }
            }
            _ => show(packet, element),
        }
    }
    seen
}

fn message_len(framed: &FramedHeader) -> usize {
    // default: a length that does not fit in a usize is larger than any number of octets
    usize::try_from(framed.length).unwrap_or(usize::MAX)
}

/// The type of the payload that follows the last payload of a chain.
fn following(first: PayloadType, message: &Message<'_>) -> PayloadType {
    message.elements().last().map_or(first, |element| isakmp::payload::next_payload(&element))
}

/// Encodes the message again. Encrypted octets are copied, but the header is compared nevertheless.
fn rebuild<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>, context: NegotiationContext) {
    if !walk.packet.wants_rebuilt() {
        return;
    }
    let Ok((message, rest)) = Message::parse_prefix(octets.octets) else {
        return walk.packet.not_rebuilt("isakmp", octets, Outcome::Undecodable);
    };
    let message = message.in_context(context);
    let corrected = !rest.is_empty() || departs(&message);
    if matches!(message.body, Body::Encrypted(_)) {
        clear_for(&mut walk.state.scratch, octets.octets.len());
        walk.state.scratch.resize(octets.octets.len(), 0);
        let again = message.emit(&mut walk.state.scratch);
        if corrected || again.is_ok_and(|again| again == octets.octets) {
            return walk.packet.not_rebuilt("isakmp", octets, Outcome::Opaque);
        }
    }
    walk.rebuild("isakmp", octets, corrected, |buffer| {
        let again = message.emit(buffer)?;
        Ok(reads_back(&message, again).then(|| (again.len(), copied::octets_copied(&message))))
    });
}

/// Whether a derived value of the message was wrong, so that encoding gives other octets.
fn departs(message: &Message<'_>) -> bool {
    message.conformance().any(|departure| departure.is_corrected())
}

/// The offset of the flags in the header, RFC 2408 section 3.1.
const FLAGS_OFFSET: usize = 19;

/// Encodes a decrypted message again, and encrypts it.
fn rebuild_encrypted<S: Sink>(
    walk: &mut Walk<'_, S>,
    octets: Octets<'_>,
    message: &Message<'_>,
    opened: &Opened,
) {
    if !walk.packet.wants_rebuilt() {
        return;
    }
    let corrected = message.wire_len() != octets.octets.len() || departs(message);
    walk.rebuild("isakmp", octets, corrected, |buffer| {
        // The payloads are encoded in a message with the encryption flag clear. The flag is set again when they are
        // encrypted.
        let flags = message.header.flags.without(Flags::ENCRYPTION);
        let clear = Message { header: Header { flags, ..message.header }, ..message.clone() };
        let again = clear.emit(buffer)?;
        if let Some(flags) = again.get_mut(FLAGS_OFFSET) {
            *flags = message.header.flags.0;
        }
        let len = again.len();
        let encrypted = again.get_mut(FramedHeader::LEN..).is_some_and(|body| opened.encrypt(body).is_ok());
        Ok(encrypted.then(|| (len, copied::octets_copied(message))))
    });
}

/// Whether the octets are read back as the message, with nothing left to correct. Only associations can have been
/// corrected.
fn reads_back(message: &Message<'_>, octets: &[u8]) -> bool {
    let Ok(again) = Message::parse(octets) else { return false };
    let again = again.in_context(context_of(message));
    let holds_proposals = |kind| matches!(kind, PayloadType::SECURITY_ASSOCIATION | PayloadType::PROPOSAL);
    again == *message
        && !departs(&again)
        && message.elements().zip(again.elements()).all(|(ours, theirs)| {
            ours.header == theirs.header
                && ours.octets.len() == theirs.octets.len()
                && (ours.value == theirs.value || holds_proposals(ours.header.payload_type))
        })
}

/// Returns the meaning of the payload numbers in a message that was read.
fn context_of(message: &Message<'_>) -> NegotiationContext {
    let chain = message.body.payloads().and_then(Payloads::chain);
    chain.map_or(NegotiationContext::NONE, |chain| *chain.framing().context())
}

/// Takes in the fragments in a message, and dissects the message that they complete.
fn reassemble<S: Sink>(
    walk: &mut Walk<'_, S>,
    octets: Octets<'_>,
    conversation: &Conversation,
    message: &Message<'_>,
) {
    for (element, Payload { body, .. }) in message.elements().zip(message.payloads()) {
        let PayloadBody::Fragment(fragment) = body else { continue };
        match walk.state.isakmp.fragments.accept(conversation, &fragment, walk.packet.time) {
            Ok(None) => {}
            Ok(Some(whole)) => {
                let source = walk.packet.source("Reassembled ISAKMP", &whole);
                let whole = Octets::of_source(source, &whole);
                let around = walk.packet.around;
                let (number, identifier) = (fragment.number, fragment.identifier);
                walk.packet
                    .lead(format_args!("reassembled with fragment {number} of message {identifier}: "));
                if walk.packet.descend(&whole) {
                    any_version(walk, &whole, Origin::Fragments);
                    walk.packet.ascend();
                }
                walk.packet.around.lead_len = around.lead_len;
            }
            Err(error) => {
                let span = octets.span(element.offset, element.octets.len());
                walk.packet.fault("isakmp", error, span);
            }
        }
    }
}
