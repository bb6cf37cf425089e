//! Payloads: how they are chained, and one module for the body of each.

use wire::{EmitError, Writer, registry};

use crate::{NegotiationContext, ParseError};

#[macro_use]
mod body;
pub mod attribute;
pub mod certificate;
pub mod certificate_request;
pub mod configuration;
pub mod delete;
pub mod fragment;
pub mod framing;
pub mod hash;
pub mod identification;
pub mod key_exchange;
pub mod nat_detection;
pub mod nat_original_address;
pub mod nonce;
pub mod notification;
pub mod proposal;
pub mod security_association;
pub mod signature;
pub mod situation;
pub mod split_network;
pub mod transform;
pub mod vendor_id;

use certificate::Certificate;
use certificate_request::CertificateRequest;
use configuration::Configuration;
use delete::Delete;
use fragment::Fragment;
pub use framing::{
    GENERIC_HEADER_LEN, PayloadElement, PayloadFraming, PayloadHeader, Payloads, next_payload,
};
pub(crate) use framing::{chain_len, check_nested, check_type, emit_chain};
use hash::Hash;
use identification::Identification;
use key_exchange::KeyExchange;
use nat_detection::NatDetection;
use nat_original_address::NatOriginalAddress;
use nonce::Nonce;
use notification::Notification;
use proposal::Proposal;
use security_association::SecurityAssociation;
use signature::Signature;
use transform::Transform;
use vendor_id::VendorId;

registry! {
    /// Next Payload, RFC 2408 section 3.1; 14 by the mode-config draft, 15 to 19 and 22 by RFC 3547 and RFC 6407, 20
    /// and 21 by RFC 3947, 130 to 132 private numbers that are in wide use.
    pub struct PayloadType(u8) {
        /// No payload follows.
        NONE = 0 => "NONE",
        /// Security Association.
        SECURITY_ASSOCIATION = 1 => "Security Association",
        /// Proposal, inside a Security Association.
        PROPOSAL = 2 => "Proposal",
        /// Transform, inside a Proposal.
        TRANSFORM = 3 => "Transform",
        /// Key Exchange.
        KEY_EXCHANGE = 4 => "Key Exchange",
        /// Identification.
        IDENTIFICATION = 5 => "Identification",
        /// Certificate.
        CERTIFICATE = 6 => "Certificate",
        /// Certificate Request.
        CERTIFICATE_REQUEST = 7 => "Certificate Request",
        /// Hash.
        HASH = 8 => "Hash",
        /// Signature.
        SIGNATURE = 9 => "Signature",
        /// Nonce.
        NONCE = 10 => "Nonce",
        /// Notification.
        NOTIFICATION = 11 => "Notification",
        /// Delete.
        DELETE = 12 => "Delete",
        /// Vendor ID.
        VENDOR_ID = 13 => "Vendor ID",
        /// Attributes: mode-config and XAUTH.
        CONFIGURATION = 14 => "Attributes",
        /// GDOI: key encryption key. NAT-D in the drafts 04 to 08 of NAT traversal.
        SA_KEK = 15 => "SA KEK",
        /// GDOI: traffic encryption key. NAT-OA in the drafts 04 to 08 of NAT traversal.
        SA_TEK = 16 => "SA TEK",
        /// GDOI: key download.
        KEY_DOWNLOAD = 17 => "Key Download",
        /// GDOI: sequence number.
        SEQUENCE_NUMBER = 18 => "Sequence Number",
        /// GDOI: proof of possession.
        PROOF_OF_POSSESSION = 19 => "Proof of Possession",
        /// NAT-D, RFC 3947.
        NAT_DETECTION = 20 => "NAT-D",
        /// NAT-OA, RFC 3947.
        NAT_ORIGINAL_ADDRESS = 21 => "NAT-OA",
        /// GDOI: group associated policy.
        GROUP_ASSOCIATED_POLICY = 22 => "Group Associated Policy",
        /// NAT-D, drafts 00 to 03 of NAT traversal.
        NAT_DETECTION_DRAFT = 130 => "NAT-D (draft)",
        /// NAT-OA, drafts 00 to 03 of NAT traversal.
        NAT_ORIGINAL_ADDRESS_DRAFT = 131 => "NAT-OA (draft)",
        /// A piece of a message, Cisco and Microsoft.
        FRAGMENT = 132 => "Fragment",
    }
}

