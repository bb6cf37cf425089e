//! A bucket gives the results of exact arithmetic, and waits stay in their bounds.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use sansio::Jitter;
use sansio::properties::{backoff_is_bounded, bucket_is_exact};

fuzz_target!(|input: (u32, u32, u16, Vec<(u32, u16)>, [u64; 2], [u16; 3], u8)| {
    let (tokens, per, burst, steps, waits, [factor_percent, least_percent, most_percent], tries) = input;
    bucket_is_exact(tokens, per, burst, &steps);
    let [initial, maximum] = waits.map(Duration::from_nanos);
    backoff_is_bounded(initial, factor_percent, maximum, tries, Jitter { least_percent, most_percent }, per);
});
