//! Every payload, proposal, transform and attribute is at the offset that it reports.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::chain_offsets_are_true(octets));
