//! A capture to one line of text per packet: whole processes, each from start to end on one core.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use super::{Arguments, Outcome, date, median, processor};
use crate::process;

/// Packets in the capture.
const PACKETS: usize = 100_000;

/// What the capture holds: share in percent, what it is, how its packets are made.
const MIX: &[(u64, &str, fn(&mut Random) -> Vec<u8>)] = &[
    (40, "UDP with 18 to 90 octets of payload", plain_udp),
    (30, "ISAKMP main mode message 1, 140 octets", isakmp),
    (20, "ESP with 68 to 132 octets", esp),
    (10, "HSRP version 1 hello", hsrp),
];

/// Packets per second that have to be reached.
const PACKETS_PER_SECOND: f64 = 1_000_000.0;

/// A program that does the same: name, arguments before the file, how it names itself, and how many times longer it
/// has to take.
struct Peer {
    name: &'static str,
    arguments: &'static [&'static str],
    version: &'static [&'static str],
    at_least: f64,
}

const PEERS: &[Peer] = &[
    Peer { name: "tshark", arguments: &["-n", "-r"], version: &["--version"], at_least: 20.0 },
    Peer { name: "tcpdump", arguments: &["-n", "-r"], version: &["--version"], at_least: 8.0 },
];

/// The timings of one program, round by round; or why there are none.
struct Timings {
    version: String,
    seconds: Result<Vec<f64>, String>,
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

    let ours: Vec<String> = vec![vpnwire.display().to_string(), "dissect".to_string()];
    let versions: Vec<Option<String>> =
        PEERS.iter().map(|peer| process::first_line(peer.name, peer.version)).collect();
    let commands: Vec<Vec<String>> = PEERS
        .iter()
        .map(|peer| {
            std::iter::once(peer.name).chain(peer.arguments.iter().copied()).map(str::to_string).collect()
        })
        .collect();
    let mut our_seconds = Vec::new();
    let mut peer_seconds = vec![Vec::new(); PEERS.len()];
    // The first round warms caches and is not counted.
    for round in 0..=arguments.rounds.unwrap_or(7) {
        let seconds = time(&ours, &capture, arguments.core)?;
        if round > 0 {
            our_seconds.push(seconds);
        }
        for ((command, version), seconds) in commands.iter().zip(&versions).zip(&mut peer_seconds) {
            if version.is_some() {
                let taken = time(command, &capture, arguments.core)?;
                if round > 0 {
                    seconds.push(taken);
                }
            }
        }
    }
    let peers: Vec<Timings> = versions
        .into_iter()
        .zip(peer_seconds)
        .map(|(version, seconds)| match version {
            Some(version) => Timings { version, seconds: Ok(seconds) },
            None => Timings { version: String::new(), seconds: Err("not installed".to_string()) },
        })
        .collect();
    let our_version = process::first_line(&ours[0], &["--version"]).unwrap_or_else(|| "vpnwire".to_string());
    let heading = format!("{}, {}", processor(), date(arguments));
    Ok(conclude(&heading, &our_version, &our_seconds, &peers))
}

/// The table and what was not reached.
fn conclude(heading: &str, our_version: &str, ours: &[f64], peers: &[Timings]) -> Outcome {
    let mut faults = Vec::new();
    let mut lines = vec![
        "| program | seconds | packets/s | times ours | has to be |".to_string(),
        "|---|---:|---:|---:|---:|".to_string(),
    ];
    let per_second = |seconds: f64| PACKETS as f64 / seconds;
    let rate = per_second(median(ours));
    lines.push(format!(
        "| `vpnwire dissect` ({our_version}) | {:.4} | {rate:.0} | 1 | 1,000,000 packets/s |",
        median(ours)
    ));
    let is_reached = rate >= PACKETS_PER_SECOND;
    if !is_reached {
        faults.push(format!("{rate:.0} packets per second, {PACKETS_PER_SECOND:.0} have to be reached"));
    }
    for (peer, timings) in PEERS.iter().zip(peers) {
        let call = format!("`{} {}`", peer.name, peer.arguments.join(" "));
        match &timings.seconds {
            Ok(seconds) => {
                let ratios: Vec<f64> = seconds.iter().zip(ours).map(|(theirs, ours)| theirs / ours).collect();
                let ratio = median(&ratios);
                let taken = median(seconds);
                lines.push(format!(
                    "| {call} ({}) | {taken:.4} | {:.0} | {ratio:.1} | {} |",
                    timings.version,
                    per_second(taken),
                    peer.at_least
                ));
                let is_reached = ratio >= peer.at_least;
                if !is_reached {
                    faults.push(format!("{ratio:.1} times {call}, {} have to be reached", peer.at_least));
                }
            }
            Err(reason) => lines.push(format!("| {call} | skipped: {reason} | | | {} |", peer.at_least)),
        }
    }
    let mix: Vec<String> = MIX.iter().map(|(share, what, _)| format!("{share} % {what}")).collect();
    lines.push(String::new());
    lines.push(format!(
        "{PACKETS} packets ({}; seeded), whole process on one core writing text to a pipe, {} rounds interleaved; \
         medians, ratios within a round. Ours is built with the profile `gate`: fat LTO, one codegen unit, any CPU. {heading}.",
        mix.join(", "),
        ours.len()
    ));
    Outcome { tables: vec![("dissect", lines.join("\n") + "\n")], faults }
}

