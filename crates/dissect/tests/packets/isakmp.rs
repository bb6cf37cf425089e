//! ISAKMP and its encapsulation in UDP.

use isakmp::payload::fragment::Fragment;
use isakmp::payload::nat_detection::NatDetection;
use isakmp::payload::nonce::Nonce;
use isakmp::payload::vendor_id::VendorId;
use isakmp::{
    Body, Emit, Encrypted, ExchangeType, Flags, Header, Message, NatTraversal, Payload, PayloadBody,
    PayloadType, vendor,
};
use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::sinks::Counts;
use vpnwire_dissect::sinks::{Line, Output, Roundtrip};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{frame, ipv4, udp};
use crate::recorder::Recorder;

const HEADER: Header = Header {
    initiator_cookie: [1; 8],
    responder_cookie: [2; 8],
    version: isakmp::Version::V1_0,
    exchange_type: ExchangeType::IDENTITY_PROTECTION,
    flags: Flags::NONE,
    message_id: 0,
};

const FIRST: Header = Header { responder_cookie: [0; 8], ..HEADER };

fn octets(message: &Message<'_>) -> Vec<u8> {
    let mut octets = vec![0; message.wire_len()];
    message.emit(&mut octets).unwrap();
    octets
}

fn message(header: &Header, payloads: &[Payload<'_>]) -> Vec<u8> {
    octets(&Message { header: *header, body: Body::Payloads(payloads.into()), trailing: &[] })
}

/// Returns a payload of any type and any octets.
fn raw(payload_type: PayloadType, octets: &[u8]) -> Payload<'_> {
    let error = isakmp::ParseError::TransformCount { count: 0, within: "ISAKMP message", offset: 0 };
    PayloadBody::Malformed { payload_type, octets, missing: 0, error }.into()
}

fn vendor_id(vendor_id: &[u8]) -> Payload<'_> {
    VendorId { vendor_id }.into()
}

fn nonce(nonce_data: &[u8]) -> Payload<'_> {
    Nonce { nonce_data }.into()
}

fn encrypted(exchange_type: ExchangeType, body: &[u8]) -> Vec<u8> {
    let header = Header { exchange_type, flags: Flags::ENCRYPTION, message_id: 7, ..HEADER };
    let encrypted = Encrypted { next_payload: PayloadType::HASH, octets: body };
    octets(&Message { header, body: Body::Encrypted(encrypted), trailing: &[] })
}

fn packet(port: u16, payload: &[u8]) -> Vec<u8> {
    ipv4(17, &udp(port, port, payload))
}

fn dissected(port: u16, payload: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, &packet(port, payload))
}

fn next(dissector: &mut Dissector, payload: &[u8]) -> Recorder {
    Recorder::next(dissector, frame(LinkType::RAW, &packet(500, payload)))
}

/// Returns the results of encoding the messages of a conversation again.
fn rebuilt(messages: &[&[u8]]) -> Counts {
    let mut sink = Roundtrip::new(false);
    let mut dissector = Dissector::new(Options::default());
    for octets in messages {
        dissector.frame(frame(LinkType::RAW, &packet(500, octets)), &mut sink);
    }
    sink.counts().iter().find(|(protocol, _)| *protocol == "isakmp").unwrap().1
}

#[test]
fn payloads_are_written_from_their_values_where_the_conversation_tells_what_they_are() {
    let first = message(&FIRST, &[vendor_id(vendor::NAT_T_07.octets)]);
    // This is NAT-OA with the number of those drafts: an IPv4 address, then octets that are not an address.
    let number_16 = |octets| raw(PayloadType(16), octets);
    let addresses = message(&HEADER, &[number_16(&[1, 0, 0, 0, 10, 0, 0, 1]), number_16(&[1, 0, 0, 0, 10])]);
    let counts = rebuilt(&[&first, &nat_d(&HEADER), &addresses]);
    assert_eq!((counts.identical, counts.different), (3, 0));
    assert_eq!(counts.octets_copied, 4 + 5, "what does not decode is copied");
    assert_eq!(rebuilt(&[&nat_d(&HEADER)]).octets_copied, 24, "GDOI's, by number, whose body is not known");
}

/// Returns a NAT-D payload with the number of drafts 04 to 08.
fn nat_d(header: &Header) -> Vec<u8> {
    message(header, &[NatDetection { generation: NatTraversal::Drafts04To08, hash: &[0xd5; 20] }.into()])
}

