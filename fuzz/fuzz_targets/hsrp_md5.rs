//! A sealed HSRP message verifies under its key and no other.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::md5(octets));
