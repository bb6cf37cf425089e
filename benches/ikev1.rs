//! Times the keys of IKEv1: a public value and a shared secret for each group, the key schedule of phase 1, KEYMAT, a
//! message that is decrypted with its HASH checked, and a pre-shared key that is tried on an aggressive mode exchange.
//!
//! The peers of the groups are `num-bigint`, with an exponentiation that is not constant-time, and with the feature
//! `peers` OpenSSL, with its exponentiation for secret exponents. The peer of the schedule and of messages is a
//! composition of RustCrypto's crates, which sets up the key for each prf and each message. Messages also have
//! OpenSSL's EVP with prepared contexts. The result of each peer is compared with ours before it is timed.

use std::hint::black_box;

use aes::{Aes128, Aes256};
use cipher::array::Array;
use cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use crypto::dh::{DhGroup, PrivateKey};
use crypto::{HashAlgorithm, Secret};
use des::{Des, TdesEde3};
use hmac::{EagerHash, Hmac, Mac};
use ikev1::keymat::{KeyLengths, QuickMode};
use ikev1::{
    AggressiveMode, Authentication, Cipher, Cookies, Covered, EncryptionKey, Iv, Nonces, Skeyid, SkeyidFamily,
};
use isakmp::doi::ProtocolId;
use isakmp::{FramedHeader, PayloadFraming, PayloadType, Payloads};
use num_bigint::BigUint;

const COOKIES: Cookies = Cookies { initiator: [1; 8], responder: [2; 8] };
const NONCES: Nonces<'_> = Nonces { initiator: &[3; 32], responder: &[4; 32] };

fn exponent(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 89 + 17) as u8).collect()
}

fn groups(criterion: &mut Criterion) {
    for group in DhGroup::ALL {
        let secret = exponent(group.exponent_len());
        let key = PrivateKey::from_octets(group, Secret::new(&secret)).expect("it is short");
        let other = PrivateKey::from_octets(group, Secret::new(&[7; 32])).expect("it is short");
        let peer = other.public_value();
        let mut cell = criterion.benchmark_group("ikev1/shared secret");
        cell.sample_size(10);
        let number = group.number();
        cell.bench_function(BenchmarkId::new("vpnwire", number), |bencher| {
            bencher.iter(|| black_box(&key).shared_secret(black_box(&peer)).expect("it is in range"));
        });
        let (base, exponent) = (BigUint::from_bytes_be(&peer), BigUint::from_bytes_be(&secret));
        let prime = BigUint::from_bytes_be(&group.prime());
        let ours = key.shared_secret(&peer).expect("it is in range");
        let theirs = base.modpow(&exponent, &prime);
        assert_eq!(BigUint::from_bytes_be(ours.secret().expose()), theirs, "the same secret");
        cell.bench_function(BenchmarkId::new("num-bigint", number), |bencher| {
            bencher.iter(|| black_box(&base).modpow(black_box(&exponent), &prime));
        });
        #[cfg(feature = "peers")]
        {
            let prime = group.prime();
            let mut openssl =
                vpnwire_peers::modular::Exponentiation::new(&secret, &prime).expect("OpenSSL takes numbers");
            let theirs = openssl.of(&peer, prime.len()).expect("OpenSSL computes");
            assert_eq!(ours.secret().expose(), theirs, "the same secret");
            cell.bench_function(BenchmarkId::new("OpenSSL", number), |bencher| {
                bencher.iter(|| openssl.of(black_box(&peer), prime.len()).expect("OpenSSL computes"));
            });
        }
    }
}

fn family(hash: HashAlgorithm) -> SkeyidFamily {
    let skeyid = Skeyid::pre_shared_key(hash, Secret::new(b"cisco123"), &NONCES).expect("nothing is empty");
    SkeyidFamily::derive(skeyid, Secret::new(&[7; 256]), &COOKIES).expect("nothing is empty")
}

/// The HMAC of the parts, with its key set up each time. Returns the number of its octets.
fn code<D: EagerHash>(key: &[u8], parts: &[&[u8]], out: &mut [u8; 64]) -> usize
where
    Hmac<D>: Mac + KeyInit,
{
    let mut mac = <Hmac<D> as KeyInit>::new_from_slice(key).expect("a key of any length");
    parts.iter().for_each(|part| mac.update(part));
    let code = mac.finalize().into_bytes();
    out[..code.len()].copy_from_slice(&code);
    code.len()
}

/// Writes the MAC of the parts under a key, and returns its length.
type Code = fn(key: &[u8], parts: &[&[u8]], out: &mut [u8; 64]) -> usize;

fn prf(hash: HashAlgorithm) -> Code {
    match hash {
        HashAlgorithm::Md5 => code::<md5::Md5>,
        HashAlgorithm::Sha1 => code::<sha1::Sha1>,
        HashAlgorithm::Sha256 => code::<sha2::Sha256>,
        HashAlgorithm::Sha384 => code::<sha2::Sha384>,
        HashAlgorithm::Sha512 => code::<sha2::Sha512>,
        other => unreachable!("{other} has no composition"),
    }
}

