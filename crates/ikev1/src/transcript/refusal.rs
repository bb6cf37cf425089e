//! Why a transcript does not take a message in.

use isakmp::{ParseError, PayloadType, Payloads};

/// Why a transcript does not take a message in. The transcript is as it was before the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Refusal {
    /// The payloads are not those of a whole message that was read: they were built from values, or the message was cut. A
    /// HASH covers octets, so that an endpoint reads what it has written.
    #[error("the payloads are not those of a whole message that was read")]
    NotRead,
    /// A payload that the message must have is missing.
    #[error("the message has no {payload_type} payload")]
    Missing {
        /// The type of the payload.
        payload_type: PayloadType,
    },
    /// There are two payloads of a type of which a HASH covers one: which one it covers cannot be told.
    #[error("the message has two {payload_type} payloads, but the exchange has one")]
    Repeated {
        /// The type of both payloads.
        payload_type: PayloadType,
    },
    /// A body is longer than what is remembered.
    #[error(
        "the body of the {payload_type} payload has {len} octets, but {longest} are the most that are remembered"
    )]
    TooLong {
        /// The type of the payload.
        payload_type: PayloadType,
        /// Octets of the body.
        len: usize,
        /// Octets that are remembered at most.
        longest: usize,
    },
    /// The same side has said something else before under the same type.
    #[error("the {payload_type} payload is not the one that the same side sent before")]
    Contradiction {
        /// The type of the payload.
        payload_type: PayloadType,
    },
    /// The security association cannot be decoded.
    #[error("the security association cannot be decoded: {0}")]
    Malformed(#[from] ParseError),
    /// A responder has to choose one proposal with one transform (RFC 2409 section 5), and this one did not.
    #[error("the responder has not chosen exactly one transform of one proposal")]
    Choice,
}

/// The longest body of a type that is remembered, in octets. Groups have 1,024 octets at the most, nonces 256 (RFC 2409
/// section 5), hashes 64; no document bounds offers and identities. Nothing is remembered of other types.
const fn longest(payload_type: PayloadType) -> Option<usize> {
    Some(match payload_type {
        PayloadType::SECURITY_ASSOCIATION => 16_384,
        PayloadType::KEY_EXCHANGE => 1024,
        PayloadType::NONCE => 256,
        PayloadType::IDENTIFICATION => 2048,
        PayloadType::HASH => 64,
        _ => return None,
    })
}

/// Checks that the payloads were read, all of their octets are there, and no body is longer than what is remembered of its
/// type.
pub(super) fn check_whole(payloads: &Payloads<'_>) -> Result<(), Refusal> {
    if payloads.chain().is_none_or(isakmp::Chain::is_cut) {
        return Err(Refusal::NotRead);
    }
    payloads.elements().try_for_each(|element| check_length(element.header.payload_type, element.value.len()))
}

/// Checks that a body of `len` octets is no longer than what is remembered of its type.
pub(super) const fn check_length(payload_type: PayloadType, len: usize) -> Result<(), Refusal> {
    match longest(payload_type) {
        Some(longest) if len > longest => Err(Refusal::TooLong { payload_type, len, longest }),
        _ => Ok(()),
    }
}

/// Checks that there is no second payload of one of these types.
pub(super) fn check_single(payloads: &Payloads<'_>, types: &[PayloadType]) -> Result<(), Refusal> {
    types.iter().try_for_each(|payload_type| {
        let mut found = payloads.elements().filter(|element| element.header.payload_type == *payload_type);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Refusal::Repeated { payload_type: *payload_type }),
            _ => Ok(()),
        }
    })
}
