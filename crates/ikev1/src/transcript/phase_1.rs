//! The transcript of phase 1: main mode and aggressive mode, RFC 2409 sections 5.1 to 5.4.

mod hash;
mod messages;

use alloc::vec::Vec;

use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{ExchangeType, PayloadType, Role};

pub use hash::Phase1HashError;

use super::{IncompleteExchange, Side};
use crate::proposal::isakmp::Offer;
use crate::{Authentication, AuthenticationKind, Cookies, Iv, Nonces};

/// The values that both sides sent in phase 1, as far as keys come from them or a HASH covers them.
///
/// An endpoint calls [`begin`](Self::begin) for the first message and [`extend`](Self::extend) for every later one,
/// its own messages and its peer's, before they are encrypted and after they are decrypted. An observer calls
/// [`observe_first`](Self::observe_first) and [`observe`](Self::observe) instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phase1 {
    cookies: Cookies,
    exchange_type: ExchangeType,
    sa_i: Vec<u8>,
    offer: Option<Offer>,
    initiator: Side,
    responder: Side,
}

impl Phase1 {
    /// Returns both cookies. The responder's cookie is zero until it has answered.
    #[must_use]
    pub const fn cookies(&self) -> Cookies {
        self.cookies
    }

    /// Returns the exchange type: main mode or aggressive mode.
    #[must_use]
    pub const fn exchange_type(&self) -> ExchangeType {
        self.exchange_type
    }

    /// Returns the responder's choice, which is the first transform of its first proposal. `None` until it has
    /// answered.
    #[must_use]
    pub const fn offer(&self) -> Option<Offer> {
        self.offer
    }

    /// Returns what one side has sent.
    #[must_use]
    pub const fn side(&self, role: Role) -> &Side {
        match role {
            Role::Initiator => &self.initiator,
            Role::Responder => &self.responder,
        }
    }

    const fn side_mut(&mut self, role: Role) -> &mut Side {
        match role {
            Role::Initiator => &mut self.initiator,
            Role::Responder => &mut self.responder,
        }
    }

    /// Returns the body that one side has sent.
    fn said(&self, role: Role, payload_type: PayloadType) -> Result<&[u8], IncompleteExchange> {
        self.side(role).said(payload_type).ok_or(IncompleteExchange::new(payload_type, role))
    }

    /// Returns both nonces, from which SKEYID comes.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] when one side has not sent its nonce.
    pub fn nonces(&self) -> Result<Nonces<'_>, IncompleteExchange> {
        Ok(Nonces {
            initiator: self.said(Role::Initiator, PayloadType::NONCE)?,
            responder: self.said(Role::Responder, PayloadType::NONCE)?,
        })
    }

    /// Returns everything that `HASH_I` and `HASH_R` cover, except the identities. The vectors of phase 1 begin with
    /// it too.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] when a value was not sent yet.
    pub fn authentication(&self) -> Result<Authentication<'_>, IncompleteExchange> {
        let sa_i = match self.sa_i.as_slice() {
            [] => {
                let payload_type = PayloadType::SECURITY_ASSOCIATION;
                return Err(IncompleteExchange::new(payload_type, Role::Initiator));
            }
            sa_i => sa_i,
        };
        Ok(Authentication {
            g_xi: self.said(Role::Initiator, PayloadType::KEY_EXCHANGE)?,
            g_xr: self.said(Role::Responder, PayloadType::KEY_EXCHANGE)?,
            cookies: self.cookies,
            sa_i,
        })
    }

    /// Returns the vector of the first encrypted message of phase 1. `None` until both public values were sent and
    /// the responder has chosen a cipher and a hash function that this crate knows.
    #[must_use]
    pub fn first_iv(&self) -> Option<Iv> {
        let offer = self.offer.as_ref()?;
        let (hash, cipher) = (offer.hash().ok()?, offer.cipher().ok()?);
        let g_xi = self.initiator.said(PayloadType::KEY_EXCHANGE)?;
        let g_xr = self.responder.said(PayloadType::KEY_EXCHANGE)?;
        Some(Iv::phase_1(hash, cipher, g_xi, g_xr))
    }

    /// Tells whether identities and nonces are encrypted with public keys (RFC 2409 section 5.2). A HASH then covers
    /// values that no observer sees.
    #[must_use]
    pub fn has_encrypted_identities(&self) -> bool {
        let method = self.offer.as_ref().and_then(|offer| offer.authentication_method);
        method.is_some_and(|method| AuthenticationKind::of(method) == AuthenticationKind::PublicKeyEncryption)
    }

    /// Tells whether a pre-shared key authenticates. Before the responder has chosen, any of the offers is enough.
    #[must_use]
    pub fn has_pre_shared_key(&self) -> bool {
        let is_one = |offer: &Offer| {
            // default: an offer that names no method counts as number 0, which no method has
            let method = offer.authentication_method.unwrap_or_default();
            AuthenticationKind::of(method) == AuthenticationKind::PreSharedKey
        };
        match &self.offer {
            Some(offer) => is_one(offer),
            None => SecurityAssociation::parse_body(&self.sa_i).is_ok_and(|offered| {
                let proposals = offered.proposals.iter().filter_map(|proposal| proposal.decoded().ok());
                proposals
                    .flat_map(|proposal| proposal.transforms.iter())
                    .filter_map(|transform| transform.decoded().ok())
                    .any(|transform| is_one(&Offer::from_transform(&transform)))
            }),
        }
    }

    /// Returns how many octets of memory the transcript takes, with everything that it owns.
    #[must_use]
    pub const fn octet_count(&self) -> usize {
        let sides = self.initiator.octet_count().saturating_add(self.responder.octet_count());
        self.sa_i.len().saturating_add(sides).saturating_add(size_of::<Self>())
    }
}

#[cfg(test)]
mod tests;
