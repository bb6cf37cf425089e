//! What holds for any octets: called by the tests here and by the fuzz targets.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "a property fails by a panic"
)]

use std::vec;
use std::vec::Vec;

use crate::{
    Checksum, Chunk, ChunkFraming, Chunks, CommonHeader, Departure, ErrorCause, ErrorCauseFraming,
    ErrorCauses, Packet, Parameter, ParameterFraming, Parameters, udp_encapsulation::UdpHeader,
};

fn octets_of(packet: &Packet<'_>) -> Vec<u8> {
    let mut buffer = vec![0xa5; packet.wire_len()];
    let len = packet.emit(&mut buffer).expect("what was parsed can be written");
    assert_eq!(len, buffer.len(), "wire_len is what emit writes");
    buffer
}

/// Nothing panics, whatever the octets, and strict and lenient agree.
pub fn parse_is_total(octets: &[u8]) {
    let _ = Checksum::of(octets);
    let _ = Packet::parse(octets);
    let _ = UdpHeader::parse(octets);
    let strict = Packet::parse_unverified(octets);
    match Packet::parse_until_error(octets) {
        Err(error) => assert_eq!(strict, Err(error)),
        Ok((packet, fault)) => {
            match fault {
                None => assert_eq!(strict.as_ref(), Ok(&packet)),
                Some(fault) => assert_eq!(strict, Err(fault.into())),
            }
            let _ = packet.conformance().count();
            for element in &packet.chunks {
                let _ = Chunk::parse(&element);
            }
        }
    }
    // Parameters and causes on their own, so that the fuzzer need not build a packet around them.
    let wire::Parsed { value: parameters, .. } =
        Parameters::parse_until_error(octets, 0, ParameterFraming::default());
    for element in &parameters {
        let _ = Parameter::parse(&element);
    }
    let wire::Parsed { value: causes, .. } =
        ErrorCauses::parse_until_error(octets, 0, ErrorCauseFraming::default());
    for element in &causes {
        let _ = ErrorCause::parse(&element);
    }
}

/// What was parsed and written is a packet with the right `CRC32c` that says the same.
pub fn emit_then_parse(octets: &[u8]) {
    let Ok((packet, _)) = Packet::parse_until_error(octets) else { return };
    let written = octets_of(&packet);
    let again = Packet::parse(&written).expect("what was written can be parsed");
    assert_eq!(again.header, packet.header);
    assert_eq!(octets_of(&again), written, "writing is stable");
    assert_eq!(again.chunks.element_count(), packet.chunks.element_count());
    let mut departures = Vec::new();
    Packet::parse_reporting(&written, &mut |departure| departures.push(departure)).unwrap();
    assert_eq!(departures, [], "what is written has no departure that parsing reports");
}

/// A packet that parses without a reported departure is written as the same octets.
pub fn parse_then_emit(octets: &[u8]) {
    let mut departures = Vec::new();
    let Ok(packet) = Packet::parse_reporting(octets, &mut |departure| departures.push(departure)) else {
        return;
    };
    let written = octets_of(&packet);
    if departures.is_empty() {
        assert_eq!(written, octets);
    } else if departures.iter().all(|departure| matches!(departure, Departure::Checksum(_))) {
        assert_eq!(written[..8], octets[..8]);
        assert_eq!(written[12..], octets[12..], "the checksum is all that differs");
    }
}

/// Elements lie where they say, one behind the other, and nested ones inside their chunk.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Ok((packet, fault)) = Packet::parse_until_error(octets) else { return };
    let mut offset = CommonHeader::LEN;
    for element in &packet.chunks {
        assert_eq!(element.offset, offset);
        assert_eq!(&octets[element.offset..][..element.octets.len()], element.octets);
        assert_eq!(&octets[element.value_offset..][..element.value.len()], element.value);
        offset += element.octets.len();
        let Ok(chunk) = Chunk::parse(&element) else { continue };
        assert_eq!(chunk.body.value_len(), element.value.len(), "a value is as long as it came");
        assert_eq!(chunk.wire_len(), element.octets.len());
        let Some(parameters) = chunk.body.parameters() else { continue };
        for parameter in parameters {
            assert!(parameter.offset >= element.value_offset);
            assert_eq!(&octets[parameter.offset..][..parameter.octets.len()], parameter.octets);
        }
    }
    match fault {
        None => assert_eq!(offset, octets.len()),
        Some(fault) => assert_eq!(fault.offset, offset, "a fault is met where the framed chunks end"),
    }
}

