//! Octets that nobody sealed do not open under any suite. Headers and trailers round-trip.
#![no_main]

use ipsec::properties::{SPI, headers_and_trailers_round_trip, opening_is_total};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (which, ours, octets) = input;
    headers_and_trailers_round_trip(octets);
    if ours {
        opening_is_total(which, &[&SPI.0.to_be_bytes(), octets].concat());
    } else {
        opening_is_total(which, octets);
    }
});
