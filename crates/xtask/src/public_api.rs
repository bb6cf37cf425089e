//! `cargo xtask public-api` compares the public interface of each published crate with a text that is kept in git.
//!
//! A change of the interface is visible in a review as a changed line of `crates/<folder>/public-api.txt`. The gate
//! also refuses an item that can be reached by two paths, and a foreign type in a signature or bound, because both
//! would make later changes break the programs of users.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::process;

/// The crates that may appear in a signature: those that cannot change, those of this project, and those of optional
/// features. `zeroize` has kept its two traits since 1.0, and a caller who holds keys wants to see that they are
/// implemented.
const ALLOWED: &[&str] = &["core", "alloc", "std", "bytes", "serde", "serde_core", "defmt", "zeroize"];

/// Primitive types, which appear before `::` as a crate does.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize",
];

/// The name of the file in the folder of each crate.
const FILE: &str = "public-api.txt";

/// Compare the public interface of each crate with the one that is kept in git.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write the files instead of comparing them.
    #[arg(long)]
    write: bool,
}

/// A crate whose interface is kept in git.
struct Library {
    package: String,
    /// The name of the crate in paths, such as `vpnwire_hsrp`.
    name: String,
    folder: PathBuf,
}

/// Runs the gate. It ends with status 77 if no compiler is installed whose description of a crate can be read.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match compare(arguments) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(reason)) => {
            println!("public-api: skipped: {reason}");
            ExitCode::from(77)
        }
        Err(error) => {
            eprintln!("failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Compares all crates. Returns the reason if they cannot be compared.
fn compare(arguments: &Arguments) -> Result<Option<String>> {
    let Some(version) =
        process::first_line("rustc", &["+nightly", "--version"]).filter(|line| line.starts_with("rustc"))
    else {
        return Ok(Some(
            "no nightly Rust is installed; `rustup toolchain install nightly` installs one".to_string(),
        ));
    };
    let libraries = libraries()?;
    if libraries.is_empty() {
        bail!("no published library was found");
    }
    let (mut faults, mut lines) = (0, 0);
    for library in &libraries {
        let json = describe(library)?;
        let api = match public_api::Builder::from_rustdoc_json(&json)
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .build()
        {
            Ok(api) => api,
            Err(error) => {
                return Ok(Some(format!("{version} describes crates in an unknown form: {error}")));
            }
        };
        let items: Vec<_> = api.items().map(|item| (item.id().0, item.to_string())).collect();
        for fault in paths(&items).into_iter().chain(foreign(&items, &library.name)) {
            println!("{}: {fault}", library.package);
            faults += 1;
        }
        let mut text: String = items.iter().map(|(_, line)| format!("{line}\n")).collect();
        text = without_repeats(&text);
        lines += text.lines().count();
        let file = library.folder.join(FILE);
        if arguments.write {
            std::fs::write(&file, &text).with_context(|| format!("{} cannot be written", file.display()))?;
        } else {
            faults += difference(&library.package, &file, &text);
        }
    }
    if faults > 0 {
        bail!(
            "{faults} faults in the public interfaces; if the change is intended, `cargo xtask public-api --write` writes \
             the files, and CHANGELOG.md must say what changed"
        );
    }
    println!("public-api: {} crates, {lines} lines, {version}", libraries.len());
    Ok(None)
}

/// The published libraries of the workspace.
fn libraries() -> Result<Vec<Library>> {
    let metadata = process::metadata()?;
    Ok(metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| !package.publish.as_ref().is_some_and(Vec::is_empty))
        .filter_map(|package| {
            let library = package.targets.iter().find(|target| target.is_lib())?;
            Some(Library {
                package: package.name.to_string(),
                name: library.name.replace('-', "_"),
                folder: package.manifest_path.parent()?.into(),
            })
        })
        .collect())
}

/// Runs rustdoc on a crate, and returns the path of its description.
fn describe(library: &Library) -> Result<PathBuf> {
    let root = process::root();
    let target = root.join("target").join("public-api");
    let mut command = std::process::Command::new("cargo");
    command
        .current_dir(&root)
        .args(["+nightly", "rustdoc", "--quiet", "--lib", "--all-features", "--package", &library.package])
        .arg("--target-dir")
        .arg(&target)
        // The environment must not choose this program's compiler for the other one.
        .env_remove("RUSTC")
        .env_remove("RUSTDOC")
        .env_remove("RUSTUP_TOOLCHAIN")
        .args(["--", "-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"]);
    process::check(&mut command)?;
    Ok(target.join("doc").join(format!("{}.json", library.name)))
}

/// A line that is repeated has no further meaning.
fn without_repeats(text: &str) -> String {
    let mut last = None;
    text.lines().filter(|line| last.replace(*line) != Some(*line)).map(|line| format!("{line}\n")).collect()
}

/// Items that can be reached by more than one path.
fn paths(items: &[(u32, String)]) -> Vec<String> {
    let mut found: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (id, line) in items {
        let Some(path) = definition(line) else { continue };
        let known = found.entry(*id).or_default();
        if !known.contains(&path) {
            known.push(path);
        }
    }
    found
        .into_values()
        .filter(|paths| paths.len() > 1)
        .map(|paths| {
            format!("one item has {} public paths, and must have one: {}", paths.len(), paths.join(", "))
        })
        .collect()
}

/// The path that a line defines. `None` when the line does not define a type, a trait, a constant or a free function.
fn definition(line: &str) -> Option<&str> {
    let rest = line
        .split_once("pub struct ")
        .or_else(|| line.split_once("pub enum "))
        .or_else(|| line.split_once("pub trait "))
        .or_else(|| line.split_once("pub type "))
        .or_else(|| line.split_once("pub union "))?
        .1;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches(':'))
}

