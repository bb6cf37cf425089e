//! `cargo xtask captures DIR` lists which of the captures that tests read are in a folder, and checks that they are
//! unchanged.
//!
//! The list is `testdata/captures.txt`. A new capture needs a line there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::process;

/// The path of the list from the root of the repository.
const LIST: &str = "testdata/captures.txt";

/// List which captures of testdata/captures.txt a folder holds, and check that they are unchanged.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder that holds the captures under the paths of the list. Tests read ../shared/captures.
    dir: PathBuf,
}

/// Runs the gate on a folder.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let path = process::root().join(LIST);
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let listed = parse(&text)?;
    let report = check(&listed, &arguments.dir)?;
    for capture in &report.missing {
        println!("missing: {} ({})", capture.path, capture.origin);
    }
    for (capture, found) in &report.different {
        println!(
            "different: {} ({}): its SHA-256 is {found}, not {}",
            capture.path, capture.origin, capture.digest
        );
    }
    println!(
        "captures: {} listed, {} there, {} missing, {} different",
        listed.len(),
        listed.len() - report.missing.len() - report.different.len(),
        report.missing.len(),
        report.different.len()
    );
    if report.missing.len() == listed.len() {
        bail!(
            "{} holds none of the captures of {LIST}: give the folder in which {} is",
            arguments.dir.display(),
            listed[0].path
        );
    }
    if !report.missing.is_empty() || !report.different.is_empty() {
        bail!("{} does not hold every capture of {LIST} as it is listed", arguments.dir.display());
    }
    Ok(())
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Capture<'t> {
    /// The SHA-256 in 64 hexadecimal digits.
    digest: &'t str,
    /// The path below the folder.
    path: &'t str,
    /// The repository and the file in it, or how the capture was made.
    origin: &'t str,
}

/// Reads the list. An empty list is an error, and so is one that names a file twice.
fn parse(text: &str) -> Result<Vec<Capture<'_>>> {
    let (mut captures, mut paths) = (Vec::new(), BTreeSet::new());
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let capture = parse_line(line).with_context(|| format!("line {number} of {LIST}"))?;
        if !paths.insert(capture.path) {
            bail!("line {number} of {LIST}: the list names {} twice", capture.path);
        }
        captures.push(capture);
    }
    if captures.is_empty() {
        bail!("{LIST} lists no capture");
    }
    Ok(captures)
}

fn parse_line(line: &str) -> Result<Capture<'_>> {
    let mut columns = line.splitn(3, ' ');
    let (Some(digest), Some(path), Some(origin)) = (columns.next(), columns.next(), columns.next()) else {
        bail!("three columns are expected: a SHA-256, a path, and where the file is from");
    };
    if digest.len() != 64 || !digest.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        bail!("{digest} is not a SHA-256 of 64 lower-case hexadecimal digits");
    }
    // A path of the list must not lead out of the folder.
    let is_below = Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !is_below {
        bail!("{path} is not a path below the folder");
    }
    let (kind, what) = origin.split_once(' ').unwrap_or((origin, ""));
    let is_repository = kind.split('/').filter(|part| !part.is_empty()).count() == 2;
    if what.is_empty() || !(is_repository || kind == "lab" || kind == "public") {
        bail!("{origin} must be OWNER/NAME and a file, or `lab` or `public` and how the file was made");
    }
    Ok(Capture { digest, path, origin })
}

/// The captures that a folder lacks.
#[derive(Debug, PartialEq, Eq)]
struct Report<'t> {
    missing: Vec<Capture<'t>>,
    /// The captures that differ, with the SHA-256 that was found.
    different: Vec<(Capture<'t>, String)>,
}

fn check<'t>(listed: &[Capture<'t>], folder: &Path) -> Result<Report<'t>> {
    if !folder.is_dir() {
        bail!("{} is not a folder", folder.display());
    }
    let mut report = Report { missing: Vec::new(), different: Vec::new() };
    for capture in listed {
        let path = folder.join(capture.path);
        if !path.is_file() {
            report.missing.push(*capture);
            continue;
        }
        let octets = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let found: String = Sha256::digest(&octets).iter().map(|octet| format!("{octet:02x}")).collect();
        if found != capture.digest {
            report.different.push((*capture, found));
        }
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The SHA-256 of `abc` (FIPS 180-2 appendix B.1) and of an empty message (RFC 6234).
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("vpnwire-captures-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("lab")).unwrap();
        folder
    }

    #[test]
    fn what_is_there_what_is_missing_and_what_differs_is_told_apart() {
        let folder = folder("check");
        std::fs::write(folder.join("lab/abc.pcap"), "abc").unwrap();
        std::fs::write(folder.join("changed.pcap"), "abd").unwrap();
        let list = format!(
            "# a comment\n\n{ABC} lab/abc.pcap lab by hand\n{ABC} changed.pcap owner/name tests/abc.pcap\n{EMPTY} gone.pcap public x\n"
        );
        let listed = parse(&list).unwrap();
        let report = check(&listed, &folder).unwrap();
        assert_eq!(report.missing, [listed[2]]);
        assert_eq!(report.different.len(), 1);
        assert_eq!(report.different[0].0, listed[1]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_wrong_folder_is_an_error_that_says_so() {
        let list = format!("{ABC} abc.pcap lab by hand\n");
        let listed = parse(&list).unwrap();
        let error = check(&listed, Path::new("/nowhere/at-all")).unwrap_err().to_string();
        assert_eq!(error, "/nowhere/at-all is not a folder");
        let file = process::root().join("Cargo.toml");
        assert!(check(&listed, &file).unwrap_err().to_string().ends_with("Cargo.toml is not a folder"));
        let folder = folder("empty");
        let error = run(&Arguments { dir: folder.clone() }).unwrap_err().to_string();
        assert!(error.contains("holds none of the captures"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_list_that_is_wrong_is_an_error_with_its_line() {
        for (list, said) in [
            ("", "lists no capture"),
            ("# nothing\n", "lists no capture"),
            ("abc.pcap\n", "line 1"),
            (&format!("{ABC} abc.pcap\n"), "line 1"),
            (&format!("{} abc.pcap lab x\n", &ABC[1..]), "line 1"),
            (&format!("{} abc.pcap lab x\n", ABC.to_uppercase()), "line 1"),
            (&format!("# one\n{ABC} ../abc.pcap lab x\n"), "line 2"),
            (&format!("{ABC} /abc.pcap lab x\n"), "line 1"),
            (&format!("{ABC} abc.pcap nowhere x\n"), "line 1"),
            (&format!("{ABC} abc.pcap owner/name\n"), "line 1"),
            (&format!("{ABC} abc.pcap lab x\n{ABC} abc.pcap lab x\n"), "line 2"),
        ] {
            let error = format!("{:#}", parse(list).unwrap_err());
            assert!(error.contains(said), "{list:?}: {error}");
        }
    }

    #[test]
    fn the_list_of_this_repository_can_be_read() {
        let text = std::fs::read_to_string(process::root().join(LIST)).unwrap();
        assert!(parse(&text).unwrap().len() >= 190);
    }
}
