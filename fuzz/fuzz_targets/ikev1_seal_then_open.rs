//! Payloads in any order are sealed, open to the same payloads, and seal again to the same octets. A changed message
//! is refused.
#![no_main]

use ikev1::properties::seal_then_open;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u32, u16, &[u8])| {
    seal_then_open(input.0, input.1, usize::from(input.2), input.3);
});
