use crypto::cipher::Aes128;

use super::*;

const KEY: [u8; 20] = *b"0123456789abcdefSALT";
const PACKET: [u8; 28] = *b"SPI.LOW.eightIV8twelveoctet.";

fn seal(transform: &impl Transform, sequence_high: Option<u32>) -> ([u8; 28], [u8; 16]) {
    let (mut packet, mut icv) = (PACKET, [0; 16]);
    transform.seal(Protected::new(&mut packet, 8, 16, sequence_high).unwrap(), &mut icv).unwrap();
    (packet, icv)
}

/// RFC 4106 sections 4 and 5, figures 3 and 4: the associated data is the SPI and the whole sequence number; the
/// nonce is the salt and the vector.
#[test]
fn gcm_authenticates_the_whole_number_in_its_order() {
    let transform = AesGcm::<Aes128>::new(Secret::new(&KEY), IcvLen::Octets16).unwrap();
    let gcm = Gcm::<Aes128>::new(Secret::new(b"0123456789abcdef")).unwrap();
    for (high, associated) in [(None, &b"SPI.LOW."[..]), (Some(0x4849_4748), b"SPI.HIGHLOW.")] {
        let (mut text, mut tag) = (*b"twelveoctet.", [0; 16]);
        gcm.seal(*b"SALTeightIV8", &[associated], &mut text, &mut tag).unwrap();
        let (packet, icv) = seal(&transform, high);
        assert_eq!((&packet[..16], &packet[16..], icv), (&PACKET[..16], &text[..], tag));
    }
}

/// RFC 4309 sections 4 and 5, with a salt of three octets.
#[test]
fn ccm_authenticates_the_whole_number_in_its_order() {
    let transform = AesCcm::<Aes128>::new(Secret::new(&KEY[..19]), IcvLen::Octets16).unwrap();
    let ccm = Ccm::<Aes128>::new(Secret::new(b"0123456789abcdef")).unwrap();
    for (high, associated) in [(None, &b"SPI.LOW."[..]), (Some(0x4849_4748), b"SPI.HIGHLOW.")] {
        let (mut text, mut tag) = (*b"twelveoctet.", [0; 16]);
        ccm.seal(*b"SALeightIV8", associated, &mut text, &mut tag).unwrap();
        let (packet, icv) = seal(&transform, high);
        assert_eq!((&packet[..16], &packet[16..], icv), (&PACKET[..16], &text[..], tag));
    }
}

/// A packet that does not have the shape of the mode is refused, whoever made it.
#[test]
fn a_packet_of_another_shape_is_not_sealed() {
    let gcm = AesGcm::<Aes128>::new(Secret::new(&KEY), IcvLen::Octets16).unwrap();
    let gmac = AesGmac::<Aes128>::new(Secret::new(&KEY)).unwrap();
    let ccm = AesCcm::<Aes128>::new(Secret::new(&KEY[..19]), IcvLen::Octets16).unwrap();
    let chacha = ChaCha20Poly1305::new(Secret::new(&[7; 36])).unwrap();
    let seal = |which: usize, iv_offset, text_offset, icv: &mut [u8]| {
        let mut packet = PACKET;
        let protected = Protected::new(&mut packet, iv_offset, text_offset, None)?;
        match which {
            0 => gcm.seal(protected, icv),
            1 => gmac.seal(protected, icv),
            2 => chacha.seal(protected, icv),
            _ => ccm.seal(protected, icv),
        }
    };
    for which in 0..4 {
        assert_eq!(seal(which, 8, 16, &mut [0; 16]), Ok(()));
        assert_eq!(seal(which, 7, 15, &mut [0; 16]), Err(ShapeError::Header { needed: 8, available: 7 }));
        assert_eq!(seal(which, 8, 20, &mut [0; 16]), Err(ShapeError::Iv { needed: 8, available: 12 }));
        assert_eq!(seal(which, 8, 16, &mut [0; 12]), Err(ShapeError::Icv { needed: 16, available: 12 }));
        let error = ShapeError::Offsets { iv_offset: 8, text_offset: 29, len: 28 };
        assert_eq!(seal(which, 8, 29, &mut [0; 16]), Err(error));
        let error = ShapeError::Offsets { iv_offset: 9, text_offset: 8, len: 28 };
        assert_eq!(seal(which, 9, 8, &mut [0; 16]), Err(error));
    }
}

