//! A hundred thousand corrupted packets for each suite: none opens, none moves the window, none is changed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_ipsec::esp::{InboundSa, IvSource, NextHeader, OpenError, OutboundSa, Sealing};
use vpnwire_ipsec::{AnyTransform, IvRule, Numbering, ReplayWindow, Secret, SequenceNumber, Spi, Suite};

const CASES: usize = 100_000;

/// A generator of numbers that are always the same (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 33) as usize % bound
    }
}

fn transform(suite: Suite) -> AnyTransform {
    let octets: Vec<u8> = (0x21..0xa0).collect();
    let (key, rest) = octets.split_at(suite.encryption().key_len());
    let mac_key = &rest[..suite.key_len() - suite.encryption().key_len()];
    suite.transform(Secret::new(key), Secret::new(mac_key)).unwrap()
}

/// Changes a packet at random: bits, octets, runs, lengths, exchanged parts. Never into itself.
fn corrupt(numbers: &mut Numbers, packet: &mut Vec<u8>) {
    let before = packet.clone();
    let len = packet.len();
    match numbers.below(8) {
        0 | 1 => {
            let bit = numbers.below(len * 8);
            packet[bit / 8] ^= 1 << (bit % 8);
        }
        2 => {
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(len);
                packet[at] = numbers.next() as u8;
            }
        }
        3 => {
            // The ICV alone: its last octets, or all of it.
            let from = len - 1 - numbers.below(16);
            packet[from..].iter_mut().for_each(|octet| *octet = numbers.next() as u8);
        }
        4 => packet.truncate(numbers.below(len)),
        5 => packet.extend((0..=numbers.below(20)).map(|_| numbers.next() as u8)),
        6 => {
            let (at, other) = (numbers.below(len), numbers.below(len));
            packet.swap(at, other);
        }
        _ => {
            let at = numbers.below(len);
            packet.remove(at);
            packet.push(numbers.next() as u8);
        }
    }
    if *packet == before {
        packet[len - 1] ^= 0x80;
    }
}

fn nothing_corrupted_opens(suites: impl Iterator<Item = Suite>) -> usize {
    let mut count = 0;
    for (which, suite) in suites.enumerate() {
        let numbering = if which % 2 == 0 { Numbering::Short } else { Numbering::Extended };
        let after = SequenceNumber(u64::from(u32::MAX) - 20);
        let mut outbound = OutboundSa::new(Spi(300), transform(suite), numbering).resumed_after(after);
        let mut inbound = InboundSa::<_, 2>::new(Spi(300), transform(suite), numbering)
            .with_window(ReplayWindow::starting_at(after));
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15 ^ which as u64);
        let mut packets = Vec::new();
        for payload_len in [0, 1, 9, 24] {
            let mut buffer = vec![numbers.next() as u8; 200];
            let mut fill = |iv: &mut [u8]| iv.fill(0x5a);
            let source = match suite.encryption().iv_rule() {
                IvRule::Unpredictable => IvSource::Random(&mut fill),
                _ => IvSource::Counter,
            };
            let sealing = Sealing::new(NextHeader::IPV4);
            let packet = outbound.seal_in_place(&mut buffer, payload_len, sealing, source).unwrap();
            packets.push(packet.to_vec());
        }
        let window = inbound.window().clone();
        let mut reasons = [0; 2];
        for case in 0..CASES {
            let mut packet = packets[case % packets.len()].clone();
            corrupt(&mut numbers, &mut packet);
            let corrupted = packet.clone();
            match inbound.open_in_place(&mut packet) {
                Ok(opened) => panic!("{suite}: {corrupted:02x?} opened: {opened:?}"),
                Err(OpenError::NotAuthentic(_)) => reasons[0] += 1,
                Err(OpenError::Padding(error)) => panic!("{suite}: {corrupted:02x?} was authentic: {error}"),
                Err(_) => reasons[1] += 1,
            }
            assert_eq!(packet, corrupted, "{suite}");
            assert_eq!(*inbound.window(), window, "{suite}");
            count += 1;
        }
        assert!(reasons[0] > CASES / 2, "{suite}: only {} came as far as the ICV", reasons[0]);
        // What was not corrupted still opens.
        for packet in &mut packets {
            inbound.open_in_place(packet).unwrap();
        }
    }
    count
}

#[test]
fn separate_algorithms() {
    let suites = Suite::all().filter(|suite| suite.authentication().is_some());
    assert_eq!(nothing_corrupted_opens(suites), 54 * CASES);
}

#[test]
fn combined_modes() {
    let suites = Suite::all().filter(|suite| suite.authentication().is_none());
    assert_eq!(nothing_corrupted_opens(suites), 21 * CASES);
}
