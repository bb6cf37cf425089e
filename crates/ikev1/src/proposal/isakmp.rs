//! Phase 1, RFC 2409 appendix A.

use ::isakmp::doi::oakley::{
    AttributeType, AuthenticationMethod, EncryptionAlgorithm, GroupDescription, HashAlgorithm,
};
use ::isakmp::doi::{IsakmpTransformId, ProtocolId};
use ::isakmp::payload::security_association::SecurityAssociation;
use ::isakmp::payload::transform::Transform;

use super::{Life, Reason, Refused, learn, proposal_number, same, transform_number};
use crate::{Cipher, UnsupportedAlgorithm, algorithm};

/// What one transform of phase 1 offers; nothing where it does not say. Attributes will be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Offer {
    /// Encryption-Algorithm.
    pub encryption_algorithm: Option<EncryptionAlgorithm>,
    /// Key-Length, in bits.
    pub key_length: Option<u16>,
    /// Hash-Algorithm.
    pub hash_algorithm: Option<HashAlgorithm>,
    /// Authentication-Method.
    pub authentication_method: Option<AuthenticationMethod>,
    /// Group-Description.
    pub group_description: Option<GroupDescription>,
    /// Life-Type and Life-Duration.
    pub life: Life,
    /// The first attribute that is not known here, says what one before it does not, or has no value that can be: a PRF, the
    /// parts of a private group.
    pub unknown: Option<u16>,
}

impl Offer {
    /// What this transform offers. An attribute that comes again and says another thing is as good as unknown.
    #[must_use]
    pub fn from_transform(transform: &Transform<'_>) -> Self {
        let mut offer = Self::default();
        let mut life_type = None;
        for attribute in transform.attributes.iter() {
            let number = attribute.value.number();
            let value = number.and_then(|number| u16::try_from(number).ok());
            let known = match AttributeType(attribute.attribute_type) {
                AttributeType::ENCRYPTION_ALGORITHM => {
                    learn(&mut offer.encryption_algorithm, value.map(EncryptionAlgorithm))
                }
                AttributeType::KEY_LENGTH => learn(&mut offer.key_length, value),
                AttributeType::HASH_ALGORITHM => learn(&mut offer.hash_algorithm, value.map(HashAlgorithm)),
                AttributeType::AUTHENTICATION_METHOD => {
                    learn(&mut offer.authentication_method, value.map(AuthenticationMethod))
                }
                AttributeType::GROUP_DESCRIPTION => {
                    learn(&mut offer.group_description, value.map(GroupDescription))
                }
                AttributeType::LIFE_TYPE => number.map(|number| life_type = Some(number)),
                AttributeType::LIFE_DURATION => offer.life.learn(life_type, number),
                _ => None,
            };
            if known.is_none() {
                offer.unknown = offer.unknown.or(Some(attribute.attribute_type));
            }
        }
        offer
    }

    /// The cipher it offers.
    ///
    /// # Errors
    /// When it offers none, or one that is not supported.
    pub fn cipher(&self) -> Result<Cipher, UnsupportedAlgorithm> {
        // default: no cipher has the number 0
        Cipher::negotiated(self.encryption_algorithm.unwrap_or_default(), self.key_length)
    }

    /// The hash function it offers.
    ///
    /// # Errors
    /// When it offers none, or one that is not supported.
    pub fn hash(&self) -> Result<crypto::HashAlgorithm, UnsupportedAlgorithm> {
        // default: no hash function has the number 0
        algorithm::hash_algorithm(self.hash_algorithm.unwrap_or_default())
    }
}

/// What a peer is prepared to negotiate. Exhaustive on purpose: a policy says what it wants of every attribute that is
/// checked, so that a new one is not overlooked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy {
    /// Cipher, with its key length.
    pub cipher: Cipher,
    /// Hash function.
    pub hash_algorithm: HashAlgorithm,
    /// How the peers authenticate each other.
    pub authentication_method: AuthenticationMethod,
    /// Group.
    pub group_description: GroupDescription,
    /// The longest life it takes; nothing for any.
    pub life: Life,
}

impl Policy {
    /// Whether this offer is taken.
    ///
    /// # Errors
    /// When it is not, with the first reason.
    pub fn check(&self, offer: &Offer) -> Result<(), Reason> {
        if let Some(unknown) = offer.unknown {
            return Err(Reason::Attribute(unknown));
        }
        let (encryption_algorithm, key_length) = self.cipher.number();
        same(
            offer.encryption_algorithm,
            Some(encryption_algorithm),
            Reason::EncryptionAlgorithm { offered: offer.encryption_algorithm, wanted: encryption_algorithm },
        )?;
        if offer.cipher() != Ok(self.cipher) {
            return Err(Reason::KeyLength { offered: offer.key_length, wanted: key_length });
        }
        same(
            offer.hash_algorithm,
            Some(self.hash_algorithm),
            Reason::HashAlgorithm { offered: offer.hash_algorithm, wanted: self.hash_algorithm },
        )?;
        same(
            offer.authentication_method,
            Some(self.authentication_method),
            Reason::AuthenticationMethod {
                offered: offer.authentication_method,
                wanted: self.authentication_method,
            },
        )?;
        same(
            offer.group_description,
            Some(self.group_description),
            Reason::GroupDescription {
                offered: offer.group_description,
                wanted: Some(self.group_description),
            },
        )?;
        offer.life.check(&self.life)
    }
}

/// The transform that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Chosen<'a> {
    /// Which of the policies takes it, from 0.
    pub policy: usize,
    /// Proposal #, to be sent back.
    pub proposal_number: u8,
    /// The transform, to be sent back as it is.
    pub transform: Transform<'a>,
    /// What it offers.
    pub offer: Offer,
}

/// The first transform, in the initiator's order, that one of the policies takes, in theirs.
///
/// Each offer and policy that do not go together are told to `refused` on the way: what a log is made of. RFC 2409 section 5
/// allows one proposal in phase 1; further ones are looked at all the same.
pub fn choose<'a>(
    association: &SecurityAssociation<'a>,
    policies: &[Policy],
    refused: &mut impl FnMut(Refused),
) -> Option<Chosen<'a>> {
    for proposal in association.proposals.iter() {
        let proposal_number = proposal_number(&proposal);
        let mut refuse = |transform_number, policy, reason| {
            refused(Refused { proposal_number, transform_number, policy, reason });
        };
        let proposal = match proposal.decoded() {
            Ok(proposal) if proposal.protocol_id == ProtocolId::ISAKMP => proposal,
            Ok(proposal) => {
                refuse(0, 0, Reason::Protocol(proposal.protocol_id));
                continue;
            }
            Err(error) => {
                refuse(0, 0, error.into());
                continue;
            }
        };
        for transform in proposal.transforms.iter() {
            let transform_number = transform_number(&transform);
            let transform = match transform.decoded() {
                Ok(transform) if transform.transform_id == IsakmpTransformId::KEY_IKE.0 => transform,
                Ok(transform) => {
                    let (offered, wanted) = (transform.transform_id, IsakmpTransformId::KEY_IKE.0);
                    refuse(transform_number, 0, Reason::Transform { offered, wanted });
                    continue;
                }
                Err(error) => {
                    refuse(transform_number, 0, error.into());
                    continue;
                }
            };
            let offer = Offer::from_transform(&transform);
            for (index, policy) in policies.iter().enumerate() {
                match policy.check(&offer) {
                    Ok(()) => return Some(Chosen { policy: index, proposal_number, transform, offer }),
                    Err(reason) => refuse(transform_number, index, reason),
                }
            }
        }
    }
    None
}
