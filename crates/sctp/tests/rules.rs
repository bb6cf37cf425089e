//! Rules of the RFCs, one test each, and input that wants to do harm.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use std::num::NonZeroUsize;
use std::time::Duration;

use vpnwire_sctp::chunk::{
    AsconfAck, Auth, Body, Data, Heartbeat, Init, OperationError, PayloadProtocolIdentifier, ReConfig,
    Shutdown,
};
use vpnwire_sctp::parameter::{
    AddStreamsRequest, HmacIdentifier, IncomingSsnResetRequest, OutgoingSsnResetRequest,
    ReconfigurationResponse, ReconfigurationResult,
};
use vpnwire_sctp::udp_encapsulation::{self, Datagram};
use vpnwire_sctp::{
    CauseCode, Checksum, Chunk, ChunkFlags, ChunkType, CommonHeader, Departure, Emit, EmitError, ErrorCause,
    ErrorCauseFraming, ErrorCauses, LengthError, Packet, Parameter, ParameterFraming, ParameterType,
    Parameters, ParseError, Parsed, StreamSequenceNumber, Tsn, UnrecognizedAction, Writer,
};

const HEADER: CommonHeader = CommonHeader { source_port: 1, destination_port: 2, verification_tag: 3 };

fn data(tsn: u32, user_data: &[u8]) -> Chunk<'_> {
    let data = Data {
        tsn: Tsn(tsn),
        stream_identifier: 0,
        stream_sequence_number: StreamSequenceNumber(0),
        payload_protocol_identifier: PayloadProtocolIdentifier::UNSPECIFIED,
        user_data,
    };
    Chunk { flags: ChunkFlags::B | ChunkFlags::E, body: Body::Data(data) }
}

fn init() -> Init<'static> {
    Init {
        initiate_tag: 1,
        a_rwnd: 1500,
        outbound_streams: 1,
        inbound_streams: 1,
        initial_tsn: Tsn(1),
        parameters: Parameters::default(),
    }
}

fn packet(verification_tag: u32, chunks: &[Chunk<'_>]) -> Vec<u8> {
    let packet = Packet { header: CommonHeader { verification_tag, ..HEADER }, chunks: chunks.into() };
    let mut buffer = [0; 2048];
    packet.emit(&mut buffer).unwrap().to_vec()
}

fn departures(verification_tag: u32, chunks: &[Chunk<'_>]) -> Vec<Departure> {
    let octets = packet(verification_tag, chunks);
    let read: Vec<_> = Packet::parse(&octets).unwrap().conformance().collect();
    // Whoever builds a packet can ask the same before it is sent.
    let header = CommonHeader { verification_tag, ..HEADER };
    let built = Packet { header, chunks: chunks.into() };
    assert_eq!(built.conformance().collect::<Vec<_>>(), read);
    read
}

/// A packet with these chunks and whatever checksum.
fn raw(chunks: &[u8]) -> Vec<u8> {
    [&[0; 12], chunks].concat()
}

#[test]
fn rfc_9260_6_8_a_packet_with_a_wrong_checksum_is_discarded() {
    let mut octets = packet(3, &[data(1, b"x")]);
    octets[20] ^= 1;
    let ParseError::Checksum { received, computed } = Packet::parse(&octets).unwrap_err() else {
        panic!("a checksum error");
    };
    assert_eq!(received, u32::from_be_bytes(octets[8..12].try_into().unwrap()));
    assert_ne!(received, computed);
    assert_eq!(Checksum::of(&octets), Ok(Checksum::Wrong { received, computed }));
    assert!(Packet::parse_unverified(&octets).is_ok());
    let Parsed { value, rest, fault } = Packet::parse_until_error(&octets).unwrap();
    assert_eq!((value.chunks.count(), rest), (1, &[][..]));
    assert_eq!(fault, Some(ParseError::Checksum { received, computed }));
    assert_eq!(Packet::parse_prefix(&octets), Err(ParseError::Checksum { received, computed }));
}

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
        // It is kept to the octet, its flags too.
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
fn rfc_9260_6_10_init_init_ack_and_shutdown_complete_are_not_bundled() {
    let offset = 12;
    for (tag, body, chunk_type) in
        [(0, Body::Init(init()), ChunkType::INIT), (3, Body::ShutdownComplete, ChunkType::SHUTDOWN_COMPLETE)]
    {
        assert_eq!(departures(tag, &[body.clone().into()]), []);
        let bundled = departures(tag, &[body.into(), Body::CookieAck.into()]);
        assert_eq!(bundled, [Departure::Bundled { chunk_type, offset }]);
    }
    let bundled = departures(3, &[Body::InitAck(init()).into(), Body::CookieAck.into()]);
    assert!(bundled.contains(&Departure::Bundled { chunk_type: ChunkType::INIT_ACK, offset }));
}

#[test]
fn rfc_9260_6_10_control_chunks_come_before_data() {
    let found = departures(3, &[data(1, b"data"), Body::CookieAck.into()]);
    assert_eq!(found, [Departure::ControlAfterData { chunk_type: ChunkType::COOKIE_ACK, offset: 32 }]);
    assert_eq!(departures(3, &[Body::CookieAck.into(), data(1, b"data")]), []);
}

#[test]
fn rfc_9260_6_10_tsns_in_a_packet_increase() {
    assert_eq!(departures(3, &[data(u32::MAX, b"data"), data(0, b"data")]), [], "around the circle too");
    let found = departures(3, &[data(5, b"data"), data(5, b"data")]);
    assert_eq!(found, [Departure::TsnOrder { offset: 32, previous: Tsn(5), tsn: Tsn(5) }]);
}

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
            assert_eq!((chunks.len(), rest), (1, &cut[16..]), "of a header that is cut nothing is kept");
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
        assert_eq!(told, [], "the fault tells of it, and not a departure");
    }
}

