//! What the messages of a quick mode need of those before them, RFC 2409 section 5.5.

mod said;

use core::fmt;

use isakmp::{PayloadType, Payloads, Role};

use super::refusal::{check_single, check_whole};
use super::{IncompleteExchange, Refusal};
use crate::{Covered, Nonces};
pub(super) use said::{Proposed, Said};

/// What both sides have said in one quick mode, as far as its HASHes cover it or keys come from it.
///
/// An endpoint takes its own messages and its peer's in with [`extend`](Self::extend); an observer uses
/// [`observe`](Self::observe). All of it was encrypted: `Debug` shows how much there is, and none of it.
#[derive(Clone, Default)]
pub struct QuickMode {
    pub(super) initiator: Option<Said>,
    pub(super) responder: Option<Said>,
}

impl QuickMode {
    /// A quick mode of which nothing was said.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the first message, which the initiator of the quick mode sends, or the second one, which is the responder's:
    /// decrypted, and with a HASH that is right.
    ///
    /// # Errors
    /// When it has no security association or no nonce, one of these or a key exchange twice, an odd number of identities,
    /// or a body that is too long; and when the same side has said something before. Nothing of it is taken in then.
    pub fn extend(&mut self, role: Role, payloads: &Payloads<'_>) -> Result<(), Refusal> {
        check_whole(payloads)?;
        check_single(
            payloads,
            &[PayloadType::SECURITY_ASSOCIATION, PayloadType::NONCE, PayloadType::KEY_EXCHANGE],
        )?;
        for payload_type in [PayloadType::SECURITY_ASSOCIATION, PayloadType::NONCE] {
            if super::body(payloads, payload_type).is_none_or(<[u8]>::is_empty) {
                return Err(Refusal::Missing { payload_type });
            }
        }
        let identification = PayloadType::IDENTIFICATION;
        let mut identities =
            payloads.elements().filter(|element| element.header.payload_type == identification);
        match (identities.next(), identities.next(), identities.next()) {
            (None, ..) | (Some(_), Some(_), None) => {}
            (Some(_), None, _) => return Err(Refusal::Missing { payload_type: identification }),
            _ => return Err(Refusal::Repeated { payload_type: identification }),
        }
        if self.said(role).is_some() {
            return Err(Refusal::Contradiction { payload_type: PayloadType::NONCE });
        }
        self.observe(role, payloads)
    }

    /// As [`extend`](Self::extend), for an observer: the latest message of a side counts, and payloads may be missing.
    ///
    /// # Errors
    /// When a body is too long. Nothing of the message is taken in then.
    pub fn observe(&mut self, role: Role, payloads: &Payloads<'_>) -> Result<(), Refusal> {
        let said = Said::of(role, payloads)?;
        *match role {
            Role::Initiator => &mut self.initiator,
            Role::Responder => &mut self.responder,
        } = Some(said);
        Ok(())
    }

    const fn said(&self, role: Role) -> Option<&Said> {
        match role {
            Role::Initiator => self.initiator.as_ref(),
            Role::Responder => self.responder.as_ref(),
        }
    }

    fn nonce(&self, role: Role) -> Result<&[u8], IncompleteExchange> {
        let said = self.said(role).map(|said| said.nonce.as_slice()).filter(|nonce| !nonce.is_empty());
        said.ok_or(IncompleteExchange::new(PayloadType::NONCE, role))
    }

    /// Both nonces.
    ///
    /// # Errors
    /// When one side has not said its own.
    pub fn nonces(&self) -> Result<Nonces<'_>, IncompleteExchange> {
        Ok(Nonces { initiator: self.nonce(Role::Initiator)?, responder: self.nonce(Role::Responder)? })
    }

    /// The body of a side's key exchange, where there is one: perfect forward secrecy.
    #[must_use]
    pub fn key_exchange(&self, role: Role) -> Option<&[u8]> {
        Some(self.said(role)?.key_exchange.as_slice()).filter(|public_value| !public_value.is_empty())
    }

    /// The bodies of `IDci` and `IDcr` as a side has said them, where it has.
    #[must_use]
    pub fn identities(&self, role: Role) -> Option<(&[u8], &[u8])> {
        self.said(role)?.identities.as_ref().map(|(ci, cr)| (ci.as_slice(), cr.as_slice()))
    }

    /// The HASH that a message of the exchange has, told by its place in the exchange, from 0: HASH(1), HASH(2) and HASH(3).
    /// What follows the third, which the commit bit asks for, is a notification with a HASH(1) of its own.
    ///
    /// # Errors
    /// When what it covers was not said.
    pub fn covered(&self, position: usize) -> Result<Covered<'_>, IncompleteExchange> {
        if position == 0 {
            return Ok(Covered::Payloads);
        }
        let initiator = self.nonce(Role::Initiator)?;
        Ok(match position {
            1 => Covered::InitiatorNonce(initiator),
            2 => Covered::Nonces(self.nonces()?),
            _ => Covered::Payloads,
        })
    }

    /// Octets that the messages take in memory, beside the transcript itself.
    #[must_use]
    pub fn octet_count(&self) -> usize {
        let octets = |said: &Option<Said>| said.as_ref().map_or(0, Said::octet_count);
        octets(&self.initiator).saturating_add(octets(&self.responder))
    }
}

impl fmt::Debug for QuickMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "QuickMode({:?}, {:?})", self.initiator, self.responder)
    }
}

#[cfg(test)]
mod tests;
