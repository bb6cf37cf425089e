//! Octets that nobody sealed do not open, whatever options and extension headers they have. A whole packet can be
//! sealed.
#![no_main]

use ipsec::properties::ah::{Shape, ah_opening_is_total};
use ipsec::properties::tunnels::bundle_opening_is_total;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (which, kind, octets) = input;
    // Half of the inputs begin like an IP packet, with headers that are made from the octets themselves.
    let (choices, rest) = octets.split_at(octets.len().min(usize::from(kind)));
    let octets = match kind % 4 {
        0 => octets.to_vec(),
        1 => [&Shape::v4(choices).octets, rest].concat(),
        2 => [&Shape::v6(choices).octets, rest].concat(),
        _ => {
            let mut packet = octets.to_vec();
            let len = u16::try_from(packet.len()).unwrap_or(u16::MAX).to_be_bytes();
            for (place, octet) in packet.iter_mut().zip([0x40 | which & 15, 0, len[0], len[1]]) {
                *place = octet;
            }
            packet
        }
    };
    ah_opening_is_total(which, &octets);
    bundle_opening_is_total(which, &octets);
});
