//! Packets of known octets are read and written. scapy 2.8.0 wrote the octets from the values below, unless a test says
//! otherwise.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use vpnwire_sctp::chunk::{
    Abort, Asconf, AsconfAck, Auth, Body, CongestionPoint, CookieEcho, Data, ForwardTsn, GapAckBlock,
    Heartbeat, IData, IForwardTsn, Init, OperationError, Pad, PayloadProtocolIdentifier, PpidOrFsn, ReConfig,
    Sack, Shutdown, SkippedMessage, SkippedStream,
};
use vpnwire_sctp::parameter::{
    AddStreamsRequest, AddressChange, HmacIdentifier, IncomingSsnResetRequest, NextTsns,
    OutgoingSsnResetRequest, ReconfigurationResponse, ReconfigurationResult,
};
use vpnwire_sctp::{
    CauseCode, Chunk, ChunkFlags, ChunkFraming, ChunkType, Chunks, CommonHeader, Departure, Emit, ErrorCause,
    ErrorCauseFraming, ErrorCauses, Items, MessageIdentifier, Packet, Parameter, ParameterFraming,
    ParameterType, Parameters, StreamSequenceNumber, Tsn,
};

const HEADER: CommonHeader =
    CommonHeader { source_port: 5000, destination_port: 5001, verification_tag: 0x1234_5678 };

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|digit| u8::try_from(digit).unwrap()).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

