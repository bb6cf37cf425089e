//! SCTP packets and the user messages in them.

use std::cell::Cell;
use std::time::Duration;

use ipsec::esp::{IvSource, OutboundSa};
use ipsec::{NextHeader, Secret};
use sctp::chunk::{Abort, Body, Data, IData, Init, PayloadProtocolIdentifier, PpidOrFsn};
use sctp::{
    Chunk, ChunkFlags, ChunkType, CommonHeader, Emit, ErrorCause, ErrorCauses, MessageIdentifier, Packet,
    Parameter, StreamSequenceNumber, Tsn,
};
use vpnwire_dissect::keys::{AhKeys, Algorithms, AssociationKeys};
use vpnwire_dissect::sinks::{Json, Line, Output, Roundtrip, Tree};
use vpnwire_dissect::tables::DecodeAs;
use vpnwire_dissect::{Dissector, Frame, LinkType, Options};

use crate::built::{self, HELLO, ethernet, ipv4, ipv6, udp};
use crate::recorder::Recorder;

const WHOLE: ChunkFlags = ChunkFlags(ChunkFlags::B.0 | ChunkFlags::E.0);

/// A PPID that the tests have HSRP behind, whose summary is known.
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
        // SCTP may carry keys: the octets around it are not shown again.
        assert_eq!(recorder.values("udp.payload"), [""; 0]);
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
    assert_eq!(recorder.summary, "SCTP 5000 → 5001 INIT");
    assert_eq!(recorder.departures, [""; 0]);
}

#[test]
fn checksums_are_told_apart() {
    let right = packet(1, &[data(1, 0, WHOLE, b"hello")]);
    let with = |sum: [u8; 4]| [&right[..8], &sum, &right[12..]].concat();
    // RFC 1950 section 8.2, over the packet with zeros in the field.
    let (mut a, mut b) = (1u32, 0u32);
    for octet in with([0; 4]) {
        a = (a + u32::from(octet)) % 65_521;
        b = (b + a) % 65_521;
    }
    for (octets, status, departures, faults) in [
        (right.clone(), "Good (1)", 0, 0),
        (with((b << 16 | a).to_be_bytes()), "Bad (0)", 1, 0),
        (with([0; 4]), "Not present (3)", 1, 0),
        (with([1, 2, 3, 4]), "Bad (0)", 1, 1),
    ] {
        let recorder = one(&octets);
        assert_eq!(recorder.value("sctp.checksum.status"), status);
        assert_eq!((recorder.departures.len(), recorder.faults().len()), (departures, faults), "{status}");
    }
    let adler = one(&with((b << 16 | a).to_be_bytes()));
    assert_eq!(adler.value("sctp.checksum.algorithm"), "Adler-32 (RFC 2960)");
    assert!(adler.summary.ends_with("DATA 1 (Adler-32)"), "{}", adler.summary);
    let wrong = one(&with([1, 2, 3, 4]));
    let sum = u32::from_str_radix(wrong.value("sctp.checksum_calculated").trim_start_matches("0x"), 16);
    assert_eq!(sum.unwrap().to_be_bytes(), right[8..12], "the sum that would be right");
    assert!(wrong.fault().starts_with("sctp: checksum 0x01020304 where the CRC32c is "), "{}", wrong.fault());
}

#[test]
fn a_capture_that_is_cut_says_nothing_of_the_sum() {
    let octets = ipv4(132, &packet(1, &[Body::CookieAck.into(), data(1, PPID, WHOLE, &HELLO)]));
    for cut in 20..octets.len() {
        let frame =
            Frame { number: 1, time: None, link: LinkType::RAW, len: octets.len(), octets: &octets[..cut] };
        let recorder = Recorder::next(&mut dissector(), frame);
        if cut >= 32 {
            assert_eq!(recorder.value("sctp.checksum.status"), "Unverified (2)");
        }
        assert_eq!(recorder.protocols(), "raw:ip:sctp", "what is not all there is not handed on");
        let chunk_types = recorder.values("sctp.chunk_type").len();
        assert_eq!(chunk_types, usize::from(cut > 32) + usize::from(cut > 36));
    }
}

