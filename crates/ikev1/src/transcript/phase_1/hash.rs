//! `HASH_I` and `HASH_R` over what was said, RFC 2409 section 5.

use crypto::NotAuthentic;
use crypto::Output;
use isakmp::{ExchangeType, PayloadType, Role};

use super::Phase1;
use crate::transcript::IncompleteExchange;
use crate::{AggressiveMode, Authentication, Skeyid};

impl Phase1 {
    /// `HASH_I` or `HASH_R`, by whoever sends it, over the body of the sender's identification.
    ///
    /// # Errors
    /// When not all was said that it covers, or identities and nonces are encrypted with public keys.
    pub fn hash(
        &self,
        skeyid: &Skeyid,
        sender: Role,
        identification: &[u8],
    ) -> Result<Output, Phase1HashError> {
        let authentication = self.covered(sender, identification)?;
        Ok(match sender {
            Role::Initiator => authentication.hash_i(skeyid, identification),
            Role::Responder => authentication.hash_r(skeyid, identification),
        })
    }

    /// Whether `hash` is [`hash`](Self::hash), in a time that does not tell where it differs.
    ///
    /// # Errors
    /// When it is not, and when it cannot be computed.
    pub fn verify_hash(
        &self,
        skeyid: &Skeyid,
        sender: Role,
        identification: &[u8],
        hash: &[u8],
    ) -> Result<(), Phase1HashError> {
        let authentication = self.covered(sender, identification)?;
        match sender {
            Role::Initiator => authentication.verify_hash_i(skeyid, identification, hash),
            Role::Responder => authentication.verify_hash_r(skeyid, identification, hash),
        }?;
        Ok(())
    }

    fn covered(&self, sender: Role, identification: &[u8]) -> Result<Authentication<'_>, Phase1HashError> {
        if self.has_encrypted_identities() {
            return Err(Phase1HashError::EncryptedIdentities);
        }
        if identification.is_empty() {
            return Err(IncompleteExchange::new(PayloadType::IDENTIFICATION, sender).into());
        }
        Ok(self.authentication()?)
    }

    /// The aggressive mode with a pre-shared key that this is, whose key can be tried for: [`AggressiveMode`] says why.
    /// Nothing where it is another exchange, or has a hash function that is not known here.
    ///
    /// # Errors
    /// When not all of it was said, inside the option: a key that was tried on less would be told wrong though it is right.
    #[must_use]
    pub fn aggressive_mode(&self) -> Option<Result<AggressiveMode<'_>, IncompleteExchange>> {
        if self.exchange_type != ExchangeType::AGGRESSIVE || !self.has_pre_shared_key() {
            return None;
        }
        let Some(offer) = &self.offer else {
            let payload_type = PayloadType::SECURITY_ASSOCIATION;
            return Some(Err(IncompleteExchange::new(payload_type, Role::Responder)));
        };
        // What is missing is told in the order in which it is said.
        for role in [Role::Initiator, Role::Responder] {
            for payload_type in [PayloadType::KEY_EXCHANGE, PayloadType::NONCE] {
                if let Err(incomplete) = self.said(role, payload_type) {
                    return Some(Err(incomplete));
                }
            }
        }
        let hash_algorithm = offer.hash();
        let exchange = || {
            let id_ir = self.said(Role::Responder, PayloadType::IDENTIFICATION)?;
            let hash_r = self.said(Role::Responder, PayloadType::HASH)?;
            Ok((self.nonces()?, self.authentication()?, id_ir, hash_r))
        };
        let (nonces, authentication, id_ir, hash_r) = match exchange() {
            Ok(said) => said,
            Err(incomplete) => return Some(Err(incomplete)),
        };
        let hash_algorithm = hash_algorithm.ok()?;
        Some(Ok(AggressiveMode { hash_algorithm, nonces, authentication, id_ir, hash_r }))
    }
}

/// `HASH_I` or `HASH_R` is wrong, or cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Phase1HashError {
    /// Not everything was said that it covers.
    #[error(transparent)]
    Incomplete(#[from] IncompleteExchange),
    /// Identities and nonces are encrypted with public keys (RFC 2409 section 5.2), and the HASH covers what they hide.
    #[error("the HASH covers identities that are encrypted with public keys")]
    EncryptedIdentities,
    /// The HASH differs. Where it differs is not told, on purpose.
    #[error("the HASH is not that of the exchange")]
    NotAuthentic,
}

impl From<NotAuthentic> for Phase1HashError {
    fn from(_: NotAuthentic) -> Self {
        Self::NotAuthentic
    }
}
