//! Tests for the rules of the RFCs, one for each rule, and tests with hostile input.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

mod bundling;
mod checksum;
mod chunk;
mod cut;
mod length;
mod parameter;
mod tables;
mod udp_encapsulation;
mod writing;

use vpnwire_sctp::chunk::{Body, Data, Init, PayloadProtocolIdentifier};
use vpnwire_sctp::{
    Chunk, ChunkFlags, CommonHeader, Departure, Emit, Packet, Parameters, StreamSequenceNumber, Tsn,
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
    // A packet that was built from values has the same departures before it is sent.
    let header = CommonHeader { verification_tag, ..HEADER };
    let built = Packet { header, chunks: chunks.into() };
    assert_eq!(built.conformance().collect::<Vec<_>>(), read);
    read
}

/// Makes a packet with these chunks and an arbitrary checksum.
fn raw(chunks: &[u8]) -> Vec<u8> {
    [&[0; 12], chunks].concat()
}

#[test]
fn every_departure_names_its_rule() {
    for departure in departures(0, &[data(1, b""), Body::CookieAck.into()]) {
        assert!(departure.reference().starts_with("RFC "));
        assert!(!departure.to_string().is_empty());
    }
}
