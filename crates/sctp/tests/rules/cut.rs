//! Packets, chunks and parameters that end too early.

use vpnwire_sctp::chunk::{Body, Heartbeat, OperationError};
use vpnwire_sctp::{
    CauseCode, Chunk, ChunkFlags, ChunkType, Departure, Emit, ErrorCause, ErrorCauseFraming, ErrorCauses,
    LengthError, Packet, Parameter, ParameterFraming, ParameterType, Parameters, ParseError, Parsed,
};

use crate::{data, packet, raw};

#[test]
fn rfc_9260_6_10_a_partial_chunk_is_kept_as_octets_beside_its_fault_and_those_before_it_stay() {
    let octets = packet(3, &[Body::CookieAck.into(), data(1, b"12345678")]);
    for len in 16..octets.len() {
        let cut = &octets[..len];
        let Parsed { value: read, rest, fault } = Packet::parse_until_error(cut).unwrap();
        let fault = fault.unwrap();
        let chunks: Vec<_> = read.chunks.iter().collect();
        assert_eq!(chunks[0], Body::CookieAck.into());
        let told = read.conformance().collect::<Vec<_>>();
        if len == 16 {
            assert!(matches!(fault, ParseError::Checksum { .. }), "{fault}");
            assert_eq!((chunks.len(), rest, &told[..]), (1, &[][..], &[][..]));
            continue;
        }
        let (element, needed) = if len < 20 { ("chunk", 4) } else { ("DATA", 24) };
        let available = len - 16;
        let expected = LengthError::Ends { within: "SCTP packet", element, offset: 16, needed, available };
        assert_eq!(fault, ParseError::Length(expected));
        assert_eq!(Packet::parse_unverified(cut), Err(fault));
        assert!(Packet::parse(cut).is_err());
        if len < 20 {
            assert_eq!(
                (chunks.len(), rest),
                (1, &cut[16..]),
                "a chunk with a header that is cut is not kept"
            );
            continue;
        }
        let value = &cut[20..];
        assert_eq!(rest, []);
        assert_eq!(chunks[1].flags, ChunkFlags::B | ChunkFlags::E);
        assert_eq!(
            chunks[1].body,
            Body::Raw { chunk_type: ChunkType::DATA, value, missing: octets.len() - len },
            "cut at {len}"
        );
        let element = read.chunks.elements().last().unwrap();
        assert_eq!((element.missing, Chunk::parse(&element)), (octets.len() - len, Err(fault)));
        assert_eq!(told, [], "the fault reports the cut, and no departure does");
    }
}

#[test]
fn rfc_9260_3_2_a_last_chunk_without_its_padding_decodes_with_a_departure() {
    let info = [Parameter::HeartbeatInfo(b"a")];
    let causes = [ErrorCause::ProtocolViolation(b"a")];
    for chunk in [
        data(1, b"a"),
        Body::Raw { chunk_type: ChunkType(0x3f), value: b"a", missing: 0 }.into(),
        // The last parameter and the last cause have no padding of their own, so the missing padding is the chunk's.
        Body::Heartbeat(Heartbeat { parameters: (&info).into() }).into(),
        Body::Error(OperationError { causes: (&causes).into() }).into(),
    ] {
        let chunks = [Body::CookieAck.into(), chunk];
        let octets = packet(3, &chunks);
        let end = octets.len() - 3;
        for count in 1..=3 {
            // The checksum covers the octets that are sent.
            let len = octets.len() - count;
            let mut sent = octets[..len].to_vec();
            sent[8..12].fill(0);
            let sum = vpnwire_sctp::crc32c::crc32c(&sent).to_le_bytes();
            sent.splice(8..12, sum);
            let read = Packet::parse(&sent).unwrap();
            assert_eq!(read.chunks.iter().collect::<Vec<_>>(), chunks);
            let Parsed { value, rest, fault } = Packet::parse_until_error(&sent).unwrap();
            assert_eq!((&value, rest, fault), (&read, &[][..], None));
            let chunk_type = chunks[1].body.chunk_type();
            let missing = Departure::MissingPadding { chunk_type, offset: len, count };
            assert_eq!(read.conformance().collect::<Vec<_>>(), [missing]);
            assert!(missing.is_corrected());
            let mut buffer = [0xff; 64];
            assert_eq!(read.emit(&mut buffer).unwrap(), octets, "the padding is emitted");
        }
        let cut = Packet::parse_until_error(&octets[..end - 1]).unwrap();
        assert!(matches!(cut.fault, Some(ParseError::Length(LengthError::Ends { offset: 16, .. }))));
        assert_eq!(
            cut.value.conformance().collect::<Vec<_>>(),
            [],
            "padding is missing only when the value is whole"
        );
    }
}

#[test]
fn rfc_9260_3_2_1_a_parameter_or_cause_that_is_cut_says_which_it_is_and_is_kept_as_octets() {
    let whole = [0, 7, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8];
    for len in 4..whole.len() {
        let read = Parameters::parse_until_error(&whole[..len], 0, ParameterFraming::default());
        let fault = LengthError::Ends {
            within: "SCTP packet",
            element: "State Cookie",
            offset: 0,
            needed: 12,
            available: len,
        };
        assert_eq!((read.fault, read.rest), (Some(fault), &[][..]));
        let raw = Parameter::Raw {
            parameter_type: ParameterType::STATE_COOKIE,
            value: &whole[4..len],
            missing: 12 - len,
        };
        assert_eq!(read.value.iter().collect::<Vec<_>>(), [raw]);
        let element = read.value.elements().next().unwrap();
        assert_eq!(Parameter::parse(&element), Err(ParseError::Length(fault)));
        let read = ErrorCauses::parse_until_error(&whole[..len], 0, ErrorCauseFraming::default());
        assert_eq!(read.fault, Some(fault.named("Invalid Mandatory Parameter")));
        let element = read.value.elements().next().unwrap();
        assert!(ErrorCause::parse(&element).is_err());
        let raw = ErrorCause::Raw {
            cause_code: CauseCode::INVALID_MANDATORY_PARAMETER,
            value: &whole[4..len],
            missing: 12 - len,
        };
        assert_eq!(read.value.iter().collect::<Vec<_>>(), [raw]);
    }
}

#[test]
fn rfc_9260_3_a_header_without_a_chunk_is_a_departure_and_octets_that_frame_none_are_a_fault() {
    let empty = packet(3, &[]);
    assert_eq!(Packet::parse(&empty).unwrap().conformance().collect::<Vec<_>>(), [Departure::NoChunk]);
    // One chunk has length 0, one has a header that is cut, and one has a value that is cut.
    for chunks in [&[0, 3, 0, 0][..], &[0, 3, 0], &[0, 3, 0, 20, 1]] {
        let octets = raw(chunks);
        let read = Packet::parse_until_error(&octets).unwrap();
        assert!(matches!(read.fault, Some(ParseError::Length(_))));
        assert!(!read.value.conformance().any(|departure| departure == Departure::NoChunk), "{chunks:?}");
    }
}
