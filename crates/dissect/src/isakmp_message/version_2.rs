//! IKEv2: its header and its list of payloads. The bodies are shown as octets.

use core::fmt;

use isakmp::ikev2::{CRITICAL, ExchangeType, Message, PayloadType, is_critical};
use isakmp::{Chain, Flags, FramedHeader, ParseError, Parsed, PayloadElement, PayloadFraming};

use super::header::{self, Registries, payload_type};
use super::security_association::fault_span;
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// Dissects a message of major version 2. The protocol has been entered already.
pub(super) fn dissect<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, framed: &FramedHeader) {
    header::fields(packet, octets, framed, Registries::Version2);
    if let Ok(Parsed { value: message, fault, .. }) = Message::parse_until_error(octets.octets) {
        let chain_fault = match fault {
            Some(ParseError::Length(fault)) => Some(fault),
            // This error does not say whether the payload chain is complete.
            Some(error) => {
                packet.fault("isakmp", error, header::length_span(octets));
                let framing = PayloadFraming::ikev2(framed.next_payload);
                let after_header = octets.after(FramedHeader::LEN).octets;
                Chain::parse_until_error(after_header, FramedHeader::LEN, framing).fault
            }
            None => None,
        };
        packet.summary("ISAKMP", format_args!("{}", Summary(&message)));
        for element in &message.payloads {
            payload(packet, octets, &element);
        }
        let (offset, rest) = (message.payloads.rest_offset(), message.payloads.rest());
        if let Some(fault) = chain_fault {
            packet.fault("isakmp", ParseError::Length(fault), fault_span(octets, &message.payloads));
        } else if !rest.is_empty() {
            packet.field("isakmp.extradata", Value::Opaque(rest), octets.span(offset, rest.len()));
        }
    }
}

fn payload<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, element: &PayloadElement<'_>) {
    let at = element.offset;
    let kind = payload_type(element.header.payload_type, true);
    let packet = &mut *packet.enter_field("isakmp.typepayload", kind, octets.span(at, element.octets.len()));
    let next = isakmp::payload::next_payload(element);
    packet.part("isakmp.nextpayload", payload_type(next, true), &octets, at, 1);
    let reserved = at.saturating_add(1);
    packet.part("isakmp.criticalpayload", Value::Boolean(is_critical(element)), &octets, reserved, 1);
    let bits = u64::from(element.header.reserved & !CRITICAL);
    packet.part("isakmp.reserved7", Value::Hexadecimal(bits, 2), &octets, reserved, 1);
    let len = Value::Unsigned(crate::sink::count(element.octets.len().saturating_add(element.missing)));
    packet.part("isakmp.payloadlength", len, &octets, at.saturating_add(2), 2);
    let name = match PayloadType(element.header.payload_type.0) {
        PayloadType::ENCRYPTED | PayloadType::ENCRYPTED_FRAGMENT => "isakmp.enc.data",
        _ => "isakmp.datapayload",
    };
    if !element.value.is_empty() {
        let value = octets.span(element.value_offset, element.value.len());
        packet.field(name, Value::Opaque(element.value), value);
    }
}

/// The largest number of payloads that a summary names.
const NAMED: usize = 12;

struct Summary<'m, 'a>(&'m Message<'a>);

impl fmt::Display for Summary<'_, '_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.0.header.header;
        write!(out, "IKEv2 {} MID={}", ExchangeType(header.exchange_type.0), header.message_id)?;
        let is_initiator = header.flags.contains(Flags::INITIATOR);
        out.write_str(if is_initiator { " initiator" } else { " responder" })?;
        let is_response = header.flags.contains(Flags::RESPONSE);
        out.write_str(if is_response { " response" } else { " request" })?;
        for (index, element) in self.0.payloads.iter().enumerate() {
            if index == NAMED {
                return out.write_str(", …");
            }
            match short_name(PayloadType(element.header.payload_type.0)) {
                Some(name) => write!(out, ", {name}")?,
                None => write!(out, ", payload {}", element.header.payload_type.0)?,
            }
        }
        Ok(())
    }
}

/// Returns the abbreviation of RFC 7296 section 1.2 for a payload.
const fn short_name(payload_type: PayloadType) -> Option<&'static str> {
    Some(match payload_type {
        PayloadType::SECURITY_ASSOCIATION => "SA",
        PayloadType::KEY_EXCHANGE => "KE",
        PayloadType::IDENTIFICATION_INITIATOR => "IDi",
        PayloadType::IDENTIFICATION_RESPONDER => "IDr",
        PayloadType::CERTIFICATE => "CERT",
        PayloadType::CERTIFICATE_REQUEST => "CERTREQ",
        PayloadType::AUTHENTICATION => "AUTH",
        PayloadType::NONCE => "NONCE",
        PayloadType::NOTIFY => "NOTIFY",
        PayloadType::DELETE => "DELETE",
        PayloadType::VENDOR_ID => "VID",
        PayloadType::TRAFFIC_SELECTOR_INITIATOR => "TSi",
        PayloadType::TRAFFIC_SELECTOR_RESPONDER => "TSr",
        PayloadType::ENCRYPTED => "encrypted",
        PayloadType::ENCRYPTED_FRAGMENT => "encrypted fragment",
        PayloadType::CONFIGURATION => "CP",
        PayloadType::EXTENSIBLE_AUTHENTICATION => "EAP",
        _ => return payload_type.name(),
    })
}
