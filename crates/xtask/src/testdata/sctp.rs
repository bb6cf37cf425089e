//! Captures of SCTP: a whole association with everything that the extensions add, messages that interleave, and
//! packets that break rules.

use std::time::Duration;

use ::sctp::chunk::{
    Abort, Asconf, AsconfAck, Auth, Body, CongestionPoint, CookieEcho, Data, ForwardTsn, GapAckBlock,
    Heartbeat, IData, IForwardTsn, Init, OperationError, Pad, PayloadProtocolIdentifier, PpidOrFsn, ReConfig,
    Sack, Shutdown, SkippedMessage, SkippedStream,
};
use ::sctp::parameter::{
    AddStreamsRequest, AddressChange, HmacIdentifier, IncomingSsnResetRequest, NextTsns,
    OutgoingSsnResetRequest, ReconfigurationResponse, ReconfigurationResult,
};
use ::sctp::{
    CauseCode, Chunk, ChunkFlags, ChunkType, CommonHeader, Emit as _, ErrorCause, MessageIdentifier, Packet,
    Parameter, ParameterType, StreamSequenceNumber, Tsn,
};
use anyhow::{Context, Result};

use super::Frames;
use super::gre::in_ipv4;

/// One end of the association.
#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) address: [u8; 4],
    /// The verification tag of packets to this endpoint.
    pub(super) tag: u32,
}

pub(super) const HERE: Endpoint = Endpoint { address: [192, 0, 2, 10], tag: 0x1111_aaaa };
pub(super) const THERE: Endpoint = Endpoint { address: [192, 0, 2, 20], tag: 0x2222_bbbb };

