//! `cargo xtask layers` checks which crate uses which, that every crate has what it must have, and that no files of a
//! crate use each other in a circle.
//!
//! A new crate needs a line in [`ROOMS`], and a line in [`EXTERNAL`] if it does not use std.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use cargo_metadata::{DependencyKind, Metadata};

use crate::process;

mod circles;

/// The layer of a crate. A crate uses crates of lower layers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// Octets, time and ciphers, without any protocol.
    L0,
    /// Crates for one wire protocol each.
    L1,
    /// Crates that are built on those: further protocols, and files of captures and keys.
    L2,
    /// Crates that use all protocols together: the dissector and the router.
    L3,
    /// Crates that use those: text, scenarios, sockets, reports, tables.
    L4,
    /// The program.
    L5,
    /// Tests, gates, benches and examples. They are not published, may use every crate, and are used by none.
    Outside,
}

/// The properties of a crate besides its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The crate is published and does not use std.
    NoStd,
    /// The crate is published and may use std.
    Std,
    /// The crate is not published. Published crates use it in their tests only.
    Unpublished,
}

/// A member of the workspace, which may not exist yet.
#[derive(Clone, Copy, Debug)]
struct Room {
    folder: &'static str,
    layer: Layer,
    kind: Kind,
}

const fn at(folder: &'static str, layer: Layer, kind: Kind) -> Room {
    Room { folder, layer, kind }
}

/// Every member that the workspace may have. Some do not exist yet.
const ROOMS: &[Room] = &[
    at("crates/wire", Layer::L0, Kind::NoStd),
    at("crates/sansio", Layer::L0, Kind::NoStd),
    at("crates/link", Layer::L0, Kind::Unpublished),
    at("crates/needs", Layer::L0, Kind::Unpublished),
    at("crates/lanes", Layer::L0, Kind::NoStd),
    at("crates/crypto", Layer::L0, Kind::NoStd),
    at("crates/gre", Layer::L1, Kind::NoStd),
    at("crates/hsrp", Layer::L1, Kind::NoStd),
    at("crates/nhrp", Layer::L1, Kind::NoStd),
    at("crates/ipsec", Layer::L1, Kind::NoStd),
    at("crates/isakmp", Layer::L1, Kind::NoStd),
    at("crates/sctp", Layer::L1, Kind::NoStd),
    at("crates/ikev1", Layer::L2, Kind::NoStd),
    at("crates/hasync", Layer::L2, Kind::NoStd),
    at("crates/capture", Layer::L2, Kind::Std),
    at("crates/keys", Layer::L2, Kind::Std),
    at("crates/dissect", Layer::L3, Kind::Std),
    at("crates/gateway", Layer::L3, Kind::Std),
    at("crates/ios", Layer::L4, Kind::Std),
    at("crates/simulation", Layer::L4, Kind::Std),
    at("crates/live", Layer::L4, Kind::Std),
    at("crates/report", Layer::L4, Kind::Std),
    at("crates/table", Layer::L4, Kind::Std),
    at("crates/cli", Layer::L5, Kind::Std),
    at("crates/conformance", Layer::Outside, Kind::Unpublished),
    at("crates/xtask", Layer::Outside, Kind::Unpublished),
    at("benches", Layer::Outside, Kind::Unpublished),
    at("examples", Layer::Outside, Kind::Unpublished),
];

/// Dependencies that do not go to a lower layer and are allowed: design, section 3, "Direction".
const SIDEWAYS: &[(&str, &str)] = &[
    ("crates/crypto", "crates/lanes"),
    // The deterministic link drives engines in virtual time. It is test support, and no published crate uses it.
    ("crates/link", "crates/sansio"),
    ("crates/keys", "crates/ikev1"),
    ("crates/simulation", "crates/ios"),
    ("crates/live", "crates/ios"),
    ("crates/report", "crates/ios"),
];

