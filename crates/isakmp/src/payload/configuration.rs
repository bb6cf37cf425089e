//! The Attributes payload of mode-config, XAUTH and Cisco Unity.
//!
//! draft-ietf-ipsec-isakmp-mode-cfg and draft-ietf-ipsec-isakmp-xauth never became RFCs, but every remote-access
//! client speaks them.

use wire::{Emit, EmitError, Parsed, Reader, Writer, registry};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::attribute::attributes_len;
use crate::{AttributeFraming, Attributes, ParseError};

mod value;

pub use value::ConfigurationValue;

registry! {
    /// Type of the message (mode-config draft section 3.2).
    pub struct ConfigurationType(u8) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// The sender asks for attributes.
        REQUEST = 1 => "ISAKMP_CFG_REQUEST",
        /// The sender answers a request.
        REPLY = 2 => "ISAKMP_CFG_REPLY",
        /// The sender sets attributes.
        SET = 3 => "ISAKMP_CFG_SET",
        /// The sender acknowledges the attributes that were set.
        ACK = 4 => "ISAKMP_CFG_ACK",
    }
}

registry! {
    /// Attribute Type of a configuration payload. XAUTH has the numbers from 16520 on, Cisco Unity those from 28672
    /// on, and Check Point those from 16387 on. The others are those of mode-config.
    pub struct ConfigurationAttributeType(u16) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// An IPv4 address.
        INTERNAL_IP4_ADDRESS = 1 => "INTERNAL_IP4_ADDRESS",
        /// An IPv4 mask.
        INTERNAL_IP4_NETMASK = 2 => "INTERNAL_IP4_NETMASK",
        /// A DNS server with an IPv4 address.
        INTERNAL_IP4_DNS = 3 => "INTERNAL_IP4_DNS",
        /// A NetBIOS name server with an IPv4 address.
        INTERNAL_IP4_NBNS = 4 => "INTERNAL_IP4_NBNS",
        /// The number of seconds for which the address is lent.
        INTERNAL_ADDRESS_EXPIRY = 5 => "INTERNAL_ADDRESS_EXPIRY",
        /// A DHCP server with an IPv4 address.
        INTERNAL_IP4_DHCP = 6 => "INTERNAL_IP4_DHCP",
        /// The version of the application, as text.
        APPLICATION_VERSION = 7 => "APPLICATION_VERSION",
        /// An IPv6 address.
        INTERNAL_IP6_ADDRESS = 8 => "INTERNAL_IP6_ADDRESS",
        /// An IPv6 mask.
        INTERNAL_IP6_NETMASK = 9 => "INTERNAL_IP6_NETMASK",
        /// A DNS server with an IPv6 address.
        INTERNAL_IP6_DNS = 10 => "INTERNAL_IP6_DNS",
        /// A NetBIOS name server with an IPv6 address.
        INTERNAL_IP6_NBNS = 11 => "INTERNAL_IP6_NBNS",
        /// A DHCP server with an IPv6 address.
        INTERNAL_IP6_DHCP = 12 => "INTERNAL_IP6_DHCP",
        /// An IPv4 network and its mask.
        INTERNAL_IP4_SUBNET = 13 => "INTERNAL_IP4_SUBNET",
        /// The attribute types that the sender supports, two octets each.
        SUPPORTED_ATTRIBUTES = 14 => "SUPPORTED_ATTRIBUTES",
        /// An IPv6 prefix and its length.
        INTERNAL_IP6_SUBNET = 15 => "INTERNAL_IP6_SUBNET",
        /// Check Point's default domain.
        CHKPT_DEF_DOMAIN = 16387 => "CHKPT_DEF_DOMAIN",
        /// Check Point's MAC address.
        CHKPT_MAC_ADDRESS = 16388 => "CHKPT_MAC_ADDRESS",
        /// Check Point's MARCIPAN reason code.
        CHKPT_MARCIPAN_REASON_CODE = 16389 => "CHKPT_MARCIPAN_REASON_CODE",
        /// The method that authenticates the user, an [`XauthType`].
        XAUTH_TYPE = 16520 => "XAUTH_TYPE",
        /// The name of the user.
        XAUTH_USER_NAME = 16521 => "XAUTH_USER_NAME",
        /// The password of the user.
        XAUTH_USER_PASSWORD = 16522 => "XAUTH_USER_PASSWORD",
        /// The code that a token shows.
        XAUTH_PASSCODE = 16523 => "XAUTH_PASSCODE",
        /// A text for the user.
        XAUTH_MESSAGE = 16524 => "XAUTH_MESSAGE",
        /// The challenge that the user has to answer.
        XAUTH_CHALLENGE = 16525 => "XAUTH_CHALLENGE",
        /// The domain of the user.
        XAUTH_DOMAIN = 16526 => "XAUTH_DOMAIN",
        /// The result, an [`XauthStatus`].
        XAUTH_STATUS = 16527 => "XAUTH_STATUS",
        /// The next number of the token.
        XAUTH_NEXT_PIN = 16528 => "XAUTH_NEXT_PIN",
        /// The answer of the user to a question.
        XAUTH_ANSWER = 16529 => "XAUTH_ANSWER",
        /// A text that is shown at login.
        UNITY_BANNER = 28672 => "UNITY_BANNER",
        /// Whether the client may keep the password.
        UNITY_SAVE_PASSWD = 28673 => "UNITY_SAVE_PASSWD",
        /// The default domain.
        UNITY_DEF_DOMAIN = 28674 => "UNITY_DEF_DOMAIN",
        /// The domains that are resolved through the tunnel.
        UNITY_SPLITDNS_NAME = 28675 => "UNITY_SPLITDNS_NAME",
        /// The networks that are reached through the tunnel.
        UNITY_SPLIT_INCLUDE = 28676 => "UNITY_SPLIT_INCLUDE",
        /// The UDP port for NAT traversal.
        UNITY_NATT_PORT = 28677 => "UNITY_NATT_PORT",
        /// The networks that are reached past the tunnel. The attribute is also called LOCAL_LAN.
        UNITY_SPLIT_EXCLUDE = 28678 => "UNITY_SPLIT_EXCLUDE",
        /// Whether quick mode has a key exchange.
        UNITY_PFS = 28679 => "UNITY_PFS",
        /// The firewall that the client has to run.
        UNITY_FW_TYPE = 28680 => "UNITY_FW_TYPE",
        /// Other gateways that the client may use.
        UNITY_BACKUP_SERVERS = 28681 => "UNITY_BACKUP_SERVERS",
        /// The host name for dynamic DNS.
        UNITY_DDNS_HOSTNAME = 28682 => "UNITY_DDNS_HOSTNAME",
    }
}