#[test]
fn a_chunk_without_length_ends_the_packet_and_hides_nothing_before_it() {
    let mut octets = packet(1, &[Body::CookieAck.into(), data(1, PPID, WHOLE, &HELLO)]);
    (octets[18], octets[19]) = (0, 0);
    let recorder = one(&octets);
    assert_eq!(recorder.values("sctp.chunk_type"), ["COOKIE ACK (11)", "DATA (0)"]);
    assert_eq!(recorder.faults().len(), 2, "the chunk and the sum: {:?}", recorder.faults());
    let fault =
        "sctp: chunk at offset 16 of the SCTP packet has a length field of 0 octets, but it has at least 4";
    assert!(recorder.faults()[1].starts_with(fault), "{}", recorder.faults()[1]);
}

#[test]
fn a_chunk_that_is_cut_is_shown_by_its_name_with_what_is_there_and_one_fault() {
    let octets = packet(1, &[Body::CookieAck.into(), data(7, PPID, WHOLE, &HELLO)]);
    for len in 17..octets.len() {
        let mut cut = octets[..len].to_vec();
        cut[8..12].fill(0);
        let sum = sctp::crc32c::crc32c(&cut).to_le_bytes();
        cut.splice(8..12, sum);
        let recorder = one(&cut);
        assert_eq!(recorder.values("sctp.chunk"), ["COOKIE ACK (11)", "DATA (0)"], "cut at {len}");
        assert_eq!(recorder.values("sctp.data_tsn_raw").len(), usize::from(len >= 24));
        assert_eq!(recorder.values("sctp.data_payload_proto_id").len(), usize::from(len >= 32));
        let (name, needed) = if len < 20 { ("chunk", 4) } else { ("DATA", 36) };
        let available = len - 16;
        let fault = format!(
            "sctp: {name} at offset 16 of the SCTP packet needs {needed} octets, but only {available} are there"
        );
        assert_eq!(recorder.faults().len(), 1, "{:?}", recorder.faults());
        assert!(recorder.fault().starts_with(&fault), "{}", recorder.fault());
        assert_eq!(
            recorder.departures, [""; 0],
            "a cut is a fault, and breaks no rule of the chunk's sender"
        );
        assert_eq!(recorder.protocols(), "raw:ip:sctp", "what is not all there is not handed on");
    }
}

#[test]
fn a_last_chunk_without_its_padding_is_shown_whole_and_handed_on() {
    let message = [&HELLO[..], b"x"].concat();
    let octets = packet(1, &[data(7, PPID, WHOLE, &message)]);
    for count in 1..=3 {
        let mut sent = octets[..octets.len() - count].to_vec();
        sent[8..12].fill(0);
        let sum = sctp::crc32c::crc32c(&sent).to_le_bytes();
        sent.splice(8..12, sum);
        let recorder = one(&sent);
        assert_eq!(recorder.value("sctp.checksum.status"), "Good (1)");
        assert_eq!(recorder.value("sctp.data_tsn_raw"), "7");
        assert!(!recorder.faults().iter().any(|fault| fault.starts_with("sctp")), "{:?}", recorder.faults());
        assert!(recorder.protocols().starts_with("raw:ip:sctp:hsrp"), "{}", recorder.protocols());
        let missing =
            format!("{count} octets of padding are missing after DATA, at offset {}", octets.len() - count);
        assert!(recorder.departures.iter().any(|told| told.contains(&missing)), "{:?}", recorder.departures);
        let mut sink = Roundtrip::new(true);
        dissector().frame(built::frame(LinkType::RAW, &ipv4(132, &sent)), &mut sink);
        let counts = sink.counts().iter().find(|(protocol, _)| *protocol == "sctp").unwrap().1;
        assert_eq!((counts.seen, counts.corrected), (1, 1), "it is emitted with its padding");
    }
}

