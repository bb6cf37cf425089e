//! Reading, emitting and changing a packet does not allocate.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use vpnwire_gre::{Emit, Header, Keepalive, Packet, ProtocolType, set_sequence_number};

#[test]
fn nothing_is_allocated() {
    let header = Header {
        reserved1: Some(0),
        key: Some(40),
        sequence_number: Some(0),
        ..Header::new(ProtocolType::IPV4)
    };
    let payload = [0x45; 1000];
    let mut buffer = [0; 1100];
    let info = allocation_counter::measure(|| {
        let len = Packet { header, payload: &payload }.emit(&mut buffer).unwrap().len();
        let octets = buffer.get_mut(..len).unwrap();
        assert_eq!(set_sequence_number(octets, 7), Ok(Some(0)));
        let packet = Packet::parse(octets).unwrap();
        assert_eq!(packet.header.sequence_number, Some(7));
        assert_eq!(Keepalive::recognise(&packet), None);
        assert_eq!(packet.conformance().count(), 0);
    });
    assert_eq!(info.count_total, 0);
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1, "the counter counts");
}
