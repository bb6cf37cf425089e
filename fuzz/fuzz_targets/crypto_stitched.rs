//! A packet that is sealed in one pass equals the packet that is encrypted and then authenticated, for every
//! composition.
#![no_main]

use crypto::properties::composition;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| composition(input.0, input.1));
