//! HMAC by its definition, computed with RustCrypto for tests, without the code under test.

use std::vec::Vec;

use crypto::HashAlgorithm;
use hmac::{Hmac, KeyInit as _, Mac as _};

macro_rules! of {
    ($hash:ty, $key:expr, $message:expr) => {{
        let mut mac = Hmac::<$hash>::new_from_slice($key).unwrap();
        mac.update(&$message);
        mac.finalize().into_bytes().to_vec()
    }};
}

/// Computes prf(key, a | b | c).
pub(crate) fn prf(hash_algorithm: HashAlgorithm, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let message = parts.concat();
    match hash_algorithm {
        HashAlgorithm::Md5 => of!(md5::Md5, key, message),
        HashAlgorithm::Sha1 => of!(sha1::Sha1, key, message),
        HashAlgorithm::Sha256 => of!(sha2::Sha256, key, message),
        HashAlgorithm::Sha384 => of!(sha2::Sha384, key, message),
        HashAlgorithm::Sha512 => of!(sha2::Sha512, key, message),
        _ => panic!("another hash function"),
    }
}

/// Makes a key that contains its name and has the length that the hash function gives.
pub(crate) fn key(hash_algorithm: HashAlgorithm, name: &[u8]) -> Vec<u8> {
    name.iter().copied().cycle().take(hash_algorithm.output_len()).collect()
}
