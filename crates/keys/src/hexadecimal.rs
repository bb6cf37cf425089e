//! Keys as text: hexadecimal digits, read and written in a time that does not depend on their values.

use core::fmt;

use zeroize::Zeroizing;

/// Why a text is not a valid key. The key itself is not repeated.
///
/// It is about the text of a [`PreSharedKey`](crate::PreSharedKey) or an [`HsrpKey`](crate::HsrpKey). `ipsec::KeyError` is
/// another type: it says that an algorithm does not accept the octets of a key, and stands in the errors of SAs, such as
/// [`ChildError::Keys`](crate::ChildError::Keys).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key has no octets.
    #[error("the key is empty, but it must have at least one octet")]
    Empty,
    /// The text after `0x` is not pairs of hexadecimal digits.
    #[error("the key begins with 0x, but what follows is not pairs of hexadecimal digits")]
    Hexadecimal,
}

/// Decodes octets that are written as pairs of hexadecimal digits, in either case.
pub(crate) fn hexadecimal(digits: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // The buffer has its final length from the start, so it is never moved and leaves no copy of the key behind.
    let mut octets = Zeroizing::new(vec![0; digits.len() / 2]);
    match base16ct::mixed::decode(digits, &mut octets) {
        Ok(_) => Ok(octets),
        Err(_) => Err(KeyError::Hexadecimal),
    }
}

/// Decodes `N` octets from `2 * N` digits and leaves no copy of them elsewhere. Escapes within secrets are read with
/// it.
pub(crate) fn digits_of<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut octets = [0; N];
    base16ct::mixed::decode(digits, &mut octets).ok().filter(|octets| octets.len() == N)?;
    Some(octets)
}

/// Reads a key as Wireshark and tcpdump write it: hexadecimal digits after `0x`, or else the octets of the text.
pub(crate) fn octets_of(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => hexadecimal(digits),
        None => Ok(Zeroizing::new(text.as_bytes().to_vec())),
    }
}

/// Decodes a key that may be written in groups, as people copy it: with blanks, colons, hyphens, points or underscores
/// between pairs of digits, and with `0x` before the first group or before each.
pub(crate) fn grouped(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let text = text.trim();
    let bare = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if bare.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return hexadecimal(bare);
    }
    // The text has room for all digits from the start, so it is never moved and leaves no copy of the key behind.
    let mut digits = Zeroizing::new(String::with_capacity(text.len()));
    for group in text.split(is_separator).filter(|group| !group.is_empty()) {
        let group = group.strip_prefix("0x").or_else(|| group.strip_prefix("0X")).unwrap_or(group);
        // A group of half an octet is more likely a digit that is missing than one that stands alone.
        if !group.len().is_multiple_of(2) {
            return Err(KeyError::Hexadecimal);
        }
        digits.push_str(group);
    }
    hexadecimal(&digits)
}

const fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\t' | ':' | '-' | '.' | '_')
}

/// Reads the key of an SA: hexadecimal digits after `0x`, pairs of digits in groups, or else the octets of the text.
pub(crate) fn sa_key(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let is_marked = text.starts_with("0x") || text.starts_with("0X");
    // A password of this shape is unlikely: at least four groups of the same, even number of digits.
    let groups = || text.split(is_separator);
    // default: `split` gives at least one piece.
    let len = groups().next().unwrap_or_default().len();
    let is_group = |group: &str| group.len() == len && group.bytes().all(|octet| octet.is_ascii_hexdigit());
    if is_marked || (matches!(len, 2 | 4 | 8 | 16) && groups().count() >= 4 && groups().all(is_group)) {
        return grouped(text);
    }
    Ok(Zeroizing::new(text.as_bytes().to_vec()))
}

/// Octets that are displayed as hexadecimal digits.
pub(crate) struct Hexadecimal<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hexadecimal<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = Zeroizing::new([0; 64]);
        let (chunks, rest) = self.0.as_chunks::<32>();
        chunks.iter().map(|chunk| chunk.as_slice()).chain([rest]).try_for_each(|octets| {
            formatter.write_str(base16ct::lower::encode_str(octets, &mut *digits).map_err(|_| fmt::Error)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_of_every_value_go_both_ways() {
        for len in [0, 1, 31, 32, 33, 64, 300] {
            let octets: Vec<u8> = (0..=255).cycle().take(len).collect();
            let text = Hexadecimal(&octets).to_string();
            assert_eq!(text.len(), 2 * len);
            assert!(text.bytes().all(|digit| b"0123456789abcdef".contains(&digit)));
            assert_eq!(*hexadecimal(&text).unwrap(), octets);
            assert_eq!(*hexadecimal(&text.to_uppercase()).unwrap(), octets);
        }
    }

    #[test]
    fn keys_are_read_in_groups() {
        let expected = [0, 1, 2, 3, 0xa0, 0xb1, 0xc2, 0xd3];
        for text in [
            "0x00010203a0b1c2d3",
            "0x00010203 a0b1c2d3",
            "0x00010203 0xA0B1C2D3",
            "0x00 0x01 0x02 0x03 0xa0 0xb1 0xc2 0xd3",
            "0x0001:0203:a0b1:c2d3",
            "0X00010203_a0b1c2d3",
            "00:01:02:03:a0:b1:c2:d3",
            "00 01 02 03 a0 b1 c2 d3",
            "0001.0203.a0b1.c2d3",
            "00-01-02-03-A0-B1-C2-D3",
        ] {
            assert_eq!(sa_key(text).unwrap().as_slice(), expected, "{text}");
            assert_eq!(grouped(text).unwrap().as_slice(), expected, "{text}");
        }
        // What is not marked as hexadecimal and has no groups is a password.
        for text in ["00010203a0b1c2d3", "dead beef", "a b c d", "pass:word:with:colon", "00:01:02:3"] {
            assert_eq!(sa_key(text).unwrap().as_slice(), text.as_bytes(), "{text}");
        }
        for wrong in ["0x0001:203", "0x00010203:zz", "0x0 0x1 0x2 0x3"] {
            assert_eq!(sa_key(wrong), Err(KeyError::Hexadecimal), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_pairs_of_digits_is_refused() {
        for wrong in ["a", "abc", "0g", "g0", "+1", " 1", "0x", "é", "ab\n"] {
            assert_eq!(hexadecimal(wrong), Err(KeyError::Hexadecimal), "{wrong}");
        }
    }
}
