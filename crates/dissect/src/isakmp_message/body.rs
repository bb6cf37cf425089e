//! The parts that every payload has: the generic header, RFC 2408 section 3.2, and the octets after it.

use isakmp::payload::next_payload;
use isakmp::{LengthError, ParseError, PayloadElement, PayloadType};

use super::header::payload_type;
use crate::packet::{Entered, Octets, Packet};
use crate::sink::count;
use crate::sink::{Sink, Span, Value};

/// The element of a payload, with the octets of its message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'a> {
    pub(super) octets: Octets<'a>,
    pub(super) element: PayloadElement<'a>,
    // Whether the octets end inside this payload or inside an enclosing one.
    is_cut: bool,
}

impl<'a> Body<'a> {
    pub(super) const fn of(octets: Octets<'a>, element: PayloadElement<'a>) -> Self {
        Self { octets, element, is_cut: element.is_cut() }
    }

    /// Returns the body of a payload inside this one.
    pub(super) const fn inside(&self, element: PayloadElement<'a>) -> Self {
        Self { octets: self.octets, element, is_cut: self.is_cut || element.is_cut() }
    }

    /// Returns the offset of the body from the start of the message.
    pub(super) const fn value_offset(&self) -> usize {
        self.element.value_offset
    }

    pub(super) const fn value(&self) -> &'a [u8] {
        self.element.value
    }

    /// Reports what is wrong in the body. When the octets end inside it, the fault was reported for the outermost
    /// payload that is cut.
    pub(super) fn fault<S: Sink>(&self, packet: &mut Packet<'_, S>, error: ParseError, span: Span) {
        if !(self.is_cut && matches!(error, ParseError::Length(LengthError::Ends { .. }))) {
            packet.fault("isakmp", error, span);
        }
    }

    /// Shows a field `offset` octets into the body.
    pub(super) fn field<S: Sink>(
        &self,
        packet: &mut Packet<'_, S>,
        name: &'static str,
        value: Value<'_>,
        offset: usize,
        len: usize,
    ) {
        packet.field(name, value, self.octets.span(self.value_offset().saturating_add(offset), len));
    }

    /// Shows all octets from `offset` on in one field. They are not dissected further.
    pub(super) fn rest<S: Sink>(&self, packet: &mut Packet<'_, S>, name: &'static str, offset: usize) {
        // default: when the body ends before this offset, nothing is shown
        let rest = self.value().get(offset..).unwrap_or_default();
        self.field(packet, name, Value::Opaque(rest), offset, rest.len());
    }

    /// Shows all octets in one field. They are the only value of the payload.
    pub(super) fn all<S: Sink>(&self, packet: &mut Packet<'_, S>, name: &'static str) {
        self.field(packet, name, Value::Octets(self.value()), 0, self.value().len());
    }
}

/// Enters a payload and shows its generic header.
pub(super) fn enter<'e, 'p, S: Sink>(
    packet: &'e mut Packet<'p, S>,
    octets: Octets<'_>,
    element: &PayloadElement<'_>,
) -> Entered<'e, 'p, S> {
    let at = element.offset;
    let kind = payload_type(element.header.payload_type, false);
    let mut packet = packet.enter_field("isakmp.typepayload", kind, octets.span(at, element.octets.len()));
    let next = payload_type(next_payload(element), false);
    packet.field("isakmp.nextpayload", next, octets.span(at, 1));
    let reserved = [element.header.reserved];
    packet.field("isakmp.reserved", Value::Octets(&reserved), octets.span(at.saturating_add(1), 1));
    let len = Value::Unsigned(count(element.octets.len().saturating_add(element.missing)));
    packet.field("isakmp.payloadlength", len, octets.span(at.saturating_add(2), 2));
    packet
}

/// Shows what is present of a payload whose header is cut, or whose length is less than that of its header.
pub(super) fn broken<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    kind: PayloadType,
    at: usize,
    rest: &[u8],
) {
    let Some(next) = rest.first() else { return };
    let packet = &mut *packet.enter_field(
        "isakmp.typepayload",
        payload_type(kind, false),
        octets.span(at, rest.len()),
    );
    packet.field("isakmp.nextpayload", payload_type(PayloadType(*next), false), octets.span(at, 1));
    if let Some(reserved) = rest.get(1..2) {
        packet.field("isakmp.reserved", Value::Octets(reserved), octets.span(at.saturating_add(1), 1));
    }
    if let Some([high, low]) = rest.get(2..4) {
        let len = Value::Unsigned(u64::from(u16::from_be_bytes([*high, *low])));
        packet.field("isakmp.payloadlength", len, octets.span(at.saturating_add(2), 2));
    }
    if let Some(body) = rest.get(4..).filter(|body| !body.is_empty()) {
        let span = octets.span(at.saturating_add(4), body.len());
        packet.field("isakmp.datapayload", Value::Opaque(body), span);
    }
}
