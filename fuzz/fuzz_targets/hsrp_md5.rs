//! An HSRP message with an MD5 digest verifies with its key and with no other.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::md5(octets));
