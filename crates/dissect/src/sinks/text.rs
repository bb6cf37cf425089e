//! Octets, addresses and moments as text, appended to a buffer without allocating.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use crate::frame::Timestamp;
use crate::sink::{Address, Value};

const NANOSECONDS: u64 = 1_000_000_000;
const NANOSECONDS_WIDE: u128 = 1_000_000_000;
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

/// Appends an unsigned number in decimal, with spaces before it up to `width` characters.
pub fn decimal_right(buffer: &mut Vec<u8>, value: u64, width: usize) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(value).as_bytes();
    spaces(buffer, width.saturating_sub(digits.len()));
    buffer.extend_from_slice(digits);
}

/// Appends spaces.
pub fn spaces(buffer: &mut Vec<u8>, count: usize) {
    for _ in 0..count {
        buffer.push(b' ');
    }
}

/// A short text, built on the stack: one that is measured before it is appended.
#[derive(Debug, Default)]
struct Short {
    text: [u8; 16],
    len: usize,
}

impl Short {
    fn push(&mut self, octet: u8) {
        // The longest text has 15 characters: the mask never wraps, and it spares the check of the bound.
        if let Some(place) = self.text.get_mut(self.len & 15) {
            *place = octet;
        }
        self.len = self.len.wrapping_add(1);
    }

    fn push_digit(&mut self, digit: u8) {
        self.push(b'0'.wrapping_add(digit));
    }

    /// Appends all 16 octets, a copy of constant length, and takes back those that are no text.
    fn append_to(&self, buffer: &mut Vec<u8>) {
        buffer.extend_from_slice(&self.text);
        buffer.truncate(buffer.len().saturating_sub(16usize.saturating_sub(self.len)));
    }

    fn ipv4(address: Ipv4Addr) -> Self {
        let mut text = Self::default();
        for (i, octet) in address.octets().into_iter().enumerate() {
            if i != 0 {
                text.push(b'.');
            }
            if octet >= 100 {
                text.push_digit(octet / 100);
            }
            if octet >= 10 {
                text.push_digit(octet / 10 % 10);
            }
            text.push_digit(octet % 10);
        }
        text
    }
}

/// Appends an IPv4 address.
pub fn ipv4(buffer: &mut Vec<u8>, address: Ipv4Addr) {
    Short::ipv4(address).append_to(buffer);
}

/// Appends a frame's number, right-aligned to 5 characters, and the nanoseconds since the first frame as seconds,
/// right-aligned to 11; a space behind each.
pub fn number_and_time(buffer: &mut Vec<u8>, number: u64, elapsed: Option<i128>) {
    let microseconds = elapsed.map(|elapsed| u64::try_from(elapsed).map(|elapsed| elapsed / 1000));
    match (u32::try_from(number), microseconds) {
        // What nearly every frame is: the columns are filled from the right, and appended at once.
        (Ok(number @ ..=99_999), Some(Ok(microseconds @ ..10_000_000_000))) => {
            let mut columns = [b' '; 18];
            digits(columns.iter_mut().take(5).rev(), number, 1);
            let seconds = u32::try_from(microseconds / 1_000_000).unwrap_or_default();
            digits(columns.iter_mut().skip(6).take(4).rev(), seconds, 1);
            if let Some(point) = columns.get_mut(10) {
                *point = b'.';
            }
            let fraction = u32::try_from(microseconds % 1_000_000).unwrap_or_default();
            digits(columns.iter_mut().skip(11).take(6).rev(), fraction, 6);
            buffer.extend_from_slice(&columns);
        }
        _ => {
            decimal_right(buffer, number, 5);
            buffer.push(b' ');
            match elapsed {
                Some(elapsed) => seconds(buffer, elapsed, 6, 11),
                None => spaces(buffer, 11),
            }
            buffer.push(b' ');
        }
    }
}

