//! The command `vpnwire keys`.

use std::path::{Path, PathBuf};

use needs::needs;

use crate::arguments;
use crate::captures::file;
use crate::run::run;

const SECRETS: [&str; 2] =
    ["0102030405060708090a0b0c0d0e0f101112131415161718", "808182838485868788898a8b8c8d8e8f"];

fn state() -> String {
    format!(
        "src 192.0.2.1 dst 192.0.2.7\n\tproto esp spi 0x00000100 reqid 0 mode tunnel\n\treplay-window 32\n\
         \tauth-trunc hmac(md5) 0x{} 96\n\tenc cbc(des3_ede) 0x{}\n",
        SECRETS[1], SECRETS[0]
    )
}

const COMBINED: &str = "\
src 192.0.2.7 dst 192.0.2.1
\tproto esp spi 0x00000101 reqid 0 mode tunnel
\treplay-window 32
\taead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128
";

#[test]
fn a_list_shows_no_secret_and_an_export_does() {
    let path = file("keys.xfrm", state().as_bytes());
    let list = run(&arguments!["keys", "--keys", &path]).well();
    assert_eq!(list, "ESP 0x00000100 192.0.2.1 → 192.0.2.7 3DES-CBC HMAC-MD5-96\n");
    // The keys go from each format to the next, and back.
    let mut input = path;
    for format in ["json", "xfrm", "esp_sa"] {
        let exported = run(&arguments!["keys", "--export", format, "--keys", &input]).well();
        assert!(SECRETS.iter().all(|secret| exported.contains(secret)), "{exported}");
        if format == "xfrm" {
            assert_eq!(exported, state());
        }
        input = file(&format!("keys-exported.{format}"), exported.as_bytes());
    }
    let secret = run(&arguments!["keys", "--export", "tcpdump", "--keys", &input]).well();
    assert_eq!(secret, format!("0x00000100@192.0.2.7 3des-cbc-hmac96:0x{}\n", SECRETS[0]));
}

#[test]
fn what_a_format_cannot_say_is_said() {
    let path = file("keys-combined.xfrm", format!("{}{COMBINED}", state()).as_bytes());
    let run_ = run(&arguments!["keys", "--export", "tcpdump", "--keys", &path]);
    assert_eq!(
        run_.line(1),
        "vpnwire: this SA is left out of the export: ESP 0x00000101 192.0.2.7 → 192.0.2.1 AES-GCM-16-128: AES-GCM-16-128 has no name in this format"
    );
    assert_eq!(run_.output.lines().count(), 1, "the other one is there");
    let refused = run(&arguments!["keys", "--export", "pgp", "--keys", &path]);
    assert!(refused.status == 2 && refused.errors.contains("esp_sa"), "{}", refused.errors);
    let refused = run(&["keys"]);
    assert_eq!(refused.status, 2, "neither keys nor captures");
}

fn shared(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures/strongswan").join(name)
}

/// The keys of ESP that are computed from the Diffie-Hellman secret and the pre-shared key are those in the other
/// peer's log.
#[needs(captures)]
#[test]
fn keys_of_children_are_made_from_those_of_ike() {
    let mut compared = 0;
    for name in ["mm-dpd", "mm-rekey", "mm-3des-md5-modp1024", "mm-aes256-sha256-modp2048"] {
        let (log, capture) = (shared(&format!("{name}.keys.json")), shared(&format!("{name}.pcap")));
        let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&log).unwrap()).unwrap();
        let secrets = json["ike"].as_array().unwrap().iter();
        let ike: Vec<_> =
            secrets.map(|ike| serde_json::json!({"cookie_i": ike["cookie_i"], "dh": ike["dh"]})).collect();
        let psk = json["psk"].as_str().unwrap();
        let alone =
            file(&format!("{name}-alone.json"), serde_json::json!({ "ike": ike }).to_string().as_bytes());
        let derived =
            run(&arguments!["keys", "--psk", psk, "--keys", &alone, "--export", "esp_sa", &capture]).well();
        let derived: Vec<_> = derived.lines().collect();
        let rows = json["tshark_esp_sa"].as_array().unwrap();
        assert_eq!(derived.len(), rows.len(), "{name}");
        for row in rows {
            assert!(derived.contains(&row.as_str().unwrap()), "{name}");
            compared += 1;
        }
        let table = run(&arguments![
            "keys",
            "--psk",
            psk,
            "--keys",
            &alone,
            "--export",
            "ikev1_decryption_table",
            &capture
        ])
        .well();
        let rows: Vec<_> =
            json["tshark_ikev1"].as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
        assert_eq!(table.lines().collect::<Vec<_>>(), rows, "{name}");
    }
    assert_eq!(compared, 2 + 4 + 2 + 2);
}

