//! No octets make a parser of ISAKMP or IKEv2 panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::parse_is_total(octets));
