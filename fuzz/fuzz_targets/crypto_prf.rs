//! A hash and an HMAC of a message in parts equal those of the whole message, wherever it is cut. Both expansions give
//! one stream.
#![no_main]

use crypto::properties::parts_are_one_message;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u16, u16, &[u8])| {
    parts_are_one_message(input.0, [usize::from(input.1), usize::from(input.2)], input.3);
});
