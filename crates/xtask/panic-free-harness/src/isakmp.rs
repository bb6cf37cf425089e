//! Wrappers of `isakmp`: messages, headers, reassembly, IKEv2.

use isakmp::message::Faults;
use isakmp::payload::fragment::Fragment;
use isakmp::reassembly::Progress;
use isakmp::{
    Body, Departure, EmitError, Encrypted, ExchangeType, Flags, FramedHeader, Header, LengthError, Message,
    NegotiationContext, ParseError, Payload, Payloads, Phase, Reassembly, ReassemblyError, Version, Writer,
    header, ikev2,
};

#[inline(never)]
pub fn message_parse(octets: &[u8]) -> Result<Message<'_>, ParseError> {
    covers!(isakmp::message::Message::parse);
    Message::parse(octets)
}

#[inline(never)]
pub fn message_try_from(octets: &[u8]) -> Result<Message<'_>, ParseError> {
    covers!(isakmp::message::Message::try_from);
    Message::try_from(octets)
}

#[inline(never)]
pub fn message_parse_prefix(octets: &[u8]) -> Result<(Message<'_>, &[u8]), ParseError> {
    covers!(isakmp::message::Message::parse_prefix);
    Message::parse_prefix(octets)
}

#[inline(never)]
pub fn message_parse_reporting(octets: &[u8]) -> (Option<Departure>, bool) {
    covers!(isakmp::message::Message::parse_reporting);
    let mut last = None;
    let result = Message::parse_reporting(octets, &mut |departure| last = Some(departure));
    (last, result.is_ok())
}

#[inline(never)]
pub fn message_parse_until_error(octets: &[u8]) -> Result<(Message<'_>, Faults), ParseError> {
    covers!(isakmp::message::Message::parse_until_error);
    Message::parse_until_error(octets)
}

#[inline(never)]
pub fn message_payloads<'a>(
    message: &Message<'a>,
    context: NegotiationContext,
) -> Option<Result<Payload<'a>, ParseError>> {
    covers!(isakmp::message::Message::payloads);
    message.payloads(context).last().map(|(_, payload)| payload)
}

#[inline(never)]
pub fn message_conformance(message: &Message<'_>, context: NegotiationContext) -> Option<Departure> {
    covers!(isakmp::conformance::message::Message::conformance);
    message.conformance(context).last()
}

#[inline(never)]
pub fn message_wire_len(message: &Message<'_>) -> usize {
    covers!(isakmp::message::Message::wire_len);
    message.wire_len()
}

#[inline(never)]
pub fn message_emit(message: &Message<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(isakmp::message::Message::emit);
    message.emit(buffer)
}

#[inline(never)]
pub fn message_emit_as(
    message: &Message<'_>,
    context: &NegotiationContext,
    buffer: &mut [u8],
) -> Result<usize, EmitError> {
    covers!(isakmp::message::Message::emit_as);
    message.emit_as(context, buffer)
}

#[inline(never)]
pub fn message_emit_into(message: &Message<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(isakmp::message::Message::emit_into);
    message.emit_into(writer)
}

#[inline(never)]
pub fn message_to_vec(message: &Message<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::message::Message::to_vec);
    message.to_vec()
}

#[inline(never)]
pub fn body_payloads<'m, 'a>(body: &'m Body<'a>) -> Option<&'m Payloads<'a>> {
    covers!(isakmp::message::Body::payloads);
    body.payloads()
}

#[inline(never)]
pub fn encrypted_payloads<'d>(
    encrypted: &Encrypted<'_>,
    decrypted: &'d [u8],
) -> Result<Payloads<'d>, ParseError> {
    covers!(isakmp::message::Encrypted::payloads);
    encrypted.payloads(decrypted)
}

#[inline(never)]
pub fn encrypted_payloads_until_error<'d>(
    encrypted: &Encrypted<'_>,
    decrypted: &'d [u8],
) -> (Payloads<'d>, Option<LengthError>) {
    covers!(isakmp::message::Encrypted::payloads_until_error);
    encrypted.payloads_until_error(decrypted)
}

#[inline(never)]
pub fn faults_first(faults: &Faults) -> Option<ParseError> {
    covers!(isakmp::message::Faults::first);
    faults.first()
}

