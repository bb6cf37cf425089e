//! Messages with any nesting are written and read with the same nesting, and are written again to the same octets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::written_messages_are_read(octets));