/// Parsing these octets gives these chunks, and emitting these chunks gives these octets.
fn both_ways(octets: &str, header: CommonHeader, chunks: &[Chunk<'_>]) {
    let octets = hex(octets);
    let packet = Packet::parse(&octets).unwrap();
    let read: Vec<_> = packet.chunks.iter().collect();
    assert_eq!(read, chunks);
    let built = Packet { header, chunks: chunks.into() };
    assert_eq!(packet, built);
    // scapy sends ASCONF without AUTH, and combines parameters in ways that RFC 6525 does not allow.
    let departures = packet.conformance().filter(|departure| {
        !matches!(departure, Departure::NotAuthenticated { .. } | Departure::ReConfigCombination { .. })
    });
    assert_eq!(departures.collect::<Vec<_>>(), []);

    let mut buffer = [0xee; 512];
    for packet in [&packet, &built] {
        assert_eq!(packet.emit(&mut buffer).unwrap(), octets);
        assert_eq!(packet.wire_len(), octets.len());
    }
    let pushed = Packet::fill(&mut buffer, header, |packet| {
        chunks.iter().try_for_each(|chunk| packet.push(chunk).map(drop))
    });
    assert_eq!(pushed.unwrap(), octets);
}

#[test]
fn init_with_addresses_and_extensions() {
    let random: Vec<u8> = (0..32).collect();
    let extensions = [
        ChunkType::ASCONF,
        ChunkType::ASCONF_ACK,
        ChunkType::AUTH,
        ChunkType::FORWARD_TSN,
        ChunkType::RE_CONFIG,
    ];
    let address_types = [ParameterType::IPV4_ADDRESS, ParameterType::IPV6_ADDRESS];
    let authenticated = [ChunkType::ASCONF, ChunkType::ASCONF_ACK, ChunkType::FORWARD_TSN];
    let hmacs = [HmacIdentifier::SHA_1, HmacIdentifier::SHA_256];
    let parameters = [
        Parameter::Ipv4Address("10.0.0.1".parse().unwrap()),
        Parameter::Ipv6Address("2001:db8::1".parse().unwrap()),
        Parameter::CookiePreservative(Duration::from_millis(1000)),
        Parameter::SupportedAddressTypes((&address_types).into()),
        Parameter::EcnCapable,
        Parameter::Random(&random),
        Parameter::ChunkList((&authenticated).into()),
        Parameter::RequestedHmacAlgorithm((&hmacs).into()),
        Parameter::SupportedExtensions((&extensions).into()),
        Parameter::ForwardTsnSupported,
        Parameter::AdaptationLayerIndication(7),
    ];
    let init = Init {
        initiate_tag: 0xdead_beef,
        a_rwnd: 106_496,
        outbound_streams: 10,
        inbound_streams: 2048,
        initial_tsn: Tsn(0xffff_fffe),
        parameters: (&parameters).into(),
    };
    both_ways(
        "1388138900000000275694b601000090deadbeef0001a000000a0800fffffffe000500080a0000010006001420010db800000000000000000000000100090008000003e8000c0008000500068000000480020024000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f80030007c180c000800400080001000380080009c1800fc082000000c0000004c006000800000007",
        CommonHeader { verification_tag: 0, ..HEADER },
        &[Body::Init(init).into()],
    );
}

#[test]
fn init_ack_with_cookie_and_unrecognized_parameter() {
    let parameters = [
        Parameter::StateCookie(b"cookie!"),
        Parameter::UnrecognizedParameter(&[0x7f, 0xff, 0, 5, 1, 0, 0, 0]),
    ];
    let init = Init {
        initiate_tag: 1,
        a_rwnd: 1500,
        outbound_streams: 1,
        inbound_streams: 1,
        initial_tsn: Tsn(5),
        parameters: (&parameters).into(),
    };
    both_ways(
        "138813891234567834c932590200002c00000001000005dc00010001000000050007000b636f6f6b696521000008000c7fff000501000000",
        HEADER,
        &[Body::InitAck(init).into()],
    );
}

#[test]
fn sack_with_gaps_and_duplicates() {
    let sack = Sack {
        cumulative_tsn_ack: Tsn(100),
        a_rwnd: 4096,
        gap_ack_blocks: (&[GapAckBlock { start: 2, end: 3 }, GapAckBlock { start: 5, end: 9 }]).into(),
        duplicate_tsns: (&[Tsn(98), Tsn(98), Tsn(99)]).into(),
    };
    both_ways(
        "1388138912345678d9b65db5030000240000006400001000000200030002000300050009000000620000006200000063",
        HEADER,
        &[Body::Sack(sack).into()],
    );
}

#[test]
fn cookie_echo_bundled_with_data_and_padding() {
    let data = Data {
        tsn: Tsn(5),
        stream_identifier: 3,
        stream_sequence_number: StreamSequenceNumber(9),
        payload_protocol_identifier: PayloadProtocolIdentifier::DIAMETER,
        user_data: b"abcde",
    };
    let next = Data {
        tsn: Tsn(6),
        stream_sequence_number: StreamSequenceNumber(10),
        user_data: b"abcdefgh",
        ..data
    };
    both_ways(
        "138813891234567882ae66240a00000b636f6f6b696521000003001500000005000300090000002e616263646500000000060018000000060003000a0000002e6162636465666768",
        HEADER,
        &[
            Body::CookieEcho(CookieEcho { cookie: b"cookie!" }).into(),
            Chunk { flags: ChunkFlags::B | ChunkFlags::E, body: Body::Data(data) },
            Chunk { flags: ChunkFlags::U | ChunkFlags::B, body: Body::Data(next) },
        ],
    );
}

#[test]
fn heartbeat_and_its_answer() {
    let parameters = [Parameter::HeartbeatInfo(b"now!")];
    let heartbeat = Heartbeat { parameters: (&parameters).into() };
    both_ways(
        "13881389123456787f18b5e10400000c000100086e6f7721",
        HEADER,
        &[Body::Heartbeat(heartbeat.clone()).into()],
    );
    both_ways(
        "13881389123456784fccc4d00500000c000100086e6f7721",
        HEADER,
        &[Body::HeartbeatAck(heartbeat).into()],
    );
}

#[test]
fn abort_with_the_tag_reflected_and_a_reason() {
    let causes = [ErrorCause::UserInitiatedAbort(b"bye!")];
    let abort = Abort { causes: (&causes).into() };
    both_ways(
        "1388138912345678734b1ca30601000c000c000862796521",
        HEADER,
        &[Chunk { flags: ChunkFlags::T, body: Body::Abort(abort) }],
    );
}

#[test]
fn shutdown_in_three_steps() {
    both_ways(
        "13881389123456784f999b9c070000080000004d",
        HEADER,
        &[Body::Shutdown(Shutdown { cumulative_tsn_ack: Tsn(77) }).into()],
    );
    both_ways("13881389123456783bf3585608000004", HEADER, &[Body::ShutdownAck.into()]);
    both_ways(
        "138813891234567837735c370e010004",
        HEADER,
        &[Chunk { flags: ChunkFlags::T, body: Body::ShutdownComplete }],
    );
}

#[test]
fn error_with_a_cause() {
    let causes = [ErrorCause::InvalidStreamIdentifier { stream_identifier: 7, reserved: 0 }];
    let error = OperationError { causes: (&causes).into() };
    both_ways("1388138912345678112471dc0900000c0001000800070000", HEADER, &[Body::Error(error).into()]);
}

#[test]
fn auth_before_what_it_authenticates() {
    let hmac: Vec<u8> = (0..20).collect();
    let auth = Auth { shared_key_identifier: 1, hmac_identifier: HmacIdentifier::SHA_1, hmac: &hmac };
    both_ways(
        "1388138912345678ae4e4b7b0f00001c00010001000102030405060708090a0b0c0d0e0f101112130b000004",
        HEADER,
        &[Body::Auth(auth).into(), Body::CookieAck.into()],
    );
}

#[test]
fn asconf_with_three_requests_and_its_answer() {
    let change =
        |correlation_id, last| AddressChange { correlation_id, address: IpAddr::from([10, 0, 0, last]) };
    let parameters = [
        Parameter::AddIpAddress(change(1, 2)),
        Parameter::DeleteIpAddress(change(2, 3)),
        Parameter::SetPrimaryAddress(change(3, 2)),
    ];
    let asconf = Asconf {
        serial_number: 9,
        address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)),
        parameters: (&parameters).into(),
    };
    both_ways(
        "138813891234567862d5c991c100004000000009000500080a000001c001001000000001000500080a000002c002001000000002000500080a000003c004001000000003000500080a000002",
        HEADER,
        &[Body::Asconf(asconf).into()],
    );

    // This is the failed delete of RFC 5061 section 4.3.1, with another correlation ID.
    let request = hex("c00200100000000200050008c0000201");
    let causes = [ErrorCause::DeleteLastAddress(&request)];
    let parameters = [
        Parameter::SuccessIndication(1),
        Parameter::ErrorCauseIndication { correlation_id: 2, causes: (&causes).into() },
    ];
    let ack = AsconfAck { serial_number: 9, parameters: (&parameters).into() };
    both_ways(
        "1388138912345678a2d030278000002c00000009c005000800000001c003001c0000000200a00014c00200100000000200050008c0000201",
        HEADER,
        &[Body::AsconfAck(ack).into()],
    );
}

