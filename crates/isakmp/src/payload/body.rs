//! A payload: its body, and the field of its header that the body does not decide.

use wire::{Emit, EmitError, Member, Writer};

use super::certificate::Certificate;
use super::certificate_request::CertificateRequest;
use super::configuration::Configuration;
use super::delete::Delete;
use super::fragment::Fragment;
use super::framing::{PayloadElement, PayloadFraming, PayloadHeader, check_whole, name_of, put_whole};
use super::hash::Hash;
use super::identification::Identification;
use super::key_exchange::KeyExchange;
use super::nat_detection::NatDetection;
use super::nat_original_address::NatOriginalAddress;
use super::nonce::Nonce;
use super::notification::Notification;
use super::payload_type::PayloadType;
use super::proposal::Proposal;
use super::security_association::SecurityAssociation;
use super::signature::Signature;
use super::transform::Transform;
use super::vendor_id::VendorId;
use crate::{NegotiationContext, ParseError};

/// A payload of a message (RFC 2408 section 3.2). `Nonce { .. }.into()` makes a payload with a RESERVED octet of zero.
///
/// The struct is exhaustive on purpose, because the generic payload header has no other field that a sender chooses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Payload<'a> {
    /// The RESERVED octet of the generic payload header. The RFC wants it to be zero.
    pub reserved: u8,
    /// The body. The number of the payload follows from it.
    pub body: PayloadBody<'a>,
}

