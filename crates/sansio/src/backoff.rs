//! The waits before something is sent again, and the number of transmissions after which to give up.

use alloc::vec::Vec;
use core::time::Duration;

use crate::instant::nanos;

/// A retransmission schedule, as a configuration has it. One schedule serves any number of [`Backoff`]s.
///
/// The struct is exhaustive on purpose, because a schedule consists of these three things.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    /// The lengths of the waits.
    pub waits: Waits,
    /// The number of all transmissions, with the first. `None` when the sender never gives up.
    pub tries: Option<u32>,
    /// The random change of each wait.
    pub jitter: Jitter,
}

/// The lengths of the waits of a [`Schedule`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Waits {
    /// Each wait is the one before times a factor, up to a maximum.
    Growing {
        /// The wait after the first transmission. With zero, everything is sent again at once, so a configuration
        /// should refuse it.
        initial: Duration,
        /// The factor in hundredths: 200 doubles the wait; 100 and all values below keep it. No factor makes a
        /// wait shorter.
        factor_percent: u16,
        /// The longest wait.
        maximum: Duration,
    },
    /// The waits after each transmission, in order. The last wait repeats. With an empty list there is one
    /// transmission and no wait.
    Listed(Vec<Duration>),
}

/// The random change of each wait: a wait becomes something between `least_percent` and `most_percent` hundredths
/// of itself.
///
/// The next wait grows from the wait before its random change. When `least_percent` is greater than
/// `most_percent`, it counts for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Jitter {
    /// The shortest changed wait, in hundredths of the wait.
    pub least_percent: u16,
    /// The longest changed wait, in hundredths of the wait. When it is above 100, a wait may exceed the maximum.
    pub most_percent: u16,
}

impl Jitter {
    /// No random change.
    pub const NONE: Self = Self { least_percent: 100, most_percent: 100 };

    /// Changes `wait` at random. With `random` 0 it becomes the shortest; the greatest `random` gives almost the
    /// longest.
    #[must_use]
    pub fn apply(self, wait: Duration, random: u32) -> Duration {
        let wait = nanos(wait);
        let least = percent(wait, self.least_percent);
        let span = percent(wait, self.most_percent.saturating_sub(self.least_percent));
        // default: never taken, because the product without its lower 32 bits fits into 64 bits
        let chance = u64::try_from(u128::from(span).wrapping_mul(random.into()) >> 32).unwrap_or(u64::MAX);
        Duration::from_nanos(least.saturating_add(chance))
    }
}

impl Default for Jitter {
    fn default() -> Self {
        Self::NONE
    }
}

/// `percent` hundredths of `nanos`, rounded down. `u64::MAX` when 64 bits cannot hold the result.
fn percent(nanos: u64, percent: u16) -> u64 {
    let percent = u64::from(percent);
    let whole = (nanos / 100).saturating_mul(percent);
    whole.saturating_add((nanos % 100).saturating_mul(percent) / 100)
}

/// The position of one retransmission in its [`Schedule`].
///
/// After each transmission, call [`next_wait`](Backoff::next_wait) for the time to wait. When it returns `None`,
/// give up.
///
/// ```
/// use core::time::Duration;
/// use vpnwire_sansio::{Backoff, Jitter, Schedule, Waits};
///
/// // NHRP registrations are repeated after 2, 4, 8 … 64, 64 … seconds, each times 0.75 to 1.0.
/// let schedule = Schedule {
///     waits: Waits::Growing {
///         initial: Duration::from_secs(2),
///         factor_percent: 200,
///         maximum: Duration::from_secs(64),
///     },
///     tries: None,
///     jitter: Jitter { least_percent: 75, most_percent: 100 },
/// };
/// let mut backoff = Backoff::new();
/// assert_eq!(backoff.next_wait(&schedule, 0), Some(Duration::from_millis(1500)));
/// assert_eq!(backoff.next_wait(&schedule, 1 << 31), Some(Duration::from_millis(3500)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Backoff {
    tries: u32,
    /// The next wait before its random change. `None` when the schedule gives it.
    wait: Option<Duration>,
}

