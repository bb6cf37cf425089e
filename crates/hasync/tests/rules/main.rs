//! Tests for the rules of the profile, one for each rule, and tests with hostile input.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

mod dump;
mod length;
mod profile;
mod record;
mod unknown;
mod writing;

use vpnwire_hasync::{Departure, Envelope, Message, MessageType, ParseError, Record};

fn envelope(record: Record<'_>) -> Envelope<'_> {
    Envelope::new([4, 0, 0, 3].into(), Some(1), record)
}

fn written(value: &impl vpnwire_hasync::Emit) -> Vec<u8> {
    let mut buffer = vec![0xee; 70_000];
    value.emit(&mut buffer).unwrap().to_vec()
}

/// Reads the record that the attributes of a message make.
fn record(octets: &[u8]) -> Result<Record<'_>, ParseError> {
    Envelope::from_message(&Message::parse(octets).unwrap()).map(|envelope| envelope.record)
}

/// Makes a message of this type with these attributes.
fn message(message_type: MessageType, attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut octets = vec![1, message_type.0, 0, 0, 4, 0, 0, 3];
    for (code, value) in attributes {
        octets.extend(code.to_be_bytes());
        octets.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        octets.extend(*value);
    }
    let [high, low] = u16::try_from(octets.len()).unwrap().to_be_bytes();
    octets[2] = high;
    octets[3] = low;
    octets
}

#[test]
fn every_departure_names_its_section() {
    let octets = message(MessageType(77), &[(10, &[])]);
    let departures: Vec<_> = Message::parse(&octets).unwrap().conformance().collect();
    assert_eq!(departures.len(), 2);
    for departure in departures {
        assert!(departure.reference().starts_with("HA profile, ") && !departure.to_string().is_empty());
    }
    let octets = message(MessageType::KEEPALIVE, &[(0x8072, &[0; 4])]);
    let departures: Vec<_> = Message::parse(&octets).unwrap().conformance().collect();
    assert_eq!(departures, [Departure::NoSerial]);
}
