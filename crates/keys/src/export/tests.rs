use super::*;
use ipsec::Secret;
use ipsec::suite::Suite;
use std::net::IpAddr;

use crate::{AddressPattern, AssociationKeys, Keys, PreSharedKey};

fn octets(first: u8, len: usize) -> Vec<u8> {
    (first..=255).cycle().take(len).collect()
}

/// An SA for every suite and for every algorithm of AH.
fn every_row() -> KeyRows {
    let mut rows = KeyRows::default();
    let mut add = |algorithms: Algorithms, key: &[u8], mac_key: &[u8]| {
        let spi = Spi(0x1000 + u32::try_from(rows.associations.len()).unwrap());
        let to: IpAddr = if spi.0.is_multiple_of(2) {
            "192.0.2.7".parse().unwrap()
        } else {
            "2001:db8::7".parse().unwrap()
        };
        rows.associations.push(AssociationRow::new(
            AssociationKeys::new(spi, algorithms).to(to),
            Secret::new(key),
            Secret::new(mac_key),
        ));
    };
    for encryption in Encryption::all() {
        let authentications: Vec<_> = match encryption.icv_len() {
            Some(_) => vec![None],
            None => Authentication::ALL.map(Some).to_vec(),
        };
        for authentication in authentications {
            let suite = Suite::new(encryption, authentication).unwrap();
            let key = octets(1, encryption.key_len());
            let mac_key = octets(0x80, authentication.map_or(0, Authentication::key_len));
            add(Algorithms::esp(suite, Secret::new(&key), Secret::new(&mac_key)).unwrap(), &key, &mac_key);
        }
    }
    for integrity in Integrity::all() {
        let key = octets(0x40, integrity.key_len());
        add(Algorithms::ah(integrity, Secret::new(&key)).unwrap(), &[], &key);
    }
    rows
}

fn described(row: &AssociationRow) -> String {
    format!("{row} {} {}", Hexadecimal(&row.encryption_key), Hexadecimal(&row.authentication_key))
}

#[test]
fn every_row_comes_back_from_every_format_or_is_refused() {
    let rows = every_row();
    assert_eq!(rows.associations.len(), 9 * 12 + 22 + 15);
    // The counts follow the documents of the formats. tcpdump has CBC and NULL before an ICV of 96 bits. Wireshark has
    // neither CCM nor GMAC nor XCBC, of the other truncations SHA-256-96 alone, and no AH. Linux has no GMAC in AH.
    for (export, refused_count) in [
        (Export::Json, 3),
        (Export::Xfrm, 3),
        (Export::EspSa, 9 * 6 + 9 + 3 + 15),
        (Export::Tcpdump, 9 * 12 - 6 * 4 + 22 + 15),
    ] {
        let (text, refused) = rows.export(export);
        assert_eq!(refused.len(), refused_count, "{export:?}");
        assert_eq!(text.capacity(), rows.most_exported(), "the text was moved as it grew");
        let mut back = KeyRows::default();
        assert_eq!(
            back.read(text.as_bytes()).unwrap().count,
            rows.associations.len() - refused_count,
            "{export:?}"
        );
        let mut back = back.associations.iter();
        for row in &rows.associations {
            if refused
                .iter()
                .any(|refused| matches!(refused.row, RefusedRow::Association(other) if other.is_same(row)))
            {
                continue;
            }
            let again = back.next().unwrap();
            if export == Export::Tcpdump {
                assert_eq!(
                    (again.keys.spi, again.destination, &again.encryption_key),
                    (row.keys.spi, row.destination, &row.encryption_key)
                );
            } else {
                assert!(again.is_same(row));
                assert_eq!(described(again), described(row), "{export:?}");
            }
        }
        assert!(back.next().is_none());
    }
}

