//! The messages and the exit status of the tool when a file is wrong, or when its output is not read.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use crate::arguments;
use crate::captures::{FILE_HEADER, HELLO, PACKET_HEADER, file, gzip, other, pcap, pcapng};
use crate::run::{run, run_on, vpnwire};

#[test]
fn a_capture_cut_in_a_packet_shows_what_it_has() {
    let whole = pcap(&[&HELLO, &other(), &HELLO]);
    let record = PACKET_HEADER + 62;
    for cut in [1, 15, 16, 17, 77] {
        let path = file(&format!("cut-{cut}.pcap"), &whole[..FILE_HEADER + 2 * record + cut]);
        for form in ["dissect", "roundtrip"] {
            let run = run(&arguments![form, path]);
            let (needed, offset) = (if cut < 16 { 16 } else { record }, FILE_HEADER + 2 * record);
            assert_eq!(
                // A cut capture is not a difference, so the round trip only reports it on standard error.
                run.line(if form == "dissect" { 1 } else { 0 }),
                format!(
                    "vpnwire: {}: the capture is cut short at frame 3: its record at offset {offset} needs {needed} \
                     octets, but only {cut} are there",
                    path.display()
                )
            );
            assert_eq!(
                run.output.lines().count(),
                if form == "dissect" { 2 } else { run.output.lines().count() }
            );
            assert!(!run.output.is_empty());
        }
        let json = run(&arguments!["dissect", "--json", path]);
        assert_eq!((json.status, json.output.lines().count()), (1, 2));
    }
    // A capture that ends where a packet ends is whole.
    let path = file("cut-clean.pcap", &whole[..FILE_HEADER + 2 * record]);
    assert_eq!(run(&arguments!["dissect", path]).well().lines().count(), 2);
}

#[test]
fn a_compressed_capture_that_is_cut_shows_what_it_has() {
    // The octets do not compress, so that there are frames before the cut.
    let frames: Vec<Vec<u8>> = (0..400u32)
        .map(|n| {
            let noise = (0..48u32)
                .map(|i| (n.wrapping_mul(48).wrapping_add(i).wrapping_mul(2_654_435_761) >> 24) as u8);
            [&HELLO[..14], &noise.collect::<Vec<_>>()].concat()
        })
        .collect();
    let compressed = gzip(&pcap(&frames.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let run = run_on(&["dissect", "-"], &compressed[..compressed.len() / 2]);
    assert!(
        run.line(1).starts_with("vpnwire: standard input: the capture is cut short at frame "),
        "{}",
        run.errors
    );
    assert!(run.output.lines().count() > 10);
}

#[test]
fn a_damaged_capture_shows_what_comes_before_the_damage() {
    let mut octets = pcapng(&[&HELLO, &other()]);
    // The length after the last block differs from the length before it.
    let last = octets.len() - 1;
    octets[last] ^= 4;
    let path = file("damaged.pcapng", &octets);
    let run = run(&arguments!["dissect", path]);
    let start = format!("vpnwire: {}: the capture is damaged at frame 2, offset ", path.display());
    assert!(run.line(1).starts_with(&start), "{}", run.errors);
    assert_eq!(run.output.lines().count(), 1);
}

#[test]
fn what_is_no_capture_is_one_clear_line() {
    for (name, octets, says) in [
        (
            "text.pcap",
            &b"frame 1: nothing\n"[..],
            "this is not a pcap or pcapng file, plain or in gzip: its first octets",
        ),
        ("empty.pcap", b"", "this is not a pcap or pcapng file, plain or in gzip: it is empty"),
        ("short.pcap", b"ab", "its first octets are not those of such a file"),
        ("start.pcap", &pcap(&[])[..10], "cut short"),
        ("old.snoop", b"snoop\0\0\0\0\0\0\x02", "the snoop format is not supported"),
        ("text.gz", &gzip(b"frame 1: nothing\n"), "this is not a pcap"),
    ] {
        let path = file(name, octets);
        for form in [&["dissect"][..], &["dissect", "--json"], &["dissect", "-V"], &["roundtrip", "--json"]] {
            let mut list: Vec<_> = form.iter().map(std::ffi::OsString::from).collect();
            list.push(path.clone().into());
            let run = run(&list);
            let line = run.line(2);
            assert!(
                line.starts_with(&format!("vpnwire: {}: ", path.display())) && line.contains(says),
                "{line}"
            );
            assert_eq!(run.output.is_empty(), form[0] == "dissect");
        }
        let run = run_on(&["dissect", "-"], octets);
        assert!(run.line(2).starts_with("vpnwire: standard input: "), "{}", run.errors);
    }
}

#[test]
fn a_file_that_is_not_there_and_a_folder() {
    let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-such-file.pcap");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for form in ["dissect", "roundtrip"] {
        let run = run(&arguments![form, missing]);
        assert!(
            run.line(2).starts_with(&format!(
                "vpnwire: {}: the file cannot be opened: No such file",
                missing.display()
            )),
            "{}",
            run.errors
        );
        let run = crate::run::run(&arguments![form, folder]);
        assert_eq!(
            run.line(2),
            format!("vpnwire: {}: this is a directory, but a capture file is needed", folder.display())
        );
    }
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    let good = file("good.pcap", &pcap(&[&HELLO]));
    let bad = file("bad.pcap", b"nothing");
    let whole = pcap(&[&HELLO, &HELLO]);
    let cut = file("bad-cut.pcap", &whole[..whole.len() - 1]);
    for (files, status, lines) in [
        ([&bad, &good, &good], 2, 2),
        ([&good, &cut, &good], 1, 3),
        ([&cut, &bad, &good], 2, 2),
        ([&bad, &cut, &good], 2, 2),
    ] {
        let run = run(&arguments!["dissect", "--json", files[0], files[1], files[2]]);
        assert_eq!((run.status, run.output.lines().count()), (status, lines), "{}", run.errors);
        let run = crate::run::run(&arguments!["roundtrip", "--json", files[0], files[1], files[2]]);
        assert_eq!(run.status, if status == 1 { 0 } else { status }, "a cut capture is not a difference");
        let counts: serde_json::Value = serde_json::from_str(run.output.lines().next().unwrap()).unwrap();
        assert_eq!(counts["seen"], lines, "the counts are over all files");
    }
}

/// A pipe whose reader is closed.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    // The output is more than a pipe holds, and more than is written at once.
    let frames = vec![&HELLO[..]; 20_000];
    let path = file("long.pcap", &pcap(&frames));
    for list in [
        arguments!["dissect", path].to_vec(),
        arguments!["dissect", "-V", path].to_vec(),
        arguments!["dissect", "--json", path].to_vec(),
        arguments!["roundtrip", path].to_vec(),
        arguments!["roundtrip", "--json", path].to_vec(),
        arguments!["completions", "zsh"].to_vec(),
        arguments!["man"].to_vec(),
        arguments!["dissect", "--help"].to_vec(),
    ] {
        let mut child = vpnwire().args(&list).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let _ = stdout.read(&mut [0; 10]).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]), "{list:?}");
        // A reader that was closed from the start is not an error either.
        let output = vpnwire().args(&list).stdout(closed()).output().unwrap();
        assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]), "{list:?}");
    }
}

