//! Configuration payloads: mode-config, XAUTH, Cisco Unity.

use isakmp::payload::configuration::{
    Configuration, ConfigurationAttributeType as Type, ConfigurationValue, XauthStatus, XauthType,
};
use isakmp::{Attribute, AttributeElement, AttributeFraming, Emit, Member, Parsed};

use super::attribute::{self, Family};
use super::body::Body;
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// Shows the body of an Attributes payload.
pub(super) fn fields<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let Parsed { value: configuration, fault, .. } = match Configuration::parse_until_error(&body.element) {
        Ok(read) => read,
        Err(error) => {
            body.rest(packet, "isakmp.datapayload", 0);
            body.fault(packet, error, body.octets.span(body.value_offset(), body.value().len()));
            return;
        }
    };
    let kind = configuration.configuration_type;
    body.field(packet, "isakmp.cfg.type", Value::Named(u64::from(kind.0), kind.name()), 0, 1);
    body.field(packet, "isakmp.reserved", Value::Octets(&[configuration.reserved]), 1, 1);
    let identifier = Value::Unsigned(u64::from(configuration.identifier));
    body.field(packet, "isakmp.cfg.identifier", identifier, 2, 2);
    let octets = body.octets;
    attribute::list_with(
        packet,
        body,
        &Family::CONFIGURATION,
        &configuration.attributes,
        fault,
        |packet, element| value(packet, octets, element),
    );
}

fn value<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, element: &AttributeElement<'_>) {
    let kind = Type(element.header.attribute_type);
    let value_span = octets.span(element.value_offset, element.value.len());
    let start = element.value_offset;
    match ConfigurationValue::from_attribute(&Attribute::decode(element, &AttributeFraming)) {
        ConfigurationValue::Ipv4Address(address) => {
            if let Some(name) = ipv4_name(kind) {
                packet.field(name, Value::Ipv4(address), value_span);
            }
        }
        ConfigurationValue::Ipv6Address(address) => {
            if let Some(name) = ipv6_name(kind) {
                packet.field(name, Value::Ipv6(address), value_span);
            }
        }
        ConfigurationValue::Ipv6Prefix { address, prefix_len } => {
            let (name, prefix_name) = match kind {
                Type::INTERNAL_IP6_SUBNET => {
                    ("isakmp.cfg.attr.internal_ip6_subnet_ip", "isakmp.cfg.attr.internal_ip6_subnet_prefix")
                }
                _ => ("isakmp.cfg.attr.internal_ip6_address", "isakmp.cfg.attr.internal_ip6_address.prefix"),
            };
            packet.field(name, Value::Ipv6(address), octets.span(start, 16));
            let prefix = octets.span(start.saturating_add(16), 1);
            packet.field(prefix_name, Value::Unsigned(u64::from(prefix_len)), prefix);
        }
        ConfigurationValue::Ipv4Subnet { address, mask } => {
            let name = "isakmp.cfg.attr.internal_ip4_subnet_ip";
            packet.field(name, Value::Ipv4(address), octets.span(start, 4));
            let name = "isakmp.cfg.attr.internal_ip4_subnet_netmask";
            packet.field(name, Value::Ipv4(mask), octets.span(start.saturating_add(4), 4));
        }
        ConfigurationValue::Number(number) => {
            let small = u16::try_from(number).ok();
            let (name, named) = match kind {
                Type::INTERNAL_ADDRESS_EXPIRY => ("isakmp.cfg.attr.internal_address_expiry", None),
                Type::XAUTH_TYPE => {
                    ("isakmp.cfg.attr.xauth.type", small.and_then(|small| XauthType(small).name()))
                }
                Type::XAUTH_STATUS => {
                    ("isakmp.cfg.attr.xauth.status", small.and_then(|small| XauthStatus(small).name()))
                }
                _ => return,
            };
            packet.field(name, Value::Named(number, named), value_span);
        }
        ConfigurationValue::AttributeTypes(types) => {
            for (index, [high, low]) in types.as_chunks::<2>().0.iter().enumerate() {
                let number = Type(u16::from_be_bytes([*high, *low]));
                let value = Value::Named(u64::from(number.0), number.name());
                let at = start.saturating_add(index.saturating_mul(2));
                packet.field("isakmp.cfg.attr.supported_attributes", value, octets.span(at, 2));
            }
        }
        ConfigurationValue::SplitNetworks(networks) => {
            let mut at = start;
            for network in networks {
                split_network(packet, octets, at, &network);
                at = at.saturating_add(network.wire_len());
            }
        }
        _ => {
            if let Some(name) = text_name(kind).filter(|_| !element.value.is_empty()) {
                packet.field(name, Value::Text(element.value), value_span);
            }
        }
    }
}

