//! Wrappers of `nhrp`: extensions and authentication.

use nhrp::extension::authentication::{
    Authentication, AuthenticationError, AuthenticationForm, Credentials, DIGEST_LEN,
};
use nhrp::extension::{DeviceCapabilities, NatAddress, ResponderAddress, TransitNhsRecord, VendorPrivate};
use nhrp::{
    Emit, EmitError, Extension, ExtensionElement, ExtensionFraming, ExtensionHeader, ExtensionNine,
    ExtensionType, ExtensionValue, Extensions, Framing, LengthError, Member, ParseError, Policy, Reader,
    Reserved, Writer,
};

#[inline(never)]
pub fn extension_framing_split<'a>(
    framing: &mut ExtensionFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<ExtensionElement<'a>>, LengthError> {
    covers!(nhrp::extension::framing::ExtensionFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn extension_framing_open(
    framing: &mut ExtensionFraming,
    writer: &mut Writer<'_>,
    header: ExtensionHeader,
) -> Result<Reserved<2>, EmitError> {
    covers!(nhrp::extension::framing::ExtensionFraming::open);
    framing.open(writer, header)
}

#[inline(never)]
pub fn extension_framing_close(
    framing: &mut ExtensionFraming,
    writer: &mut Writer<'_>,
    header: ExtensionHeader,
    length: Reserved<2>,
    start: usize,
) -> Result<(), EmitError> {
    covers!(nhrp::extension::framing::ExtensionFraming::close);
    framing.close(writer, header, length, start)
}

#[inline(never)]
pub fn extension_parse<'a>(
    element: &ExtensionElement<'a>,
    policy: Policy,
    len: usize,
) -> Result<Extension<'a>, ParseError> {
    covers!(nhrp::extension::value::Extension::parse);
    Extension::parse(element, policy, len)
}

#[inline(never)]
pub fn extension_decode<'a>(
    extensions: &Extensions<'a>,
    element: &ExtensionElement<'a>,
    framing: &ExtensionFraming,
) -> (Option<Extension<'a>>, Extension<'a>) {
    covers!(nhrp::extension::value::Extension::decode);
    (extensions.iter().last(), Extension::decode(element, framing))
}

#[inline(never)]
pub fn extension_framing_new(policy: Policy, source_protocol_len: usize) -> ExtensionFraming {
    covers!(nhrp::extension::framing::ExtensionFraming::new);
    ExtensionFraming::new(policy, source_protocol_len)
}

#[inline(never)]
pub fn policy_new(form: AuthenticationForm, nine: ExtensionNine) -> Policy {
    covers!(nhrp::extension::policy::Policy::new);
    Policy::new(form, nine)
}

#[inline(never)]
pub fn extensions_emit_into(
    extensions: &Extensions<'_>,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(nhrp::extension::value::Extension::emit_into, nhrp::extension::value::Extension::wire_len);
    (extensions.wire_len(), extensions.emit_into(writer))
}

#[inline(never)]
pub fn extension_emit_into(
    extension: &Extension<'_>,
    writer: &mut Writer<'_>,
) -> Result<ExtensionHeader, EmitError> {
    covers!(
        nhrp::extension::value::Extension::emit_into,
        nhrp::extension::value::Extension::header,
        nhrp::extension::value::ExtensionValue::emit_into
    );
    extension.emit_into(writer)?;
    extension.value.emit_into(writer)?;
    Ok(extension.header())
}

#[inline(never)]
pub fn extension_lengths(extension: &Extension<'_>) -> (usize, usize, ExtensionType, ExtensionType, bool) {
    covers!(
        nhrp::extension::value::Extension::wire_len,
        nhrp::extension::value::ExtensionValue::wire_len,
        nhrp::extension::value::Extension::extension_type,
        nhrp::extension::value::ExtensionValue::extension_type,
        nhrp::extension::framing::ExtensionType::is_recognized
    );
    let extension_type = extension.extension_type();
    let value = &extension.value;
    let recognized = extension_type.is_recognized();
    (extension.wire_len(), value.wire_len(), extension_type, value.extension_type(), recognized)
}

#[inline(never)]
pub fn extension_new(value: ExtensionValue<'_>) -> Extension<'_> {
    covers!(nhrp::extension::value::Extension::new);
    Extension::new(value)
}

#[inline(never)]
pub fn authentication_password(octets: &[u8]) -> Authentication<'_> {
    covers!(nhrp::extension::authentication::Authentication::password);
    Authentication::password(octets)
}

#[inline(never)]
pub fn vendor_private_vendor_id(value: &VendorPrivate<'_>) -> [u8; 3] {
    covers!(nhrp::extension::vendor_private::VendorPrivate::vendor_id);
    value.vendor_id()
}

#[inline(never)]
pub fn device_capabilities_emit_into(
    value: &DeviceCapabilities,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(
        nhrp::extension::device_capabilities::DeviceCapabilities::emit_into,
        nhrp::extension::device_capabilities::DeviceCapabilities::wire_len
    );
    (value.wire_len(), value.emit_into(writer))
}

#[inline(never)]
pub fn responder_address_emit_into(
    value: &ResponderAddress<'_>,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(
        nhrp::extension::responder_address::ResponderAddress::emit_into,
        nhrp::extension::responder_address::ResponderAddress::wire_len
    );
    (value.wire_len(), value.emit_into(writer))
}

#[inline(never)]
pub fn transit_nhs_record_emit_into(
    value: &TransitNhsRecord<'_>,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(
        nhrp::extension::transit_nhs_record::TransitNhsRecord::emit_into,
        nhrp::extension::transit_nhs_record::TransitNhsRecord::wire_len
    );
    (value.wire_len(), value.emit_into(writer))
}

#[inline(never)]
pub fn nat_address_emit_into(
    value: &NatAddress<'_>,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(
        nhrp::extension::nat_address::NatAddress::emit_into,
        nhrp::extension::nat_address::NatAddress::wire_len
    );
    (value.wire_len(), value.emit_into(writer))
}

#[inline(never)]
pub fn authentication_emit_into(
    value: &Authentication<'_>,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(
        nhrp::extension::authentication::Authentication::emit_into,
        nhrp::extension::authentication::Authentication::wire_len
    );
    (value.wire_len(), value.emit_into(writer))
}

#[inline(never)]
pub fn vendor_private_emit_into(
    value: &VendorPrivate<'_>,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(
        nhrp::extension::vendor_private::VendorPrivate::emit_into,
        nhrp::extension::vendor_private::VendorPrivate::wire_len
    );
    (value.wire_len(), value.emit_into(writer))
}

#[inline(never)]
pub fn verify(packet: &[u8], credentials: &Credentials<'_>) -> Result<(), AuthenticationError> {
    covers!(nhrp::extension::authentication::verify);
    nhrp::extension::authentication::verify(packet, credentials)
}

#[inline(never)]
pub fn digest(packet: &[u8], offset: usize, key: &[u8]) -> Result<[u8; DIGEST_LEN], ParseError> {
    covers!(nhrp::extension::authentication::digest);
    nhrp::extension::authentication::digest(packet, offset, key)
}
