//! Looks for what tests need beside the repository, and tells the macro what is missing.
//!
//! Cargo runs this again when something that was there changes or goes, and at every build while something is missing: it has no
//! other way to see a file come. Only tests are built again then, for nothing but tests depends on this crate.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Programs, and arguments with which each ends well where it can be used.
const PROGRAMS: [(&str, &[&str]); 4] = [
    ("tshark", &["--version"]),
    ("bash", &["--version"]),
    ("man", &["--version"]),
    // The one of util-linux, and a terminal that it can make.
    ("script", &["-q", "-e", "-c", "true", "/dev/null"]),
];

fn main() {
    let mut missing = Vec::new();
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", captures.display());
    if !captures.is_dir() {
        missing.push("captures");
    }
    println!("cargo::rerun-if-env-changed=PATH");
    for (program, arguments) in PROGRAMS {
        match found(program) {
            Some(path) => println!("cargo::rerun-if-changed={}", path.display()),
            // No file has this name: cargo looks again at every build.
            None => println!("cargo::rerun-if-changed={program}-is-missing"),
        }
        if !is_usable(program, arguments) {
            missing.push(program);
        }
    }
    println!("cargo::rustc-env=VPNWIRE_MISSING={}", missing.join(","));
}

fn found(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn is_usable(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
