//! Reads the key logs beside the captures.

use std::path::{Path, PathBuf};

use serde_json::Value;
use vpnwire_conformance as conformance;
use vpnwire_conformance::hex;

/// The key log beside a capture, and the capture.
pub(crate) fn scenarios(folder: &Path) -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for path in conformance::capture_files(folder) {
        let keys = path.with_extension("keys.json");
        if let Ok(octets) = std::fs::read(keys) {
            found.push((path, serde_json::from_slice(&octets).unwrap()));
        }
    }
    found
}

pub(crate) fn field(value: &Value, name: &str) -> Option<Vec<u8>> {
    value[name].as_str().map(hex)
}
