//! Wrappers of `isakmp`: the bodies of certificates, notices and fragments.

use isakmp::payload::certificate::Certificate;
use isakmp::payload::certificate_request::CertificateRequest;
use isakmp::payload::delete::Delete;
use isakmp::payload::fragment::Fragment;
use isakmp::payload::notification::Notification;
use isakmp::{Emit, EmitError, ParseError, PayloadElement, Writer};

#[inline(never)]
pub fn certificate_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Certificate<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::certificate::Certificate::parse_body,
        isakmp::payload::certificate::Certificate::try_from,
        isakmp::payload::certificate::Certificate::parse
    );
    [Certificate::parse_body(body), Certificate::try_from(body), Certificate::parse(element)]
}

#[inline(never)]
pub fn certificate_emit(value: &Certificate<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::certificate::Certificate::emit_into,
        isakmp::payload::certificate::Certificate::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn certificate_request_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<CertificateRequest<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::certificate_request::CertificateRequest::parse_body,
        isakmp::payload::certificate_request::CertificateRequest::try_from,
        isakmp::payload::certificate_request::CertificateRequest::parse
    );
    [
        CertificateRequest::parse_body(body),
        CertificateRequest::try_from(body),
        CertificateRequest::parse(element),
    ]
}

#[inline(never)]
pub fn certificate_request_emit(
    value: &CertificateRequest<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::certificate_request::CertificateRequest::emit_into,
        isakmp::payload::certificate_request::CertificateRequest::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn notification_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Notification<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::notification::Notification::parse_body,
        isakmp::payload::notification::Notification::try_from,
        isakmp::payload::notification::Notification::parse
    );
    [Notification::parse_body(body), Notification::try_from(body), Notification::parse(element)]
}

#[inline(never)]
pub fn notification_emit(value: &Notification<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::notification::Notification::emit_into,
        isakmp::payload::notification::Notification::wire_len
    );
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn delete_parse<'a>(body: &'a [u8], element: &PayloadElement<'a>) -> [Result<Delete<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::delete::Delete::parse_body,
        isakmp::payload::delete::Delete::try_from,
        isakmp::payload::delete::Delete::parse
    );
    [Delete::parse_body(body), Delete::try_from(body), Delete::parse(element)]
}

#[inline(never)]
pub fn delete_emit(value: &Delete<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::delete::Delete::emit_into, isakmp::payload::delete::Delete::wire_len);
    value.emit_into(writer)?;
    Ok(value.wire_len())
}

#[inline(never)]
pub fn fragment_parse<'a>(
    body: &'a [u8],
    element: &PayloadElement<'a>,
) -> [Result<Fragment<'a>, ParseError>; 3] {
    covers!(
        isakmp::payload::fragment::Fragment::parse_body,
        isakmp::payload::fragment::Fragment::try_from,
        isakmp::payload::fragment::Fragment::parse
    );
    [Fragment::parse_body(body), Fragment::try_from(body), Fragment::parse(element)]
}

#[inline(never)]
pub fn fragment_emit(value: &Fragment<'_>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(isakmp::payload::fragment::Fragment::emit_into, isakmp::payload::fragment::Fragment::wire_len);
    value.emit_into(writer)?;
    Ok(value.wire_len())
}
