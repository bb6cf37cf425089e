//! Fragments are reassembled to the packet. A datagram on port 4500 is one of three things, and can be put into UDP
//! and taken out again.
#![no_main]

use ipsec::ip::{Ecn, Version};
use ipsec::properties::tunnels::{datagrams_round_trip, fragments_are_the_packet, packet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, bool, &[u8])| {
    let (mtu, is_v6, octets) = input;
    datagrams_round_trip(octets);
    let version = if is_v6 { Version::V6 } else { Version::V4 };
    if octets.len() < 60_000 {
        let whole = packet(version, false, Ecn::NotCapable, octets);
        datagrams_round_trip(&whole);
        // This is an identification that payloads of zeros or of small numbers do not have.
        if !octets.windows(4).any(|window| window == [0x9e, 0x37, 0x79, 0xb9]) {
            fragments_are_the_packet(&whole, mtu.into(), 0x9e37_79b9);
        }
    }
});
