//! Captures of AH: over both versions of IP, with the headers that may precede it, alone and around ESP.

use anyhow::{Context, Result};
use etherparse::{IpNumber, PacketBuilder};
use ipsec::ah::{AnyIntegrity, Integrity, Opened, OutboundSa, Quirks};
use ipsec::bundle::{BundleSuite, BundledSa, OutboundBundle};
use ipsec::esp::IvSource;
use ipsec::fragmentation::Fragments;
use ipsec::suite::{AesKey, Authentication};
use ipsec::transport::Protect;
use ipsec::tunnel::{Endpoints, Tunnel};
use ipsec::{Esn, NextHeader, Secret, SequenceNumber, Spi};

use super::Frames;

/// All keys are this text, repeated.
const KEY: &[u8] = b"vpnwire-test-ah-";

const HERE: [u8; 4] = [192, 0, 2, 7];
const THERE: [u8; 4] = [192, 0, 2, 6];

const MD5: Integrity = Integrity::HMAC_MD5;
const SHA1: Integrity = Integrity::HMAC_SHA1;
const SHA256: Integrity = Integrity::Mac(Authentication::HmacSha256);
const GMAC: Integrity = Integrity::AesGmac(AesKey::Bits128);

fn key(len: usize) -> Vec<u8> {
    KEY.iter().copied().cycle().take(len).collect()
}

fn sa(spi: u32, integrity: Integrity) -> Result<OutboundSa<AnyIntegrity>> {
    let key = key(integrity.key_len());
    Ok(OutboundSa::new(Spi(spi), AnyIntegrity::new(integrity, Secret::new(&key))?, Esn::No))
}

fn inner_ipv4(payload: &[u8]) -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    PacketBuilder::ipv4(HERE, THERE, 63).udp(50_000, 50_001).write(&mut octets, payload)?;
    Ok(octets)
}

fn inner_ipv6(payload: &[u8]) -> Result<Vec<u8>> {
    let (mut source, mut destination) = ([0; 16], [0; 16]);
    source[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
    destination[..5].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8, 1]);
    let mut octets = Vec::new();
    PacketBuilder::ipv6(source, destination, 63).udp(50_000, 50_001).write(&mut octets, payload)?;
    Ok(octets)
}

/// An Ethernet frame around an IP packet.
fn ethernet(packet: &[u8]) -> Vec<u8> {
    let ethertype = if packet[0] >> 4 == 4 { [0x08, 0x00] } else { [0x86, 0xdd] };
    let mut frame = [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 7][..], &ethertype, packet].concat();
    frame.resize(frame.len().max(60), 0);
    frame
}

/// The packet that an SA or a bundle makes of an IP packet.
fn protect<P: Protect<Error: Send + Sync>>(sa: &mut P, packet: &[u8]) -> Result<Vec<u8>> {
    let mut buffer = vec![0; sa.headroom()];
    buffer.extend_from_slice(packet);
    buffer.resize(buffer.len() + sa.tailroom(packet.len()), 0);
    Ok(sa.protect(&mut buffer, packet.len(), IvSource::Octets(&[0x5a; 8]))?.to_vec())
}

/// The packet that a tunnel makes of an IP packet.
fn through<P: Protect<Error: Send + Sync>>(sa: &mut P, packet: &[u8]) -> Result<Vec<u8>> {
    let endpoints = Endpoints::V4 { source: [203, 0, 113, 1].into(), destination: [203, 0, 113, 2].into() };
    let tunnel = Tunnel::new(endpoints, 255);
    let mut buffer = vec![0; tunnel.headroom(sa)];
    buffer.extend_from_slice(packet);
    buffer.resize(buffer.len() + sa.tailroom(packet.len()), 0);
    let iv = IvSource::Octets(&[0x5a; 8]);
    Ok(tunnel.seal_in_place(sa, &mut buffer, packet.len(), 0x1234, iv)?.to_vec())
}

