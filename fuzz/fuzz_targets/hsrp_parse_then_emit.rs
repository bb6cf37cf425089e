//! An HSRP message without departures is emitted to the same octets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::parse_then_emit(octets));
