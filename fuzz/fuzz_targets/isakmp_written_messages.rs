//! Messages written nested at will are read nested, and written again as they were.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::written_messages_are_read(octets));
