//! Values in a filter, and how those of a packet compare with them.

use core::cmp::Ordering;
use core::net::{Ipv4Addr, Ipv6Addr};

use crate::fields::Kind;
use crate::sink::Value;
use crate::sinks::text;

const NANOSECONDS: i128 = 1_000_000_000;

/// A value in a filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Number(i128),
    /// The name of a number.
    Name(String),
    /// With the bits that count.
    Ipv4(u32, u32),
    Ipv6(u128, u128),
    Mac([u8; 6]),
    /// Text or octets.
    Octets(Vec<u8>),
    /// Nanoseconds.
    Time(i128),
}

impl Literal {
    /// A word as a value of this kind, or what was expected instead.
    pub(super) fn of_word(kind: Kind, word: &str) -> Result<Self, &'static str> {
        match kind {
            Kind::Number => Ok(number(word).map_or_else(|| Self::Name(word.to_owned()), Self::Number)),
            Kind::Boolean => match word.to_ascii_lowercase().as_str() {
                "true" | "1" => Ok(Self::Number(1)),
                "false" | "0" => Ok(Self::Number(0)),
                _ => Err("`true`, `false`, 1 or 0"),
            },
            Kind::Ipv4 => ipv4(word).ok_or("an IPv4 address, with or without a prefix length: 10.0.0.0/8"),
            Kind::Ipv6 => ipv6(word).ok_or("an IPv6 address, with or without a prefix length: fe80::/10"),
            Kind::Mac => octets(word)
                .and_then(|octets| octets.try_into().ok())
                .map(Self::Mac)
                .ok_or("a MAC address: 00:00:0c:07:ac:01"),
            Kind::Octets => Ok(Self::Octets(octets(word).unwrap_or_else(|| word.as_bytes().to_vec()))),
            Kind::Text | Kind::Protocol => Ok(Self::Octets(word.as_bytes().to_vec())),
            Kind::Time => time(word).map(Self::Time).ok_or("a time in seconds, or in the form of RFC 3339"),
        }
    }

    /// A text in quotation marks as a value of this kind.
    pub(super) fn of_text(kind: Kind, text: &str) -> Result<Self, &'static str> {
        match kind {
            Kind::Text | Kind::Octets => Ok(Self::Octets(text.as_bytes().to_vec())),
            Kind::Number => Ok(Self::Name(text.to_owned())),
            _ => Self::of_word(kind, text.trim()),
        }
    }

    /// A value of a packet as a value in a filter; `None` for a name without a number.
    pub(super) fn of_value(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Unsigned(n) | Value::Hexadecimal(n, _) | Value::Named(n, _) => Self::Number(n.into()),
            Value::Signed(n) => Self::Number(n.into()),
            Value::Boolean(bit) => Self::Number(bit.into()),
            Value::Ipv4(address) => Self::Ipv4(address.to_bits(), u32::MAX),
            Value::Ipv6(address) => Self::Ipv6(address.to_bits(), u128::MAX),
            Value::Mac(address) => Self::Mac(address),
            Value::Time(time) => Self::Time(time.0),
            value => Self::Octets(searched(value)?.to_vec()),
        })
    }

    /// How two values compare; `None` when they are of different kinds.
    pub(super) fn ordered(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) | (Self::Time(a), Self::Time(b)) => Some(a.cmp(b)),
            (Self::Ipv4(a, _), Self::Ipv4(b, _)) => Some(a.cmp(b)),
            (Self::Ipv6(a, _), Self::Ipv6(b, _)) => Some(a.cmp(b)),
            (Self::Mac(a), Self::Mac(b)) => Some(a.cmp(b)),
            (Self::Octets(a), Self::Octets(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// How a value of a packet compares with this one; `None` when they are of different kinds, or when a name differs.
    pub(super) fn compared(&self, value: Value<'_>) -> Option<Ordering> {
        match (self, value) {
            (Self::Number(wanted), Value::Unsigned(n) | Value::Hexadecimal(n, _) | Value::Named(n, _)) => {
                Some(i128::from(n).cmp(wanted))
            }
            (Self::Number(wanted), Value::Signed(n)) => Some(i128::from(n).cmp(wanted)),
            (Self::Number(wanted), Value::Boolean(bit)) => Some(i128::from(bit).cmp(wanted)),
            (Self::Name(wanted), Value::Named(_, Some(name))) => (name == wanted).then_some(Ordering::Equal),
            (Self::Ipv4(wanted, mask), Value::Ipv4(address)) => Some((address.to_bits() & mask).cmp(wanted)),
            (Self::Ipv6(wanted, mask), Value::Ipv6(address)) => Some((address.to_bits() & mask).cmp(wanted)),
            (Self::Mac(wanted), Value::Mac(address)) => Some(address.cmp(wanted)),
            (Self::Octets(wanted), value) => Some(searched(value)?.cmp(wanted)),
            (Self::Time(wanted), Value::Time(time)) => Some(time.0.cmp(wanted)),
            _ => None,
        }
    }
}

/// The octets of a value that can be searched.
pub(super) fn searched(value: Value<'_>) -> Option<&[u8]> {
    match value {
        Value::Text(octets) => Some(text::utf8(octets).map_or(octets, str::as_bytes)),
        Value::Octets(octets) | Value::Opaque(octets) => Some(octets),
        Value::Name(name) => Some(name.as_bytes()),
        _ => None,
    }
}

/// A number as C writes it, and as Wireshark reads it.
fn number(word: &str) -> Option<i128> {
    let (sign, digits) = word.strip_prefix('-').map_or((1, word), |digits| (-1, digits));
    let lower = digits.to_ascii_lowercase();
    let (digits, radix) = match lower.as_str() {
        "true" => ("1", 10),
        "false" => ("0", 10),
        other => match (other.strip_prefix("0x"), other.strip_prefix("0b"), other.strip_prefix('0')) {
            (Some(digits), ..) => (digits, 16),
            (_, Some(digits), _) => (digits, 2),
            (.., Some(digits)) if !digits.is_empty() => (digits, 8),
            _ => (other, 10),
        },
    };
    let number = u64::from_str_radix(digits, radix).ok()?;
    i128::from(number).checked_mul(sign)
}

fn ipv4(word: &str) -> Option<Literal> {
    let (address, prefix) = prefixed(word, 32)?;
    let mask = u32::MAX.checked_shl(32u32.checked_sub(prefix)?).unwrap_or(0);
    Some(Literal::Ipv4(address.parse::<Ipv4Addr>().ok()?.to_bits() & mask, mask))
}

fn ipv6(word: &str) -> Option<Literal> {
    let (address, prefix) = prefixed(word, 128)?;
    let mask = u128::MAX.checked_shl(128u32.checked_sub(prefix)?).unwrap_or(0);
    Some(Literal::Ipv6(address.parse::<Ipv6Addr>().ok()?.to_bits() & mask, mask))
}

fn prefixed(word: &str, longest: u32) -> Option<(&str, u32)> {
    match word.split_once('/') {
        None => Some((word, longest)),
        Some((address, prefix)) => {
            prefix.parse().ok().filter(|prefix| *prefix <= longest).map(|prefix| (address, prefix))
        }
    }
}

/// Octets as pairs of digits, with a colon, a dash or a dot between them, or nothing.
fn octets(word: &str) -> Option<Vec<u8>> {
    let separator = word.chars().find(|c| matches!(c, ':' | '-' | '.'));
    let pairs: Vec<&str> = match separator {
        Some(separator) => word.split(separator).collect(),
        None if word.len().is_multiple_of(2) && word.is_ascii() => {
            (0..word.len()).step_by(2).filter_map(|at| word.get(at..at.saturating_add(2))).collect()
        }
        None => return None,
    };
    pairs.into_iter().map(|pair| (pair.len() == 2).then(|| u8::from_str_radix(pair, 16).ok())?).collect()
}

/// Seconds with a fraction, or a moment in the form of RFC 3339; in nanoseconds.
fn time(word: &str) -> Option<i128> {
    if let Ok(moment) = word.parse::<jiff::Timestamp>() {
        return Some(moment.as_nanosecond());
    }
    let (sign, digits) = word.strip_prefix('-').map_or((1, word), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if digits.is_empty() || !is_digits(whole) || !is_digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: u64 = format!("{fraction:0<9}").parse().ok()?;
    i128::from(whole).checked_mul(NANOSECONDS)?.checked_add(i128::from(fraction))?.checked_mul(sign)
}
