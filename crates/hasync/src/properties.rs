//! What holds for any octets: called by the tests here and by the fuzz targets.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "a property fails by a panic"
)]

use std::format;
use std::vec;
use std::vec::Vec;

use crate::{DebugCryptoHa, Header, Message, Record, Value, profile};

/// Nothing panics, whatever the octets, and strict and lenient agree.
pub fn parse_is_total(octets: &[u8]) {
    let strict = Message::parse_prefix(octets);
    let Ok((message, declared_len, fault)) = Message::parse_until_error(octets) else {
        assert!(strict.is_err());
        return;
    };
    assert_eq!(strict.is_ok(), fault.is_none());
    if let Ok((strict, _)) = strict {
        assert_eq!(strict, message);
    }
    let _ = Record::parse(&message);
    let _ = message.conformance().count();
    let _ = format!("{message:?}");
    let _ = format!("{}", DebugCryptoHa { message: &message, number: 0, declared_len, prefix: "" });
    for attribute in &message.attributes {
        let _ = Value::parse(&attribute);
    }
    let joined: Vec<u8> =
        profile::segments(octets, 7).flat_map(|segment| segment.octets.iter().copied()).collect();
    assert_eq!(joined, octets);
}

/// A message is written as the octets it was parsed from.
pub fn parse_then_emit(octets: &[u8]) {
    let Ok((message, rest)) = Message::parse_prefix(octets) else { return };
    let mut written = vec![0xa5; message.wire_len()];
    assert_eq!(message.emit(&mut written), Ok(octets.len() - rest.len()));
    assert_eq!(written, octets[..written.len()]);
}

/// A record that was parsed and written says the same.
pub fn emit_then_parse(octets: &[u8]) {
    let Ok((message, _)) = Message::parse_prefix(octets) else { return };
    let Ok((envelope, record)) = Record::parse(&message) else { return };
    let mut written = vec![0xa5; record.wire_len(&envelope)];
    assert_eq!(record.emit(&envelope, &mut written), Ok(written.len()), "wire_len is what emit writes");
    let again = Message::parse(&written).expect("what was written can be parsed");
    let (again_envelope, again) = Record::parse(&again).expect("and is the same record");
    assert_eq!(again_envelope, envelope);
    match (&again, &record) {
        // Attributes know where they stand.
        (Record::Unknown { attributes, .. }, Record::Unknown { attributes: before, .. }) => {
            assert_eq!(attributes.octets(), before.octets());
        }
        _ => assert_eq!(again, record),
    }
}

/// Attributes lie where they say, one behind the other.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Ok((message, _, _)) = Message::parse_until_error(octets) else { return };
    let mut offset = Header::LEN;
    for attribute in &message.attributes {
        assert_eq!(attribute.offset, offset);
        assert_eq!(&octets[attribute.value_offset()..][..attribute.value.len()], attribute.value);
        offset += attribute.wire_len();
        for inside in attribute.nested().into_iter().flatten() {
            assert_eq!(&octets[inside.value_offset()..][..inside.value.len()], inside.value);
        }
    }
    assert_eq!(message.attributes.rest_offset(), offset);
}

/// A message with these octets as its attributes and a right length: what a fuzzer can hardly find.
#[must_use]
pub fn with_header(octets: &[u8]) -> Vec<u8> {
    let (message_type, attributes) = octets.split_first().unwrap_or((&0, &[]));
    let len = u16::try_from(attributes.len() + Header::LEN).unwrap_or(u16::MAX);
    let [high, low] = len.to_be_bytes();
    [&[1, *message_type, high, low, 4, 0, 0, 3], attributes].concat()
}

/// Every property over the same octets.
pub fn all(octets: &[u8]) {
    for octets in [octets.to_vec(), with_header(octets)] {
        parse_is_total(&octets);
        parse_then_emit(&octets);
        emit_then_parse(&octets);
        chain_offsets_are_true(&octets);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AttributeCode, MessageType};
    use proptest::prelude::*;

    fn attributes(depth: usize) -> BoxedStrategy<Vec<u8>> {
        let plain = (
            prop::sample::select(AttributeCode::NAMED.to_vec()),
            prop::collection::vec(any::<u8>(), 0..34),
            prop::sample::select(vec![1usize, 2, 4, 8, 10, 12, 16, 18, 22, 28, 32, 34]),
        )
            .prop_map(|(code, mut value, len)| {
                value.resize(len, 7);
                (code, value)
            });
        let one = if depth == 0 {
            plain.boxed()
        } else {
            let nested = (
                prop::sample::select(vec![AttributeCode::IPSEC_SA, AttributeCode::NHRP_ENTRY]),
                attributes(depth - 1),
            );
            prop_oneof![4 => plain, 1 => nested].boxed()
        };
        prop::collection::vec(one, 0..8)
            .prop_map(|attributes| {
                let mut octets = Vec::new();
                for (code, value) in attributes {
                    octets.extend(code.0.to_be_bytes());
                    octets.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
                    octets.extend(value);
                }
                octets
            })
            .boxed()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn hold_for_any_octets(octets in prop::collection::vec(any::<u8>(), 0..120)) {
            all(&octets);
        }

        #[test]
        fn hold_for_likely_messages(
            message_type in prop::sample::select(MessageType::NAMED.to_vec()),
            attributes in attributes(2),
        ) {
            all(&[&[message_type.0], &*attributes].concat());
        }
    }
}
