//! A composition of the RustCrypto crates, as their documentation shows it: keys are set up for every packet, the
//! cipher runs, then the MAC.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInOut;
use ccm::Ccm;
use cipher::array::Array;
use cipher::consts::{U8, U11, U12, U16};
use cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit,
    StreamCipher,
};
use ctr::Ctr32BE;
use des::{Des, TdesEde3};
use hmac::{EagerHash, Hmac, Mac};
use ipsec::suite::IcvLen;
use ipsec::suite::Suite;
use ipsec::suite::{AesKey, Authentication, Encryption};

use crate::ours::keys;
use crate::packets::{Bitmap, Geometry, Packets, equal, open_around, prepare};
use crate::round_robin::Candidate;

/// The name of the candidate.
pub const NAME: &str = "RustCrypto, naive";

/// Encrypts or decrypts the octets between initialization vector and ICV.
pub type Cipher = fn(seals: bool, key: &[u8], packet: &mut [u8], geometry: &Geometry);
/// Computes a MAC.
pub type Code = fn(key: &[u8], octets: &[u8], code: &mut [u8]);
/// Seals or opens. The tag stands after the text.
type Aead = fn(seals: bool, key: &[u8], packet: &mut [u8], geometry: &Geometry) -> bool;

fn cbc<C: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit>(
    seals: bool,
    key: &[u8],
    packet: &mut [u8],
    geometry: &Geometry,
) {
    let (before, rest) = packet.split_at_mut(geometry.text_offset);
    let text = &mut rest[..geometry.icv_offset - geometry.text_offset];
    let blocks = Array::<u8, C::BlockSize>::slice_as_chunks_mut(text).0;
    if seals {
        cbc::Encryptor::<C>::new_from_slices(key, &before[8..])
            .expect("as long as they should be")
            .encrypt_blocks(blocks);
    } else {
        cbc::Decryptor::<C>::new_from_slices(key, &before[8..])
            .expect("as long as they should be")
            .decrypt_blocks(blocks);
    }
}

macro_rules! counter {
    ($cipher:ty) => {
        |_, key, packet, geometry| {
            let (before, rest) = packet.split_at_mut(geometry.text_offset);
            let (key, nonce) = key.split_at(key.len() - 4);
            let mut block = [0; 16];
            block[..4].copy_from_slice(nonce);
            block[4..12].copy_from_slice(&before[8..]);
            block[15] = 1;
            let mut stream =
                Ctr32BE::<$cipher>::new_from_slices(key, &block).expect("as long as they should be");
            stream.apply_keystream(&mut rest[..geometry.icv_offset - geometry.text_offset]);
        }
    };
}

fn code<D: EagerHash>(key: &[u8], octets: &[u8], code: &mut [u8]) {
    let mut mac = Hmac::<D>::new_from_slice(key).expect("a key of any length");
    mac.update(octets);
    code.copy_from_slice(&mac.finalize().into_bytes()[..code.len()]);
}

/// The salt and the initialization vector.
pub fn nonce<const N: usize>(salt: &[u8], packet: &[u8]) -> [u8; N] {
    let mut nonce = [0; N];
    nonce[..salt.len()].copy_from_slice(salt);
    nonce[salt.len()..].copy_from_slice(&packet[8..16]);
    nonce
}

macro_rules! combined {
    ($mode:ty, $nonce_len:literal, $authenticates_only:literal) => {
        |seals, key, packet, geometry| {
            let (key, salt) = key.split_at(key.len() - ($nonce_len - 8));
            let mode = <$mode>::new_from_slice(key).expect("as long as it should be");
            let nonce = nonce::<$nonce_len>(salt, packet);
            let text_offset = if $authenticates_only { geometry.icv_offset } else { geometry.text_offset };
            let (before, rest) = packet.split_at_mut(text_offset);
            let (text, tag) = rest.split_at_mut(geometry.icv_offset - text_offset);
            let associated = if $authenticates_only { &before[..] } else { &before[..8] };
            if seals {
                mode.encrypt_inout_detached(&nonce.into(), associated, text.into()).is_ok_and(|made| {
                    tag.copy_from_slice(&made);
                    true
                })
            } else {
                let tag = Array::try_from(&*tag).expect("as long as it should be");
                mode.decrypt_inout_detached(&nonce.into(), associated, text.into(), &tag).is_ok()
            }
        }
    };
}

/// `None` for the combined modes.
pub fn cipher_of(encryption: Encryption) -> Option<Cipher> {
    Some(match encryption {
        Encryption::Null => |_, _, _, _| {},
        Encryption::DesCbc => cbc::<Des>,
        Encryption::TripleDesCbc => cbc::<TdesEde3>,
        Encryption::AesCbc(AesKey::Bits128) => cbc::<Aes128>,
        Encryption::AesCbc(AesKey::Bits192) => cbc::<Aes192>,
        Encryption::AesCbc(AesKey::Bits256) => cbc::<Aes256>,
        Encryption::AesCtr(AesKey::Bits128) => counter!(Aes128),
        Encryption::AesCtr(AesKey::Bits192) => counter!(Aes192),
        Encryption::AesCtr(AesKey::Bits256) => counter!(Aes256),
        _ => return None,
    })
}

