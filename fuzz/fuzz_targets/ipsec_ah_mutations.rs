//! Changes of mutable fields do not change the ICV, and all other changes make the ICV wrong, for any options and
//! extension headers.
#![no_main]

use ipsec::properties::ah::mutations_are_seen;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, bool, Vec<u16>, &[u8])| {
    let (which, is_v6, bits, choices) = input;
    mutations_are_seen(which, is_v6, choices, bits.into_iter().map(usize::from).take(50));
});