impl ConfigurationAttributeType {
    /// Returns how many octets a value of this type should have, in words, when `len` is not one of these numbers.
    pub(crate) const fn other_length(self, len: usize) -> Option<&'static str> {
        let (fits, lengths) = match self {
            Self::INTERNAL_IP4_ADDRESS
            | Self::INTERNAL_IP4_NETMASK
            | Self::INTERNAL_IP4_DNS
            | Self::INTERNAL_IP4_NBNS
            | Self::INTERNAL_ADDRESS_EXPIRY
            | Self::INTERNAL_IP4_DHCP => (matches!(len, 0 | 4), "0 or 4"),
            // RFC 7296 has a prefix length behind the address, and so have some senders of mode-config.
            Self::INTERNAL_IP6_ADDRESS => (matches!(len, 0 | 16 | 17), "0, 16 or 17"),
            Self::INTERNAL_IP6_NETMASK
            | Self::INTERNAL_IP6_DNS
            | Self::INTERNAL_IP6_NBNS
            | Self::INTERNAL_IP6_DHCP => (matches!(len, 0 | 16), "0 or 16"),
            Self::INTERNAL_IP4_SUBNET => (matches!(len, 0 | 8), "0 or 8"),
            Self::INTERNAL_IP6_SUBNET => (matches!(len, 0 | 17), "0 or 17"),
            Self::SUPPORTED_ATTRIBUTES => (len.is_multiple_of(2), "a multiple of 2"),
            _ => (true, ""),
        };
        if fits { None } else { Some(lengths) }
    }
}