/// The lines that name a foreign crate that could change.
fn foreign(items: &[(u32, String)], own: &str) -> Vec<String> {
    items
        .iter()
        .filter_map(|(_, line)| {
            let root = roots(line)
                .find(|root| !ALLOWED.contains(root) && *root != own && !root.starts_with("vpnwire_"))?;
            Some(format!("a type or trait of the crate `{root}` stands in a public signature: {line}"))
        })
        .collect()
}

/// The first segment of each path in a line.
fn roots(line: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices("::").filter_map(move |(at, _)| {
        let start = line[..at].rfind(|c| !is_name(c)).map_or(0, |before| before + 1);
        let root = &line[start..at];
        // A path continues if `::` or a generic's `>` stands before the name. Types begin with a capital letter.
        let begins = !line[..start].ends_with("::") && root.starts_with(|c: char| c.is_ascii_lowercase());
        (begins && !PRIMITIVES.contains(&root)).then_some(root)
    })
}

/// Prints where the file and the interface differ, and returns the number of differing lines.
fn difference(package: &str, file: &Path, text: &str) -> usize {
    let Ok(kept) = std::fs::read_to_string(file) else {
        println!("{package}: {} is missing; `cargo xtask public-api --write` writes it", file.display());
        return 1;
    };
    let (kept, now): (Vec<_>, Vec<_>) = (kept.lines().collect(), text.lines().collect());
    let gone = kept.iter().filter(|line| !now.contains(line));
    let new = now.iter().filter(|line| !kept.contains(line));
    let lines: Vec<_> =
        gone.map(|line| format!("- {line}")).chain(new.map(|line| format!("+ {line}"))).collect();
    for line in &lines {
        println!("{package}: {line}");
    }
    if lines.is_empty() && kept != now {
        println!("{package}: {} has the same lines in another order", file.display());
        return 1;
    }
    lines.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(lines: &[(u32, &str)]) -> Vec<(u32, String)> {
        lines.iter().map(|(id, line)| (*id, (*line).to_string())).collect()
    }

    #[test]
    fn an_item_with_two_paths_is_told_and_two_items_of_one_name_are_not() {
        let twice =
            items(&[(7, "pub struct a::chain::Chain<'a, F: a::Framing>"), (7, "pub struct a::Chain<'a, F>")]);
        let [fault] = &paths(&twice)[..] else { panic!("{:?}", paths(&twice)) };
        assert!(fault.ends_with("a::chain::Chain, a::Chain"), "{fault}");
        assert!(
            paths(&items(&[(1, "pub struct a::v1::Packet"), (2, "pub struct a::v2::Packet")])).is_empty()
        );
        assert!(paths(&items(&[(1, "#[non_exhaustive] pub enum a::E"), (1, "pub a::E::X")])).is_empty());
    }

    #[test]
    fn foreign_crates_are_told_and_the_standard_library_is_not() {
        let bound = items(&[
            (1, "impl<C: aes::cipher::Block> x::Cbc<C>"),
            (2, "pub fn x::f(&self) -> core::fmt::Result"),
        ]);
        let [fault] = &foreign(&bound, "x")[..] else { panic!("{:?}", foreign(&bound, "x")) };
        assert!(fault.contains("crate `aes`"), "{fault}");
        assert!(
            foreign(
                &items(&[
                    (1, "pub fn x::T::of(vpnwire_wire::Writer<'_>, Self::A, <F as x::G>::H)"),
                    (2, "pub fn u16::from(value: x::T) -> Self"),
                ]),
                "x"
            )
            .is_empty()
        );
    }

    #[test]
    fn what_changed_is_counted_line_by_line() {
        let folder = std::env::temp_dir().join(format!("public-api-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(FILE);
        assert_eq!(difference("x", &file, "a\n"), 1, "a missing file is a fault");
        std::fs::write(&file, "a\nb\n").unwrap();
        assert_eq!(difference("x", &file, "a\nb\n"), 0);
        assert_eq!(difference("x", &file, "a\nc\nd\n"), 3);
        assert_eq!(difference("x", &file, "b\na\n"), 1);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