#[test]
fn forward_tsn_with_skipped_streams() {
    let skipped = [
        SkippedStream { stream_identifier: 1, stream_sequence_number: StreamSequenceNumber(2) },
        SkippedStream { stream_identifier: 3, stream_sequence_number: StreamSequenceNumber(4) },
    ];
    let forward = ForwardTsn { new_cumulative_tsn: Tsn(9), skipped: (&skipped).into() };
    both_ways(
        "1388138912345678e8d4eaabc0000010000000090001000200030004",
        HEADER,
        &[Body::ForwardTsn(forward).into()],
    );
}

#[test]
fn i_data_in_two_fragments_and_what_skips_it() {
    let first = IData {
        tsn: Tsn(5),
        stream_identifier: 3,
        reserved: 0,
        message_identifier: MessageIdentifier(9),
        ppid_or_fsn: PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier::DIAMETER),
        user_data: b"abcde",
    };
    let last =
        IData { tsn: Tsn(6), ppid_or_fsn: PpidOrFsn::FragmentSequenceNumber(1), user_data: b"fgh", ..first };
    both_ways(
        "1388138912345678ac77c206400200190000000500030000000000090000002e6162636465000000400100170000000600030000000000090000000166676800",
        HEADER,
        &[
            Chunk { flags: ChunkFlags::B, body: Body::IData(first) },
            Chunk { flags: ChunkFlags::E, body: Body::IData(last) },
        ],
    );
    let skipped = [SkippedMessage {
        stream_identifier: 1,
        reserved: 0,
        unordered: true,
        message_identifier: MessageIdentifier(7),
    }];
    let forward = IForwardTsn { new_cumulative_tsn: Tsn(9), skipped: (&skipped).into() };
    both_ways(
        "1388138912345678963a53fbc2000010000000090001000100000007",
        HEADER,
        &[Body::IForwardTsn(forward).into()],
    );
}

