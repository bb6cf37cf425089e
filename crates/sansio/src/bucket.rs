//! A limit on the rate of an action.

use core::time::Duration;

use crate::Instant;
use crate::instant::nanos;

/// The rate at which a [`TokenBucket`] fills: `tokens` in each period `per`. The struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// The number of tokens.
    pub tokens: u32,
    /// The period. When it is zero, there is no rate, and the bucket is never filled again.
    pub per: Duration,
}

impl Rate {
    /// A rate of `tokens` tokens in each second.
    #[must_use]
    pub const fn per_second(tokens: u32) -> Self {
        Self { tokens, per: Duration::from_secs(1) }
    }
}

/// A token bucket. It limits how often an action may be done, in each second and at once.
///
/// In any time t after it was made, it gives at most `burst` + `rate` × t tokens. It counts in parts of a token
/// that are chosen so that each nanosecond adds a whole number of them. So nothing is rounded: however often it is
/// asked, the same tokens come out at the same times. Tokens that would be added while it is full are lost. A
/// clock that goes backwards adds no tokens.
///
/// ```
/// use core::time::Duration;
/// use vpnwire_sansio::{Instant, Rate, TokenBucket};
///
/// let mut errors = TokenBucket::new(Instant::START, Rate::per_second(2), 3);
/// assert!(errors.take(Instant::START, 3));
/// assert!(!errors.take(Instant::START, 1));
/// let later = Instant::START.saturating_add(Duration::from_millis(500));
/// assert_eq!(errors.ready_at(Instant::START, 1), Some(later));
/// assert!(errors.take(later, 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenBucket {
    /// The number of parts that each nanosecond adds.
    fill: u64,
    /// The number of parts in a token, which is the number of nanoseconds in the rate's period.
    token: u64,
    /// The greatest number of parts that the bucket holds.
    most: u64,
    /// The number of parts in the bucket at the time `at`.
    parts: u64,
    at: Instant,
}

impl TokenBucket {
    /// Makes a bucket that is full at `now`, with `burst` tokens.
    ///
    /// The burst is smaller when the product of burst and period exceeds 2^64 nanoseconds (584 years).
    #[must_use]
    pub const fn new(now: Instant, rate: Rate, burst: u32) -> Self {
        let (fill, token) = match nanos(rate.per) {
            0 => (0, 1),
            period => (widen(rate.tokens), period),
        };
        let most = token.saturating_mul(widen(burst));
        Self { fill, token, most, parts: most, at: now }
    }

    /// Takes `tokens` tokens and returns `true`. When the bucket has fewer, it takes none and returns `false`.
    #[must_use = "the limit has no effect unless the result is checked"]
    pub fn take(&mut self, now: Instant, tokens: u32) -> bool {
        self.parts = self.parts_at(now);
        self.at = self.at.max(now);
        let Some(rest) = self.cost(tokens).and_then(|cost| self.parts.checked_sub(cost)) else {
            return false;
        };
        self.parts = rest;
        true
    }

    /// The number of whole tokens in the bucket at `now`.
    #[must_use]
    pub fn available(&self, now: Instant) -> u32 {
        // default: never taken, because a token always has at least one part
        let tokens = self.parts_at(now).checked_div(self.token).unwrap_or_default();
        // default: a number that 32 bits cannot hold is given as the greatest one that they can
        u32::try_from(tokens).unwrap_or(u32::MAX)
    }

    /// The time at which [`take`](Self::take) will succeed for `tokens` tokens, which is `now` when it already
    /// does. `None` when it never will, because `tokens` exceeds the burst or the rate is zero.
    #[must_use]
    pub fn ready_at(&self, now: Instant, tokens: u32) -> Option<Instant> {
        let cost = self.cost(tokens).filter(|cost| *cost <= self.most)?;
        let now = self.at.max(now);
        let missing = cost.saturating_sub(self.parts_at(now));
        if missing == 0 {
            return Some(now);
        }
        let rest = missing.checked_rem(self.fill)?;
        let wait = missing.checked_div(self.fill)?.saturating_add(u64::from(rest > 0));
        Some(now.saturating_add(Duration::from_nanos(wait)))
    }

    fn cost(&self, tokens: u32) -> Option<u64> {
        self.token.checked_mul(tokens.into())
    }