#[test]
fn octets_that_frame_no_chunk_are_not_a_packet_without_a_chunk() {
    // A length field of 0 to 3; four zero octets behind a chunk that is right.
    for len in 0..4 {
        let mut octets = packet(1, &[data(7, 0, WHOLE, b"x")]);
        octets[15] = len;
        let recorder = one(&octets);
        assert_eq!(recorder.values("sctp.chunk"), ["DATA (0)"]);
        let fault = format!(
            "sctp: chunk at offset 12 of the SCTP packet has a length field of {len} octets, but it has at least 4"
        );
        assert!(recorder.faults().iter().any(|told| told.starts_with(&fault)), "{:?}", recorder.faults());
        assert!(!recorder.departures.iter().any(|told| told.contains("without a chunk")));
    }
    let octets = [packet(1, &[data(7, 0, WHOLE, b"x")]), vec![0; 4]].concat();
    let recorder = one(&octets);
    assert_eq!(recorder.values("sctp.chunk").len(), 2);
    let fault =
        "sctp: chunk at offset 32 of the SCTP packet has a length field of 0 octets, but it has at least 4";
    assert!(recorder.faults().iter().any(|told| told.starts_with(fault)), "{:?}", recorder.faults());
    assert!(recorder.summary.contains("DATA 7"), "{}", recorder.summary);
}

#[test]
fn a_parameter_that_is_cut_is_shown_by_its_name_and_told_once() {
    let fixed = [0, 0, 0, 1, 0, 0, 16, 0, 0, 3, 0, 3, 0, 0, 0, 1];
    for len in 4..12 {
        let value = [&fixed[..], &[0, 7, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8][..len]].concat();
        let chunk = Chunk::from(Body::Raw { chunk_type: ChunkType::INIT, value: &value, missing: 0 });
        let recorder = one(&packet(0, &[chunk]));
        assert_eq!(recorder.values("sctp.parameter"), ["State Cookie (7)"]);
        let cookies = recorder.values("sctp.parameter_state_cookie");
        assert_eq!(cookies.len(), usize::from(len > 4), "what is there of it");
        let fault = format!(
            "sctp: State Cookie at offset 32 of the SCTP packet needs 12 octets, but only {len} are there"
        );
        assert_eq!(recorder.faults().len(), 1, "{:?}", recorder.faults());
        assert!(recorder.fault().starts_with(&fault), "{}", recorder.fault());
    }
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
        "SCTP 5000 → 5001 ABORT, ABORT, ABORT, ABORT, ABORT, ABORT and 16137 more chunks"
    );
    // As many fragments, none of which fits another: work and memory stay in bounds.
    let pieces: Vec<_> = (0..3_000).map(|tsn| data(tsn * 2, PPID, ChunkFlags::NONE, b"x")).collect();
    let mut dissector = dissector();
    for round in 0..5 {
        assert_eq!(next(&mut dissector, &packet(round, &pieces)).faults(), [""; 0]);
    }
}

#[test]
fn fragments_make_the_message_in_any_order_across_the_wrap() {
    let pieces = [
        data(u32::MAX, PPID, ChunkFlags::B, &HELLO[..7]),
        data(0, PPID, ChunkFlags::NONE, &HELLO[7..13]),
        data(1, PPID, ChunkFlags::E, &HELLO[13..]),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0], [0, 2, 1], [2, 0, 1]] {
        let mut dissector = dissector();
        for (count, index) in order.iter().enumerate() {
            // Each comes twice, and others' numbers are no concern of theirs.
            let octets = packet(1, &[pieces[*index].clone()]);
            let elsewhere = next(&mut dissector, &packet(2, &[pieces[*index].clone()]));
            let recorder = next(&mut dissector, &octets);
            if count < 2 {
                assert_eq!(recorder.protocols(), "raw:ip:sctp");
                assert_eq!(next(&mut dissector, &octets).protocols(), "raw:ip:sctp");
                assert_eq!(elsewhere.values("sctp.user_data"), [""; 0]);
            } else {
                assert_eq!(recorder.protocols(), "raw:ip:sctp:hsrp");
                assert_eq!(recorder.sources[1], ("reassembled SCTP user message", HELLO.to_vec()));
                assert_eq!(recorder.octets("hsrp.opcode"), &HELLO[1..2]);
            }
        }
    }
    // All in one packet.
    assert_eq!(one(&packet(1, &pieces)).protocols(), "raw:ip:sctp:hsrp");
}

