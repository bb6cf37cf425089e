//! `cargo xtask defaults` checks that no missing value is replaced silently when a packet is written or authenticated.
//!
//! In the sources of the crates below `dissect`, every `unwrap_or_default`, and every `unwrap_or` of a value that is
//! written there (a number, a slice, a tuple, a greatest value), replaces a value that is missing. Each must have its
//! reason beside it: a comment that begins with `// default:`, on the same line or on the line above. Tests and
//! properties need no reason.
//!
//! [`ACCEPTED`] lists crates that are not yet corrected, with the folder and the greatest number of places that it may
//! have. The list only becomes shorter: more places are a fault, and so is a crate in the list that has no such place
//! any more.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::{layers, process};

/// The crates that are not yet corrected.
const ACCEPTED: &str = "crates/xtask/accepted-defaults.txt";

/// The text with which a reason begins.
const REASON: &str = "// default:";

/// Runs the gate on this repository.
pub(crate) fn run() -> Result<()> {
    let metadata = process::metadata()?;
    let root = metadata.workspace_root.as_std_path();
    let mut accepted = accepted(&fs::read_to_string(root.join(ACCEPTED)).context(ACCEPTED)?)?;
    let (mut files, mut places, mut faults) = (0, 0, Vec::new());
    for folder in layers::without_std(&metadata) {
        let mut bare = Vec::new();
        for path in process::sources(&root.join(&folder).join("src"))? {
            files += 1;
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let found = find(&text);
            places += found.len();
            let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            let without = found.into_iter().filter(|place| !place.has_reason);
            bare.extend(without.map(|place| format!("{shown}:{}: {}", place.line, place.text)));
        }
        faults.extend(judge(&folder, bare, accepted.remove(&folder)));
    }
    faults.extend(
        accepted.keys().map(|folder| format!("{ACCEPTED}: {folder} is not a crate that this gate checks")),
    );
    for fault in &faults {
        println!("{fault}");
    }
    println!("defaults: {files} files, {places} places, {} faults", faults.len());
    if files == 0 || places == 0 {
        bail!("defaults: no source file was found");
    }
    if !faults.is_empty() {
        bail!(
            "defaults: {} faults; say why a value may stand in for one that is not there: `{REASON} ...`",
            faults.len()
        );
    }
    Ok(())
}

/// The faults of a crate that has these places without a reason, and may have so many of them.
fn judge(folder: &str, bare: Vec<String>, accepted: Option<usize>) -> Vec<String> {
    match accepted {
        None => bare,
        Some(_) if bare.is_empty() => {
            vec![format!("{ACCEPTED}: {folder} has no place without a reason any more: delete its line")]
        }
        Some(most) if bare.len() > most => {
            let count = bare.len();
            let line = format!(
                "{ACCEPTED}: {folder} has {count} places without a reason, but at most {most} are accepted"
            );
            bare.into_iter().chain([line]).collect()
        }
        Some(most) => {
            if bare.len() < most {
                println!("{ACCEPTED}: the number of {folder} can be lowered from {most} to {}", bare.len());
            }
            Vec::new()
        }
    }
}

/// The crates of the list, with the number of places that each may have.
fn accepted(text: &str) -> Result<BTreeMap<String, usize>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (folder, most) = line.split_once(' ').with_context(|| format!("{ACCEPTED}: {line}"))?;
            Ok((folder.to_owned(), most.trim().parse().with_context(|| format!("{ACCEPTED}: {line}"))?))
        })
        .collect()
}

/// A place where a value replaces one that is missing.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    /// The number of the line, counted from 1.
    line: usize,
    text: String,
    has_reason: bool,
}

/// The places in a source, up to its tests.
fn find(text: &str) -> Vec<Place> {
    let mut found = Vec::new();
    let mut before = "";
    let mut attribute = "";
    for (line, text) in (1..).zip(text.lines().map(str::trim)) {
        if attribute.starts_with("#[cfg(test)]") && text.starts_with("mod ") && text.ends_with('{') {
            break;
        }
        let code = text.split("//").next().unwrap_or_default();
        if is_default(code) {
            let has_reason = text.contains(REASON) || before.starts_with(REASON);
            found.push(Place { line, text: text.to_owned(), has_reason });
        }
        if !text.starts_with("#[") || text.starts_with("#[cfg(test)]") {
            attribute = text;
        }
        before = text;
    }
    found
}

/// Whether a line of code replaces a missing value by one that is written there.
fn is_default(code: &str) -> bool {
    code.contains("unwrap_or_default") || code.split("unwrap_or(").skip(1).any(is_written)
}

/// Whether an argument is a written value, and not the name of a computed one.
fn is_written(argument: &str) -> bool {
    let argument = argument.trim_start();
    argument.is_empty()
        || argument.starts_with(|first: char| first.is_ascii_digit() || "&[(\"'-".contains(first))
        || ["true", "false"].iter().any(|word| argument.starts_with(word))
        || argument.split([')', ',']).next().is_some_and(|word| word.contains("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, bool)> {
        find(text).into_iter().map(|place| (place.line, place.has_reason)).collect()
    }

    #[test]
    fn a_reason_stands_on_the_line_or_above_it() {
        let text = "let a = b.unwrap_or_default();\n\
            // default: it is there.\n\
            let a = b.unwrap_or(&[]);\n\
            let a = b.unwrap_or(0); // default: none.\n\
            // a word on it\n\
            let a = b.unwrap_or((&[], c));\n\
            // default: too far away.\n\
            \n\
            let a = b.map(Option::unwrap_or_default);";
        assert_eq!(lines(text), [(1, false), (3, true), (4, true), (6, false), (9, false)]);
    }

    #[test]
    fn what_was_computed_needs_no_reason_and_what_is_written_does() {
        assert_eq!(lines("a.unwrap_or(packet); a.unwrap_or_else(|| 0); // unwrap_or(0)"), []);
        for argument in ["0", "&[]", "(a, b)", "u8::MAX", "Encryption::Null", "false", "\"\"", "-1", ""] {
            assert_eq!(lines(&format!("a.unwrap_or({argument}")), [(1, false)], "{argument}");
        }
    }

    #[test]
    fn tests_need_no_reason() {
        let text = "a.unwrap_or(0);\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n    a.unwrap_or(0);\n}";
        assert_eq!(lines(text), [(1, false)]);
        assert_eq!(lines("#[cfg(test)]\nmod tests;\na.unwrap_or(0);"), [(3, false)]);
    }

    #[test]
    fn the_list_only_shrinks() {
        let bare = |count| vec!["x".to_owned(); count];
        assert_eq!(judge("a", bare(2), None).len(), 2);
        assert_eq!(judge("a", bare(2), Some(2)), Vec::<String>::new());
        assert_eq!(judge("a", bare(1), Some(2)), Vec::<String>::new());
        assert_eq!(judge("a", bare(3), Some(2)).len(), 4);
        assert_eq!(judge("a", bare(0), Some(2)).len(), 1);
        assert_eq!(accepted("# why\n\na 3\n").unwrap(), BTreeMap::from([("a".to_owned(), 3)]));
        assert!(accepted("a").is_err());
    }
}
