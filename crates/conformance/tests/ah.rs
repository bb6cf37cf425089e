//! Real AH packets and published ones are verified and sealed again to the same octets. They are also sealed by an SA
//! from the packet without AH.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::collections::HashMap;
use std::path::Path;

use conformance::{captures, hex};
use ipsec::ah::{
    AnyIntegrity, Header, InboundSa, Integrity, OpenError, OutboundSa, Quirks, open_without_replay_check,
    strip_in_place,
};
use ipsec::ip::{Headers, IpError};
use ipsec::suite::{AesKey, Authentication};
use ipsec::{Esn, NextHeader, ParseError, ReplayError, Secret, SequenceNumber, Spi};
use serde_json::Value;
use vpnwire_conformance as conformance;

/// The IP packets of an Ethernet capture, without the padding of the link.
fn ip_packets(path: &Path) -> Vec<Vec<u8>> {
    conformance::frames(path)
        .into_iter()
        .filter_map(|frame| {
            let word = |at: usize| usize::from(u16::from_be_bytes([frame.octets[at], frame.octets[at + 1]]));
            let len = match word(12) {
                0x0800 => word(16),
                0x86dd => word(18) + 40,
                _ => return None,
            };
            frame.octets.get(14..14 + len).map(<[u8]>::to_vec)
        })
        .collect()
}

/// The packets in which AH follows the IP headers.
fn ah_packets(path: &Path) -> Vec<Vec<u8>> {
    ip_packets(path).into_iter().filter(|packet| Headers::before(NextHeader::AH, packet).is_ok()).collect()
}

/// Opens a packet, seals it again from its values, and seals it by an SA in the state of its sender's SA.
fn both_ways(sa: &mut InboundSa<AnyIntegrity>, integrity: impl Fn() -> AnyIntegrity, packet: &[u8]) -> bool {
    let mut forged = packet.to_vec();
    *forged.last_mut().unwrap() ^= 1;
    assert!(matches!(sa.open(&forged), Err(OpenError::NotAuthentic(_))));

    let opened = sa.open(packet).unwrap();
    let mut again = vec![0; packet.len()];
    let len = opened.seal_again(&integrity(), Esn::No, Quirks::NONE, &mut again).unwrap();
    assert_eq!((len, &again[..]), (packet.len(), packet));
    let tunnelled = opened.next_header == NextHeader::IPV4;
    let number = opened.sequence;

    let mut outbound =
        OutboundSa::new(sa.spi(), integrity(), Esn::No).resumed_after(SequenceNumber(number.0 - 1));
    let mut stripped = packet.to_vec();
    let stripped = strip_in_place(&mut stripped).unwrap();
    let mut buffer = vec![0xee; outbound.headroom()];
    buffer.extend_from_slice(stripped);
    let sealed = outbound.seal_in_place(&mut buffer, stripped.len());
    if opened.iv.is_empty() {
        assert_eq!(sealed.unwrap(), packet);
    } else {
        // The initialization vector of GMAC is the counter of the SA.
        assert!(InboundSa::<_>::new(sa.spi(), integrity(), Esn::No).open(sealed.unwrap()).is_ok());
    }

    assert_eq!(sa.open(packet), Err(ReplayError::Replayed { number }.into()));
    tunnelled
}

/// HMAC-SHA-1-96 with the keys A and B of the index. `tshark -r FILE -Y ah` shows 2 packets each.
#[needs(captures)]
#[test]
fn linux() {
    let folder = captures();
    let keys =
        HashMap::from([(Spi(256), hex(&"0123456789".repeat(4))), (Spi(257), hex(&"9876543210".repeat(4)))]);
    for (name, tunnelled) in [("ah-transport", 0), ("ah-tunnel-policy", 2)] {
        let packets = ah_packets(&folder.join(format!("linux-kernel/{name}__ping__veth2.pcap")));
        assert_eq!(packets.len(), 2, "{name}");
        let mut count = 0;
        for packet in packets {
            let (header, _) = Header::parse_prefix(&packet[20..]).unwrap();
            let integrity =
                || AnyIntegrity::new(Integrity::HMAC_SHA1, Secret::new(&keys[&header.spi])).unwrap();
            let mut sa = InboundSa::<_>::new(header.spi, integrity(), Esn::No);
            count += usize::from(both_ways(&mut sa, integrity, &packet));
        }
        assert_eq!(count, tunnelled, "{name}");
    }
}

