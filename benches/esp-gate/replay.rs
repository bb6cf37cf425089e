//! Measures the replay window beside others, with a run of sequence numbers in four orders.

use std::hint::black_box;
use std::time::Instant;

use ipsec::{ReplayWindow, SequenceNumber};
use vpnwire_benches::Numbers;

use crate::packets::Bitmap;
use crate::round_robin::Timing;

/// The count of sequence numbers in a run.
const COUNT: usize = 4096;

/// The name of vpnwire's window, with a width of 1,024.
pub const OURS: &str = "vpnwire, 1024 wide";

fn in_order() -> Vec<u32> {
    (1..=COUNT as u32).collect()
}

fn reordered() -> Vec<u32> {
    let (mut run, mut numbers) = (in_order(), Numbers::new(1));
    for at in 0..COUNT - 16 {
        if numbers.below(8) == 0 {
            run.swap(at, at + numbers.below(16) as usize);
        }
    }
    run
}

fn with_gaps() -> Vec<u32> {
    let mut numbers = Numbers::new(2);
    let mut next = 0;
    let mut step = || {
        next += if numbers.below(100) == 0 { 2 + numbers.below(40) as u32 } else { 1 };
        next
    };
    (0..COUNT).map(|_| step()).collect()
}

fn with_replays() -> Vec<u32> {
    let (mut run, mut numbers) = (in_order(), Numbers::new(3));
    for at in 32..COUNT {
        if numbers.below(10) == 0 {
            run[at] = run[at - 1 - numbers.below(31) as usize];
        }
    }
    run
}

/// An order of sequence numbers: its name, and a run in this order.
type Order = (&'static str, fn() -> Vec<u32>);

/// A replay window that is given a run of sequence numbers, and returns how many it accepted.
type Window = (&'static str, fn(&[u32]) -> u32);

fn ours<const BLOCKS: usize>(run: &[u32]) -> u32 {
    let mut window = ReplayWindow::<BLOCKS>::new();
    let mut accepted = 0;
    for number in run {
        let number = SequenceNumber::from(*number);
        if window.check(number).is_ok() {
            accepted += u32::from(window.accept(number).is_ok());
        }
    }
    accepted
}

fn bitmap(run: &[u32]) -> u32 {
    let mut window = Bitmap::default();
    let mut accepted = 0;
    for number in run {
        if window.check(*number) {
            window.accept(*number);
            accepted += 1;
        }
    }
    accepted
}

const WINDOWS: &[Window] = &[
    (OURS, ours::<17>),
    ("vpnwire, 64 wide", ours::<2>),
    ("vpnwire, 4096 wide", ours::<65>),
    ("bitmap in one word, 64 wide", bitmap),
    #[cfg(feature = "peers")]
    ("RFC 6479 sample in C, 1024 bits", vpnwire_peers::replay::rfc6479),
    #[cfg(feature = "peers")]
    ("DPDK's shape in C, 1024 wide", vpnwire_peers::replay::dpdk),
    #[cfg(feature = "peers")]
    ("Linux's shape in C, 1024 wide", vpnwire_peers::replay::linux),
];

/// Times all windows on all orders. Returns the name of the order, and timings of which the first is vpnwire's.
pub fn measure(rounds: usize) -> Vec<(&'static str, Vec<Timing>)> {
    let orders: [Order; 4] = [
        ("in order", in_order),
        ("reordered", reordered),
        ("1 % gaps", with_gaps),
        ("10 % replays", with_replays),
    ];
    orders
        .into_iter()
        .map(|(name, make)| {
            let run = make();
            let accepted = ours::<17>(&run);
            for (window, take) in WINDOWS {
                assert_eq!(take(&run), accepted, "{window}: {name}: no window differs within 64 numbers");
            }
            let mut timings: Vec<Timing> =
                WINDOWS.iter().map(|(name, _)| Timing { name, rounds: Vec::new() }).collect();
            for round in 0..rounds {
                for turn in 0..WINDOWS.len() {
                    let index = (turn + round) % WINDOWS.len();
                    let take = WINDOWS[index].1;
                    black_box(take(black_box(&run)));
                    let begin = Instant::now();
                    for _ in 0..8 {
                        black_box(take(black_box(&run)));
                    }
                    let taken = begin.elapsed().as_nanos() as f64;
                    timings[index].rounds.push(taken / (8 * COUNT) as f64);
                }
            }
            (name, timings)
        })
        .collect()
}
