//! Why a text is not a display filter.

/// The reason why a text is not a display filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}, at column {column} of the filter{hint}")]
pub struct FilterError {
    what: String,
    /// In characters, from 1.
    column: usize,
    /// What to do about it, with a separator before it.
    hint: String,
}

impl FilterError {
    pub(super) fn new(what: impl Into<String>, column: usize) -> Self {
        Self { what: what.into(), column, hint: String::new() }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}
