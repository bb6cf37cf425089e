//! The golden summaries: lines of frames in `testdata/golden/summaries.txt`, tshark's beside ours.
//!
//! This gate checks that tshark still prints its column. A test of `vpnwire-conformance`, which needs no tshark, checks
//! ours.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::keys::Keys;
use super::plain_tshark;
use crate::process;

/// The file below the root of the repository.
const FILE: &str = "testdata/golden/summaries.txt";

/// The beginning of the line that names the version of tshark.
const VERSION: &str = "# tshark ";

/// The mark behind the name of a capture that both programs read with the keys beside it.
const KEYS: &str = "+keys";

/// The preferences of tshark, without which its line names numbers that no packet has, or calls Cisco's packets
/// malformed.
const PREFERENCES: [&str; 3] =
    ["nhrp.auth_ext_has_addr:FALSE", "sctp.relative_tsns:FALSE", "tcp.relative_sequence_numbers:FALSE"];

/// A frame of the file, with both lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row<'t> {
    file: &'t str,
    frame: u64,
    protocol: &'t str,
    theirs: &'t str,
}

impl<'t> Row<'t> {
    /// Reads a line. `None` when it is empty or a comment. The last two columns may be missing until they are renewed.
    fn parse(line: &'t str) -> Result<Option<Self>> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let mut columns = line.split('\t');
        let mut column = || columns.next();
        let (Some(file), Some(frame), Some(protocol)) = (column(), column(), column()) else {
            bail!(
                "{FILE}: expected a file, a frame and a protocol with tabs between them, but found: {line}"
            );
        };
        let frame = frame.parse().with_context(|| format!("{FILE}: the number of a frame in: {line}"))?;
        Ok(Some(Self { file, frame, protocol, theirs: column().unwrap_or_default() }))
    }

    /// The capture, and whether it is read with keys.
    fn capture(&self) -> (&'t str, bool) {
        self.file.strip_suffix(KEYS).map_or((self.file, false), |file| (file, true))
    }

    /// Where the capture is. `None` when it belongs to a folder beside the repository that is not there.
    fn path(&self) -> Result<Option<PathBuf>> {
        let (file, _) = self.capture();
        let root = process::root();
        if file.starts_with("testdata/") {
            return Ok(Some(root.join(file)));
        }
        let Some(file) = file.strip_prefix("captures/") else {
            bail!("{FILE}: {file} is neither below testdata/ nor below captures/");
        };
        let folder = root.join("../shared/captures");
        Ok(folder.is_dir().then(|| folder.join(file)))
    }
}

/// The lines of the frames of one capture, by their numbers.
type Lines = BTreeMap<u64, String>;

/// Checks that tshark prints its column of the file. `tshark` is the first line of what it prints as its version. Returns
/// whether anything was compared: another version of tshark may print other lines.
pub(super) fn check(tshark: &str) -> Result<bool> {
    let text = read()?;
    let golden = version_of(&text)?;
    let installed = installed(tshark)?;
    if minor(golden) != minor(installed) {
        println!(
            "summaries: they are those of tshark {golden}, but this is {installed}, so they are not compared"
        );
        return Ok(false);
    }
    let (mut compared, mut absent, mut different) = (0, 0, 0);
    let mut seen: BTreeMap<&str, Lines> = BTreeMap::new();
    for line in text.lines() {
        let Some(row) = Row::parse(line)? else { continue };
        let Some(path) = row.path()? else {
            absent += 1;
            continue;
        };
        if !seen.contains_key(row.file) {
            seen.insert(row.file, theirs(&row, &path)?);
        }
        let found = seen[row.file].get(&row.frame).map_or("no such frame", String::as_str);
        compared += 1;
        if found != row.theirs {
            different += 1;
            println!(
                "{} frame {}: tshark prints [{found}], the file has [{}]",
                row.file, row.frame, row.theirs
            );
        }
    }
    println!(
        "summaries: {compared} lines of tshark compared, {different} differ, {absent} are of captures that are not here"
    );
    ensure!(compared > 0, "no summary was compared: {FILE} is empty");
    ensure!(different == 0, "{different} lines of {FILE} differ from tshark's: see `--renew-summaries`");
    Ok(true)
}