registry! {
    /// Value of `XAUTH_TYPE`: the method that authenticates the user.
    pub struct XauthType(u16) {
        /// A name and a password.
        GENERIC = 0 => "Generic",
        /// RADIUS CHAP.
        RADIUS_CHAP = 1 => "RADIUS-CHAP",
        /// A one-time password.
        OTP = 2 => "OTP",
        /// S/KEY.
        S_KEY = 3 => "S/KEY",
    }
}

registry! {
    /// Value of `XAUTH_STATUS`: the result of the authentication.
    pub struct XauthStatus(u16) {
        /// The user is refused.
        FAIL = 0 => "Fail",
        /// The user is accepted.
        OK = 1 => "Success",
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ConfigurationLayout {
    configuration_type: u8,
    reserved: u8,
    identifier: U16,
}

const FIXED_LEN: usize = 4;
const _: () = assert!(size_of::<ConfigurationLayout>() == FIXED_LEN);

/// Attributes that are requested, replied, set or acknowledged. The struct is exhaustive on purpose, because the
/// figure has no other field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Configuration<'a> {
    /// The type of the message.
    pub configuration_type: ConfigurationType,
    /// The RESERVED octet. The draft wants it to be zero.
    pub reserved: u8,
    /// The number of the transaction that the message belongs to.
    pub identifier: u16,
    /// The attributes. [`ConfigurationValue::from_attribute`] decodes the value of each.
    pub attributes: Attributes<'a>,
}

impl<'a> Configuration<'a> {
    fn read_until_error(mut reader: Reader<'a>) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let layout: ConfigurationLayout = transmute!(*reader.array::<FIXED_LEN>("Attributes")?);
        let Parsed { value: attributes, rest, fault } =
            Attributes::parse_until_error(reader.rest(), reader.offset(), AttributeFraming);
        let value = Self {
            configuration_type: ConfigurationType(layout.configuration_type),
            reserved: layout.reserved,
            identifier: layout.identifier.get(),
            attributes,
        };
        Ok(Parsed { value, rest, fault: fault.map(ParseError::Length) })
    }
}

impl Emit for Configuration<'_> {
    fn wire_len(&self) -> usize {
        attributes_len(&self.attributes).saturating_add(FIXED_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; FIXED_LEN] = transmute!(ConfigurationLayout {
            configuration_type: self.configuration_type.0,
            reserved: self.reserved,
            identifier: U16::new(self.identifier),
        });
        writer.put(&octets)?;
        self.attributes.emit_into(writer)
    }
}

