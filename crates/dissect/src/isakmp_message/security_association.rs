//! Security associations: proposals, transforms and their attributes, RFC 2408 sections 3.4 to 3.6.

use isakmp::doi::{ProtocolId, transform_name};
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::situation::{Situation, SituationFlags};
use isakmp::payload::transform::Transform;
use isakmp::{Chain, Emit, ParseError, Parsed, PayloadElement, PayloadFraming, PayloadType, Phase};

use super::attribute::{self, Family};
use super::body::{self, Body};
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Span, Value};

/// Returns the protocol that a phase negotiates, for a transform without a proposal.
pub(super) const fn protocol(phase: Phase) -> ProtocolId {
    match phase {
        Phase::One => ProtocolId::ISAKMP,
        Phase::Two => ProtocolId::ESP,
    }
}

/// Returns the number of transforms in a security association in which nothing is wrong; `None` when [`fields`] has a
/// fault to report.
pub(super) fn transform_count(element: &PayloadElement<'_>) -> Option<usize> {
    let association = unbroken(SecurityAssociation::parse_until_error(element))?;
    let mut count = 0usize;
    for element in association.proposals.elements() {
        let proposal = unbroken(Proposal::parse_until_error(&element))?;
        for element in proposal.transforms.elements() {
            unbroken(Transform::parse_until_error(&element))?;
        }
        count = count.saturating_add(proposal.transforms.count());
    }
    Some(count)
}

fn unbroken<T>(read: Result<Parsed<'_, T, ParseError>, ParseError>) -> Option<T> {
    read.ok().filter(|read| read.fault.is_none()).map(|read| read.value)
}

/// Shows the body of a security association.
pub(super) fn fields<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let Parsed { value: association, fault, .. } = match SecurityAssociation::parse_until_error(&body.element)
    {
        Ok(read) => read,
        Err(error) => return unreadable(packet, body, error),
    };
    let doi = association.doi;
    body.field(packet, "isakmp.sa.doi", Value::Named(u64::from(doi.0), doi.name()), 0, 4);
    situation(packet, body, &association.situation);
    if let Some(chain) = association.proposals.chain() {
        nested(packet, body, chain, PayloadType::PROPOSAL, fault, proposal);
    }
}

fn situation<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, situation: &Situation<'_>) {
    let flags = match situation {
        Situation::Ipsec(flags) | Situation::Labeled { flags, .. } => *flags,
        Situation::Other(_) => return body.rest(packet, "isakmp.sa.situation", 4),
    };
    let span = body.octets.span(body.value_offset().saturating_add(4), 4);
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
    if let Some(labels) = body.value().get(8..8usize.saturating_add(len)).filter(|labels| !labels.is_empty())
    {
        body.field(packet, "isakmp.sa.situation.labels", Value::Opaque(labels), 8, len);
    }
}

/// Shows a chain inside a payload, whose elements all have one type.
fn nested<S: Sink>(
    packet: &mut Packet<'_, S>,
    outer: Body<'_>,
    chain: &Chain<'_, PayloadFraming>,
    expected: PayloadType,
    fault: Option<ParseError>,
    show: impl Fn(&mut Packet<'_, S>, Body<'_>),
) {
    let octets = outer.octets;
    let mut next = chain.framing().next_payload();
    for element in chain {
        let packet = &mut *body::enter(packet, octets, &element);
        let body = outer.inside(element);
        if element.header.payload_type == expected {
            show(packet, body);
        } else {
            body.rest(packet, "isakmp.datapayload", 0);
            packet.fault("isakmp", unexpected(&element, expected), octets.span(element.offset, 1));
        }
        next = isakmp::payload::next_payload(&element);
    }
    let (offset, rest) = (chain.rest_offset(), chain.rest());
    match fault {
        Some(fault) => {
            body::broken(packet, octets, next, offset, rest);
            outer.fault(packet, fault, fault_span(octets, chain));
        }
        None if !rest.is_empty() => {
            packet.field("isakmp.extradata", Value::Opaque(rest), octets.span(offset, rest.len()));
        }
        None => {}
    }
}

/// Returns the place of a fault in a chain: a last payload that is cut, or the octets after the last payload.
pub(super) fn fault_span(octets: Octets<'_>, chain: &Chain<'_, PayloadFraming>) -> Span {
    match chain.iter().last().filter(|_| chain.is_cut()) {
        Some(last) => octets.span(last.offset, last.octets.len()),
        None => octets.span(chain.rest_offset(), chain.rest().len()),
    }
}

const fn unexpected(element: &PayloadElement<'_>, expected: PayloadType) -> ParseError {
    ParseError::UnexpectedPayload {
        expected,
        found: element.header.payload_type,
        within: element.within,
        offset: element.offset,
    }
}

fn unreadable<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, error: ParseError) {
    body.rest(packet, "isakmp.datapayload", 0);
    body.fault(packet, error, body.octets.span(body.value_offset(), body.value().len()));
}

/// Shows the body of a proposal.
pub(super) fn proposal<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let Parsed { value: proposal, fault, .. } = match Proposal::parse_until_error(&body.element) {
        Ok(read) => read,
        Err(error) => {
            if let Some([number, protocol, spi_size, transforms]) = body.value().first_chunk() {
                fixed(packet, body, *number, ProtocolId(*protocol), *spi_size, *transforms);
            }
            return unreadable(packet, body, error);
        }
    };
    let protocol = proposal.protocol_id;
    // default: never taken, because the length of the SPI comes from one octet
    let spi_size = u8::try_from(proposal.spi.len()).unwrap_or(u8::MAX);
    // default: never taken, because the proposal was read already
    let declared = Proposal::declared_transform_count(&body.element).unwrap_or_default();
    fixed(packet, body, proposal.proposal_number, protocol, spi_size, declared);
    if !proposal.spi.is_empty() {
        body.field(packet, "isakmp.spi", Value::Octets(proposal.spi), 4, proposal.spi.len());
    }
    if let Some(chain) = proposal.transforms.chain() {
        nested(packet, body, chain, PayloadType::TRANSFORM, fault, |packet, body| {
            transform(packet, body, protocol);
        });
    }
}

/// Shows the fields before the SPI of a proposal.
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

/// Shows the body of a transform for `protocol`.
pub(super) fn transform<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, protocol: ProtocolId) {
    let Parsed { value: transform, fault, .. } = match Transform::parse_until_error(&body.element) {
        Ok(read) => read,
        Err(error) => return unreadable(packet, body, error),
    };
    let name = transform_name(protocol, transform.transform_id);
    body.field(packet, "isakmp.trans.number", Value::Unsigned(u64::from(transform.transform_number)), 0, 1);
    body.field(packet, "isakmp.trans.id", Value::Named(u64::from(transform.transform_id), name), 1, 1);
    body.field(packet, "isakmp.reserved", Value::Octets(&transform.reserved.to_be_bytes()), 2, 2);
    let family = if protocol == ProtocolId::ISAKMP { &Family::IKE } else { &Family::IPSEC };
    attribute::list(packet, body, family, &transform.attributes, fault);
}
