//! Keys in SCTP do not appear in any output, whatever carries SCTP.

use std::cell::Cell;

use ipsec::esp::{IvSource, OutboundSa};
use ipsec::{NextHeader, Secret};
use sctp::ChunkFlags;
use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::keys::{AhKeys, Algorithms, AssociationKeys};
use vpnwire_dissect::sinks::{Json, Line, Output, Roundtrip, Tree};
use vpnwire_dissect::{Dissector, Options};

use super::{WHOLE, data, packet};
use crate::built::{self, ethernet, ipv4, ipv6, udp};

/// The algorithms with which a peer in the tests protects packets. The dissector has the keys.
struct Sealers {
    keys: Vec<AssociationKeys>,
    number: Cell<u64>,
}

impl Sealers {
    const CLEAR: usize = 0;
    const TRIPLE_DES: usize = 1;
    const ROWS: [&str; 2] = [
        r#""IPv4","*","*","0x100","NULL","","HMAC-MD5-96 [RFC2403]","sixteen octets..""#,
        r#""IPv4","*","*","0x101","TripleDES-CBC [RFC2451]","eight ofeight onother.k.","HMAC-SHA-1-96 [RFC2404]","twenty octets of key""#,
    ];

    fn new() -> Self {
        let mut keys: Vec<AssociationKeys> = Self::ROWS.iter().map(|row| row.parse().unwrap()).collect();
        // There is no ICV, so a trailer can have any contents.
        keys.push("0x102@224.0.0.2 none:".parse().unwrap());
        Self { keys, number: Cell::new(0) }
    }

    fn dissector(&self) -> Dissector {
        let mut dissector = Dissector::new(Options::default());
        self.keys.iter().for_each(|keys| dissector.add_association(keys.clone()));
        dissector.add_association(
            "ah-sha-hmac:0xa5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5".parse::<AhKeys>().unwrap().0,
        );
        dissector
    }

    /// Returns the next sequence number, which is counted for all SAs together.
    fn next(&self) -> ipsec::SequenceNumber {
        self.number.set(self.number.get() + 1);
        ipsec::SequenceNumber(self.number.get() - 1)
    }

    fn esp(&self, which: usize, next_header: u8, payload: &[u8]) -> Vec<u8> {
        let Algorithms::Esp(suite, _) = &self.keys[which].algorithms else { panic!("verified") };
        let (encryption, authentication): (&[u8], &[u8]) = match which {
            Self::CLEAR => (b"", b"sixteen octets.."),
            _ => (b"eight ofeight onother.k.", b"twenty octets of key"),
        };
        let transform = suite.transform(Secret::new(encryption), Secret::new(authentication)).unwrap();
        let spi = ipsec::Spi(0x100 + which as u32);
        let sa = OutboundSa::new(spi, transform, ipsec::Esn::No);
        let mut sa = sa.resumed_after(self.next());
        let mut buffer = vec![0; payload.len() + 100];
        let headroom = sa.headroom();
        buffer[headroom..][..payload.len()].copy_from_slice(payload);
        let iv = IvSource::Octets(&[0x11; 8]);
        sa.seal_in_place(&mut buffer, payload.len(), NextHeader(next_header), iv).unwrap().to_vec()
    }

    /// Returns ESP without encryption whose pad length is greater than the text.
    fn broken(&self, payload: &[u8]) -> Vec<u8> {
        let number = u32::try_from(self.next().0).unwrap() + 1;
        [&[0, 0, 1, 2], &number.to_be_bytes()[..], payload, &[255, 132]].concat()
    }

    fn ah(&self, packet: &[u8]) -> Vec<u8> {
        let integrity = ipsec::ah::Integrity::HMAC_SHA1;
        let integrity = ipsec::ah::AnyIntegrity::new(integrity, Secret::new(&[0xa5; 20])).unwrap();
        let sa = ipsec::ah::OutboundSa::new(ipsec::Spi(0x1234), integrity, ipsec::Esn::No);
        let mut sa = sa.resumed_after(self.next());
        let mut buffer = vec![0; sa.headroom()];
        buffer.extend_from_slice(packet);
        sa.seal_in_place(&mut buffer, packet.len()).unwrap().to_vec()
    }
}

