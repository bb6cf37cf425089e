//! Wrappers of `isakmp`: payloads of any type, and what is inside their bodies.

use isakmp::payload::attribute::{
    Attribute, AttributeElement, AttributeFormat, AttributeValue, Attributes, LifeDuration, attributes,
};
use isakmp::payload::configuration::{Configuration, ConfigurationValue};
use isakmp::payload::delete::{Delete, SpiIter, Spis};
use isakmp::payload::fragment::Fragment;
use isakmp::payload::identification::{IdType, Identification, Identity};
use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::payload::notification::{Notification, NotificationData};
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::situation::Situation;
use isakmp::payload::split_network::{SplitNetwork, SplitNetworkIter, SplitNetworks};
use isakmp::payload::transform::Transform;
use isakmp::{
    Departure, EmitError, LengthError, NegotiationContext, ParseError, Payload, PayloadElement, PayloadType,
    Phase, Writer,
};

#[inline(never)]
pub fn payload_parse<'a>(
    element: &PayloadElement<'a>,
    context: &NegotiationContext,
) -> Result<Payload<'a>, ParseError> {
    covers!(isakmp::payload::Payload::parse);
    Payload::parse(element, context)
}

#[inline(never)]
pub fn payload_emit(
    payload: &Payload<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::Payload::emit,
        isakmp::payload::Payload::emit_into,
        isakmp::payload::Payload::wire_len
    );
    payload.emit_into(writer)?;
    payload.emit(buffer).map(|len| len ^ payload.wire_len())
}

#[inline(never)]
pub fn payload_to_vec(payload: &Payload<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::Payload::to_vec);
    payload.to_vec()
}

#[inline(never)]
pub fn payload_type(
    payload: &Payload<'_>,
    element: &PayloadElement<'_>,
) -> (Option<PayloadType>, PayloadType) {
    covers!(isakmp::payload::Payload::payload_type, isakmp::payload::framing::next_payload);
    (payload.payload_type(), isakmp::payload::next_payload(element))
}

#[inline(never)]
pub fn payload_conformance(payload: &Payload<'_>, phase: Phase) -> Option<Departure> {
    covers!(isakmp::conformance::message::Payload::conformance);
    payload.conformance(phase).last()
}

#[inline(never)]
pub fn security_association_parse_until_error(
    body: &[u8],
    offset: usize,
) -> Result<(SecurityAssociation<'_>, Option<LengthError>), ParseError> {
    covers!(isakmp::payload::security_association::SecurityAssociation::parse_until_error);
    SecurityAssociation::parse_until_error(body, offset)
}

#[inline(never)]
pub fn security_association_decode_proposals<'a>(
    value: &SecurityAssociation<'a>,
) -> Option<Result<Proposal<'a>, ParseError>> {
    covers!(isakmp::payload::security_association::SecurityAssociation::decode_proposals);
    value.decode_proposals().last().map(|(_, proposal)| proposal)
}

#[inline(never)]
pub fn security_association_conformance(value: &SecurityAssociation<'_>, phase: Phase) -> Option<Departure> {
    covers!(isakmp::conformance::association::SecurityAssociation::conformance);
    value.conformance(phase).last()
}

#[inline(never)]
pub fn situation_emit(situation: &Situation<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::situation::Situation::emit_into,
        isakmp::payload::situation::Situation::wire_len
    );
    situation.emit_into(writer)?;
    Ok(situation.wire_len())
}

#[inline(never)]
pub fn proposal_parse_until_error(
    body: &[u8],
    offset: usize,
) -> Result<(Proposal<'_>, Option<LengthError>), ParseError> {
    covers!(isakmp::payload::proposal::Proposal::parse_until_error);
    Proposal::parse_until_error(body, offset)
}

#[inline(never)]
pub fn proposal_parse_reporting(body: &[u8], offset: usize) -> (Option<Departure>, bool) {
    covers!(isakmp::payload::proposal::Proposal::parse_reporting);
    let mut last = None;
    let result = Proposal::parse_reporting(body, offset, &mut |departure| last = Some(departure));
    (last, result.is_ok())
}

