//! Times ciphers and MACs over one packet, alone and stitched.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use crypto::aead::Gcm;
use crypto::cipher::{Aes128, Cbc, TripleDes};
use crypto::mac::{Hmac, HmacMd5_96, HmacSha1_96, HmacSha256_128, Mac};
use crypto::{EncryptThenMac, Secret, Shape};

fn bench(criterion: &mut Criterion) {
    let key: Vec<u8> = (0x21..0x61).collect();
    let key = |len: usize| Secret::new(&key[..len]);
    let cbc = || Cbc::<Aes128>::new(key(16)).expect("it has 16 octets");
    let mut packet = vec![0x5a; 24 + 1424];
    let mut group = criterion.benchmark_group("crypto, 1424 octets of text");
    group.throughput(Throughput::Bytes(1424));
    let cipher = cbc();
    let mut text = packet[24..].to_vec();
    group.bench_function("AES-128-CBC encrypt", |b| {
        b.iter(|| cipher.encrypt_text(&[7; 16], black_box(&mut text)));
    });
    group.bench_function("AES-128-CBC decrypt", |b| {
        b.iter(|| cipher.decrypt_text(&[7; 16], black_box(&mut text)));
    });
    let cipher = Cbc::<TripleDes>::new(key(24)).expect("it has 24 octets");
    group.bench_function("3DES-CBC decrypt", |b| {
        b.iter(|| cipher.decrypt_text(&[7; 8], black_box(&mut text)));
    });
    let gcm = Gcm::<Aes128>::new(key(16)).expect("it has 16 octets");
    group.bench_function("AES-128-GCM seal", |b| {
        let mut tag = [0; 16];
        b.iter(|| gcm.seal([7; 12], &[&[1; 8]], black_box(&mut text), &mut tag));
    });
    let mut icv = [0; 16];
    let (md5, sha1) = (HmacMd5_96::new(Hmac::new(key(16))), HmacSha1_96::new(Hmac::new(key(20))));
    let sha256 = HmacSha256_128::new(Hmac::new(key(32)));
    group.bench_function("HMAC-MD5", |b| b.iter(|| md5.compute(black_box(&packet), None, &mut icv)));
    group.bench_function("HMAC-SHA-1", |b| b.iter(|| sha1.compute(black_box(&packet), None, &mut icv)));
    group.bench_function("HMAC-SHA-256", |b| b.iter(|| sha256.compute(black_box(&packet), None, &mut icv)));
    let shape = Shape { iv_offset: 8, text_offset: 24 };
    let stitched = EncryptThenMac::new(cbc(), sha1);
    group.bench_function("AES-128-CBC and HMAC-SHA-1 stitched", |b| {
        b.iter(|| stitched.seal(black_box(&mut packet), shape, None, &mut icv[..12]));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
