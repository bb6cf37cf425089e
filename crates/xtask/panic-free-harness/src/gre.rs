//! Wrappers of `gre`.

use std::net::IpAddr;

use gre::{
    Arrival, CiscoMetaData, Departure, Emit, EmitError, EnhancedHeader, EnhancedPacket, Header, Keepalive,
    KeepaliveRequest, LengthError, Packet, ParseError, Parsed, ProtocolType, Receiver, Sender,
};
use wire::Writer;

#[inline(never)]
pub fn packet_parse(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(gre::packet::Packet::parse);
    Packet::parse(octets)
}

#[inline(never)]
pub fn packet_try_from(octets: &[u8]) -> Result<Packet<'_>, ParseError> {
    covers!(gre::packet::Packet::try_from);
    Packet::try_from(octets)
}

#[inline(never)]
pub fn packet_parse_reporting(octets: &[u8]) -> (Option<Departure>, bool) {
    covers!(gre::packet::Packet::parse_reporting);
    let mut last = None;
    let result = Packet::parse_reporting(octets, &mut |departure| last = Some(departure));
    (last, result.is_ok())
}

#[inline(never)]
pub fn packet_sent_checksum(octets: &[u8]) -> Result<Option<u16>, ParseError> {
    covers!(gre::packet::Packet::sent_checksum);
    Packet::sent_checksum(octets)
}

#[inline(never)]
pub fn packet_emit(packet: &Packet<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(gre::packet::Packet::wire_len);
    packet.emit(buffer).map(|octets| octets.len() ^ packet.wire_len())
}

#[inline(never)]
pub fn packet_emit_into(packet: &Packet<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(gre::packet::Packet::emit_into);
    packet.emit_into(writer)
}

#[inline(never)]
pub fn packet_to_vec(packet: &Packet<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(wire::emit::Emit::to_vec);
    packet.to_vec()
}

#[inline(never)]
pub fn packet_parse_parts(octets: &[u8]) -> (bool, Result<Parsed<'_, Packet<'_>, ParseError>, ParseError>) {
    covers!(gre::packet::Packet::parse_prefix, gre::packet::Packet::parse_until_error);
    (Packet::parse_prefix(octets).is_ok(), Packet::parse_until_error(octets))
}

#[inline(never)]
pub fn enhanced_parse(
    octets: &[u8],
) -> (bool, bool, Result<Parsed<'_, EnhancedPacket<'_>, ParseError>, ParseError>) {
    covers!(
        gre::enhanced::EnhancedPacket::is_enhanced,
        gre::enhanced::EnhancedPacket::parse,
        gre::enhanced::EnhancedPacket::try_from,
        gre::enhanced::EnhancedPacket::parse_prefix,
        gre::enhanced::EnhancedPacket::parse_until_error
    );
    let exact = EnhancedPacket::parse(octets).is_ok() ^ EnhancedPacket::try_from(octets).is_ok();
    let prefix = EnhancedPacket::parse_prefix(octets).is_ok() ^ EnhancedPacket::is_enhanced(octets);
    (exact, prefix, EnhancedPacket::parse_until_error(octets))
}

#[inline(never)]
pub fn enhanced_emit(packet: &EnhancedPacket<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(gre::enhanced::EnhancedPacket::emit_into, gre::enhanced::EnhancedPacket::wire_len);
    packet.emit_into(writer).map(|()| packet.wire_len())
}

#[inline(never)]
pub fn enhanced_conformance(
    packet: &EnhancedPacket<'_>,
    call_id: u16,
) -> (Option<Departure>, EnhancedHeader) {
    covers!(gre::enhanced::EnhancedPacket::conformance, gre::enhanced::EnhancedHeader::new);
    (packet.conformance().last(), EnhancedHeader::new(call_id))
}

#[inline(never)]
pub fn header_parse(octets: &[u8]) -> (Result<Header, ParseError>, bool) {
    covers!(gre::header::Header::parse, gre::header::Header::parse_until_error);
    (Header::parse(octets), Header::parse_until_error(octets).is_ok())
}

#[inline(never)]
pub fn cisco_meta_data_parse_parts(octets: &[u8]) -> (bool, bool) {
    covers!(
        gre::cisco_meta_data::CiscoMetaData::parse_prefix,
        gre::cisco_meta_data::CiscoMetaData::parse_until_error
    );
    (CiscoMetaData::parse_prefix(octets).is_ok(), CiscoMetaData::parse_until_error(octets).is_ok())
}

