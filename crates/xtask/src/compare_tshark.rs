//! `cargo xtask compare-tshark` compares the output of `vpnwire` for a capture with tshark's.
//!
//! For each frame and each field name, the ordered lists of values are compared in both directions: a field that only
//! one side has is a difference. A new protocol needs a line in [`PROTOCOLS`]. tshark's fields that are not octets of
//! the packet are in [`scope::EXCLUDED`]. Intended differences are in `crates/xtask/accepted-differences.txt`.

mod accepted;
mod json;
mod keys;
mod pdml;
mod protocol;
mod scope;
mod summaries;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};

use crate::process::{self, matches};
use accepted::Accepted;
use json::Ours;
use keys::Keys;
use pdml::Theirs;
use protocol::PROTOCOLS;
use scope::Scope;

/// The version of tshark whose field names and values `vpnwire` follows.
pub(crate) const REFERENCE: &str = "4.0.17";

/// Fields that have no value in tshark's output. Their number is compared, and not their values.
const WITHOUT_VALUE: &[&str] = &[
    "isakmp.*.attr",
    "isakmp.id.data",
    "isakmp.cert.data",
    "isakmp.enc.data",
    "isakmp.ike.nat_keepalive",
    "udpencap.*",
    "esp.sequence-analysis.wrong-sequence-number",
];

/// Compare every field with tshark's in both directions, except for the accepted differences.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The captures to compare. Without any, those of ../shared/captures and testdata that hold a protocol that is
    /// compared here.
    files: Vec<PathBuf>,
    /// Compare only the fields of these protocols.
    #[arg(long, value_delimiter = ',')]
    protocols: Vec<String>,
    /// Print every difference, and not only the first of each field.
    #[arg(long)]
    all: bool,
    /// Compare only tshark's lines in testdata/golden/summaries.txt. A run without files compares them too.
    #[arg(long, conflicts_with_all = ["files", "protocols", "renew_summaries"])]
    summaries: bool,
    /// Write both columns of testdata/golden/summaries.txt anew, and compare nothing. A new line needs a file, a frame
    /// and a protocol.
    #[arg(long, conflicts_with_all = ["files", "protocols"])]
    renew_summaries: bool,
    /// Use this program instead of building `vpnwire`.
    #[arg(long)]
    vpnwire: Option<PathBuf>,
}

/// A difference in one field of one frame.
#[derive(Debug)]
struct Difference {
    file: String,
    frame: u64,
    field: String,
    protocols: String,
    ours: String,
    theirs: String,
    is_malformed: bool,
    with_keys: bool,
    /// The whole output of `vpnwire` for the frame.
    our_frame: Arc<Ours>,
    is_cut: bool,
}

#[derive(Debug, Default)]
struct Report {
    files: usize,
    /// The number of files that were compared a second time with keys on both sides.
    keyed: usize,
    frames: usize,
    malformed: usize,
    values: usize,
    /// The number of values of carriers inside protocols that `vpnwire` does not dissect.
    foreign: usize,
    differences: Vec<Difference>,
}

/// The status of a gate that compared nothing.
const SKIPPED: u8 = 77;

