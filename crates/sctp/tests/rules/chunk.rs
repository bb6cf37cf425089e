//! The contents of chunks.

use std::num::NonZeroUsize;

use vpnwire_sctp::chunk::{Body, Heartbeat, Init, OperationError};
use vpnwire_sctp::{
    Chunk, ChunkFlags, ChunkType, CommonHeader, Departure, Emit, EmitError, ErrorCause, Packet, Parameter,
    ParameterType, Tsn, UnrecognizedAction,
};

use crate::{data, departures, init, packet, raw};

#[test]
fn rfc_9260_3_2_nonzero_padding_is_ignored_and_written_as_zeros() {
    let mut octets = packet(3, &[data(1, b"x")]);
    let last = octets.len() - 1;
    octets[last] = 0xaa;
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(read.conformance().collect::<Vec<_>>(), [Departure::Padding { offset: last - 2 }]);
    let mut buffer = [0xff; 64];
    assert_eq!(read.emit(&mut buffer).unwrap(), packet(3, &[data(1, b"x")]));
}

#[test]
fn rfc_9260_3_2_the_upper_bits_say_what_to_do_with_an_unknown_chunk() {
    for (chunk_type, action) in [
        (0x3e, UnrecognizedAction::Stop),
        (0x7e, UnrecognizedAction::StopAndReport),
        (0xbe, UnrecognizedAction::Skip),
        (0xfe, UnrecognizedAction::SkipAndReport),
    ] {
        assert_eq!(ChunkType(chunk_type).unrecognized_action(), action);
        assert_eq!(ParameterType(u16::from(chunk_type) << 8).unrecognized_action(), action);
        assert_eq!(action.goes_on(), chunk_type & 0x80 != 0);
        assert_eq!(action.reports(), chunk_type & 0x40 != 0);
        // Every octet of the chunk is kept, including its flags.
        let octets = raw(&[chunk_type, 0x5a, 0, 6, 1, 2, 0, 0]);
        let read = Packet::parse_unverified(&octets).unwrap();
        let chunk = Chunk::parse(&read.chunks.elements().next().unwrap()).unwrap();
        assert_eq!(chunk.body, Body::Raw { chunk_type: ChunkType(chunk_type), value: &[1, 2], missing: 0 });
        let mut buffer = [0; 20];
        read.emit(&mut buffer).unwrap();
        assert_eq!(buffer[12..], octets[12..]);
    }
}

#[test]
fn rfc_9260_3_1_port_0_is_not_used() {
    for (source_port, destination_port, departs) in [(0, 1, true), (1, 0, true), (0, 0, true), (1, 1, false)]
    {
        let header = CommonHeader { source_port, destination_port, verification_tag: 3 };
        let chunks = [Body::CookieAck.into()];
        let packet = Packet { header, chunks: (&chunks).into() };
        let told: Vec<_> = packet.conformance().collect();
        let departure = Departure::PortZero { source_port, destination_port };
        assert_eq!(told, Vec::from_iter(departs.then_some(departure)));
        assert!(departure.to_string().ends_with("but port 0 must not be used"));
    }
}

#[test]
fn rfc_9260_8_5_1_an_init_has_tag_0_and_nothing_else_has() {
    assert_eq!(departures(9, &[Body::Init(init()).into()]), [Departure::InitTag { verification_tag: 9 }]);
    assert_eq!(departures(0, &[Body::CookieAck.into()]), [Departure::ZeroTag]);
}

#[test]
fn rfc_9260_3_3_2_an_init_has_a_tag_a_window_and_streams() {
    let with = |change: &dyn Fn(&mut Init<'_>)| {
        let mut init = init();
        change(&mut init);
        departures(0, &[Body::Init(init).into()])
    };
    assert_eq!(with(&|_| {}), []);
    assert_eq!(with(&|init| init.initiate_tag = 0), [Departure::ZeroInitiateTag { offset: 12 }]);
    assert_eq!(with(&|init| init.a_rwnd = 1499), [Departure::SmallWindow { offset: 12, a_rwnd: 1499 }]);
    assert_eq!(with(&|init| init.outbound_streams = 0), [Departure::NoStreams { offset: 12 }]);
    assert_eq!(with(&|init| init.inbound_streams = 0), [Departure::NoStreams { offset: 12 }]);
    let parameters = [Parameter::Random(b"12345"), Parameter::HostNameAddress(b"h\0")];
    let named = departures(0, &[Body::Init(Init { parameters: (&parameters).into(), ..init() }).into()]);
    assert_eq!(named, [Departure::HostNameAddress { offset: 32 + 12 }]);
}

#[test]
fn rfc_9260_3_3_3_an_init_ack_has_a_state_cookie() {
    assert_eq!(departures(3, &[Body::InitAck(init()).into()]), [Departure::NoStateCookie { offset: 12 }]);
}

