//! Parsing and writing allocate nothing.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use allocation_counter::measure;
use vpnwire_sctp::chunk::Body;
use vpnwire_sctp::{Checksum, Chunk, Emit, Packet, ParseError, Parsed};

#[test]
fn parse_and_emit_allocate_nothing() {
    // An INIT with an address and a list, and an ERROR with a cause. They are written by hand and their checksum is not
    // verified.
    let octets = [
        0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, // common header
        1, 0, 0, 34, 0, 0, 0, 1, 0, 0, 0x10, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 5, 0, 8, 10, 0, 0, 1, 0, 12, 0, 6,
        0, 5, 0, 0, // INIT
        9, 0, 0, 12, 0, 9, 0, 8, 0, 0, 0, 7, // ERROR
    ];
    let mut buffer = [0; 128];
    let info = measure(|| {
        let Parsed { value: packet, fault, .. } = Packet::parse_until_error(&octets).unwrap();
        assert!(matches!(fault, Some(ParseError::Checksum { .. })));
        assert!(packet.chunks.elements().all(|element| Chunk::parse(&element).is_ok()));
        assert!(packet.chunks.iter().all(|chunk| !matches!(chunk.body, Body::Raw { .. })));
        let written = packet.emit(&mut buffer).unwrap();
        assert_eq!(written.len(), octets.len());
        assert_eq!(Checksum::of(written), Ok(Checksum::Crc32c));
        assert!(packet.conformance().count() > 0);
        assert!(Packet::parse(&octets).is_err());
        let pushed = Packet::fill(&mut buffer, packet.header, |chunks| {
            packet.chunks.iter().try_for_each(|chunk| chunks.push(&chunk).map(drop))
        });
        assert_eq!(pushed.map(|octets| octets.len()), Ok(octets.len()));
    });
    assert_eq!(info.count_total, 0);
}
