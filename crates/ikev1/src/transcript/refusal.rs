//! The reasons why a transcript refuses a message.

use isakmp::{ParseError, PayloadType, Payloads};

/// The reason why a transcript refuses a message. The transcript is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Refusal {
    /// The payloads are not those of a whole message that was read: they were built from values, or the message was
    /// cut. A HASH covers octets, so an endpoint must read what it has written.
    #[error(
        "the payloads are not those of a whole message that was read; read the message from its octets first"
    )]
    NotRead,
    /// The message does not have a payload that it must have.
    #[error("the message has no {payload_type} payload")]
    Missing {
        /// The type of the payload.
        payload_type: PayloadType,
    },
    /// The message has two payloads of a type that a HASH covers once. It is not known which of them the HASH covers.
    #[error("the message has two {payload_type} payloads, but the exchange has one")]
    Repeated {
        /// The type of both payloads.
        payload_type: PayloadType,
    },
    /// A body is longer than the greatest length that is kept.
    #[error("the body of the {payload_type} payload has {len} octets, but at most {longest} are kept")]
    TooLong {
        /// The type of the payload.
        payload_type: PayloadType,
        /// The length of the body in octets.
        len: usize,
        /// The greatest length that is kept, in octets.
        longest: usize,
    },
    /// The same side has sent a payload of this type before, and a transcript of an endpoint keeps the first one.
    /// [`Phase1::extend`](super::Phase1::extend) returns this only when the two differ. A
    /// [`QuickMode`](super::QuickMode::extend) takes one message of each side, so that an identical message is refused
    /// too: do not give it a retransmission.
    #[error("the same side has sent a {payload_type} payload before, and this one may not take its place")]
    Contradiction {
        /// The type of the payload.
        payload_type: PayloadType,
    },
    /// The security association cannot be decoded.
    #[error("the security association cannot be decoded: {0}")]
    Malformed(#[from] ParseError),
    /// The responder must choose one proposal with one transform (RFC 2409 section 5), but it did not.
    #[error("the responder must choose exactly one transform of one proposal, but it did not")]
    Choice,
}

/// Returns the length in octets of the longest body of a type that is kept. `None` for types that are not kept.
/// Public values have at most 1,024 octets, nonces 256 (RFC 2409 section 5), hashes 64. No document limits offers and
/// identities.
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

/// Checks that the payloads were read, that all of their octets are there, and that no body is longer than the
/// greatest length that is kept for its type.
pub(super) fn check_whole(payloads: &Payloads<'_>) -> Result<(), Refusal> {
    if payloads.chain().is_none_or(isakmp::Chain::is_cut) {
        return Err(Refusal::NotRead);
    }
    payloads.elements().try_for_each(|element| check_length(element.header.payload_type, element.value.len()))
}

/// Checks that a body of `len` octets is not longer than the greatest length that is kept for its type.
pub(super) const fn check_length(payload_type: PayloadType, len: usize) -> Result<(), Refusal> {
    match longest(payload_type) {
        Some(longest) if len > longest => Err(Refusal::TooLong { payload_type, len, longest }),
        _ => Ok(()),
    }
}

/// Checks that no payload of these types comes twice.
pub(super) fn check_single(payloads: &Payloads<'_>, types: &[PayloadType]) -> Result<(), Refusal> {
    types.iter().try_for_each(|payload_type| {
        let mut found = payloads.elements().filter(|element| element.header.payload_type == *payload_type);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Refusal::Repeated { payload_type: *payload_type }),
            _ => Ok(()),
        }
    })
}
