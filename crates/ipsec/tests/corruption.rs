//! A hundred thousand corrupted packets for each suite: none of them opens, moves the window or is changed.
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

use vpnwire_ipsec::NextHeader;
use vpnwire_ipsec::ah::{self, AnyIntegrity, Integrity};
use vpnwire_ipsec::bundle::{self, BundleSuite, BundledSa, InboundBundle, OutboundBundle};
use vpnwire_ipsec::esp::{InboundSa, IvSource, OpenError, OutboundSa, Padding};
use vpnwire_ipsec::ip::{Version, v4, v6};
use vpnwire_ipsec::suite::{AnyTransform, Suite};
use vpnwire_ipsec::{Esn, IvRule, ReplayWindow, Secret, SequenceNumber, Spi};

const CASES: usize = 100_000;

/// A generator of numbers that are the same in every run (xorshift64*).
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

/// Changes a packet at random: bits, octets, runs, lengths, exchanged parts. The result always differs from the
/// packet.
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
            // Only the ICV is changed: its last octets, or all of it.
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
        let esn = if which % 2 == 0 { Esn::No } else { Esn::Yes };
        let after = SequenceNumber(u64::from(u32::MAX) - 20);
        let mut outbound = OutboundSa::new(Spi(300), transform(suite), esn).resumed_after(after);
        let mut inbound = InboundSa::<_, 2>::new(Spi(300), transform(suite), esn)
            .with_window(&ReplayWindow::starting_at(after));
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15 ^ which as u64);
        let mut packets = Vec::new();
        for payload_len in [0, 1, 9, 24] {
            let mut buffer = vec![numbers.next() as u8; 200];
            let mut fill = |iv: &mut [u8]| {
                iv.fill(0x5a);
                Ok(())
            };
            let source = match suite.encryption().iv_rule() {
                IvRule::Unpredictable => IvSource::Entropy(&mut fill),
                _ => IvSource::Counter,
            };
            let sealing = Padding::new(NextHeader::IPV4);
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
        // Packets that were not corrupted still open.
        for packet in &mut packets {
            inbound.open_in_place(packet).unwrap();
        }
    }
    count
}

#[test]
fn separate_algorithms() {
    let suites = Suite::all().filter(|suite| suite.authentication().is_some());
    assert_eq!(nothing_corrupted_opens(suites), 9 * 12 * CASES);
}

#[test]
fn combined_modes() {
    let suites = Suite::all().filter(|suite| suite.authentication().is_none());
    assert_eq!(nothing_corrupted_opens(suites), 22 * CASES);
}

/// Makes an IP packet around arbitrary octets.
fn ip_packet(version: Version, payload_len: usize) -> Vec<u8> {
    let mut packet = vec![0x5a; version.header_len() + payload_len];
    let protocol = NextHeader::TCP;
    let written = match version {
        Version::V4 => {
            let (source, destination) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
            v4::Header {
                dscp: 0,
                ecn: Default::default(),
                identification: 7,
                reserved: false,
                dont_fragment: true,
                more_fragments: false,
                fragment_offset: 0,
                time_to_live: 64,
                protocol,
                source,
                destination,
                options: &[],
            }
            .emit(payload_len, &mut packet)
        }
        Version::V6 => {
            let (source, destination) = ([0xfd; 16].into(), [0xfe; 16].into());
            let (dscp, ecn, flow_label) = (0, Default::default(), 7);
            v6::Header { dscp, ecn, flow_label, next_header: protocol, hop_limit: 64, source, destination }
                .emit(payload_len, &mut packet)
        }
    };
    assert_eq!(written, Ok(version.header_len()));
    packet
}

/// Corrupts only what may not change on the way: in IPv4 from the addresses on, in IPv6 from the length on.
fn corrupt_behind(numbers: &mut Numbers, version: Version, packet: &mut Vec<u8>) {
    let mut rest = packet.split_off(match version {
        Version::V4 => 12,
        Version::V6 => 8,
    });
    corrupt(numbers, &mut rest);
    packet.extend(rest);
}

