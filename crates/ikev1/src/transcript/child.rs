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
    /// The protocol: ESP or AH, or another one that was negotiated.
    pub protocol_id: ProtocolId,
    /// The SPI, which the destination has chosen.
    pub spi: u32,
    /// The peer that receives the packets of the SA: the initiator of the quick mode, or its responder.
    pub destination: Role,
    /// The attributes that were chosen.
    pub offer: Offer,
    keymat: keymat::QuickMode<'a>,
}

impl Child<'_> {
    /// Returns the lengths of its keys.
    ///
    /// # Errors
    /// Returns an [`UnsupportedAlgorithm`] when this crate does not know the transform, or when the protocol has no
    /// keys.
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

    /// Computes its keys.
    ///
    /// # Errors
    /// Returns the same errors as [`key_lengths`](Self::key_lengths).
    pub fn keymat(&self, skeyid_d: &Skeyid) -> Result<Keymat, UnsupportedAlgorithm> {
        let lengths = self.key_lengths()?;
        Ok(self.keymat.keymat(skeyid_d, self.protocol_id, &self.spi.to_be_bytes(), lengths))
    }
}

impl QuickMode {
    /// Lists the SAs that the quick mode makes. For each protocol of the responder's choice, the SA toward the
    /// initiator comes first, then the SA toward the responder. An endpoint collects them into one `Result`, because
    /// one SA that cannot be made ends the quick mode. An observer skips SAs that cannot be made.
    ///
    /// `shared_secret` is the secret of the quick mode's own key exchange, if it had one.
    ///
    /// # Errors
    /// Returns [`ChildrenError::Incomplete`] when the responder has not answered, when a nonce is missing, or when
    /// only one side has sent a key exchange. Returns another [`ChildrenError`] when there was a key exchange and its
    /// secret is not given, or the other way round.
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

/// An iterator over the SAs that a quick mode makes. [`QuickMode::children`] returns it.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    keymat: keymat::QuickMode<'a>,
    initiator: &'a Said,
    chosen: &'a [Proposed],
    // The SA toward the responder, when the one toward the initiator was already returned.
    left: Option<Result<Child<'a>, ChildError>>,
}

impl<'a> Children<'a> {
    /// Makes the SA toward one side.
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

/// Returns the SPI that the initiator has chosen for the protocol of a proposal. The responder returns the number of
/// the proposal, but some peers number from 0 and some from 1.
fn spi_of(said: &Said, chosen: &Proposed) -> Option<u32> {
    let mut of_protocol = said.proposals.iter().filter(|own| own.protocol_id == chosen.protocol_id);
    let own = of_protocol
        .clone()
        .find(|own| own.proposal_number == chosen.proposal_number)
        .or_else(|| of_protocol.next())?;
    own.spi
}

/// The reason why the SAs of a quick mode cannot be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ChildrenError {
    /// A value that the keys come from was not sent yet.
    #[error(transparent)]
    Incomplete(#[from] IncompleteExchange),
    /// The quick mode has a key exchange, and its shared secret is not given.
    #[error("the quick mode has a key exchange of its own, but its shared secret is not given")]
    NoSharedSecret,
    /// A shared secret is given, but the quick mode has no key exchange.
    #[error("a shared secret is given, but the quick mode has no key exchange")]
    NoKeyExchange,
}

/// The reason why one SA cannot be made.
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
    /// The destination has sent no SPI of four octets for the proposal.
    #[error("the {} has sent no SPI of four octets for proposal {proposal_number}", match .destination {
        Role::Initiator => "initiator",
        Role::Responder => "responder",
    })]
    NoSpi {
        /// The number of the proposal.
        proposal_number: u8,
        /// The side that should have sent the SPI.
        destination: Role,
    },
}

#[cfg(test)]
mod tests;
