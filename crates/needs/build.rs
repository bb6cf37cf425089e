//! Looks for the things that tests need outside the repository, and tells the macro which are missing.
//!
//! Cargo runs this script again when something that was there changes or disappears. While something is missing, Cargo
//! runs it at every build, because it has no other way to notice a new file. Only tests are built again then, because
//! only tests depend on this crate.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Programs, each with arguments under which it succeeds when it can be used.
const PROGRAMS: [(&str, &[&str]); 4] = [
    ("tshark", &["--version"]),
    ("bash", &["--version"]),
    ("man", &["--version"]),
    // This succeeds only with script(1) of util-linux, and when it can make a terminal.
    ("script", &["-q", "-e", "-c", "true", "/dev/null"]),
];

fn main() {
    let mut missing = Vec::new();
    println!("cargo::rerun-if-changed=build.rs");
    for name in ["captures", "cases"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
        println!("cargo::rerun-if-changed={}", folder.display());
        if !folder.is_dir() {
            missing.push(name);
        }
    }
    println!("cargo::rerun-if-env-changed=PATH");
    for (program, arguments) in PROGRAMS {
        match found(program) {
            Some(path) => println!("cargo::rerun-if-changed={}", path.display()),
            // No file has this name, so Cargo runs the script again at every build.
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
