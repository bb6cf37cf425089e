use std::vec::Vec;

use super::*;
use crate::ip::Ecn;
use crate::properties::tunnels::packet;

/// Makes an ESP packet in IP; only its SPI matters.
fn esp(version: Version, octets: &[u8]) -> Vec<u8> {
    let mut packet = packet(version, true, Ecn::NotCapable, octets);
    match version {
        Version::V4 => {
            packet[9] = 50;
            crate::ip::v4::write_checksum(&mut packet[..20]).unwrap();
        }
        Version::V6 => packet[6] = 50,
    }
    packet
}

/// RFC 3948 section 2.
#[test]
fn port_4500_carries_three_things() {
    assert_eq!(Datagram::parse(&[0xff]), Ok(Datagram::Keepalive));
    assert_eq!(Datagram::parse(&[0, 0, 0, 0, 1, 2]), Ok(Datagram::Ike(&[1, 2])));
    assert_eq!(Datagram::parse(&[0, 0, 0, 1, 9]), Ok(Datagram::Esp(&[0, 0, 0, 1, 9])));
    // A keepalive is exactly this one octet.
    assert_eq!(Datagram::parse(&[0xff; 5]), Ok(Datagram::Esp(&[0xff; 5])));
    for octets in [&[][..], &[0xfe], &[0, 0, 0], &[0xff, 0xff]] {
        let error = LengthError::Ends {
            within: "UDP payload",
            element: "UDP-encapsulated packet",
            offset: 0,
            needed: 4,
            available: octets.len(),
        };
        assert_eq!(Datagram::try_from(octets), Err(error));
    }
    let mut buffer = [0; 6];
    assert_eq!(Datagram::Ike(&[1, 2]).emit(&mut buffer), Ok(6));
    assert_eq!(buffer, [0, 0, 0, 0, 1, 2]);
    assert_eq!(
        Datagram::Ike(&[1, 2]).emit(&mut buffer[1..]),
        Err(EmitError::BufferTooSmall { needed: 6, available: 5 })
    );
    assert_eq!(Datagram::Keepalive.emit(&mut buffer), Ok(1));
    assert_eq!(buffer[0], 0xff);
}

/// RFC 3948 sections 2.1 and 3: UDP stands between the IP header and ESP, without a checksum.
#[test]
fn esp_goes_into_udp_and_out() {
    for version in [Version::V4, Version::V6] {
        let inner = esp(version, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let mut buffer = [&[0xee; 8][..], &inner].concat();
        let ports = Ports { source: 1027, destination: PORT };
        let encapsulated = encapsulate_in_place(&mut buffer, inner.len(), ports).unwrap();
        let header_len = version.header_len();
        assert_eq!(encapsulated[header_len..header_len + 8], [4, 3, 0x11, 0x94, 0, 17, 0, 0]);
        assert_eq!(encapsulated.len(), overhead(version) + 9);
        assert_eq!(Headers::before(NextHeader::UDP, encapsulated).unwrap().len, header_len);
        // A checksum that was set on the way is ignored.
        encapsulated[header_len + 7] = 0x77;
        let (packet, found) = decapsulate_in_place(encapsulated).unwrap();
        assert_eq!((&*packet, found), (&inner[..], ports));
    }
    assert_eq!(Ports::default(), Ports { source: 4500, destination: 4500 });
}

#[test]
fn what_is_no_esp_in_udp_is_as_it_was() {
    let inner = esp(Version::V4, &[1, 2, 3, 4, 5]);
    let mut buffer = [&[0xee; 8][..], &inner].concat();
    let good = encapsulate_in_place(&mut buffer, inner.len(), Ports::default()).unwrap().to_vec();
    let refused = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut packet = good.clone();
        change(&mut packet);
        let before = packet.clone();
        let error = decapsulate_in_place(&mut packet).unwrap_err();
        assert_eq!(packet, before);
        error
    };
    let cut = |len: usize| {
        move |packet: &mut Vec<u8>| {
            packet.truncate(len);
            packet[3] = len as u8;
        }
    };
    assert_eq!(refused(&|packet| packet[25] = 12), UdpError::Length { length: 12, available: 13 });
    assert_eq!(refused(&|packet| packet[25] = 14), UdpError::Length { length: 14, available: 13 });
    assert!(matches!(refused(&cut(27)), UdpError::Ip(IpError::Length(_))));
    assert_eq!(refused(&|packet| packet[28..32].fill(0)), UdpError::Ike);
    let keepalive = |packet: &mut Vec<u8>| {
        cut(29)(packet);
        [packet[25], packet[28]] = [9, 0xff];
    };
    assert_eq!(refused(&keepalive), UdpError::Keepalive);
    let tcp = |packet: &mut Vec<u8>| packet[9] = 6;
    assert!(matches!(refused(&tcp), UdpError::Ip(IpError::OtherProtocol { .. })));
    // Only ESP goes into UDP, because a NAT changes what AH covers.
    let mut ah = [&[0xee; 8][..], &inner].concat();
    ah[17] = 51;
    let found = NextHeader::AH;
    let error = IpError::OtherProtocol { expected: NextHeader::ESP, found };
    assert_eq!(encapsulate_in_place(&mut ah, inner.len(), Ports::default()), Err(error.into()));
}

/// RFC 3948 section 2.1: the SPI must not be zero, or the receiver would take the packet for IKE.
#[test]
fn what_would_come_out_as_something_else_does_not_go_in() {
    for version in [Version::V4, Version::V6] {
        let refused = |octets: &[u8]| {
            let inner = esp(version, octets);
            let mut buffer = [&[0xee; 8][..], &inner].concat();
            let before = buffer.clone();
            let error = encapsulate_in_place(&mut buffer, inner.len(), Ports::default()).unwrap_err();
            assert_eq!(buffer, before);
            error
        };
        assert_eq!(refused(&[0, 0, 0, 0, 0, 0, 0, 1, 9, 9]), UdpError::Ike);
        assert_eq!(refused(&[0xff]), UdpError::Keepalive);
        assert!(matches!(refused(&[0xff, 0xff, 0xff]), UdpError::Ip(IpError::Length(_))));
    }
}
