//! Times as NHRP sends them: whole seconds in two octets.

use core::fmt;
use core::time::Duration;

/// A time of 0 to 65,535 whole seconds, as the Holding Time field holds it (RFC 2332 section 5.2.0.1). Every value can
/// be sent without loss.
///
/// [`TryFrom`] refuses a [`Duration`] that has a fraction of a second or is longer than 65,535 seconds. The caller
/// decides how to round it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Seconds(pub u16);

impl Seconds {
    /// Zero seconds. An entry that refuses has this holding time.
    pub const ZERO: Self = Self(0);
    /// The longest time, 65,535 seconds.
    pub const MAX: Self = Self(u16::MAX);

    /// Returns the same time as a [`Duration`], for arithmetic.
    #[must_use]
    pub const fn duration(self) -> Duration {
        // `u64::from` is not const; the array puts the two octets behind six zeros.
        let [high, low] = self.0.to_be_bytes();
        Duration::from_secs(u64::from_be_bytes([0, 0, 0, 0, 0, 0, high, low]))
    }
}

impl From<u16> for Seconds {
    fn from(seconds: u16) -> Self {
        Self(seconds)
    }
}

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        seconds.duration()
    }
}

impl TryFrom<Duration> for Seconds {
    type Error = NotWholeSeconds;

    fn try_from(duration: Duration) -> Result<Self, NotWholeSeconds> {
        match (u16::try_from(duration.as_secs()), duration.subsec_nanos()) {
            (Ok(seconds), 0) => Ok(Self(seconds)),
            _ => Err(NotWholeSeconds { duration }),
        }
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} s", self.0)
    }
}

/// The error for a duration that NHRP cannot send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("NHRP cannot send a time of {duration:?}: it sends whole seconds from 0 to 65,535")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct NotWholeSeconds {
    /// The duration that was refused.
    pub duration: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn nothing_is_lost_between_seconds_and_durations() {
        for seconds in [0, 1, 7200, u16::MAX] {
            let duration = Duration::from(Seconds(seconds));
            assert_eq!(duration.as_secs(), u64::from(seconds));
            assert_eq!(Seconds::try_from(duration), Ok(Seconds(seconds)));
        }
        assert_eq!((Seconds::ZERO.duration(), Seconds::MAX.duration().as_secs()), (Duration::ZERO, 65_535));
    }

    #[test]
    fn a_duration_that_would_lose_something_is_refused() {
        for duration in [
            Duration::from_millis(1500),
            Duration::from_nanos(1),
            Duration::from_secs(65_536),
            Duration::new(65_535, 1),
            Duration::MAX,
        ] {
            assert_eq!(Seconds::try_from(duration), Err(NotWholeSeconds { duration }));
        }
        let error = Seconds::try_from(Duration::from_millis(1500)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "NHRP cannot send a time of 1.5s: it sends whole seconds from 0 to 65,535"
        );
        assert_eq!(Seconds(7200).to_string(), "7200 s");
    }
}