/// Circles of files inside a crate that are allowed: the folder, one of the files, and the reason. `dissect` may have
/// none.
const CIRCLES: &[(&str, &str, &str)] = &[
    (
        "crates/capture",
        "capture.rs",
        "a capture uses the readers of both formats, and they use the errors of a capture",
    ),
    ("crates/keys", "row.rs", "rows are read from every format, and every format makes keys of SAs"),
    ("crates/keys", "export.rs", "an export chooses a format, and the formats use the types of an export"),
    (
        "crates/cli",
        "main.rs",
        "`main` runs the commands, and they use its status and its function for messages",
    ),
    ("crates/crypto", "cipher/block.rs", "AES is a block cipher, and modes and MACs are over block ciphers"),
    ("crates/crypto", "dh.rs", "a group uses its prime and its exponentiation, and both use the group"),
    ("crates/crypto", "prf.rs", "a prf makes an output, and an output asks the prf for its length"),
    ("crates/gre", "packet.rs", "a packet lists its departures, and they inspect a packet"),
    ("crates/hasync", "attribute.rs", "attributes hold records, and records are made of attributes"),
    (
        "crates/hasync",
        "message.rs",
        "a message lists its departures, and they inspect the envelopes of messages",
    ),
    (
        "crates/hasync",
        "record/declaration.rs",
        "the elements of a list in a record are declared in the same way as a record",
    ),
    ("crates/hsrp", "message.rs", "a message holds TLVs, whose errors and digests are those of a message"),
    (
        "crates/ipsec",
        "ah/opened.rs",
        "an opened packet can be sealed again, and the code that seals uses opened packets",
    ),
    (
        "crates/ipsec",
        "ah/integrity.rs",
        "sealing uses an algorithm, and its lengths are checked by the code that seals",
    ),
    (
        "crates/ipsec",
        "esp/opened.rs",
        "an opened packet can be sealed again, and the code that seals uses opened packets",
    ),
    ("crates/ipsec", "ip.rs", "a header is of IP version 4 or 6, and both are headers of IP"),
    ("crates/ipsec", "suite.rs", "a suite makes a transform, and the transform knows its suite"),
    ("crates/isakmp", "payload/body.rs", "payloads hold proposals, which are payloads that hold transforms"),
    (
        "crates/nhrp",
        "packet.rs",
        "a packet lists its departures, and entries occur in extensions and quotations",
    ),
    ("crates/sansio", "table.rs", "a table returns its iterator, and the iterator walks the table"),
    ("crates/sctp", "chunks.rs", "a packet holds chunks, and a chunk of user data makes others"),
    ("crates/sctp", "packet.rs", "a packet lists its departures, and they inspect a packet"),
    ("crates/sctp", "parameters.rs", "a parameter may hold an address that is a parameter"),
    ("crates/wire", "chain_writer.rs", "a writer of chains writes a list, and it takes the members of lists"),
    ("crates/wire", "element.rs", "a reader makes elements, and an element makes a reader"),
];

/// The external crates that `no_std` crates may use. All of them work without std.
const EXTERNAL: &[(&str, &[&str])] = &[
    ("crates/wire", &["defmt", "serde", "thiserror"]),
    ("crates/sansio", &["thiserror"]),
    ("crates/lanes", &["cpufeatures"]),
    (
        "crates/crypto",
        &[
            "aes",
            "cbc",
            "cipher",
            "crypto-bigint",
            "ctr",
            "defmt",
            "des",
            "digest",
            "chacha20",
            "ghash",
            "poly1305",
            "hmac",
            "md-5",
            "num-bigint",
            "rand_core",
            "serde",
            "sha1",
            "sha2",
            "subtle",
            "thiserror",
            "zeroize",
        ],
    ),
    ("crates/gre", &["defmt", "serde", "thiserror", "zerocopy"]),
    ("crates/hsrp", &["defmt", "md-5", "serde", "subtle", "thiserror", "zerocopy"]),
    ("crates/nhrp", &["defmt", "hmac", "md-5", "serde", "subtle", "thiserror", "zerocopy", "zeroize"]),
    ("crates/ipsec", &["defmt", "serde", "subtle", "thiserror", "zerocopy", "zeroize"]),
    ("crates/isakmp", &["defmt", "serde", "thiserror", "zerocopy"]),
    ("crates/sctp", &["crc", "crc32c", "defmt", "serde", "thiserror", "zerocopy"]),
    ("crates/ikev1", &["bytes", "defmt", "serde", "subtle", "thiserror", "zeroize"]),
    ("crates/hasync", &["bytes", "defmt", "serde", "subtle", "thiserror", "zerocopy", "zeroize"]),
];

