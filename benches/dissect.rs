//! Times the dissection of a generated capture of a million packets to text: 40 % HSRP, 40 % other UDP, 20 % ESP, from
//! a seed.

use capture::{Frame, LinkType, Timestamp};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dissect::sinks::{Json, Line, Output, Tree};
use dissect::{Dissector, Options};
use vpnwire_benches::frames;

const COUNT: usize = 1_000_000;

fn run(frames: &[Vec<u8>], sink: &mut impl Output) -> usize {
    let mut dissector = Dissector::new(Options::default());
    let mut written = 0;
    for (number, octets) in (1u64..).zip(frames) {
        let time = Some(Timestamp(i128::from(number) * 1_000_000));
        dissector.frame(
            Frame { number, time, time_digits: 9, link: LinkType::ETHERNET, len: octets.len(), octets },
            sink,
        );
        if sink.output().len() > 1 << 16 {
            written += sink.output().len();
            sink.output().clear();
        }
    }
    written
}

fn bench(criterion: &mut Criterion) {
    let frames = frames(0x5eed, COUNT);
    let mut group = criterion.benchmark_group("dissect a million packets");
    group.throughput(Throughput::Elements(COUNT as u64)).sample_size(10);
    group.bench_function("line", |b| b.iter(|| run(&frames, &mut Line::new(false))));
    group.bench_function("json", |b| b.iter(|| run(&frames, &mut Json::new())));
    group.bench_function("tree", |b| b.iter(|| run(&frames, &mut Tree::new(false, false))));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