#[test]
fn interleaved_messages_are_told_apart() {
    let piece = |tsn, message, number: u32, flags: ChunkFlags, user_data| {
        let ppid_or_fsn = match number {
            0 => PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier(PPID)),
            number => PpidOrFsn::FragmentSequenceNumber(number),
        };
        let data = IData {
            tsn: Tsn(tsn),
            stream_identifier: 3,
            reserved: 0,
            message_identifier: MessageIdentifier(message),
            ppid_or_fsn,
            user_data,
        };
        Chunk { flags, body: Body::IData(data) }
    };
    let mut dissector = dissector();
    for chunks in [
        [
            piece(1, 1, 0, ChunkFlags::B, &HELLO[..5]),
            piece(2, 2, 0, ChunkFlags::B | ChunkFlags::U, &HELLO[..9]),
        ],
        [piece(3, 2, 1, ChunkFlags::E, &HELLO[9..]), piece(4, 3, 0, ChunkFlags::B, b"odd")],
    ] {
        let recorder = next(&mut dissector, &packet(1, &chunks));
        assert_eq!(recorder.protocols(), "raw:ip:sctp", "ordered and unordered messages are numbered apart");
    }
    let end = piece(5, 2, 1, ChunkFlags::E | ChunkFlags::U, &HELLO[9..]);
    assert_eq!(next(&mut dissector, &packet(1, &[end])).protocols(), "raw:ip:sctp:hsrp");
    let end = piece(6, 1, 1, ChunkFlags::E, &HELLO[5..]);
    let recorder = next(&mut dissector, &packet(1, &[end]));
    assert_eq!(recorder.protocols(), "raw:ip:sctp:hsrp");
    assert_eq!(recorder.value("sctp.data_fsn"), "1");
}

#[test]
fn what_is_collected_is_bounded_and_the_oldest_goes_first() {
    let mut options = options();
    options.user_message_limit = 1_000;
    let mut dissector = Dissector::new(options);
    next(&mut dissector, &packet(1, &[data(1, PPID, ChunkFlags::B, &HELLO[..9])]));
    for tsn in 0..20 {
        next(&mut dissector, &packet(2, &[data(tsn * 2, PPID, ChunkFlags::NONE, b"noise")]));
    }
    let end = packet(1, &[data(2, PPID, ChunkFlags::E, &HELLO[9..])]);
    assert_eq!(next(&mut dissector, &end).protocols(), "raw:ip:sctp", "its beginning is forgotten");
    let pieces = [data(7, PPID, ChunkFlags::B, &HELLO[..9]), data(8, PPID, ChunkFlags::E, &HELLO[9..])];
    assert_eq!(next(&mut dissector, &packet(3, &pieces)).protocols(), "raw:ip:sctp:hsrp");
}

#[test]
fn a_fragment_that_contradicts_is_a_fault() {
    let mut dissector = dissector();
    next(&mut dissector, &packet(1, &[data(1, PPID, ChunkFlags::B, b"one")]));
    let recorder = next(&mut dissector, &packet(1, &[data(1, PPID, ChunkFlags::B, b"two")]));
    assert!(recorder.fault().starts_with("sctp: fragment 1 of a user message is not what it was before"));
}

#[test]
fn broken_parts_are_faults_whoever_looks() {
    // A parameter and a cause that are none of their type, each in a chunk that is framed well.
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
        // Offsets in one packet count from one place, however deep the element is in it.
        assert!(Recorder::next(&mut dissector(), frame).fault().starts_with(fault));
        let mut line = Line::new(false);
        dissector().frame(frame, &mut line);
        let text = String::from_utf8(line.output().clone()).unwrap();
        assert!(text.contains(&format!(" [{fault}")), "{text}: {fault}");
    }
}

#[test]
fn what_a_cause_quotes_is_shown_and_its_faults_are_not_ours() {
    // A copy of a chunk that is cut, of a parameter that holds copies of itself, deeper than anything goes.
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
    assert_eq!(recorder.fault(), "frame: more than 32 protocols nest: not looked into further");
}

#[test]
fn a_packet_comes_back_and_wrong_sums_are_corrected() {
    let right = packet(1, &[data(1, 0, WHOLE, b"hello"), Body::CookieAck.into()]);
    let mut wrong = right.clone();
    wrong[8] ^= 1;
    let mut padded = right.clone();
    let at = 12 + 16 + 5;
    padded[at] = 0xee;
    let mut sink = Roundtrip::new(true);
    for octets in [&right[..], &wrong, &padded, &right[..20], &right[..9]] {
        let octets = ipv4(132, octets);
        dissector().frame(built::frame(LinkType::RAW, &octets), &mut sink);
    }
    let counts = sink.counts().iter().find(|(protocol, _)| *protocol == "sctp").unwrap().1;
    assert_eq!((counts.seen, counts.identical, counts.corrected), (5, 1, 2));
    assert_eq!((counts.undecodable, counts.different), (2, 0));
    assert_eq!(counts.octets_copied, 3 * 5, "user data is not made from values");
}

