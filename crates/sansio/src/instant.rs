//! Points in time. The caller supplies them, because an engine has no clock.

use core::fmt;
use core::time::Duration;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A point in time, in nanoseconds since a start that the caller chooses: the start of the process, of a
/// simulation or of a capture.
///
/// It covers 584 years. Arithmetic saturates: a time before the start becomes the start, and a time after the end
/// becomes the end. There are no operators, so that the name of the method says what happens at both ends.
///
/// ```
/// use core::time::Duration;
/// use vpnwire_sansio::Instant;
///
/// let hello = Instant::START.saturating_add(Duration::from_millis(3250));
/// assert_eq!(hello.to_string(), "3.250000000");
/// assert_eq!(format!("{hello:.3}"), "3.250");
/// assert_eq!(hello.checked_duration_since(Instant::END), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The point from which the caller counts.
    pub const START: Self = Self(0);

    /// The last point that can be represented, 584 years after the start. As a deadline it means "never".
    pub const END: Self = Self(u64::MAX);

    /// The point `nanos` nanoseconds after the start.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// The number of nanoseconds from the start to this point.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The point `duration` later, or [`Instant::END`] when that point cannot be represented.
    #[must_use]
    pub const fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos(duration)))
    }

    /// The point `duration` earlier, or [`Instant::START`] when that point is before the start.
    #[must_use]
    pub const fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(nanos(duration)))
    }

    /// The time from `earlier` to this point. `None` when `earlier` is in fact later.
    #[must_use]
    pub const fn checked_duration_since(self, earlier: Self) -> Option<Duration> {
        match self.0.checked_sub(earlier.0) {
            Some(nanos) => Some(Duration::from_nanos(nanos)),
            None => None,
        }
    }

    /// The time from `earlier` to this point. Zero when `earlier` is in fact later.
    #[must_use]
    pub const fn saturating_duration_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// The earlier of two deadlines. `None` only when both are.
    ///
    /// Do not use `Option::min` for this: for it, `None` is the earliest of all, and a parent engine would sleep
    /// through the other deadline.
    #[must_use]
    pub fn earliest(left: Option<Self>, right: Option<Self>) -> Option<Self> {
        match (left, right) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (only, None) | (None, only) => only,
        }
    }
}

/// The nanoseconds of a duration, or `u64::MAX` when 64 bits cannot hold them.
pub(crate) const fn nanos(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(NANOS_PER_SECOND).saturating_add(widen(duration.subsec_nanos()))
}

#[allow(clippy::as_conversions, reason = "u64::from is not const, and 32 bits fit in 64")]
const fn widen(value: u32) -> u64 {
    value as u64
}

/// Prints the seconds since the start with nine decimals. A precision, as in `{:.3}`, cuts decimals off and does
/// not round.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / NANOS_PER_SECOND;
        let mut fraction = self.0 % NANOS_PER_SECOND;
        // default: nine digits, when no precision is given
        let digits = f.precision().unwrap_or(9).min(9);
        for _ in digits..9 {
            fraction /= 10;
        }
        if digits == 0 { write!(f, "{seconds}") } else { write!(f, "{seconds}.{fraction:0digits$}") }
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn arithmetic_saturates_at_both_ends() {
        let second = Duration::from_secs(1);
        assert_eq!(Instant::START.saturating_sub(second), Instant::START);
        assert_eq!(Instant::END.saturating_add(second), Instant::END);
        assert_eq!(Instant::from_nanos(5).saturating_add(Duration::MAX), Instant::END);
        assert_eq!(Instant::END.saturating_sub(Duration::MAX), Instant::START);
        let now = Instant::from_nanos(7).saturating_add(second);
        assert_eq!(now.as_nanos(), 1_000_000_007);
        assert_eq!(now.saturating_sub(second), Instant::from_nanos(7));
    }

    #[test]
    fn a_difference_is_never_negative() {
        let (early, late) = (Instant::from_nanos(3), Instant::from_nanos(10));
        assert_eq!(late.checked_duration_since(early), Some(Duration::from_nanos(7)));
        assert_eq!(late.checked_duration_since(late), Some(Duration::ZERO));
        assert_eq!(early.checked_duration_since(late), None);
        assert_eq!(late.saturating_duration_since(early), Duration::from_nanos(7));
        assert_eq!(early.saturating_duration_since(late), Duration::ZERO);
    }

    #[test]
    fn an_absent_deadline_is_later_than_any() {
        let (early, late) = (Instant::from_nanos(3), Instant::from_nanos(10));
        assert_eq!(Instant::earliest(Some(late), Some(early)), Some(early));
        assert_eq!(Instant::earliest(Some(early), Some(late)), Some(early));
        assert_eq!(Instant::earliest(None, Some(late)), Some(late));
        assert_eq!(Instant::earliest(Some(late), None), Some(late));
        assert_eq!(Instant::earliest(None, None), None);
    }

    #[test]
    fn a_log_shows_seconds() {
        let instant = Instant::from_nanos(12_000_345_678);
        assert_eq!(instant.to_string(), "12.000345678");
        assert_eq!(
            format!("{instant:.6} {instant:.3} {instant:.0} {instant:.40}"),
            "12.000345 12.000 12 12.000345678"
        );
        assert_eq!(Instant::END.to_string(), "18446744073.709551615");
    }
}