/// Runs the gate on this repository.
pub(crate) fn run() -> Result<()> {
    let metadata = process::metadata()?;
    let mut report = check(&metadata);
    check_circles(&metadata, &mut report)?;
    for fault in &report.faults {
        println!("{fault}");
    }
    println!(
        "layers: {} crates, {} arrows, {} files, {} faults",
        report.crates,
        report.arrows,
        report.files,
        report.faults.len()
    );
    if report.files == 0 {
        bail!("layers: no source file was found");
    }
    if !report.faults.is_empty() {
        bail!("layers: {} faults", report.faults.len());
    }
    Ok(())
}

/// The number of checks, and the faults that were found.
#[derive(Debug, Default)]
struct Report {
    crates: usize,
    arrows: usize,
    files: usize,
    faults: Vec<String>,
}

/// Searches for circles of files inside each library and tool.
fn check_circles(metadata: &Metadata, report: &mut Report) -> Result<()> {
    let mut met = Vec::new();
    for folder in folders(metadata).into_values() {
        let src = metadata.workspace_root.as_std_path().join(&folder).join("src");
        if !src.is_dir() || room(&folder).is_none_or(|room| room.layer == Layer::Outside) {
            continue;
        }
        let (files, found) = circles::find(&src)?;
        report.files += files;
        for circle in found {
            let known = CIRCLES
                .iter()
                .find(|(known, file, _)| *known == folder && circle.iter().any(|one| one == file));
            match known {
                Some(known) => met.push(known),
                None => report
                    .faults
                    .push(format!("{folder}: these files use each other in a circle: {}", circle.join(", "))),
            }
        }
    }
    let gone = CIRCLES.iter().filter(|known| !met.contains(known));
    report.faults.extend(gone.map(|(folder, file, _)| {
        format!("{folder}: {file} is in no circle of files any more; take it from the list")
    }));
    Ok(())
}

fn room(folder: &str) -> Option<Room> {
    ROOMS.iter().copied().find(|room| room.folder == folder)
}

/// The folder of every member, by the name of its package.
fn folders(metadata: &Metadata) -> BTreeMap<String, String> {
    let folder = |package: &cargo_metadata::Package| {
        let folder = package.manifest_path.parent()?;
        Some(folder.strip_prefix(&metadata.workspace_root).unwrap_or(folder).to_string())
    };
    let packages = metadata.workspace_packages().into_iter();
    packages.map(|package| (package.name.to_string(), folder(package).unwrap_or_default())).collect()
}

/// The folders of the members that do not use std. Other gates need them too.
pub(crate) fn without_std(metadata: &Metadata) -> Vec<String> {
    let folders = folders(metadata).into_values();
    folders.filter(|folder| room(folder).is_some_and(|room| room.kind == Kind::NoStd)).collect()
}

