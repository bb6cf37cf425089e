//! Measures ESP: every suite is sealed and opened at four lengths, one packet at a time, and compared with its peers.
//! It also measures the replay window.
//!
//! `esp-gate` of the benches runs all candidates of a cell by turns in one process. It is run three times, and the
//! median of the three counts.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Arguments, Outcome, date, median, processor};
use crate::process;

/// The lengths of the payload in octets.
pub(super) const PAYLOADS: [&str; 4] = ["64", "256", "576", "1408"];

/// The number of processes.
pub(super) const PROCESSES: usize = 3;

/// The least number of rounds.
pub(super) const MIN_ROUNDS: usize = 15;

/// The suite, the direction, and how many times as long OpenSSL has to take for each length.
const AIMS: &[(&str, &str, [f64; 4])] = &[
    ("AES-CBC-128 HMAC-SHA-1-96", "seal", [2.2, 1.75, 1.6, 1.5]),
    ("AES-CBC-128 HMAC-SHA-1-96", "open", [2.8, 1.9, 1.45, 1.15]),
    ("AES-CBC-128 HMAC-SHA-256-128", "seal", [2.1, 1.75, 1.7, 1.6]),
    ("AES-CBC-128 HMAC-SHA-256-128", "open", [2.6, 1.8, 1.4, 1.15]),
    ("AES-CBC-128 HMAC-MD5-96", "seal", [1.4, 1.2, 1.15, 1.1]),
    ("AES-CBC-128 HMAC-MD5-96", "open", [1.5, 1.1, 1.0, 0.9]),
];

/// The replay window: the order of packets, the peer, and how many times as long the peer has to take.
const REPLAY_AIMS: &[(&str, &str, f64)] = &[
    ("in order", "bitmap in one word, 64 wide", 0.5),
    ("in order", "RFC 6479 sample in C, 1024 bits", 0.95),
];

pub(super) const OURS: &str = "vpnwire";
const OPENSSL: &str = "OpenSSL EVP";
pub(super) const NAIVE: &str = "RustCrypto, naive";
const PEERS: [&str; 5] = [NAIVE, OPENSSL, "Intel multi-buffer, one job", "ring", "aws-lc-rs"];

/// A timed cell: the direction (or `replay`), the suite (or the order), the octets of payload, and the candidate.
type Key = (String, String, String, String);

/// The results of the processes.
#[derive(Debug, Default)]
pub(super) struct Findings {
    versions: String,
    /// The nanoseconds, the ratio to our suite chosen at run time, and the ratio to our suite known at compile time,
    /// once for each process.
    timings: BTreeMap<Key, [Vec<f64>; 3]>,
    /// The candidates in the order in which they were printed.
    pub(super) suites: Vec<String>,
    orders: Vec<String>,
    windows: Vec<String>,
    /// The number of allocations, and the number of cells in which they were counted.
    pub(super) allocations: (u64, usize),
    cells: usize,
}

/// Measures the target.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let rounds = arguments.rounds.unwrap_or(MIN_ROUNDS).max(MIN_ROUNDS);
    let findings = Findings::of(arguments, &["--features", "peers"], &[&rounds.to_string()])
        .context("the peers need a C compiler, libssl-dev and libipsec-mb-dev")?;
    let compiler = process::first_line("rustc", &["--version"]).unwrap_or_else(|| "no rustc".to_string());
    let heading = format!(
        "Packets are processed one at a time, 64 packets of one SA in the second cache. The time of every candidate includes header, \
         initialization vector, padding, ICV and replay window. The candidates take turns for {rounds} rounds in one process, and the \
         median of {PROCESSES} processes counts. {}; {compiler}, fat LTO, default target CPU; {}. {}.",
        processor(),
        findings.versions,
        date(arguments),
    );
    Ok(conclude(&findings, &heading))
}

