//! A sealed packet opens once and seals again to the same octets. A changed packet does not open.
#![no_main]

use ipsec::properties::sealed_packets_open;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u64, u8, u8, u16, &[u8])| {
    let (which, after, minimum_len, tfc, flip, payload) = input;
    sealed_packets_open(which, after, payload, minimum_len, tfc, flip);
});
