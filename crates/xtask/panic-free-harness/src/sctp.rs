//! Wrappers of `sctp`.

use std::net::IpAddr;

use sctp::chunk::Fragments;
use sctp::udp_encapsulation::UdpHeader;
use sctp::{
    ChainWriter, Chunk, ChunkElement, ChunkFraming, ChunkHeader, ChunkType, CommonHeader, Departure,
    EmitError, ErrorCause, ErrorCauseElement, ErrorCauseFraming, LengthError, List, Packet, PacketWriter,
    Parameter, ParameterElement, ParameterFraming, ParseError, Writer,
};
use wire::{Framing, Reader};

#[inline(never)]
pub fn chunk_emit_into(chunk: &Chunk<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(sctp::chunk::Chunk::emit_into);
    chunk.emit_into(writer)
}

#[inline(never)]
pub fn chunk_parse<'a>(element: &ChunkElement<'a>) -> Result<Chunk<'a>, ParseError> {
    covers!(sctp::chunk::Chunk::parse);
    Chunk::parse(element)
}

#[inline(never)]
pub fn chunk_parse_or_raw<'a>(element: &ChunkElement<'a>) -> Chunk<'a> {
    covers!(sctp::chunk::Chunk::parse_or_raw);
    Chunk::parse_or_raw(element)
}

#[inline(never)]
pub fn chunk_parse_reporting(element: &ChunkElement<'_>) -> (Option<Departure>, bool) {
    covers!(sctp::chunk::Chunk::parse_reporting);
    let mut last = None;
    let result = Chunk::parse_reporting(element, &mut |departure| last = Some(departure));
    (last, result.is_ok())
}

#[inline(never)]
pub fn chunk_wire_len(chunk: &Chunk<'_>) -> usize {
    covers!(sctp::chunk::Chunk::wire_len);
    chunk.wire_len()
}

#[inline(never)]
pub fn chunk_framing_write(
    writer: &mut Writer<'_>,
    header: ChunkHeader,
    start: usize,
) -> Result<(), EmitError> {
    covers!(sctp::chunk::ChunkFraming::open, sctp::chunk::ChunkFraming::close);
    let mut framing = ChunkFraming;
    let open = framing.open(writer, header)?;
    framing.close(writer, header, open, start)
}

#[inline(never)]
pub fn chunk_framing_split<'a>(reader: &mut Reader<'a>) -> Result<Option<ChunkElement<'a>>, LengthError> {
    covers!(sctp::chunk::ChunkFraming::split);
    ChunkFraming.split(reader)
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
pub fn error_cause_push_into(
    cause: &ErrorCause<'_>,
    chain: &mut ChainWriter<'_, '_, ErrorCauseFraming>,
) -> Result<(), EmitError> {
    covers!(
        sctp::error_cause::ErrorCause::push_into,
        sctp::error_cause::ErrorCauseFraming::open,
        sctp::error_cause::ErrorCauseFraming::close,
    );
    // Pushing opens and closes.
    let _ = (ErrorCauseFraming::open, ErrorCauseFraming::close);
    cause.push_into(chain)
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
pub fn list_parse(reader: Reader<'_>) -> Result<List<'_, ChunkType>, LengthError> {
    covers!(sctp::list::List::parse);
    List::parse(reader)
}

#[inline(never)]
pub fn list_emit_into(list: &List<'_, ChunkType>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(sctp::list::List::emit_into);
    list.emit_into(writer)
}

#[inline(never)]
pub fn list_next(list: &List<'_, ChunkType>) -> (usize, Option<ChunkType>) {
    covers!(sctp::list::List::iter, sctp::list::List::wire_len, sctp::list::Items::next);
    (list.wire_len(), list.iter().next())
}

#[inline(never)]
pub fn packet_conformance(packet: &Packet<'_>) -> Option<Departure> {
    covers!(sctp::packet::Packet::conformance);
    packet.conformance().last()
}

#[inline(never)]
pub fn packet_emit(packet: &Packet<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(sctp::packet::Packet::emit);
    packet.emit(buffer)
}

#[inline(never)]
pub fn packet_parse(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(sctp::packet::Packet::parse);
    Packet::parse(octets)
}

#[inline(never)]
pub fn packet_parse_reporting(octets: &[u8]) -> (Option<Departure>, bool) {
    covers!(sctp::packet::Packet::parse_reporting);
    let mut last = None;
    let result = Packet::parse_reporting(octets, &mut |departure| last = Some(departure));
    (last, result.is_ok())
}

#[inline(never)]
pub fn packet_parse_until_error(octets: &[u8]) -> Result<(Packet<'_>, Option<LengthError>), ParseError> {
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
    covers!(sctp::packet::Packet::to_vec);
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
pub fn packet_writer_push(writer: &mut PacketWriter<'_>, chunk: &Chunk<'_>) -> Result<(), EmitError> {
    covers!(sctp::packet::PacketWriter::push);
    writer.push(chunk)
}

#[inline(never)]
pub fn packet_writer_finish(writer: PacketWriter<'_>) -> Result<usize, EmitError> {
    covers!(sctp::packet::PacketWriter::finish);
    writer.finish().map(|octets| octets.len())
}

#[inline(never)]
pub fn parameter_parse<'a>(element: &ParameterElement<'a>) -> Result<Parameter<'a>, ParseError> {
    covers!(sctp::parameter::Parameter::parse);
    Parameter::parse(element)
}

#[inline(never)]
pub fn parameter_push_into(
    parameter: &Parameter<'_>,
    chain: &mut ChainWriter<'_, '_, ParameterFraming>,
) -> Result<(), EmitError> {
    covers!(
        sctp::parameter::Parameter::push_into,
        sctp::parameter::ParameterFraming::open,
        sctp::parameter::ParameterFraming::close,
    );
    // Pushing opens and closes.
    let _ = (ParameterFraming::open, ParameterFraming::close);
    parameter.push_into(chain)
}

#[inline(never)]
pub fn parameter_framing_split<'a>(
    framing: &mut ParameterFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<ParameterElement<'a>>, LengthError> {
    covers!(sctp::parameter::ParameterFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn udp_header_emit(
    header: &UdpHeader,
    addresses: Option<(IpAddr, IpAddr)>,
    packet: &[u8],
    buffer: &mut [u8],
) -> Result<usize, EmitError> {
    covers!(sctp::udp_encapsulation::UdpHeader::emit);
    header.emit(addresses, packet, buffer)
}

#[inline(never)]
pub fn udp_header_parse(octets: &[u8]) -> Result<(UdpHeader, &[u8]), ParseError> {
    covers!(sctp::udp_encapsulation::UdpHeader::parse);
    UdpHeader::parse(octets)
}
