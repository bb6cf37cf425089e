//! No octets make a parser of NHRP panic. Elements are at the offsets that they report, and all octets of a cut packet
//! are kept.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    nhrp::properties::parse_is_total(octets);
    nhrp::properties::chain_offsets_are_true(octets);
    nhrp::properties::a_cut_keeps_what_is_there(octets);
});