    fn parts_at(&self, now: Instant) -> u64 {
        let elapsed = now.as_nanos().saturating_sub(self.at.as_nanos());
        self.parts.saturating_add(elapsed.saturating_mul(self.fill)).min(self.most)
    }
}

#[allow(clippy::as_conversions, reason = "u64::from is not const, and 32 bits fit in 64")]
const fn widen(value: u32) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Instant {
        Instant::START.saturating_add(Duration::from_secs(seconds))
    }

    #[test]
    fn a_burst_is_given_at_once_and_then_the_rate() {
        let mut bucket = TokenBucket::new(seconds(5), Rate::per_second(10), 4);
        assert_eq!(bucket.available(seconds(5)), 4);
        let given = (0..100).filter(|_| bucket.take(seconds(5), 1)).count();
        assert_eq!(given, 4);
        let mut given = 0;
        for step in 0..10_000 {
            let now = seconds(5).saturating_add(Duration::from_millis(step));
            given += u32::from(bucket.take(now, 1));
        }
        assert_eq!(given, 99, "one token each 100 ms; the one at 10 s has not come yet");
        assert_eq!(bucket.available(seconds(1000)), 4, "the bucket keeps no more than the burst");
    }

    /// The rate is three tokens a second. The bucket is asked one nanosecond before each token is due, and again
    /// when it is due.
    #[test]
    fn nothing_is_rounded_away() {
        let mut often = TokenBucket::new(Instant::START, Rate::per_second(3), 2);
        assert!(often.take(Instant::START, 2));
        let mut last = Instant::START;
        for count in 1..=3000_u64 {
            let due = Instant::from_nanos((count * 1_000_000_000).div_ceil(3));
            assert_eq!(often.ready_at(last, 1), Some(due));
            assert!(!often.take(due.saturating_sub(Duration::from_nanos(1)), 1), "{count}");
            assert!(often.take(due, 1), "{count}");
            last = due;
        }
        assert_eq!(last, seconds(1000));
    }

    #[test]
    fn a_clock_that_goes_backwards_fills_nothing_in() {
        let mut bucket = TokenBucket::new(seconds(10), Rate::per_second(1), 2);
        assert!(bucket.take(seconds(10), 2));
        for _ in 0..100 {
            assert!(!bucket.take(seconds(0), 1));
            assert!(!bucket.take(seconds(10), 1));
        }
        assert_eq!(bucket.ready_at(seconds(3), 1), Some(seconds(11)));
        assert!(bucket.take(seconds(11), 1));
    }

    #[test]
    fn what_can_never_be_given_has_no_time() {
        let now = seconds(1);
        assert_eq!(TokenBucket::new(now, Rate::per_second(1), 2).ready_at(now, 3), None);
        for nothing in [Rate::per_second(0), Rate { tokens: 5, per: Duration::ZERO }] {
            let mut bucket = TokenBucket::new(now, nothing, 1);
            assert_eq!(bucket.ready_at(now, 1), Some(now));
            assert!(bucket.take(now, 1));
            assert!(!bucket.take(Instant::END, 1));
            assert_eq!(bucket.ready_at(now, 1), None);
        }
        let mut empty = TokenBucket::new(now, Rate::per_second(1), 0);
        assert!(!empty.take(Instant::END, 1));
        assert!(empty.take(now, 0));
    }

    #[test]
    fn numbers_at_the_end_make_the_limit_tighter_and_never_looser() {
        let slow = Rate { tokens: u32::MAX, per: Duration::MAX };
        let mut bucket = TokenBucket::new(Instant::START, slow, u32::MAX);
        assert_eq!(bucket.available(Instant::START), 1, "2^64 nanoseconds make one token");
        assert!(!bucket.take(Instant::END, 2));
        assert!(bucket.take(Instant::END, 1));
        let fast = Rate { tokens: u32::MAX, per: Duration::from_nanos(1) };
        let mut bucket = TokenBucket::new(Instant::START, fast, 7);
        assert!(bucket.take(Instant::from_nanos(1), 7) && bucket.take(Instant::from_nanos(2), 7));
        assert!(!bucket.take(Instant::from_nanos(3), 8));
    }
}