/// Shows a network of Cisco Unity's split tunnelling. Wireshark has no field names for it.
fn split_network<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    at: usize,
    network: &isakmp::payload::split_network::SplitNetwork,
) {
    let span = |offset: usize, len| octets.span(at.saturating_add(offset), len);
    packet.field("isakmp.cfg.attr.unity.split_address", Value::Ipv4(network.address), span(0, 4));
    packet.field("isakmp.cfg.attr.unity.split_netmask", Value::Ipv4(network.mask), span(4, 4));
    if let Some(ports) = network.ports {
        let number = |number: u16| Value::Unsigned(u64::from(number));
        packet.field("isakmp.cfg.attr.unity.split_protocol", number(ports.protocol), span(8, 2));
        packet.field("isakmp.cfg.attr.unity.split_srcport", number(ports.source_port), span(10, 2));
        packet.field("isakmp.cfg.attr.unity.split_dstport", number(ports.destination_port), span(12, 2));
    }
}

const fn ipv4_name(kind: Type) -> Option<&'static str> {
    Some(match kind {
        Type::INTERNAL_IP4_ADDRESS => "isakmp.cfg.attr.internal_ip4_address",
        Type::INTERNAL_IP4_NETMASK => "isakmp.cfg.attr.internal_ip4_netmask",
        Type::INTERNAL_IP4_DNS => "isakmp.cfg.attr.internal_ip4_dns",
        Type::INTERNAL_IP4_NBNS => "isakmp.cfg.attr.internal_ip4_nbns",
        Type::INTERNAL_IP4_DHCP => "isakmp.cfg.attr.internal_ip4_dhcp",
        _ => return None,
    })
}

const fn ipv6_name(kind: Type) -> Option<&'static str> {
    Some(match kind {
        Type::INTERNAL_IP6_ADDRESS => "isakmp.cfg.attr.internal_ip6_address",
        Type::INTERNAL_IP6_NETMASK => "isakmp.cfg.attr.internal_ip6_netmask",
        Type::INTERNAL_IP6_DNS => "isakmp.cfg.attr.internal_ip6_dns",
        Type::INTERNAL_IP6_NBNS => "isakmp.cfg.attr.internal_ip6_nbns",
        Type::INTERNAL_IP6_DHCP => "isakmp.cfg.attr.internal_ip6_dhcp",
        Type::INTERNAL_IP6_SUBNET => "isakmp.cfg.attr.internal_ip6_subnet_ip",
        _ => return None,
    })
}

const fn text_name(kind: Type) -> Option<&'static str> {
    Some(match kind {
        Type::APPLICATION_VERSION => "isakmp.cfg.attr.application_version",
        Type::XAUTH_USER_NAME => "isakmp.cfg.attr.xauth.user_name",
        Type::XAUTH_USER_PASSWORD => "isakmp.cfg.attr.xauth.user_password",
        Type::XAUTH_PASSCODE => "isakmp.cfg.attr.xauth.passcode",
        Type::XAUTH_MESSAGE => "isakmp.cfg.attr.xauth.message",
        Type::XAUTH_CHALLENGE => "isakmp.cfg.attr.xauth.challenge",
        Type::XAUTH_DOMAIN => "isakmp.cfg.attr.xauth.domain",
        Type::XAUTH_NEXT_PIN => "isakmp.cfg.attr.xauth.next_pin",
        Type::XAUTH_ANSWER => "isakmp.cfg.attr.xauth.answer",
        Type::UNITY_BANNER => "isakmp.cfg.attr.unity.banner",
        Type::UNITY_DEF_DOMAIN => "isakmp.cfg.attr.unity.def_domain",
        _ => return None,
    })
}
