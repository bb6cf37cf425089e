//! The file of `--decrypted`: it never overwrites a file that is read, and only its owner can read it.
#![cfg(unix)]

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::arguments;
use crate::captures::file;
use crate::run::{run, vpnwire};

fn testdata(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(path)
}

/// Copies a capture of ESP and its keys to files that only one test uses.
fn copies(name: &str) -> (PathBuf, PathBuf) {
    let read = |path| std::fs::read(testdata(path)).unwrap();
    (
        file(&format!("{name}.pcap"), &read("esp/tunnel.pcap")),
        file(&format!("{name}.keys"), &read("esp/tunnel.esp_sa")),
    )
}

/// A path in the same directory with another extension, where no file is.
fn beside(path: &Path, end: &str) -> PathBuf {
    let other = path.with_extension(end);
    let _ = std::fs::remove_file(&other);
    other
}

#[test]
fn no_file_that_is_read_is_touched_however_it_is_reached() {
    let (capture, keys) = copies("never-touched");
    let psk = file("never-touched.psk", b"vpnwire-test\n");
    let hsrp = file("never-touched.hsrp", b"openwall\n");
    let before = [&capture, &keys, &psk, &hsrp].map(|path| std::fs::read(path).unwrap());
    let mut count = 0;
    for input in [&capture, &keys, &psk, &hsrp] {
        let hard = beside(input, "hard");
        std::fs::hard_link(input, &hard).unwrap();
        let soft = beside(input, "soft");
        std::os::unix::fs::symlink(input, &soft).unwrap();
        for out in [input.clone(), hard, soft] {
            let list = arguments![
                "dissect",
                "--keys",
                &keys,
                "--psk-file",
                &psk,
                "--hsrp-key-file",
                &hsrp,
                "--decrypted",
                &out,
                &capture
            ];
            let run = run(&list);
            assert!(run.line(2).contains("read from this file") && run.output.is_empty(), "{}", run.errors);
            count += 1;
        }
    }
    assert_eq!(count, 12);
    // Standard input is used for the capture and for keys, under either of its names.
    for (input, list) in [
        (&capture, arguments!["dissect", "--keys", &keys, "--decrypted", &capture, "-"].to_vec()),
        (&capture, arguments!["dissect", "--keys", &keys, "--decrypted", &capture, "/dev/stdin"].to_vec()),
        (&keys, arguments!["dissect", "--keys", "-", "--decrypted", &keys, &capture].to_vec()),
        (&keys, arguments!["dissect", "--keys", "/dev/stdin", "--decrypted", &keys, &capture].to_vec()),
        (&keys, arguments!["dissect", "--keys", "-", "--decrypted", "/dev/stdin", &capture].to_vec()),
    ] {
        // The file is open for reading and writing, as with `<>` in a shell, so only the tool protects it.
        let stdin = File::options().read(true).write(true).open(input).unwrap();
        let output = vpnwire().args(&list).stdin(stdin).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{list:?} {errors}");
        assert!(errors.contains("read from this file") && output.stdout.is_empty(), "{errors}");
    }
    // Standard output is not an input, but its text would be mixed with the packets.
    let out = beside(&capture, "out");
    let list = arguments!["dissect", "--keys", &keys, "--decrypted", &out, &capture];
    let output = vpnwire().args(&list).stdout(File::create(&out).unwrap()).output().unwrap();
    assert_eq!((output.status.code(), std::fs::read(&out).unwrap().len()), (Some(2), 0));
    for (path, octets) in [&capture, &keys, &psk, &hsrp].into_iter().zip(before) {
        assert_eq!(std::fs::read(path).unwrap(), octets, "{}", path.display());
    }
}

#[test]
fn its_owner_alone_can_read_the_file() {
    let (capture, keys) = copies("owner-alone");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let made = beside(&capture, "made");
    run(&arguments!["dissect", "--keys", &keys, "--decrypted", &made, &capture]).well();
    assert_eq!(mode(&made), 0o600);
    let octets = std::fs::read(&made).unwrap();
    assert!(octets.len() > 24);
    // A file that existed before, which is longer and which everyone can read.
    let there = file("owner-alone.there", &[0x5a; 1 << 20]);
    std::fs::set_permissions(&there, Permissions::from_mode(0o644)).unwrap();
    run(&arguments!["dissect", "--keys", &keys, "--decrypted", &there, &capture]).well();
    assert_eq!((mode(&there), std::fs::read(&there).unwrap() == octets), (0o600, true));
}

#[test]
fn a_device_takes_the_packets_though_other_streams_go_there_too() {
    let (capture, keys) = copies("to-a-device");
    let list = arguments!["dissect", "--keys", &keys, "--decrypted", "/dev/null", &capture];
    let status = vpnwire().args(&list).stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(0));
}
