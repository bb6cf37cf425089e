//! The clock that gives the timestamps of a pcapng interface their meaning.

use crate::Timestamp;

const SECOND: u64 = 1_000_000_000;

/// The clock of an interface: the length of a tick, and the offset of its zero from 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    tick: Tick,
    offset: i128,
}

/// The length of a tick. A [`Timestamp`] holds nanoseconds, so times with finer ticks are rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tick {
    /// A tick has this number of nanoseconds.
    Nanoseconds(u64),
    /// This number of ticks makes a nanosecond. `None` when it does not fit into 64 bits.
    PerNanosecond(Option<u64>),
    /// Two to the power of this number of ticks make a second.
    BinaryPerSecond(u32),
}

impl Clock {
    /// The clock of an interface without options for it: microseconds since 1970.
    pub(crate) const DEFAULT: Self = Self { tick: Tick::Nanoseconds(1000), offset: 0 };

    /// The clock that the options `if_tsresol` and `if_tsoffset` describe.
    ///
    /// When the most significant bit of `resolution` is set, the rest is a negative power of two, otherwise of
    /// ten. `offset` is in seconds.
    pub(crate) fn new(resolution: u8, offset: i64) -> Self {
        let exponent = u32::from(resolution & 0x7f);
        let tick = if resolution & 0x80 != 0 {
            Tick::BinaryPerSecond(exponent)
        } else if let Some(finer) = 9_u32.checked_sub(exponent) {
            Tick::Nanoseconds(10_u64.saturating_pow(finer))
        } else {
            Tick::PerNanosecond(10_u64.checked_pow(exponent.saturating_sub(9)))
        };
        Self { tick, offset: i128::from(offset).saturating_mul(i128::from(SECOND)) }
    }

    /// How many decimals of a second a tick needs, 9 at most.
    pub(crate) fn digits(&self) -> u8 {
        let digits = match self.tick {
            Tick::Nanoseconds(nanoseconds) => 9_u32.saturating_sub(nanoseconds.checked_ilog10().unwrap_or(0)),
            Tick::PerNanosecond(_) => 9,
            // As many as the greatest number of ticks in a second has.
            Tick::BinaryPerSecond(exponent) => {
                let ticks = 1_u64.checked_shl(exponent).unwrap_or(u64::MAX).saturating_sub(1);
                ticks.checked_ilog10().map_or(0, |log| log.saturating_add(1).min(9))
            }
        };
        u8::try_from(digits).unwrap_or(9)
    }

    /// The time after this number of ticks.
    pub(crate) fn time(&self, ticks: u64) -> Timestamp {
        // A tick is at most a second, so 2^64 ticks are less than 2^94 nanoseconds, and the arithmetic does not
        // saturate.
        let nanoseconds = match self.tick {
            Tick::Nanoseconds(nanoseconds) => i128::from(ticks).saturating_mul(i128::from(nanoseconds)),
            Tick::PerNanosecond(count) => {
                i128::from(count.and_then(|count| ticks.checked_div(count)).unwrap_or(0))
            }
            Tick::BinaryPerSecond(exponent) => {
                i128::from(ticks).saturating_mul(i128::from(SECOND)).checked_shr(exponent).unwrap_or(0)
            }
        };
        Timestamp(nanoseconds.saturating_add(self.offset))
    }
}

/// The time of a pcap packet: `seconds`, and `fraction` times `nanoseconds`.
///
/// A fraction of a second or more is carried over, although no writer should write it.
pub(crate) fn pcap_time(seconds: u32, fraction: u32, nanoseconds: u32) -> Timestamp {
    let fraction = u64::from(fraction).saturating_mul(u64::from(nanoseconds));
    Timestamp(i128::from(u64::from(seconds).saturating_mul(SECOND).saturating_add(fraction)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_as_many_digits_as_its_ticks_need() {
        let digits = |resolution| Clock::new(resolution, 0).digits();
        assert_eq!([0, 1, 3, 6, 9, 12, 127].map(digits), [0, 1, 3, 6, 9, 9, 9]);
        // Half a second is one digit, 1/1024 of a second is four, and no time has more than nine.
        assert_eq!([0x80, 0x81, 0x8a, 0x9e, 0xbf, 0xff].map(digits), [0, 1, 4, 9, 9, 9]);
        assert_eq!(Clock::DEFAULT.digits(), 6);
    }

    #[test]
    fn powers_of_ten() {
        let ticks = 0x1234_5678_9abc_def0_u64; // 1311768467463790320
        let cases: [(u8, i128); 12] = [
            (0, 1_311_768_467_463_790_320_000_000_000),
            (1, 131_176_846_746_379_032_000_000_000),
            (3, 1_311_768_467_463_790_320_000_000),
            (6, 1_311_768_467_463_790_320_000),
            (8, 13_117_684_674_637_903_200),
            (9, 1_311_768_467_463_790_320),
            (10, 131_176_846_746_379_032),
            (12, 1_311_768_467_463_790),
            (18, 1_311_768_467),
            (20, 13_117_684),
            (27, 1),
            (28, 0),
        ];
        for (resolution, nanoseconds) in cases {
            assert_eq!(Clock::new(resolution, 0).time(ticks), Timestamp(nanoseconds), "10^-{resolution}");
        }
    }

    #[test]
    fn powers_of_two() {
        // The times that tshark 4.0.17 prints for these ticks: 1281023894007607.734375000,
        // 1250999896491.804428100, 305419896.604444440
        let ticks = 0x1234_5678_9abc_def0;
        let cases: [(u8, i128); 6] = [
            (0, 1_311_768_467_463_790_320_000_000_000),
            (10, 1_281_023_894_007_607_734_375_000),
            (20, 1_250_999_896_491_804_428_100),
            (32, 305_419_896_604_444_440),
            (60, 1_137_777_777), // 0x1.23456789abcdef seconds
            (63, 142_222_222),
        ];
        for (exponent, nanoseconds) in cases {
            assert_eq!(Clock::new(0x80 | exponent, 0).time(ticks), Timestamp(nanoseconds), "2^-{exponent}");
        }
    }

    #[test]
    fn every_resolution_is_exact_for_every_tick_count() {
        // The expected times come from repeated division, which has no power that could overflow.
        for resolution in 0..=u8::MAX {
            for ticks in [0, 1, 999, 1_000_000_007, u64::MAX / 3, u64::MAX] {
                let divisor = if resolution & 0x80 == 0 { 10 } else { 2 };
                let mut exact = i128::from(ticks) * 1_000_000_000;
                for _ in 0..resolution & 0x7f {
                    exact /= divisor;
                }
                for offset in [0, 1, -1, i64::MIN, i64::MAX] {
                    let expected = Timestamp(exact + i128::from(offset) * 1_000_000_000);
                    assert_eq!(Clock::new(resolution, offset).time(ticks), expected, "{resolution} {ticks}");
                }
            }
        }
    }

    #[test]
    fn the_default_is_microseconds() {
        assert_eq!(Clock::new(6, 0), Clock::DEFAULT);
    }

    #[test]
    fn a_fraction_of_a_second_or_more_is_carried() {
        assert_eq!(pcap_time(1, 999_999, 1000), Timestamp(1_999_999_000));
        assert_eq!(pcap_time(1, 1_000_000, 1000), Timestamp(2_000_000_000));
        assert_eq!(pcap_time(1, 2_500_000_000, 1), Timestamp(3_500_000_000));
        let last = pcap_time(u32::MAX, u32::MAX, 1000);
        assert_eq!(last, Timestamp((4_294_967_295 + 4_294) * 1_000_000_000 + 967_295_000));
    }
}
