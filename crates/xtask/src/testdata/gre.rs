//! Captures of GRE: every form of its header, and every protocol that can be inside.

use ::gre::{CiscoMetaData, Emit, Header, Packet, ProtocolType};
use anyhow::Result;
use etherparse::{IpNumber, PacketBuilder};

use super::Frames;

const HERE: [u8; 4] = [192, 0, 2, 7];
const THERE: [u8; 4] = [192, 0, 2, 6];

/// Ethernet and IPv4 around a GRE packet.
pub(super) fn in_ipv4(
    source: [u8; 4],
    destination: [u8; 4],
    protocol: u8,
    payload: &[u8],
) -> Result<Vec<u8>> {
    let [_, _, c, d] = source;
    let mut frame = Vec::new();
    PacketBuilder::ethernet2([2, 0, 0, 0, c, d], [2, 0, 0, 0, 0, 1]).ipv4(source, destination, 255).write(
        &mut frame,
        IpNumber(protocol),
        payload,
    )?;
    frame.resize(frame.len().max(60), 0);
    Ok(frame)
}

fn tunnelled(header: Header, payload: &[u8]) -> Result<Vec<u8>> {
    Ok(Packet { header, payload }.to_vec()?)
}

fn plain(protocol_type: ProtocolType, payload: &[u8]) -> Result<Vec<u8>> {
    tunnelled(Header::new(protocol_type), payload)
}

/// A packet inside the tunnel: UDP to an unknown port.
fn inner_ipv4(payload: &[u8]) -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    PacketBuilder::ipv4([10, 0, 1, 1], [10, 0, 2, 1], 63).udp(50_000, 50_001).write(&mut octets, payload)?;
    Ok(octets)
}

fn inner_ipv6() -> Result<Vec<u8>> {
    let (mut source, mut destination) = ([0; 16], [0; 16]);
    source[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
    destination[..5].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8, 1]);
    let mut octets = Vec::new();
    PacketBuilder::ipv6(source, destination, 63).udp(50_000, 50_001).write(&mut octets, b"over IPv6")?;
    Ok(octets)
}

/// A frame inside the tunnel, padded to the least size.
fn inner_frame() -> Result<Vec<u8>> {
    let mut octets = vec![2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1, 8, 0];
    octets.extend(inner_ipv4(b"bridged")?);
    octets.resize(60, 0);
    Ok(octets)
}

/// A keepalive as it is sent. It contains the packet that comes back.
fn keepalive(key: Option<u32>) -> Result<(Vec<u8>, Vec<u8>)> {
    let returned = tunnelled(Header { key, ..Header::new(ProtocolType::KEEPALIVE) }, &[])?;
    let mut inner = Vec::new();
    PacketBuilder::ipv4(THERE, HERE, 255).write(&mut inner, IpNumber(47), &returned)?;
    let header = Header { key, ..Header::new(ProtocolType::IPV4) };
    Ok((tunnelled(header, &inner)?, returned))
}

/// Every form of the header, and every protocol that is dissected inside.
pub(super) fn forms() -> Result<Frames> {
    let inner = inner_ipv4(b"through the tunnel")?;
    let full = Header {
        reserved0: 0,
        protocol_type: ProtocolType::IPV4,
        reserved1: Some(0),
        key: Some(1000),
        sequence_number: Some(0),
    };
    let (request, returned) = keepalive(None)?;
    let (request_with_key, returned_with_key) = keepalive(Some(40))?;
    let tagged = {
        let tag = CiscoMetaData {
            protocol_type: ProtocolType::IPV4,
            version: 1,
            options: 1,
            security_group_tag: 100,
            payload: &inner,
        };
        let mut octets = vec![0; tag.wire_len()];
        tag.emit(&mut octets)?;
        octets
    };
    let packets = [
        plain(ProtocolType::IPV4, &inner)?,
        tunnelled(Header { key: Some(0xc0a8_0001), ..Header::new(ProtocolType::IPV4) }, &inner)?,
        tunnelled(full, &inner)?,
        tunnelled(Header { sequence_number: Some(1), ..full }, &inner)?,
        plain(ProtocolType::IPV6, &inner_ipv6()?)?,
        plain(ProtocolType::TRANSPARENT_ETHERNET_BRIDGING, &inner_frame()?)?,
        plain(ProtocolType::CISCO_META_DATA, &tagged)?,
        plain(ProtocolType::CDP, &[2, 180, 0, 0])?,
        plain(ProtocolType(0x7777), b"nobody knows")?,
        request,
        returned,
        request_with_key,
        returned_with_key,
    ];
    frames(packets)
}