#[test]
fn what_payload_15_is_was_said_in_another_frame_of_the_conversation() {
    let mut dissector = Dissector::new(Options::default());
    let unknown = next(&mut dissector, &nat_d(&HEADER));
    assert_eq!(unknown.values("isakmp.ike.nat_hash"), [""; 0], "GDOI's, by number");
    assert_eq!(unknown.summary, "ISAKMP Main Mode, SA KEK");
    let first = message(&FIRST, &[vendor_id(vendor::NAT_T_07.octets)]);
    assert_eq!(next(&mut dissector, &first).summary, "ISAKMP Main Mode, VID: NAT-T draft 07");
    let known = next(&mut dissector, &nat_d(&HEADER));
    assert_eq!(known.octets("isakmp.ike.nat_hash"), [0xd5; 20]);
    assert_eq!(known.summary, "ISAKMP Main Mode, NAT-D");
    let other = Header { initiator_cookie: [9; 8], ..HEADER };
    assert_eq!(
        next(&mut dissector, &nat_d(&other)).summary,
        "ISAKMP Main Mode, SA KEK",
        "another conversation"
    );
}

#[test]
fn conversations_are_bounded_and_the_oldest_is_forgotten() {
    let mut options = Options::default();
    options.conversation_limit = 2;
    let mut dissector = Dissector::new(options);
    for cookie in 1..=3 {
        let header = Header { initiator_cookie: [cookie; 8], ..FIRST };
        next(&mut dissector, &message(&header, &[vendor_id(vendor::NAT_T_07.octets)]));
    }
    let of = |cookie| nat_d(&Header { initiator_cookie: [cookie; 8], ..HEADER });
    assert_eq!(next(&mut dissector, &of(1)).summary, "ISAKMP Main Mode, SA KEK");
    assert_eq!(next(&mut dissector, &of(3)).summary, "ISAKMP Main Mode, NAT-D");
}

#[test]
fn fragments_make_a_message_that_is_a_source_of_its_own() {
    let whole = encrypted(ExchangeType::QUICK_MODE, &[0xee; 48]);
    let mut dissector = Dissector::new(Options::default());
    let pieces: Vec<_> = whole.chunks(30).collect();
    let mut last = Recorder::default();
    for number in [3u8, 1, 2] {
        let fragment = Fragment {
            identifier: 1,
            number,
            flags: u8::from(number == 3),
            data: pieces[usize::from(number) - 1],
        };
        let octets = message(&HEADER, &[fragment.into()]);
        last = next(&mut dissector, &octets);
        assert_eq!(last.value("isakmp.frag.seq"), number.to_string());
    }
    assert_eq!(last.protocols(), "raw:ip:udp:isakmp:isakmp");
    assert_eq!(last.sources[1], ("Reassembled ISAKMP", whole));
    assert_eq!(last.octets("isakmp.enc.data"), [0xee; 48]);
    assert_eq!(last.summary, "ISAKMP reassembled with fragment 2 of message 1: Quick Mode, encrypted");
}

#[test]
fn a_fragment_in_a_fragment_is_shown_and_no_more() {
    let fragment = |data: &[u8]| {
        let fragment = Fragment { identifier: 1, number: 1, flags: 1, data };
        message(&HEADER, &[fragment.into()])
    };
    let nested = fragment(&fragment(&fragment(&message(&HEADER, &[nonce(&[7; 8])]))));
    let recorder = dissected(500, &nested);
    assert_eq!(recorder.protocols(), "raw:ip:udp:isakmp:isakmp");
    assert_eq!((recorder.values("isakmp.frag.seq").len(), recorder.faults.len()), (2, 0));
}

#[test]
fn rfc_3948_section_2_what_is_on_port_4500() {
    let keepalive = dissected(4500, &[0xff]);
    assert_eq!(
        (keepalive.protocols(), &*keepalive.summary),
        ("raw:ip:udp:udpencap".into(), "UDPENCAP NAT keepalive")
    );
    assert_eq!(keepalive.octets("udpencap.nat_keepalive"), [0xff]);
    let marked = [&[0; 4][..], &encrypted(ExchangeType::INFORMATIONAL, &[1; 32])].concat();
    let isakmp = dissected(4500, &marked);
    assert_eq!(isakmp.protocols(), "raw:ip:udp:udpencap:isakmp");
    assert_eq!(
        (isakmp.octets("udpencap.non_esp_marker"), &*isakmp.summary),
        (&[0; 4][..], "ISAKMP Informational, encrypted")
    );
    let esp = dissected(4500, &[0xea, 0x8c, 0x83, 0xc1, 0, 0, 0, 1, 9, 9, 9, 9]);
    assert!(esp.protocols().starts_with("raw:ip:udp:udpencap") && esp.summary.starts_with("ESP"));
    let early = dissected(500, &[0xff]);
    assert_eq!((early.octets("isakmp.ike.nat_keepalive"), early.faults.len()), (&[0xff][..], 0));
}

