//! The values of configuration attributes.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::ConfigurationAttributeType;
use crate::payload::split_network::SplitNetworks;
use crate::{Attribute, AttributeValue};

/// The value of a configuration attribute, decoded by its type. A value that does not have the form of its type is
/// kept as octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ConfigurationValue<'a> {
    /// No value: the attribute is asked for, or acknowledged.
    Empty,
    /// An IPv4 address, a mask or the address of a server.
    Ipv4Address(Ipv4Addr),
    /// An IPv6 address, a mask or the address of a server.
    Ipv6Address(Ipv6Addr),
    /// An IPv4 network and its mask.
    Ipv4Subnet {
        /// The address of the network.
        address: Ipv4Addr,
        /// The mask of the network.
        mask: Ipv4Addr,
    },
    /// An IPv6 prefix and its length.
    Ipv6Prefix {
        /// The address of the prefix.
        address: Ipv6Addr,
        /// The length of the prefix in bits.
        prefix_len: u8,
    },
    /// A number of seconds, a port or a choice.
    Number(u64),
    /// A text for a person, or a name.
    Text(&'a [u8]),
    /// Attribute types, two octets each.
    AttributeTypes(&'a [u8]),
    /// The networks of Cisco Unity.
    SplitNetworks(SplitNetworks<'a>),
    /// Any other value.
    Octets(&'a [u8]),
}

impl<'a> ConfigurationValue<'a> {
    /// Decodes the value of `attribute` by its type.
    #[must_use]
    pub fn from_attribute(attribute: &Attribute<'a>) -> Self {
        use ConfigurationAttributeType as Type;
        let octets = match attribute.value {
            AttributeValue::Basic(value) => return Self::Number(u64::from(value)),
            AttributeValue::Variable([]) => return Self::Empty,
            AttributeValue::Variable(octets) => octets,
            // A value that was cut does not have the form of its type.
            AttributeValue::Cut { octets, .. } => return Self::Octets(octets),
        };
        let decoded = match Type(attribute.attribute_type) {
            Type::INTERNAL_IP4_ADDRESS
            | Type::INTERNAL_IP4_NETMASK
            | Type::INTERNAL_IP4_DNS
            | Type::INTERNAL_IP4_NBNS
            | Type::INTERNAL_IP4_DHCP => {
                <[u8; 4]>::try_from(octets).ok().map(|octets| Self::Ipv4Address(octets.into()))
            }
            Type::INTERNAL_IP6_NETMASK
            | Type::INTERNAL_IP6_DNS
            | Type::INTERNAL_IP6_NBNS
            | Type::INTERNAL_IP6_DHCP => ipv6_address(octets),
            Type::INTERNAL_IP6_ADDRESS | Type::INTERNAL_IP6_SUBNET => {
                ipv6_prefix(octets).or_else(|| ipv6_address(octets))
            }
            Type::INTERNAL_IP4_SUBNET => match octets.as_chunks::<4>() {
                ([address, mask], []) => {
                    Some(Self::Ipv4Subnet { address: (*address).into(), mask: (*mask).into() })
                }
                _ => None,
            },
            Type::INTERNAL_ADDRESS_EXPIRY
            | Type::XAUTH_TYPE
            | Type::XAUTH_STATUS
            | Type::UNITY_SAVE_PASSWD
            | Type::UNITY_NATT_PORT
            | Type::UNITY_PFS => attribute.value.number().map(Self::Number),
            Type::APPLICATION_VERSION
            | Type::XAUTH_USER_NAME
            | Type::XAUTH_MESSAGE
            | Type::XAUTH_DOMAIN
            | Type::UNITY_BANNER
            | Type::UNITY_DEF_DOMAIN
            | Type::UNITY_SPLITDNS_NAME
            | Type::UNITY_DDNS_HOSTNAME => Some(Self::Text(octets)),
            Type::SUPPORTED_ATTRIBUTES => {
                octets.as_chunks::<2>().1.is_empty().then_some(Self::AttributeTypes(octets))
            }
            Type::UNITY_SPLIT_INCLUDE | Type::UNITY_SPLIT_EXCLUDE => {
                SplitNetworks::parse(octets).ok().map(Self::SplitNetworks)
            }
            _ => None,
        };
        // default: the octets say all that is known
        decoded.unwrap_or(Self::Octets(octets))
    }
}

fn ipv6_address<'a>(octets: &[u8]) -> Option<ConfigurationValue<'a>> {
    <[u8; 16]>::try_from(octets).ok().map(|octets| ConfigurationValue::Ipv6Address(octets.into()))
}

fn ipv6_prefix<'a>(octets: &[u8]) -> Option<ConfigurationValue<'a>> {
    match octets.split_first_chunk::<16>()? {
        (address, [prefix_len]) => Some(ConfigurationValue::Ipv6Prefix {
            address: Ipv6Addr::from(*address),
            prefix_len: *prefix_len,
        }),
        _ => None,
    }
}
