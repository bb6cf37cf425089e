//! Which HASH a message has.

use core::fmt;

use crypto::NotAuthentic;
use crypto::Output;
use isakmp::{PayloadType, Role};

use crate::transcript::IncompleteExchange;
use crate::{Authentication, Covered, SkeyidFamily};

/// Which HASH authenticates a message, and what it covers besides the message itself.
///
/// What is sealed or opened as one of these has to be in its exchange: `HASH_I` and `HASH_R` have message id 0, the others
/// have one that is not.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageHash<'a> {
    /// `HASH_I` or `HASH_R`, by the role of the sender: of the last two messages of main mode, and of the last one of
    /// aggressive mode where that is encrypted. It covers the identity of the sender and what phase 1 has said before; other
    /// payloads of the message are encrypted and **not authenticated by it**.
    Phase1 {
        /// Who sends the message.
        sender: Role,
        /// What both sides have said before.
        authentication: Authentication<'a>,
        /// The body of the sender's identification where an earlier message has said it, as in aggressive mode. Nothing where
        /// the message itself says it, as in main mode.
        identification: Option<&'a [u8]>,
    },
    /// HASH(1), HASH(2) or HASH(3), of messages after phase 1. HASH(1) and HASH(2) cover all payloads behind them. HASH(3)
    /// covers none, so that a message with it has no other payload.
    Phase2(Covered<'a>),
}

impl<'a> From<Covered<'a>> for MessageHash<'a> {
    fn from(covered: Covered<'a>) -> Self {
        Self::Phase2(covered)
    }
}

impl MessageHash<'_> {
    /// The name of the HASH in RFC 2409.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Phase1 { sender: Role::Initiator, .. } => "HASH_I",
            Self::Phase1 { sender: Role::Responder, .. } => "HASH_R",
            Self::Phase2(covered) => covered.name(),
        }
    }

    /// Whether messages with this message id have it.
    pub(super) const fn fits(&self, message_id: u32) -> bool {
        match self {
            Self::Phase1 { .. } => message_id == 0,
            Self::Phase2(_) => message_id != 0,
        }
    }

    /// Whether it covers payloads behind it, or has none behind it, or lets them pass unauthenticated.
    pub(super) const fn allows_payloads_behind(&self) -> bool {
        !matches!(self, Self::Phase2(Covered::Nonces(_)))
    }

    /// The HASH of a message, of which `said` is the body of its identification and `behind` is what stands behind the HASH.
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

    /// Whether `hash` is that of the message, in a time that does not tell where it differs.
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

/// Why there is no HASH.
pub(super) enum Uncomputable {
    /// The message says another identity than an earlier one of the same side.
    TwoIdentities,
    /// Not everything was said that it covers.
    Incomplete(IncompleteExchange),
}

/// Nonces and identities were encrypted: they are not shown.
impl fmt::Debug for MessageHash<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