/// ERSPAN: its three types, and the subheaders that platforms add to the third.
pub(super) fn erspan() -> Result<Frames> {
    let mirrored = inner_frame()?;
    let numbered = Header { sequence_number: Some(7), ..Header::new(ProtocolType::ERSPAN) };
    let mut packets = vec![
        plain(ProtocolType::ERSPAN, &mirrored)?,
        // This is VLAN 100, class of service 5, session 33, index 0x12345.
        tunnelled(numbered, &[&[0x10, 0x64, 0xa8, 0x21, 0, 0x01, 0x23, 0x45], &mirrored[..]].concat())?,
        // An unknown version.
        tunnelled(numbered, &[&[0x70, 0x64, 0xa8, 0x21], &mirrored[..]].concat())?,
    ];
    let third = |last: u8, more: &[u8], frame: &[u8]| {
        let mut octets = vec![0x20, 0x0a, 0x2c, 0x33, 0x70, 0x50, 0x7e, 0x55, 0, 9, 0x80, last];
        octets.extend(more);
        octets.extend(frame);
        plain(ProtocolType::ERSPAN_III, &octets)
    };
    packets.push(third(0x0e, &[], &mirrored)?);
    for platform in [0, 1, 3, 4, 5, 6, 7] {
        packets.push(third(0x07, &[platform << 2 | 1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef], &mirrored)?);
    }
    // An IP packet without an Ethernet header, and a header that ends too early.
    let mut bare = third(0x00, &[], &inner_ipv4(b"bare")?)?;
    bare[14] = 0x88;
    packets.push(bare);
    packets.push(plain(ProtocolType::ERSPAN_III, &[0x20, 0x0a, 0x2c, 0x33])?);
    frames(packets)
}

/// Headers that a receiver discards or may refuse: RFC 1701's, PPTP's, a wrong checksum, and reserved bits.
pub(super) fn departures() -> Result<Frames> {
    let inner = inner_ipv4(b"through the tunnel")?;
    let checked = Header { reserved1: Some(0), ..Header::new(ProtocolType::IPV4) };
    let mut wrong = tunnelled(checked, &inner)?;
    wrong[4] ^= 0x55;
    let reserved = Header { reserved0: 0x41, reserved1: Some(0xbeef), ..Header::new(ProtocolType::IPV4) };
    let mut routed = vec![0xc0, 0, 8, 0, 0x12, 0x34, 0, 4];
    // A source route entry of IPv4 addresses, of which the one at offset 4 is next, and the end of the routes.
    routed.extend([8, 0, 4, 8, 192, 0, 2, 1, 192, 0, 2, 2, 0, 0, 0, 0]);
    routed.extend(&inner);
    let strict = [&[0x08, 0, 8, 0], &inner[..]].concat();
    let bit_5 = [&[0x04, 0, 8, 0], &inner[..]].concat();
    // This is PPTP: version 1, key, sequence and acknowledgment number, and four octets of PPP.
    let enhanced = [0x30, 0x81, 0x88, 0x0b, 0, 4, 0, 23, 0, 0, 0, 9, 0, 0, 0, 8, 0xff, 3, 0xc0, 0x21];
    let missing = vec![0xb0, 0, 8, 0, 0x12, 0x34, 0, 0, 0, 0];
    let mut nested = plain(ProtocolType::IPV4, &inner)?;
    for _ in 0..40 {
        nested = plain(ProtocolType::IPV4, &in_tunnel(&nested)?)?;
    }
    let packets = [wrong, tunnelled(reserved, &inner_ipv4(b"reserved")?)?, routed, strict, bit_5]
        .into_iter()
        .chain([enhanced.to_vec(), missing, nested])
        // Further protocols that are not dissected inside, and headers without octets, of two octets, and without the
        // fields that their flags announce.
        .chain([
            [&[0x08, 0, 0x86, 0xdd], &inner_ipv6()?[..]].concat(),
            [&[0x04, 0, 0x65, 0x58], &inner_frame()?[..]].concat(),
            [&[0, 2, 0x20, 0x01], &super::nhrp::registration()?[..]].concat(),
            Vec::new(),
            vec![0xb0, 0],
            vec![0x10, 0, 8, 0, 0, 0, 0, 1],
        ]);
    frames(packets)
}

/// An IPv4 packet that carries GRE.
fn in_tunnel(packet: &[u8]) -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    PacketBuilder::ipv4([10, 9, 0, 1], [10, 9, 0, 2], 64).write(&mut octets, IpNumber(47), packet)?;
    Ok(octets)
}

/// The packets in IPv4, with a tenth of a second between them.
fn frames(packets: impl IntoIterator<Item = Vec<u8>>) -> Result<Frames> {
    let packets = (0..).zip(packets);
    packets.map(|(number, octets)| Ok((number * 100_000, in_ipv4(HERE, THERE, 47, &octets)?))).collect()
}
