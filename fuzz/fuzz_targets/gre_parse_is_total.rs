//! No octets make a parser of GRE panic, however deeply GRE is nested.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| gre::properties::parse_is_total(octets));