#[inline(never)]
pub fn proposal_declared_transform_count(body: &[u8]) -> Option<u8> {
    covers!(isakmp::payload::proposal::Proposal::declared_transform_count);
    Proposal::declared_transform_count(body)
}

#[inline(never)]
pub fn proposal_decode_transforms<'a>(value: &Proposal<'a>) -> Option<Result<Transform<'a>, ParseError>> {
    covers!(isakmp::payload::proposal::Proposal::decode_transforms);
    value.decode_transforms().last().map(|(_, transform)| transform)
}

#[inline(never)]
pub fn proposal_conformance(value: &Proposal<'_>) -> Option<Departure> {
    covers!(isakmp::conformance::association::Proposal::conformance);
    value.conformance().last()
}

#[inline(never)]
pub fn transform_parse_until_error(
    body: &[u8],
    offset: usize,
) -> Result<(Transform<'_>, Option<LengthError>), ParseError> {
    covers!(isakmp::payload::transform::Transform::parse_until_error);
    Transform::parse_until_error(body, offset)
}

#[inline(never)]
pub fn transform_decode_attributes<'a>(value: &Transform<'a>) -> Option<Attribute<'a>> {
    covers!(isakmp::payload::transform::Transform::decode_attributes);
    value.decode_attributes().last()
}

#[inline(never)]
pub fn transform_conformance(
    value: &Transform<'_>,
    protocol_id: isakmp::doi::ProtocolId,
) -> Option<Departure> {
    covers!(isakmp::conformance::association::Transform::conformance);
    value.conformance(protocol_id).last()
}

#[inline(never)]
pub fn attribute_from_element<'a>(element: &AttributeElement<'a>) -> Attribute<'a> {
    covers!(isakmp::payload::attribute::Attribute::from_element);
    Attribute::from_element(element)
}

#[inline(never)]
pub fn attribute_emit(attribute: &Attribute<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::attribute::Attribute::emit_into,
        isakmp::payload::attribute::Attribute::wire_len
    );
    attribute.emit_into(writer)?;
    Ok(attribute.wire_len())
}

#[inline(never)]
pub fn attribute_value<'a>(
    value: &AttributeValue<'a>,
) -> (AttributeFormat, Option<u64>, Option<&'a [u8]>, LifeDuration<'a>) {
    covers!(
        isakmp::payload::attribute::AttributeValue::format,
        isakmp::payload::attribute::AttributeValue::number,
        isakmp::payload::attribute::AttributeValue::octets,
        isakmp::payload::attribute::LifeDuration::from
    );
    (value.format(), value.number(), value.octets(), LifeDuration::from(*value))
}

#[inline(never)]
pub fn attribute_list<'a>(list: &Attributes<'a>) -> Option<Attribute<'a>> {
    covers!(isakmp::payload::attribute::attributes);
    attributes(list).last()
}

#[inline(never)]
pub fn configuration_parse_until_error(
    body: &[u8],
    offset: usize,
) -> Result<(Configuration<'_>, Option<LengthError>), ParseError> {
    covers!(isakmp::payload::configuration::Configuration::parse_until_error);
    Configuration::parse_until_error(body, offset)
}

#[inline(never)]
pub fn configuration_decode_attributes<'a>(value: &Configuration<'a>) -> Option<Attribute<'a>> {
    covers!(isakmp::payload::configuration::Configuration::decode_attributes);
    value.decode_attributes().last()
}

#[inline(never)]
pub fn configuration_value<'a>(attribute: &Attribute<'a>) -> ConfigurationValue<'a> {
    covers!(isakmp::payload::configuration::value::ConfigurationValue::from_attribute);
    ConfigurationValue::from_attribute(attribute)
}

#[inline(never)]
pub fn split_networks_parse(octets: &[u8], offset: usize) -> Result<SplitNetworks<'_>, ParseError> {
    covers!(isakmp::payload::split_network::SplitNetworks::parse_at);
    SplitNetworks::parse_at(octets, offset)
}

