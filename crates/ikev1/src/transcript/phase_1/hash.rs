//! `HASH_I` and `HASH_R` over the values of the transcript, RFC 2409 section 5.

use crypto::NotAuthentic;
use crypto::Output;
use isakmp::{ExchangeType, PayloadType, Role};

use super::Phase1;
use crate::transcript::IncompleteExchange;
use crate::{AggressiveMode, Authentication, Skeyid};

impl Phase1 {
    /// Computes `HASH_I` or `HASH_R`, by the role of the sender, over the body of the sender's identification.
    ///
    /// # Errors
    /// Returns [`Phase1HashError::Incomplete`] when a value that it covers was not sent yet, and
    /// [`Phase1HashError::EncryptedIdentities`] when identities and nonces are encrypted with public keys.
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

    /// Checks the `HASH_I` or `HASH_R` that a message carries: the argument `hash` must be what the function
    /// [`hash`](Self::hash) computes. The time does not depend on where the two differ.
    ///
    /// # Errors
    /// Returns [`Phase1HashError::NotAuthentic`] when they differ, and the errors of [`hash`](Self::hash) when the HASH
    /// cannot be computed.
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

    /// Returns this exchange as an aggressive mode with a pre-shared key, so that keys can be tested;
    /// [`AggressiveMode`] explains why. `None` when it is another exchange, or when this crate does not know its hash
    /// function.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] inside the option when a value was not sent yet. A test with fewer values would
    /// call the right key wrong.
    #[must_use]
    pub fn aggressive_mode(&self) -> Option<Result<AggressiveMode<'_>, IncompleteExchange>> {
        if self.exchange_type != ExchangeType::AGGRESSIVE || !self.has_pre_shared_key() {
            return None;
        }
        let Some(offer) = &self.offer else {
            let payload_type = PayloadType::SECURITY_ASSOCIATION;
            return Some(Err(IncompleteExchange::new(payload_type, Role::Responder)));
        };
        // The error names the first missing value, in the order in which the values are sent.
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

/// The reason why `HASH_I` or `HASH_R` does not authenticate: it is wrong, or it cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Phase1HashError {
    /// A value that the HASH covers was not sent yet.
    #[error(transparent)]
    Incomplete(#[from] IncompleteExchange),
    /// Identities and nonces are encrypted with public keys (RFC 2409 section 5.2), and the HASH covers their
    /// plaintext.
    #[error("the HASH cannot be checked, because it covers identities that are encrypted with public keys")]
    EncryptedIdentities,
    /// The HASH differs. The error does not say where, on purpose.
    #[error("the HASH is not the HASH of this exchange")]
    NotAuthentic,
}

impl From<NotAuthentic> for Phase1HashError {
    fn from(_: NotAuthentic) -> Self {
        Self::NotAuthentic
    }
}
