use core::net::{Ipv4Addr, Ipv6Addr};
use std::vec::Vec;

use wire::{Chain, ChainWriter, Element, Emit, EmitError, Framing, LengthError, Member, Writer};

use super::*;
use crate::NextHeader;
use crate::ip::v6::{ExtensionFraming, ExtensionHeader, Extensions};

/// Octets behind a header.
#[derive(Clone)]
struct Raw<'a, H>(H, &'a [u8]);

impl<H> Emit for Raw<'_, H> {
    fn wire_len(&self) -> usize {
        self.1.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.1)
    }
}

impl<'a, H: Copy, F: Framing<Header = H>> Member<'a, F> for Raw<'a, H> {
    fn header(&self) -> H {
        self.0
    }

    fn decode(element: &Element<'a, H>, _: &F) -> Self {
        Self(element.header, element.value)
    }
}

/// The outer header of a published packet: DPDK's test vector `pkt_ah_tunnel_sha256`.
#[test]
fn a_published_header_of_ipv4() {
    let mut packet =
        std::vec![0x45, 0, 0, 0xb0, 0, 1, 0, 0, 0, 0x33, 0x59, 0x16, 0x0a, 0, 0x6f, 2, 0x0a, 0, 0xde, 2];
    packet.resize(0xb0, 0);
    let (header, payload) = v4::Header::parse(&packet).unwrap();
    assert_eq!((header.protocol, header.time_to_live, payload.len()), (NextHeader::AH, 0, 156));
    assert_eq!(header.source, Ipv4Addr::new(10, 0, 111, 2));
    let mut again = [0; 20];
    assert_eq!(header.emit(156, &mut again), Ok(20));
    assert_eq!(again, packet[..20]);
    packet[8] = 1;
    assert_eq!(v4::Header::parse(&packet), Err(IpError::Checksum { checksum: 0x5916 }));
}

#[test]
fn every_field_of_ipv4() {
    let header = v4::Header {
        dscp: 0x2a,
        ecn: Ecn::Capable1,
        identification: 0xbeef,
        reserved: true,
        dont_fragment: false,
        more_fragments: true,
        fragment_offset: 0x1abc,
        time_to_live: 9,
        protocol: NextHeader::GRE,
        source: Ipv4Addr::new(1, 2, 3, 4),
        destination: Ipv4Addr::new(5, 6, 7, 8),
        options: &[1, 1, 1, 0],
    };
    let mut octets = std::vec![0; 24 + 9];
    assert_eq!(header.emit(9, &mut octets), Ok(24));
    assert_eq!(octets[..10], [0x46, 0xa9, 0, 33, 0xbe, 0xef, 0xba, 0xbc, 9, 47]);
    assert_eq!(v4::Header::parse(&octets).unwrap(), (header, &[0; 9][..]));
    octets.push(7);
    assert_eq!(v4::Header::parse(&octets), Err(IpError::TrailingOctets { offset: 33, len: 1 }));
    assert_eq!(v4::Header::parse_prefix(&octets).unwrap().2, [7]);
    let overflow = |field, value, max| Err(IpError::Emit(EmitError::FieldOverflow { field, value, max }));
    let emit = |header: v4::Header<'_>| header.emit(0, &mut [0; 80]);
    assert_eq!(
        emit(v4::Header { fragment_offset: 0x2000, ..header }),
        overflow("fragment offset", 0x2000, 0x1fff)
    );
    assert_eq!(emit(v4::Header { options: &[1; 3], ..header }), overflow("IPv4 options length", 3, 40));
    assert_eq!(emit(v4::Header { options: &[1; 44], ..header }), overflow("IPv4 options length", 44, 40));
    assert_eq!(header.emit(65_535, &mut [0; 80]), Err(IpError::TooLong { len: 65_559 }));
}

#[test]
fn every_field_of_ipv6() {
    let header = v6::Header {
        dscp: 0x2a,
        ecn: Ecn::CongestionExperienced,
        flow_label: 0xf_1234,
        next_header: NextHeader::ESP,
        hop_limit: 3,
        source: Ipv6Addr::LOCALHOST,
        destination: Ipv6Addr::UNSPECIFIED,
    };
    let mut octets = std::vec![0; 45];
    assert_eq!(header.emit(5, &mut octets), Ok(40));
    assert_eq!(octets[..8], [0x6a, 0xbf, 0x12, 0x34, 0, 5, 50, 3]);
    assert_eq!(v6::Header::parse(&octets).unwrap(), (header, &[0; 5][..]));
    assert!(v6::Header::parse(&octets[..44]).is_err());
    assert_eq!(header.emit(65_536, &mut octets), Err(IpError::TooLong { len: 65_576 }));
    octets[0] = 0x4a;
    assert_eq!(v6::Header::parse(&octets), Err(IpError::Version { version: 4 }));
}

