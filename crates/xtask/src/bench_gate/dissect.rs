//! Measures how a capture becomes one line of text for each packet: whole processes, each from start to end on one
//! core.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use super::{Arguments, Outcome, date, median, processor};
use crate::process;

mod traffic;

use traffic::{MIX, generate};

/// The number of packets in the capture.
const PACKETS: usize = 100_000;

/// The packets per second that text output has to reach.
const PACKETS_PER_SECOND: f64 = 1_000_000.0;

/// An earlier build has to take at least this many times as long: once, less the noise of such a timing.
const BEFORE: f64 = 0.97;

/// A task with the capture, for `vpnwire` and for its peers.
struct Cell {
    name: &'static str,
    /// The arguments of `vpnwire` before the file.
    arguments: &'static [&'static str],
    packets_per_second: Option<f64>,
    /// Whether every earlier build can do the task.
    is_old: bool,
    peers: &'static [Peer],
}

/// A program that does the same: its name, its arguments before the file, the arguments that print its version, and
/// how many times as long as `vpnwire` it has to take.
struct Peer {
    name: &'static str,
    arguments: &'static [&'static str],
    version: &'static [&'static str],
    at_least: f64,
}

const CELLS: &[Cell] = &[
    Cell {
        name: "text",
        arguments: &["dissect"],
        packets_per_second: Some(PACKETS_PER_SECOND),
        is_old: true,
        peers: &[
            Peer { name: "tshark", arguments: &["-n", "-r"], version: &["--version"], at_least: 20.0 },
            Peer { name: "tcpdump", arguments: &["-n", "-r"], version: &["--version"], at_least: 8.0 },
        ],
    },
    Cell {
        name: "json",
        arguments: &["dissect", "--json"],
        packets_per_second: None,
        is_old: true,
        peers: &[
            Peer {
                name: "tshark",
                arguments: &["-n", "-T", "ek", "-r"],
                version: &["--version"],
                at_least: 30.0,
            },
            // It writes a quarter of the octets.
            Peer { name: "dsct", arguments: &["read", "--no-limit"], version: &["--version"], at_least: 2.0 },
        ],
    },
    Cell {
        name: "fields",
        arguments: &[
            "dissect",
            "--fields",
            "frame.number,frame.time_epoch,ip.src,ip.dst,udp.dstport,esp.spi",
        ],
        packets_per_second: None,
        is_old: false,
        peers: &[Peer {
            name: "tshark",
            arguments: &[
                "-n",
                "-T",
                "fields",
                "-e",
                "frame.number",
                "-e",
                "frame.time_epoch",
                "-e",
                "ip.src",
                "-e",
                "ip.dst",
                "-e",
                "udp.dstport",
                "-e",
                "esp.spi",
                "-r",
            ],
            version: &["--version"],
            at_least: 40.0,
        }],
    },
];

/// A program that is timed in a cell.
struct Candidate {
    /// Its name in the table.
    call: String,
    command: Vec<String>,
    /// How many times as long as `vpnwire` it has to take. `None` for `vpnwire` itself.
    at_least: Option<f64>,
    /// The reason why it is not timed.
    skipped: Option<&'static str>,
    seconds: Vec<f64>,
}

/// Measures the target.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let root = process::root();
    let target = process::metadata()?.target_directory.into_std_path_buf();
    let vpnwire = match &arguments.program {
        Some(path) => path.clone(),
        None => {
            process::check(process::cargo(&root).args([
                "build",
                "--profile",
                "gate",
                "--package",
                "vpnwire",
            ]))?;
            target.join("gate/vpnwire")
        }
    };
    std::fs::create_dir_all(&target)?;
    let capture = target.join("bench-gate-dissect.pcap");
    std::fs::write(&capture, generate(PACKETS))?;
    let rounds = arguments.rounds.unwrap_or(7);
    let mut faults = Vec::new();
    let mut lines = vec![
        "| cell | program | seconds | packets/s | times ours | has to be |".to_string(),
        "|---|---|---:|---:|---:|---:|".to_string(),
    ];
    for cell in CELLS {
        let mut candidates = candidates(cell, &vpnwire, arguments.before.as_deref());
        // The first round only warms the caches, and is not counted.
        for round in 0..=rounds {
            for candidate in candidates.iter_mut().filter(|candidate| candidate.skipped.is_none()) {
                let seconds = time(&candidate.command, &capture, arguments.core)?;
                if round > 0 {
                    candidate.seconds.push(seconds);
                }
            }
        }
        conclude(cell, &candidates, &mut lines, &mut faults);
    }
    let mix: Vec<String> = MIX.iter().map(|(share, what, _)| format!("{share} % {what}")).collect();
    lines.push(String::new());
    lines.push(format!(
        "{PACKETS} packets ({}; from a seed). Each program runs as a whole process on one core and writes to a pipe. The programs take \
         turns for {rounds} rounds; the table shows medians, and ratios within a round. vpnwire is built with the profile `gate`: fat \
         LTO, one codegen unit, any CPU. {}, {}.",
        mix.join(", "),
        processor(),
        date(arguments),
    ));
    Ok(Outcome { tables: vec![("dissect", lines.join("\n") + "\n")], faults })
}

