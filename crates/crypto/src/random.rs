/// A source of octets that nobody can predict. Secret exponents, initialization vectors, cookies, nonces and message
/// ids are made of them.
///
/// This crate does not know the operating system. The caller takes the octets from `getrandom`, from a hardware
/// generator or, in a test, from a seed. A source that has no octets returns an error, and then nothing is made.
/// Every `FnMut(&mut [u8]) -> Result<(), NoEntropy>` implements this trait.
///
/// ```
/// use vpnwire_crypto::{NoEntropy, Random};
///
/// // This is for a test. A program asks its operating system.
/// let mut next = 0u8;
/// let mut seeded = |octets: &mut [u8]| -> Result<(), NoEntropy> {
///     for octet in octets {
///         next = next.wrapping_mul(5).wrapping_add(1);
///         *octet = next;
///     }
///     Ok(())
/// };
/// let mut cookie = [0; 8];
/// seeded.fill(&mut cookie)?;
/// assert_eq!(cookie[..2], [1, 6]);
/// # Ok::<(), NoEntropy>(())
/// ```
pub trait Random {
    /// Fills `octets`.
    ///
    /// # Errors
    /// Returns [`NoEntropy`] when the source has no octets to give. Do not use `octets` then.
    fn fill(&mut self, octets: &mut [u8]) -> Result<(), NoEntropy>;
}

/// The random source had no octets to give. The error has no fields and is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the random source could not give any octets, so nothing was made")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoEntropy;

impl<F: FnMut(&mut [u8]) -> Result<(), NoEntropy>> Random for F {
    fn fill(&mut self, octets: &mut [u8]) -> Result<(), NoEntropy> {
        self(octets)
    }
}
