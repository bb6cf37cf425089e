use core::fmt;

/// A sequence number, RFC 4303 section 2.2: of 64 bits, of which an SA
/// without extended ones uses the low half.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SequenceNumber(pub u64);

impl SequenceNumber {
    /// Before the first packet: a counter's start, and no packet's number.
    pub const ZERO: Self = Self(0);

    /// A number from its halves.
    #[must_use]
    pub fn from_halves(high: u32, low: u32) -> Self {
        Self(u64::from(high) << 32 | u64::from(low))
    }

    /// The half that is sent.
    #[must_use]
    pub const fn low(self) -> u32 {
        let [_, _, _, _, a, b, c, d] = self.0.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// The half that is not sent.
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

/// Whether an SA has extended sequence numbers (ESN), RFC 4303 section 2.2.1: negotiated when it is made (RFC 4304). There is no
/// third width, so it is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Esn {
    /// It has not: numbers have 32 bits, all of them sent.
    #[default]
    No,
    /// It has: numbers have 64 bits, the low half of them sent, all of them authenticated.
    Yes,
}

impl Esn {
    /// The last number; the SA ends with it.
    #[must_use]
    pub fn last(self) -> SequenceNumber {
        match self {
            Self::No => SequenceNumber::from(u32::MAX),
            Self::Yes => SequenceNumber(u64::MAX),
        }
    }

    /// The number after `number`; none after the last, for numbers must not repeat (RFC 4303 section 3.3.3).
    #[must_use]
    pub fn after(self, number: SequenceNumber) -> Option<SequenceNumber> {
        if number < self.last() { number.0.checked_add(1).map(SequenceNumber) } else { None }
    }

    /// The half that is authenticated without being sent.
    #[must_use]
    pub fn implied(self, number: SequenceNumber) -> Option<u32> {
        match self {
            Self::No => None,
            Self::Yes => Some(number.high()),
        }
    }
}

/// The number that a packet with the low half `low` has, when `highest` is the highest authenticated so far and the
/// window is `width` wide: RFC 4303 appendix A2.2.
///
/// It is the one number with this low half among the 2^32 from the window's lower end on. While `highest` is below
/// `width`, that end lies before zero, and a `low` from there on comes out with a high half of 2^32 - 1, as the appendix
/// computes it: a number that no packet has. [`ReplayWindow::infer`](crate::ReplayWindow::infer) refuses it.
#[must_use]
pub fn infer_esn(highest: SequenceNumber, low: u32, width: u32) -> SequenceNumber {
    let (highest_low, highest_high) = (highest.low(), highest.high());
    let reach = width.saturating_sub(1);
    let bottom = highest_low.wrapping_sub(reach);
    let high = if highest_low >= reach {
        // Case A: the window lies in one subspace.
        if low >= bottom { highest_high } else { highest_high.wrapping_add(1) }
    } else {
        // Case B: it spans two.
        if low >= bottom { highest_high.wrapping_sub(1) } else { highest_high }
    };
    SequenceNumber::from_halves(high, low)
}

#[cfg(test)]
mod tests;
