//! Phase 1, RFC 2409 appendix A.

use ::isakmp::doi::oakley::{
    AttributeType, AuthenticationMethod, EncryptionAlgorithm, GroupDescription, HashAlgorithm,
};
use ::isakmp::doi::{IsakmpTransformId, ProtocolId};
use ::isakmp::payload::security_association::SecurityAssociation;
use ::isakmp::payload::transform::Transform;

use super::{Life, Reason, Refused, learn, proposal_number, same, transform_number};
use crate::{Cipher, UnsupportedAlgorithm, algorithm};

/// The attributes of one transform of phase 1. An attribute that is absent is `None`. More attributes will be added.
///
/// The types of the attributes are the numbers of [`isakmp::doi::oakley`], as they were sent.
/// [`cipher`](Self::cipher) and [`hash`](Self::hash) return the algorithms of this crate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Offer {
    /// The Encryption-Algorithm.
    pub encryption_algorithm: Option<EncryptionAlgorithm>,
    /// The Key-Length in bits.
    pub key_length: Option<u16>,
    /// The Hash-Algorithm.
    pub hash_algorithm: Option<HashAlgorithm>,
    /// The Authentication-Method.
    pub authentication_method: Option<AuthenticationMethod>,
    /// The Group-Description.
    pub group_description: Option<GroupDescription>,
    /// The Life-Type and Life-Duration.
    pub life: Life,
    /// The type of the first attribute that is not known, contradicts an earlier one, or has an impossible value. A
    /// PRF and the parts of a private group are not known.
    pub unknown: Option<u16>,
}

impl Offer {
    /// Reads the attributes of a transform. An attribute that comes twice with different values counts as unknown.
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

    /// Returns the cipher of the offer.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when the offer does not name a cipher, or names one that is not supported.
    pub fn cipher(&self) -> Result<Cipher, UnsupportedAlgorithm> {
        // default: no cipher has the number 0
        Cipher::negotiated(self.encryption_algorithm.unwrap_or_default(), self.key_length)
    }

    /// Returns the hash function of the offer.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when the offer does not name a hash function, or names one that is not
    /// supported.
    pub fn hash(&self) -> Result<crypto::HashAlgorithm, UnsupportedAlgorithm> {
        // default: no hash function has the number 0
        algorithm::hash_algorithm(self.hash_algorithm.unwrap_or_default())
    }
}

/// The settings that a peer is prepared to negotiate in phase 1. The struct is exhaustive, so that every policy says
/// what it wants of every attribute that is checked.
///
/// The cipher is a [`Cipher`] of this crate, because it includes the length of the key. The three fields after it are
/// numbers of [`isakmp::doi::oakley`]:
///
/// ```
/// use vpnwire_ikev1::Cipher;
/// use vpnwire_ikev1::isakmp::doi::oakley::{AuthenticationMethod, GroupDescription, HashAlgorithm};
/// use vpnwire_ikev1::proposal::Life;
/// use vpnwire_ikev1::proposal::isakmp::Policy;
///
/// let policy = Policy {
///     cipher: Cipher::Aes256,
///     hash_algorithm: HashAlgorithm::SHA2_256,
///     authentication_method: AuthenticationMethod::PRE_SHARED_KEY,
///     group_description: GroupDescription::MODP_2048,
///     life: Life { seconds: Some(86_400), kilobytes: None },
/// };
/// assert_eq!(vpnwire_ikev1::hash_algorithm(policy.hash_algorithm), Ok(vpnwire_ikev1::HashAlgorithm::Sha256));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy {
    /// The cipher, with its key length.
    pub cipher: Cipher,
    /// The number of the hash function. It is not this crate's [`HashAlgorithm`](crate::HashAlgorithm);
    /// [`hash_algorithm`](crate::hash_algorithm) converts it.
    pub hash_algorithm: HashAlgorithm,
    /// The number of the authentication method.
    pub authentication_method: AuthenticationMethod,
    /// The number of the Diffie-Hellman group.
    pub group_description: GroupDescription,
    /// The longest lifetime that is accepted. `None` in a field accepts any.
    pub life: Life,
}

impl Policy {
    /// Checks that the policy accepts this offer.
    ///
    /// # Errors
    /// Returns the first [`Reason`] why it does not.
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

/// The transform that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Chosen<'a> {
    /// The position in the caller's list of the policy that accepted it, counted from 0.
    pub policy: usize,
    /// The proposal number, which is sent back.
    pub proposal_number: u8,
    /// The transform, which is sent back as it is.
    pub transform: Transform<'a>,
    /// The attributes of the transform.
    pub offer: Offer,
}

/// Chooses the first transform, in the initiator's order, that one of the policies accepts, in the caller's order.
/// `None` when no transform is accepted.
///
/// `refused` is called for each pair of an offer and a policy that does not accept it; use it for a log. RFC 2409
/// section 5 allows one proposal in phase 1, but further ones are checked too.
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
