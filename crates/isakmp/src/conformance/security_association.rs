//! Where security associations depart from the RFCs.

use super::Departure;
use super::nested::nested;
use crate::doi::{Doi, Encoding, ProtocolId, ipsec, oakley};
use crate::payload::proposal::Proposal;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::transform::Transform;
use crate::{
    Attribute, AttributeFormat, Attributes, List, Member, PayloadElement, PayloadFraming, PayloadHeader,
    Phase,
};

/// Returns the departure when a proposal that was framed declares another number of transforms than it has.
pub(super) fn miscounted(element: &PayloadElement<'_>, proposal: &Proposal<'_>) -> Option<Departure> {
    let (declared, counted) = (Proposal::declared_transform_count(element)?, proposal.transforms.count());
    (usize::from(declared) != counted).then_some(Departure::TransformCount { declared, counted })
}

pub(super) fn reserved_octet(header: PayloadHeader) -> Option<Departure> {
    let PayloadHeader { payload_type, reserved } = header;
    (reserved != 0).then_some(Departure::ReservedOctet { payload_type, reserved })
}

/// Returns the elements of a list that was read, in step with its members. Each is `None` in a list that was built
/// from values.
pub(super) fn elements<'a, M>(
    list: &List<'a, PayloadFraming, M>,
) -> impl Iterator<Item = Option<PayloadElement<'a>>> + use<'a, M> {
    list.elements().map(Some).chain(core::iter::repeat(None))
}

/// Returns a departure for each number that `departure` refuses after the number before it.
///
/// `departure` is not a function pointer, because a gate cannot show a call through a pointer to be free of panics.
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
    /// Lists where the proposals depart from the RFCs in this phase. Proposals and transforms that are malformed are
    /// passed over; [`Nested::Malformed`](crate::Nested::Malformed) has their errors.
    pub fn conformance(&self, phase: Phase) -> impl Iterator<Item = Departure> + use<'a> {
        let count = self.proposals.count();
        let several =
            (phase == Phase::One && count > 1).then_some(Departure::SeveralProposals { count }).into_iter();
        // Octets that frame no proposal are a fault, and no association without a proposal.
        let is_empty = count == 0 && self.proposals.chain().is_none_or(|chain| chain.rest().is_empty());
        let none = (self.doi == Doi::IPSEC && is_empty).then_some(Departure::NoProposal).into_iter();
        let decoded = self.proposals.iter().filter_map(|proposal| proposal.decoded().ok());
        let order = disordered(decoded.map(|proposal| proposal.proposal_number), |previous, number| {
            (previous > number).then_some(Departure::ProposalOrder { previous, number })
        });
        let nested = nested(self.proposals.iter().zip(elements(&self.proposals)), |(member, element)| {
            let reserved = reserved_octet(member.header());
            let miscounted =
                element.zip(member.body()).and_then(|(element, body)| miscounted(&element, body));
            let within = nested(member.decoded().into_iter(), |proposal| proposal.conformance());
            [reserved, miscounted].into_iter().flatten().chain(within)
        });
        none.chain(several).chain(order).chain(nested)
    }
}

impl<'a> Proposal<'a> {
    /// Lists where the proposal and its transforms depart from the RFCs. Transforms that are malformed are passed over;
    /// [`Nested::Malformed`](crate::Nested::Malformed) has their errors.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        let (protocol_id, size) = (self.protocol_id, self.spi.len());
        let fits = match protocol_id {
            ProtocolId::ISAKMP => size <= 16,
            _ => protocol_id.spi_len().is_none_or(|len| len == size),
        };
        let spi_size = (!fits).then_some(Departure::SpiSize { protocol_id, size }).into_iter();
        let decoded = self.transforms.iter().filter_map(|transform| transform.decoded().ok());
        let order = disordered(decoded.map(|transform| transform.transform_number), |previous, number| {
            (previous >= number).then_some(Departure::TransformOrder { previous, number })
        });
        let nested = nested(self.transforms.iter(), move |member| {
            let reserved = reserved_octet(member.header());
            let within =
                nested(member.decoded().into_iter(), move |transform| transform.conformance(protocol_id));
            reserved.into_iter().chain(within)
        });
        spi_size.chain(order).chain(nested)
    }
}

impl<'a> Transform<'a> {
    /// Lists where a transform of this protocol departs from the RFCs.
    pub fn conformance(&self, protocol_id: ProtocolId) -> impl Iterator<Item = Departure> + use<'a> {
        let phase = match protocol_id {
            ProtocolId::ISAKMP => Phase::One,
            _ => Phase::Two,
        };
        let reserved = self.reserved;
        let reserved = (reserved != 0).then_some(Departure::TransformReserved { reserved });
        let authentication = ipsec::AttributeType::AUTHENTICATION_ALGORITHM.0;
        let missing = protocol_id == ProtocolId::AH
            && !self.attributes.iter().any(|attribute| attribute.attribute_type == authentication);
        let missing = missing.then_some(Departure::AuthenticationAlgorithmMissing);
        [reserved, missing].into_iter().flatten().chain(attribute_departures(&self.attributes, phase))
    }
}

fn attribute_departures<'a>(
    list: &Attributes<'a>,
    phase: Phase,
) -> impl Iterator<Item = Departure> + use<'a> {
    let variable = list.iter().filter_map(move |attribute| basic_as_variable(&attribute, phase));
    let (life_type, duration) =
        (ipsec::AttributeType::SA_LIFE_TYPE.0, ipsec::AttributeType::SA_LIFE_DURATION.0);
    let unexplained = list
        .iter()
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
