//! Wrappers of `nhrp`.

use std::net::IpAddr;

use nhrp::cie::{CieFraming, CieHeader};
use nhrp::extension::authentication::DIGEST_LEN;
use nhrp::extension::{ExtensionFraming, ExtensionHeader, VendorPrivate};
use nhrp::{
    Addresses, Authentication, AuthenticationError, Cie, Cies, Credentials, Departure, EmitError, ErrorCode,
    Exchange, Extension, ExtensionElement, ExtensionType, ExtensionValue, FixedPart, Flags, Forward,
    ForwardError, Indication, LengthError, MandatoryPart, NbmaAddress, Packet, PacketType, ParseError, Parts,
    Policy, ProtocolType, TransitRecord, TypeLength,
};
use wire::{Element, Framing, Reader, Reserved, Writer};

#[inline(never)]
pub fn packet_parse(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(nhrp::packet::Packet::parse);
    Packet::parse(octets)
}

#[inline(never)]
pub fn packet_try_from(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(nhrp::packet::Packet::try_from);
    Packet::try_from(octets)
}

#[inline(never)]
pub fn packet_parse_prefix(octets: &[u8]) -> Result<(Packet<'_>, &[u8]), ParseError> {
    covers!(nhrp::packet::Packet::parse_prefix);
    Packet::parse_prefix(octets)
}

#[inline(never)]
pub fn packet_parse_reporting(octets: &[u8]) -> (Option<Departure>, bool) {
    covers!(nhrp::packet::Packet::parse_reporting);
    let mut last = None;
    let result = Packet::parse_reporting(octets, &mut |departure| last = Some(departure));
    (last, result.is_ok())
}

#[inline(never)]
pub fn parts_parse(octets: &[u8]) -> Result<Parts<'_>, LengthError> {
    covers!(nhrp::packet::Parts::parse);
    Parts::parse(octets)
}

#[inline(never)]
pub fn cie_header_parse_prefix(octets: &[u8]) -> Result<(CieHeader, &[u8]), LengthError> {
    covers!(nhrp::cie::CieHeader::parse_prefix);
    CieHeader::parse_prefix(octets)
}

#[inline(never)]
pub fn forward_error_code(error: ForwardError) -> Option<ErrorCode> {
    covers!(nhrp::forward::ForwardError::error_code);
    error.error_code()
}

#[inline(never)]
pub fn fixed_part_parse_prefix(octets: &[u8]) -> Result<(FixedPart, &[u8]), LengthError> {
    covers!(nhrp::fixed_part::FixedPart::parse_prefix);
    FixedPart::parse_prefix(octets)
}

#[inline(never)]
pub fn packet_new(protocol_type: ProtocolType, part: MandatoryPart<'_>) -> Packet<'_> {
    covers!(nhrp::packet::Packet::new);
    Packet::new(protocol_type, part)
}

#[inline(never)]
pub fn packet_emit(packet: &Packet<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(nhrp::packet::Packet::emit);
    packet.emit(buffer)
}

#[inline(never)]
pub fn packet_emit_with(
    packet: &Packet<'_>,
    buffer: &mut [u8],
    cies: &[Cie<'_>],
    extensions: &[Extension<'_>],
) -> Result<usize, EmitError> {
    covers!(nhrp::packet::Packet::emit_with);
    packet.emit_with(buffer, cies.iter().copied(), extensions.iter().cloned())
}

#[inline(never)]
pub fn packet_emit_into(packet: &Packet<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(nhrp::packet::Packet::emit_into);
    packet.emit_into(writer)
}

#[inline(never)]
pub fn packet_to_vec(packet: &Packet<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(nhrp::packet::Packet::to_vec);
    packet.to_vec()
}

#[inline(never)]
pub fn packet_lengths(packet: &Packet<'_>) -> (usize, usize) {
    covers!(nhrp::packet::Packet::wire_len, nhrp::packet::Packet::source_protocol_len);
    (packet.wire_len(), packet.source_protocol_len())
}

#[inline(never)]
pub fn packet_decoded_extensions<'a>(
    packet: &Packet<'a>,
    policy: Policy,
) -> Option<Result<Extension<'a>, ParseError>> {
    covers!(nhrp::packet::Packet::decoded_extensions);
    packet.decoded_extensions(policy).last().map(|(_, extension)| extension)
}

#[inline(never)]
pub fn packet_unrecognized_compulsory<'a>(packet: &Packet<'a>) -> Option<ExtensionElement<'a>> {
    covers!(nhrp::packet::Packet::unrecognized_compulsory);
    packet.unrecognized_compulsory()
}

#[inline(never)]
pub fn packet_conformance(packet: &Packet<'_>, policy: Policy) -> Option<Departure> {
    covers!(nhrp::conformance::Packet::conformance);
    packet.conformance(policy).last()
}

