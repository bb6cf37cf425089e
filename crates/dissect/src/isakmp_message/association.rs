//! Security associations: proposals, transforms and their attributes, RFC 2408 sections 3.4 to 3.6.

use isakmp::doi::{Doi, ProtocolId, transform_name};
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::situation::{Situation, SituationFlags};
use isakmp::payload::transform::Transform;
use isakmp::{ParseError, PayloadElement, PayloadType, Payloads, Phase};

use super::attribute::{self, Family};
use super::payload::{self, Body};
use crate::dissector::{Octets, Packet};
use crate::sink::{Sink, Value};

/// Whose transforms and attributes a phase negotiates, where no proposal tells.
pub(super) const fn protocol(phase: Phase) -> ProtocolId {
    match phase {
        Phase::One => ProtocolId::ISAKMP,
        Phase::Two => ProtocolId::ESP,
    }
}

/// The transforms of a security association in which nothing is broken: what [`fields`] has no fault to tell of.
pub(super) fn transform_count(element: &PayloadElement<'_>) -> Option<usize> {
    let (association, None) =
        SecurityAssociation::parse_until_error(element.value, element.value_offset).ok()?
    else {
        return None;
    };
    let mut count = 0usize;
    for element in &association.proposals {
        let (proposal, None) = Proposal::parse_until_error(element.value, element.value_offset).ok()? else {
            return None;
        };
        if element.header.payload_type != PayloadType::PROPOSAL {
            return None;
        }
        for element in &proposal.transforms {
            let (_, None) = Transform::parse_until_error(element.value, element.value_offset).ok()? else {
                return None;
            };
            if element.header.payload_type != PayloadType::TRANSFORM {
                return None;
            }
        }
        count = count.saturating_add(proposal.transforms.element_count());
    }
    Some(count)
}

/// The body of a security association.
pub(super) fn fields<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let (association, fault) = match SecurityAssociation::parse_until_error(body.value, body.offset) {
        Ok(read) => read,
        Err(error) => return unreadable(packet, body, error),
    };
    let doi = association.doi;
    body.field(packet, "isakmp.sa.doi", Value::Named(u64::from(doi.0), doi.name()), 0, 4);
    situation(packet, body, &association.situation);
    if doi == Doi::IPSEC {
        nested(packet, body.octets, &association.proposals, PayloadType::PROPOSAL, fault, proposal);
    }
}

fn situation<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, situation: &Situation<'_>) {
    let flags = match situation {
        Situation::Ipsec(flags) | Situation::Labeled { flags, .. } => *flags,
        Situation::Other(_) => return body.rest(packet, "isakmp.sa.situation", 4),
    };
    let span = body.octets.span(body.offset.saturating_add(4), 4);
    let mut inside = packet.enter_field("isakmp.sa.situation", Value::Octets(&flags.0.to_be_bytes()), span);
    for (name, flag) in [
        ("isakmp.sa.situation.identity_only", SituationFlags::IDENTITY_ONLY),
        ("isakmp.sa.situation.secrecy", SituationFlags::SECRECY),
        ("isakmp.sa.situation.integrity", SituationFlags::INTEGRITY),
    ] {
        inside.field(name, Value::Boolean(flags.contains(flag)), span);
    }
    inside.leave();
    let len = situation.wire_len().saturating_sub(4);
    if let Some(labels) = body.value.get(8..8usize.saturating_add(len)).filter(|labels| !labels.is_empty()) {
        body.field(packet, "isakmp.sa.situation.labels", Value::Octets(labels), 8, len);
    }
}

