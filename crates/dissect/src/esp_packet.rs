//! ESP packets: the fields in the clear, and the decrypted contents when keys are given.

mod fields;
mod null_encryption;
mod opening;
mod whole_packet;

use ipsec::esp::{Header, Opened, PROTOCOL};
use ipsec::{NextHeader, ReplayError};

use crate::known_sas::{Identity, Verdict};
use crate::packet::{Octets, Packet, Quoted};
use crate::plaintext::clear_for;
use crate::sink::{Outcome, Part, Protocol, Sink, Value};
use crate::walk::Walk;

use opening::{Decrypted, Opening};

static ESP: Protocol = Protocol { filter: "esp", title: "Encapsulating Security Payload" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let header = match Header::parse_prefix(octets.octets) {
        Ok((header, _)) => header,
        Err(error) => {
            let mut inside = walk.packet.enter(&ESP, octets.whole());
            let spi = octets.octets.first_chunk().map(|spi| u32::from_be_bytes(*spi));
            if let Some(spi) = spi {
                inside.field("esp.spi", Value::Hexadecimal(spi.into(), 8), octets.span(0, 4));
            }
            inside.fault("esp", error, octets.whole());
            inside.leave();
            let is = if octets.cut { "cut" } else { "too short" };
            match spi {
                Some(spi) => walk.packet.summary("ESP", format_args!("spi=0x{spi:08x}, {is}")),
                None => walk.packet.summary("ESP", format_args!("{is}")),
            }
            walk.packet.not_rebuilt("esp", *octets, Outcome::Undecodable);
            return;
        }
    };
    let mut entered = walk.packet.enter(&ESP, octets.whole());
    let packet = &mut *entered;
    packet.field("esp.spi", Value::Hexadecimal(header.spi.0.into(), 8), octets.span(0, 4));
    packet.field("esp.sequence", Value::Unsigned(header.sequence_number.into()), octets.span(4, 4));

    let identity = Identity::new(PROTOCOL, header.spi, packet.around.network);
    // A quoted packet was sent elsewhere.
    let is_quoted = packet.around.quoted != Quoted::No;
    let network = packet.around.network;
    // A packet that is cut, or that its IP header says is longer, cannot be opened.
    let is_cut = octets.cut || packet.around.is_short;
    let has_keys = walk.state.known_sas.keys(PROTOCOL, header.spi, network).next().is_some();
    let can_open = has_keys && !is_quoted && !is_cut;
    let (mut before, mut verdict) = (None, Verdict::New);
    if !is_quoted {
        let noted = walk.state.known_sas.note(identity, header.sequence_number, packet.number);
        before = noted.before;
        // When keys could verify the packet, its number counts only after it was opened.
        if !has_keys && packet.around.is_live() {
            verdict = noted.accept(header.sequence_number.into());
        }
    }
    if !can_open {
        fields::sequence(packet, *octets, header.sequence_number.into(), before, verdict);
        let opaque = octets.after(Header::LEN);
        let may_guess = walk.state.options.guess_null_encryption && !has_keys && !is_quoted && !is_cut;
        let guess = if may_guess { null_encryption::guess(opaque.octets) } else { None };
        match guess {
            Some(guess) => fields::guessed(packet, opaque, guess),
            None => packet.opaque("esp.opaque_data", opaque),
        }
        entered.leave();
        summary(&mut walk.packet, header, if is_cut { ", cut" } else { "" });
        walk.packet.not_rebuilt("esp", *octets, Outcome::Opaque);
        if let Some(guess) = guess {
            let Header { spi, sequence_number } = header;
            walk.packet.lead(format_args!(
                "ESP spi=0x{:08x} seq={sequence_number} probably NULL encryption: ",
                spi.0
            ));
            walk.next_header(guess.next_header.0, &opaque.first(guess.payload_len));
        }
        return;
    }

    let mut buffer = walk.state.decrypted.pop().unwrap_or_default();
    clear_for(&mut buffer, octets.octets.len());
    buffer.extend_from_slice(octets.octets);
    match opening::open(&walk.state.known_sas, identity, header, network, octets.octets, &mut buffer) {
        Opening::Refused { shape, reason } => {
            // Nothing proves that the number comes from the sender of the SA, so it does not count.
            fields::sequence(packet, *octets, header.sequence_number.into(), before, Verdict::New);
            if let Some(shape) = shape {
                fields::sealed(packet, *octets, shape, Some(false));
            }
            packet.fault("esp", reason, octets.whole());
            entered.leave();
            summary(&mut walk.packet, header, "");
            walk.packet.not_rebuilt("esp", *octets, Outcome::Undecodable);
        }
        Opening::Decrypted(decrypted) => {
            // A packet that nobody verified must not move the window of authentic packets, and no receiver drops it
            // for its number (RFC 4303 section 3.4.3: there is no anti-replay service without integrity).
            let is_authentic = decrypted.is_verified() || packet.around.is_authentic;
            let known_sas = &mut walk.state.known_sas;
            let verdict = match (packet.around.is_live(), is_authentic) {
                (false, _) => Verdict::New,
                (true, true) => known_sas.accept_authentic(identity, decrypted.sequence),
                (true, false) => known_sas.accept(identity, decrypted.sequence),
            };
            packet.around.is_dropped |= is_authentic && matches!(verdict, Verdict::Dropped(_));
            fields::sequence(packet, *octets, decrypted.sequence, before, verdict);
            let shown = decrypted_fields(packet, *octets, &decrypted, &buffer);
            entered.leave();
            opened(walk, *octets, header, &decrypted, verdict, shown);
        }
    }
    walk.state.decrypted.push(buffer);
}