/// Seconds a program takes to print the capture; it must print a line for each packet.
fn time(command: &[String], capture: &Path, core: usize) -> Result<f64> {
    let [program, arguments @ ..] = command else { bail!("no program") };
    // A program runs where the thread that starts it does; what it takes to get there is not counted.
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
            .with_context(|| format!("{program} does not start"))?;
        anyhow::Ok((begin, child))
    };
    let started = std::thread::scope(|scope| scope.spawn(start).join());
    let (begin, mut child) = started.map_err(|_| anyhow!("the thread that starts {program} panicked"))??;
    let mut output = child.stdout.take().context("no output")?;
    // Read to nowhere, as a pipe: /dev/null is told apart by some programs.
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
    if !status.success() || line_count < PACKETS {
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
    bail!("binding to a core is known on Linux alone")
}

/// A capture of `count` packets in the shares of [`MIX`], the same each time.
fn generate(count: usize) -> Vec<u8> {
    let mut random = Random(0x7670_6e77_6972_6531);
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4u32, 0x0004_0002, 0, 0, 65_535, 1] {
        file.extend(word.to_le_bytes());
    }
    let total: u64 = MIX.iter().map(|(share, _, _)| share).sum();
    for number in 0..count as u32 {
        let mut at = random.below(total);
        let (_, _, make) = MIX
            .iter()
            .find(|(share, _, _)| match at.checked_sub(*share) {
                Some(rest) => {
                    at = rest;
                    false
                }
                None => true,
            })
            .expect("the shares add up to the total");
        let frame = make(&mut random);
        let microseconds = u64::from(number) * 37;
        file.extend((1_700_000_000 + (microseconds / 1_000_000) as u32).to_le_bytes());
        file.extend(((microseconds % 1_000_000) as u32).to_le_bytes());
        file.extend((frame.len() as u32).to_le_bytes());
        file.extend((frame.len() as u32).to_le_bytes());
        file.extend(frame);
    }
    file
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn octets(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }

    /// One of 200 hosts of 10.0.0.0/8: conversations come again.
    fn host(&mut self) -> [u8; 4] {
        [10, 1, self.below(4) as u8, 1 + self.below(50) as u8]
    }
}

fn plain_udp(random: &mut Random) -> Vec<u8> {
    let ports = (20_000 + random.below(2000) as u16, 40_000 + random.below(2000) as u16);
    let len = 18 + random.below(73) as usize;
    let payload = random.octets(len);
    let (source, destination) = (random.host(), random.host());
    udp(random, source, destination, 64, ports, &payload)
}

fn isakmp(random: &mut Random) -> Vec<u8> {
    // Main mode, message 1: an SA payload with one proposal of two transforms, and a vendor ID (RFC 2408, RFC 3706).
    let transform = |next: u8, number: u8, key_length: u16| {
        let mut transform = vec![next, 0, 0, 36, number, 1, 0, 0];
        for (attribute, value) in [
            (0x8001u16, 7u16),
            (0x800e, key_length),
            (0x8002, 2),
            (0x8003, 1),
            (0x8004, 14),
            (0x800b, 1),
            (0x800c, 28_800),
        ] {
            transform.extend(attribute.to_be_bytes());
            transform.extend(value.to_be_bytes());
        }
        transform
    };
    let mut proposal = vec![0, 0, 0, 80, 1, 1, 0, 2];
    proposal.extend(transform(3, 1, 256));
    proposal.extend(transform(0, 2, 128));
    let mut payloads = vec![13, 0, 0, 92, 0, 0, 0, 1, 0, 0, 0, 1];
    payloads.extend(proposal);
    payloads.extend([0, 0, 0, 20]);
    payloads.extend([
        0xaf, 0xca, 0xd7, 0x13, 0x68, 0xa1, 0xf1, 0xc9, 0x6b, 0x86, 0x96, 0xfc, 0x77, 0x57, 0x01, 0x00,
    ]);
    let mut message = random.octets(8);
    message.extend([0; 8]);
    message.extend([1, 0x10, 2, 0, 0, 0, 0, 0]);
    message.extend((payloads.len() as u32 + 28).to_be_bytes());
    message.extend(payloads);
    let (source, destination) = (random.host(), random.host());
    udp(random, source, destination, 64, (500, 500), &message)
}

