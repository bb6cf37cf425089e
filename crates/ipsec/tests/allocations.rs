//! Sealing, opening and refusing packets never allocates memory.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use allocation_counter::measure;
use vpnwire_ipsec::NextHeader;
use vpnwire_ipsec::ah::{self, AnyIntegrity, Integrity};
use vpnwire_ipsec::bundle::{BundleSuite, BundledSa, InboundBundle, OutboundBundle};
use vpnwire_ipsec::esp::{Header, InboundSa, IvSource, OutboundSa};
use vpnwire_ipsec::fragmentation::Fragments;
use vpnwire_ipsec::ip::Version;
use vpnwire_ipsec::suite::Suite;
use vpnwire_ipsec::transport;
use vpnwire_ipsec::transport::Protect;
use vpnwire_ipsec::tunnel::{Endpoints, Inner, Tunnel};
use vpnwire_ipsec::udp_encapsulation::{Datagram, Ports, decapsulate_in_place, encapsulate_in_place};
use vpnwire_ipsec::{Esn, IvRule, Secret, Spi};

#[test]
fn sealing_and_opening_allocate_nothing() {
    let octets: Vec<u8> = (0x21..0xa0).collect();
    let mut packets = 0u64;
    for suite in Suite::all() {
        let encryption_len = suite.encryption().key_len();
        let info = measure(|| {
            let transform = || {
                let (key, rest) = octets.split_at(encryption_len);
                let mac_key = &rest[..suite.key_len().saturating_sub(encryption_len)];
                suite.transform(Secret::new(key), Secret::new(mac_key)).unwrap()
            };
            let mut outbound = OutboundSa::new(Spi(300), transform(), Esn::Yes);
            let mut inbound = InboundSa::<_>::new(Spi(300), transform(), Esn::Yes);
            let mut buffer = [0; 1600];
            let mut fill = |iv: &mut [u8]| {
                iv.fill(7);
                Ok(())
            };
            for payload_len in [0, 64, 256, 576, 1408] {
                let source = match suite.encryption().iv_rule() {
                    IvRule::Unpredictable => IvSource::Entropy(&mut fill),
                    _ => IvSource::Counter,
                };
                let packet =
                    outbound.seal_in_place(&mut buffer, payload_len, NextHeader::IPV4, source).unwrap();
                assert!(Header::parse_prefix(packet).is_ok());
                let mut replayed = [0; 1600];
                let replayed = &mut replayed[..packet.len()];
                replayed.clone_from_slice(packet);
                assert_eq!(inbound.open_in_place(packet).unwrap().payload.len(), payload_len);
                assert!(inbound.open_in_place(replayed).is_err());
                packets += 1;
            }
        });
        assert_eq!((info.count_total, info.bytes_total), (0, 0), "{suite}");
    }
    assert_eq!(packets, 130 * 5);
}

/// Writes an IPv4 packet of `len` octets behind `offset` other octets.
fn put_inner(buffer: &mut [u8], offset: usize, len: usize) {
    let inner = Inner::new(Version::V4);
    let octets = &mut buffer[offset..offset + len];
    TUNNEL.emit_outer_header(&inner, len - 20, 1, octets).unwrap();
}

const TUNNEL: Tunnel = Tunnel::new(
    Endpoints::V4 {
        source: std::net::Ipv4Addr::new(192, 0, 2, 1),
        destination: std::net::Ipv4Addr::new(198, 51, 100, 2),
    },
    64,
);

