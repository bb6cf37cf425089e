//! Attributes payload: mode-config, XAUTH and Cisco Unity.
//!
//! draft-ietf-ipsec-isakmp-mode-cfg and draft-ietf-ipsec-isakmp-xauth never became RFCs; every remote-access client
//! speaks them.

use wire::{Emit, EmitError, Parsed, Reader, Writer, registry};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::attribute::attributes_len;
use crate::{AttributeFraming, Attributes, ParseError};

mod value;

pub use value::ConfigurationValue;

registry! {
    /// Type of the message, mode-config draft section 3.2.
    pub struct ConfigurationType(u8) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// What is asked.
        REQUEST = 1 => "ISAKMP_CFG_REQUEST",
        /// What is answered.
        REPLY = 2 => "ISAKMP_CFG_REPLY",
        /// What is set.
        SET = 3 => "ISAKMP_CFG_SET",
        /// What is acknowledged.
        ACK = 4 => "ISAKMP_CFG_ACK",
    }
}

registry! {
    /// Attribute Type of a configuration payload: mode-config, XAUTH (from 16520), Cisco Unity (from 28672), Check
    /// Point (from 16387).
    pub struct ConfigurationAttributeType(u16) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// IPv4 address.
        INTERNAL_IP4_ADDRESS = 1 => "INTERNAL_IP4_ADDRESS",
        /// IPv4 mask.
        INTERNAL_IP4_NETMASK = 2 => "INTERNAL_IP4_NETMASK",
        /// DNS server.
        INTERNAL_IP4_DNS = 3 => "INTERNAL_IP4_DNS",
        /// NetBIOS name server.
        INTERNAL_IP4_NBNS = 4 => "INTERNAL_IP4_NBNS",
        /// Seconds for which the address is lent.
        INTERNAL_ADDRESS_EXPIRY = 5 => "INTERNAL_ADDRESS_EXPIRY",
        /// DHCP server.
        INTERNAL_IP4_DHCP = 6 => "INTERNAL_IP4_DHCP",
        /// Text.
        APPLICATION_VERSION = 7 => "APPLICATION_VERSION",
        /// IPv6 address.
        INTERNAL_IP6_ADDRESS = 8 => "INTERNAL_IP6_ADDRESS",
        /// IPv6 mask.
        INTERNAL_IP6_NETMASK = 9 => "INTERNAL_IP6_NETMASK",
        /// DNS server.
        INTERNAL_IP6_DNS = 10 => "INTERNAL_IP6_DNS",
        /// NetBIOS name server.
        INTERNAL_IP6_NBNS = 11 => "INTERNAL_IP6_NBNS",
        /// DHCP server.
        INTERNAL_IP6_DHCP = 12 => "INTERNAL_IP6_DHCP",
        /// IPv4 network and mask.
        INTERNAL_IP4_SUBNET = 13 => "INTERNAL_IP4_SUBNET",
        /// Attribute types, two octets each.
        SUPPORTED_ATTRIBUTES = 14 => "SUPPORTED_ATTRIBUTES",
        /// IPv6 prefix and its length.
        INTERNAL_IP6_SUBNET = 15 => "INTERNAL_IP6_SUBNET",
        /// Check Point.
        CHKPT_DEF_DOMAIN = 16387 => "CHKPT_DEF_DOMAIN",
        /// Check Point.
        CHKPT_MAC_ADDRESS = 16388 => "CHKPT_MAC_ADDRESS",
        /// Check Point.
        CHKPT_MARCIPAN_REASON_CODE = 16389 => "CHKPT_MARCIPAN_REASON_CODE",
        /// How the user is authenticated: [`XauthType`].
        XAUTH_TYPE = 16520 => "XAUTH_TYPE",
        /// User name.
        XAUTH_USER_NAME = 16521 => "XAUTH_USER_NAME",
        /// Password.
        XAUTH_USER_PASSWORD = 16522 => "XAUTH_USER_PASSWORD",
        /// Token's code.
        XAUTH_PASSCODE = 16523 => "XAUTH_PASSCODE",
        /// Text for the user.
        XAUTH_MESSAGE = 16524 => "XAUTH_MESSAGE",
        /// Challenge.
        XAUTH_CHALLENGE = 16525 => "XAUTH_CHALLENGE",
        /// Domain.
        XAUTH_DOMAIN = 16526 => "XAUTH_DOMAIN",
        /// Result: [`XauthStatus`].
        XAUTH_STATUS = 16527 => "XAUTH_STATUS",
        /// Token's next number.
        XAUTH_NEXT_PIN = 16528 => "XAUTH_NEXT_PIN",
        /// Answer.
        XAUTH_ANSWER = 16529 => "XAUTH_ANSWER",
        /// Text to show at login.
        UNITY_BANNER = 28672 => "UNITY_BANNER",
        /// Whether the client may keep the password.
        UNITY_SAVE_PASSWD = 28673 => "UNITY_SAVE_PASSWD",
        /// Default domain.
        UNITY_DEF_DOMAIN = 28674 => "UNITY_DEF_DOMAIN",
        /// Domains to resolve through the tunnel.
        UNITY_SPLITDNS_NAME = 28675 => "UNITY_SPLITDNS_NAME",
        /// Networks to reach through the tunnel.
        UNITY_SPLIT_INCLUDE = 28676 => "UNITY_SPLIT_INCLUDE",
        /// UDP port for NAT traversal.
        UNITY_NATT_PORT = 28677 => "UNITY_NATT_PORT",
        /// Networks to reach past the tunnel; also called LOCAL_LAN.
        UNITY_SPLIT_EXCLUDE = 28678 => "UNITY_SPLIT_EXCLUDE",
        /// Whether quick mode has a key exchange.
        UNITY_PFS = 28679 => "UNITY_PFS",
        /// Firewall the client has to run.
        UNITY_FW_TYPE = 28680 => "UNITY_FW_TYPE",
        /// Other gateways.
        UNITY_BACKUP_SERVERS = 28681 => "UNITY_BACKUP_SERVERS",
        /// Host name for dynamic DNS.
        UNITY_DDNS_HOSTNAME = 28682 => "UNITY_DDNS_HOSTNAME",
    }
}

registry! {
    /// Value of `XAUTH_TYPE`.
    pub struct XauthType(u16) {
        /// Name and password.
        GENERIC = 0 => "Generic",
        /// RADIUS CHAP.
        RADIUS_CHAP = 1 => "RADIUS-CHAP",
        /// One-time password.
        OTP = 2 => "OTP",
        /// S/KEY.
        S_KEY = 3 => "S/KEY",
    }
}

registry! {
    /// Value of `XAUTH_STATUS`.
    pub struct XauthStatus(u16) {
        /// Refused.
        FAIL = 0 => "Fail",
        /// Accepted.
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

/// Attributes that are requested, replied, set or acknowledged. Exhaustive on purpose: the figure has no other field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Configuration<'a> {
    /// Type.
    pub configuration_type: ConfigurationType,
    /// RESERVED, zero by the draft.
    pub reserved: u8,
    /// Which transaction it is of.
    pub identifier: u16,
    /// Attributes. [`ConfigurationValue::from_attribute`] tells what each holds.
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