/// What a peer of the tests protects packets with, and the dissector has the keys of.
struct Sealers {
    keys: Vec<AssociationKeys>,
    number: Cell<u64>,
}

impl Sealers {
    const CLEAR: usize = 0;
    const TRIPLE_DES: usize = 1;
    const ROWS: [&str; 2] = [
        r#""IPv4","*","*","0x100","NULL","","HMAC-MD5-96 [RFC2403]","sixteen octets..""#,
        r#""IPv4","*","*","0x101","TripleDES-CBC [RFC2451]","eight ofeight onother.k.","HMAC-SHA-1-96 [RFC2404]","twenty octets of key""#,
    ];

    fn new() -> Self {
        let mut keys: Vec<AssociationKeys> = Self::ROWS.iter().map(|row| row.parse().unwrap()).collect();
        // Without an ICV, so that a trailer can be anything.
        keys.push("0x102@224.0.0.2 none:".parse().unwrap());
        Self { keys, number: Cell::new(0) }
    }

    fn dissector(&self) -> Dissector {
        let mut dissector = Dissector::new(Options::default());
        self.keys.iter().for_each(|keys| dissector.add_association(keys.clone()));
        dissector.add_association(
            "ah-sha-hmac:0xa5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5".parse::<AhKeys>().unwrap().0,
        );
        dissector
    }

    /// The next number, counted for all SAs together.
    fn next(&self) -> ipsec::SequenceNumber {
        self.number.set(self.number.get() + 1);
        ipsec::SequenceNumber(self.number.get() - 1)
    }

    fn esp(&self, which: usize, next_header: u8, payload: &[u8]) -> Vec<u8> {
        let Algorithms::Esp(suite, _) = &self.keys[which].algorithms else { panic!("verified") };
        let (encryption, authentication): (&[u8], &[u8]) = match which {
            Self::CLEAR => (b"", b"sixteen octets.."),
            _ => (b"eight ofeight onother.k.", b"twenty octets of key"),
        };
        let transform = suite.transform(Secret::new(encryption), Secret::new(authentication)).unwrap();
        let spi = ipsec::Spi(0x100 + which as u32);
        let sa = OutboundSa::new(spi, transform, ipsec::Esn::No);
        let mut sa = sa.resumed_after(self.next());
        let mut buffer = vec![0; payload.len() + 100];
        let headroom = sa.headroom();
        buffer[headroom..][..payload.len()].copy_from_slice(payload);
        let iv = IvSource::Octets(&[0x11; 8]);
        sa.seal_in_place(&mut buffer, payload.len(), NextHeader(next_header), iv).unwrap().to_vec()
    }

    /// ESP without encryption whose pad length is more than there is.
    fn broken(&self, payload: &[u8]) -> Vec<u8> {
        let number = u32::try_from(self.next().0).unwrap() + 1;
        [&[0, 0, 1, 2], &number.to_be_bytes()[..], payload, &[255, 132]].concat()
    }

    fn ah(&self, packet: &[u8]) -> Vec<u8> {
        let integrity = ipsec::ah::Integrity::HMAC_SHA1;
        let integrity = ipsec::ah::AnyIntegrity::new(integrity, Secret::new(&[0xa5; 20])).unwrap();
        let sa = ipsec::ah::OutboundSa::new(ipsec::Spi(0x1234), integrity, ipsec::Esn::No);
        let mut sa = sa.resumed_after(self.next());
        let mut buffer = vec![0; sa.headroom()];
        buffer.extend_from_slice(packet);
        sa.seal_in_place(&mut buffer, packet.len()).unwrap().to_vec()
    }
}

/// Turns an SCTP packet into IP packets that carry it.
type Carrier<'a> = Box<dyn Fn(&[u8]) -> Vec<Vec<u8>> + 'a>;

