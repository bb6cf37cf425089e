//! The messages of phase 1 and how the transcript takes them.

use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{ExchangeType, Header, PayloadType, Payloads, Role};

use super::Phase1;
use crate::Cookies;
use crate::proposal::isakmp::Offer;
use crate::transcript::refusal::{check_length, check_single, check_whole};
use crate::transcript::{Refusal, body};

/// The payloads that are kept of each side, and whether keys come from them.
const SAID: [(PayloadType, bool); 4] = [
    (PayloadType::KEY_EXCHANGE, true),
    (PayloadType::NONCE, true),
    (PayloadType::IDENTIFICATION, false),
    (PayloadType::HASH, false),
];

/// The payloads that a message of phase 1 has at most once.
const ONCE: [PayloadType; 5] = [
    PayloadType::SECURITY_ASSOCIATION,
    PayloadType::KEY_EXCHANGE,
    PayloadType::NONCE,
    PayloadType::IDENTIFICATION,
    PayloadType::HASH,
];

impl Phase1 {
    /// Takes the first message of phase 1, which the initiator sends.
    ///
    /// # Errors
    /// Returns a [`Refusal`] when the message has no security association, has a payload twice that must be there at
    /// most once, or has a body that is too long.
    pub fn begin(header: &Header, payloads: &Payloads<'_>) -> Result<Self, Refusal> {
        check_whole(payloads)?;
        check_single(payloads, &ONCE)?;
        Self::observe_first(header, payloads)
    }

    /// Takes a later message of phase 1. A side cannot change what it has sent: a message that contradicts an earlier
    /// one of the same side is refused. Use [`answer`](Self::answer) for the responder's cookie.
    ///
    /// # Errors
    /// Returns a [`Refusal`] when the message has a payload twice that must be there at most once, has a body that is
    /// too long, contradicts an earlier message of the same side, or when the responder's security association is not
    /// one transform. The transcript is then unchanged.
    pub fn extend(&mut self, role: Role, payloads: &Payloads<'_>) -> Result<(), Refusal> {
        check_whole(payloads)?;
        check_single(payloads, &ONCE)?;
        let side = self.side(role);
        for (payload_type, _) in SAID {
            if let (Some(before), Some(now)) = (side.said(payload_type), body(payloads, payload_type))
                && before != now
            {
                return Err(Refusal::Contradiction { payload_type });
            }
        }
        if let Some(association) = body(payloads, PayloadType::SECURITY_ASSOCIATION) {
            let payload_type = PayloadType::SECURITY_ASSOCIATION;
            let is_as_before = match role {
                Role::Initiator => self.sa_i == association,
                Role::Responder => {
                    let chosen = only_offer(association)?;
                    self.offer.is_none_or(|offer| offer == chosen)
                }
            };
            if !is_as_before {
                return Err(Refusal::Contradiction { payload_type });
            }
        }
        self.observe(role, payloads)?;
        Ok(())
    }

    /// Takes the first message like [`begin`](Self::begin), for an observer: when a payload comes twice, the first
    /// counts.
    ///
    /// # Errors
    /// Returns a [`Refusal`] when there is no security association, or when a body is too long.
    pub fn observe_first(header: &Header, payloads: &Payloads<'_>) -> Result<Self, Refusal> {
        check_whole(payloads)?;
        let payload_type = PayloadType::SECURITY_ASSOCIATION;
        let sa_i = body(payloads, payload_type).ok_or(Refusal::Missing { payload_type })?;
        let mut phase_1 = Self {
            cookies: Cookies { initiator: header.initiator_cookie, responder: [0; 8] },
            exchange_type: header.exchange_type,
            sa_i: sa_i.to_vec(),
            ..Self::default()
        };
        phase_1.observe(Role::Initiator, payloads)?;
        Ok(phase_1)
    }

