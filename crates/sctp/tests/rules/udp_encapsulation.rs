//! SCTP packets in UDP datagrams.

use vpnwire_sctp::udp_encapsulation::{self, Datagram};
use vpnwire_sctp::{Emit, EmitError, LengthError, ParseError, Parsed};

use crate::{data, packet};

#[test]
fn rfc_6951_5_2_a_packet_in_udp() {
    let inner = packet(3, &[data(1, b"x")]);
    let packet = Datagram { source_port: 40_000, destination_port: udp_encapsulation::PORT, packet: &inner };
    let mut buffer = [0; 128];
    let sum = |octets: &[u8]| {
        octets.as_chunks::<2>().0.iter().fold(0u32, |sum, word| {
            let sum = sum + u32::from(u16::from_be_bytes(*word));
            (sum & 0xffff) + (sum >> 16)
        })
    };
    let over_ipv4 = packet.over_ipv4("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
    let datagram = &*over_ipv4.emit(&mut buffer).unwrap();
    assert_eq!(datagram[..6], [0x9c, 0x40, 0x26, 0xab, 0, 40]);
    assert_eq!(Datagram::parse(datagram), Ok(packet));
    // By the definition of the checksum, the pseudo-header and the datagram sum to all ones (RFC 768).
    let pseudo = [10, 0, 0, 1, 10, 0, 0, 2, 0, 17, 0, 40];
    assert_eq!(sum(&[&pseudo, datagram].concat()), 0xffff);
    let over_ipv6 = packet.over_ipv6("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
    let mut other = [0; 128];
    let datagram_6 = &*over_ipv6.emit(&mut other).unwrap();
    // The pseudo-header of IPv6 is defined in RFC 8200 section 8.1.
    let mut pseudo = vec![0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    pseudo.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 40, 0, 0, 0, 17]);
    assert_eq!(sum(&[&pseudo, datagram_6].concat()), 0xffff);

    // The cases are octets that end early, octets that follow, and a length below the header.
    let cut = &datagram[..39];
    let fault = ParseError::Length(LengthError::Ends {
        within: "UDP datagram",
        element: "UDP datagram",
        offset: 0,
        needed: 40,
        available: 39,
    });
    assert_eq!(Datagram::parse(cut), Err(fault));
    let Parsed { value, fault: found, .. } = Datagram::parse_until_error(cut).unwrap();
    assert_eq!((value.packet, found), (&inner[..31], Some(fault)));
    let longer = [datagram, &[7, 8]].concat();
    assert_eq!(Datagram::parse_prefix(&longer), Ok((packet, &[7, 8][..])));
    let trailing =
        ParseError::TrailingOctets { element: "UDP datagram", within: "UDP datagram", offset: 40, count: 2 };
    assert_eq!(Datagram::parse(&longer), Err(trailing));
    assert_eq!(
        Datagram::parse(&[0, 1, 0, 2, 0, 7, 0, 0]),
        Err(ParseError::Length(LengthError::Declared {
            within: "UDP datagram",
            element: "UDP datagram",
            offset: 0,
            least: 8,
            declared: 7,
        }))
    );

    let mut buffer = [0; 128];
    let plain = packet.without_checksum();
    assert_eq!(plain.emit(&mut buffer).unwrap()[6..8], [0, 0]);
    assert_eq!(
        plain.emit(&mut buffer[..39]).unwrap_err(),
        EmitError::BufferTooSmall { needed: 40, available: 39 }
    );
    let mut large = vec![0; 66_000];
    let long = Datagram { packet: &[0; 65_528], ..packet };
    assert!(matches!(
        long.without_checksum().emit(&mut large),
        Err(EmitError::FieldOverflow { value: 65_536, .. })
    ));
}
