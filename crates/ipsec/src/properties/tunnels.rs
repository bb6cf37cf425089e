//! Bundles, tunnels, fragments and UDP encapsulation, for any packet.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::vec::Vec;

use crate::ah::{self, Quirks};
use crate::bundle::{AnyBundle, BundleSuite, BundledSa, InboundBundle, OutboundBundle};
use crate::esp::{self, IvSource};
use crate::fragmentation::Fragments;
use crate::ip::{Ecn, Version, v4, v6};
use crate::properties::ah::{integrity, under};
use crate::properties::{SPI, suite, transform};
use crate::transport::{Protect, Unprotect};
use crate::tunnel::{Endpoints, Protection, Tunnel};
use crate::udp_encapsulation::{Datagram, Ports, UDP_HEADER_LEN, decapsulate_in_place, encapsulate_in_place};
use crate::{Esn, IvRule, NextHeader, Secret, Spi};

/// Chooses one of all bundles.
pub fn bundle(which: u8) -> BundleSuite {
    let count = BundleSuite::all().count();
    BundleSuite::all().nth(usize::from(which) % count).unwrap()
}

/// Makes the transform of a bundle with keys that are always the same.
pub fn bundled(suite: BundleSuite) -> AnyBundle {
    let material: Vec<u8> = (0x21..=0xff).collect();
    suite
        .transform(
            Secret::new(&material[..suite.encryption().key_len()]),
            Secret::new(&material[..suite.integrity().key_len()]),
        )
        .unwrap()
}

/// The SAs of the bundles that are made here.
pub const SIBLINGS: (BundledSa, BundledSa) =
    (BundledSa::new(SPI, Esn::Yes), BundledSa::new(Spi(0x0900), Esn::No));

/// Makes a tunnel over this version of IP.
pub fn tunnel(version: Version) -> Tunnel {
    let endpoints = match version {
        Version::V4 => {
            Endpoints::V4 { source: Ipv4Addr::new(192, 0, 2, 1), destination: Ipv4Addr::new(198, 51, 100, 2) }
        }
        Version::V6 => Endpoints::V6 {
            source: Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1),
            destination: Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2),
        },
    };
    Tunnel::new(endpoints, 64)
}

/// Makes an IP packet around `payload`.
pub fn packet(version: Version, dont_fragment: bool, ecn: Ecn, payload: &[u8]) -> Vec<u8> {
    let mut packet = std::vec![0; version.header_len()];
    match version {
        Version::V4 => {
            let header = v4::Header {
                dscp: 46,
                ecn,
                identification: 0x1234,
                reserved: false,
                dont_fragment,
                more_fragments: false,
                fragment_offset: 0,
                time_to_live: 63,
                protocol: NextHeader::UDP,
                source: Ipv4Addr::new(10, 1, 0, 1),
                destination: Ipv4Addr::new(10, 2, 0, 1),
                options: &[],
            };
            header.emit(payload.len(), &mut packet).unwrap();
        }
        Version::V6 => {
            let header = v6::Header {
                dscp: 46,
                ecn,
                flow_label: 0xabcde,
                next_header: NextHeader::UDP,
                hop_limit: 63,
                source: Ipv6Addr::new(0xfd00, 1, 0, 0, 0, 0, 0, 1),
                destination: Ipv6Addr::new(0xfd00, 2, 0, 0, 0, 0, 0, 1),
            };
            header.emit(payload.len(), &mut packet).unwrap();
        }
    }
    packet.extend_from_slice(payload);
    packet
}

/// Makes an initialization vector for a CBC mode, which has as many octets as a block.
fn iv_of(rule: IvRule, iv_len: usize) -> IvSource<'static> {
    match rule {
        IvRule::Unpredictable => IvSource::Octets(&[0x5a; 16][..iv_len]),
        _ => IvSource::Counter,
    }
}

/// Sends a packet through a tunnel: it comes out unchanged, and the sealed packet has the predicted length.
fn through<P: Protect, U: Unprotect>(
    outbound: &mut P,
    inbound: &mut U,
    version: Version,
    inner: &[u8],
    iv: IvSource<'_>,
    protection: Protection,
) -> Vec<u8> {
    let tunnel = tunnel(version);
    let mut buffer = std::vec![0xee; tunnel.headroom(outbound)];
    buffer.extend_from_slice(inner);
    buffer.resize(buffer.len() + outbound.tailroom(inner.len()), 0xee);
    let packet = tunnel.seal_in_place(outbound, &mut buffer, inner.len(), 7, iv).unwrap().to_vec();
    assert_eq!(protection.tunnel_len(version, inner.len()), Some(packet.len()), "{protection:?}");

    let mut changed = packet.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(tunnel.open_in_place(inbound, &mut changed).is_err());
    let mut opened = packet.clone();
    assert_eq!(tunnel.open_in_place(inbound, &mut opened).unwrap(), inner);
    assert!(tunnel.open_in_place(inbound, &mut packet.clone()).is_err(), "a replay");
    packet
}