#[test]
fn rfc_9260_3_2_a_last_chunk_without_its_padding_decodes_with_a_departure() {
    let info = [Parameter::HeartbeatInfo(b"a")];
    let causes = [ErrorCause::ProtocolViolation(b"a")];
    for chunk in [
        data(1, b"a"),
        Body::Raw { chunk_type: ChunkType(0x3f), value: b"a", missing: 0 }.into(),
        // The last parameter and the last cause go without padding: what is missing is the chunk's.
        Body::Heartbeat(Heartbeat { parameters: (&info).into() }).into(),
        Body::Error(OperationError { causes: (&causes).into() }).into(),
    ] {
        let chunks = [Body::CookieAck.into(), chunk];
        let octets = packet(3, &chunks);
        let end = octets.len() - 3;
        for count in 1..=3 {
            // The sum is that of what is sent.
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
            assert_eq!(read.emit(&mut buffer).unwrap(), octets, "it is emitted with its padding");
        }
        let cut = Packet::parse_until_error(&octets[..end - 1]).unwrap();
        assert!(matches!(cut.fault, Some(ParseError::Length(LengthError::Ends { offset: 16, .. }))));
        assert_eq!(cut.value.conformance().collect::<Vec<_>>(), [], "padding is missing only behind a value");
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
    // A chunk of length 0, a header that is cut, a value that is cut.
    for chunks in [&[0, 3, 0, 0][..], &[0, 3, 0], &[0, 3, 0, 20, 1]] {
        let octets = raw(chunks);
        let read = Packet::parse_until_error(&octets).unwrap();
        assert!(matches!(read.fault, Some(ParseError::Length(_))));
        assert!(!read.value.conformance().any(|departure| departure == Departure::NoChunk), "{chunks:?}");
    }
}

#[test]
fn rfc_9260_3_3_7_data_is_not_bundled_with_abort_nor_shutdown() {
    let shutdown = Body::Shutdown(Shutdown { cumulative_tsn_ack: Tsn(1) });
    let found = departures(3, &[shutdown.into(), data(1, b"data")]);
    assert_eq!(found, [Departure::BundledWithData { chunk_type: ChunkType::SHUTDOWN, offset: 12 }]);
    assert_eq!(found[0].reference(), "RFC 9260 section 6.10");
}

#[test]
fn rfc_9260_5_1_cookie_echo_is_the_first_chunk() {
    let echo = || Chunk::from(Body::CookieEcho(vpnwire_sctp::chunk::CookieEcho { cookie: b"c" }));
    assert_eq!(departures(3, &[echo(), data(1, b"data")]), []);
    let found = departures(3, &[Body::CookieAck.into(), echo()]);
    assert_eq!(found, [Departure::CookieEchoNotFirst { offset: 16 }]);
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
fn rfc_4895_5_1_auth_is_there_once_and_rfc_5061_4_1_before_asconf() {
    let auth =
        Body::Auth(Auth { shared_key_identifier: 0, hmac_identifier: HmacIdentifier::SHA_1, hmac: &[0; 20] });
    let ack = Body::AsconfAck(AsconfAck { serial_number: 1, parameters: Parameters::default() });
    assert_eq!(departures(3, &[auth.clone().into(), ack.clone().into()]), []);
    let chunk_type = ChunkType::ASCONF_ACK;
    for (chunks, expected) in [
        (vec![ack.clone().into()], Departure::NotAuthenticated { chunk_type, offset: 12 }),
        (vec![ack.into(), auth.clone().into()], Departure::NotAuthenticated { chunk_type, offset: 12 }),
        (vec![auth.clone().into(), auth.into()], Departure::SecondAuth { offset: 40 }),
    ] {
        assert_eq!(departures(3, &chunks), [expected]);
    }
}

#[test]
fn rfc_6525_3_1_only_certain_parameters_are_combined() {
    let outgoing = Parameter::OutgoingSsnResetRequest(OutgoingSsnResetRequest {
        request_sequence_number: 1,
        response_sequence_number: 2,
        last_assigned_tsn: Tsn(3),
        stream_numbers: (&[]).into(),
    });
    let incoming = Parameter::IncomingSsnResetRequest(IncomingSsnResetRequest {
        request_sequence_number: 1,
        stream_numbers: (&[]).into(),
    });
    let both = Parameter::SsnTsnResetRequest(1);
    let request = AddStreamsRequest { request_sequence_number: 1, new_streams: 1, reserved: 0 };
    let (add_out, add_in) =
        (Parameter::AddOutgoingStreamsRequest(request), Parameter::AddIncomingStreamsRequest(request));
    let response = Parameter::ReconfigurationResponse(ReconfigurationResponse {
        response_sequence_number: 1,
        result: ReconfigurationResult::PERFORMED,
        next_tsns: None,
    });
    let all = [&outgoing, &incoming, &both, &add_out, &add_in, &response];
    let with = |parameters: &[&Parameter<'_>]| {
        let parameters: Vec<_> = parameters.iter().map(|parameter| (*parameter).clone()).collect();
        departures(3, &[Body::ReConfig(ReConfig { parameters: parameters[..].into() }).into()]).is_empty()
    };
    assert!(!with(&[]) && !with(&[&Parameter::EcnCapable]) && !with(&[&response, &response, &response]));
    assert!(all.iter().all(|one| with(&[one])));
    let pairs = all.iter().flat_map(|first| all.iter().map(move |second| (*first, *second)));
    let allowed: Vec<_> = pairs.filter(|(first, second)| with(&[first, second])).collect();
    assert_eq!(
        allowed,
        [(&outgoing, &incoming), (&add_out, &add_in), (&response, &outgoing), (&response, &response)]
    );
}

#[test]
fn rfc_8260_2_3_1_data_and_i_data_do_not_mix() {
    use vpnwire_sctp::MessageIdentifier;
    use vpnwire_sctp::chunk::{IData, PpidOrFsn};
    let interleaved = IData {
        tsn: Tsn(2),
        stream_identifier: 0,
        reserved: 0,
        message_identifier: MessageIdentifier(0),
        ppid_or_fsn: PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier::UNSPECIFIED),
        user_data: b"data",
    };
    let chunk = Chunk { flags: ChunkFlags::B | ChunkFlags::E, body: Body::IData(interleaved) };
    assert_eq!(departures(3, std::slice::from_ref(&chunk)), []);
    let found = departures(3, &[data(1, b"data"), chunk]);
    assert_eq!(found, [Departure::MixedInterleaving { offset: 32 }]);
}

#[test]
fn rfc_8260_2_1_an_i_data_chunk_whose_b_flag_contradicts_its_word_is_not_written() {
    use vpnwire_sctp::MessageIdentifier;
    use vpnwire_sctp::chunk::{IData, PpidOrFsn};
    let identifier = PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier(7));
    for (ppid_or_fsn, is_first) in [(identifier, true), (PpidOrFsn::FragmentSequenceNumber(7), false)] {
        let data = IData {
            tsn: Tsn(2),
            stream_identifier: 0,
            reserved: 0,
            message_identifier: MessageIdentifier(0),
            ppid_or_fsn,
            user_data: b"data",
        };
        for flags in [ChunkFlags::B | ChunkFlags::E, ChunkFlags::E, ChunkFlags::B, ChunkFlags::NONE] {
            let chunks = [Chunk { flags, body: Body::IData(data) }];
            let mut buffer = [0; 64];
            match (Packet { header: HEADER, chunks: (&chunks).into() }).emit(&mut buffer) {
                Ok(octets) => {
                    assert_eq!(flags.contains(ChunkFlags::B), is_first);
                    assert!(Packet::parse(octets).unwrap().chunks.iter().eq(chunks.iter().cloned()));
                }
                Err(error) => {
                    assert_ne!(flags.contains(ChunkFlags::B), is_first);
                    assert!(matches!(error, EmitError::Contradiction { field: "B flag of I-DATA", .. }));
                }
            }
        }
    }
}

