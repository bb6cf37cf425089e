//! Every capture is read by the dissector's reader, by tshark and by `pcap-file`, and compared frame by frame.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use capture::Capture;
use vpnwire_conformance::{capture_files, captures, frames};

/// The number of a frame, its octets on the wire, its captured octets, and its time in nanoseconds if it has one.
type Row = (u64, usize, usize, Option<i128>);

fn read(path: &Path) -> (Vec<Row>, Vec<Vec<u8>>, bool) {
    let mut capture = Capture::new(File::open(path).unwrap()).unwrap();
    let (mut rows, mut octets) = (Vec::new(), Vec::new());
    while let Some(frame) = capture.next_frame() {
        let Ok(frame) = frame else { return (rows, octets, false) };
        rows.push((frame.number, frame.len, frame.octets.len(), frame.time.map(|time| time.0)));
        octets.push(frame.octets.to_vec());
    }
    (rows, octets, true)
}

/// The frames of the same file in tshark, and whether tshark came to its end.
fn tshark(path: &Path) -> (Vec<Row>, bool) {
    let fields = ["frame.number", "frame.len", "frame.cap_len", "frame.time_epoch"];
    let output = Command::new("tshark")
        .args(["-n", "-r"])
        .arg(path)
        .args(["-T", "fields"])
        .args(fields.iter().flat_map(|field| ["-e", field]))
        .output()
        .unwrap();
    let rows = String::from_utf8(output.stdout).unwrap().lines().map(row).collect();
    (rows, output.status.success())
}

fn row(line: &str) -> Row {
    let columns: Vec<&str> = line.split('\t').collect();
    let time = columns.get(3).filter(|time| !time.is_empty()).map(|time| {
        let (seconds, fraction) = time.split_once('.').unwrap();
        assert_eq!(fraction.len(), 9, "{line}");
        seconds.parse::<i128>().unwrap() * 1_000_000_000 + fraction.parse::<i128>().unwrap()
    });
    (columns[0].parse().unwrap(), columns[1].parse().unwrap(), columns[2].parse().unwrap(), time)
}

#[needs(captures, tshark)]
#[test]
fn every_frame_is_as_tshark_reads_it() {
    let folder = captures();
    let output = Command::new("tshark").arg("--version").output().unwrap();
    let version = String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned();
    let files = capture_files(&folder);
    let queue = Mutex::new(files.iter());
    let frame_count = Mutex::new(0);
    // tshark takes half a second to start, so two run at a time.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(file) = queue.lock().unwrap().next() else { return };
                    let (rows, _, is_whole) = read(file);
                    assert_eq!((rows.clone(), is_whole), tshark(file), "{}", file.display());
                    *frame_count.lock().unwrap() += rows.len();
                }
            });
        }
    });
    let frame_count = frame_count.into_inner().unwrap();
    println!("{version}: {} captures, {frame_count} frames", files.len());
    // `find -name "*.pcap" -o -name "*.cap" -o -name "*.pcapng*"` over the folder counts 143
    assert!(files.len() >= 143 && frame_count > 5000, "{} captures, {frame_count} frames", files.len());
}

#[needs(captures)]
#[test]
fn every_octet_is_as_pcap_file_reads_it() {
    let folder = captures();
    let mut frame_count = 0;
    for file in capture_files(&folder) {
        let (rows, octets, _) = read(&file);
        let expected = frames(&file);
        assert_eq!(rows.len(), expected.len(), "{}", file.display());
        for (octets, expected) in octets.iter().zip(&expected) {
            assert!(*octets == expected.octets, "{}, frame {}", file.display(), expected.number);
        }
        frame_count += rows.len();
    }
    assert!(frame_count > 5000, "{frame_count} frames");
}