/// A chain inside a payload, whose elements are all of one type.
fn nested<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    chain: &Payloads<'_>,
    expected: PayloadType,
    fault: Option<isakmp::LengthError>,
    show: impl Fn(&mut Packet<'_, S>, Body<'_>),
) {
    let mut next = chain.framing().next_payload();
    for element in chain {
        let packet = &mut *payload::enter(packet, octets, &element);
        let body = Body::of(octets, &element);
        if element.header.payload_type == expected {
            show(packet, body);
        } else {
            body.rest(packet, "isakmp.datapayload", 0);
            packet.fault("isakmp", unexpected(&element, expected), octets.span(element.offset, 1));
        }
        next = isakmp::payload::next_payload(&element);
    }
    let (offset, rest) = (chain.rest_offset(), chain.rest());
    if let Some(fault) = fault {
        payload::broken(packet, octets, next, offset, rest);
        packet.fault("isakmp", ParseError::Length(fault), octets.span(offset, rest.len()));
    } else if !rest.is_empty() {
        packet.field("isakmp.extradata", Value::Octets(rest), octets.span(offset, rest.len()));
    }
}

const fn unexpected(element: &PayloadElement<'_>, expected: PayloadType) -> ParseError {
    ParseError::UnexpectedPayload { expected, found: element.header.payload_type, offset: element.offset }
}

fn unreadable<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, error: impl Into<ParseError>) {
    body.rest(packet, "isakmp.datapayload", 0);
    packet.fault("isakmp", error.into(), body.octets.span(body.offset, body.value.len()));
}

/// The body of a proposal.
pub(super) fn proposal<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let (proposal, fault) = match Proposal::parse_until_error(body.value, body.offset) {
        Ok(read) => read,
        Err(error) => {
            if let Some([number, protocol, spi_size, transforms]) = body.value.first_chunk() {
                fixed(packet, body, *number, ProtocolId(*protocol), *spi_size, *transforms);
            }
            return unreadable(packet, body, error);
        }
    };
    let protocol = proposal.protocol_id;
    let spi_size = u8::try_from(proposal.spi.len()).unwrap_or(u8::MAX);
    let declared = Proposal::declared_transform_count(body.value).unwrap_or_default();
    fixed(packet, body, proposal.proposal_number, protocol, spi_size, declared);
    if !proposal.spi.is_empty() {
        body.field(packet, "isakmp.spi", Value::Octets(proposal.spi), 4, proposal.spi.len());
    }
    nested(packet, body.octets, &proposal.transforms, PayloadType::TRANSFORM, fault, |packet, body| {
        transform(packet, body, protocol);
    });
}

/// What stands before the SPI of a proposal.
fn fixed<S: Sink>(
    packet: &mut Packet<'_, S>,
    body: Body<'_>,
    number: u8,
    protocol: ProtocolId,
    spi_size: u8,
    transforms: u8,
) {
    let protocol = Value::Named(u64::from(protocol.0), protocol.name());
    body.field(packet, "isakmp.prop.number", Value::Unsigned(u64::from(number)), 0, 1);
    body.field(packet, "isakmp.prop.protoid", protocol, 1, 1);
    body.field(packet, "isakmp.spisize", Value::Unsigned(u64::from(spi_size)), 2, 1);
    body.field(packet, "isakmp.prop.transforms", Value::Unsigned(u64::from(transforms)), 3, 1);
}

/// The body of a transform for `protocol`.
pub(super) fn transform<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, protocol: ProtocolId) {
    let (transform, fault) = match Transform::parse_until_error(body.value, body.offset) {
        Ok(read) => read,
        Err(error) => return unreadable(packet, body, error),
    };
    let name = transform_name(protocol, transform.transform_id);
    body.field(packet, "isakmp.trans.number", Value::Unsigned(u64::from(transform.transform_number)), 0, 1);
    body.field(packet, "isakmp.trans.id", Value::Named(u64::from(transform.transform_id), name), 1, 1);
    body.field(packet, "isakmp.reserved", Value::Octets(&transform.reserved.to_be_bytes()), 2, 2);
    let family = if protocol == ProtocolId::ISAKMP { &Family::IKE } else { &Family::IPSEC };
    attribute::list(packet, body.octets, family, &transform.attributes, fault);
}
