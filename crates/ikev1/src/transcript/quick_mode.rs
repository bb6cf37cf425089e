//! The transcript of a quick mode, RFC 2409 section 5.5.

mod said;

use core::fmt;

use isakmp::{PayloadType, Payloads, Role};

use super::refusal::{check_single, check_whole};
use super::{IncompleteExchange, Refusal};
use crate::{Covered, Nonces};
pub(super) use said::{Proposed, Said};

/// The values that both sides sent in one quick mode, as far as its HASHes cover them or keys come from them.
///
/// An endpoint calls [`extend`](Self::extend) for its own messages and its peer's. An observer calls
/// [`observe`](Self::observe). All values were encrypted, so `Debug` shows only their lengths.
#[derive(Clone, Default)]
pub struct QuickMode {
    pub(super) initiator: Option<Said>,
    pub(super) responder: Option<Said>,
}

impl QuickMode {
    /// Makes an empty transcript.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the first message, which the initiator of the quick mode sends, or the second message, which the
    /// responder sends. It must be decrypted, and its HASH must be right.
    ///
    /// Each side's message is taken once. A retransmission has the same octets as the message before it, so recognize it
    /// by those before you open it, and send your last message again: it is refused here with
    /// [`Refusal::Contradiction`], although it is identical.
    ///
    /// # Errors
    /// Returns a [`Refusal`] when the message has no security association or no nonce, has one of these or a key
    /// exchange twice, has an odd number of identities, or has a body that is too long, and when the same side has
    /// sent a message before, be it the same one. The transcript is then unchanged.
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

    /// Takes a message like [`extend`](Self::extend), for an observer: the latest message of a side counts, and
    /// payloads may be missing.
    ///
    /// # Errors
    /// Returns a [`Refusal`] when a body is too long. The transcript is then unchanged.
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

    /// Returns both nonces.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] when one side has not sent its nonce.
    pub fn nonces(&self) -> Result<Nonces<'_>, IncompleteExchange> {
        Ok(Nonces { initiator: self.nonce(Role::Initiator)?, responder: self.nonce(Role::Responder)? })
    }

    /// Returns the body of a side's key exchange. `None` when the side sent none, so there is no perfect forward
    /// secrecy.
    #[must_use]
    pub fn key_exchange(&self, role: Role) -> Option<&[u8]> {
        Some(self.said(role)?.key_exchange.as_slice()).filter(|public_value| !public_value.is_empty())
    }

    /// Returns the bodies of `IDci` and `IDcr` as a side has sent them. `None` when it sent none.
    #[must_use]
    pub fn identities(&self, role: Role) -> Option<(&[u8], &[u8])> {
        self.said(role)?.identities.as_ref().map(|(ci, cr)| (ci.as_slice(), cr.as_slice()))
    }

    /// Returns the HASH of a message by its position in the exchange, counted from 0: HASH(1), HASH(2) and HASH(3). A
    /// message after the third, which the commit bit asks for, is a notification with a HASH(1) of its own.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] when a value that the HASH covers was not sent yet.
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

    /// Returns how many octets of memory the messages take, besides the transcript itself.
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
