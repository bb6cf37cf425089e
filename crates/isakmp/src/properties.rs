//! Properties of the codec, called with generated octets by the tests and by the fuzz targets.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a property that does not hold panics: that is how it fails"
)]

use std::string::ToString;
use std::vec;
use std::vec::Vec;

use crate::payload::configuration::ConfigurationValue;
use crate::payload::fragment::Fragment;
use crate::payload::notification::NotificationData;
use crate::payload::security_association::SecurityAssociation;
use crate::reassembly::{Progress, Reassembly};
use crate::{
    Body, Chain, EmitError, Message, NegotiationContext, ParseError, Payload, Payloads, Role, ikev2, ios,
    vendor,
};

pub mod script;

pub use script::message_from;

fn contexts() -> [NegotiationContext; 2] {
    let mut draft = NegotiationContext::NONE;
    draft.learn(Role::Initiator, &crate::payload::vendor_id::VendorId { vendor_id: vendor::NAT_T_07.octets });
    [NegotiationContext::NONE, draft]
}

/// Any octets give a message or an error, strictly or not, and everything in a message can be looked at.
pub fn parse_is_total(octets: &[u8]) {
    let strict = Message::parse(octets);
    match Message::parse_until_error(octets) {
        Ok((message, faults)) => {
            assert_eq!(strict.is_ok(), faults.first().is_none(), "strict is lenient without faults");
            if let Err(error) = strict {
                assert_eq!(Some(error), faults.first());
            }
            for context in contexts() {
                message.conformance(context).for_each(|departure| {
                    assert!(departure.reference().starts_with("RFC"));
                    assert!(!departure.to_string().is_empty());
                });
                let lines = ios::Lines { message: &message, context, prefix: ios::Prefix::default() };
                let _ = lines.to_string();
                for (_, payload) in message.payloads(context) {
                    look_at(payload);
                }
            }
        }
        Err(error) => assert_eq!(strict, Err(error)),
    }
    let _ = ikev2::Message::parse(octets);
    let _ = ikev2::Message::parse_until_error(octets);
    let _ = vendor::identify(octets);
}

fn look_at(payload: Result<Payload<'_>, ParseError>) {
    match payload {
        Ok(Payload::SecurityAssociation(body)) => {
            for (_, proposal) in body.decode_proposals() {
                let Ok(proposal) = proposal else { continue };
                for (_, transform) in proposal.decode_transforms() {
                    if let Ok(transform) = transform {
                        transform.decode_attributes().for_each(|attribute| {
                            let _ = attribute.value.number();
                        });
                    }
                }
            }
        }
        Ok(Payload::Configuration(body)) => body.decode_attributes().for_each(|attribute| {
            if let ConfigurationValue::SplitNetworks(networks) =
                ConfigurationValue::from_attribute(&attribute)
            {
                assert!(networks.iter().count() > 0);
            }
        }),
        Ok(Payload::Delete(body)) => {
            assert_eq!(body.spis.iter().count(), usize::from(body.spis.spi_count()));
        }
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A message that was read is written and read again as the same value, by every payload as by the whole.
pub fn emit_then_parse(octets: &[u8]) {
    let Ok(message) = Message::parse(octets) else { return };
    let mut buffer = vec![0xa5; message.wire_len()];
    assert_eq!(message.emit(&mut buffer), Ok(buffer.len()));
    let again = Message::parse(&buffer).unwrap();
    assert_eq!(again.header, message.header);
    let context = NegotiationContext::NONE;
    let (mut old, mut new) = (message.payloads(context), again.payloads(context));
    loop {
        match (old.next(), new.next()) {
            (None, None) => break,
            (Some((old_element, old)), Some((new_element, new))) => {
                assert_eq!(old_element.header, new_element.header);
                assert_eq!(old_element.offset, new_element.offset);
                assert_eq!(old.is_ok(), new.is_ok());
                if let (Ok(Payload::Notification(old)), Ok(Payload::Notification(new))) = (&old, &new) {
                    assert_eq!(old, new);
                    assert!(
                        !matches!(old.notification_data, NotificationData::Lifetime(_))
                            || old.wire_len() >= 8
                    );
                }
            }
            _ => panic!("a payload was lost"),
        }
    }
    if let Some(short) = buffer.len().checked_sub(1) {
        let mut small = vec![0; short];
        assert_eq!(
            message.emit(&mut small),
            Err(EmitError::BufferTooSmall { needed: buffer.len(), available: short })
        );
    }
    let mut rewritten = vec![0; again.wire_len()];
    again.emit(&mut rewritten).unwrap();
    assert_eq!(rewritten, buffer, "what was written once is written again");
}

/// A message that was read without departures in derived values is written as the same octets.
pub fn parse_then_emit(octets: &[u8]) {
    let mut departures = Vec::new();
    let Ok(message) = Message::parse_reporting(octets, &mut |departure| departures.push(departure)) else {
        return;
    };
    let mut buffer = vec![0; message.wire_len()];
    message.emit(&mut buffer).unwrap();
    for context in contexts() {
        let mut meant = vec![0; buffer.len()];
        assert_eq!(message.emit_as(&context, &mut meant), Ok(buffer.len()));
        assert_eq!(meant, buffer, "whatever a number means, what was read is written");
    }
    if departures.is_empty() {
        assert_eq!(buffer, octets);
    } else {
        assert_ne!(buffer, octets);
        let again = Message::parse_reporting(&buffer, &mut |departure| panic!("{departure} was written"));
        assert!(again.is_ok());
    }
    for (element, payload) in message.payloads(NegotiationContext::NONE) {
        let Ok(payload) = payload else { continue };
        let mut body = vec![0; payload.wire_len()];
        payload.emit(&mut body).unwrap();
        assert_eq!(body.len(), element.value.len());
        if departures.is_empty() {
            assert_eq!(body, element.value);
        }
    }
}

/// What was written nested is read nested, and written again as it was.
pub fn written_messages_are_read(script: &[u8]) {
    let octets = message_from(script);
    let message =
        Message::parse_reporting(&octets, &mut |departure| panic!("{departure} was written")).unwrap();
    assert_eq!(message.to_octets(), octets);
    for property in [parse_is_total, emit_then_parse, parse_then_emit, chain_offsets_are_true] {
        property(&octets);
    }
}

impl Message<'_> {
    fn to_octets(&self) -> Vec<u8> {
        let mut octets = vec![0; self.wire_len()];
        self.emit(&mut octets).unwrap();
        octets
    }
}

fn offsets<F: wire::Framing>(octets: &[u8], chain: &Chain<'_, F>) {
    let mut expected = chain.offset();
    for element in chain {
        assert_eq!(element.offset, expected, "elements follow each other");
        assert_eq!(&octets[element.offset..][..element.octets.len()], element.octets);
        assert_eq!(&octets[element.value_offset..][..element.value.len()], element.value);
        expected += element.octets.len();
    }
    assert_eq!(chain.rest_offset(), expected);
    assert_eq!(&octets[expected..][..chain.rest().len()], chain.rest());
}

fn association_offsets(octets: &[u8], association: &SecurityAssociation<'_>) {
    offsets(octets, &association.proposals);
    for (_, proposal) in association.decode_proposals() {
        let Ok(proposal) = proposal else { continue };
        offsets(octets, &proposal.transforms);
        for (_, transform) in proposal.decode_transforms() {
            if let Ok(transform) = transform {
                offsets(octets, &transform.attributes);
            }
        }
    }
}

/// The offsets of every element, however deep, are true; a fault lies where the chain ends, or after it.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Ok((message, faults)) = Message::parse_until_error(octets) else { return };
    let Body::Payloads(payloads) = &message.body else { return };
    offsets(octets, payloads);
    if let Some(fault) = faults.chain {
        assert!(fault.offset >= payloads.rest_offset());
        assert!(fault.available < fault.needed);
    }
    for (element, payload) in message.payloads(NegotiationContext::NONE) {
        match payload {
            Ok(Payload::SecurityAssociation(body)) => association_offsets(octets, &body),
            Ok(Payload::Configuration(body)) => offsets(octets, &body.attributes),
            Ok(Payload::Notification(body)) => {
                if let NotificationData::Lifetime(attributes) = body.notification_data {
                    offsets(octets, &attributes);
                }
            }
            Ok(_) => {}
            Err(ParseError::Length(fault)) => {
                assert!(fault.offset >= element.offset);
                assert!(fault.offset <= element.offset + element.octets.len());
            }
            Err(_) => {}
        }
        if let Ok((body, _)) = SecurityAssociation::parse_until_error(element.value, element.value_offset) {
            offsets(octets, &body.proposals);
        }
    }
}