#[test]
fn lines_of_each_format() {
    let row = r#""IPv4","192.0.2.1","192.0.2.7","0x00000100","TripleDES-CBC [RFC2451]","0x0102030405060708090a0b0c0d0e0f101112131415161718","HMAC-MD5-96 [RFC2403]","0x808182838485868788898a8b8c8d8e8f""#;
    let mut rows = KeyRows::default();
    rows.read(row.as_bytes()).unwrap();
    rows.read(b"ab3e0f1f8bc3be8e,000102030405060708090a0b0c0d0e0f").unwrap();
    let lines = |export| {
        let (text, refused) = rows.export(export);
        assert!(refused.is_empty());
        text.to_string()
    };
    assert_eq!(lines(Export::EspSa), format!("{row}\n"));
    assert_eq!(lines(Export::Ikev1DecryptionTable), "ab3e0f1f8bc3be8e,000102030405060708090a0b0c0d0e0f\n");
    assert_eq!(
        lines(Export::Tcpdump),
        "0x00000100@192.0.2.7 3des-cbc-hmac96:0x0102030405060708090a0b0c0d0e0f101112131415161718\n"
    );
    assert_eq!(
        lines(Export::Xfrm),
        "src 192.0.2.1 dst 192.0.2.7\n\tproto esp spi 0x00000100 reqid 0 mode tunnel\n\treplay-window 32\n\
         \tauth-trunc hmac(md5) 0x808182838485868788898a8b8c8d8e8f 96\n\
         \tenc cbc(des3_ede) 0x0102030405060708090a0b0c0d0e0f101112131415161718\n"
    );
    assert_eq!(
        lines(Export::Json),
        "{\n \"ike\": [\n  {\"cookie_i\": \"ab3e0f1f8bc3be8e\", \"ka\": \"000102030405060708090a0b0c0d0e0f\"}\n ],\n \
         \"child\": [\n  {\"proto\": \"ESP\", \"alg\": {\"encryption\": \"3DES_CBC\", \"integrity\": \"HMAC_MD5_96\"}, \
         \"spi_out\": \"00000100\", \"src_out\": \"192.0.2.1\", \"dst_out\": \"192.0.2.7\", \
         \"enc_i\": \"0102030405060708090a0b0c0d0e0f101112131415161718\", \
         \"auth_i\": \"808182838485868788898a8b8c8d8e8f\"}\n ]\n}\n"
    );
}

#[test]
fn extended_numbers_wildcards_and_isakmp_come_back() {
    let row = r#""IPv6","2001:db8::/32","*","0x12**5678","AES-CBC [RFC3602]","0x0102030405060708090a0b0c0d0e0f10","NULL","","64-bit","0x7""#;
    let mut rows = KeyRows::default();
    rows.read(row.as_bytes()).unwrap();
    let (text, refused) = rows.export(Export::EspSa);
    assert!(refused.is_empty());
    assert_eq!(text.as_str(), format!("{row}\n"));
    for (export, error) in [
        (Export::Json, ExportError::Spi),
        (Export::Xfrm, ExportError::Spi),
        (Export::Tcpdump, ExportError::Numbering),
    ] {
        assert_eq!(rows.export(export).1[0].error, error);
    }
    let state = "src 192.0.2.1 dst 192.0.2.7\n\tproto esp spi 0x00000300 reqid 0 mode transport\n\treplay-window 32 flag esn\n\
         \taead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128\n\
         \tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0\n\
         \tanti-replay esn context:\n\t seq-hi 0x3, seq 0x0, oseq-hi 0x0, oseq 0x0\n";
    let mut rows = KeyRows::default();
    rows.read(state.as_bytes()).unwrap();
    assert_eq!(rows.export(Export::Xfrm).0.as_str(), state);
    let mut again = KeyRows::default();
    again.read(rows.export(Export::Json).0.as_bytes()).unwrap();
    assert_eq!(again.export(Export::Xfrm).0.as_str(), state, "through JSON");
    let whole = IsakmpKeys {
        initiator_cookie: Some([1; 8]),
        responder_cookie: Some([2; 8]),
        shared_secret: Some(Zeroizing::new(octets(3, 96))),
        private_value: Some(Zeroizing::new(octets(4, 32))),
        skeyid: Some(Zeroizing::new(octets(5, 20))),
        skeyid_d: Some(Zeroizing::new(octets(6, 20))),
        skeyid_a: Some(Zeroizing::new(octets(7, 20))),
        skeyid_e: Some(Zeroizing::new(octets(8, 20))),
        encryption_key: Some(Zeroizing::new(octets(9, 16))),
    };
    let mut rows = KeyRows::default();
    rows.isakmp.push(whole.clone());
    rows.pre_shared.push("quo\"ted".parse().unwrap());
    let mut again = Keys::default();
    again.read(rows.export(Export::Json).0.as_bytes()).unwrap();
    assert!(again.isakmp == [whole] && again.pre_shared == rows.pre_shared);
}

