//! The kinds of HASH that a message can have.

use core::fmt;

use crypto::NotAuthentic;
use crypto::Output;
use isakmp::{PayloadType, Role};

use crate::transcript::IncompleteExchange;
use crate::{Authentication, Covered, SkeyidFamily};

/// The HASH that authenticates a message, and what it covers besides the message.
///
/// The HASH must fit the message's exchange: `HASH_I` and `HASH_R` belong to message id 0, and the others belong to
/// other message ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageHash<'a> {
    /// `HASH_I` or `HASH_R`, by the role of the sender. The last two messages of main mode have it, and so has the
    /// last message of aggressive mode when it is encrypted. It covers the identity of the sender and the earlier
    /// values of phase 1. Other payloads of the message are encrypted but **not authenticated by it**.
    Phase1 {
        /// The sender of the message.
        sender: Role,
        /// The values that both sides sent before.
        authentication: Authentication<'a>,
        /// The body of the sender's identification when an earlier message had it, as in aggressive mode. `None` when
        /// this message has it, as in main mode.
        identification: Option<&'a [u8]>,
    },
    /// HASH(1), HASH(2) or HASH(3), for messages after phase 1. HASH(1) and HASH(2) cover all payloads behind them.
    /// HASH(3) covers no payloads, so a message with it has no others.
    Phase2(Covered<'a>),
}

impl<'a> From<Covered<'a>> for MessageHash<'a> {
    fn from(covered: Covered<'a>) -> Self {
        Self::Phase2(covered)
    }
}

impl MessageHash<'_> {
    /// Returns the name of the HASH in RFC 2409.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Phase1 { sender: Role::Initiator, .. } => "HASH_I",
            Self::Phase1 { sender: Role::Responder, .. } => "HASH_R",
            Self::Phase2(covered) => covered.name(),
        }
    }

    /// Tells whether a message with this message id can have it.
    pub(super) const fn fits(&self, message_id: u32) -> bool {
        match self {
            Self::Phase1 { .. } => message_id == 0,
            Self::Phase2(_) => message_id != 0,
        }
    }

    /// Tells whether payloads may stand behind it, whether it covers them or not.
    pub(super) const fn allows_payloads_behind(&self) -> bool {
        !matches!(self, Self::Phase2(Covered::Nonces(_)))
    }

    /// Computes the HASH of a message. `said` is the body of its identification, and `behind` is the octets behind
    /// the HASH.
    pub(super) fn compute(
        &self,
        keys: &SkeyidFamily,
        message_id: u32,
        said: Option<&[u8]>,
        behind: &[u8],
    ) -> Result<Output, Uncomputable> {
        match self {
            Self::Phase2(covered) => {
                covered.hash(&keys.skeyid_a, message_id, behind).map_err(Uncomputable::Incomplete)
            }
            Self::Phase1 { sender, authentication, identification } => {
                let identification = match (*identification, said) {
                    (Some(before), Some(now)) if before != now => return Err(Uncomputable::TwoIdentities),
                    (before, now) => before.or(now).filter(|identification| !identification.is_empty()),
                };
                let missing = |payload_type, role| {
                    Uncomputable::Incomplete(IncompleteExchange::new(payload_type, role))
                };
                let identification = identification.ok_or(missing(PayloadType::IDENTIFICATION, *sender))?;
                for (body, payload_type, role) in [
                    (authentication.sa_i, PayloadType::SECURITY_ASSOCIATION, Role::Initiator),
                    (authentication.g_xi, PayloadType::KEY_EXCHANGE, Role::Initiator),
                    (authentication.g_xr, PayloadType::KEY_EXCHANGE, Role::Responder),
                ] {
                    if body.is_empty() {
                        return Err(missing(payload_type, role));
                    }
                }
                Ok(match sender {
                    Role::Initiator => authentication.hash_i(&keys.skeyid, identification),
                    Role::Responder => authentication.hash_r(&keys.skeyid, identification),
                })
            }
        }
    }

    /// Checks that `hash` is the HASH of the message, in a time that does not depend on where it differs.
    pub(super) fn verify(
        &self,
        keys: &SkeyidFamily,
        message_id: u32,
        said: Option<&[u8]>,
        behind: &[u8],
        hash: &[u8],
    ) -> Result<(), NotAuthentic> {
        let expected = self.compute(keys, message_id, said, behind).map_err(|_| NotAuthentic)?;
        crypto::mac::equal(expected.expose(), hash)
    }
}

/// The reason why a HASH cannot be computed.
pub(super) enum Uncomputable {
    /// The message has another identity than an earlier message of the same side.
    TwoIdentities,
    /// A value that the HASH covers was not sent yet.
    Incomplete(IncompleteExchange),
}

/// Nonces and identities were encrypted, so they are not shown.
impl fmt::Debug for MessageHash<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
