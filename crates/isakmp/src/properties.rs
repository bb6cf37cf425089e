//! The properties of the codec. The tests and the fuzz targets call them with generated octets.
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

use wire::Parsed;

use crate::payload::configuration::ConfigurationValue;
use crate::payload::fragment::Fragment;
use crate::payload::notification::NotificationData;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::transform::Transform;
use crate::payload::vendor_id::VendorId;
use crate::reassembly::{Progress, Reassembly};
use crate::{
    Attribute, Body, Chain, Departure, Emit, EmitError, Message, NegotiationContext, Nested, ParseError,
    PayloadBody, PayloadFraming, Role, ikev2, ios, vendor,
};

pub mod script;

pub use script::message_from;

fn contexts() -> [NegotiationContext; 2] {
    let mut draft = NegotiationContext::NONE;
    draft.learn(Role::Initiator, &VendorId { vendor_id: vendor::NAT_T_07.octets });
    [NegotiationContext::NONE, draft]
}

/// The three ways to read agree: they give the same value when there is no fault and no octets follow.
fn three_ways<T: Clone + PartialEq + core::fmt::Debug>(
    exact: Result<T, ParseError>,
    prefix: Result<(T, &[u8]), ParseError>,
    until_error: &Result<Parsed<'_, T, ParseError>, ParseError>,
) {
    let strict = until_error.clone().and_then(Parsed::strict);
    assert_eq!(prefix, strict);
    match strict {
        Ok((value, [])) => assert_eq!(exact, Ok(value)),
        Ok((_, rest)) => {
            assert!(matches!(exact, Err(ParseError::TrailingOctets { count, .. }) if count == rest.len()));
        }
        Err(error) => assert_eq!(exact, Err(error)),
    }
}

/// Any octets give a message or an error, in every way to read, and everything in a message can be looked at.
pub fn parse_is_total(octets: &[u8]) {
    let until_error = Message::parse_until_error(octets);
    three_ways(Message::parse(octets), Message::parse_prefix(octets), &until_error);
    if let Ok(Parsed { value, rest, .. }) = until_error {
        assert!(octets.ends_with(rest));
        for context in contexts() {
            let message = value.clone().in_context(context);
            message.conformance().for_each(|departure| {
                let reference = departure.reference();
                assert!(reference.starts_with("RFC") || reference.starts_with("draft-"));
                assert!(!departure.to_string().is_empty());
            });
            let _ = ios::Lines { message: &message, prefix: ios::Prefix::default() }.to_string();
            assert_eq!(message.payloads().count(), message.elements().count());
            message.payloads().for_each(|payload| look_at(&payload.body));
        }
    }
    let until_error = ikev2::Message::parse_until_error(octets);
    three_ways(ikev2::Message::parse(octets), ikev2::Message::parse_prefix(octets), &until_error);
    let _ = vendor::identify(octets);
}

fn look_at(body: &PayloadBody<'_>) {
    match body {
        PayloadBody::SecurityAssociation(body) => {
            for proposal in body.proposals.iter().filter_map(|proposal| proposal.decoded().ok()) {
                for transform in proposal.transforms.iter().filter_map(|transform| transform.decoded().ok()) {
                    transform.attributes.iter().for_each(|attribute| {
                        let _ = attribute.value.number();
                    });
                }
            }
        }
        PayloadBody::Configuration(body) => body.attributes.iter().for_each(|attribute| {
            if let ConfigurationValue::SplitNetworks(networks) =
                ConfigurationValue::from_attribute(&attribute)
            {
                assert!(networks.iter().count() > 0);
            }
        }),
        PayloadBody::Delete(body) => {
            assert_eq!(body.spis.iter().count(), usize::from(body.spis.spi_count()));
        }
        PayloadBody::Malformed { error, .. } => assert!(!error.to_string().is_empty()),
        _ => {}
    }
}

/// A message that was read is written and read again as the same value, and so is the same message built from values.
pub fn emit_then_parse(octets: &[u8]) {
    let Ok((message, _)) = Message::parse_prefix(octets) else { return };
    let mut buffer = vec![0xa5; message.wire_len()];
    assert_eq!(message.emit(&mut buffer).unwrap().len(), message.wire_len());
    let again = Message::parse(&buffer).unwrap();
    assert_eq!(again, message);
    assert!(
        message.elements().map(|element| element.offset).eq(again.elements().map(|element| element.offset))
    );
    if let Some(short) = buffer.len().checked_sub(1) {
        let mut small = vec![0; short];
        assert_eq!(
            message.emit(&mut small),
            Err(EmitError::BufferTooSmall { needed: buffer.len(), available: short })
        );
    }
    assert_eq!(again.to_octets(), buffer, "what was written once is written again");
    if let Body::Payloads(_) = message.body {
        let payloads: Vec<_> = message.payloads().collect();
        let built = Message { body: Body::Payloads(payloads.as_slice().into()), ..message.clone() };
        assert_eq!(built, message);
        assert_eq!(built.to_octets(), buffer);
        for payload in &payloads {
            if let PayloadBody::SecurityAssociation(body) = &payload.body {
                association_of_values(body);
            }
        }
    }
}

