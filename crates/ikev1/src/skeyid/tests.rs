use std::format;
use std::string::ToString as _;
use std::vec::Vec;

use super::*;
use crate::peer;

fn octets(len: usize, seed: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 31 + seed) as u8).collect()
}

const COOKIES: Cookies = Cookies { initiator: *b"CKY-I...", responder: *b"CKY-R..." };

#[test]
fn skeyid_of_every_authentication_method() {
    for hash in HashAlgorithm::ALL {
        // Both nonces together are shorter than a block, as long as one, and longer; each has 8 to 256 octets (RFC
        // 2409 section 5).
        for (initiator, responder) in [(8, 8), (32, 32), (33, 32), (64, 64), (65, 64), (256, 256)] {
            let (ni, nr) = (octets(initiator, 1), octets(responder, 2));
            let nonces = Nonces { initiator: &ni, responder: &nr };
            let both = [&ni[..], &nr].concat();
            assert_eq!(
                Skeyid::pre_shared_key(hash, Secret::new(b"cisco123"), &nonces).unwrap().secret().expose(),
                peer::prf(hash, b"cisco123", &[&both])
            );
            let shared = octets(128, 3);
            assert_eq!(
                Skeyid::signatures(hash, &nonces, Secret::new(&shared)).unwrap().secret().expose(),
                peer::prf(hash, &both, &[&shared]),
                "{hash} {initiator} {responder}"
            );
            let key = hash.hash(&[&both]);
            assert_eq!(
                Skeyid::public_key_encryption(hash, &nonces, &COOKIES).unwrap().secret().expose(),
                peer::prf(hash, key.expose(), &[b"CKY-I...", b"CKY-R..."])
            );
        }
    }
}

#[test]
fn no_key_comes_from_a_value_that_is_empty() {
    let hash = HashAlgorithm::Sha1;
    let (empty, key) = (Secret::new(b""), Secret::new(b"a secret"));
    let nonces = Nonces { initiator: b"Ni_b", responder: b"Nr_b" };
    let told = |result: Result<Skeyid, EmptyInput>| result.unwrap_err().element;
    assert_eq!(told(Skeyid::pre_shared_key(hash, empty, &nonces)), "pre-shared key");
    assert_eq!(told(Skeyid::signatures(hash, &nonces, empty)), "shared secret");
    for (nonces, element) in [
        (Nonces { initiator: b"", ..nonces }, "nonce of the initiator"),
        (Nonces { responder: b"", ..nonces }, "nonce of the responder"),
    ] {
        assert_eq!(told(Skeyid::pre_shared_key(hash, key, &nonces)), element);
        assert_eq!(told(Skeyid::signatures(hash, &nonces, key)), element);
        assert_eq!(told(Skeyid::public_key_encryption(hash, &nonces, &COOKIES)), element);
    }
    let skeyid = Skeyid::pre_shared_key(hash, key, &nonces).unwrap();
    let error = SkeyidFamily::derive(skeyid, empty, &COOKIES).unwrap_err();
    assert_eq!(error.to_string(), "the shared secret is empty, but the keys of the SA come from it");
}

#[test]
fn the_family() {
    for hash in HashAlgorithm::ALL {
        let shared = octets(96, 5);
        let known = peer::key(hash, b"SKEYID");
        let skeyid = Skeyid::from_octets(hash, Secret::new(&known)).unwrap();
        let family = SkeyidFamily::derive(skeyid, Secret::new(&shared), &COOKIES).unwrap();
        let tail = [&shared[..], b"CKY-I...CKY-R..."].concat();
        let d = peer::prf(hash, &known, &[&tail, &[0]]);
        let a = peer::prf(hash, &known, &[&d, &tail, &[1]]);
        let e = peer::prf(hash, &known, &[&a, &tail, &[2]]);
        assert_eq!(family.skeyid_d.secret().expose(), d);
        assert_eq!(family.skeyid_a.secret().expose(), a);
        assert_eq!(family.skeyid_e.secret().expose(), e);
        assert_eq!(family.skeyid_e.hash_algorithm(), hash);
    }
}

#[test]
fn a_key_is_as_long_as_its_hash_function_gives() {
    for hash in HashAlgorithm::ALL {
        let needed = hash.output_len();
        for available in (0..=65).filter(|available| *available != needed) {
            let error = KeyError::Length { algorithm: hash.name(), needed, available };
            assert_eq!(Skeyid::from_octets(hash, Secret::new(&[7; 65][..available])).err(), Some(error));
        }
    }
}

#[test]
fn nothing_prints() {
    let nonces = Nonces { initiator: &[0x4e; 8], responder: &[0x4e; 16] };
    assert_eq!(format!("{nonces:?}"), "Nonces(8 and 16 octets)");
    let skeyid = Skeyid::from_octets(HashAlgorithm::Sha1, Secret::new(&[3; 20])).unwrap();
    assert_eq!(format!("{skeyid:?}"), "Skeyid<SHA-1>(..)");
    let family = SkeyidFamily::derive(skeyid, Secret::new(b"g^xy"), &COOKIES).unwrap();
    let printed = format!("{family:?}");
    assert_eq!(printed.matches("Skeyid<SHA-1>(..)").count(), 4, "{printed}");
    assert!(!printed.contains(char::is_numeric) || !printed.replace("SHA-1", "").contains(char::is_numeric));
}