fn check(metadata: &Metadata) -> Report {
    let mut report = Report::default();
    let folders = folders(metadata);
    let mut libraries = 0;
    for package in metadata.workspace_packages() {
        let folder = folders[package.name.as_str()].as_str();
        report.crates += 1;
        let Some(this) = room(folder) else {
            report
                .faults
                .push(format!("{folder}: the crate is not in the table ROOMS (crates/xtask/src/layers.rs)"));
            continue;
        };
        let own = this.layer;
        if own < Layer::L5 {
            libraries += 1;
        }
        for dependency in &package.dependencies {
            match folders.get(&dependency.name) {
                Some(used) => {
                    report.arrows += 1;
                    let is_test = dependency.kind == DependencyKind::Development;
                    let kind = if is_test { " (in tests)" } else { "" };
                    let used_room = room(used);
                    let goes_down = own == Layer::Outside || used_room.is_some_and(|used| used.layer < own);
                    if !goes_down && !SIDEWAYS.contains(&(folder, used)) {
                        report
                            .faults
                            .push(format!("{folder} uses {used}{kind}, which is not in a lower layer"));
                    } else if this.kind != Kind::Unpublished
                        && !is_test
                        && used_room.is_some_and(|used| used.kind == Kind::Unpublished)
                    {
                        report.faults.push(format!(
                            "{folder} uses {used} outside its tests, but {used} is not published"
                        ));
                    }
                    let name = used.rsplit('/').next().unwrap_or_default();
                    if own < Layer::Outside
                        && dependency.rename.as_deref().unwrap_or(&dependency.name) != name
                    {
                        report.faults.push(format!(
                            "{folder}: the dependency {} must be renamed to {name}",
                            dependency.name
                        ));
                    }
                }
                None if this.kind == Kind::NoStd && dependency.kind != DependencyKind::Development => {
                    let allowed = EXTERNAL.iter().find(|(room, _)| *room == folder).map(|(_, names)| *names);
                    if !allowed.unwrap_or_default().contains(&dependency.name.as_str()) {
                        report.faults.push(format!(
                            "{folder}: {} is not an external crate that a crate without std may use (EXTERNAL)",
                            dependency.name
                        ));
                    }
                }
                None => {}
            }
        }
        let name = folder.rsplit('/').next().unwrap_or_default();
        let expected = match own {
            Layer::L5 => "vpnwire".to_string(),
            _ => format!("vpnwire-{name}"),
        };
        if own < Layer::Outside && package.name.as_str() != expected {
            report
                .faults
                .push(format!("{folder}: the package is named {}, but it must be {expected}", package.name));
        }
        let unpublished = package.publish.as_ref().is_some_and(Vec::is_empty);
        if unpublished != (this.kind == Kind::Unpublished) {
            let be = if unpublished {
                "the package must be publishable"
            } else {
                "the package must have publish = false"
            };
            report.faults.push(format!("{folder}: {be}"));
        }
        if let Some(folder_path) = package.manifest_path.parent() {
            report.faults.extend(
                missing(this, folder_path.as_std_path()).into_iter().map(|what| format!("{folder}: {what}")),
            );
        }
    }
    if libraries == 0 {
        report.faults.push("no library crate was found".to_string());
    }
    if report.arrows == 0 && libraries > 1 {
        report.faults.push("no dependency between crates was found".to_string());
    }
    report
}

/// The things that a crate of this room must have in its folder and does not have.
fn missing(room: Room, folder: &Path) -> Vec<String> {
    let mut missing = Vec::new();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    if room.kind != Kind::Unpublished {
        for name in ["README.md", "CHANGELOG.md"] {
            if read(name).is_empty() {
                missing.push(format!("no {name}"));
            }
        }
    }
    let is_lanes = folder.ends_with("crates/lanes");
    if room.layer < Layer::L5 && !is_lanes && !inherits_lints(&read("Cargo.toml")) {
        missing.push("no `[lints] workspace = true` in Cargo.toml".to_string());
    }
    if room.kind == Kind::NoStd && !read("src/lib.rs").lines().any(|line| line == "#![no_std]") {
        missing.push("no `#![no_std]` in src/lib.rs".to_string());
    }
    missing
}

fn inherits_lints(manifest: &str) -> bool {
    let section = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    section.take_while(|line| !line.starts_with('[')).any(|line| line.replace(' ', "") == "workspace=true")
}

#[cfg(test)]
mod tests;
