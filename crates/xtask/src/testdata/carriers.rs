//! A capture of what carries IP and has no crate here: links, tunnels, ARP, ICMP and TCP.

use anyhow::Result;
use etherparse::PacketBuilder;
use hsrp::{Opcode, v1};
use pcap_file::DataLink;

use super::Frames;
use super::hsrp::{PRIMARY, hello};

const ROUTER: [u8; 4] = [192, 0, 2, 1];
const HOST: [u8; 4] = [198, 51, 100, 2];
const ROUTER_MAC: [u8; 6] = [0, 0, 0x0c, 7, 0xac, 1];
const HOST_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];
const EVERYBODY: [u8; 6] = [0xff; 6];
const NOBODY: [u8; 6] = [0; 6];

pub(super) fn ethernet(ethertype: u16, payload: &[u8]) -> Vec<u8> {
    [&HOST_MAC[..], &ROUTER_MAC, &ethertype.to_be_bytes(), payload].concat()
}

pub(super) fn written(
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), etherparse::err::packet::BuildWriteError>,
) -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    write(&mut octets)?;
    Ok(octets)
}

pub(super) fn udp(source: u16, destination: u16, payload: &[u8]) -> Result<Vec<u8>> {
    let builder = PacketBuilder::ipv4(ROUTER, HOST, 64).udp(source, destination);
    written(|octets| builder.write(octets, payload))
}

fn ip(protocol: u8, payload: &[u8]) -> Result<Vec<u8>> {
    let builder = PacketBuilder::ipv4(ROUTER, HOST, 64);
    written(|octets| builder.write(octets, protocol.into(), payload))
}

pub(super) fn icmp(kind: u8, code: u8, word: [u8; 4], payload: &[u8]) -> Result<Vec<u8>> {
    let builder = PacketBuilder::ipv4(HOST, ROUTER, 255).icmpv4_raw(kind, code, word);
    written(|octets| builder.write(octets, payload))
}

pub(super) fn icmpv6(kind: u8, code: u8, word: [u8; 4], payload: &[u8]) -> Result<Vec<u8>> {
    let router = "fe80::5:73ff:fea0:1".parse::<std::net::Ipv6Addr>()?.octets();
    let all = "ff02::1".parse::<std::net::Ipv6Addr>()?.octets();
    let builder = PacketBuilder::ipv6(router, all, 255).icmpv6_raw(kind, code, word);
    written(|octets| builder.write(octets, payload))
}

fn arp(operation: u8, sender: ([u8; 6], [u8; 4]), target: ([u8; 6], [u8; 4])) -> Vec<u8> {
    let packet = [&[0, 1, 8, 0, 6, 4, 0, operation][..], &sender.0, &sender.1, &target.0, &target.1].concat();
    ethernet(0x0806, &packet)
}

/// ESP that nobody can open.
fn esp(sequence_number: u8, len: usize) -> Vec<u8> {
    [&[0, 0, 0x10, 1, 0, 0, 0, sequence_number][..], &vec![0xee; len]].concat()
}

/// The links of their own types, each with the same Hello.
fn links(packet: &[u8]) -> Result<Vec<(DataLink, Frames)>> {
    let len = u8::try_from(packet.len())?;
    let nflog = [
        &[2, 0, 0, 7][..],
        &[8, 0, 1, 0, 8, 0, 3, 0],
        &[5, 0, 10, 0, b'x', 0, 0, 0],
        &[8, 0, 4, 0, 0, 0, 0, 2],
        &[8, 0, 11, 0, 0, 0, 0, 33],
        &[len + 4, 0, 9, 0],
        packet,
    ];
    let with = |header: &[u8]| (0, [header, packet].concat());
    Ok(vec![
        (DataLink::from(239), vec![(0, nflog.concat())]),
        (DataLink::from(109), vec![with(&[2, 0, 0, 0, 0, 0, 0x10, 1, 0, 0x0c, 0, 0])]),
        (
            DataLink::from(9),
            vec![with(&[0xff, 3, 0, 0x21]), with(&[0x21]), (0, vec![0xff, 3, 0x00, 0xfd, 0x90, 0x01])],
        ),
        (DataLink::from(50), vec![with(&[0xff, 3, 0, 0x21]), with(&[0x0f, 0, 8, 0])]),
        (DataLink::from(104), vec![with(&[0x0f, 0, 8, 0])]),
        (DataLink::from(51), vec![with(&[0x11, 0, 0, 0x11, 0, len + 2, 0, 0x21])]),
        (DataLink::from(219), vec![with(&[0, 1, 1, 64])]),
    ])
}

