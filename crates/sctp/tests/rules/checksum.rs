//! The checksum of a packet.

use vpnwire_sctp::{Checksum, Emit, Packet, ParseError, Parsed, Writer};

use crate::{HEADER, data, packet};

#[test]
fn rfc_9260_6_8_a_packet_with_a_wrong_checksum_is_discarded() {
    let mut octets = packet(3, &[data(1, b"x")]);
    octets[20] ^= 1;
    let ParseError::Checksum { received, computed } = Packet::parse(&octets).unwrap_err() else {
        panic!("a checksum error");
    };
    assert_eq!(received, u32::from_be_bytes(octets[8..12].try_into().unwrap()));
    assert_ne!(received, computed);
    assert_eq!(Checksum::of(&octets), Ok(Checksum::Wrong { received, computed }));
    assert!(Packet::parse_unverified(&octets).is_ok());
    let Parsed { value, rest, fault } = Packet::parse_until_error(&octets).unwrap();
    assert_eq!((value.chunks.count(), rest), (1, &[][..]));
    assert_eq!(fault, Some(ParseError::Checksum { received, computed }));
    assert_eq!(Packet::parse_prefix(&octets), Err(ParseError::Checksum { received, computed }));
}

#[test]
fn rfc_9260_6_8_the_sum_covers_the_packet_wherever_it_stands_in_a_larger_message() {
    let chunks = [data(1, b"x")];
    let inner = Packet { header: HEADER, chunks: (&chunks).into() };
    let mut buffer = [0xee; 64];
    let mut writer = Writer::new(&mut buffer);
    writer.put(b"before").unwrap();
    inner.emit_into(&mut writer).unwrap();
    assert_eq!(writer.written()[6..], packet(3, &chunks));
}
