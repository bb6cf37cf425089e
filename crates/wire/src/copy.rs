//! Copying octets between slices whose lengths must be equal.

use crate::EmitError;

/// Two slices that had to be of one length were not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{from} octets cannot be copied into a place of {to} octets: both lengths must be equal")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UnequalLengths {
    /// Octets of the place that was to be written.
    pub to: usize,
    /// Octets that were to be written there.
    pub from: usize,
}

impl From<UnequalLengths> for EmitError {
    fn from(error: UnequalLengths) -> Self {
        Self::BufferTooSmall { needed: error.from, available: error.to }
    }
}

/// Copies all of `from` over all of `to`.
///
/// Where `copy_from_slice` panics, and a loop over both slices in step stops at the shorter one without a word, this says
/// that nothing was written.
///
/// # Errors
/// [`UnequalLengths`] when the lengths differ; then `to` is as it was.
#[inline]
#[expect(clippy::disallowed_methods, reason = "the lengths are compared first: it cannot panic")]
pub const fn copy(to: &mut [u8], from: &[u8]) -> Result<(), UnequalLengths> {
    if to.len() != from.len() {
        return Err(UnequalLengths { to: to.len(), from: from.len() });
    }
    to.copy_from_slice(from);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_copy_between_unequal_lengths_writes_nothing_and_says_both() {
        let mut place = [7; 3];
        let error = copy(&mut place, &[1, 2]).unwrap_err();
        assert_eq!(error, UnequalLengths { to: 3, from: 2 });
        assert_eq!(copy(&mut place, &[1, 2, 3, 4]), Err(UnequalLengths { to: 3, from: 4 }));
        assert_eq!(place, [7; 3]);
        assert_eq!(
            error.to_string(),
            "2 octets cannot be copied into a place of 3 octets: both lengths must be equal"
        );
        assert_eq!(copy(&mut place, &[1, 2, 3]), Ok(()));
        assert_eq!(place, [1, 2, 3]);
        assert_eq!(copy(&mut [], &[]), Ok(()));
    }
}
