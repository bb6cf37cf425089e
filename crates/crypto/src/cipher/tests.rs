use std::vec::Vec;

use super::*;
use crate::hexadecimal::hex;
use crate::properties::{Everything, shapes_are_checked};
use crate::{KeyError, Secret};

/// RFC 3686 section 6: key, initialization vector, nonce, plaintext, ciphertext.
const RFC_3686: [[&str; 5]; 9] = [
    [
        "ae6852f8121067cc4bf7a5765577f39e",
        "0000000000000000",
        "00000030",
        "53696e676c6520626c6f636b206d7367",
        "e4095d4fb7a7b3792d6175a3261311b8",
    ],
    [
        "7e24067817fae0d743d6ce1f32539163",
        "c0543b59da48d90b",
        "006cb6db",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28",
    ],
    [
        "7691be035e5020a8ac6e618529f9a0dc",
        "27777f3f4a1786f0",
        "00e0017b",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223",
        "c1cf48a89f2ffdd9cf4652e9efdb72d74540a42bde6d7836d59a5ceaaef3105325b2072f",
    ],
    [
        "16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb78515",
        "36733c147d6d93cb",
        "00000048",
        "53696e676c6520626c6f636b206d7367",
        "4b55384fe259c9c84e7935a003cbe928",
    ],
    [
        "7c5cb2401b3dc33c19e7340819e0f69c678c3db8e6f6a91a",
        "020c6eadc2cb500d",
        "0096b03b",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "453243fc609b23327edfaafa7131cd9f8490701c5ad4a79cfc1fe0ff42f4fb00",
    ],
    [
        "02bf391ee8ecb159b959617b0965279bf59b60a786d3e0fe",
        "5cbd60278dcc0912",
        "0007bdfd",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223",
        "96893fc55e5c722f540b7dd1ddf7e758d288bc95c69165884536c811662f2188abee0935",
    ],
    [
        "776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104",
        "db5672c97aa8f0b2",
        "00000060",
        "53696e676c6520626c6f636b206d7367",
        "145ad01dbf824ec7560863dc71e3e0c0",
    ],
    [
        "f6d66d6bd52d59bb0796365879eff886c66dd51a5b6a99744b50590c87a23884",
        "c1585ef15a43d875",
        "00faac24",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "f05e231b3894612c49ee000b804eb2a9b8306b508f839d6a5530831d9344af1c",
    ],
    [
        "ff7a617ce69148e4f1726e2f43581de2aa62d9f805532edff1eed687fb54153d",
        "51a51d70a1c11148",
        "001cc5b7",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223",
        "eb6c52821d0bbbf7ce7594462aca4faab407df866569fd07f48cc0b583d6071f1ec0e6b8",
    ],
];

fn ctr_encrypts<C: AesCipher>(key: &[u8], iv: &[u8], nonce: &[u8], plaintext: &[u8], ciphertext: &[u8]) {
    let ctr = Ctr::<C>::new(Secret::new(key), Secret::new(nonce)).unwrap();
    let mut packet: Vec<u8> = [&[0xee; 8], iv, plaintext].concat();
    let shape = Shape { iv_offset: 8, text_offset: 16 };
    ctr.encrypt(&mut packet, shape, &mut Everything::default()).unwrap();
    assert_eq!(packet[16..], *ciphertext);
    assert_eq!((&packet[..8], &packet[8..16]), (&[0xee; 8][..], iv));
    ctr.decrypt(&mut packet, shape).unwrap();
    assert_eq!(packet[16..], *plaintext);
}

#[test]
fn rfc_3686_vectors() {
    for vector in RFC_3686 {
        let [key, iv, nonce, plaintext, ciphertext] = vector.map(hex);
        match key.len() {
            16 => ctr_encrypts::<Aes128>(&key, &iv, &nonce, &plaintext, &ciphertext),
            24 => ctr_encrypts::<Aes192>(&key, &iv, &nonce, &plaintext, &ciphertext),
            _ => ctr_encrypts::<Aes256>(&key, &iv, &nonce, &plaintext, &ciphertext),
        }
    }
}

/// The text has more than the 64 blocks that the widest backend takes at once, and the counter wraps.
#[test]
fn a_long_keystream_is_that_of_its_blocks() {
    let cipher = Aes128::new(Secret::new(&[7; 16])).unwrap();
    for (first, len) in [(1u32, 3000usize), (u32::MAX - 2, 100), (1, 1023), (1, 1024), (1, 1025)] {
        let mut long = std::vec![0; len];
        cipher.add_keystream([9; 12], first, &mut long, None);
        for (index, block) in long.chunks(16).enumerate() {
            let mut expected = [0; 16];
            cipher.add_keystream([9; 12], first.wrapping_add(index as u32), &mut expected, None);
            assert_eq!(*block, expected[..block.len()], "block {index}");
        }
    }
}

/// FIPS 81, table C1.
#[test]
fn des_cbc_of_fips_81() {
    let cbc = Cbc::<Des>::new(Secret::new(&hex("0123456789abcdef"))).unwrap();
    let iv = hex("1234567890abcdef");
    let mut text = *b"Now is the time for all ";
    cbc.encrypt_text(&iv, &mut text).unwrap();
    assert_eq!(text[..], hex("e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"));
    cbc.decrypt_text(&iv, &mut text).unwrap();
    assert_eq!(&text, b"Now is the time for all ");
}

