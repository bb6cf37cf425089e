//! An NHRP packet that can be parsed is written back to the same octets, except for derived values that were reported
//! as wrong. A packet that is written from values parses to the same values.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nhrp::properties::{MAX_LEN, emit_then_parse, parse_then_emit};
use nhrp::{Extensions, MandatoryPart, Packet};

fuzz_target!(|octets: &[u8]| {
    parse_then_emit(octets);
    let octets = &octets[..octets.len().min(MAX_LEN)];
    if let Ok(packet) = Packet::parse(octets) {
        // The packet's own entries and extensions are added a second time.
        let mut packet = packet;
        let extensions: Vec<_> = packet.extensions.iter().chain(packet.extensions.iter()).collect();
        packet.extensions = Extensions::from(&extensions[..]);
        let mut cies = Vec::new();
        if let Some(exchange) = packet.mandatory_part.exchange() {
            cies.extend(exchange.cies.iter().chain(exchange.cies.iter()));
        }
        match &mut packet.mandatory_part {
            MandatoryPart::ResolutionRequest(exchange)
            | MandatoryPart::ResolutionReply(exchange)
            | MandatoryPart::RegistrationRequest(exchange)
            | MandatoryPart::RegistrationReply(exchange)
            | MandatoryPart::PurgeRequest(exchange)
            | MandatoryPart::PurgeReply(exchange) => exchange.cies = (&cies[..]).into(),
            _ => {}
        }
        emit_then_parse(&packet);
    }
});