#[test]
fn what_was_cut_is_not_written_member_by_member_either() {
    let sack = [3, 0, 0, 16, 0, 0, 0, 9, 0, 0, 5, 0xdc, 0, 0, 0, 0];
    let octets = raw(&sack[..10]);
    let cut = Packet::parse_until_error(&octets).unwrap().value;
    let error = EmitError::CutElement { element: "SACK", missing: 6 };
    let members: Vec<_> = cut.chunks.iter().collect();
    let mut buffer = [0; 64];
    let filled = Packet::fill(&mut buffer, HEADER, |chunks| chunks.push(&members[0]).map(drop));
    assert_eq!(filled, Err(error));
    let again = Packet { header: HEADER, chunks: (&members[..]).into() };
    assert_eq!(again.emit(&mut [0; 64]), Err(error));
    let shorter = [Chunk::from(Body::Raw { chunk_type: ChunkType::SACK, value: &sack[4..10], missing: 0 })];
    assert_ne!(cut.chunks, (&shorter).into(), "a cut list is not a list of shorter members");

    let parameters =
        Parameters::parse_until_error(&[0, 7, 0, 12, 1, 2], 0, ParameterFraming::default()).value;
    let parameters: Vec<_> = parameters.iter().collect();
    let error = EmitError::CutElement { element: "State Cookie", missing: 6 };
    assert_eq!(Parameters::from(&parameters[..]).emit(&mut [0; 64]), Err(error));
    let causes = ErrorCauses::parse_until_error(&[0, 7, 0, 12, 1, 2], 0, ErrorCauseFraming::default()).value;
    let causes: Vec<_> = causes.iter().collect();
    let error = EmitError::CutElement { element: "Invalid Mandatory Parameter", missing: 6 };
    assert_eq!(ErrorCauses::from(&causes[..]).emit(&mut [0; 64]), Err(error));
}

