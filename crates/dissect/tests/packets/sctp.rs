//! SCTP packets, and the user messages in them.

use std::time::Duration;

use sctp::chunk::{Abort, Body, Data, Init, PayloadProtocolIdentifier};
use sctp::{
    Chunk, ChunkFlags, ChunkType, CommonHeader, Emit, ErrorCause, ErrorCauses, Packet, Parameter,
    StreamSequenceNumber, Tsn,
};
use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::sinks::{Line, Output};
use vpnwire_dissect::tables::DecodeAs;
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, HELLO, ipv4, ipv6, udp};
use crate::recorder::Recorder;

mod checksum;
mod cut;
mod secrecy;
mod user_message;

const WHOLE: ChunkFlags = ChunkFlags(ChunkFlags::B.0 | ChunkFlags::E.0);

/// The PPID for which the tests use HSRP, because its summary is known.
const PPID: u32 = 77;

pub(crate) fn packet(tag: u32, chunks: &[Chunk<'_>]) -> Vec<u8> {
    let header = CommonHeader { source_port: 5000, destination_port: 5001, verification_tag: tag };
    let packet = Packet { header, chunks: chunks.into() };
    packet.emit(&mut vec![0; 70_000]).unwrap().to_vec()
}

pub(crate) fn data(tsn: u32, ppid: u32, flags: ChunkFlags, user_data: &[u8]) -> Chunk<'_> {
    let data = Data {
        tsn: Tsn(tsn),
        stream_identifier: 3,
        stream_sequence_number: StreamSequenceNumber(4),
        payload_protocol_identifier: PayloadProtocolIdentifier(ppid),
        user_data,
    };
    Chunk { flags, body: Body::Data(data) }
}

fn options() -> Options {
    let mut options = Options::default();
    let word: DecodeAs = format!("sctp.ppi=={PPID},hsrp").parse().unwrap();
    options.decode_as.push(word);
    options
}

fn dissector() -> Dissector {
    Dissector::new(options())
}

fn next(dissector: &mut Dissector, packet: &[u8]) -> Recorder {
    Recorder::next(dissector, built::frame(LinkType::RAW, &ipv4(132, packet)))
}

fn one(packet: &[u8]) -> Recorder {
    next(&mut dissector(), packet)
}

#[test]
fn a_packet_is_found_in_ip_and_in_udp() {
    let octets = packet(1, &[data(7, PPID, WHOLE, &HELLO)]);
    for (frame, protocols) in [
        (ipv4(132, &octets), "raw:ip:sctp:hsrp"),
        (ipv6(132, &octets), "raw:ipv6:sctp:hsrp"),
        (ipv4(17, &udp(9899, 40_000, &octets)), "raw:ip:udp:sctp:hsrp"),
        (ipv6(17, &udp(40_000, 9899, &octets)), "raw:ipv6:udp:sctp:hsrp"),
    ] {
        let recorder = Recorder::with(options(), LinkType::RAW, &frame);
        assert_eq!(recorder.protocols(), protocols);
        assert_eq!(recorder.faults(), [""; 0]);
        assert_eq!(recorder.value("sctp.checksum.status"), "Good (1)");
        assert!(recorder.summary.starts_with("HSRP"), "{}", recorder.summary);
        // SCTP may carry keys, so only the number of the octets around it is shown.
        assert!(recorder.opaque.iter().all(|name| *name == "udp.payload"), "{:?}", recorder.opaque);
    }
}

#[test]
fn fields_have_their_octets() {
    let parameters = [Parameter::Ipv4Address([10, 0, 0, 9].into()), Parameter::EcnCapable];
    let init = Init {
        initiate_tag: 0x0102_0304,
        a_rwnd: 65_535,
        outbound_streams: 10,
        inbound_streams: 11,
        initial_tsn: Tsn(0xfffe_fdfc),
        parameters: (&parameters).into(),
    };
    let octets = packet(0, &[Body::Init(init).into()]);
    let recorder = one(&octets);
    for (name, value, octets) in [
        ("sctp.srcport", "5000", &[0x13, 0x88][..]),
        ("sctp.dstport", "5001", &[0x13, 0x89]),
        ("sctp.verification_tag", "0x00000000", &[0; 4]),
        ("sctp.chunk_type", "INIT (1)", &[1]),
        ("sctp.chunk_length", "32", &[0, 32]),
        ("sctp.init_initiate_tag", "0x01020304", &[1, 2, 3, 4]),
        ("sctp.init_credit", "65535", &[0, 0, 0xff, 0xff]),
        ("sctp.init_nr_out_streams", "10", &[0, 10]),
        ("sctp.init_nr_in_streams", "11", &[0, 11]),
        ("sctp.init_initial_tsn", "4294901244", &[0xff, 0xfe, 0xfd, 0xfc]),
        ("sctp.parameter_ipv4_address", "10.0.0.9", &[10, 0, 0, 9]),
    ] {
        assert_eq!((recorder.value(name), recorder.octets(name)), (value, octets), "{name}");
    }
    assert_eq!(recorder.values("sctp.parameter_type"), ["IPv4 Address (5)", "ECN Capable (32768)"]);
    assert_eq!(recorder.values("sctp.parameter_bit_1"), ["false", "true"]);
    assert_eq!(
        recorder.summary,
        "SCTP 5000 → 5001 INIT 4294901244 (tag 0x01020304, window 65535, streams 10 out, 11 in)"
    );
    assert_eq!(recorder.departures, [""; 0]);
}

