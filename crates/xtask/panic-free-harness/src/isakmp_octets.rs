//! Wrappers of `isakmp`: the bodies that consist of plain octets.

use isakmp::payload::hash::Hash;
use isakmp::payload::key_exchange::KeyExchange;
use isakmp::payload::nat_detection::NatDetection;
use isakmp::payload::nonce::Nonce;
use isakmp::payload::signature::Signature;
use isakmp::payload::vendor_id::VendorId;
use isakmp::{Emit, EmitError, ParseError, PayloadElement, Writer};

#[inline(never)]
pub fn hash_parse<'a>(body: &'a [u8], element: &PayloadElement<'a>) -> [Result<Hash<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::hash::Hash::parse_body,
        isakmp::payload::hash::Hash::try_from,
        isakmp::payload::hash::Hash::parse
    );
    [Hash::parse_body(body), Hash::try_from(body), Hash::parse(element)]
}

#[inline(never)]
pub fn hash_emit(value: &Hash<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::hash::Hash::emit_into, isakmp::payload::hash::Hash::wire_len);
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn key_exchange_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<KeyExchange<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::key_exchange::KeyExchange::parse_body,
        isakmp::payload::key_exchange::KeyExchange::try_from,
        isakmp::payload::key_exchange::KeyExchange::parse
    );
    [KeyExchange::parse_body(body), KeyExchange::try_from(body), KeyExchange::parse(element)]
}

#[inline(never)]
pub fn key_exchange_emit(value: &KeyExchange<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::key_exchange::KeyExchange::emit_into,
        isakmp::payload::key_exchange::KeyExchange::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn nonce_parse<'a>(body: &'a [u8], element: &PayloadElement<'a>) -> [Result<Nonce<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::nonce::Nonce::parse_body,
        isakmp::payload::nonce::Nonce::try_from,
        isakmp::payload::nonce::Nonce::parse
    );
    [Nonce::parse_body(body), Nonce::try_from(body), Nonce::parse(element)]
}

#[inline(never)]
pub fn nonce_emit(value: &Nonce<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::nonce::Nonce::emit_into, isakmp::payload::nonce::Nonce::wire_len);
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn signature_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Signature<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::signature::Signature::parse_body,
        isakmp::payload::signature::Signature::try_from,
        isakmp::payload::signature::Signature::parse
    );
    [Signature::parse_body(body), Signature::try_from(body), Signature::parse(element)]
}

#[inline(never)]
pub fn signature_emit(value: &Signature<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::signature::Signature::emit_into,
        isakmp::payload::signature::Signature::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn vendor_id_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<VendorId<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::vendor_id::VendorId::parse_body,
        isakmp::payload::vendor_id::VendorId::try_from,
        isakmp::payload::vendor_id::VendorId::parse
    );
    [VendorId::parse_body(body), VendorId::try_from(body), VendorId::parse(element)]
}

#[inline(never)]
pub fn vendor_id_emit(value: &VendorId<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::vendor_id::VendorId::emit_into, isakmp::payload::vendor_id::VendorId::wire_len);
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn nat_detection_parse_element<'a>(element: &PayloadElement<'a>) -> Result<NatDetection<'a>, ParseError> {
    covers!(isakmp::payload::nat_detection::NatDetection::parse);
    NatDetection::parse(element)
}

#[inline(never)]
pub fn nat_detection_emit(value: &NatDetection<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::nat_detection::NatDetection::emit_into,
        isakmp::payload::nat_detection::NatDetection::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}