/// Tunnels with every kind of protection return any inner packet.
pub fn tunnels_return_what_they_took(which: u8, kind: u8, payload: &[u8]) {
    let version = |bit: u8| if kind & bit == 0 { Version::V4 } else { Version::V6 };
    let (outer, inner) = (version(1), version(2));
    let inner = packet(inner, kind & 4 != 0, Ecn::from_bits(kind >> 3), payload);
    let esn = if kind & 0x20 == 0 { Esn::No } else { Esn::Yes };

    let esp = suite(which);
    let mut outbound = esp::OutboundSa::new(SPI, transform(esp), esn);
    let mut inbound = esp::InboundSa::<_, 2>::new(SPI, transform(esp), esn);
    let iv = iv_of(esp.encryption().iv_rule(), esp.encryption().iv_len());
    let sealed = through(&mut outbound, &mut inbound, outer, &inner, iv, Protection::Esp(esp));
    in_udp(&sealed, Protection::EspInUdp(esp), outer, inner.len());

    let algorithm = integrity(which);
    let mut outbound = ah::OutboundSa::new(SPI, under(algorithm), esn);
    let mut inbound = ah::InboundSa::<_, 2>::new(SPI, under(algorithm), esn);
    let protection = Protection::Ah(algorithm);
    through(&mut outbound, &mut inbound, outer, &inner, IvSource::Counter, protection);

    let pair = bundle(which);
    let mut outbound = OutboundBundle::new(SIBLINGS.0, SIBLINGS.1, bundled(pair));
    let mut inbound = InboundBundle::<_, 2>::new(SIBLINGS.0, SIBLINGS.1, bundled(pair));
    let iv = iv_of(pair.encryption().iv_rule(), pair.encryption().iv_len());
    let sealed = through(&mut outbound, &mut inbound, outer, &inner, iv, Protection::Bundle(pair));
    // AH alone agrees with what cipher and MAC computed together.
    let opened =
        ah::open_without_replay_check(&under(pair.integrity()), Some(0), Quirks::NONE, &sealed).unwrap();
    assert_eq!((opened.next_header, opened.spi), (NextHeader::ESP, SPI));
}

/// ESP goes into UDP and out of it.
fn in_udp(sealed: &[u8], protection: Protection, version: Version, inner_len: usize) {
    let mut buffer = std::vec![0xee; UDP_HEADER_LEN];
    buffer.extend_from_slice(sealed);
    let ports = Ports { source: 4500, destination: 1027 };
    let packet = encapsulate_in_place(&mut buffer, sealed.len(), ports).unwrap();
    assert_eq!(Some(packet.len()), protection.tunnel_len(version, inner_len));
    let (esp, found) = decapsulate_in_place(packet).unwrap();
    assert_eq!((&*esp, found), (sealed, ports));
}

/// The longest packet that is said to pass does pass, and one octet more does not.
pub fn the_mtu_is_the_longest_that_passes(which: u8, kind: u8, path_mtu: usize) {
    let version = if kind & 1 == 0 { Version::V4 } else { Version::V6 };
    let protection = match kind / 2 % 4 {
        0 => Protection::Esp(suite(which)),
        1 => Protection::EspInUdp(suite(which)),
        2 => Protection::Ah(integrity(which)),
        _ => Protection::Bundle(bundle(which)),
    };
    match protection.tunnel_mtu(version, path_mtu) {
        Some(mtu) => {
            assert!(protection.tunnel_len(version, mtu).unwrap() <= path_mtu);
            assert!(protection.tunnel_len(version, mtu + 1).unwrap() > path_mtu);
        }
        None => assert!(protection.tunnel_len(version, 0).unwrap() > path_mtu),
    }
}

/// A datagram of port 4500 is one of three kinds, and is written as it was read.
pub fn datagrams_round_trip(octets: &[u8]) {
    match Datagram::parse(octets) {
        Ok(datagram) => {
            let mut written = std::vec![0xee; octets.len()];
            assert_eq!(datagram.emit(&mut written), Ok(octets.len()));
            assert_eq!(written, octets);
            assert_eq!(datagram == Datagram::Keepalive, octets == [0xff]);
            assert_eq!(matches!(datagram, Datagram::Ike(_)), octets.starts_with(&[0; 4]));
        }
        Err(_) => assert!(octets.len() < 4),
    }
    let mut packet = octets.to_vec();
    if decapsulate_in_place(&mut packet).is_err() {
        assert_eq!(packet, octets);
    }
    let mut buffer = [&[0xee; UDP_HEADER_LEN], octets].concat();
    let before = buffer.clone();
    if encapsulate_in_place(&mut buffer, octets.len(), Ports::default()).is_err() {
        assert_eq!(buffer, before);
    }
}