#[test]
fn rfc_9260_3_3_1_data_has_user_data() {
    assert_eq!(departures(3, &[data(7, b"")]), [Departure::NoUserData { offset: 12, tsn: Tsn(7) }]);
}

#[test]
fn rfc_9260_3_2_reserved_flags_are_kept_and_seen() {
    let chunk = Chunk { flags: ChunkFlags(0xf3), ..data(1, b"data") };
    let found = departures(3, &[chunk]);
    assert_eq!(found, [Departure::ReservedFlags { chunk_type: ChunkType::DATA, offset: 12, bits: 0xf0 }]);
}

#[test]
fn rfc_9260_3_3_4_gap_blocks_start_behind_the_cumulative_tsn() {
    use vpnwire_sctp::chunk::{GapAckBlock, Sack};
    let blocks = [
        GapAckBlock { start: 0, end: 1 },
        GapAckBlock { start: 3, end: 3 },
        GapAckBlock { start: 9, end: 8 },
    ];
    let sack = Sack {
        cumulative_tsn_ack: Tsn(1),
        a_rwnd: 0,
        gap_ack_blocks: (&blocks).into(),
        duplicate_tsns: (&[]).into(),
    };
    assert_eq!(
        departures(3, &[Body::Sack(sack).into()]),
        [
            Departure::GapAckBlock { offset: 12, start: 0, end: 1 },
            Departure::GapAckBlock { offset: 12, start: 9, end: 8 }
        ]
    );
}

#[test]
fn rfc_9260_3_3_5_a_heartbeat_has_one_information() {
    let with = |parameters: &[Parameter<'_>]| {
        departures(3, &[Body::Heartbeat(Heartbeat { parameters: parameters.into() }).into()])
    };
    let info = Parameter::HeartbeatInfo(b"info");
    assert_eq!(with(std::slice::from_ref(&info)), []);
    for parameters in [&[][..], &[info.clone(), info], &[Parameter::EcnCapable]] {
        assert_eq!(with(parameters), [Departure::NoHeartbeatInfo { offset: 12 }]);
    }
}

#[test]
fn rfc_9260_3_3_10_an_error_has_a_cause() {
    let with = |causes: &[ErrorCause<'_>]| {
        departures(3, &[Body::Error(OperationError { causes: causes.into() }).into()])
    };
    assert_eq!(with(&[ErrorCause::OutOfResource]), []);
    assert_eq!(with(&[]), [Departure::NoCause { offset: 12 }]);
}

#[test]
fn rfc_9260_6_9_a_large_message_is_cut_into_fragments() {
    let message: Vec<u8> = (0..100).collect();
    let Chunk { body: Body::Data(whole), .. } = data(u32::MAX, &message) else { panic!("DATA") };
    let max = |max| NonZeroUsize::new(max).unwrap();
    let fragments: Vec<_> = whole.fragments(ChunkFlags::U | ChunkFlags::E, max(40)).unwrap().collect();
    let flags: Vec<_> = fragments.iter().map(|chunk| chunk.flags).collect();
    assert_eq!(flags, [ChunkFlags::U | ChunkFlags::B, ChunkFlags::U, ChunkFlags::U | ChunkFlags::E]);
    let mut joined: Vec<u8> = Vec::new();
    for (chunk, tsn) in fragments.iter().zip([u32::MAX, 0, 1]) {
        let Body::Data(data) = &chunk.body else { panic!("DATA") };
        assert_eq!((data.tsn, data.stream_sequence_number), (Tsn(tsn), whole.stream_sequence_number));
        joined.extend(data.user_data);
    }
    assert_eq!(joined, message);
    assert_eq!(whole.fragments(ChunkFlags::NONE, max(100)).unwrap().count(), 1);
    let Chunk { body: Body::Data(empty), .. } = data(7, &[]) else { panic!("DATA") };
    let error = empty.fragments(ChunkFlags::NONE, max(40)).map(Iterator::count);
    assert_eq!(error, Err(EmitError::MissingElement { element: "User Data" }), "RFC 9260 section 6.2");
}

#[test]
fn flags_are_joined_and_reserved_ones_are_seen_on_chunks_without_flags() {
    assert_eq!(ChunkFlags::B | ChunkFlags::B, ChunkFlags::B);
    let mut flags = ChunkFlags::B;
    flags |= ChunkFlags::B;
    flags |= ChunkFlags::E;
    assert_eq!(flags, ChunkFlags(3));
    let chunk = Chunk { flags: ChunkFlags(0x11), body: Body::CookieAck };
    assert_eq!(
        departures(3, &[chunk]),
        [Departure::ReservedFlags { chunk_type: ChunkType::COOKIE_ACK, offset: 12, bits: 0x11 }]
    );
}
