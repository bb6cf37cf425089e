//! Chunks and parameters that end too early.

use sctp::chunk::Body;
use sctp::{Chunk, ChunkType};
use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::sinks::Roundtrip;

use super::{PPID, WHOLE, data, dissector, one, packet};
use crate::built::{self, HELLO, ipv4};

#[test]
fn a_chunk_without_length_ends_the_packet_and_hides_nothing_before_it() {
    let mut octets = packet(1, &[Body::CookieAck.into(), data(1, PPID, WHOLE, &HELLO)]);
    (octets[18], octets[19]) = (0, 0);
    let recorder = one(&octets);
    assert_eq!(recorder.values("sctp.chunk_type"), ["COOKIE ACK (11)", "DATA (0)"]);
    assert_eq!(recorder.faults().len(), 2, "the chunk and the sum: {:?}", recorder.faults());
    let fault = "sctp: chunk at offset 16 of the SCTP packet has length 0, but its header alone has 4 octets";
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
        assert_eq!(recorder.protocols(), "raw:ip:sctp", "an incomplete message is not dissected further");
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
        let missing = format!(
            "{count} octets of padding are missing after DATA, at offset {} of the SCTP packet",
            octets.len() - count
        );
        assert!(recorder.departures.iter().any(|told| told.contains(&missing)), "{:?}", recorder.departures);
        let mut sink = Roundtrip::new(true);
        dissector().frame(built::frame(LinkType::RAW, &ipv4(132, &sent)), &mut sink);
        let counts = sink.counts().iter().find(|(protocol, _)| *protocol == "sctp").unwrap().1;
        assert_eq!((counts.seen, counts.corrected), (1, 1), "it is emitted with its padding");
    }
}

#[test]
fn octets_that_frame_no_chunk_are_not_a_packet_without_a_chunk() {
    // The length field is 0 to 3; then four zero octets follow a valid chunk.
    for len in 0..4 {
        let mut octets = packet(1, &[data(7, 0, WHOLE, b"x")]);
        octets[15] = len;
        let recorder = one(&octets);
        assert_eq!(recorder.values("sctp.chunk"), ["DATA (0)"]);
        let fault = format!(
            "sctp: chunk at offset 12 of the SCTP packet has length {len}, but its header alone has 4 octets"
        );
        assert!(recorder.faults().iter().any(|told| told.starts_with(&fault)), "{:?}", recorder.faults());
        assert!(!recorder.departures.iter().any(|told| told.contains("has no chunk")));
    }
    let octets = [packet(1, &[data(7, 0, WHOLE, b"x")]), vec![0; 4]].concat();
    let recorder = one(&octets);
    assert_eq!(recorder.values("sctp.chunk").len(), 2);
    let fault = "sctp: chunk at offset 32 of the SCTP packet has length 0, but its header alone has 4 octets";
    assert!(recorder.faults().iter().any(|told| told.starts_with(fault)), "{:?}", recorder.faults());
    assert!(recorder.summary.contains("DATA 7"), "{}", recorder.summary);
}

#[test]
fn a_parameter_or_cause_of_no_length_is_told_once_and_by_what_is_wrong() {
    // A length field of 0 to 3 in front of more octets: it was told as octets that are not there.
    for len in 0..4 {
        let init = [&[0, 0, 0, 1, 0, 0, 16, 0, 0, 3, 0, 3, 0, 0, 0, 1, 0, 5, 0, len][..], &[9; 4]].concat();
        let cause = [&[0, 3, 0, len][..], &[9; 4]].concat();
        for (chunk_type, value, what, offset) in [
            (ChunkType::INIT, &init, "parameter", 32),
            (ChunkType::ERROR, &cause, "error cause", 16),
            (ChunkType::HEARTBEAT, &cause, "parameter", 16),
            (ChunkType::ABORT, &cause, "error cause", 16),
        ] {
            let tag = u32::from(chunk_type != ChunkType::INIT);
            let chunk = Chunk::from(Body::Raw { chunk_type, value, missing: 0 });
            let recorder = one(&packet(tag, &[chunk]));
            let fault = format!(
                "sctp: {what} at offset {offset} of the SCTP packet has length {len}, but its header alone has 4 octets"
            );
            assert_eq!(recorder.faults(), [fault], "{chunk_type}");
            assert_eq!(recorder.departures, [""; 0], "{chunk_type}: what is a fault is not told again");
        }
    }
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
        assert_eq!(cookies.len(), usize::from(len > 4), "the part that is present");
        let fault = format!(
            "sctp: State Cookie at offset 32 of the SCTP packet needs 12 octets, but only {len} are there"
        );
        assert_eq!(recorder.faults().len(), 1, "{:?}", recorder.faults());
        assert!(recorder.fault().starts_with(&fault), "{}", recorder.fault());
    }
}
