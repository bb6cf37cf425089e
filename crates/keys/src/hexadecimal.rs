//! Keys as text: hexadecimal digits, read and written in a time that does not depend on their values.

use core::fmt;

use zeroize::Zeroizing;

/// Why a text is not a valid key. The key itself is not repeated.
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
    fn what_is_not_pairs_of_digits_is_refused() {
        for wrong in ["a", "abc", "0g", "g0", "+1", " 1", "0x", "é", "ab\n"] {
            assert_eq!(hexadecimal(wrong), Err(KeyError::Hexadecimal), "{wrong}");
        }
    }
}
