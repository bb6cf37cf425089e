//! An ISAKMP message that parses without departures is emitted to the same octets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::parse_then_emit(octets));
