//! Octets, addresses and times as text, appended to a buffer without allocating.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use crate::sink::{Address, Value, count};
use capture::Timestamp;

const NANOSECONDS: u64 = 1_000_000_000;
const NANOSECONDS_WIDE: u128 = 1_000_000_000;

/// Appends octets as pairs of hexadecimal digits.
pub fn hexadecimal(buffer: &mut Vec<u8>, octets: &[u8]) {
    let start = buffer.len();
    // Most values are short, and a copy of constant length is cheap.
    let mut digits = [0; 64];
    if let Some(place) = digits.get_mut(..octets.len().saturating_mul(2)) {
        // This fails only if the buffer is not exactly twice as long.
        let _ = const_hex::encode_to_slice(octets, place);
        buffer.extend_from_slice(&digits);
        return buffer.truncate(start.saturating_add(octets.len().saturating_mul(2)));
    }
    buffer.resize(start.saturating_add(octets.len().saturating_mul(2)), 0);
    let place = buffer.get_mut(start..).unwrap_or_default();
    // This fails only if the buffer is not exactly twice as long.
    let _ = const_hex::encode_to_slice(octets, place);
}

/// Appends a MAC address: pairs of hexadecimal digits with colons between them.
pub fn mac(buffer: &mut Vec<u8>, octets: [u8; 6]) {
    let mut digits = [0; 12];
    // This fails only if the buffer is not exactly twice as long.
    let _ = const_hex::encode_to_slice(octets, &mut digits);
    let [a, b, c, d, e, f, g, h, i, j, k, l] = digits;
    buffer.extend_from_slice(&[a, b, b':', c, d, b':', e, f, b':', g, h, b':', i, j, b':', k, l]);
}

/// Appends octets as pairs of hexadecimal digits, with `separator` between the pairs.
pub fn separated(buffer: &mut Vec<u8>, octets: &[u8], separator: u8) {
    let (rows, rest) = octets.as_chunks::<16>();
    for row in rows.iter().map(|row| &row[..]).chain([rest]) {
        let mut digits = [0; 32];
        let place = digits.get_mut(..row.len().saturating_mul(2)).unwrap_or_default();
        // This fails only if the buffer is not exactly twice as long.
        let _ = const_hex::encode_to_slice(row, place);
        for pair in place.as_chunks::<2>().0 {
            let [high, low] = *pair;
            buffer.extend_from_slice(&[high, low, separator]);
        }
    }
    if !octets.is_empty() {
        buffer.pop();
    }
}

/// Appends an unsigned number in decimal.
#[inline]
pub fn decimal(buffer: &mut Vec<u8>, value: u64) {
    if let Some((differences, len)) = usize::try_from(value).ok().and_then(|value| DOTTED.get(value)) {
        // Most numbers are small. The dot is cut off.
        return Short { differences: (*differences).into(), len: len.wrapping_sub(1) }.append_to(buffer);
    }
    if value < 100_000_000 {
        return Short::decimal(value).append_to(buffer);
    }
    buffer.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends an unsigned number in decimal, right-aligned to `width` characters with spaces.
pub fn decimal_right(buffer: &mut Vec<u8>, value: u64, width: usize) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(value).as_bytes();
    spaces(buffer, width.saturating_sub(digits.len()));
    buffer.extend_from_slice(digits);
}

/// Appends a number in hexadecimal: `0x` and eight digits.
pub fn hexadecimal_number(buffer: &mut Vec<u8>, number: u32) {
    Short::hexadecimal(number).append_to(buffer);
}

/// Appends spaces.
pub fn spaces(buffer: &mut Vec<u8>, count: usize) {
    for _ in 0..count {
        buffer.push(b' ');
    }
}

/// A short text in an integer: 16 characters at most, the first in the lowest octet.
///
/// Each octet holds the difference of its character from a space. So an absent character is a space, and aligning the
/// text is a shift.
#[derive(Clone, Copy, Debug)]
struct Short {
    differences: u128,
    len: u32,
}

/// Sixteen spaces.
const SPACES: u128 = u128::from_ne_bytes([b' '; 16]);

/// Returns the eight decimal digits of a number below 10^8 as the octets of an integer, the first digit in the lowest
/// octet.
const fn eight_digits(number: u64) -> u64 {
    // Two halves of four digits become four quarters of two and then eight digits. Each step divides all parts at once
    // with a multiplication whose result is exact for numbers this small. Nothing wraps.
    let (high, low) = (number / 10_000, number % 10_000);
    let halves = high | low << 32;
    let hundreds = (halves.wrapping_mul(10_486) >> 20) & 0x0000_007f_0000_007f;
    let quarters = hundreds | halves.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = (quarters.wrapping_mul(103) >> 10) & 0x000f_000f_000f_000f;
    tens | quarters.wrapping_sub(tens.wrapping_mul(10)) << 8
}

