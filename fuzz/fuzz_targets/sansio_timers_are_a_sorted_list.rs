//! Timers behave like a list that is sorted by time and key.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, Vec<(u8, u8, u16)>)| sansio::properties::timers_are_a_sorted_list(
    input.0.into(),
    &input.1
));
