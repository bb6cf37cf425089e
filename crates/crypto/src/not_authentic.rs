/// The octets are not authentic: they were changed, or made with another key. The error does not say which, on
/// purpose. It has no fields and is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("not authentic: the octets were changed on the way, or made with another key")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NotAuthentic;