/// `None` for the combined modes, and for AES-XCBC, which no crate has.
pub fn code_of(authentication: Authentication) -> Option<Code> {
    Some(match authentication {
        Authentication::HmacMd5 => code::<md5::Md5>,
        Authentication::HmacSha1 => code::<sha1::Sha1>,
        Authentication::HmacSha256 => code::<sha2::Sha256>,
        Authentication::HmacSha384 => code::<sha2::Sha384>,
        Authentication::HmacSha512 => code::<sha2::Sha512>,
        _ => return None,
    })
}

/// The crate `aes-gcm` does not support tags of eight octets.
fn aead_of(encryption: Encryption) -> Option<Aead> {
    use AesKey::{Bits128, Bits192, Bits256};
    use IcvLen::{Octets8, Octets12, Octets16};
    Some(match encryption {
        Encryption::AesGcm(Bits128, Octets12) => combined!(AesGcm<Aes128, U12, U12>, 12, false),
        Encryption::AesGcm(Bits192, Octets12) => combined!(AesGcm<Aes192, U12, U12>, 12, false),
        Encryption::AesGcm(Bits256, Octets12) => combined!(AesGcm<Aes256, U12, U12>, 12, false),
        Encryption::AesGcm(Bits128, Octets16) => combined!(AesGcm<Aes128, U12, U16>, 12, false),
        Encryption::AesGcm(Bits192, Octets16) => combined!(AesGcm<Aes192, U12, U16>, 12, false),
        Encryption::AesGcm(Bits256, Octets16) => combined!(AesGcm<Aes256, U12, U16>, 12, false),
        Encryption::AesGmac(Bits128) => combined!(AesGcm<Aes128, U12, U16>, 12, true),
        Encryption::AesGmac(Bits192) => combined!(AesGcm<Aes192, U12, U16>, 12, true),
        Encryption::AesGmac(Bits256) => combined!(AesGcm<Aes256, U12, U16>, 12, true),
        Encryption::AesCcm(Bits128, Octets8) => combined!(Ccm<Aes128, U8, U11>, 11, false),
        Encryption::AesCcm(Bits192, Octets8) => combined!(Ccm<Aes192, U8, U11>, 11, false),
        Encryption::AesCcm(Bits256, Octets8) => combined!(Ccm<Aes256, U8, U11>, 11, false),
        Encryption::AesCcm(Bits128, Octets12) => combined!(Ccm<Aes128, U12, U11>, 11, false),
        Encryption::AesCcm(Bits192, Octets12) => combined!(Ccm<Aes192, U12, U11>, 11, false),
        Encryption::AesCcm(Bits256, Octets12) => combined!(Ccm<Aes256, U12, U11>, 11, false),
        Encryption::AesCcm(Bits128, Octets16) => combined!(Ccm<Aes128, U16, U11>, 11, false),
        Encryption::AesCcm(Bits192, Octets16) => combined!(Ccm<Aes192, U16, U11>, 11, false),
        Encryption::AesCcm(Bits256, Octets16) => combined!(Ccm<Aes256, U16, U11>, 11, false),
        _ => return None,
    })
}

#[derive(Clone, Copy)]
enum Algorithms {
    Separate(Cipher, Code),
    Combined(Aead),
}

struct Naive {
    algorithms: Algorithms,
    key: Vec<u8>,
    mac_key: Vec<u8>,
    seals: bool,
    sequence: u32,
    window: Bitmap,
}

/// The candidate that seals or opens under this suite. `None` when the crates lack an algorithm.
pub fn candidate(suite: Suite, seals: bool) -> Option<Box<dyn Candidate>> {
    let algorithms = match suite.authentication() {
        Some(authentication) => {
            Algorithms::Separate(cipher_of(suite.encryption())?, code_of(authentication)?)
        }
        None => Algorithms::Combined(aead_of(suite.encryption())?),
    };
    let (key, mac_key) = keys(suite);
    Some(Box::new(Naive { algorithms, key, mac_key, seals, sequence: 0, window: Bitmap::default() }))
}

impl Candidate for Naive {
    fn name(&self) -> &'static str {
        NAME
    }

    fn make_ready(&mut self) {
        self.window = Bitmap::default();
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let geometry = packets.geometry;
        let Self { algorithms, key, mac_key, seals, sequence, window } = self;
        packets.each().all(|packet| {
            if *seals {
                *sequence += 1;
                prepare(packet, &geometry, *sequence);
                match algorithms {
                    Algorithms::Separate(cipher, code) => {
                        cipher(true, key, packet, &geometry);
                        let (octets, icv) = packet.split_at_mut(geometry.icv_offset);
                        code(mac_key, octets, icv);
                        true
                    }
                    Algorithms::Combined(aead) => aead(true, key, packet, &geometry),
                }
            } else {
                open_around(packet, &geometry, window, |packet| match algorithms {
                    Algorithms::Separate(cipher, code) => {
                        let (octets, icv) = packet.split_at_mut(geometry.icv_offset);
                        let mut computed = [0; 64];
                        let computed = &mut computed[..icv.len()];
                        code(mac_key, octets, computed);
                        equal(computed, icv) && {
                            cipher(false, key, packet, &geometry);
                            true
                        }
                    }
                    Algorithms::Combined(aead) => aead(false, key, packet, &geometry),
                })
            }
        })
    }
}
