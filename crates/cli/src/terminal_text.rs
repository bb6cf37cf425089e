//! Makes text from other sources safe for a terminal.
//!
//! File names, words of a list and error texts about them may hold any character. A control character could move the
//! cursor, change colours, or make the terminal send an answer as if a person had typed it.

use std::fmt::Write as _;
use std::io::Write as _;

/// Whether a character is a control character, or changes the direction of the text.
const fn is_command(character: char) -> bool {
    !dissect::sinks::text::is_plain(character)
}

/// The text with an escape such as `\u{1b}` in place of each control character.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_command(character) {
            let _ = write!(escaped, "{}", character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The greatest number of octets that [`escape_octets`] writes for one octet.
pub(crate) const ESCAPED_LEN: usize = 6;

/// Appends octets with the escapes of [`escaped`], and `\xHH` for those that are not UTF-8. Returns whether anything
/// was escaped.
///
/// The buffer does not move if it has room for [`ESCAPED_LEN`] times the octets, so that no copy of a secret is left
/// behind.
pub(crate) fn escape_octets(buffer: &mut Vec<u8>, octets: &[u8]) -> bool {
    let mut is_escaped = false;
    for chunk in octets.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_command(character) {
                is_escaped = true;
                let _ = write!(buffer, "{}", character.escape_unicode());
            } else {
                buffer.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        for octet in chunk.invalid() {
            is_escaped = true;
            let _ = write!(buffer, "\\x{octet:02x}");
        }
    }
    is_escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        let text: String = (0..=0x10_ffff).filter_map(char::from_u32).collect();
        let mut octets = Vec::new();
        assert!(escape_octets(&mut octets, text.as_bytes()));
        for escaped in [escaped(&text), String::from_utf8(octets).unwrap()] {
            assert!(!escaped.chars().any(char::is_control));
            assert!(!['\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}'].iter().any(|c| escaped.contains(*c)));
            assert!(escaped.contains("\\u{1b}") && escaped.contains("\\u{9b}") && escaped.contains('é'));
        }
        assert_eq!(escaped("a\x1b[2Jb\u{202e}"), "a\\u{1b}[2Jb\\u{202e}");
    }

    #[test]
    fn each_octet_takes_no_more_room_than_it_is_said_to() {
        for octets in [&b"\x07\x1b\xff\xfe"[..], "\u{9b}\u{202e}é".as_bytes(), b"plain"] {
            let mut buffer = Vec::new();
            assert_eq!(escape_octets(&mut buffer, octets), octets != b"plain");
            assert!(buffer.len() <= octets.len() * ESCAPED_LEN);
        }
        let mut buffer = Vec::new();
        escape_octets(&mut buffer, b"a\xffb");
        assert_eq!(buffer, b"a\\xffb");
    }
}
