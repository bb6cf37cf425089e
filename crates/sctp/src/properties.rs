//! Properties that hold for any octets. The tests here and the fuzz targets call them.
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

use wire::{Emit, EmitError, Member, Parsed};

use crate::udp_encapsulation::Datagram;
use crate::{
    Checksum, Chunk, ChunkFraming, Chunks, CommonHeader, Departure, ErrorCause, ErrorCauseFraming,
    ErrorCauses, Packet, Parameter, ParameterFraming, Parameters, ParseError,
};

fn octets_of(packet: &Packet<'_>) -> Vec<u8> {
    let mut buffer = vec![0xa5; packet.wire_len()];
    let len = packet.emit(&mut buffer).expect("a parsed packet can be written").len();
    assert_eq!(len, buffer.len(), "wire_len is the number of octets that emit writes");
    buffer
}

/// Reads the packet as far as its octets go.
fn read(octets: &[u8]) -> Option<Parsed<'_, Packet<'_>, ParseError>> {
    Packet::parse_until_error(octets).ok()
}

/// Parsing any octets does not panic, and the strict and the lenient parser agree.
pub fn parse_is_total(octets: &[u8]) {
    let _ = Checksum::of(octets);
    let strict = Packet::parse(octets);
    assert_eq!(Packet::parse_prefix(octets), strict.clone().map(|packet| (packet, &[][..])));
    let unverified = Packet::parse_unverified(octets);
    match Packet::parse_until_error(octets) {
        Err(error) => assert_eq!((strict, unverified), (Err(error), Err(error))),
        Ok(Parsed { value: packet, rest, fault }) => {
            match fault {
                None => assert_eq!(strict.as_ref(), Ok(&packet)),
                Some(ParseError::Checksum { .. }) => {
                    assert_eq!((strict, unverified.as_ref()), (Err(fault.unwrap()), Ok(&packet)));
                }
                Some(fault) => {
                    assert!(strict.is_err());
                    assert_eq!(unverified, Err(fault));
                }
            }
            assert_eq!(packet.chunks.chain().map(|chain| chain.rest()), Some(rest));
            let _ = packet.conformance().count();
            for element in packet.chunks.elements() {
                let chunk = Chunk::parse(&element);
                assert!(chunk.is_err() || !element.is_cut(), "a chunk that is cut is not decoded");
            }
        }
    }
    // Parameters and causes are also read on their own, so that the fuzzer need not build a packet around them.
    let parameters = Parameters::parse_until_error(octets, 0, ParameterFraming::default()).value;
    for element in parameters.elements() {
        let _ = Parameter::parse(&element);
    }
    let causes = ErrorCauses::parse_until_error(octets, 0, ErrorCauseFraming::default()).value;
    for element in causes.elements() {
        let _ = ErrorCause::parse(&element);
    }
    match Datagram::parse_until_error(octets) {
        Err(error) => assert_eq!(Datagram::parse_prefix(octets), Err(error)),
        Ok(Parsed { value, rest, fault }) => {
            assert_eq!(Datagram::parse_prefix(octets), fault.map_or(Ok((value, rest)), Err));
            assert_eq!(Datagram::parse(octets).is_ok(), fault.is_none() && rest.is_empty());
        }
    }
}

