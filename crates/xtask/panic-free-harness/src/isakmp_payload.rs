//! Wrappers of `isakmp`: payloads of any type, and the contents of their bodies.

use isakmp::payload::configuration::{Configuration, ConfigurationValue};
use isakmp::payload::delete::{Delete, SpiIter, Spis};
use isakmp::payload::fragment::Fragment;
use isakmp::payload::identification::{IdType, Identification, Identity};
use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::payload::notification::{Notification, NotificationData};
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::situation::{Label, Situation};
use isakmp::payload::split_network::{SplitNetwork, SplitNetworkIter, SplitNetworks};
use isakmp::payload::transform::Transform;
use isakmp::{
    Attribute, AttributeElement, AttributeFormat, AttributeFraming, AttributeHeader, AttributeValue,
    Departure, Emit, EmitError, LifeDuration, Member, NegotiationContext, Nested, ParseError, Parsed,
    Payload, PayloadBody, PayloadElement, PayloadFraming, PayloadHeader, PayloadType, Phase, Writer,
};

/// The result of `parse_until_error`.
type UntilError<'a, T> = Result<Parsed<'a, T, ParseError>, ParseError>;

#[inline(never)]
pub fn payload_parse_element<'a>(
    element: &PayloadElement<'a>,
    context: &NegotiationContext,
) -> Result<Payload<'a>, ParseError> {
    covers!(isakmp::payload::body::Payload::parse);
    Payload::parse(element, context)
}

#[inline(never)]
pub fn payload_decode<'a>(element: &PayloadElement<'a>, framing: &PayloadFraming) -> Payload<'a> {
    covers!(isakmp::payload::body::Payload::decode);
    Payload::decode(element, framing)
}

#[inline(never)]
pub fn payload_emit(payload: &Payload<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::body::Payload::emit_into, isakmp::payload::body::Payload::wire_len);
    payload.emit_into(writer)?;
    Ok(payload.wire_len())
}

#[inline(never)]
pub fn payload_body_emit(body: &PayloadBody<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::body::PayloadBody::emit_into, isakmp::payload::body::PayloadBody::wire_len);
    body.emit_into(writer)?;
    Ok(body.wire_len())
}

#[inline(never)]
pub fn payload_type<'a>(
    payload: &Payload<'_>,
    body: PayloadBody<'a>,
    element: &PayloadElement<'_>,
) -> ([PayloadType; 3], PayloadHeader, Payload<'a>) {
    covers!(
        isakmp::payload::body::Payload::payload_type,
        isakmp::payload::body::Payload::header,
        isakmp::payload::body::Payload::from,
        isakmp::payload::body::PayloadBody::payload_type,
        isakmp::payload::framing::next_payload
    );
    let types = [payload.payload_type(), body.payload_type(), isakmp::payload::next_payload(element)];
    (types, payload.header(), Payload::from(body))
}

#[inline(never)]
pub fn nested_decode<'a>(
    element: &PayloadElement<'a>,
    framing: &PayloadFraming,
) -> (Nested<'a, Proposal<'a>>, Nested<'a, Transform<'a>>) {
    covers!(isakmp::payload::nested::Nested::decode);
    (Nested::decode(element, framing), Nested::decode(element, framing))
}

#[inline(never)]
pub fn nested_emit(nested: &Nested<'_, Proposal<'_>>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::nested::Nested::emit_into,
        isakmp::payload::nested::Nested::wire_len,
        isakmp::payload::nested::Nested::header
    );
    nested.emit_into(writer)?;
    Ok(nested.wire_len() ^ usize::from(nested.header().reserved))
}

#[inline(never)]
pub fn nested_body<'a>(
    nested: Nested<'a, Transform<'a>>,
    body: Transform<'a>,
) -> (bool, Result<Transform<'a>, ParseError>, Nested<'a, Transform<'a>>) {
    covers!(
        isakmp::payload::nested::Nested::body,
        isakmp::payload::nested::Nested::decoded,
        isakmp::payload::nested::Nested::from
    );
    (nested.body().is_some(), nested.decoded(), Nested::from(body))
}

#[inline(never)]
pub fn configuration_conformance(value: &Configuration<'_>) -> Option<Departure> {
    covers!(isakmp::conformance::message::Configuration::conformance);
    value.conformance().last()
}

#[inline(never)]
pub fn payload_conformance(payload: &Payload<'_>, phase: Phase) -> Option<Departure> {
    covers!(isakmp::conformance::message::Payload::conformance);
    payload.conformance(phase).last()
}

#[inline(never)]
pub fn security_association_parse_until_error<'a>(
    element: &PayloadElement<'a>,
) -> (UntilError<'a, SecurityAssociation<'a>>, SecurityAssociation<'a>) {
    covers!(
        isakmp::payload::security_association::SecurityAssociation::parse_until_error,
        isakmp::payload::security_association::SecurityAssociation::default
    );
    (SecurityAssociation::parse_until_error(element), SecurityAssociation::default())
}

