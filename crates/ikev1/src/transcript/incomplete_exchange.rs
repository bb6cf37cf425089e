//! The error for a value that was not sent yet.

use isakmp::{PayloadType, Role};

/// The exchange is incomplete: a value that a computation needs was not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the exchange is incomplete: the {} has not sent its {payload_type} payload", match .role {
    Role::Initiator => "initiator",
    Role::Responder => "responder",
})]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct IncompleteExchange {
    /// The type of the first payload that is missing.
    pub payload_type: PayloadType,
    /// The side that should have sent it.
    pub role: Role,
}

impl IncompleteExchange {
    pub(crate) const fn new(payload_type: PayloadType, role: Role) -> Self {
        Self { payload_type, role }
    }
}
