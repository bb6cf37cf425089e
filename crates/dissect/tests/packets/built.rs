//! The packets for the tests. Each layer is built around the one before.

use std::net::{Ipv4Addr, Ipv6Addr};

use etherparse::{IpNumber, Ipv4Header};
use hsrp::{AuthenticationData, Emit, Key, Md5Authentication, Message, Tlv, authentication, v1};
use vpnwire_dissect::capture::{Frame, LinkType, Timestamp};

pub(crate) const SENDER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
pub(crate) const ROUTERS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 2);
pub(crate) const SENDER_MAC: [u8; 6] = [0, 0, 12, 7, 0xac, 1];

/// RFC 2281 section 5.1: a Hello of the active router of group 1, priority 200, hello time 3, hold time 10.
pub(crate) const HELLO: [u8; 20] =
    [0, 0, 16, 3, 10, 200, 1, 0, b'c', b'i', b's', b'c', b'o', 0, 0, 0, 172, 16, 172, 53];

/// A version 2 Hello of the active router of the IPv6 group 10: one group state TLV.
pub(crate) fn hello_v2() -> Vec<u8> {
    let mut octets = vec![1, 40, 2, 0, 6, 6];
    octets.extend(10u16.to_be_bytes());
    octets.extend([0, 1, 2, 3, 4, 5]);
    for word in [100u32, 3000, 10_000] {
        octets.extend(word.to_be_bytes());
    }
    octets.extend("fe80::5:73ff:fea0:a".parse::<Ipv6Addr>().unwrap().octets());
    octets
}

/// Returns a Hello of `group` with an MD5 digest under `key`.
pub(crate) fn sealed(group: u8, key: &str) -> Vec<u8> {
    let packet = v1::Packet {
        group,
        state: v1::State::ACTIVE,
        authentication_data: AuthenticationData::NONE,
        ..v1::Packet::default()
    };
    let mut buffer = [0; 64];
    let trailing = [Tlv::Md5Authentication(Md5Authentication::unsealed(SENDER, 0))];
    let octets = Message::V1 { packet, trailing: (&trailing).into() }.emit(&mut buffer).unwrap();
    authentication::seal(octets, Key::from(key)).unwrap();
    octets.to_vec()
}

pub(crate) fn udp(source: u16, destination: u16, payload: &[u8]) -> Vec<u8> {
    udp_of_length(source, destination, payload.len() as u16 + 8, payload)
}

pub(crate) fn udp_of_length(source: u16, destination: u16, length: u16, payload: &[u8]) -> Vec<u8> {
    let mut octets = Vec::new();
    for word in [source, destination, length, 0] {
        octets.extend(word.to_be_bytes());
    }
    octets.extend(payload);
    octets
}

/// Returns the checksum of RFC 1071, computed as section 1 says and not as the crates do.
pub(crate) fn internet_checksum(octets: &[u8]) -> u16 {
    let padded = [octets, &[0][..octets.len() % 2]].concat();
    let mut sum: u32 = padded.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// Returns an IPv4 packet from 10.0.0.2 to 224.0.0.2. etherparse makes its header.
pub(crate) fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let header =
        Ipv4Header::new(payload.len() as u16, 1, IpNumber(protocol), SENDER.octets(), ROUTERS.octets())
            .unwrap();
    [&header.to_bytes()[..], payload].concat()
}

/// Returns an IPv4 packet with a given total length.
pub(crate) fn ipv4_of_length(total_len: u16, payload: &[u8]) -> Vec<u8> {
    let mut octets = ipv4(17, payload);
    octets[2..4].copy_from_slice(&total_len.to_be_bytes());
    octets
}

/// Returns a fragment of the IPv4 datagram with this identification.
pub(crate) fn fragment_v4(identification: u16, offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let mut octets = ipv4(17, payload);
    octets[4..6].copy_from_slice(&identification.to_be_bytes());
    octets[6..8].copy_from_slice(&((offset / 8) as u16 | u16::from(more) << 13).to_be_bytes());
    octets
}

/// Returns an IPv6 packet from `fe80::2` to `ff02::66`.
pub(crate) fn ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    let mut octets = vec![0x60, 0, 0, 0];
    octets.extend((payload.len() as u16).to_be_bytes());
    octets.extend([next, 255]);
    octets.extend("fe80::2".parse::<Ipv6Addr>().unwrap().octets());
    octets.extend("ff02::66".parse::<Ipv6Addr>().unwrap().octets());
    octets.extend(payload);
    octets
}

/// Returns a fragment of the IPv6 datagram with this identification.
pub(crate) fn fragment_v6(
    identification: u32,
    offset: usize,
    more: bool,
    next: u8,
    payload: &[u8],
) -> Vec<u8> {
    ipv6(44, &fragment_header(identification, offset, more, next, payload))
}

pub(crate) fn fragment_header(
    identification: u32,
    offset: usize,
    more: bool,
    next: u8,
    payload: &[u8],
) -> Vec<u8> {
    let mut octets = vec![next, 0];
    octets.extend((offset as u16 | u16::from(more)).to_be_bytes());
    octets.extend(identification.to_be_bytes());
    octets.extend(payload);
    octets
}

pub(crate) fn ethernet(ethertype: u16, payload: &[u8]) -> Vec<u8> {
    let mut octets = vec![1, 0, 0x5e, 0, 0, 2];
    octets.extend(SENDER_MAC);
    octets.extend(ethertype.to_be_bytes());
    octets.extend(payload);
    octets
}

pub(crate) fn tag(identifier: u16, ethertype: u16, payload: &[u8]) -> Vec<u8> {
    [&identifier.to_be_bytes(), &ethertype.to_be_bytes(), payload].concat()
}

/// Returns the Hello in UDP and IPv4.
pub(crate) fn hello_v4() -> Vec<u8> {
    ipv4(17, &udp(1985, 1985, &HELLO))
}

/// Returns the version 2 Hello in UDP and IPv6.
pub(crate) fn hello_v6() -> Vec<u8> {
    ipv6(17, &udp(2029, 2029, &hello_v2()))
}

/// Returns a frame as it was on the wire.
pub(crate) fn frame(link: LinkType, octets: &[u8]) -> Frame<'_> {
    Frame { number: 1, time: Some(Timestamp(0)), time_digits: 6, link, len: octets.len(), octets }
}
