//! Tests of which octets of a packet the ICV covers.

use std::vec::Vec;

use super::*;
use crate::ip::IpError;
use crate::properties::SPI;
use crate::properties::ah::{Shape, sealed, under};
use crate::properties::tunnels::packet;
use crate::suite::Authentication;
use crate::{Esn, SequenceNumber};

/// RFC 4302 appendix A2, and RFC 2460 section 4.4: each hop changes the packet, and it is authentic at each.
#[test]
fn a_routing_header_is_covered_as_it_arrives() {
    let addresses = |from: u8| -> Vec<u8> { (0..16).map(|octet| octet ^ from).collect() };
    let mut headers = packet(Version::V6, false, crate::ip::Ecn::NotCapable, b"");
    headers[6] = 43;
    headers.extend([51, 6, 0, 3, 0, 0, 0, 0]);
    for hop in [0x10, 0x20, 0x30] {
        headers.extend(addresses(hop));
    }
    let shape = Shape { octets: headers, ..Shape::default() };
    let mut packet = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload");
    let opens = |packet: &[u8]| open_without_replay_check(&under(MD5), None, Quirks::NONE, packet).is_ok();
    assert!(opens(&packet));
    for hop in 0..3 {
        packet[7] -= 1;
        packet[43] -= 1;
        let at = 48 + hop * 16;
        let (before, after) = packet.split_at_mut(at);
        before[24..40].swap_with_slice(&mut after[..16]);
        assert!(opens(&packet), "hop {hop}");
    }
    assert_eq!((&packet[24..40], packet[43]), (&addresses(0x30)[..], 0));
    // These are a type whose changes nobody can predict, and a header with more segments than addresses.
    let mut other = packet.clone();
    [other[42], other[43]] = [4, 1];
    let error = IpError::RoutingType { routing_type: 4, segments_left: 1 };
    assert_eq!(open_without_replay_check(&under(MD5), None, Quirks::NONE, &other), Err(error.into()));
    [other[42], other[43]] = [0, 4];
    let error = IpError::RoutingHeader { len: 56, segments_left: 4 };
    assert_eq!(open_without_replay_check(&under(MD5), None, Quirks::NONE, &other), Err(error.into()));
}

/// RFC 4302 section 3.3.3.1.1.1: with a source route, the destination is the last address of the route.
#[test]
fn a_source_route_is_covered_as_it_arrives() {
    let mut headers = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"");
    headers[0] = 0x48;
    headers[9] = 51;
    headers.extend([131, 11, 4, 10, 9, 9, 1, 10, 9, 9, 2, 0]);
    let shape = Shape { octets: headers, ..Shape::default() };
    let mut packet = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload");
    let opens = |packet: &[u8]| open_without_replay_check(&under(MD5), None, Quirks::NONE, packet).is_ok();
    assert!(opens(&packet));
    for hop in 0..2 {
        // RFC 791 section 3.1: the next address becomes the destination, and the router's own takes its place.
        let at = 23 + hop * 4;
        let next: [u8; 4] = packet[at..at + 4].try_into().unwrap();
        packet[at..at + 4].copy_from_slice(&[172, 16, 0, 1]);
        packet[16..20].copy_from_slice(&next);
        packet[22] += 4;
        packet[8] -= 1;
        assert!(opens(&packet), "hop {hop}");
    }
    assert_eq!(packet[16..20], [10, 9, 9, 2]);
    packet[19] ^= 1;
    assert!(!opens(&packet));
}

/// RFC 4302 appendix A2: a fragment header in a whole packet counts as removed.
#[test]
fn a_fragment_header_in_a_whole_packet_is_not_covered() {
    let mut plain = packet(Version::V6, false, crate::ip::Ecn::NotCapable, b"");
    let mut with = plain.clone();
    plain[6] = 51;
    with[6] = 44;
    with.extend([51, 0, 0, 0, 1, 2, 3, 4]);
    let seal = |octets: &[u8]| {
        let shape = Shape { octets: octets.to_vec(), ..Shape::default() };
        sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload")
    };
    assert_eq!(seal(&plain)[40..], seal(&with)[48..]);
    let mut fragment = seal(&with);
    fragment[43] = 1;
    let error = IpError::Fragment { offset: 0, more: true };
    assert_eq!(open_without_replay_check(&under(MD5), None, Quirks::NONE, &fragment), Err(error.into()));
}

/// keepalived covers a TTL of 255, which never changes.
#[test]
fn quirks_are_off_by_default() {
    let quirks = Quirks::NONE.with_time_to_live();
    assert_eq!(Quirks::default(), Quirks::NONE);
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    let mut sa = outbound().with_quirks(quirks);
    let mut sealed = seal(&mut sa, &inner);
    let open = |quirks, packet: &[u8]| open_without_replay_check(&under(MD5), None, quirks, packet).is_ok();
    assert!(open(quirks, &sealed) && !open(Quirks::NONE, &sealed));
    sealed[8] -= 1;
    assert!(!open(quirks, &sealed));

    let sha256 = Integrity::Mac(Authentication::HmacSha256);
    let mut sa = OutboundSa::new(SPI, under(sha256), Esn::No).with_quirks(Quirks::NONE.with_64_bits());
    let sealed = seal(&mut sa, &inner);
    assert_eq!(sealed[21], 6);
    let mut sa = InboundSa::<_, 2>::new(SPI, under(sha256), Esn::No);
    assert_eq!(sa.open(&sealed), Err(OpenError::HeaderLen { needed: 28, available: 32 }));
    let mut sa = sa.with_quirks(Quirks::NONE.with_64_bits());
    assert_eq!(sa.open(&sealed).unwrap().padding, [0; 4]);
}

/// RFC 4302 appendix A2: where two routes are open, the second begins where the first ends.
#[test]
fn one_route_follows_another() {
    let address = |from: u8| -> Vec<u8> { (0..16).map(|octet| octet ^ from).collect() };
    let mut headers = packet(Version::V6, false, crate::ip::Ecn::NotCapable, b"");
    headers[6] = 43;
    for (next, hops) in [(43, [0x10, 0x20]), (51, [0x30, 0x40])] {
        headers.extend([next, 4, 0, 2, 0, 0, 0, 0]);
        hops.into_iter().for_each(|hop| headers.extend(address(hop)));
    }
    let shape = Shape { octets: headers, ..Shape::default() };
    let mut packet = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload");
    let opens = |packet: &[u8]| open_without_replay_check(&under(MD5), None, Quirks::NONE, packet).is_ok();
    assert!(opens(&packet));
    for (left, at) in [(43, 48), (43, 64), (83, 88), (83, 104)] {
        packet[left] -= 1;
        let (before, after) = packet.split_at_mut(at);
        before[24..40].swap_with_slice(&mut after[..16]);
        assert!(opens(&packet), "at {at}");
    }
    assert_eq!((&packet[24..40], packet[43], packet[83]), (&address(0x40)[..], 0, 0));
}
