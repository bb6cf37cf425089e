//! Octets, addresses and moments as text, appended to a buffer without allocating.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use crate::frame::Timestamp;
use crate::sink::{Address, Value};

const NANOSECONDS: i128 = 1_000_000_000;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends octets as pairs of hexadecimal digits, with `separator` between the pairs.
pub fn hexadecimal(buffer: &mut Vec<u8>, octets: &[u8], separator: Option<u8>) {
    for (i, octet) in octets.iter().enumerate() {
        if let Some(separator) = separator.filter(|_| i != 0) {
            buffer.push(separator);
        }
        for digit in [octet >> 4, octet & 0xf] {
            buffer.push(DIGITS.get(usize::from(digit)).copied().unwrap_or_default());
        }
    }
}

/// Appends an unsigned number in decimal.
pub fn decimal(buffer: &mut Vec<u8>, value: u64) {
    buffer.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends an IPv4 address.
pub fn ipv4(buffer: &mut Vec<u8>, address: Ipv4Addr) {
    for (i, octet) in address.octets().into_iter().enumerate() {
        if i != 0 {
            buffer.push(b'.');
        }
        decimal(buffer, u64::from(octet));
    }
}

/// Appends an endpoint's address.
pub fn address(buffer: &mut Vec<u8>, address: Address) {
    match address {
        Address::Ip(IpAddr::V4(address)) => ipv4(buffer, address),
        Address::Ip(IpAddr::V6(address)) => append(buffer, format_args!("{address}")),
        Address::Mac(octets) => hexadecimal(buffer, &octets, Some(b':')),
    }
}

/// Appends formatted text.
pub fn append(buffer: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to a Vec cannot fail.
    let _ = buffer.write_fmt(text);
}

/// Appends spaces until the text from `start` on has `width` characters; ASCII text only.
pub fn pad_right(buffer: &mut Vec<u8>, start: usize, width: usize) {
    let end = start.saturating_add(width).max(buffer.len());
    buffer.resize(end, b' ');
}

/// Moves the text from `start` on to the right, so that it has `width` characters; ASCII text only.
pub fn pad_left(buffer: &mut Vec<u8>, start: usize, width: usize) {
    let len = buffer.len().saturating_sub(start);
    if let Some(missing) = width.checked_sub(len) {
        buffer.resize(buffer.len().saturating_add(missing), b' ');
        if let Some(text) = buffer.get_mut(start..) {
            text.rotate_right(missing);
        }
    }
}

/// Appends a number of nanoseconds as seconds with `digits` decimals; the rest is cut off, not rounded.
pub fn seconds(buffer: &mut Vec<u8>, nanoseconds: i128, digits: u32) {
    if nanoseconds < 0 {
        buffer.push(b'-');
    }
    let nanoseconds = nanoseconds.unsigned_abs();
    let unit = NANOSECONDS.unsigned_abs();
    let whole = nanoseconds.checked_div(unit).unwrap_or_default();
    let fraction = nanoseconds.checked_rem(unit).unwrap_or_default();
    decimal(buffer, u64::try_from(whole).unwrap_or(u64::MAX));
    let cut = 10u128.saturating_pow(9u32.saturating_sub(digits));
    let fraction = u64::try_from(fraction.checked_div(cut).unwrap_or_default()).unwrap_or_default();
    buffer.push(b'.');
    let start = buffer.len();
    decimal(buffer, fraction);
    let len = buffer.len().saturating_sub(start);
    let missing = usize::try_from(digits).unwrap_or_default().saturating_sub(len);
    buffer.resize(buffer.len().saturating_add(missing), b'0');
    if let Some(text) = buffer.get_mut(start..) {
        text.rotate_right(missing);
    }
}

/// Appends a moment as RFC 3339 has it, in UTC and nanoseconds; one beyond the years it can write as seconds.
pub fn rfc3339(buffer: &mut Vec<u8>, time: Timestamp) {
    static PRINTER: jiff::fmt::temporal::DateTimePrinter =
        jiff::fmt::temporal::DateTimePrinter::new().precision(Some(9));
    match jiff::Timestamp::from_nanosecond(time.0) {
        Ok(time) => {
            // Writing to a Vec cannot fail.
            let _ = PRINTER.print_timestamp(&time, jiff::fmt::StdIoWrite(buffer));
        }
        Err(_) => seconds(buffer, time.0, 9),
    }
}

/// Text without its trailing NULs, where it is text: valid UTF-8.
#[must_use]
pub fn utf8(octets: &[u8]) -> Option<&str> {
    let len = octets.iter().rposition(|octet| *octet != 0).map_or(0, |last| last.saturating_add(1));
    core::str::from_utf8(octets.get(..len)?).ok()
}

/// Appends a value as people read it.
pub fn value(buffer: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Unsigned(value) => decimal(buffer, value),
        Value::Hexadecimal(value, digits) => {
            append(buffer, format_args!("0x{value:0width$x}", width = usize::from(digits)));
        }
        Value::Named(value, Some(name)) => append(buffer, format_args!("{name} ({value})")),
        Value::Named(value, None) => decimal(buffer, value),
        Value::Signed(value) => append(buffer, format_args!("{value}")),
        Value::Boolean(value) => buffer.extend_from_slice(if value { b"true" } else { b"false" }),
        Value::Ipv4(address) => ipv4(buffer, address),
        Value::Ipv6(address) => append(buffer, format_args!("{address}")),
        Value::Mac(octets) => hexadecimal(buffer, &octets, Some(b':')),
        Value::Text(octets) => match utf8(octets) {
            Some(text) => append(buffer, format_args!("{}", text.escape_debug())),
            None => hexadecimal(buffer, octets, None),
        },
        Value::Octets(octets) => hexadecimal(buffer, octets, None),
        Value::Time(time) => rfc3339(buffer, time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut buffer = Vec::new();
        write(&mut buffer);
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn seconds_keep_their_leading_zeros_and_sign() {
        assert_eq!(text(|b| seconds(b, 1_000_001_999, 6)), "1.000001");
        assert_eq!(text(|b| seconds(b, -50_000_000, 9)), "-0.050000000");
        assert_eq!(text(|b| seconds(b, 0, 6)), "0.000000");
        assert_eq!(text(|b| seconds(b, i128::MAX, 1)), format!("{}.{}", u64::MAX, 8));
    }

    #[test]
    fn moments_are_written_in_full() {
        assert_eq!(
            text(|b| rfc3339(b, Timestamp(1_388_476_833_029_499_000))),
            "2013-12-31T08:00:33.029499000Z"
        );
        assert_eq!(text(|b| rfc3339(b, Timestamp(-1))), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(text(|b| rfc3339(b, Timestamp(0))), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(
            text(|b| rfc3339(b, Timestamp(1 << 100))),
            "1267650600228229401496.703205376".replace("1267650600228229401496", &u64::MAX.to_string())
        );
    }

    #[test]
    fn values_read_as_people_write_them() {
        for (v, expected) in [
            (Value::Hexadecimal(0x800, 4), "0x0800"),
            (Value::Named(16, Some("Active")), "Active (16)"),
            (Value::Named(17, None), "17"),
            (Value::Mac([0, 0, 0xc, 7, 0xac, 1]), "00:00:0c:07:ac:01"),
            (Value::Text(b"cisco\0\0\0"), "cisco"),
            (Value::Text(b"a\nb\x1b[0m"), "a\\nb\\u{1b}[0m"),
            (Value::Text(&[0xff, 0]), "ff00"),
            (Value::Octets(&[0, 0xa]), "000a"),
            (Value::Signed(-5), "-5"),
            (Value::Boolean(true), "true"),
        ] {
            assert_eq!(text(|b| value(b, v)), expected);
        }
    }

    #[test]
    fn padding_left_and_right() {
        assert_eq!(
            text(|b| {
                b.extend(b"x");
                let start = b.len();
                decimal(b, 42);
                pad_left(b, start, 5)
            }),
            "x   42"
        );
        assert_eq!(
            text(|b| {
                decimal(b, 123_456);
                pad_left(b, 0, 5)
            }),
            "123456"
        );
        assert_eq!(
            text(|b| {
                b.extend(b"ab");
                pad_right(b, 0, 4);
                b.push(b'|')
            }),
            "ab  |"
        );
        assert_eq!(
            text(|b| {
                b.extend(b"abcde");
                pad_right(b, 0, 4)
            }),
            "abcde"
        );
    }
}
