//! Every TLV of an HSRP message is at the offset that it reports.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::chain_offsets_are_true(octets));
