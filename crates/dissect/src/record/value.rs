//! What a record's field takes from the value of a field that a sink is told.

use std::net::IpAddr;

use crate::sink::{Value, count};
use crate::sinks::text;

/// A number of a registry, with its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Number {
    /// The number.
    pub value: u64,
    /// Its name; `None` when the registry has none.
    pub name: Option<&'static str>,
}

/// A type that a record's field can have.
pub(super) trait FromValue: Sized {
    /// `None` when the value is of another kind, or too large.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl FromValue for u64 {
    /// Octets that no dissector took apart are told by how many they are.
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Unsigned(number) | Value::Hexadecimal(number, _) | Value::Named(number, _) => Some(number),
            Value::Opaque(octets) => Some(count(octets.len())),
            _ => None,
        }
    }
}

macro_rules! narrower {
    ($($type:ty)*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value<'_>) -> Option<Self> {
                u64::from_value(value).and_then(|number| number.try_into().ok())
            }
        }
    )*};
}

narrower!(u8 u16 u32);

impl FromValue for Number {
    fn from_value(value: Value<'_>) -> Option<Self> {
        let name = if let Value::Named(_, name) = value { name } else { None };
        Some(Self { value: u64::from_value(value)?, name })
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        if let Value::Boolean(value) = value { Some(value) } else { None }
    }
}

impl FromValue for IpAddr {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Ipv4(address) => Some(address.into()),
            Value::Ipv6(address) => Some(address.into()),
            _ => None,
        }
    }
}

impl FromValue for [u8; 6] {
    fn from_value(value: Value<'_>) -> Option<Self> {
        if let Value::Mac(address) = value { Some(address) } else { None }
    }
}

impl FromValue for [u8; 8] {
    fn from_value(value: Value<'_>) -> Option<Self> {
        if let Value::Octets(octets) = value { octets.try_into().ok() } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        if let Value::Octets(octets) = value { Some(octets.to_vec()) } else { None }
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(octets) => text::utf8(octets).map(str::to_owned),
            Value::Name(name) => Some(name.to_owned()),
            _ => None,
        }
    }
}

/// A field of a record.
pub(super) trait Take {
    fn add(&mut self, value: Value<'_>);
}

/// The first value stays: a later one of the same name belongs to something inside.
impl<T: FromValue> Take for Option<T> {
    fn add(&mut self, value: Value<'_>) {
        if self.is_none() {
            *self = T::from_value(value);
        }
    }
}

/// Every value is kept; the budget of the frame bounds them.
impl<T: FromValue> Take for Vec<T> {
    fn add(&mut self, value: Value<'_>) {
        self.extend(T::from_value(value));
    }
}
