//! How long an SA lasts: in seconds and in kilobytes, soft (time to make another) and hard (the end), RFC 4301 section
//! 4.4.2.1.

use core::time::Duration;

/// Octets in a kilobyte of a lifetime, RFC 2407 section 4.5.
const KILOBYTE: u64 = 1024;

/// A bound on an SA's use; whatever is absent has no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Limit {
    /// Octets of encapsulated packets.
    pub octets: Option<u64>,
    /// Time since the SA was made.
    pub age: Option<Duration>,
}

impl Limit {
    /// No bound.
    pub const NONE: Self = Self { octets: None, age: None };

    /// A bound as IKE negotiates it: seconds, and kilobytes of 1,024 octets.
    #[must_use]
    pub fn new(seconds: Option<u64>, kilobytes: Option<u64>) -> Self {
        Self {
            octets: kilobytes.map(|kilobytes| kilobytes.saturating_mul(KILOBYTE)),
            age: seconds.map(Duration::from_secs),
        }
    }

    fn is_reached(&self, octets: u64, age: Duration) -> bool {
        self.octets.is_some_and(|limit| octets >= limit) || self.age.is_some_and(|limit| age >= limit)
    }
}

/// How far through its lifetime an SA is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Stage {
    /// Nothing to be done.
    #[default]
    Current,
    /// Past the soft limit: another SA should be made.
    SoftExpired,
    /// Past the hard limit: nothing is sealed or opened any more.
    HardExpired,
}

/// What an SA has seen of its lifetime.
///
/// The packet that reaches a limit is the last before it: it is still sealed or opened. Counted is the packet as it is on the
/// wire, IP header and all: an SA counts the octets of ESP and [`overhead`](Self::overhead) for what is around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lifetime {
    /// When to make another SA.
    pub soft: Limit,
    /// When this one ends.
    pub hard: Limit,
    /// Octets around each packet that count as well: 20 for an IPv4 header, 28 with UDP.
    pub overhead: usize,
    /// Octets of encapsulated packets so far.
    pub octets: u64,
    /// Packets so far.
    pub packets: u64,
    /// Time since the SA was made, as far as it was told.
    pub age: Duration,
}

impl Lifetime {
    /// A lifetime at its beginning.
    #[must_use]
    pub const fn new(soft: Limit, hard: Limit, overhead: usize) -> Self {
        Self { soft, hard, overhead, octets: 0, packets: 0, age: Duration::ZERO }
    }

    /// Counts a packet of `len` octets, without what is around it.
    pub fn count(&mut self, len: usize) {
        let len = u64::try_from(len.saturating_add(self.overhead)).unwrap_or(u64::MAX);
        self.octets = self.octets.saturating_add(len);
        self.packets = self.packets.saturating_add(1);
    }

    /// Tells how old the SA is by now. It never grows younger.
    pub fn grow(&mut self, age: Duration) {
        self.age = self.age.max(age);
    }

    /// How far through its lifetime the SA is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.hard.is_reached(self.octets, self.age) {
            Stage::HardExpired
        } else if self.soft.is_reached(self.octets, self.age) {
            Stage::SoftExpired
        } else {
            Stage::Current
        }
    }

    /// Whole kilobytes left to the hard limit.
    #[must_use]
    pub fn remaining_kilobytes(&self) -> Option<u64> {
        self.hard.octets.map(|limit| limit.saturating_sub(self.octets) / KILOBYTE)
    }

    /// Time left to the hard limit.
    #[must_use]
    pub fn remaining_time(&self) -> Option<Duration> {
        self.hard.age.map(|limit| limit.saturating_sub(self.age))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_reached_by_octets_or_by_age() {
        let limits = (Limit::new(Some(100), Some(2)), Limit::new(Some(120), Some(3)));
        let mut lifetime = Lifetime::new(limits.0, limits.1, 20);
        assert_eq!(lifetime.stage(), Stage::Current);
        lifetime.count(2027);
        assert_eq!((lifetime.stage(), lifetime.octets, lifetime.packets), (Stage::Current, 2047, 1));
        assert_eq!(lifetime.remaining_kilobytes(), Some(1));
        lifetime.count(0);
        assert_eq!(lifetime.stage(), Stage::SoftExpired);
        lifetime.count(1005);
        assert_eq!((lifetime.stage(), lifetime.remaining_kilobytes()), (Stage::HardExpired, Some(0)));

        let mut lifetime = Lifetime::new(limits.0, limits.1, 20);
        lifetime.grow(Duration::from_millis(99_999));
        assert_eq!(lifetime.stage(), Stage::Current);
        lifetime.grow(Duration::from_secs(100));
        lifetime.grow(Duration::from_secs(50));
        assert_eq!(lifetime.stage(), Stage::SoftExpired);
        assert_eq!(lifetime.remaining_time(), Some(Duration::from_secs(20)));
        lifetime.grow(Duration::from_secs(120));
        assert_eq!(lifetime.stage(), Stage::HardExpired);
    }

    #[test]
    fn without_limits_nothing_ends() {
        let mut lifetime = Lifetime::default();
        lifetime.count(usize::MAX);
        lifetime.count(usize::MAX);
        lifetime.grow(Duration::MAX);
        assert_eq!(lifetime.stage(), Stage::Current);
        assert_eq!((lifetime.remaining_kilobytes(), lifetime.remaining_time()), (None, None));
    }

    /// Updates a stateful pair exchanged at 1000, 2000, 3000 and 4000 packets of 152 octets: 3998772, 3998624, 3998476 and
    /// 3998327 kilobytes left. The lifetime they count down from lies between 3998921 5/16 and 3998921 7/16.
    #[test]
    fn kilobytes_left_after_packets_of_152_octets() {
        let hard = Limit { octets: Some(3_998_921 * 1024 + 384), age: None };
        let mut lifetime = Lifetime::new(Limit::NONE, hard, 20);
        let mut left = std::vec::Vec::new();
        for packet in 1..=4000 {
            lifetime.count(132);
            if packet % 1000 == 0 {
                left.push(lifetime.remaining_kilobytes().unwrap());
            }
        }
        assert_eq!(left, [3_998_772, 3_998_624, 3_998_476, 3_998_327]);
    }
}
