//! Wrappers of `nhrp`: packets, their parts, CIEs, forwarding.

use std::time::Duration;

use nhrp::extension::authentication::{Credentials, CredentialsError};
use nhrp::{
    Addresses, Authenticated, Cie, CieFraming, CieHeader, Cies, Departure, Element, Emit, EmitError,
    ErrorCode, Exchange, Extension, ExtensionFraming, ExtensionHeader, FixedPart, Flags, Forward,
    ForwardError, Framing, Indication, LengthError, MandatoryPart, Member, NotWholeSeconds, OtherPart,
    Packet, PacketType, ParseError, Parsed, Policy, ProtocolType, Reader, Seconds, TransitRecord, TypeLength,
    Writer,
};

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
pub fn packet_parse_ignoring_size(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(nhrp::packet::Packet::parse_ignoring_size);
    Packet::parse_ignoring_size(octets)
}

#[inline(never)]
pub fn packet_extension_elements(packet: &Packet<'_>) -> usize {
    covers!(nhrp::packet::Packet::extension_elements);
    packet.extension_elements().fold(0, |len, element| len ^ element.octets.len())
}

#[inline(never)]
pub fn packet_parse_prefix(octets: &[u8]) -> Result<(Packet<'_>, &[u8]), ParseError> {
    covers!(nhrp::packet::Packet::parse_prefix);
    Packet::parse_prefix(octets)
}

#[inline(never)]
pub fn packet_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Packet<'_>, ParseError>, ParseError> {
    covers!(nhrp::packet::Packet::parse_until_error);
    Packet::parse_until_error(octets)
}

#[inline(never)]
pub fn packet_read_under<'a>(packet: &Packet<'a>, policy: Policy) -> Packet<'a> {
    covers!(nhrp::packet::Packet::read_under);
    packet.read_under(policy)
}

#[inline(never)]
pub fn fixed_part_conformance(fixed_part: &FixedPart, packet: &[u8]) -> Option<Departure> {
    covers!(nhrp::fixed_part::FixedPart::conformance);
    fixed_part.conformance(packet).last()
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
pub fn packet_emit<'b>(packet: &Packet<'_>, buffer: &'b mut [u8]) -> Result<&'b mut [u8], EmitError> {
    covers!(nhrp::packet::Packet::wire_len);
    let _ = packet.wire_len();
    packet.emit(buffer)
}

#[inline(never)]
pub fn packet_authenticated<'p, 'a>(
    packet: &'p Packet<'a>,
    credentials: &Credentials<'p>,
) -> Result<Authenticated<'p, 'a>, CredentialsError> {
    covers!(nhrp::authenticated::Packet::authenticated);
    packet.authenticated(credentials)
}

#[inline(never)]
pub fn authenticated_emit_into(
    packet: &Authenticated<'_, '_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(nhrp::authenticated::Authenticated::emit_into, nhrp::authenticated::Authenticated::wire_len);
    packet.emit_into(writer).map(|()| packet.wire_len())
}

#[inline(never)]
pub fn packet_to_vec(packet: &Packet<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(nhrp::packet::Packet::wire_len);
    let _ = packet.wire_len();
    packet.to_vec()
}

#[inline(never)]
pub fn packet_emit_into(packet: &Packet<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(nhrp::packet::Packet::emit_into);
    packet.emit_into(writer)
}

#[inline(never)]
pub fn packet_source_protocol_len(packet: &Packet<'_>) -> usize {
    covers!(nhrp::packet::Packet::source_protocol_len);
    packet.source_protocol_len()
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
pub fn packet_unrecognized_compulsory<'a>(packet: &Packet<'a>) -> Option<(usize, Extension<'a>)> {
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
pub fn mandatory_part_emit_into(part: &MandatoryPart<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(nhrp::mandatory_part::MandatoryPart::emit_into);
    part.emit_into(writer)
}

#[inline(never)]
pub fn exchange_emit_into(part: &Exchange<'_>, writer: &mut Writer<'_>) -> (usize, Result<(), EmitError>) {
    covers!(nhrp::mandatory_part::Exchange::emit_into, nhrp::mandatory_part::Exchange::wire_len);
    (part.wire_len(), part.emit_into(writer))
}

#[inline(never)]
pub fn indication_emit_into(
    part: &Indication<'_>,
    writer: &mut Writer<'_>,
) -> (usize, Result<(), EmitError>) {
    covers!(nhrp::mandatory_part::Indication::emit_into, nhrp::mandatory_part::Indication::wire_len);
    (part.wire_len(), part.emit_into(writer))
}

#[inline(never)]
pub fn other_part_emit_into(part: &OtherPart<'_>, writer: &mut Writer<'_>) -> (usize, Result<(), EmitError>) {
    covers!(nhrp::mandatory_part::OtherPart::emit_into, nhrp::mandatory_part::OtherPart::wire_len);
    (part.wire_len(), part.emit_into(writer))
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
pub fn type_length(octet: u8, type_length: TypeLength) -> (TypeLength, Result<u8, EmitError>) {
    covers!(nhrp::address::TypeLength::from, nhrp::address::TypeLength::octet);
    (TypeLength::from(octet), type_length.octet())
}

#[inline(never)]
pub fn seconds(
    number: u16,
    duration: Duration,
) -> (Seconds, [Duration; 2], Result<Seconds, NotWholeSeconds>) {
    covers!(
        nhrp::seconds::Seconds::from,
        nhrp::seconds::Seconds::duration,
        nhrp::seconds::Seconds::try_from,
        nhrp::seconds::Duration::from
    );
    let seconds = Seconds::from(number);
    (seconds, [seconds.duration(), Duration::from(seconds)], Seconds::try_from(duration))
}

#[inline(never)]
pub fn flags(left: Flags, right: Flags) -> (bool, Flags) {
    covers!(nhrp::flags::Flags::contains, nhrp::flags::Flags::without);
    (left.contains(right), left.without(right))
}

#[inline(never)]
pub fn cie_decode<'a>(
    octets: &'a [u8],
    base: usize,
    element: &Element<'a, CieHeader>,
) -> [Option<Cie<'a>>; 2] {
    covers!(nhrp::cie::Cie::decode);
    let cies = Cies::parse_until_error(octets, base, CieFraming).value;
    [cies.iter().last(), Some(Cie::decode(element, &CieFraming))]
}

#[inline(never)]
pub fn cie_emit_into(cie: &Cie<'_>, writer: &mut Writer<'_>) -> (usize, CieHeader, Result<(), EmitError>) {
    covers!(nhrp::cie::Cie::emit_into, nhrp::cie::Cie::wire_len, nhrp::cie::Cie::header);
    (cie.wire_len(), cie.header(), cie.emit_into(writer))
}

#[inline(never)]
pub fn cies_emit_into(cies: &Cies<'_>, writer: &mut Writer<'_>) -> (usize, Result<(), EmitError>) {
    covers!(nhrp::cie::Cie::emit_into, nhrp::cie::Cie::wire_len);
    (cies.wire_len(), cies.emit_into(writer))
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

#[inline(never)]
pub fn chain_lengths(
    framing: &ExtensionFraming,
    extension: ExtensionHeader,
    cie: CieHeader,
    len: usize,
    value_len: usize,
) -> (usize, usize) {
    covers!(nhrp::cie::CieFraming::len_with, nhrp::extension::framing::ExtensionFraming::len_with);
    (framing.len_with(len, extension, value_len), CieFraming.len_with(len, cie, value_len))
}
