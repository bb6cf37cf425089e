//! ESP: what is in clear, and with keys what is not.

mod fields;
pub(crate) mod known_sas;
mod opening;
mod whole_packet;

use ipsec::NextHeader;
use ipsec::esp::{Header, Opened, PROTOCOL};

use crate::dissector::{Dissector, Octets, Packet, Quoted, clear_for};
use crate::ip;
use crate::sctp_packet::within::{may_carry_sctp, may_carry_sctp_in};
use crate::sink::{Outcome, Part, Protocol, Sink, Value};
use crate::tables::Handler;

use known_sas::{Identity, Verdict};
use opening::{Decrypted, Opening};

static ESP: Protocol = Protocol { filter: "esp", title: "Encapsulating Security Payload" };

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, outer: &mut Packet<'_, S>, octets: Octets<'_>) {
    let header = match Header::parse_prefix(octets.octets) {
        Ok((header, _)) => header,
        Err(error) => {
            let mut inside = outer.enter(&ESP, octets.whole());
            if let Some(spi) = octets.octets.first_chunk() {
                let spi = u32::from_be_bytes(*spi);
                inside.field("esp.spi", Value::Hexadecimal(spi.into(), 8), octets.span(0, 4));
            }
            inside.fault("esp", error, octets.whole());
            inside.leave();
            outer.sink.summary("ESP", format_args!("{}", if octets.cut { "cut" } else { "too short" }));
            Dissector::not_rebuilt(outer, "esp", octets, Outcome::Undecodable);
            return;
        }
    };
    let mut entered = outer.enter(&ESP, octets.whole());
    let packet = &mut *entered;
    packet.field("esp.spi", Value::Hexadecimal(header.spi.0.into(), 8), octets.span(0, 4));
    packet.field("esp.sequence", Value::Unsigned(header.sequence_number.into()), octets.span(4, 4));

    let identity = Identity::new(PROTOCOL, header.spi, packet.around.network);
    // What is quoted was seen elsewhere.
    let is_quoted = packet.around.quoted != Quoted::No;
    let network = packet.around.network;
    // What was cut cannot be opened.
    let has_keys = dissector.associations.keys(PROTOCOL, header.spi, network).next().is_some();
    let can_open = has_keys && !is_quoted && !octets.cut;
    // Where keys say that nothing is encrypted, what is not opened may hold SCTP.
    let is_in_clear = S::FIELDS && may_carry_sctp_in(dissector, Handler::Esp, octets.octets);
    let (mut before, mut verdict) = (None, Verdict::New);
    if !is_quoted {
        let seen = dissector.associations.seen(identity);
        before = seen.note(header.sequence_number, packet.number);
        // Where keys could tell whose number it is, only a packet that was opened counts.
        if !has_keys && packet.around.is_live() {
            verdict = seen.accept(header.sequence_number.into());
        }
    }
    if !can_open {
        fields::sequence(packet, octets, header.sequence_number.into(), before, verdict);
        let opaque = octets.after(Header::LEN);
        if !opaque.octets.is_empty() {
            packet.field("esp.opaque_data", fields::octets_value(opaque.octets, is_in_clear), opaque.whole());
        }
        entered.leave();
        summary(outer, header, if octets.cut { ", cut" } else { "" });
        Dissector::not_rebuilt(outer, "esp", octets, Outcome::Opaque);
        return;
    }

    let mut buffer = dissector.decrypted.pop().unwrap_or_default();
    clear_for(&mut buffer, octets.octets.len());
    buffer.extend_from_slice(octets.octets);
    match opening::open(&dissector.associations, identity, header, network, octets.octets, &mut buffer) {
        Opening::Refused { shape, reason } => {
            // Nothing says that its number is its sender's: it counts for nothing.
            fields::sequence(packet, octets, header.sequence_number.into(), before, Verdict::New);
            if let Some(shape) = shape {
                fields::sealed(packet, octets, shape, Some(false), is_in_clear);
            }
            packet.fault("esp", reason, octets.whole());
            entered.leave();
            summary(outer, header, "");
            Dissector::not_rebuilt(outer, "esp", octets, Outcome::Undecodable);
        }
        Opening::Decrypted(decrypted) => {
            // What nobody has verified moves no window of what is authentic, and nobody drops it for its number (RFC 4303 section
            // 3.4.3: no anti-replay without integrity).
            let is_authentic = decrypted.is_verified() || packet.around.is_authentic;
            let associations = &mut dissector.associations;
            let verdict = match (packet.around.is_live(), is_authentic) {
                (false, _) => Verdict::New,
                (true, true) => associations.authentic(identity).accept(decrypted.sequence),
                (true, false) => associations.seen(identity).accept(decrypted.sequence),
            };
            packet.around.is_dropped |= is_authentic && matches!(verdict, Verdict::Dropped(_));
            fields::sequence(packet, octets, decrypted.sequence, before, verdict);
            let shown = decrypted_fields(dissector, packet, octets, &decrypted, &buffer);
            entered.leave();
            opened(dissector, outer, octets, header, &decrypted, shown);
        }
    }
    dissector.decrypted.push(buffer);
}