/// A packet to an endpoint, from port 5000 to port 5000.
pub(super) fn packet(tag: u32, chunks: &[Chunk<'_>]) -> Result<Vec<u8>> {
    let header = CommonHeader { source_port: 5000, destination_port: 5000, verification_tag: tag };
    let packet = Packet { header, chunks: chunks.into() };
    Ok(packet.emit(&mut [0; 4096])?.to_vec())
}

fn in_ip(from: Endpoint, to: Endpoint, packet: &[u8]) -> Result<Vec<u8>> {
    in_ipv4(from.address, to.address, 132, packet)
}

/// Frames with a millisecond between them.
struct Story(Frames);

impl Story {
    fn push(&mut self, from: Endpoint, to: Endpoint, octets: &[u8]) -> Result<()> {
        let time = u64::try_from(self.0.len())? * 1_000;
        self.0.push((time, in_ip(from, to, octets)?));
        Ok(())
    }

    fn send(&mut self, from: Endpoint, to: Endpoint, chunks: &[Chunk<'_>]) -> Result<()> {
        self.push(from, to, &packet(to.tag, chunks)?)
    }

    fn here(&mut self, chunks: &[Chunk<'_>]) -> Result<()> {
        self.send(HERE, THERE, chunks)
    }

    fn there(&mut self, chunks: &[Chunk<'_>]) -> Result<()> {
        self.send(THERE, HERE, chunks)
    }
}

pub(super) fn init(endpoint: Endpoint, first: Tsn) -> Init<'static> {
    Init {
        initiate_tag: endpoint.tag,
        a_rwnd: 65_536,
        outbound_streams: 3,
        inbound_streams: 3,
        initial_tsn: first,
        parameters: ::sctp::Parameters::default(),
    }
}

fn data(tsn: u32, flags: ChunkFlags, user_data: &[u8]) -> Chunk<'_> {
    let data = Data {
        tsn: Tsn(tsn),
        stream_identifier: 1,
        stream_sequence_number: StreamSequenceNumber(0),
        payload_protocol_identifier: PayloadProtocolIdentifier::UNSPECIFIED,
        user_data,
    };
    Chunk { flags, body: Body::Data(data) }
}

const WHOLE: ChunkFlags = ChunkFlags(ChunkFlags::B.0 | ChunkFlags::E.0);

fn raw(chunk_type: u8, flags: u8, value: &[u8]) -> Chunk<'_> {
    Chunk {
        flags: ChunkFlags(flags),
        body: Body::Raw { chunk_type: ChunkType(chunk_type), value, missing: 0 },
    }
}

/// An association from INIT to SHUTDOWN COMPLETE, with every chunk, parameter and error cause that may occur in it.
pub(super) fn association() -> Result<Frames> {
    let mut story = Story(Frames::new());
    let extensions = [
        ChunkType::ASCONF,
        ChunkType::ASCONF_ACK,
        ChunkType::FORWARD_TSN,
        ChunkType::AUTH,
        ChunkType::RE_CONFIG,
    ];
    let offered = [
        Parameter::Ipv4Address(HERE.address.into()),
        Parameter::Ipv4Address([198, 51, 100, 10].into()),
        Parameter::Ipv6Address("2001:db8::10".parse()?),
        Parameter::CookiePreservative(Duration::from_secs(30)),
        Parameter::SupportedAddressTypes(
            (&[ParameterType::IPV4_ADDRESS, ParameterType::IPV6_ADDRESS]).into(),
        ),
        Parameter::HostNameAddress(b"active.example\0"),
        Parameter::EcnCapable,
        Parameter::ForwardTsnSupported,
        Parameter::SupportedExtensions((&extensions).into()),
        Parameter::AdaptationLayerIndication(7),
        Parameter::Random(&[0x5a; 32]),
        Parameter::ChunkList((&[ChunkType::ASCONF, ChunkType::ASCONF_ACK]).into()),
        Parameter::RequestedHmacAlgorithm((&[HmacIdentifier::SHA_256, HmacIdentifier::SHA_1]).into()),
        Parameter::Padding(&[0; 5]),
        Parameter::Raw { parameter_type: ParameterType(0x8123), value: b"unknown", missing: 0 },
    ];
    let opening = Body::Init(Init { parameters: (&offered).into(), ..init(HERE, Tsn(u32::MAX - 1)) }).into();
    // An INIT is sent with the verification tag 0.
    story.push(HERE, THERE, &packet(0, &[opening])?)?;
    let answered = [
        Parameter::StateCookie(&[0xc0; 37]),
        // The error cause holds the whole parameter, with its header.
        Parameter::UnrecognizedParameter(b"\x81\x23\x00\x0bunknown"),
        Parameter::SupportedExtensions((&extensions).into()),
    ];
    let answer = Init { parameters: (&answered).into(), ..init(THERE, Tsn(100)) };
    story.there(&[Body::InitAck(answer).into()])?;
    let echo = Body::CookieEcho(CookieEcho { cookie: &[0xc0; 37] });
    story.here(&[echo.into(), data(u32::MAX - 1, WHOLE, b"with the cookie")])?;
    let sack = |tsn| Sack {
        cumulative_tsn_ack: Tsn(tsn),
        a_rwnd: 65_000,
        gap_ack_blocks: (&[]).into(),
        duplicate_tsns: (&[]).into(),
    };
    story.there(&[Body::CookieAck.into(), Body::Sack(sack(u32::MAX - 1)).into()])?;

    // The TSNs wrap. One packet is lost, and one arrives twice and is unordered.
    story.here(&[data(u32::MAX, WHOLE, b"the last number"), data(0, WHOLE, b"the first")])?;
    let unordered = ChunkFlags(WHOLE.0 | ChunkFlags::U.0 | ChunkFlags::I.0);
    story.here(&[data(2, unordered, b"behind a gap")])?;
    story.here(&[data(2, unordered, b"behind a gap")])?;
    let gaps = [GapAckBlock { start: 2, end: 2 }];
    let twice = [Tsn(2)];
    let sack_gap = Sack { gap_ack_blocks: (&gaps).into(), duplicate_tsns: (&twice).into(), ..sack(0) };
    story.there(&[Body::Sack(sack_gap).into()])?;
    let skipped = [SkippedStream { stream_identifier: 1, stream_sequence_number: StreamSequenceNumber(5) }];
    let forward = ForwardTsn { new_cumulative_tsn: Tsn(1), skipped: (&skipped).into() };
    story.here(&[Body::ForwardTsn(forward).into()])?;
    // A message in three fragments, of which the last is sent first.
    story.there(&[data(102, ChunkFlags::E, b"three")])?;
    story.there(&[data(100, ChunkFlags::B, b"one "), data(101, ChunkFlags::NONE, b"two ")])?;

    let info = [Parameter::HeartbeatInfo(&[0xbe; 18])];
    let heartbeat = Heartbeat { parameters: (&info).into() };
    story.here(&[Body::Heartbeat(heartbeat.clone()).into()])?;
    story.there(&[Body::HeartbeatAck(heartbeat).into()])?;
    let point = CongestionPoint { lowest_tsn: Tsn(101) };
    story.here(&[Body::Ecne(point).into(), Body::Pad(Pad { padding_data: &[0; 9] }).into()])?;
    story.there(&[Body::Cwr(point).into()])?;
    addresses(&mut story)?;
    streams(&mut story)?;
    errors(&mut story)?;

    let shutdown = Body::Shutdown(Shutdown { cumulative_tsn_ack: Tsn(102) });
    story.here(&[shutdown.into()])?;
    story.there(&[Body::ShutdownAck.into()])?;
    story.here(&[Body::ShutdownComplete.into()])?;
    // The other endpoint has forgotten the association, so the tag is reflected.
    let complete = Chunk { flags: ChunkFlags::T, body: Body::ShutdownComplete };
    story.push(HERE, THERE, &packet(HERE.tag, &[complete])?)?;
    let abort = Body::Abort(Abort { causes: ::sctp::ErrorCauses::default() });
    story.push(HERE, THERE, &packet(HERE.tag, &[Chunk { flags: ChunkFlags::T, body: abort }])?)?;
    Ok(story.0)
}

/// Addresses are added and deleted (RFC 5061), with authentication (RFC 4895).
fn addresses(story: &mut Story) -> Result<()> {
    let change = |correlation_id, address: &str| -> Result<AddressChange> {
        Ok(AddressChange { correlation_id, address: address.parse()? })
    };
    let parameters = [
        Parameter::AddIpAddress(change(1, "198.51.100.11")?),
        Parameter::DeleteIpAddress(change(2, "2001:db8::10")?),
        Parameter::SetPrimaryAddress(change(3, "198.51.100.11")?),
    ];
    let auth = Auth { shared_key_identifier: 0, hmac_identifier: HmacIdentifier::SHA_1, hmac: &[0xa5; 20] };
    let asconf =
        Asconf { serial_number: 0x10, address: HERE.address.into(), parameters: (&parameters).into() };
    story.here(&[Body::Auth(auth).into(), Body::Asconf(asconf).into()])?;
    // The answer repeats the request that is refused.
    let causes = [ErrorCause::DeleteLastAddress(&[
        0xc0, 2, 0, 28, 0, 0, 0, 2, 0, 6, 0, 20, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ])];
    let parameters = [
        Parameter::SuccessIndication(1),
        Parameter::ErrorCauseIndication { correlation_id: 2, causes: (&causes).into() },
        Parameter::SuccessIndication(3),
    ];
    let ack = AsconfAck { serial_number: 0x10, parameters: (&parameters).into() };
    story.there(&[Body::Auth(auth).into(), Body::AsconfAck(ack).into()])
}

/// Streams are reset and added (RFC 6525).
fn streams(story: &mut Story) -> Result<()> {
    let outgoing = OutgoingSsnResetRequest {
        request_sequence_number: 20,
        response_sequence_number: 99,
        last_assigned_tsn: Tsn(2),
        stream_numbers: (&[1, 2, 3]).into(),
    };
    let incoming = IncomingSsnResetRequest { request_sequence_number: 21, stream_numbers: (&[1]).into() };
    let add =
        |request_sequence_number| AddStreamsRequest { request_sequence_number, new_streams: 4, reserved: 0 };
    let answer = |response_sequence_number, next_tsns| {
        Parameter::ReconfigurationResponse(ReconfigurationResponse {
            response_sequence_number,
            result: ReconfigurationResult::PERFORMED,
            next_tsns,
        })
    };
    let next = NextTsns { senders: Tsn(1_000), receivers: Tsn(2_000) };
    for parameters in [
        vec![Parameter::OutgoingSsnResetRequest(outgoing), Parameter::IncomingSsnResetRequest(incoming)],
        vec![Parameter::SsnTsnResetRequest(22)],
        vec![Parameter::AddOutgoingStreamsRequest(add(23)), Parameter::AddIncomingStreamsRequest(add(24))],
        vec![answer(20, None), answer(22, Some(next))],
    ] {
        story.here(&[Body::ReConfig(ReConfig { parameters: parameters[..].into() }).into()])?;
    }
    Ok(())
}

/// Every error cause.
fn errors(story: &mut Story) -> Result<()> {
    let address = &[0, 5, 0, 8, 10, 0, 0, 1];
    let request = &[0xc0, 1, 0, 16, 0, 0, 0, 9, 0, 5, 0, 8, 10, 0, 0, 1];
    let causes = [
        ErrorCause::InvalidStreamIdentifier { stream_identifier: 9, reserved: 0 },
        ErrorCause::MissingMandatoryParameter((&[ParameterType::STATE_COOKIE]).into()),
        ErrorCause::StaleCookie(Duration::from_micros(250_000)),
        ErrorCause::OutOfResource,
        ErrorCause::UnresolvableAddress(address),
        ErrorCause::UnrecognizedChunkType(&[0x3f, 1, 0, 6, 1, 2, 0, 0]),
        ErrorCause::InvalidMandatoryParameter,
        ErrorCause::UnrecognizedParameters(&[0xc1, 0x23, 0, 6, 1, 2, 0, 0]),
        ErrorCause::NoUserData(Tsn(2)),
        ErrorCause::CookieReceivedWhileShuttingDown,
        ErrorCause::RestartWithNewAddresses(address),
    ];
    story.there(&[Body::Error(OperationError { causes: (&causes).into() }).into()])?;
    let causes = [
        ErrorCause::ResourceShortage(request),
        ErrorCause::DeleteSourceAddress(request),
        ErrorCause::NoAuthorization(request),
        ErrorCause::IllegalAsconfAck,
        ErrorCause::UnsupportedHmacIdentifier(HmacIdentifier(9)),
        ErrorCause::ProtocolViolation(b"which one"),
        ErrorCause::Raw { cause_code: CauseCode(0x7777), value: b"odd", missing: 0 },
        ErrorCause::UserInitiatedAbort(b"reload"),
    ];
    story.there(&[Body::Abort(Abort { causes: (&causes).into() }).into()])
}

/// Two messages that interleave, and one that is given up (RFC 8260).
pub(super) fn interleaving() -> Result<Frames> {
    let mut story = Story(Frames::new());
    let piece = |tsn: u32, message: u32, fragment: u32, flags: ChunkFlags, user_data: &'static [u8]| {
        let ppid_or_fsn = if flags.contains(ChunkFlags::B) {
            PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier::WEBRTC_BINARY)
        } else {
            PpidOrFsn::FragmentSequenceNumber(fragment)
        };
        let data = IData {
            tsn: Tsn(tsn),
            stream_identifier: 2,
            reserved: 0,
            message_identifier: MessageIdentifier(message),
            ppid_or_fsn,
            user_data,
        };
        Chunk { flags, body: Body::IData(data) }
    };
    story.here(&[piece(1, 7, 0, ChunkFlags::B, b"seven "), piece(2, 8, 0, ChunkFlags::B, b"eight ")])?;
    story.here(&[
        piece(4, 8, 2, ChunkFlags::E, b"end of eight"),
        piece(3, 7, 1, ChunkFlags::E, b"end of seven"),
    ])?;
    story.here(&[piece(5, 8, 1, ChunkFlags::NONE, b"goes on ")])?;
    story.here(&[piece(6, 9, 0, WHOLE, b"nine")])?;
    let skipped = [SkippedMessage {
        stream_identifier: 2,
        reserved: 0,
        unordered: true,
        message_identifier: MessageIdentifier(10),
    }];
    let forward = IForwardTsn { new_cumulative_tsn: Tsn(8), skipped: (&skipped).into() };
    story.here(&[Body::IForwardTsn(forward).into()])?;
    Ok(story.0)
}

