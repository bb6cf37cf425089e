//! Properties that hold for all octets. The tests of this crate and the fuzz targets call them.
#![allow(
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a property panics when it does not hold, and bounded buffers are indexed"
)]

use crate::{CiscoMetaData, Departure, Emit, EnhancedPacket, Header, Keepalive, Packet, set_sequence_number};

/// The length of the longest packet that the properties write.
pub const MAX_LEN: usize = 2048;

/// Every function that takes octets returns, whatever the octets are.
pub fn parse_is_total(octets: &[u8]) {
    let _ = Header::parse_prefix(octets);
    let _ = Packet::sent_checksum(octets);
    let _ = CiscoMetaData::parse(octets);
    enhanced_round_trips(octets);
    let mut payload = octets;
    while let Ok(packet) = Packet::parse(payload) {
        let _ = Keepalive::recognise(&packet);
        assert!(packet.conformance().count() <= 2);
        assert_eq!(packet.wire_len(), payload.len());
        payload = packet.payload;
    }
}

/// A packet that parses without departures is emitted with the same octets. With a wrong checksum, only the
/// checksum differs.
pub fn parse_then_emit(octets: &[u8]) {
    let octets = &octets[..octets.len().min(MAX_LEN)];
    let mut checksum_wrong = false;
    let mut departures = |departure| match departure {
        Departure::Checksum { .. } | Departure::NegativeZeroChecksum => checksum_wrong = true,
        other => panic!("the departure is reported while parsing, but no derived value causes it: {other}"),
    };
    let Ok(packet) = Packet::parse_reporting(octets, &mut departures) else { return };
    let mut buffer = [0xa5; MAX_LEN];
    let len = packet.emit(&mut buffer).unwrap().len();
    let written = &buffer[..len];
    assert_eq!(len, octets.len());
    assert_eq!(written != octets, checksum_wrong);
    if checksum_wrong {
        assert_eq!((&written[..4], &written[6..]), (&octets[..4], &octets[6..]));
    }
}

/// Enhanced GRE that parses is emitted with the same octets, and what is cut is not emitted.
pub fn enhanced_round_trips(octets: &[u8]) {
    let Ok(read) = EnhancedPacket::parse_until_error(octets) else { return };
    let mut buffer = [0xa5; MAX_LEN];
    let written = read.value.emit(&mut buffer);
    assert!(read.value.conformance().count() <= 3);
    if read.fault.is_some() {
        assert!(written.is_err() && read.rest.is_empty());
    } else if let Ok(written) = written {
        assert_eq!(octets.split_at(written.len()), (&*written, read.rest));
        assert_eq!(EnhancedPacket::parse(written), Ok(read.value));
    } else {
        assert!(read.value.wire_len() > MAX_LEN);
    }
}

/// A packet that was emitted parses to the same value, and departs only where the value departs.
pub fn emit_then_parse(packet: &Packet<'_>) {
    let mut buffer = [0xa5; MAX_LEN];
    let Ok(len) = packet.emit(&mut buffer).map(|octets| octets.len()) else { return };
    assert_eq!(len, packet.wire_len());
    let mut none = |departure: Departure| panic!("{departure}");
    assert_eq!(Packet::parse_reporting(&buffer[..len], &mut none).as_ref(), Ok(packet));
    let header_len = packet.header.wire_len();
    buffer[..header_len].fill(0x5a);
    packet.header.encapsulate(&mut buffer[..len]).unwrap();
    assert_eq!(Packet::parse_reporting(&buffer[..len], &mut none).as_ref(), Ok(packet));
}

/// Changing a sequence number in place writes the given number and changes nothing but the checksum.
pub fn sequence_number_changes_alone(octets: &[u8], number: u32) {
    let octets = &octets[..octets.len().min(MAX_LEN)];
    let mut buffer = [0; MAX_LEN];
    let changed = &mut buffer[..octets.len()];
    for (to, from) in changed.iter_mut().zip(octets) {
        *to = *from;
    }
    let result = set_sequence_number(changed, number);
    let Ok(before) = Packet::parse(octets) else {
        assert!(result.is_err());
        return;
    };
    assert_eq!(result, Ok(before.header.sequence_number));
    let mut departed = false;
    let after = Packet::parse_reporting(changed, &mut |_| departed = true).unwrap();
    if before.header.sequence_number.is_some() {
        assert!(!departed, "the checksum is derived again");
        assert_eq!(after.header, Header { sequence_number: Some(number), ..before.header });
        assert_eq!(after.payload, before.payload);
    } else {
        assert_eq!(changed, octets);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ProtocolType;

    /// Octets that often begin like a packet of enhanced GRE.
    fn enhanced_like() -> impl Strategy<Value = std::vec::Vec<u8>> {
        let flags = (0..8u8, any::<u8>()).prop_map(|(flags, low)| [0x20 | flags << 4 & 0x10, low & 0xf8 | 1]);
        (flags, 0..12u8, prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(flags, len, rest)| [&flags[..], &[0x88, 0x0b, 0, len], &rest].concat())
    }

    /// Octets that often begin like a GRE packet.
    fn gre_like() -> impl Strategy<Value = std::vec::Vec<u8>> {
        let flags = prop_oneof![
            any::<[u8; 2]>(),
            (0..16u8, any::<u8>()).prop_map(|(flags, low)| [(flags & 0xb) << 4 | low & 3, low & 0xf8])
        ];
        (flags, prop::collection::vec(any::<u8>(), 0..120))
            .prop_map(|(flags, rest)| [&flags[..], &rest].concat())
    }

    proptest! {
        #[test]
        fn any_octets(octets in gre_like(), number: u32) {
            parse_is_total(&octets);
            parse_then_emit(&octets);
            sequence_number_changes_alone(&octets, number);
        }

        #[test]
        fn any_enhanced_octets(octets in enhanced_like()) {
            enhanced_round_trips(&octets);
        }

        #[test]
        fn any_packet(
            reserved0 in 0..130u8,
            protocol_type: u16,
            reserved1: Option<u16>,
            key: Option<u32>,
            sequence_number: Option<u32>,
            payload in prop::collection::vec(any::<u8>(), 0..100),
        ) {
            let protocol_type = ProtocolType(protocol_type);
            let header = Header { reserved0, protocol_type, reserved1, key, sequence_number };
            emit_then_parse(&Packet { header, payload: &payload });
        }
    }
}