/// The body of a payload. Each body knows the number that it is written under. NAT-D and NAT-OA hold the generation of
/// NAT traversal, which decides their number. Only an unknown or a malformed payload holds its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PayloadBody<'a> {
    /// Security Association (RFC 2408 section 3.4).
    SecurityAssociation(SecurityAssociation<'a>),
    /// Proposal (RFC 2408 section 3.5), which belongs inside a Security Association.
    Proposal(Proposal<'a>),
    /// Transform (RFC 2408 section 3.6), which belongs inside a Proposal.
    Transform(Transform<'a>),
    /// Key Exchange (RFC 2408 section 3.7).
    KeyExchange(KeyExchange<'a>),
    /// Identification (RFC 2407 section 4.6.2).
    Identification(Identification<'a>),
    /// Certificate (RFC 2408 section 3.9).
    Certificate(Certificate<'a>),
    /// Certificate Request (RFC 2408 section 3.10).
    CertificateRequest(CertificateRequest<'a>),
    /// Hash (RFC 2408 section 3.11).
    Hash(Hash<'a>),
    /// Signature (RFC 2408 section 3.12).
    Signature(Signature<'a>),
    /// Nonce (RFC 2408 section 3.13).
    Nonce(Nonce<'a>),
    /// Notification (RFC 2408 section 3.14).
    Notification(Notification<'a>),
    /// Delete (RFC 2408 section 3.15).
    Delete(Delete<'a>),
    /// Vendor ID (RFC 2408 section 3.16).
    VendorId(VendorId<'a>),
    /// Attributes of mode-config and XAUTH (draft-ietf-ipsec-isakmp-mode-cfg).
    Configuration(Configuration<'a>),
    /// NAT-D (RFC 3947 section 3.2).
    NatDetection(NatDetection<'a>),
    /// NAT-OA (RFC 3947 section 5.2).
    NatOriginalAddress(NatOriginalAddress),
    /// A piece of a message that was too long for the path.
    Fragment(Fragment<'a>),
    /// A payload that this crate does not decode. Its octets are written as they are, under its number. It is refused
    /// when this crate decodes bodies under that number, because a reader would decode the octets.
    Unknown {
        /// The number of the payload.
        payload_type: PayloadType,
        /// The octets of its body.
        octets: &'a [u8],
    },
    /// A payload with octets that are not what its number requires, or that are not all there. It is written as it was
    /// read, but refused when octets are missing.
    Malformed {
        /// The number that the payload was read under.
        payload_type: PayloadType,
        /// The octets of its body that are there.
        octets: &'a [u8],
        /// The number of octets of its body that are missing. It is 0 unless the payload was cut.
        missing: usize,
        /// The reason why the payload was not decoded.
        error: ParseError,
    },
}

impl<'a> Payload<'a> {
    /// Decodes a payload that was framed. `context` decides the meaning of its number.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the body breaks a rule of its payload, or when octets of it are missing. The
    /// element still holds the octets that are there.
    pub fn parse(element: &PayloadElement<'a>, context: &NegotiationContext) -> Result<Self, ParseError> {
        let body = PayloadBody::parse(element, context)?;
        Ok(Self { reserved: element.header.reserved, body })
    }

    /// Returns the number that the payload is written under.
    #[must_use]
    pub const fn payload_type(&self) -> PayloadType {
        self.body.payload_type()
    }
}

impl<'a> PayloadBody<'a> {
    fn parse(element: &PayloadElement<'a>, context: &NegotiationContext) -> Result<Self, ParseError> {
        let payload_type = element.header.payload_type;
        Ok(match context.meaning(payload_type) {
            PayloadType::SECURITY_ASSOCIATION => {
                Self::SecurityAssociation(SecurityAssociation::parse(element)?)
            }
            PayloadType::PROPOSAL => Self::Proposal(Proposal::parse(element)?),
            PayloadType::TRANSFORM => Self::Transform(Transform::parse(element)?),
            PayloadType::KEY_EXCHANGE => Self::KeyExchange(KeyExchange::parse(element)?),
            PayloadType::IDENTIFICATION => Self::Identification(Identification::parse(element)?),
            PayloadType::CERTIFICATE => Self::Certificate(Certificate::parse(element)?),
            PayloadType::CERTIFICATE_REQUEST => Self::CertificateRequest(CertificateRequest::parse(element)?),
            PayloadType::HASH => Self::Hash(Hash::parse(element)?),
            PayloadType::SIGNATURE => Self::Signature(Signature::parse(element)?),
            PayloadType::NONCE => Self::Nonce(Nonce::parse(element)?),
            PayloadType::NOTIFICATION => Self::Notification(Notification::parse(element)?),
            PayloadType::DELETE => Self::Delete(Delete::parse(element)?),
            PayloadType::VENDOR_ID => Self::VendorId(VendorId::parse(element)?),
            PayloadType::CONFIGURATION => Self::Configuration(Configuration::parse(element)?),
            PayloadType::NAT_DETECTION => Self::NatDetection(NatDetection::parse(element)?),
            PayloadType::NAT_ORIGINAL_ADDRESS => {
                Self::NatOriginalAddress(NatOriginalAddress::parse(element)?)
            }
            PayloadType::FRAGMENT => Self::Fragment(Fragment::parse(element)?),
            _ => {
                check_whole(element)?;
                Self::Unknown { payload_type, octets: element.value }
            }
        })
    }

    /// Returns the number that the payload is written under.
    #[must_use]
    pub const fn payload_type(&self) -> PayloadType {
        match self {
            Self::SecurityAssociation(_) => PayloadType::SECURITY_ASSOCIATION,
            Self::Proposal(_) => PayloadType::PROPOSAL,
            Self::Transform(_) => PayloadType::TRANSFORM,
            Self::KeyExchange(_) => PayloadType::KEY_EXCHANGE,
            Self::Identification(_) => PayloadType::IDENTIFICATION,
            Self::Certificate(_) => PayloadType::CERTIFICATE,
            Self::CertificateRequest(_) => PayloadType::CERTIFICATE_REQUEST,
            Self::Hash(_) => PayloadType::HASH,
            Self::Signature(_) => PayloadType::SIGNATURE,
            Self::Nonce(_) => PayloadType::NONCE,
            Self::Notification(_) => PayloadType::NOTIFICATION,
            Self::Delete(_) => PayloadType::DELETE,
            Self::VendorId(_) => PayloadType::VENDOR_ID,
            Self::Configuration(_) => PayloadType::CONFIGURATION,
            Self::NatDetection(body) => body.generation.nat_detection(),
            Self::NatOriginalAddress(body) => body.generation.nat_original_address(),
            Self::Fragment(_) => PayloadType::FRAGMENT,
            Self::Unknown { payload_type, .. } | Self::Malformed { payload_type, .. } => *payload_type,
        }
    }
}

/// Returns whether the body of a payload with this number is decoded whatever was negotiated. 15 and 16 depend on the
/// negotiation.
const fn is_decoded(payload_type: PayloadType) -> bool {
    matches!(payload_type.0, 1..=14 | 20 | 21 | 130..=132)
}

/// Writes the body, without the generic payload header. [`ChainWriter`](crate::ChainWriter) and
/// [`Message`](crate::Message) write the header.
impl Emit for Payload<'_> {
    fn wire_len(&self) -> usize {
        self.body.wire_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.body.emit_into(writer)
    }
}

impl Emit for PayloadBody<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::SecurityAssociation(body) => body.wire_len(),
            Self::Proposal(body) => body.wire_len(),
            Self::Transform(body) => body.wire_len(),
            Self::KeyExchange(body) => body.wire_len(),
            Self::Identification(body) => body.wire_len(),
            Self::Certificate(body) => body.wire_len(),
            Self::CertificateRequest(body) => body.wire_len(),
            Self::Hash(body) => body.wire_len(),
            Self::Signature(body) => body.wire_len(),
            Self::Nonce(body) => body.wire_len(),
            Self::Notification(body) => body.wire_len(),
            Self::Delete(body) => body.wire_len(),
            Self::VendorId(body) => body.wire_len(),
            Self::Configuration(body) => body.wire_len(),
            Self::NatDetection(body) => body.wire_len(),
            Self::NatOriginalAddress(body) => body.wire_len(),
            Self::Fragment(body) => body.wire_len(),
            Self::Unknown { octets, .. } | Self::Malformed { octets, .. } => octets.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::SecurityAssociation(body) => body.emit_into(writer),
            Self::Proposal(body) => body.emit_into(writer),
            Self::Transform(body) => body.emit_into(writer),
            Self::KeyExchange(body) => body.emit_into(writer),
            Self::Identification(body) => body.emit_into(writer),
            Self::Certificate(body) => body.emit_into(writer),
            Self::CertificateRequest(body) => body.emit_into(writer),
            Self::Hash(body) => body.emit_into(writer),
            Self::Signature(body) => body.emit_into(writer),
            Self::Nonce(body) => body.emit_into(writer),
            Self::Notification(body) => body.emit_into(writer),
            Self::Delete(body) => body.emit_into(writer),
            Self::VendorId(body) => body.emit_into(writer),
            Self::Configuration(body) => body.emit_into(writer),
            Self::NatDetection(body) => body.emit_into(writer),
            Self::NatOriginalAddress(body) => body.emit_into(writer),
            Self::Fragment(body) => body.emit_into(writer),
            Self::Unknown { payload_type, .. } if is_decoded(*payload_type) => {
                Err(EmitError::Contradiction {
                    field: "Next Payload",
                    reason: "a reader decodes the body under this number, so that an unknown payload cannot have it",
                })
            }
            Self::Unknown { octets, .. } => writer.put(octets),
            Self::Malformed { payload_type, octets, missing, .. } => {
                put_whole(writer, name_of(*payload_type), octets, *missing)
            }
        }
    }
}

impl<'a> Member<'a, PayloadFraming> for Payload<'a> {
    fn header(&self) -> PayloadHeader {
        PayloadHeader { payload_type: self.payload_type(), reserved: self.reserved }
    }

    fn decode(element: &PayloadElement<'a>, framing: &PayloadFraming) -> Self {
        let PayloadHeader { payload_type, reserved } = element.header;
        let body = PayloadBody::parse(element, framing.context()).unwrap_or_else(|error| {
            PayloadBody::Malformed { payload_type, octets: element.value, missing: element.missing, error }
        });
        Self { reserved, body }
    }
}

impl<'a> From<PayloadBody<'a>> for Payload<'a> {
    fn from(body: PayloadBody<'a>) -> Self {
        Self { reserved: 0, body }
    }
}

/// Makes payloads of bodies. The number of a payload follows from its body, so that no caller has to say it.
macro_rules! payload_from {
    ($($body:ident $(<$lifetime:lifetime>)?),* $(,)?) => { $(
        impl<'a> From<$body $(<$lifetime>)?> for PayloadBody<'a> {
            fn from(body: $body $(<$lifetime>)?) -> Self {
                Self::$body(body)
            }
        }

        impl<'a> From<$body $(<$lifetime>)?> for Payload<'a> {
            fn from(body: $body $(<$lifetime>)?) -> Self {
                PayloadBody::$body(body).into()
            }
        }
    )* };
}

payload_from! {
    SecurityAssociation<'a>, Proposal<'a>, Transform<'a>, KeyExchange<'a>, Identification<'a>, Certificate<'a>,
    CertificateRequest<'a>, Hash<'a>, Signature<'a>, Nonce<'a>, Notification<'a>, Delete<'a>, VendorId<'a>,
    Configuration<'a>, NatDetection<'a>, NatOriginalAddress, Fragment<'a>,
}