#[test]
fn re_config_requests_and_responses() {
    let streams = ([4, 5, 6], [8, 9]);
    let requests = [
        Parameter::OutgoingSsnResetRequest(OutgoingSsnResetRequest {
            request_sequence_number: 1,
            response_sequence_number: 2,
            last_assigned_tsn: Tsn(3),
            stream_numbers: (&streams.0).into(),
        }),
        Parameter::IncomingSsnResetRequest(IncomingSsnResetRequest {
            request_sequence_number: 7,
            stream_numbers: (&streams.1).into(),
        }),
    ];
    let re_config = ReConfig { parameters: (&requests).into() };
    both_ways(
        "1388138912345678acc9a3d482000028000d00160000000100000002000000030004000500060000000e000c0000000700080009",
        HEADER,
        &[Body::ReConfig(re_config).into()],
    );

    let responses = [
        Parameter::ReconfigurationResponse(ReconfigurationResponse {
            response_sequence_number: 1,
            result: ReconfigurationResult::PERFORMED,
            next_tsns: Some(NextTsns { senders: Tsn(3), receivers: Tsn(4) }),
        }),
        Parameter::AddOutgoingStreamsRequest(AddStreamsRequest {
            request_sequence_number: 7,
            new_streams: 8,
            reserved: 0,
        }),
    ];
    let re_config = ReConfig { parameters: (&responses).into() };
    both_ways(
        "1388138912345678f9f7fc438200002400100014000000010000000100000003000000040011000c0000000700080000",
        HEADER,
        &[Body::ReConfig(re_config).into()],
    );
}

#[test]
fn what_no_tool_writes_is_written_from_its_figure() {
    // These values have no packet around them: RFC 4960 appendix A (ECNE, CWR), RFC 4820 section 3 (PAD), RFC 6525
    // sections 4.3 and 4.6, and RFC 9653 section 4.
    for (body, octets) in [
        (Body::Ecne(CongestionPoint { lowest_tsn: Tsn(0x0102_0304) }), "0c00000801020304"),
        (Body::Cwr(CongestionPoint { lowest_tsn: Tsn(0x0102_0304) }), "0d00000801020304"),
        (Body::Pad(Pad { padding_data: b"12345" }), "84000009 3132333435 000000"),
    ] {
        let mut buffer = [0; 16];
        let chunks = [Chunk::from(body)];
        assert_eq!(Chunks::from(&chunks).emit(&mut buffer).unwrap(), hex(octets));
    }
    let mut buffer = [0; 64];
    let parameters = [
        Parameter::SsnTsnResetRequest(0x0102_0304),
        Parameter::AddIncomingStreamsRequest(AddStreamsRequest {
            request_sequence_number: 1,
            new_streams: 2,
            reserved: 0,
        }),
        Parameter::ZeroChecksumAcceptable(1),
        Parameter::Padding(&[9]),
        Parameter::HostNameAddress(b"a\0"),
    ];
    let expected = "000f000801020304 0012000c0000000100020000 8001000800000001 8005000509000000 000b00066100";
    assert_eq!(Parameters::from(&parameters).emit(&mut buffer).unwrap(), hex(expected));
}

#[test]
fn every_error_cause_comes_back() {
    let all = [
        ErrorCause::InvalidStreamIdentifier { stream_identifier: 1, reserved: 2 },
        ErrorCause::MissingMandatoryParameter((&[ParameterType::STATE_COOKIE]).into()),
        ErrorCause::StaleCookie(Duration::from_micros(7)),
        ErrorCause::OutOfResource,
        ErrorCause::UnresolvableAddress(&[0, 11, 0, 5, 0]),
        ErrorCause::UnrecognizedChunkType(&[0x7e, 0, 0, 4]),
        ErrorCause::InvalidMandatoryParameter,
        ErrorCause::UnrecognizedParameters(&[0xff, 0, 0, 4]),
        ErrorCause::NoUserData(Tsn(5)),
        ErrorCause::CookieReceivedWhileShuttingDown,
        ErrorCause::RestartWithNewAddresses(&[0, 5, 0, 8, 1, 2, 3, 4]),
        ErrorCause::UserInitiatedAbort(b""),
        ErrorCause::ProtocolViolation(b"x"),
        ErrorCause::DeleteLastAddress(b""),
        ErrorCause::ResourceShortage(b""),
        ErrorCause::DeleteSourceAddress(b""),
        ErrorCause::IllegalAsconfAck,
        ErrorCause::NoAuthorization(b""),
        ErrorCause::UnsupportedHmacIdentifier(HmacIdentifier(2)),
        ErrorCause::Raw { cause_code: CauseCode(99), value: b"?", missing: 0 },
    ];
    let mut buffer = [0; 256];
    let octets = ErrorCauses::from(&all).emit(&mut buffer).unwrap();
    let read = ErrorCauses::parse(octets, 0, ErrorCauseFraming::default()).unwrap();
    let parsed: Vec<_> = read.elements().map(|element| ErrorCause::parse(&element).unwrap()).collect();
    assert_eq!(parsed, all);
    let codes: Vec<_> = all.iter().map(ErrorCause::cause_code).collect();
    assert_eq!(codes[..codes.len() - 1], *CauseCode::NAMED, "every named code has a variant");
}

