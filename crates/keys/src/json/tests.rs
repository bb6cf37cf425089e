use super::*;
use crate::KeyFileWarning;
use crate::{KeyRows, Keys};

const CHILD: &str = r#"{"psk": "cisco123", "child": [{"proto": "ESP",
    "alg": {"encryption": "DES_CBC", "integrity": "HMAC_MD5_96"}, "src_in": "10.0.0.2",
    "spi_in": "00000100", "enc_r": "1032547698badcfe", "auth_r": "00112233445566778899aabbccddeeff",
    "spi_out": "00000101", "enc_i": "1032547698badcff", "auth_i": "0f112233445566778899aabbccddeeff"},
    {"proto": "AH", "alg": {"integrity": "HMAC_MD5_96"}, "spi_in": "00000102",
    "auth_r": "00112233445566778899aabbccddeeff"},
    {"proto": "ESP", "alg": {"encryption": "NULL", "integrity": "HMAC_MD5_96"}, "spi_in": "00000103",
    "auth_r": "00112233445566778899aabbccddeeff"}]}"#;

fn read(text: &str) -> Result<Keys, KeyFileError> {
    let mut rows = KeyRows::default();
    let count = rows.read(text.as_bytes())?.count;
    let associations = rows.associations.iter().filter(|row| !row.is_alternative).count();
    assert_eq!(count, associations + rows.isakmp.len());
    Ok(Keys::from(rows))
}

#[test]
fn children_are_two_associations_each_under_the_keys_of_both_sides() {
    let keys = read(CHILD).unwrap();
    let spis: Vec<_> = keys.associations.iter().map(|keys| keys.spi.single().unwrap().0).collect();
    assert_eq!(spis, [0x100, 0x100, 0x101, 0x101, 0x102, 0x103]);
    // An export has one row for each SA, with the sender's keys.
    let mut rows = KeyRows::default();
    assert_eq!(rows.read(CHILD.as_bytes()).unwrap().count, 4, "alternatives are not counted");
    let exported: Vec<_> = rows.associations.iter().filter(|row| !row.is_alternative).collect();
    assert_eq!(exported.len(), 4);
    assert_eq!((exported[0].encryption_key[7], exported[1].encryption_key[7]), (0xfe, 0xff));
    assert_eq!(format!("{:?}", keys.associations[4].algorithms), "Ah(HMAC-MD5-96)");
    assert_eq!(format!("{:?}", keys.associations[0].algorithms), "Esp(DES-CBC HMAC-MD5-96)");
    assert_eq!(format!("{:?}", keys.associations[5].algorithms), "Esp(NULL HMAC-MD5-96)");
}

/// In a bundle AH authenticates and ESP has no ICV. Such a child is read and exported without change.
#[test]
fn a_child_without_an_icv_is_one() {
    let text = r#"{"child": [{"proto": "ESP", "alg": {"encryption": "DES_CBC"}, "spi_out": "00000100",
        "enc_i": "1032547698badcfe"}]}"#;
    let algorithms = |text: &str| format!("{:?}", read(text).unwrap().associations[0].algorithms);
    assert_eq!(algorithms(text), "Unverified(DES-CBC, 0 octets of ICV)");
    let mut rows = KeyRows::default();
    rows.read(text.as_bytes()).unwrap();
    let (exported, refused) = rows.export(crate::Export::Json);
    assert!(refused.is_empty() && exported.contains("1032547698badcfe"));
    assert_eq!(algorithms(&exported), algorithms(text));
}

/// An empty secret is not used as a key, because everybody would know that key.
#[test]
fn what_is_left_empty_is_not_known() {
    let text = r#"{"psk": "", "ike": [{"cookie_i": "", "dh": "", "x": "0x", "skeyid": "", "ka": ""}]}"#;
    let keys = read(text).unwrap();
    assert!(keys.isakmp == [IsakmpKeys::default()] && keys.pre_shared.is_empty());
}

