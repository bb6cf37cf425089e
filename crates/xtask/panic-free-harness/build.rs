//! Makes the list of the wrappers, so that none is removed as unused and none has to be named twice.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=src");
    let mut list = String::new();
    let mut files: Vec<_> = std::fs::read_dir("src").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let module = file.file_stem().unwrap().to_str().unwrap().to_string();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            if let Some(rest) = line.strip_prefix("pub fn ") {
                let name = rest.split(['(', '<']).next().unwrap();
                writeln!(list, "    black_box({module}::{name} as *const ());").unwrap();
            }
        }
    }
    let text = format!("fn keep() {{\n{list}}}\n");
    std::fs::write(Path::new(&std::env::var("OUT_DIR").unwrap()).join("keep.rs"), text).unwrap();
}
