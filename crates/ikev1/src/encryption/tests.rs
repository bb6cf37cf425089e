use std::format;

use super::*;
use crate::peer;
use crypto::HashAlgorithm;

#[test]
fn a_key_is_cut_or_expanded_to_its_cipher() {
    for hash in HashAlgorithm::ALL {
        let octets = &[0x5a; 64][..hash.output_len()];
        let skeyid_e = Skeyid::from_octets(hash, Secret::new(octets)).unwrap();
        for cipher in Cipher::ALL {
            if cipher == Cipher::TripleDes && octets.len() >= 24 {
                // Three equal keys are refused, see below.
                continue;
            }
            let key = EncryptionKey::derive(cipher, &skeyid_e).unwrap();
            if cipher.key_len() <= octets.len() {
                assert_eq!(key.secret().expose(), &octets[..cipher.key_len()]);
            } else {
                let k1 = peer::prf(hash, octets, &[&[0]]);
                let k2 = peer::prf(hash, octets, &[&k1]);
                let expanded = [k1, k2].concat();
                assert_eq!(key.secret().expose(), &expanded[..cipher.key_len()], "{hash} {cipher:?}");
            }
            assert_eq!(format!("{key:?}"), format!("EncryptionKey({cipher:?}, ..)"));
        }
    }
}

/// RFC 2409 appendix B demands 8 octets that are not a weak key, but does not say how to find them.
#[test]
fn a_weak_key_is_refused() {
    let weak = |octets: &[u8], cipher| {
        let skeyid_e = Skeyid::from_octets(HashAlgorithm::Sha256, Secret::new(octets)).unwrap();
        EncryptionKey::derive(cipher, &skeyid_e).err()
    };
    let mut octets = [0x33; 32];
    assert_eq!(weak(&octets, Cipher::Des), None);
    assert_eq!(weak(&octets, Cipher::TripleDes), Some(KeyError::DegenerateTripleDes));
    octets[..8].fill(0x01);
    assert_eq!(weak(&octets, Cipher::Des), Some(KeyError::WeakDes));
    octets[..8].fill(0x00);
    assert_eq!(weak(&octets, Cipher::Des), Some(KeyError::WeakDes), "parity does not count");
    octets[..8].clone_from_slice(&[0x01, 0xfe, 0x01, 0xfe, 0x01, 0xfe, 0x01, 0xfe]);
    assert_eq!(weak(&octets, Cipher::Des), Some(KeyError::SemiWeakDes));
    assert_eq!(weak(&octets, Cipher::Aes128), None);
}

#[test]
fn a_body_is_padded_with_what_its_cipher_needs() {
    let key = |cipher: Cipher| {
        let octets = b"0123456789abcdefghijklmnopqrstuv";
        EncryptionKey::from_octets(cipher, Secret::new(&octets[..cipher.key_len()])).unwrap()
    };
    for cipher in Cipher::ALL {
        let key = key(cipher);
        assert_eq!(key.cipher(), cipher);
        for len in 0..100 {
            let padded = key.padded_len(len);
            assert!(padded >= len && padded - len < cipher.block_len() && padded % cipher.block_len() == 0);
        }
        let iv = Iv::from_octets(&[9; 16][..cipher.block_len()]).unwrap();
        let mut body = *b"a body of sixteen octets, twice.";
        let next = key.encrypt(&iv, &mut body).unwrap();
        assert_ne!(&body, b"a body of sixteen octets, twice.");
        assert_eq!(next.octets(), &body[32 - cipher.block_len()..]);
        assert_eq!(key.decrypt(&iv, &mut body), Ok(next));
        assert_eq!(&body, b"a body of sixteen octets, twice.");

        assert_eq!(key.decrypt(&iv, &mut []), Err(BodyError::Empty));
        let block_len = cipher.block_len();
        assert_eq!(key.decrypt(&iv, &mut body[..20 + 1]), Err(BodyError::Blocks { len: 21, block_len }));
        let other = Iv::from_octets(&[9; 24][block_len..][..24 - block_len]).unwrap();
        let error = BodyError::Iv { needed: block_len, available: 24 - block_len };
        assert_eq!(key.encrypt(&other, &mut body), Err(error));
        assert_eq!(&body, b"a body of sixteen octets, twice.");
    }
    assert!(EncryptionKey::from_octets(Cipher::Aes128, Secret::new(&[1; 24])).is_err());
}

/// The wiping itself is zeroize's, and tested there. What has to hold here is that the octets are of a type that wipes
/// them, and no array: an array does not implement the trait, and this does not compile.
#[test]
fn the_octets_are_of_a_type_that_wipes_them() {
    fn is_wiped<T: ZeroizeOnDrop>(_: &T) {}
    let key = EncryptionKey::from_octets(Cipher::Aes128, Secret::new(&[7; 16])).unwrap();
    is_wiped(&key.octets);
    is_wiped(&key);
    assert!(!std::mem::needs_drop::<[u8; MAX_KEY_LEN]>() && std::mem::needs_drop::<EncryptionKey>());
}