/// RFC 3602 section 4, case 2.
#[test]
fn aes_cbc_of_rfc_3602() {
    let cbc = Cbc::<Aes128>::new(Secret::new(&hex("c286696d887c9aa0611bbb3e2025a45a"))).unwrap();
    let iv = hex("562e17996d093d28ddb3ba695a2e6f58");
    let plain = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    let mut text = plain.clone();
    cbc.encrypt_text(&iv, &mut text).unwrap();
    assert_eq!(text, hex("d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"));
    cbc.decrypt_text(&iv, &mut text).unwrap();
    assert_eq!(text, plain);
}

#[test]
fn shapes_that_do_not_fit_are_refused_and_nothing_is_changed() {
    shapes_are_checked(&Cbc::<Aes128>::new(Secret::new(&[1; 16])).unwrap());
    shapes_are_checked(&Cbc::<TripleDes>::new(Secret::new(b"0123456789abcdefghijklmn")).unwrap());
    shapes_are_checked(&Ctr::<Aes128>::new(Secret::new(&[1; 16]), Secret::new(&[1; 4])).unwrap());
    shapes_are_checked(&Null);
    let cbc = Cbc::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    let mut text = [5; 17];
    assert_eq!(cbc.encrypt_text(&[0; 16], &mut text), Err(ShapeError::Text { len: 17, block_len: 16 }));
    assert_eq!(
        cbc.decrypt_text(&[0; 15], &mut text[..16]),
        Err(ShapeError::Iv { needed: 16, available: 15 })
    );
    assert_eq!(text, [5; 17]);
}

#[test]
fn a_nonce_of_another_length_is_refused() {
    let error = Ctr::<Aes256>::new(Secret::new(&[1; 32]), Secret::new(&[1; 3])).unwrap_err();
    assert_eq!(error, KeyError::Length { algorithm: "AES-CTR nonce", needed: 4, available: 3 });
}

#[test]
fn iv_rules() {
    assert_eq!(Null.iv_rule(), IvRule::None);
    assert_eq!(Cbc::<Aes128>::new(Secret::new(&[1; 16])).unwrap().iv_rule(), IvRule::Unpredictable);
    let ctr = Ctr::<Aes128>::new(Secret::new(&[1; 16]), Secret::new(&[1; 4])).unwrap();
    assert_eq!(ctr.iv_rule(), IvRule::NeverRepeated);
}

/// Compares with the `cbc` crate, at lengths around the number of blocks that the backends take at once.
#[test]
fn cbc_is_that_of_another_implementation() {
    use ::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};

    fn check<C: BlockCipher>(
        encrypt: impl Fn(&[u8], &[u8], &mut [u8]),
        decrypt: impl Fn(&[u8], &[u8], &mut [u8]),
    ) {
        let key: Vec<u8> = (33..).take(C::KEY_LEN).collect();
        let iv: Vec<u8> = (99..).take(C::BLOCK_LEN).collect();
        let cbc = Cbc::<C>::new(Secret::new(&key)).unwrap();
        for blocks in (0..40).chain([63, 64, 65, 127, 128, 129, 200]) {
            let plain: Vec<u8> = (0..blocks * C::BLOCK_LEN).map(|n| (n * 7 + n / 256) as u8).collect();
            let (mut ours, mut theirs) = (plain.clone(), plain.clone());
            cbc.encrypt_text(&iv, &mut ours).unwrap();
            encrypt(&key, &iv, &mut theirs);
            assert_eq!(ours, theirs, "{} {blocks} blocks", C::NAME);
            cbc.decrypt_text(&iv, &mut ours).unwrap();
            assert_eq!(ours, plain);
            let (mut ours, mut theirs) = (plain.clone(), plain);
            cbc.decrypt_text(&iv, &mut ours).unwrap();
            decrypt(&key, &iv, &mut theirs);
            assert_eq!(ours, theirs, "{} {blocks} blocks", C::NAME);
        }
    }
    macro_rules! check {
        ($ours:ty, $theirs:ty) => {
            check::<$ours>(
                |key, iv, text| {
                    let mut cbc = ::cbc::Encryptor::<$theirs>::new_from_slices(key, iv).unwrap();
                    cbc.encrypt_blocks(::cipher::Array::slice_as_chunks_mut(text).0);
                },
                |key, iv, text| {
                    let mut cbc = ::cbc::Decryptor::<$theirs>::new_from_slices(key, iv).unwrap();
                    cbc.decrypt_blocks(::cipher::Array::slice_as_chunks_mut(text).0);
                },
            );
        };
    }
    check!(Aes128, aes::Aes128);
    check!(Aes192, aes::Aes192);
    check!(Aes256, aes::Aes256);
    check!(Des, des::Des);
    check!(TripleDes, des::TdesEde3);
}

/// The nonce of counter mode is secret like the key, so `Debug` shows neither.
#[test]
fn no_octet_of_a_key_is_printed() {
    let ctr = Ctr::<Aes128>::new(Secret::new(&[0xaa; 16]), Secret::new(&[0xbb; 4])).unwrap();
    assert_eq!(std::format!("{ctr:?}"), "Ctr { cipher: Aes128(..), nonce: Salt(4 octets) }");
}