/// Returns the difference of eight digits from spaces.
const fn differing(digits: u64) -> u64 {
    digits | 0x1010_1010_1010_1010
}

/// Returns the number of octets with leading zeros. The last digit is never counted.
const fn leading_zeros(digits: u64) -> u32 {
    // The last digit is in the highest octet.
    (digits | 1 << 56).trailing_zeros() / 8
}

/// The difference of a dot from a space.
const DOT: u64 = 0x2e ^ 0x20;

/// The text of each octet's number with a dot after it, as the difference from spaces, and its length.
static DOTTED: [(u64, u32); 256] = {
    let mut table = [(0, 0); 256];
    let mut rest = table.as_mut_slice();
    let mut number = 0;
    while let [entry, after @ ..] = rest {
        let digits = eight_digits(number);
        let zeros = leading_zeros(digits);
        let len = 8u32.wrapping_sub(zeros);
        let text = differing(digits) >> zeros.wrapping_mul(8) & 0x00ff_ffff;
        *entry = (text | DOT << len.wrapping_mul(8), len.wrapping_add(1));
        number = number.wrapping_add(1);
        rest = after;
    }
    table
};

impl Short {
    /// Makes a number in hexadecimal: `0x` and eight digits.
    #[inline]
    fn hexadecimal(number: u32) -> Self {
        // The octets are separated first, then their halves, the upper half first. Each ends at the place of its
        // digit.
        let octets = u64::from(number.swap_bytes());
        let octets = (octets | octets << 16) & 0x0000_ffff_0000_ffff;
        let octets = (octets | octets << 8) & 0x00ff_00ff_00ff_00ff;
        let digits = (octets >> 4) & 0x000f_000f_000f_000f | (octets & 0x000f_000f_000f_000f) << 8;
        // This is 1 for each digit that is a letter. The letters come 39 characters later than they would if they
        // followed the 9. No octet overflows.
        let letters = (digits.wrapping_add(0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
        let characters = digits.wrapping_add(0x3030_3030_3030_3030).wrapping_add(letters.wrapping_mul(39));
        let prefix = u128::from(u16::from_le_bytes(*b"0x"));
        let text = prefix | u128::from(characters) << 16;
        Self { differences: (text ^ SPACES) & ((1 << 80) - 1), len: 10 }
    }

    /// Makes a number below 10^8 in decimal.
    #[inline]
    fn decimal(number: u64) -> Self {
        let digits = eight_digits(number);
        let zeros = leading_zeros(digits);
        Self {
            differences: u128::from(differing(digits) >> zeros.wrapping_mul(8)),
            len: 8u32.wrapping_sub(zeros),
        }
    }

    #[inline]
    fn ipv4(address: Ipv4Addr) -> Self {
        let [a, b, c, d] =
            address.octets().map(|octet| DOTTED.get(usize::from(octet)).copied().unwrap_or_default());
        let pair = |(first, len): (u64, u32), (second, _): (u64, u32)| first | second << len.wrapping_mul(8);
        let (front_len, back_len) = (a.1.wrapping_add(b.1), c.1.wrapping_add(d.1).wrapping_sub(1));
        // The last dot is removed.
        let back = pair(c, d) ^ DOT << back_len.wrapping_mul(8);
        let differences = u128::from(pair(a, b)) | u128::from(back) << front_len.wrapping_mul(8);
        Self { differences, len: front_len.wrapping_add(back_len) }
    }

    /// Returns the same text right-aligned to `width` characters with spaces, 16 at most.
    #[inline]
    fn right(self, width: u32) -> Self {
        let missing = width.saturating_sub(self.len);
        Self { differences: self.differences << missing.wrapping_mul(8), len: self.len.wrapping_add(missing) }
    }

    /// Appends all 16 octets, which is a copy of constant length, and then removes those that do not belong to the
    /// text.
    #[inline]
    fn append_to(self, buffer: &mut Vec<u8>) {
        let len = usize::try_from(self.len).unwrap_or_default();
        let end = buffer.len().saturating_add(len);
        buffer.extend_from_slice(&(self.differences ^ SPACES).to_le_bytes());
        buffer.truncate(end);
    }
}

/// Appends an IPv4 address.
pub fn ipv4(buffer: &mut Vec<u8>, address: Ipv4Addr) {
    Short::ipv4(address).append_to(buffer);
}

/// The first columns of a line: the number of a frame, its time, the sender and the receiver.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// The number of the frame, right-aligned to 5 characters.
    pub number: u64,
    /// The nanoseconds since the first frame. They are written in seconds, right-aligned to 11 characters.
    pub elapsed: Option<i128>,
    /// The number of decimals of the seconds, 9 at most. With other than 6, the column is wider or narrower.
    pub digits: u8,
    /// The sender and the receiver, in 12 characters each, with an arrow between them.
    pub endpoints: Option<(Address, Address)>,
}

/// Appends the columns, each with a space after it.
#[inline]
pub fn columns(buffer: &mut Vec<u8>, columns: &Columns) {
    let elapsed = columns.elapsed.and_then(|elapsed| u64::try_from(elapsed).ok());
    if let Some((Address::Ip(IpAddr::V4(source)), Address::Ip(IpAddr::V4(destination)))) = columns.endpoints
        && let Some(nanoseconds @ ..10_000_000_000_000) = elapsed
        && columns.digits == 6
    {
        let (source, destination) = (Short::ipv4(source), Short::ipv4(destination));
        if source.len <= 12 && destination.len <= 12 {
            return usual_columns(buffer, columns.number, nanoseconds, source, destination);
        }
    }
    decimal_right(buffer, columns.number, 5);
    buffer.push(b' ');
    let digits = usize::from(columns.digits);
    match columns.elapsed {
        Some(elapsed) => seconds(buffer, elapsed, digits, digits.saturating_add(5)),
        None => spaces(buffer, 11),
    }
    buffer.push(b' ');
    if let Some((source, destination)) = columns.endpoints {
        address_right(buffer, source, 12);
        buffer.extend_from_slice(ARROW.as_bytes());
        let start = buffer.len();
        address(buffer, destination);
        pad_right(buffer, start, 12);
        buffer.push(b' ');
    }
}

const ARROW: &str = " → ";

/// Appends the columns of the usual line: 48 characters in three integers, appended at once.
#[inline]
fn usual_columns(buffer: &mut Vec<u8>, number: u64, nanoseconds: u64, source: Short, destination: Short) {
    // The number takes five places. Further digits are written before them, and leading zeros become spaces.
    let (front, back) = (number / 100_000, eight_digits(number % 100_000));
    let zeros = if front == 0 {
        leading_zeros(back)
    } else {
        decimal(buffer, front);
        0
    };
    let number = u128::from((differing(back) & (u64::MAX << zeros.wrapping_mul(8))) >> 24);
    // The seconds take four places, and their fraction takes six.
    let microseconds = nanoseconds / 1000;
    let seconds = eight_digits(microseconds / 1_000_000);
    let zeros = leading_zeros(seconds);
    let seconds = u128::from((differing(seconds) & (u64::MAX << zeros.wrapping_mul(8))) >> 32);
    let fraction = u128::from(differing(eight_digits(microseconds % 1_000_000)) >> 16);
    let character = |character: u8| u128::from(character ^ b' ');
    let [_, arrow @ .., _] = ARROW.as_bytes() else { return };
    let [arrow_0, arrow_1, arrow_2] = [0, 1, 2].map(|at| arrow.get(at).copied().map_or(0, character));
    // number, space, seconds, point, fraction without its last digit
    let first = number | seconds << 48 | u128::from(DOT) << 80 | fraction << 88;
    // the last digit, space, source, space, arrow without its last two octets
    let second = fraction >> 40 | source.right(12).differences << 16 | arrow_0 << 120;
    // the last two octets, space, destination, space
    let third = arrow_1 | arrow_2 << 8 | destination.differences << 24;
    let characters = [first, second, third].map(|differences| (differences ^ SPACES).to_le_bytes());
    buffer.extend_from_slice(characters.as_flattened());
}

/// Appends the address of an endpoint.
pub fn address(buffer: &mut Vec<u8>, address: Address) {
    match address {
        Address::Ip(IpAddr::V4(address)) => ipv4(buffer, address),
        Address::Ip(IpAddr::V6(address)) => append(buffer, format_args!("{address}")),
        Address::Mac(octets) => mac(buffer, octets),
    }
}

/// Appends the address of an endpoint, right-aligned to `width` characters with spaces.
pub fn address_right(buffer: &mut Vec<u8>, endpoint: Address, width: usize) {
    // Most addresses are nearly as long as a column.
    let start = buffer.len();
    address(buffer, endpoint);
    let missing = width.saturating_sub(buffer.len().saturating_sub(start));
    spaces(buffer, missing);
    if let Some(text) = buffer.get_mut(start..) {
        text.rotate_right(missing);
    }
}

/// Text that is appended to a buffer of octets: `fmt::Write` without the overhead of `io::Write`.
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

/// Appends spaces until the text from `start` on has `width` characters. The text must be ASCII.
pub fn pad_right(buffer: &mut Vec<u8>, start: usize, width: usize) {
    spaces(buffer, width.saturating_sub(buffer.len().saturating_sub(start)));
}

/// Fills places with the digits of a number, the last digit first.
pub(crate) fn fill_decimal<'p>(places: impl Iterator<Item = &'p mut u8>, mut number: u32) {
    for place in places {
        *place = b'0'.wrapping_add(u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
    }
}

/// Appends nanoseconds as seconds with `digits` decimals, 9 at most, right-aligned to `width` characters with spaces.
/// Further decimals are cut off, not rounded.
pub fn seconds(buffer: &mut Vec<u8>, nanoseconds: i128, digits: usize, width: usize) {
    let magnitude = nanoseconds.unsigned_abs();
    // Dividing 64-bit numbers is a single instruction. Only times after the year 2554 need more.
    let (whole, fraction) = match u64::try_from(magnitude) {
        Ok(magnitude) => (magnitude / NANOSECONDS, magnitude % NANOSECONDS),
        Err(_) => (
            u64::try_from(magnitude / NANOSECONDS_WIDE).unwrap_or(u64::MAX),
            u64::try_from(magnitude % NANOSECONDS_WIDE).unwrap_or_default(),
        ),
    };
    // The number is below 10^9 and fits in 32 bits, where division is cheaper.
    let mut decimals = [b'0'; 9];
    let mut fraction = u32::try_from(fraction).unwrap_or_default();
    let cut = decimals.len().saturating_sub(digits.min(9));
    match cut {
        // A line per packet has microseconds, which need one division by a constant.
        3 => fraction /= 1000,
        _ => (0..cut).for_each(|_| fraction /= 10),
    }
    fill_decimal(decimals.iter_mut().rev().skip(cut), fraction);
    let sign = usize::from(nanoseconds < 0);
    let mut text = itoa::Buffer::new();
    let text = text.format(whole).as_bytes();
    let decimals = decimals.get(..digits).unwrap_or(&decimals);
    let point = usize::from(!decimals.is_empty());
    let len = text.len().saturating_add(sign).saturating_add(point).saturating_add(decimals.len());
    spaces(buffer, width.saturating_sub(len));
    if sign != 0 {
        buffer.push(b'-');
    }
    buffer.extend_from_slice(text);
    if !decimals.is_empty() {
        buffer.push(b'.');
        buffer.extend_from_slice(decimals);
    }
}

/// Appends a time in the form of RFC 3339, in UTC and nanoseconds. A time outside the years of that form is written in
/// seconds.
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

/// Returns the text without its trailing NULs; `None` when the octets are not valid UTF-8.
#[must_use]
pub fn utf8(octets: &[u8]) -> Option<&str> {
    let len = octets.iter().rposition(|octet| *octet != 0).map_or(0, |last| last.saturating_add(1));
    core::str::from_utf8(octets.get(..len)?).ok()
}

/// Appends a value in the form in which people read it.
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
        Value::Mac(octets) => mac(buffer, octets),
        Value::Text(octets) => match utf8(octets) {
            Some(text) => append(buffer, format_args!("{}", Plain(text))),
            None => hexadecimal(buffer, octets),
        },
        Value::Name(name) => buffer.extend_from_slice(name.as_bytes()),
        Value::Octets(octets) => hexadecimal(buffer, octets),
        Value::Opaque(octets) => {
            decimal(buffer, count(octets.len()));
            buffer.extend_from_slice(if octets.len() == 1 { b" octet" } else { b" octets" });
        }
        Value::Time(time) => rfc3339(buffer, time),
    }
}

/// Whether a character is harmless on a terminal. Control characters, characters that end a line and those that change
/// the direction of writing are not.
#[must_use]
pub const fn is_plain(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Text from outside that may be shown on a terminal. Characters that are not [plain](is_plain) are escaped as Rust
/// does, and so are backslashes.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        self.0.chars().try_for_each(|character| match character {
            '\\' => formatter.write_str("\\\\"),
            character if is_plain(character) => formatter.write_char(character),
            character => write!(formatter, "{}", character.escape_default()),
        })
    }
}

#[cfg(test)]
mod tests;
