//! Octets that no handler dissects may be keys. No sink shows them unless the user asks for them.

use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::record::Records;
use vpnwire_dissect::sinks::statistics::{Counter, Limits};
use vpnwire_dissect::sinks::{Json, Line, Output, Roundtrip, Tree};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, HELLO, ethernet, fragment_v4, ipv4, ipv6, tag, udp};

/// Sixteen octets that can be found again in text, for any octets before and after them.
const KEY: &[u8; 16] = b"vpnwire-key-0123";

/// Returns as many keys as fill this many octets.
fn keys(len: usize) -> Vec<u8> {
    KEY.iter().copied().cycle().take(len).collect()
}

fn tlv(kind: u16, header_len: usize, value: &[u8]) -> Vec<u8> {
    let len = u16::try_from(header_len + value.len()).unwrap();
    [&kind.to_be_bytes()[..], &len.to_be_bytes(), value].concat()
}

/// Returns an SCTP packet with these octets after its header. Its checksum is right or wrong.
fn sctp(chunks: &[u8]) -> Vec<u8> {
    let octets = [&[0x13, 0x88, 0x13, 0x88, 0, 0, 0, 1, 0, 0, 0, 0], chunks].concat();
    ipv4(132, &octets)
}

/// Returns an ISAKMP message: identity protection, with a first payload of this type.
fn isakmp(first: u8, flags: u8, payloads: &[u8]) -> Vec<u8> {
    let mut octets = [&[1; 16][..], &[first, 0x10, 2, flags, 0, 0, 0, 0], &[0; 4], payloads].concat();
    let len = u32::try_from(octets.len()).unwrap();
    octets[24..28].copy_from_slice(&len.to_be_bytes());
    ipv4(17, &udp(500, 500, &octets))
}

/// Returns an ISAKMP payload, the last one of its chain.
fn payload(value: &[u8]) -> Vec<u8> {
    tlv(0, 4, value)
}

/// Returns an NHRP registration request after GRE, with these extensions and this packet type.
fn nhrp(packet_type: u8, mandatory: &[u8], extensions: &[u8], behind: &[u8]) -> Vec<u8> {
    let extension_offset = u16::try_from(20 + mandatory.len()).unwrap();
    let size = extension_offset + u16::try_from(extensions.len()).unwrap();
    let mut octets = vec![0, 1, 8, 0, 0, 0, 0, 0, 0, 255];
    octets.extend(size.to_be_bytes());
    octets.extend([0, 0]);
    octets.extend(if extensions.is_empty() { 0 } else { extension_offset }.to_be_bytes());
    octets.extend([1, packet_type, 4, 0]);
    octets.extend([mandatory, extensions, behind].concat());
    ipv4(47, &[&[0, 0, 0x20, 1], &octets[..]].concat())
}

/// Returns the common part of a request, with addresses of four octets and no entry.
fn mandatory() -> Vec<u8> {
    let head = [4, 4, 0, 0, 0, 0, 0, 1];
    [&head[..], &[192, 0, 2, 1], &[10, 0, 0, 1], &[10, 0, 0, 2]].concat()
}

