//! The extensions of NHRP.

use nhrp::extension::authentication::{Authentication, AuthenticationData};
use nhrp::extension::{DeviceCapabilities, VendorPrivate};
use nhrp::{
    AddressFamily, Chain, CieFraming, Extension, ExtensionElement, ExtensionFraming, ExtensionHeader,
    ExtensionNine, ExtensionType, ExtensionValue, Member, Policy,
};

use super::entry::{self, Form};
use crate::packet::{Entered, Octets, Packet};
use crate::sink::{Sink, Value};

/// The number of octets before the value of an extension.
const HEADER_LEN: usize = ExtensionHeader::LEN;

const COMPULSORY: u16 = 0x8000;
const TYPE: u16 = 0x3fff;

/// Returns the policy for showing an extension. An extension of type 9 with the length of device capabilities is not a
/// NAT address, because NAT address entries have at least 12 octets each.
fn policy_for(policy: Policy, element: &ExtensionElement<'_>) -> Policy {
    let is_capabilities = element.header.extension_type == ExtensionType::NAT_ADDRESS_OR_DEVICE_CAPABILITIES
        && element.value.len() == DeviceCapabilities::LEN;
    if is_capabilities {
        Policy::new(policy.authentication, ExtensionNine::DeviceCapabilities)
    } else {
        policy
    }
}

/// Shows the extensions, and reports those whose value is not valid for their type. An extension that is cut is shown
/// as far as it goes.
pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    parsed: &nhrp::Packet<'_>,
    policy: Policy,
) {
    let source_protocol_len = parsed.source_protocol_len();
    let family = parsed.address_family;
    for element in parsed.extension_elements() {
        if element.is_cut() {
            // The fault of the packet already covers its last element.
            if packet.wants_fields() {
                cut(packet, octets, &element, family);
            }
            continue;
        }
        let decoded = Extension::parse(&element, policy_for(policy, &element), source_protocol_len);
        let span = octets.span(element.offset, element.octets.len());
        let packet = &mut *header(packet, octets.after(element.offset).first(element.octets.len()));
        if packet.wants_fields() {
            let value = octets.after(element.offset.saturating_add(HEADER_LEN)).first(element.value.len());
            value_fields(packet, octets, value, family, &element, decoded.as_ref().ok().map(|it| &it.value));
        }
        if let Err(error) = decoded {
            packet.fault("nhrp", error, span);
        }
    }
}

/// Enters the extension that takes all of `octets`, and shows its header.
fn header<'e, 'p, S: Sink>(packet: &'e mut Packet<'p, S>, octets: Octets<'_>) -> Entered<'e, 'p, S> {
    let [type_high, type_low, len_high, len_low] = octets.padded::<HEADER_LEN>();
    let word = u16::from_be_bytes([type_high, type_low]);
    let extension_type = ExtensionType(word & TYPE);
    let named = Value::Named(u64::from(extension_type.0), extension_type.name());
    let mut packet = packet.enter_field("nhrp.ext", named, octets.whole());
    packet.part("nhrp.ext.c", Value::Boolean(word & COMPULSORY != 0), &octets, 0, 2);
    packet.part("nhrp.ext.type", named, &octets, 0, 2);
    let len = u16::from_be_bytes([len_high, len_low]);
    packet.part("nhrp.ext.len", Value::Unsigned(u64::from(len)), &octets, 2, 2);
    packet
}

/// Shows what is present of an extension that does not end within the packet.
fn cut<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    element: &ExtensionElement<'_>,
    family: AddressFamily,
) {
    let rest = octets.after(element.offset);
    let packet = &mut *header(packet, rest);
    let value = rest.after(HEADER_LEN);
    match element.header.extension_type {
        ExtensionType::AUTHENTICATION => {
            let [reserved_high, reserved_low, index_high, index_low] = value.padded();
            let reserved = u16::from_be_bytes([reserved_high, reserved_low]);
            packet.part("nhrp.auth_ext.reserved", Value::Unsigned(u64::from(reserved)), &value, 0, 2);
            let index = u16::from_be_bytes([index_high, index_low]);
            packet.part("nhrp.auth_ext.spi", Value::Unsigned(u64::from(index)), &value, 2, 2);
        }
        ExtensionType::RESPONDER_ADDRESS
        | ExtensionType::FORWARD_TRANSIT_NHS_RECORD
        | ExtensionType::REVERSE_TRANSIT_NHS_RECORD
        | ExtensionType::NAT_ADDRESS_OR_DEVICE_CAPABILITIES => {
            entries_fields(packet, octets, element, family);
        }
        _ => raw_fields(packet, value),
    }
}

