//! The tables of types: each type has its own value, which is as long as what is written of it.

use vpnwire_sctp::chunk::Body;
use vpnwire_sctp::{
    CauseCode, Chunk, ChunkFlags, ChunkType, Chunks, Departure, Emit, ErrorCause, ErrorCauseFraming,
    ErrorCauses, Packet, Parameter, ParameterFraming, ParameterType, Parameters,
};

use crate::raw;

/// The value of a chunk of this type that has its least length.
const fn least_value(chunk_type: u8) -> usize {
    match chunk_type {
        0 => 12,
        1 | 2 => 16,
        3 | 64 => 12 + if chunk_type == 64 { 4 } else { 0 },
        7 | 12 | 13 | 128 | 192 | 194 => 4,
        15 => 4,
        193 => 12,
        _ => 0,
    }
}

#[test]
fn rfc_9260_3_2_reserved_flags_are_seen_on_every_chunk() {
    for number in 0..=255 {
        let octets = raw(&[number, 0xff, 0, 4]);
        let read = Packet::parse_unverified(&octets).unwrap();
        let bits = read.conformance().find_map(|departure| match departure {
            Departure::ReservedFlags { bits, offset: 12, chunk_type: ChunkType(found) }
                if found == number =>
            {
                Some(bits)
            }
            _ => None,
        });
        let expected = match number {
            0 | 64 => Some(0xf0),
            6 | 14 => Some(0xfe),
            1..=15 | 128 | 130 | 132 | 192 | 193 | 194 => Some(0xff),
            _ => None,
        };
        assert_eq!(bits, expected, "{}", ChunkType(number));
    }
    assert_eq!(
        (ChunkFlags::B | ChunkFlags::B, ChunkFlags::E | ChunkFlags::B),
        (ChunkFlags::B, ChunkFlags(3))
    );
}

#[test]
fn each_chunk_type_has_its_own_value() {
    for number in 0..=255u8 {
        let len = least_value(number);
        let mut chunk = vec![number, 2, 0, u8::try_from(len).unwrap() + 4];
        chunk.resize(len + 4, 0);
        if number == 193 {
            // An ASCONF has an address parameter behind its serial number.
            (chunk[9], chunk[11]) = (5, 8);
        }
        let octets = raw(&chunk);
        let read = Packet::parse_unverified(&octets).unwrap();
        let value = Chunk::parse(&read.chunks.elements().next().unwrap()).unwrap();
        assert_eq!(matches!(value.body, Body::Raw { .. }), ChunkType(number).name().is_none(), "{number}");
        assert_eq!((value.body.chunk_type(), value.wire_len()), (ChunkType(number), len));
        assert_eq!(value.emit(&mut [0xff; 32]).unwrap(), &chunk[4..]);
        let chunks = [value];
        assert_eq!(Chunks::from(&chunks).emit(&mut [0xff; 32]).unwrap(), chunk);
    }
}

#[test]
fn each_parameter_type_has_its_own_value() {
    let numbers = (0..=0x12).chain(0x8000..=0x8010).chain(0xc000..=0xc010);
    for number in numbers {
        let len: u8 = match number {
            5 | 9 | 15 | 0x8001 | 0xc003 | 0xc005 | 0xc006 => 4,
            13 => 12,
            14 => 4,
            16..=18 => 8,
            6 => 16,
            0xc001 | 0xc002 | 0xc004 => 12,
            _ => 0,
        };
        let mut parameter =
            [&u16::to_be_bytes(number)[..], &[0, len + 4], &[0; 16][..usize::from(len)]].concat();
        if matches!(number, 0xc001 | 0xc002 | 0xc004) {
            (parameter[9], parameter[11]) = (5, 8);
        }
        let read = Parameters::parse(&parameter, 0, ParameterFraming::default()).unwrap();
        let parameter_type = ParameterType(number);
        let value = Parameter::parse(&read.elements().next().unwrap());
        let value = value.unwrap_or_else(|error| panic!("{parameter_type}: {error}"));
        assert_eq!(matches!(value, Parameter::Raw { .. }), parameter_type.name().is_none(), "{number:#x}");
        assert_eq!((value.parameter_type(), value.wire_len()), (parameter_type, usize::from(len)));
        assert_eq!(value.emit(&mut [0xff; 32]).unwrap(), &parameter[4..]);
    }
}

#[test]
fn each_cause_code_has_its_own_information() {
    for number in (0..=20).chain(0xa0..=0xa6).chain(0x100..=0x108) {
        let len: u8 = match number {
            1 | 2 | 3 | 9 => 4,
            0x105 => 2,
            _ => 0,
        };
        let cause = [&u16::to_be_bytes(number)[..], &[0, len + 4], &[0; 4][..usize::from(len)]].concat();
        let read = ErrorCauses::parse(&cause, 0, ErrorCauseFraming::default()).unwrap();
        let code = CauseCode(number);
        let value = ErrorCause::parse(&read.elements().next().unwrap());
        let value = value.unwrap_or_else(|error| panic!("{code}: {error}"));
        assert_eq!(matches!(value, ErrorCause::Raw { .. }), code.name().is_none(), "{number:#x}");
        assert_eq!((value.cause_code(), value.wire_len()), (code, usize::from(len)));
        assert_eq!(value.emit(&mut [0xff; 32]).unwrap(), &cause[4..]);
    }
}
