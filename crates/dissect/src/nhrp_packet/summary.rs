//! The summary line of an NHRP packet.

use core::fmt;

use nhrp::{Cie, Exchange, FixedPart, MandatoryPart, ParseError, ip_address};

use crate::packet::Packet;
use crate::sink::Sink;

/// Writes the summary line of a packet that is not decoded.
pub(super) fn say_of_another<S: Sink>(packet: &mut Packet<'_, S>, fixed_part: &FixedPart, fault: ParseError) {
    let name = name_of(fixed_part).unwrap_or("packet");
    packet.summary("NHRP", format_args!("{name}: {fault}"));
}

fn name_of(fixed_part: &FixedPart) -> Option<&'static str> {
    fixed_part.packet_type.name().map(|name| name.strip_prefix("NHRP ").unwrap_or(name))
}

pub(super) fn say<S: Sink>(
    packet: &mut Packet<'_, S>,
    fixed_part: &FixedPart,
    parsed: &nhrp::Packet<'_>,
    fault: Option<ParseError>,
) {
    let part = &parsed.mandatory_part;
    let Some(name) = name_of(fixed_part) else {
        packet.summary("NHRP", format_args!("packet type {}", fixed_part.packet_type.0));
        return;
    };
    if let Some(exchange) = part.exchange() {
        let Exchange { request_id, addresses, cies, .. } = exchange;
        let source = Shown(addresses.source_protocol_address);
        let nbma = Shown(addresses.source_nbma_address.octets);
        let destination = Shown(addresses.destination_protocol_address);
        let entry = Entry { is_reply: part.is_reply(), cie: cies.iter().next() };
        packet.summary("NHRP", format_args!("{name} {request_id}: {source} ({nbma}) → {destination}{entry}"));
    } else if let Some(indication) = part.indication() {
        let source = Shown(indication.addresses.source_protocol_address);
        let destination = Shown(indication.addresses.destination_protocol_address);
        let reason = Reason { part, code: indication.error_code };
        packet.summary("NHRP", format_args!("{name}{reason}: {source} → {destination}"));
    } else if let Some(fault) = fault {
        packet.summary("NHRP", format_args!("{name}: {fault}"));
    }
}

/// An address as text.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ip_address(self.0) {
            Some(address) => address.fmt(formatter),
            None if self.0.is_empty() => formatter.write_str("none"),
            None => self.0.iter().try_for_each(|octet| write!(formatter, "{octet:02x}")),
        }
    }
}

/// The first entry of a reply as text: the binding, or the reason why the reply has no binding.
struct Entry<'a> {
    is_reply: bool,
    cie: Option<Cie<'a>>,
}

impl fmt::Display for Entry<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cie {
            Some(cie) if self.is_reply && cie.code != nhrp::CieCode::SUCCESS => {
                write!(formatter, ": {}", cie.code)
            }
            Some(cie) if self.is_reply && !cie.client_nbma_address.octets.is_empty() => {
                let nbma = Shown(cie.client_nbma_address.octets);
                match cie.client_protocol_address {
                    [] => write!(formatter, ": at {nbma}"),
                    address => write!(formatter, ": {} at {nbma}", Shown(address)),
                }
            }
            _ => Ok(()),
        }
    }
}

/// The error code of an Error Indication as text.
struct Reason<'a> {
    part: &'a MandatoryPart<'a>,
    code: nhrp::ErrorCode,
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.part, self.code.name()) {
            (MandatoryPart::TrafficIndication(_), _) => Ok(()),
            (_, Some(name)) => write!(formatter, ", {name}"),
            (_, None) => write!(formatter, ", code {}", self.code.0),
        }
    }
}
