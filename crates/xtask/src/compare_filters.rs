//! `cargo xtask compare-filters` compares which frames a display filter matches in `vpnwire` and in tshark.
//!
//! All captures are put together into one, so that each expression is asked once. An expression that matches no frame, or
//! all of them, proves nothing and fails.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use capture::{Capture, Frame, Timestamp, Writer};

use crate::compare_tshark;
use crate::process::{self, matches};

/// The expressions, one a line.
const EXPRESSIONS: &str = include_str!("../filter-expressions.txt");

/// The captures, or single frames of them, that are left out. `vpnwire` dissects them in another way on purpose;
/// `compare-tshark` compares them field by field, with the reason for each difference.
const LEFT_OUT: &[(&str, Option<u64>)] = &[
    ("*departures.pcap", None),
    ("*cut.pcap", None),
    ("isakmp/broken.pcap", None),
    ("isakmp/payloads.pcap", None),
    ("isakmp/fragments.pcap", Some(3)),
    ("isakmp/main-mode.pcap", Some(13)),
    ("gre/erspan.pcap", Some(12)),
    ("link/carriers.pcapng", Some(15)),
    ("link/carriers.pcapng", Some(16)),
    ("link/carriers.pcapng", Some(38)),
    ("link/pseudowires.pcap", Some(7)),
    ("link/pseudowires.pcap", Some(15)),
    ("tcpdump/*", None),
    ("suricata-verify/*too-small*", None),
    ("zeek-spicy-ipsec/traces__ipsec-ikev1-zero-length.pcap", None),
    ("arkime/arkime_synthetic.pcap", None),
];

/// Check that display filters match the frames that they match in tshark.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Use this program instead of building `vpnwire`.
    #[arg(long)]
    vpnwire: Option<PathBuf>,
    /// Name every frame that only one side matches.
    #[arg(long)]
    all: bool,
}

/// A capture in the merged one.
struct Part {
    name: String,
    /// The number of the frame before its first one.
    before: u64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Some(version) = process::first_line("tshark", &["--version"]) else {
        bail!("tshark is not installed")
    };
    println!("{version} (reference {})", compare_tshark::REFERENCE);
    let vpnwire = compare_tshark::program(arguments.vpnwire.as_deref())?;
    let merged = process::metadata()?.target_directory.into_std_path_buf().join("compare-filters.pcapng");
    let (parts, count) = merge(&merged)?;
    let expressions: Vec<&str> = EXPRESSIONS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let faults = Mutex::new(Vec::new());
    let turn = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|threads| {
        for _ in 0..workers {
            threads.spawn(|| {
                while let Some(expression) = expressions.get(turn.fetch_add(1, Ordering::Relaxed)) {
                    let fault = match compared(&vpnwire, &merged, expression, count) {
                        Ok(None) => continue,
                        Ok(Some(difference)) => difference.told(expression, &parts, arguments.all),
                        Err(error) => format!("{expression}: {error:#}"),
                    };
                    if let Ok(mut faults) = faults.lock() {
                        faults.push(fault);
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap_or_default();
    faults.iter().for_each(|fault| println!("{fault}"));
    println!(
        "compare-filters: {} expressions on {count} frames of {} captures, {} faults",
        expressions.len(),
        parts.len(),
        faults.len()
    );
    if expressions.len() < 50 || parts.is_empty() || !faults.is_empty() {
        bail!("compare-filters: {} faults", faults.len());
    }
    Ok(())
}

/// Writes all captures into one file. Returns where each begins, and the number of frames.
fn merge(to: &Path) -> Result<(Vec<Part>, u64)> {
    let root = process::root();
    let mut files = Vec::new();
    for folder in [root.join("../shared/captures"), root.join("testdata")] {
        if folder.is_dir() {
            for file in compare_tshark::captures(&folder)? {
                let name = file.strip_prefix(&folder).unwrap_or(&file).display().to_string();
                files.push((name, file));
            }
        }
    }
    files.sort();
    let mut writer = Writer::pcapng(BufWriter::new(File::create(to)?))?;
    let (mut parts, mut number) = (Vec::new(), 0);
    for (name, file) in files {
        if LEFT_OUT.iter().any(|(pattern, frame)| frame.is_none() && matches(pattern, &name)) {
            continue;
        }
        let opened = File::open(&file).with_context(|| file.display().to_string())?;
        let Ok(mut capture) = Capture::new(opened) else { continue };
        let before = number;
        parts.push(Part { name: name.clone(), before });
        // A capture that is cut is taken as far as it goes.
        while let Some(Ok(frame)) = capture.next_frame() {
            let is_left_out =
                |(pattern, of): &(&str, Option<u64>)| *of == Some(frame.number) && matches(pattern, &name);
            if LEFT_OUT.iter().any(is_left_out) {
                continue;
            }
            number += 1;
            let time = frame.time.or(Some(Timestamp(0)));
            writer.write(&Frame { number, time, ..frame })?;
        }
    }
    writer.finish()?;
    Ok((parts, number))
}

/// The frames that only one side matches, or that prove nothing.
struct Difference {
    ours: BTreeSet<u64>,
    theirs: BTreeSet<u64>,
}

impl Difference {
    fn told(&self, expression: &str, parts: &[Part], all: bool) -> String {
        let named = |only: Vec<&u64>| {
            let shown = if all { only.len() } else { 5 };
            let names: Vec<_> = only.iter().take(shown).map(|number| place(**number, parts)).collect();
            format!("{} ({})", only.len(), names.join(", "))
        };
        format!(
            "{expression}: ours {}, tshark {}; only ours: {}; only tshark: {}",
            self.ours.len(),
            self.theirs.len(),
            named(self.ours.difference(&self.theirs).collect()),
            named(self.theirs.difference(&self.ours).collect()),
        )
    }
}

fn place(number: u64, parts: &[Part]) -> String {
    let part = parts.iter().rev().find(|part| part.before < number);
    part.map_or_else(String::new, |part| format!("{} frame {}", part.name, number - part.before))
}

/// Asks both sides. `None` when they agree on some frames and not all.
fn compared(vpnwire: &Path, file: &Path, expression: &str, count: u64) -> Result<Option<Difference>> {
    let ours = numbers(
        Command::new(vpnwire)
            .args(["dissect", "--no-esp-null", "--fields", "frame.number", "-Y", expression])
            .arg(file),
    )?;
    let mut tshark = compare_tshark::plain_tshark(file);
    let theirs = numbers(tshark.args(["-Y", expression, "-T", "fields", "-e", "frame.number"]))?;
    let total = usize::try_from(count)?;
    let proves = !ours.is_empty() && ours.len() < total;
    Ok((!proves || ours != theirs).then_some(Difference { ours, theirs }))
}

fn numbers(command: &mut Command) -> Result<BTreeSet<u64>> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8(output.stdout)?;
    text.split_whitespace().map(|number| number.parse().context("a frame number")).collect()
}
