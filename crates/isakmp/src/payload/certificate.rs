//! Certificate payload (RFC 2408 section 3.9).

use wire::{Emit, EmitError, Reader, Writer, registry};

use crate::ParseError;

registry! {
    /// Certificate Encoding (RFC 2408 section 3.9).
    pub struct CertificateEncoding(u8) {
        /// No encoding.
        NONE = 0 => "NONE",
        /// PKCS #7 wrapped X.509 certificate.
        PKCS7 = 1 => "PKCS #7 wrapped X.509 certificate",
        /// PGP certificate.
        PGP = 2 => "PGP Certificate",
        /// DNS signed key.
        DNS_SIGNED_KEY = 3 => "DNS Signed Key",
        /// X.509 certificate for signatures.
        X509_SIGNATURE = 4 => "X.509 Certificate - Signature",
        /// X.509 certificate for key exchange.
        X509_KEY_EXCHANGE = 5 => "X.509 Certificate - Key Exchange",
        /// Kerberos tokens.
        KERBEROS_TOKENS = 6 => "Kerberos Tokens",
        /// Certificate revocation list.
        CRL = 7 => "Certificate Revocation List (CRL)",
        /// Authority revocation list.
        ARL = 8 => "Authority Revocation List (ARL)",
        /// SPKI certificate.
        SPKI = 9 => "SPKI Certificate",
        /// X.509 attribute certificate.
        X509_ATTRIBUTE = 10 => "X.509 Certificate - Attribute",
    }
}

/// A certificate (RFC 2408 section 3.9). The struct is exhaustive on purpose, because the figure has no other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Certificate<'a> {
    /// Certificate Encoding.
    pub certificate_encoding: CertificateEncoding,
    /// Certificate Data.
    pub certificate_data: &'a [u8],
}

impl<'a> Certificate<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let certificate_encoding = CertificateEncoding(reader.u8("Certificate Encoding")?);
        Ok(Self { certificate_encoding, certificate_data: reader.rest() })
    }
}

impl Emit for Certificate<'_> {
    fn wire_len(&self) -> usize {
        self.certificate_data.len().saturating_add(1)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u8(self.certificate_encoding.0)?;
        writer.put(self.certificate_data)
    }
}

payload_body!(Certificate<'a>, CERTIFICATE);
