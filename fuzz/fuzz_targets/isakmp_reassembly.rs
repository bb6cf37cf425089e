//! Fragments in any order and number give the message that the plain way gives.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::reassembly(octets));