/// RFC 791 section 3.1: a length counts the whole option, and the list ends at its end option. RFC 8200 section 4.2:
/// a length counts the value.
#[test]
fn options_are_framed() {
    let octets = [1, 7, 3, 4, 148, 4, 0, 0, 0, 9, 9];
    let options: Options<'_> = Chain::parse(&octets, 20, OptionFraming::V4).unwrap();
    let found: Vec<_> = options
        .iter()
        .map(|option| (option.header.option_type, option.offset, option.octets.len()))
        .collect();
    assert_eq!(found, [(1, 20, 1), (7, 21, 3), (148, 24, 4), (0, 28, 1)]);
    assert_eq!(options.rest(), [9, 9]);
    let declared = |octets| Chain::parse(octets, 20, OptionFraming::V4).unwrap_err();
    assert_eq!(
        declared(&[7, 1]),
        LengthError::Declared {
            within: "IP packet",
            element: "IP option",
            offset: 20,
            least: 2,
            declared: 1
        }
    );
    assert_eq!(
        declared(&[1, 7, 4, 0]),
        LengthError::Ends { within: "IP packet", element: "IP option", offset: 21, needed: 4, available: 3 }
    );
    assert_eq!(
        declared(&[7]),
        LengthError::Ends { within: "IP packet", element: "IP option", offset: 20, needed: 2, available: 1 }
    );

    let octets = [0, 1, 0, 0x3e, 2, 7, 8];
    let options: Options<'_> = Chain::parse(&octets, 0, OptionFraming::V6).unwrap();
    let found: Vec<_> =
        options.iter().map(|option| (option.header.option_type, option.value.len())).collect();
    assert_eq!(found, [(0, 0), (1, 0), (0x3e, 2)]);
    let mut buffer = [0; 7];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, OptionFraming::V6);
    for option in &options {
        chain.push(&Raw(option.header, option.value)).unwrap();
    }
    assert_eq!(buffer, octets);
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, OptionFraming::V4);
    chain.push(&Raw(OptionHeader { option_type: 7 }, &[4])).unwrap();
    assert!(chain.push(&Raw(OptionHeader { option_type: 1 }, &[4])).is_err());
    assert_eq!(buffer[..3], [7, 3, 4]);
}

#[test]
fn extension_headers_are_framed() {
    let octets =
        [43, 0, 1, 4, 0, 0, 0, 0, 44, 2, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8];
    let octets = [&octets[..], &[51, 99, 0, 0, 1, 2, 3, 4], &[1, 2]].concat();
    let framing = ExtensionFraming { next_header: NextHeader::HOP_BY_HOP };
    let extensions: Extensions<'_> = Chain::parse(&octets, 40, framing).unwrap();
    let found: Vec<_> = extensions.iter().map(|header| (header.header.kind.0, header.offset)).collect();
    assert_eq!(found, [(0, 40), (43, 48), (44, 72)]);
    assert_eq!(extensions.rest(), [1, 2]);
    let mut buffer = [0; 100];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, framing);
    let header = ExtensionHeader { kind: NextHeader::HOP_BY_HOP, next_header: NextHeader::ROUTING };
    chain.push(&Raw(header, &octets[2..8])).unwrap();
    let header = ExtensionHeader { kind: NextHeader::ROUTING, next_header: NextHeader::FRAGMENT };
    chain.push(&Raw(header, &octets[10..32])).unwrap();
    assert!(chain.push(&Raw(header, &[0; 5])).is_err());
    assert_eq!(buffer[..32], octets[..32]);
    for len in [0, 1, 7, 9, 31, 39] {
        assert!(Extensions::parse(&octets[..len], 40, framing).is_err(), "{len}");
    }
}

/// RFC 4302 section 3.1.1: AH follows the headers that routers look at. Destination options at their end are
/// protected.
#[test]
fn where_ipsec_goes() {
    let mut packet = std::vec![0x60, 0, 0, 0, 0, 32, 0, 1];
    packet.resize(40, 0);
    packet.extend([60, 0, 1, 4, 0, 0, 0, 0]);
    packet.extend([43, 0, 1, 4, 0, 0, 0, 0]);
    packet.extend([60, 0, 0, 0, 0, 0, 0, 0]);
    packet.extend([17, 0, 1, 4, 0, 0, 0, 0]);
    let headers = Headers::to_insert_behind(&packet).unwrap();
    let expected = Headers {
        version: Version::V6,
        len: 64,
        next_header: NextHeader::DESTINATION_OPTIONS,
        next_header_offset: 56,
    };
    assert_eq!(headers, expected);
    assert_eq!(Headers::before(NextHeader::UDP, &packet).unwrap().len, 72);
    let found = NextHeader::UDP;
    let error = IpError::OtherProtocol { expected: NextHeader::AH, found };
    assert_eq!(Headers::before(NextHeader::AH, &packet), Err(error));
    assert_eq!(
        Headers::to_insert_behind(&[packet, std::vec![0; 3]].concat()),
        Err(IpError::TrailingOctets { offset: 72, len: 3 })
    );
    assert_eq!(Version::of(&[0x10]), Err(IpError::Version { version: 1 }));
    assert!(matches!(Version::of(&[]), Err(IpError::Length(_))));
}

/// A later fragment is reported as a fragment, not as a broken packet, whatever its payload looks like.
#[test]
fn a_later_fragment_of_ipv6_is_called_one() {
    // The packet says that destination options follow, but its payload is from the middle of a packet.
    let mut packet = crate::properties::tunnels::packet(
        Version::V6,
        false,
        Ecn::NotCapable,
        &[60, 0, 0, 0x10, 1, 2, 3, 4, 17, 0xff, 3, 4],
    );
    packet[6] = 44;
    let error = Err(IpError::Fragment { offset: 16, more: false });
    assert_eq!(Headers::to_insert_behind(&packet), error);
    assert_eq!(Headers::before(NextHeader::ESP, &packet), error);
}
