use super::*;

use etherparse::{IpFragOffset, IpNumber, Ipv4Header, PacketBuilder};

use crate::Options;
use keys::AssociationKeys;

const SCTP: [u8; 12] = [0; 12];
const IPV4: u8 = 4;
const IPV6: u8 = 41;
const UDP: u8 = 17;
const GRE: u8 = 47;
const ESP: u8 = 50;
const AH: u8 = 51;
const TCP: u8 = 6;
const SCTP_NUMBER: u8 = 132;

fn dissector(keys: &[&str]) -> Dissector {
    let mut options = Options::default();
    options.keys.associations = keys.iter().map(|keys| keys.parse::<AssociationKeys>().unwrap()).collect();
    Dissector::new(options)
}

fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut octets = Vec::new();
    let builder = PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
    builder.write(&mut octets, IpNumber(protocol), payload).unwrap();
    octets
}

fn ipv4_fragment(protocol: u8, offset: u16, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len()).unwrap();
    let mut header = Ipv4Header::new(len, 64, IpNumber(protocol), [10, 0, 0, 1], [10, 0, 0, 2]).unwrap();
    header.fragment_offset = IpFragOffset::try_new(offset).unwrap();
    header.more_fragments = true;
    [&header.to_bytes()[..], payload].concat()
}

fn ipv6(next_header: u8, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len()).unwrap().to_be_bytes();
    [&[0x60, 0, 0, 0, len[0], len[1], next_header, 64], &[1; 32][..], payload].concat()
}

/// Hop-by-hop options, a routing header and destination options look alike.
fn extension(next_header: u8, payload: &[u8]) -> Vec<u8> {
    [&[next_header, 0, 1, 4, 0, 0, 0, 0], payload].concat()
}

fn fragment_header(next_header: u8, offset: u16, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (offset << 3 | 1).to_be_bytes();
    [&[next_header, 0, high, low, 0, 0, 0, 7], payload].concat()
}

fn udp(source: u16, destination: u16, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len()).unwrap() + 8;
    let words = [source, destination, len, 0].map(u16::to_be_bytes).concat();
    [&words[..], payload].concat()
}

fn gre(protocol: u16, payload: &[u8]) -> Vec<u8> {
    [&[0, 0], &protocol.to_be_bytes()[..], payload].concat()
}

fn ah(next_header: u8, payload: &[u8]) -> Vec<u8> {
    [&[next_header, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], &[0xaa; 12][..], payload].concat()
}

fn esp(spi: u32, payload: &[u8]) -> Vec<u8> {
    [&spi.to_be_bytes()[..], &[0, 0, 0, 1], payload].concat()
}

fn ethernet(ethertype: u16, payload: &[u8]) -> Vec<u8> {
    [&[2; 12], &ethertype.to_be_bytes()[..], payload].concat()
}

fn tag(ethertype: u16, payload: &[u8]) -> Vec<u8> {
    [&[0, 7], &ethertype.to_be_bytes()[..], payload].concat()
}

#[track_caller]
fn assert_all(expected: bool, packets: impl IntoIterator<Item = (u8, Vec<u8>)>) {
    let dissector = dissector(&["none:"]);
    for (protocol, payload) in packets {
        assert_eq!(may_carry_sctp(&dissector, protocol, &payload), expected, "{protocol} {payload:02x?}");
    }
}

#[test]
fn sctp_is_found_behind_what_can_be_before_it() {
    let in_ipv4 = ipv4(SCTP_NUMBER, &SCTP);
    assert_all(
        true,
        [
            (SCTP_NUMBER, SCTP.to_vec()),
            (IPV4, in_ipv4.clone()),
            (IPV6, ipv6(SCTP_NUMBER, &SCTP)),
            (UDP, udp(9899, 9899, &SCTP)),
            (UDP, udp(9899, 1, &SCTP)),
            (UDP, udp(500, 9899, &SCTP)),
            (IPV4, ipv4(UDP, &udp(9899, 9899, &SCTP))),
            (GRE, gre(0x0800, &in_ipv4)),
            (IPV4, ipv4(GRE, &gre(0x0800, &in_ipv4))),
            (GRE, gre(0x6558, &ethernet(0x0800, &in_ipv4))),
            (GRE, gre(0x6558, &ethernet(0x8100, &tag(0x0800, &in_ipv4)))),
            (GRE, gre(0x6558, &ethernet(0x88a8, &tag(0x8100, &tag(0x0800, &in_ipv4))))),
            (GRE, gre(0x8909, &[&[8, 0, 1, 1, 0, 1, 0, 7], &in_ipv4[..]].concat())),
            (AH, ah(SCTP_NUMBER, &SCTP)),
            (AH, ah(IPV4, &in_ipv4)),
            (AH, ah(AH, &ah(SCTP_NUMBER, &SCTP))),
            (0, extension(SCTP_NUMBER, &SCTP)),
            (IPV6, ipv6(0, &extension(43, &extension(60, &extension(SCTP_NUMBER, &SCTP))))),
            (IPV6, ipv6(44, &fragment_header(SCTP_NUMBER, 0, &SCTP))),
            (IPV6, ipv6(AH, &ah(60, &extension(SCTP_NUMBER, &SCTP)))),
            (1, [&[3, 3, 0, 0, 0, 0, 0, 0], &in_ipv4[..]].concat()),
            (58, [&[1, 3, 0, 0, 0, 0, 0, 0], &ipv6(SCTP_NUMBER, &SCTP)[..]].concat()),
        ],
    );
}

