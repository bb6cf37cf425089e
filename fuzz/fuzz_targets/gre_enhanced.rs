//! Enhanced GRE that is read is written back to the octet, and what is cut is not written.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| gre::properties::enhanced_round_trips(octets));
