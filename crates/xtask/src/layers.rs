//! `cargo xtask layers`: which crate may use which, what every crate must have, and that no files inside of one use each other in a
//! circle.
//!
//! A new crate is a line in [`ROOMS`], and one in [`EXTERNAL`] when it does without std.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use cargo_metadata::{DependencyKind, Metadata};

use crate::process;

mod circles;

/// How far up in the house a crate stands. A crate uses crates of lower layers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// Octets, time, ciphers: no protocol.
    L0,
    /// One wire protocol each.
    L1,
    /// What is built on those: other protocols, files of captures and keys.
    L2,
    /// All of them together, over captures and as a router.
    L3,
    /// What is done with those: text, scenarios, sockets, reports, tables.
    L4,
    /// The program.
    L5,
    /// Tests, gates, benches, examples: unpublished, may use anything, are used by nothing.
    Outside,
}

/// What a crate is besides its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Published, and does without std.
    NoStd,
    /// Published, and may use std.
    Std,
    /// Not published; published crates use it in their tests at most.
    Unpublished,
}

/// A member of the workspace, whether it is there already or not.
#[derive(Clone, Copy, Debug)]
struct Room {
    folder: &'static str,
    layer: Layer,
    kind: Kind,
}

const fn at(folder: &'static str, layer: Layer, kind: Kind) -> Room {
    Room { folder, layer, kind }
}

/// Every member that the workspace may have. Those whose time has not come are known and need not exist.
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

/// Arrows that do not go down and stand all the same: design, section 3, "Direction".
const SIDEWAYS: &[(&str, &str)] = &[
    ("crates/crypto", "crates/lanes"),
    // The deterministic link drives engines in virtual time; it is test support, and nothing published uses it.
    ("crates/link", "crates/sansio"),
    ("crates/keys", "crates/ikev1"),
    ("crates/simulation", "crates/ios"),
    ("crates/live", "crates/ios"),
    ("crates/report", "crates/ios"),
];

/// Circles of files inside a crate that stand all the same: folder, one of its files, reason. None may be in `dissect`.
const CIRCLES: &[(&str, &str, &str)] = &[
    (
        "crates/capture",
        "capture.rs",
        "a capture reads either format, whose readers tell what is wrong with a capture",
    ),
    ("crates/keys", "row.rs", "rows are read from every form, and every form makes keys of SAs"),
    ("crates/keys", "export.rs", "each form that is written is one of those that can be chosen"),
    ("crates/cli", "main.rs", "each command ends with a status and complains by what stands beside `main`"),
    ("crates/crypto", "cipher/block.rs", "AES is a block cipher, and modes and MACs are over block ciphers"),
    ("crates/crypto", "dh.rs", "a group names its prime and its power, which are of a group"),
    ("crates/crypto", "prf.rs", "an output is made by a prf and tells its length"),
    ("crates/gre", "packet.rs", "a packet tells its departures, which look at a packet"),
    ("crates/hasync", "attribute.rs", "attributes hold records, and records are made of attributes"),
    ("crates/hasync", "message.rs", "a message tells its departures, which look at envelopes of messages"),
    ("crates/hasync", "record/declaration.rs", "what is listed in a record is declared as a record"),
    ("crates/hsrp", "message.rs", "a message holds TLVs, whose errors and digests are those of a message"),
    ("crates/ipsec", "ah/opened.rs", "a packet that was opened is sealed again by what seals"),
    (
        "crates/ipsec",
        "ah/integrity.rs",
        "sealing asks an algorithm, whose lengths are checked where it seals",
    ),
    ("crates/ipsec", "esp/opened.rs", "a packet that was opened is sealed again by what seals"),
    ("crates/ipsec", "ip.rs", "a header is of IP version 4 or 6, and both are headers of IP"),
    ("crates/ipsec", "suite.rs", "a suite makes any transform, which knows its suite"),
    ("crates/isakmp", "payload/body.rs", "payloads hold proposals, which are payloads that hold transforms"),
    (
        "crates/nhrp",
        "packet.rs",
        "a packet tells its departures, and entries are in extensions and quotations",
    ),
    ("crates/sansio", "table.rs", "a table gives its iterator, which walks the table"),
    ("crates/sctp", "chunks.rs", "a packet holds chunks, and a chunk of user data makes others"),
    ("crates/sctp", "packet.rs", "a packet tells its departures, which look at a packet"),
    ("crates/sctp", "parameters.rs", "a parameter may hold an address that is a parameter"),
    (
        "crates/wire",
        "chain_writer.rs",
        "a list is written by a writer of chains, which takes members of lists",
    ),
    ("crates/wire", "element.rs", "a reader makes elements, which give readers"),
];

/// What the `no_std` crates may take from outside; everything in it works without std.
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
        bail!("layers: no file was looked at");
    }
    if !report.faults.is_empty() {
        bail!("layers: {} faults", report.faults.len());
    }
    Ok(())
}

/// What was checked, and what does not hold.
#[derive(Debug, Default)]
struct Report {
    crates: usize,
    arrows: usize,
    files: usize,
    faults: Vec<String>,
}

/// Looks for circles of files inside of each library and tool.
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
                None => report.faults.push(format!("{folder}: a circle of files: {}", circle.join(", "))),
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

/// The folder of every member by its package's name.
fn folders(metadata: &Metadata) -> BTreeMap<String, String> {
    let folder = |package: &cargo_metadata::Package| {
        let folder = package.manifest_path.parent()?;
        Some(folder.strip_prefix(&metadata.workspace_root).unwrap_or(folder).to_string())
    };
    let packages = metadata.workspace_packages().into_iter();
    packages.map(|package| (package.name.to_string(), folder(package).unwrap_or_default())).collect()
}

/// The folders of the members that do without std: those that other gates must know too.
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
            report.faults.push(format!("{folder}: not in the table of rooms (crates/xtask/src/layers.rs)"));
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
                        report.faults.push(format!("{folder} uses {used}{kind}: that is not a step down"));
                    } else if this.kind != Kind::Unpublished
                        && !is_test
                        && used_room.is_some_and(|used| used.kind == Kind::Unpublished)
                    {
                        report.faults.push(format!(
                            "{folder} uses {used}, which is not published, outside of its tests"
                        ));
                    }
                    let name = used.rsplit('/').next().unwrap_or_default();
                    if own < Layer::Outside
                        && dependency.rename.as_deref().unwrap_or(&dependency.name) != name
                    {
                        report.faults.push(format!("{folder}: {} is to be named {name}", dependency.name));
                    }
                }
                None if this.kind == Kind::NoStd && dependency.kind != DependencyKind::Development => {
                    let allowed = EXTERNAL.iter().find(|(room, _)| *room == folder).map(|(_, names)| *names);
                    if !allowed.unwrap_or_default().contains(&dependency.name.as_str()) {
                        report.faults.push(format!(
                            "{folder}: {} is not among the outside crates it may use without std",
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
            report.faults.push(format!("{folder}: the package is {}, not {expected}", package.name));
        }
        let unpublished = package.publish.as_ref().is_some_and(Vec::is_empty);
        if unpublished != (this.kind == Kind::Unpublished) {
            let be = if unpublished { "must be publishable" } else { "must have publish = false" };
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
        report.faults.push("no arrow was found".to_string());
    }
    report
}

/// What a crate of this room must have in its folder and has not.
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