#[test]
fn a_duration_that_is_finer_than_its_unit_is_not_rounded() {
    let written = |parameter: Parameter<'_>| parameter.emit(&mut [0; 4]).map(|octets| octets.to_vec());
    let (whole, half) = (Duration::from_millis(1), Duration::from_micros(1_500));
    assert_eq!(written(Parameter::CookiePreservative(whole)), Ok(vec![0, 0, 0, 1]));
    let error = written(Parameter::CookiePreservative(half)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Suggested Cookie Life-Span Increment is sent in whole milliseconds, but the value is no whole number of them"
    );
    let written = |cause: ErrorCause<'_>| cause.emit(&mut [0; 4]).map(|octets| octets.to_vec());
    assert_eq!(written(ErrorCause::StaleCookie(Duration::from_micros(1))), Ok(vec![0, 0, 0, 1]));
    let error = EmitError::Inexact { field: "Measure of Staleness", unit: "microseconds" };
    assert_eq!(written(ErrorCause::StaleCookie(Duration::from_nanos(1))), Err(error));
}

#[test]
fn rfc_6525_4_4_both_next_tsns_or_neither() {
    let value = |extra: &[u8]| {
        let mut octets = vec![0, 16, 0, u8::try_from(12 + extra.len()).unwrap(), 0, 0, 0, 1, 0, 0, 0, 2];
        octets.extend(extra);
        let parameters = Parameters::parse(&octets, 0, ParameterFraming::default()).unwrap();
        Parameter::parse(&parameters.elements().next().unwrap()).map(|parameter| parameter.wire_len())
    };
    assert_eq!(value(&[]), Ok(8));
    assert_eq!(value(&[0; 8]), Ok(16));
    let error = value(&[0; 4]).unwrap_err();
    assert_eq!(
        error,
        ParseError::Length(LengthError::Ends {
            within: "SCTP packet",
            element: "Receiver's Next TSN",
            offset: 16,
            needed: 4,
            available: 0
        })
    );
    assert!(matches!(value(&[0; 12]), Err(ParseError::TrailingOctets { offset: 20, count: 4, .. })));
}

