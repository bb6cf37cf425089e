//! Measures AH and bundles of AH around ESP, sealed and opened at four lengths, and compares them with a composition
//! of the crates of RustCrypto.
//!
//! `esp-gate` measures them in the same way as ESP.

use anyhow::Result;

use super::esp::{Findings, MIN_ROUNDS, NAIVE, OURS, PAYLOADS, PROCESSES, two};
use super::{Arguments, Outcome, date, processor};
use crate::process;

/// How many times as long as our code the composition has to take in every cell.
///
/// If nearly all of the time is spent in one algorithm that both take from the same crate (3DES), no better ratio is
/// possible. The part below 1 is for the uncertainty of the measurement.
const AIM: f64 = 0.95;

/// The number of SAs and bundles, and the number of directions.
const ROWS: usize = 6 * 2;

/// Measures the target.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let rounds = arguments.rounds.unwrap_or(MIN_ROUNDS).max(MIN_ROUNDS);
    let findings = Findings::of(arguments, &[], &[&rounds.to_string(), "ah"])?;
    let compiler = process::first_line("rustc", &["--version"]).unwrap_or_else(|| "no rustc".to_string());
    let heading = format!(
        "IPv4 packets in transport mode are processed one at a time, 64 packets of one SA in the second cache. The time of both \
         includes headers, checksum, ICV and replay window. They take turns for {rounds} rounds in one process, and the median of \
         {PROCESSES} processes counts. {}; {compiler}, fat LTO, default target CPU. {}.",
        processor(),
        date(arguments),
    );
    Ok(conclude(&findings, &heading))
}

/// The table, and the ratios that were not reached.
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
                        "{direction} {subject}, {payload} octets: the composition takes {ratio} times as long, but at least {AIM} has to be reached"
                    ));
                }
                format!("{} ({})", time.map_or("–".to_string(), |time| format!("{time:.0}")), two(ratio))
            });
            lines.push(format!("| {direction} {subject} | {} |", cells.join(" | ")));
        }
    }
    if rows != ROWS {
        faults.push(format!("the table has {rows} rows, but it must have {ROWS}"));
    }
    lines.push(String::new());
    lines.push(format!(
        "All octets that vpnwire writes were first compared with those of the composition. There were {} allocations in {} cells. In \
         every cell the composition has to take at least {AIM} of our time. {heading}",
        findings.allocations.0, findings.allocations.1
    ));
    Outcome { tables: vec![("ah", lines.join("\n") + "\n")], faults }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that a process prints when the composition takes `times` as long as our code in all cells.
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
        assert_eq!(outcome([(1.0, 1); 3], NOTHING).faults, ["there were 144 allocations in 144 cells"]);
        assert_eq!(outcome([(1.0, 0); 3], "open\tAH 3\t576\tRust").faults.len(), 1);
        assert_eq!(outcome([(1.0, 0); 3], "open\tAH 3\t576\tvpn").faults.len(), 1);
        assert_eq!(outcome([(1.0, 0); 3], "cells").faults, ["no cell was measured"]);
        assert_eq!(conclude(&Findings::default(), "nowhere").faults.len(), 3);
    }
}
