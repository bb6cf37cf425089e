//! What security associations depart in.

use super::Departure;
use crate::doi::{Doi, Encoding, ProtocolId, ipsec, oakley};
use crate::payload::attribute::{Attribute, AttributeFormat, Attributes, attributes};
use crate::payload::proposal::Proposal;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::transform::Transform;
use crate::{PayloadElement, PayloadType, Payloads, Phase};

/// Tells of the derived values in payloads that were wrong on the wire.
pub(crate) fn derived(payloads: &Payloads<'_>, report: &mut impl FnMut(Departure)) {
    for element in payloads {
        match element.header.payload_type {
            PayloadType::SECURITY_ASSOCIATION => {
                if let Ok(association) = SecurityAssociation::from_element(&element) {
                    association
                        .proposals
                        .iter()
                        .filter_map(|proposal| miscounted(&proposal))
                        .for_each(&mut *report);
                }
            }
            PayloadType::PROPOSAL => {
                if let Some(departure) = miscounted(&element) {
                    report(departure);
                }
            }
            _ => {}
        }
    }
}

/// The number of transforms, where it is wrong.
fn miscounted(element: &PayloadElement<'_>) -> Option<Departure> {
    let mut miscounted = None;
    // A malformed proposal is no departure: it is an error, told elsewhere.
    let _ = Proposal::parse_reporting(element.value, element.value_offset, &mut |departure| {
        miscounted = Some(departure);
    });
    miscounted
}

pub(super) fn reserved_octet(element: &PayloadElement<'_>) -> Option<Departure> {
    let crate::PayloadHeader { payload_type, reserved } = element.header;
    (reserved != 0).then_some(Departure::ReservedOctet { payload_type, reserved })
}

/// Where each number has to be above the one before, or at least as high.
///
/// `departure` is no function pointer: what cannot be seen cannot be shown to be free of panics.
fn disordered(
    numbers: impl Iterator<Item = u8>,
    departure: impl Fn(u8, u8) -> Option<Departure>,
) -> impl Iterator<Item = Departure> {
    numbers
        .scan(None, move |last: &mut Option<u8>, number| {
            let previous = last.replace(number);
            Some(previous.and_then(|previous| departure(previous, number)))
        })
        .flatten()
}

impl<'a> SecurityAssociation<'a> {
    /// What in the proposals departs from the RFCs.
    pub fn conformance(&self, phase: Phase) -> impl Iterator<Item = Departure> + use<'a> {
        let count = self.proposals.element_count();
        let several =
            (phase == Phase::One && count > 1).then_some(Departure::SeveralProposals { count }).into_iter();
        let none = (self.doi == Doi::IPSEC && count == 0).then_some(Departure::NoProposal).into_iter();
        let proposals = self.decode_proposals().filter_map(|(_, proposal)| proposal.ok());
        let order = disordered(proposals.map(|proposal| proposal.proposal_number), |previous, number| {
            (previous > number).then_some(Departure::ProposalOrder { previous, number })
        });
        let nested = self.decode_proposals().flat_map(|(element, proposal)| {
            let within = proposal.ok().into_iter().flat_map(|proposal| proposal.conformance());
            [reserved_octet(&element), miscounted(&element)].into_iter().flatten().chain(within)
        });
        none.chain(several).chain(order).chain(nested)
    }
}

impl<'a> Proposal<'a> {
    /// What in the proposal and its transforms departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        let (protocol_id, size) = (self.protocol_id, self.spi.len());
        let fits = match protocol_id {
            ProtocolId::ISAKMP => size <= 16,
            _ => protocol_id.spi_len().is_none_or(|len| len == size),
        };
        let spi_size = (!fits).then_some(Departure::SpiSize { protocol_id, size }).into_iter();
        let transforms = self.decode_transforms().filter_map(|(_, transform)| transform.ok());
        let order = disordered(transforms.map(|transform| transform.transform_number), |previous, number| {
            (previous >= number).then_some(Departure::TransformOrder { previous, number })
        });
        let nested = self.decode_transforms().flat_map(move |(element, transform)| {
            let within =
                transform.ok().into_iter().flat_map(move |transform| transform.conformance(protocol_id));
            reserved_octet(&element).into_iter().chain(within)
        });
        spi_size.chain(order).chain(nested)
    }
}

impl<'a> Transform<'a> {
    /// What in a transform of this protocol departs from the RFCs.
    pub fn conformance(&self, protocol_id: ProtocolId) -> impl Iterator<Item = Departure> + use<'a> {
        let phase = match protocol_id {
            ProtocolId::ISAKMP => Phase::One,
            _ => Phase::Two,
        };
        let reserved = self.reserved;
        let reserved = (reserved != 0).then_some(Departure::TransformReserved { reserved });
        let authentication = ipsec::AttributeType::AUTHENTICATION_ALGORITHM.0;
        let missing = protocol_id == ProtocolId::AH
            && !self.decode_attributes().any(|attribute| attribute.attribute_type == authentication);
        let missing = missing.then_some(Departure::AuthenticationAlgorithmMissing);
        [reserved, missing].into_iter().flatten().chain(attribute_departures(&self.attributes, phase))
    }
}

fn attribute_departures<'a>(
    list: &Attributes<'a>,
    phase: Phase,
) -> impl Iterator<Item = Departure> + use<'a> {
    let variable = attributes(list).filter_map(move |attribute| basic_as_variable(&attribute, phase));
    let (life_type, duration) =
        (ipsec::AttributeType::SA_LIFE_TYPE.0, ipsec::AttributeType::SA_LIFE_DURATION.0);
    let unexplained = attributes(list)
        .scan(false, move |explained, attribute| {
            *explained |= attribute.attribute_type == life_type;
            Some(attribute.attribute_type == duration && !*explained)
        })
        .filter(move |unexplained| *unexplained && phase == Phase::Two)
        .map(|_| Departure::LifeDurationWithoutType);
    variable.chain(unexplained)
}

pub(super) fn basic_as_variable(attribute: &Attribute<'_>, phase: Phase) -> Option<Departure> {
    let attribute_type = attribute.attribute_type;
    let encoding = match phase {
        Phase::One => oakley::AttributeType(attribute_type).encoding(),
        Phase::Two => ipsec::AttributeType(attribute_type).encoding(),
    };
    let departs = encoding == Some(Encoding::Basic) && attribute.value.format() == AttributeFormat::Variable;
    departs.then_some(Departure::BasicAttributeVariable { phase, attribute_type })
}