/// A packet after headers that are given whole. The lengths and the ICV are written.
fn behind(headers: &[u8], quirks: Quirks, reserved: u16, number: u64) -> Result<Vec<u8>> {
    let key = key(MD5.key_len());
    let integrity = AnyIntegrity::new(MD5, Secret::new(&key))?;
    let opened = Opened {
        headers,
        reserved,
        spi: Spi(0x106),
        sequence: SequenceNumber(number),
        iv: &[],
        padding: &[],
        next_header: NextHeader::UDP,
        payload: &[0xc3, 0x50, 0xc3, 0x51, 0, 12, 0, 0, 1, 2, 3, 4],
    };
    let mut packet = vec![0; opened.sealed_len(&integrity)];
    opened.seal_again(&integrity, Esn::No, quirks, &mut packet)?;
    Ok(packet)
}

/// The IPv4 header of a packet before AH, with these options.
fn with_options(options: &[u8]) -> Result<Vec<u8>> {
    let mut headers = inner_ipv4(b"")?[..20].to_vec();
    headers[0] = 0x45 + u8::try_from(options.len() / 4)?;
    headers[9] = 51;
    headers.extend_from_slice(options);
    Ok(headers)
}

/// The IPv6 header of a packet before AH, with these extension headers.
fn with_extensions(first: u8, extensions: &[u8]) -> Result<Vec<u8>> {
    let mut headers = inner_ipv6(b"")?[..40].to_vec();
    headers[6] = first;
    headers.extend_from_slice(extensions);
    Ok(headers)
}

/// Both modes over both versions of IP with four algorithms, the headers that may precede AH, ESP inside AH, and
/// fragments.
pub(super) fn protected() -> Result<Frames> {
    let (ipv4, ipv6) = (inner_ipv4(b"over IPv4")?, inner_ipv6(b"over IPv6")?);
    let mut packets = Vec::new();
    for (spi, integrity) in (0x101..).zip([MD5, SHA1, SHA256, GMAC]) {
        let mut sa = sa(spi, integrity)?;
        packets.push(protect(&mut sa, &ipv4)?);
        packets.push(protect(&mut sa, &ipv6)?);
        packets.push(through(&mut sa, &ipv4)?);
        packets.push(through(&mut sa, &ipv6)?);
    }
    // The options are record route, router alert, and a loose source route in use.
    packets.push(behind(&with_options(&[7, 7, 4, 1, 2, 3, 4, 148, 4, 0, 0, 0])?, Quirks::NONE, 0, 1)?);
    packets.push(behind(&with_options(&[131, 7, 4, 10, 0, 0, 1, 0])?, Quirks::NONE, 0, 2)?);
    // Hop-by-hop options of which one may change in transit, a routing header that is used up, and destination
    // options.
    let extensions = [
        &[43, 0, 0x3e, 2, 7, 7, 1, 0][..],
        &[60, 2, 0, 0, 0, 0, 0, 0],
        &[0x20; 16],
        &[51, 0, 1, 4, 0, 0, 0, 0],
    ]
    .concat();
    packets.push(behind(&with_extensions(0, &extensions)?, Quirks::NONE, 0, 1)?);
    // The packet is whole, and has a fragment header.
    packets.push(behind(&with_extensions(44, &[51, 0, 0, 0, 0, 0, 0, 9])?, Quirks::NONE, 0, 2)?);

    let suite = BundleSuite::MD5_TRIPLE_DES;
    let encryption_key: Vec<u8> = (1..=24).collect();
    let integrity_key = key(suite.integrity().key_len());
    let transform = suite.transform(Secret::new(&encryption_key), Secret::new(&integrity_key))?;
    let sibling = |spi| BundledSa::new(Spi(spi), Esn::No);
    let mut bundle = OutboundBundle::new(sibling(0x107), sibling(0x207), transform);
    packets.push(through(&mut bundle, &ipv4)?);
    packets.push(protect(&mut bundle, &ipv4)?);

    // AH inside AH. The outer header is inserted last.
    let (mut inner, mut outer) = (sa(0x108, MD5)?, sa(0x109, SHA1)?);
    packets.push(protect(&mut outer, &protect(&mut inner, &ipv4)?)?);

    // A router fragments the packet, and the last fragment is sent first.
    let mut long = sa(0x10a, SHA1)?;
    let mut whole = protect(&mut long, &inner_ipv4(&[0x55; 100])?)?;
    // The flag may change in transit.
    whole[6] = 0;
    let sum = super::ip::ipv4_checksum(&whole[..20]).to_be_bytes();
    whole[10..12].copy_from_slice(&sum);
    let mut parts = Vec::new();
    let mut fragments = Fragments::new(&whole, 92, 0)?;
    let mut buffer = [0; 92];
    while let Some(len) = fragments.emit_next(&mut buffer)? {
        parts.push(buffer[..len].to_vec());
    }
    packets.extend(parts.into_iter().rev());
    frames(&packets)
}