/// Runs the gate. It ends with status 77 if only the summaries were to be compared, and they are those of another tshark.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(version) = process::first_line("tshark", &["--version"]) else {
        bail!("tshark is not installed")
    };
    println!("{version} (reference {REFERENCE})");
    let is_full = arguments.files.is_empty() && arguments.protocols.is_empty();
    let has_compared = is_full && !arguments.renew_summaries && summaries::check(&version)?;
    if arguments.summaries {
        return Ok(if has_compared { ExitCode::SUCCESS } else { ExitCode::from(SKIPPED) });
    }
    let scope = Scope::new(&arguments.protocols)?;
    let vpnwire = program(arguments.vpnwire.as_deref())?;
    if arguments.renew_summaries {
        return summaries::renew(&version, &vpnwire).map(|()| ExitCode::SUCCESS);
    }
    let mut candidates = arguments.files.clone();
    let folders = [process::root().join("../shared/captures"), process::root().join("testdata")];
    if candidates.is_empty() {
        for folder in &folders {
            if folder.is_dir() {
                candidates.extend(captures(folder)?);
            } else {
                println!("no captures at {}", folder.display());
            }
        }
    }
    // A capture is identified by its path below the folders, in whatever form it was named.
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let roots = folders.each_ref().map(|folder| whole(folder));
    let name = |path: &Path| {
        let path = whole(path);
        let below = roots.iter().find_map(|root| path.strip_prefix(root).ok());
        below.unwrap_or(&path).display().to_string()
    };

    let report = Mutex::new(Report::default());
    let failed: Mutex<Option<anyhow::Error>> = Mutex::new(None);
    let turn = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|threads| {
        for _ in 0..workers {
            threads.spawn(|| {
                while let Some(file) = candidates.get(turn.fetch_add(1, Ordering::Relaxed)) {
                    let result = one_file(arguments, &scope, &vpnwire, file, &name(file));
                    match result.with_context(|| file.display().to_string()) {
                        Ok(None) => {}
                        Ok(Some(one)) => {
                            let mut report = report.lock().unwrap();
                            report.files += 1;
                            report.keyed += one.keyed;
                            report.frames += one.frames;
                            report.malformed += one.malformed;
                            report.values += one.values;
                            report.foreign += one.foreign;
                            report.differences.extend(one.differences);
                        }
                        Err(error) => {
                            failed.lock().unwrap().get_or_insert(error);
                        }
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap() {
        return Err(error);
    }
    let list = process::root().join("crates/xtask/accepted-differences.txt");
    let accepted = accepted::parse(&std::fs::read_to_string(&list).unwrap_or_default())?;
    conclude(report.into_inner().unwrap(), &accepted, is_full, arguments.all).map(|()| ExitCode::SUCCESS)
}

/// The comparison of one capture. `None` when the capture was not named and holds no protocol that selects it.
fn one_file(
    arguments: &Arguments,
    scope: &Scope,
    vpnwire: &Path,
    file: &Path,
    name: &str,
) -> Result<Option<Report>> {
    if arguments.files.is_empty() && !holds_subject(file, &arguments.protocols)? {
        return Ok(None);
    }
    let mut report = Report::default();
    let keys = Keys::of(file, name)?;
    for keys in [Keys::default()].into_iter().chain(keys) {
        let theirs = pdml::read(tshark(file, &keys)?, &|field| scope.holds(field))?;
        let ours = json::read(dissect(vpnwire, file, &keys)?, &|field| scope.holds(field))?;
        report.keyed += usize::from(!keys.is_empty());
        compare(name, !keys.is_empty(), ours, theirs, &mut report);
    }
    Ok(Some(report))
}

/// Removes the accepted differences, prints the others, and fails if there are any or if nothing was compared.
fn conclude(mut report: Report, accepted: &[Accepted], is_full: bool, print_all: bool) -> Result<()> {
    report.differences.sort_by(|a, b| (&a.field, &a.file, a.frame).cmp(&(&b.field, &b.file, b.frame)));
    let mut counts = vec![0; accepted.len()];
    let mut open: Vec<&Difference> = Vec::new();
    for difference in &report.differences {
        let mut is_accepted = false;
        for (entry, count) in accepted.iter().zip(&mut counts) {
            if entry.matches(difference) {
                *count += 1;
                is_accepted = true;
            }
        }
        if !is_accepted {
            open.push(difference);
        }
    }
    let mut by_field: BTreeMap<&str, usize> = BTreeMap::new();
    for difference in &open {
        let count = by_field.entry(&difference.field).or_default();
        *count += 1;
        if print_all || *count <= 3 {
            println!(
                "{}{} frame {} {}: ours [{}], tshark [{}] ({})",
                difference.file,
                if difference.with_keys { " with keys" } else { "" },
                difference.frame,
                difference.field,
                difference.ours,
                difference.theirs,
                difference.protocols
            );
        }
    }
    for (field, count) in &by_field {
        println!("{count:>8} differences in {field}");
    }
    let mut unused = 0;
    for (entry, count) in accepted.iter().zip(&counts) {
        if *count == 0 && is_full {
            unused += 1;
            println!("line {} of the accepted differences matches no difference: {}", entry.line, entry.text);
        } else if *count > 0 {
            println!("accepted {count:>6}: {}", entry.text);
        }
    }
    println!(
        "compare-tshark: {} files, {} of them with keys too, {} frames ({} of them malformed to tshark), {} values in \
         fields, {} differences accepted, {} open; {} values inside of protocols not dissected here left out",
        report.files,
        report.keyed,
        report.frames,
        report.malformed,
        report.values,
        report.differences.len() - open.len(),
        open.len(),
        report.foreign
    );
    if report.files == 0 || report.frames == 0 || report.values == 0 {
        bail!("compare-tshark: no field was compared");
    }
    if !open.is_empty() || unused > 0 {
        bail!("compare-tshark: {} differences, {unused} accepted differences that do not occur", open.len());
    }
    Ok(())
}

fn compare(file: &str, with_keys: bool, ours: Vec<Ours>, theirs: Vec<Theirs>, report: &mut Report) {
    let mut ours: BTreeMap<u64, Ours> = ours.into_iter().map(|frame| (frame.number, frame)).collect();
    let mut theirs: BTreeMap<u64, Theirs> = theirs.into_iter().map(|frame| (frame.number, frame)).collect();
    let numbers: BTreeSet<u64> = ours.keys().chain(theirs.keys()).copied().collect();
    report.files = 1;
    for number in numbers {
        report.frames += 1;
        let (our_frame, their_frame) = match (ours.remove(&number), theirs.remove(&number)) {
            (Some(ours), Some(theirs)) => (Arc::new(ours), theirs),
            (ours, theirs) => {
                let presence = |is_there: bool| if is_there { "present" } else { "absent" }.to_string();
                report.differences.push(Difference {
                    file: file.to_string(),
                    frame: number,
                    field: "frame".to_string(),
                    protocols: theirs.as_ref().map(|frame| frame.protocols.clone()).unwrap_or_default(),
                    ours: presence(ours.is_some()),
                    theirs: presence(theirs.is_some()),
                    is_malformed: false,
                    with_keys,
                    our_frame: Arc::new(ours.unwrap_or_default()),
                    is_cut: false,
                });
                continue;
            }
        };
        report.malformed += usize::from(their_frame.is_malformed);
        report.foreign += their_frame.foreign;
        let names: BTreeSet<&String> = our_frame.fields.keys().chain(their_frame.fields.keys()).collect();
        for name in names {
            let ours = our_frame.fields.get(name).map(Vec::as_slice).unwrap_or_default();
            let theirs = their_frame.fields.get(name).map(Vec::as_slice).unwrap_or_default();
            report.values += ours.len().max(theirs.len());
            let has_value = !WITHOUT_VALUE.iter().any(|pattern| matches(pattern, name));
            let is_same = ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| !has_value && theirs.is_empty() || values::same(ours, theirs));
            if !is_same {
                report.differences.push(Difference {
                    file: file.to_string(),
                    frame: number,
                    field: name.clone(),
                    protocols: their_frame.protocols.clone(),
                    ours: values::joined(ours),
                    theirs: theirs.iter().map(values::theirs).collect::<Vec<_>>().join(" "),
                    is_malformed: their_frame.is_malformed,
                    with_keys,
                    our_frame: Arc::clone(&our_frame),
                    is_cut: their_frame.is_cut,
                });
            }
        }
    }
}

/// A tshark that does not read the settings of its user.
pub(crate) fn plain_tshark(file: &Path) -> Command {
    let mut command = Command::new("tshark");
    command
        .env("WIRESHARK_CONFIG_DIR", std::env::temp_dir().join("vpnwire-no-wireshark-settings"))
        .env("TZ", "UTC")
        .env("LC_ALL", "C.UTF-8")
        .arg("-n")
        .arg("-r")
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn tshark(file: &Path, keys: &Keys) -> Result<std::process::Child> {
    let mut command = plain_tshark(file);
    command.args(["-T", "pdml"]);
    for preference in PROTOCOLS.iter().flat_map(|protocol| protocol.preferences) {
        command.args(["-o", preference]);
    }
    command.args(keys.for_tshark());
    command.spawn().context("tshark does not start")
}

fn dissect(vpnwire: &Path, file: &Path, keys: &Keys) -> Result<std::process::Child> {
    Command::new(vpnwire)
        // tshark does not guess unless it is asked to.
        .args(["dissect", "--json", "--octets", "--no-esp-null"])
        .args(keys.for_vpnwire())
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} does not start", vpnwire.display()))
}

/// Whether a frame of the capture holds one of the protocols that select captures. tshark decides this.
fn holds_subject(file: &Path, protocols: &[String]) -> Result<bool> {
    let output = plain_tshark(file).args(["-T", "fields", "-e", "frame.protocols"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split([':', '\n']).any(|name| {
        PROTOCOLS.iter().any(|protocol| {
            protocol.name == name
                && if protocols.is_empty() {
                    protocol.selects
                } else {
                    protocols.iter().any(|named| named == name)
                }
        })
    }))
}

/// The program that is compared: the one that was named, or one that is built.
pub(crate) fn program(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.to_path_buf());
    }
    let build = ["build", "--quiet", "--release", "--package", "vpnwire"];
    process::check(process::cargo(&process::root()).args(build))?;
    Ok(process::metadata()?.target_directory.into_std_path_buf().join("release/vpnwire"))
}

/// Every capture below a folder.
pub(crate) fn captures(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if [".pcap", ".cap", ".pcapng", ".pcap.gz", ".pcapng.gz"]
                .iter()
                .any(|end| name.ends_with(end))
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
