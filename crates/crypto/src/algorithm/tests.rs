use std::collections::HashSet;
use std::string::ToString as _;

use super::*;
use crate::IvRule;
use crate::cipher::{Aes128, Aes192, Aes256, BlockCipher as _, Des, TripleDes};
use crate::mac::{HashFunction as _, Md5, Sha1, Sha256, Sha384, Sha512};

/// The lengths here agree with the ciphers and hash functions themselves, with the salts of RFC 3686, 4106, 4309 and
/// 4543. The key of an HMAC is as long as its hash (RFC 2403, 2404, 4868).
#[test]
fn lengths_are_those_of_the_algorithms() {
    let bits = [
        (AesKey::Bits128, Aes128::KEY_LEN),
        (AesKey::Bits192, Aes192::KEY_LEN),
        (AesKey::Bits256, Aes256::KEY_LEN),
    ];
    for (key, len) in bits {
        assert_eq!((key.octets(), usize::from(key.bits())), (len, len * 8));
        assert_eq!(AesKey::from_bits(key.bits()), Some(key));
        assert_eq!(
            (Encryption::AesCbc(key).key_len(), Encryption::AesCbc(key).iv_len()),
            (len, Aes128::BLOCK_LEN)
        );
        assert_eq!(Encryption::AesCtr(key).key_len(), len + 4);
        assert_eq!(Encryption::AesGmac(key).key_len(), len + 4);
        assert_eq!(Integrity::AesGmac(key).key_len(), len + 4);
        for icv_len in IcvLen::ALL {
            assert_eq!(Encryption::AesGcm(key, icv_len).key_len(), len + 4);
            assert_eq!(Encryption::AesCcm(key, icv_len).key_len(), len + 3);
        }
    }
    assert_eq!(
        (Encryption::DesCbc.key_len(), Encryption::DesCbc.block_len()),
        (Des::KEY_LEN, Des::BLOCK_LEN)
    );
    assert_eq!(
        (Encryption::TripleDesCbc.key_len(), Encryption::TripleDesCbc.iv_len()),
        (TripleDes::KEY_LEN, TripleDes::BLOCK_LEN)
    );
    // RFC 7634 section 2: 32 octets of key and 4 of salt.
    let chacha = Encryption::ChaCha20Poly1305;
    assert_eq!(chacha.key_len(), crate::aead::ChaCha20Poly1305::KEY_LEN + 4);
    assert_eq!((chacha.iv_len(), chacha.block_len(), chacha.icv_len()), (8, 1, Some(16)));
    assert_eq!((chacha.iv_rule(), chacha.key_bits()), (IvRule::NeverRepeated, None));
    assert_eq!(Authentication::HmacMd5.key_len(), Md5::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha1.key_len(), Sha1::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha256.key_len(), Sha256::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha384.key_len(), Sha384::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha512.key_len(), Sha512::OUTPUT_LEN);
    assert_eq!(Authentication::AesXcbc.key_len(), Aes128::KEY_LEN);
}

/// The MACs with another ICV than that of their RFC have the same key, and their full length is that of the hash.
#[test]
fn truncations_are_of_the_same_mac() {
    for (mac, lens, full) in [
        (Authentication::HmacMd5, &[12, 16][..], Md5::OUTPUT_LEN),
        (Authentication::HmacSha1, &[12, 20], Sha1::OUTPUT_LEN),
        (Authentication::HmacSha256, &[16, 12, 32], Sha256::OUTPUT_LEN),
        (Authentication::HmacSha384, &[24, 48], Sha384::OUTPUT_LEN),
        (Authentication::HmacSha512, &[32, 64], Sha512::OUTPUT_LEN),
    ] {
        let found: std::vec::Vec<_> = mac.truncations().map(Authentication::icv_len).collect();
        assert_eq!(found, lens);
        let other = mac.truncated(full).unwrap();
        assert_eq!(
            (other.of_rfc(), other.key_len(), other.truncated(mac.icv_len())),
            (mac, mac.key_len(), Some(mac))
        );
        assert!(other.name().ends_with(&std::format!("-{}", full * 8)));
        assert_eq!(mac.truncated(11), None);
    }
    assert_eq!(Authentication::HmacSha256.truncated(12).unwrap().name(), "HMAC-SHA-256-96");
    assert_eq!(Authentication::AesXcbc.truncations().count(), 1);
}

#[test]
fn every_name_is_one_algorithm() {
    let encryptions: HashSet<_> = Encryption::all().map(|encryption| encryption.to_string()).collect();
    assert_eq!((encryptions.len(), Encryption::all().count()), (31, 31));
    let integrities: HashSet<_> = Integrity::all().map(|integrity| integrity.to_string()).collect();
    assert_eq!((integrities.len(), Integrity::all().count()), (15, 15));
    for encryption in Encryption::all() {
        let has_iv = encryption.iv_rule() != IvRule::None;
        assert_eq!(encryption.iv_len() != 0, has_iv, "{encryption}");
    }
}