/// An export has enough room from the start, because a text that is moved while it grows leaves copies of keys behind.
#[test]
fn no_export_is_moved_as_it_grows() {
    let secret = |octet| Some(Zeroizing::new(vec![octet; 1024]));
    let mut rows = KeyRows::default();
    rows.pre_shared.push(PreSharedKey { key: Zeroizing::new(vec![1; 5000]) });
    assert_eq!(rows.export(Export::Json).0.capacity(), rows.most_exported());
    // This is the longest row: it has wildcards, 64 bits and the longest names.
    let row = format!(
        r#""IPv6","2001:0db*:0000:0000:0000:0000:0000:*","2001:0db*:0000:0000:0000:0000:0000:*","0x12**5678","AES-GCM with 16 octet ICV [RFC4106]","0x{}","ANY 128 bit authentication [no checking]","","64-bit","0xffffffff""#,
        "ab".repeat(36)
    );
    let mut long = KeyRows::default();
    long.read(row.as_bytes()).unwrap();
    for _ in 0..200 {
        rows.associations.extend_from_slice(&long.associations);
        rows.isakmp.push(IsakmpKeys {
            initiator_cookie: Some([1; 8]),
            responder_cookie: Some([1; 8]),
            shared_secret: secret(3),
            private_value: secret(3),
            skeyid: secret(3),
            skeyid_d: secret(3),
            skeyid_a: secret(3),
            skeyid_e: secret(3),
            encryption_key: Some(Zeroizing::new(vec![3; 32])),
        });
    }
    for export in Export::ALL {
        let (text, _) = rows.export(export);
        assert_eq!(text.capacity(), rows.most_exported(), "{export:?} of {} octets", text.len());
    }
}

#[test]
fn pre_shared_keys_that_json_cannot_say_are_refused() {
    let mut rows = KeyRows::default();
    rows.pre_shared.extend(["0xff", "one", "another"].map(|key| key.parse::<PreSharedKey>().unwrap()));
    let (text, refused) = rows.export(Export::Json);
    assert!(text.contains("\"psk\": \"one\"") && !text.contains("another"));
    let refused: Vec<_> = refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        refused,
        [1, 3].map(|number| format!(
            "pre-shared key {number}: this format can hold one pre-shared key only, and the key must be text in UTF-8"
        ))
    );
}

#[test]
fn nothing_but_an_export_shows_a_key() {
    let rows = every_row();
    let mut shown = format!("{rows:?}");
    for export in Export::ALL {
        for refused in rows.export(export).1 {
            shown += &format!("{refused} {refused:?}");
        }
    }
    for row in &rows.associations {
        shown += &row.to_string();
    }
    // The octets of the keys count up.
    for run in ["010203", "404142", "808182", "1, 2, 3", "64, 65, 66", "128, 129"] {
        assert!(!shown.contains(run), "{run}");
    }
}

#[test]
fn patterns_are_shown_as_they_are_read() {
    use crate::SpiPattern;
    for text in ["*", "0x12345678", "0x12**5678", "0x0000000*"] {
        assert_eq!(SpiPattern::parse(text).unwrap().to_string(), text);
    }
    for (family, text) in [
        ("IPv4", "192.0.2.0/24"),
        ("IPv4", "192.*.2.*"),
        ("IPv4", "192.0.2.1"),
        ("IPv4", "*"),
        ("IPv6", "2001:db8::/32"),
        ("IPv6", "2001:db8::1"),
        ("IPv6", "2001:0db*:0000:0000:0000:0000:0000:*"),
    ] {
        let row =
            format!(r#""{family}","{text}","*","*","NULL","","HMAC-MD5-96 [RFC2403]","sixteen octets..""#);
        let keys: AssociationKeys = row.parse().unwrap();
        assert_eq!(keys.source.to_string(), text);
        assert_eq!(keys.source.is_v6(), Some(family == "IPv6"));
    }
    assert_eq!(AddressPattern::ANY.to_string(), "*");
}

/// What is exported can be read again: a key that no reader takes is refused.
#[test]
fn an_encryption_key_that_no_cipher_takes_is_not_written() {
    let mut rows = KeyRows::default();
    rows.isakmp.push(IsakmpKeys {
        initiator_cookie: Some([1; 8]),
        encryption_key: Some(Zeroizing::new(octets(1, 21))),
        ..IsakmpKeys::default()
    });
    for export in [Export::Json, Export::Ikev1DecryptionTable] {
        let (text, refused) = rows.export(export);
        assert!(!text.contains("010203"));
        assert_eq!(refused[0].error, ExportError::EncryptionKeyLength(21));
    }
}
