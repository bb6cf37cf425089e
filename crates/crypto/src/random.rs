/// A source of octets that nobody can predict: secret exponents, initialization vectors, cookies, nonces and message ids are made
/// of them.
///
/// This crate knows no operating system: it asks for octets, and whoever calls it gets them from `getrandom`, a hardware
/// generator or, in a test, a seed. A source that has none says so, and nothing is made then. Every `FnMut(&mut [u8]) -> Result<(), NoEntropy>` is one.
///
/// ```
/// use vpnwire_crypto::{NoEntropy, Random};
///
/// // For a test. A program asks its operating system.
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
    /// When the source has none; `octets` are then not to be used.
    fn fill(&mut self, octets: &mut [u8]) -> Result<(), NoEntropy>;
}

/// The source had no octets to give. It carries nothing, and is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the source of random octets has none to give: nothing was made")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoEntropy;

impl<F: FnMut(&mut [u8]) -> Result<(), NoEntropy>> Random for F {
    fn fill(&mut self, octets: &mut [u8]) -> Result<(), NoEntropy> {
        self(octets)
    }
}
