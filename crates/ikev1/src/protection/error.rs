//! Why a message is not sealed, and why one is not opened.

use isakmp::{EmitError, ParseError};

use super::message_hash::Uncomputable;
use crate::BodyError;
use crate::transcript::IncompleteExchange;

/// A message was not sealed. The chain of vectors is as it was, and nothing of the message stands in the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// The buffer is too small, or a length does not fit its field.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The body of the message is encrypted already.
    #[error("the body of the message is encrypted already")]
    Encrypted,
    /// Octets follow the last payload. No HASH covers them, and the padding is derived.
    #[error("{count} octets follow the last payload of the message, which no HASH covers")]
    Trailing {
        /// How many.
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
    /// The message is of another exchange than the chain of vectors.
    #[error(
        "the message has message id {message_id:#010x}, but the chain of vectors is that of {chain:#010x}"
    )]
    Exchange {
        /// The message id in the header.
        message_id: u32,
        /// The message id of the chain.
        chain: u32,
    },
    /// Messages with this message id have another HASH.
    #[error("a message with message id {message_id:#010x} has no {hash}")]
    Hash {
        /// The message id in the header.
        message_id: u32,
        /// The name of the HASH.
        hash: &'static str,
    },
    /// The message has more than one Hash payload, of which one is the HASH that is derived.
    #[error("the message has more than one Hash payload")]
    SecondHash,
    /// The message has payloads that its HASH does not cover: HASH(3) covers nothing but the nonces.
    #[error("the message has payloads that {hash} does not cover")]
    NotCovered {
        /// The name of the HASH.
        hash: &'static str,
    },
    /// The message has two identities, or another one than an earlier message of the same side.
    #[error("the message says another identity than the one that its HASH covers")]
    Identity,
    /// Not everything was said that the HASH covers.
    #[error(transparent)]
    Incomplete(#[from] IncompleteExchange),
    /// The chain of vectors is that of another cipher.
    #[error(transparent)]
    Body(#[from] BodyError),
}

impl SealError {
    /// The error of a message whose HASH cannot be computed.
    pub(super) fn uncomputable(error: Uncomputable) -> Self {
        match error {
            Uncomputable::TwoIdentities => Self::Identity,
            Uncomputable::Incomplete(incomplete) => Self::Incomplete(incomplete),
        }
    }
}

/// A message was not opened. The chain of vectors and the octets of the message are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// The octets are no message.
    #[error(transparent)]
    Message(#[from] ParseError),
    /// The message is not encrypted: nothing of it is to be believed once there are keys.
    #[error("the message is not encrypted")]
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
    /// The message is of another exchange than the chain of vectors.
    #[error(
        "the message has message id {message_id:#010x}, but the chain of vectors is that of {chain:#010x}"
    )]
    Exchange {
        /// The message id in the header.
        message_id: u32,
        /// The message id of the chain.
        chain: u32,
    },
    /// Messages with this message id have another HASH.
    #[error("a message with message id {message_id:#010x} has no {hash}")]
    Hash {
        /// The message id in the header.
        message_id: u32,
        /// The name of the HASH.
        hash: &'static str,
    },
    /// The body does not fill the blocks of the cipher, or the chain of vectors is that of another cipher.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The peer has other keys, the message was changed, or it is not the next one of its exchange. Which of these is not
    /// told, on purpose.
    #[error("the message is not authentic")]
    NotAuthentic,
}

impl From<crypto::NotAuthentic> for OpenError {
    fn from(_: crypto::NotAuthentic) -> Self {
        Self::NotAuthentic
    }
}
