//! AH packets: the fields, and the verification of the ICV when keys are given.

mod verification;

use ipsec::ah::{Departure, Header, PROTOCOL};
use ipsec::ip::Version;
use ipsec::{ParseError, ReplayError, SequenceNumber};

use crate::known_sas::{Identity, KnownSas, Verdict};
use crate::packet::{Octets, Packet, Quoted};
use crate::plaintext::clear_for;
use crate::sink::{Outcome, Part, Protocol, Reason, Sink, Value};
use crate::walk::Walk;

use verification::{Verification, Verified};

static AH: Protocol = Protocol { filter: "ah", title: "Authentication Header" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let header = match Header::parse_prefix(octets.octets) {
        Ok((header, _)) => header,
        Err(error) => return broken(&mut walk.packet, *octets, error),
    };
    let header_octets = octets.first(header.wire_len());
    let mut inside = walk.packet.enter(&AH, header_octets.whole());
    fixed_part(&mut inside, *octets);

    let network = inside.around.network;
    let identity = Identity::new(PROTOCOL, header.spi, network);
    // A quoted packet was sent elsewhere. A packet that is cut cannot be verified.
    let is_quoted = inside.around.quoted != Quoted::No;
    let can_verify = !is_quoted && !octets.cut;
    let verification = if walk.state.known_sas.keys(PROTOCOL, header.spi, network).next().is_none() {
        Verification::NoKey
    } else if can_verify {
        verification::verify(walk.state, &inside, identity, &header, *octets)
    } else {
        Verification::Unsaid
    };
    icv(&mut inside, *octets, &header, &verification);
    let number = match &verification {
        Verification::Good(verified) => verified.sequence,
        _ => SequenceNumber::from(header.sequence_number),
    };
    let verdict = verdict(&mut walk.state.known_sas, &inside, identity, number, &verification);
    match verdict {
        Verdict::New => {}
        Verdict::Gap { missing } => {
            inside.fault("ah", Reason::SequenceGap { missing, number }, octets.span(8, 4));
        }
        Verdict::Dropped(error) => inside.fault("ah", error, octets.span(8, 4)),
    }
    if inside.wants_departures() {
        departures(&mut inside, header_octets, &header, &verification);
    }
    inside.leave();
    summary(&mut walk.packet, &header, matches!(verification, Verification::Bad { .. }));
    rebuild(walk, header_octets, &header, &verification, octets.enclosing);

    let said = match (&verification, verdict) {
        (Verification::NoKey, _) => "",
        (Verification::Good(_), Verdict::Dropped(ReplayError::Replayed { .. })) => " verified, replayed",
        (Verification::Good(_), Verdict::Dropped(_)) => " verified, dropped for its number",
        (Verification::Good(_), _) => " verified",
        (Verification::Bad { .. }, _) => " wrong ICV",
        (Verification::Unsaid | Verification::Refused(_), _) => " not verified",
    };
    match (verification, verdict) {
        (Verification::Good(_), Verdict::Dropped(_)) => walk.packet.around.is_dropped = true,
        (Verification::Good(_), _) => walk.packet.around.is_authentic = true,
        (refused, _) if refused.is_refused() => walk.packet.around.is_dropped = true,
        // The packet was put together from fragments, or it is cut. There are keys, but nothing proves that a receiver
        // with these keys accepts it.
        (Verification::Unsaid, _) if !walk.packet.around.is_authentic => walk.packet.around.is_dropped = true,
        _ => {}
    }
    // The ICV of an AH header inside this one was made before this one was added, so it covers another packet.
    let after = Octets { enclosing: None, ..octets.after(header.wire_len()) };
    walk.packet.lead(format_args!("AH spi=0x{:08x} seq={}{said}: ", header.spi.0, header.sequence_number));
    walk.next_header(header.next_header.0, &after);
}

/// Returns the verdict on the sequence number. When keys could verify the packet, the number of an unverified packet
/// does not count.
fn verdict<S: Sink>(
    known_sas: &mut KnownSas,
    packet: &Packet<'_, S>,
    identity: Identity,
    number: SequenceNumber,
    verification: &Verification,
) -> Verdict {
    if !packet.around.is_live() {
        return Verdict::New;
    }
    match verification {
        Verification::NoKey => known_sas.accept(identity, number),
        Verification::Good(_) => known_sas.accept_authentic(identity, number),
        Verification::Unsaid | Verification::Bad { .. } | Verification::Refused(_) => Verdict::New,
    }
}

/// Shows a header that is cut, or whose length is less than its fixed part.
fn broken<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, error: ParseError) {
    let mut inside = packet.enter(&AH, octets.whole());
    fixed_part(&mut inside, octets);
    inside.fault("ah", at(octets.start, error), octets.whole());
    inside.leave();
    let is = if octets.cut { "cut" } else { "broken" };
    let [_, _, _, _, a, b, c, d, e, f, g, h] = octets.padded();
    let (spi, sequence_number) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    match octets.octets.len() {
        Header::FIXED_LEN.. => {
            packet.summary("AH", format_args!("spi=0x{spi:08x} seq={sequence_number}, {is}"));
        }
        8.. => packet.summary("AH", format_args!("spi=0x{spi:08x}, {is}")),
        _ => packet.summary("AH", format_args!("{is}")),
    }
    packet.not_rebuilt("ah", octets, Outcome::Undecodable);
}

