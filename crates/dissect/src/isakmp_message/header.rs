//! The ISAKMP header, RFC 2408 section 3.1 and RFC 7296 section 3.1.

use isakmp::{Flags, FramedHeader, ikev2};

use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Span, Value};

/// The version whose registries a header uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registries {
    Version1,
    Version2,
}

/// Shows what is present of a header that ends too early.
pub(super) fn cut<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    if let Ok(framed) = FramedHeader::parse(&octets.padded::<{ FramedHeader::LEN }>()) {
        let registries = match framed.header.version.major() {
            2 => Registries::Version2,
            _ => Registries::Version1,
        };
        fields(packet, octets, &framed, registries);
    }
}

/// Shows the fields of a header that are present.
pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    framed: &FramedHeader,
    registries: Registries,
) {
    let header = &framed.header;
    let is_v2 = registries == Registries::Version2;
    packet.part("isakmp.ispi", Value::Octets(&header.initiator_cookie), &octets, 0, 8);
    packet.part("isakmp.rspi", Value::Octets(&header.responder_cookie), &octets, 8, 8);
    packet.part("isakmp.nextpayload", payload_type(framed.next_payload, is_v2), &octets, 16, 1);
    if octets.octets.len() > 17 {
        let (version, span) = (header.version, octets.span(17, 1));
        let packet =
            &mut *packet.enter_field("isakmp.version", Value::Hexadecimal(u64::from(version.0), 2), span);
        packet.field("isakmp.mjver", Value::Hexadecimal(u64::from(version.major()), 2), span);
        packet.field("isakmp.mnver", Value::Hexadecimal(u64::from(version.minor()), 2), span);
    }
    let exchange = header.exchange_type;
    let name = if is_v2 { ikev2::ExchangeType(exchange.0).name() } else { exchange.name() };
    packet.part("isakmp.exchangetype", Value::Named(u64::from(exchange.0), name), &octets, 18, 1);
    if octets.octets.len() > 19 {
        let span = octets.span(19, 1);
        let packet =
            &mut *packet.enter_field("isakmp.flags", Value::Hexadecimal(u64::from(header.flags.0), 2), span);
        let bits = if is_v2 {
            [
                ("isakmp.flag_i", Flags::INITIATOR),
                ("isakmp.flag_v", Flags::VERSION),
                ("isakmp.flag_r", Flags::RESPONSE),
            ]
        } else {
            [
                ("isakmp.flag_e", Flags::ENCRYPTION),
                ("isakmp.flag_c", Flags::COMMIT),
                ("isakmp.flag_a", Flags::AUTHENTICATION_ONLY),
            ]
        };
        for (name, flag) in bits {
            packet.field(name, Value::Boolean(header.flags.contains(flag)), span);
        }
    }
    let message_id = Value::Hexadecimal(u64::from(header.message_id), 8);
    packet.part("isakmp.messageid", message_id, &octets, 20, 4);
    packet.part("isakmp.length", Value::Unsigned(u64::from(framed.length)), &octets, 24, 4);
}

/// Returns a payload type with its name in the given version.
pub(super) fn payload_type(payload_type: isakmp::PayloadType, is_v2: bool) -> Value<'static> {
    let name = if is_v2 { ikev2::PayloadType(payload_type.0).name() } else { payload_type.name() };
    Value::Named(u64::from(payload_type.0), name)
}

/// Returns what a wrong total length is about: the length field, or all octets when the capture cut them, because then
/// the length is not what is wrong.
pub(super) const fn length_span(octets: Octets<'_>) -> Span {
    if octets.cut { octets.whole() } else { octets.span(24, 4) }
}