/// Fragments made of the octets, as they come, against the plain way: keep them all and join them.
pub fn reassembly(octets: &[u8]) {
    let (Some((limit, octets)), mut buffer) = (octets.split_first(), vec![0xee; 4 * 255]) else { return };
    buffer.truncate(4 * usize::from(*limit));
    let mut state = Reassembly::new();
    let mut kept: Vec<Option<Vec<u8>>> = vec![None; 256];
    let mut last = None;
    for command in octets.chunks(6) {
        let [number, flags, data @ ..] = command else { break };
        let number = number % 12;
        let fragment = Fragment { identifier: u16::from(flags >> 6 == 3), number, flags: *flags, data };
        let before = buffer.clone();
        match state.accept(&fragment, &mut buffer) {
            Ok((next, progress)) => {
                state = next;
                kept[usize::from(number)] = Some(data.to_vec());
                if fragment.is_last() {
                    last = Some(number);
                }
                let joined = kept.iter().flatten().flatten().copied().collect::<Vec<_>>();
                assert_eq!(&buffer[..joined.len()], joined);
                let whole = last.is_some_and(|last| kept[1..=usize::from(last)].iter().all(Option::is_some));
                let expected = match whole {
                    true => Progress::Complete { len: joined.len() },
                    false => Progress::Incomplete,
                };
                assert_eq!(progress, expected);
                assert_eq!(whole, last.is_some() && state.missing().count() == 0);
            }
            Err(error) => {
                assert_eq!(buffer, before, "{error} changes nothing");
            }
        }
    }
    assert_eq!(state.received_count(), kept.iter().flatten().count());
}

/// A chain framed anywhere in a message has true offsets, for IKEv2 as for ISAKMP.
pub fn any_chain(octets: &[u8], base: usize, framing: crate::PayloadFraming) {
    let wire::Parsed { value: chain, fault, .. } = Payloads::parse_until_error(octets, base, framing);
    assert_eq!(Payloads::parse(octets, base, framing).err(), fault);
    assert_eq!(chain.octets().len() + chain.rest().len(), octets.len());
    assert_eq!(chain.iter().count(), chain.element_count());
}

#[cfg(test)]
mod tests;