#[test]
fn ah_and_bundles_allocate_nothing() {
    let key = [0x31, 0x52, 0x73, 0x94].repeat(20);
    let mut packets = 0u64;
    for integrity in Integrity::all() {
        let info = measure(|| {
            let under = || AnyIntegrity::new(integrity, Secret::new(&key[..integrity.key_len()])).unwrap();
            let mut outbound = ah::OutboundSa::new(Spi(300), under(), Esn::Yes);
            let mut inbound = ah::InboundSa::<_>::new(Spi(300), under(), Esn::Yes);
            let mut buffer = [0; 1600];
            for len in [20, 84, 1400] {
                put_inner(&mut buffer, TUNNEL.headroom(&outbound), len);
                let packet =
                    TUNNEL.seal_in_place(&mut outbound, &mut buffer, len, 7, IvSource::Counter).unwrap();
                assert!(ah::Header::parse_prefix(&packet[20..]).is_ok());
                assert!(inbound.open(packet).is_ok());
                assert!(inbound.open(packet).is_err());
                assert!(ah::strip_in_place(packet).is_ok());
                packets += 1;
            }
        });
        assert_eq!((info.count_total, info.bytes_total), (0, 0), "{integrity}");
    }
    let sibling = |spi| BundledSa::new(Spi(spi), Esn::No);
    for suite in BundleSuite::all() {
        let info = measure(|| {
            let mut encryption_key = [0u8; 40];
            for (octet, value) in encryption_key.iter_mut().zip(0x21..) {
                *octet = value;
            }
            let transform = || {
                let encryption_key = Secret::new(&encryption_key[..suite.encryption().key_len()]);
                suite.transform(encryption_key, Secret::new(&key[..suite.integrity().key_len()])).unwrap()
            };
            let mut outbound = OutboundBundle::new(sibling(300), sibling(301), transform());
            let mut inbound = InboundBundle::<_>::new(sibling(300), sibling(301), transform());
            let mut buffer = [0; 1600];
            let mut fill = |iv: &mut [u8]| {
                iv.fill(7);
                Ok(())
            };
            for len in [20, 84, 1400] {
                let source = match suite.encryption().iv_rule() {
                    IvRule::Unpredictable => IvSource::Entropy(&mut fill),
                    _ => IvSource::Counter,
                };
                put_inner(&mut buffer, TUNNEL.headroom(&outbound), len);
                let packet = TUNNEL.seal_in_place(&mut outbound, &mut buffer, len, 7, source).unwrap();
                assert_eq!(TUNNEL.open_in_place(&mut inbound, packet).unwrap().len(), len);
                packets += 1;
            }
        });
        assert_eq!((info.count_total, info.bytes_total), (0, 0), "{suite}");
    }
    assert_eq!(packets, 15 * 3 + 9 * 12 * 3);
}

#[test]
fn transport_udp_and_fragments_allocate_nothing() {
    let key = [0x31, 0x52, 0x73, 0x94].repeat(4);
    let suite = Suite::AES_128_GCM;
    let gcm_key = [&key[..], &[1; 4]].concat();
    let mut fragments = 0u64;
    let info = measure(|| {
        let transform = || suite.transform(Secret::new(&gcm_key), Secret::EMPTY).unwrap();
        let mut outbound = OutboundSa::new(Spi(300), transform(), Esn::No);
        let mut inbound = InboundSa::<_>::new(Spi(300), transform(), Esn::No);
        let mut buffer = [0; 1700];
        for len in [20, 100, 1500] {
            put_inner(&mut buffer, 8 + outbound.headroom(), len);
            let sealed = outbound.protect(&mut buffer[8..], len, IvSource::Counter).unwrap().len();
            let packet = encapsulate_in_place(&mut buffer, sealed, Ports::default()).unwrap();
            assert!(matches!(Datagram::parse(&packet[28..]), Ok(Datagram::Esp(_))));
            let mut pieces = Fragments::new(packet, 576, 0).unwrap();
            let mut place = [0; 600];
            while pieces.emit_next(&mut place).unwrap().is_some() {
                fragments += 1;
            }
            let (packet, _) = decapsulate_in_place(packet).unwrap();
            assert_eq!(transport::open_in_place(&mut inbound, packet).unwrap().len(), len);
        }
    });
    assert_eq!((info.count_total, info.bytes_total, fragments), (0, 0, 1 + 1 + 3));
}

/// The counter does count: this proves that the tests above can fail.
#[test]
fn an_allocation_is_counted() {
    let info = measure(|| drop(std::hint::black_box(vec![1; 100])));
    assert_eq!(info.count_total, 1);
}