#[test]
fn padding_that_a_length_counts_is_accepted_and_kept() {
    // RFC 9260 section 3.2 lets the chunk length include or exclude the final padding. scapy includes it.
    let octets = hex("13881389123456787710725e0400000c000100076e6f7700");
    let packet = Packet::parse(&octets).unwrap();
    let counted = Departure::FinalPaddingCounted { offset: 23, count: 1 };
    assert_eq!(packet.conformance().collect::<Vec<_>>(), [counted]);
    let mut buffer = [0; 64];
    assert_eq!(packet.emit(&mut buffer).unwrap(), octets);
    // When the chunk is written from values, its length excludes the padding.
    let parameters = [Parameter::HeartbeatInfo(b"now")];
    let chunks = [Chunk::from(Body::Heartbeat(Heartbeat { parameters: (&parameters).into() }))];
    let packet = Packet { header: HEADER, chunks: (&chunks).into() };
    let written = packet.emit(&mut buffer).unwrap();
    assert_eq!((written.len(), written[15]), (octets.len(), 11), "Chunk Length without the padding");
}

#[test]
fn every_chunk_type_with_a_name_has_a_body() {
    for chunk_type in ChunkType::NAMED {
        // For some types, 64 zeros are too short or too long. The error then shows that the type is known.
        let mut octets = vec![chunk_type.0, 0, 0, 68];
        octets.extend([0; 64]);
        let chunks = Chunks::parse(&octets, 0, ChunkFraming).unwrap();
        let element = chunks.elements().next().unwrap();
        assert!(
            !matches!(Chunk::parse(&element), Ok(Chunk { body: Body::Raw { .. }, .. })),
            "{chunk_type} is not decoded"
        );
    }
    for parameter_type in ParameterType::NAMED {
        let [high, low] = parameter_type.0.to_be_bytes();
        let octets = [high, low, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0];
        let parameters = Parameters::parse(&octets, 0, ParameterFraming::default()).unwrap();
        let element = parameters.elements().next().unwrap();
        assert!(!matches!(Parameter::parse(&element), Ok(Parameter::Raw { .. })), "{parameter_type}");
    }
}

#[test]
fn a_changed_field_changes_the_output_and_the_checksum() {
    let octets = hex(
        "1388138912345678d9b65db5030000240000006400001000000200030002000300050009000000620000006200000063",
    );
    let packet = Packet::parse(&octets).unwrap();
    let mut chunks: Vec<_> = packet.chunks.iter().collect();
    let Body::Sack(sack) = &mut chunks[0].body else { panic!("a SACK") };
    sack.duplicate_tsns = Items::from(&[Tsn(1)]);
    let mut buffer = [0; 64];
    let changed = Packet { chunks: chunks[..].into(), ..packet };
    let written = changed.emit(&mut buffer).unwrap();
    assert_eq!(written.len(), octets.len() - 8);
    assert_eq!(written[12..16], [3, 0, 0, 28], "the chunk's length follows");
    assert_eq!(written[26..28], [0, 1], "the count follows");
    assert_ne!(written[8..12], octets[8..12], "the checksum follows");
    assert!(Packet::parse(written).is_ok());
}

#[test]
fn a_changed_parameter_changes_the_lengths_around_it_and_the_checksum() {
    let octets = hex(
        "138813891234567834c932590200002c00000001000005dc00010001000000050007000b636f6f6b696521000008000c7fff000501000000",
    );
    let packet = Packet::parse(&octets).unwrap();
    let mut chunks: Vec<_> = packet.chunks.iter().collect();
    let Body::InitAck(init) = &mut chunks[0].body else { panic!("an INIT ACK") };
    let mut parameters: Vec<_> = init.parameters.iter().collect();
    parameters[0] = Parameter::StateCookie(b"cookie");
    parameters.truncate(1);
    init.parameters = parameters[..].into();
    let mut buffer = [0; 64];
    let written = Packet { chunks: chunks[..].into(), ..packet }.emit(&mut buffer).unwrap();
    assert_eq!(written[12..16], [2, 0, 0, 30], "the chunk's length follows, without the padding");
    assert_eq!(written[32..], *b"\0\x07\0\x0acookie\0\0", "the parameter's length follows");
    assert_ne!(written[8..12], octets[8..12], "the checksum follows");
    assert!(Packet::parse(written).is_ok());
}
