//! Wrappers of `isakmp`: the bodies of certificates, notices and fragments.

use isakmp::payload::certificate::Certificate;
use isakmp::payload::certificate_request::CertificateRequest;
use isakmp::payload::delete::Delete;
use isakmp::payload::fragment::Fragment;
use isakmp::payload::notification::Notification;
use isakmp::{EmitError, ParseError, PayloadElement, Writer};

#[inline(never)]
pub fn certificate_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Certificate<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::certificate::Certificate::parse,
        isakmp::payload::certificate::Certificate::parse_at,
        isakmp::payload::certificate::Certificate::try_from,
        isakmp::payload::certificate::Certificate::from_element
    );
    let [one, two] = [Certificate::parse(body), Certificate::parse_at(body, offset)];
    [one, two, Certificate::try_from(body), Certificate::from_element(element)]
}

#[inline(never)]
pub fn certificate_emit(
    value: &Certificate<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::certificate::Certificate::emit,
        isakmp::payload::certificate::Certificate::emit_into,
        isakmp::payload::certificate::Certificate::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn certificate_to_vec(value: &Certificate<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::certificate::Certificate::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn certificate_request_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<CertificateRequest<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::certificate_request::CertificateRequest::parse,
        isakmp::payload::certificate_request::CertificateRequest::parse_at,
        isakmp::payload::certificate_request::CertificateRequest::try_from,
        isakmp::payload::certificate_request::CertificateRequest::from_element
    );
    let [one, two] = [CertificateRequest::parse(body), CertificateRequest::parse_at(body, offset)];
    [one, two, CertificateRequest::try_from(body), CertificateRequest::from_element(element)]
}

#[inline(never)]
pub fn certificate_request_emit(
    value: &CertificateRequest<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::certificate_request::CertificateRequest::emit,
        isakmp::payload::certificate_request::CertificateRequest::emit_into,
        isakmp::payload::certificate_request::CertificateRequest::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn certificate_request_to_vec(value: &CertificateRequest<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::certificate_request::CertificateRequest::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn notification_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Notification<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::notification::Notification::parse,
        isakmp::payload::notification::Notification::parse_at,
        isakmp::payload::notification::Notification::try_from,
        isakmp::payload::notification::Notification::from_element
    );
    let [one, two] = [Notification::parse(body), Notification::parse_at(body, offset)];
    [one, two, Notification::try_from(body), Notification::from_element(element)]
}

#[inline(never)]
pub fn notification_emit(
    value: &Notification<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::notification::Notification::emit,
        isakmp::payload::notification::Notification::emit_into,
        isakmp::payload::notification::Notification::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn notification_to_vec(value: &Notification<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::notification::Notification::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn delete_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Delete<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::delete::Delete::parse,
        isakmp::payload::delete::Delete::parse_at,
        isakmp::payload::delete::Delete::try_from,
        isakmp::payload::delete::Delete::from_element
    );
    let [one, two] = [Delete::parse(body), Delete::parse_at(body, offset)];
    [one, two, Delete::try_from(body), Delete::from_element(element)]
}

#[inline(never)]
pub fn delete_emit(
    value: &Delete<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::delete::Delete::emit,
        isakmp::payload::delete::Delete::emit_into,
        isakmp::payload::delete::Delete::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn delete_to_vec(value: &Delete<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::delete::Delete::to_vec);
    value.to_vec()
}

#[inline(never)]
pub fn fragment_parse<'a>(
    body: &'a [u8],
    offset: usize,
    element: &PayloadElement<'a>,
) -> [Result<Fragment<'a>, ParseError>; 4] {
    covers!(
        isakmp::payload::fragment::Fragment::parse,
        isakmp::payload::fragment::Fragment::parse_at,
        isakmp::payload::fragment::Fragment::try_from,
        isakmp::payload::fragment::Fragment::from_element
    );
    let [one, two] = [Fragment::parse(body), Fragment::parse_at(body, offset)];
    [one, two, Fragment::try_from(body), Fragment::from_element(element)]
}

#[inline(never)]
pub fn fragment_emit(
    value: &Fragment<'_>,
    buffer: &mut [u8],
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::fragment::Fragment::emit,
        isakmp::payload::fragment::Fragment::emit_into,
        isakmp::payload::fragment::Fragment::wire_len
    );
    value.emit_into(writer)?;
    value.emit(buffer).map(|len| len ^ value.wire_len())
}

#[inline(never)]
pub fn fragment_to_vec(value: &Fragment<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(isakmp::payload::fragment::Fragment::to_vec);
    value.to_vec()
}
