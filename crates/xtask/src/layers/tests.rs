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
        let expected = format!("crates/wire uses {folder}, which is not in a lower layer");
        assert!(faults.contains(&expected), "{faults:?}");
    }
}

/// The members of one workspace, which need not exist, and a dependency of the first on the second.
fn with_arrow(from: &str, to: &str) -> Value {
    let mut metadata = real();
    for folder in [from, to] {
        let name = package_name(folder);
        if !metadata["packages"].as_array().unwrap().iter().any(|package| package["name"] == name) {
            add_member(&mut metadata, &name, folder);
            if folder == "crates/link" {
                package(&mut metadata, &name)["publish"] = json!([]);
            }
        }
    }
    let arrow = dependency(&package_name(to), to.rsplit('/').next());
    let package = package(&mut metadata, &package_name(from));
    package["dependencies"].as_array_mut().unwrap().push(arrow);
    metadata
}

fn package_name(folder: &str) -> String {
    match folder.trim_start_matches("crates/") {
        "cli" => "vpnwire".to_string(),
        name => format!("vpnwire-{name}"),
    }
}

/// The faults that `with_arrow` finds in the dependency, without those of the folder of a crate that does not exist.
fn arrow_faults(from: &str, to: &str) -> Vec<String> {
    let faults = faults(with_arrow(from, to)).into_iter();
    faults.filter(|fault| !fault.contains(": no ")).collect()
}

#[test]
fn the_rooms_of_design_section_3_are_known_and_need_not_exist() {
    let rooms = "wire sansio link lanes crypto gre hsrp nhrp ipsec isakmp sctp ikev1 hasync capture keys dissect \
        gateway ios simulation live report table cli";
    for name in rooms.split_whitespace() {
        let folder = format!("crates/{name}");
        // A room above all others may use each of them, and no room below may.
        assert_eq!(arrow_faults("examples", &folder), Vec::<String>::new());
        if name != "wire" {
            let up = format!("crates/wire uses {folder}, which is not in a lower layer");
            assert!(arrow_faults("crates/wire", &folder).contains(&up), "{folder}");
        }
    }
}

#[test]
fn each_layer_may_use_the_one_below_and_not_the_other_way() {
    for (upper, lower) in [
        ("crates/hsrp", "crates/sansio"),
        ("crates/capture", "crates/isakmp"),
        ("crates/keys", "crates/ipsec"),
        ("crates/dissect", "crates/capture"),
        ("crates/dissect", "crates/keys"),
        ("crates/gateway", "crates/hasync"),
        ("crates/ios", "crates/gateway"),
        ("crates/simulation", "crates/gateway"),
        ("crates/live", "crates/gateway"),
        ("crates/report", "crates/dissect"),
        ("crates/table", "crates/dissect"),
        ("crates/cli", "crates/table"),
    ] {
        assert_eq!(arrow_faults(upper, lower), Vec::<String>::new());
        let up = format!("{lower} uses {upper}, which is not in a lower layer");
        assert!(arrow_faults(lower, upper).contains(&up), "{up}");
    }
}

#[test]
fn no_arrow_goes_sideways_but_those_that_the_design_names() {
    for (from, to) in [
        ("crates/crypto", "crates/lanes"),
        ("crates/keys", "crates/ikev1"),
        ("crates/simulation", "crates/ios"),
        ("crates/live", "crates/ios"),
        ("crates/report", "crates/ios"),
    ] {
        assert_eq!(arrow_faults(from, to), Vec::<String>::new());
        let back = format!("{to} uses {from}, which is not in a lower layer");
        assert!(arrow_faults(to, from).contains(&back), "{back}");
    }
    for (from, to) in [
        ("crates/table", "crates/ios"),
        ("crates/capture", "crates/keys"),
        ("crates/ikev1", "crates/hasync"),
        ("crates/gateway", "crates/dissect"),
        ("crates/live", "crates/simulation"),
        ("crates/sansio", "crates/wire"),
    ] {
        let sideways = format!("{from} uses {to}, which is not in a lower layer");
        assert!(arrow_faults(from, to).contains(&sideways), "{sideways}");
    }
}