#[test]
fn sixteen_thousand_chunks_are_all_shown() {
    let abort = || Chunk::from(Body::Abort(Abort { causes: ErrorCauses::default() }));
    let octets = packet(1, &vec![abort(); 16_143]);
    let recorder = one(&octets);
    assert_eq!(recorder.values("sctp.chunk_type").len(), 16_143);
    assert_eq!(recorder.faults(), [""; 0]);
    assert_eq!(
        recorder.summary,
        "SCTP 5000 → 5001 ABORT, ABORT, ABORT, ABORT, ABORT, ABORT, ABORT, ABORT, ABORT, ABORT and 16133 more chunks"
    );
    // There are many fragments, and none fits another one. Time and memory are bounded.
    let pieces: Vec<_> = (0..3_000).map(|tsn| data(tsn * 2, PPID, ChunkFlags::NONE, b"x")).collect();
    let mut dissector = dissector();
    for round in 0..5 {
        assert_eq!(next(&mut dissector, &packet(round, &pieces)).faults(), [""; 0]);
    }
}

#[test]
fn broken_parts_are_faults_whoever_looks() {
    // A parameter and a cause are not valid for their type. The chunks around them are framed correctly.
    let raw =
        |chunk_type, value| Chunk::from(Body::Raw { chunk_type: ChunkType(chunk_type), value, missing: 0 });
    let fixed = [0, 0, 0, 1, 0, 0, 16, 0, 0, 3, 0, 3, 0, 0, 0, 1];
    let init = [&fixed[..], &[0, 5, 0, 7, 1, 2, 3, 0, 0x80, 0, 0, 4]].concat();
    for (chunk, fault) in [
        (
            raw(1, &init[..]),
            "sctp: IPv4 Address at offset 36 of the SCTP packet needs 4 octets, but only 3 are there",
        ),
        (
            raw(9, &[0, 9, 0, 6, 1, 2]),
            "sctp: TSN at offset 20 of the SCTP packet needs 4 octets, but only 2 are there",
        ),
    ] {
        let octets = ipv4(132, &packet(0, &[chunk]));
        let frame = built::frame(LinkType::RAW, &octets);
        // All offsets in a packet count from its start, for elements at any depth.
        assert!(Recorder::next(&mut dissector(), frame).fault().starts_with(fault));
        let mut line = Line::new(false);
        dissector().frame(frame, &mut line);
        let text = String::from_utf8(line.output().clone()).unwrap();
        assert!(text.contains(&format!(" [{fault}")), "{text}: {fault}");
    }
}

#[test]
fn what_a_cause_quotes_is_shown_and_its_faults_are_not_ours() {
    // This is a copy of a chunk that is cut, with a parameter that holds copies of itself, deeper than the limit.
    let mut deep = vec![0, 5, 0, 8, 1, 2, 3, 4];
    while deep.len() < 2_000 {
        let len = u16::try_from(deep.len() + 4).unwrap().to_be_bytes();
        deep.splice(0..0, [0, 8, len[0], len[1]]);
    }
    let causes = [
        ErrorCause::UnrecognizedChunkType(&[0x3f, 0, 0, 40, 1, 2]),
        ErrorCause::UnrecognizedParameters(&deep),
        ErrorCause::StaleCookie(Duration::from_micros(5)),
    ];
    let error = sctp::chunk::OperationError { causes: (&causes).into() };
    let recorder = one(&packet(1, &[Body::Error(error).into()]));
    assert_eq!(recorder.values("sctp.chunk_type"), ["ERROR (9)", "63"]);
    assert_eq!(recorder.value("sctp.chunk_value"), "0102");
    assert!(recorder.values("sctp.parameter_type").len() < 40, "copies nest as far as protocols do");
    assert_eq!(recorder.value("sctp.cause_measure_of_staleness"), "5");
    assert_eq!(
        recorder.fault(),
        "frame: more than 32 protocols are nested, so the octets inside the innermost one are not dissected"
    );
}