/// Packets that depart from RFC 4302, and packets that are not valid AH.
pub(super) fn departures() -> Result<Frames> {
    let good = |number: u64| -> Result<Vec<u8>> {
        let mut sa = sa(0x101, SHA1)?.resumed_after(SequenceNumber(number - 1));
        protect(&mut sa, &inner_ipv4(b"payload")?)
    };
    let changed = |number: u64, at: usize, octet: u8| -> Result<Vec<u8>> {
        let mut packet = good(number)?;
        *packet.get_mut(at).context("an octet of the packet")? = octet;
        Ok(packet)
    };
    let mut padded = sa(0x103, SHA256)?.with_quirks(Quirks::NONE.with_64_bits());
    let mut misaligned = protect(&mut sa(0x104, SHA256)?, &inner_ipv6(b"payload")?)?;
    // The header is one word shorter, without the padding.
    misaligned.drain(40 + 28..40 + 32);
    misaligned[41] = 5;
    misaligned[5] -= 4;
    let packets = [
        // The reserved word is not zero. The ICV covers it.
        behind(&with_options(&[])?, Quirks::NONE, 0xbeef, 1)?,
        // The ICV covers the TTL, as with keepalived.
        behind(&with_options(&[])?, Quirks::NONE.with_time_to_live(), 0, 2)?,
        // The ICV is padded to 64 bits in IPv4, as with Linux.
        protect(&mut padded, &inner_ipv4(b"payload")?)?,
        misaligned,
        // Reserved SPIs.
        protect(&mut sa(255, SHA1)?, &inner_ipv4(b"payload")?)?,
        changed(1, 27, 0)?,
        // A wrong ICV, then the right one, then the same packet again, then one that skips sequence numbers, and an
        // old one.
        changed(2, 40, 0xff)?,
        good(2)?,
        good(2)?,
        good(2000)?,
        good(3)?,
        // Payload lengths: 0, one without room for an ICV, one for another algorithm, and one beyond the packet.
        changed(2001, 21, 0)?,
        changed(2002, 21, 1)?,
        changed(2003, 21, 5)?,
        changed(2004, 21, 200)?,
        // An unknown protocol inside, and then an empty payload.
        protect(&mut sa(0x105, SHA1)?, &unknown()?)?,
        good(2005)?[..20 + 24].to_vec(),
    ];
    frames(&packets)
}

/// A packet of an unknown protocol.
fn unknown() -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    PacketBuilder::ipv4(HERE, THERE, 63).write(&mut octets, IpNumber(253), b"nobody knows")?;
    Ok(octets)
}

fn frames(packets: &[Vec<u8>]) -> Result<Frames> {
    let mut last = Vec::new();
    for (number, packet) in (0u64..).zip(packets) {
        let mut packet = packet.clone();
        // The frame that is cut has its length on the wire.
        if packet[0] == 0x45 && usize::from(u16::from_be_bytes([packet[2], packet[3]])) > packet.len() {
            let len = u16::try_from(packet.len())?.to_be_bytes();
            packet[2..4].copy_from_slice(&len);
            let sum = super::ip::ipv4_checksum(&packet[..20]).to_be_bytes();
            packet[10..12].copy_from_slice(&sum);
        }
        last.push((number * 100_000, ethernet(&packet)));
    }
    Ok(last)
}
