//! Tests ACVP's case for pre-shared keys.

use needs::needs;

use ikev1::{Cookies, Nonces, Secret, Skeyid, SkeyidFamily};
use serde_json::Value;
use vpnwire_conformance::captures;

use crate::key_log::field;

/// Tests ACVP's case for pre-shared keys. Its inputs and outputs are in two files.
#[needs(captures)]
#[test]
fn acvp() {
    let folder = captures();
    let read = |name| -> Value {
        serde_json::from_slice(&std::fs::read(folder.join("vectors").join(name)).unwrap()).unwrap()
    };
    let outputs = read("test.acvp.ikev1_psk.json");
    let vectors = read("rfc_vectors.json");
    let mut cases = 0;
    for case in vectors["ikev1_kdf"]["cases"].as_array().unwrap() {
        let of = |name| field(case, name).unwrap();
        assert_eq!(case["hash"], "sha1");
        let cookies = Cookies {
            initiator: of("cky_i").try_into().unwrap(),
            responder: of("cky_r").try_into().unwrap(),
        };
        let (ni, nr) = (of("ni"), of("nr"));
        let nonces = Nonces { initiator: &ni, responder: &nr };
        let skeyid =
            Skeyid::pre_shared_key(crypto::HashAlgorithm::Sha1, Secret::new(&of("psk")), &nonces).unwrap();
        let family = SkeyidFamily::derive(skeyid, Secret::new(&of("g_xy")), &cookies).unwrap();
        for (name, output, key) in [
            ("skeyid", "sKeyId", &family.skeyid),
            ("skeyid_d", "sKeyIdD", &family.skeyid_d),
            ("skeyid_a", "sKeyIdA", &family.skeyid_a),
            ("skeyid_e", "sKeyIdE", &family.skeyid_e),
        ] {
            assert_eq!(key.secret().expose(), of(name));
            assert_eq!(key.secret().expose(), field(&outputs, output).unwrap());
        }
        cases += 1;
    }
    assert_eq!(cases, 1);
}
