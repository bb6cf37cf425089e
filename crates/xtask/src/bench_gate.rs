//! `cargo xtask bench-gate TARGET`: paired timings and the ratios that have to be reached.
//!
//! A new target is a file below `bench_gate/` and a line in [`TARGETS`]. Timings are no part of `.ci/run`.

mod ah;
mod dissect;
mod esp;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::process;

/// What can be measured: name, function.
const TARGETS: &[(&str, fn(&Arguments) -> Result<Outcome>)] =
    &[("ah", ah::run), ("dissect", dissect::run), ("esp", esp::run)];

/// Paired timings against other programs, with the ratios that have to be reached.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to measure: ah, dissect, esp.
    target: String,
    /// The day of the measurement, for the table; today's without it.
    #[arg(long)]
    date: Option<String>,
    /// Puts the tables into this file, between `<!-- bench-gate TABLE -->` and `<!-- /bench-gate -->`: those that it has the
    /// marks of. May be given more than once.
    #[arg(long)]
    write: Vec<PathBuf>,
    /// Times each candidate so many times: 7 for dissect, 15 for ah and esp, which take no less.
    #[arg(long)]
    rounds: Option<usize>,
    /// Runs everything on this core.
    #[arg(long, default_value_t = 1)]
    core: usize,
    /// Takes this program instead of building `vpnwire` or `esp-gate`.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Measures an earlier build of `vpnwire` beside this one, which may not be slower: dissect.
    #[arg(long)]
    before: Option<PathBuf>,
}

/// What a target found.
struct Outcome {
    /// The tables, in Markdown, each with the name of its marks.
    tables: Vec<(&'static str, String)>,
    /// What was not reached.
    faults: Vec<String>,
}

/// Runs one target.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Some((name, target)) = TARGETS.iter().find(|(name, _)| *name == arguments.target) else {
        let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        bail!("no target {}; there are: {}", arguments.target, names.join(", "));
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
            bail!("{} has the marks of no table of {name}", file.display());
        }
        std::fs::write(file, text)?;
        println!("{written} tables written to {}", file.display());
    }
    for fault in &outcome.faults {
        println!("{fault}");
    }
    if !outcome.faults.is_empty() {
        bail!("bench-gate {name}: {} of its aims not reached", outcome.faults.len());
    }
    println!("bench-gate {name}: reached");
    Ok(())
}

/// What a table stands behind.
fn mark(table: &str) -> String {
    format!("<!-- bench-gate {table} -->\n")
}

/// `text` with the table of `target` between its two marks.
fn replace(text: &str, target: &str, table: &str) -> Result<String> {
    let open = mark(target);
    let close = "<!-- /bench-gate -->";
    let start = text.find(&open).with_context(|| format!("no line {}", open.trim()))? + open.len();
    let end = start + text[start..].find(close).with_context(|| format!("no line {close}"))?;
    Ok(format!("{}\n{table}\n{}", &text[..start], &text[end..]))
}

/// The one in the middle.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => sorted[len / 2],
        len => (sorted[len / 2 - 1] + sorted[len / 2]) / 2.0,
    }
}

/// The processor's name.
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