/// Returns frames that carry keys in octets that no handler dissects, each with its name.
fn carriers() -> Vec<(&'static str, Vec<u8>)> {
    let key = keys(64);
    let spi = [0, 0, 0x77, 0x77, 0, 0, 0, 1];
    let chunk = |kind: u8, flags: u8, value: &[u8]| tlv(u16::from_be_bytes([kind, flags]), 4, value);
    let packets = [
        ("UDP on a port of nobody's", ipv4(17, &udp(40_000, 40_001, &key))),
        (
            "VXLAN",
            ipv4(17, &udp(40_000, 4789, &[&[8, 0, 0, 0, 0, 0, 1, 0][..], &ethernet(0x0800, &key)].concat())),
        ),
        ("GENEVE", ipv4(17, &udp(40_000, 6081, &[&[0, 0, 0x65, 0x58, 0, 0, 1, 0][..], &key].concat()))),
        ("GTP-U", ipv4(17, &udp(2152, 2152, &[&[0x30, 0xff, 0, 64, 0, 0, 0, 1][..], &key].concat()))),
        ("L2TP", ipv4(17, &udp(1701, 1701, &[&[0, 2, 0, 1, 0, 1][..], &key].concat()))),
        ("an IP protocol of nobody's", ipv4(253, &key)),
        ("a fragment that is never whole", fragment_v4(7, 800, true, &key)),
        ("hop-by-hop options", ipv6(0, &[&[253, 7, 1, 60][..], &key].concat())),
        ("ESP without keys", ipv4(50, &[&spi[..], &key].concat())),
        ("ESP in UDP", ipv4(17, &udp(4500, 4500, &[&spi[..], &key].concat()))),
        ("AH", ipv4(51, &[&[253, 4, 0, 0][..], &spi, &[9; 12], &key].concat())),
        ("the ICV of AH", ipv4(51, &[&[253, 17, 0, 0][..], &spi, &key].concat())),
        ("GRE for a protocol of nobody's", ipv4(47, &[&[0, 0, 0x12, 0x34][..], &key].concat())),
        (
            "GRE with a wrong checksum",
            ipv4(47, &[&[0x80, 0, 8, 0, 1, 1, 0, 0][..], &ipv4(17, &udp(1, 2, &key))].concat()),
        ),
        (
            "a route in GRE",
            ipv4(47, &[&[0x40, 0, 8, 0, 0, 0, 0, 0, 0, 2, 0, 64][..], &key, &[0; 4]].concat()),
        ),
        ("GRE version 1", ipv4(47, &[&[0x30, 0x81, 0x88, 0x0b, 0, 64, 0, 1, 0, 0, 0, 1][..], &key].concat())),
        ("behind NHRP", nhrp(3, &mandatory(), &[], &key)),
        (
            "an unknown extension of NHRP",
            nhrp(3, &mandatory(), &[tlv(77, 0, &key), vec![0x80, 0, 0, 0]].concat(), &[]),
        ),
        (
            "a vendor's extension of NHRP",
            nhrp(
                3,
                &mandatory(),
                &[tlv(8, 0, &[&[9, 9, 9], &key[..]].concat()), vec![0x80, 0, 0, 0]].concat(),
                &[],
            ),
        ),
        ("an unknown packet type of NHRP", nhrp(77, &[&mandatory()[..], &key].concat(), &[], &[])),
        (
            "a quotation of NHRP",
            nhrp(
                7,
                &[&[4, 4, 0, 0, 0, 1, 0, 0, 192, 0, 2, 1, 10, 0, 0, 1, 10, 0, 0, 2], &key[..]].concat(),
                &[],
                &[],
            ),
        ),
        ("an unknown chunk", sctp(&chunk(0x3f, 0, &key))),
        (
            "user data of nobody's",
            sctp(&chunk(0, 3, &[&[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0][..], &key].concat())),
        ),
        ("a chunk that says it is longer", sctp(&[&[0, 3, 0x40, 0], &key[..]].concat())),
        ("a chunk shorter than its header", sctp(&[&[0, 3, 0, 2], &key[..]].concat())),
        ("an unknown parameter", sctp(&chunk(1, 0, &[&[0; 16][..], &tlv(0x8123, 4, &key)].concat()))),
        ("a cookie", sctp(&chunk(10, 0, &key))),
        ("an unknown cause", sctp(&chunk(9, 0, &tlv(0x7777, 4, &key)))),
        ("an unknown payload", isakmp(200, 0, &payload(&key))),
        ("an encrypted message", isakmp(8, 1, &key)),
        ("a certificate", isakmp(6, 0, &payload(&[&[4], &key[..]].concat()))),
        ("a notification", isakmp(11, 0, &payload(&[&[0, 0, 0, 1, 1, 0, 0x90, 0], &key[..]].concat()))),
        ("a fragment of ISAKMP", isakmp(132, 0, &payload(&[&[0, 1, 1, 0], &key[..]].concat()))),
        ("behind the payloads", isakmp(0, 0, &key)),
        ("a payload shorter than its header", isakmp(13, 0, &[&[0, 0, 0, 2], &key[..]].concat())),
        ("an identity of ASN.1", isakmp(5, 0, &payload(&[&[9, 0, 0, 0], &key[..]].concat()))),
        ("an unknown TLV of HSRP", ipv4(17, &udp(1985, 1985, &[&HELLO[..], &[99, 64], &key].concat()))),
        (
            "a TLV of HSRP that is too long",
            ipv4(17, &udp(1985, 1985, &[&HELLO[..], &[4, 255], &key].concat())),
        ),
        ("port 5000 of SCTP's", ipv4(17, &udp(5000, 5000, &key))),
    ];
    let mut options = ipv4(17, &udp(1, 2, &[]));
    options[0] = 0x4f;
    options.splice(20..20, keys(40));
    let len = u16::try_from(options.len()).unwrap();
    options[2..4].copy_from_slice(&len.to_be_bytes());
    let hello = built::hello_v4();
    let mut frames: Vec<_> = packets
        .into_iter()
        .map(|(name, packet)| (name, ethernet(if packet[0] >> 4 == 6 { 0x86dd } else { 0x0800 }, &packet)))
        .collect();
    frames.extend([
        ("options of IP", ethernet(0x0800, &options)),
        ("a trailer", ethernet(0x0800, &[&hello[..], &key].concat())),
        ("a trailer behind a tag", ethernet(0x8100, &tag(5, 0x0800, &[&hello[..], &key].concat()))),
        ("an ethertype of nobody's", ethernet(0x88b5, &key)),
        ("ARP", ethernet(0x0806, &[&[0, 1, 8, 0, 6, 4, 0, 1], &key[..]].concat())),
        ("a frame of 802.3", ethernet(64, &key)),
        ("MPLS", ethernet(0x8847, &[&[0, 1, 1, 64], &key[..]].concat())),
    ]);
    frames
}

