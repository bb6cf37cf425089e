use std::format;

use super::*;
use crate::peer;
use crypto::HashAlgorithm;

/// RFC 2409 section 5.5, written out. With PFS, the new secret comes before everything else.
#[test]
fn keymat_is_what_the_rfc_writes() {
    for hash in HashAlgorithm::ALL {
        let key = peer::key(hash, b"SKEYID_d");
        let skeyid_d = Skeyid::from_octets(hash, Secret::new(&key)).unwrap();
        let nonces = Nonces { initiator: b"Ni_b", responder: b"Nr_b" };
        for shared_secret in [None, Some(Secret::new(b"g(qm)^xy"))] {
            let seed = [shared_secret.unwrap_or_default().expose(), &[3], b"SPI.", b"Ni_b", b"Nr_b"].concat();
            let k1 = peer::prf(hash, &key, &[&seed]);
            let k2 = peer::prf(hash, &key, &[&k1, &seed]);
            let k3 = peer::prf(hash, &key, &[&k2, &seed]);
            let stream = [k1, k2, k3].concat();
            let lengths = KeyLengths::new(24, 20).unwrap();
            let keymat =
                QuickMode { nonces, shared_secret }.keymat(&skeyid_d, ProtocolId::ESP, b"SPI.", lengths);
            assert_eq!(keymat.encryption().expose(), &stream[..24]);
            assert_eq!(keymat.authentication().expose(), &stream[24..44]);
            assert_eq!(format!("{keymat:?}"), "Keymat(24 and 20 octets)");
        }
    }
}

#[test]
fn the_lengths_of_every_transform() {
    use AuthenticationAlgorithm as Auth;
    let esp = |id, bits, auth| {
        KeyLengths::esp(EspTransformId(id), bits, auth).map(|l| (l.encryption(), l.authentication()))
    };
    assert_eq!(esp(2, None, Some(Auth::HMAC_MD5)), Ok((8, 16)));
    assert_eq!(esp(3, None, Some(Auth::HMAC_SHA)), Ok((24, 20)));
    assert_eq!(esp(11, None, Some(Auth::HMAC_SHA2_256)), Ok((0, 32)));
    assert_eq!(esp(12, None, Some(Auth::HMAC_SHA2_384)), Ok((16, 48)));
    assert_eq!(esp(12, Some(192), Some(Auth::AES_XCBC_MAC)), Ok((24, 16)));
    assert_eq!(esp(12, Some(256), Some(Auth::HMAC_SHA2_512)), Ok((32, 64)));
    assert_eq!(esp(13, Some(128), Some(Auth::HMAC_SHA)), Ok((20, 20)));
    assert_eq!(esp(14, Some(128), None), Ok((19, 0)));
    assert_eq!(esp(20, Some(256), None), Ok((36, 0)));
    assert_eq!(esp(23, Some(192), None), Ok((28, 0)));
    for (id, bits, auth) in
        [(12, Some(127), None), (7, None, None), (12, Some(128), Some(Auth::DES_MAC)), (0, None, None)]
    {
        let error = UnsupportedAlgorithm::Transform { transform_id: id, authentication_algorithm: auth };
        assert_eq!(esp(id, bits, auth), Err(error));
    }
    let ah = |id| KeyLengths::ah(AhTransformId(id)).map(|l| (l.encryption(), l.authentication())).ok();
    assert_eq!(
        (2..14).map(ah).collect::<std::vec::Vec<_>>(),
        [16, 20, 0, 32, 48, 64, 0, 16, 0, 20, 28, 36].map(|len| (len != 0).then_some((0, len)))
    );
    let longest = KeyLengths::esp(EspTransformId::AES_CTR, Some(256), Some(Auth::HMAC_SHA2_512)).unwrap();
    assert_eq!(longest.total(), KeyLengths::MAX);
}

/// Keys that are too long for their room are refused, because they would be cut or filled with zeros.
#[test]
fn lengths_that_no_transform_has_are_none() {
    for (encryption, authentication, total) in
        [(90, 90, 180), (101, 0, 101), (0, 101, 101), (100, 1, 101), (usize::MAX, 1, usize::MAX)]
    {
        assert_eq!(KeyLengths::new(encryption, authentication), Err(KeysTooLong { total }));
    }
    let key = peer::key(HashAlgorithm::Md5, b"SKEYID_d");
    let skeyid_d = Skeyid::from_octets(HashAlgorithm::Md5, Secret::new(&key)).unwrap();
    let quick_mode = QuickMode { nonces: Nonces::default(), shared_secret: None };
    let mut stream = [0; KeyLengths::MAX];
    quick_mode.fill(&skeyid_d, ProtocolId::ESP, b"SPI.", &mut stream);
    for encryption in 0..=KeyLengths::MAX {
        let lengths = KeyLengths::new(encryption, KeyLengths::MAX - encryption).unwrap();
        let keymat = quick_mode.keymat(&skeyid_d, ProtocolId::ESP, b"SPI.", lengths);
        assert_eq!(
            (keymat.encryption().expose(), keymat.authentication().expose()),
            stream.split_at(encryption)
        );
    }
}

/// The wiping itself is zeroize's, and tested there. An array does not implement the trait, and this does not compile.
#[test]
fn the_octets_are_of_a_type_that_wipes_them() {
    fn is_wiped<T: ZeroizeOnDrop>(_: Option<&T>) {}
    let keymat: Option<Keymat> = None;
    is_wiped(keymat.as_ref().map(|keymat| &keymat.octets));
    is_wiped(keymat.as_ref());
    assert!(std::mem::needs_drop::<Keymat>());
}
