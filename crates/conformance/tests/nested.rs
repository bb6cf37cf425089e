//! Tests ESP inside ESP: a tunnel in a tunnel, of which only the encryption keys are known.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use conformance::{captures, datagrams, hex};
use crypto::cipher::{Cbc, TripleDes};
use ipsec::esp::{Header, Trailer};
use ipsec::ip::v4;
use ipsec::{NextHeader, Secret, Spi};
use needs::needs;
use vpnwire_conformance as conformance;

/// The number of octets of an ICV of 96 bits.
const ICV_LEN: usize = 12;

/// Decrypts one layer, and checks that encrypting it again gives the same octets.
fn layer(packet: &[u8], spi: Spi, key: &str) -> Vec<u8> {
    let (header, rest) = Header::parse_prefix(packet).unwrap();
    assert_eq!(header.spi, spi);
    let (iv, rest) = rest.split_at(8);
    let mut text = rest[..rest.len() - ICV_LEN].to_vec();
    let cbc = Cbc::<TripleDes>::new(Secret::new(&hex(key))).unwrap();
    cbc.decrypt_text(iv, &mut text).unwrap();
    let (payload, trailer) = Trailer::split(&text).unwrap();
    assert_eq!((trailer.next_header, trailer.check_monotonic()), (NextHeader::IPV4, Ok(())));
    let payload = payload.to_vec();
    cbc.encrypt_text(iv, &mut text).unwrap();
    assert_eq!(text, rest[..rest.len() - ICV_LEN]);
    payload
}

/// The keys are those of `esp-secrets.txt`. `tcpdump -E` shows eight packets, each a ping of 84 octets in two tunnels.
#[needs(captures)]
#[test]
fn a_tunnel_in_a_tunnel() {
    let folder = captures();
    let mut count = 0;
    for datagram in datagrams(&folder.join("tcpdump/08-sunrise-sunset-esp2.pcap")) {
        let outer = "43434545464649494a4a4c4c4f4f51515252545457575840";
        let inner = "434545464649494a4a4c4c4f4f5151525254545757584043";
        let packet = layer(&datagram.payload, Spi(0x1234_5678), outer);
        let (header, payload) = v4::Header::parse(&packet).unwrap();
        assert_eq!((header.protocol, header.destination), (NextHeader::ESP, [192, 0, 1, 1].into()));
        let packet = layer(payload, Spi(0xabcd_abcd), inner);
        let (header, payload) = v4::Header::parse(&packet).unwrap();
        assert_eq!((header.protocol, payload.len()), (NextHeader::ICMP, 64));
        assert_eq!((header.source, header.destination), ([192, 0, 2, 1].into(), [192, 0, 1, 1].into()));
        count += 1;
    }
    assert_eq!(count, 8);
}
