use core::time::Duration;

/// The number of octets in a kilobyte of a lifetime, RFC 2407 section 4.5.
const KILOBYTE: u64 = 1024;

/// A limit on the use of an SA, RFC 4301 section 4.4.2.1. A soft limit says when to negotiate the next SA, a hard
/// limit when this SA ends. A field that is `None` sets no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Limit {
    /// The limit in octets of encapsulated packets.
    pub octets: Option<u64>,
    /// The limit on the time since the SA was made.
    pub age: Option<Duration>,
}

impl Limit {
    /// No limit.
    pub const NONE: Self = Self { octets: None, age: None };

    /// Makes a limit from the units that IKE negotiates: seconds, and kilobytes of 1,024 octets.
    #[must_use]
    pub fn new(seconds: Option<u64>, kilobytes: Option<u64>) -> Self {
        Self {
            octets: kilobytes.map(|kilobytes| kilobytes.saturating_mul(KILOBYTE)),
            age: seconds.map(Duration::from_secs),
        }
    }

    /// Makes a limit of this many octets, without a limit on the SA's age.
    #[must_use]
    pub const fn of_octets(octets: u64) -> Self {
        Self { octets: Some(octets), age: None }
    }

    /// Returns the limit that satisfies both.
    fn both(self, other: Self) -> Self {
        fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
            match (one, other) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            }
        }
        Self { octets: least(self.octets, other.octets), age: least(self.age, other.age) }
    }

    fn is_reached(&self, octets: u64, age: Duration) -> bool {
        self.octets.is_some_and(|limit| octets >= limit) || self.age.is_some_and(|limit| age >= limit)
    }
}

/// The stage of an SA's lifetime: how much of it is used. There are only these three stages, so the enum is
/// exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Stage {
    /// No limit is reached.
    #[default]
    Current,
    /// The soft limit is reached: the next SA should be negotiated.
    SoftExpired,
    /// The hard limit is reached: the SA seals and opens nothing more.
    HardExpired,
}

/// The lifetime of an SA: its limits, and how much of it is used. The counts never become smaller, and only the SA
/// itself changes its own lifetime.
///
/// The packet that reaches a limit is the last one that is sealed or opened. A packet counts as it is on the wire,
/// with its IP header: an SA counts the octets of ESP or AH and adds the [`overhead`](Self::overhead) for each
/// packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lifetime {
    soft: Limit,
    hard: Limit,
    overhead: usize,
    octets: u64,
    packets: u64,
    age: Duration,
}

impl Lifetime {
    /// A lifetime without limits.
    pub const UNLIMITED: Self = Self::new(Limit::NONE, Limit::NONE, 0);

    /// Makes an unused lifetime. `soft` says when to negotiate the next SA, `hard` when this SA ends. `overhead` is
    /// how many octets around each packet also count: 20 for an IPv4 header, 28 for an IPv4 header and UDP.
    #[must_use]
    pub const fn new(soft: Limit, hard: Limit, overhead: usize) -> Self {
        Self { soft, hard, overhead, octets: 0, packets: 0, age: Duration::ZERO }
    }

    /// Raises the usage of the lifetime to at least these values, for a standby that takes over an SA.
    #[must_use]
    pub fn with_usage(mut self, octets: u64, packets: u64, age: Duration) -> Self {
        self.octets = self.octets.max(octets);
        self.packets = self.packets.max(packets);
        self.age = self.age.max(age);
        self
    }

    /// Returns the soft limit: when to negotiate the next SA.
    #[must_use]
    pub const fn soft(&self) -> Limit {
        self.soft
    }

    /// Returns the hard limit: when the SA ends.
    #[must_use]
    pub const fn hard(&self) -> Limit {
        self.hard
    }

    /// Returns how many octets around each packet also count.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        self.overhead
    }

    /// Returns how many octets of encapsulated packets were counted so far.
    #[must_use]
    pub const fn octets(&self) -> u64 {
        self.octets
    }

    /// Returns how many packets were counted so far.
    #[must_use]
    pub const fn packets(&self) -> u64 {
        self.packets
    }

    /// Returns the SA's age, as the last call of [`grow`](Self::grow) set it.
    #[must_use]
    pub const fn age(&self) -> Duration {
        self.age
    }

    /// Counts one packet of `len` octets, without the overhead, which this method adds.
    pub fn count(&mut self, len: usize) {
        // default: a length in memory fits into 64 bits; if one did not, the lifetime would be over.
        let len = u64::try_from(len.saturating_add(self.overhead)).unwrap_or(u64::MAX);
        self.octets = self.octets.saturating_add(len);
        self.packets = self.packets.saturating_add(1);
    }

    /// Sets the age of the SA. A smaller age than before is ignored.
    pub fn grow(&mut self, age: Duration) {
        self.age = self.age.max(age);
    }

    /// Adds the limits of another lifetime to these, and takes its usage where that is greater. No SA lives longer
    /// because of it.
    pub(crate) fn restrict(&mut self, other: &Self) {
        self.soft = self.soft.both(other.soft);
        self.hard = self.hard.both(other.hard);
        self.overhead = self.overhead.max(other.overhead);
        *self = self.with_usage(other.octets, other.packets, other.age);
    }

    /// Returns how much of its lifetime the SA has used.
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

    /// Returns the whole kilobytes left until the hard limit. `None` when the hard limit has no octets.
    #[must_use]
    pub fn remaining_kilobytes(&self) -> Option<u64> {
        self.hard.octets.map(|limit| limit.saturating_sub(self.octets) / KILOBYTE)
    }

    /// Returns the time left until the hard limit. `None` when the hard limit has no age.
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

    /// A lifetime that an SA is given never makes it live longer.
    #[test]
    fn another_lifetime_ends_an_sa_sooner_and_never_later() {
        let mut lifetime = Lifetime::new(Limit::NONE, Limit::of_octets(1000), 0);
        lifetime.restrict(&Lifetime::new(Limit::NONE, Limit::new(Some(60), None), 20));
        assert_eq!(
            (lifetime.hard().octets, lifetime.hard().age),
            (Some(1000), Some(Duration::from_secs(60)))
        );
        lifetime.count(980);
        assert_eq!((lifetime.stage(), lifetime.octets()), (Stage::HardExpired, 1000));
        lifetime.restrict(&Lifetime::UNLIMITED);
        lifetime.restrict(&Lifetime::new(Limit::NONE, Limit::new(Some(1 << 40), Some(1 << 40)), 0));
        assert_eq!((lifetime.stage(), lifetime.octets(), lifetime.packets()), (Stage::HardExpired, 1000, 1));
        let used = Lifetime::new(Limit::NONE, Limit::of_octets(1000), 0).with_usage(999, 7, Duration::ZERO);
        assert_eq!((used.stage(), used.with_usage(5, 5, Duration::ZERO)), (Stage::Current, used));
    }

    /// A stateful pair exchanged updates at 1000, 2000, 3000 and 4000 packets of 152 octets: 3998772, 3998624,
    /// 3998476 and 3998327 kilobytes were left. The lifetime that these count down from lies between 3998921 5/16 and
    /// 3998921 7/16.
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
