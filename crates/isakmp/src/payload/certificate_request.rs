//! Certificate Request payload (RFC 2408 section 3.10).

use wire::{Emit, EmitError, Reader, Writer};

use super::certificate::CertificateEncoding;
use crate::ParseError;

/// A request for a certificate (RFC 2408 section 3.10). The struct is exhaustive on purpose, because the figure has no
/// other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CertificateRequest<'a> {
    /// Certificate Type.
    pub certificate_type: CertificateEncoding,
    /// Certificate Authority. For X.509 it is the DER encoding of the issuer's name. It is empty when any authority
    /// will do.
    pub certificate_authority: &'a [u8],
}

impl<'a> CertificateRequest<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let certificate_type = CertificateEncoding(reader.u8("Certificate Type")?);
        Ok(Self { certificate_type, certificate_authority: reader.rest() })
    }
}

impl Emit for CertificateRequest<'_> {
    fn wire_len(&self) -> usize {
        self.certificate_authority.len().saturating_add(1)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u8(self.certificate_type.0)?;
        writer.put(self.certificate_authority)
    }
}

payload_body!(CertificateRequest<'a>, CERTIFICATE_REQUEST);
