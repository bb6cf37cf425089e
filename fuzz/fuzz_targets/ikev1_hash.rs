//! HASH(1) to HASH(3) over payloads in any order: a computed HASH verifies, and a changed one does not.
#![no_main]

use ikev1::properties::hash_over_any_payloads;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u32, u16, &[u8])| {
    hash_over_any_payloads(input.0, input.1, usize::from(input.2), input.3);
});