#[test]
fn test_support_is_unpublished_and_used_in_tests_alone() {
    let mut metadata = with_arrow("crates/hsrp", "crates/link");
    let arrow = package(&mut metadata, "vpnwire-hsrp")["dependencies"].as_array_mut().unwrap();
    let arrow = arrow.iter_mut().find(|dependency| dependency["name"] == "vpnwire-link").unwrap();
    arrow["kind"] = json!("dev");
    let sound: Vec<_> = faults(metadata).into_iter().filter(|fault| !fault.contains(": no ")).collect();
    assert_eq!(sound, Vec::<String>::new());
    assert_eq!(
        arrow_faults("crates/hsrp", "crates/link"),
        ["crates/hsrp uses crates/link outside its tests, but crates/link is not published"]
    );
    let mut metadata = with_arrow("crates/conformance", "crates/link");
    package(&mut metadata, "vpnwire-link")["publish"] = json!(null);
    let expected = "crates/link: the package must have publish = false".to_string();
    assert!(faults(metadata).contains(&expected));
}

#[test]
fn files_of_captures_and_keys_need_std_and_octets_do_not() {
    for (folder, needs_std) in [
        ("crates/capture", true),
        ("crates/keys", true),
        ("crates/link", true),
        ("crates/sansio", false),
        ("crates/hasync", false),
    ] {
        let missing = missing(room(folder).unwrap(), Path::new("/nowhere/crates/x"));
        assert_eq!(!missing.contains(&"no `#![no_std]` in src/lib.rs".to_string()), needs_std, "{folder}");
    }
    let mut metadata = with_arrow("crates/capture", "crates/isakmp");
    let capture = package(&mut metadata, "vpnwire-capture");
    capture["dependencies"].as_array_mut().unwrap().push(dependency("flate2", None));
    let metadata = serde_json::from_value(metadata).unwrap();
    assert!(!check(&metadata).faults.iter().any(|fault| fault.contains("flate2")));
    assert!(!without_std(&metadata).contains(&"crates/capture".to_string()));
    assert!(without_std(&metadata).contains(&"crates/sansio".to_string()));
}

#[test]
fn an_arrow_up_in_tests_is_found() {
    let mut metadata = real();
    let mut arrow = dependency("vpnwire-conformance", Some("conformance"));
    arrow["kind"] = json!("dev");
    package(&mut metadata, "vpnwire-wire")["dependencies"].as_array_mut().unwrap().push(arrow);
    assert_eq!(
        faults(metadata),
        ["crates/wire uses crates/conformance (in tests), which is not in a lower layer"]
    );
}

#[test]
fn an_unknown_member_is_found() {
    let mut metadata = real();
    add_member(&mut metadata, "vpnwire-misc", "crates/misc");
    let faults = faults(metadata);
    assert!(faults[0].starts_with("crates/misc: the crate is not in the table ROOMS"), "{faults:?}");
}

#[test]
fn a_crate_from_outside_is_found_unless_it_is_listed() {
    let mut metadata = real();
    let wire = package(&mut metadata, "vpnwire-wire");
    wire["dependencies"].as_array_mut().unwrap().push(dependency("libc", None));
    wire["dependencies"].as_array_mut().unwrap().push(dependency("serde", None));
    assert_eq!(
        faults(metadata),
        ["crates/wire: libc is not an external crate that a crate without std may use (EXTERNAL)"]
    );
}

#[test]
fn names_and_publishing_are_checked() {
    let mut metadata = real();
    package(&mut metadata, "vpnwire-wire")["publish"] = json!([]);
    package(&mut metadata, "xtask")["publish"] = json!(null);
    let faults = faults(metadata);
    assert!(faults.contains(&"crates/wire: the package must be publishable".to_string()), "{faults:?}");
    assert!(
        faults.contains(&"crates/xtask: the package must have publish = false".to_string()),
        "{faults:?}"
    );
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
    let empty = missing(room("crates/gre").unwrap(), Path::new("/nowhere/crates/x"));
    assert_eq!(empty.len(), 4, "{empty:?}");
    assert_eq!(missing(room("crates/lanes").unwrap(), Path::new("/nowhere/crates/lanes")).len(), 3);
    assert!(inherits_lints("[package]\nname = \"x\"\n\n[lints]\nworkspace = true\n"));
    assert!(!inherits_lints("[lints.rust]\nunsafe_code = \"forbid\"\n[x]\nworkspace = true\n"));
    assert!(!inherits_lints("[lints]\n[other]\nworkspace = true\n"));
}