/// Opening octets that nobody sealed fails. Nothing panics, and nothing is changed.
pub fn bundle_opening_is_total(which: u8, octets: &[u8]) {
    let mut sa = InboundBundle::<_, 2>::new(SIBLINGS.0, SIBLINGS.1, bundled(bundle(which)));
    let mut packet = octets.to_vec();
    assert!(sa.open_in_place(&mut packet).is_err());
    assert_eq!(packet, octets);
    assert_eq!((sa.lifetimes().0.packets(), sa.lifetimes().1.packets()), (0, 0));
    let version = if which & 1 == 0 { Version::V4 } else { Version::V6 };
    assert!(tunnel(version).open_in_place(&mut sa, &mut packet).is_err());
    assert_eq!(packet, octets);

    let mut sa = OutboundBundle::new(SIBLINGS.0, SIBLINGS.1, bundled(bundle(which)));
    let (headroom, rule) = (sa.headroom(), bundle(which).encryption().iv_rule());
    let mut buffer = std::vec![0xee; headroom];
    buffer.extend_from_slice(octets);
    buffer.resize(buffer.len() + sa.tailroom(), 0xee);
    let before = buffer.clone();
    let iv = iv_of(rule, bundle(which).encryption().iv_len());
    if sa.seal_in_place(&mut buffer, octets.len(), iv).is_err() {
        assert_eq!(buffer, before);
    }
}

/// No fragment is longer than the limit, and all fragments together make the packet again.
pub fn fragments_are_the_packet(octets: &[u8], mtu: usize, identification: u32) {
    let Ok(mut fragments) = Fragments::new(octets, mtu, identification) else { return };
    let mut buffer = std::vec![0; 70_000];
    let (mut payload, mut count, mut first) = (Vec::new(), 0, Vec::new());
    while let Some(len) = fragments.emit_next(&mut buffer).unwrap() {
        let fragment = &buffer[..len];
        count += 1;
        if count == 1 && len == octets.len() {
            assert_eq!(fragment, octets);
            assert_eq!(fragments.emit_next(&mut std::vec![0; 70_000]), Ok(None));
            return;
        }
        assert!(len <= mtu, "{len} of {mtu}");
        match Version::of(fragment).unwrap() {
            Version::V4 => {
                let (header, part) = v4::Header::parse(fragment).unwrap();
                let (whole, _) = v4::Header::parse(octets).unwrap();
                let at = usize::from(header.fragment_offset - whole.fragment_offset) * 8;
                assert_eq!((at, header.identification), (payload.len(), whole.identification));
                let is_last = at + part.len() == octets.len() - whole.wire_len();
                assert_eq!(header.more_fragments, !is_last || whole.more_fragments);
                payload.extend_from_slice(part);
                if count == 1 {
                    first = octets[..whole.wire_len()].to_vec();
                }
            }
            Version::V6 => {
                // The last eight octets before the payload are the fragment header.
                let at = (0..len - 7)
                    .step_by(8)
                    .find(|at| *at >= 40 && fragment[at + 4..at + 8] == identification.to_be_bytes())
                    .unwrap();
                let word = u16::from_be_bytes([fragment[at + 2], fragment[at + 3]]);
                assert_eq!(usize::from(word & 0xfff8), payload.len());
                payload.extend_from_slice(&fragment[at + 8..]);
                assert_eq!(word & 1 == 0, at + payload.len() == octets.len());
                first = octets[..at].to_vec();
            }
        }
    }
    assert_eq!([first, payload].concat(), octets);
    assert!(count > 1);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_protection_at_every_length() {
        let payload: Vec<u8> = (0..=120).collect();
        let mut count = 0;
        for which in 0..=90 {
            for (kind, len) in [(0, 80), (1, 13), (2, 33), (3, 120), (0x24, 0), (0x3f, 57), (16, 1), (25, 16)]
            {
                tunnels_return_what_they_took(which, kind, &payload[..len]);
                count += 1;
            }
            for path_mtu in (0..300).chain([576, 1280, 1492, 1500, 9000]) {
                for kind in 0..8 {
                    the_mtu_is_the_longest_that_passes(which, kind, path_mtu);
                }
            }
        }
        assert_eq!(count, 91 * 8);
    }

    proptest! {
        #[test]
        fn any_tunnel(which: u8, kind: u8, payload in vec(any::<u8>(), 0..1500)) {
            tunnels_return_what_they_took(which, kind, &payload);
        }

        #[test]
        fn any_mtu(which: u8, kind: u8, path_mtu in 0..70_000usize) {
            the_mtu_is_the_longest_that_passes(which, kind, path_mtu);
        }

        #[test]
        fn any_datagram(octets in vec(any::<u8>(), 0..100), zeros in 0..6usize) {
            datagrams_round_trip(&octets);
            datagrams_round_trip(&[&[0; 6][..zeros], &octets].concat());
            datagrams_round_trip(&packet(Version::V4, true, Ecn::NotCapable, &octets));
        }

        #[test]
        fn nothing_else_opens(which: u8, octets in vec(any::<u8>(), 0..300)) {
            bundle_opening_is_total(which, &octets);
        }

        #[test]
        fn any_fragments(is_v6: bool, payload in vec(any::<u8>(), 0..3000), mtu in 20..1600usize, identification in 0x1000_0000..u32::MAX) {
            let version = if is_v6 { Version::V6 } else { Version::V4 };
            fragments_are_the_packet(&packet(version, false, Ecn::NotCapable, &payload), mtu, identification);
        }
    }
}