/// A packet that was parsed and emitted has the right `CRC32c` and the same contents.
pub fn emit_then_parse(octets: &[u8]) {
    let Some(Parsed { value: packet, .. }) = read(octets) else { return };
    if packet.chunks.chain().is_some_and(|chain| chain.is_cut()) {
        let error = packet.emit(&mut vec![0; packet.wire_len()]).map(drop);
        assert!(
            matches!(error, Err(EmitError::CutElement { .. })),
            "only a part that is cut may be refused: {error:?}"
        );
        return;
    }
    let written = octets_of(&packet);
    let again = Packet::parse(&written).expect("a written packet can be parsed");
    assert_eq!(again.header, packet.header);
    assert_eq!(octets_of(&again), written, "writing is stable");
    assert_eq!(again.chunks.count(), packet.chunks.count());
    let left = again.conformance().find(Departure::is_corrected);
    assert_eq!(left, None, "an emitted packet has no departure that emitting corrects");
    // The same chunks as values make the same packet.
    let chunks: Vec<_> = again.chunks.iter().collect();
    let built = Packet { header: again.header, chunks: chunks[..].into() };
    assert_eq!(built, again);
    let found = |packet: &Packet<'_>| packet.conformance().collect::<Vec<_>>();
    assert_eq!(
        found(&built),
        found(&again),
        "a packet has the same departures when it is built and when it is read"
    );
    assert_eq!(octets_of(&built), written);
    let mut buffer = vec![0xa5; written.len()];
    let pushed = Packet::fill(&mut buffer, built.header, |packet| {
        chunks.iter().try_for_each(|chunk| packet.push(chunk).map(drop))
    });
    assert_eq!(
        pushed.map(|octets| &*octets),
        Ok(&*written),
        "chunks that are pushed one by one make the same octets"
    );
}

/// A packet is emitted as the same octets, unless it has a departure that emitting corrects.
pub fn parse_then_emit(octets: &[u8]) {
    let Ok(packet) = Packet::parse_unverified(octets) else { return };
    let written = octets_of(&packet);
    if !packet.conformance().any(|departure| departure.is_corrected()) {
        assert_eq!(written[..8], octets[..8]);
        assert_eq!(written[12..], octets[12..], "only the checksum may differ");
        if Checksum::of(octets) == Ok(Checksum::Crc32c) {
            assert_eq!(written, octets);
        }
    }
}

/// Elements stand at their offsets, one after the other, and nested elements stand inside their chunk.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Some(Parsed { value: packet, rest, fault }) = read(octets) else { return };
    let mut offset = CommonHeader::LEN;
    for element in packet.chunks.elements() {
        assert_eq!(element.offset, offset);
        assert_eq!(&octets[offset..][..element.octets.len()], element.octets);
        assert_eq!(&octets[element.value_offset..][..element.value.len()], element.value);
        offset += element.octets.len();
        let chunk = Chunk::decode(&element, &ChunkFraming);
        assert_eq!(chunk.header(), element.header);
        assert_eq!(
            chunk.wire_len(),
            element.value.len(),
            "a value is as long as the octets it was read from"
        );
        let Some(parameters) = chunk.body.parameters() else { continue };
        for parameter in parameters.elements() {
            assert!(parameter.offset >= element.value_offset);
            assert_eq!(&octets[parameter.offset..][..parameter.octets.len()], parameter.octets);
        }
    }
    assert_eq!(&octets[offset..], rest);
    let last = packet.chunks.elements().last();
    match (fault, last.and_then(|last| last.fault())) {
        (Some(ParseError::Length(fault)), Some(cut)) => assert_eq!((fault, rest), (cut, &[][..])),
        (Some(ParseError::Length(fault)), None) => {
            assert_eq!(fault.offset(), offset, "a fault is met where the framed chunks end");
        }
        (_, cut) => assert_eq!((cut, rest), (None, &[][..])),
    }
}

/// Makes a packet with a right checksum from the octets of its chunks. A fuzzer can hardly find one.
#[must_use]
pub fn with_checksum(octets: &[u8]) -> Vec<u8> {
    let mut packet = octets.to_vec();
    if let Some((header, chunks)) = octets.split_first_chunk() {
        packet.splice(8..12, crate::checksum::computed(header, chunks).to_be_bytes());
    }
    packet
}

/// Checks every property with the same octets.
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

    /// Makes chunks of known types with mostly right lengths, because random octets can hardly be framed.
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
        fn hold_for_likely_packets(octets in packets(), cut in prop_oneof![3 => Just(0usize), 1 => 0..24usize]) {
            all(&octets[..octets.len().saturating_sub(cut)]);
        }
    }
}
