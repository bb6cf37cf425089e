//! Properties that must hold for any octets. The tests of this crate and the fuzz targets call them.
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a property may panic: that is how it fails"
)]

extern crate std;

use std::vec::Vec;

use crate::aead::{Ccm, ChaCha20Poly1305, Gcm};
use crate::cipher::{Aes128, Aes192, Aes256, Cbc, Cipher, Ctr, Des, Null, TripleDes};
use crate::mac::{
    AesXcbc, AesXcbc96, Hmac, HmacMd5_96, HmacSha1_96, HmacSha256_128, HmacSha384_192, HmacSha512_256, Mac,
    Pieces, Running,
};
use crate::{EncryptThenMac, HashAlgorithm, NotAuthentic, Prf, Secret, Shape};

/// A computation that records the octets that it absorbs.
#[derive(Debug, Default)]
pub struct Everything {
    pub octets: Vec<u8>,
}

impl Running for Everything {
    fn chunk_len(&self) -> usize {
        64
    }

    fn absorbed(&self) -> usize {
        self.octets.len()
    }

    fn absorb(&mut self, chunks: &[u8]) {
        assert!(chunks.len().is_multiple_of(64) && !chunks.is_empty());
        self.octets.extend_from_slice(chunks);
    }

    fn finish(self, _: &[u8], _: Option<[u8; 4]>, _: &mut [u8]) {}
}

/// Shapes that do not fit are refused, and nothing is changed.
pub fn shapes_are_checked(cipher: &impl Cipher) {
    let original: Vec<u8> = (0..64).collect();
    for len in 0..original.len() {
        for iv_offset in 0..=len + 1 {
            for text_offset in iv_offset..=len + 2 {
                let shape = Shape { iv_offset, text_offset };
                let mut packet = original[..len].to_vec();
                let fits = text_offset <= len
                    && text_offset - iv_offset >= cipher.iv_len()
                    && (len - text_offset).is_multiple_of(cipher.block_len());
                let encrypted = cipher.encrypt(&mut packet, shape, &mut Everything::default());
                assert_eq!(encrypted.is_ok(), fits, "{len} {shape:?}");
                assert_eq!(packet[..text_offset.min(len)], original[..text_offset.min(len)]);
                assert_eq!(cipher.decrypt(&mut packet, shape).is_ok(), fits);
                assert_eq!(packet, original[..len]);
            }
        }
    }
}

/// Sealing gives the same as encrypting first and then authenticating. A sealed packet opens. A changed packet does
/// not open, and is left unchanged.
pub fn stitched_is_separate<E: Cipher, M: Mac>(
    cipher: E,
    mac: M,
    octets: &[u8],
    iv_offset: usize,
    high: bool,
) {
    let implied = high.then_some([1, 2, 3, 4]);
    let text_offset = iv_offset + cipher.iv_len();
    let text_len = octets.len().saturating_sub(text_offset) / cipher.block_len() * cipher.block_len();
    let Some(original) = octets.get(..text_offset + text_len) else { return };
    let shape = Shape { iv_offset, text_offset };

    let mut separate = original.to_vec();
    let mut everything = Everything::default();
    cipher.encrypt(&mut separate, shape, &mut everything).unwrap();
    assert_eq!(
        everything.octets,
        separate[..everything.octets.len()],
        "octets were absorbed before they were final"
    );
    assert!(everything.octets.len() < separate.len() || separate.is_empty(), "no octet was left for the end");
    let mut separate_icv = std::vec![0; mac.icv_len()];
    mac.compute(&separate, implied, &mut separate_icv);

    let both = EncryptThenMac::new(cipher, mac);
    let mut packet = original.to_vec();
    let mut icv = std::vec![0; separate_icv.len()];
    both.seal(&mut packet, shape, implied, &mut icv).unwrap();
    assert_eq!((&packet, &icv), (&separate, &separate_icv));

    if let Some(last) = packet.last_mut() {
        *last ^= 0x40;
        let changed = packet.clone();
        assert_eq!(both.open(&mut packet, shape, implied, &icv), Err(NotAuthentic));
        assert_eq!(packet, changed);
        *packet.last_mut().unwrap() ^= 0x40;
    }
    icv[0] ^= 1;
    assert_eq!(both.open(&mut packet, shape, implied, &icv), Err(NotAuthentic));
    assert_eq!(packet, separate);
    icv[0] ^= 1;
    both.open(&mut packet, shape, implied, &icv).unwrap();
    assert_eq!(packet, original);
}