#[test]
fn rfc_5061_4_1_1_an_asconf_begins_with_an_address() {
    let octets = raw(&[0xc1, 0, 0, 16, 0, 0, 0, 1, 0xc0, 0x05, 0, 8, 0, 0, 0, 1]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::AddressExpected { parameter_type: ParameterType::SUCCESS_INDICATION, offset: 20 })
    );
    assert!(
        read.conformance().any(|d| d == Departure::Malformed { chunk_type: ChunkType::ASCONF, offset: 12 })
    );
    // An address of five octets is none.
    let octets = raw(&[0xc1, 0, 0, 20, 0, 0, 0, 1, 0, 5, 0, 9, 10, 0, 0, 1, 9, 0, 0, 0]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::TrailingOctets { element: "address parameter", offset: 28, count: 1 })
    );
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
fn rfc_6951_5_2_a_packet_in_udp() {
    let inner = packet(3, &[data(1, b"x")]);
    let packet = Datagram { source_port: 40_000, destination_port: udp_encapsulation::PORT, packet: &inner };
    let mut buffer = [0; 128];
    let sum = |octets: &[u8]| {
        octets.as_chunks::<2>().0.iter().fold(0u32, |sum, word| {
            let sum = sum + u32::from(u16::from_be_bytes(*word));
            (sum & 0xffff) + (sum >> 16)
        })
    };
    let over_ipv4 = packet.over_ipv4("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
    let datagram = &*over_ipv4.emit(&mut buffer).unwrap();
    assert_eq!(datagram[..6], [0x9c, 0x40, 0x26, 0xab, 0, 40]);
    assert_eq!(Datagram::parse(datagram), Ok(packet));
    // The checksum by its definition: pseudo-header and datagram sum to all ones (RFC 768).
    let pseudo = [10, 0, 0, 1, 10, 0, 0, 2, 0, 17, 0, 40];
    assert_eq!(sum(&[&pseudo, datagram].concat()), 0xffff);
    let over_ipv6 = packet.over_ipv6("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
    let mut other = [0; 128];
    let datagram_6 = &*over_ipv6.emit(&mut other).unwrap();
    // RFC 8200 section 8.1.
    let mut pseudo = vec![0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    pseudo.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 40, 0, 0, 0, 17]);
    assert_eq!(sum(&[&pseudo, datagram_6].concat()), 0xffff);

    // Octets that end early, octets behind, a length below the header.
    let cut = &datagram[..39];
    let fault = ParseError::Length(LengthError::Ends {
        within: "UDP datagram",
        element: "UDP datagram",
        offset: 0,
        needed: 40,
        available: 39,
    });
    assert_eq!(Datagram::parse(cut), Err(fault));
    let Parsed { value, fault: found, .. } = Datagram::parse_until_error(cut).unwrap();
    assert_eq!((value.packet, found), (&inner[..31], Some(fault)));
    let longer = [datagram, &[7, 8]].concat();
    assert_eq!(Datagram::parse_prefix(&longer), Ok((packet, &[7, 8][..])));
    let trailing = ParseError::TrailingOctets { element: "UDP datagram", offset: 40, count: 2 };
    assert_eq!(Datagram::parse(&longer), Err(trailing));
    assert_eq!(
        Datagram::parse(&[0, 1, 0, 2, 0, 7, 0, 0]),
        Err(ParseError::Length(LengthError::Declared {
            within: "UDP datagram",
            element: "UDP datagram",
            offset: 0,
            least: 8,
            declared: 7,
        }))
    );

    let mut buffer = [0; 128];
    let plain = packet.without_checksum();
    assert_eq!(plain.emit(&mut buffer).unwrap()[6..8], [0, 0]);
    assert_eq!(
        plain.emit(&mut buffer[..39]).unwrap_err(),
        EmitError::BufferTooSmall { needed: 40, available: 39 }
    );
    let mut large = vec![0; 66_000];
    let long = Datagram { packet: &[0; 65_528], ..packet };
    assert!(matches!(
        long.without_checksum().emit(&mut large),
        Err(EmitError::FieldOverflow { value: 65_536, .. })
    ));
}

#[test]
fn a_chunk_of_length_zero_is_an_error_and_not_a_loop() {
    for len in 0..4 {
        let octets = raw(&[0, 0, 0, len, 0, 0, 0, 0]);
        let fault = ParseError::Length(LengthError::Declared {
            within: "SCTP packet",
            element: "chunk",
            offset: 12,
            least: 4,
            declared: usize::from(len),
        });
        assert_eq!(Packet::parse_unverified(&octets), Err(fault));
        let read = Packet::parse_until_error(&octets).unwrap();
        assert_eq!((read.value.chunks.count(), read.rest, read.fault), (0, &octets[12..], Some(fault)));
        let text = fault.to_string();
        let expected = format!(
            "chunk at offset 12 of the SCTP packet has a length field of {len} octets, but it has at least 4"
        );
        assert_eq!(text, expected);
    }
}

#[test]
fn a_parameter_of_length_zero_is_an_error_and_not_a_loop() {
    let mut octets = raw(&[1, 0, 0, 24]);
    octets.extend([0; 20]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::Length(LengthError::Declared {
            within: "SCTP packet",
            element: "parameter",
            offset: 32,
            least: 4,
            declared: 0
        }))
    );
}

