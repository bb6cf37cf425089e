//! A message that is emitted from a parsed HSRP message parses to the same message.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| hsrp::properties::emit_then_parse(octets));