#[inline(never)]
pub fn header_parse_prefix(octets: &[u8]) -> Result<(Header, &[u8]), ParseError> {
    covers!(gre::header::Header::parse_prefix);
    Header::parse_prefix(octets)
}

#[inline(never)]
pub fn header_encapsulate(header: &Header, packet: &mut [u8]) -> Result<(), EmitError> {
    covers!(gre::header::Header::encapsulate);
    header.encapsulate(packet)
}

#[inline(never)]
pub fn header_lengths(
    header: &Header,
    protocol_type: ProtocolType,
) -> (usize, Result<u16, EmitError>, Header) {
    covers!(gre::header::Header::wire_len, gre::header::Header::flags_and_version, gre::header::Header::new);
    (header.wire_len(), header.flags_and_version(), Header::new(protocol_type))
}

#[inline(never)]
pub fn conformance(packet: &Packet<'_>, header: &Header) -> (Option<Departure>, Option<Departure>) {
    covers!(gre::conformance::Packet::conformance, gre::conformance::Header::conformance);
    (packet.conformance().last(), header.conformance().last())
}

#[inline(never)]
pub fn departure_reference(departure: &Departure) -> &'static str {
    covers!(gre::conformance::Departure::reference);
    departure.reference()
}

#[inline(never)]
pub fn keepalive_recognise<'a>(packet: &Packet<'a>) -> Option<Keepalive<'a>> {
    covers!(gre::keepalive::Keepalive::recognise);
    Keepalive::recognise(packet)
}

#[inline(never)]
pub fn keepalive_request(
    source: IpAddr,
    destination: IpAddr,
    key: Option<u32>,
    buffer: &mut [u8],
) -> (Result<usize, EmitError>, ProtocolType) {
    covers!(
        gre::keepalive::request::KeepaliveRequest::new,
        gre::keepalive::request::KeepaliveRequest::protocol_type,
    );
    let request = KeepaliveRequest::new(source, destination, key);
    (request.emit(buffer).map(|octets| octets.len()), request.protocol_type())
}

#[inline(never)]
pub fn keepalive_request_emit(
    request: &KeepaliveRequest<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        gre::keepalive::request::KeepaliveRequest::emit_into,
        gre::keepalive::request::KeepaliveRequest::wire_len,
    );
    request.emit_into(writer).map(|()| request.wire_len())
}

#[inline(never)]
pub fn header_emit(header: &Header, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(gre::header::Header::emit_into);
    header.emit_into(writer)
}

#[inline(never)]
pub fn cisco_meta_data_parse_reporting(octets: &[u8]) -> (Option<Departure>, bool) {
    covers!(gre::cisco_meta_data::CiscoMetaData::parse_reporting);
    let mut last = None;
    let result = CiscoMetaData::parse_reporting(octets, &mut |departure| last = Some(departure));
    (last, result.is_ok())
}

#[inline(never)]
pub fn cisco_meta_data_parse(octets: &[u8]) -> [Result<CiscoMetaData<'_>, LengthError>; 2] {
    covers!(gre::cisco_meta_data::CiscoMetaData::parse, gre::cisco_meta_data::CiscoMetaData::try_from);
    [CiscoMetaData::parse(octets), CiscoMetaData::try_from(octets)]
}

#[inline(never)]
pub fn cisco_meta_data_emit(tagged: &CiscoMetaData<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(gre::cisco_meta_data::CiscoMetaData::emit_into, gre::cisco_meta_data::CiscoMetaData::wire_len);
    tagged.emit_into(&mut Writer::new(buffer))?;
    tagged.emit(buffer).map(|octets| octets.len() ^ tagged.wire_len())
}

#[inline(never)]
pub fn receiver(receiver: &mut Receiver, number: Option<u32>) -> (Arrival, Receiver) {
    covers!(
        gre::sequence::Receiver::check,
        gre::sequence::Receiver::accept,
        gre::sequence::Receiver::default
    );
    let arrival = receiver.check(number);
    receiver.accept(number);
    (arrival, Receiver::default())
}

#[inline(never)]
pub fn sender(sender: &mut Sender) -> u32 {
    covers!(gre::sequence::Sender::take);
    sender.take()
}

#[inline(never)]
pub fn set_sequence_number(packet: &mut [u8], number: u32) -> Result<Option<u32>, ParseError> {
    covers!(gre::sequence::set_sequence_number);
    gre::set_sequence_number(packet, number)
}
