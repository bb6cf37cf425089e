//! Wrappers of `sctp`.

use std::net::{Ipv4Addr, Ipv6Addr};

use sctp::chunk::{Data, Fragments};
use sctp::udp_encapsulation::{Datagram, Sent};
use sctp::{
    ChainWriter, Checksum, Chunk, ChunkElement, ChunkFlags, ChunkFraming, ChunkHeader, ChunkType,
    CommonHeader, Departure, Emit, EmitError, ErrorCause, ErrorCauseElement, ErrorCauseFraming, Items,
    LengthError, Member, Packet, Parameter, ParameterElement, ParameterFraming, ParseError, Parsed, Writer,
};
use wire::{Framing, Reader};

#[inline(never)]
pub fn checksum_of(octets: &[u8]) -> Result<Checksum, LengthError> {
    covers!(sctp::checksum::Checksum::of);
    Checksum::of(octets)
}

#[inline(never)]
pub fn chunk_parse<'a>(element: &ChunkElement<'a>) -> Result<Chunk<'a>, ParseError> {
    covers!(sctp::chunks::Chunk::parse);
    Chunk::parse(element)
}

#[inline(never)]
pub fn chunk_decode<'a>(element: &ChunkElement<'a>) -> Chunk<'a> {
    covers!(sctp::chunks::Chunk::decode);
    Chunk::decode(element, &ChunkFraming)
}

// The body of a chunk can be of any kind. Its own `emit_into` writes it, with its parameters and causes.
#[inline(never)]
pub fn chunk_emit_into(chunk: &Chunk<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(
        sctp::chunks::Chunk::emit_into,
        sctp::chunk::Body::emit_into,
        sctp::chunk::abort::Abort::emit_into,
        sctp::chunk::asconf::Asconf::emit_into,
        sctp::chunk::asconf::AsconfAck::emit_into,
        sctp::chunk::auth::Auth::emit_into,
        sctp::chunk::cookie::CookieEcho::emit_into,
        sctp::chunk::data::Data::emit_into,
        sctp::chunk::ecn::CongestionPoint::emit_into,
        sctp::chunk::error::OperationError::emit_into,
        sctp::chunk::forward_tsn::ForwardTsn::emit_into,
        sctp::chunk::forward_tsn::IForwardTsn::emit_into,
        sctp::chunk::heartbeat::Heartbeat::emit_into,
        sctp::chunk::i_data::IData::emit_into,
        sctp::chunk::init::Init::emit_into,
        sctp::chunk::pad::Pad::emit_into,
        sctp::chunk::re_config::ReConfig::emit_into,
        sctp::chunk::sack::Sack::emit_into,
        sctp::chunk::shutdown::Shutdown::emit_into,
    );
    chunk.emit_into(writer)
}

#[inline(never)]
pub fn chunk_wire_len(chunk: &Chunk<'_>) -> usize {
    covers!(
        sctp::chunks::Chunk::wire_len,
        sctp::chunk::Body::wire_len,
        sctp::chunk::abort::Abort::wire_len,
        sctp::chunk::asconf::Asconf::wire_len,
        sctp::chunk::asconf::AsconfAck::wire_len,
        sctp::chunk::auth::Auth::wire_len,
        sctp::chunk::cookie::CookieEcho::wire_len,
        sctp::chunk::data::Data::wire_len,
        sctp::chunk::ecn::CongestionPoint::wire_len,
        sctp::chunk::error::OperationError::wire_len,
        sctp::chunk::forward_tsn::ForwardTsn::wire_len,
        sctp::chunk::forward_tsn::IForwardTsn::wire_len,
        sctp::chunk::heartbeat::Heartbeat::wire_len,
        sctp::chunk::i_data::IData::wire_len,
        sctp::chunk::init::Init::wire_len,
        sctp::chunk::pad::Pad::wire_len,
        sctp::chunk::re_config::ReConfig::wire_len,
        sctp::chunk::sack::Sack::wire_len,
        sctp::chunk::shutdown::Shutdown::wire_len,
    );
    chunk.wire_len()
}

#[inline(never)]
pub fn chunk_framing_write(
    writer: &mut Writer<'_>,
    header: ChunkHeader,
    start: usize,
) -> Result<(), EmitError> {
    covers!(sctp::chunks::ChunkFraming::open, sctp::chunks::ChunkFraming::close);
    let mut framing = ChunkFraming;
    let open = framing.open(writer, header)?;
    framing.close(writer, header, open, start)
}