#[test]
fn a_broken_payload_hides_nothing() {
    let octets = message(
        &HEADER,
        &[
            raw(PayloadType::DELETE, &[0, 0, 0, 1, 3, 4, 0, 9, 1, 2, 3, 4]),
            raw(PayloadType::SECURITY_ASSOCIATION, &[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 90]),
            nonce(&[5; 8]),
        ],
    );
    let recorder = dissected(500, &octets);
    assert_eq!(
        recorder.faults(),
        [
            "isakmp: 9 SPIs of 4 octets were declared at offset 40 of the ISAKMP message, but 4 octets are there",
            "isakmp: Proposal at offset 56 of the ISAKMP message needs 90 octets, but only 4 are there"
        ]
    );
    assert_eq!(recorder.value("isakmp.spinum"), "9");
    assert_eq!(recorder.octets("isakmp.nonce"), [5; 8]);
    assert_eq!(recorder.summary, "ISAKMP Main Mode, malformed Delete, malformed Security Association, NONCE");
}

#[test]
fn every_cut_shows_what_is_there() {
    let octets = message(&FIRST, &[raw(PayloadType::KEY_EXCHANGE, &[3; 16]), vendor_id(&vendor::DPD_1_0)]);
    let whole = packet(500, &octets);
    for len in 28..whole.len() {
        let mut cut = frame(LinkType::RAW, &whole[..len]);
        cut.len = whole.len();
        let recorder = Recorder::next(&mut Dissector::new(Options::default()), cut);
        assert!(!recorder.faults.is_empty(), "{len}");
        assert_eq!(recorder.values("isakmp.ispi").len(), usize::from(len >= 36), "{len}");
        assert_eq!(recorder.values("isakmp.length").len(), usize::from(len >= 56), "{len}");
        assert_eq!(recorder.values("isakmp.key_exchange.data").len(), usize::from(len >= 76), "{len}");
    }
}

/// Cuts octets from the last payload of a message, and returns what is shown of it and the faults.
fn cut(payload: Payload<'_>, missing: usize) -> (Recorder, Vec<String>) {
    let whole = message(&HEADER, &[nonce(&[5; 8]), payload]);
    // The total length is the number of octets that are present.
    let mut octets = whole[..whole.len() - missing].to_vec();
    octets[27] = u8::try_from(octets.len()).unwrap();
    let recorder = dissected(500, &octets);
    let faults = recorder.faults();
    (recorder, faults)
}

#[test]
fn a_payload_that_is_cut_is_shown_by_its_name_with_what_is_there_and_one_fault() {
    let body = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 20, 1, 1, 0, 1, 0, 0, 0, 12, 7, 1, 0, 0, 0x80, 1, 0, 5];
    for missing in 1..=body.len() {
        let (recorder, faults) = cut(raw(PayloadType::SECURITY_ASSOCIATION, &body), missing);
        let fault = format!(
            "isakmp: Security Association at offset 40 of the ISAKMP message needs 32 octets, but only {} are there",
            32 - missing
        );
        assert_eq!(faults, [fault], "{missing}");
        assert_eq!(recorder.values("isakmp.typepayload")[1], "Security Association (1)", "{missing}");
        assert_eq!(recorder.values("isakmp.payloadlength")[1], "32", "{missing}");
        assert_eq!(recorder.summary, "ISAKMP Main Mode, NONCE, cut Security Association", "{missing}");
        // The proposal, the transform in it, and the attribute in that are each shown as far as they are present.
        let there = body.len() - missing;
        for (name, needed) in [
            ("isakmp.sa.doi", 8),
            ("isakmp.prop.number", 16),
            ("isakmp.trans.number", 24),
            ("isakmp.ike.attr.type", 26),
        ] {
            assert_eq!(!recorder.values(name).is_empty(), there >= needed, "{name}, {missing}");
        }
    }
    for missing in 1..=20 {
        let (recorder, faults) = cut(vendor_id(&[7; 20]), missing);
        assert_eq!(faults.len(), 1, "{missing}: {faults:?}");
        assert!(faults[0].starts_with("isakmp: Vendor ID at offset 40 of"), "{faults:?}");
        assert_eq!(recorder.values("isakmp.typepayload")[1], "Vendor ID (13)", "{missing}");
        assert_eq!(recorder.octets("isakmp.datapayload").len(), 20 - missing, "{missing}");
        assert_eq!(recorder.summary, "ISAKMP Main Mode, NONCE, cut Vendor ID");
    }
}