/// A decoded body.
///
/// Its number on the wire is not part of it: NAT-D has three.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Payload<'a> {
    /// Security Association, RFC 2408 section 3.4.
    SecurityAssociation(SecurityAssociation<'a>),
    /// Proposal, RFC 2408 section 3.5: at home inside a Security Association.
    Proposal(Proposal<'a>),
    /// Transform, RFC 2408 section 3.6: at home inside a Proposal.
    Transform(Transform<'a>),
    /// Key Exchange, RFC 2408 section 3.7.
    KeyExchange(KeyExchange<'a>),
    /// Identification, RFC 2407 section 4.6.2.
    Identification(Identification<'a>),
    /// Certificate, RFC 2408 section 3.9.
    Certificate(Certificate<'a>),
    /// Certificate Request, RFC 2408 section 3.10.
    CertificateRequest(CertificateRequest<'a>),
    /// Hash, RFC 2408 section 3.11.
    Hash(Hash<'a>),
    /// Signature, RFC 2408 section 3.12.
    Signature(Signature<'a>),
    /// Nonce, RFC 2408 section 3.13.
    Nonce(Nonce<'a>),
    /// Notification, RFC 2408 section 3.14.
    Notification(Notification<'a>),
    /// Delete, RFC 2408 section 3.15.
    Delete(Delete<'a>),
    /// Vendor ID, RFC 2408 section 3.16.
    VendorId(VendorId<'a>),
    /// Attributes of mode-config and XAUTH, draft-ietf-ipsec-isakmp-mode-cfg.
    Configuration(Configuration<'a>),
    /// NAT-D, RFC 3947 section 3.2.
    NatDetection(NatDetection<'a>),
    /// NAT-OA, RFC 3947 section 5.2.
    NatOriginalAddress(NatOriginalAddress),
    /// A piece of a message.
    Fragment(Fragment<'a>),
    /// Any other payload: the octets of its body.
    Unknown(&'a [u8]),
}

impl<'a> Payload<'a> {
    /// Decodes the body of a payload as `context` says its number is meant.
    ///
    /// # Errors
    /// When the body breaks a rule of its payload: the octets are in the element still.
    pub fn parse(element: &PayloadElement<'a>, context: &NegotiationContext) -> Result<Self, ParseError> {
        Ok(match context.meaning(element.header.payload_type) {
            PayloadType::SECURITY_ASSOCIATION => {
                Self::SecurityAssociation(SecurityAssociation::from_element(element)?)
            }
            PayloadType::PROPOSAL => Self::Proposal(Proposal::from_element(element)?),
            PayloadType::TRANSFORM => Self::Transform(Transform::from_element(element)?),
            PayloadType::KEY_EXCHANGE => Self::KeyExchange(KeyExchange::from_element(element)?),
            PayloadType::IDENTIFICATION => Self::Identification(Identification::from_element(element)?),
            PayloadType::CERTIFICATE => Self::Certificate(Certificate::from_element(element)?),
            PayloadType::CERTIFICATE_REQUEST => {
                Self::CertificateRequest(CertificateRequest::from_element(element)?)
            }
            PayloadType::HASH => Self::Hash(Hash::from_element(element)?),
            PayloadType::SIGNATURE => Self::Signature(Signature::from_element(element)?),
            PayloadType::NONCE => Self::Nonce(Nonce::from_element(element)?),
            PayloadType::NOTIFICATION => Self::Notification(Notification::from_element(element)?),
            PayloadType::DELETE => Self::Delete(Delete::from_element(element)?),
            PayloadType::VENDOR_ID => Self::VendorId(VendorId::from_element(element)?),
            PayloadType::CONFIGURATION => Self::Configuration(Configuration::from_element(element)?),
            PayloadType::NAT_DETECTION => Self::NatDetection(NatDetection::from_element(element)?),
            PayloadType::NAT_ORIGINAL_ADDRESS => {
                Self::NatOriginalAddress(NatOriginalAddress::from_element(element)?)
            }
            PayloadType::FRAGMENT => Self::Fragment(Fragment::from_element(element)?),
            _ => Self::Unknown(element.value),
        })
    }

    /// Octets of the body.
    #[must_use]
    pub fn wire_len(&self) -> usize {
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
            Self::Unknown(body) => body.len(),
        }
    }

    /// Encodes the body.
    ///
    /// # Errors
    /// When the writer has no room, or a length does not fit its field.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
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
            Self::Unknown(body) => writer.put(body),
        }
    }

    /// Encodes the body and returns its octets' number.
    ///
    /// # Errors
    /// When the buffer is shorter than [`wire_len`](Self::wire_len), or a length does not fit its field.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let mut writer = Writer::for_len(buffer, self.wire_len())?;
        self.emit_into(&mut writer)?;
        Ok(writer.position())
    }

    /// The body's octets.
    ///
    /// # Errors
    /// When a length does not fit its field.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        self.emit(&mut octets)?;
        Ok(octets)
    }

    /// The number that RFC 2408 or RFC 3947 gives the payload; none for an unknown one.
    #[must_use]
    pub const fn payload_type(&self) -> Option<PayloadType> {
        Some(match self {
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
            Self::NatDetection(_) => PayloadType::NAT_DETECTION,
            Self::NatOriginalAddress(_) => PayloadType::NAT_ORIGINAL_ADDRESS,
            Self::Fragment(_) => PayloadType::FRAGMENT,
            Self::Unknown(_) => return None,
        })
    }
}

/// Writes the body of an element from its decoded value; one that cannot be decoded is copied.
pub(crate) fn emit_element(
    element: &PayloadElement<'_>,
    context: &NegotiationContext,
    writer: &mut Writer<'_>,
) -> Result<(), EmitError> {
    match Payload::parse(element, context) {
        Ok(payload) => payload.emit_into(writer),
        Err(_) => writer.put(element.value),
    }
}

#[cfg(test)]
mod tests;