impl Backoff {
    /// Makes the position before the first transmission.
    #[must_use]
    pub const fn new() -> Self {
        Self { tries: 0, wait: None }
    }

    /// Counts a transmission that was just made, and returns how long to wait for the answer. `None` when the
    /// schedule does not allow this transmission or has no wait: give up.
    ///
    /// When `tries` is n, it returns n waits; the last one is for the answer to the last transmission. `random`
    /// should be evenly distributed. It does not matter when the schedule has no jitter.
    #[must_use = "when the result is `None`, it is time to give up"]
    pub fn next_wait(&mut self, schedule: &Schedule, random: u32) -> Option<Duration> {
        if schedule.tries.is_some_and(|tries| self.tries >= tries) {
            return None;
        }
        let wait = match &schedule.waits {
            Waits::Growing { initial, factor_percent, maximum } => {
                let wait = self.wait.unwrap_or(*initial).min(*maximum);
                let grown = Duration::from_nanos(percent(nanos(wait), (*factor_percent).max(100)));
                self.wait = Some(grown.min(*maximum));
                wait
            }
            Waits::Listed(waits) => {
                // default: beyond the list, its last wait counts
                let at = usize::try_from(self.tries).unwrap_or(usize::MAX);
                *waits.get(at).or(waits.last())?
            }
        };
        self.tries = self.tries.saturating_add(1);
        Some(schedule.jitter.apply(wait, random))
    }

    /// The number of transmissions that were counted since the beginning.
    #[must_use]
    pub const fn tries(&self) -> u32 {
        self.tries
    }

    /// Begins again, after an answer came.
    pub const fn restart(&mut self) {
        *self = Self::new();
    }

    /// Begins again with a first wait that was measured, as SCTP's retransmission timeout is (RFC 9260 section
    /// 6.3.1). The schedule's factor and maximum apply to it. A list of waits ignores it.
    pub const fn restart_from(&mut self, wait: Duration) {
        *self = Self { tries: 0, wait: Some(wait) };
    }
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::*;

    fn doubling(initial: u64, maximum: u64, tries: Option<u32>) -> Schedule {
        let [initial, maximum] = [initial, maximum].map(Duration::from_secs);
        Schedule {
            waits: Waits::Growing { initial, factor_percent: 200, maximum },
            tries,
            jitter: Jitter::NONE,
        }
    }

    fn waits(schedule: &Schedule, backoff: &mut Backoff, random: u32) -> Vec<u64> {
        let next = || backoff.next_wait(schedule, random);
        core::iter::from_fn(next).take(9).map(|wait| u64::try_from(wait.as_millis()).unwrap()).collect()
    }

    #[test]
    fn waits_double_up_to_the_maximum() {
        let mut backoff = Backoff::new();
        let expected = [2000, 4000, 8000, 16000, 32000, 64000, 64000, 64000, 64000];
        assert_eq!(waits(&doubling(2, 64, None), &mut backoff, 7), expected);
        backoff.restart();
        assert_eq!(waits(&doubling(2, 64, Some(3)), &mut backoff, 7), [2000, 4000, 8000]);
        assert_eq!((backoff.tries(), backoff.next_wait(&doubling(2, 64, Some(3)), 7)), (3, None));
        assert_eq!(waits(&doubling(90, 64, Some(2)), &mut Backoff::new(), 7), [64000, 64000]);
        assert_eq!(waits(&doubling(2, 64, Some(0)), &mut Backoff::new(), 7), []);
    }

    #[test]
    fn a_measured_timeout_takes_the_place_of_the_first_wait_rfc_9260_section_6_3_1() {
        let mut backoff = Backoff::new();
        let schedule = doubling(3, 10, Some(3));
        assert_eq!(backoff.next_wait(&schedule, 0), Some(Duration::from_secs(3)));
        backoff.restart_from(Duration::from_millis(400));
        assert_eq!(waits(&schedule, &mut backoff, 0), [400, 800, 1600]);
        backoff.restart_from(Duration::from_secs(77));
        assert_eq!(waits(&schedule, &mut backoff, 0), [10000, 10000, 10000]);
    }

