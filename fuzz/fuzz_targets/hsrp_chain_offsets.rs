//! Every TLV of an HSRP message stands where it says.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::chain_offsets_are_true(octets));
