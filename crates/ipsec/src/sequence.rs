use core::fmt;

/// A sequence number of 64 bits, RFC 4303 section 2.2. An SA without extended sequence numbers uses the low half
/// only.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SequenceNumber(pub u64);

impl SequenceNumber {
    /// The value of the counter before the first packet. No packet has this number.
    pub const ZERO: Self = Self(0);

    /// Joins the two halves of a number.
    #[must_use]
    pub fn from_halves(high: u32, low: u32) -> Self {
        Self(u64::from(high) << 32 | u64::from(low))
    }

    /// Returns the low 32 bits, which are sent.
    #[must_use]
    pub const fn low(self) -> u32 {
        let [_, _, _, _, a, b, c, d] = self.0.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// Returns the high 32 bits, which are never sent.
    #[must_use]
    pub const fn high(self) -> u32 {
        let [a, b, c, d, _, _, _, _] = self.0.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }
}

impl From<u32> for SequenceNumber {
    fn from(value: u32) -> Self {
        Self(value.into())
    }
}

impl From<u64> for SequenceNumber {
    fn from(value: u64) -> Self {
        Self(value)
    }
}

impl From<SequenceNumber> for u64 {
    fn from(number: SequenceNumber) -> Self {
        number.0
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for SequenceNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Whether an SA has extended sequence numbers (ESN), RFC 4303 section 2.2.1. The two peers negotiate it with the SA
/// (RFC 4304). There is no third width, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Esn {
    /// Sequence numbers have 32 bits, and all of them are sent.
    #[default]
    No,
    /// Sequence numbers have 64 bits. The low half is sent, and both halves are authenticated.
    Yes,
}

impl Esn {
    /// Returns the last number that an SA can use.
    #[must_use]
    pub fn last(self) -> SequenceNumber {
        match self {
            Self::No => SequenceNumber::from(u32::MAX),
            Self::Yes => SequenceNumber(u64::MAX),
        }
    }

    /// Returns the number after `number`. `None` after the last one, because numbers must not repeat (RFC 4303
    /// section 3.3.3).
    #[must_use]
    pub fn after(self, number: SequenceNumber) -> Option<SequenceNumber> {
        if number < self.last() { number.0.checked_add(1).map(SequenceNumber) } else { None }
    }

    /// Returns the high half, which is authenticated without being sent. `None` without extended numbers.
    #[must_use]
    pub fn implied(self, number: SequenceNumber) -> Option<u32> {
        match self {
            Self::No => None,
            Self::Yes => Some(number.high()),
        }
    }
}

/// Returns the whole number of a packet whose low half is `low`, RFC 4303 appendix A2.2. `highest` is the highest
/// number that was authenticated so far, `width` the width of the window.
///
/// The result is the only number with this low half among the 2^32 numbers from the lower end of the window on. While
/// `highest` is less than `width`, the lower end lies before zero. A `low` from there on then gives a high half of
/// 2^32 - 1, as the appendix computes it. No packet has such a number, and
/// [`ReplayWindow::infer`](crate::ReplayWindow::infer) refuses it.
#[must_use]
pub fn infer_esn(highest: SequenceNumber, low: u32, width: u32) -> SequenceNumber {
    let (highest_low, highest_high) = (highest.low(), highest.high());
    let reach = width.saturating_sub(1);
    let bottom = highest_low.wrapping_sub(reach);
    let high = if highest_low >= reach {
        // Case A: the window lies in one subspace.
        if low >= bottom { highest_high } else { highest_high.wrapping_add(1) }
    } else {
        // Case B: the window spans two subspaces.
        if low >= bottom { highest_high.wrapping_sub(1) } else { highest_high }
    };
    SequenceNumber::from_halves(high, low)
}

#[cfg(test)]
mod tests;