#[inline(never)]
pub fn chunk_framing_split<'a>(reader: &mut Reader<'a>) -> Result<Option<ChunkElement<'a>>, LengthError> {
    covers!(sctp::chunks::ChunkFraming::split);
    ChunkFraming.split(reader)
}

#[inline(never)]
pub fn data_fragments<'a>(
    data: Data<'a>,
    flags: ChunkFlags,
    max: core::num::NonZeroUsize,
) -> Result<Fragments<'a>, EmitError> {
    covers!(sctp::chunk::data::Data::fragments);
    data.fragments(flags, max)
}

#[inline(never)]
pub fn fragments_next<'a>(fragments: &mut Fragments<'a>) -> Option<Chunk<'a>> {
    covers!(sctp::chunk::data::Fragments::next);
    fragments.next()
}

#[inline(never)]
pub fn common_header_parse_prefix(octets: &[u8]) -> Result<(CommonHeader, &[u8]), ParseError> {
    covers!(sctp::common_header::CommonHeader::parse_prefix);
    CommonHeader::parse_prefix(octets)
}

#[inline(never)]
pub fn error_cause_parse<'a>(element: &ErrorCauseElement<'a>) -> Result<ErrorCause<'a>, ParseError> {
    covers!(sctp::error_cause::ErrorCause::parse);
    ErrorCause::parse(element)
}

#[inline(never)]
pub fn error_cause_decode<'a>(element: &ErrorCauseElement<'a>) -> ErrorCause<'a> {
    covers!(sctp::error_cause::ErrorCause::decode);
    ErrorCause::decode(element, &ErrorCauseFraming::default())
}

#[inline(never)]
pub fn error_cause_push(
    cause: &ErrorCause<'_>,
    chain: &mut ChainWriter<'_, '_, ErrorCauseFraming>,
) -> Result<usize, EmitError> {
    covers!(
        sctp::error_cause::ErrorCause::emit_into,
        sctp::error_cause::ErrorCause::wire_len,
        sctp::error_cause::ErrorCauseFraming::open,
        sctp::error_cause::ErrorCauseFraming::close,
    );
    // A push opens an element, emits it and closes it.
    let _ = (ErrorCauseFraming::open, ErrorCause::emit_into, ErrorCauseFraming::close);
    chain.push(cause)?;
    Ok(cause.wire_len())
}

#[inline(never)]
pub fn error_cause_framing_split<'a>(
    framing: &mut ErrorCauseFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<ErrorCauseElement<'a>>, LengthError> {
    covers!(sctp::error_cause::ErrorCauseFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn items_emit_into(items: &Items<'_, ChunkType>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(sctp::items::Items::emit_into);
    items.emit_into(writer)
}

#[inline(never)]
pub fn items_next(items: &Items<'_, ChunkType>) -> (usize, Option<ChunkType>) {
    covers!(sctp::items::Items::iter, sctp::items::Items::wire_len, sctp::items::ItemsIter::next);
    (items.wire_len(), items.iter().next())
}

#[inline(never)]
pub fn packet_conformance(packet: &Packet<'_>) -> Option<Departure> {
    covers!(sctp::packet::Packet::conformance);
    packet.conformance().last()
}

#[inline(never)]
pub fn packet_emit_into(packet: &Packet<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(sctp::packet::Packet::emit_into);
    packet.emit_into(writer)
}

#[inline(never)]
pub fn packet_fill(buffer: &mut [u8], header: CommonHeader, chunk: &Chunk<'_>) -> Result<usize, EmitError> {
    covers!(sctp::packet::Packet::fill);
    Packet::fill(buffer, header, |chunks| chunks.push(chunk).map(drop)).map(|octets| octets.len())
}

#[inline(never)]
pub fn packet_parse(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(sctp::packet::Packet::parse);
    Packet::parse(octets)
}

#[inline(never)]
pub fn packet_parse_prefix(octets: &[u8]) -> Result<(Packet<'_>, &[u8]), ParseError> {
    covers!(sctp::packet::Packet::parse_prefix);
    Packet::parse_prefix(octets)
}

#[inline(never)]
pub fn packet_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Packet<'_>, ParseError>, ParseError> {
    covers!(sctp::packet::Packet::parse_until_error);
    Packet::parse_until_error(octets)
}

#[inline(never)]
pub fn packet_parse_unverified(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(sctp::packet::Packet::parse_unverified);
    Packet::parse_unverified(octets)
}

