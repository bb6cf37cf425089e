//! The types of attribute values: numbers, addresses, octets, and the fixed layouts of this profile.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use wire::{Chain, EmitError, List, Reader, Writer};
use zerocopy::network_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{Attribute, AttributeFraming, Attributes, attributes_len, emit_attributes};
use crate::{ParseError, Secret};

mod identity;
mod ike;
mod nhrp;
mod redundancy;
mod security_association;

pub use identity::Identity;
pub use ike::{DeadPeer, Exchange, IkeSuite, Lifetime, NatFlags, NatState};
pub use nhrp::{NhrpFlags, NhrpParameters};
pub use redundancy::{BulkCounts, RedundancyFlags, RedundancyState, RfState};
pub use security_association::{
    Counters, Direction, EncapsulationPorts, ReplayUpdate, SaIdentifier, Transform,
};

/// The value of an attribute, which can be read and written.
pub(crate) trait Data<'a>: Sized {
    /// Whether the value is a key.
    const IS_SECRET: bool = false;
    /// Whether the value is a list of attributes.
    const IS_NESTED: bool = false;

    /// Reads the whole value of an attribute. `name` is the attribute's name in errors.
    fn read(name: &'static str, reader: Reader<'a>) -> Result<Self, ParseError>;
    /// The number of octets that [`write`](Self::write) writes.
    fn len(&self) -> usize;
    /// Writes the value.
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError>;
    /// The value of a field that has not been set: zero, or no octets.
    fn unset() -> Self;
}

/// The data of the attribute with this code. The table of attributes implements it, so a record cannot use another
/// type.
pub(crate) trait Holds<'a, const CODE: u16>: Data<'a> {
    /// Makes the attribute that holds this value.
    fn attribute(self) -> Attribute<'a>;
}

/// Checks that a value of fixed length has been read to its end.
pub(crate) const fn expect_end(element: &'static str, reader: Reader<'_>) -> Result<(), ParseError> {
    if reader.is_empty() {
        Ok(())
    } else {
        Err(ParseError::TrailingOctets { element, offset: reader.offset(), count: reader.len() })
    }
}

macro_rules! integers {
    ($($integer:ident, $len:literal;)*) => { $(
        impl Data<'_> for $integer {
            fn read(name: &'static str, mut reader: Reader<'_>) -> Result<Self, ParseError> {
                let value = reader.$integer(name)?;
                expect_end(name, reader)?;
                Ok(value)
            }

            fn len(&self) -> usize {
                $len
            }

            fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
                writer.$integer(*self)
            }

            fn unset() -> Self {
                0
            }
        }
    )* };
}

integers! { u8, 1; u16, 2; u32, 4; u64, 8; }

/// Implements `Data` for a type that wraps an integer.
macro_rules! number {
    ($name:ident($integer:ty)) => {
        impl crate::attribute::data::Data<'_> for $name {
            fn read(name: &'static str, reader: wire::Reader<'_>) -> Result<Self, crate::ParseError> {
                <$integer>::read(name, reader).map(Self)
            }

            fn len(&self) -> usize {
                self.0.len()
            }

            fn write(&self, writer: &mut wire::Writer<'_>) -> Result<(), wire::EmitError> {
                self.0.write(writer)
            }

            fn unset() -> Self {
                Self(0)
            }
        }
    };
}

pub(crate) use number;

impl<const N: usize> Data<'_> for [u8; N] {
    fn read(name: &'static str, mut reader: Reader<'_>) -> Result<Self, ParseError> {
        let value = *reader.array(name)?;
        expect_end(name, reader)?;
        Ok(value)
    }

    fn len(&self) -> usize {
        N
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self)
    }

    fn unset() -> Self {
        [0; N]
    }
}

impl Data<'_> for Ipv4Addr {
    fn read(name: &'static str, reader: Reader<'_>) -> Result<Self, ParseError> {
        <[u8; 4]>::read(name, reader).map(Self::from)
    }

    fn len(&self) -> usize {
        4
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(&self.octets())
    }

    fn unset() -> Self {
        Self::UNSPECIFIED
    }
}