#[inline(never)]
pub fn security_association_conformance(value: &SecurityAssociation<'_>, phase: Phase) -> Option<Departure> {
    covers!(isakmp::conformance::security_association::SecurityAssociation::conformance);
    value.conformance(phase).last()
}

#[inline(never)]
pub fn situation_emit(
    situation: &Situation<'_>,
    label: &Label<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::situation::Situation::emit_into,
        isakmp::payload::situation::Situation::wire_len,
        isakmp::payload::situation::Label::emit_into,
        isakmp::payload::situation::Label::wire_len
    );
    situation.emit_into(writer)?;
    label.emit_into(writer)?;
    Ok(situation.wire_len() ^ label.wire_len())
}

#[inline(never)]
pub fn proposal_parse_until_error<'a>(element: &PayloadElement<'a>) -> UntilError<'a, Proposal<'a>> {
    covers!(isakmp::payload::proposal::Proposal::parse_until_error);
    Proposal::parse_until_error(element)
}

#[inline(never)]
pub fn proposal_declared_transform_count(element: &PayloadElement<'_>) -> Option<u8> {
    covers!(isakmp::payload::proposal::Proposal::declared_transform_count);
    Proposal::declared_transform_count(element)
}

#[inline(never)]
pub fn proposal_conformance(value: &Proposal<'_>) -> Option<Departure> {
    covers!(isakmp::conformance::security_association::Proposal::conformance);
    value.conformance().last()
}

#[inline(never)]
pub fn transform_parse_until_error<'a>(element: &PayloadElement<'a>) -> UntilError<'a, Transform<'a>> {
    covers!(isakmp::payload::transform::Transform::parse_until_error);
    Transform::parse_until_error(element)
}

#[inline(never)]
pub fn transform_conformance(
    value: &Transform<'_>,
    protocol_id: isakmp::doi::ProtocolId,
) -> Option<Departure> {
    covers!(isakmp::conformance::security_association::Transform::conformance);
    value.conformance(protocol_id).last()
}

#[inline(never)]
pub fn attribute_decode<'a>(element: &AttributeElement<'a>) -> (Attribute<'a>, AttributeHeader) {
    covers!(isakmp::attribute::Attribute::decode, isakmp::attribute::Attribute::header);
    let attribute = Attribute::decode(element, &AttributeFraming);
    (attribute, attribute.header())
}

#[inline(never)]
pub fn attribute_new(attribute_type: u16, value: u16, octets: &[u8]) -> [Attribute<'_>; 2] {
    covers!(isakmp::attribute::Attribute::basic, isakmp::attribute::Attribute::variable);
    [Attribute::basic(attribute_type, value), Attribute::variable(attribute_type, octets)]
}

#[inline(never)]
pub fn attribute_emit(attribute: &Attribute<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::attribute::Attribute::emit_into, isakmp::attribute::Attribute::wire_len);
    attribute.emit_into(writer)?;
    Ok(attribute.wire_len())
}

#[inline(never)]
pub fn attribute_value<'a>(
    value: &AttributeValue<'a>,
) -> (AttributeFormat, Option<u64>, Option<&'a [u8]>, LifeDuration<'a>) {
    covers!(
        isakmp::attribute::AttributeValue::format,
        isakmp::attribute::AttributeValue::number,
        isakmp::attribute::AttributeValue::octets,
        isakmp::attribute::LifeDuration::from
    );
    (value.format(), value.number(), value.octets(), LifeDuration::from(*value))
}

#[inline(never)]
pub fn configuration_parse_until_error<'a>(
    element: &PayloadElement<'a>,
) -> UntilError<'a, Configuration<'a>> {
    covers!(isakmp::payload::configuration::Configuration::parse_until_error);
    Configuration::parse_until_error(element)
}

#[inline(never)]
pub fn configuration_value<'a>(attribute: &Attribute<'a>) -> ConfigurationValue<'a> {
    covers!(isakmp::payload::configuration::value::ConfigurationValue::from_attribute);
    ConfigurationValue::from_attribute(attribute)
}

#[inline(never)]
pub fn split_networks_parse(octets: &[u8]) -> Result<SplitNetworks<'_>, ParseError> {
    covers!(isakmp::payload::split_network::SplitNetworks::parse);
    SplitNetworks::parse(octets)
}

#[inline(never)]
pub fn split_networks_emit(
    networks: &SplitNetworks<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::split_network::SplitNetworks::emit_into,
        isakmp::payload::split_network::SplitNetworks::wire_len
    );
    networks.emit_into(writer)?;
    Ok(networks.wire_len())
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
pub fn notification_cookies(value: &Notification<'_>) -> Option<([u8; 8], [u8; 8])> {
    covers!(isakmp::payload::notification::Notification::cookies);
    value.cookies()
}

#[inline(never)]
pub fn notification_data_emit(
    data: &NotificationData<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::notification::NotificationData::emit_into,
        isakmp::payload::notification::NotificationData::wire_len
    );
    data.emit_into(writer)?;
    Ok(data.wire_len())
}