/// All ways that SCTP goes, and whether a dissector gets to it: `redundancy inter-device` / `security ipsec` has it in ESP.
fn carriers(with: &Sealers) -> Vec<(&'static str, bool, Carrier<'_>)> {
    const ESP: u8 = 50;
    let clear = |next_header, payload: &[u8]| with.esp(Sealers::CLEAR, next_header, payload);
    let sealed = |next_header, payload: &[u8]| with.esp(Sealers::TRIPLE_DES, next_header, payload);
    let in_clear = move |next_header, payload: &[u8]| ipv4(ESP, &clear(next_header, payload));
    let in_sealed = move |next_header, payload: &[u8]| ipv4(ESP, &sealed(next_header, payload));
    let extension = |payload: &[u8]| [&[132, 0, 1, 4, 0, 0, 0, 0], payload].concat();
    let tunnelled = |payload: &[u8]| ipv4(132, payload);
    let bridged = move |payload: &[u8]| {
        let tag = [&[0, 7, 8, 0], &tunnelled(payload)[..]].concat();
        crate::tunnels::plain(0x6558, &ethernet(0x8100, &tag))
    };
    let of = |packet: Vec<u8>| vec![packet];
    vec![
        ("SCTP", true, Box::new(move |octets| of(ipv4(132, octets)))),
        ("SCTP in UDP", true, Box::new(move |octets| of(ipv4(17, &udp(9899, 9899, octets))))),
        ("in ESP in clear", true, Box::new(move |octets| of(in_clear(132, octets)))),
        ("in ESP", true, Box::new(move |octets| of(in_sealed(132, octets)))),
        ("in AH", true, Box::new(move |octets| of(with.ah(&ipv4(132, octets))))),
        ("in AH in ESP", true, Box::new(move |octets| of(in_sealed(4, &with.ah(&ipv4(132, octets)))))),
        (
            "in AH in ESP in clear",
            true,
            Box::new(move |octets| of(in_clear(51, &with.ah(&ipv4(132, octets))[20..]))),
        ),
        ("in ESP in clear in ESP", true, Box::new(move |octets| of(in_sealed(50, &clear(132, octets))))),
        (
            "in ESP in clear in UDP",
            true,
            Box::new(move |octets| of(ipv4(17, &udp(4500, 4500, &clear(132, octets))))),
        ),
        (
            "in ESP in clear in UDP in ESP",
            true,
            Box::new(move |octets| of(in_sealed(17, &udp(4500, 4500, &clear(132, octets))))),
        ),
        (
            "behind options of IPv6 in ESP",
            true,
            Box::new(move |octets| of(in_sealed(41, &ipv6(60, &extension(octets))))),
        ),
        ("in a bridged frame in ESP", true, Box::new(move |octets| of(in_sealed(47, &bridged(octets))))),
        (
            "in ESP, the next header another version's",
            true,
            Box::new(move |octets| of(in_sealed(41, &tunnelled(octets)))),
        ),
        (
            "in fragments in ESP",
            true,
            Box::new(move |octets| {
                let identification = (with.number.get() as u16).to_be_bytes();
                let at = 16;
                [(0, 1, &octets[..at]), (2, 0, &octets[at..])]
                    .map(|(offset, more, part)| {
                        let mut packet = ipv4(132, part);
                        packet[4..6].copy_from_slice(&identification);
                        packet[6..8].copy_from_slice(&[more << 5, offset]);
                        in_sealed(4, &packet)
                    })
                    .to_vec()
            }),
        ),
        ("in ESP whose trailer lies", false, Box::new(move |octets| of(ipv4(ESP, &with.broken(octets))))),
        (
            "in ESP in clear whose ICV is wrong",
            false,
            Box::new(move |octets| {
                let mut packet = in_clear(132, octets);
                *packet.last_mut().unwrap() ^= 1;
                of(packet)
            }),
        ),
        (
            "in ESP in clear that ends early",
            false,
            Box::new(move |octets| {
                let packet = clear(132, octets);
                of(ipv4(ESP, &packet[..packet.len() - 5]))
            }),
        ),
        (
            "in ESP, the header of the tunnel broken",
            false,
            Box::new(move |octets| {
                let mut packet = tunnelled(octets);
                packet[0] = 0x15;
                of(in_sealed(4, &packet))
            }),
        ),
    ]
}

