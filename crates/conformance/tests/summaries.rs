//! The line of each frame in `testdata/golden/summaries.txt` is the one that stands there, beside tshark's.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic: that is how it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use needs::needs;

use capture::Capture;
use dissect::sinks::{Columns, Output};
use dissect::{Dissector, Options};
use keys::Keys;
use vpnwire_conformance::captures;

const SUMMARIES: &str = include_str!("../../../testdata/golden/summaries.txt");

/// A frame with its two lines.
#[derive(Clone, Copy, Debug)]
struct Row {
    file: &'static str,
    frame: u64,
    protocol: &'static str,
    theirs: &'static str,
    ours: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = SUMMARIES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let [file, frame, protocol, theirs, ours] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("five columns with tabs between them were expected, but this line has others: {line}");
            };
            Row { file, frame: frame.parse().unwrap(), protocol, theirs, ours }
        })
        .collect()
}

/// The keys beside a capture.
fn keys_beside(capture: &Path) -> Keys {
    let stem = capture.with_extension("");
    let mut files = ["esp_sa", "keys.json"].iter().map(|end| stem.with_extension(end));
    let file = files.find(|file| file.is_file()).unwrap_or_else(|| panic!("no keys: {}", capture.display()));
    let mut keys = Keys::default();
    keys.read(&std::fs::read(file).unwrap()).unwrap();
    keys
}

/// The lines of the frames of a capture.
fn lines(capture: &Path, keys: Keys) -> BTreeMap<u64, String> {
    let mut options = Options::default();
    options.keys = keys;
    let mut dissector = Dissector::new(options);
    let mut sink = Columns::new(["frame.number", "_ws.col.protocol", "_ws.col.info"]).unwrap();
    let mut capture = Capture::new(std::fs::File::open(capture).unwrap()).unwrap();
    // A capture that ends in the middle of a packet counts up to there.
    while let Some(Ok(frame)) = capture.next_frame() {
        dissector.frame(frame, &mut sink);
    }
    let text = String::from_utf8(std::mem::take(sink.output())).unwrap();
    let line = |line: &str| {
        let [number, protocol, info] = line.splitn(3, '\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        (number.parse().unwrap(), format!("{protocol} {info}").trim().to_owned())
    };
    text.lines().map(line).collect()
}

/// Compares our lines of the captures below `prefix`, which are in `folder`. Returns their number.
fn compare(prefix: &str, folder: &Path) -> usize {
    let mut seen = BTreeMap::new();
    let (mut count, mut wrong) = (0, Vec::new());
    for row in rows() {
        let Some(name) = row.file.strip_prefix(prefix) else { continue };
        let (name, has_keys) = name.strip_suffix("+keys").map_or((name, false), |name| (name, true));
        let lines = seen.entry(row.file).or_insert_with(|| {
            let capture = folder.join(name);
            lines(&capture, if has_keys { keys_beside(&capture) } else { Keys::default() })
        });
        count += 1;
        let found = lines.get(&row.frame).map_or("no such frame", String::as_str);
        if found != row.ours {
            wrong.push(format!(
                "{} frame {}:\n  found    {found}\n  expected {}",
                row.file, row.frame, row.ours
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    count
}

#[test]
fn lines_of_our_own_captures() {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    assert!(compare("testdata/", &folder) >= 100);
}

#[needs(captures)]
#[test]
fn lines_of_real_captures() {
    assert!(compare("captures/", &captures()) >= 40);
}

#[test]
fn every_protocol_has_lines_of_seven_frames_at_least() {
    let mut frames: BTreeMap<&str, BTreeSet<(&str, u64)>> = BTreeMap::new();
    for row in rows() {
        let is_new = frames.entry(row.protocol).or_default().insert((row.file, row.frame));
        assert!(is_new, "{} frame {} stands there twice", row.file, row.frame);
        assert!(["testdata/", "captures/"].iter().any(|folder| row.file.starts_with(folder)), "{}", row.file);
    }
    for protocol in ["HSRP", "HSRPv2", "ISAKMP", "ESP", "AH", "GRE", "NHRP", "SCTP", "ARP", "ICMP", "ICMPv6"]
    {
        let count = frames.get(protocol).map_or(0, BTreeSet::len);
        assert!(count >= 7, "{protocol} has {count} frames");
    }
}

/// The numbers in a line, in decimal and in hexadecimal, and the addresses.
fn numbers(line: &str) -> Vec<String> {
    let is_part = |character: char| character.is_ascii_hexdigit() || matches!(character, 'x' | ':' | '.');
    let words = line.split(|character| !is_part(character)).map(|word| word.trim_matches(['.', ':']));
    let words = words.filter(|word| word.contains(|character: char| character.is_ascii_digit()));
    words
        .map(|word| {
            let word = word.strip_prefix("0x").unwrap_or(word).trim_start_matches('0');
            if word.is_empty() { "0".to_owned() } else { word.to_ascii_lowercase() }
        })
        .collect()
}

/// The numbers of tshark's line without those that another one of the line gives: the sequence number of a ping in the
/// other order of octets, and how far the gaps of a SACK reach, which ours names as TSNs.
fn theirs(line: &str) -> Vec<String> {
    let words = line.split(' ').map(|word| match word.split_once(['/', '+']) {
        Some((number, _)) => number,
        None => word,
    });
    numbers(&words.collect::<Vec<_>>().join(" "))
}

#[test]
fn every_number_of_tsharks_line_is_in_ours() {
    let (mut count, mut missing) = (0, Vec::new());
    for Row { file, frame, theirs: line, ours, .. } in rows() {
        // The line of TCP gives way to that of the message in it, and what is in a forged packet is nobody's message.
        let is_within_tcp = line.starts_with("TCP ") && !ours.starts_with("TCP ");
        if is_within_tcp || ours.contains("the ICV matches no key") {
            continue;
        }
        let ours: BTreeSet<String> = numbers(ours).into_iter().collect();
        for number in theirs(line) {
            count += 1;
            if !ours.contains(&number) {
                missing.push(format!("{file} frame {frame}: tshark says {number}, and we do not: {line}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(count > 100, "{count}");
}