/// Shows the entries in an extension, up to the first fault.
fn entries_fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    element: &ExtensionElement<'_>,
    family: AddressFamily,
) {
    let entries = Chain::parse_until_error(element.value, element.value_offset, CieFraming).value;
    entry::fields(packet, octets, family, &entries);
}

fn value_fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    value: Octets<'_>,
    family: AddressFamily,
    element: &ExtensionElement<'_>,
    decoded: Option<&ExtensionValue<'_>>,
) {
    match decoded {
        Some(ExtensionValue::Authentication(authentication)) => {
            authentication_fields(packet, value, authentication);
        }
        Some(ExtensionValue::VendorPrivate(vendor)) => vendor_fields(packet, value, vendor),
        Some(ExtensionValue::DeviceCapabilities(capabilities)) => {
            capability_fields(packet, value, capabilities);
        }
        Some(ExtensionValue::Raw { .. } | ExtensionValue::End(_)) => raw_fields(packet, value),
        _ => match element.header.extension_type {
            ExtensionType::AUTHENTICATION | ExtensionType::VENDOR_PRIVATE => raw_fields(packet, value),
            _ => entries_fields(packet, octets, element, family),
        },
    }
}

fn raw_fields<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>) {
    packet.opaque("nhrp.unknown_ext.value", value);
}

fn authentication_fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    value: Octets<'_>,
    authentication: &Authentication<'_>,
) {
    let reserved = u64::from(authentication.reserved);
    packet.field("nhrp.auth_ext.reserved", Value::Unsigned(reserved), value.span(0, 2));
    let index = u64::from(authentication.security_parameter_index);
    packet.field("nhrp.auth_ext.spi", Value::Unsigned(index), value.span(2, 2));
    let (source_address, data) = match authentication.data {
        AuthenticationData::Password(password) => (&[][..], password),
        AuthenticationData::Hash { source_address, digest } => (source_address, digest.as_slice()),
        _ => (&[][..], value.after(4).octets),
    };
    let names = ["nhrp.auth_ext.src_addr", "nhrp.auth_ext.src_addr_bytes"];
    entry::address(packet, value.after(4).first(source_address.len()), names, Form::Ipv4);
    let start = source_address.len().saturating_add(4);
    if !data.is_empty() {
        let shown = match authentication.data {
            AuthenticationData::Password(_) | AuthenticationData::Hash { .. } => Value::Octets(data),
            _ => Value::Opaque(data),
        };
        packet.field("nhrp.auth_ext.data", shown, value.span(start, data.len()));
    }
}

fn vendor_fields<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>, vendor: &VendorPrivate<'_>) {
    let [a, b, c] = vendor.vendor_id();
    let id = u64::from(u32::from_be_bytes([0, a, b, c]));
    packet.field("nhrp.vendor_ext.id", Value::Unsigned(id), value.span(0, 3));
    let data = value.after(3);
    packet.opaque("nhrp.vendor_ext.data", data);
    if let VendorPrivate::CiscoGroup(name) = vendor {
        packet.field("nhrp.vendor_ext.cisco_group", Value::Text(name), data.span(2, name.len()));
    }
}

fn capability_fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    value: Octets<'_>,
    capabilities: &DeviceCapabilities,
) {
    let mut show = |[name, aware]: [&'static str; 2], bits: u32, offset| {
        let span = value.span(offset, 4);
        let packet = &mut *packet.enter_field(name, Value::Hexadecimal(u64::from(bits), 8), span);
        packet.field(aware, Value::Boolean(bits & DeviceCapabilities::VPN_AWARE != 0), span);
    };
    show(["nhrp.devcap_ext.srccap", "nhrp.devcap_ext.srccap.V"], capabilities.source_capabilities, 0);
    show(["nhrp.devcap_ext.dstcap", "nhrp.devcap_ext.dstcap.V"], capabilities.target_capabilities, 4);
}

/// Returns how many octets of the extensions are copied when a packet is encoded again: those of unknown types, and
/// those whose value is not valid for their type.
pub(super) fn copied_len(parsed: &nhrp::Packet<'_>, policy: Policy) -> usize {
    let source_protocol_len = parsed.source_protocol_len();
    parsed.extension_elements().fold(0, |len, element| {
        let framing = ExtensionFraming::new(policy_for(policy, &element), source_protocol_len);
        let decoded = Extension::decode(&element, &framing);
        let is_copied = matches!(decoded.value, ExtensionValue::Raw { .. });
        if is_copied { len.saturating_add(element.octets.len()) } else { len }
    })
}
