//! Identification payloads, RFC 2408 section 3.8 and RFC 2407 section 4.6.2.

use isakmp::payload::identification::{Identification, Identity};

use super::body::Body;
use crate::packet::Packet;
use crate::sink::{Sink, Value};

pub(super) fn fields<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, value: &Identification<'_>) {
    let id_type = value.identity.id_type();
    body.field(packet, "isakmp.id.type", Value::Named(u64::from(id_type.0), id_type.name()), 0, 1);
    body.field(packet, "isakmp.id.protoid", Value::Unsigned(u64::from(value.protocol_id)), 1, 1);
    body.field(packet, "isakmp.id.port", Value::Unsigned(u64::from(value.port)), 2, 2);
    // default: never taken, because the identification was read already
    let data = body.value().get(4..).unwrap_or_default();
    let span = body.octets.span(body.value_offset().saturating_add(4), data.len());
    let packet = &mut *packet.enter_field("isakmp.id.data", Value::Opaque(data), span);
    let mut part = |name, value: Value<'_>, offset, len| body.field(packet, name, value, offset, len);
    match &value.identity {
        Identity::Ipv4Address(address) => part("isakmp.id.data.ipv4_addr", Value::Ipv4(*address), 4, 4),
        Identity::Ipv6Address(address) => part("isakmp.id.data.ipv6_addr", Value::Ipv6(*address), 4, 16),
        Identity::Ipv4Subnet { address, mask } => {
            part("isakmp.id.data.ipv4_addr", Value::Ipv4(*address), 4, 4);
            part("isakmp.id.data.ipv4_subnet", Value::Ipv4(*mask), 8, 4);
        }
        Identity::Ipv6Subnet { address, mask } => {
            part("isakmp.id.data.ipv6_addr", Value::Ipv6(*address), 4, 16);
            part("isakmp.id.data.ipv6_subnet", Value::Ipv6(*mask), 20, 16);
        }
        Identity::Ipv4Range { first, last } => {
            part("isakmp.id.data.ipv4_range_start", Value::Ipv4(*first), 4, 4);
            part("isakmp.id.data.ipv4_range_end", Value::Ipv4(*last), 8, 4);
        }
        Identity::Ipv6Range { first, last } => {
            part("isakmp.id.data.ipv6_range_start", Value::Ipv6(*first), 4, 16);
            part("isakmp.id.data.ipv6_range_end", Value::Ipv6(*last), 20, 16);
        }
        Identity::Fqdn(name) => part("isakmp.id.data.fqdn", Value::Text(name), 4, name.len()),
        Identity::UserFqdn(name) => part("isakmp.id.data.user_fqdn", Value::Text(name), 4, name.len()),
        Identity::KeyId(key) => part("isakmp.id.data.key_id", Value::Octets(key), 4, key.len()),
        // ASN.1 is shown as octets, which are in isakmp.id.data.
        Identity::DerAsn1Dn(_) | Identity::DerAsn1Gn(_) | Identity::Other { .. } => {}
    }
}
