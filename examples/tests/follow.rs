//! Runs the example `follow` on a capture of this project, which `testdata/README.md` describes.

use std::path::Path;
use std::process::Command;

/// The output of the example for a capture in `testdata/ikev1` with these files of keys.
fn follow(keys: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/ikev1");
    let mut command = Command::new(env!("CARGO_BIN_EXE_follow"));
    command.arg(folder.join("main-mode.pcap")).args(keys.iter().map(|name| folder.join(name)));
    let output = command.output().expect("the example runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The capture has nine encrypted messages with a HASH each, three pings in each direction, one question whether the
/// peer is alive, and two deletes.
#[test]
fn a_tunnel_is_told_from_its_keys() {
    for keys in ["main-mode.keys.json", "main-mode.private-values.json"] {
        let text = follow(&[keys]);
        let count = |part: &str| text.matches(part).count();
        assert_eq!(count("HASH is right"), 9, "{text}");
        assert_eq!(count("9 of 9 encrypted messages read; 9 HASHes right, 0 wrong"), 1, "{text}");
        assert_eq!(count("3 packets, 3 verified"), 2, "{text}");
        assert_eq!(count("1 times asked whether the peer is there, 1 answers"), 1, "{text}");
        assert_eq!(count("DELETE "), 2, "{text}");
    }
}

#[test]
fn without_keys_what_is_in_clear_is_told() {
    let text = follow(&[]);
    assert!(text.contains("0 of 9 encrypted messages read; 0 HASHes right, 0 wrong"), "{text}");
    assert_eq!(text.matches("3 packets, 0 verified").count(), 2, "{text}");
    assert!(!text.contains("HASH is right"), "{text}");
}
