//! No octets make a parser of HSRP panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::parse_is_total(octets));
