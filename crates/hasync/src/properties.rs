//! Properties that hold for any octets. The tests here and the fuzz targets call them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "a property fails by a panic"
)]

use core::num::NonZeroUsize;
use std::format;
use std::vec;
use std::vec::Vec;

use crate::{
    Attribute, DebugCryptoHa, Emit as _, Envelope, Header, LengthError, Message, ParseError, profile,
};

/// Parsing any octets does not panic, and the strict and the lenient parser agree.
pub fn parse_is_total(octets: &[u8]) {
    let strict = Message::parse_prefix(octets);
    let parsed = match Message::parse_until_error(octets) {
        Ok(parsed) => parsed,
        Err(error) => return assert_eq!(strict, Err(error)),
    };
    assert_eq!(parsed.clone().strict(), strict);
    let message = parsed.value;
    assert!(octets.ends_with(parsed.rest));
    let record = Envelope::from_message(&message);
    assert!(record.is_err() || parsed.fault.is_none());
    let _ = message.conformance().count();
    let _ = format!("{message:?}{record:?}{:?}", message.attributes.chain());
    let declared_len = Header::declared_len(octets).expect("the message has a header");
    let _ = format!("{}", DebugCryptoHa { message: &message, number: 0, declared_len, prefix: "" });
    for (element, attribute) in message.attributes.elements().zip(&message.attributes) {
        assert_eq!(attribute.code(), element.header.code);
        if let Ok(parsed) = Attribute::parse(&element) {
            assert_eq!(parsed, attribute);
        }
    }
    let joined: Vec<u8> = profile::segments(octets, NonZeroUsize::MIN.saturating_add(6))
        .flat_map(|segment| segment.octets.iter().copied())
        .collect();
    assert_eq!(joined, octets);
}

/// A message is emitted as the octets that it was parsed from, also inside a larger buffer.
pub fn parse_then_emit(octets: &[u8]) {
    let Ok((message, rest)) = Message::parse_prefix(octets) else { return };
    let mut written = vec![0xa5; message.wire_len() + 1];
    let whole = &octets[..octets.len() - rest.len()];
    assert_eq!(message.emit(&mut written).as_deref(), Ok(whole));
    assert_eq!(written.last(), Some(&0xa5));
}

/// A record that was parsed and emitted is the same record when it is read again.
pub fn emit_then_parse(octets: &[u8]) {
    let Ok((message, _)) = Message::parse_prefix(octets) else { return };
    let Ok(envelope) = Envelope::from_message(&message) else { return };
    let mut written = vec![0xa5; envelope.wire_len()];
    let len = envelope.emit(&mut written).expect("a parsed record can be written").len();
    assert_eq!(len, written.len(), "wire_len is the number of octets that emit writes");
    let again = Message::parse(&written).expect("a written message can be parsed");
    assert_eq!(Envelope::from_message(&again), Ok(envelope), "the record is the same");
}

/// Attributes stand at their offsets, one after the other.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Ok(parsed) = Message::parse_until_error(octets) else { return };
    let attributes = parsed.value.attributes;
    let mut offset = Header::LEN;
    for element in attributes.elements() {
        assert_eq!(element.offset, offset);
        assert_eq!(&octets[offset..][..element.octets.len()], element.octets);
        assert_eq!(&octets[element.value_offset..][..element.value.len()], element.value);
        offset += element.octets.len();
        if let Ok(Attribute::IpsecSa(inside) | Attribute::NhrpEntry(inside)) = Attribute::parse(&element) {
            for inside in inside.elements() {
                assert_eq!(&octets[inside.value_offset..][..inside.value.len()], inside.value);
            }
        }
    }
    assert_eq!(attributes.chain().map(crate::Chain::rest_offset), Some(offset));
}

/// When a message is cut, every whole attribute is unchanged, and the last one is kept as far as it is there.
pub fn a_cut_message_keeps_what_is_there(octets: &[u8], end: usize) {
    let Ok((message, rest)) = Message::parse_prefix(octets) else { return };
    let end = end % (octets.len() - rest.len());
    let Ok(cut) = Message::parse_until_error(&octets[..end]) else {
        return assert!(end < Header::LEN);
    };
    assert!(matches!(cut.fault, Some(ParseError::Length(LengthError::Ends { .. }))));
    assert!(
        Envelope::from_message(&cut.value).is_err(),
        "a standby takes no record from a message that is cut"
    );
    for (cut, whole) in cut.value.attributes.elements().zip(message.attributes.elements()) {
        assert_eq!((cut.header, cut.offset, cut.name), (whole.header, whole.offset, whole.name));
        assert_eq!(cut.value.len() + cut.missing, whole.value.len());
        assert!(whole.value.starts_with(cut.value));
        assert_eq!(Attribute::parse(&cut).is_ok(), !cut.is_cut() && Attribute::parse(&whole).is_ok());
    }
}

/// Makes a message with a right length from the octets of its attributes. A fuzzer can hardly find one.
#[must_use]
pub fn with_header(octets: &[u8]) -> Vec<u8> {
    let (message_type, attributes) = octets.split_first().unwrap_or((&0, &[]));
    let len = u16::try_from(attributes.len() + Header::LEN).unwrap_or(u16::MAX);
    let [high, low] = len.to_be_bytes();
    [&[1, *message_type, high, low, 4, 0, 0, 3], attributes].concat()
}

/// Checks every property with the same octets.
pub fn all(octets: &[u8]) {
    for octets in [octets.to_vec(), with_header(octets)] {
        parse_is_total(&octets);
        parse_then_emit(&octets);
        emit_then_parse(&octets);
        chain_offsets_are_true(&octets);
        a_cut_message_keeps_what_is_there(&octets, octets.iter().map(|octet| usize::from(*octet)).sum());
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