#[inline(never)]
pub fn framed_header_parse(octets: &[u8]) -> [Result<FramedHeader, ParseError>; 2] {
    covers!(isakmp::header::FramedHeader::parse, isakmp::header::FramedHeader::try_from);
    [FramedHeader::parse(octets), FramedHeader::try_from(octets)]
}

#[inline(never)]
pub fn framed_header_parse_prefix(octets: &[u8]) -> Result<(FramedHeader, &[u8]), ParseError> {
    covers!(isakmp::header::FramedHeader::parse_prefix);
    FramedHeader::parse_prefix(octets)
}

#[inline(never)]
pub fn framed_header_emit(
    header: &FramedHeader,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::header::FramedHeader::emit,
        isakmp::header::FramedHeader::emit_into,
        isakmp::header::FramedHeader::wire_len
    );
    header.emit_into(writer)?;
    header.emit(buffer).map(|len| len ^ header.wire_len())
}

#[inline(never)]
pub fn header_conformance(header: &Header) -> (Option<Departure>, Phase) {
    covers!(isakmp::conformance::message::Header::conformance, isakmp::header::Header::phase);
    (header.conformance().last(), header.phase())
}

#[inline(never)]
pub fn header_strip_non_esp_marker(octets: &[u8]) -> Option<&[u8]> {
    covers!(isakmp::header::strip_non_esp_marker);
    header::strip_non_esp_marker(octets)
}

#[inline(never)]
pub fn exchange_type_mode_name(exchange_type: ExchangeType) -> Option<&'static str> {
    covers!(isakmp::header::ExchangeType::mode_name);
    exchange_type.mode_name()
}

#[inline(never)]
pub fn version(version: Version) -> (u8, u8, Version) {
    covers!(isakmp::header::Version::major, isakmp::header::Version::minor, isakmp::header::Version::default);
    (version.major(), version.minor(), Version::default())
}

#[inline(never)]
pub fn flags(left: Flags, right: Flags) -> (bool, Flags, Flags) {
    covers!(isakmp::header::Flags::contains, isakmp::header::Flags::with, isakmp::header::Flags::without);
    (left.contains(right), left.with(right), left.without(right))
}

#[inline(never)]
pub fn reassembly_accept(
    reassembly: Reassembly,
    fragment: &Fragment<'_>,
    buffer: &mut [u8],
) -> Result<(Reassembly, Progress), ReassemblyError> {
    covers!(isakmp::reassembly::Reassembly::accept);
    reassembly.accept(fragment, buffer)
}

#[inline(never)]
pub fn reassembly_missing(reassembly: &Reassembly) -> Option<u8> {
    covers!(isakmp::reassembly::Reassembly::missing);
    reassembly.missing().last()
}

#[inline(never)]
pub fn reassembly_state(reassembly: &Reassembly) -> (Option<u16>, usize, Option<u8>) {
    covers!(
        isakmp::reassembly::Reassembly::identifier,
        isakmp::reassembly::Reassembly::received_count,
        isakmp::reassembly::Reassembly::last
    );
    (reassembly.identifier(), reassembly.received_count(), reassembly.last())
}

#[inline(never)]
pub fn reassembly_new() -> [Reassembly; 2] {
    covers!(isakmp::reassembly::Reassembly::new, isakmp::reassembly::Reassembly::default);
    [Reassembly::new(), Reassembly::default()]
}

#[inline(never)]
pub fn ikev2_message_parse(octets: &[u8]) -> [Result<ikev2::Message<'_>, ParseError>; 2] {
    covers!(isakmp::ikev2::Message::parse, isakmp::ikev2::Message::try_from);
    [ikev2::Message::parse(octets), ikev2::Message::try_from(octets)]
}

#[inline(never)]
pub fn ikev2_message_parse_until_error(
    octets: &[u8],
) -> Result<(ikev2::Message<'_>, Option<LengthError>), ParseError> {
    covers!(isakmp::ikev2::Message::parse_until_error);
    ikev2::Message::parse_until_error(octets)
}

#[inline(never)]
pub fn message_derived(message: &Message<'_>) -> Option<Departure> {
    covers!(isakmp::message::Message::derived);
    let mut last = None;
    message.derived(&mut |departure| last = Some(departure));
    last
}