/// RFC 2409 section 5 and appendix B, computed by the composition: SKEYID_d, SKEYID_a and the key of AES-256.
fn composed_schedule(hash: HashAlgorithm) -> ([u8; 64], [u8; 64], [u8; 64]) {
    let prf = prf(hash);
    let [mut skeyid, mut d, mut a, mut e, mut ka, mut next] = [[0; 64]; 6];
    let len = prf(b"cisco123", &[NONCES.initiator, NONCES.responder], &mut skeyid);
    let (skeyid, secret) = (&skeyid[..len], &[7; 256]);
    let cookies: [&[u8]; 2] = [&COOKIES.initiator, &COOKIES.responder];
    prf(skeyid, &[secret, cookies[0], cookies[1], &[0]], &mut d);
    prf(skeyid, &[&d[..len], secret, cookies[0], cookies[1], &[1]], &mut a);
    prf(skeyid, &[&a[..len], secret, cookies[0], cookies[1], &[2]], &mut e);
    if len >= 32 {
        ka = e;
    } else {
        prf(&e[..len], &[&[0]], &mut ka);
        prf(&e[..len], &[&ka[..len]], &mut next);
        ka[len..2 * len].copy_from_slice(&next[..len]);
    }
    (d, a, ka)
}

/// RFC 2409 section 5.5, computed by the composition.
fn composed_keymat(hash: HashAlgorithm, skeyid_d: &[u8]) -> [u8; 64] {
    let prf = prf(hash);
    let (mut keymat, mut block, mut done) = ([0; 64], [0; 64], 0);
    while done < 64 {
        let before = block;
        let before = &before[..if done == 0 { 0 } else { skeyid_d.len() }];
        let len =
            prf(skeyid_d, &[before, &[3], &[1, 2, 3, 4], NONCES.initiator, NONCES.responder], &mut block);
        let take = len.min(64 - done);
        keymat[done..done + take].copy_from_slice(&block[..take]);
        done += take;
    }
    keymat
}

fn cbc<C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], text: &mut [u8]) {
    let blocks = Array::<u8, C::BlockSize>::slice_as_chunks_mut(text).0;
    cbc::Decryptor::<C>::new_from_slices(key, iv).expect("as long as they should be").decrypt_blocks(blocks);
}

fn schedule(criterion: &mut Criterion) {
    let mut cell = criterion.benchmark_group("ikev1/schedule");
    for hash in HashAlgorithm::ALL {
        let keys = family(hash);
        let (skeyid_d, skeyid_a, ka) = composed_schedule(hash);
        assert!(skeyid_d.starts_with(keys.skeyid_d.secret().expose()), "the same SKEYID_d");
        assert!(skeyid_a.starts_with(keys.skeyid_a.secret().expose()), "the same SKEYID_a");
        let key = EncryptionKey::derive(Cipher::Aes256, &keys.skeyid_e).expect("AES takes any key");
        assert_eq!(&ka[..32], key.secret().expose(), "the same Ka");
        cell.bench_function(BenchmarkId::new("SKEYID to Ka, RustCrypto", hash), |bencher| {
            bencher.iter(|| composed_schedule(black_box(hash)));
        });
        cell.bench_function(BenchmarkId::new("SKEYID to Ka", hash), |bencher| {
            bencher.iter(|| {
                let keys = family(black_box(hash));
                EncryptionKey::derive(Cipher::Aes256, &keys.skeyid_e).expect("AES takes any key")
            });
        });
        let quick_mode = QuickMode { nonces: NONCES, shared_secret: None };
        let lengths = KeyLengths::new(32, 32).expect("there is room");
        cell.bench_function(BenchmarkId::new("KEYMAT, 64 octets", hash), |bencher| {
            bencher.iter(|| {
                quick_mode.keymat(&keys.skeyid_d, ProtocolId::ESP, black_box(&[1, 2, 3, 4]), lengths)
            });
        });
        let skeyid_d = keys.skeyid_d.secret();
        let keymat = quick_mode.keymat(&keys.skeyid_d, ProtocolId::ESP, &[1, 2, 3, 4], lengths);
        let ours = [keymat.encryption().expose(), keymat.authentication().expose()].concat();
        assert_eq!(composed_keymat(hash, skeyid_d.expose())[..], ours, "the same KEYMAT");
        cell.bench_function(BenchmarkId::new("KEYMAT, 64 octets, RustCrypto", hash), |bencher| {
            bencher.iter(|| composed_keymat(hash, black_box(skeyid_d.expose())));
        });
    }
    cell.finish();
}

