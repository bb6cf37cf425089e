//! Copies octets between slices of equal length.

use crate::EmitError;

/// The error for two slices that should have the same length but do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{from} octets cannot be copied into a place of {to} octets: both lengths must be equal")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UnequalLengths {
    /// Number of octets of the place to be written.
    pub to: usize,
    /// Number of octets to be written there.
    pub from: usize,
}

impl From<UnequalLengths> for EmitError {
    fn from(error: UnequalLengths) -> Self {
        Self::BufferTooSmall { needed: error.from, available: error.to }
    }
}

/// Copies all of `from` over all of `to`.
///
/// `copy_from_slice` panics when the lengths differ, and a loop over both slices silently stops at the shorter
/// one. This function writes nothing then and returns an error.
///
/// # Errors
/// Returns [`UnequalLengths`] when the lengths differ. `to` is not changed then.
#[inline]
#[expect(clippy::disallowed_methods, reason = "it cannot panic, because the lengths are compared first")]
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
