//! What parses as NHRP is written back to the octet, but for derived values that were reported as wrong.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| nhrp::properties::parse_then_emit(octets));
