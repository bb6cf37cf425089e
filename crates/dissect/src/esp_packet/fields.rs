//! The fields of an ESP packet.

use ipsec::esp::{Header, OpenError, Opened};
use ipsec::{NextHeader, SequenceNumber};

use super::null_encryption::Guess;
use super::opening::{Decrypted, Shape};
use crate::known_sas::{Before, Verdict};
use crate::packet::{Octets, Packet};
use crate::sink::{Reason, Sink, Value, count};

/// Shows the sequence number's relation to the numbers before it.
pub(super) fn sequence<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    number: SequenceNumber,
    before: Option<Before>,
    verdict: Verdict,
) {
    let span = octets.span(4, 4);
    if let Some(Before { expected, frame }) = before {
        let mut inside =
            packet.enter_field("esp.sequence-analysis.expected-sn", Value::Unsigned(expected.into()), span);
        let wrong = match verdict {
            Verdict::New => "not the next number",
            Verdict::Gap { .. } => "numbers are missing",
            Verdict::Dropped(_) => "replayed or too old",
        };
        inside.field("esp.sequence-analysis.wrong-sequence-number", Value::Name(wrong), span);
        inside.leave();
        packet.field("esp.sequence-analysis.previous-frame", Value::Unsigned(frame), span);
    }
    match verdict {
        Verdict::New => {}
        Verdict::Gap { missing } => packet.fault("esp", Reason::SequenceGap { missing, number }, span),
        Verdict::Dropped(error) => packet.fault("esp", error, span),
    }
}

/// Shows the parts of the packet as it was sent, and whether its ICV is good, if that is known. With NULL encryption
/// the text is in the clear, and a wrong ICV means that the parts may be something else. So they are shown as opaque
/// octets.
pub(super) fn sealed<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    shape: Shape,
    is_good: Option<bool>,
) {
    let Shape { iv_len, icv_len } = shape;
    let text_offset = Header::LEN.saturating_add(iv_len);
    let icv_offset = octets.octets.len().saturating_sub(icv_len);
    let mut part = |name, from: usize, to: usize| {
        packet.opaque(name, octets.first(to).after(from));
    };
    part("esp.iv", Header::LEN, text_offset);
    part("esp.encrypted_data", text_offset, icv_offset);
    let icv = octets.after(icv_offset);
    if icv.octets.is_empty() {
        return;
    }
    let icv_value = match is_good {
        Some(true) => Value::Octets(icv.octets),
        _ => Value::Opaque(icv.octets),
    };
    let packet = &mut *packet.enter_field("esp.icv", icv_value, icv.whole());
    packet.field("esp.icv_good", Value::Boolean(is_good == Some(true)), icv.whole());
    packet.field("esp.icv_bad", Value::Boolean(is_good == Some(false)), icv.whole());
    if is_good.is_none() {
        packet.field("esp.icv_unverified", Value::Boolean(true), icv.whole());
    }
}

/// Shows the parts of a packet that is probably in the clear.
pub(super) fn guessed<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, guess: Guess) {
    let Guess { payload_len, padding_len, next_header, icv_len } = guess;
    packet.field("esp.null_encryption_guessed", Value::Boolean(true), octets.span(0, 0));
    let text_len = octets.octets.len().saturating_sub(icv_len);
    let trailer = octets.first(text_len).after(payload_len);
    packet.opaque("esp.contained_data", octets.first(payload_len));
    packet.opaque("esp.pad", trailer.first(padding_len));
    let after = trailer.after(padding_len);
    packet.field("esp.pad_len", Value::Unsigned(count(padding_len)), after.first(1).whole());
    let name = next_header.name();
    packet.field("esp.protocol", Value::Named(next_header.0.into(), name), after.after(1).whole());
    packet.opaque("esp.icv", octets.after(text_len));
}

/// Shows the decrypted `text`, which is a source of its own, and returns its contents when the trailer is valid.
pub(super) fn decrypted<'b, S: Sink>(
    packet: &mut Packet<'_, S>,
    text: Octets<'_>,
    decrypted: &Decrypted,
    buffer: &'b [u8],
) -> Option<Opened<'b>> {
    // AH around the packet may have verified it.
    if !decrypted.is_verified() && !packet.around.is_authentic {
        packet.fault("esp", Reason::Unverified, text.whole());
    }
    let mut inside = packet.enter_field("esp.decrypted_data", Value::Opaque(text.octets), text.whole());
    let opened = decrypted.opened(buffer);
    if let Some(opened) = &opened {
        let (payload, traffic_flow_padding) = opened.split_traffic_flow_padding();
        let mut at = 0usize;
        let mut next = |len: usize| {
            let octets = text.first(at.saturating_add(len)).after(at);
            at = at.saturating_add(len);
            octets
        };
        inside.opaque("esp.contained_data", text.first(opened.payload.len()));
        next(payload.len());
        let octets = next(traffic_flow_padding.len());
        inside.opaque("esp.tfc_padding", octets);
        let octets = next(opened.padding.len());
        inside.opaque("esp.pad", octets);
        let pad_len = count(opened.padding.len());
        inside.field("esp.pad_len", Value::Unsigned(pad_len), next(1).whole());
        let name = opened.next_header.name();
        inside.field("esp.protocol", Value::Named(opened.next_header.0.into(), name), next(1).whole());
        if let Err(error) = opened.trailer().check_monotonic() {
            // Some senders pad otherwise, but what they pad is a packet.
            let is_packet = matches!(
                (opened.next_header, opened.payload.first().map(|first| first >> 4)),
                (NextHeader::IPV4, Some(4)) | (NextHeader::IPV6, Some(6))
            );
            let reason = match decrypted.is_verified() && !is_packet {
                true => Reason::EspCipher(error),
                false => OpenError::from(error).into(),
            };
            inside.fault("esp", reason, octets.whole());
        }
    }
    inside.leave();
    if let Err(error) = decrypted.parts {
        let reason = match decrypted.is_verified() {
            true => Reason::EspCipher(error),
            false => OpenError::from(error).into(),
        };
        packet.fault("esp", reason, text.whole());
    }
    opened
}
