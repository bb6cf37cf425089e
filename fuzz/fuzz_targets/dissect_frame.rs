//! Frames of any octets go through one dissector with small bounds, and every sink keeps its contract and its format.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    vpnwire_dissect::properties::dissection_is_total(octets);
});