fn output(mut sink: impl Output, octets: &[u8]) -> String {
    let mut dissector = Dissector::new(Options::default());
    dissector.frame(built::frame(LinkType::ETHERNET, octets), &mut sink);
    String::from_utf8(std::mem::take(sink.output())).unwrap()
}

/// Returns the records as debug output. Octets are numbers there, so they are written in hexadecimal.
fn records(octets: &[u8]) -> String {
    let mut text = String::new();
    let mut sink = Records::new(|record| text.push_str(&format!("{record:02x?}\n")));
    Dissector::new(Options::default()).frame(built::frame(LinkType::ETHERNET, octets), &mut sink);
    text
}

/// Returns the statistics as debug output.
fn statistics(octets: &[u8]) -> String {
    let mut counter = Counter::new(Limits::default());
    Dissector::new(Options::default()).frame(built::frame(LinkType::ETHERNET, octets), &mut counter);
    format!("{:02x?}", counter.statistics())
}

/// Whether eight consecutive octets of the key are present, as text or as digits.
fn holds_key(text: &str) -> bool {
    let plain: String =
        text.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    KEY.windows(8).any(|part| {
        let digits: String = part.iter().map(|octet| format!("{octet:02x}")).collect();
        plain.contains(std::str::from_utf8(part).unwrap()) || plain.contains(&digits)
    })
}

#[test]
fn octets_that_nobody_took_apart_are_shown_only_when_asked_for() {
    let mut shown = 0;
    for (name, octets) in carriers() {
        for text in [
            output(Tree::new(false, false), &octets),
            output(Json::new(), &octets),
            output(Line::new(false).with_debug_lines(true), &octets),
            output(Roundtrip::new(true), &octets),
            records(&octets),
            statistics(&octets),
        ] {
            assert!(!holds_key(&text), "{name}: {text}");
        }
        assert!(holds_key(&output(Tree::new(false, true), &octets)), "{name}: the dump has all octets");
        shown += usize::from(holds_key(&output(Json::new().with_octets(true), &octets)));
    }
    assert!(shown > 25, "{shown} of {} are fields", carriers().len());
}