/// Runs [`stitched_is_separate`] for one of the compositions, chosen by `which`.
pub fn composition(which: u8, octets: &[u8]) {
    let key = Secret::new(b"0123456789abcdefghijklmnopqrstuv");
    let part = |len| Secret::new(&key.expose()[..len]);
    let high = which & 0x80 != 0;
    let iv_offset = if which & 0x40 == 0 { 8 } else { 0 };
    macro_rules! with {
        ($cipher:expr) => {
            match which % 6 {
                0 => stitched_is_separate($cipher, HmacMd5_96::new(Hmac::new(key)), octets, iv_offset, high),
                1 => stitched_is_separate($cipher, HmacSha1_96::new(Hmac::new(key)), octets, iv_offset, high),
                2 => stitched_is_separate(
                    $cipher,
                    HmacSha256_128::new(Hmac::new(key)),
                    octets,
                    iv_offset,
                    high,
                ),
                3 => stitched_is_separate(
                    $cipher,
                    HmacSha384_192::new(Hmac::new(key)),
                    octets,
                    iv_offset,
                    high,
                ),
                4 => stitched_is_separate(
                    $cipher,
                    HmacSha512_256::new(Hmac::new(key)),
                    octets,
                    iv_offset,
                    high,
                ),
                _ => {
                    let mac = AesXcbc96::new(AesXcbc::new(part(16)).unwrap());
                    stitched_is_separate($cipher, mac, octets, iv_offset, high);
                }
            }
        };
    }
    match which / 6 % 7 {
        0 => with!(Cbc::<Aes128>::new(part(16)).unwrap()),
        1 => with!(Cbc::<Aes192>::new(part(24)).unwrap()),
        2 => with!(Cbc::<Aes256>::new(part(32)).unwrap()),
        3 => with!(Cbc::<Des>::new(part(8)).unwrap()),
        4 => with!(Cbc::<TripleDes>::new(part(24)).unwrap()),
        5 => with!(Ctr::<Aes128>::new(part(16), part(4)).unwrap()),
        _ => with!(Null),
    }
}

/// GCM, CCM and ChaCha20-Poly1305 open what they sealed, and nothing that was changed.
pub fn aead_opens_what_it_sealed(octets: &[u8]) {
    let gcm = Gcm::<Aes128>::new(Secret::new(b"0123456789abcdef")).unwrap();
    let ccm = Ccm::<Aes128>::new(Secret::new(b"0123456789abcdef")).unwrap();
    let (associated, original) = octets.split_at(octets.len() / 3);
    let (mut one, mut other) = (original.to_vec(), original.to_vec());
    let (mut one_tag, mut other_tag) = ([0; 16], [0; 8]);
    gcm.seal([7; 12], &[associated], &mut one, &mut one_tag).unwrap();
    ccm.seal([7; 11], associated, &mut other, &mut other_tag).unwrap();
    if let (Some(one), Some(other)) = (one.first_mut(), other.first_mut()) {
        *one ^= 1;
        *other ^= 1;
    } else {
        one_tag[3] ^= 1;
        other_tag[3] ^= 1;
    }
    let before = (one.clone(), other.clone());
    assert_eq!(gcm.open([7; 12], &[associated], &mut one, &one_tag), Err(NotAuthentic));
    assert_eq!(ccm.open([7; 11], associated, &mut other, &other_tag), Err(NotAuthentic));
    assert_eq!((&one, &other), (&before.0, &before.1));
    if let (Some(one), Some(other)) = (one.first_mut(), other.first_mut()) {
        *one ^= 1;
        *other ^= 1;
    } else {
        one_tag[3] ^= 1;
        other_tag[3] ^= 1;
    }
    let chacha = ChaCha20Poly1305::new(Secret::new(b"0123456789abcdef0123456789abcdef")).unwrap();
    let (mut third, mut third_tag) = (original.to_vec(), [0; 16]);
    chacha.seal([7; 12], associated, &mut third, &mut third_tag).unwrap();
    third_tag[3] ^= 1;
    let before = third.clone();
    assert_eq!(chacha.open([7; 12], associated, &mut third, &third_tag), Err(NotAuthentic));
    assert_eq!(third, before);
    third_tag[3] ^= 1;
    chacha.open([7; 12], associated, &mut third, &third_tag).unwrap();
    assert_eq!(third, original);
    gcm.open([7; 12], &[associated], &mut one, &one_tag).unwrap();
    ccm.open([7; 11], associated, &mut other, &other_tag).unwrap();
    assert_eq!((&one[..], &other[..]), (original, original));
}