/// What stands in Ethernet: announcements, errors, labels and tunnels.
fn in_ethernet(packet: &[u8]) -> Result<Frames> {
    let len = u8::try_from(packet.len())?;
    let virtual_ip = [192, 0, 2, 254];
    let inner = ethernet(0x0800, packet);
    let isl_len = u16::try_from(12 + inner.len() + 4)?.to_be_bytes();
    let isl = [
        &[1, 0, 0x0c, 0, 0, 0][..],
        &ROUTER_MAC,
        &isl_len,
        &[0xaa, 0xaa, 3, 0, 0, 0x0c, 0, 201, 0, 9, 0, 0],
        &inner,
        &[0xde, 0xad, 0xbe, 0xef],
    ];
    let sent = ip(50, &esp(5, 80))?;
    let target = "fe80::5:73ff:fea0:1".parse::<std::net::Ipv6Addr>()?.octets();
    let link_address = [2, 1, 0, 5, 0x73, 0xa0, 0, 1];
    let prefix = [&[3, 4, 64, 0xc0][..], &[0xff; 8], &[0; 4], &target].concat();
    let advertised =
        [&[0; 8][..], &[1, 1, 0, 5, 0x73, 0xa0, 0, 1], &[5, 1, 0, 0, 0, 0, 5, 0xdc], &prefix].concat();
    let sent_v6 = [&[0x60, 0, 0, 0, 0, 88, 50, 64][..], &target, &target, &esp(6, 80)].concat();
    let ppp = [&[0xff, 3, 0, 0x21][..], packet].concat();
    let pptp = [&[0x30, 1, 0x88, 0x0b, 0, len + 4, 0, 5, 0, 0, 0, 1][..], &ppp].concat();
    let tcp = PacketBuilder::ipv4(ROUTER, HOST, 64).tcp(4500, 40_000, 7, 8192).ack(9).psh();
    let stream = [b"IKETCP".as_slice(), &[0, 50], &esp(7, 40), &[0, 40], &esp(8, 30)].concat();
    let v4 = [
        udp(50_000, 4754, &[&[0, 0, 8, 0], packet].concat())?,
        ip(47, &[&[0, 0, 0x88, 0x3e, 0x80, 0x33, 1, 2], packet].concat())?,
        ip(47, &pptp)?,
        ip(137, &[&[0, 1, 1, 64], packet].concat())?,
        udp(500, 500, &[&[0; 8][..], &esp(9, 48)].concat())?,
        written(|octets| tcp.write(octets, &stream))?,
        icmp(8, 0, [0x12, 0x34, 0, 7], b"abcdefgh")?,
        icmp(0, 0, [0x12, 0x34, 0, 7], b"abcdefgh")?,
        icmp(3, 4, [0, 0, 5, 0x78], &sent[..28])?,
        icmp(3, 2, [0; 4], &sent)?,
        icmp(5, 1, [192, 0, 2, 3], &sent[..28])?,
        icmp(11, 0, [0; 4], &sent[..28])?,
        icmp(12, 0, [9, 0, 0, 0], &sent[..28])?,
    ];
    let v6 = [
        icmpv6(128, 0, [0, 9, 0, 4], b"abcdefgh")?,
        icmpv6(2, 0, [0, 0, 5, 0], &sent_v6)?,
        icmpv6(135, 0, [0; 4], &[&target[..], &[1, 1, 2, 0, 0, 0, 0, 9]].concat())?,
        icmpv6(136, 0, [0xa0, 0, 0, 0], &[&target[..], &link_address].concat())?,
        icmpv6(134, 0, [64, 8, 7, 8], &advertised)?,
    ];
    let mut frames = vec![
        arp(1, (ROUTER_MAC, virtual_ip), (EVERYBODY, virtual_ip)),
        arp(2, (ROUTER_MAC, virtual_ip), (EVERYBODY, virtual_ip)),
        arp(1, (ROUTER_MAC, virtual_ip), (NOBODY, virtual_ip)),
        arp(1, (HOST_MAC, HOST), (NOBODY, virtual_ip)),
        arp(2, (ROUTER_MAC, virtual_ip), (HOST_MAC, HOST)),
        arp(1, (HOST_MAC, [0; 4]), (NOBODY, HOST)),
        isl.concat(),
        ethernet(0x8863, &[0x11, 9, 0, 0, 0, 12, 1, 1, 0, 0, 1, 3, 0, 4, 1, 2, 3, 4]),
        ethernet(0x8864, &[&[0x11, 0, 0x21, 0x75, 0, len + 2, 0, 0x21], packet].concat()),
        ethernet(0x8847, &[&[0, 1, 0x0a, 64, 0, 1, 0x11, 63], packet].concat()),
    ];
    frames.extend(v4.iter().map(|packet| ethernet(0x0800, packet)));
    frames.extend(v6.iter().map(|packet| ethernet(0x86dd, packet)));
    Ok((0..).step_by(100_000).zip(frames).collect())
}

/// A Hello of the active router in whatever carries it, and the packets around it.
pub(super) fn carriers() -> Result<Vec<(DataLink, Frames)>> {
    let hello = hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?;
    let (_, packet) = hello.split_at(14);
    let mut all = vec![(DataLink::ETHERNET, in_ethernet(packet)?)];
    all.extend(links(packet)?);
    Ok(all)
}
