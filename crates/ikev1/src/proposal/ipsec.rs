//! Phase 2, RFC 2407 section 4.5. The protocols of a proposal are accepted together or not at all.

use ::isakmp::Nested;
use ::isakmp::doi::ProtocolId;
use ::isakmp::doi::ipsec::{
    AttributeType, AuthenticationAlgorithm, EncapsulationMode, ExtendedSequenceNumber,
};
use ::isakmp::doi::oakley::GroupDescription;
use ::isakmp::payload::proposal::Proposal;
use ::isakmp::payload::security_association::SecurityAssociation;
use ::isakmp::payload::transform::Transform;

use super::{Life, Reason, Refused, learn, proposal_number, same, transform_number};

/// The attributes of one transform of phase 2. An attribute that is absent is `None`. More attributes will be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Offer {
    /// The Transform-Id, whose meaning depends on the proposal's protocol.
    pub transform_id: u8,
    /// The Key-Length in bits.
    pub key_length: Option<u16>,
    /// The Authentication-Algorithm.
    pub authentication_algorithm: Option<AuthenticationAlgorithm>,
    /// The Encapsulation-Mode.
    pub encapsulation_mode: Option<EncapsulationMode>,
    /// The Group-Description. When it is there, quick mode has a key exchange.
    pub group_description: Option<GroupDescription>,
    /// The Extended-Sequence-Number attribute: whether sequence numbers have 64 bits.
    pub extended_sequence_number: bool,
    /// The SA-Life-Type and SA-Life-Duration.
    pub life: Life,
    /// The type of the first attribute that is not known, contradicts an earlier one, or has an impossible value.
    pub unknown: Option<u16>,
}

impl Offer {
    /// Reads the attributes of a transform. An attribute that comes twice with different values counts as unknown.
    #[must_use]
    pub fn from_transform(transform: &Transform<'_>) -> Self {
        let mut offer = Self { transform_id: transform.transform_id, ..Self::default() };
        let mut life_type = None;
        for attribute in transform.attributes.iter() {
            let number = attribute.value.number();
            let value = number.and_then(|number| u16::try_from(number).ok());
            let known = match AttributeType(attribute.attribute_type) {
                AttributeType::SA_LIFE_TYPE => number.map(|number| life_type = Some(number)),
                AttributeType::SA_LIFE_DURATION => offer.life.learn(life_type, number),
                AttributeType::KEY_LENGTH => learn(&mut offer.key_length, value),
                AttributeType::AUTHENTICATION_ALGORITHM => {
                    learn(&mut offer.authentication_algorithm, value.map(AuthenticationAlgorithm))
                }
                AttributeType::ENCAPSULATION_MODE => {
                    learn(&mut offer.encapsulation_mode, value.map(EncapsulationMode))
                }
                AttributeType::GROUP_DESCRIPTION => {
                    learn(&mut offer.group_description, value.map(GroupDescription))
                }
                AttributeType::EXTENDED_SEQUENCE_NUMBER => {
                    let is_known = value == Some(ExtendedSequenceNumber::SEQUENCE_64.0);
                    is_known.then(|| offer.extended_sequence_number = true)
                }
                _ => None,
            };
            if known.is_none() {
                offer.unknown = offer.unknown.or(Some(attribute.attribute_type));
            }
        }
        offer
    }
}

/// One protocol that a policy wants. The struct is exhaustive for the same reason as [`Policy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Protocol {
    /// The protocol: ESP or AH.
    pub protocol_id: ProtocolId,
    /// The Transform-Id of that protocol.
    pub transform_id: u8,
    /// The Key-Length in bits. `None` when the transform has only one key length.
    pub key_length: Option<u16>,
    /// The Authentication-Algorithm. `None` when the transform authenticates by itself.
    pub authentication_algorithm: Option<AuthenticationAlgorithm>,
}

impl Protocol {
    fn check(&self, offer: &Offer) -> Result<(), Reason> {
        same(
            offer.transform_id,
            self.transform_id,
            Reason::Transform { offered: offer.transform_id, wanted: self.transform_id },
        )?;
        same(
            offer.key_length,
            self.key_length,
            Reason::KeyLength { offered: offer.key_length, wanted: self.key_length },
        )?;
        same(
            offer.authentication_algorithm,
            self.authentication_algorithm,
            Reason::AuthenticationAlgorithm {
                offered: offer.authentication_algorithm,
                wanted: self.authentication_algorithm,
            },
        )
    }
}

/// The settings that a peer is prepared to negotiate in phase 2. All of its protocols are wanted together. The struct
/// is exhaustive, so that every policy says what it wants of every attribute that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy<'p> {
    /// The protocols, at most [`MAX_PROTOCOL_COUNT`].
    pub protocols: &'p [Protocol],
    /// The encapsulation mode. An offer that does not name a mode leaves it to the host (RFC 2407 section 4.5), and
    /// is accepted.
    pub encapsulation_mode: EncapsulationMode,
    /// The group of the key exchange in quick mode. `None` for a quick mode without a key exchange.
    pub group_description: Option<GroupDescription>,
    /// Whether sequence numbers must have 64 bits.
    pub extended_sequence_number: bool,
    /// The longest lifetime that is accepted. `None` in a field accepts any.
    pub life: Life,
}

