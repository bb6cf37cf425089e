//! Tests ciphers and MACs with the published vectors in `../shared/captures/vectors`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use conformance::{captures, hex};
use crypto::cipher::{Aes128, BlockCipher, Cbc, Des, TripleDes};
use crypto::mac::{Hmac, HmacMd5_96, HmacSha1_96, Mac, Md5, Sha1};
use crypto::{KeyError, Secret};
use needs::needs;
use serde_json::Value;
use vpnwire_conformance as conformance;

fn vectors() -> Value {
    let octets = std::fs::read(captures().join("vectors/rfc_vectors.json")).unwrap();
    serde_json::from_slice(&octets).unwrap()
}

fn field(value: &Value, name: &str) -> Vec<u8> {
    hex(value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}")))
}

/// Tests the cases 1 to 4 of RFC 3602 section 4.
#[needs(captures)]
#[test]
fn aes_cbc_of_rfc_3602() {
    let vectors = vectors();
    let cases = vectors["rfc3602"]["cases"].as_array().unwrap();
    let mut count = 0;
    for case in cases.iter().filter(|case| case["kind"] == "aes-128-cbc") {
        let cbc = Cbc::<Aes128>::new(Secret::new(&field(case, "key"))).unwrap();
        let mut text = field(case, "plaintext");
        cbc.encrypt_text(&field(case, "iv"), &mut text).unwrap();
        assert_eq!(text, field(case, "ciphertext"));
        cbc.decrypt_text(&field(case, "iv"), &mut text).unwrap();
        assert_eq!(text, field(case, "plaintext"));
        count += 1;
    }
    assert_eq!(count, 4);
}

/// Tests the vectors of FIPS 81.
#[needs(captures)]
#[test]
fn des_cbc_of_fips_81() {
    let vectors = vectors();
    let case = &vectors["des_cbc_fips81"];
    let cbc = Cbc::<Des>::new(Secret::new(&field(case, "key"))).unwrap();
    let mut text = field(case, "plaintext");
    cbc.encrypt_text(&field(case, "iv"), &mut text).unwrap();
    assert_eq!(text, field(case, "ciphertext"));
    cbc.decrypt_text(&field(case, "iv"), &mut text).unwrap();
    assert_eq!(text, field(case, "plaintext"));
}

/// RFC 2405 section 2: the four weak and the twelve semi-weak keys are refused.
#[needs(captures)]
#[test]
fn weak_keys() {
    let vectors = vectors();
    for (list, error, expected) in [("weak", KeyError::WeakDes, 4), ("semiweak", KeyError::SemiWeakDes, 12)] {
        let keys = vectors["des_weak_keys"][list].as_array().unwrap();
        assert_eq!(keys.len(), expected);
        for key in keys {
            let key = hex(key.as_str().unwrap());
            assert_eq!(Des::new(Secret::new(&key)).err(), Some(error));
            // RFC 2451 section 2.3: for 3DES it is enough that neighbouring keys differ.
            let strong = *b"01234567";
            assert!(TripleDes::new(Secret::new(&[&key[..], &strong, &key].concat())).is_ok());
        }
    }
}

/// Tests all fourteen cases of RFC 2202, whole, and cut to 96 bits if the file says so.
#[needs(captures)]
#[test]
fn hmac_of_rfc_2202() {
    fn check(cases: &Value, full: impl Fn(&[u8], &[u8]) -> Vec<u8>, cut: impl Fn(&[u8], &[u8]) -> Vec<u8>) {
        let cases = cases.as_array().unwrap();
        assert_eq!(cases.len(), 7);
        for case in cases {
            let (key, data) = (field(case, "key"), field(case, "data"));
            assert_eq!(full(&key, &data), field(case, "digest"));
            if case.get("trunc96").is_some() {
                assert_eq!(cut(&key, &data), field(case, "trunc96"));
            }
        }
    }
    fn code(mac: &impl Mac, data: &[u8]) -> Vec<u8> {
        let mut icv = vec![0; mac.icv_len()];
        mac.compute(data, None, &mut icv);
        assert!(mac.verify(data, None, &icv).is_ok());
        icv
    }
    let vectors = vectors();
    check(
        &vectors["rfc2202"]["hmac_md5"],
        |key, data| code(&Hmac::<Md5>::new(Secret::new(key)), data),
        |key, data| code(&HmacMd5_96::new(Hmac::new(Secret::new(key))), data),
    );
    check(
        &vectors["rfc2202"]["hmac_sha1"],
        |key, data| code(&Hmac::<Sha1>::new(Secret::new(key)), data),
        |key, data| code(&HmacSha1_96::new(Hmac::new(Secret::new(key))), data),
    );
}
