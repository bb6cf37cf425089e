//! Strings in JSON that are secrets.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::hexadecimal::digits_of;

/// A string whose escapes are decoded here. `serde_json` would decode them in a buffer of its own, which it does not
/// wipe.
pub(super) struct Text(Zeroizing<String>);

impl Text {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        unescaped(raw.get()).map(Self).ok_or_else(|| D::Error::custom("no string"))
    }
}

/// Decodes the text between quotation marks (RFC 8259 section 7). `None` when the value is not a string, or holds half
/// a surrogate pair.
fn unescaped(raw: &str) -> Option<Zeroizing<String>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    // No escape is shorter than the text that it stands for.
    let mut text = Zeroizing::new(String::with_capacity(inner.len()));
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        let character = match character {
            '\\' => match characters.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let first = unit(&mut characters)?;
                    // This is the first half of a surrogate pair, so the other half follows.
                    let second = if matches!(first, 0xd800..=0xdbff) {
                        characters = characters.as_str().strip_prefix("\\u")?.chars();
                        Some(unit(&mut characters)?)
                    } else {
                        None
                    };
                    char::decode_utf16([first].into_iter().chain(second)).next()?.ok()?
                }
                itself => itself,
            },
            character => character,
        };
        text.push(character);
    }
    Some(text)
}

/// Reads four hexadecimal digits.
fn unit(characters: &mut core::str::Chars<'_>) -> Option<u16> {
    let (digits, after) = characters.as_str().split_at_checked(4)?;
    *characters = after.chars();
    digits_of(digits).map(u16::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares with the strings that `serde_json` decodes.
    #[test]
    fn escapes_are_those_of_json() {
        for raw in [
            r#""""#,
            r#""cisco123""#,
            r#""quo\"ted\\ \/ \b\f\n\r\t""#,
            r#""\u0041\u00e9\u20ac\ud83d\udd11 é€🔑""#,
            r#""\uD83D\uDD11""#,
        ] {
            let expected: String = serde_json::from_str(raw).unwrap();
            let text: Text = serde_json::from_str(raw).unwrap();
            assert_eq!(text.as_str(), expected);
            let text = unescaped(raw).unwrap();
            assert!(text.len() <= raw.len() && text.capacity() < raw.len(), "the text of {raw} was moved");
        }
        for wrong in
            ["1", "null", "[\"a\"]", r#""\ud83d""#, r#""\ud83dx""#, r#""\ud83d\u0041""#, r#""\udd11""#]
        {
            assert!(serde_json::from_str::<Text>(wrong).is_err(), "{wrong}");
        }
    }
}
