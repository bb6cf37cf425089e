use std::format;

use super::*;
use crate::hexadecimal::hex;

#[test]
fn keys_of_another_length_are_refused() {
    fn check<C: BlockCipher>() {
        for len in (0..=40).filter(|len| *len != C::KEY_LEN) {
            let error = C::new(Secret::new(&[0x5a; 40][..len])).err().unwrap();
            assert_eq!(error, KeyError::Length { algorithm: C::NAME, needed: C::KEY_LEN, available: len });
        }
    }
    check::<Aes128>();
    check::<Aes192>();
    check::<Aes256>();
    check::<Des>();
    check::<TripleDes>();
}

/// FIPS 74, and RFC 2405 section 2: the parity bits do not matter.
#[test]
fn weak_and_semi_weak_des_keys_are_refused_whatever_their_parity() {
    let mut count = 0;
    for (keys, error) in [(&WEAK[..], KeyError::WeakDes), (&SEMI_WEAK[..], KeyError::SemiWeakDes)] {
        for key in keys {
            for parity in [0, 0x0101_0101_0101_0101, 0x0001_0001_0001_0001, 1, 1 << 56] {
                assert_eq!(Des::new(Secret::new(&(key ^ parity).to_be_bytes())).err(), Some(error));
                count += 1;
            }
            for bit in (0..64).filter(|bit| bit % 8 != 0) {
                assert!(Des::new(Secret::new(&(key ^ 1 << bit).to_be_bytes())).is_ok(), "bit {bit}");
            }
        }
    }
    assert_eq!(count, 16 * 5);
}

/// The listed keys are weak: a weak key undoes itself, and a semi-weak key is undone by its partner.
#[test]
fn the_listed_keys_are_the_weak_ones() {
    let encrypt = |key: u64, block: &mut [u8; 8]| {
        des::Des::new(&key.to_be_bytes().into()).encrypt_block(block.into());
    };
    for key in WEAK {
        let mut block = *b"weakness";
        encrypt(key, &mut block);
        encrypt(key, &mut block);
        assert_eq!(&block, b"weakness");
    }
    for [key, partner] in SEMI_WEAK.as_chunks().0 {
        let mut block = *b"weakness";
        encrypt(*key, &mut block);
        assert_ne!(&block, b"weakness");
        encrypt(*partner, &mut block);
        assert_eq!(&block, b"weakness");
    }
}

/// RFC 2451 section 2.3: keys that make 3DES single DES must be rejected.
#[test]
fn triple_des_keys_that_are_single_des_are_refused() {
    let [a, b, c] = [*b"01234567", *b"abcdefgh", *b"ABCDEFGH"];
    let new = |keys: [[u8; 8]; 3]| TripleDes::new(Secret::new(keys.as_flattened())).err();
    assert_eq!(new([a, a, c]), Some(KeyError::DegenerateTripleDes));
    assert_eq!(new([a, c, c]), Some(KeyError::DegenerateTripleDes));
    assert_eq!(new([a, a, a]), Some(KeyError::DegenerateTripleDes));
    assert_eq!(new([a, a.map(|octet| octet ^ 1), c]), Some(KeyError::DegenerateTripleDes), "parity");
    assert_eq!(new([a, c, c.map(|octet| octet ^ 1)]), Some(KeyError::DegenerateTripleDes), "parity");
    assert_eq!(new([a, b, c]), None);
    assert_eq!(new([a, b, a]), None, "two keys");
    assert_eq!(new([[1; 8], b, c]), None, "a part may be a weak key");
}

/// FIPS 197 appendix C.
#[test]
fn aes_of_fips_197() {
    let key = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    let plain = hex("00112233445566778899aabbccddeeff");
    let mut block = <[u8; 16]>::try_from(&*plain).unwrap();
    Aes128::new(Secret::new(&key[..16])).unwrap().encrypt_block(&mut block);
    assert_eq!(block[..], hex("69c4e0d86a7b0430d8cdb78070b4c55a"));
    let mut block = <[u8; 16]>::try_from(&*plain).unwrap();
    Aes192::new(Secret::new(&key[..24])).unwrap().encrypt_block(&mut block);
    assert_eq!(block[..], hex("dda97ca4864cdfe06eaf70a0ec0d7191"));
    let mut block = <[u8; 16]>::try_from(&*plain).unwrap();
    Aes256::new(Secret::new(&key)).unwrap().encrypt_block(&mut block);
    assert_eq!(block[..], hex("8ea2b7ca516745bfeafc49904b496089"));
}

#[test]
fn key_schedules_are_wiped_and_never_printed() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<aes::Aes128>();
    wiped::<aes::Aes192>();
    wiped::<aes::Aes256>();
    wiped::<des::Des>();
    wiped::<des::TdesEde3>();
    wiped::<Aes128>();
    wiped::<TripleDes>();
    assert_eq!(format!("{:?}", Des::new(Secret::new(b"01234567")).unwrap()), "Des(..)");
}
