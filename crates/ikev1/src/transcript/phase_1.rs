//! What phase 1 says: main mode and aggressive mode, RFC 2409 sections 5.1 to 5.4.

mod hash;
mod messages;

use alloc::vec::Vec;

use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{ExchangeType, PayloadType, Role};

pub use hash::Phase1HashError;

use super::{IncompleteExchange, Side};
use crate::proposal::isakmp::Offer;
use crate::{Authentication, AuthenticationKind, Cookies, Iv, Nonces};

/// What both sides have said in phase 1, as far as keys come from it or a HASH covers it.
///
/// An endpoint uses [`begin`](Self::begin) for the first message and [`extend`](Self::extend) for every later one, its own
/// messages and its peer's, before they are encrypted and after they are decrypted. An observer uses
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
    /// Both cookies; the responder's is zero until it has answered.
    #[must_use]
    pub const fn cookies(&self) -> Cookies {
        self.cookies
    }

    /// Main mode or aggressive mode.
    #[must_use]
    pub const fn exchange_type(&self) -> ExchangeType {
        self.exchange_type
    }

    /// What the responder has chosen: the first transform of its first proposal. Nothing until it has answered.
    #[must_use]
    pub const fn offer(&self) -> Option<Offer> {
        self.offer
    }

    /// What one side has said.
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

    /// The body that one side has said.
    fn said(&self, role: Role, payload_type: PayloadType) -> Result<&[u8], IncompleteExchange> {
        self.side(role).said(payload_type).ok_or(IncompleteExchange::new(payload_type, role))
    }

    /// Both nonces: SKEYID comes from them.
    ///
    /// # Errors
    /// When one side has not said its own.
    pub fn nonces(&self) -> Result<Nonces<'_>, IncompleteExchange> {
        Ok(Nonces {
            initiator: self.said(Role::Initiator, PayloadType::NONCE)?,
            responder: self.said(Role::Responder, PayloadType::NONCE)?,
        })
    }

    /// Everything but the identities that `HASH_I` and `HASH_R` cover; the vectors of phase 1 begin with it too.
    ///
    /// # Errors
    /// When not all of it was said.
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

    /// The vector of the first encrypted message of phase 1; nothing until both public values were said and a cipher and hash
    /// function were chosen that are known here.
    #[must_use]
    pub fn first_iv(&self) -> Option<Iv> {
        let offer = self.offer.as_ref()?;
        let (hash, cipher) = (offer.hash().ok()?, offer.cipher().ok()?);
        let g_xi = self.initiator.said(PayloadType::KEY_EXCHANGE)?;
        let g_xr = self.responder.said(PayloadType::KEY_EXCHANGE)?;
        Some(Iv::phase_1(hash, cipher, g_xi, g_xr))
    }

    /// Whether identities and nonces are encrypted with public keys (RFC 2409 section 5.2): a HASH covers what no observer
    /// sees.
    #[must_use]
    pub fn has_encrypted_identities(&self) -> bool {
        let method = self.offer.as_ref().and_then(|offer| offer.authentication_method);
        method.is_some_and(|method| AuthenticationKind::of(method) == AuthenticationKind::PublicKeyEncryption)
    }

    /// Whether a pre-shared key authenticates: by the responder's choice, and before there is one by any of the offers.
    #[must_use]
    pub fn has_pre_shared_key(&self) -> bool {
        let is_one = |offer: &Offer| {
            // default: an offer that names no method has the number 0, which no method has
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

    /// Octets that the transcript takes in memory, with all that it owns.
    #[must_use]
    pub const fn octet_count(&self) -> usize {
        let sides = self.initiator.octet_count().saturating_add(self.responder.octet_count());
        self.sa_i.len().saturating_add(sides).saturating_add(size_of::<Self>())
    }
}

#[cfg(test)]
mod tests;