impl Findings {
    /// The results of three processes of `esp-gate`, which is built with these features and is given these arguments.
    pub(super) fn of(arguments: &Arguments, features: &[&str], given: &[&str]) -> Result<Self> {
        let program = match &arguments.program {
            Some(path) => path.clone(),
            None => {
                let build =
                    ["build", "--profile", "gate", "--package", "vpnwire-benches", "--bin", "esp-gate"];
                process::check(process::cargo(&process::root()).args(build).args(features))?;
                process::metadata()?.target_directory.into_std_path_buf().join("gate/esp-gate")
            }
        };
        let mut findings = Self::default();
        for number in 1..=PROCESSES {
            eprintln!("running process {number} of {PROCESSES}");
            let core = arguments.core.to_string();
            let output = Command::new("taskset")
                .args(["-c", &core])
                .arg(&program)
                .args(given)
                .stderr(std::process::Stdio::inherit())
                .output()
                .context("taskset cannot be started")?;
            if !output.status.success() {
                bail!("{}: {}", program.display(), output.status);
            }
            findings.read(&String::from_utf8_lossy(&output.stdout))?;
        }
        Ok(findings)
    }

    /// Adds the lines that a process printed.
    pub(super) fn read(&mut self, text: &str) -> Result<()> {
        for line in text.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["version", text] => self.versions = text.to_string(),
                ["cells", count] => self.cells += count.parse::<usize>()?,
                ["allocations", _, _, _, count] => {
                    self.allocations.0 += count.parse::<u64>()?;
                    self.allocations.1 += 1;
                }
                [what, subject, payload, candidate, nanoseconds, ratio, known] => {
                    let names = if what == "replay" { &mut self.orders } else { &mut self.suites };
                    if !names.iter().any(|name| name == subject) {
                        names.push(subject.to_string());
                    }
                    if what == "replay" && !self.windows.iter().any(|name| name == candidate) {
                        self.windows.push(candidate.to_string());
                    }
                    let key = [what, subject, payload, candidate].map(str::to_string).into();
                    let found: &mut [Vec<f64>; 3] = self.timings.entry(key).or_default();
                    for (values, text) in found.iter_mut().zip([nanoseconds, ratio, known]) {
                        if text != "-" {
                            values.push(text.parse()?);
                        }
                    }
                }
                _ => bail!("the line is not understood: {line}"),
            }
        }
        Ok(())
    }

    /// The faults that do not depend on timing.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.allocations.0 != 0 || self.allocations.1 == 0 {
            faults.push(format!(
                "there were {} allocations in {} cells",
                self.allocations.0, self.allocations.1
            ));
        }
        if self.cells == 0 {
            faults.push("no cell was measured".to_string());
        }
        faults
    }

    fn found(&self, what: &str, subject: &str, payload: &str, candidate: &str) -> Option<&[Vec<f64>; 3]> {
        self.timings.get(&[what, subject, payload, candidate].map(str::to_string).into())
    }

    /// The nanoseconds for one packet.
    pub(super) fn nanoseconds(
        &self,
        what: &str,
        subject: &str,
        payload: &str,
        candidate: &str,
    ) -> Option<f64> {
        self.found(what, subject, payload, candidate).map(|[nanoseconds, ..]| median(nanoseconds))
    }

    /// How many times as long as our code a candidate took.
    pub(super) fn ratio(&self, what: &str, subject: &str, payload: &str, candidate: &str) -> Option<f64> {
        self.found(what, subject, payload, candidate).map(|[_, ratios, _]| median(ratios))
    }

    /// How many times as long as our code a candidate took, when our suite is known at compile time.
    fn ratio_to_known(&self, what: &str, subject: &str, payload: &str, candidate: &str) -> Option<f64> {
        self.found(what, subject, payload, candidate)
            .map(|[.., ratios]| ratios)
            .filter(|ratios| !ratios.is_empty())
            .map(|ratios| median(ratios))
    }
}

pub(super) fn two(value: Option<f64>) -> String {
    value.map_or("–".to_string(), |value| format!("{value:.2}"))
}

