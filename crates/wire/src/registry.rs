//! Number registries as newtypes. Every number is kept, and assigned numbers have names.

/// Makes a registry: a newtype over an unsigned integer, with one constant for each assigned number.
///
/// The type gets `name()` and the list `NAMED`. `Display` and `Debug` print the name, or the number when it has no
/// name. The type converts from and to its integer. With the features `serde` and `defmt` of this crate it is
/// serialized and logged as its integer.
///
/// ```
/// vpnwire_wire::registry! {
///     /// The opcode of an HSRP message, RFC 2281 section 5.1.
///     pub struct Opcode(u8) {
///         /// The router runs HSRP.
///         HELLO = 0 => "Hello",
///         /// The router takes over as active router.
///         COUP = 1 => "Coup",
///     }
/// }
/// assert_eq!(Opcode::COUP.name(), Some("Coup"));
/// assert_eq!(Opcode(1), Opcode::COUP);
/// assert_eq!(Opcode(9).to_string(), "9");
/// ```
#[macro_export]
macro_rules! registry {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident($integer:ty) {
            $( $(#[$constant_meta:meta])* $constant:ident = $value:literal => $label:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name(pub $integer);

        impl $name {
            $(
                $(#[$constant_meta])*
                #[doc = concat!("\n\nIts number is ", stringify!($value), ".")]
                $visibility const $constant: Self = Self($value);
            )*

            /// All numbers that have a name here, in the order of the registry.
            $visibility const NAMED: &'static [Self] = &[$(Self($value)),*];

            /// The assigned name. `None` when the number has no name here.
            #[must_use]
            $visibility const fn name(self) -> $crate::private::core::option::Option<&'static str> {
                match self.0 {
                    $( $value => $crate::private::core::option::Option::Some($label), )*
                    _ => $crate::private::core::option::Option::None,
                }
            }
        }

        impl $crate::private::core::fmt::Display for $name {
            fn fmt(
                &self,
                formatter: &mut $crate::private::core::fmt::Formatter<'_>,
            ) -> $crate::private::core::fmt::Result {
                match self.name() {
                    $crate::private::core::option::Option::Some(name) => formatter.pad(name),
                    $crate::private::core::option::Option::None => {
                        $crate::private::core::fmt::Display::fmt(&self.0, formatter)
                    }
                }
            }
        }

        impl $crate::private::core::fmt::Debug for $name {
            fn fmt(
                &self,
                formatter: &mut $crate::private::core::fmt::Formatter<'_>,
            ) -> $crate::private::core::fmt::Result {
                $crate::private::core::fmt::Display::fmt(self, formatter)
            }
        }

        $crate::registry_serde!($name, $integer);
        $crate::registry_defmt!($name);

        impl $crate::private::core::convert::From<$integer> for $name {
            fn from(value: $integer) -> Self {
                Self(value)
            }
        }

        impl $crate::private::core::convert::From<$name> for $integer {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

/// The implementations that the feature `serde` adds to a registry.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! registry_serde {
    ($name:ident, $integer:ty) => {
        impl $crate::private::serde::Serialize for $name {
            fn serialize<S: $crate::private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::private::core::result::Result<S::Ok, S::Error> {
                $crate::private::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::private::core::result::Result<Self, D::Error> {
                <$integer as $crate::private::serde::Deserialize>::deserialize(deserializer).map(Self)
            }
        }
    };
}

/// The implementations that the feature `serde` adds to a registry.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! registry_serde {
    ($name:ident, $integer:ty) => {};
}

/// The implementation that the feature `defmt` adds to a registry.
#[cfg(feature = "defmt")]
#[doc(hidden)]
#[macro_export]
macro_rules! registry_defmt {
    ($name:ident) => {
        impl $crate::private::defmt::Format for $name {
            fn format(&self, formatter: $crate::private::defmt::Formatter<'_>) {
                $crate::private::defmt::Format::format(&self.0, formatter);
            }
        }
    };
}

/// The implementation that the feature `defmt` adds to a registry.
#[cfg(not(feature = "defmt"))]
#[doc(hidden)]
#[macro_export]
macro_rules! registry_defmt {
    ($name:ident) => {};
}

#[cfg(test)]
mod tests {
    use std::format;

    registry! {
        /// The Next Payload field, RFC 2408 section 3.1 (in part).
        pub(super) struct PayloadType(u8) {
            /// The payload is the last one.
            NONE = 0 => "NONE",
            /// A Security Association payload.
            SECURITY_ASSOCIATION = 1 => "Security Association",
        }
    }

    registry! {
        /// A registry of numbers of 32 bits.
        pub(super) struct Wide(u32) {
            /// The greatest number.
            LAST = 0xffff_ffff => "last",
        }
    }

    #[test]
    fn names_or_numbers_are_printed() {
        assert_eq!(format!("{} {:?}", PayloadType(1), PayloadType(200)), "Security Association 200");
        assert_eq!(format!("[{:>6}] [{:<5}]", PayloadType::NONE, PayloadType(7)), "[  NONE] [7    ]");
        assert_eq!(format!("{}", Wide::LAST), "last");
    }

    #[test]
    fn every_value_round_trips() {
        assert_eq!(Wide::NAMED, [Wide(u32::MAX)]);
        for value in 0..=255u8 {
            assert_eq!(u8::from(PayloadType::from(value)), value);
        }
        assert_eq!(PayloadType::NAMED, [PayloadType::NONE, PayloadType::SECURITY_ASSOCIATION]);
        assert_eq!(PayloadType::default(), PayloadType::NONE);
    }
}
