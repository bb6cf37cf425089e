//! Any octets are opened, or are refused with the octets and the chain of vectors unchanged.
#![no_main]

use ikev1::properties::open_is_total;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| open_is_total(input.0, input.1));