/// A packet with changed octets, and with the `CRC32c` of the changed packet.
fn summed(mut octets: Vec<u8>) -> Vec<u8> {
    octets[8..12].fill(0);
    let sum = ::sctp::crc32c::crc32c(&octets);
    octets[8..12].copy_from_slice(&sum.to_le_bytes());
    octets
}

/// Adler-32 (RFC 1950 section 8.2), computed over a packet with a checksum of zero.
fn adler_32(octets: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for (index, octet) in octets.iter().enumerate() {
        a = (a + if (8..12).contains(&index) { 0 } else { u32::from(*octet) }) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

/// Packets that break rules of their format, of bundling and of the checksums.
pub(super) fn departures() -> Result<Frames> {
    let mut story = Story(Frames::new());
    let plain = packet(THERE.tag, &[data(1, WHOLE, b"hello")])?;
    // Adler-32 as it was used before RFC 3309, then no checksum, then a damaged one.
    for sum in [adler_32(&plain), 0, 0xdead_beef] {
        let mut octets = plain.clone();
        octets[8..12].copy_from_slice(&sum.to_be_bytes());
        story.push(HERE, THERE, &octets)?;
    }
    let mut changed = |octets: Vec<u8>| story.push(HERE, THERE, &summed(octets));
    // A chunk of length 0, one of length 3, and one that ends after the packet. Each follows a valid chunk.
    for len in [0, 3, 200u8] {
        let mut octets = packet(THERE.tag, &[Body::CookieAck.into(), data(2, WHOLE, b"hidden")])?;
        octets[19] = len;
        changed(octets)?;
    }
    // Padding that is not zero, then a header that is cut, then a packet without chunks.
    let mut octets = plain.clone();
    let last = octets.len() - 1;
    octets[last] = 0xff;
    changed(octets)?;
    story.push(HERE, THERE, &plain[..9])?;
    story.here(&[])?;
    // Chunks of unknown types, one for each action, and a known type with reserved flags.
    story.here(&[
        raw(0x3e, 0, b"stop"),
        raw(0x7e, 0xff, b"stop and report"),
        raw(0xbe, 0, b"skip"),
        raw(0xfe, 0, b""),
        raw(11, 0x80, b""),
    ])?;
    // INIT beside another chunk and with a tag, INIT with values that it must not have, and INIT ACK without a cookie.
    let bad = Init { initiate_tag: 0, a_rwnd: 100, outbound_streams: 0, ..init(HERE, Tsn(1)) };
    story.here(&[Body::Init(bad.clone()).into(), Body::CookieAck.into()])?;
    story.there(&[Body::InitAck(bad).into()])?;
    // DATA without octets, out of order, before control chunks, and beside SHUTDOWN.
    story.here(&[
        data(10, WHOLE, b""),
        data(9, WHOLE, b"x"),
        Body::CookieEcho(CookieEcho { cookie: b"late" }).into(),
        Body::Shutdown(Shutdown { cumulative_tsn_ack: Tsn(0) }).into(),
    ])?;
    // Malformed bodies: SACK with more blocks than octets, SHUTDOWN with too many octets, INIT that is cut, a
    // parameter that ends after its chunk, an address of five octets, and an error cause with a wrong length.
    story.here(&[raw(3, 0, &[0, 0, 0, 1, 0, 0, 16, 0, 0, 2, 0, 0, 0, 2, 0, 3])])?;
    story.here(&[raw(7, 0, &[0, 0, 0, 1, 9, 9, 9, 9])])?;
    story.push(HERE, THERE, &packet(0, &[raw(1, 0, &[0, 0, 0, 1, 0, 0, 16, 0, 0, 3])])?)?;
    let fixed = [0, 0, 0, 1, 0, 0, 16, 0, 0, 3, 0, 3, 0, 0, 0, 1];
    let with = |parameters: &[u8]| [&fixed, parameters].concat();
    story.push(
        HERE,
        THERE,
        &packet(0, &[raw(1, 0, &with(&[0, 5, 0, 8, 10, 0, 0, 1, 0x80, 8, 0, 40, 1]))])?,
    )?;
    story.push(HERE, THERE, &packet(0, &[raw(1, 0, &with(&[0, 5, 0, 9, 10, 0, 0, 1, 1, 0, 0, 0]))])?)?;
    story.there(&[raw(9, 0, &[0, 2, 0, 10, 0, 0, 0, 9, 0, 7, 0, 0, 0, 4, 0, 4])])?;
    // SACK with invalid blocks.
    let blocks = [GapAckBlock { start: 0, end: 2 }, GapAckBlock { start: 9, end: 3 }];
    story.here(&[Body::Sack(Sack {
        cumulative_tsn_ack: Tsn(5),
        a_rwnd: 0,
        gap_ack_blocks: (&blocks).into(),
        duplicate_tsns: (&[]).into(),
    })
    .into()])?;
    // A fragment that contradicts the fragment before it.
    story.here(&[data(30, ChunkFlags::B, b"first")])?;
    story.here(&[data(30, ChunkFlags::B, b"other")])?;
    let check = packet(THERE.tag, &[data(1, WHOLE, b"hello")])?;
    Packet::parse(&check).ok().context("a packet that was just written")?;
    Ok(story.0)
}
