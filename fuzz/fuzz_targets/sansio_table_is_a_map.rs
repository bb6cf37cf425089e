//! A table behaves like a map that refuses new keys when it is full.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, Vec<(u8, u8, u16)>)| sansio::properties::table_is_a_map(input.0.into(), &input.1));
