//! Whichever policy decodes an extension, it is written back to the same octets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| nhrp::properties::extensions_go_both_ways(octets));
