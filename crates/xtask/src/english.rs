//! `cargo xtask english`: the phrases that made our words hard to read do not come back.
//!
//! Documentation, comments, string literals and Markdown of the repository are read as words, across the ends of lines. [`PHRASES`]
//! lists what is refused and what to write instead; an `# Errors` section says what is returned, and does not begin with "When". A new
//! phrase is a line in the table.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process;

/// A phrase that is refused. `*` stands for any word but those that are listed in `unless_after`.
struct Phrase {
    words: &'static [&'static str],
    /// The phrase is good English behind one of these words.
    unless_before: &'static [&'static str],
    /// The phrase is good English when `*` is one of these words.
    unless_after: &'static [&'static str],
    instead: &'static str,
}

/// What `is no X` may say: there is no X, and X comes no longer, no more.
const THERE: &[&str] = &["there", "here"];
const LONGER: &[&str] =
    &["longer", "more", "less", "later", "greater", "larger", "higher", "lower", "shorter"];

/// Makes a phrase from its words and from what to write instead.
macro_rules! phrase {
    ($($word:literal)+ => $instead:literal) => {
        Phrase { words: &[$($word),+], unless_before: &[], unless_after: &[], instead: $instead }
    };
    ($($word:literal)+, unless there => $instead:literal) => {
        Phrase { words: &[$($word),+], unless_before: THERE, unless_after: LONGER, instead: $instead }
    };
}

const PHRASES: &[Phrase] = &[
    phrase!("is" "none", unless there => "say what it is not: `is not a valid key`"),
    phrase!("are" "none", unless there => "say what they are not, or `there are no …`"),
    phrase!("was" "none", unless there => "say what it was not, or `there was no …`"),
    phrase!("were" "none", unless there => "say what they were not, or `there were no …`"),
    phrase!("for" "who" => "name the reader or the station: `for a standby that …`"),
    phrase!("is" "no" "*", unless there => "`is not a …`"),
    phrase!("are" "no" "*", unless there => "`are not …`"),
    phrase!("has" "no" "say" => "`does not matter`"),
    phrase!("nothing" "where" => "`None` when …"),
    phrase!("nothing" "when" => "`None` when …"),
];

/// Folders that are not ours to write, or are made.
const SKIPPED: &[&str] = &["target", ".git", "corpus", "artifacts"];

/// The file that quotes the phrases.
const OWN: &str = "crates/xtask/src/english.rs";

/// Runs the gate on this repository.
pub(crate) fn run() -> Result<()> {
    let root = process::root();
    let mut faults = Vec::new();
    let (mut files, mut words) = (0, 0);
    for path in files_of(&root)? {
        let shown = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        if shown == OWN {
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| shown.clone())?;
        let read = if shown.ends_with(".md") { of_markdown(&text) } else { of_rust(&text) };
        files += 1;
        words += read.iter().map(Vec::len).sum::<usize>();
        faults.extend(read.iter().flat_map(|words| faults_of(words)).map(|fault| format!("{shown}:{fault}")));
    }
    for fault in &faults {
        println!("{fault}");
    }
    println!("english: {files} files, {words} words, {} faults", faults.len());
    if files == 0 || words == 0 {
        bail!("english: nothing was looked at");
    }
    if !faults.is_empty() {
        bail!("english: {} phrases that a tired reader has to read twice", faults.len());
    }
    Ok(())
}

/// Sources and Markdown below a folder.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                found.extend(files_of(&entry.path())?);
            }
        } else if name.ends_with(".rs") || name.ends_with(".md") {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// A word in lower case, and its line, from 1.
type Word = (String, usize);

/// Adds the words of a line. What separates sentences is a word of its own, so that no phrase reaches across it.
fn words_of(text: &str, line: usize, words: &mut Vec<Word>) {
    let mut word = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_alphanumeric() || matches!(character, '\'' | '_') {
            word.extend(character.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push((std::mem::take(&mut word), line));
        }
        if matches!(character, '.' | ',' | ';' | ':' | '?' | '!' | '(' | ')' | '`' | '"' | '|') {
            words.push((character.to_string(), line));
        }
    }
}

/// The words of each run of comment lines, and of each string literal in a line of code.
fn of_rust(text: &str) -> Vec<Vec<Word>> {
    let mut runs = vec![Vec::new()];
    for (line, code) in (1..).zip(text.lines()) {
        let trimmed = code.trim_start();
        if let Some(comment) = trimmed.strip_prefix("//") {
            let comment = comment.trim_start_matches(['/', '!']).trim();
            if comment.is_empty() {
                runs.push(Vec::new());
            }
            if let Some(run) = runs.last_mut() {
                words_of(comment, line, run);
            }
            continue;
        }
        // Every second piece between quotation marks is a literal, nearly always.
        for literal in trimmed.split('"').skip(1).step_by(2) {
            let mut run = Vec::new();
            words_of(literal, line, &mut run);
            runs.push(run);
        }
        runs.push(Vec::new());
        if let Some((_, comment)) = trimmed.split_once("// ") {
            let mut run = Vec::new();
            words_of(comment, line, &mut run);
            runs.push(run);
            runs.push(Vec::new());
        }
    }
    runs
}

/// The words of each paragraph.
fn of_markdown(text: &str) -> Vec<Vec<Word>> {
    let mut runs = vec![Vec::new()];
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut() {
            words_of(text, line, run);
        }
    }
    runs
}

/// What is refused in a run of words.
fn faults_of(words: &[Word]) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, (_, line)) in words.iter().enumerate() {
        for phrase in PHRASES {
            let Some(found) = words.get(at..at + phrase.words.len()) else { continue };
            let matches = found.iter().zip(phrase.words).all(|((word, _), wanted)| match *wanted {
                "*" => {
                    word.chars().all(char::is_alphanumeric) && !phrase.unless_after.contains(&word.as_str())
                }
                wanted => word == wanted,
            });
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            let may_stand = before.is_some_and(|(word, _)| phrase.unless_before.contains(&word.as_str()));
            if matches && !may_stand {
                let found: Vec<_> = found.iter().map(|(word, _)| word.as_str()).collect();
                faults.push(format!("{line}: \"{}\": {}", found.join(" "), phrase.instead));
            }
        }
        if let Some([hash, first]) =
            words.get(at..at + 2).map(|pair| [pair[0].0.as_str(), pair[1].0.as_str()])
            && hash == "errors"
            && first == "when"
        {
            faults.push(format!("{line}: \"# Errors When …\": say what is returned: `Returns [`X`] when …`"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(read: &[Vec<Word>]) -> Vec<String> {
        read.iter().flat_map(|words| faults_of(words)).collect()
    }

    #[test]
    fn phrases_are_found_across_lines_and_in_literals() {
        let source = "/// Why a key is\n/// none.\nfn f() { g(\"octets that are no packet\") } // nothing where it ends\n";
        let found = faults(&of_rust(source));
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("1: \"is none\""), "{found:?}");
        assert!(found[1].starts_with("3: \"are no packet\""), "{found:?}");
        assert_eq!(faults(&of_rust("/// # Errors\n/// When it is cut.\n")).len(), 1);
    }

    #[test]
    fn good_english_passes() {
        for good in [
            "There is no key.",
            "The timer is no longer running.",
            "It is. None of them is.",
            "Returns `None` when there are no keys.",
        ] {
            assert!(faults(&of_markdown(good)).is_empty(), "{good}");
        }
        assert!(faults(&of_rust("fn words_that_are_none() {}\n")).is_empty(), "names are not sentences");
        assert_eq!(faults(&of_markdown("a key that is no\nkey")).len(), 1);
    }
}
