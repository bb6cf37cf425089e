//! What a transcript lacks.

use isakmp::{PayloadType, Role};

/// An exchange of which not everything was said that a computation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the exchange is incomplete: no {payload_type} of the {}", match .role {
    Role::Initiator => "initiator",
    Role::Responder => "responder",
})]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct IncompleteExchange {
    /// The type of the first payload that is missing.
    pub payload_type: PayloadType,
    /// Who should have sent it.
    pub role: Role,
}

impl IncompleteExchange {
    pub(crate) const fn new(payload_type: PayloadType, role: Role) -> Self {
        Self { payload_type, role }
    }
}
