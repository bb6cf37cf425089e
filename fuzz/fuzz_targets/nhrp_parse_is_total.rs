//! No octets make a parser of NHRP panic, and elements stand where they say.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    nhrp::properties::parse_is_total(octets);
    nhrp::properties::chain_offsets_are_true(octets);
});