attributes_payload!(Configuration, CONFIGURATION);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attribute, AttributeValue};
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn an_xauth_request_both_ways() {
        let body = [1, 0, 0x12, 0x34, 0x40, 0x89, 0, 0, 0x40, 0x8a, 0, 0, 0xc0, 0x88, 0, 0];
        let value = Configuration::parse_body(&body).unwrap();
        assert_eq!(value.configuration_type, ConfigurationType::REQUEST);
        assert_eq!(value.identifier, 0x1234);
        let types: Vec<_> = value
            .attributes
            .iter()
            .map(|a| (ConfigurationAttributeType(a.attribute_type), ConfigurationValue::from_attribute(&a)))
            .collect();
        assert_eq!(
            types,
            [
                (ConfigurationAttributeType::XAUTH_USER_NAME, ConfigurationValue::Empty),
                (ConfigurationAttributeType::XAUTH_USER_PASSWORD, ConfigurationValue::Empty),
                (ConfigurationAttributeType::XAUTH_TYPE, ConfigurationValue::Number(0)),
            ]
        );
        assert_eq!(value.emit(&mut [0; 16]).unwrap(), body);
    }

    #[test]
    fn an_ack_may_return_an_attribute_in_three_forms() {
        for (form, value) in [
            ([0x40, 0x8f, 0, 0], ConfigurationValue::Empty),
            ([0xc0, 0x8f, 0, 0], ConfigurationValue::Number(0)),
            ([0xc0, 0x8f, 0, 1], ConfigurationValue::Number(1)),
        ] {
            let mut body = [4, 0, 0, 1, 0, 0, 0, 0];
            body[4..].clone_from_slice(&form);
            let configuration = Configuration::parse_body(&body).unwrap();
            let attribute = configuration.attributes.iter().next().unwrap();
            assert_eq!(attribute.attribute_type, ConfigurationAttributeType::XAUTH_STATUS.0);
            assert_eq!(ConfigurationValue::from_attribute(&attribute), value);
            assert_eq!(configuration.emit(&mut [0; 8]).unwrap(), body);
        }
    }

    #[test]
    fn each_type_has_the_form_of_its_value() {
        let octets = [10, 0, 0, 1, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 64];
        let value = |attribute_type: u16, len: usize| {
            let attribute = Attribute::variable(attribute_type, &octets[..len]);
            let told = std::format!("{:?}", ConfigurationValue::from_attribute(&attribute));
            // The name of the variant.
            told.split(['(', ' ']).next().unwrap().to_string()
        };
        for (types, len, variant) in [
            (&[1, 2, 3, 4, 6][..], 4, "Ipv4Address"),
            (&[8, 9, 10, 11, 12, 15], 16, "Ipv6Address"),
            (&[8, 15], 17, "Ipv6Prefix"),
            (&[13], 8, "Ipv4Subnet"),
            (&[5, 16520, 16527, 28673, 28677, 28679], 4, "Number"),
            (&[7, 16521, 16524, 16526, 28672, 28674, 28675, 28682], 5, "Text"),
            (&[14], 6, "AttributeTypes"),
            (&[28676, 28678], 14, "SplitNetworks"),
            // Passwords and what has no form here.
            (&[16522, 16523, 16525, 16528, 16529, 28680, 28681, 77], 4, "Octets"),
            // Values of other lengths.
            (&[1, 2, 3, 4, 6, 13, 28676], 3, "Octets"),
            (&[9, 10, 11, 12], 17, "Octets"),
            (&[14], 5, "Octets"),
        ] {
            for attribute_type in types {
                assert_eq!(value(*attribute_type, len), variant, "{attribute_type} of {len} octets");
                assert_eq!(value(*attribute_type, 0), "Empty");
            }
        }
    }

    #[test]
    fn values_have_the_form_of_their_type_or_are_octets() {
        let value = |attribute_type, octets| {
            ConfigurationValue::from_attribute(&Attribute {
                attribute_type,
                value: AttributeValue::Variable(octets),
            })
        };
        assert_eq!(value(1, &[10, 0, 0, 1]), ConfigurationValue::Ipv4Address([10, 0, 0, 1].into()));
        assert_eq!(value(1, &[10, 0, 0]), ConfigurationValue::Octets(&[10, 0, 0]));
        assert_eq!(value(5, &[0, 0, 0x0e, 0x10]), ConfigurationValue::Number(3600));
        assert!(matches!(value(8, &[0; 17]), ConfigurationValue::Ipv6Prefix { prefix_len: 0, .. }));
        assert!(matches!(value(8, &[0; 16]), ConfigurationValue::Ipv6Address(_)));
        assert!(matches!(value(13, &[0; 8]), ConfigurationValue::Ipv4Subnet { .. }));
        assert!(matches!(value(14, &[0; 3]), ConfigurationValue::Octets(_)));
        assert_eq!(value(28672, b"hello"), ConfigurationValue::Text(b"hello"));
        assert!(matches!(value(28676, &[0; 14]), ConfigurationValue::SplitNetworks(_)));
        assert!(matches!(value(28676, &[0; 13]), ConfigurationValue::Octets(_)));
    }
}
