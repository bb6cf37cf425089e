//! No octets make a parser of GRE panic, however deep GRE stands in GRE.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| gre::properties::parse_is_total(octets));
