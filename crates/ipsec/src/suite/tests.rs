use std::collections::HashSet;
use std::format;
use std::string::ToString as _;

use super::*;
use crate::properties::transform;
use crate::transform::Transform as _;

#[test]
fn there_are_130_suites() {
    // NULL, DES, 3DES, three AES-CBC and three AES-CTR with twelve MACs each; nine GCM, nine CCM, three GMAC, ChaCha20.
    assert_eq!(Suite::all().count(), 9 * 12 + 9 + 9 + 3 + 1);
    assert_eq!(Suite::all().collect::<HashSet<_>>().len(), 130);
}

#[test]
fn every_suite_makes_a_transform_of_its_measures() {
    for suite in Suite::all() {
        let transform = transform(suite);
        assert_eq!(transform.iv_len(), suite.encryption().iv_len(), "{suite}");
        assert_eq!(transform.block_len(), suite.encryption().block_len(), "{suite}");
        assert_eq!(transform.icv_len(), suite.icv_len(), "{suite}");
        assert_eq!(transform.iv_rule(), suite.encryption().iv_rule(), "{suite}");
    }
}

#[test]
fn keys_of_another_length_are_refused() {
    let octets: [u8; 100] = core::array::from_fn(|n| n as u8 + 33);
    for suite in Suite::all() {
        let needed = (suite.encryption().key_len(), suite.key_len() - suite.encryption().key_len());
        for len in 0..80 {
            let encryption = suite.transform(Secret::new(&octets[..len]), Secret::new(&octets[..needed.1]));
            assert_eq!(encryption.is_ok(), len == needed.0, "{suite} {len}");
            let authentication =
                suite.transform(Secret::new(&octets[..needed.0]), Secret::new(&octets[..len]));
            assert_eq!(authentication.is_ok(), len == needed.1, "{suite} {len}");
        }
    }
    let error = Suite::AES_128_SHA1.transform(Secret::new(&octets[..16]), Secret::EMPTY).unwrap_err();
    assert_eq!(error, KeyError::Length { algorithm: "HMAC-SHA-1-96", needed: 20, available: 0 });
}

#[test]
fn keys_that_must_not_be_used_are_refused() {
    let error = |suite: Suite, key: &[u8]| {
        let mac_key = std::vec![7; suite.key_len() - key.len()];
        suite.transform(Secret::new(key), Secret::new(&mac_key)).unwrap_err()
    };
    assert_eq!(error(Suite::DES_MD5, &[0xfe; 8]), KeyError::WeakDes);
    assert_eq!(
        error(Suite::DES_MD5, &[0x01, 0xfe, 0x01, 0xfe, 0x01, 0xfe, 0x01, 0xfe]),
        KeyError::SemiWeakDes
    );
    assert_eq!(error(Suite::TRIPLE_DES_SHA1, &[0x33; 24]), KeyError::DegenerateTripleDes);
}

/// RFC 4303 section 3.2.2: every suite authenticates.
#[test]
fn nothing_is_encrypted_without_being_authenticated() {
    for encryption in Encryption::all() {
        match encryption.icv_len() {
            None => assert_eq!(Suite::new(encryption, None), Err(SuiteError::Unauthenticated { encryption })),
            Some(_) => {
                let authentication = Authentication::HmacSha1;
                assert_eq!(
                    Suite::new(encryption, Some(authentication)),
                    Err(SuiteError::DoublyAuthenticated { encryption, authentication })
                );
            }
        }
    }
}

#[test]
fn names_are_read_back() {
    for suite in Suite::all() {
        let name = suite.to_string();
        assert_eq!(name.parse(), Ok(suite), "{name}");
        assert_eq!(name.to_lowercase().parse(), Ok(suite));
        assert_eq!(format!("{suite:?}"), name);
    }
    assert_eq!(Suite::TRIPLE_DES_MD5.to_string(), "3DES-CBC HMAC-MD5-96");
    assert_eq!(Suite::AES_128_GCM.to_string(), "AES-GCM-16-128");
    assert_eq!("".parse::<Suite>(), Err(SuiteError::UnknownWord { word: 0 }));
    assert_eq!("3DES-CB HMAC-MD5-96".parse::<Suite>(), Err(SuiteError::UnknownWord { word: 0 }));
    assert_eq!("3DES-CBCé HMAC-MD5-96".parse::<Suite>(), Err(SuiteError::UnknownWord { word: 0 }));
    assert_eq!("3DES-CBC HMAC-MD5".parse::<Suite>(), Err(SuiteError::UnknownWord { word: 1 }));
    assert_eq!("3DES-CBC HMAC-MD5-96 x".parse::<Suite>(), Err(SuiteError::UnknownWord { word: 2 }));
    assert!("3DES-CBC".parse::<Suite>().is_err());
}