/// Returns the error with its offset counted from the start of the source.
fn at(start: usize, error: ParseError) -> ParseError {
    match error {
        ParseError::Length(error) => ParseError::Length(error.inside("frame", start)),
        ParseError::PayloadLength { offset, payload_len } => {
            ParseError::PayloadLength { offset: offset.saturating_add(start), payload_len }
        }
        other => other,
    }
}

/// Shows the fields in front of the ICV, as far as they are present.
fn fixed_part<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let [next_header, len, reserved_high, reserved_low, a, b, c, d, e, f, g, h] = octets.padded();
    let name = ipsec::NextHeader(next_header).name();
    packet.part("ah.next_header", Value::Named(next_header.into(), name), &octets, 0, 1);
    packet.part("ah.length", Value::Unsigned(len.into()), &octets, 1, 1);
    packet.part("ah.reserved", Value::Octets(&[reserved_high, reserved_low]), &octets, 2, 2);
    let spi = u32::from_be_bytes([a, b, c, d]);
    packet.part("ah.spi", Value::Hexadecimal(spi.into(), 8), &octets, 4, 4);
    let sequence_number = u32::from_be_bytes([e, f, g, h]);
    packet.part("ah.sequence", Value::Unsigned(sequence_number.into()), &octets, 8, 4);
}

/// Shows the ICV field, with its parts when the algorithm is known.
fn icv<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    header: &Header<'_>,
    verification: &Verification,
) {
    let field = octets.first(header.wire_len()).after(Header::FIXED_LEN);
    let is_good = match verification {
        Verification::Good(_) => true,
        Verification::Bad { .. } => false,
        _ => {
            packet.field("ah.icv", Value::Opaque(header.icv), field.whole());
            if let Verification::Refused(reason) = verification {
                packet.fault("ah", *reason, octets.whole());
            }
            return;
        }
    };
    let icv_value = if is_good { Value::Octets(header.icv) } else { Value::Opaque(header.icv) };
    let mut inside = packet.enter_field("ah.icv", icv_value, field.whole());
    if let Verification::Good(Verified { iv_len, icv_len, .. }) = *verification {
        let icv_end = iv_len.saturating_add(icv_len);
        let mut part = |name, part: Octets<'_>| {
            inside.opaque(name, part);
        };
        part("ah.iv", field.first(iv_len));
        part("ah.icv_padding", field.after(icv_end));
    }
    inside.field("ah.icv_good", Value::Boolean(is_good), field.whole());
    inside.field("ah.icv_bad", Value::Boolean(!is_good), field.whole());
    inside.leave();
    if let Verification::Bad { keys } = *verification {
        packet.fault("ah", Reason::AhIcv { keys }, field.whole());
    }
}

fn departures<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    header: &Header<'_>,
    verification: &Verification,
) {
    let is_v6 = packet.around.is_v6();
    let version = if is_v6 { Version::V6 } else { Version::V4 };
    let quirks = match verification {
        Verification::Good(verified) => verified.quirks,
        _ => ipsec::ah::Quirks::NONE,
    };
    let all = header
        .conformance(version)
        .chain(quirks.covers_time_to_live.then_some(Departure::TimeToLiveCovered))
        .chain((quirks.pads_to_64_bits && !is_v6).then_some(Departure::Padded));
    for departure in all {
        packet.departure(format_args!("{departure}"), departure.reference(), octets.whole());
    }
}

fn summary<S: Sink>(packet: &mut Packet<'_, S>, header: &Header<'_>, is_bad: bool) {
    let (spi, sequence) = (Part::Hexadecimal(header.spi.0), Part::Number(header.sequence_number.into()));
    let more = Part::Text(if is_bad { ", wrong ICV" } else { "" });
    packet.summary_parts("AH", &[Part::Text("spi="), spi, Part::Text(" seq="), sequence, more]);
}

/// Encodes the header again. With its key, the ICV is computed from the packet's values; without, it is copied.
fn rebuild<S: Sink>(
    walk: &mut Walk<'_, S>,
    octets: Octets<'_>,
    header: &Header<'_>,
    verification: &Verification,
    enclosing: Option<&[u8]>,
) {
    if !walk.packet.wants_rebuilt() {
        return;
    }
    if let (Verification::Good(verified), Some(enclosing)) = (verification, enclosing) {
        let mut buffer = walk.state.decrypted.pop().unwrap_or_default();
        clear_for(&mut buffer, enclosing.len().saturating_add(64));
        let sealed = verified.seal_again(enclosing, &mut buffer);
        let header_len = header.wire_len();
        walk.rebuild("ah", octets, false, |again| {
            Ok(sealed.and_then(|range| {
                let made = buffer.get(range)?;
                for (to, from) in again.iter_mut().zip(made) {
                    *to = *from;
                }
                Some((header_len, 0))
            }))
        });
        walk.state.decrypted.push(buffer);
        return;
    }
    walk.rebuild("ah", octets, false, |again| Ok(Some((header.emit(again)?, header.icv.len()))));
}
