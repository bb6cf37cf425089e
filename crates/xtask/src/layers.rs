//! `cargo xtask layers`: which crate may use which, and what every crate must have.
//!
//! A new crate is a line in [`ROOMS`], and one in [`EXTERNAL`] when it is below [`Layer::Dissect`].

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use cargo_metadata::{DependencyKind, Metadata};

use crate::process;

/// How far up in the house a crate stands. A crate uses crates of lower layers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// Octets, time, ciphers: no protocol.
    Ground,
    /// One wire protocol each.
    Codec,
    /// Protocols that are built on codecs.
    Engine,
    /// All of them over captures.
    Dissect,
    /// The program.
    Tool,
    /// Tests, gates, benches, examples: unpublished, may use anything, are used by nothing.
    Outside,
}

/// The folder of every member of the workspace and its layer.
const ROOMS: &[(&str, Layer)] = &[
    ("crates/wire", Layer::Ground),
    ("crates/sansio", Layer::Ground),
    ("crates/lanes", Layer::Ground),
    ("crates/crypto", Layer::Ground),
    ("crates/gre", Layer::Codec),
    ("crates/hsrp", Layer::Codec),
    ("crates/nhrp", Layer::Codec),
    ("crates/ipsec", Layer::Codec),
    ("crates/isakmp", Layer::Codec),
    ("crates/sctp", Layer::Codec),
    ("crates/ikev1", Layer::Engine),
    ("crates/hasync", Layer::Engine),
    ("crates/dissect", Layer::Dissect),
    ("crates/cli", Layer::Tool),
    ("crates/conformance", Layer::Outside),
    ("crates/needs", Layer::Outside),
    ("crates/xtask", Layer::Outside),
    ("benches", Layer::Outside),
    ("examples", Layer::Outside),
];

/// Arrows that do not go down and stand all the same.
const SIDEWAYS: &[(&str, &str)] = &[("crates/crypto", "crates/lanes")];

/// What no crate but tests are built with: the tests of any crate may use it.
const FOR_TESTS: &[&str] = &["crates/needs"];

/// What the `no_std` crates may take from outside; everything in it works without std.
const EXTERNAL: &[(&str, &[&str])] = &[
    ("crates/wire", &["defmt", "serde", "thiserror"]),
    ("crates/sansio", &["defmt", "serde", "thiserror"]),
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
            "ghash",
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
    let report = check(&process::metadata()?);
    for fault in &report.faults {
        println!("{fault}");
    }
    println!("layers: {} crates, {} arrows, {} faults", report.crates, report.arrows, report.faults.len());
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
    faults: Vec<String>,
}

fn layer(folder: &str) -> Option<Layer> {
    ROOMS.iter().find(|(room, _)| *room == folder).map(|(_, layer)| *layer)
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
    folders.filter(|folder| layer(folder).is_some_and(|layer| layer < Layer::Dissect)).collect()
}