/// The transform sets of the routers that the sources describe.
#[test]
fn words_of_ios() {
    for (words, suite) in [
        ("esp-des esp-md5-hmac", Suite::DES_MD5),
        ("esp-3des esp-md5-hmac", Suite::TRIPLE_DES_MD5),
        ("esp-3des esp-sha-hmac", Suite::TRIPLE_DES_SHA1),
        ("esp-aes esp-sha-hmac", Suite::AES_128_SHA1),
        ("esp-aes 256 esp-sha256-hmac", Suite::AES_256_SHA256),
        ("esp-gcm", Suite::AES_128_GCM),
    ] {
        assert_eq!(Suite::from_ios(words), Ok(suite));
        assert_eq!(suite.ios().unwrap().to_string(), words);
    }
    assert_eq!(Suite::from_ios(" esp-md5-hmac   esp-des "), Ok(Suite::DES_MD5));
    assert_eq!(Suite::from_ios("esp-aes 128 esp-sha-hmac"), Ok(Suite::AES_128_SHA1));
    assert_eq!(Suite::from_ios("ESP-AES ESP-SHA-HMAC"), Ok(Suite::AES_128_SHA1));
    for (words, word) in [
        ("esp-des esp-des esp-md5-hmac", 1),
        ("esp-des esp-md5-hmac esp-sha-hmac", 2),
        ("esp-des 56 esp-md5-hmac", 1),
        ("esp-aes 100 esp-md5-hmac", 1),
    ] {
        assert_eq!(Suite::from_ios(words), Err(SuiteError::UnknownWord { word }), "{words}");
    }
    let error = Suite::from_ios("esp-3des ah-md5-hmac").unwrap_err();
    assert_eq!(error, SuiteError::Bundle { word: 1 });
    assert!(error.to_string().starts_with("word 2 of the name is an algorithm of AH, "), "{error}");
    assert_eq!(Suite::from_ios("  "), Err(SuiteError::Empty));
    assert!(SuiteError::UnknownWord { word: 0 }.to_string().starts_with("word 1 of the name"));
    let encryption = Encryption::TripleDesCbc;
    assert_eq!(Suite::from_ios("esp-3des"), Err(SuiteError::Unauthenticated { encryption }));
    let mut count = 0;
    for suite in Suite::all() {
        if let Some(words) = suite.ios() {
            assert_eq!(Suite::from_ios(&words.to_string()), Ok(suite), "{words}");
            count += 1;
        }
    }
    // NULL, DES, 3DES and three AES-CBC with five HMACs, three GCM, three GMAC.
    assert_eq!(count, 6 * 5 + 3 + 3);
}

#[test]
fn wireshark_names_every_suite_but_some() {
    let mut count = 0;
    for suite in Suite::all() {
        let names = (
            wireshark_encryption(suite.encryption()),
            suite.authentication().map_or(Some("NULL"), wireshark_authentication),
        );
        let (Some(encryption), Some(authentication)) = names else { continue };
        let key_len = suite.encryption().key_len();
        assert_eq!(Suite::from_wireshark(encryption, authentication, key_len), Ok(suite));
        count += 1;
    }
    // Nine with six HMACs each, nine GCM, ChaCha20.
    assert_eq!(count, 9 * 6 + 9 + 1);
    assert_eq!(
        Suite::from_wireshark("TripleDES-CBC [RFC2451]", "HMAC-MD5-96 [RFC2403]", 24),
        Ok(Suite::TRIPLE_DES_MD5)
    );
    assert_eq!(Suite::from_wireshark("AES-GCM [RFC4106]", "NULL", 20), Ok(Suite::AES_128_GCM));
    assert_eq!(
        Suite::from_wireshark("AES-GCM [RFC4106]", "ANY 64 bit authentication [no checking]", 36)
            .unwrap()
            .to_string(),
        "AES-GCM-8-256"
    );
    assert_eq!(
        Suite::from_wireshark("AES-CBC [RFC3602]", "HMAC-MD5-96 [RFC2403]", 17),
        Err(SuiteError::KeyLen { encryption: Encryption::AesCbc(AesKey::Bits128), octets: 17 })
    );
    assert_eq!(Suite::from_wireshark("ROT13", "NULL", 0), Err(SuiteError::UnknownWord { word: 0 }));
    assert_eq!(
        Suite::from_wireshark("DES-CBC [RFC2405]", "ANY 96 bit authentication [no checking]", 8),
        Err(SuiteError::UnknownWord { word: 1 })
    );
    assert!(Suite::from_wireshark("DES-CBC [RFC2405]", "NULL", 8).is_err());
}

#[test]
fn concrete_types_are_what_their_suites_make() {
    use crate::transform::{Protected, Transform};
    use crypto::mac::Hmac;

    let key: [u8; 60] = core::array::from_fn(|n| n as u8 + 33);
    let seal = |transform: &dyn Transform| {
        let mut octets = [7; 8 + 16 + 32];
        let mut icv = [0; 12];
        transform.seal(Protected::new(&mut octets, 8, 24, Some(9)).unwrap(), &mut icv).unwrap();
        (octets, icv)
    };
    let any = Suite::AES_128_SHA1.transform(Secret::new(&key[..16]), Secret::new(&key[16..36])).unwrap();
    let cipher = Cbc::new(Secret::new(&key[..16])).unwrap();
    let ours: Aes128CbcHmacSha1 =
        EncryptThenMac::new(cipher, HmacSha1_96::new(Hmac::new(Secret::new(&key[16..36]))));
    assert_eq!(seal(&any), seal(&ours));
}

/// An SA never makes such packets. A transform that is given one returns an error, whatever its suite.
#[test]
fn a_packet_of_another_shape_is_refused() {
    use crate::NotAuthentic;
    use crate::transform::Protected;

    let mut count = 0;
    for suite in Suite::all() {
        let transform = transform(suite);
        for (iv_offset, text_offset) in [(8, 8), (8, 13), (4, 12), (30, 30)] {
            let mut octets = [0xaa; 8 + 16 + 33];
            let mut icv = [0xbb; 80];
            let protected = Protected::new(&mut octets, iv_offset, text_offset, None).unwrap();
            assert!(transform.seal(protected, &mut icv).is_err(), "{suite}");
            let protected = Protected::new(&mut octets, iv_offset, text_offset, None).unwrap();
            assert_eq!(transform.open(protected, &icv), Err(NotAuthentic));
            count += 1;
        }
    }
    assert_eq!(count, 130 * 4);
}