#[test]
fn what_cannot_be_told_may_be_sctp() {
    let spi = 0x1234;
    let mut deep = ipv4(TCP, &[]);
    for _ in 0..DEPTH {
        deep = ipv4(IPV4, &deep);
    }
    assert_all(
        true,
        [
            // Another fragment than the first, of what can carry a packet.
            (IPV4, ipv4_fragment(SCTP_NUMBER, 1, &SCTP)),
            (IPV4, ipv4_fragment(UDP, 1, &SCTP)),
            (IPV4, ipv4_fragment(IPV4, 1, &SCTP)),
            (IPV6, ipv6(44, &fragment_header(UDP, 1, &SCTP))),
            (IPV6, ipv6(44, &fragment_header(60, 1, &SCTP))),
            // The first one, in which the header is not whole.
            (IPV4, ipv4_fragment(UDP, 0, &[0, 1, 0, 2])),
            // ESP that is not encrypted, for all that is known.
            (ESP, esp(spi, &SCTP)),
            (UDP, udp(4500, 4500, &esp(spi, &SCTP))),
            (IPV4, ipv4(ESP, &esp(spi, &SCTP))),
            // Headers that cannot be read.
            (IPV4, SCTP.to_vec()),
            (IPV6, SCTP.to_vec()),
            (UDP, vec![0; 7]),
            (GRE, vec![0xff; 8]),
            (AH, vec![0; 11]),
            (ESP, vec![0; 3]),
            (0, vec![59, 9]),
            (44, vec![6, 0, 0]),
            (GRE, gre(0x6558, &[0; 13])),
            (GRE, gre(0x6558, &ethernet(0x8100, &[0; 3]))),
            (GRE, gre(0x2001, &[0; 19])),
            // What is not looked into.
            (135, extension(SCTP_NUMBER, &SCTP)),
            (GRE, gre(0x6558, &ethernet(46, &[0xaa; 46]))),
            (GRE, gre(0x88be, &[0; 40])),
            (UDP, udp(500, 4500, &esp(spi, &SCTP))),
            (IPV4, deep),
        ],
    );
}

#[test]
fn what_carries_no_packet_is_shown() {
    let request = {
        let mut octets = [0; 20];
        octets[17] = 1;
        octets
    };
    assert_all(
        false,
        [
            (TCP, SCTP.to_vec()),
            (59, SCTP.to_vec()),
            (IPV4, ipv4(TCP, &SCTP)),
            (IPV4, ipv4_fragment(TCP, 1, &SCTP)),
            (IPV6, ipv6(44, &fragment_header(TCP, 0, &SCTP))),
            (IPV6, ipv6(0, &extension(TCP, &SCTP))),
            (IPV6, ipv6(44, &fragment_header(TCP, 1, &SCTP))),
            (UDP, udp(1, 2, &SCTP)),
            (UDP, udp(500, 500, &SCTP)),
            (UDP, udp(500, 1, &SCTP)),
            (UDP, udp(1985, 1985, &SCTP)),
            (UDP, udp(4500, 4500, &[0xff])),
            (UDP, udp(4500, 1, &[0, 0, 0, 0, 1, 2, 3, 4])),
            (GRE, gre(0x0800, &ipv4(TCP, &SCTP))),
            (GRE, gre(0x1234, &SCTP)),
            (GRE, gre(0x2001, &request)),
            (GRE, gre(0x6558, &ethernet(0x0806, &[0; 28]))),
            (AH, ah(TCP, &SCTP)),
            (1, vec![8, 0, 0, 0, 0, 1, 0, 1]),
            (1, [&[3, 3, 0, 0, 0, 0, 0, 0], &ipv4(TCP, &SCTP)[..]].concat()),
            (58, vec![128, 0, 0, 0, 0, 1, 0, 1]),
        ],
    );
}

/// Without keys, and with others, ESP is ciphertext.
#[test]
fn esp_is_in_clear_where_keys_say_so() {
    let packet = esp(0x1234, &SCTP);
    let encrypted = "0x1234@10.0.0.2 aes-cbc-hmac96:0x01010101010101010101010101010101";
    let clear = "0x1234@10.0.0.2 none:";
    let other = "0x4321@10.0.0.2 none:";
    for (keys, expected) in [
        (&[][..], false),
        (&[encrypted], false),
        (&[other], false),
        (&[clear], true),
        (&[encrypted, clear], true),
        (&["none:"], true),
        (&["aes-cbc-hmac96:0x01010101010101010101010101010101"], false),
    ] {
        assert_eq!(may_carry_sctp(&dissector(keys), ESP, &packet), expected, "{keys:?}");
    }
}
