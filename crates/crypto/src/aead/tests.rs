use std::format;
use std::vec::Vec;

use aes_gcm::KeyInit as _;
use aes_gcm::aead::AeadInOut as _;
use aes_gcm::aead::consts::{U8, U11, U12, U16};

use super::*;
use crate::cipher::{Aes128, Aes192, Aes256, AesCipher};
use crate::hexadecimal::hex;
use crate::{KeyError, NotAuthentic, Secret, ShapeError};

fn octets(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 13 + n / 256) as u8).collect()
}

/// Test cases 3 and 4 in appendix B of the specification of GCM by its authors.
#[test]
fn gcm_of_its_specification() {
    let gcm = Gcm::<Aes128>::new(Secret::new(&hex("feffe9928665731c6d6a8f9467308308"))).unwrap();
    let nonce = <[u8; 12]>::try_from(hex("cafebabefacedbaddecaf888")).unwrap();
    let plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
        1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
    let mut text = plain.clone();
    let mut tag = [0; 16];
    gcm.seal(nonce, &[], &mut text, &mut tag).unwrap();
    assert_eq!(
        text,
        hex("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e
            21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985")
    );
    assert_eq!(tag[..], hex("4d5c2af327cd64a62cf35abd2ba6fab4"));
    let associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let mut text = plain[..60].to_vec();
    gcm.seal(nonce, &[&associated], &mut text, &mut tag).unwrap();
    assert_eq!(tag[..], hex("5bc94fbc3221a5db94fae95ae7121a47"));
    gcm.open(nonce, &[&associated[..7], &associated[7..]], &mut text, &tag).unwrap();
    assert_eq!(text, plain[..60]);
}

fn gcm_agrees<C: AesCipher>(reference: impl Fn(&[u8], &[u8], &[u8], &mut [u8]) -> Vec<u8>) {
    let key = octets(C::KEY_LEN);
    let gcm = Gcm::<C>::new(Secret::new(&key)).unwrap();
    let nonce = [0xa5; 12];
    for len in (0..200).chain([1008, 1023, 1024, 1025, 1500, 3000]) {
        for associated_len in [0, 8, 12, 16, 33] {
            let associated = octets(associated_len);
            let (mut text, mut expected) = (octets(len), octets(len));
            let expected_tag = reference(&key, &nonce, &associated, &mut expected);
            let mut tag = [0; 16];
            gcm.seal(nonce, &[&associated], &mut text, &mut tag).unwrap();
            assert_eq!((&text, &tag[..]), (&expected, &expected_tag[..]), "{len} octets");
            gcm.open(nonce, &[&associated], &mut text, &tag).unwrap();
            assert_eq!(text, octets(len));
        }
    }
}

#[test]
fn gcm_is_that_of_another_implementation() {
    macro_rules! reference {
        ($cipher:ty) => {
            |key: &[u8], nonce: &[u8], associated: &[u8], text: &mut [u8]| {
                let gcm = aes_gcm::AesGcm::<$cipher, U12>::new_from_slice(key).unwrap();
                let nonce = nonce.try_into().unwrap();
                gcm.encrypt_inout_detached(&nonce, associated, text.into()).unwrap().to_vec()
            }
        };
    }
    gcm_agrees::<Aes128>(reference!(aes::Aes128));
    gcm_agrees::<Aes192>(reference!(aes::Aes192));
    gcm_agrees::<Aes256>(reference!(aes::Aes256));
}

fn ccm_agrees<C: AesCipher>(tag_len: usize, reference: impl Fn(&[u8], &[u8], &[u8], &mut [u8]) -> Vec<u8>) {
    let key = octets(C::KEY_LEN);
    let ccm = Ccm::<C>::new(Secret::new(&key)).unwrap();
    let nonce = [0x5a; 11];
    for len in (0..100).chain([1024, 1025, 1500]) {
        for associated_len in [0, 8, 12, 14, 15, 30, 31, 300] {
            let associated = octets(associated_len);
            let (mut text, mut expected) = (octets(len), octets(len));
            let expected_tag = reference(&key, &nonce, &associated, &mut expected);
            let mut tag = std::vec![0; tag_len];
            ccm.seal(nonce, &associated, &mut text, &mut tag).unwrap();
            assert_eq!((&text, &tag), (&expected, &expected_tag), "{len} and {associated_len} octets");
            ccm.open(nonce, &associated, &mut text, &tag).unwrap();
            assert_eq!(text, octets(len));
        }
    }
}

#[test]
fn ccm_is_that_of_another_implementation() {
    macro_rules! reference {
        ($cipher:ty, $tag:ty) => {
            |key: &[u8], nonce: &[u8], associated: &[u8], text: &mut [u8]| {
                let ccm = ::ccm::Ccm::<$cipher, $tag, U11>::new_from_slice(key).unwrap();
                let nonce = nonce.try_into().unwrap();
                ccm.encrypt_inout_detached(&nonce, associated, text.into()).unwrap().to_vec()
            }
        };
    }
    ccm_agrees::<Aes128>(8, reference!(aes::Aes128, U8));
    ccm_agrees::<Aes128>(12, reference!(aes::Aes128, U12));
    ccm_agrees::<Aes192>(16, reference!(aes::Aes192, U16));
    ccm_agrees::<Aes256>(16, reference!(aes::Aes256, U16));
}

#[test]
fn a_short_tag_of_gcm_is_the_start_of_the_long_one() {
    let gcm = Gcm::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    let mut long = [0; 16];
    gcm.seal([2; 12], &[b"associated"], &mut [3; 20], &mut long).unwrap();
    for len in [8, 12] {
        let mut text = [3; 20];
        let mut tag = std::vec![0; len];
        gcm.seal([2; 12], &[b"associated"], &mut text, &mut tag).unwrap();
        assert_eq!(tag, long[..len]);
        gcm.open([2; 12], &[b"associated"], &mut text, &tag).unwrap();
        assert_eq!(text, [3; 20]);
    }
}

#[test]
fn tags_of_other_lengths_are_refused() {
    let gcm = Gcm::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    let ccm = Ccm::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    for len in (0..20).filter(|len| ![8, 12, 16].contains(len)) {
        let mut tag = std::vec![0; len];
        let mut text = [3; 20];
        let error = Err(ShapeError::Icv { needed: 16, available: len });
        assert_eq!(gcm.seal([2; 12], &[], &mut text, &mut tag), error);
        assert_eq!(ccm.seal([2; 11], &[], &mut text, &mut tag), error);
        assert_eq!(gcm.open([2; 12], &[], &mut text, &tag), Err(NotAuthentic));
        assert_eq!(ccm.open([2; 11], &[], &mut text, &tag), Err(NotAuthentic));
        assert_eq!(text, [3; 20]);
    }
}

#[test]
fn what_was_changed_does_not_open_and_stays_as_it_came() {
    let gcm = Gcm::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    let ccm = Ccm::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    let (mut one, mut other) = (octets(37), octets(37));
    let (mut one_tag, mut other_tag) = ([0; 12], [0; 12]);
    gcm.seal([2; 12], &[b"head"], &mut one, &mut one_tag).unwrap();
    ccm.seal([2; 11], b"head", &mut other, &mut other_tag).unwrap();
    for bit in 0..37 * 8 {
        let (mut one, mut other) = (one.clone(), other.clone());
        one[bit / 8] ^= 1 << (bit % 8);
        other[bit / 8] ^= 1 << (bit % 8);
        let before = (one.clone(), other.clone());
        assert_eq!(gcm.open([2; 12], &[b"head"], &mut one, &one_tag), Err(NotAuthentic));
        assert_eq!(ccm.open([2; 11], b"head", &mut other, &other_tag), Err(NotAuthentic));
        assert_eq!((one, other), before);
    }
    for bit in 0..12 * 8 {
        let (mut one_tag, mut other_tag) = (one_tag, other_tag);
        one_tag[bit / 8] ^= 1 << (bit % 8);
        other_tag[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(gcm.open([2; 12], &[b"head"], &mut one, &one_tag), Err(NotAuthentic));
        assert_eq!(ccm.open([2; 11], b"head", &mut other, &other_tag), Err(NotAuthentic));
    }
    assert_eq!(gcm.open([2; 12], &[b"heat"], &mut one, &one_tag), Err(NotAuthentic));
    assert_eq!(ccm.open([2; 11], b"heat", &mut other, &other_tag), Err(NotAuthentic));
    assert_eq!(gcm.open([3; 12], &[b"head"], &mut one, &one_tag), Err(NotAuthentic));
    assert_eq!(ccm.open([3; 11], b"head", &mut other, &other_tag), Err(NotAuthentic));
}

#[test]
fn keys_of_another_length_are_refused_and_none_is_printed() {
    let error = KeyError::Length { algorithm: "AES-256", needed: 32, available: 36 };
    assert_eq!(Gcm::<Aes256>::new(Secret::new(&[0; 36])).unwrap_err(), error);
    assert_eq!(Ccm::<Aes256>::new(Secret::new(&[0; 36])).unwrap_err(), error);
    assert_eq!(format!("{:?}", Gcm::<Aes128>::new(Secret::new(&[0; 16])).unwrap()), "Gcm(Aes128(..))");
    assert_eq!(format!("{:?}", Ccm::<Aes128>::new(Secret::new(&[0; 16])).unwrap()), "Ccm(Aes128(..))");
}

/// RFC 8439 section 2.8.2.
#[test]
fn chacha20_poly1305_of_its_rfc() {
    let key: [u8; 32] = core::array::from_fn(|n| 0x80 + n as u8);
    let aead = ChaCha20Poly1305::new(Secret::new(&key)).unwrap();
    let nonce = <[u8; 12]>::try_from(hex("070000004041424344454647")).unwrap();
    let associated = hex("50515253c0c1c2c3c4c5c6c7");
    let plain =
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
        sunscreen would be it.";
    let (mut text, mut tag) = (plain.to_vec(), [0; 16]);
    aead.seal(nonce, &associated, &mut text, &mut tag).unwrap();
    assert_eq!(
        text,
        hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
            3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
            92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
            3ff4def08e4b7a9de576d26586cec64b6116")
    );
    assert_eq!(tag[..], hex("1ae10b594f09e26a7e902ecbd0600691"));
    aead.open(nonce, &associated, &mut text, &tag).unwrap();
    assert_eq!(text, plain);
}

/// What was changed is refused and left as it was, and so is a tag of another length. Texts of every length around the
/// blocks of cipher and hash come back.
#[test]
fn chacha20_poly1305_opens_what_it_sealed_and_nothing_else() {
    let aead = ChaCha20Poly1305::new(Secret::new(&octets(32))).unwrap();
    for len in (0..200).chain([1023, 1024, 1500]) {
        let (mut text, mut tag) = (octets(len), [0; 16]);
        aead.seal([7; 12], &octets(12), &mut text, &mut tag).unwrap();
        assert_eq!(text == octets(len), len == 0);
        let sealed = text.clone();
        for (nonce, associated, at) in [([8; 12], 12, 16), ([7; 12], 11, 16), ([7; 12], 12, len % 16)] {
            let mut wrong = tag;
            if let Some(octet) = wrong.get_mut(at) {
                *octet ^= 0x10;
            }
            assert_eq!(aead.open(nonce, &octets(associated), &mut text, &wrong), Err(NotAuthentic));
            assert_eq!(text, sealed);
        }
        assert_eq!(aead.open([7; 12], &octets(12), &mut text, &tag[..15]), Err(NotAuthentic));
        aead.open([7; 12], &octets(12), &mut text, &tag).unwrap();
        assert_eq!(text, octets(len));
    }
    let error = aead.seal([7; 12], &[], &mut [1], &mut [0; 12]);
    assert_eq!(error, Err(ShapeError::Icv { needed: 16, available: 12 }));
    assert_eq!(format!("{aead:?}"), "ChaCha20Poly1305(..)");
    assert!(matches!(ChaCha20Poly1305::new(Secret::new(&[0; 36])), Err(KeyError::Length { needed: 32, .. })));
}
