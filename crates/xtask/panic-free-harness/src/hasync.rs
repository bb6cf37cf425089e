//! Wrappers of `hasync`.

use hasync::profile::{Segment, Segments};
use hasync::record::{IpsecSa, Listed, MessageId, NhrpEntry};
use hasync::{
    Attribute, AttributeElement, AttributeFraming, AttributeHeader, Attributes, ChainWriter, Departure, Emit,
    EmitError, Envelope, Header, LengthError, List, Member, Message, ParseError, Parsed, Writer,
};
use wire::{Framing, Reader, Reserved};

#[inline(never)]
pub fn attribute_parse<'a>(element: &AttributeElement<'a>) -> Result<Attribute<'a>, ParseError> {
    covers!(hasync::attribute::Attribute::parse);
    Attribute::parse(element)
}

#[inline(never)]
pub fn attribute_decode<'a>(element: &AttributeElement<'a>, framing: &AttributeFraming) -> Attribute<'a> {
    covers!(hasync::attribute::Attribute::decode);
    Attribute::decode(element, framing)
}

#[inline(never)]
pub fn attribute_emit_into(attribute: &Attribute<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hasync::attribute::Attribute::emit_into);
    attribute.emit_into(writer)
}

#[inline(never)]
pub fn attribute_wire_len(attribute: &Attribute<'_>) -> usize {
    covers!(hasync::attribute::Attribute::wire_len);
    attribute.wire_len()
}

#[inline(never)]
pub fn attributes_next<'a>(attributes: &Attributes<'a>) -> Option<Attribute<'a>> {
    covers!(wire::list::List::iter, wire::list::Members::next);
    attributes.iter().next()
}

#[inline(never)]
pub fn attributes_push<'w>(
    writer: &'w mut Writer<'_>,
    attribute: &Attribute<'_>,
) -> Result<std::ops::Range<usize>, EmitError> {
    covers!(wire::chain_writer::ChainWriter::push);
    ChainWriter::new(writer, AttributeFraming::default()).push(attribute)
}

#[inline(never)]
pub fn framing_split<'a>(
    framing: &mut AttributeFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<AttributeElement<'a>>, LengthError> {
    covers!(hasync::attribute::framing::AttributeFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn framing_open(
    framing: &mut AttributeFraming,
    writer: &mut Writer<'_>,
    header: AttributeHeader,
) -> Result<Reserved<2>, EmitError> {
    covers!(hasync::attribute::framing::AttributeFraming::open);
    framing.open(writer, header)
}

#[inline(never)]
pub fn framing_close(
    framing: &mut AttributeFraming,
    writer: &mut Writer<'_>,
    header: AttributeHeader,
    length: Reserved<2>,
    start: usize,
) -> Result<(), EmitError> {
    covers!(hasync::attribute::framing::AttributeFraming::close);
    framing.close(writer, header, length, start)
}

#[inline(never)]
pub fn header_parse_prefix(octets: &[u8]) -> Result<(Header, &[u8]), ParseError> {
    covers!(hasync::header::Header::parse_prefix);
    Header::parse_prefix(octets)
}

#[inline(never)]
pub fn header_declared_len(octets: &[u8]) -> Result<usize, ParseError> {
    covers!(hasync::header::Header::declared_len);
    Header::declared_len(octets)
}

#[inline(never)]
pub fn message_conformance(message: &Message<'_>) -> Option<Departure> {
    covers!(hasync::message::Message::conformance);
    message.conformance().last()
}

#[inline(never)]
pub fn message_emit<'b>(message: &Message<'_>, buffer: &'b mut [u8]) -> Result<&'b mut [u8], EmitError> {
    covers!(wire::emit::Emit::emit);
    message.emit(buffer)
}

#[inline(never)]
pub fn message_emit_into(message: &Message<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hasync::message::Message::emit_into);
    message.emit_into(writer)
}

#[inline(never)]
pub fn message_parse(octets: &[u8]) -> Result<Message<'_>, ParseError> {
    covers!(hasync::message::Message::parse);
    Message::parse(octets)
}

#[inline(never)]
pub fn message_parse_prefix(octets: &[u8]) -> Result<(Message<'_>, &[u8]), ParseError> {
    covers!(hasync::message::Message::parse_prefix);
    Message::parse_prefix(octets)
}

#[inline(never)]
pub fn message_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Message<'_>, ParseError>, ParseError> {
    covers!(hasync::message::Message::parse_until_error);
    Message::parse_until_error(octets)
}

#[inline(never)]
pub fn message_to_vec(message: &Message<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(wire::emit::Emit::to_vec);
    message.to_vec()
}

#[inline(never)]
pub fn message_try_from(octets: &[u8]) -> Result<Message<'_>, ParseError> {
    covers!(hasync::message::Message::try_from);
    Message::try_from(octets)
}

#[inline(never)]
pub fn message_wire_len(message: &Message<'_>) -> usize {
    covers!(hasync::message::Message::wire_len);
    message.wire_len()
}

#[inline(never)]
pub fn segments_next<'a>(segments: &mut Segments<'a>) -> Option<Segment<'a>> {
    covers!(hasync::profile::Segments::next);
    segments.next()
}

// An envelope can hold any record. These wrappers read, measure and write each of them.
#[inline(never)]
pub fn envelope_from_message<'a>(message: &Message<'a>) -> Result<Envelope<'a>, ParseError> {
    covers!(hasync::envelope::Envelope::from_message);
    Envelope::from_message(message)
}

#[inline(never)]
pub fn envelope_try_from<'a>(message: &Message<'a>) -> Result<Envelope<'a>, ParseError> {
    covers!(hasync::envelope::Envelope::try_from);
    Envelope::try_from(message)
}

#[inline(never)]
pub fn envelope_emit_into(envelope: &Envelope<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hasync::envelope::Envelope::emit_into);
    envelope.emit_into(writer)
}

#[inline(never)]
pub fn envelope_wire_len(envelope: &Envelope<'_>) -> usize {
    covers!(hasync::envelope::Envelope::wire_len);
    envelope.wire_len()
}

#[inline(never)]
pub fn listed_decode<'a>(
    element: &AttributeElement<'a>,
    framing: &AttributeFraming,
) -> Listed<'a, IpsecSa<'a>> {
    covers!(hasync::record::listed::Listed::decode);
    Listed::decode(element, framing)
}

#[inline(never)]
pub fn listed_emit_into(listed: &Listed<'_, IpsecSa<'_>>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hasync::record::listed::Listed::emit_into);
    listed.emit_into(writer)
}

#[inline(never)]
pub fn listed_wire_len(listed: &Listed<'_, IpsecSa<'_>>) -> usize {
    covers!(hasync::record::listed::Listed::wire_len);
    listed.wire_len()
}

#[inline(never)]
pub fn listed_next<'a>(
    list: &List<'a, AttributeFraming, Listed<'a, MessageId>>,
) -> Option<Listed<'a, MessageId>> {
    covers!(wire::list::List::iter, wire::list::Members::next);
    list.iter().next()
}

#[inline(never)]
pub fn ipsec_sa_from_element<'a>(element: &AttributeElement<'a>) -> Result<IpsecSa<'a>, ParseError> {
    covers!(hasync::record::listed::IpsecSa::from_element);
    IpsecSa::from_element(element)
}

#[inline(never)]
pub fn nhrp_entry_from_element(element: &AttributeElement<'_>) -> Result<NhrpEntry, ParseError> {
    covers!(hasync::record::listed::NhrpEntry::from_element);
    NhrpEntry::from_element(element)
}
