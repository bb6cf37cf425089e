//! AH and bundles of AH around ESP, sealed and opened at four lengths beside a composition of the crates of RustCrypto.
//!
//! `esp-gate` measures them as it measures ESP.

use anyhow::Result;

use super::esp::{Findings, MIN_ROUNDS, NAIVE, OURS, PAYLOADS, PROCESSES, two};
use super::{Arguments, Outcome, date, processor};
use crate::process;

/// How many times as long as ours the composition has to take, whatever the cell.
///
/// Where nearly all of the time is one algorithm that both take from the same crate (3DES), nothing more can be had; what is
/// below 1 is for what measuring is uncertain by.
const AIM: f64 = 0.95;

/// How many things are protected in how many directions.
const ROWS: usize = 6 * 2;

/// Measures the target.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let rounds = arguments.rounds.unwrap_or(MIN_ROUNDS).max(MIN_ROUNDS);
    let findings = Findings::of(arguments, &[], &[&rounds.to_string(), "ah"])?;
    let compiler = process::first_line("rustc", &["--version"]).unwrap_or_else(|| "no rustc".to_string());
    let heading = format!(
        "One IPv4 packet at a time in transport mode, 64 packets of one SA in the second cache, headers, checksum, ICV and replay \
         window included for both; {rounds} rounds by turns in one process, median of {PROCESSES} processes. {}; {compiler}, fat LTO, \
         default target CPU. {}.",
        processor(),
        date(arguments),
    );
    Ok(conclude(&findings, &heading))
}

/// The table and what was not reached.
fn conclude(findings: &Findings, heading: &str) -> Outcome {
    let mut faults = findings.faults();
    let mut lines = vec![
        "| nanoseconds a packet (the composition's time ÷ ours) | 64 | 256 | 576 | 1408 octets |".to_string(),
        "|---|---:|---:|---:|---:|".to_string(),
    ];
    let mut rows = 0;
    for subject in &findings.suites {
        for direction in ["seal", "open"] {
            rows += 1;
            let cells = PAYLOADS.map(|payload| {
                let time = findings.nanoseconds(direction, subject, payload, OURS);
                let ratio = findings.ratio(direction, subject, payload, NAIVE);
                if time.is_none() || ratio.is_none_or(|ratio| ratio.is_nan() || ratio < AIM) {
                    let ratio = two(ratio);
                    faults.push(format!(
                        "{direction} {subject}, {payload} octets: {ratio} times the composition, {AIM} have to be reached"
                    ));
                }
                format!("{} ({})", time.map_or("–".to_string(), |time| format!("{time:.0}")), two(ratio))
            });
            lines.push(format!("| {direction} {subject} | {} |", cells.join(" | ")));
        }
    }
    if rows != ROWS {
        faults.push(format!("{rows} rows, not {ROWS}"));
    }
    lines.push(String::new());
    lines.push(format!(
        "Every octet that vpnwire writes was compared with that of the composition first; {} allocations in {} cells. In no cell may \
         the composition take less than {AIM} of our time. {heading}",
        findings.allocations.0, findings.allocations.1
    ));
    Outcome { tables: vec![("ah", lines.join("\n") + "\n")], faults }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a process prints when the composition takes `times` as long as ours in all cells.
    fn printed(times: f64, allocations: u64) -> String {
        let mut lines = vec!["cells\t48".to_string()];
        for subject in 0..6 {
            for cell in PAYLOADS.map(|payload| format!("AH {subject}\t{payload}")) {
                for direction in ["seal", "open"] {
                    lines.push(format!("allocations\t{direction}\t{cell}\t{allocations}"));
                    lines.push(format!("{direction}\t{cell}\tvpnwire\t200\t1\t-"));
                    let time = 200.0 * times;
                    lines.push(format!("{direction}\t{cell}\tRustCrypto, naive\t{time}\t{times}\t-"));
                }
            }
        }
        lines.join("\n")
    }

    fn outcome(processes: [(f64, u64); 3], dropped: &str) -> Outcome {
        let mut findings = Findings::default();
        for (times, allocations) in processes {
            let text = printed(times, allocations);
            let left: Vec<&str> = text.lines().filter(|line| !line.starts_with(dropped)).collect();
            findings.read(&left.join("\n")).unwrap();
        }
        conclude(&findings, "here")
    }

    const NOTHING: &str = "nothing";

    #[test]
    fn the_median_of_three_processes_counts() {
        let reached = outcome([(0.1, 0), (0.95, 0), (2.0, 0)], NOTHING);
        assert_eq!(reached.faults, Vec::<String>::new());
        let (name, table) = &reached.tables[0];
        assert_eq!(*name, "ah");
        let row = "| open AH 5 | 200 (0.95) | 200 (0.95) | 200 (0.95) | 200 (0.95) |";
        assert!(table.contains(row), "{table}");
        assert_eq!(outcome([(0.1, 0), (0.94, 0), (2.0, 0)], NOTHING).faults.len(), 48);
    }

    #[test]
    fn an_allocation_is_a_fault_and_so_is_what_was_not_measured() {
        assert_eq!(outcome([(1.0, 1); 3], NOTHING).faults, ["144 allocations in 144 cells"]);
        assert_eq!(outcome([(1.0, 0); 3], "open\tAH 3\t576\tRust").faults.len(), 1);
        assert_eq!(outcome([(1.0, 0); 3], "open\tAH 3\t576\tvpn").faults.len(), 1);
        assert_eq!(outcome([(1.0, 0); 3], "cells").faults, ["no cell was measured"]);
        assert_eq!(conclude(&Findings::default(), "nowhere").faults.len(), 3);
    }
}