/// An association with lists that are all built from values is equal to the one that was read.
fn association_of_values<'a>(body: &SecurityAssociation<'a>) {
    let proposals: Vec<_> = body.proposals.iter().collect();
    let transforms: Vec<Vec<_>> = proposals
        .iter()
        .map(|proposal| proposal.body().map(|body| body.transforms.iter().collect()).unwrap_or_default())
        .collect();
    let of = |transform: &Nested<'a, Transform<'a>>| -> Vec<Attribute<'a>> {
        transform.body().map(|body| body.attributes.iter().collect()).unwrap_or_default()
    };
    let attributes: Vec<Vec<_>> = transforms.iter().map(|list| list.iter().map(of).collect()).collect();
    let transforms: Vec<_> = transforms
        .into_iter()
        .zip(&attributes)
        .map(|(transforms, lists)| {
            filled(transforms, lists, |body, list| body.attributes = list.as_slice().into())
        })
        .collect();
    let proposals = filled(proposals, &transforms, |body, list| body.transforms = list.as_slice().into());
    let built = SecurityAssociation { proposals: proposals.as_slice().into(), ..body.clone() };
    assert_eq!(built, *body);
    let (mut ours, mut theirs) = (vec![0; built.wire_len()], vec![0; body.wire_len()]);
    assert_eq!(built.emit(&mut ours).unwrap(), body.emit(&mut theirs).unwrap());
}

/// Puts one list into the body of each member.
fn filled<'a, T, L>(
    members: Vec<Nested<'a, T>>,
    lists: &'a [L],
    fill: impl Fn(&mut T, &'a L),
) -> Vec<Nested<'a, T>> {
    assert_eq!(members.len(), lists.len());
    members.into_iter().zip(lists).map(|(member, list)| rebuilt(member, |body| fill(body, list))).collect()
}

fn rebuilt<'a, T>(member: Nested<'a, T>, change: impl FnOnce(&mut T)) -> Nested<'a, T> {
    match member {
        Nested::Decoded { reserved, mut body } => {
            change(&mut body);
            Nested::Decoded { reserved, body }
        }
        malformed @ Nested::Malformed { .. } => malformed,
    }
}

/// A message that was read without wrong derived values is written as the same octets.
pub fn parse_then_emit(octets: &[u8]) {
    let Ok((message, rest)) = Message::parse_prefix(octets) else { return };
    let octets = &octets[..octets.len() - rest.len()];
    let buffer = message.to_octets();
    for context in contexts() {
        let meant = message.clone().in_context(context);
        assert_eq!(meant.to_octets(), buffer, "whatever a number means, what was read is written");
    }
    let is_corrected = Departure::is_corrected;
    let departs = message.conformance().any(|departure| is_corrected(&departure));
    assert_eq!(buffer == octets, !departs);
    let again = Message::parse(&buffer).unwrap();
    assert!(!again.conformance().any(|departure| is_corrected(&departure)), "a departure was written");
    for (element, payload) in message.elements().zip(message.payloads()) {
        assert_eq!(payload.payload_type(), element.header.payload_type);
        let mut body = vec![0; payload.wire_len()];
        payload.emit(&mut body).unwrap();
        assert_eq!(body.len(), element.value.len());
        assert!(departs || body == element.value);
    }
}

/// A message that was written with nested payloads is read with the same nesting, and written again as it was.
pub fn written_messages_are_read(script: &[u8]) {
    let octets = message_from(script);
    let message = Message::parse(&octets).unwrap();
    assert!(!message.conformance().any(|departure| departure.is_corrected()));
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
    // Under another DOI there is no chain.
    let Some(proposals) = association.proposals.chain() else { return };
    offsets(octets, proposals);
    for proposal in association.proposals.iter().filter_map(|proposal| proposal.decoded().ok()) {
        offsets(octets, proposal.transforms.chain().unwrap());
        for transform in proposal.transforms.iter().filter_map(|transform| transform.decoded().ok()) {
            offsets(octets, transform.attributes.chain().unwrap());
        }
    }
}

/// The offsets of all elements are true, however deep they stand. A fault lies where the chain ends, or in its last
/// element.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Ok(Parsed { value: message, fault, .. }) = Message::parse_until_error(octets) else { return };
    let Some(chain) = message.body.payloads().and_then(|payloads| payloads.chain()) else { return };
    offsets(octets, chain);
    if let Some(ParseError::Length(fault)) = fault {
        let last = chain.iter().last().filter(|_| chain.is_cut());
        assert_eq!(fault.offset(), last.map_or(chain.rest_offset(), |last| last.offset));
    }
    for (element, payload) in message.elements().zip(message.payloads()) {
        match payload.body {
            PayloadBody::SecurityAssociation(body) => association_offsets(octets, &body),
            PayloadBody::Configuration(body) => offsets(octets, body.attributes.chain().unwrap()),
            PayloadBody::Notification(body) => {
                if let NotificationData::Lifetime(attributes) = body.notification_data {
                    offsets(octets, attributes.chain().unwrap());
                }
            }
            PayloadBody::Malformed { error: ParseError::Length(error), .. } => {
                assert!(error.offset() >= element.offset);
                assert!(error.offset() <= element.offset + element.octets.len());
            }
            _ => {}
        }
        if let Ok(parsed) = SecurityAssociation::parse_until_error(&element) {
            assert!(parsed.fault.is_some() || !element.is_cut(), "what is cut is never whole");
            association_offsets(octets, &parsed.value);
        }
    }
}

/// The reassembly gives the same as keeping all fragments and joining them. The fragments are made of the octets.
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

/// A chain that is framed anywhere in a message has true offsets, for IKEv2 and for ISAKMP.
pub fn any_chain(octets: &[u8], base: usize, framing: PayloadFraming) {
    let Parsed { value: chain, fault, .. } = Chain::parse_until_error(octets, base, framing);
    assert_eq!(Chain::parse(octets, base, framing).err(), fault);
    assert_eq!(chain.octets().len() + chain.rest().len(), octets.len());
    assert_eq!(chain.iter().count(), chain.element_count());
    for context in contexts() {
        let meant = chain.with_framing(framing.in_context(context)).unwrap();
        assert!(meant.iter().eq(chain.iter()));
        assert_eq!(meant.rest(), chain.rest());
    }
}

#[cfg(test)]
mod tests;