#[inline(never)]
pub fn packet_to_vec(packet: &Packet<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(wire::emit::Emit::to_vec);
    packet.to_vec()
}

#[inline(never)]
pub fn packet_try_from(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(sctp::packet::Packet::try_from);
    Packet::try_from(octets)
}

#[inline(never)]
pub fn packet_wire_len(packet: &Packet<'_>) -> usize {
    covers!(sctp::packet::Packet::wire_len);
    packet.wire_len()
}

#[inline(never)]
pub fn parameter_parse<'a>(element: &ParameterElement<'a>) -> Result<Parameter<'a>, ParseError> {
    covers!(sctp::parameters::Parameter::parse);
    Parameter::parse(element)
}

#[inline(never)]
pub fn parameter_decode<'a>(element: &ParameterElement<'a>) -> Parameter<'a> {
    covers!(sctp::parameters::Parameter::decode);
    Parameter::decode(element, &ParameterFraming::default())
}

#[inline(never)]
pub fn parameter_push(
    parameter: &Parameter<'_>,
    chain: &mut ChainWriter<'_, '_, ParameterFraming>,
) -> Result<usize, EmitError> {
    covers!(
        sctp::parameters::Parameter::emit_into,
        sctp::parameters::Parameter::wire_len,
        sctp::parameters::ParameterFraming::open,
        sctp::parameters::ParameterFraming::close,
        sctp::parameter::address::AddressChange::emit_into,
        sctp::parameter::address::AddressChange::wire_len,
        sctp::parameter::re_configuration::OutgoingSsnResetRequest::emit_into,
        sctp::parameter::re_configuration::OutgoingSsnResetRequest::wire_len,
        sctp::parameter::re_configuration::IncomingSsnResetRequest::emit_into,
        sctp::parameter::re_configuration::IncomingSsnResetRequest::wire_len,
        sctp::parameter::re_configuration::ReconfigurationResponse::emit_into,
        sctp::parameter::re_configuration::ReconfigurationResponse::wire_len,
        sctp::parameter::re_configuration::AddStreamsRequest::emit_into,
        sctp::parameter::re_configuration::AddStreamsRequest::wire_len,
    );
    // A push opens an element, emits it and closes it.
    let _ = (ParameterFraming::open, Parameter::emit_into, ParameterFraming::close);
    chain.push(parameter)?;
    Ok(parameter.wire_len())
}

#[inline(never)]
pub fn parameter_framing_split<'a>(
    framing: &mut ParameterFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<ParameterElement<'a>>, LengthError> {
    covers!(sctp::parameters::ParameterFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn datagram_over_ipv4(
    datagram: Datagram<'_>,
    addresses: [Ipv4Addr; 2],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(sctp::udp_encapsulation::Sent::emit_into, sctp::udp_encapsulation::Sent::wire_len);
    let [source, destination] = addresses;
    let sent: Sent<'_> = datagram.over_ipv4(source, destination);
    sent.emit_into(writer)?;
    Ok(sent.wire_len())
}

#[inline(never)]
pub fn datagram_over_ipv6(
    datagram: Datagram<'_>,
    addresses: [Ipv6Addr; 2],
    writer: &mut Writer<'_>,
) -> Result<(), EmitError> {
    covers!(sctp::udp_encapsulation::Sent::emit_into);
    let [source, destination] = addresses;
    datagram.over_ipv6(source, destination).emit_into(writer)
}

#[inline(never)]
pub fn datagram_parse(octets: &[u8]) -> Result<Datagram<'_>, ParseError> {
    covers!(sctp::udp_encapsulation::Datagram::parse);
    Datagram::parse(octets)
}

#[inline(never)]
pub fn datagram_parse_prefix(octets: &[u8]) -> Result<(Datagram<'_>, &[u8]), ParseError> {
    covers!(sctp::udp_encapsulation::Datagram::parse_prefix);
    Datagram::parse_prefix(octets)
}

#[inline(never)]
pub fn datagram_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Datagram<'_>, ParseError>, ParseError> {
    covers!(sctp::udp_encapsulation::Datagram::parse_until_error);
    Datagram::parse_until_error(octets)
}

#[inline(never)]
pub fn datagram_try_from(octets: &[u8]) -> Result<Datagram<'_>, ParseError> {
    covers!(sctp::udp_encapsulation::Datagram::try_from);
    Datagram::try_from(octets)
}
