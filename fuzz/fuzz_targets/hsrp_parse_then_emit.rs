//! An HSRP message that departs from nothing is emitted as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::parse_then_emit(octets));