fn check(metadata: &Metadata) -> Report {
    let mut report = Report::default();
    let folders = folders(metadata);
    let mut libraries = 0;
    for package in metadata.workspace_packages() {
        let folder = folders[package.name.as_str()].as_str();
        report.crates += 1;
        let Some(own) = layer(folder) else {
            report.faults.push(format!("{folder}: not in the table of rooms (crates/xtask/src/layers.rs)"));
            continue;
        };
        if own < Layer::Tool {
            libraries += 1;
        }
        for dependency in &package.dependencies {
            match folders.get(&dependency.name) {
                Some(used) => {
                    report.arrows += 1;
                    let kind =
                        if dependency.kind == DependencyKind::Development { " (in tests)" } else { "" };
                    let goes_down =
                        own == Layer::Outside || layer(used).is_some_and(|used_layer| used_layer < own);
                    let is_for_tests =
                        dependency.kind == DependencyKind::Development && FOR_TESTS.contains(&used.as_str());
                    if !goes_down && !is_for_tests && !SIDEWAYS.contains(&(folder, used)) {
                        report.faults.push(format!("{folder} uses {used}{kind}: that is not a step down"));
                    }
                    let name = used.rsplit('/').next().unwrap_or_default();
                    if own < Layer::Outside
                        && dependency.rename.as_deref().unwrap_or(&dependency.name) != name
                    {
                        report.faults.push(format!("{folder}: {} is to be named {name}", dependency.name));
                    }
                }
                None if own < Layer::Dissect && dependency.kind != DependencyKind::Development => {
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
            Layer::Tool => "vpnwire".to_string(),
            _ => format!("vpnwire-{name}"),
        };
        if own < Layer::Outside && package.name.as_str() != expected {
            report.faults.push(format!("{folder}: the package is {}, not {expected}", package.name));
        }
        let unpublished = package.publish.as_ref().is_some_and(Vec::is_empty);
        if unpublished != (own == Layer::Outside) {
            let be = if unpublished { "must be publishable" } else { "must have publish = false" };
            report.faults.push(format!("{folder}: {be}"));
        }
        if let Some(folder_path) = package.manifest_path.parent() {
            report.faults.extend(
                missing(own, folder_path.as_std_path()).into_iter().map(|what| format!("{folder}: {what}")),
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

/// What a crate of this layer must have in its folder and has not.
fn missing(own: Layer, folder: &Path) -> Vec<String> {
    let mut missing = Vec::new();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    if own < Layer::Outside {
        for name in ["README.md", "CHANGELOG.md"] {
            if read(name).is_empty() {
                missing.push(format!("no {name}"));
            }
        }
    }
    let is_lanes = folder.ends_with("crates/lanes");
    if own < Layer::Tool && !is_lanes && !inherits_lints(&read("Cargo.toml")) {
        missing.push("no `[lints] workspace = true` in Cargo.toml".to_string());
    }
    if own < Layer::Dissect && !read("src/lib.rs").lines().any(|line| line == "#![no_std]") {
        missing.push("no `#![no_std]` in src/lib.rs".to_string());
    }
    missing
}

fn inherits_lints(manifest: &str) -> bool {
    let section = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    section.take_while(|line| !line.starts_with('[')).any(|line| line.replace(' ', "") == "workspace=true")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn real() -> Value {
        serde_json::to_value(process::metadata().unwrap()).unwrap()
    }

    fn package<'v>(metadata: &'v mut Value, name: &str) -> &'v mut Value {
        let packages = metadata["packages"].as_array_mut().unwrap();
        packages.iter_mut().find(|package| package["name"] == name).unwrap()
    }

    fn dependency(name: &str, rename: Option<&str>) -> Value {
        json!({"name": name, "source": null, "req": "^0.1", "kind": null, "rename": rename, "optional": false,
            "uses_default_features": true, "features": [], "target": null, "registry": null})
    }

    /// A member that the workspace does not have, with the manifest of one that it has.
    fn add_member(metadata: &mut Value, name: &str, folder: &str) {
        let mut added = package(metadata, "vpnwire-wire").clone();
        let id = format!("path+file:///{folder}#{name}@0.1.0");
        added["name"] = json!(name);
        added["id"] = json!(id);
        added["dependencies"] = json!([]);
        added["manifest_path"] =
            json!(format!("{}/{folder}/Cargo.toml", metadata["workspace_root"].as_str().unwrap()));
        metadata["packages"].as_array_mut().unwrap().push(added);
        metadata["workspace_members"].as_array_mut().unwrap().push(json!(id));
    }

    fn faults(metadata: Value) -> Vec<String> {
        check(&serde_json::from_value(metadata).unwrap()).faults
    }

    #[test]
    fn the_workspace_holds() {
        let report = check(&process::metadata().unwrap());
        assert_eq!(report.faults, Vec::<String>::new());
        assert!(report.crates > 2);
    }

    #[test]
    fn an_arrow_up_and_an_arrow_sideways_are_found() {
        for (name, folder) in
            [("vpnwire-hsrp", "crates/hsrp"), ("vpnwire-sansio", "crates/sansio"), ("vpnwire", "crates/cli")]
        {
            let mut metadata = real();
            if !metadata["packages"].as_array().unwrap().iter().any(|package| package["name"] == name) {
                add_member(&mut metadata, name, folder);
            }
            let renamed = folder.rsplit('/').next();
            let wire = package(&mut metadata, "vpnwire-wire");
            wire["dependencies"].as_array_mut().unwrap().push(dependency(name, renamed));
            let faults = faults(metadata);
            let expected = format!("crates/wire uses {folder}: that is not a step down");
            assert!(faults.contains(&expected), "{faults:?}");
        }
    }

    #[test]
    fn an_arrow_up_in_tests_is_found() {
        let mut metadata = real();
        let mut arrow = dependency("vpnwire-conformance", Some("conformance"));
        arrow["kind"] = json!("dev");
        package(&mut metadata, "vpnwire-wire")["dependencies"].as_array_mut().unwrap().push(arrow);
        assert_eq!(
            faults(metadata),
            ["crates/wire uses crates/conformance (in tests): that is not a step down"]
        );
    }

    #[test]
    fn what_is_for_tests_is_found_outside_of_tests() {
        let mut metadata = real();
        let needs = dependency("vpnwire-needs", Some("needs"));
        package(&mut metadata, "vpnwire-wire")["dependencies"].as_array_mut().unwrap().push(needs);
        assert_eq!(faults(metadata), ["crates/wire uses crates/needs: that is not a step down"]);
    }

    #[test]
    fn an_unknown_member_is_found() {
        let mut metadata = real();
        add_member(&mut metadata, "vpnwire-misc", "crates/misc");
        let faults = faults(metadata);
        assert!(faults[0].starts_with("crates/misc: not in the table of rooms"), "{faults:?}");
    }

    #[test]
    fn a_crate_from_outside_is_found_unless_it_is_listed() {
        let mut metadata = real();
        let wire = package(&mut metadata, "vpnwire-wire");
        wire["dependencies"].as_array_mut().unwrap().push(dependency("libc", None));
        wire["dependencies"].as_array_mut().unwrap().push(dependency("serde", None));
        assert_eq!(
            faults(metadata),
            ["crates/wire: libc is not among the outside crates it may use without std"]
        );
    }

    #[test]
    fn names_and_publishing_are_checked() {
        let mut metadata = real();
        package(&mut metadata, "vpnwire-wire")["publish"] = json!([]);
        package(&mut metadata, "xtask")["publish"] = json!(null);
        let faults = faults(metadata);
        assert!(faults.contains(&"crates/wire: must be publishable".to_string()), "{faults:?}");
        assert!(faults.contains(&"crates/xtask: must have publish = false".to_string()), "{faults:?}");
    }

    #[test]
    fn a_workspace_without_libraries_fails() {
        let mut metadata = real();
        metadata["packages"] = json!([]);
        metadata["workspace_members"] = json!([]);
        assert_eq!(faults(metadata), ["no library crate was found"]);
    }

    #[test]
    fn what_a_folder_lacks_is_named() {
        let empty = missing(Layer::Codec, Path::new("/nowhere/crates/x"));
        assert_eq!(empty.len(), 4, "{empty:?}");
        assert_eq!(missing(Layer::Ground, Path::new("/nowhere/crates/lanes")).len(), 3);
        assert!(inherits_lints("[package]\nname = \"x\"\n\n[lints]\nworkspace = true\n"));
        assert!(!inherits_lints("[lints.rust]\nunsafe_code = \"forbid\"\n[x]\nworkspace = true\n"));
        assert!(!inherits_lints("[lints]\n[other]\nworkspace = true\n"));
    }
}
