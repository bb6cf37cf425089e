//! A message that is emitted from a parsed ISAKMP message parses to the same message.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| isakmp::properties::emit_then_parse(octets));