impl Policy<'_> {
    /// Checks that the policy accepts this offer for one of its protocols.
    ///
    /// # Errors
    /// Returns the first [`Reason`] why it does not.
    pub fn check(&self, protocol: &Protocol, offer: &Offer) -> Result<(), Reason> {
        if let Some(unknown) = offer.unknown {
            return Err(Reason::Attribute(unknown));
        }
        protocol.check(offer)?;
        if let Some(mode) = offer.encapsulation_mode {
            let reason = Reason::EncapsulationMode { offered: Some(mode), wanted: self.encapsulation_mode };
            same(mode, self.encapsulation_mode, reason)?;
        }
        same(
            offer.group_description,
            self.group_description,
            Reason::GroupDescription { offered: offer.group_description, wanted: self.group_description },
        )?;
        same(
            offer.extended_sequence_number,
            self.extended_sequence_number,
            Reason::ExtendedSequenceNumber {
                offered: offer.extended_sequence_number,
                wanted: self.extended_sequence_number,
            },
        )?;
        offer.life.check(&self.life)
    }
}

/// The greatest number of protocols that can be negotiated together: AH, ESP and IPCOMP.
pub const MAX_PROTOCOL_COUNT: usize = 3;

/// One protocol that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChosenProtocol<'a> {
    /// The proposal, with the initiator's SPI.
    pub proposal: Proposal<'a>,
    /// The transform, which is sent back as it is.
    pub transform: Transform<'a>,
    /// The attributes of the transform.
    pub offer: Offer,
}

/// The proposal that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Chosen<'a> {
    /// The position in the caller's list of the policy that accepted it, counted from 0.
    pub policy: usize,
    /// The proposal number, which is sent back.
    pub proposal_number: u8,
    /// The accepted protocols, one for each of the policy's protocols and in the policy's order.
    pub protocols: [Option<ChosenProtocol<'a>>; MAX_PROTOCOL_COUNT],
}

/// Chooses the first proposal, in the initiator's order, that one of the policies accepts, in the caller's order. For
/// each protocol it takes the first transform that the policy accepts. Proposals with the same number stand next to
/// each other (RFC 2408 section 4.2) and are accepted together. `None` when no proposal is accepted.
///
/// `refused` is called for each pair of an offer and a policy that does not accept it.
pub fn choose<'a>(
    association: &SecurityAssociation<'a>,
    policies: &[Policy<'_>],
    refused: &mut impl FnMut(Refused),
) -> Option<Chosen<'a>> {
    let mut proposals = association.proposals.iter();
    loop {
        let rest = proposals.clone();
        let number = proposal_number(&proposals.next()?);
        let is_together = |proposal: &Nested<'a, Proposal<'a>>| proposal_number(proposal) == number;
        let together = rest.take_while(is_together);
        for (index, policy) in policies.iter().enumerate() {
            let mut refuse = |transform_number, reason| {
                refused(Refused { proposal_number: number, transform_number, policy: index, reason });
            };
            if let Some(protocols) = all_protocols(together.clone(), policy, &mut refuse) {
                return Some(Chosen { policy: index, proposal_number: number, protocols });
            }
        }
        while proposals.clone().next().as_ref().is_some_and(is_together) {
            proposals.next();
        }
    }
}

/// Returns what one policy accepts of the proposals with one number: one transform for each of its protocols, or
/// nothing.
fn all_protocols<'a>(
    together: impl Iterator<Item = Nested<'a, Proposal<'a>>> + Clone,
    policy: &Policy<'_>,
    refuse: &mut impl FnMut(u8, Reason),
) -> Option<[Option<ChosenProtocol<'a>>; MAX_PROTOCOL_COUNT]> {
    let offered = together.clone().fold(0usize, |count, _| count.saturating_add(1));
    let wanted = policy.protocols.len();
    if offered != wanted || wanted > MAX_PROTOCOL_COUNT {
        refuse(0, Reason::ProtocolCount { offered, wanted });
        return None;
    }
    let mut chosen = [const { None }; MAX_PROTOCOL_COUNT];
    for proposal in together {
        let proposal = match proposal.decoded() {
            Ok(proposal) => proposal,
            Err(error) => {
                refuse(0, error.into());
                return None;
            }
        };
        let protocol_id = proposal.protocol_id;
        // A protocol that comes twice finds its place taken.
        let place = chosen.iter_mut().zip(policy.protocols);
        let mut places = place.filter(|(place, wanted)| place.is_none() && wanted.protocol_id == protocol_id);
        let Some((place, wanted)) = places.next() else {
            refuse(0, Reason::Protocol(protocol_id));
            return None;
        };
        if protocol_id.spi_len().is_some_and(|len| len != proposal.spi.len()) {
            refuse(0, Reason::SpiLength(proposal.spi.len()));
            return None;
        }
        *place = first_transform(&proposal, policy, wanted, refuse);
        if place.is_none() {
            return None;
        }
    }
    Some(chosen)
}

fn first_transform<'a>(
    proposal: &Proposal<'a>,
    policy: &Policy<'_>,
    wanted: &Protocol,
    refuse: &mut impl FnMut(u8, Reason),
) -> Option<ChosenProtocol<'a>> {
    for transform in proposal.transforms.iter() {
        let number = transform_number(&transform);
        match transform.decoded() {
            Ok(transform) => {
                let offer = Offer::from_transform(&transform);
                match policy.check(wanted, &offer) {
                    Ok(()) => return Some(ChosenProtocol { proposal: proposal.clone(), transform, offer }),
                    Err(reason) => refuse(number, reason),
                }
            }
            Err(error) => refuse(number, error.into()),
        }
    }
    None
}
