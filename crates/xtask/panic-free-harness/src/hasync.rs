//! Wrappers of `hasync`.

use hasync::attribute::AttributeIter;
use hasync::profile::{Segment, Segments};
use hasync::record::{IpsecSa, NhrpEntry};
use hasync::{
    Attribute, AttributeCode, Attributes, Departure, EmitError, Envelope, Header, LengthError, List, Message,
    ParseError, Record, Value,
};

#[inline(never)]
pub fn attribute_wire_len(attribute: &Attribute<'_>) -> usize {
    covers!(hasync::attribute::Attribute::wire_len);
    attribute.wire_len()
}

#[inline(never)]
pub fn attribute_iter_next<'a>(attributes: &mut AttributeIter<'a>) -> Option<Attribute<'a>> {
    covers!(hasync::attribute::AttributeIter::next);
    attributes.next()
}

#[inline(never)]
pub fn attributes_find<'a>(attributes: &Attributes<'a>, code: AttributeCode) -> Option<Attribute<'a>> {
    covers!(hasync::attribute::Attributes::find, hasync::attribute::Attributes::iter);
    attributes.iter().next().filter(|first| first.code == code).or(attributes.find(code))
}

#[inline(never)]
pub fn attributes_parse(octets: &[u8], base: usize) -> Result<Attributes<'_>, LengthError> {
    covers!(hasync::attribute::Attributes::parse);
    Attributes::parse(octets, base)
}

#[inline(never)]
pub fn attributes_parse_until_error(octets: &[u8], base: usize) -> (Attributes<'_>, Option<LengthError>) {
    covers!(hasync::attribute::Attributes::parse_until_error);
    Attributes::parse_until_error(octets, base)
}

#[inline(never)]
pub fn attributes_try_from(octets: &[u8]) -> Result<Attributes<'_>, ParseError> {
    covers!(hasync::attribute::Attributes::try_from);
    Attributes::try_from(octets)
}

#[inline(never)]
pub fn value_wire_len(value: &Value<'_>) -> usize {
    covers!(hasync::attribute::value::Value::wire_len);
    value.wire_len()
}

#[inline(never)]
pub fn header_parse_prefix(octets: &[u8]) -> Result<(Header, usize, &[u8]), ParseError> {
    covers!(hasync::header::Header::parse_prefix);
    Header::parse_prefix(octets)
}

#[inline(never)]
pub fn list_next<'a>(list: &List<'a, IpsecSa<'a>>) -> Option<IpsecSa<'a>> {
    covers!(hasync::list::List::iter, hasync::list::Items::next);
    list.iter().next()
}

#[inline(never)]
pub fn message_conformance(message: &Message<'_>) -> Option<Departure> {
    covers!(hasync::message::Message::conformance);
    message.conformance().last()
}

#[inline(never)]
pub fn message_emit(message: &Message<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hasync::message::Message::emit);
    message.emit(buffer)
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
pub fn message_parse_until_error(
    octets: &[u8],
) -> Result<(Message<'_>, usize, Option<LengthError>), ParseError> {
    covers!(hasync::message::Message::parse_until_error);
    Message::parse_until_error(octets)
}

#[inline(never)]
pub fn message_to_vec(message: &Message<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(hasync::message::Message::to_vec);
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

#[inline(never)]
pub fn record_emit(record: &Record<'_>, envelope: &Envelope, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hasync::record::Record::emit);
    record.emit(envelope, buffer)
}

#[inline(never)]
pub fn record_parse<'a>(message: &Message<'a>) -> Result<(Envelope, Record<'a>), ParseError> {
    covers!(hasync::record::Record::parse);
    Record::parse(message)
}

#[inline(never)]
pub fn record_to_vec(record: &Record<'_>, envelope: &Envelope) -> Result<Vec<u8>, EmitError> {
    covers!(hasync::record::Record::to_vec);
    record.to_vec(envelope)
}

#[inline(never)]
pub fn record_wire_len(record: &Record<'_>, envelope: &Envelope) -> usize {
    covers!(hasync::record::Record::wire_len);
    record.wire_len(envelope)
}

#[inline(never)]
pub fn ipsec_sa_parse<'a>(attributes: &Attributes<'a>) -> Result<IpsecSa<'a>, ParseError> {
    covers!(hasync::record::ipsec_sa::IpsecSa::parse);
    IpsecSa::parse(attributes)
}

#[inline(never)]
pub fn nhrp_entry_parse(attributes: &Attributes<'_>) -> Result<NhrpEntry, ParseError> {
    covers!(hasync::record::nhrp_entry::NhrpEntry::parse);
    NhrpEntry::parse(attributes)
}
