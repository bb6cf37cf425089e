//! The known keys of captures, for a second run with keys on both sides.
//!
//! The keys are rows of Wireshark's tables of ESP SAs and of IKEv1 keys. They come from the file of keys beside a
//! capture, and from the index of the captures.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result};

/// The keys that both programs are given.
#[derive(Debug, Default)]
pub(super) struct Keys {
    rows: Vec<String>,
    // The keys of IKEv1: the initiator's cookie, and the encryption key.
    ike: Vec<String>,
    // The file of the rows, which `vpnwire` reads itself.
    file: Option<OsString>,
}

const LINUX: &[&str] = &[
    r#""IPv4","*","*","0x00000100","AES-GCM with 16 octet ICV [RFC4106]","0x0123456789012345678901234567890123456789","NULL","""#,
    r#""IPv4","*","*","0x00000101","AES-GCM with 16 octet ICV [RFC4106]","0x9876543210987654321098765432109876543210","NULL","""#,
];

const NOT_CHECKED: &str = "ANY 96 bit authentication [no checking]";

/// The captures whose keys the index has. The authentication is left open if its key is not known.
fn of_index(name: &str) -> Vec<String> {
    let not_checked = |spi: &str, encryption: &str, key: &str| {
        format!(r#""IPv4","*","*","{spi}","{encryption}","0x{key}","{NOT_CHECKED}","""#)
    };
    let triple_des = |spi, key| not_checked(spi, "TripleDES-CBC [RFC2451]", key);
    let aes = |spi: &str, key: &str, mac_key: &str| {
        format!(
            r#""IPv4","*","*","{spi}","AES-CBC [RFC3602]","0x{key}","HMAC-SHA-1-96 [RFC2404]","0x{mac_key}""#
        )
    };
    match name {
        "tcpdump/02-sunrise-sunset-esp.pcap" => {
            vec![triple_des("0x12345678", "4043434545464649494a4a4c4c4f4f515152525454575758")]
        }
        "tcpdump/08-sunrise-sunset-esp2.pcap" => vec![
            triple_des("0x12345678", "43434545464649494a4a4c4c4f4f51515252545457575840"),
            triple_des("0xabcdabcd", "434545464649494a4a4c4c4f4f5151525254545757584043"),
        ],
        "tcpdump/08-sunrise-sunset-aes.pcap" => vec![not_checked(
            "0xd1234567",
            "AES-CBC [RFC3602]",
            "aaaabbbbccccdddd4043434545464649494a4a4c4c4f4f515152525454575758",
        )],
        "wireshark/esp-bug-12671.pcapng.gz" => vec![
            aes("0x070883c2", "5de1a4c2c72662c9fda7a7c78cd25623", "51c9213c18232f8f26c70c4dee6e0e6d56e31e8a"),
            aes("0xc254fe64", "88e1dad7140af03b8d4f3d734d21be4b", "3e00d517c1220d4b7d2950fcc02edd4b6023d278"),
        ],
        name if name.starts_with("linux-kernel/esp") => LINUX.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// The captures whose IKEv1 keys the index has.
fn ike_of_index(name: &str) -> Vec<String> {
    match name {
        "wireshark/ikev1-bug-12610.pcapng.gz" => vec![
            "ab3e0f1f8bc3be8e,928392441e00ece5e8af3bc545416e86afa1291e7c013271514738b70ef25d22".to_owned(),
        ],
        _ => Vec::new(),
    }
}

/// The rows of the children in a file without Wireshark's rows, for the algorithms of this project's own captures.
fn of_children(file: &serde_json::Value) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    for child in file["child"].as_array().into_iter().flatten() {
        let encryption = match child["alg"]["encryption"].as_str() {
            Some("AES_CBC") => "AES-CBC [RFC3602]",
            Some("3DES_CBC") => "TripleDES-CBC [RFC2451]",
            Some("DES_CBC") => "DES-CBC [RFC2405]",
            _ => continue,
        };
        let authentication = match child["alg"]["integrity"].as_str() {
            Some("HMAC_SHA1_96") => "HMAC-SHA-1-96 [RFC2404]",
            Some("HMAC_MD5_96") => "HMAC-MD5-96 [RFC2403]",
            _ => continue,
        };
        for (spi, key, mac_key) in [("spi_out", "enc_i", "auth_i"), ("spi_in", "enc_r", "auth_r")] {
            let [spi, key, mac_key] = [spi, key, mac_key].map(|name| text(&child[name]));
            rows.push(format!(
                r#""IPv4","*","*","0x{spi}","{encryption}","0x{key}","{authentication}","0x{mac_key}""#
            ));
        }
    }
    rows
}

/// The rows of the ISAKMP SAs whose encryption key the file has.
fn of_ike(file: &serde_json::Value) -> Vec<String> {
    let sas = file["ike"].as_array().into_iter().flatten();
    sas.filter_map(|sa| Some(format!("{},{}", sa["cookie_i"].as_str()?, sa["ka"].as_str()?))).collect()
}

impl Keys {
    /// The keys of a capture. `None` when no key is known.
    pub(super) fn of(capture: &Path, name: &str) -> Result<Option<Self>> {
        let stem = capture.to_string_lossy();
        let stem = [".pcapng.gz", ".pcapng", ".pcap"].iter().find_map(|end| stem.strip_suffix(end));
        let stem = stem.unwrap_or_default();
        let mut keys = Self { rows: of_index(name), ike: ike_of_index(name), file: None };
        let json = format!("{stem}.keys.json");
        if let Ok(text) = std::fs::read(&json) {
            let file: serde_json::Value = serde_json::from_slice(&text).context(json.clone())?;
            let rows = |name: &str| -> Vec<String> {
                let rows = file[name].as_array().into_iter().flatten();
                rows.filter_map(|row| row.as_str().map(str::to_owned)).collect()
            };
            keys.rows = rows("tshark_esp_sa");
            keys.ike = rows("tshark_ikev1");
            if keys.is_empty() {
                keys.rows = of_children(&file);
                keys.ike = of_ike(&file);
            }
            keys.file = Some(json.into());
        }
        let table = format!("{stem}.esp_sa");
        if let Ok(text) = std::fs::read_to_string(&table) {
            let rows = text.lines().filter(|line| line.starts_with('"'));
            keys.rows = rows.map(str::to_owned).collect();
            keys.file = Some(table.into());
        }
        Ok(Some(keys).filter(|keys| !keys.is_empty()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.ike.is_empty()
    }

    pub(super) fn for_tshark(&self) -> Vec<OsString> {
        if self.is_empty() {
            return Vec::new();
        }
        let preferences = ["esp.enable_encryption_decode:TRUE", "esp.enable_authentication_check:TRUE"];
        let preferences = preferences.map(str::to_owned).into_iter();
        let rows = self.rows.iter().map(|row| format!("uat:esp_sa:{row}"));
        let ike = self.ike.iter().map(|row| format!("uat:ikev1_decryption_table:{row}"));
        preferences.chain(rows).chain(ike).flat_map(|preference| ["-o".into(), preference.into()]).collect()
    }

    pub(super) fn for_vpnwire(&self) -> Vec<OsString> {
        match &self.file {
            Some(file) => vec!["--keys".into(), file.clone()],
            None => {
                let esp = self.rows.iter().flat_map(|row| ["--esp-sa".into(), row.into()]);
                esp.chain(self.ike.iter().flat_map(|row| ["--ike-key".into(), row.into()])).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_index_or_of_the_file_beside() {
        let keys = |name: &str| {
            let path = Path::new("nowhere").join(name);
            Keys::of(&path, name).unwrap()
        };
        assert!(keys("tcpdump/HSRP_coup.pcap").is_none());
        let known = keys("tcpdump/08-sunrise-sunset-esp2.pcap").unwrap();
        assert_eq!((known.for_tshark().len(), known.for_vpnwire().len()), (8, 4));
        assert_eq!(known.for_vpnwire()[0], "--esp-sa");
        let known = keys("wireshark/ikev1-bug-12610.pcapng.gz").unwrap();
        assert_eq!((known.for_tshark().len(), known.for_vpnwire()[0].to_str()), (6, Some("--ike-key")));
        assert_eq!(Keys::default().for_tshark().len() + Keys::default().for_vpnwire().len(), 0);
        let log = serde_json::json!({
            "ike": [{"cookie_i": "0102", "ka": "0304"}, {"cookie_i": "05", "x": "06"}],
            "child": [{"alg": {"encryption": "DES_CBC", "integrity": "HMAC_MD5_96"}, "spi_out": "07", "enc_i": "08",
                "auth_i": "09", "spi_in": "0a", "enc_r": "0b", "auth_r": "0c"}, {"alg": {"integrity": "HMAC_MD5_96"}}],
        });
        assert_eq!(of_ike(&log), ["0102,0304"]);
        let row = |spi, key, mac_key| {
            format!(
                r#""IPv4","*","*","0x{spi}","DES-CBC [RFC2405]","0x{key}","HMAC-MD5-96 [RFC2403]","0x{mac_key}""#
            )
        };
        assert_eq!(of_children(&log), [row("07", "08", "09"), row("0a", "0b", "0c")]);
        let folder = std::env::temp_dir().join("vpnwire-compare-keys");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.esp_sa"), "# a comment\n\"IPv4\",\n").unwrap();
        let beside = Keys::of(&folder.join("a.pcapng.gz"), "a.pcapng.gz").unwrap().unwrap();
        assert_eq!(beside.for_tshark().last().unwrap(), "uat:esp_sa:\"IPv4\",");
        assert_eq!(beside.for_vpnwire()[0], "--keys");
    }
}