/// Fills places with the digits of a number, the last digit first: at least `least` of them.
fn digits<'p>(places: impl Iterator<Item = &'p mut u8>, mut number: u32, least: usize) {
    for (i, place) in places.enumerate() {
        if i >= least && number == 0 {
            break;
        }
        *place = b'0'.wrapping_add(u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
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

/// Appends an endpoint's address, with spaces before it up to `width` characters.
pub fn address_right(buffer: &mut Vec<u8>, endpoint: Address, width: usize) {
    if let Address::Ip(IpAddr::V4(address)) = endpoint {
        let text = Short::ipv4(address);
        spaces(buffer, width.saturating_sub(text.len));
        text.append_to(buffer);
    } else {
        // The others are as long as any column, or nearly.
        let start = buffer.len();
        address(buffer, endpoint);
        let missing = width.saturating_sub(buffer.len().saturating_sub(start));
        spaces(buffer, missing);
        if let Some(text) = buffer.get_mut(start..) {
            text.rotate_right(missing);
        }
    }
}

/// Text appended to a buffer of octets: `fmt::Write` without the detour over `io::Write`.
struct Appender<'b>(&'b mut Vec<u8>);

impl fmt::Write for Appender<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Appends formatted text.
pub fn append(buffer: &mut Vec<u8>, text: fmt::Arguments<'_>) {
    // Appending cannot fail.
    let _ = fmt::write(&mut Appender(buffer), text);
}

/// Appends spaces until the text from `start` on has `width` characters; ASCII text only.
pub fn pad_right(buffer: &mut Vec<u8>, start: usize, width: usize) {
    spaces(buffer, width.saturating_sub(buffer.len().saturating_sub(start)));
}

/// Appends a number of nanoseconds as seconds with `digits` decimals, 9 at the most, and spaces before it up to `width`
/// characters. What is below the last decimal is cut off, not rounded.
pub fn seconds(buffer: &mut Vec<u8>, nanoseconds: i128, digits: usize, width: usize) {
    let magnitude = nanoseconds.unsigned_abs();
    // A quotient of 64-bit numbers is a single instruction; only times beyond the year 2554 need the other.
    let (whole, fraction) = match u64::try_from(magnitude) {
        Ok(magnitude) => (magnitude / NANOSECONDS, magnitude % NANOSECONDS),
        Err(_) => (
            u64::try_from(magnitude / NANOSECONDS_WIDE).unwrap_or(u64::MAX),
            u64::try_from(magnitude % NANOSECONDS_WIDE).unwrap_or_default(),
        ),
    };
    // Below 10^9, and so in 32 bits: division is cheaper there.
    let mut decimals = [b'0'; 9];
    let mut fraction = u32::try_from(fraction).unwrap_or_default();
    let cut = decimals.len().saturating_sub(digits.min(9));
    match cut {
        // Microseconds, as a line a packet has them: one division by a constant.
        3 => fraction /= 1000,
        _ => (0..cut).for_each(|_| fraction /= 10),
    }
    for place in decimals.iter_mut().rev().skip(cut) {
        *place = b'0'.wrapping_add(u8::try_from(fraction % 10).unwrap_or_default());
        fraction /= 10;
    }
    let sign = usize::from(nanoseconds < 0);
    let mut text = itoa::Buffer::new();
    let text = text.format(whole).as_bytes();
    let decimals = decimals.get(..digits).unwrap_or(&decimals);
    let len = text.len().saturating_add(sign).saturating_add(1).saturating_add(decimals.len());
    spaces(buffer, width.saturating_sub(len));
    if sign != 0 {
        buffer.push(b'-');
    }
    buffer.extend_from_slice(text);
    buffer.push(b'.');
    buffer.extend_from_slice(decimals);
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
        Err(_) => seconds(buffer, time.0, 9, 0),
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
        Value::Name(name) => buffer.extend_from_slice(name.as_bytes()),
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
        assert_eq!(text(|b| seconds(b, 1_000_001_999, 6, 0)), "1.000001");
        assert_eq!(text(|b| seconds(b, -50_000_000, 9, 0)), "-0.050000000");
        assert_eq!(text(|b| seconds(b, 0, 6, 11)), "   0.000000");
        assert_eq!(text(|b| seconds(b, i128::MAX, 1, 0)), format!("{}.{}", u64::MAX, 8));
    }

    #[test]
    fn numbers_and_times_stand_in_columns() {
        let columns = |number, elapsed| text(|b| number_and_time(b, number, elapsed));
        assert_eq!(columns(1, Some(0)), "    1    0.000000 ");
        assert_eq!(columns(99_999, Some(9_999_999_999_999)), "99999 9999.999999 ");
        assert_eq!(columns(100_000, Some(10_000_000_000_000)), "100000 10000.000000 ");
        assert_eq!(columns(42, Some(-1_500_000_000)), "   42   -1.500000 ");
        assert_eq!(columns(7, None), "    7             ");
        assert_eq!(columns(1234, Some(61_000_042_999)), " 1234   61.000042 ");
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
            (Value::Name("NAT-T draft 03"), "NAT-T draft 03"),
            (Value::Signed(-5), "-5"),
            (Value::Boolean(true), "true"),
        ] {
            assert_eq!(text(|b| value(b, v)), expected);
        }
    }

    #[test]
    fn padding_left_and_right() {
        let v4 = Address::Ip(IpAddr::V4(Ipv4Addr::new(10, 0, 209, 1)));
        assert_eq!(text(|b| decimal_right(b, 42, 5)), "   42");
        assert_eq!(text(|b| decimal_right(b, 123_456, 5)), "123456");
        assert_eq!(text(|b| address_right(b, v4, 12)), "  10.0.209.1");
        assert_eq!(text(|b| address_right(b, Address::Ip("::1".parse().unwrap()), 5)), "  ::1");
        assert_eq!(text(|b| address_right(b, Address::Mac([1; 6]), 5)), "01:01:01:01:01:01");
        assert_eq!(text(|b| ipv4(b, Ipv4Addr::new(255, 99, 100, 0))), "255.99.100.0");
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
