//! The SAs of ESP and AH that a quick mode makes, RFC 2409 section 5.5.

use crypto::Secret;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};
use isakmp::{PayloadType, Role};

use super::quick_mode::{Proposed, Said};
use super::{IncompleteExchange, QuickMode};
use crate::keymat::{self, KeyLengths, Keymat};
use crate::proposal::ipsec::Offer;
use crate::{Skeyid, UnsupportedAlgorithm};

/// One SA of ESP or AH, in one direction.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Child<'a> {
    /// ESP or AH, or another protocol that was negotiated.
    pub protocol_id: ProtocolId,
    /// The SPI, which the destination has chosen.
    pub spi: u32,
    /// Which peer the packets of the SA are sent to: the initiator of the quick mode, or its responder.
    pub destination: Role,
    /// What was chosen.
    pub offer: Offer,
    keymat: keymat::QuickMode<'a>,
}

impl Child<'_> {
    /// Octets of its keys.
    ///
    /// # Errors
    /// When the transform is not known here, or the protocol has no keys.
    pub const fn key_lengths(&self) -> Result<KeyLengths, UnsupportedAlgorithm> {
        let Offer { transform_id, key_length, authentication_algorithm, .. } = self.offer;
        match self.protocol_id {
            ProtocolId::ESP => {
                KeyLengths::esp(EspTransformId(transform_id), key_length, authentication_algorithm)
            }
            ProtocolId::AH => KeyLengths::ah(AhTransformId(transform_id)),
            _ => Err(UnsupportedAlgorithm::Transform { transform_id, authentication_algorithm }),
        }
    }

    /// Its keys.
    ///
    /// # Errors
    /// As [`key_lengths`](Self::key_lengths).
    pub fn keymat(&self, skeyid_d: &Skeyid) -> Result<Keymat, UnsupportedAlgorithm> {
        let lengths = self.key_lengths()?;
        Ok(self.keymat.keymat(skeyid_d, self.protocol_id, &self.spi.to_be_bytes(), lengths))
    }
}

impl QuickMode {
    /// The SAs that the quick mode makes: for each protocol of the responder's choice one toward the initiator, then one
    /// toward the responder. An endpoint collects them into one `Result`: an SA that cannot be made ends the quick mode. An
    /// observer passes over those that cannot be made.
    ///
    /// # Errors
    /// When the responder has not answered, a nonce is missing, only one side has sent a key exchange, or there was a key
    /// exchange and its secret is not given, or the other way round.
    pub fn children<'a>(&'a self, shared_secret: Option<Secret<'a>>) -> Result<Children<'a>, ChildrenError> {
        let nonces = self.nonces()?;
        let (Some(initiator), Some(responder)) = (&self.initiator, &self.responder) else {
            let missing = IncompleteExchange::new(PayloadType::SECURITY_ASSOCIATION, Role::Responder);
            return Err(missing.into());
        };
        let incomplete = |role| IncompleteExchange::new(PayloadType::KEY_EXCHANGE, role);
        match (initiator.has_key_exchange, responder.has_key_exchange, shared_secret) {
            (false, false, None) | (true, true, Some(_)) => {}
            (true, true, None) => return Err(ChildrenError::NoSharedSecret),
            (false, false, Some(_)) => return Err(ChildrenError::NoKeyExchange),
            (true, false, _) => return Err(incomplete(Role::Responder).into()),
            (false, true, _) => return Err(incomplete(Role::Initiator).into()),
        }
        let keymat = keymat::QuickMode { nonces, shared_secret };
        Ok(Children { keymat, initiator, chosen: &responder.proposals, left: None })
    }
}

/// The SAs that a quick mode makes: [`QuickMode::children`].
#[derive(Clone, Debug)]
pub struct Children<'a> {
    keymat: keymat::QuickMode<'a>,
    initiator: &'a Said,
    chosen: &'a [Proposed],
    // The SA toward the responder, after the one toward the initiator was handed out.
    left: Option<Result<Child<'a>, ChildError>>,
}

impl<'a> Children<'a> {
    /// The SA toward one side.
    fn child(&self, chosen: &Proposed, destination: Role) -> Result<Child<'a>, ChildError> {
        let Proposed { proposal_number, protocol_id, .. } = *chosen;
        let offer = chosen.offer.ok_or(ChildError::NoTransform { proposal_number })?;
        let spi = match destination {
            Role::Initiator => spi_of(self.initiator, chosen),
            Role::Responder => chosen.spi,
        };
        let spi = spi.ok_or(ChildError::NoSpi { proposal_number, destination })?;
        Ok(Child { protocol_id, spi, destination, offer, keymat: self.keymat })
    }
}

impl<'a> Iterator for Children<'a> {
    type Item = Result<Child<'a>, ChildError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(left) = self.left.take() {
            return Some(left);
        }
        let (chosen, behind) = self.chosen.split_first()?;
        self.chosen = behind;
        self.left = Some(self.child(chosen, Role::Responder));
        Some(self.child(chosen, Role::Initiator))
    }
}

impl core::iter::FusedIterator for Children<'_> {}

/// The SPI that the initiator has chosen for the protocol of a proposal. The number of the proposal comes back as it was, but
/// for a peer that numbers from 0 and one that numbers from 1.
fn spi_of(said: &Said, chosen: &Proposed) -> Option<u32> {
    let mut of_protocol = said.proposals.iter().filter(|own| own.protocol_id == chosen.protocol_id);
    let own = of_protocol
        .clone()
        .find(|own| own.proposal_number == chosen.proposal_number)
        .or_else(|| of_protocol.next())?;
    own.spi
}

/// The SAs of a quick mode cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ChildrenError {
    /// Not everything was said that their keys come from.
    #[error(transparent)]
    Incomplete(#[from] IncompleteExchange),
    /// There was a key exchange, and the secret that comes from it is not given.
    #[error("the quick mode has a key exchange of its own, and its shared secret is not given")]
    NoSharedSecret,
    /// A shared secret is given, and there was no key exchange that it could come from.
    #[error("a shared secret is given, but the quick mode has no key exchange")]
    NoKeyExchange,
}

/// One SA cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ChildError {
    /// The proposal has no transform that can be decoded.
    #[error("proposal {proposal_number} has no transform that can be decoded")]
    NoTransform {
        /// The number of the proposal.
        proposal_number: u8,
    },
    /// The destination has told no SPI of four octets for the proposal.
    #[error("proposal {proposal_number} has no SPI of four octets of the {}", match .destination {
        Role::Initiator => "initiator",
        Role::Responder => "responder",
    })]
    NoSpi {
        /// The number of the proposal.
        proposal_number: u8,
        /// Whose SPI it is.
        destination: Role,
    },
}

#[cfg(test)]
mod tests;