/// Key octets in every form that output has, whatever is around them.
#[test]
fn keys_go_into_no_output() {
    const KEY: &[u8] = b"\xc1vpnwire-secret\xc2";
    let octets = crate::ha::bundle(KEY);
    let ppid = hasync::profile::PAYLOAD_PROTOCOL_IDENTIFIER;
    let cut = octets.len() / 2;
    let mut damaged = packet(1, &[data(1, ppid, WHOLE, &octets)]);
    damaged[8] ^= 1;
    let mut lying = octets.clone();
    lying[3] ^= 0x40;
    let packets = [
        packet(1, &[data(1, ppid, WHOLE, &octets)]),
        packet(1, &[data(2, ppid, ChunkFlags::B, &octets[..cut])]),
        packet(1, &[data(3, ppid, ChunkFlags::E, &octets[cut..])]),
        damaged,
        packet(1, &[data(4, ppid, WHOLE, &lying)]),
    ];
    let hex: String = KEY.iter().map(|octet| format!("{octet:02x}")).collect();
    let sealers = Sealers::new();
    let mut seen = 0;
    for (name, is_reached, carrier) in carriers(&sealers) {
        let mut sinks = (Tree::new(false, false), Json::new(), Line::new(false).with_debug_lines(true));
        let mut roundtrip = Roundtrip::new(true);
        let mut dissectors: Vec<_> = (0..4).map(|_| sealers.dissector()).collect();
        for octets in packets.iter().flat_map(|octets| carrier(octets)) {
            let ethertype = if octets[0] >> 4 == 6 { 0x86dd } else { 0x0800 };
            let octets = ethernet(ethertype, &octets);
            let frame = built::frame(LinkType::ETHERNET, &octets);
            dissectors[0].frame(frame, &mut sinks.0);
            dissectors[1].frame(frame, &mut sinks.1);
            dissectors[2].frame(frame, &mut sinks.2);
            dissectors[3].frame(frame, &mut roundtrip);
        }
        for output in [sinks.0.output(), sinks.1.output(), sinks.2.output(), roundtrip.output()] {
            let text = String::from_utf8_lossy(output).into_owned();
            assert!(!is_reached || !text.is_empty(), "{name}");
            let plain = text.to_lowercase().replace([' ', ':', '\n'], "");
            assert!(!plain.contains(&hex) && !plain.contains("vpnwire-secret"), "{name}: {text}");
            seen += 1;
        }
        let text = String::from_utf8_lossy(roundtrip.output()).into_owned();
        let ha = roundtrip.counts().iter().find(|(protocol, _)| *protocol == "ha");
        if is_reached {
            let said = "sctp corrected\n  its octets may hold keys, and are not shown\n";
            assert!(text.contains(said), "{name}: {text}");
            let ha = ha.unwrap().1;
            assert_eq!((ha.identical, ha.undecodable, ha.different), (3, 1, 0), "{name}");
        } else {
            assert!(ha.is_none_or(|(_, counts)| counts.seen == 0), "{name}: {ha:?}");
        }
    }
    assert_eq!(seen, 4 * 18);
}

/// A copy that was damaged on the way comes between the fragments of a message: its receiver drops it.
#[test]
fn a_damaged_packet_takes_no_part_in_a_message() {
    let mut dissector = dissector();
    let pieces = [(7, ChunkFlags::B, &HELLO[..9]), (8, ChunkFlags::E, &HELLO[9..])];
    let [first, last] = pieces.map(|(tsn, flags, octets)| packet(3, &[data(tsn, PPID, flags, octets)]));
    next(&mut dissector, &first);
    let mut damaged = first;
    damaged[28] ^= 1;
    let mut end = last.clone();
    end[28] ^= 1;
    for octets in [&damaged, &end] {
        let shown = next(&mut dissector, octets);
        assert!(shown.fault().starts_with("sctp: checksum "), "{}", shown.fault());
        assert_eq!(shown.protocols(), "raw:ip:sctp", "it completes nothing");
    }
    assert_eq!(next(&mut dissector, &last).protocols(), "raw:ip:sctp:hsrp", "and spoils nothing");
}
