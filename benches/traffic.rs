//! Makes the traffic of the benchmarks from a seed.

use etherparse::PacketBuilder;
use hsrp::{AuthenticationData, Emit, Opcode, v1};

/// A small generator of pseudo-random numbers (xorshift, 64 bits). The same seed gives the same traffic.
#[derive(Clone, Copy, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Starts from a seed. A seed of zero is replaced by one.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(if seed == 0 { 1 } else { seed })
    }

    /// The next number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn octet(&mut self) -> u8 {
        self.below(256) as u8
    }
}

/// An HSRP version 1 Hello.
///
/// # Panics
/// This does not panic, because the buffer is as long as the message.
#[must_use]
pub fn hello(state: v1::State, priority: u8) -> [u8; v1::Packet::LEN] {
    let packet = v1::Packet {
        opcode: Opcode::HELLO,
        state,
        hello_time: v1::Seconds(3),
        hold_time: v1::Seconds(10),
        priority,
        group: 1,
        reserved: 0,
        authentication_data: AuthenticationData(*b"cisco\0\0\0"),
        virtual_ip_address: [172, 16, 172, 53].into(),
    };
    let mut octets = [0; v1::Packet::LEN];
    packet.emit(&mut octets).expect("20 octets hold a Hello");
    octets
}

/// Ethernet frames: 40 % HSRP Hellos, 40 % other UDP with 18 to 90 octets, 20 % ESP with 68 to 132 octets.
///
/// # Panics
/// This does not panic, because headers are written to memory.
#[must_use]
pub fn frames(seed: u64, count: usize) -> Vec<Vec<u8>> {
    let mut numbers = Numbers::new(seed);
    (0..count)
        .map(|_| {
            let source = [10, numbers.octet(), numbers.octet(), numbers.octet()];
            let ethernet = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
            let mut frame = Vec::new();
            match numbers.below(10) {
                0..4 => {
                    let state = if numbers.below(2) == 0 { v1::State::ACTIVE } else { v1::State::STANDBY };
                    ethernet
                        .ipv4(source, [224, 0, 0, 2], 1)
                        .udp(1985, 1985)
                        .write(&mut frame, &hello(state, numbers.octet()))
                }
                4..8 => {
                    let payload: Vec<u8> = (0..18 + numbers.below(73)).map(|_| numbers.octet()).collect();
                    let port = 1024 + numbers.below(900) as u16;
                    ethernet.ipv4(source, [10, 0, 0, 1], 64).udp(port, 53).write(&mut frame, &payload)
                }
                _ => {
                    let payload: Vec<u8> = (0..68 + numbers.below(65)).map(|_| numbers.octet()).collect();
                    ethernet.ipv4(source, [10, 0, 0, 1], 64).write(
                        &mut frame,
                        etherparse::IpNumber(50),
                        &payload,
                    )
                }
            }
            .expect("memory takes what is written");
            frame
        })
        .collect()
}
