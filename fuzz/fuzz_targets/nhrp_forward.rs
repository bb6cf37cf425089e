//! A packet with a right checksum is forwarded in place: only the fields that a hop changes are changed, and an error
//! changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nhrp::Emit;
use nhrp::properties::{MAX_LEN, forwarding_keeps_the_rest};

fuzz_target!(|input: (u8, &[u8])| {
    let (room, octets) = input;
    forwarding_keeps_the_rest(octets, usize::from(room));
    // Packets of random octets have a wrong checksum and are refused, so they are written again with a right one.
    let octets = &octets[..octets.len().min(MAX_LEN)];
    let mut buffer = [0; MAX_LEN];
    if let Ok(packet) = nhrp::Packet::parse(octets) {
        let octets = packet.emit(&mut buffer).expect("what parsed fits");
        forwarding_keeps_the_rest(octets, usize::from(room));
    }
});