#[test]
fn version_2_is_a_header_and_a_list() {
    let mut octets = message(&HEADER, &[raw(PayloadType(33), &[1; 8]), raw(PayloadType(46), &[2; 12])]);
    (octets[17], octets[18], octets[19]) = (0x20, 35, 0x08);
    // The next payload field of the encrypted payload names the first payload inside it.
    octets[28 + 12] = 39;
    let recorder = dissected(500, &octets);
    assert_eq!(recorder.summary, "ISAKMP IKEv2 IKE_AUTH MID=0 initiator request, SA, encrypted");
    assert_eq!(recorder.octets("isakmp.datapayload"), [1; 8]);
    assert_eq!(recorder.octets("isakmp.enc.data"), [2; 12]);
    assert_eq!(recorder.faults(), [""; 0]);
}

#[test]
fn departures_name_their_rfc() {
    let octets = message(&Header { message_id: 5, ..HEADER }, &[nonce(&[1; 4])]);
    let departures = dissected(500, &octets).departures;
    assert!(
        departures.len() >= 2 && departures.iter().all(|text| text.starts_with("RFC ")),
        "{departures:?}"
    );
    assert_eq!(dissected(500, &message(&HEADER, &[nonce(&[1; 20])])).departures, [""; 0]);
}

#[test]
fn a_summary_counts_what_is_alike_whatever_vendor_ids_are_among_it() {
    let octets = message(
        &HEADER,
        &[
            vendor_id(vendor::XAUTH.octets),
            raw(PayloadType::NAT_DETECTION, &[1; 20]),
            vendor_id(&vendor::DPD_1_0),
            raw(PayloadType::NAT_DETECTION_DRAFT, &[2; 20]),
            vendor_id(&[3; 20]),
            nonce(&[4; 20]),
            raw(PayloadType::NAT_DETECTION, &[5; 20]),
        ],
    );
    assert_eq!(
        dissected(500, &octets).summary,
        "ISAKMP Main Mode, 2 NAT-D, NONCE, NAT-D, VID: XAUTH, DPD, 1 unknown"
    );
}

#[test]
fn a_line_counts_transforms_and_tells_faults_as_the_tree_does() {
    // This is an association of one proposal with two transforms, the second with an attribute. It is cut and changed
    // at each octet.
    let body = [
        0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 28, 1, 1, 0, 2, 3, 0, 0, 8, 1, 1, 0, 0, 0, 0, 0, 12, 2, 1, 0, 0,
        0x80, 1, 0, 5,
    ];
    let whole = message(&FIRST, &[raw(PayloadType::SECURITY_ASSOCIATION, &body)]);
    assert_eq!(dissected(500, &whole).summary, "ISAKMP Main Mode, SA, 2 transforms");
    let mut broken_count = 0;
    for at in 28..whole.len() {
        for value in [0, 2, 3, 13, 0xff] {
            let mut bent = whole.clone();
            bent[at] = value;
            let tree = dissected(500, &bent);
            let mut line = Line::new(false);
            Dissector::new(Options::default()).frame(frame(LinkType::RAW, &packet(500, &bent)), &mut line);
            let line = String::from_utf8(line.output().clone()).unwrap();
            match tree.faults.first() {
                Some(fault) => {
                    assert!(line.contains(&format!("[{fault}")), "{at} {value}: {line} {fault}");
                    broken_count += 1;
                }
                None => assert!(!line.contains('['), "{at} {value}: {line}"),
            }
            let summary = tree.summary.strip_prefix("ISAKMP ").unwrap();
            assert!(line.contains(summary), "{at} {value}: {line} {summary}");
        }
    }
    assert!(broken_count > 30, "{broken_count}");
}

#[test]
fn a_summary_is_no_longer_than_a_line() {
    let payloads = [nonce(&[1; 8]), vendor_id(&vendor::DPD_1_0)];
    let payloads: Vec<_> = payloads.iter().cycle().take(120).cloned().collect();
    let summary = dissected(500, &message(&HEADER, &payloads)).summary;
    assert!(summary.len() < 300, "{summary}");
}