impl Data<'_> for IpAddr {
    fn read(name: &'static str, mut reader: Reader<'_>) -> Result<Self, ParseError> {
        let (offset, available) = (reader.offset(), reader.len());
        match available {
            4 => Ok(Self::V4(Ipv4Addr::from(*reader.array(name)?))),
            16 => Ok(Self::V6(Ipv6Addr::from(*reader.array(name)?))),
            _ => Err(ParseError::AddressLength { element: name, offset, available }),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::V4(_) => 4,
            Self::V6(_) => 16,
        }
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::V4(address) => writer.put(&address.octets()),
            Self::V6(address) => writer.put(&address.octets()),
        }
    }

    fn unset() -> Self {
        Self::V4(Ipv4Addr::UNSPECIFIED)
    }
}

impl<'a> Data<'a> for &'a [u8] {
    fn read(_: &'static str, reader: Reader<'a>) -> Result<Self, ParseError> {
        Ok(reader.rest())
    }

    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self)
    }

    fn unset() -> Self {
        &[]
    }
}

impl<'a> Data<'a> for Secret<'a> {
    const IS_SECRET: bool = true;

    fn read(_: &'static str, reader: Reader<'a>) -> Result<Self, ParseError> {
        Ok(Self::new(reader.rest()))
    }

    fn len(&self) -> usize {
        Secret::len(self)
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.expose())
    }

    fn unset() -> Self {
        Secret::EMPTY
    }
}

/// A list of attributes inside an attribute.
impl<'a> Data<'a> for Attributes<'a> {
    const IS_NESTED: bool = true;

    fn read(_: &'static str, reader: Reader<'a>) -> Result<Self, ParseError> {
        let chain = Chain::parse(reader.rest(), reader.offset(), AttributeFraming::nested())?;
        Ok(List::Framed(chain))
    }

    fn len(&self) -> usize {
        attributes_len(self)
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        emit_attributes(self, writer)
    }

    fn unset() -> Self {
        Self::default()
    }
}

/// The conversion between a plain field and its form in a layout.
pub(crate) trait Field<L>: Sized {
    fn pack(self, name: &'static str) -> Result<L, EmitError>;
    fn unpack(layout: L) -> Self;
}

/// Whole seconds in two octets.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub(crate) struct Seconds16(U16);

/// Whole seconds in four octets.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub(crate) struct Seconds32(U32);

/// Whole milliseconds in four octets.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub(crate) struct Milliseconds32(U32);

/// Converts a time to the number of seconds that its field carries. It fails when the time has a fraction of a second,
/// because the receiver would see another time.
fn seconds<T: TryFrom<u128>>(field: &'static str, time: Duration, max: u32) -> Result<T, EmitError> {
    let count = whole(field, time.as_secs().into(), max)?;
    if time.subsec_nanos() == 0 { Ok(count) } else { Err(EmitError::Inexact { field, unit: "seconds" }) }
}

/// Converts a count of whole time units to its field.
fn whole<T: TryFrom<u128>>(field: &'static str, count: u128, max: u32) -> Result<T, EmitError> {
    T::try_from(count).map_err(|_| {
        // default: the value is only shown in the error, and there the greatest usize is enough
        let [value, max] = [count, max.into()].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        EmitError::FieldOverflow { field, value, max }
    })
}

impl Field<Seconds16> for Duration {
    fn pack(self, name: &'static str) -> Result<Seconds16, EmitError> {
        seconds::<u16>(name, self, u16::MAX.into()).map(|count| Seconds16(count.into()))
    }

    fn unpack(layout: Seconds16) -> Self {
        Self::from_secs(u64::from(layout.0.get()))
    }
}

impl Field<Seconds32> for Duration {
    fn pack(self, name: &'static str) -> Result<Seconds32, EmitError> {
        seconds::<u32>(name, self, u32::MAX).map(|count| Seconds32(count.into()))
    }

    fn unpack(layout: Seconds32) -> Self {
        Self::from_secs(u64::from(layout.0.get()))
    }
}

impl Field<Milliseconds32> for Duration {
    fn pack(self, name: &'static str) -> Result<Milliseconds32, EmitError> {
        let count: u32 = whole(name, self.as_millis(), u32::MAX)?;
        if !self.subsec_nanos().is_multiple_of(1_000_000) {
            return Err(EmitError::Inexact { field: name, unit: "milliseconds" });
        }
        Ok(Milliseconds32(count.into()))
    }

