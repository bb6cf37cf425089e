//! Wrappers of `isakmp`: the bodies of security associations, identifications and attributes.

use isakmp::payload::configuration::Configuration;
use isakmp::payload::identification::Identification;
use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;
use isakmp::{Emit, EmitError, ParseError, PayloadElement, Writer};

#[inline(never)]
pub fn security_association_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<SecurityAssociation<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::security_association::SecurityAssociation::parse_body,
        isakmp::payload::security_association::SecurityAssociation::try_from,
        isakmp::payload::security_association::SecurityAssociation::parse
    );
    [
        SecurityAssociation::parse_body(body),
        SecurityAssociation::try_from(body),
        SecurityAssociation::parse(element),
    ]
}

#[inline(never)]
pub fn security_association_emit(
    value: &SecurityAssociation<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::security_association::SecurityAssociation::emit_into,
        isakmp::payload::security_association::SecurityAssociation::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn proposal_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Proposal<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::proposal::Proposal::parse_body,
        isakmp::payload::proposal::Proposal::try_from,
        isakmp::payload::proposal::Proposal::parse
    );
    [Proposal::parse_body(body), Proposal::try_from(body), Proposal::parse(element)]
}

#[inline(never)]
pub fn proposal_emit(value: &Proposal<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::proposal::Proposal::emit_into, isakmp::payload::proposal::Proposal::wire_len);
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn transform_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Transform<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::transform::Transform::parse_body,
        isakmp::payload::transform::Transform::try_from,
        isakmp::payload::transform::Transform::parse
    );
    [Transform::parse_body(body), Transform::try_from(body), Transform::parse(element)]
}

#[inline(never)]
pub fn transform_emit(value: &Transform<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::transform::Transform::emit_into,
        isakmp::payload::transform::Transform::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn identification_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Identification<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::identification::Identification::parse_body,
        isakmp::payload::identification::Identification::try_from,
        isakmp::payload::identification::Identification::parse
    );
    [Identification::parse_body(body), Identification::try_from(body), Identification::parse(element)]
}

#[inline(never)]
pub fn identification_emit(value: &Identification<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::identification::Identification::emit_into,
        isakmp::payload::identification::Identification::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn configuration_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Configuration<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::configuration::Configuration::parse_body,
        isakmp::payload::configuration::Configuration::try_from,
        isakmp::payload::configuration::Configuration::parse
    );
    [Configuration::parse_body(body), Configuration::try_from(body), Configuration::parse(element)]
}

#[inline(never)]
pub fn configuration_emit(value: &Configuration<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::configuration::Configuration::emit_into,
        isakmp::payload::configuration::Configuration::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn nat_original_address_parse_element(
    element: &PayloadElement<'_>,
) -> Result<NatOriginalAddress, ParseError> {
    covers!(isakmp::payload::nat_original_address::NatOriginalAddress::parse);
    NatOriginalAddress::parse(element)
}

#[inline(never)]
pub fn nat_original_address_emit(
    value: &NatOriginalAddress,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::nat_original_address::NatOriginalAddress::emit_into,
        isakmp::payload::nat_original_address::NatOriginalAddress::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}
