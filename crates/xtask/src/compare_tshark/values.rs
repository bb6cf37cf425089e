//! Decides when a value of `vpnwire` and one of tshark are the same.

use serde_json::Value;

/// A value that tshark prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The value as text, in the form of the field's type.
    pub(super) show: String,
    /// The octets of the value, in hexadecimal.
    pub(super) value: String,
}

impl Shown {
    /// Whether the value is empty, both as text and as octets.
    pub(super) const fn is_empty(&self) -> bool {
        self.show.is_empty() && self.value.is_empty()
    }
}

/// Whether both values are equal: numbers by value, booleans as 0 and 1, octets without separators, everything else as
/// text.
pub(super) fn same(ours: &Value, theirs: &Shown) -> bool {
    let shown = if theirs.show.is_empty() { &theirs.value } else { &theirs.show };
    match ours {
        Value::Bool(ours) => match shown.as_str() {
            "1" | "True" | "true" => *ours,
            "0" | "False" | "false" => !*ours,
            _ => false,
        },
        Value::Number(ours) => match (ours.as_i128(), number(shown, theirs.show.is_empty())) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => ours.as_f64().is_some_and(|ours| shown.parse() == Ok(ours)),
        },
        Value::String(ours) => {
            // A text that consists of NULs shows no characters, though it has octets.
            ours == &theirs.show
                || same_octets(ours, &theirs.value)
                || ours == shown
                || ours.eq_ignore_ascii_case(shown) && is_octets(shown)
                || is_octets(shown) && is_octets(ours) && plain(ours) == plain(shown)
        }
        _ => false,
    }
}

/// Whether a text or octets in hexadecimal of `vpnwire` are the octets of tshark's field. tshark escapes octets that
/// are not text, and ends a text at its first NUL.
fn same_octets(ours: &str, octets: &str) -> bool {
    let mut octets = octets;
    if is_octets(ours) && ours.eq_ignore_ascii_case(octets) && !octets.is_empty() {
        return true;
    }
    while let Some(rest) = octets.strip_suffix("00").filter(|rest| rest.len().is_multiple_of(2)) {
        octets = rest;
    }
    let ours: String = ours.bytes().map(|octet| format!("{octet:02x}")).collect();
    !ours.is_empty() && ours == octets
}

/// The values of `vpnwire`, with spaces between them.
pub(super) fn joined(values: &[Value]) -> String {
    values.iter().map(ours).collect::<Vec<_>>().join(" ")
}

/// A value of `vpnwire`, as a message shows it.
fn ours(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// A value of tshark, as a message shows it.
pub(super) fn theirs(value: &Shown) -> String {
    if value.show.is_empty() { value.value.clone() } else { value.show.clone() }
}

fn number(text: &str, is_hex: bool) -> Option<i128> {
    match text.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None if is_hex => i128::from_str_radix(text, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Whether `text` is octets in hexadecimal, with or without separators.
fn is_octets(text: &str) -> bool {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let is_hex =
        |part: &str| part.len().is_multiple_of(2) && part.bytes().all(|octet| octet.is_ascii_hexdigit());
    match parts[..] {
        [whole] => is_hex(whole),
        _ => parts.iter().all(|part| part.len() == 2 && is_hex(part)),
    }
}

fn plain(text: &str) -> String {
    text.replace([':', '-'], "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn octets_that_are_no_text_are_compared_as_octets() {
        let shown = |show: &str, value: &str| Shown { show: show.to_string(), value: value.to_string() };
        assert!(same(&json!("fffe000000000001"), &shown("??", "fffe000000000001")));
        assert!(same(&json!("ab\u{0}cd"), &shown("ab", "6162006364000000")));
        assert!(same(&json!("a\u{1}"), &shown("a\\001", "61010000")));
        assert!(!same(&json!("fffe000000000002"), &shown("??", "fffe000000000001")));
        assert!(!same(&json!("ab"), &shown("ax", "6178")));
    }

    fn same_shown(ours: Value, show: &str) -> bool {
        same(&ours, &Shown { show: show.to_string(), value: "ab".to_string() })
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(same_shown(json!(2048), "0x0800"));
        assert!(same_shown(json!(u64::MAX), "18446744073709551615"));
        assert!(same_shown(json!(-1), "-1"));
        assert!(same_shown(json!(1.5), "1.500000"));
        assert!(same_shown(json!(171), ""), "the octets, where nothing is shown");
        assert!(!same_shown(json!(10), "0x10"));
        assert!(!same_shown(json!(10), "ten"));
        assert!(!same_shown(json!("10"), "0x0a"));
    }

    #[test]
    fn booleans_are_zero_and_one() {
        assert!(
            same_shown(json!(true), "1") && same_shown(json!(false), "0") && same_shown(json!(true), "True")
        );
        assert!(
            !same_shown(json!(true), "0") && !same_shown(json!(false), "1") && !same_shown(json!(true), "2")
        );
        assert!(same_shown(json!(1), "1"));
    }

    #[test]
    fn octets_are_compared_without_separators_and_text_as_it_is() {
        assert!(same_shown(json!("00aabb"), "00:AA:bb"));
        assert!(same_shown(json!("00:aa:bb"), "00:AA:bb"));
        assert!(same_shown(json!("10.0.0.1"), "10.0.0.1"));
        assert!(same_shown(json!("ff02::66"), "ff02::66"));
        assert!(same_shown(json!("1213854736.041638000"), "1213854736.041638000"));
        assert!(!same_shown(json!("00aabb"), "00:aa:bc"));
        assert!(!same_shown(json!("Cisco"), "cisco"));
        assert!(!same_shown(json!("1:23"), "12:3"));
        assert!(!same_shown(json!(null), "0"));
    }
}
