use std::format;
use std::vec::Vec;

use ::digest::KeyInit as _;
use ::hmac::Mac as _;

use super::*;
use crate::Secret;
use crate::hexadecimal::hex;

fn code(mac: &impl Mac, octets: &[u8]) -> Vec<u8> {
    let mut icv = std::vec![0; mac.icv_len()];
    mac.compute(octets, None, &mut icv);
    icv
}

/// RFC 2202 cases 1, 2 and 6 for MD5 and SHA-1, RFC 4231 cases 2 and 6 for SHA-2.
#[test]
fn rfc_2202_and_rfc_4231_vectors() {
    let jefe = Secret::new(b"Jefe");
    let what = b"what do ya want for nothing?";
    assert_eq!(code(&Hmac::<Md5>::new(jefe), what), hex("750c783e6ab0b503eaa86e310a5db738"));
    assert_eq!(code(&Hmac::<Sha1>::new(jefe), what), hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
    assert_eq!(
        code(&Hmac::<Sha256>::new(jefe), what),
        hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    );
    assert_eq!(
        code(&Hmac::<Sha384>::new(jefe), what),
        hex(
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"
        )
    );
    assert_eq!(
        code(&Hmac::<Sha512>::new(jefe), what),
        hex(
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd
             caeab1a34d4a6b4b636e070a38bce737"
        )
    );
    let long = [0xaa; 80];
    let text = b"Test Using Larger Than Block-Size Key - Hash Key First";
    assert_eq!(code(&Hmac::<Md5>::new(Secret::new(&long)), text), hex("6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"));
    assert_eq!(
        code(&Hmac::<Sha1>::new(Secret::new(&long)), text),
        hex("aa4ae5e15272d00e95705637ce8a3b55ed402112")
    );
    let long = [0xaa; 131];
    assert_eq!(
        code(&Hmac::<Sha256>::new(Secret::new(&long)), text),
        hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    );
}

/// RFC 3566 section 4.6.
#[test]
fn rfc_3566_vectors() {
    let key = hex("000102030405060708090a0b0c0d0e0f");
    let mac = AesXcbc::new(Secret::new(&key)).unwrap();
    let message: Vec<u8> = (0..34).collect();
    for (len, expected) in [
        (0, "75f0251d528ac01c4573dfd584d79f29"),
        (3, "5b376580ae2f19afe7219ceef172756f"),
        (16, "d2a246fa349b68a79998a4394ff7a263"),
        (20, "47f51b4564966215b8985c63055ed308"),
        (32, "f54f0ec8d2b9f3d36807734bd5283fd4"),
        (34, "becbb3bccdb518a30677d5481fb6b4d8"),
    ] {
        assert_eq!(code(&mac, &message[..len]), hex(expected), "{len} octets");
    }
    assert_eq!(code(&mac, &[0; 1000]), hex("f0dafee895db30253761103b5d84528f"));
    assert_eq!(
        AesXcbc::new(Secret::new(&key[..15])).unwrap_err(),
        crate::KeyError::Length { algorithm: "AES-XCBC-MAC", needed: 16, available: 15 }
    );
}

fn agrees<H: HashFunction>(reference: impl Fn(&[u8], &[u8]) -> Vec<u8>) {
    let octets: Vec<u8> = (0..700u32).map(|n| (n * 7 + n / 256) as u8).collect();
    for key_len in [0, 1, 16, 20, 63, 64, 65, 127, 128, 129, 200, 300] {
        let key = &octets[octets.len() - key_len..];
        let mac = Hmac::<H>::new(Secret::new(key));
        let lens = if key_len == 16 { 0..=600 } else { 60..=70 };
        for len in lens {
            let expected = reference(key, &octets[..len]);
            assert_eq!(code(&mac, &octets[..len]), expected, "{} key {key_len} text {len}", H::NAME);
            if let Some(cut) = len.checked_sub(4) {
                let mut icv = std::vec![0; mac.icv_len()];
                mac.compute(&octets[..cut], octets[cut..len].first_chunk().copied(), &mut icv);
                assert_eq!(icv, expected, "the last four octets are implied");
            }
        }
    }
}

/// Compares with the `hmac` crate: all lengths up to several blocks, keys of many lengths.
#[test]
fn hmac_is_that_of_another_implementation() {
    macro_rules! reference {
        ($hash:ty) => {
            |key: &[u8], octets: &[u8]| {
                let mut mac = ::hmac::Hmac::<$hash>::new_from_slice(key).unwrap();
                mac.update(octets);
                mac.finalize().into_bytes().to_vec()
            }
        };
    }
    agrees::<Md5>(reference!(md5::Md5));
    agrees::<Sha1>(reference!(sha1::Sha1));
    agrees::<Sha256>(reference!(sha2::Sha256));
    agrees::<Sha384>(reference!(sha2::Sha384));
    agrees::<Sha512>(reference!(sha2::Sha512));
}

#[test]
fn implied_octets_are_the_end_of_the_message() {
    let mac = AesXcbc::new(Secret::new(&[3; 16])).unwrap();
    let octets: Vec<u8> = (0..200).collect();
    for len in 4..200 {
        let mut icv = [0; 16];
        mac.compute(&octets[..len - 4], octets[len - 4..len].first_chunk().copied(), &mut icv);
        assert_eq!(icv[..], code(&mac, &octets[..len]), "{len} octets");
    }
}

/// The chunks may be absorbed by hand, in any split.
#[test]
fn chunks_may_be_absorbed_one_by_one() {
    fn check(mac: &impl Mac) {
        let octets: Vec<u8> = (0..=255).chain(0..=255).collect();
        let expected = code(mac, &octets);
        let chunk_len = mac.start().chunk_len();
        for chunks in 0..octets.len() / chunk_len {
            let mut running = mac.start();
            for chunk in octets.chunks(chunk_len).take(chunks) {
                running.absorb(chunk);
            }
            assert_eq!(running.absorbed(), chunks * chunk_len);
            let mut icv = std::vec![0; mac.icv_len()];
            running.finish_message(&octets, None, &mut icv);
            assert_eq!(icv, expected);
        }
    }
    check(&Hmac::<Md5>::new(Secret::new(b"key")));
    check(&Hmac::<Sha512>::new(Secret::new(b"key")));
    check(&AesXcbc::new(Secret::new(&[9; 16])).unwrap());
}

#[test]
fn equal_finds_every_difference() {
    for len in 0..40 {
        let one: Vec<u8> = (0..len).collect();
        assert_eq!(equal(&one, &one), Ok(()));
        assert_eq!(equal(&one, &[&one[..], &[0]].concat()), Err(NotAuthentic));
        for bit in 0..usize::from(len) * 8 {
            let mut other = one.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(equal(&one, &other), Err(NotAuthentic), "bit {bit} of {len} octets");
        }
    }
}

#[test]
fn truncated_codes_are_the_first_octets() {
    let full = Hmac::<Sha256>::new(Secret::new(b"key"));
    let expected = code(&full, b"text");
    let mac = HmacSha256_128::new(full);
    assert_eq!(mac.icv_len(), 16);
    assert_eq!(code(&mac, b"text"), expected[..16]);
    assert_eq!(mac.verify(b"text", None, &expected[..16]), Ok(()));
    assert_eq!(
        mac.verify(b"text", None, &expected),
        Err(NotAuthentic),
        "the MAC decides the length of the code"
    );
    assert_eq!(mac.verify(b"text", None, &expected[..12]), Err(NotAuthentic));
    assert_eq!(mac.verify(b"text", None, &[]), Err(NotAuthentic));
    assert_eq!(mac.verify(b"text", Some([0; 4]), &expected[..16]), Err(NotAuthentic));
}

#[test]
fn states_are_wiped_and_never_printed() {
    fn wiped<T: ZeroizeOnDrop>() {}
    use zeroize::ZeroizeOnDrop;
    wiped::<Hmac<Md5>>();
    wiped::<AesXcbc>();
    let mac = HmacSha1_96::new(Hmac::new(Secret::new(b"cisco123")));
    assert_eq!(format!("{mac:?}"), "Truncated(Hmac<SHA-1>(..))");
    assert_eq!(format!("{:?}", mac.start()), "HmacRunning<SHA-1>(.., 0 octets)");
}

/// A MAC whose code has no octets, or more than any MAC has, never says that a packet is authentic.
#[test]
fn a_code_of_no_octets_verifies_nothing() {
    struct Odd(Hmac<Md5>, usize);
    impl Mac for Odd {
        type Running<'m> = HmacRunning<'m, Md5>;

        fn icv_len(&self) -> usize {
            self.1
        }

        fn start(&self) -> HmacRunning<'_, Md5> {
            self.0.start()
        }
    }
    for icv_len in [0, MAX_ICV_LEN + 1] {
        let mac = Odd(Hmac::new(Secret::new(b"key")), icv_len);
        for icv in [&[][..], &[0; MAX_ICV_LEN + 1]] {
            assert_eq!(mac.verify(b"text", None, icv), Err(NotAuthentic), "{icv_len}, {}", icv.len());
        }
    }
}
