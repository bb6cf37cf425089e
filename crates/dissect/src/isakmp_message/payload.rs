//! Payloads: the generic header, RFC 2408 section 3.2, and the body after it.

use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::{NegotiationContext, Payload, PayloadBody, PayloadElement, PayloadType, Phase};

use super::body::{Body, enter};
use super::{configuration, identification, notification, security_association, vendor_id};
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

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
        // The protocol of a transform would be in its proposal.
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
        PayloadBody::KeyExchange(_) => body.all(packet, "isakmp.key_exchange.data"),
        PayloadBody::Nonce(_) => body.all(packet, "isakmp.nonce"),
        PayloadBody::Hash(_) => body.all(packet, "isakmp.hash"),
        PayloadBody::Signature(_) => body.all(packet, "isakmp.sig"),
        PayloadBody::NatDetection(_) => body.all(packet, "isakmp.ike.nat_hash"),
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

/// Shows the body of NAT-OA, RFC 3947 section 5.2.
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
