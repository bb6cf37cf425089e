//! Files of secrets: where they are read from, how much of them is read, and that no part of them is shown.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::arguments;
use crate::captures::{HELLO, file, pcap};
use crate::run::{Run, run, run_on};

/// Runs the tool in a shell that grants it so many KiB of memory.
pub(crate) fn run_within(kibibytes: u32, arguments: &[&str]) -> Run {
    let script = format!("ulimit -v {kibibytes}; exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_vpnwire")])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Run {
        status: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

fn testdata(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(path);
    path.to_str().unwrap().to_owned()
}

/// Each run ends with one line that says the limit, and needs less than 256 MiB of memory.
#[cfg(target_os = "linux")]
#[test]
fn files_without_end_are_refused_in_bounded_memory() {
    let capture = testdata("hsrp/failover-v1.pcap");
    let aggressive = super::psk_check::capture("endless-aggressive.pcap", b"letmein");
    let aggressive = aggressive.to_str().unwrap();
    for (list, limit) in [
        (vec!["keys", "--keys", "/dev/zero"], "more than 33554432 octets"),
        (vec!["dissect", "--keys", "/dev/zero", &capture], "more than 33554432 octets"),
        (vec!["roundtrip", "--keys", "/dev/zero", &capture], "more than 33554432 octets"),
        (vec!["dissect", "--hsrp-key-file", "/dev/zero", &capture], "line 1 has more than 65536 octets"),
        (vec!["dissect", "--psk-file", "/dev/zero", &capture], "line 1 has more than 65536 octets"),
        (vec!["keys", "--psk-file", "/dev/zero", "--keys", "x"], "line 1 has more than 65536 octets"),
    ] {
        let run = run_within(1 << 18, &list);
        assert!(run.line(2).contains(limit) && run.output.is_empty(), "{list:?} {}", run.errors);
    }
    let run = run_within(1 << 18, &["psk-check", "--word-list", "/dev/zero", aggressive]);
    assert!(run.line(2).contains("line 1 has more than 65536 octets"), "{}", run.errors);
    assert_eq!(run.output, "1a1a1a1a1a1a1a1a not in the list\n");
}

#[test]
fn a_file_of_keys_that_is_taken_for_a_capture_is_not_repeated() {
    let path = file("taken-for-a-capture", b"zqxj:letmein\n");
    for list in [arguments!["dissect", &path].to_vec(), arguments!["keys", &path].to_vec()] {
        let run = run(&list);
        let line = run.line(2);
        assert!(line.contains("not a pcap or pcapng file"), "{line}");
        assert!(
            !["zq", "letmein", "7a71"].iter().any(|part| run.errors.replace("capture", "").contains(part))
        );
    }
    // A capture that is taken for a file of keys is not repeated either.
    let capture = file("taken-for-keys", &pcap(&[b"zqxj:letmein"]));
    let run = run(&arguments!["keys", "--keys", &capture]);
    assert!(!run.line(2).contains("zqxj"), "{}", run.errors);
}

/// A key from a file or from standard input has the same effect as a key from an option.
#[test]
fn keys_of_hsrp_come_from_a_file_or_standard_input() {
    let capture = testdata("hsrp/failover-v2-md5.pcapng");
    let verified = |output: &str| output.matches("\"hsrp2.md5_auth_valid\":[true]").count();
    let by_option = run(&arguments!["dissect", "--json", "--hsrp-key", "vpnwire-test", &capture]).well();
    let path = file("hsrp-keys", b"7:other\r\n\nvpnwire-test\n");
    let list = arguments!["dissect", "--json", "--hsrp-key-file", &path, &capture];
    let by_file = run(&list).well();
    let by_stdin =
        run_on(&arguments!["dissect", "--json", "--hsrp-key-file", "-", &capture], b"vpnwire-test").well();
    assert_eq!(by_option, by_stdin);
    assert_eq!(verified(&by_option), verified(&by_file));
    // The digest of the last message was made with another key.
    let wrong = by_file.matches("\"hsrp2.md5_auth_valid\":[false]").count();
    assert!(verified(&by_file) > 0 && wrong == 1, "{wrong}");
    for (name, octets, says) in [
        ("hsrp-keys-empty", &b"\n\n"[..], "holds no key"),
        (
            "hsrp-keys-wrong",
            b"openwall\n0x5ec2e\n",
            "line 2: the key begins with 0x, but what follows is not pairs",
        ),
        ("hsrp-keys-octets", b"5ec2e\xff\n", "line 1: the key is not UTF-8"),
    ] {
        let path = file(name, octets);
        let run = run(&arguments!["dissect", "--hsrp-key-file", &path, &capture]);
        assert!(run.line(2).contains(says) && !run.errors.contains("5ec2e"), "{}", run.errors);
    }
}

#[test]
fn pre_shared_keys_come_from_a_file() {
    let log = std::fs::read(testdata("ikev1/main-mode.keys.json")).unwrap();
    let log: serde_json::Value = serde_json::from_slice(&log).unwrap();
    let secret_alone = serde_json::json!({"ike": [{"dh": log["ike"][0]["dh"]}]}).to_string();
    let keys = file("psk-file-dh.json", secret_alone.as_bytes());
    let words = file("psk-file", b"vpnwire-test\n");
    let capture = testdata("ikev1/main-mode.pcap");
    let by_option =
        run(&arguments!["dissect", "--json", "--keys", &keys, "--psk", "vpnwire-test", &capture]).well();
    let by_file =
        run(&arguments!["dissect", "--json", "--keys", &keys, "--psk-file", &words, &capture]).well();
    assert_eq!(by_option, by_file);
    assert_eq!(by_file.matches("\"isakmp.hash.verified\":[true]").count(), 9);
    let [by_option, by_file] = [["--psk", "vpnwire-test"], ["--psk-file", words.to_str().unwrap()]]
        .map(|psk| run(&arguments!["keys", "--keys", &keys, psk[0], psk[1], &capture]).well());
    assert_eq!(by_option, by_file);
    assert!(by_file.contains("9 of 9 encrypted messages read"), "{by_file}");
}

/// The name of a file may hold any octet but a slash and a zero.
#[cfg(unix)]
#[test]
fn names_of_files_give_a_terminal_no_commands() {
    let octets = pcap(&[&HELLO]);
    let good = file("name-\x1b]0;\x07-\u{9b}2J-\u{202e}\n.pcap", &octets);
    let bad = file("bad-\x1b[31m\r.pcap", b"nothing");
    let has_command = |text: &str| {
        text.lines()
            .any(|line| line.chars().any(|character| character.is_control() || character == '\u{202e}'))
    };
    for form in [&["dissect"][..], &["dissect", "-V"], &["roundtrip"]] {
        let mut list: Vec<_> = form.iter().map(std::ffi::OsString::from).collect();
        list.extend([good.clone().into(), bad.clone().into(), "no-such-\x1b\x07".into()]);
        let run = run(&list);
        assert!(!has_command(&run.output), "{:?}", run.output);
        assert!(!has_command(&run.errors) && run.errors.lines().count() == 2, "{:?}", run.errors);
        assert!(run.errors.contains("bad-\\u{1b}[31m\\u{d}.pcap"), "{}", run.errors);
    }
}