/// The decrypted text, and its contents when the trailer is valid.
struct Shown<'b> {
    text: Octets<'b>,
    opened: Option<Opened<'b>>,
}

/// Shows a decrypted packet.
fn decrypted_fields<'b, S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    decrypted: &Decrypted,
    buffer: &'b [u8],
) -> Shown<'b> {
    fields::sealed(packet, octets, decrypted.shape, decrypted.is_verified().then_some(true));
    let text = decrypted.text(buffer);
    let source = packet.source("decrypted ESP", text);
    let text = Octets::of_source(source, text);
    let opened = fields::decrypted(packet, text, decrypted, buffer);
    Shown { text, opened }
}

/// Encodes a decrypted packet again, and passes its contents to the next handler.
fn opened<S: Sink>(
    walk: &mut Walk<'_, S>,
    octets: Octets<'_>,
    header: Header,
    decrypted: &Decrypted,
    verdict: Verdict,
    Shown { text, opened }: Shown<'_>,
) {
    let Some(opened) = opened else {
        summary(&mut walk.packet, header, "");
        walk.packet.not_rebuilt("esp", octets, Outcome::Undecodable);
        return;
    };
    walk.rebuild("esp", octets, false, |again| Ok(decrypted.seal_again(&opened, octets.octets, again)));
    if opened.is_dummy() {
        summary(&mut walk.packet, header, ", dummy");
        return;
    }
    summary(&mut walk.packet, header, "");
    whole_packet::tell(&mut walk.packet, &opened);
    let (payload, _) = opened.split_traffic_flow_padding();
    let payload = text.first(payload.len());
    let NextHeader(protocol) = match whole_packet::next_header(&opened) {
        Ok(said) => said,
        Err(meant) => {
            if walk.packet.wants_departures() {
                walk.packet.departure(
                    format_args!("the next header is {}, but the payload is {meant}", opened.next_header),
                    "RFC 4303 section 2.6",
                    text.span(text.octets.len().saturating_sub(1), 1),
                );
            }
            meant
        }
    };
    let Header { spi, sequence_number } = header;
    let verdict = match (decrypted.is_verified(), verdict) {
        (false, _) => "not verified",
        (true, Verdict::Dropped(ReplayError::Replayed { .. })) => "verified, replayed",
        (true, Verdict::Dropped(_)) => "verified, dropped for its number",
        (true, _) => "verified",
    };
    walk.packet.lead(format_args!("ESP spi=0x{:08x} seq={sequence_number} {verdict}: ", spi.0));
    walk.next_header(protocol, &payload);
}

/// Writes the summary line. A protocol inside the packet replaces it by its own.
fn summary<S: Sink>(packet: &mut Packet<'_, S>, header: Header, more: &str) {
    let (spi, sequence) = (Part::Hexadecimal(header.spi.0), Part::Number(header.sequence_number.into()));
    let parts = [Part::Text("spi="), spi, Part::Text(" seq="), sequence, Part::Text(more)];
    packet.summary_parts("ESP", &parts);
}
