//! `cargo xtask bench-gate TARGET` measures paired timings, and fails if a ratio is not reached.
//!
//! A new target needs a file below `bench_gate/` and a line in [`TARGETS`]. Timings are not part of `.ci/run`.

mod ah;
mod dissect;
mod esp;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::process;

/// The targets that can be measured: the name and the function.
const TARGETS: &[(&str, fn(&Arguments) -> Result<Outcome>)] =
    &[("ah", ah::run), ("dissect", dissect::run), ("esp", esp::run)];

/// Time vpnwire and other programs in pairs, and check the ratios that have to be reached.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The target to measure: ah, dissect or esp.
    target: String,
    /// The day of the measurement for the table. It is today if the option is not given.
    #[arg(long)]
    date: Option<String>,
    /// Write the tables into this file, between `<!-- bench-gate TABLE -->` and `<!-- /bench-gate -->`. A table
    /// without marks in the file is not written. This option may be repeated.
    #[arg(long)]
    write: Vec<PathBuf>,
    /// Time each candidate this many times. The default is 7 for dissect, and 15 for ah and esp, which refuse fewer.
    #[arg(long)]
    rounds: Option<usize>,
    /// Run everything on this core.
    #[arg(long, default_value_t = 1)]
    core: usize,
    /// Use this program instead of building `vpnwire` or `esp-gate`.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Also measure this earlier build of `vpnwire`. The new build must not be slower. Only for dissect.
    #[arg(long)]
    before: Option<PathBuf>,
}

/// The result of a target.
struct Outcome {
    /// The tables in Markdown, each with the name of its marks.
    tables: Vec<(&'static str, String)>,
    /// The ratios that were not reached.
    faults: Vec<String>,
}

/// Runs one target.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Some((name, target)) = TARGETS.iter().find(|(name, _)| *name == arguments.target) else {
        let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        bail!("there is no target {}: the targets are {}", arguments.target, names.join(", "));
    };
    let outcome = target(arguments)?;
    for (_, table) in &outcome.tables {
        println!("{table}");
    }
    for file in &arguments.write {
        let mut text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let mut written = 0;
        for (table, contents) in
            outcome.tables.iter().filter(|(table, _)| text.contains(&mark(table))).collect::<Vec<_>>()
        {
            text = replace(&text, table, contents).with_context(|| file.display().to_string())?;
            written += 1;
        }
        if written == 0 {
            bail!("{} has no marks for a table of {name}", file.display());
        }
        std::fs::write(file, text)?;
        println!("{written} tables written to {}", file.display());
    }
    for fault in &outcome.faults {
        println!("{fault}");
    }
    if !outcome.faults.is_empty() {
        bail!("bench-gate {name}: {} ratios were not reached", outcome.faults.len());
    }
    println!("bench-gate {name}: reached");
    Ok(())
}

/// The mark that precedes a table.
fn mark(table: &str) -> String {
    format!("<!-- bench-gate {table} -->\n")
}

/// `text` with the table of `target` put between its two marks.
fn replace(text: &str, target: &str, table: &str) -> Result<String> {
    let open = mark(target);
    let close = "<!-- /bench-gate -->";
    let start = text.find(&open).with_context(|| format!("there is no line {}", open.trim()))? + open.len();
    let end = start + text[start..].find(close).with_context(|| format!("there is no line {close}"))?;
    Ok(format!("{}\n{table}\n{}", &text[..start], &text[end..]))
}

/// The median.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => sorted[len / 2],
        len => (sorted[len / 2 - 1] + sorted[len / 2]) / 2.0,
    }
}

/// The name of the processor.
fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let core_count = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {core_count} cores", name.map_or("unknown processor", |(_, name)| name.trim()))
}

fn date(arguments: &Arguments) -> String {
    match &arguments.date {
        Some(date) => date.clone(),
        None => process::first_line("date", &["-u", "+%F"]).unwrap_or_else(|| "no date".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_table_goes_between_its_marks_and_nowhere_else() {
        let text = "a\n<!-- bench-gate dissect -->\nold\n<!-- /bench-gate -->\nb\n<!-- bench-gate esp -->\n<!-- /bench-gate -->\n";
        assert_eq!(
            replace(text, "dissect", "| new |\n").unwrap(),
            "a\n<!-- bench-gate dissect -->\n\n| new |\n\n<!-- /bench-gate -->\nb\n<!-- bench-gate esp -->\n<!-- /bench-gate -->\n"
        );
        let twice = replace(&replace(text, "dissect", "| new |\n").unwrap(), "dissect", "| new |\n").unwrap();
        assert_eq!(twice, replace(text, "dissect", "| new |\n").unwrap());
        assert!(replace(text, "nonesuch", "").is_err());
    }
}
