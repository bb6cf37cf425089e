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
    let seal = |which: usize, iv_offset, text_offset, icv: &mut [u8]| {
        let mut packet = PACKET;
        let protected = Protected::new(&mut packet, iv_offset, text_offset, None)?;
        match which {
            0 => gcm.seal(protected, icv),
            1 => gmac.seal(protected, icv),
            _ => ccm.seal(protected, icv),
        }
    };
    for which in 0..3 {
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
