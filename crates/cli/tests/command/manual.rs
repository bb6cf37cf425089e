//! The help, the manual pages and the completions.

use std::process::{Command, Stdio};

use needs::needs;

use crate::arguments;
use crate::captures::file;
use crate::run::run;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];
const DISSECT: [&str; 21] = [
    "--interface",
    "--count",
    "--no-promiscuous",
    "--tree",
    "-V",
    "--octets",
    "-x",
    "--json",
    "--protocol",
    "--colour",
    "--decode-as",
    "--hsrp-key",
    "--hsrp-key-file",
    "--nhrp-auth",
    "--esp-sa",
    "--ah-sa",
    "--keys",
    "--ike-key",
    "--psk",
    "--psk-file",
    "--decrypted",
];

/// The help of a command that takes secrets says where not to put them, and which other secrets the output shows.
#[test]
fn help_says_who_can_read_a_command_line_and_which_passwords_are_shown() {
    for (command, shows) in [("dissect", true), ("stats", false), ("roundtrip", false), ("keys", false)] {
        let manual =
            run(&["man", command]).well().replace("\\*(Aq", "'").replace("\\-", "-").replace('\n', " ");
        for text in
            [run(&[command, "--help"]).well().split_whitespace().collect::<Vec<_>>().join(" "), manual]
        {
            for part in ["can be read by every user of the machine", "history of the shell", "--psk-file"] {
                assert!(text.contains(part), "{part} in {text}");
            }
            for part in
                ["text authentication of HSRP", "nhrp.auth_ext.data", "passwords and answers of XAUTH"]
            {
                assert_eq!(text.contains(part), shows, "{part} in {text}");
            }
        }
    }
}

#[test]
fn help_mentions_every_command_and_option() {
    let help = run(&["--help"]).well();
    for command in ["dissect", "stats", "roundtrip", "keys", "psk-check", "completions", "man"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} in {help}");
    }
    let help = run(&["dissect", "--help"]).well();
    for option in DISSECT.iter().chain(&["--help", "<FILE>...", "Exit status:", "NO_COLOR", "Examples:"]) {
        assert!(help.contains(option), "{option} in {help}");
    }
    for value in ["auto", "always", "never", "udp.port==5000,hsrp", "[GROUP:]KEY"] {
        assert!(help.contains(value), "{value} in {help}");
    }
    for command in ["stats", "roundtrip"] {
        let help = run(&[command, "--help"]).well();
        for option in [
            "--json",
            "--decode-as",
            "--hsrp-key",
            "--nhrp-auth",
            "--esp-sa",
            "--ah-sa",
            "--keys",
            "--help",
            "<FILE>...",
            "Exit status:",
        ] {
            assert!(help.contains(option), "{option} in {help}");
        }
    }
    assert_eq!(run(&["--version"]).well(), format!("vpnwire {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_fits_a_terminal_of_a_hundred_columns() {
    for command in [
        &["--help"][..],
        &["dissect", "--help"],
        &["stats", "--help"],
        &["roundtrip", "--help"],
        &["keys", "--help"],
        &["-h"],
    ] {
        let help = run(command).well();
        let longest = help.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= 100, "{longest} in {help}");
    }
}

#[test]
fn notes_break_lines_only_where_they_are_full() {
    for command in ["dissect", "stats", "roundtrip", "keys"] {
        let help = run(&[command, "--help"]).well();
        let lines: Vec<_> = help.lines().collect();
        let mut count = 0;
        for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| !line.is_empty())) {
            // Lines that are indented, and the line above them, are laid out by hand.
            if pair.iter().any(|line| line.starts_with(' ')) || pair[0].ends_with(':') {
                continue;
            }
            count += 1;
            let word = pair[1].split(' ').next().unwrap();
            assert!(pair[0].chars().count() + 1 + word.chars().count() > 100, "{pair:?}");
        }
        assert_ne!(count, 0, "{help}");
    }
}

#[test]
fn every_shell_has_completions() {
    for shell in SHELLS {
        let script = run(&["completions", shell]).well();
        for word in ["dissect", "roundtrip", "psk-check", "export", "hsrp-key", "decode-as", "colour"] {
            assert!(script.contains(word), "{word} for {shell}");
        }
    }
    let refused = run(&["completions", "no-shell"]).errors;
    assert!(SHELLS.iter().all(|shell| refused.contains(shell)), "{refused}");
}

/// The script must be one that bash can read.
#[needs(bash)]
#[test]
fn bash_reads_its_completions() {
    let path = file("completions.bash", run(&["completions", "bash"]).well().as_bytes());
    let output = Command::new("bash").arg("-n").arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_command_has_a_manual_page() {
    let page = run(&["man"]).well();
    assert!(page.contains(".TH vpnwire 1") && page.contains("roundtrip"), "{page}");
    for command in ["dissect", "stats", "roundtrip", "keys", "psk-check", "completions"] {
        let page = run(&arguments!["man", command]).well();
        assert!(page.contains(&format!(".TH vpnwire-{command} 1")), "{page}");
        assert!(page.contains(env!("CARGO_PKG_VERSION")) && page.contains(".SH SYNOPSIS"), "{page}");
    }
    let page = run(&["man", "dissect"]).well().replace('\\', "");
    for option in DISSECT {
        assert!(page.contains(option), "{option} in {page}");
    }
}

#[needs(man)]
#[test]
fn man_reads_a_manual_page_without_a_remark() {
    let path = file("dissect.1", run(&["man", "dissect"]).well().as_bytes());
    let mut man = Command::new("man");
    man.args(["--warnings", "-l"]).arg(&path).stdin(Stdio::null()).env("MANPAGER", "cat");
    let output = man.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "man(1) has nothing to remark");
    assert!(output.status.success());
}