#[test]
fn rows_go_before_children_and_those_of_ah_are_none_of_esp() {
    let row = |spi: &str| {
        format!("\\\"IPv4\\\",\\\"*\\\",\\\"*\\\",\\\"{spi}\\\",NULL,,HMAC-MD5-96 [RFC2403],sixteen octets..")
    };
    let rows = format!("\"tshark_esp_sa\": [\"{}\", \"{}\"]", row("0x100"), row("0x102"));
    assert_eq!(read(&format!("{{{rows}}}")).unwrap().associations.len(), 2);
    let keys = read(&CHILD.replace("\"psk\"", &format!("{rows}, \"psk\""))).unwrap();
    assert_eq!(keys.associations.len(), 2);
    assert_eq!(keys.associations[0].spi.single(), Some(Spi(0x100)));
    assert_eq!(format!("{:?}", keys.associations[1].algorithms), "Ah(HMAC-MD5-96)");
    assert!(read("{}").unwrap().associations.is_empty());
    let error = read("{\"tshark_esp_sa\": [\"IPv4,5ec2e7\"]}").unwrap_err();
    assert!(matches!(error.reason, KeyFileReason::JsonRow { number: 1, .. }), "{error}");
}

#[test]
fn errors_repeat_no_key() {
    let with = |from: &str, to: &str| {
        let mut rows = KeyRows::default();
        let error = match rows.read(CHILD.replace(from, to).as_bytes()) {
            Err(error) => error,
            Ok(summary) => {
                assert_eq!(summary.count, 2, "the others are used");
                let KeyFileWarning::LeftOut(error) = summary.warnings[0] else { panic!("not left out") };
                error
            }
        };
        assert!(!format!("{error} {error:?}").contains("5ec2e"), "{error}");
        error.reason
    };
    let child = |error| KeyFileReason::Child { number: 1, error };
    assert_eq!(with("\"00000101\"", "\"5ec2e7g\""), child(ChildError::Spi));
    assert_eq!(with("1032547698badcfe", "5ec2e"), child(ChildError::Hexadecimal));
    assert!(matches!(with("1032547698badcfe", "5ec2e7"), KeyFileReason::Child { number: 1, .. }));
    assert_eq!(with("DES_CBC", "5ec2e7"), child(ChildError::Encryption { octets: 8 }));
    assert_eq!(with("HMAC_MD5_96\"}, \"src", "5ec2e7\"}, \"src"), child(ChildError::Authentication));
    assert_eq!(with("\"ESP\"", "[\"5ec2e7\"]"), KeyFileReason::JsonShape);
    assert_eq!(with("\"child\": [", "\"child\": [ 5ec2e7"), KeyFileReason::Json);
}

/// A cipher that is not supported, compression, and a Ka that no cipher takes once stopped the whole file.
#[test]
fn what_is_not_known_is_left_out_and_the_rest_is_used() {
    let extra = r#"{"proto": "ESP", "alg": {"encryption": "CAMELLIA_CBC"}, "spi_in": "1", "enc_i": "00"},
        {"proto": "ESP", "alg": {"encryption": "AES_CBC", "integrity": "HMAC_TIGER"}, "spi_in": "1",
        "enc_i": "000102030405060708090a0b0c0d0e0f", "auth_i": "00"},
        {"proto": "IPCOMP", "alg": {}, "spi_in": "1"}, "#;
    let ike = r#""ike": [{"cookie_i": "1a2b3c4d5e6f7081", "dh": "4096", "ka": "a99909b8b1259056e4f8e7565647a74f805160a26c"},
        {"cookie_i": "1a2b3c4d5e6f7082", "ka": "00"}], "#;
    let text = CHILD.replace("\"child\": [", &format!("{ike}\"child\": [{extra}"));
    let mut rows = KeyRows::default();
    let summary = rows.read(text.as_bytes()).unwrap();
    let warnings: Vec<_> = summary.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "CAMELLIA_CBC: child 1: the encryption algorithm is not supported, or takes no key of 1 octets; the SA is left out",
            "HMAC_TIGER: child 2: the authentication algorithm is missing or not supported; the SA is left out",
            "IPCOMP: child 3: the SA is of another protocol than ESP and AH, and only these two have keys; the SA is left out",
            "ike 1: the encryption key has 21 octets, but ciphers of IKEv1 take keys of 8, 16, 24 or 32; the key is left out",
            "ike 2: the encryption key has 1 octets, but ciphers of IKEv1 take keys of 8, 16, 24 or 32; the key is left out",
        ]
    );
    assert_eq!((rows.associations.len(), rows.isakmp.len()), (6, 1));
    assert!(rows.isakmp[0].encryption_key.is_none() && rows.isakmp[0].shared_secret.is_some());
    crate::properties::key_files_come_back(text.as_bytes());
}
