//! A packet forwarded in place, its checksum made right first: only what a hop changes is changed, and an error changes
//! nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nhrp::Emit;
use nhrp::properties::{MAX_LEN, forwarding_keeps_the_rest};

fuzz_target!(|input: (u8, &[u8])| {
    let (room, octets) = input;
    forwarding_keeps_the_rest(octets, usize::from(room));
    // Random octets have a wrong checksum and go nowhere: write them back with a right one.
    let octets = &octets[..octets.len().min(MAX_LEN)];
    let mut buffer = [0; MAX_LEN];
    if let Ok(packet) = nhrp::Packet::parse(octets) {
        let octets = packet.emit(&mut buffer).expect("what parsed fits");
        forwarding_keeps_the_rest(octets, usize::from(room));
    }
});
