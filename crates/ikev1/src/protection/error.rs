//! The reasons why a message cannot be sealed or opened.

use isakmp::{EmitError, ParseError};

use super::message_hash::Uncomputable;
use crate::BodyError;
use crate::transcript::IncompleteExchange;

/// The reason why a message was not sealed. The chain of vectors is unchanged, and no part of the message is left in
/// the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// The buffer is too small, or a length does not fit into its field.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The body of the message is encrypted already.
    #[error("the body of the message is encrypted already, but it must be in the clear")]
    Encrypted,
    /// Octets follow the last payload. No HASH covers them, and the padding is derived.
    #[error("{count} octets follow the last payload of the message, but no HASH would cover them")]
    Trailing {
        /// The number of these octets.
        count: usize,
    },
    /// The message has the cookies of another ISAKMP SA.
    #[error(
        "the message has the cookies {initiator:02x?} and {responder:02x?}, which are those of another ISAKMP SA"
    )]
    Cookies {
        /// The initiator's cookie in the header.
        initiator: [u8; 8],
        /// The responder's cookie in the header.
        responder: [u8; 8],
    },
    /// The message belongs to another exchange than the chain of vectors.
    #[error(
        "the message has message id {message_id:#010x}, but the chain of vectors is that of {chain:#010x}"
    )]
    Exchange {
        /// The message id in the header.
        message_id: u32,
        /// The message id of the chain.
        chain: u32,
    },
    /// A message with this message id has another HASH.
    #[error(
        "a message with message id {message_id:#010x} does not have {hash}; `HASH_I` and `HASH_R` need message id 0, the others another one"
    )]
    Hash {
        /// The message id in the header.
        message_id: u32,
        /// The name of the HASH.
        hash: &'static str,
    },
    /// The message has more than one Hash payload. One of them would be replaced by the derived HASH, but which one
    /// is not known.
    #[error("the message has more than one Hash payload, but it must have at most one")]
    SecondHash,
    /// The message has payloads that its HASH does not cover: HASH(3) covers only the nonces.
    #[error("the message has other payloads, but {hash} does not cover them")]
    NotCovered {
        /// The name of the HASH.
        hash: &'static str,
    },
    /// The message has two identities, or another identity than an earlier message of the same side.
    #[error("the identity in the message is not the one that its HASH covers")]
    Identity,
    /// A value that the HASH covers was not sent yet.
    #[error(transparent)]
    Incomplete(#[from] IncompleteExchange),
    /// The chain of vectors belongs to another cipher.
    #[error(transparent)]
    Body(#[from] BodyError),
}

impl SealError {
    /// Returns the error of a message whose HASH cannot be computed.
    pub(super) fn uncomputable(error: Uncomputable) -> Self {
        match error {
            Uncomputable::TwoIdentities => Self::Identity,
            Uncomputable::Incomplete(incomplete) => Self::Incomplete(incomplete),
        }
    }
}

/// The reason why a message was not opened. The chain of vectors and the octets of the message are unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// The octets are not an ISAKMP message. An encrypted message whose encryption flag was cleared on the way is
    /// mostly such a one, because its ciphertext is then read as payloads.
    #[error(transparent)]
    Message(#[from] ParseError),
    /// The message is not encrypted: its flag says so, and its payloads can be framed. Once there are keys, nothing in
    /// such a message can be trusted. Do not depend on this variant to find a flag that was cleared; that may be
    /// [`Message`](Self::Message) as well.
    #[error("the message is not encrypted, but every message of this exchange must be")]
    NotEncrypted,
    /// The message has the cookies of another ISAKMP SA.
    #[error(
        "the message has the cookies {initiator:02x?} and {responder:02x?}, which are those of another ISAKMP SA"
    )]
    Cookies {
        /// The initiator's cookie in the header.
        initiator: [u8; 8],
        /// The responder's cookie in the header.
        responder: [u8; 8],
    },
    /// The message belongs to another exchange than the chain of vectors.
    #[error(
        "the message has message id {message_id:#010x}, but the chain of vectors is that of {chain:#010x}"
    )]
    Exchange {
        /// The message id in the header.
        message_id: u32,
        /// The message id of the chain.
        chain: u32,
    },
    /// A message with this message id has another HASH.
    #[error(
        "a message with message id {message_id:#010x} does not have {hash}; `HASH_I` and `HASH_R` need message id 0, the others another one"
    )]
    Hash {
        /// The message id in the header.
        message_id: u32,
        /// The name of the HASH.
        hash: &'static str,
    },
    /// The body is not whole blocks of the cipher, or the chain of vectors belongs to another cipher.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The message is not authentic. The peer has other keys, the message was changed, or it is not the next one of
    /// its exchange. The error does not say which, on purpose.
    #[error(
        "the message is not authentic: the peer has other keys, it was changed on the way, or it is out of turn"
    )]
    NotAuthentic,
}

impl From<crypto::NotAuthentic> for OpenError {
    fn from(_: crypto::NotAuthentic) -> Self {
        Self::NotAuthentic
    }
}
