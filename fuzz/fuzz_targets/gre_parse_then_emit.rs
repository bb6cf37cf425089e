//! A GRE packet that can be parsed is written back to the same octets, and those parse to the same value.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    gre::properties::parse_then_emit(octets);
    let octets = &octets[..octets.len().min(gre::properties::MAX_LEN)];
    if let Ok(packet) = gre::Packet::parse(octets) {
        gre::properties::emit_then_parse(&packet);
    }
});
