//! Keys that are likely not meant as they are written.

use core::fmt;

use crate::hexadecimal::sa_key;
use crate::{esp_sa, secret};

/// A key that is taken for a password, but looks like hexadecimal digits without the `0x` that marks them. The key is not
/// repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyHint {
    /// The number of characters, all of which are hexadecimal digits.
    pub digits: usize,
}

impl KeyHint {
    /// Looks at the keys in a text that [`AssociationKeys`](crate::AssociationKeys) or [`AhKeys`](crate::AhKeys) reads.
    /// `None` when none of them looks like hexadecimal digits.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if esp_sa::is_row(text) { esp_sa::hint(text) } else { secret::hint(text) }
    }

    /// Looks at a key as it is written in a format that marks hexadecimal digits.
    pub(crate) fn of_key(text: &str) -> Option<Self> {
        let digits = text.len();
        // Shorter ones may well be passwords. The digits of a key are pairs, and no key is longer than 64 octets.
        let is_likely = (32..=128).contains(&digits) && digits.is_multiple_of(4);
        let is_text = sa_key(text).is_ok_and(|octets| octets.as_slice() == text.as_bytes());
        let all_are_digits = text.bytes().all(|octet| octet.is_ascii_hexdigit());
        (is_likely && is_text && all_are_digits).then_some(Self { digits })
    }
}

impl fmt::Display for KeyHint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "a key of {} hexadecimal digits is taken for a password of as many characters: write 0x in front of it \
             if it is meant as {} octets",
            self.digits,
            self.digits / 2
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_without_their_mark_are_told() {
        for count in [32, 40, 48, 64] {
            let key = "5ec2e700".repeat(count / 8);
            for text in [
                format!("257@::1 ah-sha256-hmac:{key}"),
                format!("aes-cbc-hmac96:{key}"),
                format!(r#""IPv4","*","*","*","AES-CBC [RFC3602]","{key}","NULL","""#),
                format!("IPv4,*,*,*,NULL,,HMAC-SHA-256-128 [RFC4868],{key}"),
            ] {
                let hint = KeyHint::of(&text).unwrap();
                assert_eq!(hint.digits, count);
                assert!(!format!("{hint} {hint:?}").contains("5ec2e7"), "{hint}");
                assert_eq!(KeyHint::of(&text.replace("5ec2e7", "5ec2g7")), None);
                assert_eq!(KeyHint::of(&text.replacen("5ec2e7", "0x5ec2e7", 1)), None);
            }
        }
        for text in ["des-cbc:12345678", "ah-md5-hmac:0123456789abcdef", "none:", "", "IPv4", "\"IPv4"] {
            assert_eq!(KeyHint::of(text), None, "{text}");
        }
        assert_eq!(
            KeyHint { digits: 32 }.to_string(),
            "a key of 32 hexadecimal digits is taken for a password of as many characters: write 0x in front of it if \
             it is meant as 16 octets"
        );
    }
}
