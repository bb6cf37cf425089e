//! HASH(1) to HASH(3), which authenticate the messages after phase 1: RFC 2409 sections 5.5 to 5.7, and the
//! mode-config draft.

use core::fmt;

use crypto::Output;
use isakmp::{PayloadType, Payloads, Role};

use crate::transcript::IncompleteExchange;
use crate::{Nonces, Skeyid};

/// The HASH of a message after phase 1, and the nonces that it covers besides the message.
///
/// RFC 2409 has these three, so the enum is exhaustive. `Debug` shows the name of the HASH and no nonce.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Covered<'a> {
    /// HASH(1) = prf(`SKEYID_a`, M-ID | the payloads that follow). The first message of quick mode and of new group
    /// mode has it, and so have Informational exchanges and every message of a Transaction.
    Payloads,
    /// HASH(2) = prf(`SKEYID_a`, M-ID | `Ni_b` | the payloads that follow). The second message of quick mode has it.
    InitiatorNonce(&'a [u8]),
    /// HASH(3) = prf(`SKEYID_a`, 0 | M-ID | `Ni_b` | `Nr_b`). The third message of quick mode has it. It covers only
    /// the message id of the message.
    Nonces(Nonces<'a>),
}

impl fmt::Debug for Covered<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Covered<'_> {
    /// Returns the name of the HASH in RFC 2409 section 5.5: HASH(1), HASH(2) or HASH(3).
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Payloads => "HASH(1)",
            Self::InitiatorNonce(_) => "HASH(2)",
            Self::Nonces(_) => "HASH(3)",
        }
    }

    /// Computes the HASH of a message. `following` is all octets after its HASH payload, with the headers of the
    /// payloads and without padding.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] when the HASH covers a nonce that is empty, because it would not show that the
    /// message is fresh.
    pub fn hash(
        &self,
        skeyid_a: &Skeyid,
        message_id: u32,
        following: &[u8],
    ) -> Result<Output, IncompleteExchange> {
        let (initiator, responder) = match self {
            Self::Payloads => (None, None),
            Self::InitiatorNonce(nonce) => (Some(*nonce), None),
            Self::Nonces(nonces) => (Some(nonces.initiator), Some(nonces.responder)),
        };
        for (nonce, role) in [(initiator, Role::Initiator), (responder, Role::Responder)] {
            if nonce.is_some_and(<[u8]>::is_empty) {
                return Err(IncompleteExchange::new(PayloadType::NONCE, role));
            }
        }
        let message_id = message_id.to_be_bytes();
        Ok(match self {
            Self::Payloads => skeyid_a.prf().compute(&[&message_id, following]),
            Self::InitiatorNonce(nonce) => skeyid_a.prf().compute(&[&message_id, nonce, following]),
            Self::Nonces(nonces) => {
                skeyid_a.prf().compute(&[&[0], &message_id, nonces.initiator, nonces.responder])
            }
        })
    }

    /// Checks the HASH of a decrypted message, in a time that does not depend on where it differs.
    ///
    /// # Errors
    /// Returns [`HashError::Missing`] when the message does not begin with its HASH, which RFC 2409 section 5.5
    /// demands, and [`HashError::NotAuthentic`] when the HASH differs or cannot be computed.
    pub fn check(
        &self,
        skeyid_a: &Skeyid,
        message_id: u32,
        payloads: &Payloads<'_>,
    ) -> Result<(), HashError> {
        let (hash, following) = first_hash(payloads)?;
        let expected = self.hash(skeyid_a, message_id, following).map_err(|_| HashError::NotAuthentic)?;
        crypto::mac::equal(expected.expose(), hash).map_err(|_| HashError::NotAuthentic)
    }
}

/// Returns the HASH that a message begins with, and all octets after its payload, with the headers of the payloads
/// and without padding.
fn first_hash<'a>(payloads: &Payloads<'a>) -> Result<(&'a [u8], &'a [u8]), HashError> {
    // Only payloads that were read have octets to cover.
    let chain = payloads.chain().ok_or(HashError::Missing { first: PayloadType::NONE })?;
    let first = chain.iter().next().ok_or(HashError::Missing { first: PayloadType::NONE })?;
    let found = first.header.payload_type;
    match chain.octets().get(first.octets.len()..) {
        Some(following) if found == PayloadType::HASH && !chain.is_cut() => Ok((first.value, following)),
        _ => Err(HashError::Missing { first: found }),
    }
}

/// The reason why a HASH does not authenticate its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum HashError {
    /// The message does not begin with a HASH payload (RFC 2409 section 5.5).
    #[error("the message begins with a payload of type {first}, but it must begin with its HASH")]
    Missing {
        /// The type of the first payload.
        first: PayloadType,
    },
    /// The HASH differs. The error does not say where, on purpose.
    #[error("the HASH is not the HASH of this message")]
    NotAuthentic,
}

#[cfg(test)]
mod tests;
