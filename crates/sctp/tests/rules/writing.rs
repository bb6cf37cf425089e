//! Values that are not written, because a reader would see something else or nothing.

use std::time::Duration;

use vpnwire_sctp::chunk::{Body, PayloadProtocolIdentifier};
use vpnwire_sctp::{
    Chunk, ChunkFlags, ChunkType, Emit, EmitError, ErrorCause, ErrorCauseFraming, ErrorCauses, Packet,
    Parameter, ParameterFraming, Parameters, Tsn,
};

use crate::{HEADER, raw};

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
        "Suggested Cookie Life-Span Increment is sent in whole milliseconds, but its value is not a whole number of milliseconds"
    );
    let written = |cause: ErrorCause<'_>| cause.emit(&mut [0; 4]).map(|octets| octets.to_vec());
    assert_eq!(written(ErrorCause::StaleCookie(Duration::from_micros(1))), Ok(vec![0, 0, 0, 1]));
    let error = EmitError::Inexact { field: "Measure of Staleness", unit: "microseconds" };
    assert_eq!(written(ErrorCause::StaleCookie(Duration::from_nanos(1))), Err(error));
}
