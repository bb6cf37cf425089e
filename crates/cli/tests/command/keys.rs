//! `keys`.

use std::path::{Path, PathBuf};

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
    // From each format to the next, and back.
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
        "vpnwire: left out: ESP 0x00000101 192.0.2.7 → 192.0.2.1 AES-GCM-16-128: AES-GCM-16-128 has no name in this format"
    );
    assert_eq!(run_.output.lines().count(), 1, "the other one is there");
    let refused = run(&arguments!["keys", "--export", "pgp", "--keys", &path]);
    assert!(refused.status == 2 && refused.errors.contains("esp_sa"), "{}", refused.errors);
    let refused = run(&["keys"]);
    assert_eq!(refused.status, 2, "neither keys nor captures");
}

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures/strongswan").join(name);
    path.exists().then_some(path)
}

/// What the Diffie-Hellman secret and the pre-shared key alone give is what the other peer's log says of the children.
#[test]
fn keys_of_children_are_made_from_those_of_ike() {
    let mut compared = 0;
    for name in ["mm-dpd", "mm-rekey", "mm-3des-md5-modp1024", "mm-aes256-sha256-modp2048"] {
        let (Some(log), Some(capture)) =
            (shared(&format!("{name}.keys.json")), shared(&format!("{name}.pcap")))
        else {
            eprintln!("skipped: no captures at ../shared/captures");
            return;
        };
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
