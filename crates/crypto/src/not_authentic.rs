/// A packet was not sealed with this key, or was changed. Why is not told, on purpose: it carries nothing, and is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("not authentic")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NotAuthentic;
