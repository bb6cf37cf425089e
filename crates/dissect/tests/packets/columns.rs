//! Chosen fields, a frame a line.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use capture::Capture;
use vpnwire_dissect::sinks::{Columns, Output as _};
use vpnwire_dissect::{Dissector, Options, fields};

/// The captures under a folder.
fn captures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            captures(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng") {
            found.push(path);
        }
    }
}

/// The columns of the first 50 frames in a capture.
fn columns(octets: &[u8], sink: &mut Columns) -> Vec<Vec<String>> {
    let mut dissector = Dissector::new(Options::default());
    let mut capture = Capture::new(octets).unwrap();
    for _ in 0..50 {
        let Some(Ok(frame)) = capture.next_frame() else { break };
        dissector.frame(frame, sink);
    }
    let text = String::from_utf8(core::mem::take(sink.output())).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn fields_of_one_protocol_are_told_as_they_are_among_all_others() {
    let names: Vec<&str> =
        fields::all().map(|field| field.name).filter(|name| !name.starts_with("_ws.")).collect();
    let mut everything = Columns::new(&names).unwrap();
    let first = |name: &'static str| name.split('.').next().unwrap();
    let protocols: BTreeSet<&str> = names.iter().copied().map(first).collect();
    let mut alone: Vec<(&str, Vec<usize>, Columns)> = protocols
        .into_iter()
        .map(|protocol| {
            let places: Vec<usize> = (0..names.len()).filter(|at| first(names[*at]) == protocol).collect();
            let sink = Columns::new(places.iter().map(|at| names[*at])).unwrap();
            (protocol, places, sink)
        })
        .collect();
    let mut files = Vec::new();
    captures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata"), &mut files);
    let mut compared = 0;
    for file in files {
        let octets = fs::read(&file).unwrap();
        if Capture::new(&octets[..]).is_err() {
            continue;
        }
        let all = columns(&octets, &mut everything);
        for (protocol, places, sink) in &mut alone {
            if all.iter().all(|line| places.iter().all(|at| line[*at].is_empty())) {
                continue;
            }
            for (line, alone) in all.iter().zip(columns(&octets, sink)) {
                let among: Vec<&str> = places.iter().map(|at| line[*at].as_str()).collect();
                assert_eq!(alone, among, "{protocol} in {}", file.display());
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared} lines compared");
}