#[inline(never)]
pub fn split_networks_iter<'a>(networks: &SplitNetworks<'a>) -> [SplitNetworkIter<'a>; 3] {
    covers!(
        isakmp::payload::split_network::SplitNetworks::iter,
        isakmp::payload::split_network::SplitNetworks::into_iter
    );
    [networks.iter(), networks.into_iter(), (*networks).into_iter()]
}

#[inline(never)]
pub fn split_network_next(networks: &mut SplitNetworkIter<'_>) -> Option<SplitNetwork> {
    covers!(isakmp::payload::split_network::SplitNetworkIter::next);
    networks.next()
}

#[inline(never)]
pub fn split_network_emit(network: &SplitNetwork, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::split_network::SplitNetwork::emit_into,
        isakmp::payload::split_network::SplitNetwork::wire_len
    );
    network.emit_into(writer)?;
    Ok(network.wire_len())
}

#[inline(never)]
pub fn spis<'a>(size: u8, octets: &'a [u8], spis: &Spis<'a>) -> (Option<Spis<'a>>, u8, u16, &'a [u8]) {
    covers!(
        isakmp::payload::delete::Spis::new,
        isakmp::payload::delete::Spis::spi_size,
        isakmp::payload::delete::Spis::spi_count,
        isakmp::payload::delete::Spis::octets
    );
    (Spis::new(size, octets), spis.spi_size(), spis.spi_count(), spis.octets())
}

#[inline(never)]
pub fn spis_iter<'a>(spis: &Spis<'a>) -> [SpiIter<'a>; 3] {
    covers!(isakmp::payload::delete::Spis::iter, isakmp::payload::delete::Spis::into_iter);
    [spis.iter(), spis.into_iter(), (*spis).into_iter()]
}

#[inline(never)]
pub fn spi_next<'a>(spis: &mut SpiIter<'a>) -> Option<&'a [u8]> {
    covers!(isakmp::payload::delete::SpiIter::next);
    spis.next()
}

#[inline(never)]
pub fn delete_conformance(value: &Delete<'_>) -> Option<Departure> {
    covers!(isakmp::conformance::message::Delete::conformance);
    value.conformance().last()
}

#[inline(never)]
pub fn fragment_is_last(fragment: &Fragment<'_>) -> bool {
    covers!(isakmp::payload::fragment::Fragment::is_last);
    fragment.is_last()
}

#[inline(never)]
pub fn identity_parse(id_type: IdType, data: &[u8], offset: usize) -> Result<Identity<'_>, ParseError> {
    covers!(isakmp::payload::identification::Identity::parse_at);
    Identity::parse_at(id_type, data, offset)
}

#[inline(never)]
pub fn identity_emit(identity: &Identity<'_>, writer: &mut Writer<'_>) -> Result<(usize, IdType), EmitError> {
    covers!(
        isakmp::payload::identification::Identity::emit_into,
        isakmp::payload::identification::Identity::wire_len,
        isakmp::payload::identification::Identity::id_type
    );
    identity.emit_into(writer)?;
    Ok((identity.wire_len(), identity.id_type()))
}

#[inline(never)]
pub fn identification_conformance(value: &Identification<'_>, phase: Phase) -> Option<Departure> {
    covers!(isakmp::conformance::message::Identification::conformance);
    value.conformance(phase).last()
}

#[inline(never)]
pub fn nat_original_address_conformance(value: &NatOriginalAddress) -> (Option<Departure>, IdType) {
    covers!(
        isakmp::conformance::message::NatOriginalAddress::conformance,
        isakmp::payload::nat_original_address::NatOriginalAddress::id_type
    );
    (value.conformance().last(), value.id_type())
}

#[inline(never)]
pub fn notification_conformance(value: &Notification<'_>) -> Option<Departure> {
    covers!(isakmp::conformance::message::Notification::conformance);
    value.conformance().last()
}

#[inline(never)]
pub fn notification(
    value: &Notification<'_>,
    data: &NotificationData<'_>,
) -> (Option<([u8; 8], [u8; 8])>, usize) {
    covers!(
        isakmp::payload::notification::Notification::cookies,
        isakmp::payload::notification::NotificationData::wire_len
    );
    (value.cookies(), data.wire_len())
}
