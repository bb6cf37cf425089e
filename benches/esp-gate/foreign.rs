//! Makes candidates of the peers in `vpnwire-peers`.

use ipsec::suite::Suite;
use ipsec::suite::{Authentication, Encryption};
use vpnwire_peers::aead::{AwsLc, Ring};
use vpnwire_peers::evp::Evp;
use vpnwire_peers::ipsec_mb::Sa;
use vpnwire_peers::{Cipher, Direction, Mac};

use crate::ours::keys;
use crate::packets::{Bitmap, Geometry, Packets, equal, open_around, prepare};
use crate::round_robin::Candidate;

enum Library {
    OpenSsl(Evp),
    Intel(Sa),
    Ring(Box<Ring>),
    AwsLc(AwsLc),
}

/// The way in which a packet is passed to a library.
#[derive(Clone, Copy)]
enum Mode {
    Null,
    /// The initialization vector of the packet.
    Chained,
    /// The salt, the initialization vector and the number one.
    Counter([u8; 4]),
    /// The salt and the initialization vector.
    Gcm([u8; 4]),
    Ccm([u8; 3]),
    /// The salt and the initialization vector. Nothing is encrypted.
    Gmac([u8; 4]),
}

struct Foreign {
    name: &'static str,
    library: Library,
    mode: Mode,
    seals: bool,
    sequence: u32,
    window: Bitmap,
}

/// The candidates that seal or open under this suite.
pub fn candidates(suite: Suite, seals: bool) -> Vec<Box<dyn Candidate>> {
    let (key, mac_key) = keys(suite);
    let direction = if seals { Direction::Seal } else { Direction::Open };
    let salted = |len: usize| key.split_at(key.len() - len);
    let four = |octets: &[u8]| <[u8; 4]>::try_from(octets).expect("four octets");
    let (cipher, mode, alone) = match suite.encryption() {
        Encryption::Null => (Cipher::Null, Mode::Null, &key[..]),
        Encryption::DesCbc => (Cipher::Des, Mode::Chained, &key[..]),
        Encryption::TripleDesCbc => (Cipher::TripleDes, Mode::Chained, &key[..]),
        Encryption::AesCbc(bits) => (Cipher::AesCbc(bits.octets()), Mode::Chained, &key[..]),
        Encryption::AesCtr(bits) => {
            (Cipher::AesCtr(bits.octets()), Mode::Counter(four(salted(4).1)), salted(4).0)
        }
        Encryption::AesGcm(bits, _) => {
            (Cipher::AesGcm(bits.octets()), Mode::Gcm(four(salted(4).1)), salted(4).0)
        }
        Encryption::AesGmac(bits) => {
            (Cipher::AesGcm(bits.octets()), Mode::Gmac(four(salted(4).1)), salted(4).0)
        }
        Encryption::AesCcm(bits, _) => {
            let (alone, salt) = salted(3);
            (Cipher::AesCcm(bits.octets()), Mode::Ccm(salt.try_into().expect("three octets")), alone)
        }
        _ => return Vec::new(),
    };
    let mac = suite.authentication().map(|authentication| match authentication {
        Authentication::HmacMd5 => Mac::Md5,
        Authentication::HmacSha1 => Mac::Sha1,
        Authentication::HmacSha256 => Mac::Sha256,
        Authentication::HmacSha384 => Mac::Sha384,
        Authentication::HmacSha512 => Mac::Sha512,
        _ => Mac::Xcbc,
    });
    let icv_len = suite.icv_len();
    let mut libraries = Vec::new();
    if let Some(evp) = Evp::new(cipher, mac, alone, &mac_key, icv_len, direction) {
        libraries.push(("OpenSSL EVP", Library::OpenSsl(evp)));
    }
    // Jobs of GMAC alone have another form and are left out.
    if !matches!(mode, Mode::Gmac(_))
        && let Some(sa) = Sa::new(cipher, mac, alone, &mac_key, icv_len, direction)
    {
        libraries.push(("Intel multi-buffer, one job", Library::Intel(sa)));
    }
    if matches!(mode, Mode::Gcm(_)) && icv_len == 16 {
        libraries.extend(Ring::new(alone).map(|ring| ("ring", Library::Ring(Box::new(ring)))));
        libraries.extend(AwsLc::new(alone).map(|key| ("aws-lc-rs", Library::AwsLc(key))));
    }
    libraries
        .into_iter()
        .map(|(name, library)| {
            let window = Bitmap::default();
            Box::new(Foreign { name, library, mode, seals, sequence: 0, window }) as Box<dyn Candidate>
        })
        .collect()
}

#[inline(always)]
fn joined<const N: usize>(salt: &[u8], packet: &[u8]) -> [u8; N] {
    let mut joined = [0; N];
    joined[..salt.len()].copy_from_slice(salt);
    joined[salt.len()..salt.len() + 8].copy_from_slice(&packet[8..16]);
    joined
}

#[inline(always)]
fn counter_block(salt: [u8; 4], packet: &[u8]) -> [u8; 16] {
    let mut block = joined::<16>(&salt, packet);
    block[15] = 1;
    block
}

