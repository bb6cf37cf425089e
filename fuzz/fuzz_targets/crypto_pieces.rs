//! A message in pieces has the same MAC as the whole message.
#![no_main]

use crypto::properties::pieces_are_the_whole;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Option<[u8; 4]>, &[u8])| {
    let (cuts, implied, octets) = input;
    pieces_are_the_whole(octets, &cuts, implied);
});
