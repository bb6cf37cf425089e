//! Reads the list of accepted differences, which has one line for each: `field | condition | reason`.
//!
//! A field is a name or a pattern with `*`. A condition is `*`, or terms with commas between them that must all hold:
//! `file=PATTERN` (the path below the captures, or its last part), `frame=N`, `protocols=PATTERN` (tshark's),
//! `ours=PATTERN` and `theirs=PATTERN` (the values with spaces between them; or `absent`; or `part`: some of the other
//! side's values in their order, or no values; or `start`: the other side's octets begin with these), `malformed`
//! (according to tshark), `cut` (by the capture), `keys` (in the run with keys on both sides), `fault=PATTERN` (a
//! fault that `vpnwire` finds in the frame, as `PROTOCOL: REASON`), `with=FIELD:PATTERN` (the values of another field
//! of the frame in `vpnwire`, with spaces between them), `without=FIELD:PATTERN` (the other field has values, and they
//! are different from these).

use anyhow::{Result, bail};

use super::{Difference, values};
use crate::process::matches;

/// One line of the list of accepted differences.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) line: usize,
    pub(super) text: String,
    field: String,
    terms: Vec<Term>,
}

#[derive(Debug)]
enum Term {
    File(String),
    Frame(u64),
    Protocols(String),
    Ours(String),
    Theirs(String),
    Malformed,
    Keys,
    Fault(String),
    With(String, String),
    Without(String, String),
    Cut,
}

/// Reads the list. Empty lines and lines that begin with `#` are skipped.
pub(super) fn parse(text: &str) -> Result<Vec<Accepted>> {
    let mut list = Vec::new();
    for (index, text) in text.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let line = index + 1;
        let parts: Vec<&str> = text.splitn(3, " | ").map(str::trim).collect();
        let [field, condition, reason] = parts[..] else {
            bail!("line {line} does not have the form `field | condition | reason`")
        };
        if field.is_empty() || field == "*" {
            bail!("line {line} names no field");
        }
        if !reason.contains("RFC") && !reason.contains("section") && !reason.contains("tshark") {
            bail!("line {line}: the reason must name an RFC, a section or tshark");
        }
        let mut terms = Vec::new();
        for term in condition.split(',').map(str::trim).filter(|term| *term != "*") {
            terms.push(match term.split_once('=') {
                Some(("file", pattern)) => Term::File(pattern.to_string()),
                Some(("frame", number)) => Term::Frame(number.parse()?),
                Some(("protocols", pattern)) => Term::Protocols(pattern.to_string()),
                Some(("ours", pattern)) => Term::Ours(pattern.to_string()),
                Some(("theirs", pattern)) => Term::Theirs(pattern.to_string()),
                Some(("fault", pattern)) => Term::Fault(pattern.to_string()),
                Some((kind @ ("with" | "without"), other)) => match other.split_once(':') {
                    Some((field, pattern)) => {
                        let make = if kind == "with" { Term::With } else { Term::Without };
                        make(field.to_string(), pattern.to_string())
                    }
                    None => bail!("line {line}: the condition `{term}` has no value"),
                },
                None if term == "malformed" => Term::Malformed,
                None if term == "keys" => Term::Keys,
                None if term == "cut" => Term::Cut,
                _ => bail!("line {line}: `{term}` is not a condition"),
            });
        }
        list.push(Accepted { line, text: text.to_string(), field: field.to_string(), terms });
    }
    Ok(list)
}

impl Accepted {
    pub(super) fn matches(&self, difference: &Difference) -> bool {
        let side = |pattern: &str, values: &str, others: &str| match pattern {
            "absent" => values.is_empty(),
            "part" => is_part(values, others),
            "start" => is_start(values, others),
            _ => matches(pattern, values),
        };
        let other = |field: &str| difference.our_frame.fields.get(field).map(|found| values::joined(found));
        matches(&self.field, &difference.field)
            && self.terms.iter().all(|term| match term {
                Term::File(pattern) => {
                    let last = difference.file.rsplit('/').next().unwrap_or_default();
                    matches(pattern, &difference.file) || matches(pattern, last)
                }
                Term::Frame(number) => *number == difference.frame,
                Term::Protocols(pattern) => matches(pattern, &difference.protocols),
                Term::Ours(pattern) => side(pattern, &difference.ours, &difference.theirs),
                Term::Theirs(pattern) => side(pattern, &difference.theirs, &difference.ours),
                Term::Malformed => difference.is_malformed,
                Term::Keys => difference.with_keys,
                Term::Fault(pattern) => {
                    difference.our_frame.faults.iter().any(|fault| matches(pattern, fault))
                }
                Term::With(field, pattern) => other(field).is_some_and(|found| matches(pattern, &found)),
                Term::Without(field, pattern) => other(field).is_some_and(|found| !matches(pattern, &found)),
                Term::Cut => difference.is_cut,
            })
    }
}

