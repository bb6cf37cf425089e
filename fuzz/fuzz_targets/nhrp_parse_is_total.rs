//! No octets make a parser of NHRP panic, elements stand where they say, and of a packet that is cut all is kept that is there.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    nhrp::properties::parse_is_total(octets);
    nhrp::properties::chain_offsets_are_true(octets);
    nhrp::properties::a_cut_keeps_what_is_there(octets);
});