/// RFC 4543 section 3.3, figures 2 and 3: the initialization vector and the text are associated data too.
#[test]
fn gmac_authenticates_the_initialization_vector() {
    let transform = AesGmac::<Aes128>::new(Secret::new(&KEY)).unwrap();
    let gcm = Gcm::<Aes128>::new(Secret::new(b"0123456789abcdef")).unwrap();
    for (high, associated) in [
        (None, &b"SPI.LOW.eightIV8twelveoctet."[..]),
        (Some(0x4849_4748), b"SPI.HIGHLOW.eightIV8twelveoctet."),
    ] {
        let mut tag = [0; 16];
        gcm.seal(*b"SALTeightIV8", &[associated], &mut [], &mut tag).unwrap();
        assert_eq!(seal(&transform, high), (PACKET, tag));
    }
}

fn hex(digits: &str) -> std::vec::Vec<u8> {
    let digits: std::vec::Vec<u8> =
        digits.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

/// RFC 7634 appendix A: key, packet and ICV.
#[test]
fn chacha20_poly1305_seals_the_packet_of_its_rfc() {
    let key: [u8; 36] = core::array::from_fn(|n| 0x80 + n as u8);
    let transform = ChaCha20Poly1305::new(Secret::new(&key)).unwrap();
    let head = hex("01020304 00000005 1011121314151617");
    let plain = hex("45000054a6f2000040 01e778c6336405c0000205 08005b7a3a080000553bec10
        0007362708090a0b0c0d0e0f10111213 1415161718191a1b1c1d1e1f20212223
        2425262728292a2b2c2d2e2f30313233 3435363701020204");
    let sealed = hex("24039428b97f417e3c13753a4f05087b 67c352e6a7fab1b982d466ef407ae5c6
        14ee8099d52844eb61aa95dfab4c02f7 2aa71e7c4c4f64c9befe2facc638e8f3
        cbec163fac469b502773f6fb94e664da 9165b82829f641e0");
    let mut packet = [&head[..], &plain].concat();
    let mut icv = [0; 16];
    transform.seal(Protected::new(&mut packet, 8, 16, None).unwrap(), &mut icv).unwrap();
    assert_eq!((&packet[..16], &packet[16..]), (&head[..], &sealed[..]));
    assert_eq!(icv[..], hex("76aaa8266b7fb0f7b11b369907e1ad43"));
    let wrong = [&icv[..15], &[icv[15] ^ 1]].concat();
    let opened = transform.open(Protected::new(&mut packet, 8, 16, None).unwrap(), &wrong);
    assert_eq!((opened, &packet[16..]), (Err(NotAuthentic), &sealed[..]));
    transform.open(Protected::new(&mut packet, 8, 16, None).unwrap(), &icv).unwrap();
    assert_eq!(packet[16..], plain);
}

/// RFC 7634 section 2.1: the associated data has all 64 bits of an extended number.
#[test]
fn chacha20_poly1305_authenticates_the_whole_number_in_its_order() {
    let key = *b"0123456789abcdef0123456789abcdefSALT";
    let transform = ChaCha20Poly1305::new(Secret::new(&key)).unwrap();
    let aead = aead::ChaCha20Poly1305::new(Secret::new(&key[..32])).unwrap();
    for (high, associated) in [(None, &b"SPI.LOW."[..]), (Some(0x4849_4748), b"SPI.HIGHLOW.")] {
        let (mut text, mut tag) = (*b"twelveoctet.", [0; 16]);
        aead.seal(*b"SALTeightIV8", associated, &mut text, &mut tag).unwrap();
        let (packet, icv) = seal(&transform, high);
        assert_eq!((&packet[..16], &packet[16..], icv), (&PACKET[..16], &text[..], tag));
    }
}
