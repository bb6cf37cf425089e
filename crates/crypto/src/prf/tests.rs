use std::format;
use std::vec::Vec;

use super::*;
use crate::hexadecimal::hex;

/// Computes HMAC by its definition with RustCrypto, without the code under test.
fn peer(hash_algorithm: HashAlgorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    use hmac::{KeyInit as _, Mac as _};
    macro_rules! of {
        ($hash:ty) => {{
            let mut mac = hmac::Hmac::<$hash>::new_from_slice(key).unwrap();
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match hash_algorithm {
        HashAlgorithm::Md5 => of!(md5::Md5),
        HashAlgorithm::Sha1 => of!(sha1::Sha1),
        HashAlgorithm::Sha256 => of!(sha2::Sha256),
        HashAlgorithm::Sha384 => of!(sha2::Sha384),
        HashAlgorithm::Sha512 => of!(sha2::Sha512),
    }
}

fn peer_hash(hash_algorithm: HashAlgorithm, message: &[u8]) -> Vec<u8> {
    use digest::Digest as _;
    match hash_algorithm {
        HashAlgorithm::Md5 => md5::Md5::digest(message).to_vec(),
        HashAlgorithm::Sha1 => sha1::Sha1::digest(message).to_vec(),
        HashAlgorithm::Sha256 => sha2::Sha256::digest(message).to_vec(),
        HashAlgorithm::Sha384 => sha2::Sha384::digest(message).to_vec(),
        HashAlgorithm::Sha512 => sha2::Sha512::digest(message).to_vec(),
    }
}

fn message(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 7 + n / 256) as u8).collect()
}

/// RFC 2202 case 2 and RFC 4231 case 2: all algorithms have the same key and text.
#[test]
fn the_rfcs_cases() {
    for (hash_algorithm, expected) in [
        (HashAlgorithm::Md5, "750c783e6ab0b503eaa86e310a5db738"),
        (HashAlgorithm::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (HashAlgorithm::Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            HashAlgorithm::Sha384,
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        ),
        (
            HashAlgorithm::Sha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd\
             caeab1a34d4a6b4b636e070a38bce737",
        ),
    ] {
        let prf = Prf::new(hash_algorithm, Secret::new(b"Jefe"));
        let output = prf.compute(&[b"what do ya want ", b"", b"for nothing?"]);
        assert_eq!(output.expose(), hex(expected), "{hash_algorithm}");
        prf.verify(&[b"what do ya want for nothing?"], output.expose()).unwrap();
        assert!(prf.verify(&[b"what do ya want for nothing!"], output.expose()).is_err());
        assert!(prf.verify(&[b"what do ya want for nothing?"], &output.expose()[1..]).is_err());
    }
}

#[test]
fn parts_are_one_message_however_they_are_cut() {
    for hash_algorithm in HashAlgorithm::ALL {
        let key = message(20);
        let prf = Prf::new(hash_algorithm, Secret::new(&key));
        for len in 0..300 {
            let whole = message(len);
            let (hash, code) = (peer_hash(hash_algorithm, &whole), peer(hash_algorithm, &key, &whole));
            for cut in (0..=len).step_by(1 + len / 40) {
                let (one, other) = whole.split_at(cut);
                assert_eq!(hash_algorithm.hash(&[one, other]).expose(), hash, "{hash_algorithm} {len} {cut}");
                assert_eq!(prf.compute(&[one, other]).expose(), code, "{hash_algorithm} {len} {cut}");
            }
            let octets: Vec<&[u8]> = whole.chunks(1).collect();
            assert_eq!(hash_algorithm.hash(&octets).expose(), hash);
        }
    }
}

#[test]
fn keys_of_any_length() {
    for hash_algorithm in HashAlgorithm::ALL {
        for len in [0, 1, 63, 64, 65, 127, 128, 129, 256, 300] {
            let key = message(len);
            let prf = Prf::new(hash_algorithm, Secret::new(&key));
            assert_eq!(prf.compute(&[b"x"]).expose(), peer(hash_algorithm, &key, b"x"));
        }
    }
}

/// RFC 2409 appendix B and section 5.5, written out.
#[test]
fn both_expansions() {
    for hash_algorithm in HashAlgorithm::ALL {
        let key = message(16);
        let prf = Prf::new(hash_algorithm, Secret::new(&key));
        let (mut appendix_b, mut section_5) = (Vec::new(), Vec::new());
        let mut k = peer(hash_algorithm, &key, &[0]);
        let mut m = peer(hash_algorithm, &key, b"seed");
        for _ in 0..4 {
            appendix_b.extend_from_slice(&k);
            k = peer(hash_algorithm, &key, &k);
            section_5.extend_from_slice(&m);
            m.extend_from_slice(b"seed");
            m = peer(hash_algorithm, &key, &m);
        }
        for len in 0..=appendix_b.len() {
            let mut out = std::vec![0; len];
            prf.expand(&mut out);
            assert_eq!(out, appendix_b[..len]);
            prf.expand_seed(&[b"se", b"ed"], &mut out);
            assert_eq!(out, section_5[..len]);
        }
    }
}

#[test]
fn nothing_prints() {
    let prf = Prf::new(HashAlgorithm::Sha1, Secret::new(b"key"));
    assert_eq!(format!("{prf:?} {:?}", prf.compute(&[])), "Prf<SHA-1>(..) Output(20 octets)");
    assert_eq!(prf.compute(&[]), prf.compute(&[b""]));
    assert_ne!(prf.compute(&[]), prf.compute(&[b"a"]));
}

/// A hash function has one output length: octets of another length cannot be its output.
#[test]
fn an_output_has_the_length_of_its_hash_function() {
    let octets = message(65);
    for hash_algorithm in HashAlgorithm::ALL {
        let needed = hash_algorithm.output_len();
        for available in 0..=65 {
            let output = Output::from_octets(hash_algorithm, Secret::new(&octets[..available]));
            if available == needed {
                assert_eq!(output.unwrap().expose(), &octets[..needed]);
            } else {
                let error = crate::KeyError::Length { algorithm: hash_algorithm.name(), needed, available };
                assert_eq!(output, Err(error));
            }
        }
    }
}
