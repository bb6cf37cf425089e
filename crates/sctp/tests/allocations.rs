//! Nothing is allocated, whatever is parsed or written.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use allocation_counter::measure;
use vpnwire_sctp::{Checksum, Chunk, Packet};

#[test]
fn parse_and_emit_allocate_nothing() {
    // An INIT with an address and a list, an ERROR with a cause: offered by hand, checksum not looked at.
    let octets = [
        0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, // common header
        1, 0, 0, 34, 0, 0, 0, 1, 0, 0, 0x10, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 5, 0, 8, 10, 0, 0, 1, 0, 12, 0, 6,
        0, 5, 0, 0, // INIT
        9, 0, 0, 12, 0, 9, 0, 8, 0, 0, 0, 7, // ERROR
    ];
    let mut buffer = [0; 128];
    let info = measure(|| {
        let mut departures = 0;
        let packet = Packet::parse_reporting(&octets, &mut |_| departures += 1).unwrap();
        assert_eq!(departures, 1, "the checksum");
        assert!(packet.chunks.iter().all(|element| Chunk::parse(&element).is_ok()));
        let len = packet.emit(&mut buffer).unwrap();
        assert_eq!(len, octets.len());
        assert_eq!(Checksum::of(buffer.get(..len).unwrap()), Ok(Checksum::Crc32c));
        assert!(packet.conformance().count() > 0);
        assert!(Packet::parse(&octets).is_err());
    });
    assert_eq!(info.count_total, 0);
}