#[inline(never)]
pub fn departure_reference(departure: &Departure) -> &'static str {
    covers!(nhrp::departure::Departure::reference);
    departure.reference()
}

#[inline(never)]
pub fn mandatory_part<'m, 'a>(
    part: &'m MandatoryPart<'a>,
) -> (Option<&'m Addresses<'a>>, Option<&'m Exchange<'a>>, Option<&'m Indication<'a>>) {
    covers!(
        nhrp::mandatory_part::MandatoryPart::addresses,
        nhrp::mandatory_part::MandatoryPart::exchange,
        nhrp::mandatory_part::MandatoryPart::indication
    );
    (part.addresses(), part.exchange(), part.indication())
}

#[inline(never)]
pub fn mandatory_part_type(part: &MandatoryPart<'_>) -> (bool, bool, PacketType, usize) {
    covers!(
        nhrp::mandatory_part::MandatoryPart::is_request,
        nhrp::mandatory_part::MandatoryPart::is_reply,
        nhrp::mandatory_part::MandatoryPart::packet_type,
        nhrp::mandatory_part::MandatoryPart::wire_len
    );
    (part.is_request(), part.is_reply(), part.packet_type(), part.wire_len())
}

#[inline(never)]
pub fn type_length(type_length: TypeLength) -> (bool, bool, usize) {
    covers!(
        nhrp::address::TypeLength::reserved,
        nhrp::address::TypeLength::e164,
        nhrp::address::TypeLength::address_len
    );
    (type_length.reserved(), type_length.e164(), type_length.address_len())
}

#[inline(never)]
pub fn nbma_address<'a>(
    address: &NbmaAddress<'_>,
    octets: &'a [u8],
) -> (Option<IpAddr>, Result<TypeLength, EmitError>, NbmaAddress<'a>) {
    covers!(
        nhrp::address::NbmaAddress::ip,
        nhrp::address::NbmaAddress::type_length,
        nhrp::address::NbmaAddress::new
    );
    (address.ip(), address.type_length(), NbmaAddress::new(octets))
}

#[inline(never)]
pub fn addresses_wire_len(addresses: &Addresses<'_>, octets: &[u8]) -> (usize, Option<IpAddr>) {
    covers!(nhrp::address::Addresses::wire_len, nhrp::address::ip_address);
    (addresses.wire_len(), nhrp::ip_address(octets))
}

#[inline(never)]
pub fn flags(left: Flags, right: Flags) -> (bool, Flags) {
    covers!(nhrp::flags::Flags::contains, nhrp::flags::Flags::without);
    (left.contains(right), left.without(right))
}

#[inline(never)]
pub fn cie_parse(octets: &[u8]) -> [Result<Cie<'_>, ParseError>; 2] {
    covers!(nhrp::cie::Cie::parse, nhrp::cie::Cie::try_from);
    [Cie::parse(octets), Cie::try_from(octets)]
}

#[inline(never)]
pub fn cie_parse_prefix(octets: &[u8]) -> Result<(Cie<'_>, &[u8]), ParseError> {
    covers!(nhrp::cie::Cie::parse_prefix);
    Cie::parse_prefix(octets)
}

#[inline(never)]
pub fn cie_emit(cie: &Cie<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(nhrp::cie::Cie::emit, nhrp::cie::Cie::wire_len);
    cie.emit(buffer).map(|len| len ^ cie.wire_len())
}

#[inline(never)]
pub fn cie_emit_into(cie: &Cie<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(nhrp::cie::Cie::emit_into);
    cie.emit_into(writer)
}

#[inline(never)]
pub fn cie_to_vec(cie: &Cie<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(nhrp::cie::Cie::to_vec);
    cie.to_vec()
}

#[inline(never)]
pub fn cie_chain<'b>(buffer: &'b mut [u8], cies: &[Cie<'_>]) -> Result<Cies<'b>, EmitError> {
    covers!(nhrp::cie::Cie::chain);
    Cie::chain(buffer, cies.iter().copied())
}

#[inline(never)]
pub fn cie_framing_split<'a>(reader: &mut Reader<'a>) -> Result<Option<Element<'a, CieHeader>>, LengthError> {
    covers!(nhrp::cie::CieFraming::split);
    CieFraming.split(reader)
}

#[inline(never)]
pub fn cie_framing_open(
    writer: &mut Writer<'_>,
    header: CieHeader,
    start: usize,
) -> [Result<(), EmitError>; 2] {
    covers!(nhrp::cie::CieFraming::open, nhrp::cie::CieFraming::close);
    [CieFraming.open(writer, header), CieFraming.close(writer, header, (), start)]
}

#[inline(never)]
pub fn cie_all<'a>(cies: &Cies<'a>) -> Option<Cie<'a>> {
    covers!(nhrp::cie::Cie::all);
    Cie::all(cies).last()
}

