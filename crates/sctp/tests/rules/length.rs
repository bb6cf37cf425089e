//! Lengths and counts that are wrong, or that do not fit.

use vpnwire_sctp::chunk::Body;
use vpnwire_sctp::{Chunk, Departure, Emit, EmitError, LengthError, Packet, Parameter, ParseError, Tsn};

use crate::{HEADER, data, raw};

#[test]
fn a_chunk_of_length_zero_is_an_error_and_not_a_loop() {
    for len in 0..4 {
        let octets = raw(&[0, 0, 0, len, 0, 0, 0, 0]);
        let fault = ParseError::Length(LengthError::Declared {
            within: "SCTP packet",
            element: "chunk",
            offset: 12,
            least: 4,
            declared: usize::from(len),
        });
        assert_eq!(Packet::parse_unverified(&octets), Err(fault));
        let read = Packet::parse_until_error(&octets).unwrap();
        assert_eq!((read.value.chunks.count(), read.rest, read.fault), (0, &octets[12..], Some(fault)));
        let text = fault.to_string();
        let expected = format!(
            "chunk at offset 12 of the SCTP packet has length {len}, but its header alone has 4 octets"
        );
        assert_eq!(text, expected);
    }
}

#[test]
fn a_parameter_of_length_zero_is_an_error_and_not_a_loop() {
    let mut octets = raw(&[1, 0, 0, 24]);
    octets.extend([0; 20]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::Length(LengthError::Declared {
            within: "SCTP packet",
            element: "parameter",
            offset: 32,
            least: 4,
            declared: 0
        }))
    );
}

#[test]
fn a_packet_of_sixteen_thousand_chunks_is_framed_decoded_and_written() {
    let count = 16_381;
    let octets = raw(&[6, 0, 0, 4].repeat(count));
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(read.chunks.count(), count);
    assert!(read.chunks.elements().all(|element| Chunk::parse(&element).is_ok()));
    assert_eq!(read.conformance().count(), 2, "the ports and the verification tag are 0");
    let mut buffer = vec![0; read.wire_len()];
    assert_eq!(read.emit(&mut buffer).unwrap()[12..], octets[12..]);
}

#[test]
fn counts_that_lie_are_errors() {
    // This SACK claims 65,535 Gap Ack Blocks and duplicates, but it has 12 octets.
    let octets = raw(&[3, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::Length(LengthError::Ends {
            within: "SCTP packet",
            element: "Gap Ack Blocks",
            offset: 28,
            needed: 4 * 65_535,
            available: 0
        }))
    );
    // Octets follow after the items that the counts claim.
    let octets = raw(&[3, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::TrailingOctets { element: "SACK", within: "SCTP packet", offset: 28, count: 4 })
    );
}

#[test]
fn a_malformed_chunk_hides_no_neighbour_and_is_written_as_it_came() {
    let octets = raw(&[7, 0, 0, 5, 9, 0, 0, 0, 11, 0, 0, 4]);
    let read = Packet::parse_unverified(&octets).unwrap();
    let parsed: Vec<_> = read.chunks.elements().map(|element| Chunk::parse(&element)).collect();
    assert!(parsed[0].is_err());
    assert_eq!(parsed[1].as_ref().unwrap().body, Body::CookieAck);
    let mut buffer = [0; 24];
    assert_eq!(read.emit(&mut buffer).unwrap()[12..], octets[12..]);
}

#[test]
fn a_missing_parameter_count_that_lies_is_reported_and_written_right() {
    let octets = raw(&[9, 0, 0, 14, 0, 2, 0, 10, 0, 0, 0, 9, 0, 7, 0, 0]);
    let read = Packet::parse_unverified(&octets).unwrap();
    let counted = Departure::MissingParameterCount { offset: 16, count: 9, listed: 1 };
    assert!(read.conformance().any(|departure| departure == counted) && counted.is_corrected());
    let mut buffer = [0; 28];
    read.emit(&mut buffer).unwrap();
    assert_eq!(buffer[20..24], [0, 0, 0, 1]);
}

#[test]
fn values_that_do_not_fit_their_fields_are_refused() {
    use std::time::Duration;
    let mut buffer = [0; 32];
    let error = Parameter::CookiePreservative(Duration::MAX).emit(&mut buffer).unwrap_err();
    assert!(matches!(error, EmitError::FieldOverflow { max: 0xffff_ffff, .. }));
    let mut buffer = vec![0; 70_000];
    let user_data = vec![0; 65_520];
    let octets = Packet::fill(&mut buffer, HEADER, |chunks| {
        let error = chunks.push(&data(1, &user_data)).unwrap_err();
        assert_eq!(error, EmitError::FieldOverflow { field: "Chunk Length", value: 65_536, max: 65_535 });
        assert_eq!(chunks.writer().position(), 12, "the chunk leaves no octets");
        chunks.push(&data(1, &user_data[1..])).map(drop)
    });
    assert_eq!(octets.unwrap().len(), 12 + 65_536);
}

#[test]
fn a_number_of_a_wrong_width_is_refused_at_its_boundary() {
    use vpnwire_sctp::MessageIdentifier;
    use vpnwire_sctp::chunk::{IForwardTsn, SkippedMessage};
    let forward = |reserved, buffer: &mut [u8]| {
        let skipped = [SkippedMessage {
            stream_identifier: 1,
            reserved,
            unordered: true,
            message_identifier: MessageIdentifier(2),
        }];
        let forward = IForwardTsn { new_cumulative_tsn: Tsn(9), skipped: (&skipped).into() };
        forward.emit(buffer).map(|octets| octets.to_vec())
    };
    let mut buffer = [0; 12];
    assert_eq!(forward(0x7fff, &mut buffer).unwrap()[6..8], [0xff, 0xff]);
    assert_eq!(
        forward(0x8000, &mut buffer),
        Err(EmitError::FieldOverflow { field: "Reserved", value: 0x8000, max: 0x7fff })
    );
}