    fn unpack(layout: Milliseconds32) -> Self {
        Self::from_millis(u64::from(layout.0.get()))
    }
}

macro_rules! fields {
    ($($plain:ty as $layout:ty, |$value:ident| $pack:expr, |$wire:ident| $unpack:expr;)*) => { $(
        impl Field<$layout> for $plain {
            fn pack(self, _: &'static str) -> Result<$layout, EmitError> {
                let $value = self;
                Ok($pack)
            }

            fn unpack($wire: $layout) -> Self {
                $unpack
            }
        }
    )* };
}

fields! {
    u8 as u8, |value| value, |wire| wire;
    u16 as U16, |value| value.into(), |wire| wire.get();
    u32 as U32, |value| value.into(), |wire| wire.get();
    u64 as U64, |value| value.into(), |wire| wire.get();
    NatFlags as u8, |value| value.0, |wire| NatFlags(wire);
    RedundancyFlags as u8, |value| value.0, |wire| RedundancyFlags(wire);
    RfState as u8, |value| value.0, |wire| RfState(wire);
    NhrpFlags as U16, |value| value.0.into(), |wire| NhrpFlags(wire.get());
}

/// What the documentation says of the form that a field has on the wire.
macro_rules! form {
    (u8) => {
        "1 octet"
    };
    (U16) => {
        "2 octets"
    };
    (U32) => {
        "4 octets"
    };
    (U64) => {
        "8 octets"
    };
    (Seconds16) => {
        "2 octets, whole seconds"
    };
    (Seconds32) => {
        "4 octets, whole seconds"
    };
    (Milliseconds32) => {
        "4 octets, whole milliseconds"
    };
}

pub(crate) use form;

/// Declares a plain struct and the private layout of it, with the fields in this order and the most significant octet
/// first.
macro_rules! fixed_layout {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $layout_name:ident, $len:literal octets {
            $( $(#[$field_meta:meta])* $field:ident: $plain:ty as $layout:ident, )*
        }
    ) => {
        $(#[$meta])*
        ///
        #[doc = concat!("On the wire it has ", stringify!($len), " octets, with the most significant octet of each number first:")]
        ///
        /// | field | on the wire |
        /// |---|---|
        $(
            #[doc = concat!("| `", stringify!($field), "` | ", crate::attribute::data::form!($layout), " |")]
        )*
        ///
        /// The layout is fixed, so the struct is exhaustive on purpose.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $plain, )*
        }

        #[derive(
            zerocopy::FromBytes, zerocopy::IntoBytes, zerocopy::KnownLayout, zerocopy::Immutable, zerocopy::Unaligned,
        )]
        #[repr(C)]
        struct $layout_name {
            $( $field: $layout, )*
        }

        const _: () = assert!(size_of::<$layout_name>() == $len);

        impl crate::attribute::data::Data<'_> for $name {
            fn read(name: &'static str, mut reader: wire::Reader<'_>) -> Result<Self, crate::ParseError> {
                let layout: $layout_name = zerocopy::transmute!(*reader.array::<$len>(name)?);
                crate::attribute::data::expect_end(name, reader)?;
                Ok(Self {
                    $( $field: <$plain as crate::attribute::data::Field<$layout>>::unpack(layout.$field), )*
                })
            }

            fn len(&self) -> usize {
                $len
            }

            fn write(&self, writer: &mut wire::Writer<'_>) -> Result<(), wire::EmitError> {
                let layout = $layout_name {
                    $( $field: crate::attribute::data::Field::pack(self.$field, stringify!($field))?, )*
                };
                let octets: [u8; $len] = zerocopy::transmute!(layout);
                writer.put(&octets)
            }

            fn unset() -> Self {
                Self::default()
            }
        }
    };
}

pub(crate) use fixed_layout;

/// Declares a set of named bits.
macro_rules! bits {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($integer:ty) {
            $( $(#[$bit_meta:meta])* $bit:ident = $value:literal; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name(pub $integer);

        impl $name {
            $(
                $(#[$bit_meta])*
                #[doc = concat!("\n\nIts value is ", stringify!($value), ".")]
                pub const $bit: Self = Self($value);
            )*

            /// Whether all bits of `bits` are set.
            #[must_use]
            pub const fn contains(self, bits: Self) -> bool {
                self.0 & bits.0 == bits.0
            }
        }

        impl core::ops::BitOr for $name {
            type Output = Self;

            fn bitor(self, bits: Self) -> Self {
                Self(self.0 | bits.0)
            }
        }
    };
}

pub(crate) use bits;
