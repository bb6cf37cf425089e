//! Times ESP packets that are sealed and opened, and the replay window. The ratios that have to be reached, and the
//! peers, are in `esp-gate`.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ipsec::esp::{InboundSa, IvSource, OutboundSa};
use ipsec::suite::{AnyTransform, Suite};
use ipsec::{Esn, IvRule, NextHeader, ReplayWindow, Secret, SequenceNumber, Spi};

const SPI: Spi = Spi(0x1122_3344);

fn transform(suite: Suite) -> AnyTransform {
    let material: Vec<u8> = (0x21..=0xff).collect();
    let (key, rest) = material.split_at(suite.encryption().key_len());
    let mac_key = &rest[..suite.key_len() - key.len()];
    suite.transform(Secret::new(key), Secret::new(mac_key)).expect("the keys are as long as they should be")
}

fn bench(criterion: &mut Criterion) {
    for suite in [Suite::TRIPLE_DES_SHA1, Suite::AES_128_SHA1, Suite::AES_256_SHA256, Suite::AES_128_GCM] {
        let mut group = criterion.benchmark_group(format!("ipsec {suite}"));
        for payload_len in [64, 1408] {
            group.throughput(Throughput::Bytes(payload_len));
            let payload_len = usize::try_from(payload_len).expect("it is short");
            let mut sender = OutboundSa::new(SPI, transform(suite), Esn::No);
            let iv = vec![0x5a; suite.encryption().iv_len()];
            let mut buffer = vec![0; sender.headroom() + payload_len + sender.tailroom(payload_len)];
            let mut seal = |buffer: &mut [u8]| {
                let iv = match suite.encryption().iv_rule() {
                    IvRule::Unpredictable => IvSource::Octets(&iv),
                    _ => IvSource::Counter,
                };
                sender.seal_in_place(buffer, payload_len, NextHeader::IPV4, iv).map(|packet| packet.len())
            };
            let len = seal(&mut buffer).expect("there is room");
            let packet = buffer[..len].to_vec();
            group.bench_function(format!("seal {payload_len}"), |b| b.iter(|| seal(black_box(&mut buffer))));
            let mut receiver = InboundSa::<_>::new(SPI, transform(suite), Esn::No);
            let mut opened = packet.clone();
            receiver.open_in_place(&mut opened).expect("it was sealed with these keys");
            group.bench_function(format!("refuse {payload_len}, replayed"), |b| {
                b.iter(|| receiver.open_in_place(black_box(&mut opened)).is_err());
            });
            group.bench_function(format!("open {payload_len}"), |b| {
                b.iter_batched_ref(
                    || (InboundSa::<_>::new(SPI, transform(suite), Esn::No), packet.clone()),
                    |(receiver, packet)| receiver.open_in_place(packet).map(|opened| opened.payload.len()),
                    BatchSize::SmallInput,
                );
            });
        }
        group.finish();
    }
    let mut group = criterion.benchmark_group("ipsec replay window");
    group.throughput(Throughput::Elements(1));
    group.bench_function("accept in order, 1024 wide", |b| {
        let (mut window, mut number) = (ReplayWindow::<17>::new(), 0u64);
        b.iter(|| {
            number += 1;
            window.accept(SequenceNumber(black_box(number)))
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