/// First `vpnwire`, then an earlier build of it if one is given, then the peers.
fn candidates(cell: &Cell, vpnwire: &Path, before: Option<&Path>) -> Vec<Candidate> {
    let candidate = |program: &str, arguments: &[&str], version: Option<String>, at_least| Candidate {
        call: format!(
            "`{} {}` ({})",
            Path::new(program).file_name().unwrap_or_default().display(),
            arguments.join(" "),
            version.as_deref().unwrap_or("not installed"),
        ),
        command: std::iter::once(program).chain(arguments.iter().copied()).map(str::to_string).collect(),
        at_least,
        skipped: version.is_none().then_some("not installed"),
        seconds: Vec::new(),
    };
    let own = |path: &Path, at_least| {
        let program = path.display().to_string();
        let version = process::first_line(&program, &["--version"]);
        candidate(&program, cell.arguments, version, at_least)
    };
    let earlier = before.filter(|_| cell.is_old).map(|path| {
        let earlier = own(path, Some(BEFORE));
        Candidate { call: format!("{}, an earlier build", earlier.call), ..earlier }
    });
    let peers = cell.peers.iter().map(|peer| {
        let version = process::first_line(peer.name, peer.version);
        candidate(peer.name, peer.arguments, version, Some(peer.at_least))
    });
    std::iter::once(own(vpnwire, None)).chain(earlier).chain(peers).collect()
}

/// The lines of a cell, and the ratios that it did not reach.
fn conclude(cell: &Cell, candidates: &[Candidate], lines: &mut Vec<String>, faults: &mut Vec<String>) {
    let [ours, others @ ..] = candidates else { return };
    let per_second = |seconds: f64| PACKETS as f64 / seconds;
    let rate = per_second(median(&ours.seconds));
    let needed = cell.packets_per_second.map_or(String::new(), |rate| format!("{rate:.0} packets/s"));
    let name = cell.name;
    lines.push(format!(
        "| {name} | {} | {:.4} | {rate:.0} | 1 | {needed} |",
        ours.call,
        median(&ours.seconds)
    ));
    if let Some(needed) = cell.packets_per_second
        // A ratio that was not measured counts as not reached.
        && (rate.is_nan() || rate < needed)
    {
        faults.push(format!(
            "{name}: {rate:.0} packets per second, but at least {needed:.0} have to be reached"
        ));
    }
    for Candidate { call, at_least, skipped, seconds, .. } in others {
        let at_least = at_least.unwrap_or_default();
        if let Some(reason) = skipped {
            lines.push(format!("| {name} | {call} | skipped: {reason} | | | {at_least} |"));
            continue;
        }
        let ratios: Vec<f64> =
            seconds.iter().zip(&ours.seconds).map(|(theirs, ours)| theirs / ours).collect();
        let ratio = median(&ratios);
        let taken = median(seconds);
        let rate = per_second(taken);
        lines.push(format!("| {name} | {call} | {taken:.4} | {rate:.0} | {ratio:.2} | {at_least} |"));
        if ratio.is_nan() || ratio < at_least {
            faults.push(format!(
                "{name}: {call} takes {ratio:.2} times as long, but at least {at_least} has to be reached"
            ));
        }
    }
}