    /// Takes a later message like [`extend`](Self::extend), for an observer. It cannot know which of two messages is
    /// the true one, so the latest counts. Returns whether the message changes the keys.
    ///
    /// # Errors
    /// Returns a [`Refusal`] when a body is too long. The transcript is then unchanged.
    pub fn observe(&mut self, role: Role, payloads: &Payloads<'_>) -> Result<bool, Refusal> {
        check_whole(payloads)?;
        let mut is_changed = false;
        let side = self.side_mut(role);
        for (payload_type, gives_keys) in SAID {
            let place = match payload_type {
                PayloadType::KEY_EXCHANGE => &mut side.key_exchange,
                PayloadType::NONCE => &mut side.nonce,
                PayloadType::IDENTIFICATION => &mut side.identification,
                _ => &mut side.hash,
            };
            if let Some(said) = body(payloads, payload_type)
                && place != said
            {
                *place = said.to_vec();
                is_changed |= gives_keys;
            }
        }
        if role == Role::Responder
            && let Some(chosen) = body(payloads, PayloadType::SECURITY_ASSOCIATION)
        {
            let offer = first_offer(chosen);
            is_changed |= offer != self.offer;
            self.offer = offer;
        }
        Ok(is_changed)
    }

    /// Takes only the identity of a message, for an observer whose keys have decrypted a message of phase 1.
    ///
    /// # Errors
    /// Returns a [`Refusal`] when the identity is too long. The transcript is then unchanged.
    pub fn observe_identification(&mut self, role: Role, payloads: &Payloads<'_>) -> Result<(), Refusal> {
        let payload_type = PayloadType::IDENTIFICATION;
        if let Some(identification) = body(payloads, payload_type) {
            // Other payloads of the message may be longer.
            check_length(payload_type, identification.len())?;
            self.side_mut(role).identification = identification.to_vec();
        }
        Ok(())
    }

    /// Returns the same transcript with the cookie of a responder that has answered. Any number of responders may
    /// answer a first message, and each answer begins an SA of its own.
    #[must_use]
    pub fn answer(&self, responder_cookie: [u8; 8]) -> Self {
        Self { cookies: Cookies { responder: responder_cookie, ..self.cookies }, ..self.clone() }
    }

    /// Tells, for an observer, whether a message repeats what the same side sent before, as far as a HASH covers it
    /// or keys come from it.
    #[must_use]
    pub fn says_again(&self, role: Role, payloads: &Payloads<'_>) -> bool {
        let side = self.side(role);
        let mut types =
            [PayloadType::KEY_EXCHANGE, PayloadType::NONCE, PayloadType::IDENTIFICATION].into_iter();
        types.all(|payload_type| match body(payloads, payload_type) {
            None => true,
            Some([]) => side.said(payload_type).is_none(),
            Some(said) => side.said(payload_type) == Some(said),
        })
    }

    /// Guesses, for an observer, who sent a message that has a responder's cookie, when neither addresses nor ports
    /// tell. A message with an association is the responder's. Without an association, it is the initiator's in
    /// aggressive mode. In main mode, the initiator sends its public value first.
    #[must_use]
    pub fn likely_sender(&self, payloads: &Payloads<'_>) -> Role {
        let known = self.initiator.said(PayloadType::KEY_EXCHANGE);
        let is_responder = body(payloads, PayloadType::SECURITY_ASSOCIATION).is_some()
            || self.exchange_type != ExchangeType::AGGRESSIVE
                && body(payloads, PayloadType::KEY_EXCHANGE)
                    .is_some_and(|said| known.is_some_and(|known| known != said));
        if is_responder { Role::Responder } else { Role::Initiator }
    }
}

/// Returns the attributes of the first transform of the first proposal.
fn first_offer(association: &[u8]) -> Option<Offer> {
    let association = SecurityAssociation::parse_body(association).ok()?;
    let proposal = association.proposals.iter().next()?.decoded().ok()?;
    let transform = proposal.transforms.iter().next()?.decoded().ok()?;
    Some(Offer::from_transform(&transform))
}

/// Returns the attributes of the only transform of the only proposal.
fn only_offer(association: &[u8]) -> Result<Offer, Refusal> {
    let association = SecurityAssociation::parse_body(association)?;
    let mut proposals = association.proposals.iter();
    let (Some(proposal), None) = (proposals.next(), proposals.next()) else {
        return Err(Refusal::Choice);
    };
    let mut transforms = proposal.decoded()?.transforms.iter();
    let (Some(transform), None) = (transforms.next(), transforms.next()) else {
        return Err(Refusal::Choice);
    };
    Ok(Offer::from_transform(&transform.decoded()?))
}
