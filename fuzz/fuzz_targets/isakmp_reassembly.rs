//! Fragments in any order and number are reassembled to the same message as with a simple method.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::reassembly(octets));