/// Turns an SCTP packet into IP packets that carry it.
type Carrier<'a> = Box<dyn Fn(&[u8]) -> Vec<Vec<u8>> + 'a>;

/// Returns all ways in which SCTP is carried, and whether the dissector reaches it. `redundancy inter-device` /
/// `security ipsec` carries it in ESP.
fn carriers(with: &Sealers) -> Vec<(&'static str, bool, Carrier<'_>)> {
    const ESP: u8 = 50;
    let clear = |next_header, payload: &[u8]| with.esp(Sealers::CLEAR, next_header, payload);
    let sealed = |next_header, payload: &[u8]| with.esp(Sealers::TRIPLE_DES, next_header, payload);
    let in_clear = move |next_header, payload: &[u8]| ipv4(ESP, &clear(next_header, payload));
    let in_sealed = move |next_header, payload: &[u8]| ipv4(ESP, &sealed(next_header, payload));
    let extension = |payload: &[u8]| [&[132, 0, 1, 4, 0, 0, 0, 0], payload].concat();
    let tunnelled = |payload: &[u8]| ipv4(132, payload);
    let bridged = move |payload: &[u8]| {
        let tag = [&[0, 7, 8, 0], &tunnelled(payload)[..]].concat();
        crate::tunnels::plain(0x6558, &ethernet(0x8100, &tag))
    };
    let of = |packet: Vec<u8>| vec![packet];
    vec![
        ("SCTP", true, Box::new(move |octets| of(ipv4(132, octets)))),
        ("SCTP in UDP", true, Box::new(move |octets| of(ipv4(17, &udp(9899, 9899, octets))))),
        ("in ESP in clear", true, Box::new(move |octets| of(in_clear(132, octets)))),
        ("in ESP", true, Box::new(move |octets| of(in_sealed(132, octets)))),
        ("in AH", true, Box::new(move |octets| of(with.ah(&ipv4(132, octets))))),
        ("in AH in ESP", true, Box::new(move |octets| of(in_sealed(4, &with.ah(&ipv4(132, octets)))))),
        (
            "in AH in ESP in clear",
            true,
            Box::new(move |octets| of(in_clear(51, &with.ah(&ipv4(132, octets))[20..]))),
        ),
        ("in ESP in clear in ESP", true, Box::new(move |octets| of(in_sealed(50, &clear(132, octets))))),
        (
            "in ESP in clear in UDP",
            true,
            Box::new(move |octets| of(ipv4(17, &udp(4500, 4500, &clear(132, octets))))),
        ),
        (
            "in ESP in clear in UDP in ESP",
            true,
            Box::new(move |octets| of(in_sealed(17, &udp(4500, 4500, &clear(132, octets))))),
        ),
        (
            "behind options of IPv6 in ESP",
            true,
            Box::new(move |octets| of(in_sealed(41, &ipv6(60, &extension(octets))))),
        ),
        ("in a bridged frame in ESP", true, Box::new(move |octets| of(in_sealed(47, &bridged(octets))))),
        (
            "in ESP, the next header another version's",
            true,
            Box::new(move |octets| of(in_sealed(41, &tunnelled(octets)))),
        ),
        (
            "in fragments in ESP",
            true,
            Box::new(move |octets| {
                let identification = (with.number.get() as u16).to_be_bytes();
                let at = 16;
                [(0, 1, &octets[..at]), (2, 0, &octets[at..])]
                    .map(|(offset, more, part)| {
                        let mut packet = ipv4(132, part);
                        packet[4..6].copy_from_slice(&identification);
                        packet[6..8].copy_from_slice(&[more << 5, offset]);
                        in_sealed(4, &packet)
                    })
                    .to_vec()
            }),
        ),
        ("in ESP whose trailer lies", false, Box::new(move |octets| of(ipv4(ESP, &with.broken(octets))))),
        (
            "in ESP in clear whose ICV is wrong",
            false,
            Box::new(move |octets| {
                let mut packet = in_clear(132, octets);
                *packet.last_mut().unwrap() ^= 1;
                of(packet)
            }),
        ),
        (
            "in ESP in clear that ends early",
            false,
            Box::new(move |octets| {
                let packet = clear(132, octets);
                of(ipv4(ESP, &packet[..packet.len() - 5]))
            }),
        ),
        (
            "in ESP, the header of the tunnel broken",
            false,
            Box::new(move |octets| {
                let mut packet = tunnelled(octets);
                packet[0] = 0x15;
                of(in_sealed(4, &packet))
            }),
        ),
    ]
}