/// The seconds that a program takes to print the capture. It must print one line for each packet.
fn time(command: &[String], capture: &Path, core: usize) -> Result<f64> {
    let [program, arguments @ ..] = command else { bail!("no program") };
    // A program runs on the core of the thread that starts it. The time to move there is not counted.
    let start = || {
        bind(core)?;
        let begin = Instant::now();
        let child = Command::new(program)
            .args(arguments)
            .arg(capture)
            .env("WIRESHARK_CONFIG_DIR", PathBuf::from("/nonexistent"))
            .env_remove("TZ")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{program} cannot be started"))?;
        anyhow::Ok((begin, child))
    };
    let started = std::thread::scope(|scope| scope.spawn(start).join());
    let (begin, mut child) = started.map_err(|_| anyhow!("the thread that starts {program} panicked"))??;
    let mut output = child.stdout.take().context("no output")?;
    // The output goes to a pipe and is discarded, because some programs recognise /dev/null.
    let mut buffer = vec![0; 1 << 20];
    let mut line_count = 0;
    loop {
        match output.read(&mut buffer)? {
            0 => break,
            len => line_count += buffer[..len].iter().filter(|octet| **octet == b'\n').count(),
        }
    }
    let status = child.wait()?;
    let seconds = begin.elapsed().as_secs_f64();
    // A peer may fail on a few packets, as dsct 0.3 does on two of these. Then it is a little too fast.
    if !status.success() || line_count < PACKETS - PACKETS / 1000 {
        bail!("{command:?}: {status}, {line_count} lines for {PACKETS} packets");
    }
    Ok(seconds)
}

/// Binds the thread to a core.
#[cfg(target_os = "linux")]
fn bind(core: usize) -> Result<()> {
    let mut cores = rustix::thread::CpuSet::new();
    cores.set(core);
    rustix::thread::sched_setaffinity(None, &cores).with_context(|| format!("core {core}"))
}

#[cfg(not(target_os = "linux"))]
fn bind(_: usize) -> Result<()> {
    bail!("binding to a core is possible on Linux only")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The faults of the text cell if the programs took so long.
    fn faults(ours: &[f64], tshark: Option<f64>, tcpdump: f64) -> (Vec<String>, Vec<String>) {
        let mut candidates = candidates(&CELLS[0], Path::new("/nonexistent"), None);
        candidates[0].seconds = ours.to_vec();
        for (candidate, seconds) in candidates[1..].iter_mut().zip([tshark, Some(tcpdump)]) {
            candidate.skipped = seconds.is_none().then_some("not installed");
            candidate.seconds = seconds.map_or(Vec::new(), |seconds| vec![seconds; 3]);
        }
        let (mut lines, mut faults) = (Vec::new(), Vec::new());
        conclude(&CELLS[0], &candidates, &mut lines, &mut faults);
        (faults, lines)
    }

    #[test]
    fn aims_that_are_reached_and_aims_that_are_not() {
        let fast = [0.05; 3];
        assert!(faults(&fast, Some(1.0), 0.4).0.is_empty());
        assert_eq!(faults(&fast, Some(0.99), 0.39).0.len(), 2);
        assert_eq!(faults(&[0.11; 3], Some(10.0), 10.0).0.len(), 1);
        assert_eq!(faults(&[], Some(10.0), 10.0).0.len(), 3, "nothing measured");
    }

    #[test]
    fn a_peer_that_is_missing_is_said_to_be_skipped() {
        let (faults, lines) = faults(&[0.05; 3], None, 2.0);
        assert!(faults.is_empty());
        assert!(lines[1].contains("skipped: not installed"), "{lines:?}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_runs_on_the_core_it_is_told() {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:\t")).unwrap();
        let core = allowed.split([',', '-']).next().unwrap().parse().unwrap();
        let capture = std::env::temp_dir().join(format!("vpnwire-bench-gate-{}", std::process::id()));
        std::fs::write(&capture, "\n".repeat(PACKETS)).unwrap();
        let on = |wanted: usize| {
            let script = format!("grep -q 'Cpus_allowed_list:.{wanted}$' /proc/self/status && cat \"$0\"");
            time(&["sh".to_string(), "-c".to_string(), script], &capture, core)
        };
        assert!(on(core).unwrap() > 0.0);
        assert!(on(core + 1).is_err(), "it is not there");
        assert!(time(&["cat".to_string()], Path::new("/nonexistent"), core).is_err(), "no line");
        std::fs::remove_file(&capture).unwrap();
    }
}