#[test]
fn a_packet_of_sixteen_thousand_chunks_is_framed_decoded_and_written() {
    let count = 16_381;
    let octets = raw(&[6, 0, 0, 4].repeat(count));
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(read.chunks.count(), count);
    assert!(read.chunks.elements().all(|element| Chunk::parse(&element).is_ok()));
    assert_eq!(read.conformance().count(), 1, "the verification tag is 0");
    let mut buffer = vec![0; read.wire_len()];
    assert_eq!(read.emit(&mut buffer).unwrap()[12..], octets[12..]);
}

#[test]
fn counts_that_lie_are_errors() {
    // A SACK that claims 65,535 gap blocks and duplicates in 12 octets.
    let octets = raw(&[3, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::Length(LengthError::Ends {
            within: "SCTP packet",
            element: "Gap Ack Blocks",
            offset: 28,
            needed: 4 * 65_535,
            available: 0
        }))
    );
    // Octets behind what the counts claim.
    let octets = raw(&[3, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::TrailingOctets { element: "SACK", offset: 28, count: 4 })
    );
}

#[test]
fn a_malformed_chunk_hides_no_neighbour_and_is_written_as_it_came() {
    let octets = raw(&[7, 0, 0, 5, 9, 0, 0, 0, 11, 0, 0, 4]);
    let read = Packet::parse_unverified(&octets).unwrap();
    let parsed: Vec<_> = read.chunks.elements().map(|element| Chunk::parse(&element)).collect();
    assert!(parsed[0].is_err());
    assert_eq!(parsed[1].as_ref().unwrap().body, Body::CookieAck);
    let mut buffer = [0; 24];
    assert_eq!(read.emit(&mut buffer).unwrap()[12..], octets[12..]);
}

#[test]
fn a_missing_parameter_count_that_lies_is_reported_and_written_right() {
    let octets = raw(&[9, 0, 0, 14, 0, 2, 0, 10, 0, 0, 0, 9, 0, 7, 0, 0]);
    let read = Packet::parse_unverified(&octets).unwrap();
    let counted = Departure::MissingParameterCount { offset: 16, count: 9, listed: 1 };
    assert!(read.conformance().any(|departure| departure == counted) && counted.is_corrected());
    let mut buffer = [0; 28];
    read.emit(&mut buffer).unwrap();
    assert_eq!(buffer[20..24], [0, 0, 0, 1]);
}