/// What was decrypted: the text, what it holds where its trailer tells, and whether that may be keys.
struct Shown<'b> {
    text: Octets<'b>,
    opened: Option<Opened<'b>>,
    holds_keys: bool,
}

/// Shows a decrypted packet.
fn decrypted_fields<'b, S: Sink>(
    dissector: &Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    decrypted: &Decrypted,
    buffer: &'b [u8],
) -> Shown<'b> {
    let text = decrypted.text(buffer);
    // Where the trailer does not say what the text is, it may be anything.
    let holds_keys = decrypted.opened(buffer).is_none_or(|opened| {
        let NextHeader(protocol) = whole_packet::next_header(&opened).unwrap_or_else(|meant| meant);
        may_carry_sctp(dissector, protocol, opened.split_traffic_flow_padding().0)
    });
    // Without encryption what was sent is the text.
    let is_in_clear = holds_keys && decrypted.text(octets.octets) == text;
    fields::sealed(packet, octets, decrypted.shape, decrypted.is_verified().then_some(true), is_in_clear);
    let source = packet.source("decrypted ESP", text);
    let text = Octets { octets: text, source, start: 0, cut: false };
    let opened = fields::decrypted(packet, text, decrypted, buffer, holds_keys);
    Shown { text, opened, holds_keys }
}

/// Encodes a decrypted packet again, and hands on what is in it.
fn opened<S: Sink>(
    dissector: &mut Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    header: Header,
    decrypted: &Decrypted,
    Shown { text, opened, holds_keys }: Shown<'_>,
) {
    let Some(opened) = opened else {
        summary(packet, header, "");
        Dissector::not_rebuilt(packet, "esp", octets, Outcome::Undecodable);
        return;
    };
    packet.holds_keys = holds_keys;
    dissector.rebuild(packet, "esp", octets, false, |again| {
        Ok(decrypted.seal_again(&opened, octets.octets, again))
    });
    packet.holds_keys = false;
    if opened.is_dummy() {
        summary(packet, header, ", dummy");
        return;
    }
    summary(packet, header, "");
    whole_packet::tell(packet, &opened);
    let (payload, _) = opened.split_traffic_flow_padding();
    let payload = text.first(payload.len());
    let is_v6 = packet.around.network.is_some_and(|(source, _)| source.is_ipv6());
    let NextHeader(protocol) = match whole_packet::next_header(&opened) {
        Ok(said) => said,
        Err(meant) => {
            if packet.sink.wants_departures() {
                packet.sink.departure(
                    format_args!("next header {} in front of {meant}", opened.next_header),
                    "RFC 4303 section 2.6",
                    text.span(text.octets.len().saturating_sub(1), 1),
                );
            }
            meant
        }
    };
    ip::next_header(dissector, packet, is_v6, protocol, None, payload);
}

/// The line of a packet that nothing inside has a better one for.
fn summary<S: Sink>(packet: &mut Packet<'_, S>, header: Header, more: &str) {
    let (spi, sequence) = (Part::Hexadecimal(header.spi.0), Part::Number(header.sequence_number.into()));
    let parts = [Part::Text("spi="), spi, Part::Text(" seq="), sequence, Part::Text(more)];
    packet.sink.summary_parts("ESP", &parts);
}
