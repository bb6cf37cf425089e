//! The replay window agrees with a set, and inferred sequence numbers with their definition.
#![no_main]

use ipsec::SequenceNumber;
use ipsec::properties::{esn_is_the_nearest_from_the_window_on, window_agrees_with_a_set};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Option<u64>, u64, Vec<i16>, u32, u32)| {
    let (start, mut at, steps, low, width) = input;
    let numbers: Vec<u64> = steps
        .into_iter()
        .map(|step| {
            at = at.saturating_add_signed(step.into());
            at
        })
        .collect();
    window_agrees_with_a_set::<2>(start, &numbers);
    window_agrees_with_a_set::<17>(start, &numbers);
    window_agrees_with_a_set::<65>(start, &numbers);
    esn_is_the_nearest_from_the_window_on(SequenceNumber(at), low, width.clamp(1, 1 << 31));
});