#[test]
fn values_that_do_not_fit_their_fields_are_refused() {
    use std::time::Duration;
    let mut buffer = [0; 32];
    let error = Parameter::CookiePreservative(Duration::MAX).emit(&mut buffer).unwrap_err();
    assert!(matches!(error, EmitError::FieldOverflow { max: 0xffff_ffff, .. }));
    let mut buffer = vec![0; 70_000];
    let user_data = vec![0; 65_520];
    let octets = Packet::fill(&mut buffer, HEADER, |chunks| {
        let error = chunks.push(&data(1, &user_data)).unwrap_err();
        assert_eq!(error, EmitError::FieldOverflow { field: "Chunk Length", value: 65_536, max: 65_535 });
        assert_eq!(chunks.writer().position(), 12, "nothing of it is left");
        chunks.push(&data(1, &user_data[1..])).map(drop)
    });
    assert_eq!(octets.unwrap().len(), 12 + 65_536);
}

#[test]
fn rfc_9260_6_10_a_packet_is_filled_up_to_the_path_mtu_and_summed() {
    let queue: Vec<_> = (0..9).map(|tsn| data(tsn, b"123456789")).collect();
    for mtu in 12..220 {
        let mut buffer = [0xee; 256];
        let mut sent = 0;
        let octets = Packet::fill(&mut buffer[..mtu], HEADER, |packet| {
            for chunk in &queue {
                match packet.push(chunk) {
                    Ok(value) => assert_eq!(value.end - value.start, chunk.wire_len()),
                    Err(EmitError::BufferTooSmall { .. }) => break,
                    Err(error) => return Err(error),
                }
                sent += 1;
            }
            Ok(())
        });
        let octets = octets.unwrap();
        let expected = ((mtu - 12) / 28).min(queue.len());
        assert_eq!((sent, octets.len()), (expected, 12 + 28 * expected));
        let read = Packet::parse(octets).unwrap();
        assert_eq!((read.header, read.chunks), (HEADER, queue[..sent].into()));
        assert!(buffer[mtu..].iter().all(|octet| *octet == 0xee), "nothing is written behind the MTU");
    }
    // What fails inside leaves no packet, and a header that was taken back has no place for the sum.
    let mut buffer = [0; 64];
    let refused = Packet::fill(&mut buffer, HEADER, |packet| {
        packet.push(&data(1, b"sent"))?;
        packet.push(&data(2, &[0; 64])).map(drop)
    });
    assert!(matches!(refused, Err(EmitError::BufferTooSmall { .. })));
    let emptied = Packet::fill(&mut buffer, HEADER, |packet| {
        packet.writer().truncate(3);
        Ok(())
    });
    assert_eq!(emptied.unwrap_err(), EmitError::BufferTooSmall { needed: 12, available: 3 });
}

#[test]
fn rfc_9260_6_8_the_sum_covers_the_packet_wherever_it_stands_in_a_larger_message() {
    let chunks = [data(1, b"x")];
    let inner = Packet { header: HEADER, chunks: (&chunks).into() };
    let mut buffer = [0xee; 64];
    let mut writer = Writer::new(&mut buffer);
    writer.put(b"before").unwrap();
    inner.emit_into(&mut writer).unwrap();
    assert_eq!(writer.written()[6..], packet(3, &chunks));
}

#[test]
fn a_number_of_a_wrong_width_is_refused_at_its_boundary() {
    use vpnwire_sctp::MessageIdentifier;
    use vpnwire_sctp::chunk::{IForwardTsn, SkippedMessage};
    let forward = |reserved, buffer: &mut [u8]| {
        let skipped = [SkippedMessage {
            stream_identifier: 1,
            reserved,
            unordered: true,
            message_identifier: MessageIdentifier(2),
        }];
        let forward = IForwardTsn { new_cumulative_tsn: Tsn(9), skipped: (&skipped).into() };
        forward.emit(buffer).map(|octets| octets.to_vec())
    };
    let mut buffer = [0; 12];
    assert_eq!(forward(0x7fff, &mut buffer).unwrap()[6..8], [0xff, 0xff]);
    assert_eq!(
        forward(0x8000, &mut buffer),
        Err(EmitError::FieldOverflow { field: "Reserved", value: 0x8000, max: 0x7fff })
    );
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

#[test]
fn every_departure_names_its_rule() {
    for departure in departures(0, &[data(1, b""), Body::CookieAck.into()]) {
        assert!(departure.reference().starts_with("RFC "));
        assert!(!departure.to_string().is_empty());
    }
}
