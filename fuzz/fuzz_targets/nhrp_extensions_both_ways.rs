//! An extension is written back to the same octets, whichever policy decodes it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| nhrp::properties::extensions_go_both_ways(octets));
