//! A packet that goes into a tunnel comes out of it under every protection, with the length that was announced.
#![no_main]

use ipsec::properties::tunnels::{the_mtu_is_the_longest_that_passes, tunnels_return_what_they_took};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, u16, &[u8])| {
    let (which, kind, mtu, payload) = input;
    if payload.len() < 60_000 {
        tunnels_return_what_they_took(which, kind, payload);
    }
    the_mtu_is_the_longest_that_passes(which, kind, mtu.into());
});