fn messages(criterion: &mut Criterion) {
    let hash = HashAlgorithm::Sha256;
    let keys = family(hash);
    for cipher in [Cipher::Des, Cipher::TripleDes, Cipher::Aes128, Cipher::Aes256] {
        let key = EncryptionKey::derive(cipher, &keys.skeyid_e).expect("a key that is not weak");
        let mut cell = criterion.benchmark_group("ikev1/decrypt and check");
        let composed = match cipher {
            Cipher::Des => cbc::<Des>,
            Cipher::TripleDes => cbc::<TdesEde3>,
            Cipher::Aes128 => cbc::<Aes128>,
            _ => cbc::<Aes256>,
        };
        for len in [80usize, 400, 1600] {
            // The body is a HASH and one payload that fills the rest.
            let mut plain = vec![0; len];
            plain[..4].copy_from_slice(&[10, 0, 0, 36]);
            let rest = u16::try_from(len - 36).expect("it is short").to_be_bytes();
            plain[38..40].copy_from_slice(&rest);
            let covered = Covered::Payloads;
            let digest = covered.hash(&keys.skeyid_a, 7, &plain[36..]).expect("no nonce is empty");
            plain[4..36].copy_from_slice(digest.expose());
            let iv = Iv::phase_1(hash, cipher, b"one", b"other").exchange(hash, 7);
            let mut sent = plain.clone();
            key.encrypt(&iv, &mut sent).expect("whole blocks");
            let mut buffer = sent.clone();
            cell.throughput(Throughput::Bytes(len as u64));
            cell.bench_function(BenchmarkId::new(format!("{cipher:?}"), len), |bencher| {
                bencher.iter(|| {
                    buffer.copy_from_slice(black_box(&sent));
                    key.decrypt(&iv, &mut buffer).expect("whole blocks");
                    let framing = PayloadFraming::first(PayloadType::HASH);
                    let payloads =
                        Payloads::parse(&buffer, FramedHeader::LEN, framing).expect("two payloads");
                    covered.check(&keys.skeyid_a, 7, &payloads).expect("its own HASH");
                });
            });
            assert_eq!(buffer, plain, "the same message");
            let (octets, skeyid_a) = (key.secret(), keys.skeyid_a.secret());
            let prf = prf(hash);
            let peer = |buffer: &mut [u8], sent: &[u8]| {
                buffer.copy_from_slice(sent);
                composed(octets.expose(), iv.octets(), buffer);
                let mut code = [0; 64];
                let len = prf(skeyid_a.expose(), &[&7u32.to_be_bytes(), &buffer[36..]], &mut code);
                assert_eq!(code[..len], buffer[4..36], "its own HASH");
            };
            peer(&mut buffer, &sent);
            assert_eq!(buffer, plain, "the same message");
            cell.bench_function(BenchmarkId::new(format!("{cipher:?}, RustCrypto"), len), |bencher| {
                bencher.iter(|| peer(&mut buffer, black_box(&sent)));
            });
            #[cfg(feature = "peers")]
            {
                use vpnwire_peers::evp::Evp;
                use vpnwire_peers::{Direction, Mac};
                let name = match cipher {
                    Cipher::Des => vpnwire_peers::Cipher::Des,
                    Cipher::TripleDes => vpnwire_peers::Cipher::TripleDes,
                    _ => vpnwire_peers::Cipher::AesCbc(cipher.key_len()),
                };
                let (octets, skeyid_a) = (octets.expose(), skeyid_a.expose());
                let mut evp = Evp::new(name, Some(Mac::Sha256), octets, skeyid_a, 32, Direction::Open)
                    .expect("OpenSSL has it");
                let mut peer = |buffer: &mut [u8], sent: &[u8]| {
                    buffer.copy_from_slice(sent);
                    assert!(evp.cipher(iv.octets(), buffer), "whole blocks");
                    // The message ID is written where the HASH ends, so that the octets that the HASH covers are in
                    // one piece.
                    let hash: [u8; 32] = buffer[4..36].try_into().expect("32 octets");
                    buffer[32..36].copy_from_slice(&7u32.to_be_bytes());
                    let mut code = [0; 32];
                    assert!(evp.mac(&buffer[32..], &mut code), "a digest");
                    assert_eq!(code, hash, "its own HASH");
                    buffer[32..36].copy_from_slice(&hash[28..]);
                };
                peer(&mut buffer, &sent);
                assert_eq!(buffer, plain, "the same message");
                cell.bench_function(BenchmarkId::new(format!("{cipher:?}, OpenSSL"), len), |bencher| {
                    bencher.iter(|| peer(&mut buffer, black_box(&sent)));
                });
            }
        }
    }
}

fn aggressive_mode(criterion: &mut Criterion) {
    let mut cell = criterion.benchmark_group("ikev1/pre-shared key tried");
    for hash_algorithm in [HashAlgorithm::Md5, HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
        let exchange = AggressiveMode {
            hash_algorithm,
            nonces: NONCES,
            authentication: Authentication {
                g_xi: &[5; 128],
                g_xr: &[6; 128],
                cookies: COOKIES,
                sa_i: &[1; 52],
            },
            id_ir: &[1, 0, 0, 0, 192, 0, 2, 1],
            hash_r: &[0; 20],
        };
        cell.throughput(Throughput::Elements(1));
        cell.bench_function(BenchmarkId::from_parameter(hash_algorithm), |bencher| {
            bencher.iter(|| exchange.is_pre_shared_key(Secret::new(black_box(b"MYPASSWORD"))));
        });
    }
    cell.finish();
}

criterion_group!(benches, groups, schedule, messages, aggressive_mode);
criterion_main!(benches);
