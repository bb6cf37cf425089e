//! Wrappers of `isakmp`: the bodies that are nothing but octets.

use isakmp::payload::hash::Hash;
use isakmp::payload::key_exchange::KeyExchange;
use isakmp::payload::nat_detection::NatDetection;
use isakmp::payload::nonce::Nonce;
use isakmp::payload::signature::Signature;
use isakmp::payload::vendor_id::VendorId;
use isakmp::{EmitError, ParseError, PayloadElement, Writer};

#[inline(never)]
pub fn hash_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Hash<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::hash::Hash::parse,
        isakmp::payload::hash::Hash::parse_at,
        isakmp::payload::hash::Hash::try_from,
        isakmp::payload::hash::Hash::from_element
    );
    let [one, two] = [Hash::parse(body), Hash::parse_at(body, offset)];
    [one, two, Hash::try_from(body), Hash::from_element(element)]
}

#[inline(never)]
pub fn hash_emit(value: &Hash<'_>, buffer: &mut [u8], writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::hash::Hash::emit,
        isakmp::payload::hash::Hash::emit_into,
        isakmp::payload::hash::Hash::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn hash_to_vec(value: &Hash<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::hash::Hash::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn key_exchange_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<KeyExchange<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::key_exchange::KeyExchange::parse,
        isakmp::payload::key_exchange::KeyExchange::parse_at,
        isakmp::payload::key_exchange::KeyExchange::try_from,
        isakmp::payload::key_exchange::KeyExchange::from_element
    );
    let [one, two] = [KeyExchange::parse(body), KeyExchange::parse_at(body, offset)];
    [one, two, KeyExchange::try_from(body), KeyExchange::from_element(element)]
}

#[inline(never)]
pub fn key_exchange_emit(
    value: &KeyExchange<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::key_exchange::KeyExchange::emit,
        isakmp::payload::key_exchange::KeyExchange::emit_into,
        isakmp::payload::key_exchange::KeyExchange::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn key_exchange_to_vec(value: &KeyExchange<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::key_exchange::KeyExchange::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn nat_detection_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<NatDetection<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::nat_detection::NatDetection::parse,
        isakmp::payload::nat_detection::NatDetection::parse_at,
        isakmp::payload::nat_detection::NatDetection::try_from,
        isakmp::payload::nat_detection::NatDetection::from_element
    );
    let [one, two] = [NatDetection::parse(body), NatDetection::parse_at(body, offset)];
    [one, two, NatDetection::try_from(body), NatDetection::from_element(element)]
}

#[inline(never)]
pub fn nat_detection_emit(
    value: &NatDetection<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::nat_detection::NatDetection::emit,
        isakmp::payload::nat_detection::NatDetection::emit_into,
        isakmp::payload::nat_detection::NatDetection::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn nat_detection_to_vec(value: &NatDetection<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::nat_detection::NatDetection::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn nonce_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Nonce<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::nonce::Nonce::parse,
        isakmp::payload::nonce::Nonce::parse_at,
        isakmp::payload::nonce::Nonce::try_from,
        isakmp::payload::nonce::Nonce::from_element
    );
    let [one, two] = [Nonce::parse(body), Nonce::parse_at(body, offset)];
    [one, two, Nonce::try_from(body), Nonce::from_element(element)]
}

#[inline(never)]
pub fn nonce_emit(value: &Nonce<'_>, buffer: &mut [u8], writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::nonce::Nonce::emit,
        isakmp::payload::nonce::Nonce::emit_into,
        isakmp::payload::nonce::Nonce::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn nonce_to_vec(value: &Nonce<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::nonce::Nonce::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn signature_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Signature<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::signature::Signature::parse,
        isakmp::payload::signature::Signature::parse_at,
        isakmp::payload::signature::Signature::try_from,
        isakmp::payload::signature::Signature::from_element
    );
    let [one, two] = [Signature::parse(body), Signature::parse_at(body, offset)];
    [one, two, Signature::try_from(body), Signature::from_element(element)]
}

#[inline(never)]
pub fn signature_emit(
    value: &Signature<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::signature::Signature::emit,
        isakmp::payload::signature::Signature::emit_into,
        isakmp::payload::signature::Signature::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn signature_to_vec(value: &Signature<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::signature::Signature::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn vendor_id_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<VendorId<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::vendor_id::VendorId::parse,
        isakmp::payload::vendor_id::VendorId::parse_at,
        isakmp::payload::vendor_id::VendorId::try_from,
        isakmp::payload::vendor_id::VendorId::from_element
    );
    let [one, two] = [VendorId::parse(body), VendorId::parse_at(body, offset)];
    [one, two, VendorId::try_from(body), VendorId::from_element(element)]
}

#[inline(never)]
pub fn vendor_id_emit(
    value: &VendorId<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::vendor_id::VendorId::emit,
        isakmp::payload::vendor_id::VendorId::emit_into,
        isakmp::payload::vendor_id::VendorId::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn vendor_id_to_vec(value: &VendorId<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::vendor_id::VendorId::to_vec);
    value.to_vec()
}