fn esp(random: &mut Random) -> Vec<u8> {
    let mut payload = (0x1000_0000 + random.below(64) as u32).to_be_bytes().to_vec();
    payload.extend((1 + random.below(1_000_000) as u32).to_be_bytes());
    let len = 60 + 8 * random.below(9) as usize;
    payload.extend(random.octets(len));
    let (source, destination) = (random.host(), random.host());
    ipv4(random, source, destination, 64, 50, &payload)
}

fn hsrp(random: &mut Random) -> Vec<u8> {
    let group = random.below(16) as u8;
    let state = [8, 16][random.below(2) as usize];
    let mut payload = vec![0, 0, state, 3, 10, 100 + random.below(20) as u8, group, 0];
    payload.extend(b"cisco\0\0\0");
    payload.extend([10, 1, group, 254]);
    let source = random.host();
    udp(random, source, [224, 0, 0, 2], 1, (1985, 1985), &payload)
}

fn udp(
    random: &mut Random,
    source: [u8; 4],
    destination: [u8; 4],
    hop_limit: u8,
    ports: (u16, u16),
    payload: &[u8],
) -> Vec<u8> {
    let len = (payload.len() + 8) as u16;
    let mut datagram = Vec::with_capacity(payload.len() + 8);
    datagram.extend(ports.0.to_be_bytes());
    datagram.extend(ports.1.to_be_bytes());
    datagram.extend(len.to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(payload);
    let mut covered = [source, destination].concat();
    covered.extend([0, 17]);
    covered.extend(len.to_be_bytes());
    covered.extend(&datagram);
    let sum = match checksum(&covered) {
        0 => 0xffff,
        sum => sum,
    };
    datagram[6..8].copy_from_slice(&sum.to_be_bytes());
    ipv4(random, source, destination, hop_limit, 17, &datagram)
}

fn ipv4(
    random: &mut Random,
    source: [u8; 4],
    destination: [u8; 4],
    hop_limit: u8,
    protocol: u8,
    payload: &[u8],
) -> Vec<u8> {
    let mut frame = match destination {
        [224, low @ ..] => [0x01, 0x00, 0x5e, low[0] & 0x7f, low[1], low[2]].to_vec(),
        [_, _, net, host] => vec![0x02, 0, 0, 1, net, host],
    };
    frame.extend([0x02, 0, 0, 1, source[2], source[3], 0x08, 0x00]);
    let mut header = vec![0x45, 0];
    header.extend(((payload.len() + 20) as u16).to_be_bytes());
    header.extend((random.next() as u16).to_be_bytes());
    header.extend([0, 0, hop_limit, protocol, 0, 0]);
    header.extend(source);
    header.extend(destination);
    let sum = checksum(&header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    frame.extend(header);
    frame.extend(payload);
    frame
}

/// The Internet checksum, RFC 1071; written here again so that the capture does not depend on what is measured.
fn checksum(octets: &[u8]) -> u16 {
    let mut sum: u32 = octets
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u32::from(*low)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(tshark: f64, tcpdump: f64) -> Vec<Timings> {
        [tshark, tcpdump]
            .map(|seconds| Timings { version: "1".to_string(), seconds: Ok(vec![seconds; 3]) })
            .into_iter()
            .collect()
    }

    #[test]
    fn aims_that_are_reached_and_aims_that_are_not() {
        let fast = [0.05; 3];
        assert!(conclude("x", "ours", &fast, &peers(1.0, 0.4)).faults.is_empty());
        assert_eq!(conclude("x", "ours", &fast, &peers(0.99, 0.39)).faults.len(), 2);
        assert_eq!(conclude("x", "ours", &[0.11; 3], &peers(10.0, 10.0)).faults.len(), 1);
        assert_eq!(conclude("x", "ours", &[], &peers(10.0, 10.0)).faults.len(), 3, "nothing measured");
    }

    #[test]
    fn a_peer_that_is_missing_is_said_to_be_skipped() {
        let mut peers = peers(2.0, 2.0);
        peers[1].seconds = Err("not installed".to_string());
        let outcome = conclude("x", "ours", &[0.05; 3], &peers);
        assert!(outcome.faults.is_empty());
        assert!(
            outcome.tables[0].1.contains("| `tcpdump -n -r` | skipped: not installed |"),
            "{}",
            outcome.tables[0].1
        );
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

    #[test]
    fn the_capture_is_the_same_each_time_and_well_formed() {
        let file = generate(1000);
        assert_eq!(file, generate(1000));
        let mut rest = &file[24..];
        let mut count = 0;
        while let [_, _, _, _, _, _, _, _, len @ ..] = rest {
            let len = u32::from_le_bytes(len[..4].try_into().unwrap()) as usize;
            let frame = &rest[16..16 + len];
            assert_eq!(usize::from(frame[16]) << 8 | usize::from(frame[17]), len - 14);
            assert_eq!(checksum(&frame[14..34]), 0);
            rest = &rest[16 + len..];
            count += 1;
        }
        assert_eq!(count, 1000);
        assert_eq!(MIX.iter().map(|(share, _, _)| share).sum::<u64>(), 100);
    }
}