/// Encrypts and authenticates one packet with a finished header, or does the reverse.
#[inline(always)]
fn run(library: &mut Library, mode: Mode, seals: bool, packet: &mut [u8], geometry: &Geometry) -> bool {
    match library {
        Library::OpenSsl(evp) => open_ssl(evp, mode, seals, packet, geometry),
        Library::Intel(sa) => intel(sa, mode, seals, packet, geometry),
        Library::Ring(key) => {
            let Mode::Gcm(salt) = mode else { return false };
            let nonce = joined(&salt, packet);
            let (before, rest) = packet.split_at_mut(geometry.text_offset);
            if seals {
                let (text, tag) = rest.split_at_mut(geometry.icv_offset - geometry.text_offset);
                key.seal(nonce, &before[..8], text, tag)
            } else {
                key.open(nonce, &before[..8], rest)
            }
        }
        Library::AwsLc(key) => {
            let Mode::Gcm(salt) = mode else { return false };
            let nonce = joined(&salt, packet);
            let (before, rest) = packet.split_at_mut(geometry.text_offset);
            if seals {
                let (text, tag) = rest.split_at_mut(geometry.icv_offset - geometry.text_offset);
                key.seal(nonce, &before[..8], text, tag)
            } else {
                key.open(nonce, &before[..8], rest)
            }
        }
    }
}

#[inline(always)]
fn open_ssl(evp: &mut Evp, mode: Mode, seals: bool, packet: &mut [u8], geometry: &Geometry) -> bool {
    let block = match mode {
        Mode::Counter(salt) => counter_block(salt, packet),
        _ => [0; 16],
    };
    let encipher = |evp: &mut Evp, octets: &mut [u8]| {
        let (before, text) = octets.split_at_mut(geometry.text_offset);
        match mode {
            Mode::Null => true,
            Mode::Counter(_) => evp.cipher(&block, text),
            _ => evp.cipher(&before[8..], text),
        }
    };
    let (gcm, ccm);
    let (nonce, text_offset): (&[u8], usize) = match mode {
        Mode::Gcm(salt) => {
            gcm = joined::<12>(&salt, packet);
            (&gcm, geometry.text_offset)
        }
        Mode::Gmac(salt) => {
            gcm = joined::<12>(&salt, packet);
            (&gcm, geometry.icv_offset)
        }
        Mode::Ccm(salt) => {
            ccm = joined::<11>(&salt, packet);
            (&ccm, geometry.text_offset)
        }
        _ => {
            let (octets, icv) = packet.split_at_mut(geometry.icv_offset);
            return if seals {
                encipher(evp, octets) && evp.mac(octets, icv)
            } else {
                let mut computed = [0; 64];
                let computed = &mut computed[..icv.len()];
                evp.mac(octets, computed) && equal(computed, icv) && encipher(evp, octets)
            };
        }
    };
    let (before, rest) = packet.split_at_mut(text_offset);
    let (text, tag) = rest.split_at_mut(geometry.icv_offset - text_offset);
    let associated = if matches!(mode, Mode::Gmac(_)) { &before[..] } else { &before[..8] };
    evp.aead(nonce, associated, text, tag)
}

#[inline(always)]
fn intel(sa: &mut Sa, mode: Mode, seals: bool, packet: &mut [u8], geometry: &Geometry) -> bool {
    let mut iv = [0; 16];
    let iv_len = match mode {
        Mode::Null => 0,
        Mode::Chained => {
            let iv_len = geometry.text_offset - 8;
            iv[..iv_len].copy_from_slice(&packet[8..8 + iv_len]);
            iv_len
        }
        Mode::Counter(salt) => {
            iv = counter_block(salt, packet);
            16
        }
        Mode::Gcm(salt) | Mode::Gmac(salt) => {
            iv[..12].copy_from_slice(&joined::<12>(&salt, packet));
            12
        }
        Mode::Ccm(salt) => {
            iv[..11].copy_from_slice(&joined::<11>(&salt, packet));
            11
        }
    };
    let mut associated = [0; 8];
    associated.copy_from_slice(&packet[..8]);
    let associated_len = if matches!(mode, Mode::Gcm(_) | Mode::Ccm(_)) { 8 } else { 0 };
    let associated = &associated[..associated_len];
    let (octets, icv) = packet.split_at_mut(geometry.icv_offset);
    if seals {
        sa.run(octets, geometry.text_offset, &iv[..iv_len], associated, icv)
    } else {
        let mut computed = [0; 64];
        let computed = &mut computed[..icv.len()];
        sa.run(octets, geometry.text_offset, &iv[..iv_len], associated, computed) && equal(computed, icv)
    }
}

impl Candidate for Foreign {
    fn name(&self) -> &'static str {
        self.name
    }

    fn make_ready(&mut self) {
        self.window = Bitmap::default();
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let geometry = packets.geometry;
        let Self { library, mode, seals, sequence, window, .. } = self;
        packets.each().all(|packet| {
            if *seals {
                *sequence += 1;
                prepare(packet, &geometry, *sequence);
                run(library, *mode, true, packet, &geometry)
            } else {
                open_around(packet, &geometry, window, |packet| run(library, *mode, false, packet, &geometry))
            }
        })
    }
}
