//! Wrappers of `isakmp`: the bodies of security associations, identifications and attributes.

use isakmp::payload::configuration::Configuration;
use isakmp::payload::identification::Identification;
use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;
use isakmp::{EmitError, ParseError, PayloadElement, Writer};

#[inline(never)]
pub fn security_association_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<SecurityAssociation<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::security_association::SecurityAssociation::parse,
        isakmp::payload::security_association::SecurityAssociation::parse_at,
        isakmp::payload::security_association::SecurityAssociation::try_from,
        isakmp::payload::security_association::SecurityAssociation::from_element
    );
    let [one, two] = [SecurityAssociation::parse(body), SecurityAssociation::parse_at(body, offset)];
    [one, two, SecurityAssociation::try_from(body), SecurityAssociation::from_element(element)]
}

#[inline(never)]
pub fn security_association_emit(
    value: &SecurityAssociation<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::security_association::SecurityAssociation::emit,
        isakmp::payload::security_association::SecurityAssociation::emit_into,
        isakmp::payload::security_association::SecurityAssociation::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn security_association_to_vec(value: &SecurityAssociation<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::security_association::SecurityAssociation::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn proposal_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Proposal<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::proposal::Proposal::parse,
        isakmp::payload::proposal::Proposal::parse_at,
        isakmp::payload::proposal::Proposal::try_from,
        isakmp::payload::proposal::Proposal::from_element
    );
    let [one, two] = [Proposal::parse(body), Proposal::parse_at(body, offset)];
    [one, two, Proposal::try_from(body), Proposal::from_element(element)]
}

#[inline(never)]
pub fn proposal_emit(
    value: &Proposal<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::proposal::Proposal::emit,
        isakmp::payload::proposal::Proposal::emit_into,
        isakmp::payload::proposal::Proposal::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn proposal_to_vec(value: &Proposal<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::proposal::Proposal::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn transform_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Transform<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::transform::Transform::parse,
        isakmp::payload::transform::Transform::parse_at,
        isakmp::payload::transform::Transform::try_from,
        isakmp::payload::transform::Transform::from_element
    );
    let [one, two] = [Transform::parse(body), Transform::parse_at(body, offset)];
    [one, two, Transform::try_from(body), Transform::from_element(element)]
}

#[inline(never)]
pub fn transform_emit(
    value: &Transform<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::transform::Transform::emit,
        isakmp::payload::transform::Transform::emit_into,
        isakmp::payload::transform::Transform::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn transform_to_vec(value: &Transform<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::transform::Transform::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn identification_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Identification<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::identification::Identification::parse,
        isakmp::payload::identification::Identification::parse_at,
        isakmp::payload::identification::Identification::try_from,
        isakmp::payload::identification::Identification::from_element
    );
    let [one, two] = [Identification::parse(body), Identification::parse_at(body, offset)];
    [one, two, Identification::try_from(body), Identification::from_element(element)]
}

#[inline(never)]
pub fn identification_emit(
    value: &Identification<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::identification::Identification::emit,
        isakmp::payload::identification::Identification::emit_into,
        isakmp::payload::identification::Identification::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn identification_to_vec(value: &Identification<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::identification::Identification::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn configuration_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Configuration<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::configuration::Configuration::parse,
        isakmp::payload::configuration::Configuration::parse_at,
        isakmp::payload::configuration::Configuration::try_from,
        isakmp::payload::configuration::Configuration::from_element
    );
    let [one, two] = [Configuration::parse(body), Configuration::parse_at(body, offset)];
    [one, two, Configuration::try_from(body), Configuration::from_element(element)]
}

#[inline(never)]
pub fn configuration_emit(
    value: &Configuration<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::configuration::Configuration::emit,
        isakmp::payload::configuration::Configuration::emit_into,
        isakmp::payload::configuration::Configuration::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn configuration_to_vec(value: &Configuration<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::configuration::Configuration::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn nat_original_address_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<NatOriginalAddress, ParseError>; 4] {
    covers!(
        isakmp::payload::nat_original_address::NatOriginalAddress::parse,
        isakmp::payload::nat_original_address::NatOriginalAddress::parse_at,
        isakmp::payload::nat_original_address::NatOriginalAddress::try_from,
        isakmp::payload::nat_original_address::NatOriginalAddress::from_element
    );
    let [one, two] = [NatOriginalAddress::parse(body), NatOriginalAddress::parse_at(body, offset)];
    [one, two, NatOriginalAddress::try_from(body), NatOriginalAddress::from_element(element)]
}

#[inline(never)]
pub fn nat_original_address_emit(
    value: &NatOriginalAddress,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::nat_original_address::NatOriginalAddress::emit,
        isakmp::payload::nat_original_address::NatOriginalAddress::emit_into,
        isakmp::payload::nat_original_address::NatOriginalAddress::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn nat_original_address_to_vec(value: &NatOriginalAddress) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::nat_original_address::NatOriginalAddress::to_vec);
    value.to_vec()
}
