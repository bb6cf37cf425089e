//! What parses as GRE is written back to the octet, and what was written parses to the same value.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    gre::properties::parse_then_emit(octets);
    let octets = &octets[..octets.len().min(gre::properties::MAX_LEN)];
    if let Ok(packet) = gre::Packet::parse(octets) {
        gre::properties::emit_then_parse(&packet);
    }
});
