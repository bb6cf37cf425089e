//! `vpnwire fields`.

use std::fmt::Write as _;

use dissect::fields;

use crate::{Status, complain, print};

/// Lists the fields whose names contain the pattern, or all.
pub(crate) fn run(pattern: Option<&str>) -> Status {
    let pattern = pattern.unwrap_or_default();
    let mut text = String::new();
    for field in fields::all().filter(|field| field.name.contains(pattern)) {
        let (name, kind) = (field.name, field.kind.name());
        let meaning = match field.parts {
            [] => field.reference.to_owned(),
            parts => format!("stands for {}", parts.join(" and ")),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", format!("{name:<44} {kind:<13} {meaning}").trim_end());
    }
    if text.is_empty() {
        let hint = fields::nearest(pattern).map_or(String::new(), |name| format!(": did you mean {name}?"));
        complain(format_args!("there is no field whose name contains {pattern:?}{hint}"));
        return Status::Refused;
    }
    print(text.as_bytes())
}