#[test]
fn authentication_headers() {
    let key = [0x31; 64];
    let (mut count, mut algorithms) = (0, 0);
    for (which, integrity) in Integrity::all().enumerate() {
        algorithms += 1;
        let under = || AnyIntegrity::new(integrity, Secret::new(&key[..integrity.key_len()])).unwrap();
        let esn = if which % 2 == 0 { Esn::No } else { Esn::Yes };
        let mut outbound = ah::OutboundSa::new(Spi(300), under(), esn);
        let mut inbound = ah::InboundSa::<_, 2>::new(Spi(300), under(), esn);
        let mut numbers = Numbers(0x1234_5678_9abc_def1 ^ which as u64);
        let mut packets = Vec::new();
        for (version, len) in [(Version::V4, 0), (Version::V6, 5), (Version::V4, 33), (Version::V6, 64)] {
            let inner = ip_packet(version, len);
            let mut buffer = [&vec![0; outbound.headroom()][..], &inner].concat();
            packets.push((version, outbound.seal_in_place(&mut buffer, inner.len()).unwrap().to_vec()));
        }
        let mut icvs = 0;
        for case in 0..CASES {
            let (version, mut packet) = packets[case % packets.len()].clone();
            corrupt_behind(&mut numbers, version, &mut packet);
            match inbound.open(&packet) {
                Ok(opened) => panic!("{integrity}: {packet:02x?} opened: {opened:?}"),
                Err(ah::OpenError::NotAuthentic(_)) => icvs += 1,
                Err(_) => {}
            }
            count += 1;
        }
        assert_eq!((inbound.window().highest(), inbound.lifetime().packets()), (SequenceNumber::ZERO, 0));
        assert!(icvs > CASES / 4, "{integrity}: only {icvs} came as far as the ICV");
        for (_, packet) in &packets {
            inbound.open(packet).unwrap();
        }
    }
    assert_eq!((count, algorithms), (15 * CASES, 15));
}

#[test]
fn bundles() {
    let key = [0x31, 0x52, 0x73, 0x94].repeat(20);
    let siblings = (BundledSa::new(Spi(300), Esn::No), BundledSa::new(Spi(301), Esn::No));
    let (mut count, mut suites) = (0, 0);
    for words in
        ["ah-md5-hmac esp-3des", "ah-md5-hmac esp-aes", "ah-sha-hmac esp-des", "ah-sha256-hmac esp-null"]
    {
        suites += 1;
        let suite = BundleSuite::from_ios(words).unwrap();
        let encryption_key: Vec<u8> = (0x21..).take(suite.encryption().key_len()).collect();
        let transform = || {
            let integrity_key = Secret::new(&key[..suite.integrity().key_len()]);
            suite.transform(Secret::new(&encryption_key), integrity_key).unwrap()
        };
        let mut outbound = OutboundBundle::new(siblings.0, siblings.1, transform());
        let mut inbound = InboundBundle::<_, 2>::new(siblings.0, siblings.1, transform());
        let mut numbers = Numbers(0x0fed_cba9_8765_4321 ^ suites);
        let mut packets = Vec::new();
        for (version, len) in [(Version::V4, 0), (Version::V6, 5), (Version::V4, 33), (Version::V6, 64)] {
            let inner = ip_packet(version, len);
            let mut buffer =
                [&vec![0; outbound.headroom()][..], &inner, &vec![0; outbound.tailroom()]].concat();
            let mut fill = |iv: &mut [u8]| {
                iv.fill(0x5a);
                Ok(())
            };
            let sealed =
                outbound.seal_in_place(&mut buffer, inner.len(), IvSource::Entropy(&mut fill)).unwrap();
            packets.push((version, sealed.to_vec()));
        }
        for case in 0..CASES {
            let (version, mut packet) = packets[case % packets.len()].clone();
            corrupt_behind(&mut numbers, version, &mut packet);
            let before = packet.clone();
            match inbound.open_in_place(&mut packet) {
                Ok(opened) => panic!("{suite}: {before:02x?} opened: {opened:?}"),
                Err(bundle::OpenError::Esp(OpenError::Padding(error))) => {
                    panic!("{suite}: {before:02x?} was authentic: {error}")
                }
                Err(_) => assert_eq!(packet, before, "{suite}"),
            }
            count += 1;
        }
        assert_eq!((inbound.lifetimes().0.packets(), inbound.lifetimes().1.packets()), (0, 0));
        for (_, packet) in &mut packets {
            inbound.open_in_place(packet).unwrap();
        }
    }
    assert_eq!((count, suites), (4 * CASES, 4));
}