/// Writes both columns of the file anew.
pub(super) fn renew(tshark: &str, vpnwire: &Path) -> Result<()> {
    let text = read()?;
    let mut seen: BTreeMap<&str, (Lines, Lines)> = BTreeMap::new();
    let mut renewed = String::new();
    for line in text.lines() {
        if line.starts_with(VERSION) {
            renewed.push_str(&format!("{VERSION}{}\n", installed(tshark)?));
            continue;
        }
        let Some(row) = Row::parse(line)? else {
            renewed.push_str(&format!("{line}\n"));
            continue;
        };
        let Some(path) = row.path()? else {
            bail!("{} is not here, so its lines cannot be renewed: see testdata/captures.txt", row.file);
        };
        if !seen.contains_key(row.file) {
            seen.insert(row.file, (theirs(&row, &path)?, ours(&row, &path, vpnwire)?));
        }
        let (theirs, ours) = &seen[row.file];
        let both = theirs.get(&row.frame).zip(ours.get(&row.frame));
        let (theirs, ours) = both.with_context(|| format!("{} has no frame {}", row.file, row.frame))?;
        let Row { file, frame, protocol, .. } = row;
        renewed.push_str(&format!("{file}\t{frame}\t{protocol}\t{theirs}\t{ours}\n"));
    }
    std::fs::write(process::root().join(FILE), renewed).context(FILE)
}

fn read() -> Result<String> {
    std::fs::read_to_string(process::root().join(FILE)).context(FILE)
}

/// The version of tshark that the file is of.
fn version_of(text: &str) -> Result<&str> {
    let version = text.lines().find_map(|line| line.strip_prefix(VERSION));
    version.with_context(|| format!("{FILE} must have a line that begins with {VERSION:?}"))
}

/// The version in what tshark prints of itself: `TShark (Wireshark) 4.0.17 (…)`.
fn installed(tshark: &str) -> Result<&str> {
    let is_version = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    let version = tshark.split_whitespace().find(is_version).map(|word| word.trim_end_matches('.'));
    version.with_context(|| format!("there is no version in what tshark prints of itself: {tshark}"))
}

/// The major and the minor version.
fn minor(version: &str) -> Vec<&str> {
    version.split('.').take(2).collect()
}

fn keys(row: &Row<'_>, path: &Path) -> Result<Keys> {
    match row.capture() {
        (_, false) => Ok(Keys::default()),
        (name, true) => Keys::of(path, name)?.with_context(|| format!("{name} has no keys beside it")),
    }
}

fn theirs(row: &Row<'_>, path: &Path) -> Result<Lines> {
    let mut command = plain_tshark(path);
    command.args(PREFERENCES.iter().flat_map(|preference| ["-o", preference]));
    command.args(keys(row, path)?.for_tshark());
    let columns = ["frame.number", "_ws.col.Protocol", "_ws.col.Info"];
    command.args(["-T", "fields"]).args(columns.iter().flat_map(|column| ["-e", column]));
    lines(&mut command)
}

fn ours(row: &Row<'_>, path: &Path, vpnwire: &Path) -> Result<Lines> {
    let mut command = Command::new(vpnwire);
    let columns: OsString = "frame.number,_ws.col.protocol,_ws.col.info".into();
    command.args(["dissect".into(), "--fields".into(), columns]);
    command.args(keys(row, path)?.for_vpnwire()).arg(path).stderr(Stdio::null());
    lines(&mut command)
}

/// Runs a program that prints a number, a protocol and a summary for each frame.
fn lines(command: &mut Command) -> Result<Lines> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = Lines::new();
    for line in text.lines() {
        let mut columns = line.splitn(3, '\t');
        let Some(number) = columns.next().and_then(|number| number.parse().ok()) else { continue };
        let (protocol, info) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        lines.insert(number, format!("{protocol} {info}").trim().to_string());
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_a_capture_a_frame_and_a_protocol() {
        let row = Row::parse("testdata/a.pcap+keys\t7\tESP\ttheirs\tours").unwrap().unwrap();
        assert_eq!((row.capture(), row.frame, row.theirs), (("testdata/a.pcap", true), 7, "theirs"));
        assert_eq!(row.path().unwrap(), Some(process::root().join("testdata/a.pcap")));
        let new = Row::parse("captures/b.pcap\t1\tAH").unwrap().unwrap();
        assert_eq!((new.capture(), new.theirs), (("captures/b.pcap", false), ""));
        assert_eq!((Row::parse("# a comment").unwrap(), Row::parse("").unwrap()), (None, None));
        assert!(Row::parse("a\tb\tc").is_err() && Row::parse("a").is_err());
        assert!(Row::parse("elsewhere/b.pcap\t1\tAH").unwrap().unwrap().path().is_err());
    }

    #[test]
    fn versions_are_the_same_up_to_the_minor_one() {
        let text = "# A heading\n# tshark 4.0.17\na\t1\tb\n";
        assert_eq!(version_of(text).unwrap(), "4.0.17");
        assert!(version_of("# A heading\n").is_err());
        assert_eq!(
            installed("TShark (Wireshark) 4.0.17 (Git v4.0.17 packaged as 4.0.17-0).").unwrap(),
            "4.0.17"
        );
        assert_eq!(installed("TShark (Wireshark) 4.2.2.").unwrap(), "4.2.2");
        assert!(installed("TShark").is_err());
        assert!(minor("4.0.17") == minor("4.0.9") && minor("4.0.17") != minor("4.2.0"));
    }
}
