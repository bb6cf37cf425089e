//! A limit on how often something is done.

use core::time::Duration;

use crate::Instant;
use crate::instant::nanos;

/// How fast a [`TokenBucket`] fills: `tokens` in each `per`. Exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// How many tokens.
    pub tokens: u32,
    /// In what time. Zero is no rate, and nothing is ever filled in.
    pub per: Duration,
}

impl Rate {
    /// So many tokens in each second.
    #[must_use]
    pub const fn per_second(tokens: u32) -> Self {
        Self { tokens, per: Duration::from_secs(1) }
    }
}

/// A token bucket: what may be done so many times in a second, and so many times at once.
///
/// In any time t from when it was made, it gives at most `burst` + `rate` × t tokens. It counts in parts of a token that make
/// one nanosecond's filling a whole number, so nothing is rounded: however often it is asked, the same tokens come out at the
/// same times. What is filled in while it is full is lost. A clock that goes backwards fills nothing in.
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
    /// Parts that each nanosecond fills in.
    fill: u64,
    /// Parts that make a token: the nanoseconds of the rate's period.
    token: u64,
    /// The most parts that there can be.
    most: u64,
    /// Parts that there were at `at`.
    parts: u64,
    at: Instant,
}

impl TokenBucket {
    /// A bucket that is full at `now`, with `burst` tokens.
    ///
    /// A burst and a period whose product passes 2^64 nanoseconds (584 years) make a smaller burst.
    #[must_use]
    pub const fn new(now: Instant, rate: Rate, burst: u32) -> Self {
        let (fill, token) = match nanos(rate.per) {
            0 => (0, 1),
            period => (widen(rate.tokens), period),
        };
        let most = token.saturating_mul(widen(burst));
        Self { fill, token, most, parts: most, at: now }
    }

    /// Takes `tokens` and answers `true`, or takes none and answers `false` when there are not so many.
    #[must_use = "without the answer there is no limit"]
    pub fn take(&mut self, now: Instant, tokens: u32) -> bool {
        self.parts = self.parts_at(now);
        self.at = self.at.max(now);
        let Some(rest) = self.cost(tokens).and_then(|cost| self.parts.checked_sub(cost)) else {
            return false;
        };
        self.parts = rest;
        true
    }

    /// How many whole tokens there are.
    #[must_use]
    pub fn available(&self, now: Instant) -> u32 {
        // default: a token of no size is never handed out
        let tokens = self.parts_at(now).checked_div(self.token).unwrap_or_default();
        // default: more tokens than can be told are as many as can be told
        u32::try_from(tokens).unwrap_or(u32::MAX)
    }

    /// When [`take`](Self::take) will give so many tokens, `now` if it does already. Nothing when it never will: they are more
    /// than the burst, or nothing is filled in.
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
        assert_eq!(given, 99, "one each 100 ms; that of 10 s is still to come");
        assert_eq!(bucket.available(seconds(1000)), 4, "no more than the burst is kept");
    }

    /// Three tokens a second, asked for each nanosecond around the times at which they are there.
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