/// No form of the output contains the octets of a key, whatever octets are around them.
#[test]
fn keys_go_into_no_output() {
    const KEY: &[u8] = b"\xc1vpnwire-secret\xc2";
    let octets = crate::ha::bundle(KEY);
    let ppid = hasync::profile::PAYLOAD_PROTOCOL_IDENTIFIER;
    let cut = octets.len() / 2;
    let mut damaged = packet(1, &[data(1, ppid, WHOLE, &octets)]);
    damaged[8] ^= 1;
    let mut lying = octets.clone();
    lying[3] ^= 0x40;
    let packets = [
        packet(1, &[data(1, ppid, WHOLE, &octets)]),
        packet(1, &[data(2, ppid, ChunkFlags::B, &octets[..cut])]),
        packet(1, &[data(3, ppid, ChunkFlags::E, &octets[cut..])]),
        damaged,
        packet(1, &[data(4, ppid, WHOLE, &lying)]),
    ];
    let hex: String = KEY.iter().map(|octet| format!("{octet:02x}")).collect();
    let sealers = Sealers::new();
    let mut seen = 0;
    for (name, is_reached, carrier) in carriers(&sealers) {
        let mut sinks = (Tree::new(false, false), Json::new(), Line::new(false).with_debug_lines(true));
        let mut roundtrip = Roundtrip::new(true);
        let mut dissectors: Vec<_> = (0..4).map(|_| sealers.dissector()).collect();
        for octets in packets.iter().flat_map(|octets| carrier(octets)) {
            let ethertype = if octets[0] >> 4 == 6 { 0x86dd } else { 0x0800 };
            let octets = ethernet(ethertype, &octets);
            let frame = built::frame(LinkType::ETHERNET, &octets);
            dissectors[0].frame(frame, &mut sinks.0);
            dissectors[1].frame(frame, &mut sinks.1);
            dissectors[2].frame(frame, &mut sinks.2);
            dissectors[3].frame(frame, &mut roundtrip);
        }
        for output in [sinks.0.output(), sinks.1.output(), sinks.2.output(), roundtrip.output()] {
            let text = String::from_utf8_lossy(output).into_owned();
            assert!(!is_reached || !text.is_empty(), "{name}");
            let plain = text.to_lowercase().replace([' ', ':', '\n'], "");
            assert!(!plain.contains(&hex) && !plain.contains("vpnwire-secret"), "{name}: {text}");
            seen += 1;
        }
        let text = String::from_utf8_lossy(roundtrip.output()).into_owned();
        let ha = roundtrip.counts().iter().find(|(protocol, _)| *protocol == "ha");
        if is_reached {
            assert!(text.contains("sctp corrected\n  expected "), "{name}: {text}");
            let ha = ha.unwrap().1;
            assert_eq!((ha.identical, ha.undecodable, ha.different), (3, 1, 0), "{name}");
        } else {
            assert!(ha.is_none_or(|(_, counts)| counts.seen == 0), "{name}: {ha:?}");
        }
    }
    assert_eq!(seen, 4 * 18);
}