    /// These are the bounds of SCTP's timeout and its limit of ten errors (scenario S4). By hand, 68.9 s is 0.3 ×
    /// 63 + 5 × 10.
    #[test]
    fn eleven_transmissions_from_300_milliseconds_to_10_seconds_take_68_9_seconds() {
        let mut backoff = Backoff::new();
        let schedule = doubling(3, 10, Some(11));
        backoff.restart_from(Duration::from_millis(300));
        let total: Duration = core::iter::from_fn(|| backoff.next_wait(&schedule, 0)).sum();
        assert_eq!(total, Duration::from_millis(68_900));
    }

    #[test]
    fn a_list_is_followed_and_its_last_wait_repeated() {
        let listed = |waits: &[u64], tries| Schedule {
            waits: Waits::Listed(waits.iter().copied().map(Duration::from_millis).collect()),
            tries,
            jitter: Jitter::NONE,
        };
        assert_eq!(
            waits(&listed(&[4000, 7200, 12960], Some(3)), &mut Backoff::new(), 0),
            [4000, 7200, 12960]
        );
        assert_eq!(waits(&listed(&[10, 2], Some(4)), &mut Backoff::new(), 0), [10, 2, 2, 2]);
        assert_eq!(waits(&listed(&[], None), &mut Backoff::new(), 0), []);
        let mut backoff = Backoff::new();
        backoff.restart_from(Duration::from_secs(9));
        assert_eq!(waits(&listed(&[10, 2], Some(2)), &mut backoff, 0), [10, 2]);
    }

    #[test]
    fn chance_shortens_a_wait_and_not_those_after_it() {
        let jitter = Jitter { least_percent: 75, most_percent: 100 };
        let schedule = Schedule { jitter, ..doubling(2, 64, None) };
        let mut backoff = Backoff::new();
        let waits = [0, u32::MAX, 1 << 31].map(|random| backoff.next_wait(&schedule, random).unwrap());
        let least = |wait: Duration| wait.as_nanos();
        assert_eq!(waits.map(least), [1_500_000_000, 3_999_999_999, 7_000_000_000]);
        let heartbeat = Jitter { least_percent: 50, most_percent: 150 };
        assert_eq!(heartbeat.apply(Duration::from_secs(30), 1 << 31), Duration::from_secs(30));
        assert_eq!(heartbeat.apply(Duration::from_secs(30), 0), Duration::from_secs(15));
        let reversed = Jitter { least_percent: 90, most_percent: 10 };
        assert_eq!(reversed.apply(Duration::from_secs(10), u32::MAX), Duration::from_secs(9));
    }

    #[test]
    fn the_longest_waits_saturate() {
        let end = Duration::from_nanos(u64::MAX);
        let schedule = Schedule {
            waits: Waits::Growing {
                initial: Duration::MAX,
                factor_percent: u16::MAX,
                maximum: Duration::MAX,
            },
            tries: None,
            jitter: Jitter { least_percent: u16::MAX, most_percent: u16::MAX },
        };
        let mut backoff = Backoff::new();
        assert_eq!([(); 3].map(|()| backoff.next_wait(&schedule, u32::MAX)), [Some(end); 3]);
        let jitter = Jitter { least_percent: 0, most_percent: u16::MAX };
        assert!(jitter.apply(Duration::MAX, u32::MAX) > Duration::from_secs(18_000_000_000));
    }

    #[test]
    fn no_factor_makes_a_wait_shorter() {
        for factor_percent in [0, 1, 99, 100] {
            let second = Duration::from_secs(1);
            let waits = Waits::Growing { initial: second, factor_percent, maximum: Duration::from_secs(9) };
            let schedule = Schedule { waits, tries: Some(3), jitter: Jitter::NONE };
            let mut backoff = Backoff::new();
            let waits = [(); 4].map(|()| backoff.next_wait(&schedule, 0));
            assert_eq!(waits, [Some(second), Some(second), Some(second), None], "{factor_percent}");
        }
        assert_eq!(vec![percent(199, 180), percent(1, 99)], [358, 0]);
    }
}
