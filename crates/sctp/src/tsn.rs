//! Numbers that wrap around, and their comparison by serial number arithmetic (RFC 9260 section 1.6 and RFC 1982).

macro_rules! serial_number {
    ($(#[$meta:meta])* $name:ident($integer:ty)) => {
        $(#[$meta])*
        ///
        /// The type is not `Ord`, because the order of numbers on a circle is not transitive. It has no `+` and `-`
        /// either: [`advance`](Self::advance) and [`since`](Self::since) wrap around as the RFC asks.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name(pub $integer);

        impl $name {
            /// Whether this number comes before `other`, which means that `other` is ahead by less than half the
            /// circle.
            ///
            /// If two numbers are exactly half the circle apart, neither comes before the other (RFC 1982 section 3.2).
            #[must_use]
            pub const fn is_before(self, other: Self) -> bool {
                let ahead = other.0.wrapping_sub(self.0);
                ahead != 0 && ahead <= <$integer>::MAX >> 1
            }

            /// Whether this number comes after `other`.
            #[must_use]
            pub const fn is_after(self, other: Self) -> bool {
                other.is_before(self)
            }

            /// The next number. The greatest number is followed by 0.
            #[must_use]
            pub const fn next(self) -> Self {
                self.advance(1)
            }

            /// The number that is `count` steps ahead.
            #[must_use]
            pub const fn advance(self, count: $integer) -> Self {
                Self(self.0.wrapping_add(count))
            }

            /// The number of steps from `earlier` to this number. It wraps around if necessary.
            #[must_use]
            pub const fn since(self, earlier: Self) -> $integer {
                self.0.wrapping_sub(earlier.0)
            }
        }

        impl From<$integer> for $name {
            fn from(number: $integer) -> Self {
                Self(number)
            }
        }

        impl From<$name> for $integer {
            fn from(number: $name) -> Self {
                number.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(&self.0, formatter)
            }
        }
    };
}

serial_number!(
    /// Transmission Sequence Number: the number of a DATA chunk in its association (RFC 9260 section 1.6).
    Tsn(u32)
);
serial_number!(
    /// Stream Sequence Number: the number of an ordered message in its stream (RFC 9260 section 3.3.1).
    StreamSequenceNumber(u16)
);
serial_number!(
    /// Message Identifier: the number of a message in its stream, for I-DATA chunks (RFC 8260 section 2.1).
    MessageIdentifier(u32)
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tsn_wraps_back_to_0_after_4294967295() {
        assert_eq!(Tsn(u32::MAX).next(), Tsn(0));
        assert!(Tsn(u32::MAX).is_before(Tsn(0)));
        assert!(Tsn(0).is_after(Tsn(u32::MAX)));
        assert_eq!(Tsn(2).since(Tsn(u32::MAX)), 3);
    }

    #[test]
    fn half_a_circle_apart_neither_is_before() {
        assert!(Tsn(0).is_before(Tsn(0x7fff_ffff)));
        assert!(!Tsn(0).is_before(Tsn(0x8000_0000)));
        assert!(!Tsn(0x8000_0000).is_before(Tsn(0)));
        assert!(!Tsn(7).is_before(Tsn(7)));
    }

    proptest! {
        #[test]
        fn at_most_one_is_before_and_steps_add_up(a: u16, b: u16, count: u16) {
            let (a, b) = (StreamSequenceNumber(a), StreamSequenceNumber(b));
            prop_assert!(!(a.is_before(b) && a.is_after(b)));
            let apart = a == b || b.since(a) == 0x8000;
            prop_assert_eq!(a.is_before(b) || a.is_after(b), !apart);
            prop_assert_eq!(a.advance(count).since(a), count);
            prop_assert_eq!(a.advance(b.since(a)), b);
        }
    }
}
