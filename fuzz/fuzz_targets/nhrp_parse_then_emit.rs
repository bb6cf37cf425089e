//! What parses as NHRP is written back to the octet, but for derived values that were reported as wrong; and what was written
//! from values parses to the same values.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nhrp::properties::{MAX_LEN, emit_then_parse, parse_then_emit};
use nhrp::{Cie, Packet, Policy};

fuzz_target!(|octets: &[u8]| {
    parse_then_emit(octets);
    let octets = &octets[..octets.len().min(MAX_LEN)];
    if let Ok(packet) = Packet::parse(octets) {
        // Its own entries and extensions once more behind themselves.
        let cies: Vec<_> = packet
            .mandatory_part
            .exchange()
            .into_iter()
            .flat_map(|exchange| Cie::all(&exchange.cies))
            .collect();
        let extensions = packet.decoded_extensions(Policy::default());
        let extensions: Vec<_> = extensions.filter_map(|(_, extension)| extension.ok()).collect();
        emit_then_parse(&packet, &cies, &extensions);
    }
});
