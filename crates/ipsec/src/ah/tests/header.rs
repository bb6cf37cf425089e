//! Tests of the header, its lengths, and the padding of its ICV.

use super::*;
use crate::properties::SPI;
use crate::properties::ah::under;
use crate::properties::tunnels::packet;
use crate::{EmitError, Esn, LengthError};

/// RFC 4302 section 2, figure 1.
#[test]
fn a_header_is_read_and_written() {
    let mut octets = std::vec![50, 4, 0xab, 0xcd, 0x20, 0x01, 0x0e, 0x0f, 0, 0, 0x03, 0xe8];
    octets.extend(1..=12);
    let whole = [&octets[..], &[9, 9]].concat();
    let (header, rest) = Header::parse_prefix(&whole).unwrap();
    let expected = Header {
        next_header: NextHeader::ESP,
        reserved: 0xabcd,
        spi: Spi(0x2001_0e0f),
        sequence_number: 1000,
        icv: &octets[12..],
    };
    assert_eq!((header, rest), (expected, &[9, 9][..]));
    assert_eq!(Header::parse(&whole), Err(ParseError::TrailingOctets { offset: 24, len: 2 }));
    assert_eq!(Header::try_from(&octets[..]), Ok(header));
    let mut buffer = [0; 24];
    assert_eq!((header.wire_len(), header.emit(&mut buffer)), (24, Ok(24)));
    assert_eq!(buffer[..], octets);
    assert_eq!(header.emit(&mut buffer[1..]), Err(EmitError::BufferTooSmall { needed: 24, available: 23 }));
    for (changed, place) in [
        (Header { next_header: NextHeader::TCP, ..header }, 0),
        (Header { icv: &octets[12..20], ..header }, 1),
        (Header { reserved: 0, ..header }, 2),
        (Header { spi: SPI, ..header }, 4),
        (Header { sequence_number: 7, ..header }, 11),
    ] {
        let mut buffer = [0; 24];
        changed.emit(&mut buffer).unwrap();
        assert_ne!(buffer[place], octets[place], "{changed:?}");
    }
}

/// RFC 4302 section 2.2: the payload length counts words of 32 bits, less two.
#[test]
fn payload_lengths() {
    let mut octets = [0; 1100];
    for (payload_len, len) in [(1, 12), (2, 16), (4, 24), (5, 28), (7, 36), (255, Header::MAX_LEN)] {
        octets[1] = payload_len;
        let (header, rest) = Header::parse_prefix(&octets).unwrap();
        assert_eq!((header.wire_len(), rest.len()), (len, octets.len() - len));
        let error = LengthError::Ends {
            within: "AH packet",
            element: "AH",
            offset: 0,
            needed: len,
            available: len - 1,
        };
        if len > 12 {
            assert_eq!(Header::parse(&octets[..len - 1]), Err(error.into()));
        }
        let mut again = [0xee; Header::MAX_LEN];
        assert_eq!(header.emit(&mut again), Ok(len));
        assert_eq!(again[..len], octets[..len]);
    }
    octets[1] = 0;
    assert_eq!(Header::parse_prefix(&octets), Err(ParseError::PayloadLength { offset: 1, payload_len: 0 }));
    for len in 0..12 {
        let error =
            LengthError::Ends { within: "AH packet", element: "AH", offset: 0, needed: 12, available: len };
        assert_eq!(Header::parse_prefix(&octets[..len]), Err(error.into()));
    }
    let header = Header {
        next_header: NextHeader::TCP,
        reserved: 0,
        spi: SPI,
        sequence_number: 1,
        icv: &[7; Header::MAX_LEN],
    };
    let error = EmitError::FieldOverflow { field: "AH payload length", value: 258, max: 255 };
    assert_eq!(header.emit(&mut octets), Err(error));
}

/// RFC 4302 section 2.2: the payload length counts words, so a receiver would read an ICV field of another length
/// wrongly.
#[test]
fn an_icv_field_that_does_not_fill_its_words_is_not_written() {
    let header = Header { next_header: NextHeader::TCP, reserved: 0, spi: SPI, sequence_number: 1, icv: &[] };
    for len in 0..=16 {
        let icv = [7; 16];
        let header = Header { icv: &icv[..len], ..header };
        let mut octets = [0; 64];
        match header.emit(&mut octets) {
            Ok(written) => {
                assert_eq!((len % 4, written), (0, header.wire_len()));
                assert_eq!(Header::parse(&octets[..written]), Ok(header));
            }
            Err(error) => {
                assert_ne!(len % 4, 0);
                assert!(
                    matches!(error, EmitError::Contradiction { field: "AH payload length", .. }),
                    "{error}"
                );
            }
        }
    }
}

/// RFC 4302 section 3.3.3.2.1: the header is padded to 32 bits in IPv4 and to 64 in IPv6. The payload lengths are in
/// words less two, as they are sent: 4 for 96 bits, 5 for HMAC-SHA-256-128, 7 for AES-GMAC, and more in IPv6.
#[test]
fn icvs_are_padded_to_words() {
    let of_rfcs = [(4, 4), (4, 4), (5, 6), (7, 8), (9, 10), (4, 4)];
    let others = [(5, 6), (6, 6), (4, 4), (9, 10), (13, 14), (17, 18)];
    let expected = of_rfcs.into_iter().chain(others).chain([(7, 8); 3]);
    let mut count = 0;
    for (integrity, lens) in Integrity::all().zip(expected) {
        for (version, payload_len) in [(Version::V4, lens.0), (Version::V6, lens.1)] {
            let mut sa = OutboundSa::new(SPI, under(integrity), Esn::No);
            let inner = packet(version, false, crate::ip::Ecn::NotCapable, b"payload");
            let sealed = seal(&mut sa, &inner);
            let (header, _) = Header::parse_prefix(&sealed[version.header_len()..]).unwrap();
            assert_eq!(sealed[version.header_len() + 1], payload_len, "{integrity} {version:?}");
            assert_eq!(header.wire_len(), sa.header_len(version));
            count += 1;
        }
    }
    assert_eq!(count, 30);
}
