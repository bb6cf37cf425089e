//! Payloads: the generic header, RFC 2408 section 3.2, and what follows it.

use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::payload::next_payload;
use isakmp::{
    LengthError, NegotiationContext, ParseError, Payload, PayloadBody, PayloadElement, PayloadType, Phase,
};

use super::header::payload_type;
use super::{configuration, identification, notification, security_association, vendor_id};
use crate::dissector::{Entered, Octets, Packet};
use crate::link::count;
use crate::sink::{Sink, Span, Value};

/// A payload's element with the octets of its message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'a> {
    pub(super) octets: Octets<'a>,
    pub(super) element: PayloadElement<'a>,
    // Whether the octets end inside this payload, or inside one around it.
    is_cut: bool,
}

impl<'a> Body<'a> {
    pub(super) const fn of(octets: Octets<'a>, element: PayloadElement<'a>) -> Self {
        Self { octets, element, is_cut: element.is_cut() }
    }

    /// The body of a payload inside this one.
    pub(super) const fn inside(&self, element: PayloadElement<'a>) -> Self {
        Self { octets: self.octets, element, is_cut: self.is_cut || element.is_cut() }
    }

    /// Offset of the body from the start of the message.
    pub(super) const fn value_offset(&self) -> usize {
        self.element.value_offset
    }

    pub(super) const fn value(&self) -> &'a [u8] {
        self.element.value
    }

    /// Marks what is wrong in the body. That the octets end inside it was told of the outermost payload that is cut.
    pub(super) fn fault<S: Sink>(&self, packet: &mut Packet<'_, S>, error: ParseError, span: Span) {
        if !(self.is_cut && matches!(error, ParseError::Length(LengthError::Ends { .. }))) {
            packet.fault("isakmp", error, span);
        }
    }

    /// A field `offset` octets into the body.
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

    /// A field of all octets from `offset` on.
    pub(super) fn rest<S: Sink>(&self, packet: &mut Packet<'_, S>, name: &'static str, offset: usize) {
        // default: of a body that ends before, nothing is shown
        let rest = self.value().get(offset..).unwrap_or_default();
        self.field(packet, name, Value::Octets(rest), offset, rest.len());
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

/// Shows what there is of a payload that ends before its own header does, or whose length is below that of its header.
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
        packet.field("isakmp.datapayload", Value::Octets(body), span);
    }
}

/// Shows a payload.
pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    element: PayloadElement<'_>,
    context: &NegotiationContext,
    phase: Phase,
) {
    let packet = &mut *enter(packet, octets, &element);
    let body = Body::of(octets, element);
    match context.meaning(element.header.payload_type) {
        PayloadType::SECURITY_ASSOCIATION => security_association::fields(packet, body),
        PayloadType::PROPOSAL => security_association::proposal(packet, body),
        // What it is a transform of would stand in its proposal.
        PayloadType::TRANSFORM => {
            security_association::transform(packet, body, security_association::protocol(phase));
        }
        PayloadType::CONFIGURATION => configuration::fields(packet, body),
        _ => match Payload::parse(&element, context) {
            Ok(payload) => shown(packet, body, &payload.body),
            Err(error) => {
                match element.header.payload_type {
                    PayloadType::NOTIFICATION => notification::notification_fixed(packet, body),
                    PayloadType::DELETE => notification::delete_fixed(packet, body),
                    _ => {}
                }
                body.rest(packet, "isakmp.datapayload", 0);
                body.fault(packet, error, octets.span(element.offset, element.octets.len()));
            }
        },
    }
}

fn shown<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, payload: &PayloadBody<'_>) {
    match payload {
        PayloadBody::KeyExchange(_) => body.rest(packet, "isakmp.key_exchange.data", 0),
        PayloadBody::Nonce(_) => body.rest(packet, "isakmp.nonce", 0),
        PayloadBody::Hash(_) => body.rest(packet, "isakmp.hash", 0),
        PayloadBody::Signature(_) => body.rest(packet, "isakmp.sig", 0),
        PayloadBody::NatDetection(_) => body.rest(packet, "isakmp.ike.nat_hash", 0),
        PayloadBody::NatOriginalAddress(value) => nat_original_address(packet, body, value),
        PayloadBody::Identification(value) => identification::fields(packet, body, value),
        PayloadBody::Certificate(value) => {
            let encoding = value.certificate_encoding;
            let encoding = Value::Named(u64::from(encoding.0), encoding.name());
            body.field(packet, "isakmp.cert.encoding", encoding, 0, 1);
            body.rest(packet, "isakmp.cert.data", 1);
        }
        PayloadBody::CertificateRequest(value) => {
            let kind = value.certificate_type;
            body.field(packet, "isakmp.certreq.type", Value::Named(u64::from(kind.0), kind.name()), 0, 1);
            body.rest(packet, "isakmp.ike.certreq.authority", 1);
        }
        PayloadBody::Notification(value) => notification::notification(packet, body, value),
        PayloadBody::Delete(value) => notification::delete(packet, body, value),
        PayloadBody::VendorId(_) => vendor_id::fields(packet, body),
        PayloadBody::Fragment(value) => {
            let identifier = Value::Hexadecimal(u64::from(value.identifier), 4);
            body.field(packet, "isakmp.frag.packetid", identifier, 0, 2);
            body.field(packet, "isakmp.frag.seq", Value::Unsigned(u64::from(value.number)), 2, 1);
            body.field(packet, "isakmp.frag.last", Value::Unsigned(u64::from(value.flags)), 3, 1);
            body.rest(packet, "isakmp.frag.data", 4);
        }
        _ => body.rest(packet, "isakmp.datapayload", 0),
    }
}

/// RFC 3947 section 5.2.
fn nat_original_address<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, value: &NatOriginalAddress) {
    let id_type = value.id_type();
    body.field(packet, "isakmp.id.type", Value::Named(u64::from(id_type.0), id_type.name()), 0, 1);
    body.field(packet, "isakmp.reserved", Value::Octets(&value.reserved), 1, 3);
    let (name, len) = match value.address {
        std::net::IpAddr::V4(_) => ("isakmp.ike.nat_original_address_ipv4", 4),
        std::net::IpAddr::V6(_) => ("isakmp.ike.nat_original_address_ipv6", 16),
    };
    body.field(packet, name, value.address.into(), 4, len);
}