/// The tables, and the ratios that were not reached.
fn conclude(findings: &Findings, heading: &str) -> Outcome {
    let mut faults = Vec::new();
    let mut lines = vec![
        "| OpenSSL EVP's time ÷ ours (has to be at least) | 64 | 256 | 576 | 1408 octets |".to_string(),
        "|---|---:|---:|---:|---:|".to_string(),
    ];
    for (suite, direction, aims) in AIMS {
        let mut cells = Vec::new();
        for (payload, aim) in PAYLOADS.iter().zip(aims) {
            let ratio = findings.ratio_to_known(direction, suite, payload, OPENSSL);
            cells.push(format!("{} ({aim})", two(ratio)));
            if ratio.is_none_or(|ratio| ratio.is_nan() || ratio < *aim) {
                faults.push(format!(
                    "{direction} {suite}, {payload} octets: OpenSSL takes {} times as long, but at least {aim} has to be reached",
                    two(ratio)
                ));
            }
        }
        lines.push(format!("| {direction} {suite} | {} |", cells.join(" | ")));
    }
    lines.extend(
        [
            "",
            "| nanoseconds a packet, Gbit/s at 1408 | 64 | 256 | 576 | 1408 octets | Gbit/s |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        .map(str::to_string),
    );
    for suite in shown(findings) {
        for direction in ["seal", "open"] {
            let times = PAYLOADS.map(|payload| findings.nanoseconds(direction, suite, payload, OURS));
            let cells = times.map(|time| time.map_or("–".to_string(), |time| format!("{time:.0}")));
            let rate = times[3].map_or("–".to_string(), |time| format!("{:.2}", 1408.0 * 8.0 / time));
            lines.push(format!("| {direction} {suite} | {} | {rate} |", cells.join(" | ")));
        }
    }
    lines.push(String::new());
    lines.push(replay(findings, &mut faults));
    faults.extend(findings.faults());
    lines.push(format!(
        "All octets that vpnwire writes were first compared with those of all others. There were {} allocations in {} cells. The ratios \
         are those of a suite that is known at compile time, and the nanoseconds those of a suite that is chosen at run time. {heading}",
        findings.allocations.0, findings.allocations.1
    ));
    let tables = vec![("esp", lines.join("\n") + "\n"), ("esp-suites", all_suites(findings, heading))];
    Outcome { tables, faults }
}

/// The suites of the short table: those of the routers that this project is for, and those in use today.
fn shown(findings: &Findings) -> impl Iterator<Item = &str> {
    const SHOWN: &[&str] = &[
        "DES-CBC HMAC-MD5-96",
        "3DES-CBC HMAC-SHA-1-96",
        "AES-CBC-128 HMAC-MD5-96",
        "AES-CBC-128 HMAC-SHA-1-96",
        "AES-CBC-128 HMAC-SHA-256-128",
        "AES-CBC-256 HMAC-SHA-256-128",
        "AES-GCM-16-128",
        "AES-GCM-16-256",
    ];
    findings.suites.iter().map(String::as_str).filter(|suite| SHOWN.contains(suite))
}

/// The table of the replay window.
fn replay(findings: &Findings, faults: &mut Vec<String>) -> String {
    let mut lines =
        vec![format!("| replay window, nanoseconds a packet | {} |", findings.orders.join(" | "))];
    lines.push(format!("|---|{}", "---:|".repeat(findings.orders.len())));
    for window in &findings.windows {
        let cells: Vec<String> = findings
            .orders
            .iter()
            .map(|order| {
                let ratio = findings.ratio("replay", order, "-", window);
                format!("{} ({})", two(findings.nanoseconds("replay", order, "-", window)), two(ratio))
            })
            .collect();
        lines.push(format!("| {window} | {} |", cells.join(" | ")));
    }
    for (order, peer, aim) in REPLAY_AIMS {
        let ratio = findings.ratio("replay", order, "-", peer);
        if ratio.is_none_or(|ratio| ratio.is_nan() || ratio < *aim) {
            faults.push(format!(
                "replay window {order}: {peer} takes {} times as long, but at least {aim} has to be reached",
                two(ratio)
            ));
        }
    }
    lines.push(String::new());
    lines.push(format!(
        "In brackets: the time of the window ÷ ours. In order, the bitmap has to reach at least {}, and the sample at least {}.",
        REPLAY_AIMS[0].2, REPLAY_AIMS[1].2
    ));
    lines.push(String::new());
    lines.join("\n")
}

/// The long table, with every suite and the ratios of every peer.
fn all_suites(findings: &Findings, heading: &str) -> String {
    let mut lines = vec![
        "| suite | | octets | ns a packet | packets/s | Gbit/s | naive | OpenSSL | Intel | ring | aws-lc-rs |".to_string(),
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|".to_string(),
    ];
    for suite in &findings.suites {
        for direction in ["seal", "open"] {
            for payload in PAYLOADS {
                let Some(time) = findings.nanoseconds(direction, suite, payload, OURS) else { continue };
                let octets: f64 = payload.parse().unwrap_or(f64::NAN);
                let ratios = PEERS.map(|peer| two(findings.ratio(direction, suite, payload, peer)));
                lines.push(format!(
                    "| {suite} | {direction} | {payload} | {time:.0} | {:.0} | {:.2} | {} |",
                    1e9 / time,
                    octets * 8.0 / time,
                    ratios.join(" | ")
                ));
            }
        }
    }
    lines.push(String::new());
    lines.push(format!(
        "The last columns show the peer's time ÷ ours, or – if the peer does not have the suite. {heading}"
    ));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that a process prints when OpenSSL takes `times` as long as our code in all cells, and the C sample
    /// takes `sample` times as long.
    fn printed(times: f64, sample: f64, allocations: u64) -> String {
        let mut lines = vec!["version\tOpenSSL 3".to_string(), "cells\t24".to_string()];
        for (suite, direction, _) in AIMS {
            for payload in PAYLOADS {
                lines.push(format!("allocations\t{direction}\t{suite}\t{payload}\t{allocations}"));
                lines.push(format!("{direction}\t{suite}\t{payload}\tvpnwire\t100\t1\t1"));
                lines.push(format!(
                    "{direction}\t{suite}\t{payload}\tOpenSSL EVP\t{}\t{times}\t{times}",
                    100.0 * times
                ));
            }
        }
        lines.push("replay\tin order\t-\tvpnwire, 1024 wide\t2\t1\t-".to_string());
        lines.push("replay\tin order\t-\tbitmap in one word, 64 wide\t1.2\t0.6\t-".to_string());
        lines.push(format!("replay\tin order\t-\tRFC 6479 sample in C, 1024 bits\t2\t{sample}\t-"));
        lines.join("\n")
    }

    fn outcome(processes: [(f64, f64, u64); 3]) -> Outcome {
        let mut findings = Findings::default();
        for (times, sample, allocations) in processes {
            findings.read(&printed(times, sample, allocations)).unwrap();
        }
        conclude(&findings, "here")
    }

    #[test]
    fn the_median_of_three_processes_counts() {
        assert_eq!(outcome([(2.8, 1.0, 0); 3]).faults, Vec::<String>::new());
        assert!(outcome([(1.0, 0.1, 0), (2.8, 0.95, 0), (9.0, 1.0, 0)]).faults.is_empty());
        let faults = outcome([(2.79, 1.0, 0); 3]).faults;
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(
            faults[0].contains("open AES-CBC-128 HMAC-SHA-1-96, 64 octets: OpenSSL takes 2.79"),
            "{faults:?}"
        );
        assert_eq!(outcome([(2.8, 0.94, 0); 3]).faults.len(), 1);
        assert_eq!(outcome([(0.1, 0.1, 0); 3]).faults.len(), 24 + 1);
    }

    #[test]
    fn an_allocation_is_a_fault_and_so_is_nothing() {
        assert_eq!(outcome([(2.8, 1.0, 1); 3]).faults, ["there were 72 allocations in 72 cells"]);
        assert_eq!(conclude(&Findings::default(), "nowhere").faults.len(), 24 + 2 + 2);
    }

    #[test]
    fn without_peers_no_aim_is_reached() {
        let mut findings = Findings::default();
        let text: Vec<String> = printed(2.8, 1.0, 0)
            .lines()
            .filter(|line| !line.contains("OpenSSL EVP"))
            .map(str::to_string)
            .collect();
        findings.read(&text.join("\n")).unwrap();
        assert_eq!(conclude(&findings, "here").faults.len(), 24);
        assert!(findings.read("seal\tsomething").is_err());
    }

    #[test]
    fn every_cell_is_in_the_long_table() {
        let outcome = outcome([(2.8, 1.0, 0); 3]);
        let (name, table) = &outcome.tables[1];
        assert_eq!(*name, "esp-suites");
        let row =
            "| AES-CBC-128 HMAC-MD5-96 | open | 1408 | 100 | 10000000 | 112.64 | – | 2.80 | – | – | – |";
        assert!(table.contains(row), "{table}");
        assert_eq!(table.lines().filter(|line| line.starts_with("| AES")).count(), 24);
    }
}