/// A packet of these octets as its chunks, with a right checksum: what a fuzzer can hardly find.
#[must_use]
pub fn with_checksum(octets: &[u8]) -> Vec<u8> {
    let mut packet = octets.to_vec();
    if packet.len() >= CommonHeader::LEN {
        let computed = crate::checksum::computed(&packet);
        for (to, from) in packet[8..].iter_mut().zip(computed.to_be_bytes()) {
            *to = from;
        }
    }
    packet
}

/// Every property over the same octets.
pub fn all(octets: &[u8]) {
    parse_is_total(octets);
    emit_then_parse(octets);
    parse_then_emit(octets);
    chain_offsets_are_true(octets);
    parse_then_emit(&with_checksum(octets));
    let _ = Chunks::parse_until_error(octets, 0, ChunkFraming);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Chunks whose types are known and whose lengths are mostly right: random octets hardly frame.
    fn packets() -> impl Strategy<Value = Vec<u8>> {
        let types = prop::sample::select(vec![
            0u8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 64, 0x80, 0x82, 0x84, 0xc0, 0xc1, 0xc2,
            0x3f,
        ]);
        let small = prop::collection::vec(prop_oneof![3 => 0u8..24, 1 => any::<u8>()], 0..60);
        let tlvs = prop::collection::vec(
            (
                prop::sample::select(vec![
                    1u16, 2, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 0x8000, 0x8003, 0x8004,
                    0x8008, 0xa0, 0x105, 0xc000, 0xc001, 0xc003, 0xc005, 99,
                ]),
                prop::collection::vec(any::<u8>(), 0..24),
                any::<bool>(),
            ),
            0..5,
        )
        .prop_map(|tlvs| {
            let mut octets = Vec::new();
            for (kind, value, zero) in tlvs {
                octets.extend(kind.to_be_bytes());
                octets.extend(u16::try_from(value.len() + 4).unwrap().to_be_bytes());
                octets.extend(value);
                while octets.len() % 4 != 0 {
                    octets.push(u8::from(!zero));
                }
            }
            octets
        });
        let fixed = prop::sample::select(vec![0usize, 4, 12, 16]);
        let value = prop_oneof![
            small,
            (fixed, tlvs, 0..4usize).prop_map(|(fixed, tlvs, cut)| {
                let mut octets: Vec<u8> = (1..).take(fixed).collect();
                octets.extend(tlvs);
                octets.truncate(octets.len() - cut.min(octets.len()));
                octets
            }),
        ];
        let chunk = (types, any::<u8>(), value, prop_oneof![9 => Just(0u16), 1 => any::<u16>()]).prop_map(
            |(chunk_type, flags, value, lie)| {
                let mut octets = vec![chunk_type, flags];
                octets.extend((u16::try_from(value.len() + 4).unwrap() ^ lie).to_be_bytes());
                octets.extend(value);
                octets.resize(octets.len().next_multiple_of(4), 0);
                octets
            },
        );
        (any::<[u8; 12]>(), prop::collection::vec(chunk, 0..5))
            .prop_map(|(header, chunks)| [header.to_vec(), chunks.concat()].concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn hold_for_any_octets(octets in prop::collection::vec(any::<u8>(), 0..120)) {
            all(&octets);
        }

        #[test]
        fn hold_for_likely_packets(octets in packets()) {
            all(&octets);
        }
    }
}