/// A hash or an HMAC of a message in three parts is that of the whole message. A longer expansion begins with a
/// shorter one.
pub fn parts_are_one_message(which: u8, cuts: [usize; 2], octets: &[u8]) {
    let hash_algorithm = HashAlgorithm::ALL[usize::from(which) % HashAlgorithm::ALL.len()];
    let (key, message) = octets.split_at(usize::from(which / 8).min(octets.len()));
    let (rest, last) = message.split_at(cuts[0] % (message.len() + 1));
    let (first, second) = rest.split_at(cuts[1] % (rest.len() + 1));
    let whole = hash_algorithm.hash(&[message]);
    assert_eq!(hash_algorithm.hash(&[first, second, last]), whole);
    assert_eq!(whole.len(), hash_algorithm.output_len());
    let prf = Prf::new(hash_algorithm, Secret::new(key));
    let code = prf.compute(&[message]);
    assert_eq!(prf.compute(&[first, &[], second, last]), code);
    prf.verify(&[first, second, last], code.expose()).unwrap();
    assert_ne!(code, whole);
    let (mut long, mut short) = ([0; 150], std::vec![0; cuts[0] % 150]);
    prf.expand(&mut long);
    prf.expand(&mut short);
    assert_eq!(short, long[..short.len()]);
    assert_eq!(long[..whole.len()], *prf.compute(&[&[0]]).expose());
    prf.expand_seed(&[message], &mut long);
    prf.expand_seed(&[first, second, last], &mut short);
    assert_eq!(short, long[..short.len()]);
    assert_eq!(long[..code.len()], *code.expose());
}

/// A message in pieces has the same code as the whole message.
pub fn pieces_are_the_whole(octets: &[u8], cuts: &[u8], implied: Option<[u8; 4]>) {
    fn check(mac: &impl Mac, octets: &[u8], cuts: &[u8], implied: Option<[u8; 4]>) {
        let mut expected = std::vec![0; mac.icv_len()];
        mac.compute(octets, implied, &mut expected);
        let mut pieces = Pieces::new(mac.start());
        let mut rest = octets;
        for cut in cuts {
            let (piece, others) = rest.split_at(usize::from(*cut).min(rest.len()));
            pieces.put(piece);
            rest = others;
        }
        pieces.put(rest);
        let mut icv = std::vec![0; mac.icv_len()];
        pieces.finish(implied, &mut icv);
        assert_eq!(icv, expected);
    }
    let key = Secret::new(b"0123456789abcdef");
    check(&HmacMd5_96::new(Hmac::new(key)), octets, cuts, implied);
    check(&HmacSha512_256::new(Hmac::new(key)), octets, cuts, implied);
    check(&AesXcbc96::new(AesXcbc::new(key).unwrap()), octets, cuts, implied);

    let gcm = Gcm::<Aes128>::new(key).unwrap();
    let mut tag = [0; 16];
    gcm.seal([3; 12], &[octets], &mut [], &mut tag).unwrap();
    let mut running = gcm.start_gmac([3; 12]);
    let mut rest = octets;
    for cut in cuts {
        let (piece, others) = rest.split_at(usize::from(*cut).min(rest.len()));
        running.put(piece);
        rest = others;
    }
    running.put(rest);
    assert_eq!(running.finish(), tag);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_composition_at_every_length() {
        let octets: Vec<u8> = (0..600usize).map(|n| (n * 5 + n / 256) as u8).collect();
        for which in 0..84 {
            let (lens, step) =
                if which / 6 % 7 == 3 || which / 6 % 7 == 4 { (0..320, 4) } else { (0..420, 1) };
            for len in lens.step_by(step) {
                composition(which, &octets[..len]);
                composition(which | 0x80, &octets[..len]);
            }
        }
    }

    proptest! {
        #[test]
        fn any_composition(which: u8, octets in vec(any::<u8>(), 0..1800)) {
            composition(which, &octets);
        }

        #[test]
        fn any_parts(which: u8, cuts: [usize; 2], octets in vec(any::<u8>(), 0..900)) {
            parts_are_one_message(which, cuts, &octets);
        }

        #[test]
        fn any_pieces(
            octets in vec(any::<u8>(), 0..700),
            cuts in vec(prop_oneof![any::<u8>(), Just(64), Just(128), 0..4u8], 0..12),
            implied: Option<[u8; 4]>,
        ) {
            pieces_are_the_whole(&octets, &cuts, implied);
        }

        #[test]
        fn any_aead(octets in vec(any::<u8>(), 0..1800)) {
            aead_opens_what_it_sealed(&octets);
        }
    }
}