#[inline(never)]
pub fn cie_from<'a>(element: Element<'a, CieHeader>) -> Cie<'a> {
    covers!(nhrp::cie::Cie::from);
    Cie::from(element)
}

#[inline(never)]
pub fn extension_framing_split<'a>(
    framing: &mut ExtensionFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<ExtensionElement<'a>>, LengthError> {
    covers!(nhrp::extension::ExtensionFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn extension_framing_open(
    framing: &mut ExtensionFraming,
    writer: &mut Writer<'_>,
    header: ExtensionHeader,
) -> Result<Reserved<2>, EmitError> {
    covers!(nhrp::extension::ExtensionFraming::open);
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
    covers!(nhrp::extension::ExtensionFraming::close);
    framing.close(writer, header, length, start)
}

#[inline(never)]
pub fn extension_parse<'a>(
    element: &ExtensionElement<'a>,
    policy: Policy,
    len: usize,
) -> Result<Extension<'a>, ParseError> {
    covers!(nhrp::extension::Extension::parse);
    Extension::parse(element, policy, len)
}

#[inline(never)]
pub fn extension_parse_or_keep<'a>(
    element: &ExtensionElement<'a>,
    policy: Policy,
    len: usize,
) -> Extension<'a> {
    covers!(nhrp::extension::Extension::parse_or_keep);
    Extension::parse_or_keep(element, policy, len)
}

#[inline(never)]
pub fn extension_emit_into(extension: &Extension<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(nhrp::extension::Extension::emit_into);
    extension.emit_into(writer)
}

#[inline(never)]
pub fn extension_lengths(extension: &Extension<'_>) -> (usize, usize, ExtensionType, ExtensionType, bool) {
    covers!(
        nhrp::extension::Extension::wire_len,
        nhrp::extension::ExtensionValue::wire_len,
        nhrp::extension::Extension::extension_type,
        nhrp::extension::ExtensionValue::extension_type,
        nhrp::extension::ExtensionType::is_recognized
    );
    let extension_type = extension.extension_type();
    let value = &extension.value;
    let recognized = extension_type.is_recognized();
    (extension.wire_len(), value.wire_len(), extension_type, value.extension_type(), recognized)
}

#[inline(never)]
pub fn extension_new(value: ExtensionValue<'_>) -> Extension<'_> {
    covers!(nhrp::extension::Extension::new);
    Extension::new(value)
}

#[inline(never)]
pub fn values(octets: &[u8]) -> (Authentication<'_>, VendorPrivate<'_>) {
    covers!(
        nhrp::extension::authentication::Authentication::password,
        nhrp::extension::vendor_private::VendorPrivate::cisco_group
    );
    (Authentication::password(octets), VendorPrivate::cisco_group(octets))
}

#[inline(never)]
pub fn verify(packet: &[u8], credentials: &Credentials<'_>) -> Result<(), AuthenticationError> {
    covers!(nhrp::extension::authentication::verify);
    nhrp::extension::authentication::verify(packet, credentials)
}

#[inline(never)]
pub fn digest(packet: &[u8], offset: usize, key: &[u8]) -> [u8; DIGEST_LEN] {
    covers!(nhrp::extension::authentication::digest);
    nhrp::extension::authentication::digest(packet, offset, key)
}

#[inline(never)]
pub fn forward_new(buffer: &mut [u8], len: usize) -> Result<Forward<'_>, ForwardError> {
    covers!(nhrp::forward::Forward::new);
    Forward::new(buffer, len)
}

#[inline(never)]
pub fn forward_packet<'f>(forward: &'f Forward<'_>) -> Result<Packet<'f>, ParseError> {
    covers!(nhrp::forward::Forward::packet);
    forward.packet()
}

#[inline(never)]
pub fn forward_decrement_hop_count(forward: &mut Forward<'_>) -> Result<u8, ForwardError> {
    covers!(nhrp::forward::Forward::decrement_hop_count);
    forward.decrement_hop_count()
}

#[inline(never)]
pub fn forward_append_transit_nhs_record(
    forward: &mut Forward<'_>,
    record: &Cie<'_>,
) -> Result<TransitRecord, ForwardError> {
    covers!(nhrp::forward::Forward::append_transit_nhs_record);
    forward.append_transit_nhs_record(record)
}

#[inline(never)]
pub fn forward_regenerate_authentication<'b>(
    forward: Forward<'b>,
    credentials: &Credentials<'_>,
) -> Result<&'b mut [u8], ForwardError> {
    covers!(nhrp::forward::Forward::regenerate_authentication);
    forward.regenerate_authentication(credentials)
}

#[inline(never)]
pub fn forward_finish(forward: Forward<'_>) -> Result<&mut [u8], ForwardError> {
    covers!(nhrp::forward::Forward::finish);
    forward.finish()
}