fn main_mode() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/ikev1")
}

/// The capture is a negotiation of this project, which `testdata/README.md` describes: nine encrypted messages, each
/// with a HASH, and six packets of ESP. Every HASH verifies with the secrets of a peer.
#[test]
fn the_main_mode_of_testdata_is_read() {
    let folder = main_mode();
    let (capture, log) = (folder.join("main-mode.pcap"), folder.join("main-mode.keys.json"));
    let count = |keys: &Path| {
        let lines = run(&arguments!["dissect", "--json", "--keys", keys, &capture]).well();
        let frames: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let with = |name: &str, value: bool| {
            frames.iter().filter(|frame| frame["fields"][name] == serde_json::json!([value])).count()
        };
        (with("isakmp.hash.verified", true), with("isakmp.hash.verified", false), with("esp.icv_good", true))
    };
    assert_eq!(count(&log), (9, 0, 6));
    // The Diffie-Hellman secret and the pre-shared key are enough. With another pre-shared key nothing verifies.
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&log).unwrap()).unwrap();
    let alone = |psk: &str| {
        let text = serde_json::json!({"ike": [{"dh": json["ike"][0]["dh"]}], "psk": psk}).to_string();
        file(&format!("main-mode-{psk}.json"), text.as_bytes())
    };
    assert_eq!(count(&alone("vpnwire-test")), (9, 0, 6));
    // One private value can replace the secret: g^xy and the keys of ESP are computed from it.
    let private = folder.join("main-mode.private-values.json");
    let text: serde_json::Value = serde_json::from_slice(&std::fs::read(&private).unwrap()).unwrap();
    assert_eq!(text["ike"].as_array().unwrap().len(), 1);
    assert!(text["ike"][0]["x"].is_string() && text["ike"][0].as_object().unwrap().len() == 1);
    assert_eq!(count(&private), (9, 0, 6));
    let (right, _, good) = count(&alone("another"));
    assert_eq!((right, good), (0, 0));
}

/// Wireshark decrypts with the exported keys.
#[needs(tshark)]
#[test]
fn the_main_mode_of_testdata_is_read_by_wireshark() {
    let folder = main_mode();
    let (capture, log) = (folder.join("main-mode.pcap"), folder.join("main-mode.keys.json"));
    let profile = file("wireshark-profile-placeholder", b"").with_file_name("wireshark-profile");
    std::fs::create_dir_all(&profile).unwrap();
    for table in ["esp_sa", "ikev1_decryption_table"] {
        let rows = run(&arguments!["keys", "--export", table, "--keys", &log]).well();
        std::fs::write(profile.join(table), rows).unwrap();
    }
    let output = std::process::Command::new("tshark")
        .env("WIRESHARK_CONFIG_DIR", &profile)
        .args(["-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE", "-r"])
        .arg(&capture)
        .args(["-T", "fields", "-e", "isakmp.hash", "-e", "esp.icv_good", "-e", "icmp.seq"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 19);
    let column =
        |at: usize| rows.iter().filter(|row| row.get(at).is_some_and(|cell| !cell.is_empty())).count();
    assert_eq!((column(0), column(1), column(2)), (9, 6, 6), "{text}");
    assert!(rows.iter().all(|row| row.get(1).is_none_or(|cell| ["", "1", "True"].contains(cell))), "{text}");
}