/// Tests three of the 27 packets.
#[needs(captures)]
#[test]
fn packets_of_dpdk() {
    let folder = captures();
    let octets = std::fs::read(folder.join("vectors/dpdk_esp_ah_vectors.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&octets).unwrap();
    let mut count = 0;
    for vector in vectors["vectors"].as_array().unwrap().iter().filter(|vector| vector["proto"] == "AH") {
        let field = |name: &str| hex(vector[name].as_str().unwrap());
        let algorithm = match vector["algos"][0].as_str().unwrap() {
            "AUTH_SHA256_HMAC" => Integrity::Mac(Authentication::HmacSha256),
            "AUTH_AES_GMAC" => Integrity::AesGmac(AesKey::Bits128),
            other => panic!("{other}"),
        };
        let key = [field("auth_key"), field("salt")].concat();
        let integrity = || AnyIntegrity::new(algorithm, Secret::new(&key)).unwrap();
        let packet = field("output");
        let opened = open_without_replay_check(&integrity(), None, Quirks::NONE, &packet).unwrap();
        assert_eq!(u64::from(opened.spi.0), vector["spi"].as_u64().unwrap());
        let inner = field("input");
        let tunnel = vector["mode"] == "tunnel";
        assert_eq!(opened.payload, if tunnel { &inner[..] } else { &inner[20..] });
        assert_eq!(opened.iv, field("iv").get(..opened.iv.len()).unwrap());
        // By RFC 4302 section 2.2 and RFC 4543 the length is 5 words and 7 words.
        assert_eq!(packet[21], if opened.iv.is_empty() { 5 } else { 7 });
        let mut sa = InboundSa::<_>::new(opened.spi, integrity(), Esn::No);
        assert_eq!(both_ways(&mut sa, integrity, &packet), tunnel);
        count += 1;
    }
    assert_eq!(count, 3);
}

/// Packets of IOS with `ah-*-hmac esp-aes` in a tunnel, without known keys. A ping of 100 octets becomes 180, in which
/// ESP has no ICV of its own. `tshark -Y 'ah && esp'` shows 8.
#[needs(captures)]
#[test]
fn ios_bundle() {
    let folder = captures();
    let packets = ah_packets(&folder.join("cisco-ios/wireshark-capture-ipsec-ah-esp-tunnel.pcap"));
    assert_eq!(packets.len(), 8);
    for packet in packets {
        let (header, esp) = Header::parse_prefix(&packet[20..]).unwrap();
        assert_eq!((header.next_header, header.icv.len(), header.reserved), (NextHeader::ESP, 12, 0));
        let (esp_header, rest) = ipsec::esp::Header::parse_prefix(esp).unwrap();
        assert_eq!(esp_header.sequence_number, header.sequence_number);
        // The ESP payload is an initialization vector of AES and seven blocks.
        assert_eq!((packet.len(), rest.len()), (180, 16 + 7 * 16));
        let mut again = vec![0; header.wire_len()];
        header.emit(&mut again).unwrap();
        assert_eq!(again, packet[20..44]);
    }
}

/// OSPFv3 inside AH without known keys: 61 packets in tshark.
#[needs(captures)]
#[test]
fn ospf() {
    let folder = captures();
    let packets = ah_packets(&folder.join("tcpdump/OSPFv3_with_AH.pcap"));
    assert_eq!(packets.len(), 61);
    for packet in packets {
        let (header, rest) = Header::parse_prefix(&packet[40..]).unwrap();
        assert_eq!((header.next_header, header.spi), (NextHeader::OSPF, Spi(256)));
        // RFC 4302 section 3.3.3.2.1: the length is a multiple of 64 bits.
        assert_eq!((header.wire_len(), header.icv.len()), (24, 12));
        // OSPF has a length field of its own.
        assert_eq!(usize::from(u16::from_be_bytes([rest[2], rest[3]])), rest.len());
    }
}

/// The payload length is zero, which leaves no room for the fixed part.
#[needs(captures)]
#[test]
fn zero_length() {
    let folder = captures();
    let path = folder.join("zeek/testing__btest__Traces__ipv6_zero_len_ah.pcap");
    let mut count = 0;
    for packet in ip_packets(&path) {
        let Ok(headers) = Headers::before(NextHeader::AH, &packet) else { continue };
        let error = ParseError::PayloadLength { offset: 1, payload_len: 0 };
        assert_eq!(Header::parse_prefix(&packet[headers.len..]), Err(error));
        let integrity = AnyIntegrity::new(Integrity::HMAC_MD5, Secret::new(&[7; 16])).unwrap();
        let opened = open_without_replay_check(&integrity, None, Quirks::NONE, &packet);
        assert_eq!(opened, Err(OpenError::Header(error)));
        count += 1;
    }
    // One packet is quoted in an ICMP message. tshark shows it with the other.
    assert_eq!(count, 1);
}

/// Every packet of every capture that claims to have AH is read or refused, and a packet that is read is written back.
#[needs(captures)]
#[test]
fn every_capture() {
    let folder = captures();
    let (mut read, mut refused) = (0, 0);
    for path in conformance::capture_files(&folder) {
        for frame in conformance::frames(&path) {
            if u32::from(frame.link) != 1 || frame.octets.len() < 34 {
                continue;
            }
            let packet = &frame.octets[14..];
            // The octets after the packet belong to the link.
            let end = match ipsec::ip::v4::Header::parse_prefix(packet) {
                Ok((_, _, rest)) => packet.len() - rest.len(),
                Err(_) => continue,
            };
            match Headers::before(NextHeader::AH, &packet[..end]) {
                Ok(headers) => match Header::parse_prefix(&packet[headers.len..end]) {
                    Ok((header, _)) => {
                        let mut again = vec![0; header.wire_len()];
                        header.emit(&mut again).unwrap();
                        assert_eq!(again, packet[headers.len..headers.len + again.len()]);
                        read += 1;
                    }
                    Err(_) => refused += 1,
                },
                Err(IpError::Fragment { .. } | IpError::OtherProtocol { .. }) => {}
                Err(error) => panic!("{}: frame {}: {error}", path.display(), frame.number),
            }
        }
    }
    // tshark -Y 'ip && ah' over all on Ethernet: arkime 10 and 1, cisco-ios 8, linux-kernel 2 and 2, zeek-spicy-ipsec
    // 10.
    assert_eq!((read, refused), (33, 0));
}
