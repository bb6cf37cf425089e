//! Wrappers of `isakmp`: messages, headers, reassembly and IKEv2.

use isakmp::payload::fragment::Fragment;
use isakmp::reassembly::{Progress, Reassembly, ReassemblyError};
use isakmp::{
    Body, Departure, Emit, EmitError, Encrypted, ExchangeType, Flags, FramedHeader, Header, LengthError,
    Message, NegotiationContext, ParseError, Parsed, Payload, PayloadElement, PayloadFraming, Payloads,
    Phase, UnfinishedMessage, Version, Writer, ikev2,
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
pub fn message_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Message<'_>, ParseError>, ParseError> {
    covers!(isakmp::message::Message::parse_until_error);
    Message::parse_until_error(octets)
}

#[inline(never)]
pub fn message_in_context(message: Message<'_>, context: NegotiationContext) -> Message<'_> {
    covers!(isakmp::message::Message::in_context, wire::chain::Chain::with_framing);
    let changed = message
        .body
        .payloads()
        .and_then(Payloads::chain)
        .map(|chain| chain.with_framing(chain.framing().in_context(context)).is_some());
    std::hint::black_box(changed);
    message.in_context(context)
}

#[inline(never)]
pub fn message_payloads<'a>(message: &Message<'a>) -> Option<Payload<'a>> {
    covers!(isakmp::message::Message::payloads);
    message.payloads().last()
}

#[inline(never)]
pub fn message_elements<'a>(message: &Message<'a>) -> Option<PayloadElement<'a>> {
    covers!(isakmp::message::Message::elements);
    message.elements().last()
}

#[inline(never)]
pub fn message_conformance(message: &Message<'_>) -> Option<Departure> {
    covers!(isakmp::conformance::message::Message::conformance);
    message.conformance().last()
}

#[inline(never)]
pub fn message_wire_len(message: &Message<'_>) -> usize {
    covers!(isakmp::message::Message::wire_len);
    message.wire_len()
}

#[inline(never)]
pub fn message_emit<'b>(message: &Message<'_>, buffer: &'b mut [u8]) -> Result<&'b mut [u8], EmitError> {
    covers!(wire::emit::Emit::emit);
    message.emit(buffer)
}

#[inline(never)]
pub fn message_emit_into(message: &Message<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(isakmp::message::Message::emit_into);
    message.emit_into(writer)
}

#[inline(never)]
pub fn message_to_vec(message: &Message<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(wire::emit::Emit::to_vec);
    message.to_vec()
}

#[inline(never)]
pub fn unfinished_message_begin(
    writer: &mut Writer<'_>,
    header: &Header,
) -> Result<(UnfinishedMessage, PayloadFraming), EmitError> {
    covers!(isakmp::message::unfinished::UnfinishedMessage::begin);
    UnfinishedMessage::begin(writer, header)
}

#[inline(never)]
pub fn unfinished_message_finish(
    message: UnfinishedMessage,
    writer: &mut Writer<'_>,
) -> Result<(), EmitError> {
    covers!(isakmp::message::unfinished::UnfinishedMessage::finish);
    message.finish(writer)
}

#[inline(never)]
pub fn unfinished_message_finish_padded(
    message: UnfinishedMessage,
    writer: &mut Writer<'_>,
    block_len: usize,
) -> Result<(), EmitError> {
    covers!(isakmp::message::unfinished::UnfinishedMessage::finish_padded);
    message.finish_padded(writer, block_len)
}

#[inline(never)]
pub fn body_payloads<'m, 'a>(body: &'m Body<'a>) -> (Option<&'m Payloads<'a>>, Body<'a>) {
    covers!(isakmp::message::Body::payloads, isakmp::message::Body::default);
    (body.payloads(), Body::default())
}

#[inline(never)]
pub fn encrypted_payloads<'d>(
    encrypted: &Encrypted<'_>,
    decrypted: &'d [u8],
    context: NegotiationContext,
) -> Result<(Payloads<'d>, &'d [u8]), ParseError> {
    covers!(isakmp::message::Encrypted::payloads);
    encrypted.payloads(decrypted, context)
}

#[inline(never)]
pub fn encrypted_payloads_until_error<'d>(
    encrypted: &Encrypted<'_>,
    decrypted: &'d [u8],
    context: NegotiationContext,
) -> Parsed<'d, Payloads<'d>, LengthError> {
    covers!(isakmp::message::Encrypted::payloads_until_error);
    encrypted.payloads_until_error(decrypted, context)
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
pub fn header_conformance(header: &Header) -> (Option<Departure>, Phase) {
    covers!(isakmp::conformance::message::Header::conformance, isakmp::header::Header::phase);
    (header.conformance().last(), header.phase())
}

#[inline(never)]
pub fn header_strip_non_esp_marker(octets: &[u8]) -> Option<&[u8]> {
    covers!(isakmp::header::strip_non_esp_marker);
    isakmp::strip_non_esp_marker(octets)
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
pub fn ikev2_message_parse_prefix(octets: &[u8]) -> Result<(ikev2::Message<'_>, &[u8]), ParseError> {
    covers!(isakmp::ikev2::Message::parse_prefix);
    ikev2::Message::parse_prefix(octets)
}

#[inline(never)]
pub fn ikev2_message_parse_until_error(
    octets: &[u8],
) -> Result<Parsed<'_, ikev2::Message<'_>, ParseError>, ParseError> {
    covers!(isakmp::ikev2::Message::parse_until_error);
    ikev2::Message::parse_until_error(octets)
}
