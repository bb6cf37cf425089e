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
    assert_eq!(Authentication::HmacMd5.key_len(), Md5::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha1.key_len(), Sha1::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha256.key_len(), Sha256::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha384.key_len(), Sha384::OUTPUT_LEN);
    assert_eq!(Authentication::HmacSha512.key_len(), Sha512::OUTPUT_LEN);
    assert_eq!(Authentication::AesXcbc.key_len(), Aes128::KEY_LEN);
}

#[test]
fn every_name_is_one_algorithm() {
    let encryptions: HashSet<_> = Encryption::all().map(|encryption| encryption.to_string()).collect();
    assert_eq!((encryptions.len(), Encryption::all().count()), (30, 30));
    let integrities: HashSet<_> = Integrity::all().map(|integrity| integrity.to_string()).collect();
    assert_eq!((integrities.len(), Integrity::all().count()), (9, 9));
    for encryption in Encryption::all() {
        let has_iv = encryption.iv_rule() != IvRule::None;
        assert_eq!(encryption.iv_len() != 0, has_iv, "{encryption}");
    }
}