/// Whether the octets of `others` begin with those of `values`.
fn is_start(values: &str, others: &str) -> bool {
    let plain = |octets: &str| octets.replace(':', "");
    !values.is_empty() && plain(others).starts_with(&plain(values))
}

/// Whether all of `values` occur in `others` in the same order.
fn is_part(values: &str, others: &str) -> bool {
    let plain = |value: &str| match value {
        "true" => "1".to_string(),
        "false" => "0".to_string(),
        _ => match value.strip_prefix("0x").map(|digits| u128::from_str_radix(digits, 16)) {
            Some(Ok(number)) => number.to_string(),
            _ => value.replace(':', ""),
        },
    };
    let mut others = others.split_whitespace().map(plain);
    values.split_whitespace().map(plain).all(|value| others.any(|other| other == value))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde_json::json;

    use super::super::json::Ours;
    use super::*;

    fn difference() -> Difference {
        Difference {
            file: "tcpdump/HSRP_coup.pcap".to_string(),
            frame: 3,
            field: "hsrp.reserved".to_string(),
            protocols: "eth:ip:udp:hsrp".to_string(),
            ours: String::new(),
            theirs: "0x01 2".to_string(),
            is_malformed: false,
            with_keys: false,
            our_frame: Arc::new(Ours {
                number: 3,
                fields: BTreeMap::from([("hsrp.version".to_string(), vec![json!(0), json!(2)])]),
                faults: vec!["hsrp: no opcode 9".to_string()],
            }),
            is_cut: false,
        }
    }

    fn holds(line: &str) -> bool {
        parse(line).unwrap()[0].matches(&difference())
    }

    #[test]
    fn terms_must_all_hold() {
        assert!(holds("hsrp.reserved | * | RFC 2281 section 5.1"));
        assert!(holds("hsrp.* | file=HSRP_*,ours=absent,theirs=0x01 * | RFC 2281 section 5.1"));
        assert!(holds("hsrp.* | file=tcpdump/*,frame=3,protocols=*:hsrp | RFC 2281 section 5.1"));
        assert!(holds("hsrp.* | fault=hsrp: no opcode *,with=hsrp.version:0 2 | RFC 2281 section 5.1"));
        assert!(holds("hsrp.* | without=hsrp.version:0,without=hsrp.version:2 | RFC 2281 section 5.1"));
        for condition in [
            "without=hsrp.version:0 *",
            "without=hsrp.state:9",
            "file=HSRP",
            "frame=4",
            "theirs=absent",
            "ours=0x01*",
            "malformed",
            "cut",
            "keys",
            "protocols=*:udp",
            "fault=hsrp: version *",
            "with=hsrp.version:0",
            "with=hsrp.state:*",
        ] {
            assert!(!holds(&format!("hsrp.reserved | {condition} | RFC 2281")), "{condition}");
        }
        assert!(!holds("hsrp.opcode | * | RFC 2281"));
    }

    #[test]
    fn a_line_without_its_parts_is_refused() {
        for line in [
            "hsrp.opcode",
            "hsrp.opcode | *",
            "hsrp.opcode | what=3 | RFC 1",
            "a | with=hsrp.version | RFC 1",
            "a | without=hsrp.version | RFC 1",
            "a | * | because",
            "* | * | RFC 1",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        assert!(parse("# nothing\n\n").unwrap().is_empty());
    }

    #[test]
    fn a_start_is_what_the_other_begins_with() {
        for (values, others, expected) in
            [("00:01", "000102", true), ("0001", "00:02", false), ("", "00", false), ("0001", "00", false)]
        {
            assert_eq!(is_start(values, others), expected, "{values} in {others}");
        }
        let fcs = Difference { ours: "0102".to_string(), theirs: "01".to_string(), ..difference() };
        assert!(parse("hsrp.* | theirs=start | tshark").unwrap()[0].matches(&fcs));
        assert!(!parse("hsrp.* | ours=start | tshark").unwrap()[0].matches(&fcs));
    }

    #[test]
    fn a_part_is_some_of_the_values_in_their_order() {
        for (values, others, expected) in [
            ("", "1 2", true),
            ("1 3", "1 2 3", true),
            ("3 1", "1 2 3", false),
            ("1 1", "1", false),
            ("0x10 0", "16 false 1", true),
            ("00:0a", "000a", true),
        ] {
            assert_eq!(is_part(values, others), expected, "{values} of {others}");
        }
    }
}