#[test]
fn errors_that_nobody_reads_change_nothing() {
    for list in [&["dissect", "no-such-file"][..], &["man", "no-command"], &["roundtrip", "no-such-file"]] {
        assert_eq!(
            vpnwire().args(list).stdout(Stdio::null()).stderr(closed()).status().unwrap().code(),
            Some(2)
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let path = file("full.pcap", &pcap(&[&HELLO]));
    for list in [
        arguments!["dissect", path].to_vec(),
        arguments!["roundtrip", path].to_vec(),
        arguments!["completions", "bash"].to_vec(),
        arguments!["man"].to_vec(),
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = vpnwire().args(&list).stdout(full).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{list:?}");
        assert!(
            errors.starts_with("vpnwire: cannot write to standard output: ") && errors.lines().count() == 1,
            "{errors}"
        );
    }
}

#[test]
fn arguments_that_are_none_end_with_2() {
    for list in [
        &["dissect"][..],
        &[],
        &["roundtrip"],
        &["stats"],
        &["dissect", "--no-such-option", "x"],
        &["dissect", "--json", "-V", "x"],
        &["dissect", "--json", "-x", "x"],
        &["dissect", "--colour", "pink", "x"],
        &["completions", "no-shell"],
        &["man", "no-command"],
    ] {
        let run = run(list);
        assert_eq!((run.status, run.output.as_str()), (2, ""), "{list:?}");
        assert!(!run.errors.is_empty());
    }
}

#[test]
fn packets_show_as_they_come() {
    use std::io::{BufRead, BufReader, Write};
    let mut child =
        vpnwire().args(["dissect", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let capture = pcap(&[&HELLO, &HELLO]);
    let (first, second) = capture.split_at(FILE_HEADER + PACKET_HEADER + 62);
    let mut line = String::new();
    for (piece, number) in [(first, "    1 "), (second, "    2 ")] {
        stdin.write_all(piece).unwrap();
        stdin.flush().unwrap();
        line.clear();
        stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with(number), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
