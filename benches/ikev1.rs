//! IKEv1's keys: a public value and a shared secret per group, the key schedule of phase 1, KEYMAT, a message decrypted and its
//! HASH checked, a pre-shared key tried against an aggressive mode exchange.
//!
//! The peers of the groups are `num-bigint`, whose exponentiation is not constant-time, and, with the feature `peers`, OpenSSL, whose
//! is for a secret exponent.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use crypto::dh::{DhGroup, PrivateKey};
use crypto::{HashAlgorithm, Secret};
use ikev1::keymat::KeyLengths;
use ikev1::{
    AggressiveMode, Authentication, Cipher, Cookies, Covered, EncryptionKey, Iv, Nonces, QuickMode, Skeyid,
    SkeyidFamily,
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
        cell.bench_function(BenchmarkId::new("num-bigint", number), |bencher| {
            bencher.iter(|| black_box(&base).modpow(black_box(&exponent), &prime));
        });
        #[cfg(feature = "peers")]
        {
            let prime = group.prime();
            let mut openssl =
                vpnwire_peers::modular::Exponentiation::new(&secret, &prime).expect("OpenSSL takes numbers");
            let ours = key.shared_secret(&peer).expect("it is in range");
            let theirs = openssl.of(&peer, prime.len()).expect("OpenSSL computes");
            assert_eq!(ours.secret().expose(), theirs, "the same secret");
            cell.bench_function(BenchmarkId::new("OpenSSL", number), |bencher| {
                bencher.iter(|| openssl.of(black_box(&peer), prime.len()).expect("OpenSSL computes"));
            });
        }
    }
}

fn family(hash: HashAlgorithm) -> SkeyidFamily {
    let skeyid = Skeyid::pre_shared_key(hash, Secret::new(b"cisco123"), &NONCES);
    SkeyidFamily::derive(skeyid, Secret::new(&[7; 256]), &COOKIES)
}

fn schedule(criterion: &mut Criterion) {
    let mut cell = criterion.benchmark_group("ikev1/schedule");
    for hash in HashAlgorithm::ALL {
        cell.bench_function(BenchmarkId::new("SKEYID to Ka", hash), |bencher| {
            bencher.iter(|| {
                let keys = family(black_box(hash));
                EncryptionKey::derive(Cipher::Aes256, &keys.skeyid_e).expect("AES takes any key")
            });
        });
        let keys = family(hash);
        let quick_mode = QuickMode { nonces: NONCES, shared_secret: None };
        let lengths = KeyLengths::new(32, 32).expect("there is room");
        cell.bench_function(BenchmarkId::new("KEYMAT, 64 octets", hash), |bencher| {
            bencher.iter(|| {
                quick_mode.keymat(&keys.skeyid_d, ProtocolId::ESP, black_box(&[1, 2, 3, 4]), lengths)
            });
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
        for len in [80usize, 400, 1600] {
            // A HASH and one payload that fills the rest.
            let mut plain = vec![0; len];
            plain[..4].copy_from_slice(&[10, 0, 0, 36]);
            let rest = u16::try_from(len - 36).expect("it is short").to_be_bytes();
            plain[38..40].copy_from_slice(&rest);
            let covered = Covered::Payloads;
            let digest = covered.hash(&keys.skeyid_a, 7, &plain[36..]);
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
