//! The contents of the parameters of RE-CONFIG and ASCONF.

use vpnwire_sctp::chunk::{Body, ReConfig};
use vpnwire_sctp::parameter::{
    AddStreamsRequest, IncomingSsnResetRequest, OutgoingSsnResetRequest, ReconfigurationResponse,
    ReconfigurationResult,
};
use vpnwire_sctp::{
    Chunk, ChunkType, Departure, Emit, LengthError, Packet, Parameter, ParameterFraming, ParameterType,
    Parameters, ParseError, Tsn,
};

use crate::{departures, raw};

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
    // The address has five octets, which no address has.
    let octets = raw(&[0xc1, 0, 0, 20, 0, 0, 0, 1, 0, 5, 0, 9, 10, 0, 0, 1, 9, 0, 0, 0]);
    let read = Packet::parse_unverified(&octets).unwrap();
    assert_eq!(
        Chunk::parse(&read.chunks.elements().next().unwrap()),
        Err(ParseError::TrailingOctets {
            element: "address parameter",
            within: "SCTP packet",
            offset: 28,
            count: 1
        })
    );
}
